"""The cohorts of somebody, in a list."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from lms.features.accounts.roles import Role, SignedIn
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import Here, here_of
from lms.features.organizations.models import Organization
from lms.host.db import session
from lms.plugin_api.values import Text


@dataclass(frozen=True)
class CohortLine:
    """A cohort in a list, and how many people take part in it. `here` has no enrolment: it is for whoever leads."""

    here: Here
    people: int

    @property
    def id(self) -> int:
        return self.here.id

    @property
    def name(self) -> str:
        found: str = self.here.cohort.name
        return found

    @property
    def organization(self) -> str:
        return self.here.organization.name

    @property
    def course_title(self) -> Text:
        return self.here.course.title

    @property
    def closed(self) -> bool:
        return self.here.ended


def cohorts_seen_by(who: SignedIn, *roles: Role) -> list[CohortLine]:
    """The cohorts in which `who` plays one of `roles`, open ones and newest first."""
    in_cohorts, in_organizations = who.cohorts(*roles), who.organizations(*roles)
    if not in_cohorts and not in_organizations:
        return []
    people = (
        select(func.count(Enrolment.id))
        .where(Enrolment.cohort_id == Cohort.id, Enrolment.left_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Cohort, Organization, people)
        .join(Organization, Organization.id == Cohort.organization_id)
        .where(or_(Cohort.id.in_(in_cohorts), Cohort.organization_id.in_(in_organizations)))
        .order_by(Cohort.closed_at.isnot(None), Cohort.published_at.desc(), Cohort.id.desc())
    )
    return [CohortLine(here_of(who, cohort, held_by, None, None, ()), count) for cohort, held_by, count in rows]
