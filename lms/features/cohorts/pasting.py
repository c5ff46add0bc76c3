"""Dates as people paste them from a spreadsheet or a mail, a line each, in English or French. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from lms.features.cohorts.rules import YEARS

MAX_PASTED = 400


class Wrong(StrEnum):
    """Why a line cannot be taken."""

    NO_DATE = "no_date"
    NO_TIME = "no_time"
    TWO_WAYS = "two_ways"  # 02/03/2027 is a day in February or in March
    WEEKDAY = "weekday"  # the weekday beside it is another one


@dataclass(frozen=True)
class Fault:
    """A line that cannot be taken: its number (from 1), its words, why."""

    line: int
    words: str
    why: Wrong


_MONTHS = (
    "jan january janv janvier, feb february fev fevr fevrier, mar march mars, apr april avr avril, may mai, jun june juin, "
    "jul july juil juillet, aug august aou aout, sep sept september septembre, oct october octobre, "
    "nov november novembre, dec december decembre"
)
MONTHS = {name: number for number, names in enumerate(_MONTHS.split(","), 1) for name in names.split()}
_WEEKDAYS = (
    "monday lundi, tuesday mardi, wednesday mercredi, thursday jeudi, friday vendredi, saturday samedi, sunday dimanche"
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS.split(",")) for name in names.split()}

YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:er|st|nd|rd|th)? +([a-z]+)\.?,? +(\d{4})(?!\d)")
MONTH_DAY = re.compile(r"([a-z]+)\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?!\d)")
CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})(?: ?[:h] ?(\d{2})(?::\d{2})?| ?h(?![a-z])|(?= ?[ap]\.? ?m))(?: ?([ap])\.? ?m)?"
)


def read_dates(text: str, usual: time | None = None) -> tuple[list[datetime], list[Fault]]:
    """The times on the wall that the lines say, in their order, and the lines that say none.

    A line without a time of day begins at `usual`. Empty lines, and a first line of headings, are passed over.
    """
    found: list[datetime] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines()[:MAX_PASTED], 1):
        plain = _plain(line)
        if not plain.strip(" |") or (number == 1 and not re.search(r"\d", plain)):
            continue
        read = _read_line(plain, usual)
        if isinstance(read, Wrong):
            faults.append(Fault(number, " ".join(line.split())[:60], read))
        else:
            found.append(read)
    return found, faults


def _plain(line: str) -> str:
    """Without accents and capitals; cells apart by a bar."""
    letters = unicodedata.normalize("NFKD", line.replace("\t", " | ").replace(";", " | ")).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^\S\n]+", " ", bare)


def _read_line(line: str, usual: time | None) -> datetime | Wrong:
    day, rest = _day_in(line)
    if isinstance(day, Wrong):
        return day
    said = {WEEKDAYS[word] for word in re.findall(r"[a-z]+", line) if word in WEEKDAYS}
    if said and said != {day.weekday()}:
        return Wrong.WEEKDAY
    at = _time_in(rest) or usual
    return datetime.combine(day, at) if at else Wrong.NO_TIME


def _day_in(line: str) -> tuple[date | Wrong, str]:
    """The day that a line says, and the line without it."""
    if found := YEAR_FIRST.search(line):
        year, month, day = (int(part) for part in found.groups())
        return _day(year, month, day), _without(line, found)
    if found := YEAR_LAST.search(line):
        one, two, year = (int(part) for part in found.groups())
        if one <= 12 and two <= 12 and one != two:
            return Wrong.TWO_WAYS, line
        return _day(year, *((two, one) if one > 12 else (one, two))), _without(line, found)
    for pattern, (d, m) in ((DAY_MONTH, (1, 2)), (MONTH_DAY, (2, 1))):
        for found in pattern.finditer(line):
            if found[m] in MONTHS:
                return _day(int(found[3]), MONTHS[found[m]], int(found[d])), _without(line, found)
    return Wrong.NO_DATE, line


def _without(line: str, found: re.Match[str]) -> str:
    return f"{line[: found.start()]} | {line[found.end() :]}"


def _day(year: int, month: int, day: int) -> date | Wrong:
    try:
        found = date(year, month, day)
    except ValueError:
        return Wrong.NO_DATE
    return found if year in YEARS else Wrong.NO_DATE


def _time_in(line: str) -> time | None:
    for found in CLOCK.finditer(line):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    return None
