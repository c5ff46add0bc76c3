"""Calendars as other programs read them (RFC 5545): entries in, text out. No names of people ever stand in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True)
class CalendarEntry:
    """One event. `uid` stays the same through all changes, which `sequence` counts; `stamp` is the last of them.

    `title` is neutral: whoever looks over a shoulder reads it. `zone` names the clocks on which it is shown.
    """

    uid: str
    title: str
    starts: datetime
    minutes: int
    zone: str
    url: str
    stamp: datetime
    sequence: int = 0
    cancelled: bool = False
    place: str = ""
    link: str = ""


def calendar_text(entries: Iterable[CalendarEntry], name: str, organizer: str = "") -> bytes:
    """A calendar with these events and the time zones they need. `organizer` (an address) only for calendars in mails."""
    entries = sorted(entries, key=lambda entry: (entry.starts, entry.uid))
    found = Calendar()
    found.add("prodid", "-//learning host//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    if organizer:
        found.add("method", "PUBLISH")
    else:
        found.add("x-wr-calname", name)
        found.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", "PT6H")
    # Something has to stand in it also where there is no event (RFC 5545, 3.6).
    for zone, years in sorted((_years_by_zone(entries) or {"Etc/UTC": {2000}}).items()):
        found.add_component(_time_zone(zone, min(years), max(years)))
    for entry in entries:
        found.add_component(_event(entry, organizer))
    text: bytes = found.to_ical()
    return text


def _event(entry: CalendarEntry, organizer: str) -> Event:
    event = Event()
    local = ZoneInfo(entry.zone)
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("last-modified", entry.stamp.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts.astimezone(local))
    event.add("dtend", (entry.starts + timedelta(minutes=entry.minutes)).astimezone(local))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("url", entry.url)
    event.add("description", f"{entry.link}\n\n{entry.url}" if entry.place and entry.link else entry.url)
    event.add("class", "PRIVATE")
    if where := entry.place or entry.link:
        event.add("location", where)
    if organizer:
        event.add("organizer", f"mailto:{organizer}")
    return event


def _years_by_zone(entries: Iterable[CalendarEntry]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for entry in entries:
        found.setdefault(entry.zone, set()).add(entry.starts.year)
    return found


@lru_cache(maxsize=256)
def _time_zone(zone: str, first: int, last: int) -> Timezone:
    """The rules of a zone for these years and a year around them."""
    found = Timezone.from_tzid(zone, first_date=date(first - 1, 1, 1), last_date=date(last + 2, 1, 1))
    for rule in found.subcomponents:
        _begin_before_the_gap(rule)
    return found


def _begin_before_the_gap(rule: Any) -> None:
    """Summer time begins at two o'clock, on the clocks as they are until then (RFC 5545, 3.6.5). The library writes three,
    the first time that is shown afterwards."""
    gap = rule["tzoffsetto"].td - rule["tzoffsetfrom"].td
    if gap > timedelta(0):
        rule["dtstart"].dt -= gap
        for later in rule["rdate"].dts if "rdate" in rule else ():
            later.dt -= gap
