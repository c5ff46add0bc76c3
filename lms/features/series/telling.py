"""Mails to those who said that they come: which event it is, what was until now, why, and the date for their calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lms.features.series import queries
from lms.features.series.models import Series, SeriesEvent
from lms.host import mail
from lms.host.calendar import MEDIA_TYPE, CalendarEntry, calendar_text
from lms.host.i18n import gettext as _
from lms.host.i18n import spoken, when_from
from lms.plugin_api.values import MeetingState


@dataclass(frozen=True)
class Telling:
    """What every mail of a series needs: its clocks, the page on which events stand, who sends, and now."""

    series: Series
    zone: str
    url: str
    sender: str
    now: datetime

    def when(self, moment: datetime) -> str:
        return when_from(moment, self.zone, self.now)


def tell_of_change(telling: Telling, event: SeriesEvent, before: datetime) -> None:
    """Write to everyone who said that they come to this event; `before` is when it was. Nobody hears of what is over."""
    if max(event.starts_at, before) < telling.now:
        return
    mails = []
    for guest in (guest for guest in queries.guests_of(event) if guest.coming):
        with spoken(guest.language):
            text = "\n".join(_lines(telling, event, before)) + f"\n\n{telling.url}"
            key = f"series-event:{event.id}:{event.sequence}:{guest.id}"
            attached = _attached(telling, [event])
            mails.append(mail.Mail(guest.email, _("A note about an event"), text, key, attached))
    mail.write_mails(mails, at=telling.now)


def _lines(telling: Telling, event: SeriesEvent, before: datetime) -> list[str]:
    values = {"series": telling.series.name, "when": telling.when(event.starts_at)}
    if event.state == MeetingState.CANCELLED:
        why = [_("Why: %(why)s", why=event.cancelled_why)] if event.cancelled_why else []
        return [_("%(series)s does not take place this time: %(when)s", **values), *why]
    if event.starts_at == before:
        return [_("%(series)s takes place after all: %(when)s", **values)]
    return [
        _("%(series)s has a new time: %(when)s", **values),
        _("Until now: %(when)s", when=telling.when(before)),
    ]


def tell_of_the_end(telling: Telling, cancelled: Iterable[SeriesEvent]) -> None:
    """Write once to everyone who said that they come to one of these, with all of theirs."""
    theirs: dict[int, list[SeriesEvent]] = {}
    people = {}
    for event in cancelled:
        for guest in (guest for guest in queries.guests_of(event) if guest.coming):
            people[guest.id] = guest
            theirs.setdefault(guest.id, []).append(event)
    mails = []
    for id, guest in people.items():
        with spoken(guest.language):
            head = _(
                "%(series)s has ended. The events that you said yes to do not take place:", series=telling.series.name
            )
            text = "\n".join([head, *(f"- {telling.when(event.starts_at)}" for event in theirs[id])])
            key = f"series-ended:{telling.series.id}:{telling.now.timestamp():.0f}:{id}"
            attached = _attached(telling, theirs[id])
            mails.append(mail.Mail(guest.email, _("A note about an event"), f"{text}\n\n{telling.url}", key, attached))
    mail.write_mails(mails, at=telling.now)


def _attached(telling: Telling, events: Iterable[SeriesEvent]) -> mail.Attached:
    """The events as they are now; the same `uid` as in the calendar of whoever said yes."""
    entries = [
        CalendarEntry(
            uid_of(event.id),
            telling.series.name,
            event.starts_at,
            event.minutes,
            telling.zone,
            telling.url,
            event.changed_at or telling.now,
            event.sequence,
            event.state == MeetingState.CANCELLED,
            event.place,
            event.link,
        )
        for event in events
    ]
    text = calendar_text(entries, "", organizer=telling.sender).decode()
    return mail.Attached("event.ics", MEDIA_TYPE, text, {"method": "PUBLISH", "charset": "utf-8"})


def uid_of(event_id: int) -> str:
    """Names an event in calendars."""
    return f"open-event-{event_id}@lms"
