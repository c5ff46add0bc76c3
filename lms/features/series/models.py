"""Series: events that come again, such as a community of practice, open to people of several cohorts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base
from lms.plugin_api.values import MeetingState


class Series(Base):
    """Events under one name. They are optional: no verdict reads who came."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str]
    about: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str]
    host_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SeriesCohort(Base):
    """A cohort whose people may come."""

    __tablename__ = "series_cohort"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), primary_key=True, index=True)


class SeriesEvent(Base):
    """One event of a series; `sequence` counts its changes, as calendars want it."""

    __tablename__ = "series_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=MeetingState.PLANNED)
    cancelled_why: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]


class SeriesGuest(Base):
    """Somebody who said that they will come to an event (`coming`), and whether they were there."""

    __tablename__ = "series_guest"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("series_event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    coming: Mapped[bool] = mapped_column(default=False)
    was_there: Mapped[bool | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
