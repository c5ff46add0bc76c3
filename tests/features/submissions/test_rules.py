"""Where homework stands, and by which day an answer was promised."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.features.submissions.rules import HomeworkState, promised_day, state_of

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("reviewed", "decision", "visible_from", "state"),
    [
        (False, None, None, HomeworkState.DONE),
        (True, None, None, HomeworkState.SENT),
        (True, "accept", NOW + SECOND, HomeworkState.SENT),
        (True, "accept", NOW, HomeworkState.DONE),
        (True, "one_more_look", NOW + SECOND, HomeworkState.SENT),
        (True, "one_more_look", NOW, HomeworkState.RETURNED),
    ],
)
def test_a_review_counts_once_its_trainee_can_see_it(
    reviewed: bool, decision: str | None, visible_from: datetime | None, state: HomeworkState
) -> None:
    assert state_of(reviewed, decision, visible_from, NOW) is state


@pytest.mark.parametrize(
    ("sent", "days", "promised"),
    [
        (date(2026, 5, 4), 5, date(2026, 5, 11)),  # Monday to Monday
        (date(2026, 5, 8), 1, date(2026, 5, 11)),  # Friday to Monday
        (date(2026, 5, 9), 1, date(2026, 5, 11)),  # Saturday to Monday
        (date(2026, 5, 9), 0, date(2026, 5, 9)),
    ],
)
def test_saturdays_and_sundays_are_not_promised(sent: date, days: int, promised: date) -> None:
    assert promised_day(sent, days) == promised


@settings(max_examples=60, deadline=None, database=None)
@given(sent=st.dates(date(2001, 1, 1), date(2090, 1, 1)), days=st.integers(1, 40))
def test_a_promised_day_is_a_working_day_and_a_longer_promise_is_later(sent: date, days: int) -> None:
    assert promised_day(sent, days).weekday() < 5
    assert sent < promised_day(sent, days) < promised_day(sent, days + 1)
