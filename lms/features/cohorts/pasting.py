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
    NO_YEAR = "no_year"
    NO_TIME = "no_time"
    TIME = "time"  # there is one, and it cannot be, or cannot be told from other numbers
    ZONE = "zone"  # a plan has one zone; 18:00Z would be another time on its wall
    TWO_DATES = "two_dates"
    TWO_WAYS = "two_ways"  # 02/03/2027 is a day in February or in March; 3/2/27 as well
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
_SHORT = "mon lun, tue tues mar, wed weds mer, thu thur thurs jeu, fri ven, sat sam, sun dim"
SHORT_DAYS = {name: number for number, names in enumerate(_SHORT.split(",")) for name in names.split()}

YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
SHORT_YEAR = re.compile(r"(?<![\d.:])\d{1,2}([-/.])\d{1,2}\1\d{2}(?![\d:])")
# Days with the name of a month, each with the places of its day, month and year.
NAMED = (
    (re.compile(r"(?<!\d)(\d{1,2})(?:er|st|nd|rd|th)?(?: of)?[ /.-]+([a-z]+)[ /.,-]+(\d{4})(?!\d)"), (1, 2, 3)),
    (re.compile(r"(?<!\d)(\d{1,2})[/-]([a-z]+)[/-](\d{2})(?![\d:])"), (1, 2, 3)),  # 2-Mar-27
    (re.compile(r"([a-z]+)[ /.-]+(\d{1,2})(?:st|nd|rd|th)?[ /.,-]+(\d{4})(?!\d)"), (2, 1, 3)),
    (re.compile(r"(?<!\d)(\d{4})[ /.-]+([a-z]+)[ /.-]+(\d{1,2})(?!\d)"), (3, 2, 1)),
)
YEARLESS = re.compile(
    r"(?<!\d)\d{1,2}(?:er|st|nd|rd|th)?(?: of)?[ -]+([a-z]+)|([a-z]+)[ .-]+\d{1,2}(?!\d)|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])"
)

# Where the day stood in a line that is without it.
HERE = " @ "
NUMBERED = re.compile(r"\b(?:class|classe|cours|course|module|week|semaine|seance|room|salle|day|jour)[ .#]*\d+\b")
HALF = r"(?: ?(?:([ap])\.? ?m\b|(?:du|de l.|in the) ?(matin|morning|soir|evening|apres-midi|afternoon)))?"
CLOCK = re.compile(
    r"\b(noon|midi)\b|(?<![\d:.])(\d{1,2})(?:(?::| : | ?(?:h|hrs?|heures?) ?)(\d{2})(?!\d)(?::\d{2}(?:\.\d+)?)?"
    r"| ?(?:h|hrs?|heures?)(?![a-z])|(?= ?[ap]\.? ?m\b))" + HALF
)
DOTTED = re.compile(r"()(?<![\d:.])(\d{1,2})\.(\d{2})(?![\d.])" + HALF)
# 6-8:30 pm: a number alone that is the beginning of a time.
FROM = re.compile(r"(\d{1,2}) ?(?:-|to|a|until) ?$")
BEFORE_FROM = re.compile(r"(?:^|[@|,(:]|\b(?:from|de|at|[a-z]+day|[a-z]+di)) *$")
ZONED = re.compile(
    r"\d ?(?:z|utc|gmt|[ecmpan][sd]t|h[na][eprcat])\b|\d ?(?:[ap]\.? ?m\.? ?)\(?(?:utc|gmt|[ecmpan][sd]t|h[na][eprcat])\b"
    r"|:\d{2} ?\+ ?\d|t\d{2}:\d{2}(?:[\d:.]*)-\d{2}|:\d{2}:\d{2}(?:\.\d+)?-\d{2}:?\d{2}(?![:\d])"
)
# What looks like a time where none could be read.
SOME_TIME = re.compile(
    r"\d ?[:.]\d|\d ?(?:h|hrs?|heures?)\b|(?<!\d)\d{4}(?!\d)|\b(?:at|a) ?\d|@[ |,]*\d{1,2} *(?:\||$)|\b(?:midnight|minuit)\b"
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
    """Without accents and capitals; cells apart by a bar, one kind of space and of dash."""
    letters = unicodedata.normalize("NFKD", line.replace("\t", " | ").replace(";", " | ")).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("@", " at ")
    return re.sub(r"[^\S\n]+", " ", re.sub("[\u2010-\u2015\u2212]", "-", bare))


def _read_line(line: str, usual: time | None) -> datetime | Wrong:
    day, rest = _day_in(line)
    if isinstance(day, Wrong):
        return day
    other, without = _day_in(rest)
    if (isinstance(other, date) and other != day) or any((f[1] or f[2]) in MONTHS for f in YEARLESS.finditer(without)):
        return Wrong.TWO_DATES
    if _weekdays_in(rest) - {day.weekday()}:
        return Wrong.WEEKDAY
    rest = without if isinstance(other, date) else rest
    if ZONED.search(rest):
        return Wrong.ZONE
    at = _time_in(NUMBERED.sub(" ", rest)) or usual
    if isinstance(at, Wrong):
        return at
    return datetime.combine(day, at) if at else Wrong.NO_TIME


def _weekdays_in(rest: str) -> set[int]:
    """The weekdays that a line names: in full anywhere, short ones beside its day (Sam can be somebody)."""
    short = re.findall(r"([a-z]+)[ .,|(]*@|@[ .,|(]*([a-z]+)", rest)
    beside = {SHORT_DAYS[word] for words in short for word in words if word in SHORT_DAYS}
    return beside | {WEEKDAYS[word] for word in re.findall(r"[a-z]+", rest) if word in WEEKDAYS}


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
    for pattern, (d, m, y) in NAMED:
        for found in pattern.finditer(line):
            if found[m] in MONTHS:
                year = int(found[y]) + (2000 if len(found[y]) == 2 else 0)
                return _day(year, MONTHS[found[m]], int(found[d])), _without(line, found)
    if SHORT_YEAR.search(line):
        return Wrong.TWO_WAYS, line
    for found in YEARLESS.finditer(line):
        name = found[1] or found[2]
        if name is None or name in MONTHS:
            return Wrong.NO_YEAR, line
    return Wrong.NO_DATE, line


def _without(line: str, found: re.Match[str]) -> str:
    return f"{line[: found.start()]}{HERE}{line[found.end() :]}"


def _day(year: int, month: int, day: int) -> date | Wrong:
    try:
        found = date(year, month, day)
    except ValueError:
        return Wrong.NO_DATE
    return found if year in YEARS else Wrong.NO_DATE


def _time_in(rest: str) -> time | Wrong | None:
    """The first time of day that a line says; None where it says none."""
    found = [*CLOCK.finditer(rest)] or [*DOTTED.finditer(rest)]
    if not found:
        return Wrong.TIME if SOME_TIME.search(rest) else None
    first = found[0]
    begins = FROM.search(rest[: first.start()])
    if begins:
        if not first[2] or not BEFORE_FROM.search(rest[: begins.start()]):
            return Wrong.TIME
        return _time(int(begins[1]), 0, _half_before(int(begins[1]), first))
    if first[1]:
        return time(12)
    half = _half(first)
    if not half and len(found) > 1 and re.fullmatch(r" ?(?:-|to|a|until) ?", rest[first.end() : found[1].start()]):
        half = _half_before(int(first[2]), found[1])
    return _time(int(first[2]), int(first[3] or 0), half)


def _half(clock: re.Match[str]) -> str:
    """`a` before noon, `p` after it, empty where it is not said."""
    words = clock[5]
    return clock[4] or ("" if not words else "a" if words in ("matin", "morning") else "p")


def _half_before(hour: int, until: re.Match[str]) -> str:
    """The half of the day of a beginning that leaves it to the end: 6 - 9 pm is all after noon, 10 - 12 pm is not."""
    half = _half(until)
    if not half or not until[2]:
        return ""
    over = hour % 12 > int(until[2]) % 12
    return {"a": "p", "p": "a"}[half] if over else half


def _time(hour: int, minute: int, half: str) -> time | Wrong:
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else Wrong.TIME
