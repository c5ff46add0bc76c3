""" "This is not right": asked by the trainee in two taps, answered by those who lead the group."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.attendance import actions, questions, story
from lms.features.attendance.pages import class_and_facts, own_statuses, words_of
from lms.features.attendance.telling import tell
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
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

views = Blueprint("questions", __name__, template_folder="templates")


# -- the trainee --------------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/question")
@signed_in_only
def ask(cohort_id: int, number: int) -> ResponseReturnValue:
    """The mark, who made it, and one button. Words are possible."""
    here = cohorts.attended_by(visitor(), cohort_id)
    return _ask_page(here, _line(here, number))


def _line(here: Here, number: int) -> story.Line:
    line = story.story_of(here, here.me, host().guard, now()).line(number)
    if line is None:
        raise NotFound
    return line


def _ask_page(here: Here, line: story.Line, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    values = {"here": here, "line": line, "words": words_of(here), "typed": request.form, "errors": errors or {}}
    return page("attendance/question.html", status, **values)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/question")
@signed_in_only
def send(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    line = _line(here, number)
    if not line.may_be_wrong:
        raise Refused(_("There is nothing here yet that could be wrong."))
    _meeting, facts = class_and_facts(here, number)
    try:
        with saved():
            if questions.ask(facts, here.me.enrolment_id, _words(), by=here.who.id, now=now()):
                _tell_trainers(here, line)
    except Incomplete as incomplete:
        return _ask_page(here, line, incomplete.by_field, 422)
    flash(_("Sent. You will read the answer here."))
    return go("attendance.mine", cohort_id=cohort_id, _anchor=f"class-{number}")


def _words() -> str:
    return form("words", questions.MOST_WORDS)


def _tell_trainers(here: Here, line: story.Line) -> None:
    """To whoever made the mark, if they train this group; else to all its trainers."""
    trainers: set[int] = {trainer.id for trainer in cohorts.trainers_of(here)} - {here.who.id}
    maker = questions.made_by(line.meeting.id, here.me.enrolment_id)
    number = line.meeting.number
    news = _l("%(name)s asks you to look at a mark of class %(number)s.", name=here.who.name, number=number)
    asked = trainers & {maker} or trainers
    tell(asked, news, address("questions.list", cohort_id=here.id), at=now())


# -- those who lead -----------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/questions", endpoint="list")
@signed_in_only
def of_group(cohort_id: int) -> ResponseReturnValue:
    """Questions about marks: those that wait, then those that are answered."""
    return _list_page(cohorts.led_by(visitor(), cohort_id))


def _list_page(here: Here, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    rows = questions.questions_of_group(here.id)
    waiting = [row for row in rows if row.MarkQuestion.answered_at is None]
    return page(
        "attendance/questions.html",
        status,
        here=here,
        waiting=waiting,
        answered=[row for row in reversed(rows) if row.MarkQuestion.answered_at],
        marks=questions.marks_asked_about(row.MarkQuestion.id for row in waiting),
        words=words_of(here),
        reads_words=here.who.plays(Role.TRAINER, organization=here.organization.id, cohort=here.id),
        typed=request.form,
        tried=(request.view_args or {}).get("question_id"),
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/questions/<int:question_id>/answer")
@signed_in_only
def answer(cohort_id: int, question_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    row = questions.question_of_group(here.id, question_id)
    _meeting, facts = class_and_facts(here, row.number)
    to = form("to", 60)
    own = own_statuses(here).get(to)
    named = own.name if own else ""
    try:
        with saved():
            reason = form("answer", actions.MAX_WHY)
            questions.answer(
                facts,
                question_id,
                own.like if own else to,
                named,
                reason,
                about=row.person_id,
                by=here.who.id,
                now=now(),
            )
            news = _l("There is an answer to your question about class %(number)s.", number=row.number)
            tell([row.person_id], news, address("attendance.mine", cohort_id=here.id), at=now())
    except Incomplete as incomplete:
        return _list_page(here, incomplete.by_field, 422)
    flash(_("Answered. %(name)s gets a mail.", name=row.name))
    return go(".list", cohort_id=cohort_id)
