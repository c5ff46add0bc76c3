"""When the classes of a group take place: weekly patterns, days left out, copies, the change of clocks. Pure.

Times on the wall are datetimes without a zone here (`Wall`), as people type and read them; a zone makes them moments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lms.features.cohorts.rules import MAX_WEEKS

Wall = datetime
DAY = timedelta(days=1)
LONGEST = timedelta(weeks=MAX_WEEKS)


@dataclass(frozen=True)
class Planned:
    """The times found, in order, and the days of the pattern that were left out on the way."""

    starts: tuple[Wall, ...]
    left_out: tuple[date, ...] = ()


def weekly(first: date, times: Mapping[int, time], count: int, left_out: Collection[date] = ()) -> Planned:
    """`count` times from `first` on: on each weekday of `times` (Monday is 0), at its time.

    Days in `left_out` are passed over. Fewer than `count` where they do not fit into 104 weeks.
    """
    return _taken(_slots(first, times, first + LONGEST), count, left_out)


def _slots(first: date, times: Mapping[int, time], end: date) -> Iterator[Wall]:
    day = first
    while day < end and times:
        if at := times.get(day.weekday()):
            yield datetime.combine(day, at)
        day += DAY


def _taken(slots: Iterable[Wall], count: int, left_out: Collection[date]) -> Planned:
    starts: list[Wall] = []
    passed: list[date] = []
    for slot in slots:
        if len(starts) == count:
            break
        if slot.date() in left_out:
            passed.append(slot.date())
        else:
            starts.append(slot)
    return Planned(tuple(starts), tuple(dict.fromkeys(passed)))


def times_of(starts: Iterable[Wall]) -> dict[int, time]:
    """The weekly pattern behind some times: each weekday with its first time."""
    found: dict[int, time] = {}
    for start in starts:
        found.setdefault(start.weekday(), start.time())
    return found


def next_of(starts: Sequence[Wall], left_out: Collection[date] = ()) -> Wall | None:
    """The time that follows these by their weekly pattern; None where it would be more than 104 weeks on."""
    if not starts:
        return None
    last = max(starts)
    slots = _slots(last.date() + DAY, times_of(starts), min(starts).date() + LONGEST)
    return next((slot for slot in slots if slot.date() not in left_out), None)


def same_weekday(first: date, weekday: int) -> date:
    """The first day from `first` on with this weekday."""
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def copied(starts: Sequence[Wall], first: date, left_out: Collection[date] = (), count: int | None = None) -> Planned:
    """The same times beginning on `first`: the weekdays and the gaps stay, so the first may be a few days later.

    `count` of them, as many as before without it; more follow the weekly pattern.
    What falls on a day in `left_out` moves to the next time of the pattern, and all that follows with it.
    """
    old = sorted(starts)
    if not old:
        return Planned(())
    shift = same_weekday(first, old[0].weekday()) - old[0].date()
    moved = [start + shift for start in old]
    more = _slots(moved[-1].date() + DAY, times_of(moved), moved[0].date() + LONGEST)
    return _taken([*moved, *more], len(old) if count is None else count, left_out)


# -- moments ------------------------------------------------------------------------------------------------


def moment(wall: Wall, zone: str) -> datetime:
    """The moment (UTC) at which the clocks of `zone` show this time. Of two, the first; a time that the clocks skip is
    as long after the change as it would have been."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def on_the_wall(at: datetime, zone: str) -> Wall:
    """What the clocks of `zone` show at this moment."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


class Odd(StrEnum):
    """What one should know about a time."""

    SKIPPED = "skipped"  # the clocks jump over it
    TWICE = "twice"  # the clocks show it twice that night; the first counts
    CLOCKS = "clocks"  # the clocks change during the class
    MIDNIGHT = "midnight"  # it ends on the next day


def oddities(wall: Wall, minutes: int, zone: str) -> tuple[Odd, ...]:
    """What is unusual about a class at this time."""
    local = ZoneInfo(zone)
    starts = moment(wall, zone)
    ends = starts + timedelta(minutes=minutes)
    found = []
    if on_the_wall(starts, zone) != wall:
        found.append(Odd.SKIPPED)
    elif wall.replace(tzinfo=local, fold=0).utcoffset() != wall.replace(tzinfo=local, fold=1).utcoffset():
        found.append(Odd.TWICE)
    if starts.astimezone(local).utcoffset() != ends.astimezone(local).utcoffset():
        found.append(Odd.CLOCKS)
    end = on_the_wall(ends, zone)
    if end.date() > wall.date() and end.time() != time(0):
        found.append(Odd.MIDNIGHT)
    return tuple(found)


def overlapping(classes: Sequence[tuple[datetime, int]]) -> list[tuple[int, int]]:
    """Pairs of indexes, the earlier class first: the second begins before the first is over. (start, minutes) each."""
    order = sorted(range(len(classes)), key=lambda i: classes[i][0])
    found: list[tuple[int, int]] = []
    running = -1
    until = datetime.min.replace(tzinfo=UTC)
    for index in order:
        starts, minutes = classes[index]
        if running >= 0 and starts < until:
            found.append((running, index))
        if starts + timedelta(minutes=minutes) > until:
            running, until = index, starts + timedelta(minutes=minutes)
    return found


def meet(one: tuple[datetime, int], other: tuple[datetime, int]) -> bool:
    """True where two classes (start, minutes) go on at the same time."""
    return bool(overlapping([one, other]))
