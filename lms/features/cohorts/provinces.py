"""Provinces and territories, their statutory holidays, and the time zones of Canada."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from lms.host.i18n import lazy_gettext as _l

PROVINCES = {
    "AB": _l("Alberta"),
    "BC": _l("British Columbia"),
    "PE": _l("Prince Edward Island"),
    "MB": _l("Manitoba"),
    "NB": _l("New Brunswick"),
    "NS": _l("Nova Scotia"),
    "NU": _l("Nunavut"),
    "ON": _l("Ontario"),
    "QC": _l("Quebec"),
    "SK": _l("Saskatchewan"),
    "NL": _l("Newfoundland and Labrador"),
    "NT": _l("Northwest Territories"),
    "YT": _l("Yukon"),
}

# Each time zone with the province that most of its people live in.
ZONES = {
    "America/St_Johns": "NL",
    "America/Halifax": "NS",
    "America/Moncton": "NB",
    "America/Toronto": "ON",
    "America/Winnipeg": "MB",
    "America/Regina": "SK",
    "America/Edmonton": "AB",
    "America/Yellowknife": "NT",
    "America/Iqaluit": "NU",
    "America/Vancouver": "BC",
    "America/Whitehorse": "YT",
}
LIKELY = {**ZONES, "America/Montreal": "QC"}


def provinces_by_name() -> dict[str, str]:
    """Each province with its name in the language of now, in the order of these names."""
    named = {code: str(name) for code, name in PROVINCES.items()}
    return dict(sorted(named.items(), key=lambda item: unicodedata.normalize("NFKD", item[1])))


def holidays_in(province: str, years: Iterable[int], language: str) -> dict[date, str]:
    """The statutory holidays of a province with their names in "en" or "fr"; none for a place that is not known."""
    return _holidays(province, tuple(sorted(set(years))), language) if province in PROVINCES else {}


@lru_cache(maxsize=256)
def _holidays(province: str, years: tuple[int, ...], language: str) -> dict[date, str]:
    spoken = "fr" if language == "fr" else "en_CA"
    return dict(holidays.country_holidays("CA", subdiv=province, years=years, language=spoken).items())
