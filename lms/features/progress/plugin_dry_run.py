"""What the newest version of a plugin's rules and courses would change in the running groups of an organization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.features.accounts.roles import SignedIn
from lms.features.cohorts.models import Cohort, CourseRevision
from lms.features.cohorts.queries import Here, here_of, revisions_of
from lms.features.cohorts.revisions import latest_of
from lms.features.organizations.models import Organization
from lms.features.progress import pinned
from lms.features.progress.pinned import Trial
from lms.host.catalog import Catalog
from lms.host.db import session
from lms.host.guard import Guard, Rule
from lms.host.plugins import Plugin, PluginHost
from lms.plugin_api.content import AttendanceChoice

AT_A_TIME = 10


@dataclass(frozen=True)
class Group:
    """A running group, with a dry run of each rule that it could take from the plugin."""

    here: Here
    trials: Sequence[Trial]


def groups_that_could_change(
    who: SignedIn, organization: Organization, plugin: Plugin, plugins: PluginHost, catalog: Catalog
) -> list[Here]:
    """Running groups that stand on one of the plugin's rules, or whose course or rule of today comes from it. Newest
    first; two queries, and once in a process another one for the courses."""
    rows = session.execute(
        select(Cohort, CourseRevision.course_key)
        .join(CourseRevision, CourseRevision.digest == Cohort.revision_digest)
        .where(Cohort.organization_id == organization.id, Cohort.closed_at.is_(None))
        .order_by(Cohort.published_at.desc(), Cohort.id.desc())
    ).all()
    revisions_of(cohort.revision_digest for cohort, _key in rows)
    latest, found = latest_of(organization.id), []
    for cohort, key in rows:
        here = here_of(who, cohort, organization, None, None, ())
        today = pinned.rule_of_today(latest, key, catalog)
        if here.rule and (_owner(key) == plugin.name or plugin.name in _rules_from(here.rule, today, plugins)):
            found.append(here)
    return found


def groups_on(who: SignedIn, organization: Organization, course_key: str) -> list[Here]:
    """Running groups on a course that have a rule of attendance, newest first. One query, and once in a process another
    one for the courses."""
    cohorts = session.scalars(
        select(Cohort)
        .join(CourseRevision, CourseRevision.digest == Cohort.revision_digest)
        .where(
            Cohort.organization_id == organization.id,
            Cohort.closed_at.is_(None),
            CourseRevision.course_key == course_key,
        )
        .order_by(Cohort.published_at.desc(), Cohort.id.desc())
    ).all()
    revisions_of(cohort.revision_digest for cohort in cohorts)
    found = [here_of(who, cohort, organization, None, None, ()) for cohort in cohorts]
    return [here for here in found if here.rule]


def try_rule(groups: Sequence[Here], rule: AttendanceChoice, guard: Guard, now: datetime) -> list[Group]:
    """Each group with a dry run of the rule in its newest version; without one where it stands on just that."""
    candidate = pinned.newest("chosen", rule.policy, rule.options, guard.host)
    if candidate is None:
        return []
    return [
        Group(here, [] if pinned.same(here.rule, candidate.rule) else [pinned.try_out(here, guard, candidate, now)])
        for here in groups
    ]


def _rules_from(rule: Rule, choice: AttendanceChoice | None, plugins: PluginHost) -> set[str]:
    """The plugins behind the rule that holds, its newest version, and the one of today."""
    provided = (
        plugins.policy_version(rule.policy, rule.version),
        plugins.provided("attendance_policies", rule.policy),
        plugins.provided("attendance_policies", choice.policy) if choice else None,
    )
    return {one.plugin.name for one in provided if one}


def _owner(course_key: str) -> str:
    return course_key.partition(":")[0]


def dry_runs(groups: Sequence[Here], plugin: Plugin, guard: Guard, catalog: Catalog, now: datetime) -> list[Group]:
    """Each group with its dry runs. A constant number of queries a group; nothing is changed."""
    return [Group(here, _trials(here, plugin, guard, catalog, now)) for here in groups]


def _trials(here: Here, plugin: Plugin, guard: Guard, catalog: Catalog, now: datetime) -> list[Trial]:
    found = []
    for candidate in pinned.candidates(here, guard.host, catalog):
        provided = guard.policy(candidate.rule)
        if candidate.key == "course" or (provided and provided.plugin.name == plugin.name):
            found.append(pinned.try_out(here, guard, candidate, now))
    return found
