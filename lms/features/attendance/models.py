"""Marks: who was at which class. A chain a person and class, appended; the last link counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class AttendanceMark(Base):
    """One link of a chain. No status: the mark was taken away again ("not marked").

    `source` says how it came: "roll_call", "everyone" (the button that fills what is empty), "notice" (told before).
    """

    __tablename__ = "attendance_mark"
    __table_args__ = (UniqueConstraint("meeting_id", "enrolment_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    sequence: Mapped[int]
    status: Mapped[str | None]
    minutes: Mapped[int | None]
    late_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
