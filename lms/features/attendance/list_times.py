"""Times and durations as meeting tools write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from lms.features.cohorts.pasting import MONTHS

_CLOCK = r"(?P<hour>\d{1,2})\s?[:h]\s?(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.,]\d+)?"
_HALF = r"(?:\s*(?P<half>[ap])\.?\s?m\.?)?"
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_NUMBERS = re.compile(
    rf"(?P<a>\d{{1,4}})[/.-](?P<b>\d{{1,2}})[/.-](?P<c>\d{{1,4}})[T,\s]+(?:a\s)?{_CLOCK}{_HALF}{_ZONE}", re.IGNORECASE
)
_WORDS_FIRST = re.compile(
    rf"(?P<month>[^\W\d]{{3,10}})\.?\s(?P<day>\d{{1,2}}),?\s(?P<year>\d{{4}})[,\s]+(?:(?:at|a)\s)?{_CLOCK}{_HALF}{_ZONE}",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})(?:er)?\s(?P<month>[^\W\d]{{3,10}})\.?,?\s(?P<year>\d{{4}})[,\s]+(?:(?:at|a)\s)?{_CLOCK}{_HALF}{_ZONE}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """A time of a list: the days that its numbers can mean, the time on the wall, where it says so its zone."""

    days: tuple[date, ...]
    at: time
    zone: timedelta | None = None
    to_the_second: bool = True

    def nearest(self, to: datetime, local: tzinfo, *, end: bool = False) -> datetime:
        """The reading that is nearest to a moment, in UTC. An `end` without seconds holds until its minute is over."""
        zones = [self.at] if self.zone is not None else [self.at, self.at.replace(fold=1)]
        read = [self._in_utc(day, at, local) for day in self.days for at in zones]
        if end:  # nobody leaves before they come; the hour that comes twice is read so that it fits
            read = [moment for moment in read if moment >= to] or read
        found = min(read, key=lambda moment: (abs(moment - to), moment))
        return found + timedelta(seconds=60) if end and not self.to_the_second else found

    def _in_utc(self, day: date, at: time, local: tzinfo) -> datetime:
        if self.zone is not None:
            return datetime.combine(day, at, UTC) - self.zone
        return datetime.combine(day, at, local).astimezone(UTC)


def read_moment(text: str) -> Moment | None:
    """A day with its time, or None. `05/06/2026` can be in May or in June: both are kept."""
    text = _plain(text)
    for pattern in (_NUMBERS, _WORDS_FIRST, _DAY_FIRST):
        found = pattern.fullmatch(text)
        if found:
            said = found.groupdict()
            days, at = _days(said), _clock(said)
            return Moment(days, at, _zone(said["zone"]), said["second"] is not None) if days and at else None
    return None


def _plain(text: str) -> str:
    return " ".join(text[:60].replace("\u202f", " ").replace("\xa0", " ").replace("à", "a").split())


def _days(said: dict[str, str | None]) -> tuple[date, ...]:
    if said.get("month"):
        letters = unicodedata.normalize("NFKD", str(said["month"])).casefold()
        month = MONTHS.get("".join(letter for letter in letters if not unicodedata.combining(letter)))
        read = [_day(said["year"], month, said["day"])]
    elif len(str(said["a"])) > 2:
        read = [_day(said["a"], said["b"], said["c"])]
    else:
        a, b, c = said["a"], said["b"], said["c"]
        read = [_day(c, a, b), _day(c, b, a)]
    return tuple(dict.fromkeys(day for day in read if day))


def _day(year: str | None, month: str | int | None, day: str | None) -> date | None:
    try:
        whole = int(year or 0)
        read = date(whole + 2000 if whole < 100 else whole, int(month or 0), int(day or 0))
    except ValueError:
        return None
    return read if 2000 <= read.year <= 2100 else None


def _clock(said: dict[str, str | None]) -> time | None:
    hour = int(said["hour"] or 0)
    if said["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if said["half"].casefold() == "p" else 0)
    try:
        return time(hour, int(said["minute"] or 0), int(said["second"] or 0))
    except ValueError:
        return None


def _zone(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text[0] not in "+-":
        return timedelta()
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))


_PARTS = re.compile(
    r"(?:(?P<hours>\d+)\s?(?:hours?|heures?|hrs?|h))?\s?"
    r"(?:(?P<minutes>\d+)\s?(?:minutes?|mins?|m))?\s?"
    r"(?:(?P<seconds>\d+)\s?(?:seconds?|secondes?|secs?|s))?\.?",
    re.IGNORECASE,
)
_ON_A_CLOCK = re.compile(r"(?P<hours>\d+):(?P<minutes>\d{2}):(?P<seconds>\d{2})")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?")


def read_seconds(text: str) -> int | None:
    """A duration in seconds: `1h 57m 55s`, `1:57:55`, or a number of minutes. None for everything else."""
    text = _plain(text)
    if _NUMBER.fullmatch(text):
        return round(float(text.replace(",", ".")) * 60)
    found = _ON_A_CLOCK.fullmatch(text) or _PARTS.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    hours, minutes, seconds = (int((found[part] or "0")[:6]) for part in ("hours", "minutes", "seconds"))
    return hours * 3600 + minutes * 60 + seconds
