"""Rules that count absences: every class, and at most so many missed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from lms.builtin.attendance.examples import AT_ALL, LATE, MADE_UP, ONE_MISSED, TOLD_US, TWO_MISSED, case
from lms.builtin.attendance.options import ClassOptions, MissedOptions
from lms.plugin_api import AttendancePolicy, Ledger, MakeUp, Meeting, Text, Verdict, VerdictStatus
from lms.plugin_api.attendance import (
    Allowed,
    check_never_miss,
    judge_absences,
    read,
    rule_of_absences,
    ways_to_catch_up,
)

MET, CLOSED = VerdictStatus.MET, VerdictStatus.CANNOT_BE_MET
ON_TRACK, AT_RISK = VerdictStatus.ON_TRACK, VerdictStatus.AT_RISK
NONE_MISSED = Allowed()
MADE_UP_COUNTS = replace(NONE_MISSED, make_ups=True)


class EveryClass(AttendancePolicy):
    """All of them. A class that nobody has marked is neither there nor missed; an accepted make-up is as good."""

    name = "every-class"
    label = Text("Every class", "Toutes les séances")
    options = ClassOptions
    examples = (
        case(AT_ALL, {}, MET),
        case(ONE_MISSED, {}, CLOSED),
        case(ONE_MISSED, {"make_ups": "listed"}, VerdictStatus.NOT_MET),
        case(TOLD_US, {"excused": "left_out"}, ON_TRACK),
    )

    def rule(self, options: ClassOptions, names: Mapping[str, Text]) -> Text:
        return rule_of_absences(options.presence, _none_missed(options), names)

    def judge(self, ledger: Ledger, outcome: str, options: ClassOptions) -> Verdict:
        return judge_absences(ledger, outcome, options.presence, _none_missed(options))

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: ClassOptions) -> tuple[MakeUp, ...]:
        return ways_to_catch_up(read(ledger, "", options.presence), meeting, options.offered)


def _none_missed(options: ClassOptions) -> Allowed:
    return MADE_UP_COUNTS if options.offered else NONE_MISSED


class AtMostMissed(AttendancePolicy):
    """So many missed at most; and for some outcomes, modules that may not be missed."""

    name = "at-most-missed"
    label = Text("A number of classes may be missed", "Un nombre de séances peut être manqué")
    options = MissedOptions
    examples = (
        case(AT_ALL, {"max_missed": 0}, MET),
        case(ONE_MISSED, {"max_missed": 2}, ON_TRACK),
        case(TWO_MISSED, {"max_missed": 2}, AT_RISK),
        case(TWO_MISSED, {"max_missed": 1}, CLOSED),
        case(TWO_MISSED, {"max_missed": 1, "make_ups": "listed"}, VerdictStatus.NOT_MET),
        case(ONE_MISSED, {"max_missed": 2, "never_miss": {"completed": ["listening"]}}, CLOSED),
        case(
            ONE_MISSED,
            {"max_missed": 2, "never_miss": {"completed": ["listening"]}, "module_rule": "any_class"},
            ON_TRACK,
        ),
        case(LATE, {"max_missed": 1, "late_after": 15}, AT_RISK),
        case(MADE_UP, {"max_missed": 1}, AT_RISK),
        case(MADE_UP, {"max_missed": 1, "makeup_clears": True}, ON_TRACK),
    )

    def rule(self, options: MissedOptions, names: Mapping[str, Text]) -> Text:
        return rule_of_absences(options.presence, options.allowed, names)

    def check(self, options: MissedOptions, modules: Collection[str], outcomes: Collection[str]) -> Iterable[str]:
        return check_never_miss(options.never_miss, modules, outcomes)

    def judge(self, ledger: Ledger, outcome: str, options: MissedOptions) -> Verdict:
        return judge_absences(ledger, outcome, options.presence, options.allowed)

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: MissedOptions) -> tuple[MakeUp, ...]:
        return ways_to_catch_up(read(ledger, "", options.presence), meeting, options.offered)
