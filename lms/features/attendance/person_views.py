"""One person's attendance for those who lead: what the person reads, what trainers may read besides, and what to do."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.attendance import catching_up, queries, story, waivers
from lms.features.attendance.actions import MAX_WHY
from lms.features.attendance.makeups import lapsed
from lms.features.attendance.pages import class_and_facts, words_of
from lms.features.attendance.telling import tell
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.host.db import saved
from lms.host.errors import Incomplete
from lms.host.i18n import LazyText
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
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

views = Blueprint("attendance_of", __name__, template_folder="templates")


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/attendance")
@signed_in_only
def person(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    return _page(cohorts.led_by(visitor(), cohort_id), enrolment_id)


def _page(here: Here, enrolment_id: int, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    member = cohorts.member_seen_from(here, enrolment_id)
    trains = here.who.plays(Role.TRAINER, organization=here.organization.id, cohort=here.id)
    about_oneself = member.person_id == here.who.id
    found = story.story_of(here, member, host().guard, now())
    return page(
        "attendance/of_person.html",
        status,
        here=here,
        person=member,
        story=found,
        ways=catching_up.with_a_way(here, found, host().guard),
        words=words_of(here),
        lapsed=lapsed,
        reads_words=trains,
        about_oneself=about_oneself,
        may_waive=here.coordinates and not about_oneself,
        typed=request.form,
        tried=(request.view_args or {}).get("number"),
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/attendance/<int:number>/waiver")
@signed_in_only
def waive(cohort_id: int, enrolment_id: int, number: int) -> ResponseReturnValue:
    """This absence shall not count for some outcomes."""
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    member = cohorts.member_seen_from(here, enrolment_id)
    _meeting, facts = class_and_facts(here, number)
    needing = queries.attendance_outcomes(here.course)
    chosen = [outcome for outcome in request.form.getlist("outcomes") if outcome in needing]
    try:
        with saved():
            why, about = form("why", MAX_WHY), member.person_id
            if waivers.waive(facts, enrolment_id, chosen, why, about=about, by=here.who.id, now=now()):
                _tell(member, _l("An absence of yours no longer counts for everything. You can read more here:"), here)
    except Incomplete as incomplete:
        return _page(here, enrolment_id, incomplete.by_field, 422)
    flash(_("Noted, with your name and reason. The trainee can read it."))
    return go(".person", cohort_id=cohort_id, enrolment_id=enrolment_id)


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/attendance/<int:number>/waiver/withdraw")
@signed_in_only
def withdraw_waiver(cohort_id: int, enrolment_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    member = cohorts.member_seen_from(here, enrolment_id)
    _meeting, facts = class_and_facts(here, number)
    with saved():
        if waivers.take_back(facts, enrolment_id, about=member.person_id, by=here.who.id, now=now()):
            _tell(member, _l("An absence of yours counts again. You can read more here:"), here)
    flash(_("It counts again."))
    return go(".person", cohort_id=cohort_id, enrolment_id=enrolment_id)


def _tell(member: cohorts.Member, news: LazyText, here: Here) -> None:
    tell([member.person_id], news, address("attendance.mine", cohort_id=here.id), at=now())
