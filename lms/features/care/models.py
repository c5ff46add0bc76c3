"""What is known of people for their good alone: worries about somebody, and what helps them. Never part of grading."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Concern(Base):
    """Somebody worries about a trainee now. Read by coordinators of the organization and by who raised it."""

    __tablename__ = "concern"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    raised_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime]
    urgency: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    # The text that was on the desk, so that its reader comes back to it; never its words.
    submission_id: Mapped[int | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]


class ConcernStep(Base):
    """What somebody did about a concern. Added, never changed."""

    __tablename__ = "concern_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)


class Accommodation(Base):
    """What helps one person in one cohort, without a reason: more time (in percent), pages read aloud."""

    __tablename__ = "accommodation"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    extra_time: Mapped[int]
    read_aloud: Mapped[bool]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
