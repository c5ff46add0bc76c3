"""Publishing a cohort, people joining and leaving."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts import revisions
from lms.features.cohorts.classes import WHOLE_LINK
from lms.features.cohorts.invitations import BY_A_COLLEAGUE, withdraw_all
from lms.features.cohorts.models import Cohort, Enrolment, Invitation, Meeting
from lms.features.cohorts.rules import is_link
from lms.features.organizations.models import Organization
from lms.host import audit
from lms.host.catalog import Offered, freeze
from lms.host.db import FOR_CHANGE, locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import PluginHost
from lms.plugin_api.content import Course


@dataclass(frozen=True)
class NewCohort:
    """What a coordinator decides about a cohort.

    `where` is the place and the link of each class; left out, `place` and `link` hold for all. `trainers` are people who
    get the role of trainer in it. `places` is how many can join; None: as many as come. The rest is as on `Cohort`.
    """

    name: str
    language: str
    starts: Sequence[datetime]
    place: str = ""
    link: str = ""
    where: Sequence[tuple[str, str]] = ()
    time_zone: str = ""
    province: str = ""
    trainers: Sequence[int] = ()
    places: int | None = None
    recorded: bool = False
    check_in_opens: int | None = None
    lock_days: int = 7
    tell_after: int | None = 2


def publish_cohort(
    organization: Organization, offered: Offered, plan: NewCohort, plugins: PluginHost, *, by: int, now: datetime
) -> Cohort:
    """A cohort on the course as it is offered, pinned under its digest, with the rule of attendance that it has.

    Raises Incomplete or Refused.
    """
    course = offered.course
    if course is None:
        raise Refused(_l("This course has faults and cannot be delivered yet. 'lms check' names them."))
    _check(plan, course)
    policy = plugins.provided("attendance_policies", course.attendance.policy) if course.attendance else None
    cohort = Cohort(
        organization_id=organization.id,
        revision_digest=_kept(offered, now),
        name=plan.name.strip()[:120],
        language=plan.language,
        policy_version=policy.provider.version if policy else "",
        plugin_version=policy.plugin.version if policy else "",
        rule_json=rule_text(course),
        rule_since=now if course.attendance else None,
        time_zone=plan.time_zone or organization.time_zone,
        province=plan.province,
        places=plan.places,
        recorded=plan.recorded,
        check_in_opens=plan.check_in_opens,
        lock_days=plan.lock_days,
        tell_after=plan.tell_after,
        published_at=now,
    )
    session.add(cohort)
    session.flush()
    cohort.tell_after = plan.tell_after  # None on the way in would have become the column's default
    where = plan.where or [(plan.place, plan.link)] * len(course.classes)
    for plan_of_class, starts, (place, link) in zip(course.classes, plan.starts, where, strict=True):
        session.add(
            Meeting(
                cohort_id=cohort.id,
                number=plan_of_class.number,
                starts_at=starts,
                minutes=plan_of_class.minutes,
                place=place[:200],
                link=link[:500],
            )
        )
    _note("cohorts.published", f"cohort:{cohort.id}", cohort, by, now)
    for trainer in plan.trainers:
        accounts.grant_role(trainer, Role.TRAINER, organization=organization.id, cohort=cohort.id, by=by, now=now)
    return cohort


def _check(plan: NewCohort, course: Course) -> None:
    if not plan.name.strip():
        raise Incomplete({"name": _l("Give the group a name, like Spring evening group.")})
    if len(plan.starts) != len(course.classes):
        raise Incomplete({"first": _l("There must be a date for each of the %(n)s classes.", n=len(course.classes))})
    if any(link and not is_link(link) for link in (plan.link, *(link for _place, link in plan.where))):
        raise Incomplete({"link": WHOLE_LINK})


def _kept(offered: Offered, now: datetime) -> str:
    """The digest under which the course is stored: that of its published revision, else of the course as it is now."""
    if isinstance(offered, revisions.Published):
        return offered.digest
    return revisions.keep(offered.key, freeze(offered.loaded), now)


def rule_text(course: Course) -> str:
    """The attendance rule of a course as a cohort keeps it; empty where the course asks for no attendance."""
    choice = course.attendance
    return json.dumps({"policy": choice.policy, "options": dict(choice.options)}, sort_keys=True) if choice else ""


def _note(
    verb: str, subject: str, cohort: Cohort, by: int | None, now: datetime, about: int | None = None, why: str = ""
) -> None:
    audit.note(verb, subject, at=now, by=by, organization=cohort.organization_id, about=about, why=why)


class Full(Refused):
    """As many people take part as the group has places for."""


def people_in(cohort_id: int) -> int:
    """How many take part now."""
    count = select(func.count(Enrolment.id)).where(Enrolment.cohort_id == cohort_id, Enrolment.left_at.is_(None))
    return session.scalar(count) or 0


def _room_in(cohort: Cohort) -> None:
    """Raises Full where every place of a group, which is held, is taken. Of two people at the last place, one gets it."""
    if cohort.places is not None and people_in(cohort.id) >= cohort.places:
        raise Full(_l("This group is full at the moment. Ask the people who run it: they can make room."))


def set_places(cohort: Cohort, places: int | None, *, by: int, now: datetime) -> None:
    """How many people can take part from now on; None: as many as come. Raises Incomplete below those who do already."""
    cohort = locked(Cohort, cohort.id)
    inside = people_in(cohort.id)
    if places is not None and places < max(inside, 1):
        raise Incomplete({"places": _l("%(number)s people take part already.", number=inside)})
    if cohort.places != places:
        cohort.places = places
        _note("cohorts.places_set", f"cohort:{cohort.id}", cohort, by, now, why=str(places or ""))


def enrol(cohort: Cohort, person: Person, *, by: int | None, now: datetime) -> Enrolment:
    """Take somebody into a cohort; somebody who left comes back with everything. Whoever is in it already stays so.

    Raises Full where no place is free. The group is held first, then the place in it, as wherever both are.
    """
    cohort = locked(Cohort, cohort.id)
    enrolment = session.scalar(
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id)
        .with_for_update(**FOR_CHANGE)
    )
    if enrolment is not None and enrolment.left_at is None:
        return enrolment
    _room_in(cohort)
    if enrolment is None:
        enrolment = Enrolment(cohort_id=cohort.id, person_id=person.id, joined_at=now)
        session.add(enrolment)
    enrolment.left_at = None
    accounts.grant_role(person.id, Role.TRAINEE, organization=cohort.organization_id, cohort=cohort.id, by=by, now=now)
    session.flush()
    _note("cohorts.enrolled", f"enrolment:{enrolment.id}", cohort, by, now, about=person.id)
    return enrolment


def leave(cohort: Cohort, enrolment_id: int, why: str = "", *, by: int, now: datetime) -> None:
    """Leave a cohort. What was done stays; the place in the cohort ends. `why` stands in the audit and nowhere else."""
    enrolment = locked(Enrolment, enrolment_id)
    if enrolment.left_at is not None:
        return
    enrolment.left_at = now
    session.execute(
        update(RoleGrant)
        .where(
            RoleGrant.person_id == enrolment.person_id,
            RoleGrant.cohort_id == cohort.id,
            RoleGrant.role == Role.TRAINEE,
            RoleGrant.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    withdraw_all(enrolment.person_id, Invitation.cohort_id == cohort.id, by=by, now=now)
    why = why.strip()[:300]
    _note("cohorts.left", f"enrolment:{enrolment.id}", cohort, by, now, about=enrolment.person_id, why=why)


def finish(cohort: Cohort, *, by: int, now: datetime) -> None:
    """The group has ended. From then on counts how long the course keeps words. What has ended stays so."""
    cohort = locked(Cohort, cohort.id)
    if cohort.closed_at is None:
        cohort.closed_at = now
        _note("cohorts.finished", f"cohort:{cohort.id}", cohort, by, now)


def go_on(cohort: Cohort, *, by: int, now: datetime) -> None:
    """The group has not ended after all."""
    cohort = locked(Cohort, cohort.id)
    if cohort.closed_at is not None:
        cohort.closed_at = None
        _note("cohorts.went_on", f"cohort:{cohort.id}", cohort, by, now)


def end_role(grant: RoleGrant, *, by: int, now: datetime) -> None:
    """End a role in an organization, and with it every open invitation of this person there."""
    session.refresh(grant, with_for_update=FOR_CHANGE)
    if grant.ended_at is None:
        accounts.end_role(grant, by=by, now=now)
        withdraw_all(grant.person_id, Invitation.organization_id == grant.organization_id, by=by, now=now)


def accept_invitation(invitation: Invitation, person: Person, *, now: datetime) -> None:
    """The person takes the role that they were invited to; nobody becomes a trainer by an invitation of their own."""
    role = Role(invitation.role)
    if role is Role.TRAINER and invitation.invited_by == person.id:
        raise Refused(BY_A_COLLEAGUE)
    cohort = session.get(Cohort, invitation.cohort_id) if invitation.cohort_id else None
    if role is Role.TRAINEE and cohort:
        enrol(cohort, person, by=invitation.invited_by, now=now)
    else:
        accounts.grant_role(
            person.id,
            role,
            organization=invitation.organization_id,
            cohort=invitation.cohort_id,
            by=invitation.invited_by,
            now=now,
        )
