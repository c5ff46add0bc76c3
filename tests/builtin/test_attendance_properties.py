"""What holds for every rule of the host, whatever a ledger says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.builtin import attendance
from lms.plugin_api import AttendancePolicy, Ledger, Mark, MeetingState, Status, VerdictStatus
from lms.plugin_api.attendance import CLOSED
from lms.plugin_api.testing import check_fairness, check_plugin, check_text, check_verdict
from tests.builtin.ledgers import MODULES, OUTCOMES, ledgers

POLICIES = {policy.name: policy for policy in attendance.attendance_policies()}
make_ups = {"make_ups": st.sampled_from(("none", "listed")), "excused": st.sampled_from(("counts", "left_out"))}
shares = st.integers(1, 100).map(lambda percent: percent / 100)
within = {"late_after": st.none() | st.just(30), "min_share": st.none() | st.just(0.75)}
OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "every-class": st.fixed_dictionaries({**make_ups, **within}),
    "at-most-missed": st.fixed_dictionaries(
        {
            **make_ups,
            **within,
            "max_missed": st.integers(0, 3),
            "never_miss": st.just({}) | st.just({"level-1r": MODULES}) | st.just({"level-1": ("listening",)}),
            "module_rule": st.sampled_from(("any_class", "every_class")),
            "makeup_clears": st.booleans(),
        }
    ),
    "share-of-classes": st.fixed_dictionaries(
        {**make_ups, "min_share": shares, "late_after": st.none() | st.just(30), "min_share_of_class": st.just(0.5)}
    ),
    "share-of-time": st.fixed_dictionaries(
        {**make_ups, "max_missed_of": st.just({}) | st.just({"listening": 1, "sharing": 0})}
    ).flatmap(
        lambda more: st.one_of(
            shares.map(lambda share: {**more, "min_share": share}),
            st.integers(1, 900).map(lambda minutes: {**more, "min_minutes": minutes}),
        )
    ),
    "each-module-once": st.fixed_dictionaries({**make_ups, **within}),
    "points": st.fixed_dictionaries(
        {**make_ups, "per_absence": st.integers(1, 40), "per_late": st.integers(0, 10), "min_points": st.just(70)}
    ),
}

every_policy = pytest.mark.parametrize("name", sorted(POLICIES))
unhurried = settings(deadline=None, database=None, max_examples=40)
outcomes = st.sampled_from(OUTCOMES)


def drawn(name: str, data: st.DataObject) -> tuple[AttendancePolicy, Any]:
    policy = POLICIES[name]
    return policy, policy.read_options(data.draw(OPTIONS[name], label="options"))


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(attendance)


def test_every_policy_is_tried_here() -> None:
    assert set(OPTIONS) == set(POLICIES)


@every_policy
@given(ledgers(), outcomes, st.data())
@unhurried
def test_presence_cancelling_and_the_order_of_marks(
    name: str, record: Ledger, outcome: str, data: st.DataObject
) -> None:
    policy, options = drawn(name, data)
    check_fairness(policy, record, outcome, options)


@every_policy
@given(ledgers(), outcomes, st.data())
@unhurried
def test_what_cannot_be_met_stays_so_without_a_make_up_or_waiver(
    name: str, record: Ledger, outcome: str, data: st.DataObject
) -> None:
    """Whatever is held and marked afterwards."""
    policy, options = drawn(name, data)
    if policy.judge(record, outcome, options).status is not VerdictStatus.CANNOT_BE_MET:
        return
    marked = {mark.meeting for mark in record.marks}
    later = [m.number for m in record.meetings if m.number not in marked and m.state is not MeetingState.CANCELLED]
    marks = tuple(Mark(n, data.draw(st.sampled_from(Status))) for n in later)
    held = tuple(replace(m, state=MeetingState.HELD) if m.number in later else m for m in record.meetings)
    after = policy.judge(replace(record, meetings=held, marks=record.marks + marks), outcome, options)
    assert after.status in (VerdictStatus.CANNOT_BE_MET, VerdictStatus.NOT_MET)


@every_policy
@given(ledgers(), outcomes, st.data())
@unhurried
def test_everything_is_said_in_both_languages_and_nothing_is_changed(
    name: str, record: Ledger, outcome: str, data: st.DataObject
) -> None:
    policy, options = drawn(name, data)
    before = repr(record)
    verdict = policy.judge(record, outcome, options)
    check_verdict(verdict)
    check_text(policy.rule(options, record.names))
    for meeting in record.meetings:
        for way in policy.make_ups(record, meeting, options):
            check_text(way.covers)
    assert repr(record) == before
    said = f"{verdict.reason.en} {verdict.next_step.en if verdict.next_step else ''}"
    helps = ["is still open to you", "Talk with your trainer"]
    if verdict.status is VerdictStatus.NOT_MET:
        helps += ["You can make up", "Once your make-up is accepted"]
    if verdict.status in CLOSED:
        assert any(words in said for words in helps)


@every_policy
@given(st.lists(ledgers(), min_size=2, max_size=3), st.data())
@unhurried
def test_what_was_read_before_makes_no_difference(name: str, records: list[Ledger], data: st.DataObject) -> None:
    """Ledgers are read once for all their outcomes; equal ones, and others in between, get what they would alone."""
    policy, options = drawn(name, data)
    alone = [[policy.judge(replace(record), outcome, options) for outcome in OUTCOMES] for record in records]
    mixed = [[policy.judge(record, outcome, options) for record in records] for outcome in OUTCOMES]
    assert [list(verdicts) for verdicts in zip(*mixed, strict=True)] == alone


@every_policy
@given(ledgers(), outcomes, st.data())
@unhurried
def test_two_marks_of_one_class_and_two_classes_of_one_number_raise_nothing(
    name: str, record: Ledger, outcome: str, data: st.DataObject
) -> None:
    policy, options = drawn(name, data)
    twice = replace(record, meetings=record.meetings * 2, marks=record.marks * 2, catch_ups=record.catch_ups * 2)
    check_verdict(policy.judge(twice, outcome, options))
    assert policy.judge(replace(record, marks=record.marks * 2), outcome, options) == policy.judge(
        record, outcome, options
    )
