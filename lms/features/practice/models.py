"""Practice outside class: two people by themselves, and one alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class PracticePair(Base):
    """Two people who practise by themselves: for a missed class, or because they live far apart.

    Somebody looks for a partner (`partner_id` empty) -> a trainer proposes one -> the partner agrees -> done; or it is off.
    `at` is the time that the two agreed on. `pair` is the number of their groups and runs in that class.
    """

    __tablename__ = "practice_pair"
    __table_args__ = (UniqueConstraint("meeting_id", "pair"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    pair: Mapped[int]
    asked_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    card: Mapped[str]
    at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    off_at: Mapped[datetime | None]


class SoloPractice(Base):
    """Somebody came to an end of a solo practice. The path and the own lines are kept only once they are shared."""

    __tablename__ = "solo_practice"
    __table_args__ = (UniqueConstraint("enrolment_id", "practice"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    practice: Mapped[str]
    finished_at: Mapped[datetime]
    shared: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    shared_at: Mapped[datetime | None]
