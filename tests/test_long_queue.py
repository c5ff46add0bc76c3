"""The reading room asks the database as often for 5,000 waiting texts as for 50; the grid of 200 people stays light."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from lms.host.db import session
from tests.counting import counted
from tests.crowds import crowd
from tests.world import World, northside_app, sign_in

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)
Hosts = tuple[tuple[Flask, World], tuple[Flask, World]]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Hosts]:
    def one(waiting: int) -> tuple[Flask, World]:
        app = northside_app(tmp_path_factory.mktemp("queue") / "instance", migrated_database)
        return app, crowd(app, waiting, NOW)

    with time_machine.travel(NOW, tick=False):
        yield one(50), one(5000)


@pytest.mark.parametrize("path", ["/reading", "/reading?by=prompt", "/reading?by=person", "/reading/held", "/today"])
def test_pages_of_the_queue(hosts: Hosts, path: str) -> None:
    counts = []
    for app, _world in hosts:
        amina = sign_in(app, "Amina")
        assert amina.get(path).status_code == 200
        with counted(app) as statements:
            assert amina.get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("by", ["", "prompt", "person"])
def test_the_first_text_the_next_and_an_answer(hosts: Hosts, by: str) -> None:
    counts = []
    for app, _world in hosts:
        amina = sign_in(app, "Amina")
        first = amina.post(f"/reading/next?by={by}").location
        id = first.partition("?")[0]
        amina.get(first)
        found = []
        for path, form in (
            (f"/reading/next?by={by}", {}),
            (f"/reading/next?by={by}", {"after": id.rpartition("/")[2]}),
            (f"{id}/release?by={by}", {"came_through": "I read it.", "decision": "accept"}),
        ):
            with counted(app) as statements:
                assert amina.post(path, data=form).status_code == 303
            found.append(len(statements))
        with counted(app) as statements:
            assert amina.get(first).status_code == 200
        counts.append([*found, len(statements)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 24


def test_the_front_of_the_queue_is_found_by_an_index(hosts: Hosts) -> None:
    """However long it is, nothing of it is sorted."""
    app, world = hosts[1]
    amina = sign_in(app, "Amina")
    with counted(app) as statements:
        amina.post("/reading/next")
    (front,) = [s for s in statements if "UNION ALL" in s]
    with app.app_context():
        count = front.count("?")
        plan = (
            session.connection()
            .exec_driver_sql(f"EXPLAIN QUERY PLAN {front}", (world.cohorts["evening"],) * count)
            .all()
        )
    steps = [row[3] for row in plan]
    assert any("ix_submission_waiting (cohort_id=?)" in step for step in steps), steps
    assert not any(step.startswith("SCAN submission") for step in steps), steps


def test_the_grid_of_two_hundred_people_is_light(hosts: Hosts) -> None:
    for app, world in hosts:
        page = sign_in(app, "Amina").get(f"/cohorts/{world.cohorts['evening']}/grid")
        assert page.status_code == 200
        assert page.text.count("<tr") > 200
        assert len(gzip.compress(page.data)) < 100_000


def test_sqlite_knows_the_index_by_the_words_of_the_query(hosts: Hosts) -> None:
    app, _world = hosts[0]
    with app.app_context():
        found = session.scalars(text("SELECT sql FROM sqlite_master WHERE name LIKE 'ix_submission_waiting%'")).all()
    assert len(found) == 4
    assert all("WHERE waiting = 1" in sql for sql in found)
