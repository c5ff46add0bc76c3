"""One plugin of an organization: settings, their history, turning it off, the data that it keeps."""

from __future__ import annotations

import json
from typing import Any

from lms.features.accounts.roles import Role
from lms.features.organizations import actions, queries, settings_history
from lms.features.organizations.bench import has_a_bench
from lms.features.organizations.gallery import brings
from lms.features.organizations.health import Health, health_of
from lms.features.organizations.models import Organization
from lms.features.organizations.secret_settings import prefix_of
from lms.features.organizations.settings_form import fields_as_typed, fields_of
from lms.features.organizations.uses import Use, uses_of_plugins
from lms.host import documents
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, ngettext
from lms.host.plugins import BUILT_IN, Plugin
from lms.host.transfer import pieces_answer
from lms.host.troubles import PluginTrouble, troubles_of
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("plugin", __name__, template_folder="templates")


def plugin_for(slug: str, name: str) -> tuple[Organization, Plugin]:
    """The organization that the visitor administers, and a plugin or a part of the host. Raises NotFound."""
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    plugin = host().guard.host.plugins.get(name)
    if plugin is None:
        raise NotFound
    return organization, plugin


def added_plugin_for(slug: str, name: str) -> tuple[Organization, Plugin]:
    """A plugin that an organization decides about: no part of the host. Raises NotFound."""
    organization, plugin = plugin_for(slug, name)
    if plugin.built_in:
        raise NotFound
    return organization, plugin


def keeper_for(slug: str, name: str) -> tuple[Organization, Plugin | None]:
    """An added plugin, or None in its place where it is gone from the host and left documents here. Raises NotFound."""
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    if name in host().guard.host.plugins:
        return added_plugin_for(slug, name)
    if name not in documents.counted(organization.id):
        raise NotFound
    return organization, None


def health_here(organization: Organization, plugin: Plugin) -> tuple[Health, list[PluginTrouble]]:
    """How the plugin fares for this organization. Only where it is in use its faults are theirs to read."""
    in_use = plugin.built_in or plugin.name in queries.enabled_plugins(organization.id)
    rows = troubles_of(plugin.name) if in_use or plugin.quarantined else []
    return health_of(plugin, in_use, rows, now(), host().guard.is_silent(plugin.name)), rows


def frame(organization: Organization, plugin: Plugin, part: str) -> dict[str, Any]:
    """What the head of each of a plugin's pages shows."""
    return {
        "organization": organization,
        "plugin": plugin,
        "brings": brings(plugin),
        "part": part,
        "bench": has_a_bench(plugin),
        "rules": not plugin.quarantined and bool({"attendance_policies", "curricula"} & set(plugin.hooks)),
    }


def _uses(organization: Organization, name: str) -> list[Use]:
    here = host()
    return uses_of_plugins(here.plugin_uses, organization.id, here.guard.host).get(name, [])


@views.get("/organizations/<slug>/plugins/<name>")
@signed_in_only
def plugin(slug: str, name: str) -> ResponseReturnValue:
    """Settings, who uses it, what it keeps; of a plugin that is gone, what it left behind."""
    if name not in host().guard.host.plugins:
        return _gone_page(keeper_for(slug, name)[0], name)
    organization, found = plugin_for(slug, name)
    stored = queries.plugin_settings(organization.id, name)
    model = found.about.settings if found.about else None
    again = host().guard.seal.unreadable(model, stored) if model else ()
    return _plugin_page(organization, found, fields_of(model, stored, again) if model else ())


def _plugin_page(
    organization: Organization, plugin: Plugin, fields: Any, errors: Any = None, status: int = 200, typed: str = ""
) -> ResponseReturnValue:
    return page(
        "organizations/plugin.html",
        status,
        **frame(organization, plugin, "plugin"),
        fields=fields,
        health=health_here(organization, plugin)[0],
        in_use=plugin.built_in or plugin.name in queries.enabled_plugins(organization.id),
        uses=_uses(organization, plugin.name),
        kept=documents.counted(organization.id).get(plugin.name, 0),
        prefix=prefix_of(organization.slug),
        errors=errors or {},
        typed=typed,
    )


def _gone_page(
    organization: Organization, name: str, errors: Any = None, status: int = 200, typed: str = ""
) -> ResponseReturnValue:
    return page(
        "organizations/plugin_gone.html",
        status,
        organization=organization,
        name=name,
        uses=_uses(organization, name),
        kept=documents.counted(organization.id)[name],
        errors=errors or {},
        typed=typed,
    )


@views.post("/organizations/<slug>/plugins/<name>")
@signed_in_only
def enable(slug: str, name: str) -> ResponseReturnValue:
    """Use the plugin with the settings as typed."""
    organization, found = added_plugin_for(slug, name)
    typed = request.form.to_dict(flat=False)
    was_in_use = name in queries.enabled_plugins(organization.id)
    try:
        with saved():
            seal = host().guard.seal
            actions.enable_plugin(organization, found, typed, by=visitor().id, now=now(), seal=seal)
    except Incomplete as incomplete:
        assert found.about is not None
        fields = fields_as_typed(found.about.settings, typed, queries.plugin_settings(organization.id, name))
        return _plugin_page(organization, found, fields, incomplete.by_field, 422)
    label = in_language(found.label)
    flash(_("Saved.") if was_in_use else _("%(plugin)s is in use.", plugin=label))
    return go(".plugin", slug=slug, name=name) if was_in_use else go("organizations.plugins", slug=slug)


@views.get("/organizations/<slug>/plugins/<name>/turn-off")
@signed_in_only
def before_turning_off(slug: str, name: str) -> ResponseReturnValue:
    """What stands on the plugin, before it is turned off."""
    organization, found = added_plugin_for(slug, name)
    values = frame(organization, found, "off")
    return page("organizations/plugin_off.html", **values, uses=_uses(organization, name))


@views.post("/organizations/<slug>/plugins/<name>/turn-off")
@signed_in_only
def turn_off(slug: str, name: str) -> ResponseReturnValue:
    """Also for a plugin that is no longer on the host."""
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    if name in BUILT_IN:
        raise NotFound
    with saved():
        actions.turn_off_plugin(organization, name, by=visitor().id, now=now())
    flash(_("Turned off. Groups that are running go on as they are; new groups cannot choose it."))
    return go("organizations.plugins", slug=slug)


@views.get("/organizations/<slug>/plugins/<name>/history")
@signed_in_only
def history(slug: str, name: str) -> ResponseReturnValue:
    organization, found = added_plugin_for(slug, name)
    entries = settings_history.history_of(organization.id, found)
    return page("organizations/plugin_history.html", **frame(organization, found, "history"), entries=entries)


@views.post("/organizations/<slug>/plugins/<name>/history/<int:change_id>/put-back")
@signed_in_only
def put_back(slug: str, name: str, change_id: int) -> ResponseReturnValue:
    """A former entry of the history holds again."""
    organization, found = added_plugin_for(slug, name)
    with saved():
        seal = host().guard.seal
        settings_history.put_back(organization, found, change_id, seal, by=visitor().id, now=now())
    flash(_("The former settings hold again."))
    return go(".history", slug=slug, name=name)


@views.get("/organizations/<slug>/plugins/<name>/data.json")
@signed_in_only
def data(slug: str, name: str) -> ResponseReturnValue:
    """Everything that the plugin keeps here, as a file; also of a plugin that is gone."""
    organization, _found = keeper_for(slug, name)
    kept = documents.exported(name, organization.id)
    text = json.dumps({"plugin": name, "documents": kept}, ensure_ascii=False, indent=1)
    return pieces_answer(iter([text.encode()]), "application/json", f"{slug}-{name}.json")


@views.post("/organizations/<slug>/plugins/<name>/remove-data")
@signed_in_only
def remove_data(slug: str, name: str) -> ResponseReturnValue:
    """Forget it; also what a plugin that is gone left behind."""
    organization, found = keeper_for(slug, name)
    typed = form("name", 200)
    try:
        with saved():
            removed = actions.remove_data(organization, name, typed, by=visitor().id, now=now())
    except Incomplete as incomplete:
        if found is None:
            return _gone_page(organization, name, incomplete.by_field, 422, typed)
        stored = queries.plugin_settings(organization.id, name)
        fields = fields_of(found.about.settings, stored) if found.about else ()
        return _plugin_page(organization, found, fields, incomplete.by_field, 422, typed)
    flash(ngettext("One document is removed.", "%(num)d documents are removed.", removed))
    return go(".plugin", slug=slug, name=name) if found else go("organizations.plugins", slug=slug)
