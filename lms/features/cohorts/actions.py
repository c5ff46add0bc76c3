"""Publishing a cohort, planning its classes, people joining and leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts.invitations import BY_A_COLLEAGUE, withdraw_all
from lms.features.cohorts.models import Cohort, CourseRevision, Enrolment, Invitation, Meeting
from lms.features.cohorts.rules import is_link
from lms.features.organizations.models import Organization
from lms.host import audit, storage
from lms.host.catalog import Offered, freeze
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import PluginHost
from lms.plugin_api.values import MeetingState

WHOLE_LINK = _l("Enter the whole link, like https://meet.example.org/class.")


@dataclass(frozen=True)
class NewCohort:
    """What a coordinator decides about a cohort."""

    name: str
    language: str
    starts: Sequence[datetime]
    place: str = ""
    link: str = ""


def publish_cohort(
    organization: Organization, offered: Offered, plan: NewCohort, plugins: PluginHost, *, by: int, now: datetime
) -> Cohort:
    """A cohort on the course as it is now, pinned under its digest. Raises Incomplete or Refused."""
    course = offered.course
    if course is None:
        raise Refused(_l("This course has faults and cannot be delivered yet. 'lms check' names them."))
    if not plan.name.strip():
        raise Incomplete({"name": _l("Give the group a name, like Spring evening group.")})
    if len(plan.starts) != len(course.classes):
        raise Incomplete({"first": _l("There must be a date for each of the %(n)s classes.", n=len(course.classes))})
    if plan.link and not is_link(plan.link):
        raise Incomplete({"link": WHOLE_LINK})
    frozen = freeze(offered.loaded)
    if session.get(CourseRevision, frozen.digest) is None:
        for picture in frozen.pictures.values():
            storage.keep_file(picture.content, picture.media_type)
        session.add(
            CourseRevision(
                digest=frozen.digest,
                course_key=offered.key,
                course_json=frozen.course_json,
                pages_json=frozen.pages_json,
                kept_at=now,
            )
        )
        session.flush()
    policy = plugins.provided("attendance_policies", course.attendance.policy) if course.attendance else None
    cohort = Cohort(
        organization_id=organization.id,
        revision_digest=frozen.digest,
        name=plan.name.strip()[:120],
        language=plan.language,
        policy_version=policy.provider.version if policy else "",
        plugin_version=policy.plugin.version if policy else "",
        published_at=now,
    )
    session.add(cohort)
    session.flush()
    for plan_of_class, starts in zip(course.classes, plan.starts, strict=True):
        session.add(
            Meeting(
                cohort_id=cohort.id,
                number=plan_of_class.number,
                starts_at=starts,
                minutes=plan_of_class.minutes,
                place=plan.place[:200],
                link=plan.link[:500],
            )
        )
    _note("cohorts.published", f"cohort:{cohort.id}", cohort, by, now)
    return cohort


def _note(
    verb: str, subject: str, cohort: Cohort, by: int | None, now: datetime, about: int | None = None, why: str = ""
) -> None:
    audit.note(verb, subject, at=now, by=by, organization=cohort.organization_id, about=about, why=why)


def move_meeting(cohort: Cohort, meeting_id: int, starts: datetime, *, by: int, now: datetime) -> bool:
    """Another time for one class. False where it is at this time already: nobody needs to hear of it."""
    meeting = locked(Meeting, meeting_id)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_l("This class was cancelled."))
    if meeting.starts_at == starts:
        return False
    meeting.starts_at = starts
    _note("cohorts.class_moved", f"meeting:{meeting.id}", cohort, by, now)
    return True


def cancel_meeting(cohort: Cohort, meeting_id: int, why: str, *, by: int, now: datetime) -> bool:
    """The class does not take place. It never counts against anyone. False where it was cancelled before."""
    meeting = locked(Meeting, meeting_id)
    if meeting.state == MeetingState.CANCELLED:
        return False
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_why = why.strip()[:300]
    _note("cohorts.class_cancelled", f"meeting:{meeting.id}", cohort, by, now, why=meeting.cancelled_why)
    return True


def enrol(cohort: Cohort, person: Person, *, by: int | None, now: datetime) -> Enrolment:
    """Take somebody into a cohort; somebody who left comes back with everything. Whoever is in it already stays so."""
    enrolment = session.scalar(
        select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id).with_for_update()
    )
    if enrolment is None:
        enrolment = Enrolment(cohort_id=cohort.id, person_id=person.id, joined_at=now)
        session.add(enrolment)
    elif enrolment.left_at is None:
        return enrolment
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
    session.refresh(grant, with_for_update=True)
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
