"""A class is over once its time is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.features.cohorts.rules import state_at
from lms.plugin_api.values import MeetingState


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
