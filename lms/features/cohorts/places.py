"""A place in a group: taking a break from it, coming back, giving it up, moving it to another group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.features.accounts.models import Person
from lms.features.cohorts import actions, breaks
from lms.features.cohorts.models import Cohort, CourseRevision, Enrolment
from lms.features.cohorts.queries import Here, Member
from lms.features.cohorts.rules import pauses_read
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Pause

# -- breaks -------------------------------------------------------------------------------------------------


def take_break(cohort: Cohort, enrolment_id: int, pause: Pause, *, by: int, now: datetime) -> bool:
    """A time away, joined with those that it overlaps. Nobody is asked why, and nothing of it is kept. False where it is
    so already."""
    enrolment = _standing(enrolment_id)
    before = breaks.joined(pauses_read(enrolment.pauses))
    after = breaks.joined((*before, pause))
    if after != before:
        _keep(cohort, enrolment, after, "cohorts.break_taken", by, now)
    return after != before


def end_break(cohort: Cohort, enrolment_id: int, *, by: int, now: datetime) -> bool:
    """Back again. Without a break now or ahead nothing changes (False)."""
    enrolment = _standing(enrolment_id)
    before = pauses_read(enrolment.pauses)
    if not breaks.current(before, now):
        return False
    _keep(cohort, enrolment, breaks.ended(before, now), "cohorts.break_ended", by, now)
    return True


def _standing(enrolment_id: int) -> Enrolment:
    enrolment = locked(Enrolment, enrolment_id)
    if enrolment.left_at is not None:
        raise Refused(_l("This place has been given up."))
    return enrolment


def _keep(cohort: Cohort, enrolment: Enrolment, pauses: Sequence[Pause], verb: str, by: int, now: datetime) -> None:
    enrolment.pauses = breaks.kept(pauses)
    audit.note(
        verb,
        f"enrolment:{enrolment.id}",
        at=now,
        by=by,
        organization=cohort.organization_id,
        about=enrolment.person_id,
    )


# -- another group ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OtherGroup:
    """A running group on the same course; `free` is how many can still join, None where nobody counts."""

    id: int
    name: str
    free: int | None

    @property
    def full(self) -> bool:
        return self.free is not None and self.free <= 0


def groups_beside(here: Here) -> list[OtherGroup]:
    """The running groups of the organization on the same course as `here`, newest first. One query."""
    course = select(CourseRevision.course_key).where(CourseRevision.digest == here.cohort.revision_digest)
    people = select(func.count(Enrolment.id)).where(Enrolment.cohort_id == Cohort.id, Enrolment.left_at.is_(None))
    rows = session.execute(
        select(Cohort.id, Cohort.name, Cohort.places, people.scalar_subquery())
        .join(CourseRevision, CourseRevision.digest == Cohort.revision_digest)
        .where(
            Cohort.organization_id == here.organization.id,
            Cohort.id != here.id,
            Cohort.closed_at.is_(None),
            CourseRevision.course_key == course.scalar_subquery(),
        )
        .order_by(Cohort.published_at.desc(), Cohort.id.desc())
    )
    return [OtherGroup(id, name, places - taken if places is not None else None) for id, name, places, taken in rows]


def move_place(here: Here, member: Member, to: Cohort, *, by: int, now: datetime) -> Enrolment:
    """The place in `to` instead of `here`, since the same day and with the same breaks. Raises Refused for a full group.

    What hangs on the place (marks, homework) is moved by the rooms that own it, in the same transaction.
    """
    to = locked(Cohort, to.id)
    old = _standing(member.enrolment_id)
    beside = {group.id: group for group in groups_beside(here)}
    if to.id not in beside:
        raise Refused(_l("Choose a group on the same course that is still running."))
    stands = session.scalar(
        select(Enrolment.id).where(
            Enrolment.cohort_id == to.id, Enrolment.person_id == old.person_id, Enrolment.left_at.is_(None)
        )
    )
    if stands is not None:
        raise Refused(_l("This person is in that group already."))
    if beside[to.id].full:
        raise Refused(_l("This group is full. Choose another one, or give it more places first."))
    new = actions.enrol(to, session.get_one(Person, old.person_id), by=by, now=now)
    new.joined_at, new.pauses, new.moved_from_id = old.joined_at, list(old.pauses or ()), old.id
    actions.leave(here.cohort, old.id, by=by, now=now)
    audit.note(
        "cohorts.moved",
        f"enrolment:{old.id}:{new.id}",
        at=now,
        by=by,
        organization=to.organization_id,
        about=old.person_id,
    )
    session.flush()
    return new


def came_from(enrolment_id: int) -> str:
    """The name of the group that a place was moved from; empty for all others."""
    first = select(Enrolment.moved_from_id).where(Enrolment.id == enrolment_id).scalar_subquery()
    return (
        session.scalar(
            select(Cohort.name).join(Enrolment, Enrolment.cohort_id == Cohort.id).where(Enrolment.id == first)
        )
        or ""
    )
