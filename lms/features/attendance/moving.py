"""Marks and make-ups go along when somebody moves to another group: class by class, by the number in the course."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from lms.features.attendance.models import AttendanceMark, MakeUp, MarkQuestion
from lms.features.cohorts.models import Enrolment, Meeting
from lms.host.db import locked, session
from lms.plugin_api.values import MeetingState

TRANSFER = "transfer"


@dataclass(frozen=True)
class Brought:
    """What a place has of attendance: class number to the mark that counts, and how many questions wait for an answer."""

    marks: dict[int, AttendanceMark]
    questions: int


def brought_by(enrolment: Enrolment, now: datetime) -> Brought:
    """Marks at classes that have begun: a notice for a date of the old group says nothing of the new one's."""
    rows = session.execute(
        select(Meeting.number, AttendanceMark)
        .join(Meeting, Meeting.id == AttendanceMark.meeting_id)
        .where(
            AttendanceMark.enrolment_id == enrolment.id,
            Meeting.cohort_id == enrolment.cohort_id,
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at <= now,
        )
        .order_by(AttendanceMark.sequence)
    )
    last = {row.number: row.AttendanceMark for row in rows}
    open_questions = select(MarkQuestion.id).where(
        MarkQuestion.enrolment_id == enrolment.id, MarkQuestion.answered_at.is_(None)
    )
    marks = {number: mark for number, mark in sorted(last.items()) if mark.status}
    return Brought(marks, len(session.scalars(open_questions).all()))


def numbers_of(cohort_id: int) -> dict[int, Meeting]:
    """Class number to the class, without those that were cancelled: they count for nobody."""
    found = session.scalars(
        select(Meeting).where(Meeting.cohort_id == cohort_id, Meeting.state != MeetingState.CANCELLED)
    )
    return {meeting.number: meeting for meeting in found}


def move_marks(
    old: Enrolment, new: Enrolment, numbers: Collection[int], outcomes: Collection[str], *, by: int, now: datetime
) -> datetime | None:
    """Add the marks that count to the chains of `new`, and take make-ups along. The first class that got a mark begins then.

    `numbers` are the classes that both courses have, `outcomes` those of the new one. What trainers noted stays where it
    was written. A mark that stands there just so is not added again.
    """
    classes = {number: meeting for number, meeting in numbers_of(new.cohort_id).items() if number in numbers}
    begins = []
    for number, mark in brought_by(old, now).marks.items():
        if meeting := classes.get(number):
            locked(Meeting, meeting.id)
            begins.append(meeting.starts_at)
            _append(mark, meeting.id, new.id, [o for o in mark.waived_for if o in outcomes], by, now)
    _move_make_ups(old, new, {number: meeting.id for number, meeting in classes.items()})
    return min(begins, default=None)


def _append(
    mark: AttendanceMark, meeting_id: int, enrolment_id: int, waived: list[str], by: int, now: datetime
) -> None:
    last = session.scalar(
        select(AttendanceMark)
        .where(AttendanceMark.meeting_id == meeting_id, AttendanceMark.enrolment_id == enrolment_id)
        .order_by(AttendanceMark.sequence.desc())
        .limit(1)
    )
    says = {
        "status": mark.status,
        "named": mark.named,
        "minutes": mark.minutes,
        "late_by": mark.late_by,
        "waived_for": waived,
        "told_before": mark.told_before,
    }
    if last is None or any(getattr(last, name) != value for name, value in says.items()):
        sequence = last.sequence + 1 if last else 1
        session.add(
            AttendanceMark(
                meeting_id=meeting_id,
                enrolment_id=enrolment_id,
                sequence=sequence,
                why=mark.why,
                source=TRANSFER,
                by_id=by,
                at=now,
                **says,
            )
        )


def _move_make_ups(old: Enrolment, new: Enrolment, classes: dict[int, int]) -> None:
    """Make-ups on their way or accepted; where one is agreed for the class in the new group already, that one stays."""
    live = MakeUp.closed_at.is_(None)
    there = set(session.scalars(select(MakeUp.meeting_id).where(MakeUp.enrolment_id == new.id, live)))
    rows = session.execute(
        select(MakeUp.id, Meeting.number)
        .join(Meeting, Meeting.id == MakeUp.meeting_id)
        .where(MakeUp.enrolment_id == old.id, live)
    ).all()
    for id, number in rows:
        meeting = classes.get(number)
        if meeting is not None and meeting not in there:
            session.execute(update(MakeUp).where(MakeUp.id == id).values(meeting_id=meeting, enrolment_id=new.id))
