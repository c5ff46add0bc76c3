"""Words and dates in the language of whoever reads."""

from __future__ import annotations

import io
from datetime import date, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import support
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import Babel, Domain, force_locale, get_locale, gettext, lazy_gettext, ngettext

from lms.plugin_api.values import LANGUAGES, Text

__all__ = [
    "LANGUAGES",
    "HostBabel",
    "day",
    "day_and_time",
    "force_locale",
    "gettext",
    "in_language",
    "language",
    "lazy_gettext",
    "ngettext",
    "short_day",
    "time_of_day",
]

FOLDER = Path(__file__).parent.parent / "translations"
_catalogs: dict[str, support.Translations] = {}


def catalog(code: str) -> support.Translations:
    """The host's own words in language `code`, compiled in memory from the .po file once a process."""
    if code not in _catalogs:
        file = FOLDER / code / "LC_MESSAGES" / "messages.po"
        if not file.is_file():
            return support.Translations()
        compiled = io.BytesIO()
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=code))
        compiled.seek(0)
        _catalogs[code] = support.Translations(compiled, domain="messages")
    return _catalogs[code]


class _PoDomain(Domain):  # type: ignore[misc]
    def get_translations(self) -> support.NullTranslations:
        code = language()
        return support.NullTranslations() if code == "en" else catalog(code)


class HostBabel(Babel):  # type: ignore[misc]
    @cached_property
    def _po_domain(self) -> _PoDomain:
        return _PoDomain()

    @property
    def domain_instance(self) -> Domain:
        return self._po_domain


def language() -> str:
    """The language of this request: "en" or "fr"."""
    locale = get_locale()
    return str(locale.language) if locale and locale.language in LANGUAGES else "en"


def in_language(text: Text | None) -> str:
    """A `Text` in the language of this request; empty for none."""
    return text.said_in(language()) if text else ""


def _locale() -> str:
    return "fr_CA" if language() == "fr" else "en_CA"


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(_zone(zone))


def _zone(zone: str) -> tzinfo:
    return ZoneInfo(zone)


def day(moment: datetime | date, zone: str = "UTC") -> str:
    """`Tuesday, May 5, 2026` / `mardi 5 mai 2026`."""
    return format_date(_on(moment, zone), "full", locale=_locale())


def short_day(moment: datetime | date, zone: str = "UTC") -> str:
    """`Tue, May 5` / `mar. 5 mai`."""
    return format_date(_on(moment, zone), "EEE d MMM" if language() == "fr" else "EEE, MMM d", locale=_locale())


def time_of_day(moment: datetime, zone: str = "UTC") -> str:
    """`6:00 p.m.` / `18 h 00`."""
    return format_time(_local(moment, zone), "H 'h' mm" if language() == "fr" else "short", locale=_locale())


def day_and_time(moment: datetime, zone: str = "UTC") -> str:
    """`Tue, May 5, 6:00 p.m.` / `mar. 5 mai, 18 h 00`."""
    return f"{short_day(moment, zone)}, {time_of_day(moment, zone)}"


def _on(moment: datetime | date, zone: str) -> date:
    return _local(moment, zone).date() if isinstance(moment, datetime) else moment
