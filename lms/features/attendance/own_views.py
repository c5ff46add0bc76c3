"""The trainee's own attendance, and "I can't come"."""

from __future__ import annotations

from typing import Any

from lms.features.attendance import actions, catching_up, story
from lms.features.attendance.makeups import lapsed
from lms.features.attendance.own_class import OwnClass, OwnPast, own_class
from lms.features.attendance.pages import class_and_facts, words_of
from lms.features.attendance.telling import tell
from lms.features.attendance.views import views
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.cohorts.views import class_page
from lms.host.db import saved
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.web import (
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
from lms.plugin_api.values import Mark

__all__ = ["views"]

MOST_WORDS = 300  # as the field of the class page says


@views.get("/cohorts/<int:cohort_id>/attendance")
@signed_in_only
def mine(cohort_id: int) -> ResponseReturnValue:
    """Each class with its mark and who made it, the rule in words, and where one stands for each outcome."""
    here = cohorts.attended_by(visitor(), cohort_id)
    found = story.story_of(here, here.me, host().guard, now())
    ways = catching_up.with_a_way(here, found, host().guard)
    return page("attendance/mine.html", here=here, story=found, words=words_of(here), lapsed=lapsed, ways=ways)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/notice")
@signed_in_only
def tell_before(cohort_id: int, number: int) -> ResponseReturnValue:
    """I can't come. What that means, and ways to catch up, are on the page that follows."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting, facts = class_and_facts(here, number)
    try:
        with saved():
            known = actions.newest_mark(meeting.id)
            actions.tell_before(facts, here.me.enrolment_id, form("note", MOST_WORDS), by=visitor().id, now=now())
            if actions.newest_mark(meeting.id) != known:
                _tell_trainers(here, number)
    except Incomplete as incomplete:
        classes = cohorts.classes_of(here, now())
        return class_page(here, classes, number, errors=incomplete.by_field, typed=request.form, status=422)
    flash(_("Thanks for telling us. Your trainers know."))
    return go("makeups.mine", cohort_id=cohort_id, number=number)


def _tell_trainers(here: Here, number: int) -> None:
    """That there is a notice. The words of it are on the roll call, for trainers alone."""
    news = _l("%(name)s told you something about class %(number)s.", name=here.who.name, number=number)
    trainers = (trainer.id for trainer in cohorts.trainers_of(here))
    tell(trainers, news, address("attendance.roll_call", cohort_id=here.id, number=number), at=now())


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/notice/withdraw")
@signed_in_only
def can_come(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    _meeting, facts = class_and_facts(here, number)
    with saved():
        actions.can_come_after_all(facts, here.me.enrolment_id, by=visitor().id, now=now())
    flash(_("Good. We expect you."))
    return go("cohorts.meeting", cohort_id=cohort_id, number=number)


def own_class_of(here: Here, meeting: ClassHere) -> OwnClass:
    """For the page of one class: how it stands with whoever asks. One query."""
    return own_class(here, meeting, actions.said_last(meeting.id, here.me.enrolment_id), now())


def own_past_of(here: Here, meeting: ClassHere) -> OwnPast | None:
    """The same for a class that is over; None where nothing is to be said of whoever asks."""
    found = story.story_of(here, here.me, host().guard, now())
    line = found.line(meeting.number)
    if line is None or line.state == story.CANCELLED:
        return None
    word = _("made up") if line.made_up else _word(here, line.mark)
    return OwnPast(line, word, meeting.number in catching_up.with_a_way(here, found, host().guard))


def _word(here: Here, mark: Mark | None) -> Any:
    if mark is None:
        return ""
    words = words_of(here)
    return words.get(mark.named or mark.status) or words[mark.status]


views.add_app_template_global(own_class_of)
views.add_app_template_global(own_past_of)
