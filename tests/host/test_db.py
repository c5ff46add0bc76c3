"""One place that commits; times with a zone; no update lost."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from lms.host import audit
from lms.host.db import db, may_write, only_reads, saved, session
from lms.host.storage import StoredFile, keep_file, stored_file
from lms.host.troubles import PluginTrouble

NOW = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)


def add_counter() -> None:
    with saved():
        session.add(PluginTrouble(plugin="garden", place="gate", message="", times=0, first_at=NOW, last_at=NOW))


def count() -> int:
    return session.get_one(PluginTrouble, ("garden", "gate")).times


def add_one() -> None:
    with saved():
        session.get_one(PluginTrouble, ("garden", "gate")).times += 1


def add_one_patiently() -> None:
    """On a busy computer the wait for the lock may end with an error: that is no update lost."""
    while True:
        try:
            return add_one()
        except OperationalError:
            continue


# -- times --------------------------------------------------------------------------------------------------


def test_a_time_comes_back_as_the_same_moment_in_utc(app: Flask) -> None:
    toronto = datetime(2026, 3, 5, 13, 30, tzinfo=timezone(timedelta(hours=-5)))
    with app.app_context():
        with saved():
            audit.note("rain.began", "garden:1", at=toronto, by=None)
        row = session.scalars(select(audit.AuditRow)).one()
        assert row.at == toronto
        assert row.at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(StatementError, match="A time without a time zone cannot be stored"), saved():
            audit.note("rain.began", "garden:1", at=datetime(2026, 3, 5), by=None)  # noqa: DTZ001
        assert session.scalars(select(audit.AuditRow)).all() == []


# -- saved --------------------------------------------------------------------------------------------------


def test_what_is_done_inside_is_kept_whole(app: Flask) -> None:
    with app.app_context():
        add_counter()
    with app.app_context():
        assert count() == 0


def break_off(error: type[BaseException]) -> None:
    with saved():
        session.get_one(PluginTrouble, ("garden", "gate")).times = 5
        keep_file(b"leaf", "text/plain")
        audit.note("attendance.marked", "meeting:7", at=NOW, by=3)
        session.flush()
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_raises_is_not_kept_at_all(app: Flask, error: type[BaseException]) -> None:
    with app.app_context():
        add_counter()
        with pytest.raises(error):
            break_off(error)
        assert count() == 0
        assert session.scalars(select(StoredFile)).all() == []
        assert session.scalars(select(audit.AuditRow)).all() == []


def test_foreign_keys_hold(app: Flask) -> None:
    with app.app_context(), pytest.raises(IntegrityError), saved():
        session.execute(
            text("INSERT INTO sign_in (token_digest, person_id, created_at, expires_at) VALUES ('x', 7, 0, 0)")
        )


def test_sqlite_is_opened_for_many_readers_and_power_cuts(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_first_start_waits_for_another_first_start(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, other.rollback)
    release.start()
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    release.join()
    other.close()


# -- no update lost -----------------------------------------------------------------------------------------


def test_eight_threads_lose_no_update(app: Flask) -> None:
    with app.app_context():
        add_counter()
    gate = threading.Barrier(8)

    def work() -> None:
        gate.wait()
        for _ in range(50):
            with app.app_context():
                add_one_patiently()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert count() == 400


def test_a_page_that_only_reads_does_not_wait_for_a_writer(app: Flask) -> None:
    with app.app_context():
        add_counter()
        writer = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        only_reads()
        assert count() == 0
        writer.execute("ROLLBACK")
        writer.close()


def test_a_page_that_reads_and_then_writes_cannot_lose_an_update(app: Flask) -> None:
    with app.app_context():
        add_counter()
        only_reads()
        row = session.get_one(PluginTrouble, ("garden", "gate"))
        other = sqlite3.connect(db.engine.url.database or "")
        with other:
            other.execute("UPDATE plugin_trouble SET times = 7")
        other.close()
        row.times += 1
        with pytest.raises(OperationalError, match="locked"), saved():
            pass
        may_write()
        assert count() == 7


def test_a_get_that_writes_after_all_cannot_lose_an_update(app: Flask) -> None:
    @app.get("/garden")
    def garden() -> str:
        row = session.get_one(PluginTrouble, ("garden", "gate"))
        other = sqlite3.connect(db.engine.url.database or "")
        with other:
            other.execute("UPDATE plugin_trouble SET times = 7")
        other.close()
        with saved():
            row.times += 1
        return "grown"

    with app.app_context():
        add_counter()
    assert app.test_client().get("/garden").status_code == 500
    with app.app_context():
        assert count() == 7


# -- audit and files ----------------------------------------------------------------------------------------


def test_an_audit_row_says_who_did_what_about_whom(app: Flask) -> None:
    with app.app_context():
        with saved():
            audit.note("attendance.marked", "meeting:7", at=NOW, by=3, organization=1, about=5, why="late bus")
        row = session.scalars(select(audit.AuditRow)).one()
        assert (row.verb, row.subject, row.by_id, row.organization_id, row.about_id, row.why) == (
            "attendance.marked",
            "meeting:7",
            3,
            1,
            5,
            "late bus",
        )


def test_a_file_is_stored_once_under_its_digest(app: Flask) -> None:
    with app.app_context():
        with saved():
            first, again, other = (keep_file(content, "text/plain") for content in (b"leaf", b"leaf", b"bark"))
        assert first == again != other
        file = stored_file(first)
        assert file
        assert (file.content, file.media_type) == (b"leaf", "text/plain")
        assert stored_file("0" * 64) is None
        assert len(session.scalars(select(StoredFile)).all()) == 2
