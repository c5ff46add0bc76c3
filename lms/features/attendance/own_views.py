"""The trainee's own attendance, and "I can't come"."""

from __future__ import annotations

from lms.features.attendance import actions, story
from lms.features.attendance.makeups import lapsed
from lms.features.attendance.pages import class_and_facts, words_of
from lms.features.attendance.views import views
from lms.features.cohorts import queries as cohorts
from lms.host.db import saved
from lms.host.i18n import gettext as _
from lms.host.web import ResponseReturnValue, flash, form, go, host, now, page, signed_in_only, visitor


@views.get("/cohorts/<int:cohort_id>/attendance")
@signed_in_only
def mine(cohort_id: int) -> ResponseReturnValue:
    """Each class with its mark and who made it, the rule in words, and where one stands for each outcome."""
    here = cohorts.attended_by(visitor(), cohort_id)
    found = story.story_of(here, here.me, host().guard, now())
    return page("attendance/mine.html", here=here, story=found, words=words_of(here), lapsed=lapsed)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/notice")
@signed_in_only
def tell_before(cohort_id: int, number: int) -> ResponseReturnValue:
    """I can't come. What that means, and ways to catch up, are on the page that follows."""
    here = cohorts.attended_by(visitor(), cohort_id)
    _meeting, facts = class_and_facts(here, number)
    with saved():
        actions.tell_before(facts, here.me.enrolment_id, form("note", 300), by=visitor().id, now=now())
    flash(_("Thanks for telling us. Your trainers know."))
    return go("makeups.mine", cohort_id=cohort_id, number=number)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/notice/withdraw")
@signed_in_only
def can_come(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    _meeting, facts = class_and_facts(here, number)
    with saved():
        actions.can_come_after_all(facts, here.me.enrolment_id, by=visitor().id, now=now())
    flash(_("Good. We expect you."))
    return go("cohorts.meeting", cohort_id=cohort_id, number=number)
