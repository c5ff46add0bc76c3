"""Offering times, taking one, giving it back, calling it off.

Whoever takes a time locks their enrolment first and then the times, in the order of their ids; so of two people at the
same moment one gets it, and nobody holds two for the same piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.accounts.roles import not_oneself
from lms.features.cohorts.models import Enrolment
from lms.features.talks.models import Talk
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l

MINUTES = range(5, 241)


@dataclass(frozen=True)
class Offer:
    """Times at which one trainer can talk with somebody of one cohort."""

    cohort_id: int
    starts: Sequence[datetime]
    minutes: int
    place: str


def offer(times: Offer, *, by: int, organization: int, now: datetime) -> list[Talk]:
    """Offer these times. One that the trainer has offered just so already stays as it is."""
    if times.minutes not in MINUTES:
        raise Incomplete({"minutes": _l("Enter minutes from 5 to 240.")})
    if not times.starts or times.starts[0] <= now:
        raise Incomplete({"at": _l("This time is over already. Choose a later one.")})
    locked(Person, by)
    own = list(session.scalars(select(Talk).where(Talk.offered_by == by, Talk.cancelled_at.is_(None))))
    added = []
    for starts in times.starts:
        same = [t for t in own if t.starts_at == starts and t.cohort_id == times.cohort_id]
        if not same and any(_meet(t, starts, times.minutes) for t in own):
            raise Incomplete({"at": _l("You have offered another time that overlaps with this one.")})
        if not same:
            added.append(_added(times, starts, by))
    session.flush()
    for talk in added:
        _note("offered", talk, by=by, organization=organization, about=None, now=now)
    return added


def _meet(talk: Talk, starts: datetime, minutes: int) -> bool:
    return talk.starts_at < starts + timedelta(minutes=minutes) and starts < talk.starts_at + timedelta(
        minutes=talk.minutes
    )


def _added(times: Offer, starts: datetime, by: int) -> Talk:
    place = times.place.strip()
    talk = Talk(cohort_id=times.cohort_id, offered_by=by, starts_at=starts, minutes=times.minutes, place=place)
    session.add(talk)
    return talk


def _note(what: str, talk: Talk, *, by: int, organization: int, about: int | None, now: datetime) -> None:
    audit.note(f"talks.{what}", f"talk:{talk.id}", at=now, by=by, organization=organization, about=about)


def cancel(talk_id: int, *, by: int, organization: int, now: datetime) -> int | None:
    """Call a time off. The enrolment that had taken it, if any: somebody has to tell them."""
    talk = locked(Talk, talk_id)
    if talk.done_at is not None:
        raise Refused(_l("This talk has taken place. What came of it stays."))
    if talk.cancelled_at is not None:
        return None
    taken_by = talk.taken_by
    about = session.scalar(select(Enrolment.person_id).where(Enrolment.id == taken_by)) if taken_by else None
    talk.cancelled_at = now
    _note("cancelled", talk, by=by, organization=organization, about=about, now=now)
    return taken_by


# -- taking one ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taker:
    """Who takes a time: the enrolment, its cohort and organization, the person."""

    enrolment_id: int
    cohort_id: int
    organization_id: int
    person_id: int


def take(taker: Taker, talk_id: int, activity: str, *, now: datetime) -> list[Talk]:
    """Take a time for this piece. One that was taken for it before is given back. All that changed: nothing if it is
    theirs already."""
    locked(Enrolment, taker.enrolment_id)
    held = session.scalars(
        select(Talk.id).where(
            Talk.taken_by == taker.enrolment_id,
            Talk.activity_id == activity,
            Talk.cancelled_at.is_(None),
            Talk.done_at.is_(None),
            Talk.starts_at > now,
        )
    ).all()
    talks = [locked(Talk, id) for id in sorted({talk_id, *held})]
    talk = next(t for t in talks if t.id == talk_id)
    if talk.cohort_id != taker.cohort_id:
        raise NotFound
    not_oneself(taker.person_id, talk.offered_by)
    if talk.taken_by == taker.enrolment_id and talk.activity_id == activity and talk.cancelled_at is None:
        return []
    if talk.cancelled_at is not None:
        raise Refused(_l("This time has been called off. Please choose another one."))
    if talk.taken_by == taker.enrolment_id:
        raise Refused(_l("You have taken this time for another piece."))
    if talk.taken_by is not None:
        raise Refused(_l("Somebody else has taken this time. Please choose another one."))
    if talk.starts_at <= now:
        raise Refused(_l("This time has begun already. Please choose another one."))
    if any(_meet(other, talk.starts_at, talk.minutes) for other in _other_talks(taker.person_id, {talk_id, *held})):
        raise Refused(_l("You have another talk at this time. Please choose another one."))
    for other in talks:
        if other is not talk:
            _give_back(other, taker, now)
    talk.taken_by, talk.activity_id, talk.taken_at = taker.enrolment_id, activity, now
    _note("taken", talk, by=taker.person_id, organization=taker.organization_id, about=taker.person_id, now=now)
    return talks


def _other_talks(person_id: int, besides: set[int]) -> Sequence[Talk]:
    """What somebody has taken for other pieces, here and in other groups, and has not had yet."""
    own = select(Enrolment.id).where(Enrolment.person_id == person_id).scalar_subquery()
    return session.scalars(
        select(Talk).where(
            Talk.taken_by.in_(own), Talk.cancelled_at.is_(None), Talk.done_at.is_(None), Talk.id.not_in(besides)
        )
    ).all()


def give_back(taker: Taker, talk_id: int, *, now: datetime) -> bool:
    """Make a time free again, until it begins. False if it is not theirs any more."""
    locked(Enrolment, taker.enrolment_id)
    talk = locked(Talk, talk_id)
    if talk.cohort_id != taker.cohort_id:
        raise NotFound
    if talk.taken_by != taker.enrolment_id or talk.cancelled_at is not None:
        return False
    if talk.starts_at <= now:
        raise Refused(_l("This time has begun already. Please speak with your trainer."))
    _give_back(talk, taker, now)
    return True


def _give_back(talk: Talk, taker: Taker, now: datetime) -> None:
    talk.taken_by, talk.activity_id, talk.taken_at = None, "", None
    _note("given_back", talk, by=taker.person_id, organization=taker.organization_id, about=taker.person_id, now=now)


def done(talk_id: int, enrolment_id: int, *, by: int, organization: int, about: int, now: datetime) -> bool:
    """Say that a talk took place. False if that is said already; Refused where it was given back or called off."""
    talk = locked(Talk, talk_id)
    if talk.done_at is not None:
        return False
    if talk.taken_by != enrolment_id or talk.cancelled_at is not None:
        raise Refused(_l("This time was given back or called off meanwhile."))
    not_oneself(by, about)
    talk.done_at = now
    _note("done", talk, by=by, organization=organization, about=about, now=now)
    return True
