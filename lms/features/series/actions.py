"""Making a series, planning, moving and cancelling its events; saying that one comes; noting who was there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select

from lms.features.cohorts.rules import is_link
from lms.features.series.models import Series, SeriesCohort, SeriesEvent, SeriesGuest
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import LANGUAGES
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import MeetingState


@dataclass(frozen=True)
class About:
    """What coordinators say of a series; `cohorts` are those whose people may come, `host` leads it (None: nobody yet)."""

    name: str
    about: str
    language: str
    host: int | None
    cohorts: frozenset[int]


@dataclass(frozen=True)
class Where:
    """How long an event is, and where."""

    minutes: int
    place: str = ""
    link: str = ""


def make_series(organization_id: int, about: About, *, by: int, now: datetime) -> Series:
    """A new series without events. Raises Incomplete with a sentence for each field."""
    _check(about)
    made = Series(organization_id=organization_id, made_by=by, made_at=now, name="", language=about.language)
    session.add(made)
    _say(made, about)
    _note("series.made", made, by, now)
    return made


def change_series(series: Series, about: About, *, by: int, now: datetime) -> None:
    """Other words, another host, other groups. Whoever said that they come stays on the list."""
    _check(about)
    series = locked(Series, series.id)
    _say(series, about)
    _note("series.changed", series, by, now)


def _check(about: About) -> None:
    errors: dict[str, object] = {}
    if not about.name.strip():
        errors["name"] = _l("Give the series a name, like Community of practice.")
    if about.language not in LANGUAGES:
        errors["language"] = _l("Choose a language.")
    if not about.cohorts:
        errors["cohort"] = _l("Choose at least one group whose people may come.")
    if errors:
        raise Incomplete(errors)


def _say(series: Series, about: About) -> None:
    series.name, series.about = about.name.strip()[:120], about.about.strip()[:2000]
    series.language, series.host_id = about.language, about.host
    session.flush()
    session.execute(delete(SeriesCohort).where(SeriesCohort.series_id == series.id))
    session.add_all([SeriesCohort(series_id=series.id, cohort_id=id) for id in sorted(about.cohorts)])
    session.flush()


def _note(verb: str, series: Series, by: int, now: datetime, about: int | None = None, subject: str = "") -> None:
    audit.note(verb, subject or f"series:{series.id}", at=now, by=by, organization=series.organization_id, about=about)


def end_series(series: Series, *, by: int, now: datetime) -> list[SeriesEvent]:
    """No more events. What was stays; what was still to come is cancelled, and returned."""
    series = locked(Series, series.id)
    if series.ended_at is not None:
        return []
    series.ended_at = now
    _note("series.ended", series, by, now)
    to_come = select(SeriesEvent.id).where(SeriesEvent.series_id == series.id, SeriesEvent.starts_at > now)
    ids = session.scalars(to_come.order_by(SeriesEvent.id)).all()
    return [locked(SeriesEvent, id) for id in ids if cancel_event(series, id, "", by=by, now=now)]


def go_on_with_series(series: Series, *, by: int, now: datetime) -> list[SeriesEvent]:
    """It has not ended after all. What its end cancelled and is still to come takes place, and is returned."""
    series = locked(Series, series.id)
    ended = series.ended_at
    if ended is None:
        return []
    series.ended_at = None
    _note("series.went_on", series, by, now)
    by_the_end = (
        select(SeriesEvent.id)
        .where(SeriesEvent.series_id == series.id, SeriesEvent.starts_at > now)
        .where(SeriesEvent.state == MeetingState.CANCELLED, SeriesEvent.changed_at == ended)
    )
    again = [locked(SeriesEvent, id) for id in session.scalars(by_the_end.order_by(SeriesEvent.id)).all()]
    for event in again:
        event.state = MeetingState.PLANNED
        _changed(series, event, "series.event_on_again", by, now)
    return again


def plan_events(series: Series, starts: Sequence[datetime], where: Where, *, by: int, now: datetime) -> int:
    """Events at these moments, each once. How many are new. Raises Incomplete for a link that no browser could open."""
    if where.link and not is_link(where.link):
        raise Incomplete({"link": _l("Enter the whole link, like https://meet.example.org/class.")})
    if any(moment < now for moment in starts):
        raise Incomplete({"first": _l("Choose days that are still to come.")})
    series = locked(Series, series.id)
    known = set(session.scalars(select(SeriesEvent.starts_at).where(SeriesEvent.series_id == series.id)))
    fresh = [moment for moment in dict.fromkeys(starts) if moment not in known]
    session.add_all(
        [
            SeriesEvent(
                series_id=series.id,
                starts_at=moment,
                minutes=where.minutes,
                place=where.place[:200],
                link=where.link[:500],
            )
            for moment in fresh
        ]
    )
    if fresh:
        _note("series.planned", series, by, now)
    return len(fresh)


def move_event(series: Series, event_id: int, starts: datetime, *, by: int, now: datetime) -> bool:
    """Another time for one event. False where it is at this time already."""
    event = _planned(event_id)
    if event.starts_at == starts:
        return False
    event.starts_at = starts
    _changed(series, event, "series.event_moved", by, now)
    return True


def cancel_event(series: Series, event_id: int, why: str, *, by: int, now: datetime) -> bool:
    """The event does not take place. False where it was cancelled before."""
    event = locked(SeriesEvent, event_id)
    if event.state == MeetingState.CANCELLED:
        return False
    event.state, event.cancelled_why = MeetingState.CANCELLED, why.strip()[:300]
    _changed(series, event, "series.event_cancelled", by, now)
    return True


def _planned(event_id: int) -> SeriesEvent:
    event = locked(SeriesEvent, event_id)
    if event.state == MeetingState.CANCELLED:
        raise Refused(_l("This event was cancelled."))
    return event


def _changed(series: Series, event: SeriesEvent, verb: str, by: int, now: datetime) -> None:
    event.sequence += 1
    event.changed_at = now
    _note(verb, series, by, now, subject=f"series_event:{event.id}")


# -- who comes, who was there -------------------------------------------------------------------------------


def say_coming(event_id: int, coming: bool, *, by: int, now: datetime) -> None:
    """ "I'll come", or not after all; for oneself, until it begins. Saying it twice changes nothing."""
    event = _planned(event_id)
    if event.starts_at <= now:
        raise Refused(_l("This has begun already."))
    guest = _guest(event_id, by)
    if guest is None and coming:
        session.add(SeriesGuest(event_id=event_id, person_id=by, coming=True, by_id=by, at=now))
    elif guest is not None and guest.coming != coming:
        guest.coming, guest.by_id, guest.at = coming, by, now


def note_who_was_there(
    series: Series, event_id: int, there: Collection[int], among: Collection[int], *, by: int, now: datetime
) -> None:
    """Of the people `among` (who may come) those in `there` were there, and the others were not. It never counts for anything."""
    event = _planned(event_id)
    if event.starts_at > now:
        raise Refused(_l("This has not begun yet."))
    guests = {guest.person_id: guest for guest in session.scalars(_guests(event_id))}
    for person in among:
        guest, was = guests.get(person), person in there
        if guest is None and was:
            session.add(
                SeriesGuest(event_id=event_id, person_id=person, coming=False, was_there=True, by_id=by, at=now)
            )
        elif guest is not None and guest.was_there != was:
            guest.was_there, guest.by_id, guest.at = was, by, now
    _note("series.attendance_noted", series, by, now, subject=f"series_event:{event_id}")


def _guest(event_id: int, person_id: int) -> SeriesGuest | None:
    return session.scalar(_guests(event_id).where(SeriesGuest.person_id == person_id))


def _guests(event_id: int) -> Select[SeriesGuest]:
    """What was said of an event as it stands now, while the event is held: what was read before may be old."""
    return select(SeriesGuest).where(SeriesGuest.event_id == event_id).execution_options(populate_existing=True)
