"""The rules about presence that every host knows."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lms.builtin import attendance
from lms.builtin.attendance.options import ShareOptions
from lms.builtin.attendance.shares import ShareOfClasses
from lms.plugin_api import Ledger, Mark, Meeting, MeetingState, Status, Verdict, VerdictStatus
from lms.plugin_api.testing import check_plugin, check_text, check_verdict

POLICY = ShareOfClasses()
START = datetime(2026, 3, 3, 18, tzinfo=UTC)
HALF = ShareOptions(min_share=0.5)
GOOD_END = {VerdictStatus.MET}
ORDER = [
    VerdictStatus.CANNOT_BE_MET,
    VerdictStatus.AT_RISK,
    VerdictStatus.NOT_STARTED,
    VerdictStatus.ON_TRACK,
    VerdictStatus.MET,
]

quick = settings(deadline=None, database=None)


def ledger(*statuses: Status | None, **more: object) -> Ledger:
    """A class for each status; None for one that nobody has marked."""
    meetings = tuple(
        Meeting(n, START + timedelta(weeks=n), 120, state=MeetingState.HELD if status else MeetingState.PLANNED)
        for n, status in enumerate(statuses, start=1)
    )
    marks = tuple(Mark(n, status) for n, status in enumerate(statuses, start=1) if status)
    return replace(Ledger(meetings, marks), **more)


def judge(given: Ledger, share: float = 0.5) -> Verdict:
    return POLICY.judge(given, "completed", ShareOptions(min_share=share))


HERE, AWAY = Status.HERE, Status.AWAY
statuses = st.lists(st.none() | st.sampled_from(Status), max_size=40)
shares = st.integers(1, 100).map(lambda percent: percent / 100)


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(attendance)


@pytest.mark.parametrize(
    ("marks", "status", "have", "need"),
    [
        ((), VerdictStatus.NOT_STARTED, 0, 0),
        ((None, None, None, None), VerdictStatus.NOT_STARTED, 0, 2),
        ((HERE, None, None, None), VerdictStatus.ON_TRACK, 1, 2),
        ((HERE, HERE, None, None), VerdictStatus.MET, 2, 2),
        ((AWAY, None, None, None), VerdictStatus.ON_TRACK, 0, 2),
        ((AWAY, AWAY, None, None), VerdictStatus.AT_RISK, 0, 2),
        ((AWAY, AWAY, AWAY, None), VerdictStatus.CANNOT_BE_MET, 0, 2),
        ((Status.LATE, Status.LEFT_EARLY, AWAY, AWAY), VerdictStatus.MET, 2, 2),
        ((Status.TECH_TROUBLE, Status.TOLD_US, None, AWAY), VerdictStatus.AT_RISK, 1, 2),
    ],
)
def test_where_somebody_stands(marks: tuple[Status | None, ...], status: VerdictStatus, have: int, need: int) -> None:
    verdict = judge(ledger(*marks))
    assert (verdict.status, verdict.have, verdict.need) == (status, have, need)


def test_a_make_up_counts_as_there() -> None:
    given = ledger(AWAY, AWAY)
    made_up = replace(given, marks=(replace(given.marks[0], made_up=True), given.marks[1]))
    assert judge(made_up).status == VerdictStatus.MET


def test_cancelled_classes_do_not_count() -> None:
    given = ledger(HERE, AWAY, AWAY)
    meetings = tuple(replace(m, state=MeetingState.CANCELLED) if m.number > 1 else m for m in given.meetings)
    verdict = judge(replace(given, meetings=meetings), share=1)
    assert (verdict.status, verdict.need, verdict.evidence) == (VerdictStatus.MET, 1, ("class:1",))


def test_whoever_joins_later_is_asked_about_what_came_after() -> None:
    given = ledger(None, None, HERE, HERE)
    late = replace(given, joined=given.meetings[2].starts)
    assert (judge(late, share=1).status, judge(late, share=1).need) == (VerdictStatus.MET, 2)


@pytest.mark.parametrize(
    ("share", "english"),
    [
        (1.0, "Come to every class."),
        (0.75, "Come to at least 3 classes out of every 4."),
        (0.8, "Come to at least 4 classes out of every 5."),
        (0.5, "Come to at least 1 class out of every 2."),
        (0.001, "Come to at least 1 class out of every 100."),
    ],
)
def test_the_rule_is_said_in_words(share: float, english: str) -> None:
    rule = POLICY.rule(ShareOptions(min_share=share), {})
    check_text(rule)
    assert rule.en == english


@pytest.mark.parametrize("share", [0, -0.5, 1.01, "0.5", True, float("nan")])
def test_a_share_is_a_number_between_nothing_and_all(share: object) -> None:
    with pytest.raises((ValidationError, ValueError)):
        POLICY.read_options({"min_share": share})


@given(statuses, shares)
@quick
def test_every_verdict_can_be_read_and_changes_nothing(marks: list[Status | None], share: float) -> None:
    given = ledger(*marks)
    before = repr(given)
    verdict = judge(given, share)
    check_verdict(verdict)
    assert verdict == judge(given, share)
    assert repr(given) == before


@given(statuses, shares)
@quick
def test_the_numbers_agree_with_the_status(marks: list[Status | None], share: float) -> None:
    verdict = judge(ledger(*marks), share)
    have, need = verdict.have or 0, verdict.need or 0
    ahead = marks.count(None)
    assert need - 1 < share * len(marks) + 1e-6
    assert need >= share * len(marks) - 1e-6
    assert (verdict.status == VerdictStatus.MET) == (bool(marks) and have >= need)
    assert (verdict.status == VerdictStatus.CANNOT_BE_MET) == (have + ahead < need)


@given(statuses.filter(bool), shares, st.data())
@quick
def test_coming_never_makes_it_worse_and_missing_never_better(
    marks: list[Status | None], share: float, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(marks) - 1))
    came, missed = ([*marks[:at], status, *marks[at + 1 :]] for status in (HERE, AWAY))
    before, after_coming, after_missing = (judge(ledger(*m), share) for m in (marks, came, missed))
    assert (after_coming.have or 0) >= (before.have or 0) >= (after_missing.have or 0)
    assert (before.status == VerdictStatus.MET) <= (after_coming.status == VerdictStatus.MET)
    assert (after_missing.status == VerdictStatus.MET) <= (before.status == VerdictStatus.MET)
    assert (after_coming.status == VerdictStatus.CANNOT_BE_MET) <= (before.status == VerdictStatus.CANNOT_BE_MET)


@given(statuses, st.tuples(shares, shares))
@quick
def test_asking_for_less_never_makes_it_worse(marks: list[Status | None], two: tuple[float, float]) -> None:
    less, more = (judge(ledger(*marks), share) for share in sorted(two))
    assert (less.need or 0) <= (more.need or 0)
    assert (more.status == VerdictStatus.MET) <= (less.status == VerdictStatus.MET)
    assert (less.status == VerdictStatus.CANNOT_BE_MET) <= (more.status == VerdictStatus.CANNOT_BE_MET)


@given(statuses.filter(bool), shares, st.randoms(use_true_random=False))
@quick
def test_the_order_of_marks_does_not_matter(marks: list[Status | None], share: float, random: object) -> None:
    given = ledger(*marks)
    shuffled = list(given.marks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(replace(given, marks=tuple(shuffled)), share) == judge(given, share)


@given(statuses, shares)
@quick
def test_the_way_back_is_open_until_it_is_not(marks: list[Status | None], share: float) -> None:
    """Whoever comes to all that is left gets there, unless they were told that it cannot be."""
    given = ledger(*marks)
    told = judge(given, share).status
    end = judge(ledger(*[mark or HERE for mark in marks]), share).status
    if marks:
        assert (end == VerdictStatus.MET) == (told != VerdictStatus.CANNOT_BE_MET)


@given(st.integers(1, 60), st.integers(1, 100))
@quick
def test_whole_classes_are_never_rounded_away_by_floating_point(classes: int, percent: int) -> None:
    verdict = judge(ledger(*[None] * classes), percent / 100)
    assert verdict.need == math.ceil(percent * classes / 100 - 1e-12) == -(-percent * classes // 100)
