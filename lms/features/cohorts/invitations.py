"""Links by e-mail with which somebody takes a role: sent, withdrawn, used once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, select, update

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.cohorts.models import Cohort, Invitation
from lms.features.cohorts.queries import Here
from lms.features.organizations.models import Organization
from lms.host import audit
from lms.host.db import session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l

INVITATION_LIFE = timedelta(days=14)
MOST_ADDRESSES = 200
COHORT_ROLES = (Role.TRAINEE, Role.TRAINER)
ORGANIZATION_ROLES = (Role.TRAINER, Role.COORDINATOR, Role.ORGANIZATION_ADMIN)
BY_A_COLLEAGUE = _l("Ask a colleague to invite you: whoever reads texts is named by somebody else.")


def roles_given_by(here: Here) -> tuple[Role, ...]:
    """Leaders invite trainees, coordinators trainers too."""
    return COHORT_ROLES if here.coordinates else (Role.TRAINEE,)


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
    """Invitations with their tokens. Only roles that belong in a cohort (or, without one, in an organization).

    Raises Incomplete for one's own address among trainers: nobody gives themselves the right to read.
    """
    if role not in (COHORT_ROLES if cohort else ORGANIZATION_ROLES):
        raise Refused(_l("This role cannot be given here."))
    emails = list(emails)
    if role is Role.TRAINER and session.get_one(Person, by).email in emails:
        raise Incomplete({"emails": BY_A_COLLEAGUE})
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
            Invitation.token_digest == accounts.digest(token), _is_open(), Invitation.expires_at > now
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
        return
    session.refresh(invitation)
    if invitation.accepted_at is not None:
        raise Refused(_l("Somebody has said yes to this invitation already."))


def withdraw_all(person_id: int, where: Any, *, by: int, now: datetime) -> None:
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


# -- those that still work ----------------------------------------------------------------------------------


def _open_ones(organization_id: int, now: datetime, *which: Any) -> list[Invitation]:
    """Invitations that still work, by address. `which` says of which cohort or roles."""
    return list(
        session.scalars(
            select(Invitation)
            .where(Invitation.organization_id == organization_id, _is_open(), Invitation.expires_at > now, *which)
            .order_by(Invitation.email, Invitation.id)
        )
    )


def invitation_to(here: Here, id: int) -> Invitation:
    """One invitation to this cohort that `here.who` could have sent, open or not. Raises NotFound."""
    found = session.get(Invitation, id)
    if found is None or found.cohort_id != here.id or found.role not in roles_given_by(here):
        raise NotFound
    return found


def invitation_of_staff(organization: Organization, id: int) -> Invitation:
    """One invitation to run the organization's programmes, open or not. Raises NotFound."""
    found = session.get(Invitation, id)
    if found is None or found.organization_id != organization.id or found.role == Role.TRAINEE:
        raise NotFound
    return found


def invitations_to(here: Here, now: datetime) -> list[Invitation]:
    """Open invitations to this cohort that `here.who` could have sent."""
    given = Invitation.role.in_(roles_given_by(here))
    return _open_ones(here.organization.id, now, Invitation.cohort_id == here.id, given)


def invitations_of_staff(organization_id: int, now: datetime) -> list[Invitation]:
    """Open invitations to run the organization's programmes."""
    return _open_ones(organization_id, now, Invitation.role != Role.TRAINEE)
