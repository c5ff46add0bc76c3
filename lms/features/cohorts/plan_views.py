"""Planning a cohort: one question a page, each kept as it was typed, so that going back or signing out loses nothing."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.cohorts import plan_words, planning, plans, revisions
from lms.features.cohorts.models import CohortPlan
from lms.features.cohorts.plan_sent import rows_of, sent, sent_to, typed_line
from lms.features.cohorts.planning import PAGES, Planning
from lms.features.cohorts.provinces import provinces_by_name
from lms.features.cohorts.rules import typed_day
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import enabled_plugins, organization_for
from lms.host.catalog import Offered, deliverable
from lms.host.db import locked, saved
from lms.host.errors import Incomplete, NotFound
from lms.host.guard import Rule
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    limiter,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("plans", __name__, template_folder="templates")


def courses_of(organization: Organization) -> list[Offered]:
    """What this organization can deliver: each course as it was published last, else as it is."""
    plugins, enabled = host().guard.host, enabled_plugins(organization.id)
    found = deliverable(host().catalog, plugins, enabled)
    return revisions.as_published(organization.id, found, plugins, enabled)


def _planning(organization: Organization, fields: dict[str, Any], courses: list[Offered] | None = None) -> Planning:
    """What the fields of a plan come to."""
    found = courses_of(organization) if courses is None else courses
    offered = next((course for course in found if course.key == fields.get("course")), None)
    return Planning(fields, organization, offered)


# -- beginning ----------------------------------------------------------------------------------------------


@views.get("/organizations/<slug>/cohorts/new")
@signed_in_only
def new(slug: str) -> ResponseReturnValue:
    """Plans begun, a copy of an earlier group, or a new plan."""
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    return _new_page(organization, {}, {})


def _new_page(organization: Organization, errors: Any, typed: Any, status: int = 200) -> ResponseReturnValue:
    return page(
        "cohorts/new_cohort.html",
        status,
        organization=organization,
        courses=courses_of(organization),
        begun=plans.plans_of(organization.id),
        earlier=plans.cohorts_of(organization),
        errors=errors,
        typed=typed,
    )


@views.post("/organizations/<slug>/plans")
@signed_in_only
@limiter.limit("120/hour")
def begin(slug: str) -> ResponseReturnValue:
    """A new plan from its first page."""
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    fields = sent("course")
    if errors := _planning(organization, fields).faults("course"):
        return _new_page(organization, errors, fields, 422)
    with saved():
        plan_id = plans.begin(organization, fields, by=visitor().id, now=now()).id
    return go(".step", slug=slug, plan_id=plan_id, step="when")


@views.post("/organizations/<slug>/plans/copy")
@signed_in_only
@limiter.limit("120/hour")
def copy(slug: str) -> ResponseReturnValue:
    """A plan like an earlier group, with all dates moved to a new first one."""
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    typed = {name: typed_line(name) for name in ("from", "copy_first")}
    errors: dict[str, Any] = {}
    if not typed["from"].isascii() or not typed["from"].isdigit() or len(typed["from"]) > 9:
        errors["from"] = _("Choose a group.")
    if typed_day(typed["copy_first"]) is None:
        errors["copy_first"] = _("Enter a date, like 2027-03-27.")
    if errors:
        return _new_page(organization, errors, typed, 422)
    fields = {**plans.copy_of(organization, int(typed["from"])), "first": typed["copy_first"]}
    fields["rows"] = rows_of(_planning(organization, fields).found())
    with saved():
        plan_id = plans.begin(organization, fields, by=visitor().id, now=now()).id
    return go(".step", slug=slug, plan_id=plan_id, step="course")


# -- page by page -------------------------------------------------------------------------------------------


@views.get("/organizations/<slug>/plans/<int:plan_id>/<step>")
@signed_in_only
def step(slug: str, plan_id: int, step: str) -> ResponseReturnValue:
    """One page of the wizard, as it was left."""
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    plan = plans.plan_of(organization, plan_id)
    if step not in (*PAGES, "check"):
        raise NotFound
    return _step_page(plan, organization, step, {})


def _step_page(
    plan: CohortPlan, organization: Organization, step: str, errors: Any, status: int = 200, changed: str = ""
) -> ResponseReturnValue:
    courses = courses_of(organization)
    planned = _planning(organization, plan.fields, courses)
    more: dict[str, Any] = {}
    if step in ("trainers", "check"):
        times = [(one.starts, one.plan.minutes) for one in planned.classes if one.starts]
        trainers = plans.trainers_in(organization)
        more = {
            "trainers": trainers,
            "clashes": plans.clashes(organization, [trainer.id for trainer in trainers], times),
        }
    if step in ("places", "check"):
        more["rule"] = _rule(planned)
    if step == "check":
        more["faults"] = {name: planned.faults(name) for name in PAGES}
        more |= {"digest": plans.digest_of(planned), "changed": changed}
    return page(
        f"cohorts/plan_{step}.html",
        status,
        organization=organization,
        courses=courses,
        plan=plan,
        planned=planned,
        step=step,
        pages=PAGES,
        zones=planning.likely_zones(organization.time_zone),
        provinces=provinces_by_name(),
        odd_sentences=plan_words.odd_sentences,
        errors=errors,
        **more,
    )


def _rule(planned: Planning) -> str:
    """The attendance rule of the course in words; empty where it has none."""
    course = planned.offered.course if planned.offered else None
    if course is None or course.attendance is None:
        return ""
    names = {module.id: module.title for module in course.modules}
    names |= {outcome.id: outcome.title for outcome in course.outcomes}
    rule = Rule(course.attendance.policy, course.attendance.options)
    return in_language(host().guard.attendance_rule(rule, names))


@views.post("/organizations/<slug>/plans/<int:plan_id>/<step>")
@signed_in_only
def keep(slug: str, plan_id: int, step: str) -> ResponseReturnValue:
    """What was typed is kept, also where it needs another look; then on, or back."""
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    plan = plans.plan_of(organization, plan_id)
    if step not in PAGES:
        raise NotFound
    planned = _planning(organization, plan.fields)
    fields, stay = sent_to(step, planned)
    with saved():
        plans.keep(plan, fields, now=now())
    if request.form.get("to") == "back":
        return go(".step", slug=slug, plan_id=plan_id, step=PAGES[max(PAGES.index(step) - 1, 0)])
    errors = _planning(organization, plan.fields).faults(step)
    if errors:
        return _step_page(plan, organization, step, errors, 422)
    return go(".step", slug=slug, plan_id=plan_id, step=step if stay else (*PAGES, "check")[PAGES.index(step) + 1])


# -- the end of a plan --------------------------------------------------------------------------------------


@views.post("/organizations/<slug>/plans/<int:plan_id>/put-away")
@signed_in_only
def put_away(slug: str, plan_id: int) -> ResponseReturnValue:
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    with saved():
        plans.put_away(plans.plan_of(organization, plan_id), by=visitor().id, now=now())
    flash(_("The plan is put away."))
    return go(".new", slug=slug)


@views.post("/organizations/<slug>/plans/<int:plan_id>/publish")
@signed_in_only
def publish(slug: str, plan_id: int) -> ResponseReturnValue:
    """The group exists from now on."""
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    plan = plans.plan_of(organization, plan_id)
    try:
        with saved():
            plan = locked(CohortPlan, plan_id)
            planned = _planning(organization, plan.fields)
            if form("digest", 80) != plans.digest_of(planned):
                raise Incomplete({}, _("Something has changed since you looked. Please look at it again."))
            cohort = plans.publish(plan, planned, host().guard.host, by=visitor().id, now=now())
            cohort_id = cohort.id
    except Incomplete as incomplete:
        changed = "" if incomplete.by_field else incomplete.sentence
        return _step_page(plan, organization, "check", incomplete.by_field, 422, changed)
    flash(_("The group is published."))
    return go("cohorts.begun", cohort_id=cohort_id)
