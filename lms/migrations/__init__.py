"""Migrations of the host's tables, by Alembic's Python API. One stream; many processes may start at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from lms.host.db import Base
from lms.host.errors import SetUpError

FOLDER = Path(__file__).parent
LOCK = 7_204_311


@contextmanager
def _configured(engine: Engine) -> Iterator[tuple[Config, Connection]]:
    """Alembic on one connection; on PostgreSQL under a lock, so that several starts wait for each other."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "newline")
    with engine.connect() as connection:
        locks = connection.dialect.name == "postgresql"
        if locks:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
            connection.commit()
        config.attributes["connection"] = connection
        try:
            with _tables_may_be_rebuilt(connection):
                yield config, connection
                connection.commit()
        finally:
            if locks:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
                connection.commit()


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: meanwhile nothing is dropped because of what points at it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    sqlite = connection.connection.cursor()
    sqlite.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = sqlite.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise SetUpError(f"After the migration {len(broken)} rows point at nothing, the first in {broken[0][0]}.")
    finally:
        connection.rollback()
        sqlite.execute("PRAGMA foreign_keys=ON")
        sqlite.close()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database to the newest shape."""
    with _configured(engine) as (config, _connection):
        command.upgrade(config, to)


def downgrade(engine: Engine, to: str = "base") -> None:
    with _configured(engine) as (config, _connection):
        command.downgrade(config, to)


def make(engine: Engine, message: str) -> None:
    """Write a new migration from the difference between models and database."""
    with _configured(engine) as (config, _connection):
        command.revision(config, message=message, autogenerate=True)


def differences(engine: Engine) -> list[object]:
    """What models and database do not agree on."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
