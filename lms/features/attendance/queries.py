"""Marks as facts: the ledgers that attendance policies judge, and what a trainee sees of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, func, literal, select, union_all

from lms.features.accounts.models import Person
from lms.features.attendance.models import AttendanceMark, MakeUp, MarkQuestion
from lms.features.cohorts.models import Meeting
from lms.features.cohorts.queries import ClassHere, Here, Member
from lms.host.db import session
from lms.host.guard import Guard, Rule
from lms.plugin_api.content import Course
from lms.plugin_api.values import CatchUp, Ledger, Mark, Status, Text, Verdict

_MARKS = (
    select(
        AttendanceMark.enrolment_id,
        Meeting.number,
        AttendanceMark.status,
        AttendanceMark.named,
        AttendanceMark.minutes,
        AttendanceMark.late_by,
        AttendanceMark.waived_for,
        AttendanceMark.told_before,
        MakeUp.name.label("make_up"),
        MakeUp.state.label("make_up_state"),
    )
    .join(Meeting, Meeting.id == AttendanceMark.meeting_id)
    .outerjoin(
        MakeUp,
        (MakeUp.meeting_id == AttendanceMark.meeting_id)
        & (MakeUp.enrolment_id == AttendanceMark.enrolment_id)
        & MakeUp.closed_at.is_(None),
    )
    .where(Meeting.cohort_id == bindparam("cohort"))
    .order_by(AttendanceMark.sequence)
)
_MARKS_OF_ONE = _MARKS.where(AttendanceMark.enrolment_id == bindparam("enrolment"))


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one person that count, by class, and the make-ups on their way or accepted."""

    by_class: dict[int, Mark] = field(default_factory=dict)
    catch_ups: tuple[CatchUp, ...] = ()


NO_MARKS = Marks()

# Nobody is grouped, and nobody took part, who was away or told us so.
NOT_HERE = (Status.AWAY, Status.TOLD_US)


def marks_of_cohort(cohort_id: int) -> dict[int, Marks]:
    """Enrolment to their marks. One query."""
    return _folded(session.execute(_MARKS, {"cohort": cohort_id}))


def marks_of(cohort_id: int, enrolment_id: int) -> Marks:
    """The same for one person."""
    rows = session.execute(_MARKS_OF_ONE, {"cohort": cohort_id, "enrolment": enrolment_id})
    return _folded(rows).get(enrolment_id, NO_MARKS)


def _folded(rows: Iterable[Any]) -> dict[int, Marks]:
    last = {(row.enrolment_id, row.number): row for row in rows}
    found: dict[int, Marks] = {}
    for (enrolment_id, number), row in last.items():
        known = found.get(enrolment_id) or Marks()
        if row.status:
            known.by_class[number] = Mark(
                number,
                Status(row.status),
                row.minutes,
                row.late_by,
                row.make_up_state == "accepted",
                frozenset(row.waived_for),
                row.told_before,
                row.named,
            )
        if row.make_up:
            known = replace(known, catch_ups=(*known.catch_ups, CatchUp(number, row.make_up, row.make_up_state)))
        found[enrolment_id] = known
    return found


def attendance_outcomes(course: Course) -> tuple[str, ...]:
    """The outcomes that need attendance, lowest first."""
    needing = {o for r in course.requirements if r.kind == "attendance" for o in r.needed_for}
    return tuple(o.id for o in course.outcomes if o.id in needing)


def ledger(course: Course, classes: Iterable[ClassHere], person: Member, marks: Marks) -> Ledger:
    """All that a policy may know about one person."""
    return ledger_of(without_marks(course, classes), person, marks)


def without_marks(course: Course, classes: Iterable[ClassHere]) -> Ledger:
    """What the ledgers of a cohort have in common; made once for everyone."""
    return Ledger(tuple(c.fact() for c in classes), outcomes=attendance_outcomes(course), names=names_in(course))


def ledger_of(common: Ledger, person: Member, marks: Marks) -> Ledger:
    """The ledger of one person, on what the cohort's ledgers have in common."""
    return Ledger(
        meetings=common.meetings,
        marks=tuple(marks.by_class.values()),
        joined=person.joined_at,
        outcomes=common.outcomes,
        names=common.names,
        pauses=person.pauses,
        catch_ups=marks.catch_ups,
    )


def names_in(course: Course) -> dict[str, Text]:
    """Titles of modules and outcomes by id."""
    return {m.id: m.title for m in course.modules} | {o.id: o.title for o in course.outcomes}


def rule_of(here: Here, guard: Guard) -> Text | None:
    """The cohort's attendance rule in words; None where there is none."""
    rule = here.rule
    return guard.attendance_rule(rule, names_in(here.course)) if rule else None


def verdicts(rule: Rule | None, guard: Guard, ledger: Ledger) -> dict[str, Verdict]:
    """What the rule says of one person, for each outcome that needs attendance."""
    return guard.judge_attendance(rule, ledger, ledger.outcomes) if rule else {}


_HISTORY_OF_ONE = _MARKS_OF_ONE.outerjoin(Person, Person.id == AttendanceMark.by_id).add_columns(
    AttendanceMark.note,
    AttendanceMark.why,
    AttendanceMark.source,
    AttendanceMark.at,
    AttendanceMark.by_id,
    Person.name.label("by"),
)


def history_of(cohort_id: int, enrolment_id: int) -> tuple[Marks, dict[int, list[Any]]]:
    """The marks of one person that count, and class to every link of its chain, first to last, with who made it."""
    rows = session.execute(_HISTORY_OF_ONE, {"cohort": cohort_id, "enrolment": enrolment_id}).all()
    chains: dict[int, list[Any]] = {}
    for row in rows:
        chains.setdefault(row.number, []).append(row)
    return _folded(rows).get(enrolment_id, NO_MARKS), chains


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions about marks wait for an answer in a group, and how many make-ups for a word of its trainers."""

    questions: int = 0
    make_ups: int = 0


def waiting_on_trainers(cohort_ids: Iterable[int]) -> dict[int, Waiting]:
    """Cohort to what waits there, for those where anything does. One query however many there are."""
    cohorts = list(cohort_ids)
    if not cohorts:
        return {}
    rows = session.execute(_WAITING, {"cohorts": cohorts})
    return {row.cohort_id: Waiting(row.questions, row.make_ups) for row in rows}


_OPEN_QUESTIONS = (
    select(Meeting.cohort_id, literal(1).label("question"), literal(0).label("make_up"))
    .join(MarkQuestion, MarkQuestion.meeting_id == Meeting.id)
    .where(MarkQuestion.answered_at.is_(None), Meeting.cohort_id.in_(bindparam("cohorts", expanding=True)))
)
_OPEN_MAKE_UPS = (
    select(Meeting.cohort_id, literal(0).label("question"), literal(1).label("make_up"))
    .join(MakeUp, MakeUp.meeting_id == Meeting.id)
    .where(
        MakeUp.closed_at.is_(None),
        MakeUp.state.in_(("asked", "done")),
        Meeting.cohort_id.in_(bindparam("cohorts", expanding=True)),
    )
)
_OPEN = union_all(_OPEN_QUESTIONS, _OPEN_MAKE_UPS).subquery()
_WAITING = select(
    _OPEN.c.cohort_id, func.sum(_OPEN.c.question).label("questions"), func.sum(_OPEN.c.make_up).label("make_ups")
).group_by(_OPEN.c.cohort_id)
