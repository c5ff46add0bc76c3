"""The versions of programmes that an organization has published, and the one that a group of that time stands on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from lms.demo.story import Version
from lms.demo.told import DAY, Told
from lms.features.cohorts.models import Programme, ProgrammeRevision
from lms.features.cohorts.queries import revision_of
from lms.features.cohorts.revisions import Published
from lms.features.organizations.queries import enabled_plugins
from lms.features.programmes import actions as programmes
from lms.features.programmes.choices import Choices
from lms.host.catalog import Offered
from lms.host.db import session
from lms.plugin_api.content import AttendanceChoice


def publish(told: Told, offered: Offered, version: Version, by: int) -> None:
    """As the files are by now, with the version's own options of the rule, held against its frameworks if they are here."""
    organization, guard, at = told.organization, told.guard, told.moment.now - version.days_ago * DAY
    course, enabled = offered.course, enabled_plugins(organization.id)
    assert course is not None
    own = None
    if version.options and course.attendance:
        options = {**course.attendance.options, **version.options}
        own = AttendanceChoice(policy=course.attendance.policy, options=options)
    programmes.choose_rule(organization, offered.key, own, by=by, now=at)
    known = tuple(name for name in version.frameworks if guard.host.provided("competency_frameworks", name))
    choices = Choices(frameworks=known or None)
    programmes.choose_papers(organization, course, offered.key, choices, guard, enabled, by=by, now=at)
    programmes.publish(organization, offered, version.note, guard, enabled, by=by, now=at)


def as_it_was(told: Told, offered: Offered, at: datetime) -> Offered:
    """The version that a group took which began `at`; the course as its files are where there was none yet."""
    last = session.scalar(
        select(ProgrammeRevision)
        .join(Programme, Programme.id == ProgrammeRevision.programme_id)
        .where(
            Programme.organization_id == told.organization.id,
            Programme.course_key == offered.key,
            ProgrammeRevision.published_at <= at,
        )
        .order_by(ProgrammeRevision.number.desc())
        .limit(1)
    )
    if last is None:
        return offered
    loaded = replace(offered.loaded, course=revision_of(last.revision_digest).course)
    return Published(offered.plugin, loaded, last.revision_digest, last.number)
