"""Worries for those who may read them, and what helps one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import LEADERS, Role, SignedIn
from lms.features.care.models import Accommodation, Concern, ConcernStep
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations.models import Organization
from lms.host.db import session
from lms.host.errors import NotFound

# -- worries ------------------------------------------------------------------------------------------------

_Raiser = aliased(Person)


def _in_care_of(who: SignedIn) -> ColumnElement[bool]:
    """What `who` may read: as coordinator, or as the one who raised it and still leads or takes part there.

    What is about oneself is read only by oneself having written it.
    """
    coordinates = or_(
        Cohort.id.in_(who.cohorts(Role.COORDINATOR)),
        Cohort.organization_id.in_(who.organizations(Role.COORDINATOR)),
    )
    here = or_(
        Cohort.id.in_(who.cohorts(Role.TRAINEE, *LEADERS)),
        Cohort.organization_id.in_(who.organizations(*LEADERS)),
    )
    mine = and_(Concern.raised_by == who.id, here)
    return or_(mine, and_(coordinates, Enrolment.person_id != who.id))


@dataclass(frozen=True)
class Worry:
    """A concern with whose it is, who raised it and where."""

    concern: Concern
    about_id: int
    about: str
    raiser: str
    cohort: Cohort
    zone: str


def _worries() -> Any:
    return (
        select(Concern, Person.id, Person.name, _Raiser.name, Cohort, Organization.time_zone)
        .join(Enrolment, Enrolment.id == Concern.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(_Raiser, _Raiser.id == Concern.raised_by)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Organization, Organization.id == Cohort.organization_id)
    )


def worries_for(who: SignedIn, *, closed: bool, limit: int = 100) -> list[Worry]:
    """What `who` may read, in one query: open ones oldest first, closed ones the newest first."""
    order = Concern.closed_at.desc() if closed else Concern.raised_at
    standing = Concern.closed_at.is_not(None) if closed else Concern.closed_at.is_(None)
    rows = session.execute(_worries().where(standing, _in_care_of(who)).order_by(order, Concern.id).limit(limit))
    return [Worry(*row) for row in rows]


def worry_for(who: SignedIn, concern_id: int) -> Worry:
    """One concern, if `who` may read it. Raises NotFound."""
    row = session.execute(_worries().where(Concern.id == concern_id, _in_care_of(who))).first()
    if row is None:
        raise NotFound
    return Worry(*row)


def number_open(who: SignedIn) -> Any:
    """How many open ones wait for `who` to look after, as coordinator; for a query."""
    if not who.has(Role.COORDINATOR):
        return 0
    return (
        select(func.count(Concern.id))
        .join(Enrolment, Enrolment.id == Concern.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Concern.closed_at.is_(None), _in_care_of(who))
        .scalar_subquery()
    )


def steps_of(concern_id: int) -> list[Any]:
    """What was done, in order: words, time, name."""
    return list(
        session.execute(
            select(ConcernStep.words, ConcernStep.at, Person.name)
            .join(Person, Person.id == ConcernStep.by_id)
            .where(ConcernStep.concern_id == concern_id)
            .order_by(ConcernStep.at, ConcernStep.id)
        )
    )


def coordinators_of(cohort: Cohort, besides: int) -> list[Any]:
    """Id, name, address and language of those who coordinate this cohort, without the person concerned."""
    return list(
        session.execute(
            select(Person.id, Person.name, Person.email, Person.language)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(
                RoleGrant.organization_id == cohort.organization_id,
                or_(RoleGrant.cohort_id == cohort.id, RoleGrant.cohort_id.is_(None)),
                RoleGrant.role == Role.COORDINATOR,
                RoleGrant.ended_at.is_(None),
                Person.disabled_at.is_(None),
                Person.id != besides,
            )
            .distinct()
            .order_by(Person.name)
        )
    )


def under_care(submission: Any, enrolment: Any) -> ColumnElement[bool]:
    """For a query over submissions: true for the text that an open concern was raised from.

    Both columns count, so that a number somebody made up never reaches another person's text.
    """
    return exists().where(
        Concern.submission_id == submission, Concern.enrolment_id == enrolment, Concern.closed_at.is_(None)
    )


def open_concern_about_submission(submission_id: int, enrolment_id: int) -> bool:
    """True while somebody looks after the person behind this text: its answer comes in person."""
    return bool(session.scalar(select(under_care(submission_id, enrolment_id))))


# -- what helps ---------------------------------------------------------------------------------------------


_AGREED = select(Accommodation.extra_time, Accommodation.read_aloud).where(
    Accommodation.enrolment_id == bindparam("enrolment")
)


def accommodation_of(enrolment_id: int) -> Any:
    """What was agreed for this enrolment: `extra_time` and `read_aloud`; None where nothing was."""
    return session.execute(_AGREED, {"enrolment": enrolment_id}).first()


def agreed_by(enrolment_id: int) -> tuple[Accommodation, str, datetime] | None:
    """What was agreed, with whom and when."""
    row = session.execute(
        select(Accommodation, Person.name, Accommodation.set_at)
        .join(Person, Person.id == Accommodation.set_by)
        .where(Accommodation.enrolment_id == enrolment_id)
    ).first()
    return (row[0], row[1], row[2]) if row else None


def extra_time_of(enrolment_id: int) -> int:
    """How much longer this person has where a clock runs, in percent."""
    agreed = accommodation_of(enrolment_id)
    return agreed.extra_time if agreed else 0
