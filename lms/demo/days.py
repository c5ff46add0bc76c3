"""When the demo's classes are: one of them is tonight, whenever it starts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "America/Toronto"
HOUR = timedelta(hours=1)


def tonight(now: datetime) -> datetime:
    """Today at six in the evening; tomorrow's when that is over soon."""
    local = now.astimezone(ZoneInfo(ZONE))
    evening = datetime.combine(local.date(), time(18), tzinfo=ZoneInfo(ZONE))
    return (evening if local < evening + HOUR else evening + timedelta(days=1)).astimezone(UTC)


def class_days(sixth: datetime, count: int, tonight_is: int) -> list[datetime]:
    """Two classes a week, the `tonight_is`th at `sixth`, at the same time on the wall all through."""
    local = sixth.astimezone(ZoneInfo(ZONE))
    days = []
    for number in range(1, count + 1):
        weeks, second = divmod(number - tonight_is, 2)
        day: date = local.date() + timedelta(days=7 * weeks + 2 * second)
        days.append(datetime.combine(day, local.timetz().replace(tzinfo=None), tzinfo=ZoneInfo(ZONE)).astimezone(UTC))
    return days
