"""What must happen after a change: rows written in the same transaction, delivered at least once by a worker.

A row is claimed with one statement, so that many workers on PostgreSQL or one on SQLite never do the same row at the
same time; a worker that dies leaves a lease that runs out. A handler is called with no transaction open, so that a slow
mail server holds up nobody; what it returns is done in the transaction that marks the row as done, so an effect in the
database happens exactly once. A mail may go out twice, with the same Message-ID.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base, locked, may_write, saved, session
from lms.host.plugins import described

log = logging.getLogger("lms.outbox")

# What a handler wants kept, given the row that is being marked as done.
Keep = Callable[["OutboxRow"], object]
Handler = Callable[[Mapping[str, Any], datetime], Keep | None]

# Work for each day: called once for a day, however many workers there are, in a transaction of its own.
Daily = Callable[[datetime], object]
DAILY = "daily"

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 12
DONE_ROWS_STAY = timedelta(days=30)


class OutboxRow(Base):
    """`kind` chooses the handler; `key` makes a second row for the same thing impossible."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


def put(kind: str, key: str, payload: Mapping[str, Any], *, at: datetime, due: datetime | None = None) -> None:
    """Add work to the current transaction. The same `key` a second time is no error and adds nothing."""
    insert = postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    row = {"kind": kind, "key": key, "payload": dict(payload), "created_at": at, "due_at": due or at}
    session.execute(insert(OutboxRow).values(row).on_conflict_do_nothing(index_elements=[OutboxRow.key]))


def call_off(key: str) -> None:
    """Take work back that has not been done yet."""
    session.execute(delete(OutboxRow).where(OutboxRow.key == key, OutboxRow.done_at.is_(None)))


def given_up() -> list[OutboxRow]:
    """What could not be delivered at all, latest first."""
    rows = session.scalars(
        select(OutboxRow).where(OutboxRow.given_up_at.is_not(None)).order_by(OutboxRow.given_up_at.desc()).limit(50)
    )
    return list(rows)


def try_again(row_id: int, *, now: datetime) -> None:
    """Deliver what was given up once more, with as many attempts as a new row. Others stay as they are."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.given_up_at.is_not(None))
        .values(given_up_at=None, attempts=0, due_at=now, owner=None, leased_until=None)
    )


class Worker:
    """Delivers outbox rows of one app; handlers are given by kind."""

    def __init__(
        self,
        app: Flask,
        handlers: Mapping[str, Handler],
        afterwards: Callable[[], None] = lambda: None,
        daily: Mapping[str, Daily] | None = None,
    ) -> None:
        self.app = app
        self.daily = daily or {}
        self.handlers = {**handlers, DAILY: self._daily}
        self.afterwards = afterwards
        self.name = uuid.uuid4().hex
        self._wake = threading.Event()
        self._stopping = False

    def run_due(self, now: datetime | None = None) -> int:
        """Deliver everything that is due. The number of rows tried."""
        tried = 0
        with self.app.app_context():
            may_write()
            while True:
                moment = now or datetime.now(UTC)
                row_id = self._claim(moment)
                if row_id is None:
                    return tried
                tried += 1
                self._deliver(row_id, moment)
                session.remove()

    def _claim(self, now: datetime) -> int | None:
        with saved():
            free = (OutboxRow.leased_until.is_(None)) | (OutboxRow.leased_until < now)
            waiting = (
                select(OutboxRow.id)
                .where(OutboxRow.done_at.is_(None), OutboxRow.given_up_at.is_(None), OutboxRow.due_at <= now, free)
                .order_by(OutboxRow.due_at, OutboxRow.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            claim = (
                update(OutboxRow)
                .where(OutboxRow.id == waiting.scalar_subquery())
                .values(owner=self.name, leased_until=now + LEASE, attempts=OutboxRow.attempts + 1)
                .returning(OutboxRow.id)
                .execution_options(synchronize_session=False)
            )
            return session.scalar(claim)

    def _deliver(self, row_id: int, now: datetime) -> None:
        try:
            claimed = session.get_one(OutboxRow, row_id)
            if not self._holds(claimed):
                return
            kind, payload, attempt = claimed.kind, dict(claimed.payload), claimed.attempts
            session.rollback()
            handler = self.handlers.get(kind)
            if handler is None:
                raise LookupError(f"nothing here delivers '{kind}'")
            keep = handler(payload, now)
            session.rollback()
            with saved():
                row = locked(OutboxRow, row_id)
                if not self._holds(row) or row.attempts != attempt:
                    return
                if keep:
                    keep(row)
                row.done_at, row.leased_until = now, None
        except Exception as error:
            log.warning("outbox row %s: %s", row_id, type(error).__name__)
            self._postpone(row_id, now, described(error))
        finally:
            self.afterwards()

    def _holds(self, row: OutboxRow) -> bool:
        """False when the lease ran out meanwhile, and another worker has the row."""
        return row.owner == self.name and row.done_at is None

    def _postpone(self, row_id: int, now: datetime, error: str) -> None:
        session.rollback()
        with saved():
            row = locked(OutboxRow, row_id)
            if not self._holds(row):
                return
            row.last_error = error[:500]
            row.leased_until = None
            if row.attempts >= MAX_ATTEMPTS:
                row.given_up_at = now
            else:
                row.due_at = now + timedelta(seconds=min(15 * 2**row.attempts, 6 * 3600))

    def begin_day(self, now: datetime) -> None:
        """Put the work of this day into the outbox, unless it is there."""
        with self.app.app_context():
            may_write()
            with saved():
                for name in self.daily:
                    put(DAILY, f"daily:{name}:{now.date()}", {"work": name}, at=now)

    def _daily(self, payload: Mapping[str, Any], now: datetime) -> Keep | None:
        work = self.daily.get(payload["work"])
        return (lambda row: work(now)) if work else None

    def purge(self, now: datetime) -> None:
        """Forget what was done long ago."""
        with self.app.app_context(), saved():
            session.execute(delete(OutboxRow).where(OutboxRow.done_at < now - DONE_ROWS_STAY))

    # -- in the background ----------------------------------------------------------------------------------

    def start(self) -> threading.Thread:
        """Deliver in a thread of this process until `stop`."""
        thread = threading.Thread(target=self.run_forever, name="outbox", daemon=True)
        thread.start()
        return thread

    def run_forever(self, pause: float = 1.0) -> None:
        purged = datetime.min.replace(tzinfo=UTC)
        while not self._stopping:
            try:
                if (moment := datetime.now(UTC)) - purged > timedelta(hours=1):
                    self.begin_day(moment)
                    self.purge(moment)
                    purged = moment
                self.run_due()
            except Exception:
                log.exception("the outbox will try again")
            self._wake.wait(pause)

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()
