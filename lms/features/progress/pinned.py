"""The attendance rule that a cohort stands on: which others could take its place, and putting one there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.accounts.roles import not_oneself
from lms.features.attendance.queries import names_in
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.models import Cohort, CourseRevision, ProgrammeRevision
from lms.features.cohorts.queries import Here, Member, revision_of
from lms.features.cohorts.revisions import latest_of
from lms.features.organizations.queries import enabled_plugins
from lms.features.progress import dry_run, queries, watch
from lms.features.progress.dry_run import Change
from lms.features.progress.rules import Standing
from lms.host import audit
from lms.host.audit import AuditRow
from lms.host.catalog import Catalog
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.guard import Guard, Rule
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import PluginHost
from lms.plugin_api.content import AttendanceChoice

APPLIED = "progress.rule_applied"


class ChangedMeanwhile(Refused):
    """What was shown is not so any more; show it again."""


@dataclass(frozen=True)
class Candidate:
    """Another rule that could hold: the course's of today ("course"), the newest version of the policy with the same
    options ("newest"), or the one that held before ("former")."""

    key: str
    rule: Rule
    plugin_version: str


def candidates(here: Here, plugins: PluginHost, catalog: Catalog) -> list[Candidate]:
    """The rules that could take the place of the one that holds; each once. Three queries.

    No plugin sees people of an organization that has not chosen it; the policy that holds may stay in its newest version.
    """
    now = here.rule
    if now is None:
        return []
    key = session.scalar(select(CourseRevision.course_key).where(CourseRevision.digest == here.cohort.revision_digest))
    choice = rule_of_today(latest_of(here.organization.id), key or "", catalog)
    former = json.loads(here.cohort.rule_json or "{}").get("before")
    found = [
        newest("course", choice.policy, choice.options, plugins) if choice else None,
        newest("newest", now.policy, now.options, plugins),
        Candidate("former", Rule(former["policy"], former["options"], former["version"]), former["plugin"])
        if former
        else None,
    ]
    allowed = _allowed(here.organization.id, plugins)
    offered_here = [one for one in found if one and (one.rule.policy == now.policy or allowed(one.rule.policy))]
    by_rule = {_as_text(candidate.rule): candidate for candidate in reversed(offered_here)}
    by_rule.pop(_as_text(now), None)
    return list(reversed(by_rule.values()))


def _allowed(organization_id: int, plugins: PluginHost) -> Callable[[str], bool]:
    """Which attendance policies the organization may choose: those of the host and of plugins that it has enabled."""
    enabled = enabled_plugins(organization_id)

    def allowed(policy: str) -> bool:
        provided = plugins.provided("attendance_policies", policy)
        return provided is not None and (provided.plugin.built_in or provided.plugin.name in enabled)

    return allowed


def rule_of_today(latest: Mapping[str, ProgrammeRevision], key: str, catalog: Catalog) -> AttendanceChoice | None:
    """What a new group gets: the rule of the version that the organization published last, else of the course files."""
    if published := latest.get(key):
        return revision_of(published.revision_digest).course.attendance
    offered = catalog.courses.get(key)
    return offered.course.attendance if offered and offered.course else None


def newest(key: str, policy: str, options: Mapping[str, Any], plugins: PluginHost) -> Candidate | None:
    """The policy in its newest version with these options; None where no plugin brings it."""
    provided = plugins.provided("attendance_policies", policy)
    if provided is None:
        return None
    return Candidate(key, Rule(policy, options, provided.provider.version), provided.plugin.version)


def same(one: Rule | None, other: Rule) -> bool:
    """True where both are the same policy in the same version with the same options."""
    return one is not None and _as_text(one) == _as_text(other)


def _as_text(rule: Rule) -> str:
    return json.dumps([rule.policy, rule.version, rule.options], sort_keys=True, default=dict)


@dataclass(frozen=True)
class Trial:
    """What a rule would change: by person of the group, in the order of their names."""

    candidate: Candidate
    people: Sequence[Member]
    after: Mapping[int, tuple[Standing, ...]]
    changed: Mapping[int, tuple[Change, ...]]
    works: bool
    digest: str

    @property
    def moved(self) -> list[Member]:
        """Whose standing would change."""
        ids = dry_run.whose_standing_moves(self.changed)
        return [member for member in self.people if member.enrolment_id in ids]

    @property
    def said_otherwise(self) -> list[Member]:
        """For whom only the words would change."""
        ids = dry_run.whose_standing_moves(self.changed)
        return [m for m in self.people if m.enrolment_id in self.changed and m.enrolment_id not in ids]


def try_out(here: Here, guard: Guard, candidate: Candidate, now: datetime) -> Trial:
    """Everybody's verdicts by both rules. Nothing is changed."""
    people, classes = cohorts.members_of(here.id), cohorts.classes_of(here, now)
    evidence = queries.evidence_of_cohort(here, now)
    before = queries.standings(here, guard, people, classes, evidence)
    after = queries.standings(here, guard, people, classes, evidence, candidate.rule)
    return Trial(
        candidate,
        people,
        after,
        dry_run.changes(before, after),
        dry_run.works(after),
        dry_run.digest(here.rule, candidate.rule, before, after),
    )


def apply(
    here: Here,
    guard: Guard,
    catalog: Catalog,
    key: str,
    seen: str,
    reason: str,
    address: watch.Address,
    *,
    by: int,
    now: datetime,
) -> None:
    """The rule `key` holds from now on, as it was `seen` in a dry run. The one before is kept beside it, to go back to.

    Raises ChangedMeanwhile where the dry run would say something else by now, Incomplete without a reason, Refused for
    whoever decides about themselves, in a group that has ended, or for a rule that cannot be worked out.
    """
    cohort = locked(Cohort, here.id)
    candidate = next((c for c in candidates(here, guard.host, catalog) if c.key == key), None)
    if candidate is None:
        raise ChangedMeanwhile(_l("This rule is not offered any more."))
    trial = try_out(here, guard, candidate, now)
    if trial.digest != seen:
        raise ChangedMeanwhile(_l("Something has changed since you looked. Here is what would change now."))
    if here.ended:
        raise Refused(_l("This group has ended. Its rule stays as it is."))
    if not trial.works:
        raise Refused(_l("This rule cannot be worked out, so it cannot be applied."))
    if not reason.strip():
        raise Incomplete({"reason": _l("Write why. It stays with your name in the history of this group.")})
    for member in trial.moved:
        not_oneself(by, member.person_id)
    _put(cohort, here.rule, candidate, now)
    words = guard.attendance_rule(candidate.rule, names_in(here.course)).said_in(here.cohort.language)
    _note(here, trial, f"{reason.strip()[:500]}\n{words}", by, now)
    _tell(here, trial, address, now)


def _put(cohort: Cohort, before: Rule | None, candidate: Candidate, now: datetime) -> None:
    assert before is not None
    kept = {
        "policy": before.policy,
        "options": before.options,
        "version": before.version,
        "plugin": cohort.plugin_version,
    }
    rule = {"policy": candidate.rule.policy, "options": candidate.rule.options, "before": kept}
    cohort.rule_json = json.dumps(rule, sort_keys=True, default=dict)
    cohort.policy_version, cohort.plugin_version = candidate.rule.version, candidate.plugin_version
    cohort.rule_since = now


def _note(here: Here, trial: Trial, why: str, by: int, now: datetime) -> None:
    """Into the history: the reason on its first line, then the rule in words."""
    subject, organization = f"cohort:{here.id}", here.organization.id
    audit.note(APPLIED, subject, at=now, by=by, organization=organization, why=why)
    people = [member.person_id for member in trial.moved]
    audit.note_each("progress.rule_moved", subject, people, at=now, by=by, organization=organization)


def _tell(here: Here, trial: Trial, address: watch.Address, now: datetime) -> None:
    def written(member: Member) -> tuple[str, str]:
        text = _(
            "Hello %(name)s,\n\nanother attendance rule holds in %(group)s from today on. It is in words on the page "
            "of your classes:\n%(classes)s\n\nWhere you stand now, and what is left:\n%(left)s\n\nPlease talk with "
            "your trainers if anything is unclear.",
            name=member.name.split()[0],
            group=here.cohort.name,
            classes=address("attendance.mine", cohort_id=here.id),
            left=address("progress.left", cohort_id=here.id),
        )
        return _("A note about your classes"), text

    watch.tell_moved(here, trial.moved, trial.after, written, key="rule", now=now)


def history_of(here: Here) -> list[Any]:
    """Who put a rule here, when and why, the latest first: the publishing, and each rule that was applied. One query."""
    return list(
        session.execute(
            select(AuditRow.verb, AuditRow.at, AuditRow.why, Person.name)
            .outerjoin(Person, Person.id == AuditRow.by_id)
            .where(AuditRow.subject == f"cohort:{here.id}", AuditRow.verb.in_((APPLIED, "cohorts.published")))
            .order_by(AuditRow.id.desc())
        )
    )
