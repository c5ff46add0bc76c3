"""The statements that bring several rooms' facts at once, and the morning pass, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from lms.features.cohorts.acting import Acting
from lms.features.progress.actions import confirm
from lms.host.db import may_write, saved
from tests.features.conftest import NOW
from tests.features.progress.test_watch import TOMORROW, mails, misses_too_many, passed
from tests.pages import said
from tests.world import World, app_on_postgres, build_world, held_classes, sent_homework, sign_in

pytestmark = pytest.mark.postgres


@pytest.fixture
def app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    with time_machine.travel(NOW, tick=False), app_on_postgres(postgres_url, tmp_path) as app:
        yield app


@pytest.fixture
def world(app: Flask) -> World:
    made = build_world(app, NOW)
    held_classes(app, made, "evening", {})
    return made


def test_today_the_board_and_the_rule_are_read_as_on_sqlite(app: Flask, world: World) -> None:
    sent_homework(app, world, "Sam")
    may_write()
    with app.app_context(), saved():
        course = app.extensions["lms"].catalog.courses["northside:core-peer-support"].course
        talk = next(r for r in course.requirements if r.kind == "confirmed")
        acting = Acting(world.people["Amina"], world.organizations["northside"], world.people["Sam"], NOW)
        confirm(world.enrolments["Sam"], talk, NOW.date(), "", acting)
    evening = f"/cohorts/{world.cohorts['evening']}"
    sam, amina, rosa = (sign_in(app, name) for name in ("Sam", "Amina", "Rosa"))
    assert "Waiting for you" in said(sam.get("/today"))
    assert "Confirmed by Amina" in said(sam.get(f"{evening}/left"))
    assert "One text waits for an answer" in said(amina.get(evening))
    for path in ("/today", f"{evening}/grid", f"{evening}/grid/requirements.csv"):
        assert amina.get(path).status_code == 200
    assert rosa.get(f"{evening}/rule").status_code == 200


def test_the_pass_of_a_morning_tells_once(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    assert passed(app, world.cohorts["evening"]) == 2
    assert mails(app)[0]["to"] == "sam@example.org"
    assert passed(app, world.cohorts["evening"], TOMORROW + timedelta(days=1)) == 0
