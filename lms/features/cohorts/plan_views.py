"""Planning a cohort: one question a page, each kept as it was typed, so that going back or signing out loses nothing."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.cohorts import dates, plan_words, planning, plans
from lms.features.cohorts.models import CohortPlan
from lms.features.cohorts.planning import PAGES, Planning
from lms.features.cohorts.provinces import provinces_by_name
from lms.features.cohorts.rules import typed_day
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import enabled_plugins, organization_for
from lms.host.catalog import HOST, Offered, plugins_named
from lms.host.db import locked, saved
from lms.host.db import session as database
from lms.host.errors import Incomplete, NotFound
from lms.host.guard import Rule
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, ngettext
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
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

MOST_LINE, MOST_PASTED = 2_000, 20_000
# The fields of each page: those with one value, and those that may be ticked several times.
FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "course": (("course", "name", "language"), ()),
    "when": (("way", "first", "at", "zone", "province", "pasted", *(f"at{day}" for day in range(7))), ("weekday",)),
    "dates": ((), ()),
    "where": (("each", "place", "link"), ()),
    "trainers": ((), ("trainer",)),
    "places": (("places", "check_in", "opens", "recorded", "lock_days", "tell_after"), ()),
}


def courses_of(organization: Organization) -> list[Offered]:
    """What this organization can deliver: courses with classes, of the host or of plugins that it has enabled.

    Everything that a course names must be enabled too: no plugin sees people of an organization that has not chosen it.
    What runs already goes on with what it is pinned to.
    """
    allowed = {HOST, *enabled_plugins(organization.id)}
    plugins = host().guard.host
    return [
        offered
        for offered in host().catalog.sound()
        if offered.plugin in allowed
        and offered.course
        and offered.course.classes
        and plugins_named(offered.course, plugins) <= allowed
    ]


def _planning(organization: Organization, fields: dict[str, Any], courses: list[Offered] | None = None) -> Planning:
    """What the fields of a plan come to."""
    found = courses_of(organization) if courses is None else courses
    offered = next((course for course in found if course.key == fields.get("course")), None)
    return Planning(fields, organization, offered)


def _typed(name: str, limit: int = MOST_LINE) -> str:
    """A field as it was typed, cut where it is far beyond what any field takes."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")[:limit]


def _sent(step: str) -> dict[str, Any]:
    """The fields of this page as they were sent."""
    single, several = FIELDS[step]
    found: dict[str, Any] = {name: _typed(name, MOST_PASTED if name == "pasted" else MOST_LINE) for name in single}
    return found | {
        name: [each[:MOST_LINE].replace("\x00", "") for each in request.form.getlist(name)[:500]] for name in several
    }


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
    fields = _sent("course")
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
    typed = {name: _typed(name) for name in ("from", "copy_first")}
    errors: dict[str, Any] = {}
    if not typed["from"].isascii() or not typed["from"].isdigit() or len(typed["from"]) > 9:
        errors["from"] = _("Choose a group.")
    if typed_day(typed["copy_first"]) is None:
        errors["copy_first"] = _("Enter a date, like 2027-03-27.")
    if errors:
        return _new_page(organization, errors, typed, 422)
    fields = {**plans.copy_of(organization, int(typed["from"])), "first": typed["copy_first"]}
    fields["rows"] = _rows(_planning(organization, fields).found())
    with saved():
        plan_id = plans.begin(organization, fields, by=visitor().id, now=now()).id
    return go(".step", slug=slug, plan_id=plan_id, step="course")


def _rows(found: dates.Planned) -> list[list[str]]:
    return [[wall.date().isoformat(), wall.strftime("%H:%M")] for wall in found.starts]


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
    plan: CohortPlan, organization: Organization, step: str, errors: Any, status: int = 200
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
    fields, stay = _sent_to(step, planned)
    with saved():
        plans.keep(plan, fields, now=now())
    if request.form.get("to") == "back":
        return go(".step", slug=slug, plan_id=plan_id, step=PAGES[max(PAGES.index(step) - 1, 0)])
    errors = _planning(organization, plan.fields).faults(step)
    if errors:
        return _step_page(plan, organization, step, errors, 422)
    return go(".step", slug=slug, plan_id=plan_id, step=step if stay else (*PAGES, "check")[PAGES.index(step) + 1])


def _sent_to(step: str, planned: Planning) -> tuple[dict[str, Any], bool]:
    """What was sent to a page, and whether that page is to be looked at again."""
    if step == "dates":
        return _sent_dates(planned)
    if step == "when":
        return _sent_when(planned), False
    return _sent_where(planned) if step == "where" else _sent(step), False


def _sent_when(planned: Planning) -> dict[str, Any]:
    """The page "when": the dates follow from it, unless nothing of it changed since they were looked at."""
    fields = _sent("when")
    before = {name: planned.fields.get(name, [] if name == "weekday" else "") for name in fields}
    if fields != before or not planned.rows:
        after = Planning({**planned.fields, **fields}, planned.organization, planned.offered)
        fields["rows"] = [] if after.faults("when") else _rows(after.found())
    return fields


def _sent_dates(planned: Planning) -> tuple[dict[str, Any], bool]:
    """The dates as sent, in order: changed, left out, one more. True where the page is to be looked at again."""
    count, pattern = len(planned.plans), [wall for wall in planned.walls if wall]
    sent = [[_typed(f"day{n}", 40), _typed(f"at{n}", 40)] for n in range(1, len(planned.rows) + 1)]
    rows = [row for n, row in enumerate(sent, 1) if request.form.get(f"out{n}") != "yes"]
    left_out = len(sent) - len(rows)
    if new := _typed("new-day", 40).strip():
        usual = pattern[0].strftime("%H:%M") if pattern else ""
        rows.append([new, _typed("new-at", 40).strip() or usual])
    rows.sort()
    for _each in range(left_out if len(rows) < count else 0):
        years = sorted({wall.year + more for wall in pattern for more in (0, 1)})
        away = [*planned.holidays(years), *(wall.date() for wall in pattern)]
        following = dates.next_of([*pattern], away)
        if following and len(rows) < count:
            rows.append([following.date().isoformat(), following.strftime("%H:%M")])
            pattern.append(following)
    if (extra := len(rows) - count) > 0:
        _say_unused(extra)
    return {"rows": rows[:count]}, rows != planned.rows and bool(left_out or new or rows != sent)


def _say_unused(extra: int) -> None:
    flash(
        ngettext(
            "The last date is no longer used: each class has one.",
            "The last %(num)d dates are no longer used: each class has one.",
            extra,
        )
    )


def _sent_where(planned: Planning) -> dict[str, Any]:
    """The page "where": one place and link, or one for each class. What was typed the other way stays."""
    numbers = range(1, len(planned.plans) + 1)
    fields = _sent("where")
    places = [_typed(f"place{number}").strip() for number in numbers]
    links = [_typed(f"link{number}").strip() for number in numbers]
    shared = {"", planned.typed("place"), planned.typed("link")}
    if fields["each"] == "yes" or {*places, *links} - shared:
        fields |= {"place_of": places, "link_of": links}
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in fields.items()}


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
    if database.get(CohortPlan, plan_id) is None:  # pressed twice, or by two people
        flash(_("This plan is published or put away already."))
        return go("cohorts.cohorts")
    plan = plans.plan_of(organization, plan_id)
    try:
        with saved():
            plan = locked(CohortPlan, plan_id)  # what somebody else keeps at this moment is published with it
            planned = _planning(organization, plan.fields)
            cohort = plans.publish(plan, planned, host().guard.host, by=visitor().id, now=now())
            cohort_id = cohort.id
    except Incomplete as incomplete:
        return _step_page(plan, organization, "check", incomplete.by_field, 422)
    flash(_("The group is published."))
    return go("cohorts.begun", cohort_id=cohort_id)
