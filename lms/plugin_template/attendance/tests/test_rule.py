"""The rule, by what people experience."""

from __future__ import annotations

from dataclasses import replace

from lms_kittiwake import KittiwakeOptions, KittiwakeRule, sample

from lms.plugin_api import MeetingState, Status, VerdictStatus

RULE = KittiwakeRule()
HERE, AWAY = Status.HERE, Status.AWAY


def status_of(*statuses: Status, in_a_row: int = 1) -> VerdictStatus:
    return RULE.judge(sample(*statuses, of=4), "completed", KittiwakeOptions(in_a_row=in_a_row)).status


def test_one_missed_class_does_no_harm() -> None:
    assert status_of(HERE, AWAY, HERE) is VerdictStatus.ON_TRACK


def test_two_in_a_row_close_the_outcome() -> None:
    assert status_of(AWAY, AWAY) is VerdictStatus.CANNOT_BE_MET
    assert status_of(AWAY, AWAY, in_a_row=2) is VerdictStatus.ON_TRACK


def test_after_the_last_class_it_is_met() -> None:
    assert status_of(HERE, AWAY, HERE, HERE) is VerdictStatus.MET


def test_a_class_that_nobody_marked_is_not_missed() -> None:
    assert status_of() is VerdictStatus.ON_TRACK


def test_a_cancelled_class_does_not_bring_two_missed_ones_together() -> None:
    ledger = sample(AWAY, HERE, AWAY, of=4)
    first, second, *others = ledger.meetings
    off = replace(ledger, meetings=(first, replace(second, state=MeetingState.CANCELLED), *others))
    assert RULE.judge(off, "completed", KittiwakeOptions()).status is VerdictStatus.ON_TRACK
