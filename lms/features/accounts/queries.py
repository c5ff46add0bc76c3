"""Who is signed in: one query for the person and all their places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from lms.features.accounts.actions import digest
from lms.features.accounts.models import Person, RoleGrant, SignIn
from lms.features.accounts.roles import Place, Role, SignedIn
from lms.host.db import session

_PLACES = (
    select(
        Person.id,
        Person.name,
        Person.email,
        Person.language,
        RoleGrant.role,
        RoleGrant.organization_id,
        RoleGrant.cohort_id,
    )
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)))
    .where(Person.disabled_at.is_(None))
    .order_by(RoleGrant.id)
)
_SIGNED_IN = _PLACES.join(SignIn, SignIn.person_id == Person.id).where(
    SignIn.token_digest == bindparam("token"), SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("moment")
)
_PERSON = _PLACES.where(Person.id == bindparam("person"))


def signed_in(token: str, *, now: datetime) -> SignedIn | None:
    """The person whose sign-in this token opens, while it lasts."""
    return _with_places(session.execute(_SIGNED_IN, {"token": digest(token), "moment": now}).all(), token)


def person_with_places(person_id: int) -> SignedIn | None:
    """Somebody as if signed in, for what is shown to them without: a calendar, a mail. None once disabled."""
    return _with_places(session.execute(_PERSON, {"person": person_id}).all(), "")


def _with_places(rows: Sequence[Any], token: str) -> SignedIn | None:
    if not rows:
        return None
    places = tuple(Place(Role(row.role), row.organization_id, row.cohort_id) for row in rows if row.role)
    first = rows[0]
    return SignedIn(first.id, first.name, first.email, first.language, token, places)
