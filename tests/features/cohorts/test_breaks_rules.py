"""Breaks as values: joined, ended, typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.features.cohorts import breaks
from lms.features.cohorts.rules import pauses_read
from lms.host.errors import Incomplete
from lms.plugin_api.values import Pause

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)
TORONTO = "America/Toronto"


def at(day: int) -> datetime:
    return NOW + timedelta(days=day)


pauses = st.lists(
    st.builds(
        lambda first, length: Pause(at(first), at(first + length) if length else None),
        st.integers(-50, 50),
        st.integers(0, 40),
    ),
    max_size=6,
)
moments = st.integers(-60, 100).map(lambda hours: NOW + timedelta(hours=24 * hours + 1))


@given(pauses, moments)
def test_joining_changes_no_moment(found: list[Pause], moment: datetime) -> None:
    once = breaks.joined(found)
    assert any(p.covers(moment) for p in once) == any(p.covers(moment) for p in found)
    assert breaks.joined(once) == once
    assert all(first.ends and first.ends < after.starts for first, after in pairwise(once))


@given(pauses)
def test_whoever_is_back_is_on_no_break_and_was_away_before(found: list[Pause]) -> None:
    after = breaks.ended(found, NOW)
    assert breaks.current(after, NOW) is None
    earlier = NOW - timedelta(hours=1)
    assert any(p.covers(earlier) for p in after) == any(p.covers(earlier) for p in found)


@given(pauses)
def test_a_break_reads_as_it_was_kept(found: list[Pause]) -> None:
    assert list(pauses_read([(a, b) for a, b in breaks.kept(found)])) == found  # type: ignore[misc]


def test_the_last_day_is_a_whole_day_on_the_clocks_of_the_group() -> None:
    pause = breaks.typed_break("", "2026-05-20", TORONTO, NOW)
    assert pause == Pause(NOW, datetime(2026, 5, 21, 4, tzinfo=UTC))
    assert str(breaks.last_day(pause, TORONTO)) == "2026-05-20"


def test_a_break_may_begin_later_and_be_open() -> None:
    assert breaks.typed_break("2026-05-10", "", TORONTO, NOW) == Pause(datetime(2026, 5, 10, 4, tzinfo=UTC))


@pytest.mark.parametrize(
    ("begins", "until", "field"),
    [
        ("2026-05-04", "", "begins"),
        ("tomorrow", "", "begins"),
        ("2027-05-04", "", "begins"),
        ("", "2026-05-04", "until"),
        ("2026-05-10", "2026-05-09", "until"),
        ("", "2028-05-04", "until"),
        ("", "soon", "until"),
    ],
)
def test_days_that_cannot_be_get_a_sentence_at_their_field(begins: str, until: str, field: str) -> None:
    with pytest.raises(Incomplete) as incomplete:
        breaks.typed_break(begins, until, TORONTO, NOW)
    assert set(incomplete.value.by_field) == {field}


def test_those_who_lead_note_a_break_that_began_before() -> None:
    pause = breaks.typed_break("2026-04-20", "2026-05-20", TORONTO, NOW, breaks.NOTED_LATER)
    assert pause.starts == datetime(2026, 4, 20, 4, tzinfo=UTC)
    with pytest.raises(Incomplete):
        breaks.typed_break("2026-01-20", "2026-05-20", TORONTO, NOW, breaks.NOTED_LATER)
