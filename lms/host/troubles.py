"""What went wrong in plugins, kept: one row a plugin and place, counted, so that a page of errors stays one line."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.host.db import Base, db, session
from lms.host.guard import Guard, Trouble

log = logging.getLogger("lms.plugins")


class PluginTrouble(Base):
    __tablename__ = "plugin_trouble"

    plugin: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    message: Mapped[str]
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


def keep_troubles(session: Session, troubles: Iterable[Trouble], at: datetime) -> None:
    """Count `troubles` in the transaction of `session`."""
    for trouble in troubles:
        row = session.get(PluginTrouble, (trouble.plugin, trouble.place))
        if row is None:
            row = PluginTrouble(
                plugin=trouble.plugin, place=trouble.place, message="", times=0, first_at=at, last_at=at
            )
            session.add(row)
        row.message, row.times, row.last_at = trouble.message, row.times + 1, at


def keep_troubles_of(guard: Guard) -> None:
    """Keep whatever `guard` has recorded, in a transaction and on a connection of its own, and never raise."""
    if not guard.troubles:
        return
    try:
        with Session(db.engine) as own, own.begin():
            keep_troubles(own, guard.take_troubles(), datetime.now(UTC))
    except Exception:
        log.exception("plugin troubles could not be kept")


def troubles() -> dict[str, list[PluginTrouble]]:
    """The faults of every plugin that has some, latest first. One query."""
    found: dict[str, list[PluginTrouble]] = {}
    for row in session.scalars(select(PluginTrouble).order_by(PluginTrouble.last_at.desc())):
        found.setdefault(row.plugin, []).append(row)
    return found


def troubles_of(plugin: str) -> list[PluginTrouble]:
    """The plugin's faults, latest first."""
    rows = session.scalars(
        select(PluginTrouble).where(PluginTrouble.plugin == plugin).order_by(PluginTrouble.last_at.desc())
    )
    return list(rows)
