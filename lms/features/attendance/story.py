"""One person's attendance as they read it themselves, and as those who lead read it: class by class, with what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person
from lms.features.attendance import moving, queries
from lms.features.attendance.actions import WAIVER
from lms.features.attendance.makeups import ACCEPTED
from lms.features.attendance.models import MakeUp, MarkQuestion
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.features.cohorts.queries import ClassHere, Here, Member, classes_of
from lms.host.db import session
from lms.host.guard import Guard
from lms.plugin_api.values import Ledger, Mark, MeetingState, Pause, Status, Text, Verdict

CANCELLED, BEFORE, PAUSED, NOT_MARKED, TO_COME, MARKED = (
    "cancelled", "before", "paused", "not_marked", "to_come", "marked",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One class of somebody. `links` are its marks, first to last; `make_ups` and `questions` oldest first.
    `elsewhere` is the class of an earlier group at which they were, where the mark came along from it."""

    meeting: ClassHere
    state: str
    mark: Mark | None
    links: tuple[Any, ...] = ()
    make_ups: tuple[Any, ...] = ()
    questions: tuple[Any, ...] = ()
    elsewhere: Any | None = None

    @property
    def marked(self) -> Any | None:
        """The link that says how they were there; a waiver says only what follows from it."""
        if self.mark is None:
            return None
        return next((link for link in reversed(self.links) if link.source != "waiver"), None)

    @property
    def waiver(self) -> Any | None:
        """The link with which somebody decided that this absence does not count for some outcomes."""
        last = self.links[-1] if self.links else None
        if not last or not last.waived_for:
            return None
        return next((link for link in reversed(self.links) if link.source == "waiver"), last)

    @property
    def make_up(self) -> Any | None:
        """The make-up on its way or accepted."""
        return next((row for row in self.make_ups if row.MakeUp.closed_at is None), None)

    @property
    def catching_up(self) -> bool:
        """True while a make-up is on its way."""
        return self.make_up is not None and self.make_up.MakeUp.state != ACCEPTED

    @property
    def closed_make_up(self) -> Any | None:
        """The last one that came to nothing, where nothing has followed it."""
        return self.make_ups[-1] if self.make_ups and self.make_up is None else None

    @property
    def question(self) -> Any | None:
        """What was asked last about this mark."""
        return self.questions[-1] if self.questions else None

    @property
    def asking(self) -> bool:
        """True while a question waits for its answer."""
        return self.question is not None and self.question.MarkQuestion.answered_at is None

    @property
    def told_ahead(self) -> bool:
        """True for a class to come of which they told us that they cannot be there."""
        ahead = self.meeting.state is MeetingState.PLANNED
        return self.state == MARKED and self.mark is not None and self.mark.status == Status.TOLD_US and ahead

    @property
    def missed(self) -> bool:
        """True where they were away, or told us that they will be."""
        return self.state == MARKED and bool(self.mark and self.mark.status in queries.NOT_HERE)

    @property
    def made_up(self) -> bool:
        """True for a class that they missed and made up, as a trainer accepted."""
        return self.state == MARKED and bool(self.mark and self.mark.made_up and not self.mark.was_there)

    @property
    def may_be_wrong(self) -> bool:
        """True for a mark that one can question: of a class that was, or one that somebody else made."""
        return self.state == NOT_MARKED or (self.state == MARKED and not self.told_ahead)


@dataclass(frozen=True)
class Story:
    """All of it, with the rule in words and `since` when it is in force here, and what it says for each outcome.
    `today` is the day where the group is."""

    lines: tuple[Line, ...]
    ledger: Ledger
    rule: Text | None
    since: datetime
    verdicts: dict[str, Verdict]
    today: date

    def line(self, number: int) -> Line | None:
        return next((line for line in self.lines if line.meeting.number == number), None)

    def numbers(self, *states: str) -> list[int]:
        """The numbers of the classes in one of these states."""
        return [line.meeting.number for line in self.lines if line.state in states]

    @property
    def standings(self) -> list[tuple[list[str], Verdict]]:
        """What is said of the outcomes, each thing once."""
        return said_once(self.verdicts)

    @property
    def counted(self) -> int:
        """How many classes can count for this person."""
        return len(self.ledger.counting())


def story_of(here: Here, person: Member, guard: Guard, now: datetime) -> Story:
    """One person's attendance. Four queries however many classes there are."""
    classes = classes_of(here, now)
    marks, chains = queries.history_of(here.id, person.enrolment_id)
    make_ups, questions = make_ups_of(person.enrolment_id), questions_of(person.enrolment_id)
    elsewhere = _elsewhere(person, chains)
    ledger = queries.ledger(here.course, classes, person, marks)
    lines = tuple(
        Line(
            meeting,
            state_of(meeting, marks.by_class.get(meeting.number), person.joined_at, person.pauses),
            marks.by_class.get(meeting.number),
            tuple(chains.get(meeting.number, ())),
            tuple(row for row in make_ups if row.MakeUp.meeting_id == meeting.id),
            tuple(row for row in questions if row.MarkQuestion.meeting_id == meeting.id),
            elsewhere.get(meeting.number),
        )
        for meeting in classes
    )
    since = here.cohort.rule_since or here.cohort.published_at
    verdicts = queries.verdicts(here.rule, guard, ledger)
    today = now.astimezone(ZoneInfo(here.zone)).date()
    return Story(lines, ledger, queries.rule_of(here, guard), since, verdicts, today)


def _elsewhere(person: Member, chains: Mapping[int, list[Any]]) -> dict[int, Any]:
    """Class number to the class of an earlier group, for marks that came along. No query for who was never moved."""
    brought = {number for number, links in chains.items() if _source_of(links) == moving.TRANSFER}
    if not brought:
        return {}
    found = moving.taken_elsewhere(session.get_one(Enrolment, person.enrolment_id))
    return {number: row for number, row in found.items() if number in brought}


def _source_of(links: list[Any]) -> str:
    """How the mark that counts came; waivers say nothing of that."""
    return next((link.source for link in reversed(links) if link.source != WAIVER), "")


def state_of(meeting: ClassHere, mark: Mark | None, joined: datetime, pauses: Iterable[Pause]) -> str:
    """How a class stands with somebody. Nobody is away before they joined or on a break; not marked is not away."""
    if meeting.state is MeetingState.CANCELLED:
        return CANCELLED
    if mark is not None and mark.was_there:
        return MARKED
    if meeting.starts_at < joined:
        return BEFORE
    if any(pause.covers(meeting.starts_at) for pause in pauses):
        return PAUSED
    if mark is not None:
        return MARKED
    return NOT_MARKED if meeting.state is MeetingState.HELD else TO_COME


def as_if_missed(ledger: Ledger, number: int) -> Ledger:
    """The ledger as it will be once class `number` is over and this person was not there. Never stored."""
    known = ledger.mark(number) or Mark(number, Status.TOLD_US, told_before=True)
    meetings = (replace(m, state=MeetingState.HELD) if m.number == number else m for m in ledger.meetings)
    marks = (mark for mark in ledger.marks if mark.meeting != number)
    return replace(ledger, meetings=tuple(meetings), marks=(*marks, known))


def said_once(verdicts: Mapping[str, Verdict]) -> list[tuple[list[str], Verdict]]:
    """The verdicts in the order of their outcomes, with all outcomes of which the very same is said."""
    found: dict[Any, tuple[list[str], Verdict]] = {}
    for outcome, verdict in verdicts.items():
        key = (verdict.status, verdict.reason, verdict.next_step)
        found.setdefault(key, ([], verdict))[0].append(outcome)
    return list(found.values())


_Other, _OtherCohort = aliased(Meeting), aliased(Cohort)
_Agreed, _Decided = aliased(Person), aliased(Person)
_MAKE_UPS_OF_ONE = (
    select(
        MakeUp,
        _Other.starts_at,
        _Other.place,
        _Other.link,
        _Other.state.label("other_state"),
        _OtherCohort.name.label("group"),
        _Agreed.name.label("agreed_by"),
        _Decided.name.label("decided_by"),
    )
    .outerjoin(_Other, _Other.id == MakeUp.other_meeting_id)
    .outerjoin(_OtherCohort, _OtherCohort.id == _Other.cohort_id)
    .outerjoin(_Agreed, _Agreed.id == MakeUp.agreed_by)
    .outerjoin(_Decided, _Decided.id == MakeUp.decided_by)
    .where(MakeUp.enrolment_id == bindparam("enrolment"))
    .order_by(MakeUp.id)
)


def make_ups_of(enrolment_id: int) -> list[Any]:
    """Every make-up of one person, oldest first, with the class of another group where that is the way."""
    return list(session.execute(_MAKE_UPS_OF_ONE, {"enrolment": enrolment_id}))


_QUESTIONS_OF_ONE = (
    select(MarkQuestion, Person.name.label("answered_by"))
    .outerjoin(Person, Person.id == MarkQuestion.answered_by)
    .where(MarkQuestion.enrolment_id == bindparam("enrolment"))
    .order_by(MarkQuestion.id)
)


def questions_of(enrolment_id: int) -> list[Any]:
    """What one person has asked about their marks, oldest first, with who answered."""
    return list(session.execute(_QUESTIONS_OF_ONE, {"enrolment": enrolment_id}))
