"""A rule that counts minutes: so many, or a share of those that are planned."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

from lms.builtin.attendance.examples import AT_ALL, HALF_OF_ONE, ONE_MISSED, TWO_MISSED, case
from lms.builtin.attendance.options import TimeOptions
from lms.builtin.attendance.shares import clearing, way_back, what_remains
from lms.builtin.attendance.words import duration, limit_of_module, most_of_module, out_of
from lms.plugin_api import AttendancePolicy, Ledger, MakeUp, Meeting, Status, Text, Verdict, VerdictStatus
from lms.plugin_api.attendance import CLOSED, Line, Register, check_names, read, ways_to_catch_up, words
from lms.plugin_api.attendance.parts import at_least

MET, ON_TRACK, AT_RISK = VerdictStatus.MET, VerdictStatus.ON_TRACK, VerdictStatus.AT_RISK
MINUTES = Text("minutes", "minutes")


class ShareOfTime(AttendancePolicy):
    """Enough of the planned minutes. Minutes that nobody noted are there for whoever was there."""

    name = "share-of-time"
    label = Text("A share of the time", "Une part du temps")
    options = TimeOptions
    examples = (
        case(AT_ALL, {"min_share": 0.75}, MET),
        case(HALF_OF_ONE, {"min_share": 0.5}, ON_TRACK),
        case(ONE_MISSED, {"min_minutes": 360}, AT_RISK),
        case(TWO_MISSED, {"min_share": 0.75}, VerdictStatus.CANNOT_BE_MET),
    )

    def rule(self, options: TimeOptions, names: Mapping[str, Text]) -> Text:
        if options.min_minutes is not None:
            long = duration(options.min_minutes)
            said = [Text(f"Be there for at least {long.en}.", f"Soyez là pendant au moins {long.fr}.")]
        else:
            part = at_least(max(1, round((options.min_share or 0) * 100)))
            said = [
                Text(
                    f"Be there for {part.en} of the planned time.",
                    f"Soyez là pendant {part.fr} du temps prévu.",
                )
            ]
        for module, most in options.max_missed_of.items():
            said.append(most_of_module(names.get(module) or Text(module, module), most))
        return words.together((*said, *clearing(options)))

    def check(self, options: TimeOptions, modules: Collection[str], outcomes: Collection[str]) -> Iterable[str]:
        return check_names("module", options.max_missed_of, modules)

    def judge(self, ledger: Ledger, outcome: str, options: TimeOptions) -> Verdict:
        register = read(ledger, outcome, options.presence)
        time = _Time(register, options)
        told = _told(time, ledger) if time.lines or not register.lines else ()
        next_step = way_back(register, options) if time.status is not MET else None
        if time.status in CLOSED:
            next_step = what_remains(self, register, outcome, options, next_step)
        reason = words.together((*told, *register.notes()))
        return Verdict(time.status, reason, next_step, time.have, time.need, MINUTES, register.evidence)

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: TimeOptions) -> tuple[MakeUp, ...]:
        return ways_to_catch_up(read(ledger, "", options.presence), meeting, options.offered)


class _Time:
    """The minutes of one register: planned, there, lost, and how many may be lost."""

    def __init__(self, register: Register, options: TimeOptions) -> None:
        self.lines = [line for line in register.lines if line.how not in ("excused", "waived")]
        self.ahead = register.of("open")
        self.planned = sum(line.meeting.minutes for line in self.lines)
        self.have = sum(_minutes_there(line) for line in self.lines)
        self.lost = self.planned - self.have - sum(line.meeting.minutes for line in self.ahead)
        self.may_lose = _may_lose(register, self.planned, options)
        self.need = max(0, self.planned - self.may_lose)
        self.limits = options.max_missed_of
        self.missed = {name: sum(name in m.meeting.modules for m in register.missed) for name in self.limits}
        self.over = [name for name, most in self.limits.items() if self.missed[name] > most]
        self.status = self._status(bool(register.of("waived")), options)

    def _status(self, waived: bool, options: TimeOptions) -> VerdictStatus:
        if self.over or self.lost > self.may_lose:
            return options.closed
        if not self.lines or (self.ahead and not (self.have or self.lost)):
            return VerdictStatus.WAIVED if waived and not self.lines else VerdictStatus.NOT_STARTED
        limited = [name for line in self.ahead for name in line.meeting.modules if name in self.limits]
        if not self.ahead or (self.have >= self.need and not limited):
            return MET
        # Whether the longest class to come may still be missed; a short one must not hide it.
        at_the_limit = self.lost and self.may_lose - self.lost < max(line.meeting.minutes for line in self.ahead)
        module_at_its_limit = any(self.missed[name] and self.missed[name] == self.limits[name] for name in limited)
        return AT_RISK if at_the_limit or module_at_its_limit else ON_TRACK


def _minutes_there(line: Line) -> int:
    planned, mark = line.meeting.minutes, line.mark
    if mark is None or line.how in ("missed", "open"):
        return 0
    if line.how == "made_up" or mark.status is Status.TECH_TROUBLE:
        return planned
    if mark.minutes is not None:
        return min(mark.minutes, planned)
    return max(0, planned - (mark.late_by or 0))


def _may_lose(register: Register, planned: int, options: TimeOptions) -> int:
    """The minutes that may be missed. Cancelled classes are reckoned in, and where the rule names minutes so is what was
    before joining or in a pause: nobody has to make good for those."""
    if options.min_share is not None:
        all_of_it = planned + sum(meeting.minutes for meeting in register.cancelled)
        return all_of_it - math.ceil(options.min_share * all_of_it - 1e-9)
    return max(0, sum(meeting.minutes for meeting in register.ledger.meetings) - (options.min_minutes or 0))


def _told(time: _Time, ledger: Ledger) -> list[Text]:
    if not time.lines:
        return [words.NOTHING_PLANNED]
    lost, need = duration(time.lost), duration(time.need)
    asked = Text(f"The rule asks for {need.en}.", f"La règle demande {need.fr}.")
    said = []
    if time.status in CLOSED:
        if time.lost > time.may_lose:
            missed = out_of(time.lost, time.planned)
            said += [Text(f"You missed {missed.en}.", f"Vous avez manqué {missed.fr}."), asked]
        if time.over:
            said.append(words.missed_modules([(ledger.name(name), time.missed[name]) for name in time.over]))
            said += [limit_of_module(ledger.name(name), time.limits[name]) for name in time.over]
    elif time.status is VerdictStatus.NOT_STARTED:
        said.append(words.together((words.NOTHING_MARKED, asked)))
    elif time.status is AT_RISK:
        said.append(Text(f"You missed {lost.en}.", f"Vous avez manqué {lost.fr}."))
        said.append(words.come_to_all(len(time.ahead)))
    else:
        far = Text("", "") if time.status is MET else Text(" so far", " jusqu'ici")
        there = out_of(time.have, time.planned)
        said.append(Text(f"You were there for {there.en}{far.en}.", f"Vous étiez là pendant {there.fr}{far.fr}."))
        said += [asked] if time.status is ON_TRACK else []
    return said
