"""When the events of a series are: repeated by weekday, or pasted. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from lms.features.cohorts.pasting import read_dates
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l

MOST_EVENTS = 60
MOST_WEEKS = 12
MINUTES = range(10, 601)
LAST = 5


@dataclass(frozen=True)
class Repeated:
    """Events on the weekday of `first`: every so many weeks, or every month on the same one (second Tuesday, last Friday)."""

    first: date
    every: Literal["weeks", "month"]
    weeks: int
    count: int


def days_of(repeated: Repeated) -> list[date]:
    """The days of all events, in order."""
    if repeated.every == "weeks":
        return [repeated.first + timedelta(weeks=repeated.weeks * n) for n in range(repeated.count)]
    which = 1 + (repeated.first.day - 1) // 7
    months = _months(repeated.first)
    return [nth_weekday(*next(months), repeated.first.weekday(), which) for _ in range(repeated.count)]


def _months(first: date) -> Iterator[tuple[int, int]]:
    year, month = first.year, first.month
    while True:
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    """The `which`th such weekday of a month (Monday is 0); the fifth is the last, as not every month has five."""
    first = (weekday - date(year, month, 1).weekday()) % 7 + 1
    days = range(first, calendar.monthrange(year, month)[1] + 1, 7)
    return date(year, month, days[-1] if which >= LAST else days[which - 1])


def moments(on_the_wall: Iterable[datetime], zone: str) -> list[datetime]:
    """Times as clocks in `zone` show them, in UTC."""
    return [moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for moment in on_the_wall]


def pasted(text: str, at: time | None) -> list[datetime]:
    """Pasted times on the wall, each once and in order. Raises Incomplete that names the lines that say none."""
    found, faults = read_dates(text, at)
    if faults:
        lines = ", ".join(fault.words for fault in faults[:5])
        raise Incomplete({"dates": _l("These lines do not say a day and a time: %(lines)s", lines=lines)})
    if len(found) > MOST_EVENTS:
        raise Incomplete(
            {"dates": _l("These are more than %(most)s dates. Please add them in two goes.", most=MOST_EVENTS)}
        )
    return sorted(set(found))
