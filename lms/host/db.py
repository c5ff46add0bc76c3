"""The database: one base for models, one place that commits, SQLite opened so that no update is lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from lms.host.errors import NotFound, Refused, SetUpError
from lms.host.i18n import lazy_gettext

Row = TypeVar("Row")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UtcTime(), dict[str, Any]: JSON, list[Any]: JSON},
    )


db = SQLAlchemy(model_class=Base)
session = db.session


@contextmanager
def saved() -> Iterator[None]:
    """The one place that commits: what is done inside is kept whole, or, when it raises, not at all.

    What must be unique is unique in the database: where two people did the same at the same moment, the second gets
    Refused, and nothing of theirs is half done.
    """
    try:
        yield
        session.commit()
    except IntegrityError as error:
        session.rollback()
        if not _is_taken(error):
            raise
        raise Refused(lazy_gettext("Somebody did this at the same moment. Look at the page again.")) from error
    except BaseException:
        session.rollback()
        raise


UNIQUE_VIOLATIONS = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


def _is_taken(error: IntegrityError) -> bool:
    """True for something that is there already; other broken rules are bugs."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in UNIQUE_VIOLATIONS


# FOR NO KEY UPDATE: rows that others add may point at this one meanwhile. A full FOR UPDATE would wait for them, and two
# who hold what the other points at would wait for each other.
FOR_CHANGE: dict[str, Any] = {"key_share": True}


def locked(model: type[Row], id: int) -> Row:
    """The row as it stands now, for nobody else to change until this transaction ends. Raises NotFound.

    Take it before looking at what hangs on it: PostgreSQL would let two transactions look at the same time. SQLite has
    one writer anyway.
    """
    found = session.get(model, id, with_for_update=FOR_CHANGE, populate_existing=True)
    if found is None:
        raise NotFound
    return found


# -- SQLite -------------------------------------------------------------------------------------------------
# SQLAlchemy's defaults lose updates without an error: two readers of the same row may both write. So a request
# that may write takes the write lock when its transaction begins; one that only reads does not wait for it.

_may_write: ContextVar[bool] = ContextVar("may_write", default=True)


def only_reads() -> None:
    """Say that what follows in this context (a GET) will not write."""
    _may_write.set(False)


def may_write() -> None:
    """Say that what follows in this context may write. The default."""
    _may_write.set(True)


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, record: Any) -> None:
    if type(connection).__module__.partition(".")[0] != "sqlite3":
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    # synchronous=FULL: "saved" is said only of what survives a power cut; it costs about 0.25 ms a commit.
    _use_wal(cursor)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """Write-ahead log, kept in the file. A new file may be locked by another first start, and SQLite does not wait here."""
    for _ in range(100):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
    raise SetUpError("The database is locked by another program. Stop it, or try again.")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write.get() else "BEGIN")
