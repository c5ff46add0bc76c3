"""Frozen courses, and their delivery: cohorts, classes, the people in them, invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base
from lms.plugin_api.values import MeetingState


class CourseRevision(Base):
    """A course as it was when a cohort was published, under its digest."""

    __tablename__ = "course_revision"

    digest: Mapped[str] = mapped_column(primary_key=True)
    course_key: Mapped[str]
    course_json: Mapped[str] = mapped_column(Text)
    pages_json: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]


class Cohort(Base):
    """One delivery of a course revision. `policy_version` and `plugin_version` stamp the rule it started with."""

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    revision_digest: Mapped[str] = mapped_column(ForeignKey("course_revision.digest"))
    name: Mapped[str]
    language: Mapped[str]
    policy_version: Mapped[str] = mapped_column(default="")
    plugin_version: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Meeting(Base):
    """One class of a cohort."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    number: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=MeetingState.PLANNED)
    cancelled_why: Mapped[str] = mapped_column(default="")


class Enrolment(Base):
    """Somebody takes part in a cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Invitation(Base):
    """A link by e-mail with which somebody takes a role in an organization or cohort, once."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    role: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    invited_by: Mapped[int]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
