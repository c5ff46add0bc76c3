"""Marks as facts: the ledgers that attendance policies judge, and what a trainee sees of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person
from lms.features.attendance.actions import WAIVER
from lms.features.attendance.models import AttendanceMark, MakeUp, MarkQuestion
from lms.features.cohorts.models import Enrolment, Meeting
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

STATUSES = {str(status): status for status in Status}
NOWHERE: frozenset[str] = frozenset()

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
                STATUSES[row.status],
                row.minutes,
                row.late_by,
                row.make_up_state == "accepted",
                frozenset(row.waived_for) if row.waived_for else NOWHERE,
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


_Next = aliased(AttendanceMark)
# How somebody is marked in their groups (`enrolments`), class by class, with how it came; waivers say nothing of that.
STANDING_OF_SOME = (
    select(
        AttendanceMark.id,
        AttendanceMark.enrolment_id,
        AttendanceMark.meeting_id,
        AttendanceMark.status,
        AttendanceMark.source,
    )
    .outerjoin(
        _Next,
        (_Next.meeting_id == AttendanceMark.meeting_id)
        & (_Next.enrolment_id == AttendanceMark.enrolment_id)
        & (_Next.sequence > AttendanceMark.sequence)
        & (_Next.source != WAIVER),
    )
    .where(
        AttendanceMark.enrolment_id.in_(bindparam("enrolments", expanding=True)),
        AttendanceMark.source != WAIVER,
        _Next.id.is_(None),
    )
)


# The make-ups of somebody in their groups (`enrolments`) that are on their way or accepted.
LIVE_MAKE_UPS_OF_SOME = select(
    MakeUp.id, MakeUp.enrolment_id, MakeUp.meeting_id, MakeUp.state.label("make_up_state"), MakeUp.due_on
).where(MakeUp.enrolment_id.in_(bindparam("enrolments", expanding=True)), MakeUp.closed_at.is_(None))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions about marks wait for an answer in a group, how many make-ups for a word of its trainers, and
    class number to how many told us that they cannot come."""

    questions: int = 0
    make_ups: int = 0
    told: Mapping[int, int] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """True where something asks for an answer."""
        return bool(self.questions or self.make_ups)


def waiting_on_trainers(cohort_ids: Iterable[int]) -> dict[int, Waiting]:
    """Cohort to what waits there, for those where anything does. One query however many there are."""
    cohorts = list(cohort_ids)
    if not cohorts:
        return {}
    found: dict[int, Waiting] = {}
    for row in session.execute(_WAITING, {"cohorts": cohorts}):
        known = found.get(row.cohort_id, Waiting())
        told = {**known.told, row.number: row.told} if row.told else known.told
        found[row.cohort_id] = Waiting(known.questions + row.questions, known.make_ups + row.make_ups, told)
    return found


def _part(question: int, make_up: int, told: int) -> Any:
    """One of the selects that are counted together."""
    parts = {"question": question, "make_up": make_up, "told": told}
    named = (literal(value).label(name) for name, value in parts.items())
    return select(Meeting.cohort_id, Meeting.number, *named).where(
        Meeting.cohort_id.in_(bindparam("cohorts", expanding=True))
    )


_OPEN_QUESTIONS = (
    _part(1, 0, 0).join(MarkQuestion, MarkQuestion.meeting_id == Meeting.id).where(MarkQuestion.answered_at.is_(None))
)
_OPEN_MAKE_UPS = (
    _part(0, 1, 0)
    .join(MakeUp, MakeUp.meeting_id == Meeting.id)
    .where(MakeUp.closed_at.is_(None), MakeUp.state.in_(("asked", "done")))
)
_Later = aliased(AttendanceMark)
_TOLD = (
    _part(0, 0, 1)
    .join(AttendanceMark, AttendanceMark.meeting_id == Meeting.id)
    .join(Enrolment, Enrolment.id == AttendanceMark.enrolment_id)
    .outerjoin(
        _Later,
        (_Later.meeting_id == AttendanceMark.meeting_id)
        & (_Later.enrolment_id == AttendanceMark.enrolment_id)
        & (_Later.sequence > AttendanceMark.sequence),
    )
    .where(AttendanceMark.status == Status.TOLD_US, _Later.id.is_(None), Enrolment.left_at.is_(None))
)
_OPEN = union_all(_OPEN_QUESTIONS, _OPEN_MAKE_UPS, _TOLD).subquery()
_WAITING = select(
    _OPEN.c.cohort_id,
    _OPEN.c.number,
    func.sum(_OPEN.c.question).label("questions"),
    func.sum(_OPEN.c.make_up).label("make_ups"),
    func.sum(_OPEN.c.told).label("told"),
).group_by(_OPEN.c.cohort_id, _OPEN.c.number)
