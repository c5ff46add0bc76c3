"""Frozen courses, and their delivery: cohorts, classes, the people in them, plans, calendars, invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
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
    """One delivery of a course revision.

    `rule_json` is the attendance rule that holds here (policy and options), with its version and its plugin's, since
    `rule_since`; empty: the course's. `province` tells which statutory holidays were left out. `places` is how many
    people can join. `check_in_opens` is how many minutes before a class trainees may check themselves in; None: they
    do not. After `lock_days` a mark is corrected only with a reason. After `tell_after` classes missed in a row without
    a word the trainers are told; None: they are not.
    """

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    revision_digest: Mapped[str] = mapped_column(ForeignKey("course_revision.digest"))
    name: Mapped[str]
    language: Mapped[str]
    policy_version: Mapped[str] = mapped_column(default="")
    plugin_version: Mapped[str] = mapped_column(default="")
    rule_json: Mapped[str] = mapped_column(Text, default="")
    rule_since: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(default="")
    province: Mapped[str] = mapped_column(default="")
    places: Mapped[int | None]
    recorded: Mapped[bool] = mapped_column(default=False)
    check_in_opens: Mapped[int | None]
    lock_days: Mapped[int] = mapped_column(default=7)
    tell_after: Mapped[int | None] = mapped_column(default=2)
    published_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Meeting(Base):
    """One class of a cohort. `sequence` counts its changes, as calendars want it; `changed_at` is the last one."""

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
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]


class Enrolment(Base):
    """Somebody takes part in a cohort.

    `pauses` are times away by agreement: pairs of moments (ISO 8601, UTC), the last one open (None) while it lasts or
    with the day on which it ends by itself. `moved_from_id` is the enrolment that they were transferred from.
    """

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    pauses: Mapped[list[Any]] = mapped_column(JSON, default=list)
    moved_from_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))


class CohortPlan(Base):
    """A cohort that somebody is planning, page by page, as typed. It goes when the cohort is published."""

    __tablename__ = "cohort_plan"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an old tab must never publish the plan that came after

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_at: Mapped[datetime]


class CalendarFeed(Base):
    """A calendar address of somebody: of all their classes, or of one cohort. The address is made from `secret`."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    secret: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


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
