"""One world for all features. Each test begins with a fresh copy of it, at NOW, with everyone signed in.

NOW is a Tuesday in May, four in the afternoon in Toronto: the evening group has held five classes, marked with nobody
away, and its sixth begins in two hours.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.host.db import db, may_write
from lms.host.web import limiter
from tests.world import World, build_world, held_classes, northside_app, sign_in

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)

Browser = Callable[[str], FlaskClient]


@dataclass
class House:
    """An app with the world in its database, kept as a file to begin again from."""

    app: Flask
    world: World
    cookies: dict[str, str]
    database: Path
    kept: Path

    def begin_again(self) -> None:
        self.close()
        for ending in ("-wal", "-shm"):
            self.database.with_name(self.database.name + ending).unlink(missing_ok=True)
        shutil.copy(self.kept, self.database)
        self.app.extensions["lms"].guard.take_troubles()
        limiter.enabled = False  # one for the process: another app may have switched it on

    def close(self) -> None:
        may_write()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with time_machine.travel(NOW, tick=False):
        app = northside_app(folder / "instance", migrated_database)
        world = build_world(app, NOW, extra_people=3)
        held_classes(app, world, "evening", {})
        cookies = {}
        for name in world.people:
            cookie = sign_in(app, name).get_cookie("lms")
            assert cookie
            cookies[name] = cookie.value
    made = House(app, world, cookies, folder / "instance/lms.sqlite", folder / "kept.sqlite")
    made.close()
    shutil.copy(made.database, made.kept)
    yield made
    made.close()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """The clock of the host. It stands at NOW until a test moves it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def app(house: House, clock: time_machine.Coordinates) -> Flask:
    house.begin_again()
    return house.app


@pytest.fixture
def world(app: Flask, house: House) -> World:
    return house.world


@pytest.fixture
def browser(app: Flask, house: House) -> Browser:
    """`browser("Sam")`: a new browser in which Sam is signed in, for the twelve hours from NOW on."""

    def open_one(name: str) -> FlaskClient:
        client = app.test_client()
        client.set_cookie("lms", house.cookies[name])
        return client

    return open_one


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A browser in which nobody has signed in."""
    return app.test_client()


@pytest.fixture
def evening(world: World) -> str:
    """The address of the evening group."""
    return f"/cohorts/{world.cohorts['evening']}"
