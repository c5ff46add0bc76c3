"""Drafts, answers and what trainers said about them. Answers and released reviews are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Draft(Base):
    """What somebody is writing: theirs alone. `counter` rises with each save, so that two devices notice each other."""

    __tablename__ = "draft"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    activity_id: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]]
    counter: Mapped[int]
    saved_at: Mapped[datetime]


class Submission(Base):
    """One version of an answer. `fields` is what was typed, `text` and `data` what the kind of homework made of it."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "version"),
        Index(
            "ix_submission_waiting",
            "cohort_id",
            "sent_at",
            sqlite_where=text("waiting"),
            postgresql_where=text("waiting"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    activity_id: Mapped[str]
    version: Mapped[int]
    fields: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
    reviewed: Mapped[bool]
    # True while a trainer is to read it; kept in the transaction that changes it.
    waiting: Mapped[bool]
    taken_back_at: Mapped[datetime | None]


class Opening(Base):
    """Somebody else opened a text. Shown to its author."""

    __tablename__ = "opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ReviewDraft(Base):
    """What a trainer is writing about one version; saved whole, seen by nobody else."""

    __tablename__ = "review_draft"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    came_through: Mapped[str] = mapped_column(Text, default="")
    to_try: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    ticks: Mapped[list[Any]]
    saved_at: Mapped[datetime]


class Review(Base):
    """A trainer's released judgement of one version. The trainee sees it from `visible_from` on; before, it can be undone."""

    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_standing",
            "submission_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str]
    came_through: Mapped[str] = mapped_column(Text)
    to_try: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    ticks: Mapped[list[Any]]
    released_at: Mapped[datetime]
    visible_from: Mapped[datetime]
    undone_at: Mapped[datetime | None]
