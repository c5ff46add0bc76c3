"""The clock of a role play that goes on, what people chose in their rooms, what trainers said to them, what they gave each
other after a round, and what trainers saw. What was said by the person who was played is kept nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base

_OPEN = text("ended_at IS NULL")


class Run(Base):
    """A role play that goes on, or went on: when it began, and the phases of its format as they were then.

    `phases` is a list of [kind, round, seconds, en, fr]; the last two are a format's own words, or empty. `version` rises with
    everything that phones must hear of. One is open (`ended_at` empty) at most for a class and pair.
    """

    __tablename__ = "role_play_run"
    __table_args__ = (
        Index("ix_role_play_run_open", "meeting_id", "pair", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_role_play_run_meeting_id", "meeting_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    pair: Mapped[int] = mapped_column(default=0)
    phases: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    started_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class ClockChange(Base):
    """Somebody paused, went on, added a minute or went to the next phase: all groups, or the one of `group_number`.
    Who did is not kept. Appended; the timeline is computed."""

    __tablename__ = "clock_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    group_number: Mapped[int | None]


class RoomEvent(Base):
    """What somebody chose in their room, by one tap and without a reason: "observe" instead, another card ("swap"), "out",
    "back", "leave" for today, "tag_in" to take the supporter's place where the format allows it ("tag_in_reading" before the
    play), "moment" (we need a moment), "help" (please come). `card` is the card after a swap. `seen_at`: a trainer has seen
    it. Appended."""

    __tablename__ = "room_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"), index=True)
    group_number: Mapped[int]
    round_number: Mapped[int]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str]
    card: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class RoomVisit(Base):
    """A trainer was with a group, while this person was its supporter (empty outside the rounds)."""

    __tablename__ = "room_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"), index=True)
    group_number: Mapped[int]
    supporter_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class Message(Base):
    """What a trainer said to all groups of a run, or to the one of `group_number`: the code of a ready sentence (`ready`),
    which everyone reads in their own language, or else `words` as they were written. Appended."""

    __tablename__ = "role_play_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"), index=True)
    group_number: Mapped[int | None]
    ready: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Sheet(Base):
    """What one member of a group wrote about one round: for the supporter, or as the supporter for themselves.

    `seat` is the writer's own in that round; whoever watched and then supported in it has a sheet for each. `ticks` are ids of
    the card's lines; `words` maps a question to what was written. `read_by_trainers` is what stood above the sheet when it
    was written. `kept` is the supporter's choice: None until made; let go means that ticks and words are erased and the fact
    stays.
    """

    __tablename__ = "sheet"
    __table_args__ = (UniqueConstraint("run_id", "round_number", "enrolment_id", "seat"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"))
    group_number: Mapped[int]
    round_number: Mapped[int]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    supporter_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    seat: Mapped[str]
    card: Mapped[str]
    ticks: Mapped[list[str]] = mapped_column(JSON, default=list)
    words: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    read_by_trainers: Mapped[bool]
    given_at: Mapped[datetime]
    kept: Mapped[bool | None]
    kept_at: Mapped[datetime | None]


class SupporterNote(Base):
    """What a trainer saw of somebody as supporter: lines of the card and one sentence about the skill. It is evidence, and
    the trainee reads it."""

    __tablename__ = "supporter_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    card: Mapped[str]
    ticks: Mapped[list[str]] = mapped_column(JSON, default=list)
    words: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
