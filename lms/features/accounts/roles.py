"""Roles: who may do what, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l


class Role(StrEnum):
    TRAINEE = "trainee"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    ORGANIZATION_ADMIN = "organization_admin"
    HOST_ADMIN = "host_admin"


# Whoever leads a cohort: sees its people, marks, homework.
LEADERS = (Role.TRAINER, Role.COORDINATOR)


def not_oneself(by: int, about: int) -> None:
    """Whoever judges, marks or vouches does so for others. Raises Refused for one's own."""
    if by == about:
        raise Refused(_l("This is about you. Somebody else has to do it."))


@dataclass(frozen=True, slots=True)
class Place:
    """One role somewhere: in one cohort, in a whole organization (no cohort), or on the host (no organization)."""

    role: Role
    organization_id: int | None
    cohort_id: int | None


@dataclass(frozen=True)
class SignedIn:
    """The person of this request with all their places; made from one query."""

    id: int
    name: str
    email: str
    language: str
    token: str
    places: tuple[Place, ...]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the cookie carries: the sign-in's token, which ends with the sign-in."""
        return self.token

    def plays(self, *roles: Role, organization: int, cohort: int | None = None) -> bool:
        """True when one of `roles` is held in this cohort, or in the whole organization."""
        return any(
            place.role in roles
            and place.organization_id == organization
            and (place.cohort_id is None or place.cohort_id == cohort)
            for place in self.places
        )

    def has(self, *roles: Role) -> bool:
        """True when one of `roles` is held anywhere."""
        return any(place.role in roles for place in self.places)

    def organizations(self, *roles: Role) -> list[int]:
        """Organizations in which one of `roles` is held for the whole organization."""
        return sorted(
            {p.organization_id for p in self.places if p.role in roles and p.organization_id and p.cohort_id is None}
        )

    def cohorts(self, *roles: Role) -> list[int]:
        """Cohorts in which one of `roles` is held."""
        return sorted({p.cohort_id for p in self.places if p.role in roles and p.cohort_id is not None})

    @property
    def home(self) -> int | None:
        """The organization of their first place."""
        return next((p.organization_id for p in self.places if p.organization_id), None)
