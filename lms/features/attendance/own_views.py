"""The trainee's own attendance, and "I can't come"."""

from __future__ import annotations

from lms.features.attendance import actions, queries
from lms.features.attendance.pages import WORDS, class_and_facts
from lms.features.attendance.views import views
from lms.features.cohorts import queries as cohorts
from lms.host.db import saved
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language
from lms.host.web import ResponseReturnValue, flash, form, go, host, now, page, signed_in_only, visitor


@views.get("/cohorts/<int:cohort_id>/attendance")
@signed_in_only
def mine(cohort_id: int) -> ResponseReturnValue:
    """Each class with its mark and who made it, the rule in words, and where one stands for each outcome."""
    here = cohorts.attended_by(visitor(), cohort_id)
    classes = cohorts.classes_of(here, now())
    me = here.me
    marks = queries.marks_of(here.id, me.enrolment_id)
    ledger = queries.ledger(here.course, classes, me, marks)
    return page(
        "attendance/mine.html",
        here=here,
        classes=classes,
        marks=marks.by_class,
        chain=queries.chain_of(here, me.enrolment_id),
        rule=in_language(queries.rule_of(here, host().guard)),
        verdicts=queries.verdicts(here.rule, host().guard, ledger),
        words=WORDS,
        joined=me.joined_at,
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/notice")
@signed_in_only
def tell_before(cohort_id: int, number: int) -> ResponseReturnValue:
    """I can't come."""
    here = cohorts.attended_by(visitor(), cohort_id)
    _meeting, facts = class_and_facts(here, number)
    if here.enrolment_id is None:
        raise NotFound
    with saved():
        actions.tell_before(facts, here.enrolment_id, form("note", 300), by=visitor().id, now=now())
    flash(_("Thanks for telling us. Your trainers know."))
    return go(".mine", cohort_id=cohort_id)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/notice/withdraw")
@signed_in_only
def can_come(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    _meeting, facts = class_and_facts(here, number)
    if here.enrolment_id is None:
        raise NotFound
    with saved():
        actions.can_come_after_all(facts, here.enrolment_id, by=visitor().id, now=now())
    flash(_("Good. We expect you."))
    return go("cohorts.meeting", cohort_id=cohort_id, number=number)
