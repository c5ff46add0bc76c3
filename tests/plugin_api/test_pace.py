"""What `lms check` mentions as slow: told by a clock that the rules themselves move on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lms.plugin_api import AttendanceExample, AttendancePolicy, Ledger, Text, Verdict, VerdictStatus, pace
from tests.host.small_plugins import providing


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "perf_counter", clock)
    return clock


def a_rule_that_waits(clock: Clock, *seconds: float) -> Any:
    """A plugin whose rule takes so long each time it is asked."""
    waits: Iterator[float] = iter(seconds)

    class Tide(AttendancePolicy):
        name, label = "tide", Text("By the tide", "Selon la marée")
        examples = (
            AttendanceExample(Text("Ebb", "Reflux"), Ledger((), outcomes=("done",)), {}, {"done": VerdictStatus.MET}),
        )

        def rule(self, options: Any, names: Any) -> Text:
            return Text("Come with the tide.", "Venez avec la marée.")

        def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
            clock.seconds += next(waits)
            return Verdict(VerdictStatus.MET, Text("Here.", "Présent."))

    return providing("coast", "attendance_policies", Tide())


def test_waiting_is_slow_although_nothing_is_computed(clock: Clock) -> None:
    found = pace.slow_questions(a_rule_that_waits(clock, 0.4, 0.2, 0.3))
    assert found == ["tide.judge computes for 200 ms; people wait for it on every page."]


def test_a_machine_that_was_busy_for_a_moment_is_forgiven(clock: Clock) -> None:
    assert pace.slow_questions(a_rule_that_waits(clock, 0.4, 0.2, 0.01)) == []


def test_what_is_quick_is_asked_once(clock: Clock) -> None:
    assert pace.slow_questions(a_rule_that_waits(clock, 0.01)) == []
