"""What a named person vouches for: a requirement confirmed, or set aside for one outcome."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Vouching(Base):
    """A person of the programme says by name that a requirement is met, or that it shall not stand in the way.

    Without an outcome it confirms the requirement (hours, a talk, a document seen), as of the day `on`. With an outcome
    it waives the requirement for that outcome, and `words` is the reason, which the trainee reads. Withdrawn, it stays.
    """

    __tablename__ = "vouching"
    __table_args__ = (
        Index(
            "uq_vouching_confirmation",
            "enrolment_id",
            "requirement_id",
            unique=True,
            sqlite_where=text("outcome_id IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("outcome_id IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    requirement_id: Mapped[str]
    outcome_id: Mapped[str | None]
    on: Mapped[date]
    words: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ToldStanding(Base):
    """What was last told about somebody's way to an outcome, so that each news is told once."""

    __tablename__ = "told_standing"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    outcome_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    at: Mapped[datetime]
