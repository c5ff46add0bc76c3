"""Leaving a group by oneself, and not after all: for some days the place can be taken again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, literal, select

from lms.features.accounts.models import Person
from lms.features.cohorts import actions
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations.models import Organization
from lms.host.audit import AuditRow
from lms.host.db import session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l

# So long whoever left can take the place again without asking.
WAY_BACK = timedelta(days=7)
ASK = _l("Those who coordinate can let you in again, with everything that you did.")


@dataclass(frozen=True)
class Left:
    """A group that somebody left by themselves."""

    cohort: Cohort
    zone: str
    left_at: datetime

    @property
    def until(self) -> datetime:
        """When the way back closes."""
        return self.left_at + WAY_BACK

    def open_at(self, now: datetime) -> bool:
        """True while the place can be taken again."""
        return self.cohort.closed_at is None and now < self.until


# Whom others let go or moved has not left by themselves. Whose act it was stands in the audit.
_BY_ONESELF = (
    (AuditRow.subject == literal("enrolment:") + cast(Enrolment.id, String))
    & (AuditRow.verb == "cohorts.left")
    & (AuditRow.at == Enrolment.left_at)
    & (AuditRow.by_id == Enrolment.person_id)
)


def left_by(person_id: int) -> list[Left]:
    """The groups that somebody left by themselves and is not in again, latest first. One query."""
    rows = session.execute(
        select(Cohort, Organization.time_zone, AuditRow.at)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(Organization, Organization.id == Cohort.organization_id)
        .join(AuditRow, _BY_ONESELF)
        .where(Enrolment.person_id == person_id)
        .order_by(AuditRow.at.desc())
    )
    return [Left(cohort, cohort.time_zone or zone, left_at) for cohort, zone, left_at in rows]


def take_place_again(left: Left, person_id: int, *, now: datetime) -> None:
    """Not after all. Raises Refused once the days for it are over, and Full where no place is free."""
    if not left.open_at(now):
        raise Refused(ASK)
    actions.enrol(left.cohort, session.get_one(Person, person_id), by=person_id, now=now)
