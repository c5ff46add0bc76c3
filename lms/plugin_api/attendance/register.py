"""A ledger read class by class: was somebody there, was it missed, is it still open, and what does not count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from lms.plugin_api.attendance import words
from lms.plugin_api.values import Ledger, MakeUp, Mark, Meeting, MeetingState, Recoverable, Status, Text, VerdictStatus

How = Literal["there", "missed", "open", "made_up", "waived", "excused"]
Way = Literal["class", "one-to-one", "recording", "practice"]
CLOSED = frozenset({VerdictStatus.NOT_MET, VerdictStatus.CANNOT_BE_MET})
AWAY = frozenset({Status.AWAY, Status.TOLD_US})


@dataclass(frozen=True, slots=True)
class Presence:
    """What counts as being there.

    `late_after`: minutes late from which a class counts as missed. `min_share`: share of a class's minutes, 0 to 1, that
    one must be there, where minutes were noted. `excused`: whether an absence that was told before counts as any other,
    or is left out of both sides. `makeup_clears`: whether an accepted make-up stops a class from counting as missed.
    """

    late_after: int | None = None
    min_share: float | None = None
    excused: Literal["counts", "left_out"] = "counts"
    makeup_clears: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One class that counts, as it stands for one outcome. `short` says why being there was not enough."""

    meeting: Meeting
    how: How
    mark: Mark | None = None
    short: Text | None = None

    @property
    def told_us(self) -> bool:
        return self.mark is not None and (self.mark.told_before or self.mark.status is Status.TOLD_US)


class Register:
    """The lines of one person as they stand for one outcome; and the classes that do not count, because they were
    cancelled, before joining, or in a pause. Whoever came all the same was there; having come for a part never counts
    against them then.

    A class that nobody has marked is "open": neither there nor missed, whenever it was. So is one that is still to come,
    also where somebody told us that they cannot be there: nobody has missed it yet.
    """

    __slots__ = ("_by_how", "before", "cancelled", "ledger", "lines", "missed", "paused", "presence", "there")

    def __init__(self, ledger: Ledger, presence: Presence, lines: list[Line], apart: _Apart) -> None:
        self.ledger, self.presence, self.lines = ledger, presence, lines
        self.cancelled, self.before, self.paused = apart
        self._by_how: dict[str, list[Line]] = {}
        for line in lines:
            self._by_how.setdefault(line.how, []).append(line)
        self.there, self.missed = self.of("there"), self.of("missed")

    def of(self, how: How) -> list[Line]:
        """The lines that stand so."""
        return self._by_how.get(how, [])

    def numbers(self, how: How) -> list[int]:
        """Their class numbers."""
        return [line.meeting.number for line in self.of(how)]

    @property
    def counted(self) -> int:
        """How many classes count: all but the excused and the waived ones."""
        return len(self.lines) - len(self.of("excused")) - len(self.of("waived"))

    @property
    def evidence(self) -> tuple[str, ...]:
        return tuple([f"class:{line.meeting.number}" for line in self.lines if line.how != "open"])

    @property
    def nothing_counts(self) -> bool:
        """True while there is no class to judge by: none planned or marked, or each one left out."""
        return not self.there and not self.missed and not self.of("made_up") and not self.of("waived")

    def notes(self, may_miss: int = 0, *, settled: bool = False) -> list[Text]:
        """What else to know: parts of classes, absences told before, make-ups, waivers, classes that do not count.

        `may_miss` classes may be missed; 0 where naming that would mislead. `settled` is true where neither a class to come
        nor a make-up on its way changes anything: then neither is named.
        """
        said = [line.short for line in self.missed if line.short]
        told = [line.meeting.number for line in self.missed if line.told_us]
        if told:
            said.append(words.told_us(told, all_missed=len(told) == len(self.missed)))
        if not settled and (ahead := [line.meeting.number for line in self.of("open") if line.told_us]):
            said.append(words.told_us_ahead(ahead))
        if excused := self.numbers("excused"):
            said.append(words.left_out(excused))
        if in_vain := [line.meeting.number for line in self.missed if line.mark and line.mark.made_up]:
            said += (words.made_up(in_vain), words.still_counts(len(in_vain), may_miss))
        if cleared := self.numbers("made_up"):
            said.append(words.made_up(cleared))
        if not settled and self.ledger.catch_ups:
            said += self.on_the_way()
        if waived := self.numbers("waived"):
            said.append(words.waived(waived))
        if self.before:
            said.append(words.before_you_joined(self.before))
        if self.paused:
            said.append(words.in_your_pause(self.paused))
        if not settled and self.cancelled and (run := len(self.ledger.meetings) - len(self.cancelled)):
            said.append(words.count_in_this_run(run, [meeting.number for meeting in self.cancelled]))
        return said

    def on_the_way(self) -> list[Text]:
        """A sentence for each state in which make-ups of classes are that count as missed."""
        said = []
        lacking = {line.meeting.number for line in self.lines if line.how in ("missed", "excused", "open")}
        for state in ("asked", "agreed", "done"):
            numbers = {c.meeting for c in self.ledger.catch_ups if c.state == state and c.meeting in lacking}
            if numbers:
                said.append(words.on_the_way(state, sorted(numbers)))
        return said

    def to_make_up(self) -> list[int]:
        """The missed classes that nobody has begun to catch up."""
        begun = {catch_up.meeting for catch_up in self.ledger.catch_ups}
        return [n for n in self.numbers("missed") if n not in begun]

    def way_back(self) -> Text | None:
        """Where accepted make-ups clear absences: which can be taken up, or that one is on its way. None without any."""
        if not self.missed:
            return None
        if numbers := self.to_make_up():
            return words.together((words.can_make_up(numbers), words.clears_once_accepted(len(numbers))))
        return words.ON_ITS_WAY_CLEARS


_Apart = tuple[list[Meeting], list[int], list[int]]


@dataclass(frozen=True, slots=True)
class _Read:
    ledger: Ledger
    presence: Presence
    register: Register
    waivers: bool


# The last ledger that was read. A host asks about every outcome of one person in a row, and only waivers differ.
_last: _Read | None = None


def read(ledger: Ledger, outcome: str, presence: Presence) -> Register:
    """The register of this ledger for one outcome. The lines of a ledger are read once for all its outcomes."""
    global _last
    last = _last
    if last is None or last.ledger is not ledger or last.presence != presence:
        last = _last = _read(ledger, presence)
    base = last.register
    if not last.waivers:
        return base
    lines = [_waived(line, outcome) for line in base.lines]
    return Register(ledger, presence, lines, (base.cancelled, base.before, base.paused))


def _read(ledger: Ledger, presence: Presence) -> _Read:
    marks: dict[int, Mark] = {}
    for mark in ledger.marks:
        marks.setdefault(mark.meeting, mark)
    lines: list[Line] = []
    apart: _Apart = ([], [], [])
    cancelled, before, paused = apart
    off, joined, pauses = MeetingState.CANCELLED, ledger.joined, ledger.pauses
    for meeting in ledger.meetings:
        line = _line(meeting, marks.get(meeting.number), presence)
        came = line.mark is not None and line.mark.was_there and line.how != "missed"
        if meeting.state is off:
            cancelled.append(meeting)
        elif not came and joined is not None and meeting.starts < joined:
            before.append(meeting.number)
        elif not came and pauses and any(pause.covers(meeting.starts) for pause in pauses):
            paused.append(meeting.number)
        else:
            lines.append(line)
    register = Register(ledger, presence, lines, apart)
    return _Read(ledger, presence, register, any(mark.waived_for for mark in ledger.marks))


def _line(meeting: Meeting, mark: Mark | None, presence: Presence) -> Line:
    if mark is None:
        return Line(meeting, "open")
    missed, short = _shortfall(meeting, mark, presence)
    if not missed:
        return Line(meeting, "there", mark)
    if mark.made_up and presence.makeup_clears:
        return Line(meeting, "made_up", mark)
    if meeting.state is MeetingState.PLANNED and mark.status in AWAY:
        return Line(meeting, "open", mark)
    if presence.excused == "left_out" and mark.status in AWAY and (mark.told_before or mark.status is Status.TOLD_US):
        return Line(meeting, "excused", mark)
    return Line(meeting, "missed", mark, short)


def _shortfall(meeting: Meeting, mark: Mark, presence: Presence) -> tuple[bool, Text | None]:
    """Whether this class counts as missed by what was noted about it, with a sentence where somebody was there."""
    if mark.status in AWAY:
        return True, None
    if mark.status is Status.TECH_TROUBLE:  # nobody's fault: presence, whatever was noted
        return False, None
    needed = (presence.min_share or 0) * meeting.minutes - 1e-9
    if mark.minutes is not None and mark.minutes < needed:
        part = words.partly_there(meeting.number, mark.minutes / meeting.minutes)
        return True, part if mark.minutes else None
    if presence.late_after is not None and mark.late_by is not None and mark.late_by >= presence.late_after:
        return True, words.came_late(meeting.number, mark.late_by)
    return False, None


def _waived(line: Line, outcome: str) -> Line:
    """An absence that was waived for the outcome, or the line as it is."""
    if line.mark is None or line.how == "there" or outcome not in line.mark.waived_for:
        return line
    return replace(line, how="waived", short=None)


# -- what is still open, and how to catch up ----------------------------------------------------------------


def lower_open(ledger: Ledger, outcome: str, status_of: Callable[[str], VerdictStatus]) -> str | None:
    """The nearest lower outcome that is still open, by what `status_of` says of each."""
    outcomes = ledger.outcomes
    below = outcomes[: outcomes.index(outcome)] if outcome in outcomes else ()
    return next((name for name in reversed(below) if status_of(name) not in CLOSED), None)


def ways_to_catch_up(register: Register, meeting: Meeting, ways: Iterable[Way]) -> tuple[MakeUp, ...]:
    """The host's own ways to catch up `meeting`: none unless it was missed and no make-up was accepted."""
    line = next((line for line in register.lines if line.meeting.number == meeting.number), None)
    if line is None or line.mark is None or line.how not in ("missed", "excused") or line.mark.made_up:
        return ()
    clears = register.presence.makeup_clears
    return tuple(
        MakeUp(way, label, covered(says, "fully" if way == "class" else meeting.recoverable, clears), way)
        for way in dict.fromkeys(ways)
        for label, says in (_WAYS[way],)
    )


def covered(says: Text, recoverable: Recoverable, clears: bool) -> Text:
    """What a make-up covers: its own words, what it leaves out, and whether the class still counts as missed."""
    limits = (words.READING_NOT_PRACTICE,) if recoverable == "partly" else ()
    return words.together((says, *limits, words.CLEARS_ONCE_ACCEPTED if clears else words.CLASS_STILL_COUNTS))


_WAYS: dict[Way, tuple[Text, Text]] = {
    "class": (words.WITH_ANOTHER_GROUP, words.WITH_ANOTHER_GROUP_COVERS),
    "one-to-one": (words.ONE_TO_ONE, words.ONE_TO_ONE_COVERS),
    "recording": (words.RECORDING, words.RECORDING_COVERS),
    "practice": (words.PRACTICE, words.PRACTICE_COVERS),
}
