"""When and where classes take place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

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


def typed_time(text: str) -> time | None:
    """A time of day as a field sends it, without seconds or zone; None for everything else."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return time(at.hour, at.minute) if at.tzinfo is None else None


def is_link(text: str) -> bool:
    """True for an address of the web with all that a browser needs, https:// included."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False


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
