"""Courses frozen under a digest: keeping one, and the one of each programme that an organization published last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from lms.features.cohorts.models import CourseRevision, Programme, ProgrammeRevision
from lms.features.cohorts.queries import revision_of
from lms.host import storage
from lms.host.catalog import HOST, Frozen, Offered, plugins_named
from lms.host.db import session
from lms.host.plugins import PluginHost


@dataclass(frozen=True)
class Published(Offered):
    """A programme as an organization published it: number `number`, kept under `digest`."""

    digest: str
    number: int


def keep(course_key: str, frozen: Frozen, now: datetime) -> str:
    """Stores a frozen course with its pages and pictures, once; its digest."""
    if session.get(CourseRevision, frozen.digest) is None:
        for picture in frozen.pictures.values():
            storage.keep_file(picture.content, picture.media_type)
        session.add(
            CourseRevision(
                digest=frozen.digest,
                course_key=course_key,
                course_json=frozen.course_json,
                pages_json=frozen.pages_json,
                kept_at=now,
            )
        )
        session.flush()
    return frozen.digest


_LAST = (
    select(ProgrammeRevision.programme_id, func.max(ProgrammeRevision.number).label("number"))
    .group_by(ProgrammeRevision.programme_id)
    .subquery()
)
_LATEST = (
    select(Programme.course_key, ProgrammeRevision)
    .join(ProgrammeRevision, ProgrammeRevision.programme_id == Programme.id)
    .join(_LAST, (_LAST.c.programme_id == Programme.id) & (_LAST.c.number == ProgrammeRevision.number))
)


def latest_of(organization_id: int) -> dict[str, ProgrammeRevision]:
    """Course key to the revision that new groups take, for programmes that were published. One query."""
    rows = session.execute(_LATEST.where(Programme.organization_id == organization_id))
    return {row[0]: row[1] for row in rows}


def as_published(
    organization_id: int, courses: Iterable[Offered], plugins: PluginHost, enabled: Iterable[str]
) -> list[Offered]:
    """The courses as a new group takes them: the latest published revision where there is one, else as they are.

    A revision that names a plugin which is turned off by now is left out, as such a course is.
    """
    latest, allowed = latest_of(organization_id), {HOST, *enabled}
    found: list[Offered] = []
    for offered in courses:
        last = latest.get(offered.key)
        if last is None:
            found.append(offered)
            continue
        course = revision_of(last.revision_digest).course
        if plugins_named(course, plugins) <= allowed:
            loaded = replace(offered.loaded, course=course)
            found.append(Published(offered.plugin, loaded, last.revision_digest, last.number))
    return found
