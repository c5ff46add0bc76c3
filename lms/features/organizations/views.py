"""The organization's own pages: its plugins with settings, its support contact."""

from __future__ import annotations

from lms.features.accounts.roles import Role
from lms.features.organizations import actions, queries
from lms.features.organizations.settings_form import fields_as_typed, fields_of
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language
from lms.host.plugins import Plugin
from lms.host.troubles import troubles, troubles_of
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

views = Blueprint("organizations", __name__, template_folder="templates")


@views.get("/organizations/<slug>/plugins")
@signed_in_only
def plugins(slug: str) -> ResponseReturnValue:
    """The gallery: in use, available, needs attention."""
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    in_use = queries.enabled_plugins(organization.id)
    offered = [p for p in host().guard.host.plugins.values() if not p.built_in]
    return page(
        "organizations/plugins.html",
        organization=organization,
        in_use=[p for p in offered if p.name in in_use and not p.quarantined],
        available=[p for p in offered if p.name not in in_use and not p.quarantined],
        attention=[p for p in offered if p.quarantined],
        gone=[name for name in in_use if name not in host().guard.host.plugins],
        troubles={name: found for name, found in troubles().items() if name in in_use},
    )


def _plugin(name: str) -> Plugin:
    plugin = host().guard.host.plugins.get(name)
    if plugin is None or plugin.built_in:
        raise NotFound
    return plugin


@views.get("/organizations/<slug>/plugins/<name>")
@signed_in_only
def plugin(slug: str, name: str) -> ResponseReturnValue:
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    found = _plugin(name)
    stored = queries.plugin_settings(organization.id, name)
    return page(
        "organizations/plugin.html",
        organization=organization,
        plugin=found,
        fields=fields_of(found.about.settings, stored) if found.about else (),
        in_use=name in queries.enabled_plugins(organization.id),
        troubles=troubles_of(name),
        errors={},
    )


@views.post("/organizations/<slug>/plugins/<name>")
@signed_in_only
def enable(slug: str, name: str) -> ResponseReturnValue:
    """Use the plugin with the settings as typed."""
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    found = _plugin(name)
    typed = request.form.to_dict(flat=False)
    try:
        with saved():
            actions.enable_plugin(organization, found, typed, by=visitor().id, now=now())
    except Incomplete as incomplete:
        assert found.about is not None
        return page(
            "organizations/plugin.html",
            422,
            organization=organization,
            plugin=found,
            fields=fields_as_typed(found.about.settings, typed, queries.plugin_settings(organization.id, name)),
            in_use=name in queries.enabled_plugins(organization.id),
            troubles=troubles_of(name),
            errors=incomplete.by_field,
        )
    flash(_("%(plugin)s is in use.", plugin=in_language(found.label)))
    return go(".plugins", slug=slug)


@views.post("/organizations/<slug>/plugins/<name>/turn-off")
@signed_in_only
def turn_off(slug: str, name: str) -> ResponseReturnValue:
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    with saved():
        actions.turn_off_plugin(organization, name, by=visitor().id, now=now())
    flash(_("Turned off. Groups that are running go on as they are; new groups cannot choose it."))
    return go(".plugins", slug=slug)


@views.get("/organizations/<slug>/support")
@signed_in_only
def support(slug: str) -> ResponseReturnValue:
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    return page("organizations/support.html", organization=organization)


@views.post("/organizations/<slug>/support")
@signed_in_only
def change_support(slug: str) -> ResponseReturnValue:
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    values = {name: form(name, 200) for name in ("support_name", "support_phone", "support_hours")}
    with saved():
        actions.change_support(organization, values, by=visitor().id, now=now())
    flash(_("Saved. It is in the support line of every page."))
    return go(".support", slug=slug)


@views.get("/host/plugins")
@signed_in_only
def host_plugins() -> ResponseReturnValue:
    """Every plugin of this host, for those who run it."""
    if not visitor().has(Role.HOST_ADMIN):
        raise NotFound
    plugins = host().guard.host.plugins.values()
    return page(
        "organizations/host_plugins.html",
        plugins=plugins,
        users=queries.users_of_plugins(),
        troubles=troubles(),
        faulty=list(host().catalog.faulty()),
    )
