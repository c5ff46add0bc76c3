"""The course as it is delivered: classes, and planning a cohort."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Response

from lms.features.accounts.roles import LEADERS, Role
from lms.features.cohorts import actions, queries
from lms.features.cohorts.rules import class_times, is_link, typed_day
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import enabled_plugins, organization_for
from lms.host import mail, storage
from lms.host.catalog import HOST, Offered, plugins_named
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import LANGUAGES, day_and_time, language, spoken
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
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

views = Blueprint("cohorts", __name__, template_folder="templates")


@views.get("/cohorts")
@signed_in_only
def cohorts() -> ResponseReturnValue:
    """The cohorts that one leads or takes part in."""
    who = visitor()
    plans_for = who.organizations(Role.COORDINATOR)
    organizations = [database.get_one(Organization, id) for id in plans_for]
    lines = queries.cohorts_seen_by(who, Role.TRAINEE, *LEADERS)
    return page("cohorts/cohorts.html", cohorts=lines, organizations=organizations)


# -- the course ---------------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/course")
@signed_in_only
def course(cohort_id: int) -> ResponseReturnValue:
    here = queries.cohort_for(visitor(), cohort_id)
    return page("cohorts/course.html", here=here, classes=queries.classes_of(here, now()))


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>")
@signed_in_only
def meeting(cohort_id: int, number: int) -> ResponseReturnValue:
    """One class: when, where, what to bring; for those who lead it also the plan."""
    here = queries.cohort_for(visitor(), cohort_id)
    classes = queries.classes_of(here, now())
    found = queries.class_number(classes, number)
    plan = here.revision.page(f"class:{number}", language()) if here.leads else ""
    return page("cohorts/class.html", here=here, meeting=found, plan=plan, last=len(classes))


@views.get("/pictures/<digest>")
@signed_in_only
def picture(digest: str) -> ResponseReturnValue:
    """A picture of a course revision; its address is its content."""
    file = storage.stored_file(digest)
    if file is None or not file.media_type.startswith("image/"):
        raise NotFound
    response = Response(file.content, mimetype=file.media_type)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


# -- planning -----------------------------------------------------------------------------------------------


def _courses(organization: Organization) -> list[Offered]:
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


@views.get("/organizations/<slug>/cohorts/new")
@signed_in_only
def new_cohort(slug: str) -> ResponseReturnValue:
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    return page(
        "cohorts/new_cohort.html", organization=organization, courses=_courses(organization), errors={}, typed={}
    )


@views.post("/organizations/<slug>/cohorts")
@signed_in_only
def publish_cohort(slug: str) -> ResponseReturnValue:
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    courses = _courses(organization)
    try:
        offered, plan = _typed_cohort(courses, organization)
        with saved():
            cohort = actions.publish_cohort(organization, offered, plan, host().guard.host, by=visitor().id, now=now())
            cohort_id = cohort.id
    except Incomplete as incomplete:
        return page(
            "cohorts/new_cohort.html",
            422,
            organization=organization,
            courses=courses,
            errors=incomplete.by_field,
            typed=request.form,
        )
    flash(_("The group is published. Invite the people next."))
    return go("people.cohort", cohort_id=cohort_id)


def _typed_cohort(courses: list[Offered], organization: Organization) -> tuple[Offered, actions.NewCohort]:
    errors: dict[str, object] = {}
    offered = next((c for c in courses if c.key == form("course")), None)
    if offered is None or offered.course is None:
        errors["course"] = _("Choose a course.")
    name, place, link = (
        _typed_line("name", 120, errors),
        _typed_line("place", 200, errors),
        _typed_line("link", 500, errors),
    )
    if not name and "name" not in errors:
        errors["name"] = _("Give the group a name, like Spring evening group.")
    first, at = _typed_date("first", errors), _typed_time("at", errors)
    chosen = form("language")
    if chosen not in LANGUAGES:
        errors["language"] = _("Choose a language.")
    if link and not is_link(link):
        errors["link"] = actions.WHOLE_LINK
    if errors or offered is None or offered.course is None or first is None or at is None:
        raise Incomplete(errors)
    weekdays = [int(d) for d in request.form.getlist("weekday") if d in set("0123456")]
    starts = class_times(first, weekdays, at, organization.time_zone, len(offered.course.classes))
    return offered, actions.NewCohort(name, chosen, starts, place, link)


def _typed_line(name: str, limit: int, errors: dict[str, object]) -> str:
    """One line without blanks around it; too long is a fault of this field alone."""
    try:
        return " ".join(form(name, limit).split())
    except Incomplete as too_long:
        errors.update(too_long.by_field)
        return ""


def _typed_date(name: str, errors: dict[str, object]) -> date | None:
    if day := typed_day(form(name)):
        return day
    errors[name] = _("Enter a date, like 2027-03-27.")
    return None


def _typed_time(name: str, errors: dict[str, object]) -> time | None:
    try:
        return time.fromisoformat(form(name))
    except ValueError:
        errors[name] = _("Enter a time, like 18:00.")
        return None


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/cancel")
@signed_in_only
def cancel_class(cohort_id: int, number: int) -> ResponseReturnValue:
    here = queries.led_by(visitor(), cohort_id)
    found = queries.class_number(queries.classes_of(here, now()), number)
    with saved():
        if actions.cancel_meeting(here.cohort, found.id, form("why", 300), by=visitor().id, now=now()):
            _tell_all(here, _cancelled_mail, found)
    flash(_("The class is cancelled. Everyone gets a mail, and it counts against no one."))
    return go(".meeting", cohort_id=cohort_id, number=number)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/move")
@signed_in_only
def move_class(cohort_id: int, number: int) -> ResponseReturnValue:
    here = queries.led_by(visitor(), cohort_id)
    found = queries.class_number(queries.classes_of(here, now()), number)
    errors: dict[str, object] = {}
    day, at = _typed_date("day", errors), _typed_time("at", errors)
    if day is None or at is None:
        raise Incomplete(errors)
    starts = datetime.combine(day, at, tzinfo=ZoneInfo(here.zone))
    with saved():
        moved = actions.move_meeting(here.cohort, found.id, starts, by=visitor().id, now=now())
        if moved:
            _tell_all(here, _moved_mail, found, starts)
    flash(_("The class is moved. Everyone gets a mail.") if moved else _("The class is at this time already."))
    return go(".meeting", cohort_id=cohort_id, number=number)


def _tell_all(here: queries.Here, words: object, meeting: queries.ClassHere, *more: object) -> None:
    """Write to everyone in the group and to those who lead it."""
    everyone = {person.person_id: person.email for person in queries.members_of(here.id)}
    everyone |= {trainer.id: trainer.email for trainer in queries.trainers_of(here)}
    with spoken(here.cohort.language):
        subject, text = words(here, meeting, *more)  # type: ignore[operator]
    key = f"class:{meeting.id}:{uuid4().hex}"
    mail.write_mails([mail.Mail(email, subject, text, f"{key}:{id}") for id, email in everyone.items()], at=now())


def _cancelled_mail(here: queries.Here, meeting: queries.ClassHere) -> tuple[str, str]:
    text = _(
        "Class %(number)s of %(cohort)s does not take place. It counts against no one.\n\n%(url)s",
        number=meeting.number,
        cohort=here.cohort.name,
        url=address("cohorts.meeting", cohort_id=here.id, number=meeting.number),
    )
    return _("A note about your class"), text


def _moved_mail(here: queries.Here, meeting: queries.ClassHere, starts: datetime) -> tuple[str, str]:
    text = _(
        "Class %(number)s of %(cohort)s has a new time: %(when)s.\n\n%(url)s",
        number=meeting.number,
        cohort=here.cohort.name,
        when=day_and_time(starts, here.zone),
        url=address("cohorts.meeting", cohort_id=here.id, number=meeting.number),
    )
    return _("A note about your class"), text
