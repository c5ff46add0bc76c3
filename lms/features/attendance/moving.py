"""Marks and make-ups go along when somebody moves to another group: class by class, by the number in the course.

And when a class itself moves to another day, what was said of the old one is taken back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.features.attendance.actions import WAIVER, last_marks
from lms.features.attendance.models import AttendanceMark, MakeUp, MarkQuestion
from lms.features.attendance.queries import NOT_HERE
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.host.db import locked, session
from lms.plugin_api.values import MeetingState

TRANSFER, MOVED = "transfer", "moved"


@dataclass(frozen=True)
class Brought:
    """What a place has of attendance: class number to the mark that counts, how many questions wait for an answer, and the
    numbers of the classes with a make-up on its way or accepted."""

    marks: dict[int, AttendanceMark]
    questions: int
    making_up: set[int]

    def comes_along(self, number: int, starts: datetime, now: datetime) -> bool:
        """False for an absence where the new group's class is still to come: it can be taken there."""
        mark = self.marks[number]
        return starts <= now or mark.status not in NOT_HERE or bool(mark.waived_for) or number in self.making_up


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
    live = (
        select(Meeting.number)
        .join(MakeUp, MakeUp.meeting_id == Meeting.id)
        .where(MakeUp.enrolment_id == enrolment.id, MakeUp.closed_at.is_(None))
    )
    return Brought(marks, len(session.scalars(open_questions).all()), set(session.scalars(live)))


def brought_along(cohort_id: int) -> set[tuple[int, int]]:
    """Enrolment and class number of the marks of a group that came along from another one. One query."""
    rows = session.execute(
        select(AttendanceMark.enrolment_id, Meeting.number, AttendanceMark.source)
        .join(Meeting, Meeting.id == AttendanceMark.meeting_id)
        .where(Meeting.cohort_id == cohort_id, AttendanceMark.source != WAIVER)
        .order_by(AttendanceMark.sequence)
    )
    last = {(row.enrolment_id, row.number): row.source for row in rows}
    return {place for place, source in last.items() if source == TRANSFER}


def took_before(mark: AttendanceMark, starts: datetime) -> bool:
    """True for a mark of somebody who was at this class in another group, before it began in this one."""
    return mark.source == TRANSFER and mark.status not in (*NOT_HERE, None) and mark.at < starts


def taken_elsewhere(enrolment: Enrolment) -> dict[int, Any]:
    """Class number to the class of an earlier group at which this person was: `starts_at` and `group`. Two queries."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.moved_from_id).where(Enrolment.person_id == enrolment.person_id)
    )
    came_from = {row.id: row.moved_from_id for row in rows}
    earlier: set[int] = set()
    at = came_from.get(enrolment.id)
    while at is not None and at not in earlier and at != enrolment.id:
        earlier.add(at)
        at = came_from.get(at)
    if not earlier:
        return {}
    found = session.execute(
        select(Meeting.number, Meeting.starts_at, Cohort.name.label("group"), AttendanceMark.status)
        .join(Meeting, Meeting.id == AttendanceMark.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(AttendanceMark.enrolment_id.in_(earlier), AttendanceMark.source.not_in((TRANSFER, WAIVER, MOVED)))
        .order_by(AttendanceMark.at, AttendanceMark.sequence)
    )
    last = {row.number: row for row in found}
    return {number: row for number, row in last.items() if row.status and row.status not in NOT_HERE}


def take_back_absences(meeting_id: int, *, by: int, now: datetime) -> set[int]:
    """A class got another day: nobody has told us of that one, and nobody was away on it. The enrolments it concerns."""
    standing = {id: mark for id, mark in last_marks(meeting_id).items() if mark.status in NOT_HERE}
    for id, mark in standing.items():
        session.add(
            AttendanceMark(
                meeting_id=meeting_id,
                enrolment_id=id,
                sequence=mark.sequence + 1,
                status=None,
                source=MOVED,
                by_id=by,
                at=now,
            )
        )
    return set(standing)


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
    brought = brought_by(old, now)
    for number, mark in sorted(brought.marks.items()):  # all who hold several classes take them in this order
        meeting = classes.get(number)
        if meeting and brought.comes_along(number, meeting.starts_at, now):
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
