"""The programmes of an organization: courses, their published revisions, and the groups that run on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Cohort, CourseRevision, Programme, ProgrammeRevision
from lms.features.cohorts.revisions import latest_of
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import enabled_plugins
from lms.host.catalog import Catalog, Offered, deliverable
from lms.host.db import session
from lms.host.errors import NotFound
from lms.host.plugins import PluginHost


@dataclass(frozen=True)
class Group:
    """A group that has not ended. `number` is that of its revision; None: the course as it was when the group began."""

    id: int
    name: str
    course_key: str
    digest: str
    number: int | None


@dataclass(frozen=True)
class Line:
    """A course that can be delivered, with its latest published revision and the groups that run on it."""

    offered: Offered
    latest: ProgrammeRevision | None
    groups: tuple[Group, ...]


def programmes(organization: Organization, catalog: Catalog, plugins: PluginHost) -> list[Line]:
    """Each course that the organization can deliver. Three queries however many there are."""
    courses = deliverable(catalog, plugins, enabled_plugins(organization.id))
    latest, groups = latest_of(organization.id), groups_of(organization.id)
    return [
        Line(course, latest.get(course.key), tuple(g for g in groups if g.course_key == course.key))
        for course in courses
    ]


def course_for(organization: Organization, key: str, catalog: Catalog, plugins: PluginHost) -> Offered:
    """A course that the organization can deliver, as its files say it. Raises NotFound."""
    courses = deliverable(catalog, plugins, enabled_plugins(organization.id))
    found = next((course for course in courses if course.key == key), None)
    if found is None:
        raise NotFound
    return found


def programme_of(organization_id: int, key: str) -> Programme | None:
    return session.scalar(
        select(Programme).where(Programme.organization_id == organization_id, Programme.course_key == key)
    )


def groups_of(organization_id: int) -> list[Group]:
    """Every group that has not ended, by name. One query."""
    published = (
        select(Programme.course_key, ProgrammeRevision.revision_digest, ProgrammeRevision.number)
        .join(ProgrammeRevision, ProgrammeRevision.programme_id == Programme.id)
        .where(Programme.organization_id == organization_id)
        .subquery()
    )
    rows = session.execute(
        select(Cohort.id, Cohort.name, CourseRevision.course_key, Cohort.revision_digest, published.c.number)
        .join(CourseRevision, CourseRevision.digest == Cohort.revision_digest)
        .outerjoin(
            published,
            (published.c.revision_digest == Cohort.revision_digest)
            & (published.c.course_key == CourseRevision.course_key),
        )
        .where(Cohort.organization_id == organization_id, Cohort.closed_at.is_(None))
        .order_by(Cohort.name, Cohort.id, published.c.number)
    )
    # A revision that was published again later has two numbers: the later one counts.
    return list({row.id: Group(*row) for row in rows}.values())


def revisions_of(programme: Programme | None) -> list[Any]:
    """Each `ProgrammeRevision` with the name of whoever published it, the latest first. One query."""
    if programme is None:
        return []
    return list(
        session.execute(
            select(ProgrammeRevision, Person.name)
            .outerjoin(Person, Person.id == ProgrammeRevision.published_by)
            .where(ProgrammeRevision.programme_id == programme.id)
            .order_by(ProgrammeRevision.number.desc())
        )
    )
