"""One world for all features. Each test begins with a fresh copy of it, at NOW, with everyone signed in.

NOW is a Tuesday in May, four in the afternoon in Toronto: the evening group has held five classes, marked with nobody
away, and its sixth begins in two hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.house import House
from tests.world import World, build_world, held_classes, northside_app, sign_in

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)

Browser = Callable[[str], FlaskClient]


@dataclass
class Inhabited(House):
    """A house with the world in it, and the cookie of everyone's sign-in."""

    world: World
    cookies: dict[str, str]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Inhabited]:
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
    made = Inhabited(app, folder / "instance/lms.sqlite", world, cookies)
    made.keep()
    yield made
    made.close()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """The clock of the host. It stands at NOW until a test moves it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def app(house: Inhabited, clock: time_machine.Coordinates) -> Flask:
    house.begin_again()
    return house.app


@pytest.fixture
def world(app: Flask, house: Inhabited) -> World:
    return house.world


@pytest.fixture
def browser(app: Flask, house: Inhabited) -> Browser:
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
