"""What is said about the dates of a plan and what needs another look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lms.features.cohorts.dates import Odd, Wall, moment
from lms.features.cohorts.pasting import Fault, Wrong
from lms.host.i18n import day, ngettext, time_of_day
from lms.host.i18n import gettext as _


def too_long(limit: int) -> str:
    return _("This is longer than we can take (%(limit)s characters). Please send it in two parts.", limit=limit)


def a_number(least: int, most: int) -> str:
    return _("Enter a number from %(least)s to %(most)s.", least=least, most=most)


def too_few_weeks(fit: int, count: int) -> str:
    return _("Only %(fit)s of the %(count)s classes fit into 104 weeks. Choose more weekdays.", fit=fit, count=count)


def too_many_dates(dates: int, classes: int) -> str:
    return _(
        "There are %(dates)s lines for %(classes)s classes. Take some out, or choose another course.",
        dates=dates,
        classes=classes,
    )


def moved_on(first: date, begins: date) -> str:
    return _(
        "%(first)s is not one of the days that you chose, so the first class is on %(begins)s.",
        first=day(first),
        begins=day(begins),
    )


def unused_time(weekday: int) -> str:
    """`weekday`: Monday is 0."""
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return _("A time stands beside a day that is not ticked (%(day)s), so it is not used.", day=names[weekday])


def missing_dates(missing: int) -> str:
    return ngettext("One more date is needed.", "%(num)d more dates are needed.", missing)


def _why(fault: Fault) -> str:
    return {
        Wrong.NO_DATE: _("no date that we can read"),
        Wrong.NO_YEAR: _("there is no year; please add it"),
        Wrong.NO_TIME: _("no time of day"),
        Wrong.TIME: _("a time of day that we cannot read; 18:00 is clear"),
        Wrong.ZONE: _("please leave the time zone out, and write the time as clocks show it there"),
        Wrong.TWO_DATES: _("two dates; please write one a line"),
        Wrong.TWO_WAYS: _("the day and the month could be exchanged; 2027-03-02 is clear"),
        Wrong.WEEKDAY: _("this day is another weekday"),
    }[fault.why]


def wrong_lines(faults: Sequence[Fault]) -> str:
    """Each line that cannot be taken, with its number; at most ten of them."""
    lines = [
        _("Line %(number)s, “%(words)s”: %(why)s.", number=fault.line, words=fault.words, why=_why(fault))
        for fault in faults[:10]
    ]
    if more := len(faults) - len(lines):
        lines.append(ngettext("And one more line.", "And %(num)d more lines.", more))
    return " ".join(lines)


def _clock(at: datetime, zone: str) -> str:
    """A time with the name of its clocks: `1:30 a.m. (EST)`."""
    return f"{time_of_day(at, zone)} ({at.astimezone(ZoneInfo(zone)).tzname()})"


def odd_sentences(wall: Wall, minutes: int, zone: str, odd: Sequence[Odd]) -> list[str]:
    """What is unusual about a class at this time, a sentence each; both clocks are named where they change."""
    starts = moment(wall, zone)
    ends = starts + timedelta(minutes=minutes)
    typed = time_of_day(wall.replace(tzinfo=ZoneInfo("UTC")))
    begins, until = _clock(starts, zone), _clock(ends, zone)
    words = {
        Odd.SKIPPED: _(
            "That night the clocks jump over %(typed)s, so the class begins at %(begins)s.", typed=typed, begins=begins
        ),
        Odd.TWICE: _(
            "That night the clocks show %(typed)s twice, and the class begins the first time, at %(begins)s.",
            typed=typed,
            begins=begins,
        ),
        Odd.CLOCKS: _(
            "The clocks change during this class: it goes from %(begins)s to %(until)s.", begins=begins, until=until
        ),
        Odd.MIDNIGHT: _("It ends on the next day (%(until)s).", until=time_of_day(ends, zone)),
    }
    return [words[each] for each in odd]
