"""Verdicts of the host's own requirements: what counts, and that doing more never makes anything worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.features.progress.rules import (
    ORDER,
    SETTLED,
    Standing,
    Vouched,
    confirmed,
    heading_for,
    missed_without_a_word,
    news,
    still_possible,
    tasks_done,
    times_played,
    waived,
)
from lms.plugin_api.content import Outcome, Requirement
from lms.plugin_api.testing import check_text
from lms.plugin_api.values import (
    CatchUp,
    Ledger,
    Mark,
    Meeting,
    MeetingState,
    Pause,
    Status,
    Text,
    Verdict,
    VerdictStatus,
)

TITLE = Text("Something", "Quelque chose")
AMINA = Vouched("Amina", date(2026, 5, 1), "Her talk went well.")
some = settings(max_examples=100, deadline=None, database=None)


def a_requirement(kind: str = "homework", **more: object) -> Requirement:
    return Requirement.model_validate({"id": "it", "kind": kind, "title": TITLE, "needed_for": ("level-1",), **more})


def an_outcome(id: str, *, optional: bool = False) -> Outcome:
    return Outcome(id=id, title=TITLE, meaning=TITLE, optional=optional)


def standing(*statuses: VerdictStatus, id: str = "level-1", optional: bool = False) -> Standing:
    judged = tuple((a_requirement(), Verdict(status, TITLE)) for status in statuses)
    return Standing(an_outcome(id, optional=optional), judged)


def rank(verdict: Verdict) -> int:
    """How good: higher is better."""
    return ORDER.index(verdict.status)


# -- homework and reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "done", "count", "status", "sentence"),
    [
        (("a", "b"), {"a", "b"}, None, VerdictStatus.MET, "All 2 complete."),
        (("a",), {"a"}, None, VerdictStatus.MET, "Complete."),
        (("a", "b"), {"a"}, None, VerdictStatus.ON_TRACK, "1 of 2 complete."),
        (("a", "b"), set(), None, VerdictStatus.NOT_STARTED, "0 of 2 complete."),
        (("a", "b", "c"), {"a", "c"}, 2, VerdictStatus.MET, "All 2 complete."),
        (("a", "b"), {"a"}, 9, VerdictStatus.ON_TRACK, "1 of 2 complete."),
        (("a", "b"), {"x"}, None, VerdictStatus.NOT_STARTED, "0 of 2 complete."),
    ],
)
def test_homework_counts_what_is_complete(
    wanted: tuple[str, ...], done: set[str], count: int | None, status: VerdictStatus, sentence: str
) -> None:
    verdict = tasks_done(a_requirement(count=count), wanted, done, begun=False)
    assert (verdict.status, verdict.reason.en) == (status, sentence)
    check_text(verdict.reason)


def test_what_was_begun_is_not_called_not_started() -> None:
    assert tasks_done(a_requirement(), ("a", "b"), set(), begun=True).status is VerdictStatus.ON_TRACK


def test_open_tasks_are_named_as_evidence() -> None:
    assert tasks_done(a_requirement(), ("a", "b", "c"), {"b"}, begun=True).evidence == ("activity:a", "activity:c")


NAMES = st.sampled_from("abcdefgh")


@some
@given(
    wanted=st.lists(NAMES, unique=True), done=st.sets(NAMES), more=st.sets(NAMES), count=st.none() | st.integers(1, 9)
)
def test_doing_more_homework_never_makes_it_worse(
    wanted: list[str], done: set[str], more: set[str], count: int | None
) -> None:
    requirement = a_requirement(count=count)
    before = tasks_done(requirement, wanted, done, begun=bool(done))
    after = tasks_done(requirement, wanted, done | more, begun=bool(done | more))
    assert rank(after) >= rank(before)
    assert (after.have or 0) >= (before.have or 0)
    assert len(after.evidence) <= len(before.evidence)


# -- role play ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "ahead", "status"),
    [
        (0, 6, VerdictStatus.NOT_STARTED),
        (1, 5, VerdictStatus.ON_TRACK),
        (1, 4, VerdictStatus.NOT_MET),
        (6, 0, VerdictStatus.MET),
        (9, 0, VerdictStatus.MET),
        (0, 0, VerdictStatus.NOT_MET),
    ],
)
def test_role_play_counts_times(times: int, ahead: int, status: VerdictStatus) -> None:
    verdict = times_played(a_requirement("role-play", count=6), times, ahead)
    assert verdict.status is status
    check_text(verdict.reason)
    assert (verdict.next_step is not None) == (status is VerdictStatus.NOT_MET), "nobody is left without a way forward"


@some
@given(need=st.integers(1, 12), times=st.integers(0, 15), more=st.integers(0, 5), ahead=st.integers(0, 15))
def test_taking_part_more_often_or_with_more_to_come_never_makes_it_worse(
    need: int, times: int, more: int, ahead: int
) -> None:
    requirement = a_requirement("role-play", count=need)
    before = rank(times_played(requirement, times, ahead))
    assert rank(times_played(requirement, times + more, ahead)) >= before
    assert rank(times_played(requirement, times, ahead + more)) >= before
    if ahead >= more:
        assert rank(times_played(requirement, times + more, ahead - more)) >= before, "a class that comes and is taken"


@pytest.mark.parametrize(
    ("times", "active", "ahead", "status"),
    [
        (6, 4, 0, VerdictStatus.MET),
        (6, 3, 1, VerdictStatus.ON_TRACK),
        (6, 3, 0, VerdictStatus.NOT_MET),
        (6, 0, 2, VerdictStatus.ON_TRACK),
        (5, 9, 1, VerdictStatus.ON_TRACK),
    ],
)
def test_a_course_may_ask_for_active_rounds_in_all(times: int, active: int, ahead: int, status: VerdictStatus) -> None:
    requirement = a_requirement("role-play", count=6).model_copy(update={"active_rounds": 4})
    verdict = times_played(requirement, times, ahead, active)
    assert verdict.status is status
    played = f"{active} of 4 rounds" if active < 4 else f"{active} rounds"
    assert f"You played {played} as supporter or person, in all." in verdict.reason.en
    assert ("4 are needed." in verdict.reason.en) == (active >= 4)
    check_text(verdict.reason)


# -- people -------------------------------------------------------------------------------------------------


def test_a_confirmation_names_who_and_when() -> None:
    verdict = confirmed(a_requirement("confirmed"), AMINA)
    assert verdict.status is VerdictStatus.MET
    assert verdict.reason == Text("Confirmed by Amina, May 1, 2026.", "Confirmé par Amina, 1 mai 2026.")


def test_what_nobody_confirmed_says_so_and_what_to_do() -> None:
    step = Text("Book a time.", "Choisissez un moment.")
    verdict = confirmed(a_requirement("confirmed", next_step=step), None)
    assert verdict.status is VerdictStatus.NOT_STARTED
    assert verdict.next_step == step


def test_a_waiver_says_whose_decision_and_why() -> None:
    verdict = waived(AMINA)
    assert verdict.status is VerdictStatus.WAIVED
    assert verdict.reason.en == "Amina decided that this does not stand in your way: Her talk went well."


# -- what it comes to ---------------------------------------------------------------------------------------


def test_an_outcome_is_as_far_as_the_least_of_what_it_needs() -> None:
    assert standing(VerdictStatus.MET, VerdictStatus.AT_RISK, VerdictStatus.ON_TRACK).status is VerdictStatus.AT_RISK
    assert standing(VerdictStatus.MET, VerdictStatus.WAIVED).settled
    assert standing().settled, "nothing asked"


STATUSES = st.lists(st.sampled_from(VerdictStatus), min_size=1, max_size=6)


@some
@given(statuses=STATUSES, at=st.integers(0, 5), better=st.sampled_from(VerdictStatus))
def test_one_better_verdict_never_makes_an_outcome_worse(
    statuses: list[VerdictStatus], at: int, better: VerdictStatus
) -> None:
    at %= len(statuses)
    if ORDER.index(better) >= ORDER.index(statuses[at]):
        improved = [*statuses[:at], better, *statuses[at + 1 :]]
        assert ORDER.index(standing(*improved).status) >= ORDER.index(standing(*statuses).status)


@some
@given(statuses=STATUSES)
def test_every_verdict_is_done_left_or_closed_and_settled_means_all_done(statuses: list[VerdictStatus]) -> None:
    found = standing(*statuses)
    assert len(found.done) + len(found.left) + len(found.closed) == len(statuses)
    assert found.settled == (len(found.done) == len(statuses))
    assert found.settled == (found.status in SETTLED)


@some
@given(statuses=STATUSES)
def test_an_unknown_verdict_is_never_met_and_never_closed(statuses: list[VerdictStatus]) -> None:
    found = standing(*statuses, VerdictStatus.UNKNOWN)
    assert not found.settled
    worse = {VerdictStatus.CANNOT_BE_MET, VerdictStatus.NOT_MET}
    assert found.status is (next(s for s in ORDER if s in statuses) if worse & set(statuses) else VerdictStatus.UNKNOWN)


def test_the_page_leads_with_the_highest_outcome_that_is_possible_and_not_optional() -> None:
    low, high = standing(VerdictStatus.ON_TRACK, id="low"), standing(VerdictStatus.ON_TRACK, id="high")
    closed = standing(VerdictStatus.CANNOT_BE_MET, id="high")
    extra = standing(VerdictStatus.ON_TRACK, id="extra", optional=True)
    assert heading_for((low, high, extra)) == high
    assert heading_for((low, closed, extra)) == low
    assert heading_for((closed, extra)) is None
    assert heading_for(()) is None


def test_every_status_has_its_place_in_the_order() -> None:
    assert set(ORDER) == set(VerdictStatus)


# -- what somebody should hear of ---------------------------------------------------------------------------

START = datetime(2026, 3, 3, 18, tzinfo=UTC)
AWAY, TOLD = Status.AWAY, Status.TOLD_US


def a_ledger(*statuses: Status | None, **more: Any) -> Ledger:
    """Weekly classes, one for each status; None: nobody marked it."""
    meetings = tuple(
        Meeting(n, START + timedelta(weeks=n), 120, state=MeetingState.HELD) for n in range(1, len(statuses) + 1)
    )
    marks = tuple(Mark(n, status) for n, status in enumerate(statuses, start=1) if status)
    return Ledger(meetings, marks, **more)


@pytest.mark.parametrize(
    ("statuses", "run"),
    [
        ((), ()),
        ((Status.HERE,), ()),
        ((AWAY,), (1,)),
        ((AWAY, AWAY), (1, 2)),
        ((AWAY, Status.HERE, AWAY), (3,)),
        ((AWAY, TOLD), ()),
        ((TOLD, AWAY, AWAY), (2, 3)),
        ((AWAY, None, AWAY), (1, 3)),
        ((AWAY, AWAY, None), (1, 2)),
        ((AWAY, AWAY, Status.LATE), ()),
        ((AWAY, Status.TECH_TROUBLE, AWAY), (3,)),
    ],
)
def test_a_run_of_missed_classes_ends_where_we_heard_something(
    statuses: tuple[Status | None, ...], run: tuple[int, ...]
) -> None:
    assert missed_without_a_word(a_ledger(*statuses)) == run


@pytest.mark.parametrize(
    "explained", [{"told_before": True}, {"made_up": True}, {"waived_for": frozenset({"level-1"})}]
)
def test_a_missed_class_of_which_we_know_more_ends_the_run(explained: dict[str, Any]) -> None:
    ledger = a_ledger(AWAY, AWAY)
    assert missed_without_a_word(replace(ledger, marks=(ledger.marks[0], replace(ledger.marks[1], **explained)))) == ()


def test_a_make_up_that_was_begun_is_a_word() -> None:
    assert missed_without_a_word(a_ledger(AWAY, AWAY, catch_ups=(CatchUp(2, "talk", "asked"),))) == ()


def test_what_was_never_theirs_is_stepped_over() -> None:
    """A class before joining, one in a break and a cancelled one neither count nor end a run."""
    ledger = a_ledger(AWAY, AWAY, AWAY, AWAY, AWAY)
    cancelled = replace(ledger.meetings[3], state=MeetingState.CANCELLED)
    third = ledger.meetings[2].starts
    changed = replace(
        ledger,
        meetings=(*ledger.meetings[:3], cancelled, ledger.meetings[4]),
        joined=ledger.meetings[1].starts,
        pauses=(Pause(third - timedelta(days=1), third + timedelta(days=1)),),
    )
    assert missed_without_a_word(changed) == (2, 5)


marked = st.sampled_from([*Status, None])


@some
@given(st.lists(marked, max_size=12), st.data())
def test_what_tells_nothing_changes_no_run(statuses: list[Status | None], data: st.DataObject) -> None:
    before = missed_without_a_word(a_ledger(*statuses))
    place = data.draw(st.integers(0, len(statuses)))
    after = missed_without_a_word(a_ledger(*statuses[:place], None, *statuses[place:]))
    assert len(after) == len(before)


@some
@given(st.lists(marked, max_size=12), st.randoms())
def test_a_run_counts_back_from_the_last_mark_whatever_the_order_of_records(
    statuses: list[Status | None], random: Random
) -> None:
    ledger = a_ledger(*statuses)
    run = missed_without_a_word(ledger)
    shuffled = list(ledger.marks)
    random.shuffle(shuffled)
    assert missed_without_a_word(replace(ledger, marks=tuple(shuffled))) == run
    assert all(ledger.mark(number).status is AWAY for number in run)  # type: ignore[union-attr]
    assert missed_without_a_word(a_ledger(*statuses, Status.HERE)) == ()
    assert missed_without_a_word(a_ledger(*statuses, AWAY)) == (*run, len(statuses) + 1)


CLOSED, OPEN = VerdictStatus.CANNOT_BE_MET, VerdictStatus.ON_TRACK


@pytest.mark.parametrize(
    ("told", "status", "closed", "open_again"),
    [
        ({}, CLOSED, True, False),
        ({"level-1": "cannot_be_met"}, CLOSED, False, False),
        ({"level-1": "cannot_be_met"}, OPEN, False, True),
        ({"level-1": "on_track"}, CLOSED, True, False),
        ({"level-1": "cannot_be_met"}, VerdictStatus.UNKNOWN, False, False),
        ({}, OPEN, False, False),
        ({}, VerdictStatus.NOT_MET, False, False),
    ],
)
def test_news_are_what_closed_and_what_is_open_again(
    told: dict[str, str], status: VerdictStatus, closed: bool, open_again: bool
) -> None:
    found = news(told, [standing(status)])
    assert (bool(found.closed), bool(found.open_again)) == (closed, open_again)
    assert bool(found) == (closed or open_again)


@some
@given(st.lists(st.sampled_from(VerdictStatus), min_size=1, max_size=4))
def test_what_was_told_is_no_news_any_more(statuses: list[VerdictStatus]) -> None:
    standings = [standing(status, id=f"level-{n}") for n, status in enumerate(statuses)]
    first = news({}, standings)
    told = {s.outcome.id: str(s.status) for s in (*first.closed, *first.open_again)}
    assert not news(told, standings)
    assert len(still_possible(standings)) + len(first.closed) == len(standings)
