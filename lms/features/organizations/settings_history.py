"""How an organization's settings of a plugin came about, entry by entry, and putting a former one back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.organizations.models import EnabledPlugin, Organization, PluginSettingsChange
from lms.features.organizations.settings_form import SettingField, fields_of
from lms.host import audit
from lms.host.db import session
from lms.host.errors import NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import Plugin
from lms.host.sealed import CannotOpen, Seal

MOST = 50


@dataclass(frozen=True)
class Entry:
    """One change: when, by whom, in use or turned off since then, and what differs from the entry before, in words."""

    id: int
    at: datetime
    by: str
    in_use: bool
    turned: bool
    changes: tuple[tuple[str, str, str], ...]  # setting, before, after
    latest: bool


def remember(row: EnabledPlugin, *, by: int | None, now: datetime) -> None:
    """Add the settings as they are now to the history. Secrets stand in it as they are stored: closed."""
    session.add(
        PluginSettingsChange(
            organization_id=row.organization_id,
            plugin=row.plugin,
            at=now,
            by_id=by,
            settings=dict(row.settings),
            in_use=row.turned_off_at is None,
        )
    )


def remember_what_was(row: EnabledPlugin, model: type[BaseModel], seal: Seal) -> None:
    """A first entry for settings that are older than their history, so that they can be put back too."""
    own = (
        PluginSettingsChange.organization_id == row.organization_id,
        PluginSettingsChange.plugin == row.plugin,
    )
    if session.scalar(select(PluginSettingsChange.id).where(*own).limit(1)) is None:
        row.settings = seal.close_all(model, row.settings)
        remember(row, by=row.enabled_by, now=row.enabled_at)


def history_of(organization_id: int, plugin: Plugin) -> list[Entry]:
    """The entries, latest first. One query."""
    rows = session.execute(
        select(PluginSettingsChange, Person.name)
        .outerjoin(Person, Person.id == PluginSettingsChange.by_id)
        .where(PluginSettingsChange.organization_id == organization_id, PluginSettingsChange.plugin == plugin.name)
        .order_by(PluginSettingsChange.id.desc())
        .limit(MOST + 1)
    ).all()
    model = plugin.about.settings if plugin.about else None
    entries = []
    for place, (row, name) in enumerate(rows[:MOST]):
        former = rows[place + 1][0] if place + 1 < len(rows) else None
        changes = _differences(model, former.settings, row.settings) if model and former else ()
        turned = former is None or former.in_use != row.in_use
        entries.append(Entry(row.id, row.at, name or "", row.in_use, turned, changes, place == 0))
    return entries


def _differences(
    model: type[BaseModel], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    former = {field.name: field for field in fields_of(model, before)}
    return tuple(
        (field.label, "", "") if field.secret else (field.label, _shown(former[field.name]), _shown(field))
        for field in fields_of(model, after)
        if before.get(field.name) != after.get(field.name)
    )


def _shown(field: SettingField) -> str:
    """A value as it can be read."""
    if isinstance(field.value, bool):
        return _("yes") if field.value else _("no")
    words = dict(field.choices)
    if isinstance(field.value, list | tuple):
        return ", ".join(words.get(str(one), str(one)) for one in field.value) or _("nothing")
    text = "" if field.value is None else str(field.value)
    return words.get(text, text) or _("nothing")


def put_back(organization: Organization, plugin: Plugin, change_id: int, seal: Seal, *, by: int, now: datetime) -> None:
    """A former entry holds again, as a new one. Raises NotFound, or Refused where its settings cannot be used today."""
    change = session.get(PluginSettingsChange, change_id)
    row = session.get(EnabledPlugin, (organization.id, plugin.name))
    if change is None or row is None or (change.organization_id, change.plugin) != (organization.id, plugin.name):
        raise NotFound
    if plugin.quarantined or plugin.about is None:
        raise Refused(_l("This plugin cannot be used at the moment: %(why)s", why=plugin.quarantined))
    try:
        opened = seal.open_all(plugin.about.settings, change.settings)
        plugin.about.settings.model_validate_json(json.dumps(opened))
    except CannotOpen:
        raise Refused(_l("A secret of that time cannot be read any more. Fill in the settings again.")) from None
    except ValidationError:
        raise Refused(_l("The plugin does not take those settings any more. Fill them in again.")) from None
    row.settings = dict(change.settings)
    row.turned_off_at = None if change.in_use else now
    row.enabled_by = by
    remember(row, by=by, now=now)
    audit.note("plugins.settings_put_back", f"plugin:{plugin.name}", at=now, by=by, organization=organization.id)
