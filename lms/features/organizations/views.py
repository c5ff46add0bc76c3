"""The organization's own pages: the gallery of plugins, its support contact; the host's page of plugins."""

from __future__ import annotations

from lms.features.accounts.roles import Role
from lms.features.organizations import actions, queries
from lms.features.organizations.gallery import brings, gallery_of
from lms.features.organizations.health import health_of
from lms.features.organizations.uses import uses_of_plugins
from lms.host import documents, outbox
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.troubles import troubles
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
    """The gallery: in use, available, needs attention; with `?question=` only what has to do with it."""
    organization = queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    here, question = host(), request.args.get("question", "")[:20]
    plugins = here.guard.host
    gallery = gallery_of(
        plugins.plugins,
        queries.enabled_plugins(organization.id),
        here.guard.seal,
        troubles(),
        uses_of_plugins(here.plugin_uses, organization.id, plugins),
        documents.counted(organization.id),
        question,
        here.guard.is_silent,
        now(),
    )
    return page(
        "organizations/plugins.html", organization=organization, gallery=gallery, question=question, brings=brings
    )


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
    guard, found = host().guard, troubles()
    plugins = guard.host.plugins.values()
    return page(
        "organizations/host_plugins.html",
        plugins=plugins,
        users=queries.users_of_plugins(),
        troubles=found,
        health={p.name: health_of(p, True, found.get(p.name, ()), now(), guard.is_silent(p.name)) for p in plugins},
        brings=brings,
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
