"""Marks as facts: the ledgers that attendance policies judge, and what a trainee sees of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select

from lms.features.accounts.models import Person
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts.models import Meeting
from lms.features.cohorts.queries import ClassHere, Here, Member
from lms.host.db import session
from lms.host.guard import Guard
from lms.plugin_api.content import Course
from lms.plugin_api.values import Ledger, Mark, Status, Text, Verdict

_MARKS = (
    select(
        AttendanceMark.enrolment_id,
        Meeting.number,
        AttendanceMark.status,
        AttendanceMark.minutes,
        AttendanceMark.late_by,
    )
    .join(Meeting, Meeting.id == AttendanceMark.meeting_id)
    .where(Meeting.cohort_id == bindparam("cohort"))
    .order_by(AttendanceMark.sequence)
)
_MARKS_OF_ONE = _MARKS.where(AttendanceMark.enrolment_id == bindparam("enrolment"))

MarksByClass = dict[int, Mark]

# Nobody is grouped, and nobody took part, who was away or told us so.
NOT_HERE = (Status.AWAY, Status.TOLD_US)


def marks_of_cohort(cohort_id: int) -> dict[int, MarksByClass]:
    """Enrolment to class number to the mark that counts. One query."""
    return _folded(session.execute(_MARKS, {"cohort": cohort_id}))


def marks_of(cohort_id: int, enrolment_id: int) -> MarksByClass:
    """The same for one person."""
    rows = session.execute(_MARKS_OF_ONE, {"cohort": cohort_id, "enrolment": enrolment_id})
    return _folded(rows).get(enrolment_id, {})


def _folded(rows: Iterable[Any]) -> dict[int, MarksByClass]:
    last = {(row.enrolment_id, row.number): row for row in rows}
    found: dict[int, MarksByClass] = {}
    for (enrolment_id, number), row in last.items():
        if row.status:
            mark = Mark(number, Status(row.status), row.minutes, row.late_by)
            found.setdefault(enrolment_id, {})[number] = mark
    return found


def attendance_outcomes(course: Course) -> tuple[str, ...]:
    """The outcomes that need attendance, lowest first."""
    needing = {o for r in course.requirements if r.kind == "attendance" for o in r.needed_for}
    return tuple(o.id for o in course.outcomes if o.id in needing)


def ledger(course: Course, classes: Iterable[ClassHere], person: Member | Any, marks: MarksByClass) -> Ledger:
    """All that a policy may know about one person."""
    return Ledger(
        meetings=tuple(c.fact() for c in classes),
        marks=tuple(marks.values()),
        joined=person.joined_at,
        outcomes=attendance_outcomes(course),
        names=names_in(course),
    )


def names_in(course: Course) -> dict[str, Text]:
    """Titles of modules and outcomes by id."""
    return {m.id: m.title for m in course.modules} | {o.id: o.title for o in course.outcomes}


def rule_of(course: Course, guard: Guard) -> Text | None:
    """The attendance rule in words; None where the course has none."""
    choice = course.attendance
    return guard.attendance_rule(choice.policy, choice.options, names_in(course)) if choice else None


def verdicts(course: Course, guard: Guard, ledger: Ledger) -> dict[str, Verdict]:
    """What the course's policy says of one person, for each outcome that needs attendance."""
    choice = course.attendance
    return guard.judge_attendance(choice.policy, ledger, ledger.outcomes, choice.options) if choice else {}


def chain_of(here: Here, enrolment_id: int) -> dict[int, list[Any]]:
    """Class number to every mark of one person, first to last, with who made it."""
    rows = session.execute(
        select(
            Meeting.number,
            AttendanceMark.status,
            AttendanceMark.minutes,
            AttendanceMark.late_by,
            AttendanceMark.note,
            AttendanceMark.source,
            AttendanceMark.at,
            Person.name.label("by"),
        )
        .join(Meeting, Meeting.id == AttendanceMark.meeting_id)
        .outerjoin(Person, Person.id == AttendanceMark.by_id)
        .where(Meeting.cohort_id == here.id, AttendanceMark.enrolment_id == enrolment_id)
        .order_by(AttendanceMark.sequence)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.number, []).append(row)
    return found
