"""Signing in and out, links by e-mail, passwords, roles."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from lms.features.accounts import passwords
from lms.features.accounts.models import EmailedLink, Person, RoleGrant, SignIn
from lms.features.accounts.roles import Role
from lms.host import audit
from lms.host.db import session
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l

LINK_LIFE = timedelta(minutes=30)
MAX_NAME = 80  # what fits on a certificate and in a list on a phone
TO_SIGN_IN = "sign_in"
TO_RESET = "reset"


def digest(token: str) -> str:
    """What is kept of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def normal_email(email: str) -> str:
    return email.strip().casefold()


def check_email(email: str) -> str:
    """The address in its normal form. Raises Incomplete when it cannot be one."""
    email = normal_email(email)
    name, at, domain = email.partition("@")
    if not (name and at and domain) or len(email) > 254 or any(c.isspace() or c in ',;<>"' for c in email):
        raise Incomplete({"email": _l("Enter an e-mail address, like sam@example.org.")})
    return email


def person_by_email(email: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == normal_email(email)))


def person_with_password(email: str, password: str) -> Person | None:
    """The person, if the password is right and they are not disabled. Takes the same time in every case."""
    person = person_by_email(email)
    right = passwords.is_right(password, person.password_hash if person else None)
    return person if right and person and not person.disabled_at else None


def start_sign_in(person: Person, *, hours: int, now: datetime) -> str:
    """A new sign-in; its token goes into the cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(token_digest=digest(token), person_id=person.id, created_at=now, expires_at=now + timedelta(hours=hours))
    )
    audit.note("accounts.signed_in", f"person:{person.id}", at=now, by=person.id, about=person.id)
    return token


def end_sign_in(token: str, *, now: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.token_digest == digest(token)).values(ended_at=now))


def end_all_sign_ins(person_id: int, *, by: int | None, now: datetime) -> None:
    """Sign out everywhere; links that were mailed before stop working too."""
    session.execute(update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=now))
    _end_links(now, EmailedLink.person_id == person_id)
    audit.note("accounts.signed_out_everywhere", f"person:{person_id}", at=now, by=by, about=person_id)


def make_link(person: Person, purpose: str, *, now: datetime) -> str:
    """A new link's token; earlier unused links for the same purpose stop working."""
    _end_links(now, EmailedLink.person_id == person.id, EmailedLink.purpose == purpose)
    token = secrets.token_urlsafe(32)
    session.add(
        EmailedLink(
            token_digest=digest(token),
            person_id=person.id,
            purpose=purpose,
            created_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    return token


def _end_links(now: datetime, *which: Any) -> None:
    session.execute(update(EmailedLink).where(*which, EmailedLink.used_at.is_(None)).values(used_at=now))


def person_of_link(token: str, purpose: str, *, now: datetime) -> Person | None:
    """Whose link this is, while it works."""
    return session.scalar(
        select(Person)
        .join(EmailedLink, EmailedLink.person_id == Person.id)
        .where(
            EmailedLink.token_digest == digest(token),
            EmailedLink.purpose == purpose,
            EmailedLink.used_at.is_(None),
            EmailedLink.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )


def use_link(token: str, purpose: str, *, now: datetime) -> Person | None:
    """The person of a working link, which works no longer after this. None for an old or unknown one."""
    person = person_of_link(token, purpose, now=now)
    if person is None:
        return None
    used: Any = session.execute(
        update(EmailedLink)
        .where(EmailedLink.token_digest == digest(token), EmailedLink.used_at.is_(None))
        .values(used_at=now)
    )
    return person if used.rowcount == 1 else None


def set_password(person: Person, password: str, *, now: datetime) -> None:
    """A new password; every sign-in with the old one ends. Raises Incomplete when it is too short."""
    check_password(password)
    person.password_hash = passwords.hash_password(password)
    end_all_sign_ins(person.id, by=person.id, now=now)
    audit.note("accounts.password_set", f"person:{person.id}", at=now, by=person.id, about=person.id)


def check_password(password: str) -> None:
    if len(password) < passwords.MIN_LENGTH:
        raise Incomplete({"password": _l("Choose at least 10 characters. Three or four words are easy to remember.")})
    if len(password) > passwords.MAX_LENGTH:
        raise Incomplete({"password": _l("Choose at most 500 characters.")})


def check_name(name: str, missing: object) -> str:
    """The name on one line. Raises Incomplete with `missing` where there is none, and for one that fits nowhere."""
    name = " ".join(name.split())
    if not name:
        raise Incomplete({"name": missing})
    if len(name) > MAX_NAME:
        raise Incomplete({"name": _l("Shorten the name to %(most)s characters.", most=MAX_NAME)})
    return name


def add_person(name: str, email: str, *, language: str, now: datetime, password: str | None = None) -> Person:
    """A new person. Raises Incomplete for a missing name, a wrong address, or an address already known."""
    name = check_name(name, _l("Enter a name, as you would like to be called."))
    email = check_email(email)
    if person_by_email(email):
        raise Incomplete({"email": _l("Somebody with this address is here already.")})
    person = Person(name=name, email=email, language=language, created_at=now)
    if password is not None:
        check_password(password)
        person.password_hash = passwords.hash_password(password)
    session.add(person)
    session.flush()
    audit.note("accounts.person_added", f"person:{person.id}", at=now, by=person.id, about=person.id)
    return person


def disable_person(person: Person, *, by: int | None, now: datetime) -> None:
    """They can no longer sign in, and every sign-in ends. Their roles and what they did stay."""
    if person.disabled_at is None:
        person.disabled_at = now
        audit.note("accounts.disabled", f"person:{person.id}", at=now, by=by, about=person.id)
        end_all_sign_ins(person.id, by=by, now=now)


def enable_person(person: Person, *, by: int | None, now: datetime) -> None:
    """They can sign in again."""
    if person.disabled_at is not None:
        person.disabled_at = None
        audit.note("accounts.enabled", f"person:{person.id}", at=now, by=by, about=person.id)


def grant_role(
    person_id: int, role: Role, *, organization: int | None, cohort: int | None = None, by: int | None, now: datetime
) -> RoleGrant:
    """Give a role, once: holding it already changes nothing."""
    held = session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            RoleGrant.role == role,
            RoleGrant.organization_id.is_(None) if organization is None else RoleGrant.organization_id == organization,
            RoleGrant.cohort_id.is_(None) if cohort is None else RoleGrant.cohort_id == cohort,
            RoleGrant.ended_at.is_(None),
        )
    )
    if held:
        return held
    grant = RoleGrant(
        person_id=person_id, role=role, organization_id=organization, cohort_id=cohort, granted_at=now, granted_by=by
    )
    session.add(grant)
    where = f"cohort:{cohort}" if cohort else f"organization:{organization}" if organization else "host"
    audit.note(f"roles.granted.{role}", where, at=now, by=by, organization=organization, about=person_id)
    return grant


def end_role(grant: RoleGrant, *, by: int, now: datetime) -> None:
    """End a role. One that has ended stays as it is."""
    if grant.ended_at is not None:
        return
    grant.ended_at = now
    audit.note(
        f"roles.ended.{grant.role}",
        f"grant:{grant.id}",
        at=now,
        by=by,
        organization=grant.organization_id,
        about=grant.person_id,
    )
