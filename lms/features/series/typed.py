"""What those who run a series typed, read into values. Several fields may need another look at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from lms.features.cohorts.rules import typed_day, typed_time
from lms.features.series import rules
from lms.features.series.actions import About, Where
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.web import form, number, request

EVERY: dict[str, Literal["weeks", "month"]] = {"weeks": "weeks", "month": "month"}


def typed_about(cohorts: list[Any], hosts: list[Any]) -> About:
    """Only cohorts and hosts of the organization are taken, whatever was sent."""
    chosen = set(request.form.getlist("cohort"))
    host = number("host")
    return About(
        form("name", 120),
        form("about", 2000),
        form("language", 5),
        host if host in {person.id for person in hosts} else None,
        frozenset(cohort.id for cohort in cohorts if str(cohort.id) in chosen),
    )


def typed_events(zone: str) -> tuple[list[datetime], Where]:
    """The moments of new events: pasted dates where there are any, else repeated from a first day on."""
    errors: dict[str, object] = {}
    at, minutes = typed_time(form("at", 20)), number("minutes")
    if at is None:
        errors["at"] = _("Enter a time, like 18:00.")
    if minutes not in rules.MINUTES:
        errors["minutes"] = _("Enter minutes from 10 to 600.")
    times: list[datetime] = []
    try:
        times = rules.pasted(form("dates", 10_000), at) if form("dates", 10_000).strip() else _repeated(at)
    except Incomplete as incomplete:
        errors |= incomplete.by_field
    if errors or minutes is None:
        raise Incomplete(errors)
    return rules.moments(times, zone), Where(minutes, form("place", 200).strip(), form("link", 500).strip())


def _repeated(at: Any) -> list[datetime]:
    errors: dict[str, object] = {}
    first, every = typed_day(form("first", 20)), EVERY.get(form("every", 10), "weeks")
    weeks, count = number("weeks") or 1, number("count") or 1
    if first is None:
        errors["first"] = _("Enter a date, like 2027-03-27.")
    if weeks > rules.MOST_WEEKS:
        errors["weeks"] = _("Enter a number of weeks from 1 to %(most)s.", most=rules.MOST_WEEKS)
    if count > rules.MOST_EVENTS:
        errors["count"] = _("Enter a number from 1 to %(most)s.", most=rules.MOST_EVENTS)
    if errors or first is None:
        raise Incomplete(errors)
    days = rules.days_of(rules.Repeated(first, every, weeks, count))
    return [datetime.combine(day, at) for day in days] if at else []


def typed_moment(zone: str) -> datetime:
    """Another day and time for one event."""
    day, at = typed_day(form("day", 20)), typed_time(form("at", 20))
    errors = {}
    if day is None:
        errors["day"] = _("Enter a date, like 2027-03-27.")
    if at is None:
        errors["at"] = _("Enter a time, like 18:00.")
    if errors or day is None or at is None:
        raise Incomplete(errors)
    return rules.moments([datetime.combine(day, at)], zone)[0]
