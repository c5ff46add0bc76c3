"""Who is signed in: one query for the person and all their places."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, select

from lms.features.accounts.actions import digest
from lms.features.accounts.models import Person, RoleGrant, SignIn
from lms.features.accounts.roles import Place, Role, SignedIn
from lms.host.db import session

_SIGNED_IN = (
    select(
        Person.id,
        Person.name,
        Person.email,
        Person.language,
        RoleGrant.role,
        RoleGrant.organization_id,
        RoleGrant.cohort_id,
    )
    .join(SignIn, SignIn.person_id == Person.id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)))
    .where(
        SignIn.token_digest == bindparam("token"),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > bindparam("moment"),
        Person.disabled_at.is_(None),
    )
    .order_by(RoleGrant.id)
)


def signed_in(token: str, *, now: datetime) -> SignedIn | None:
    """The person whose sign-in this token opens, while it lasts."""
    rows = session.execute(_SIGNED_IN, {"token": digest(token), "moment": now}).all()
    if not rows:
        return None
    places = tuple(Place(Role(row.role), row.organization_id, row.cohort_id) for row in rows if row.role)
    first = rows[0]
    return SignedIn(first.id, first.name, first.email, first.language, token, places)
