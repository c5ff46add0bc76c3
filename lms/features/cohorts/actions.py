"""Publishing a cohort, planning its classes, people joining and leaving."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select, update

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts.models import Cohort, CourseRevision, Enrolment, Invitation, Meeting
from lms.features.organizations.models import Organization
from lms.host import audit, storage
from lms.host.catalog import Offered, freeze
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import PluginHost
from lms.plugin_api.values import MeetingState

INVITATION_LIFE = timedelta(days=14)
MOST_ADDRESSES = 200


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
    """Take somebody into a cohort; somebody who left comes back with everything."""
    enrolment = session.scalar(
        select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.person_id == person.id).with_for_update()
    )
    if enrolment is None:
        enrolment = Enrolment(cohort_id=cohort.id, person_id=person.id, joined_at=now)
        session.add(enrolment)
    enrolment.left_at = None
    accounts.grant_role(person.id, Role.TRAINEE, organization=cohort.organization_id, cohort=cohort.id, by=by, now=now)
    session.flush()
    _note("cohorts.enrolled", f"enrolment:{enrolment.id}", cohort, by, now, about=person.id)
    return enrolment


def leave(cohort: Cohort, enrolment: Enrolment, why: str = "", *, by: int, now: datetime) -> None:
    """Leave a cohort. What was done stays; the place in the cohort ends. `why` stands in the audit and nowhere else."""
    session.refresh(enrolment, with_for_update=True)
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
    _withdraw_all(enrolment.person_id, Invitation.cohort_id == cohort.id, by=by, now=now)
    why = why.strip()[:300]
    _note("cohorts.left", f"enrolment:{enrolment.id}", cohort, by, now, about=enrolment.person_id, why=why)


# -- invitations --------------------------------------------------------------------------------------------

COHORT_ROLES = (Role.TRAINEE, Role.TRAINER)
ORGANIZATION_ROLES = (Role.TRAINER, Role.COORDINATOR, Role.ORGANIZATION_ADMIN)


def read_addresses(text: str) -> list[str]:
    """E-mail addresses from a pasted list. Raises Incomplete naming the ones that cannot be right."""
    found, wrong = [], []
    for piece in text.replace(",", " ").replace(";", " ").split():
        try:
            found.append(accounts.check_email(piece))
        except Incomplete:
            wrong.append(piece)
    if wrong:
        raise Incomplete({"emails": _l("Please look at these addresses again: %(wrong)s", wrong=", ".join(wrong))})
    if not found:
        raise Incomplete({"emails": _l("Enter at least one e-mail address.")})
    if len(once := list(dict.fromkeys(found))) > MOST_ADDRESSES:
        sentence = _l("These are more than %(most)s addresses. Please send them in several goes.", most=MOST_ADDRESSES)
        raise Incomplete({"emails": sentence})
    return once


def invite(
    organization: Organization, cohort: Cohort | None, emails: Iterable[str], role: Role, *, by: int, now: datetime
) -> list[tuple[Invitation, str]]:
    """Invitations with their tokens. Only roles that belong in a cohort (or, without one, in an organization)."""
    if role not in (COHORT_ROLES if cohort else ORGANIZATION_ROLES):
        raise Refused(_l("This role cannot be given here."))
    made = []
    for email in emails:
        token = secrets.token_urlsafe(32)
        invitation = Invitation(
            token_digest=accounts.digest(token),
            email=email,
            role=role,
            organization_id=organization.id,
            cohort_id=cohort.id if cohort else None,
            invited_by=by,
            invited_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        session.add(invitation)
        made.append((invitation, token))
    session.flush()
    for invitation, _token in made:
        audit.note(
            f"invitations.sent.{role}", f"invitation:{invitation.id}", at=now, by=by, organization=organization.id
        )
    return made


def invitation_of(token: str, *, now: datetime) -> Invitation | None:
    """The invitation behind a link, while it works."""
    return session.scalar(
        select(Invitation).where(
            Invitation.token_digest == accounts.digest(token),
            _is_open(),
            Invitation.expires_at > now,
        )
    )


def _is_open() -> Any:
    return and_(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def take_invitation(invitation: Invitation, *, now: datetime) -> None:
    """Use the invitation up; of several at the same moment one does. Raises Refused for the others."""
    taken: Any = session.execute(
        update(Invitation).where(Invitation.id == invitation.id, _is_open()).values(accepted_at=now)
    )
    if taken.rowcount != 1:
        raise Refused(_l("This invitation no longer works. If you said yes already, sign in."))


def withdraw_invitation(invitation: Invitation, *, by: int, now: datetime) -> None:
    """The link works no longer. Raises Refused once somebody said yes."""
    withdrawn: Any = session.execute(
        update(Invitation).where(Invitation.id == invitation.id, _is_open()).values(withdrawn_at=now)
    )
    if withdrawn.rowcount == 1:
        _note_withdrawn(invitation.id, invitation.organization_id, by, now)
    elif invitation.accepted_at is not None:
        raise Refused(_l("Somebody has said yes to this invitation already."))


def _withdraw_all(person_id: int, where: Any, *, by: int, now: datetime) -> None:
    """An invitation that was kept must not bring back what has ended."""
    email = select(Person.email).where(Person.id == person_id).scalar_subquery()
    withdrawn = session.execute(
        update(Invitation)
        .where(Invitation.email == email, where, _is_open())
        .values(withdrawn_at=now)
        .returning(Invitation.id, Invitation.organization_id)
        .execution_options(synchronize_session=False)
    ).all()
    for id, organization in withdrawn:
        _note_withdrawn(id, organization, by, now)


def _note_withdrawn(id: int, organization: int, by: int, now: datetime) -> None:
    audit.note("invitations.withdrawn", f"invitation:{id}", at=now, by=by, organization=organization)


def end_role(grant: RoleGrant, *, by: int, now: datetime) -> None:
    """End a role in an organization, and with it every open invitation of this person there."""
    session.refresh(grant, with_for_update=True)
    if grant.ended_at is None:
        accounts.end_role(grant, by=by, now=now)
        _withdraw_all(grant.person_id, Invitation.organization_id == grant.organization_id, by=by, now=now)


def accept_invitation(invitation: Invitation, person: Person, *, now: datetime) -> None:
    """The person takes the role that they were invited to."""
    role = Role(invitation.role)
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
