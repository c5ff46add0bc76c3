"""When and where classes take place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lms.plugin_api.values import MeetingState, Pause

MAX_WEEKS = 104
YEARS = range(2000, 2101)


def typed_day(text: str) -> date | None:
    """A day as it was typed, in years that a class or a confirmation can have; None for everything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def is_link(text: str) -> bool:
    """True for an address of the web with all that a browser needs, https:// included."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False


def class_times(first: date, weekdays: Iterable[int], at: time, zone: str, count: int) -> list[datetime]:
    """Starts of `count` classes from `first` on, on these weekdays (Monday is 0), in UTC.

    The time on the wall stays the same over the change of clocks. No weekday: the weekday of `first`.
    """
    days = set(weekdays) or {first.weekday()}
    local = ZoneInfo(zone)
    found: list[datetime] = []
    day = first
    while len(found) < count and (day - first).days < MAX_WEEKS * 7:
        if day.weekday() in days:
            found.append(datetime.combine(day, at, tzinfo=local).astimezone(UTC))
        day += timedelta(days=1)
    return found


def state_at(state: str, starts: datetime, minutes: int, now: datetime) -> MeetingState:
    """A planned class counts as held once its time is over."""
    if state == MeetingState.PLANNED and starts + timedelta(minutes=minutes) <= now:
        return MeetingState.HELD
    return MeetingState(state)


def pauses_read(kept: Iterable[tuple[str, str | None]]) -> tuple[Pause, ...]:
    """The times away as an enrolment keeps them: pairs of moments, the second empty while it lasts."""
    return tuple(
        Pause(datetime.fromisoformat(begins), datetime.fromisoformat(ends) if ends else None) for begins, ends in kept
    )
