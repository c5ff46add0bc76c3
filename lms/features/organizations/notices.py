"""A mail to those concerned when a plugin has stopped, gives no answers or is slow: once for each trouble."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.organizations.health import stands_in
from lms.features.organizations.models import EnabledPlugin, Organization
from lms.host import outbox, troubles
from lms.host.db import session
from lms.host.guard import LEFT_OUT, SLOW, Guard
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, spoken
from lms.host.mail import write_mail
from lms.host.plugins import Plugin
from lms.host.troubles import START, PluginTrouble

Address = Callable[..., str]


def tell(guard: Guard, payload: Mapping[str, Any], address: Address, now: datetime) -> outbox.Keep:
    """Write the mails about what nobody was told yet, all of a plugin's troubles in one."""
    plugin = guard.host.plugins.get(payload["plugin"])
    return lambda row: _write(plugin, address, now) if plugin else None


def _write(plugin: Plugin, address: Address, now: datetime) -> None:
    found = troubles.untold(plugin.name)
    for trouble in found:
        trouble.told_at = now
    used = (
        session.execute(
            select(EnabledPlugin.organization_id).where(
                EnabledPlugin.plugin == plugin.name, EnabledPlugin.turned_off_at.is_(None)
            )
        )
        .scalars()
        .all()
    )
    if not found or not (used or plugin.built_in):
        return
    told = set()
    for person, slug in _concerned(used):
        if person.id not in told:
            told.add(person.id)
            page = (
                address("plugin.fares", slug=slug, name=plugin.name) if slug else address("organizations.host_plugins")
            )
            _mail(person, plugin, found, page, now)


def _concerned(used: Sequence[int]) -> list[tuple[Any, str]]:
    """Person and short name of the organization that they look after; "" for those who run the host. One query."""
    admins = (RoleGrant.role == Role.ORGANIZATION_ADMIN) & RoleGrant.organization_id.in_(used)
    rows = session.execute(
        select(Person, Organization.slug, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Organization, Organization.id == RoleGrant.organization_id)
        .where(RoleGrant.ended_at.is_(None), Person.disabled_at.is_(None), admins | (RoleGrant.role == Role.HOST_ADMIN))
        .order_by(RoleGrant.id)
    )
    return [(person, slug if role == Role.ORGANIZATION_ADMIN else "") for person, slug, role in rows]


def _mail(person: Any, plugin: Plugin, found: Sequence[PluginTrouble], page: str, now: datetime) -> None:
    with spoken(person.language):
        label = in_language(plugin.label)
        text = _(
            "Hello %(name)s,\n\n%(what)s\n\nWhat stands in meanwhile:\n%(meanwhile)s\n\nNo records are lost. Where and since "
            "when, for the people who look after the plugin:\n%(page)s\n\n%(again)s You get no other mail about this "
            "unless it happens again after it has been well for a day.",
            name=person.name.split()[0],
            what=_what(label, found),
            meanwhile="\n".join(f"- {sentence}" for sentence in stands_in(plugin)),
            page=page,
            again=_("The host tries it again each time it starts.")
            if plugin.quarantined
            else _("The host asks it again by itself."),
        )
        subject = _("A plugin needs attention: %(plugin)s", plugin=label)
        write_mail(person.email, subject, text, key=f"plugin:{plugin.name}:{person.id}:{now.isoformat()}", at=now)


def _what(label: str, found: Sequence[PluginTrouble]) -> str:
    if any(row.place == START for row in found):
        return _("the host started without the plugin %(plugin)s.", plugin=label)
    if all(row.message in (SLOW, LEFT_OUT) for row in found):
        return _("the plugin %(plugin)s takes long to answer.", plugin=label)
    return _("the plugin %(plugin)s did not answer as it should.", plugin=label)
