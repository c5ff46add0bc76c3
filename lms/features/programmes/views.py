"""The programmes of an organization: the list, setting one up, choosing its rule, publishing, what differs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lms.features.accounts.roles import Role
from lms.features.cohorts.models import Programme
from lms.features.cohorts.queries import revision_of
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import enabled_plugins, organization_for
from lms.features.programmes import actions, queries
from lms.features.programmes.choices import (
    NO_CERTIFICATE,
    Choices,
    choices_of,
    chosen_course,
    issuer_called,
    rule_in_words,
)
from lms.features.programmes.describe import rows_of
from lms.features.programmes.differences import Section, differences
from lms.features.programmes.rule_form import NO_ANSWER, Typed, read_rule, rule_fields
from lms.host.catalog import Offered
from lms.host.contributed import offered as offered_to
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.guard import PluginFault
from lms.host.i18n import gettext as _
from lms.host.plugins import Provided
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
from lms.plugin_api.content import Course

views = Blueprint("programmes", __name__, template_folder="templates")

MAY_SET_UP = (Role.COORDINATOR, Role.ORGANIZATION_ADMIN)


@dataclass(frozen=True)
class Here:
    """A programme of an organization as somebody sets it up."""

    organization: Organization
    offered: Offered
    programme: Programme | None

    @property
    def key(self) -> str:
        return self.offered.key

    @property
    def from_files(self) -> Course:
        """The course as its files say it."""
        assert self.offered.course is not None
        return self.offered.course

    @cached_property
    def choices(self) -> Choices:
        return choices_of(self.programme)

    @cached_property
    def course(self) -> Course:
        """The course with what was chosen."""
        return chosen_course(self.from_files, self.choices, host().guard)

    @cached_property
    def enabled(self) -> dict[str, Any]:
        return enabled_plugins(self.organization.id)

    def provided(self, hook: str) -> list[Provided]:
        return offered_to(host().guard.host, hook, self.enabled)


def programme_here(slug: str, key: str) -> Here:
    """The programme, for those who coordinate or administer the organization. Raises NotFound."""
    organization = organization_for(visitor(), slug, *MAY_SET_UP)
    offered = queries.course_for(organization, key, host().catalog, host().guard.host)
    return Here(organization, offered, queries.programme_of(organization.id, key))


@views.get("/organizations/<slug>/programmes")
@signed_in_only
def programmes(slug: str) -> ResponseReturnValue:
    organization = organization_for(visitor(), slug, *MAY_SET_UP)
    lines = queries.programmes(organization, host().catalog, host().guard.host)
    return page("programmes/programmes.html", organization=organization, lines=lines)


# -- setting one up -----------------------------------------------------------------------------------------


@views.get("/organizations/<slug>/programmes/<key>")
@signed_in_only
def programme(slug: str, key: str) -> ResponseReturnValue:
    """The parts of the course as sentences, and what may be chosen."""
    return _programme_page(programme_here(slug, key), {})


def _programme_page(here: Here, errors: Any, refused: Any = "", status: int = 200) -> ResponseReturnValue:
    typed = request.form if request.method == "POST" else None
    published = queries.revisions_of(here.programme)
    before = revision_of(published[0][0].revision_digest).course if published else None
    return page(
        "programmes/programme.html",
        status,
        here=here,
        rows=rows_of(here.course, here.choices, host().guard),
        issuers=here.provided("certificate_issuers"),
        no_certificate=NO_CERTIFICATE,
        frameworks=here.provided("competency_frameworks"),
        issuer=typed.get("issuer", "") if typed and "own" in typed else here.choices.issuer,
        chosen_frameworks=request.form.getlist("framework") if typed and "own" in typed else here.course.frameworks,
        own_frameworks=typed.get("own") == "yes" if typed and "own" in typed else here.choices.frameworks is not None,
        published=published,
        groups=[g for g in queries.groups_of(here.organization.id) if g.course_key == here.key],
        since=_differences(before, here.course) if before else [],
        note=request.form.get("note", ""),
        errors=errors,
        refused=refused,
    )


def _differences(before: Course, after: Course) -> list[Section]:
    guard = host().guard
    return differences(
        before, after, lambda course: rule_in_words(course, guard), lambda one: issuer_called(one, guard)
    )


@views.post("/organizations/<slug>/programmes/<key>/papers")
@signed_in_only
def papers(slug: str, key: str) -> ResponseReturnValue:
    """The issuer of certificates, and the frameworks."""
    here = programme_here(slug, key)
    ticked = tuple(dict.fromkeys(name[:60] for name in request.form.getlist("framework")[:50]))
    frameworks = ticked if form("own", 5) == "yes" else None
    choices = Choices(None, form("issuer", 80), frameworks)
    try:
        with saved():
            actions.choose_papers(
                here.organization,
                here.from_files,
                key,
                choices,
                host().guard,
                here.enabled,
                by=visitor().id,
                now=now(),
            )
    except Incomplete as incomplete:
        return _programme_page(here, incomplete.by_field, status=422)
    flash(_("Noted. It holds for new groups once you publish a version."))
    return go(".programme", slug=slug, key=key, _anchor="certificate")


# -- the rule of attendance ---------------------------------------------------------------------------------


@views.get("/organizations/<slug>/programmes/<key>/rule")
@signed_in_only
def rule(slug: str, key: str) -> ResponseReturnValue:
    """The policies to choose from; with `?policy=` the options of one."""
    here = programme_here(slug, key)
    name = request.args.get("policy", "")
    return _rule_page(here, _policy(here, name) if name else None)


def _policy(here: Here, name: str) -> Provided:
    found = next((p for p in here.provided("attendance_policies") if p.provider.name == name), None)
    if found is None:
        raise NotFound
    return found


def _options_of(here: Here, policy: Provided) -> dict[str, Any]:
    """The options that stand for this policy now: as chosen, else as in the course files."""
    for choice in (here.choices.rule, here.from_files.attendance):
        if choice and choice.policy == policy.provider.name:
            return dict(choice.options)
    return {}


def _rule_page(
    here: Here, policy: Provided | None, errors: Any = None, typed: Typed | None = None, status: int = 200
) -> ResponseReturnValue:
    if here.from_files.attendance is None:
        raise NotFound
    fields, silent = [], False
    if policy:
        try:
            fields = rule_fields(host().guard, policy, here.from_files, _options_of(here, policy), typed)
        except PluginFault:
            silent = True
    return page(
        "programmes/rule.html",
        status,
        here=here,
        words=rule_in_words(here.course, host().guard),
        of_the_files=rule_in_words(here.from_files, host().guard),
        policies=here.provided("attendance_policies"),
        policy=policy,
        fields=fields,
        silent=NO_ANSWER if silent else "",
        errors=errors or {},
    )


@views.post("/organizations/<slug>/programmes/<key>/rule")
@signed_in_only
def choose_rule(slug: str, key: str) -> ResponseReturnValue:
    """A policy with its options; without a policy the course's own rule again."""
    here = programme_here(slug, key)
    name, chosen = form("policy", 80), None
    typed = {field: [text[:2_000] for text in texts] for field, texts in request.form.to_dict(flat=False).items()}
    if name:
        policy = _policy(here, name)
        try:
            chosen = read_rule(host().guard, policy, here.from_files, _options_of(here, policy), typed)
        except Incomplete as incomplete:
            return _rule_page(here, policy, incomplete.by_field, typed, 422)
    with saved():
        actions.choose_rule(here.organization, key, chosen, by=visitor().id, now=now())
    flash(_("Noted. It holds for new groups once you publish a version."))
    return go(".programme", slug=slug, key=key, _anchor="rule")


# -- publishing ---------------------------------------------------------------------------------------------


@views.post("/organizations/<slug>/programmes/<key>/versions")
@signed_in_only
def publish(slug: str, key: str) -> ResponseReturnValue:
    """Freeze the course with what was chosen; new groups take it."""
    here = programme_here(slug, key)
    try:
        with saved():
            made = actions.publish(
                here.organization,
                here.offered,
                form("note", actions.MOST_NOTE),
                host().guard,
                here.enabled,
                by=visitor().id,
                now=now(),
            )
            number = made.number
    except Incomplete as incomplete:
        return _programme_page(here, incomplete.by_field, status=422)
    except Refused as refused:
        return _programme_page(here, {}, refused.sentence, 409)
    flash(_("Version %(number)s is published. New groups take it.", number=number))
    return go(".programme", slug=slug, key=key, _anchor="versions")


@views.get("/organizations/<slug>/programmes/<key>/versions/<int:number>")
@signed_in_only
def version(slug: str, key: str, number: int) -> ResponseReturnValue:
    """What differs between this version and the one before it, or `?from=`."""
    here = programme_here(slug, key)
    known = {row.number: (row, name) for row, name in queries.revisions_of(here.programme)}
    if number not in known:
        raise NotFound
    asked = request.args.get("from", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else number - 1
    found, old = known[number], known.get(before)
    return page(
        "programmes/version.html",
        here=here,
        found=found[0],
        by=found[1],
        before=old[0] if old else None,
        numbers=sorted(known, reverse=True),
        sections=_differences(_course_of(old[0]), _course_of(found[0])) if old else [],
        rule=rule_in_words(_course_of(found[0]), host().guard),
        groups=[
            g
            for g in queries.groups_of(here.organization.id)
            if (g.course_key, g.digest) == (key, found[0].revision_digest)
        ],
    )


def _course_of(row: Any) -> Course:
    return revision_of(row.revision_digest).course
