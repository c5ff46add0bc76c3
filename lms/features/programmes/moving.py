"""Moving a group to another revision of its course: what it would change, person by person, and doing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.accounts.roles import not_oneself
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.actions import rule_text
from lms.features.cohorts.models import Cohort, CourseRevision, Programme, ProgrammeRevision
from lms.features.cohorts.queries import Here, Member, revision_of
from lms.features.programmes.affected import Shift, refusals, shifts
from lms.features.programmes.models import CohortMove
from lms.features.progress import dry_run, queries, watch
from lms.features.progress.pinned import ChangedMeanwhile
from lms.features.progress.rules import Standing
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.guard import Guard
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import PluginHost
from lms.plugin_api.content import Course

# The stamps of a group that say which rule holds in it.
STAMPS = ("rule_json", "policy_version", "plugin_version")
MOVED = "programmes.group_moved"


@dataclass(frozen=True)
class Target:
    """A revision that a group could move to: a published one (its number), or "back" to what it stood on before.

    `stamps` are those of the rule that would hold then.
    """

    key: str
    digest: str
    number: int | None
    note: str
    stamps: Mapping[str, str]

    @property
    def course(self) -> Course:
        return revision_of(self.digest).course


def targets(here: Here, plugins: PluginHost) -> list[Target]:
    """Where the group could move, what it stood on before first, then the latest. Two queries."""
    course_key = select(CourseRevision.course_key).where(CourseRevision.digest == here.cohort.revision_digest)
    rows = session.scalars(
        select(ProgrammeRevision)
        .join(Programme, Programme.id == ProgrammeRevision.programme_id)
        .where(
            Programme.organization_id == here.organization.id,
            Programme.course_key == course_key.scalar_subquery(),
        )
        .order_by(ProgrammeRevision.number.desc())
    ).all()
    numbers = {row.revision_digest: row.number for row in reversed(rows)}
    found: list[Target] = []
    last = session.scalar(
        select(CohortMove).where(CohortMove.cohort_id == here.id).order_by(CohortMove.id.desc()).limit(1)
    )
    if last is not None and last.to_digest == here.cohort.revision_digest:
        stamps = {name: str(last.stood_on.get(name, "")) for name in STAMPS}
        found.append(Target("back", last.from_digest, numbers.get(last.from_digest), "", stamps))
    taken = {here.cohort.revision_digest, *(target.digest for target in found)}
    for row in rows:
        if row.revision_digest not in taken:
            taken.add(row.revision_digest)
            stamps = stamps_of(revision_of(row.revision_digest).course, plugins)
            found.append(Target(str(row.number), row.revision_digest, row.number, row.note, stamps))
    return found


def stamps_of(course: Course, plugins: PluginHost) -> dict[str, str]:
    """The stamps that a new group on this course gets."""
    policy = plugins.provided("attendance_policies", course.attendance.policy) if course.attendance else None
    return {
        "rule_json": rule_text(course),
        "policy_version": policy.provider.version if policy else "",
        "plugin_version": policy.plugin.version if policy else "",
    }


@dataclass(frozen=True)
class Trial:
    """What moving would change. `refused`: sentences about why it cannot be done."""

    target: Target
    people: Sequence[Member]
    after: Mapping[int, tuple[Standing, ...]]
    changed: Mapping[int, tuple[Shift, ...]]
    refused: Sequence[str]
    digest: str

    @property
    def moved(self) -> list[Member]:
        """Whose standing would change."""
        ids = dry_run.whose_standing_moves(self.changed)
        return [member for member in self.people if member.enrolment_id in ids]

    @property
    def said_otherwise(self) -> list[Member]:
        """For whom only the words would change."""
        moved = {member.enrolment_id for member in self.moved}
        return [m for m in self.people if m.enrolment_id in self.changed and m.enrolment_id not in moved]


def try_out(here: Here, guard: Guard, target: Target, now: datetime) -> Trial:
    """Everybody's verdicts on both revisions. Nothing is changed."""
    later = _as_if(here, target)
    people, evidence = cohorts.members_of(here.id), queries.evidence_of_cohort(here, now)
    before = queries.standings(here, guard, people, cohorts.classes_of(here, now), evidence)
    after = queries.standings(later, guard, people, cohorts.classes_of(later, now), evidence)
    return Trial(
        target,
        people,
        after,
        shifts(before, after),
        refusals(here.course, later.course),
        _digest(here, target, before, after),
    )


def _as_if(here: Here, target: Target) -> Here:
    """The group as if it stood on the target. Its row is a copy that no session knows."""
    columns = {column.key: getattr(here.cohort, column.key) for column in Cohort.__table__.columns}
    copy = Cohort(**{**columns, **target.stamps, "revision_digest": target.digest})
    return replace(here, cohort=copy, revision=revision_of(target.digest))


def _digest(here: Here, target: Target, before: dry_run.Standings, after: dry_run.Standings) -> str:
    """Names what somebody saw: both revisions with their rules, and every verdict on either."""
    said: list[Any] = [here.cohort.revision_digest, here.cohort.rule_json, target.digest, dict(target.stamps)]
    for standings in (before, after):
        said += [
            [id, standing.outcome.id, requirement.id, verdict.status, verdict.reason.en]
            for id in sorted(standings)
            for standing in standings[id]
            for requirement, verdict in standing.judged
        ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def move(
    here: Here, guard: Guard, key: str, seen: str, reason: str, address: watch.Address, *, by: int, now: datetime
) -> None:
    """The group stands on the target `key` from now on, as it was `seen`. What it stood on is kept, to go back to.

    Raises ChangedMeanwhile where it would change something else by now, Incomplete without a reason, Refused for whoever
    decides about themselves, in a group that has ended, or where the group cannot stand on it.
    """
    cohort = locked(Cohort, here.id)
    target = next((t for t in targets(here, guard.host) if t.key == key), None)
    if target is None:
        raise ChangedMeanwhile(_l("This version is not offered any more."))
    trial = try_out(here, guard, target, now)
    if trial.digest != seen:
        raise ChangedMeanwhile(_l("Something has changed since you looked. Here is what would change now."))
    if here.ended:
        raise Refused(_l("This group has ended. Its version stays as it is."))
    if trial.refused:
        raise Refused(trial.refused[0])
    if not reason.strip():
        raise Incomplete({"reason": _l("Write why. It stays with your name in the history of this group.")})
    for member in trial.moved:
        not_oneself(by, member.person_id)
    _put(cohort, target, reason.strip()[:500], by, now)
    subject, organization = f"cohort:{here.id}", here.organization.id
    audit.note(MOVED, subject, at=now, by=by, organization=organization, why=reason.strip()[:500])
    people = [member.person_id for member in trial.moved]
    audit.note_each("programmes.standing_moved", subject, people, at=now, by=by, organization=organization)
    _tell(here, trial, address, now)


def _put(cohort: Cohort, target: Target, reason: str, by: int, now: datetime) -> None:
    session.add(
        CohortMove(
            cohort_id=cohort.id,
            from_digest=cohort.revision_digest,
            to_digest=target.digest,
            stood_on={name: getattr(cohort, name) for name in STAMPS},
            reason=reason,
            moved_at=now,
            moved_by=by,
        )
    )
    if any(getattr(cohort, name) != value for name, value in target.stamps.items()):
        cohort.rule_since = now
    cohort.revision_digest = target.digest
    for name, value in target.stamps.items():
        setattr(cohort, name, value)


def _tell(here: Here, trial: Trial, address: watch.Address, now: datetime) -> None:
    def written(member: Member) -> tuple[str, str]:
        text = _(
            "Hello %(name)s,\n\n%(group)s follows a newer version of its course from today on. What you did stays "
            "yours.\n\nWhere you stand now, and what is left:\n%(left)s\n\nPlease talk with your trainers if "
            "anything is unclear.",
            name=member.name.split()[0],
            group=here.cohort.name,
            left=address("progress.left", cohort_id=here.id),
        )
        return _("A note about your course"), text

    watch.tell_moved(here, trial.moved, trial.after, written, key="revision", now=now)


def history_of(here: Here) -> list[Any]:
    """Each move of this group with who did it, the latest first. One query."""
    return list(
        session.execute(
            select(CohortMove.moved_at, CohortMove.reason, Person.name)
            .outerjoin(Person, Person.id == CohortMove.moved_by)
            .where(CohortMove.cohort_id == here.id)
            .order_by(CohortMove.id.desc())
        )
    )
