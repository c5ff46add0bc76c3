"""Trying a plugin, and how it fares. The bench has a guard of its own: what breaks there is nobody's trouble."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from lms.features.organizations import bench, health, queries
from lms.features.organizations.plugin_views import frame, health_here, plugin_for, views
from lms.features.organizations.settings_form import fields_as_typed
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.guard import Guard, PluginFault
from lms.host.i18n import gettext as _
from lms.host.i18n import language
from lms.host.transfer import pieces_answer
from lms.host.web import ResponseReturnValue, flash, go, host, now, page, request, signed_in_only, visitor
from lms.plugin_api.contracts import AttendancePolicy
from lms.plugin_api.values import Document

__all__ = ["views"]  # those of plugin_views, together with what stands here


def _own_guard() -> Guard:
    return Guard(host().guard.host, seal=host().guard.seal)


@views.get("/organizations/<slug>/plugins/<name>/try")
@signed_in_only
def try_it(slug: str, name: str) -> ResponseReturnValue:
    """The worked examples, made-up attendance (kept in the address alone), homework as it looks, example papers."""
    return _bench_page(slug, name)


def _bench_page(slug: str, name: str, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    organization, plugin = plugin_for(slug, name)
    if not bench.has_a_bench(plugin):
        raise NotFound
    guard, policies = _own_guard(), bench.policies_of(plugin)
    policy = _chosen(policies, "policy") if policies else None
    return page(
        "organizations/plugin_try.html",
        status,
        **frame(organization, plugin, "try"),
        policies=policies,
        policy=policy,
        examples=bench.worked_examples(guard, policy) if policy else (),
        made_up=_made_up(guard, policy) if policy else None,
        homework=(homework := bench.homework_of(guard, plugin)),
        plain=bench.PLAIN_ACTIVITY,
        drawn=_chosen(homework, "homework") if homework else None,
        issuers=bench.issuers_of(plugin),
        sentence=sentence,
    )


def _made_up(guard: Guard, policy: AttendancePolicy) -> Mapping[str, Any]:
    """The form of made-up attendance; with `?show=` what somebody would read."""
    typed = request.args.to_dict(flat=False)
    cases = bench.cases_of(policy)
    example = _chosen(cases, "case")
    start = bench.from_example(policy, example)
    chosen = {"case": cases.index(example), "begun": "case" in typed, "errors": {}}
    if "show" not in typed:
        return {**chosen, "form": start, "told": None}
    fields = fields_as_typed(bench.drawn(policy.options), typed, example.options)
    form = bench.as_typed(start, typed, fields)
    try:
        options = bench.options_typed(policy, example, typed)
    except Incomplete as incomplete:
        return {**chosen, "form": form, "told": None, "errors": incomplete.by_field}
    return {**chosen, "form": form, "told": bench.judged(guard, form, options)}


def _chosen(offered: Any, name: str) -> Any:
    """The one whose place in the list stands in the address; the first where none does."""
    place = request.args.get(name, "")
    return (
        offered[int(place)] if place.isascii() and place.isdecimal() and int(place[:6]) < len(offered) else offered[0]
    )


@views.get("/organizations/<slug>/plugins/<name>/try/papers/<issuer>")
@signed_in_only
def papers(slug: str, name: str, issuer: str) -> ResponseReturnValue:
    """The papers of an award that nobody was given."""
    organization, plugin = plugin_for(slug, name)
    if issuer not in [provider.name for provider in bench.issuers_of(plugin)]:
        raise NotFound
    award = bench.invented_award(
        organization.name, language(), now().astimezone(ZoneInfo(organization.time_zone)).date()
    )
    try:
        documents = _own_guard().issue(issuer, award, queries.plugin_settings(organization.id, name))
    except PluginFault:
        documents = ()
    if not documents:
        sentence = _("It could not make the papers. Have its settings been filled in? Health has more.")
        return _bench_page(slug, name, sentence, 422)
    if len(documents) == 1:
        return pieces_answer(iter([documents[0].content]), documents[0].media_type, documents[0].filename)
    return pieces_answer(iter([_together(documents)]), "application/zip", f"{issuer}.zip")


def _together(documents: tuple[Document, ...]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for document in documents:
            archive.writestr(document.filename.rpartition("/")[2], document.content)
    return file.getvalue()


# -- health -------------------------------------------------------------------------------------------------


@views.get("/organizations/<slug>/plugins/<name>/health")
@signed_in_only
def fares(slug: str, name: str) -> ResponseReturnValue:
    """How the plugin fares, what stands in, the last faults."""
    organization, plugin = plugin_for(slug, name)
    found, _rows = health_here(organization, plugin)
    return page(
        "organizations/plugin_health.html",
        **frame(organization, plugin, "health"),
        health=found,
        stands_in=health.stands_in(plugin),
        pace=health.pace_in_words(host().guard.pace(plugin.name)),
        checked=health.last_check(organization.id, plugin.name),
    )


@views.post("/organizations/<slug>/plugins/<name>/check")
@signed_in_only
def check(slug: str, name: str) -> ResponseReturnValue:
    """Run the plugin's contract checks now."""
    organization, plugin = plugin_for(slug, name)
    if plugin.quarantined:
        raise NotFound
    found = health.check(host().guard, plugin)
    with saved():
        health.remember_check(host().guard, plugin, found, now())
        health.note_check(organization.id, name, found, by=visitor().id, now=now())
    flash(_("The checks found something: %(what)s", what=found) if found else _("All is well."))
    return go(".fares", slug=slug, name=name)
