"""How a ledger stands for one outcome: which classes count, which were missed, and the status that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from lms.plugin_api import Ledger, Mark, Meeting, MeetingState, Options, Status, Text, VerdictStatus
from lms_northside import words

CLOSED = frozenset({VerdictStatus.NOT_MET, VerdictStatus.CANNOT_BE_MET})


class NorthsideOptions(Options):
    """`max_missed` classes may be missed. An outcome in `never_miss` needs the modules named there.

    `makeup_clears`: a made-up class no longer counts as missed. `late_after`: minutes late from which a class counts
    as missed. `min_share`: share of a class's minutes that one must be present. `module_rule`: whether one class of
    such a module is enough. `before_joining`: whether classes before somebody joined count as missed.
    """

    max_missed: Annotated[int, Field(ge=0)] = 2
    never_miss: Mapping[str, tuple[str, ...]] = {}
    makeup_clears: bool = False
    late_after: Annotated[int, Field(ge=1)] | None = None
    min_share: Annotated[float, Field(gt=0, le=1)] | None = None
    module_rule: Literal["any_class", "every_class"] = "every_class"
    before_joining: Literal["does_not_count", "counts"] = "does_not_count"


How = Literal["there", "missed", "made_up", "waived", "open"]


@dataclass(frozen=True, slots=True)
class Line:
    """One class that counts, as it stands for one outcome. `note` says why presence was not enough."""

    meeting: Meeting
    how: How
    mark: Mark | None
    note: Text | None = None


def _before(ledger: Ledger, meeting: Meeting) -> bool:
    return ledger.joined is not None and meeting.starts < ledger.joined


def _shortfall(mark: Mark, meeting: Meeting, options: NorthsideOptions) -> tuple[bool, Text | None]:
    """Whether this class counts as missed by what was noted about it, with a sentence if somebody was there."""
    if mark.status in (Status.AWAY, Status.TOLD_US):
        return True, None
    needed = (options.min_share or 0) * meeting.minutes - 1e-9
    if mark.minutes is not None and mark.minutes < needed:
        part = words.partly_there(meeting.number, mark.minutes / meeting.minutes)
        return True, part if mark.minutes else None
    late = mark.late_by if mark.status is not Status.TECH_TROUBLE else None
    if options.late_after is not None and late is not None and late >= options.late_after:
        return True, words.came_late(meeting.number, late)
    return False, None


def _line(ledger: Ledger, meeting: Meeting, outcome: str, options: NorthsideOptions) -> Line:
    mark = ledger.mark(meeting.number)
    if mark is None:
        return Line(meeting, "missed" if _before(ledger, meeting) else "open", None)
    missed, note = _shortfall(mark, meeting, options)
    if not missed:
        return Line(meeting, "there", mark)
    if outcome in mark.waived_for:
        return Line(meeting, "waived", mark)
    return Line(meeting, "made_up" if mark.made_up and options.makeup_clears else "missed", mark, note)


class Standing:
    """A ledger read for one outcome: what counts, what was missed, and what follows from it."""

    def __init__(self, ledger: Ledger, outcome: str, options: NorthsideOptions) -> None:
        self.ledger, self.outcome, self.options = ledger, outcome, options
        # The run is what the cohort was given: everything but cancelled classes.
        self.run = [m for m in ledger.meetings if m.state is not MeetingState.CANCELLED]
        counting = self.run if options.before_joining == "counts" else ledger.counting()
        self.lines = [_line(ledger, m, outcome, options) for m in counting]
        self.needed = options.never_miss.get(outcome, ())
        self.missed = self.of("missed")
        self.missed_modules = {name: lines for name in self.needed if (lines := self._missed_of(name))}
        self.over = len(self.missed) > options.max_missed

    def of(self, *how: How) -> list[Line]:
        return [line for line in self.lines if line.how in how]

    def numbers(self, *how: How) -> list[int]:
        return [line.meeting.number for line in self.of(*how)]

    def _missed_of(self, module: str) -> list[Line]:
        """The missed classes of a module, if by the rule the module itself is missed."""
        missed = [line for line in self.missed if module in line.meeting.modules]
        if self.options.module_rule == "every_class":
            return missed
        # A cancelled class is not held against anybody: it could have been the one that was enough.
        cancelled = any(module in m.modules for m in self.ledger.meetings if m.state is MeetingState.CANCELLED)
        classes = sum(module in line.meeting.modules for line in self.lines)
        return missed if len(missed) == classes and not cancelled else []

    @property
    def before(self) -> list[int]:
        """The classes held before somebody joined, as far as they were not there anyway."""
        if self.options.before_joining == "counts":
            return [line.meeting.number for line in self.missed if line.mark is None]
        return [m.number for m in self.run if _before(self.ledger, m)]

    @property
    def status(self) -> VerdictStatus:
        if self.missed_modules or (self.over and self.needed):
            return VerdictStatus.CANNOT_BE_MET
        if self.over:
            return VerdictStatus.NOT_MET
        if not self.of("there", "missed", "made_up", "waived"):
            return VerdictStatus.NOT_STARTED
        if not self.of("there", "missed", "made_up", "open"):
            return VerdictStatus.WAIVED
        if not self.of("open"):
            return VerdictStatus.MET
        at_the_cap = self.missed and len(self.missed) == self.options.max_missed
        return VerdictStatus.AT_RISK if at_the_cap else VerdictStatus.ON_TRACK

    @property
    def lower(self) -> str | None:
        """The nearest lower outcome that is still open."""
        outcomes = self.ledger.outcomes
        below = outcomes[: outcomes.index(self.outcome)] if self.outcome in outcomes else ()
        standings = (Standing(self.ledger, name, self.options) for name in reversed(below))
        return next((s.outcome for s in standings if s.status not in CLOSED), None)
