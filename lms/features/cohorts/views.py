"""The course as it is delivered, and its classes."""

from __future__ import annotations

from flask import Response

from lms.features.accounts.roles import LEADERS, Role
from lms.features.cohorts import actions, lists, queries
from lms.features.cohorts.dates import on_the_wall
from lms.features.cohorts.plan_words import a_number
from lms.features.cohorts.planning import MOST_PLACES, typed_number
from lms.features.organizations.models import Organization
from lms.host import storage
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import language
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    now,
    page,
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
    lines = lists.cohorts_seen_by(who, Role.TRAINEE, *LEADERS)
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
    queries.class_number(classes, number)
    plan = here.revision.page(f"class:{number}", language()) if here.leads else ""
    return class_page(here, classes, number, plan)


def class_page(
    here: queries.Here,
    classes: list[queries.ClassHere],
    number: int,
    plan: str = "",
    *,
    errors: object = None,
    typed: object = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of one class. `errors` and `typed` belong to its form for another time or place."""
    found = queries.class_number(classes, number)
    return page(
        "cohorts/class.html",
        status,
        here=here,
        meeting=found,
        plan=plan,
        last=len(classes),
        wall=on_the_wall(found.starts_at, here.zone),
        errors=errors or {},
        typed=typed or {},
    )


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


# -- after planning -----------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/begun")
@signed_in_only
def begun(cohort_id: int) -> ResponseReturnValue:
    """What was planned, what happens next, and how many can take part."""
    here = queries.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    return _begun_page(here, {}, None)


def _begun_page(here: queries.Here, errors: object, typed: str | None, status: int = 200) -> ResponseReturnValue:
    return page(
        "cohorts/begun.html",
        status,
        here=here,
        classes=queries.classes_of(here, now()),
        trainers=queries.trainers_of(here),
        people=actions.people_in(here.id),
        errors=errors,
        typed=str(here.cohort.places or "") if typed is None else typed,
    )


@views.post("/cohorts/<int:cohort_id>/places")
@signed_in_only
def places(cohort_id: int) -> ResponseReturnValue:
    """How many people can take part from now on; left empty, as many as come."""
    here = queries.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    typed = form("places", 20).strip()
    number = typed_number(typed, 1, MOST_PLACES)
    try:
        if typed and number is None:
            raise Incomplete({"places": a_number(1, MOST_PLACES)})
        with saved():
            actions.set_places(here.cohort, number, by=visitor().id, now=now())
    except Incomplete as incomplete:
        return _begun_page(here, incomplete.by_field, typed, 422)
    flash(_("Noted."))
    return go(".begun", cohort_id=cohort_id, _anchor="places")
