"""When the demo's classes are: one of Northside's is tonight, whenever the demo starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "America/Toronto"
HOUR = timedelta(hours=1)
EVENING = time(18)


def tonight(now: datetime) -> datetime:
    """Today at six in the evening; tomorrow's when that is over soon."""
    local = now.astimezone(ZoneInfo(ZONE))
    evening = datetime.combine(local.date(), EVENING, tzinfo=ZoneInfo(ZONE))
    return (evening if local < evening + HOUR else evening + timedelta(days=1)).astimezone(UTC)


def twice_a_week(count: int, today_is: int) -> list[int]:
    """The days of so many classes, two a week, the `today_is`th on day 0."""
    weeks = (divmod(number - today_is, 2) for number in range(1, count + 1))
    return [7 * week + 2 * second for week, second in weeks]


def weekly(count: int, last: int) -> list[int]:
    """The days of so many classes, one a week, the last on the day `last`."""
    return [last - 7 * before for before in reversed(range(count))]


def on_days(days: Sequence[int], at: time, zone: str, evening: datetime) -> list[datetime]:
    """The moments of classes, at the same time on the wall of `zone`; day 0 is the day of `evening`."""
    first = evening.astimezone(ZoneInfo(ZONE)).date()
    moments = (datetime.combine(first + timedelta(days=day), at, tzinfo=ZoneInfo(zone)) for day in days)
    return [moment.astimezone(UTC) for moment in moments]
