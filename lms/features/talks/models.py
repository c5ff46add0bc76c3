"""Times that trainers offer: for a talk instead of writing, or for a presentation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Talk(Base):
    """One offered time; `taken_by` is the enrolment that took it, for `activity_id`."""

    __tablename__ = "talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    offered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    activity_id: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
