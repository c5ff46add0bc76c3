"""What went wrong in plugins, kept: one row a plugin and place, counted, so that a page of errors stays one line.

A trouble is open until the plugin has been well for a day; then it is cleared, and the next one is news again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.host.db import Base, db, session
from lms.host.guard import Guard, Trouble
from lms.host.outbox import OutboxRow

log = logging.getLogger("lms.plugins")

# Places that are no question to a plugin: it did not start, its contract checks found something.
START, CHECKS = "start", "checks"
# Work for the outbox: telling people about new troubles, a while later, so that one mail has all of them.
TELL_OF_TROUBLE = "plugin-trouble"
GATHER = timedelta(minutes=2)
WELL_AFTER = timedelta(days=1)


class PluginTrouble(Base):
    """`told_at` is when the admins got a mail about it, `cleared_at` when the plugin had been well again for a day."""

    __tablename__ = "plugin_trouble"

    plugin: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    message: Mapped[str]
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]


def note_quarantined(guard: Guard) -> None:
    """The plugins that the host starts without are troubles as well. They are kept with the first others."""
    for plugin in guard.host.plugins.values():
        if plugin.quarantined:
            guard.troubles.append(Trouble(plugin.name, START, plugin.quarantined))


def keep_troubles(session: Session, troubles: Iterable[Trouble], at: datetime) -> None:
    """Count `troubles` in the transaction of `session`. One that is new, or comes back, is to be told."""
    for trouble in troubles:
        row = session.get(PluginTrouble, (trouble.plugin, trouble.place))
        if row is None:
            row = PluginTrouble(plugin=trouble.plugin, place=trouble.place, message="", first_at=at, last_at=at)
            session.add(row)
            _is_news(session, row, at)
        elif row.cleared_at is not None:
            _is_news(session, row, at)
        row.message, row.times, row.last_at = trouble.message, row.times + 1, at


def _is_news(session: Session, row: PluginTrouble, at: datetime) -> None:
    row.times, row.first_at, row.told_at, row.cleared_at = 0, at, None, None
    key = f"{TELL_OF_TROUBLE}:{row.plugin}:{row.place}:{at.isoformat()}"
    payload = {"plugin": row.plugin}
    session.add(OutboxRow(kind=TELL_OF_TROUBLE, key=key, payload=payload, created_at=at, due_at=at + GATHER))


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
    """The open troubles of every plugin that has some, latest first. One query."""
    found: dict[str, list[PluginTrouble]] = {}
    is_open = PluginTrouble.cleared_at.is_(None)
    for row in session.scalars(select(PluginTrouble).where(is_open).order_by(PluginTrouble.last_at.desc())):
        found.setdefault(row.plugin, []).append(row)
    return found


def troubles_of(plugin: str) -> list[PluginTrouble]:
    """The plugin's troubles, open and cleared, latest first."""
    rows = session.scalars(
        select(PluginTrouble).where(PluginTrouble.plugin == plugin).order_by(PluginTrouble.last_at.desc())
    )
    return list(rows)


def untold(plugin: str) -> list[PluginTrouble]:
    """Open troubles of which nobody was told yet."""
    return [row for row in troubles_of(plugin) if row.cleared_at is None and row.told_at is None]


def quiet_for_a_day(now: datetime) -> list[str]:
    """Plugins with open troubles, none of them of the last day."""
    return [plugin for plugin, rows in troubles().items() if rows[0].last_at <= now - WELL_AFTER]


def clear(plugin: str, now: datetime, *places: str) -> None:
    """The plugin's open troubles are over: those at `places`; without any, all that are older than a day."""
    which = PluginTrouble.place.in_(places) if places else PluginTrouble.last_at <= now - WELL_AFTER
    own = PluginTrouble.plugin == plugin, PluginTrouble.cleared_at.is_(None), which
    session.execute(update(PluginTrouble).where(*own).values(cleared_at=now))
