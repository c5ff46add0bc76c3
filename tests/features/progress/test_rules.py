"""Verdicts of the host's own requirements: what counts, and that doing more never makes anything worse."""

from __future__ import annotations

from datetime import date

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
    tasks_done,
    times_played,
    waived,
)
from lms.plugin_api.content import Outcome, Requirement
from lms.plugin_api.testing import check_text
from lms.plugin_api.values import Text, Verdict, VerdictStatus

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
