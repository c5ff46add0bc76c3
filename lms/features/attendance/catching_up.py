"""Which ways to catch up a class there are, and the make-ups of a group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.attendance import queries, story
from lms.features.attendance.makeups import AGREED, IN_A_CLASS
from lms.features.attendance.models import MakeUp
from lms.features.cohorts.models import Cohort, CourseRevision, Enrolment, Meeting
from lms.features.cohorts.queries import ClassHere, Here, revision_of
from lms.host.db import session
from lms.host.errors import NotFound
from lms.host.guard import Guard
from lms.plugin_api import values
from lms.plugin_api.attendance import words
from lms.plugin_api.values import Ledger


@dataclass(frozen=True)
class OtherClass:
    """A class of another group that one can join as a guest."""

    id: int
    number: int
    starts_at: datetime
    place: str
    group: str
    zone: str


@dataclass(frozen=True)
class Ways:
    """The ways to catch up a class, and the classes of other groups for the way that is one of them."""

    options: tuple[values.MakeUp, ...]
    others: tuple[OtherClass, ...] = ()

    def named(self, name: str) -> values.MakeUp | None:
        return next((option for option in self.options if option.name == name), None)


def ways_for(here: Here, line: story.Line, ledger: Ledger, guard: Guard, now: datetime) -> Ways:
    """What the rule offers for this class, as far as it can be had: no recording where the group did not agree to one.

    Other groups are asked for only where the rule offers their classes.
    """
    options = _options(here, line.meeting.number, story.as_if_missed(ledger, line.meeting.number), guard)
    if not any(option.way == "class" for option in options):
        return Ways(options)
    return Ways(options, tuple(_classes_elsewhere(here, line.meeting, now)))


def _options(here: Here, number: int, ledger: Ledger, guard: Guard) -> tuple[values.MakeUp, ...]:
    if here.rule is None:
        return ()
    fact = next(m for m in ledger.meetings if m.number == number)
    offered = guard.make_ups(here.rule, ledger, fact)
    return tuple(
        _with_its_limit(option, fact.recoverable)
        for option in offered
        if option.way != "recording" or here.cohort.recorded
    )


def _with_its_limit(option: values.MakeUp, recoverable: values.Recoverable) -> values.MakeUp:
    """A way that says what it leaves out, where a class can be caught up only in part. With another group one takes the
    whole class."""
    limit = words.READING_NOT_PRACTICE
    if recoverable == "fully" or option.way == IN_A_CLASS or limit.en in option.covers.en:
        return option
    return replace(option, covers=words.together((option.covers, limit)))


def with_a_way(here: Here, found: story.Story, guard: Guard) -> set[int]:
    """The numbers of the classes that somebody missed and that the rule lets them catch up in some way. No query."""
    missed = [line.meeting.number for line in found.lines if line.missed and not line.make_up]
    return {n for n in missed if _options(here, n, story.as_if_missed(found.ledger, n), guard)}


def can_be_made_up(here: Here, meeting: ClassHere, guard: Guard) -> bool:
    """True where the rule has a way for somebody who missed nothing but this class. No query."""
    alone = story.as_if_missed(queries.without_marks(here.course, [meeting]), meeting.number)
    return bool(_options(here, meeting.number, alone, guard))


_ELSEWHERE = (
    select(
        Meeting.id, Meeting.number, Meeting.starts_at, Meeting.place, Cohort.name, Cohort.time_zone, Cohort.revision_digest
    )
    .join(Cohort, Cohort.id == Meeting.cohort_id)
    .join(CourseRevision, CourseRevision.digest == Cohort.revision_digest)
    .where(
        Cohort.id != bindparam("cohort"),
        Cohort.organization_id == bindparam("organization"),
        Cohort.closed_at.is_(None),
        CourseRevision.course_key == select(CourseRevision.course_key).where(
            CourseRevision.digest == bindparam("digest")
        ).scalar_subquery(),
        Meeting.state == values.MeetingState.PLANNED,
        Meeting.starts_at > bindparam("now"),
    )
    .order_by(Meeting.starts_at, Meeting.id)
)  # fmt: skip


def _classes_elsewhere(here: Here, meeting: ClassHere, now: datetime) -> list[OtherClass]:
    """Classes to come of running groups with the same course that carry all modules of this class."""
    wanted = set(meeting.plan.modules)
    asked = {
        "cohort": here.id, "organization": here.organization.id, "digest": here.cohort.revision_digest, "now": now,
    }  # fmt: skip
    found = []
    for row in session.execute(_ELSEWHERE, asked):
        plans = revision_of(row.revision_digest).course.classes
        modules = next((set(plan.modules) for plan in plans if plan.number == row.number), set())
        if wanted <= modules:
            zone = row.time_zone or here.organization.time_zone
            found.append(OtherClass(row.id, row.number, row.starts_at, row.place, row.name, zone))
    return found


_Other, _OtherCohort = aliased(Meeting), aliased(Cohort)
_MAKE_UPS = (
    select(
        MakeUp,
        Meeting.cohort_id,
        Meeting.number,
        Meeting.starts_at,
        Cohort.name.label("group"),
        Person.id.label("person_id"),
        Person.name,
        _Other.cohort_id.label("other_cohort_id"),
        _Other.number.label("other_number"),
        _Other.starts_at.label("other_starts_at"),
        _Other.minutes.label("other_minutes"),
        _Other.place.label("other_place"),
        _Other.state.label("other_state"),
        _OtherCohort.name.label("other_group"),
    )
    .join(Meeting, Meeting.id == MakeUp.meeting_id)
    .join(Cohort, Cohort.id == Meeting.cohort_id)
    .join(Enrolment, Enrolment.id == MakeUp.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
    .outerjoin(_Other, _Other.id == MakeUp.other_meeting_id)
    .outerjoin(_OtherCohort, _OtherCohort.id == _Other.cohort_id)
    .where(or_(Meeting.cohort_id == bindparam("cohort"), _Other.cohort_id == bindparam("cohort")))
    .order_by(MakeUp.id)
)


def make_ups_of_group(here: Here) -> list[Any]:
    """Every make-up of this group, and those of guests who come to its classes, oldest first. One query."""
    return list(session.execute(_MAKE_UPS, {"cohort": here.id}))


def make_up_of_group(here: Here, make_up_id: int) -> Any:
    """One of them. Raises NotFound for another group's."""
    row = session.execute(_MAKE_UPS.where(MakeUp.id == make_up_id), {"cohort": here.id}).first()
    if row is None:
        raise NotFound
    return row


def guests_at(meeting_id: int) -> list[Any]:
    """Person, address, language, own group and number of the missed class of each guest who is expected at a class."""
    return list(
        session.execute(
            select(Person.id, Person.email, Person.language, Meeting.cohort_id, Meeting.number)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .join(MakeUp, MakeUp.enrolment_id == Enrolment.id)
            .join(Meeting, Meeting.id == MakeUp.meeting_id)
            .where(
                MakeUp.other_meeting_id == meeting_id,
                MakeUp.state == AGREED,
                MakeUp.closed_at.is_(None),
                Enrolment.left_at.is_(None),
                Person.disabled_at.is_(None),
            )
            .order_by(MakeUp.id)
        )
    )


def trainers_elsewhere(organization_id: int, cohort_id: int) -> list[int]:
    """The people who train another group, to whom a guest is announced."""
    return list(
        session.scalars(
            select(RoleGrant.person_id).where(
                RoleGrant.organization_id == organization_id,
                or_(RoleGrant.cohort_id == cohort_id, RoleGrant.cohort_id.is_(None)),
                RoleGrant.role == Role.TRAINER,
                RoleGrant.ended_at.is_(None),
            )
        )
    )
