"""The organization's own pages: its plugins with settings, its support contact."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.organizations import actions, queries
from lms.features.organizations.models import Organization
from lms.features.organizations.settings_form import fields_as_typed, fields_of
from lms.host import outbox
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

SUPPORT = ("support_name", "support_phone", "support_hours")


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
        **_in_use(organization, name),
        errors={},
    )


def _in_use(organization: Organization, name: str) -> dict[str, Any]:
    """Whether the organization uses the plugin. Only then its faults are theirs to read."""
    in_use = name in queries.enabled_plugins(organization.id)
    return {"in_use": in_use, "troubles": troubles_of(name) if in_use else []}


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
            **_in_use(organization, name),
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
    typed = {name: getattr(organization, name) for name in SUPPORT}
    return page("organizations/support.html", organization=organization, typed=typed, errors={})


@views.post("/organizations/<slug>/support")
@signed_in_only
def change_support(slug: str) -> ResponseReturnValue:
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    try:
        with saved():
            values = {name: form(name, 200) for name in SUPPORT}
            actions.change_support(organization, values, by=visitor().id, now=now())
    except Incomplete as incomplete:
        typed, errors = request.form, incomplete.by_field
        return page("organizations/support.html", 422, organization=organization, typed=typed, errors=errors)
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
        undelivered=outbox.given_up(),
    )


@views.post("/host/outbox/<int:row_id>/try-again")
@signed_in_only
def try_again(row_id: int) -> ResponseReturnValue:
    """Deliver once more what the host gave up on."""
    if not visitor().has(Role.HOST_ADMIN):
        raise NotFound
    with saved():
        outbox.try_again(row_id, now=now())
    flash(_("It will be tried again in a moment."))
    return go(".host_plugins")
