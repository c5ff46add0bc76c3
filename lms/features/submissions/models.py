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
    # Who shall read it, as chosen so far: "me", "team", or "trainer:<person>". Empty: the first that the course allows.
    audience: Mapped[str] = mapped_column(default="")


class DraftVersion(Base):
    """What a draft said at an earlier time; the last few are kept, and can be brought back."""

    __tablename__ = "draft_version"
    __table_args__ = (Index("ix_draft_version_of", "enrolment_id", "activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    activity_id: Mapped[str]
    fields: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class Attachment(Base):
    """A recording, a photo of a page or a file that belongs to an answer; to the draft while `submission_id` is empty.

    `stored` is where the bytes are, a name that the host made; `name` is only shown. The same bytes a second time
    (`digest` of what was sent) are the same file: a sending that was tried again adds nothing.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_of", "enrolment_id", "activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    activity_id: Mapped[str]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    kind: Mapped[str]
    media_type: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    seconds: Mapped[int | None]
    position: Mapped[int]
    stored: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    added_at: Mapped[datetime]


class WorkClock(Base):
    """Time spent on a piece with a clock. It rests while `running_since` is empty."""

    __tablename__ = "work_clock"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    activity_id: Mapped[str] = mapped_column(primary_key=True)
    used_seconds: Mapped[int]
    running_since: Mapped[datetime | None]


def _while_waiting(name: str, *columns: str) -> Index:
    """Only what waits is in it, so that a queue is read from its front however long it is.

    SQLite takes such an index only for the very condition of the query, and asks for a true value with `= 1`.
    """
    return Index(name, *columns, sqlite_where=text("waiting = 1"), postgresql_where=text("waiting"))


class Submission(Base):
    """One version of an answer. `fields` is what was typed, `text` and `data` what the kind of homework made of it."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "activity_id", "version"),
        _while_waiting("ix_submission_waiting", "cohort_id", "sent_at"),
        _while_waiting("ix_submission_waiting_alike", "cohort_id", "activity_id", "sent_at"),
        _while_waiting("ix_submission_waiting_again", "cohort_id", "version", "sent_at"),
        _while_waiting("ix_submission_waiting_given", "given_to_id", "sent_at"),
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
    # "me", "trainer" (then `reader_id` alone) or "team".
    audience: Mapped[str] = mapped_column(default="team")
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The colleague who was asked to read it, if any.
    given_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # True for what was said in a talk: `text` is then the trainer's note.
    by_talk: Mapped[bool] = mapped_column(default=False)
    # Set when the words were removed after the course's time; the dates and results stay.
    words_removed_at: Mapped[datetime | None]


class Opening(Base):
    """Somebody else opened a text. Shown to its author."""

    __tablename__ = "opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Review(Base):
    """A trainer's judgement of one version. The trainee sees it from `visible_from` on; before, it can be undone.

    No `visible_from` yet: it is held back, to be released with others or after a second reading.
    """

    __tablename__ = "review"
    __table_args__ = (
        Index(
            "uq_review_standing",
            "submission_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_review_by", "reviewer_id", "released_at"),
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
    visible_from: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class Reply(Base):
    """The trainee's word on a review: an answer to its question, or without words "thanks, read"."""

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
