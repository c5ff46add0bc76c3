"""When events of a series are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.features.series import rules
from lms.host.errors import Incomplete

days = st.dates(date(2020, 1, 1), date(2060, 1, 1))


def test_the_second_tuesday_of_each_month() -> None:
    found = rules.days_of(rules.Repeated(date(2026, 11, 10), "month", 1, 4))
    assert found == [date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9)]


def test_the_fifth_is_the_last_where_there_are_four() -> None:
    found = rules.days_of(rules.Repeated(date(2026, 5, 29), "month", 1, 3))
    assert found == [date(2026, 5, 29), date(2026, 6, 26), date(2026, 7, 31)]


@given(days, st.integers(1, 24))
def test_each_month_has_one_on_the_same_weekday(first: date, count: int) -> None:
    found = rules.days_of(rules.Repeated(first, "month", 1, count))
    assert found[0] == first
    assert {day.weekday() for day in found} == {first.weekday()}
    assert [12 * day.year + day.month for day in found] == [12 * first.year + first.month + n for n in range(count)]


@given(days, st.integers(1, 12), st.integers(1, 24))
def test_weeks_lie_evenly(first: date, weeks: int, count: int) -> None:
    found = rules.days_of(rules.Repeated(first, "weeks", weeks, count))
    assert [(day - first).days for day in found] == [7 * weeks * n for n in range(count)]


def test_the_time_on_the_wall_stays_over_the_change_of_clocks() -> None:
    wall = [datetime.combine(day, time(18)) for day in (date(2026, 10, 27), date(2026, 11, 3))]
    assert rules.moments(wall, "America/Toronto") == [
        datetime(2026, 10, 27, 22, tzinfo=UTC),
        datetime(2026, 11, 3, 23, tzinfo=UTC),
    ]


def test_pasted_days_come_once_and_in_order() -> None:
    found = rules.pasted("2026-12-08\n\n2026-11-10\n2026-12-08", time(18))
    assert found == [datetime.combine(day, time(18)) for day in (date(2026, 11, 10), date(2026, 12, 8))]


def test_lines_that_are_no_day_are_named() -> None:
    with pytest.raises(Incomplete) as incomplete:
        rules.pasted("2026-12-08\nsoon", time(18))
    assert "soon" in str(incomplete.value.by_field["dates"])


def test_too_many_dates_are_asked_for_in_two_goes() -> None:
    lines = "\n".join(f"20{year}-0{month}-01" for year in range(27, 37) for month in range(1, 8))
    with pytest.raises(Incomplete) as incomplete:
        rules.pasted(lines, time(18))
    assert "two goes" in str(incomplete.value.by_field["dates"])
