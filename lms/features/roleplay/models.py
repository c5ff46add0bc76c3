"""Role-play groups as they were formed, and topics that somebody would rather not play."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class FormedGroups(Base):
    """The groups of one class, formed once more with a new version. `cards` maps a group's number to its card."""

    __tablename__ = "formed_groups"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    cards: Mapped[dict[str, Any]]
    formed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    formed_at: Mapped[datetime]


class Seat(Base):
    """Who sits where in one round of one group."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("groups_id", "round_number", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    groups_id: Mapped[int] = mapped_column(ForeignKey("formed_groups.id"))
    group_number: Mapped[int]
    round_number: Mapped[int]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    role: Mapped[str]


class NotThisTopic(Base):
    """A content note that somebody asked not to meet in a card. Private: the group gets another card, unexplained."""

    __tablename__ = "not_this_topic"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    set_at: Mapped[datetime]
