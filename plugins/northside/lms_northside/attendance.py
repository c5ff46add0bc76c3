"""The attendance rule of 2026: a cap on missed classes, and modules that some outcomes cannot do without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lms.plugin_api import AttendancePolicy, Ledger, MakeUp, Meeting, Text, Verdict
from lms.plugin_api.attendance import check_never_miss, judge_absences, read, rule_of_absences
from lms_northside.examples import EXAMPLES
from lms_northside.options import NorthsideOptions, as_counted, counted_before_joining, two_ways


class NorthsideAttendance(AttendancePolicy):
    """At most so many missed, and never certain modules for certain outcomes. Not marked is neither here nor missed."""

    name = "northside-2026"
    label = Text("At most two missed", "Deux absences au plus")
    options = NorthsideOptions
    examples = EXAMPLES

    def rule(self, options: NorthsideOptions, names: Mapping[str, Text]) -> Text:
        return rule_of_absences(options.presence, options.allowed, names)

    def check(self, options: NorthsideOptions, modules: Collection[str], outcomes: Collection[str]) -> Iterable[str]:
        return check_never_miss(options.never_miss, modules, outcomes)

    def judge(self, ledger: Ledger, outcome: str, options: NorthsideOptions) -> Verdict:
        also = counted_before_joining(ledger, options)
        return judge_absences(as_counted(ledger, options), outcome, options.presence, options.allowed, also)

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: NorthsideOptions) -> tuple[MakeUp, ...]:
        """Two ways for a class that counts as missed, none for any other."""
        register = read(as_counted(ledger, options), "", options.presence)
        missed = next((line for line in register.missed if line.meeting.number == meeting.number), None)
        return () if missed is None or (missed.mark and missed.mark.made_up) else two_ways(meeting, options)
