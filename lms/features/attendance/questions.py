""" "This is not right": a trainee questions a mark, somebody else answers with a reason. The history stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from lms.features.accounts.models import Person
from lms.features.accounts.roles import not_oneself
from lms.features.attendance import actions
from lms.features.attendance.models import AttendanceMark, MarkQuestion
from lms.features.cohorts.models import Enrolment, Meeting
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l

MOST_WORDS = 1000
STAYS, NOT_MARKED = "stays", "none"


def ask(meeting: actions.ClassFacts, enrolment_id: int, words: str, *, by: int, now: datetime) -> bool:
    """Question the own mark. False where a question about it is open already: nothing is asked twice."""
    locked(Enrolment, enrolment_id)
    known = session.scalar(
        select(MarkQuestion.id).where(
            MarkQuestion.meeting_id == meeting.meeting_id,
            MarkQuestion.enrolment_id == enrolment_id,
            MarkQuestion.answered_at.is_(None),
        )
    )
    if known is not None:
        return False
    asked = MarkQuestion(
        meeting_id=meeting.meeting_id, enrolment_id=enrolment_id, words=words.strip()[:MOST_WORDS], asked_at=now
    )
    session.add(asked)
    session.flush()
    _note("asked", asked, by=by, organization=meeting.organization_id, about=by, now=now)
    return True


def answer(
    meeting: actions.ClassFacts,
    question_id: int,
    to: str,
    named: str,
    reason: str,
    *,
    about: int,
    by: int,
    now: datetime,
) -> MarkQuestion:
    """The mark stays (`STAYS`), or is corrected to a status (`NOT_MARKED`: taken away), with a reason that the trainee
    reads. Raises Incomplete without one, Refused where somebody has answered already."""
    not_oneself(by, about)
    asked = locked(MarkQuestion, question_id)
    if asked.answered_at is not None:
        raise Refused(_l("Somebody has answered this already. Look at the page again."))
    errors = {}
    if not to:
        errors["to"] = _l("Choose whether the mark stays.")
    if not reason.strip():
        errors["answer"] = _l("Write why. The trainee will read it.")
    if errors:
        raise Incomplete(errors)
    before = actions.last_marks(meeting.meeting_id).get(asked.enrolment_id)
    stands = before
    if to != STAYS:
        status, source = "" if to == NOT_MARKED else to, actions.CORRECTION
        stands = actions.mark(
            meeting, asked.enrolment_id, status, by=by, now=now, about=about, source=source, named=named, why=reason
        )
    asked.corrected, asked.answer = stands is not before, reason.strip()[: actions.MAX_WHY]
    asked.answered_by, asked.answered_at = by, now
    _note("answered", asked, by=by, organization=meeting.organization_id, about=about, now=now)
    return asked


def _note(what: str, asked: MarkQuestion, *, by: int, organization: int, about: int, now: datetime) -> None:
    subject = f"mark_question:{asked.id}"
    audit.note(f"mark_question.{what}", subject, at=now, by=by, organization=organization, about=about)


# -- reads --------------------------------------------------------------------------------------------------

_QUESTIONS = (
    select(MarkQuestion, Meeting.number, Person.id.label("person_id"), Person.name)
    .join(Meeting, Meeting.id == MarkQuestion.meeting_id)
    .join(Enrolment, Enrolment.id == MarkQuestion.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Meeting.cohort_id == bindparam("cohort"))
    .order_by(MarkQuestion.id)
)


def questions_of_group(cohort_id: int) -> list[Any]:
    """Every question about a mark of a group, oldest first, with whose and which class."""
    return list(session.execute(_QUESTIONS, {"cohort": cohort_id}))


def question_of_group(cohort_id: int, question_id: int) -> Any:
    """One of them. Raises NotFound for another group's."""
    row = session.execute(_QUESTIONS.where(MarkQuestion.id == question_id), {"cohort": cohort_id}).first()
    if row is None:
        raise NotFound
    return row


def marks_asked_about(question_ids: Iterable[int]) -> dict[int, Any]:
    """Question to the mark that it is about, as it stands now, with the name of who made it. One query."""
    rows = session.execute(
        select(MarkQuestion.id, AttendanceMark, Person.name)
        .join(
            AttendanceMark,
            (AttendanceMark.meeting_id == MarkQuestion.meeting_id)
            & (AttendanceMark.enrolment_id == MarkQuestion.enrolment_id),
        )
        .outerjoin(Person, Person.id == AttendanceMark.by_id)
        .where(MarkQuestion.id.in_(list(question_ids)))
        .order_by(AttendanceMark.sequence)
    )
    return {row.id: row for row in rows}


def made_by(meeting_id: int, enrolment_id: int) -> int | None:
    """Who made the mark that stands; None where nobody has, or a machine."""
    return session.scalar(
        select(AttendanceMark.by_id)
        .where(
            AttendanceMark.meeting_id == meeting_id,
            AttendanceMark.enrolment_id == enrolment_id,
            AttendanceMark.source != "waiver",
        )
        .order_by(AttendanceMark.sequence.desc())
        .limit(1)
    )
