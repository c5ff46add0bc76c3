"""Migrations and models say the same, there and back, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect

import lms.app  # noqa: F401  (every model is known)
from lms import migrations
from lms.host.db import Base

TABLES = set(Base.metadata.tables)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    kind = request.param
    url = f"sqlite:///{tmp_path / 'new.sqlite'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = create_engine(url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_migrations_lead_to_what_the_models_say(engine: Engine) -> None:
    migrations.upgrade(engine)
    assert tables(engine) == TABLES
    assert migrations.differences(engine) == []


def test_migrations_lead_down_and_up_again(engine: Engine) -> None:
    migrations.upgrade(engine)
    migrations.downgrade(engine)
    assert tables(engine) == set()
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrations.upgrade(engine)
    migrations.upgrade(engine)
    assert tables(engine) == TABLES


def test_what_stands_in_the_tables_survives_a_migration(engine: Engine) -> None:
    migrations.upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in OLDER_ROWS.strip().split(";\n"):
            connection.exec_driver_sql(statement)
    migrations.upgrade(engine)
    assert migrations.differences(engine) == []
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT text, audience FROM submission").all() == [("A bench.", "team")]
        assert connection.exec_driver_sql("SELECT count(*) FROM opening").scalar() == 1
        indexes = {i["name"]: i for i in inspect(connection).get_indexes("review")}
        assert indexes["uq_review_standing"]["dialect_options"], "still for what stands alone"
    migrations.downgrade(engine, "0001")
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT text FROM submission").all() == [("A bench.",)]


OLDER_ROWS = """
INSERT INTO organization (id, slug, name, language, time_zone, support_name, support_phone, support_hours, created_at)
  VALUES (1, 'north', 'North', 'en', 'UTC', '', '', '', '2026-03-01 10:00:00');
INSERT INTO person (id, email, name, language, created_at) VALUES (1, 'sam@example.org', 'Sam', 'en', '2026-03-01 10:00:00');
INSERT INTO course_revision (digest, course_key, course_json, pages_json, kept_at)
  VALUES ('d', 'host:x', '{}', '{}', '2026-03-01 10:00:00');
INSERT INTO cohort (id, organization_id, revision_digest, name, language, policy_version, plugin_version, published_at)
  VALUES (1, 1, 'd', 'Evening', 'en', '', '', '2026-03-01 10:00:00');
INSERT INTO enrolment (id, cohort_id, person_id, joined_at) VALUES (1, 1, 1, '2026-03-01 10:00:00');
INSERT INTO submission (id, cohort_id, enrolment_id, activity_id, version, fields, text, data, sent_at, reviewed, waiting)
  VALUES (1, 1, 1, 'a', 1, '{}', 'A bench.', '{}', '2026-03-02 10:00:00', true, true);
INSERT INTO opening (id, submission_id, person_id, at) VALUES (1, 1, 1, '2026-03-02 11:00:00')
"""


MEETING = """
INSERT INTO meeting (id, cohort_id, number, starts_at, minutes, place, link, state, cancelled_why)
  VALUES (1, 1, 1, '2026-03-10 10:00:00', 60, '', '', 'planned', '')
"""
MARK = """
INSERT INTO attendance_mark (meeting_id, enrolment_id, sequence, status, note, source, at)
  VALUES (1, 1, {}, {}, '', '{}', '2026-03-09 10:00:00')
"""


def test_marks_survive_the_way_down_to_0002_and_up_again(engine: Engine) -> None:
    """Whoever told us before stays known as that on the marks after it, until they took it back."""
    migrations.upgrade(engine, "0002")
    chain = [
        ("'away'", "roll_call"),
        ("'told_us'", "notice"),
        ("'away'", "roll_call"),
        ("NULL", "notice"),
        ("'here'", "import"),
    ]
    with engine.begin() as connection:
        for statement in [*OLDER_ROWS.strip().split(";\n")[:5], MEETING]:
            connection.exec_driver_sql(statement)
        for sequence, (status, source) in enumerate(chain, 1):
            connection.exec_driver_sql(MARK.format(sequence, status, source))
    for _twice in range(2):
        migrations.upgrade(engine)
        assert migrations.differences(engine) == []
        with engine.begin() as connection:
            marks = connection.exec_driver_sql(
                "SELECT sequence, told_before, named FROM attendance_mark ORDER BY sequence"
            )
            assert [(n, bool(told), named) for n, told, named in marks] == [
                (1, False, ""), (2, True, ""), (3, True, ""), (4, False, ""), (5, False, ""),
            ]  # fmt: skip
        migrations.downgrade(engine, "0002")
        assert "named" not in {column["name"] for column in inspect(engine).get_columns("attendance_mark")}


def test_a_difference_would_be_found(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE plugin_trouble")
    assert len(migrations.differences(engine)) == 1


@pytest.mark.postgres
def test_four_at_once_on_an_empty_postgresql_all_succeed(postgres_url: str) -> None:
    gate = threading.Barrier(4)
    errors: list[BaseException] = []

    def migrate() -> None:
        engine = create_engine(postgres_url)
        try:
            gate.wait()
            migrations.upgrade(engine)
        except BaseException as error:
            errors.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=migrate, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert not any(thread.is_alive() for thread in threads)
    engine = create_engine(postgres_url)
    assert tables(engine) == TABLES
    engine.dispose()


MIGRATE = """\
import sys
from sqlalchemy import create_engine
from lms import migrations
import lms.app
print("ready", flush=True)
sys.stdin.readline()
migrations.upgrade(create_engine(sys.argv[1]))
"""


def test_two_at_once_on_an_empty_sqlite_both_succeed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    starts = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for start in starts:
        assert start.stdout
        assert start.stdout.readline() == "ready\n"
    for start in starts:
        assert start.stdin
        start.stdin.write("\n")
        start.stdin.flush()
    for start in starts:
        start.communicate()
    assert [start.returncode for start in starts] == [0, 0]
    engine = create_engine(url)
    assert tables(engine) == TABLES
    engine.dispose()
