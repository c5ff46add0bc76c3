"""What a named person vouches for: a requirement confirmed, or waived."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Confirmation(Base):
    """A person of the programme confirms that a requirement is met: hours, a talk, a document seen."""

    __tablename__ = "confirmation"
    __table_args__ = (UniqueConstraint("enrolment_id", "requirement_id", "withdrawn_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    requirement_id: Mapped[str]
    on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Waiver(Base):
    """A person of the programme decides that a requirement shall not stand in the way of one outcome, and says why."""

    __tablename__ = "waiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    requirement_id: Mapped[str]
    outcome_id: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
