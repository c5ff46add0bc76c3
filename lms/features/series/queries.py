"""Series for those who run them, and events for those who may come. Everything is found through the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, func, or_, select

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import LEADERS, Role, SignedIn
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations.models import Organization
from lms.features.series.models import Series, SeriesCohort, SeriesEvent, SeriesGuest
from lms.host.db import session
from lms.host.errors import NotFound
from lms.plugin_api.values import MeetingState

# An event stays among those to come while it may still go on.
GOES_ON = timedelta(hours=6)


# -- those who may come -------------------------------------------------------------------------------------


def _may_come(person_id: int) -> ColumnElement[bool]:
    """Whoever takes part in one of the cohorts of the series, also in one that has ended. Needs Series."""
    return exists().where(
        SeriesCohort.series_id == Series.id,
        Enrolment.cohort_id == SeriesCohort.cohort_id,
        Enrolment.person_id == person_id,
        Enrolment.left_at.is_(None),
    )


def _events_for(person_id: int) -> Any:
    """Event, series, organization's zone, host's name, and what one said, earliest first."""
    return (
        select(SeriesEvent, Series, Organization.time_zone, Person.name.label("host"), SeriesGuest)
        .join(Series, Series.id == SeriesEvent.series_id)
        .join(Organization, Organization.id == Series.organization_id)
        .outerjoin(Person, Person.id == Series.host_id)
        .outerjoin(SeriesGuest, and_(SeriesGuest.event_id == SeriesEvent.id, SeriesGuest.person_id == person_id))
        .order_by(SeriesEvent.starts_at, SeriesEvent.id)
    )


def _to_come(now: datetime) -> ColumnElement[bool]:
    return and_(SeriesEvent.starts_at > now - GOES_ON, Series.ended_at.is_(None))


@dataclass(frozen=True)
class Open:
    """One event as somebody sees it who may come. `was_there` is None where nobody noted it; `changed_at` is when the
    event or their own word on it last changed."""

    id: int
    series: str
    about: str
    language: str
    host: str
    starts_at: datetime
    minutes: int
    place: str
    link: str
    cancelled: bool
    cancelled_why: str
    sequence: int
    changed_at: datetime | None
    zone: str
    coming: bool
    was_there: bool | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def _open(row: Any) -> Open:
    event, series, zone, host, guest = row
    return Open(
        event.id,
        series.name,
        series.about,
        series.language,
        host or "",
        event.starts_at,
        event.minutes,
        event.place,
        event.link,
        event.state == MeetingState.CANCELLED,
        event.cancelled_why,
        event.sequence,
        max((at for at in (event.changed_at, guest.at if guest else None) if at), default=None),
        zone,
        bool(guest and guest.coming),
        guest.was_there if guest else None,
    )


def coming_events(person_id: int, now: datetime, limit: int = 60) -> list[Open]:
    """What comes up and this person may come to, earliest first. One query."""
    rows = session.execute(_events_for(person_id).where(_to_come(now), _may_come(person_id)).limit(limit))
    return [found for row in rows if (found := _open(row)).ends_at > now]


def next_open(person_id: int, now: datetime) -> Open | None:
    """The next event that takes place. One query."""
    stands = SeriesEvent.state != MeetingState.CANCELLED
    row = session.execute(
        _events_for(person_id)
        .where(SeriesEvent.starts_at > now, Series.ended_at.is_(None), stands, _may_come(person_id))
        .limit(1)
    ).first()
    return _open(row) if row else None


def visits_of(person_id: int) -> list[Open]:
    """Events at which this person was, the latest first."""
    rows = session.execute(
        _events_for(person_id)
        .where(SeriesGuest.was_there)
        .order_by(None)
        .order_by(SeriesEvent.starts_at.desc())
        .limit(200)
    )
    return [_open(row) for row in rows]


def said_yes(person_id: int, since: datetime) -> list[Open]:
    """The events that this person said they come to, cancelled ones too: for their calendar."""
    rows = session.execute(
        _events_for(person_id).where(SeriesGuest.coming, SeriesEvent.starts_at > since, _may_come(person_id))
    )
    return [_open(row) for row in rows]


def open_event(person_id: int, event_id: int) -> Open:
    """One event to which this person may come. Raises NotFound."""
    row = session.execute(_events_for(person_id).where(SeriesEvent.id == event_id, _may_come(person_id))).first()
    if row is None:
        raise NotFound
    return _open(row)


# -- those who run it ---------------------------------------------------------------------------------------


def series_for(who: SignedIn, series_id: int) -> tuple[Series, Organization]:
    """A series for its host while they lead something in the organization, and for those who coordinate. Raises NotFound."""
    row = session.execute(
        select(Series, Organization)
        .join(Organization, Organization.id == Series.organization_id)
        .where(Series.id == series_id)
    ).first()
    if row is None or not (_coordinates(who, row.Series) or _hosts(who, row.Series)):
        raise NotFound
    return row.Series, row.Organization


def _coordinates(who: SignedIn, series: Series) -> bool:
    return series.organization_id in who.organizations(Role.COORDINATOR)


def _hosts(who: SignedIn, series: Series) -> bool:
    leads = any(p.organization_id == series.organization_id and p.role in LEADERS for p in who.places)
    return series.host_id == who.id and leads


def hosted_event(who: SignedIn, event_id: int) -> tuple[SeriesEvent, Series, Organization]:
    """One event for those who run its series. Raises NotFound."""
    event = session.get(SeriesEvent, event_id)
    if event is None:
        raise NotFound
    return event, *series_for(who, event.series_id)


def hosted_by(who: SignedIn) -> list[Any]:
    """The series that somebody hosts and that have not ended: id and name."""
    return list(
        session.execute(
            select(Series.id, Series.name)
            .where(Series.host_id == who.id, Series.ended_at.is_(None))
            .order_by(Series.name)
        )
    )


def series_of(organization_id: int, now: datetime) -> list[Any]:
    """Every series of an organization, those that go on first: with its host's name and when the next event is."""
    coming = and_(SeriesEvent.starts_at > now, SeriesEvent.state != MeetingState.CANCELLED)
    following = (
        select(func.min(SeriesEvent.starts_at)).where(SeriesEvent.series_id == Series.id, coming).scalar_subquery()
    )
    return list(
        session.execute(
            select(Series, Person.name.label("host"), following.label("next"))
            .outerjoin(Person, Person.id == Series.host_id)
            .where(Series.organization_id == organization_id)
            .order_by(Series.ended_at.is_not(None), func.lower(Series.name), Series.id)
        )
    )


def events_of(series_id: int) -> list[Any]:
    """Every event of a series, earliest first, with how many said that they come and how many were there."""
    coming = func.sum(cast(SeriesGuest.coming, Integer)).label("coming")
    there = func.sum(cast(SeriesGuest.was_there, Integer)).label("there")
    return list(
        session.execute(
            select(SeriesEvent, coming, there)
            .outerjoin(SeriesGuest, SeriesGuest.event_id == SeriesEvent.id)
            .where(SeriesEvent.series_id == series_id)
            .group_by(SeriesEvent.id)
            .order_by(SeriesEvent.starts_at, SeriesEvent.id)
        )
    )


def cohorts_to_invite(organization_id: int) -> list[Any]:
    """Id, name and end of each cohort of the organization, newest first."""
    return list(
        session.execute(
            select(Cohort.id, Cohort.name, Cohort.closed_at)
            .where(Cohort.organization_id == organization_id)
            .order_by(Cohort.closed_at.is_not(None), Cohort.published_at.desc(), Cohort.id.desc())
        )
    )


def invited_cohorts(series_id: int) -> set[int]:
    return set(session.scalars(select(SeriesCohort.cohort_id).where(SeriesCohort.series_id == series_id)))


def possible_hosts(organization_id: int) -> list[Any]:
    """Id and name of everyone who leads something in the organization."""
    return list(
        session.execute(
            select(Person.id, Person.name)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(
                RoleGrant.organization_id == organization_id,
                RoleGrant.role.in_(LEADERS),
                RoleGrant.ended_at.is_(None),
                Person.disabled_at.is_(None),
            )
            .distinct()
            .order_by(Person.name, Person.id)
        )
    )


def guests_of(event: SeriesEvent) -> list[Any]:
    """Everyone who may come to an event, or was noted there, by name: id, name, e-mail, language, coming, was_there."""
    invited = (
        select(Enrolment.person_id)
        .join(SeriesCohort, SeriesCohort.cohort_id == Enrolment.cohort_id)
        .where(SeriesCohort.series_id == event.series_id, Enrolment.left_at.is_(None))
    )
    here = and_(SeriesGuest.event_id == event.id, SeriesGuest.person_id == Person.id)
    return list(
        session.execute(
            select(Person.id, Person.name, Person.email, Person.language, SeriesGuest.coming, SeriesGuest.was_there)
            .outerjoin(SeriesGuest, here)
            .where(or_(Person.id.in_(invited), SeriesGuest.was_there.is_not(None)), Person.disabled_at.is_(None))
            .order_by(func.lower(Person.name), Person.id)
        )
    )
