"""A plan of a cohort as somebody types it, page by page: what it says so far, and what still needs another look.

`fields` holds what was typed as it was typed, also where it cannot be: nothing is lost by going back or signing out.
`rows` in it are the dates of the classes, pairs of day and time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from lms.features.cohorts import dates, pasting, plan_words
from lms.features.cohorts.classes import WHOLE_LINK
from lms.features.cohorts.provinces import LIKELY, ZONES, holidays_in
from lms.features.cohorts.rules import is_link, typed_day, typed_time
from lms.features.organizations.models import Organization
from lms.host.catalog import Offered
from lms.host.i18n import LANGUAGES, language
from lms.host.i18n import gettext as _
from lms.plugin_api.content import ClassPlan

PAGES = ("course", "when", "dates", "where", "trainers", "places")
DEFAULTS = {"way": "weekly", "opens": "15", "lock_days": "7", "tell_after": "2"}
MOST_PLACES, MOST_DAYS, MOST_OPENS, MOST_ROW = 1000, 365, 240, 20
Errors = dict[str, Any]


def typed_number(text: str, least: int, most: int) -> int | None:
    """A whole number within these bounds; None for everything else."""
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    return found if found is not None and least <= found <= most else None


@dataclass(frozen=True)
class PlannedClass:
    """One class with its date so far. `wall` is None where a date is missing, or cannot be."""

    plan: ClassPlan
    wall: dates.Wall | None
    starts: datetime | None
    place: str
    link: str
    holiday: str = ""
    odd: tuple[dates.Odd, ...] = ()


@dataclass(frozen=True)
class Planning:
    """A plan with the course that it names (None: not one that can be delivered here)."""

    fields: Mapping[str, Any]
    organization: Organization
    offered: Offered | None

    def typed(self, name: str) -> str:
        found = self.fields.get(name, DEFAULTS.get(name, ""))
        return found if isinstance(found, str) else ""

    def several(self, name: str) -> list[str]:
        found = self.fields.get(name)
        return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []

    @property
    def rows(self) -> list[list[str]]:
        return [list(row) for row in self.fields.get("rows", ())]

    @property
    def zone(self) -> str:
        chosen = self.typed("zone")
        return chosen if chosen in ZONES else self.organization.time_zone

    @property
    def province(self) -> str:
        return str(self.fields.get("province", LIKELY.get(self.organization.time_zone, "")))

    @property
    def plans(self) -> Sequence[ClassPlan]:
        return self.offered.course.classes if self.offered and self.offered.course else ()

    def classes_with(self, module: str) -> list[int]:
        """The numbers of the classes that carry this module."""
        return [plan.number for plan in self.plans if module in plan.modules]

    def holidays(self, years: Sequence[int]) -> dict[date, str]:
        return holidays_in(self.province, years, language())

    # -- dates ------------------------------------------------------------------------------------------

    @property
    def weekly_times(self) -> dict[int, time]:
        """The chosen weekdays, each with its time; without one that of the first day."""
        usual, first = typed_time(self.typed("at")), typed_day(self.typed("first"))
        days = [int(day) for day in self.several("weekday") if day in set("0123456")]
        times = {day: typed_time(self.typed(f"at{day}")) or usual for day in days}
        if not times and first:
            times = {first.weekday(): usual}
        return {day: at for day, at in times.items() if at}

    def remarks(self) -> list[str]:
        """What of a weekly plan is not as it was typed: a first day on another weekday, times beside days left out."""
        first, starts = typed_day(self.typed("first")), self.found().starts
        if self.typed("way") != "weekly" or first is None or not starts:
            return []
        said, days = [], set(self.several("weekday"))
        if days and str(first.weekday()) not in days:
            said.append(plan_words.moved_on(first, starts[0].date()))
        return said + [plan_words.unused_time(n) for n in range(7) if self.typed(f"at{n}") and str(n) not in days]

    @property
    def earlier(self) -> list[dates.Wall]:
        """The times of the cohort that this is a copy of."""
        return [datetime.fromisoformat(wall) for wall in self.several("earlier")]

    def found(self) -> dates.Planned:
        """The times that follow from what was said on the page "when"."""
        first = typed_day(self.typed("first"))
        if self.typed("way") == "pasted":
            walls, _faults = pasting.read_dates(self.typed("pasted"), typed_time(self.typed("at")))
            return dates.Planned(tuple(sorted(walls)))
        if first is None:
            return dates.Planned(())
        left_out = self.holidays(range(first.year, first.year + 4))
        if self.typed("way") == "copy":
            return dates.copied(self.earlier, first, left_out, len(self.plans))
        return dates.weekly(first, self.weekly_times, len(self.plans), left_out)

    @cached_property
    def walls(self) -> list[dates.Wall | None]:
        """The date of each row; None where it cannot be."""
        return [wall_of(day, at) for day, at in self.rows]

    @cached_property
    def classes(self) -> list[PlannedClass]:
        """Each class of the course with its date, place and link."""
        walls = [*self.walls, *[None] * len(self.plans)]
        days = self.holidays(sorted({wall.year for wall in self.walls if wall}))
        return [self._class(number, plan, walls[number], days) for number, plan in enumerate(self.plans)]

    def _class(self, number: int, plan: ClassPlan, wall: dates.Wall | None, days: Mapping[date, str]) -> PlannedClass:
        places, links = self.several("place_of"), self.several("link_of")
        each = self.typed("each") == "yes"
        place = places[number] if each and number < len(places) else "" if each else self.typed("place")
        link = links[number] if each and number < len(links) else "" if each else self.typed("link")
        if wall is None:
            return PlannedClass(plan, None, None, place, link)
        odd = dates.oddities(wall, plan.minutes, self.zone)
        starts = dates.moment(wall, self.zone)
        return PlannedClass(plan, wall, starts, place, link, days.get(wall.date(), ""), odd)

    @property
    def overlaps(self) -> list[tuple[PlannedClass, PlannedClass]]:
        dated = [one for one in self.classes if one.starts]
        pairs = dates.overlapping([(one.starts, one.plan.minutes) for one in dated if one.starts])
        return [(dated[a], dated[b]) for a, b in pairs]

    # -- what needs another look ------------------------------------------------------------------------

    def faults(self, name: str) -> Errors:
        """Field to sentence of the page `name`; empty where all is well."""
        check: Callable[[Planning], Errors] = _CHECKS[name]
        return check(self)


def wall_of(day: str, at: str) -> dates.Wall | None:
    """The time on the wall that two fields say; None where it cannot be."""
    on, time_of_day = typed_day(day), typed_time(at)
    return datetime.combine(on, time_of_day) if on and time_of_day else None


def _course(plan: Planning) -> Errors:
    errors: Errors = {}
    if plan.offered is None:
        errors["course"] = _("Choose a course.")
    if not plan.typed("name").strip():
        errors["name"] = _("Give the group a name, like Spring evening group.")
    elif len(plan.typed("name")) > 120:
        errors["name"] = plan_words.too_long(120)
    if plan.typed("language") not in LANGUAGES:
        errors["language"] = _("Choose a language.")
    return errors


def _when(plan: Planning) -> Errors:
    if plan.typed("way") == "pasted":
        return _pasted(plan)
    errors: Errors = {}
    if typed_day(plan.typed("first")) is None:
        errors["first"] = _("Enter a date, like 2027-03-27.")
    if plan.typed("way") == "weekly":
        errors |= _times(plan)
    if not errors and (fit := len(plan.found().starts)) < len(plan.plans):
        errors["first"] = plan_words.too_few_weeks(fit, len(plan.plans))
    return errors


def _times(plan: Planning) -> Errors:
    """Faults of the usual time, and of the times of single weekdays."""
    days = [day for day in plan.several("weekday") if day in set("0123456")]
    own = [f"at{day}" for day in days if plan.typed(f"at{day}")]
    errors: Errors = {name: _("Enter a time, like 18:00.") for name in own if typed_time(plan.typed(name)) is None}
    if typed_time(plan.typed("at")) is None and (plan.typed("at") or len(own) < max(len(days), 1)):
        errors["at"] = _("Enter a time, like 18:00.")
    return errors


def _pasted(plan: Planning) -> Errors:
    text, at = plan.typed("pasted"), plan.typed("at")
    if at and typed_time(at) is None:
        return {"at": _("Enter a time, like 18:00.")}
    walls, faults = pasting.read_dates(text, typed_time(at))
    if faults:
        return {"pasted": plan_words.wrong_lines(faults)}
    if not walls:
        return {"pasted": _("Paste one date a line, like 2027-03-02 18:00.")}
    if len(walls) > len(plan.plans) or len(text.splitlines()) > pasting.MAX_PASTED:
        return {"pasted": plan_words.too_many_dates(len(text.splitlines()), len(plan.plans))}
    if max(walls) - min(walls) > dates.LONGEST:
        return {"pasted": _("There are more than 104 weeks between the first date and the last.")}
    return {}


def _dates(plan: Planning) -> Errors:
    errors: Errors = {}
    for number, ((day, _at), wall) in enumerate(zip(plan.rows, plan.walls, strict=True), 1):
        if wall is None:
            name = f"day{number}" if typed_day(day) is None else f"at{number}"
            errors[name] = _("Class %(number)s: enter a date and a time.", number=number)
    if plan.typed("new_day") and wall_of(plan.typed("new_day"), plan.typed("new_at")) is None:
        errors["new-day"] = _("Enter a date, like 2027-03-27.")
    walls = [wall for wall in plan.walls if wall]
    if walls and max(walls) - min(walls) > dates.LONGEST:
        errors["new-day"] = _("There are more than 104 weeks between the first date and the last.")
    elif not errors and (missing := len(plan.plans) - len(plan.rows)) > 0:
        errors["new-day"] = plan_words.missing_dates(missing)
    return errors


def _where(plan: Planning) -> Errors:
    errors: Errors = {}
    one = [("place", "link", plan.typed("place"), plan.typed("link"))]
    places, links = plan.several("place_of"), plan.several("link_of")
    both = zip(places, links, strict=False)
    each = [(f"place{n}", f"link{n}", place, link) for n, (place, link) in enumerate(both, 1)]
    for place_name, link_name, place, link in each if plan.typed("each") == "yes" else one:
        if len(place) > 200:
            errors[place_name] = plan_words.too_long(200)
        if len(link) > 500:
            errors[link_name] = plan_words.too_long(500)
        elif link and not is_link(link):
            errors[link_name] = WHOLE_LINK
    return errors


def _trainers(_plan: Planning) -> Errors:
    return {}


def _places(plan: Planning) -> Errors:
    errors: Errors = {}
    if plan.typed("places") and typed_number(plan.typed("places"), 1, MOST_PLACES) is None:
        errors["places"] = plan_words.a_number(1, MOST_PLACES)
    if plan.typed("check_in") == "yes" and typed_number(plan.typed("opens"), 0, MOST_OPENS) is None:
        errors["opens"] = plan_words.a_number(0, MOST_OPENS)
    if typed_number(plan.typed("lock_days"), 0, MOST_DAYS) is None:
        errors["lock_days"] = plan_words.a_number(0, MOST_DAYS)
    if plan.typed("tell_after") and typed_number(plan.typed("tell_after"), 1, MOST_ROW) is None:
        errors["tell_after"] = plan_words.a_number(1, MOST_ROW)
    return errors


_CHECKS: Mapping[str, Callable[[Planning], Errors]] = {
    "course": _course,
    "when": _when,
    "dates": _dates,
    "where": _where,
    "trainers": _trainers,
    "places": _places,
}


def likely_zones(own: str) -> list[str]:
    """Time zones to choose from; the organization's own first."""
    return list(dict.fromkeys([own, *ZONES]))
