"""People, how they sign in, and the roles they hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Person(Base):
    """Somebody with an e-mail address. No diagnosis, no date of birth."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="en")
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class SignIn(Base):
    """One sign-in of one person on one device. Ended: its cookie is dead, wherever it was copied."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EmailedLink(Base):
    """A link that proves an e-mail address, once: to sign in, or to choose a new password."""

    __tablename__ = "emailed_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def _held_once(name: str, *columns: str, where: str) -> Index:
    """The same role in the same place only once at a time: two transactions cannot both give it."""
    standing = text(where)
    return Index(name, *columns, unique=True, sqlite_where=standing, postgresql_where=standing)


class RoleGrant(Base):
    """A role that somebody holds in a cohort, an organization, or on the host, until it ends."""

    __tablename__ = "role_grant"
    __table_args__ = (
        _held_once(
            "uq_role_grant_in_cohort",
            "person_id",
            "role",
            "cohort_id",
            where="ended_at IS NULL AND cohort_id IS NOT NULL",
        ),
        _held_once(
            "uq_role_grant_in_organization",
            "person_id",
            "role",
            "organization_id",
            where="ended_at IS NULL AND cohort_id IS NULL AND organization_id IS NOT NULL",
        ),
        _held_once("uq_role_grant_on_host", "person_id", "role", where="ended_at IS NULL AND organization_id IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
