"""Words and dates in the language of whoever reads. English stands in the code, French in `translations/`."""

from __future__ import annotations

import gettext as standard
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from markupsafe import Markup

from lms.plugin_api.values import LANGUAGES, Text

__all__ = [
    "LANGUAGES",
    "LazyText",
    "city_of",
    "day",
    "day_and_time",
    "gettext",
    "in_language",
    "language",
    "lazy_gettext",
    "long_day",
    "ngettext",
    "short_day",
    "speak",
    "spoken",
    "time_of_day",
    "when_from",
]

FOLDER = Path(__file__).parent.parent / "translations"
_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language of what is being made now: "en" or "fr"."""
    return _language.get()


def speak(code: str) -> None:
    """From here on, in this context, speak the language `code` (regional forms count; unknown ones are English)."""
    _language.set(code[:2] if code[:2] in LANGUAGES else "en")


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak another language for a while: that of whoever gets a mail."""
    before = language()
    speak(code)
    try:
        yield
    finally:
        speak(before)


# -- words --------------------------------------------------------------------------------------------------


@cache
def catalog(code: str) -> standard.NullTranslations:
    """The host's own words in language `code`, compiled in memory from the .po file once a process."""
    file = FOLDER / code / "LC_MESSAGES" / "messages.po"
    if not file.is_file():
        return standard.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def gettext(text: str, **values: object) -> str:
    """`text` in the language of now, with `%(name)s` filled in."""
    said = catalog(language()).gettext(text)
    return _one_stop(said % _kept_apart(values)) if values else said


def _one_stop(said: str) -> str:
    """A sentence that ends with "p.m." has its full stop already."""
    return said.replace(".m..", ".m.")


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form for `num` things; `%(num)d` is filled in."""
    return catalog(language()).ngettext(one, many, num) % {"num": num, **_kept_apart(values)}


# Signs of scripts that are written from right to left.
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def _kept_apart(values: dict[str, object]) -> dict[str, object]:
    """The values, with a name in Arabic or Hebrew between marks that let it turn around nothing else of the sentence."""
    return {name: _apart(value) if isinstance(value, str) else value for name, value in values.items()}


def _apart(value: str) -> str:
    if not _RIGHT_TO_LEFT.search(value):
        return value
    first, last = Markup("\u2068"), Markup("\u2069")
    return first + value + last if isinstance(value, Markup) else f"{first}{value}{last}"


class LazyText:
    """Words that are looked up when they are shown, in the language of then."""

    __slots__ = ("text", "values")

    def __init__(self, text: str, values: dict[str, object]) -> None:
        self.text, self.values = text, values

    def __str__(self) -> str:
        return gettext(self.text, **self.values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __repr__(self) -> str:
        return f"LazyText({self.text!r})"


def lazy_gettext(text: str, **values: object) -> LazyText:
    """For words in constants and errors: which language is known only later."""
    return LazyText(text, values)


@cache
def _safe(code: str, text: str) -> Markup:
    return Markup(catalog(code).gettext(text))


def template_gettext(text: str, **values: object) -> Markup:
    """`_()` in templates: the words are the host's own and safe, what is filled in is escaped."""
    said = _safe(language(), text)
    return Markup(_one_stop(said % _kept_apart(values))) if values else said


def template_ngettext(one: str, many: str, num: int, **values: object) -> Markup:
    return Markup(catalog(language()).ngettext(one, many, num)) % {"num": num, **_kept_apart(values)}


def in_language(text: Text | None) -> str:
    """A `Text` in the language of now; empty for none."""
    return text.said_in(language()) if text else ""


# -- dates --------------------------------------------------------------------------------------------------


def _locale() -> str:
    return "fr_CA" if language() == "fr" else "en_CA"


def _on(moment: datetime | date, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment


@cache
def _formatted(on: date, pattern: str, locale: str) -> str:
    said = format_date(on, pattern, locale=locale)
    return re.sub(r"(?<!\d)1 (?=[^\W\d])", "1er ", said) if locale == "fr_CA" else said


def day(moment: datetime | date, zone: str = "UTC") -> str:
    """`Tuesday, May 5, 2026` / `mardi 5 mai 2026`."""
    return _formatted(_on(moment, zone), "full", _locale())


def long_day(moment: datetime | date, zone: str = "UTC") -> str:
    """`May 5, 2026` / `5 mai 2026`."""
    return _formatted(_on(moment, zone), "long", _locale())


def short_day(moment: datetime | date, zone: str = "UTC") -> str:
    """`Tue, May 5` / `mar. 5 mai`."""
    pattern = "EEE d MMM" if language() == "fr" else "EEE, MMM d"
    return _formatted(_on(moment, zone), pattern, _locale())


def time_of_day(moment: datetime, zone: str = "UTC") -> str:
    """`6:00 p.m.` / `18 h 00`."""
    pattern = "H'\u00a0h\u00a0'mm" if language() == "fr" else "short"
    return format_time(moment.astimezone(ZoneInfo(zone)), pattern, locale=_locale())


def day_and_time(moment: datetime, zone: str = "UTC") -> str:
    """`Tue, May 5, 6:00 p.m.` / `mar. 5 mai, 18 h 00`."""
    return f"{short_day(moment, zone)}, {time_of_day(moment, zone)}"


def when_from(moment: datetime, zone: str, now: datetime) -> str:
    """As `day_and_time`, and with the year where it is another one than at `now`."""
    if _on(moment, zone).year == _on(now, zone).year:
        return day_and_time(moment, zone)
    return f"{day(moment, zone)}, {time_of_day(moment, zone)}"


def city_of(zone: str) -> str:
    """The city by whose clocks a time zone goes, as people write it: `St. John's`, `Toronto`."""
    if zone == "America/St_Johns":
        return gettext("St. John's")
    if zone == "America/Montreal":
        return gettext("Montreal")
    return zone.rpartition("/")[2].replace("_", " ")
