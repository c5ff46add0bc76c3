"""Organizations, and turning plugins on and off for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from lms.features.organizations.models import EnabledPlugin, Organization
from lms.features.organizations.rules import is_phone_number
from lms.features.organizations.secret_settings import checked_settings
from lms.features.organizations.settings_history import remember, remember_what_was
from lms.host import audit, documents
from lms.host.db import session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import Plugin
from lms.host.sealed import Seal

NO_KEY = Seal()


def add_organization(name: str, slug: str, *, now: datetime, by: int | None, **values: str) -> Organization:
    """A new organization. Raises Incomplete for a name, short name or time zone that cannot be used."""
    name = " ".join(name.split())
    if not name:
        raise Incomplete({"name": _l("Enter the organization's name.")})
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 40:
        raise Incomplete({"slug": _l("Use lower-case letters, digits and hyphens, like north-side.")})
    if session.scalar(select(Organization.id).where(Organization.slug == slug)):
        raise Incomplete({"slug": _l("Another organization has this short name.")})
    if "time_zone" in values and not _is_time_zone(values["time_zone"]):
        raise Incomplete({"time_zone": _l("This is no time zone. Enter a name like America/Toronto.")})
    organization = Organization(name=name, slug=slug, created_at=now, **values)
    session.add(organization)
    session.flush()
    audit.note("organizations.added", f"organization:{organization.id}", at=now, by=by, organization=organization.id)
    return organization


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def enable_plugin(
    organization: Organization,
    plugin: Plugin,
    typed: Mapping[str, list[str]],
    *,
    by: int | None,
    now: datetime,
    seal: Seal = NO_KEY,
) -> EnabledPlugin:
    """Use a plugin with these settings; again to change them. `seal` closes the secrets among them. Raises Incomplete,
    or Refused while it is quarantined."""
    if plugin.quarantined or plugin.about is None:
        raise Refused(_l("This plugin cannot be used at the moment: %(why)s", why=plugin.quarantined))
    row = session.get(EnabledPlugin, (organization.id, plugin.name))
    model = plugin.about.settings
    settings = checked_settings(model, typed, row.settings if row else {}, seal, organization.slug)
    if row is None:
        row = EnabledPlugin(organization_id=organization.id, plugin=plugin.name, settings={}, enabled_at=now)
        session.add(row)
    else:
        remember_what_was(row, model, seal)
        if row.settings == settings and row.turned_off_at is None:
            return row
    row.settings = settings
    row.turned_off_at = None
    row.enabled_by = by
    remember(row, by=by, now=now)
    _note("plugins.enabled", organization, plugin.name, by, now)
    return row


def turn_off_plugin(organization: Organization, name: str, *, by: int, now: datetime) -> None:
    """Stop using a plugin. What runs on a pinned revision goes on; new cohorts cannot choose it."""
    row = session.get(EnabledPlugin, (organization.id, name))
    if row and row.turned_off_at is None:
        row.turned_off_at = now
        remember(row, by=by, now=now)
        _note("plugins.turned_off", organization, name, by, now)


def remove_data(organization: Organization, name: str, typed_name: str, *, by: int, now: datetime) -> int:
    """Forget what a plugin keeps here; the number of documents. Raises Incomplete unless its name was typed."""
    if typed_name.strip() != name:
        raise Incomplete({"name": _l("Type %(name)s to remove what it keeps.", name=name)})
    removed = documents.remove(name, organization.id)
    if removed:
        _note("plugins.data_removed", organization, name, by, now)
    return removed


def _note(verb: str, organization: Organization, name: str, by: int | None, now: datetime) -> None:
    audit.note(verb, f"plugin:{name}", at=now, by=by, organization=organization.id)


def change_support(organization: Organization, values: Mapping[str, Any], *, by: int, now: datetime) -> None:
    """The organization's own contact in the support sheet. Raises Incomplete for what is no telephone number."""
    phone = " ".join(str(values.get("support_phone", "")).split())
    if phone and (len(phone) > 40 or not is_phone_number(phone)):
        raise Incomplete({"support_phone": _l("Enter a telephone number, like 416-555-0142 or 416-555-0142 ext. 12.")})
    organization.support_name = " ".join(str(values.get("support_name", "")).split())[:120]
    organization.support_phone = phone
    organization.support_hours = " ".join(str(values.get("support_hours", "")).split())[:120]
    audit.note(
        "organizations.support_changed",
        f"organization:{organization.id}",
        at=now,
        by=by,
        organization=organization.id,
    )
