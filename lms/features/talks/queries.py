"""Times that can be taken, and those that somebody took."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role, SignedIn
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import Here
from lms.features.organizations.models import Organization
from lms.features.talks.models import Talk
from lms.host.db import session
from lms.host.errors import NotFound

SOON = timedelta(days=7)
_Taker = aliased(Person)


def _by_a_trainer() -> ColumnElement[bool]:
    """Offered by somebody who still trains the cohort. Needs Talk joined with Cohort."""
    return exists().where(
        RoleGrant.person_id == Talk.offered_by,
        RoleGrant.role == Role.TRAINER,
        RoleGrant.ended_at.is_(None),
        RoleGrant.organization_id == Cohort.organization_id,
        or_(RoleGrant.cohort_id == Cohort.id, RoleGrant.cohort_id.is_(None)),
    )


def talks_for(cohort_id: int, enrolment_id: int, activity_id: str, now: datetime) -> list[Any]:
    """Talk and name of the trainer, earliest first: times still free, and those that this person took for this piece."""
    mine = (Talk.taken_by == enrolment_id) & (Talk.activity_id == activity_id)
    own = select(Enrolment.person_id).where(Enrolment.id == enrolment_id).scalar_subquery()
    free = and_(Talk.taken_by.is_(None), Talk.starts_at > now, Talk.offered_by != own, _by_a_trainer())
    return list(
        session.execute(
            select(Talk, Person.name)
            .join(Person, Person.id == Talk.offered_by)
            .join(Cohort, Cohort.id == Talk.cohort_id)
            .where(Talk.cohort_id == cohort_id, Talk.cancelled_at.is_(None), or_(mine, free))
            .order_by(Talk.starts_at)
            .limit(30)
        )
    )


# What somebody has taken in any of these groups, and nobody has called off or written down; with the trainer's name.
# Today puts it into one statement with what else waits there (progress.facts).
TAKEN_BY_SOME = (
    select(Talk.taken_by.label("enrolment_id"), Talk.activity_id, Talk.id, Talk.starts_at, Talk.minutes, Person.name)
    .join(Person, Person.id == Talk.offered_by)
    .where(
        Talk.taken_by.in_(bindparam("enrolments", expanding=True)), Talk.cancelled_at.is_(None), Talk.done_at.is_(None)
    )
)


def _rows() -> Any:
    """Talk, name of the trainer, enrolment, person and name of whoever took it, and whether they left."""
    return (
        select(
            Talk,
            Person.name.label("trainer"),
            Enrolment.person_id,
            _Taker.name.label("taker"),
            Enrolment.left_at,
            Cohort,
            Organization.time_zone.label("zone"),
        )
        .join(Person, Person.id == Talk.offered_by)
        .join(Cohort, Cohort.id == Talk.cohort_id)
        .join(Organization, Organization.id == Cohort.organization_id)
        .outerjoin(Enrolment, Enrolment.id == Talk.taken_by)
        .outerjoin(_Taker, _Taker.id == Enrolment.person_id)
        .order_by(Talk.starts_at, Talk.id)
    )


_STANDS = Talk.cancelled_at.is_(None)


def talks_of(here: Here, now: datetime) -> list[Any]:
    """Times of a cohort for its trainers: those to come, and those that somebody took and nobody has written down."""
    open_ones = and_(Talk.done_at.is_(None), or_(Talk.starts_at > now, Talk.taken_by.is_not(None)))
    return list(session.execute(_rows().where(Talk.cohort_id == here.id, _STANDS, open_ones).limit(200)))


def done_talks_of(here: Here) -> list[Any]:
    """Those that are written down, the newest first."""
    rows = _rows().where(Talk.cohort_id == here.id, _STANDS, Talk.done_at.is_not(None)).order_by(None)
    return list(session.execute(rows.order_by(Talk.starts_at.desc(), Talk.id).limit(50)))


def talk_of(here: Here, talk_id: int) -> Any:
    """One time of this cohort, also one that was called off. Raises NotFound."""
    row = session.execute(_rows().where(Talk.id == talk_id, Talk.cohort_id == here.id)).first()
    if row is None:
        raise NotFound
    return row


def taken_from(who: SignedIn, now: datetime) -> list[Any]:
    """One's own times that somebody took: in the next days, or over and not written down yet."""
    trains = or_(
        Talk.cohort_id.in_(who.cohorts(Role.TRAINER)), Cohort.organization_id.in_(who.organizations(Role.TRAINER))
    )
    return list(
        session.execute(
            _rows()
            .where(
                trains,
                _STANDS,
                Talk.offered_by == who.id,
                Talk.taken_by.is_not(None),
                Talk.done_at.is_(None),
                Talk.starts_at < now + SOON,
                Enrolment.left_at.is_(None),
            )
            .limit(20)
        )
    )
