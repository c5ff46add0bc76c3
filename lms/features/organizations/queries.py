"""Which organization, which plugins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role, SignedIn
from lms.features.organizations.models import EnabledPlugin, Organization
from lms.host.db import session
from lms.host.errors import NotFound


def organization_for(who: SignedIn, slug: str, *roles: Role) -> Organization:
    """The organization, if `who` holds one of `roles` in all of it. Raises NotFound."""
    organization = session.scalar(select(Organization).where(Organization.slug == slug))
    if organization is None or organization.id not in who.organizations(*roles):
        raise NotFound
    return organization


def organization_by_id(id: int | None) -> Organization | None:
    return session.get(Organization, id) if id is not None else None


def enabled_plugins(organization_id: int) -> dict[str, dict[str, Any]]:
    """Names of the plugins in use, each with its settings."""
    return enabled_in((organization_id,))[organization_id]


def enabled_in(organizations: Iterable[int]) -> dict[int, dict[str, dict[str, Any]]]:
    """Organization to the plugins in use there, each with its settings. One query however many there are."""
    found: dict[int, dict[str, dict[str, Any]]] = {id: {} for id in organizations}
    rows = session.execute(
        select(EnabledPlugin.organization_id, EnabledPlugin.plugin, EnabledPlugin.settings).where(
            EnabledPlugin.organization_id.in_(found), EnabledPlugin.turned_off_at.is_(None)
        )
    )
    for row in rows:
        found[row.organization_id][row.plugin] = row.settings
    return found


def plugin_settings(organization_id: int, plugin: str) -> dict[str, Any]:
    """The stored settings of a plugin, in use or turned off."""
    row = session.get(EnabledPlugin, (organization_id, plugin))
    return dict(row.settings) if row else {}


def users_of_plugins() -> dict[str, list[str]]:
    """Plugin name to the names of the organizations that use it."""
    rows = session.execute(
        select(EnabledPlugin.plugin, Organization.name)
        .join(Organization, Organization.id == EnabledPlugin.organization_id)
        .where(EnabledPlugin.turned_off_at.is_(None))
        .order_by(Organization.name)
    )
    found: dict[str, list[str]] = {}
    for plugin, name in rows:
        found.setdefault(plugin, []).append(name)
    return found


def people_with_roles(organization_id: int) -> list[Any]:
    """Everyone with a role here: the grant's id, name, e-mail, role, cohort."""
    return list(
        session.execute(
            select(RoleGrant.id, Person.name, Person.email, RoleGrant.role, RoleGrant.cohort_id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.organization_id == organization_id, RoleGrant.ended_at.is_(None))
            .order_by(Person.name)
        )
    )
