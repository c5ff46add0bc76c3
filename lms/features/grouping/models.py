"""Groups as they were formed, whom trainers keep apart or together, and what somebody would rather not play."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class FormedGroups(Base):
    """The groups of one class, formed once more with a new version. `cards` maps a group's number to its card.

    `pair` is 0 for the groups of the class; a pair that practises by itself (`PracticePair`) has its own. `format` is the
    name of the format that they were formed for; `kept` are numbers of groups that a trainer locked, which forming again
    leaves as they are; `times` are minutes that a trainer chose in place of the format's own (`Format.steps`).
    `trainer_plays`: the person is played by a trainer, and no seat of that name is in the rows.
    """

    __tablename__ = "formed_groups"
    __table_args__ = (UniqueConstraint("meeting_id", "pair", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    pair: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int]
    format: Mapped[str] = mapped_column(default="", server_default="")
    cards: Mapped[dict[str, Any]]
    kept: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    times: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    trainer_plays: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    formed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    formed_at: Mapped[datetime]


class Seat(Base):
    """Who sits where in one round of one group, as formed. What changed while they played follows from `RoomEvent`."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("groups_id", "round_number", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    groups_id: Mapped[int] = mapped_column(ForeignKey("formed_groups.id"))
    group_number: Mapped[int]
    round_number: Mapped[int]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    role: Mapped[str]


class GroupingWish(Base):
    """Two people of a cohort who are to be apart, or together (an interpreter, a support person). For trainers alone, and
    without a reason. `a` is the smaller number."""

    __tablename__ = "grouping_wish"
    __table_args__ = (UniqueConstraint("cohort_id", "a_id", "b_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    a_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    b_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    apart: Mapped[bool]
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


class NotThePersonToday(Base):
    """Somebody asked not to play the person in this class."""

    __tablename__ = "not_the_person_today"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True, index=True)
    set_at: Mapped[datetime]


class NotThisTopic(Base):
    """A content note that somebody asked not to meet in a card. Private: the group gets another card, unexplained."""

    __tablename__ = "not_this_topic"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    set_at: Mapped[datetime]
