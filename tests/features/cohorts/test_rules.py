"""When classes take place: the time on the wall stays, whatever the clocks do."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.features.cohorts.rules import class_times, state_at
from lms.plugin_api.values import MeetingState

TORONTO = "America/Toronto"
ZONES = ("America/Toronto", "America/St_Johns", "America/Regina", "Europe/Paris", "Asia/Kathmandu", "Pacific/Auckland")
EVENING = time(18)


def on_the_wall(starts: list[datetime], zone: str) -> list[str]:
    return [start.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M") for start in starts]


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (date(2026, 3, 2), ["Mon 02 Mar 18:00", "Mon 09 Mar 18:00", "Mon 16 Mar 18:00"]),
        (date(2026, 10, 26), ["Mon 26 Oct 18:00", "Mon 02 Nov 18:00", "Mon 09 Nov 18:00"]),
    ],
)
def test_over_the_night_when_clocks_change_the_time_on_the_wall_stays(first: date, said: list[str]) -> None:
    starts = class_times(first, (), EVENING, TORONTO, 3)
    assert on_the_wall(starts, TORONTO) == said
    assert starts[1] - starts[0] != timedelta(weeks=1)


def test_without_a_weekday_it_is_once_a_week_on_the_day_of_the_first() -> None:
    starts = class_times(date(2026, 5, 5), (), EVENING, TORONTO, 4)
    assert {b - a for a, b in itertools.pairwise(starts)} == {timedelta(weeks=1)}
    assert starts[0] == datetime(2026, 5, 5, 22, tzinfo=UTC)


def test_chosen_weekdays_take_turns_from_the_first_day_on() -> None:
    starts = class_times(date(2026, 5, 6), (1, 3), EVENING, TORONTO, 4)
    assert on_the_wall(starts, TORONTO) == [
        "Thu 07 May 18:00",
        "Tue 12 May 18:00",
        "Thu 14 May 18:00",
        "Tue 19 May 18:00",
    ]


def test_a_class_at_an_hour_that_the_clocks_skip_still_has_one_time() -> None:
    (start,) = class_times(date(2026, 3, 8), (), time(2, 30), TORONTO, 1)
    assert start in (datetime(2026, 3, 8, 7, 30, tzinfo=UTC), datetime(2026, 3, 8, 6, 30, tzinfo=UTC))


@settings(max_examples=80, deadline=None, database=None)
@given(
    first=st.dates(date(2001, 1, 1), date(2090, 1, 1)),
    weekdays=st.sets(st.integers(0, 6)),
    hour=st.integers(4, 23),
    zone=st.sampled_from(ZONES),
    count=st.integers(0, 30),
)
def test_any_plan_has_all_its_classes_in_order_on_its_days_and_at_its_time(
    first: date, weekdays: set[int], hour: int, zone: str, count: int
) -> None:
    starts = class_times(first, weekdays, time(hour), zone, count)
    assert len(starts) == count
    assert starts == sorted(set(starts))
    local = [start.astimezone(ZoneInfo(zone)) for start in starts]
    assert all(start.tzinfo is UTC for start in starts)
    assert {day.hour for day in local} <= {hour}
    assert {day.weekday() for day in local} <= (weekdays or {first.weekday()})
    assert all(day.date() >= first for day in local)


@pytest.mark.parametrize(
    ("state", "minutes_after", "then"),
    [
        ("planned", -1, MeetingState.PLANNED),
        ("planned", 0, MeetingState.PLANNED),
        ("planned", 119, MeetingState.PLANNED),
        ("planned", 120, MeetingState.HELD),
        ("cancelled", 500, MeetingState.CANCELLED),
        ("held", -500, MeetingState.HELD),
    ],
)
def test_a_class_is_held_once_its_time_is_over(state: str, minutes_after: int, then: MeetingState) -> None:
    start = datetime(2026, 5, 5, 22, tzinfo=UTC)
    assert state_at(state, start, 120, start + timedelta(minutes=minutes_after)) is then
