"""The clock of a role play: what happened is kept, and phases and times follow from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.features.grouping.formats import Phase
from lms.features.roleplay.timeline import MINUTE, Change, ChangeKind, Span, Timeline, timeline

START = datetime(2026, 5, 5, 22, tzinfo=UTC)
READ, PLAY, FEEDBACK, CLOSE = (
    Phase("read", 1, 60),
    Phase("play", 1, 180),
    Phase("feedback", 1, 120),
    Phase("de_role", 0, 120),
)
PHASES = (READ, PLAY, FEEDBACK, CLOSE)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def clock(*changes: tuple[float, ChangeKind, int | None] | tuple[float, ChangeKind], group: int | None = 1) -> Timeline:
    return timeline(PHASES, START, [Change(after(at), kind, *of) for at, kind, *of in changes], group)


def ends(line: Timeline) -> list[float]:
    return [(span.ends - START).total_seconds() for span in line.spans]


def test_phases_follow_each_other_and_the_last_one_stays() -> None:
    line = clock()
    assert ends(line) == [60, 240, 360, 480]
    assert line.at(after(59)).phase == READ
    assert line.at(after(60)).phase == PLAY
    assert line.at(after(60)).left == timedelta(minutes=3)
    late = line.at(after(10_000))
    assert (late.phase, late.left, late.over) == (CLOSE, timedelta(0), True)


def test_the_ending_is_announced_in_the_last_thirty_seconds() -> None:
    assert not clock().at(after(209)).ending
    assert clock().at(after(210)).ending
    assert not clock().at(after(480)).ending


def test_a_group_that_paused_goes_on_where_it_was_and_the_others_never_stood() -> None:
    changes: list[tuple[float, ChangeKind, int | None]] = [(100, "pause", 1), (160, "go_on", 1)]
    assert ends(clock(*changes)) == [60, 300, 420, 540]
    assert ends(clock(*changes, group=2)) == [60, 240, 360, 480]


def test_a_pause_of_all_is_not_ended_by_one_group() -> None:
    line = clock((100, "pause", None), (120, "go_on", 1))
    assert line.paused_since == after(100)
    assert line.by_all
    assert clock((100, "pause", None), (120, "go_on", 1), (130, "go_on", None)).paused_since is None


def test_where_group_and_class_pause_over_each_other_the_clock_stands_once() -> None:
    line = clock((100, "pause", 1), (110, "pause", None), (120, "go_on", 1), (160, "go_on", None))
    assert ends(line) == [60, 300, 420, 540]
    assert line.paused_since is None


def test_a_pause_that_ends_in_the_same_instant_is_over() -> None:
    assert clock((100, "go_on", 1), (100, "pause", 1)) == clock()


def test_next_ends_a_phase_at_once_and_the_last_one_stays() -> None:
    assert ends(clock((70, "next", 1))) == [60, 70, 190, 310]
    assert ends(clock((400, "next", 1))) == ends(clock())


def test_bringing_everybody_back_ends_the_rounds_and_leaves_time_to_step_out_of_the_role() -> None:
    assert ends(clock((70, "bring_back"))) == [60, 70, 70, 190]
    assert ends(clock((400, "bring_back"))) == ends(clock())


def test_a_minute_when_all_is_over_begins_now() -> None:
    line = clock((1000, "add_minute"))
    assert line.at(after(1000)).left == MINUTE
    assert line.at(after(1000)).phase == CLOSE


def test_before_the_start_the_first_phase_waits() -> None:
    assert clock().at(after(-300)).phase == READ


# -- whatever happens ------------------------------------------------------------------------------------------

KINDS: list[ChangeKind] = ["pause", "go_on", "add_minute", "next", "bring_back"]
MOMENTS = st.integers(-100, 1500)


def change(at: int, kind: ChangeKind, group: int | None = None) -> Change:
    return Change(after(at), kind, group)


CHANGES = st.lists(st.builds(change, MOMENTS, st.sampled_from(KINDS), st.sampled_from([None, 1, 2])), max_size=10)
TAPS = st.lists(st.builds(change, MOMENTS, st.sampled_from(["add_minute", "next", "bring_back"])), max_size=6)


@given(changes=CHANGES, random=st.randoms(use_true_random=False))
def test_the_order_in_which_changes_arrive_does_not_matter(changes: list[Change], random: object) -> None:
    shuffled = list(changes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert timeline(PHASES, START, shuffled, 1) == timeline(PHASES, START, changes, 1)


@given(changes=CHANGES)
def test_no_phase_is_shorter_than_nothing_and_each_begins_where_the_one_before_ends(changes: list[Change]) -> None:
    spans = timeline(PHASES, START, changes, 1).spans
    assert [span.phase for span in spans] == list(PHASES)
    assert spans[0].starts == START
    assert all(span.starts <= span.ends for span in spans)
    assert all(span.ends == later.starts for span, later in pairwise(spans))


@given(changes=CHANGES, first=MOMENTS, second=MOMENTS)
def test_time_never_goes_back_and_a_paused_clock_stands(changes: list[Change], first: int, second: int) -> None:
    line = timeline(PHASES, START, changes, 1)
    early, late = sorted((after(first), after(second)))
    assert line.at(early).index <= line.at(late).index
    assert line.at(early).left >= timedelta(0)
    if line.paused_since:
        assert line.at(early) == line.at(late)


@given(taps=TAPS, begins=st.integers(0, 700), lasts=st.integers(1, 600))
def test_a_pause_shifts_what_follows_and_nothing_else(taps: list[Change], begins: int, lasts: int) -> None:
    pause, by = after(begins), timedelta(seconds=lasts)
    shifted = [Change(t.at + by if t.at > pause else t.at, t.kind, t.group) for t in taps]
    stood = [Change(pause, "pause", 1), Change(pause + by, "go_on", 1)]
    expected = tuple(
        Span(s.phase, s.starts if s.starts <= pause else s.starts + by, s.ends if s.ends <= pause else s.ends + by)
        for s in timeline(PHASES, START, taps, 1).spans
    )
    assert timeline(PHASES, START, [*shifted, *stood], 1).spans == expected


@given(changes=CHANGES, at=st.integers(0, 1500))
def test_a_minute_goes_to_the_phase_of_that_moment(changes: list[Change], at: int) -> None:
    before = [change for change in changes if change.at < after(at)]
    line = timeline(PHASES, START, before, 1)
    then = line.at(after(at))
    more = timeline(PHASES, START, [*before, Change(after(at), "add_minute", 1)], 1)
    assert more.at(after(at)).left == then.left + MINUTE
    assert more.at(after(at)).index == then.index
    for index, (old, new) in enumerate(zip(line.spans, more.spans, strict=True)):
        if index < then.index:
            assert new == old
        elif index > then.index:
            assert new.ends - new.starts == old.ends - old.starts


@given(changes=CHANGES)
def test_what_another_group_does_changes_nothing_here(changes: list[Change]) -> None:
    mine = [change for change in changes if change.group != 2]
    assert timeline(PHASES, START, changes, 1) == timeline(PHASES, START, mine, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_tap_from_before_the_start_counts_as_at_the_start(kind: ChangeKind) -> None:
    assert clock((-60, kind)) == clock((0, kind))
