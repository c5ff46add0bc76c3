"""Marks: who was at which class. A chain a person and class, appended; the last link counts. What follows from them:
questions about a mark, and make-ups."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class AttendanceMark(Base):
    """One link of a chain. No status: the mark was taken away again ("not marked").

    `named` is the policy's own status where one was chosen; `status` is then the host's that it is like. `source` says how
    it came: "roll_call", "everyone" (the button that fills what is empty), "notice" (told before), "check_in" (the
    trainee, by the word of the class), "import" (a list of a meeting tool), "correction" (after the lock, or answering a
    question), "transfer" (brought from another cohort), "waiver", "moved" (taken away: the class got another day). `note`
    is for trainers; `why` is the reason that the trainee reads. `waived_for` are outcomes for which this absence does not
    count. `told_before` stays on the chain once somebody told us in advance.
    """

    __tablename__ = "attendance_mark"
    __table_args__ = (UniqueConstraint("meeting_id", "enrolment_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    sequence: Mapped[int]
    status: Mapped[str | None]
    named: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]
    late_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    waived_for: Mapped[list[str]] = mapped_column(JSON, default=list)
    told_before: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


_OPEN_QUESTION = text("answered_at IS NULL")


class MarkQuestion(Base):
    """ "This is not right": a trainee questions a mark; a trainer answers with a reason. One open question a mark."""

    __tablename__ = "mark_question"
    __table_args__ = (
        Index(
            "ix_mark_question_open",
            "enrolment_id",
            "meeting_id",
            unique=True,
            sqlite_where=_OPEN_QUESTION,
            postgresql_where=_OPEN_QUESTION,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    corrected: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


_LIVE_MAKE_UP = text("closed_at IS NULL")


class MakeUp(Base):
    """How somebody catches up a missed class: asked -> agreed -> done -> accepted, or closed without.

    `name`, `label` and `covers` are the policy's option as it was said (`label` and `covers` in both languages), so that
    it reads years later. Not more than one is live (`closed_at` empty) for a class; an accepted one stays live.
    `other_meeting_id` is the class of another cohort, where that is the way.
    """

    __tablename__ = "make_up"
    __table_args__ = (
        Index(
            "ix_make_up_live",
            "enrolment_id",
            "meeting_id",
            unique=True,
            sqlite_where=_LIVE_MAKE_UP,
            postgresql_where=_LIVE_MAKE_UP,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    name: Mapped[str]
    way: Mapped[str]
    label: Mapped[dict[str, Any]] = mapped_column(JSON)
    covers: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    other_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    due_on: Mapped[date | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    done_words: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]
