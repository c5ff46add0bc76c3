"""What trainers have on the desk: drafts of answers, texts set aside, second readings, starters, notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class ReviewDraft(Base):
    """What a trainer is writing about one version; saved whole, seen by nobody else.

    `decision` is what they have chosen so far, `second` whether they ask for a second reader.
    """

    __tablename__ = "review_draft"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    came_through: Mapped[str] = mapped_column(Text, default="")
    to_try: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    ticks: Mapped[list[Any]]
    decision: Mapped[str] = mapped_column(default="")
    second: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]


class SetAside(Base):
    """Somebody leaves a text for later: it comes after all others on their desk, and on nobody else's."""

    __tablename__ = "set_aside"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    at: Mapped[datetime]


class SecondReading(Base):
    """A second reader looks at a text without seeing the first answer. `decision` is empty until they have."""

    __tablename__ = "second_reading"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    why: Mapped[str]
    # Held back besides: agreement alone does not send it.
    hold: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(default="")
    came_through: Mapped[str] = mapped_column(Text, default="")
    to_try: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    ticks: Mapped[list[Any]]
    read_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class Starter(Base):
    """The beginning of a sentence that a trainer keeps for themselves; `field` is where it belongs, or empty."""

    __tablename__ = "starter"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    field: Mapped[str]
    en: Mapped[str] = mapped_column(Text)
    fr: Mapped[str] = mapped_column(Text)


class TrainerNote(Base):
    """A note among the trainers of a cohort about one person, who may ask to see it."""

    __tablename__ = "trainer_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)
