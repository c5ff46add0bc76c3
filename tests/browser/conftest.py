"""A real server, a real Chromium, and devices that must stay without errors."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import pytest
import waitress
from flask import Flask

from lms.app import ROOT, create_app
from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.host.config import load_config
from lms.host.db import db, may_write, saved, session
from lms.host.plugins import find_plugins
from tests.browser.devices import Device, School, new_device
from tests.world import World, build_world, held_classes, northside_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# With Sam and Kim the evening group is twenty. Names are as long and as short as people's names are.
CLASSMATES = (
    "Amir Sadeghi", "Bo Tran", "Chi Lam", "Dele Okafor", "Esther Kim", "Farah Haddad", "Gus Lindqvist", "Hana Sato",
    "Ivo Novak", "Jo Martel", "Lee Chartrand", "Maya Pillai", "Nadia Petrov", "Omar Diallo", "Pat Gallagher",
    "Quinn Besner", "Ruth Abernathy-Featherstonehaugh", "Théo Lavoie",
)  # fmt: skip

MakeDevice = Callable[..., Device]


# -- the browser --------------------------------------------------------------------------------------------


def missing(what: str) -> NoReturn:
    """No browser is a reason to skip on somebody's own computer, and a failure where all tests must run."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed (dependency group `browser`)")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> str:
    """Where a Chromium is: on this computer, else the one that playwright installs."""
    known = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    found = next(filter(None, known), playwright.chromium.executable_path)
    if not Path(found).exists():
        missing("there is no Chromium: install the package `chromium`, or run `playwright install chromium`")
    return found


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    yield started
    started.close()


@pytest.fixture
def device(browser: Browser, school: School) -> Iterator[MakeDevice]:
    """`device("Sam", phone=..., script=...)`: a device of its own, signed in if somebody is named."""
    made: list[Device] = []

    def make(name: str = "", **kind: Any) -> Device:
        made.append(new_device(browser, school, **kind))
        return made[-1].sign_in(name) if name else made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [trouble for one in made for trouble in one.unexpected()] == [], "what the browser complained about"


# -- the server ---------------------------------------------------------------------------------------------


class Server:
    """One real server for all tests of this process; which app it serves changes from test to test."""

    def __init__(self) -> None:
        self.app: Flask | None = None
        self._server = waitress.create_server(self, host="127.0.0.1", port=0, threads=8)
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        threading.Thread(target=self._server.run, daemon=True).start()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        assert self.app is not None
        return self.app(environ, start_response)


@pytest.fixture(scope="session")
def server() -> Server:
    return Server()


# -- the school ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def told_world(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> tuple[Path, World]:
    """The instance folder in which everything has happened up to today, to be copied."""
    folder = tmp_path_factory.mktemp("school") / "instance"
    app = northside_app(folder, migrated_database)
    world = build_world(app, _a_moment_before_class(), extra_people=len(CLASSMATES))
    with app.app_context(), saved():
        luc = world.people["Luc"]
        evening, northside = world.cohorts["evening"], world.organizations["northside"]
        moment = datetime.now(UTC)
        accounts.grant_role(luc, Role.TRAINER, organization=northside, cohort=evening, by=None, now=moment)
        for number, name in enumerate(CLASSMATES):
            for ids in (world.people, world.enrolments):
                ids[name] = ids.pop(f"Person{number:03}")
            session.get_one(Person, world.people[name]).name = name
    held_classes(app, world, "evening", {"Kim": [2]})
    _let_go(app)
    return folder, world


def _a_moment_before_class() -> datetime:
    """A moment whose "in two hours", when class 6 begins, is today at Northside and near enough for its roll call."""
    here = datetime.now(ZoneInfo("America/Toronto"))
    begins = here + timedelta(minutes=50)
    if begins.date() != here.date():
        begins = here.replace(minute=0)
    return begins.astimezone(UTC) - timedelta(hours=2)


@pytest.fixture
def school(tmp_path: Path, told_world: tuple[Path, World], server: Server) -> Iterator[School]:
    """A copy of the world of its own, served."""
    yield from serve_copy(tmp_path, told_world, server)


def serve_copy(place: Path, told_world: tuple[Path, World], server: Server) -> Iterator[School]:
    folder, world = told_world
    shutil.copytree(folder, place / "instance")
    given = {"rate_limits": False, "base_url": server.url}
    config = load_config(place / "instance", environ={}, given=given)
    server.app = create_app(config, find_plugins(ROOT / "plugins"))
    yield School(server.app, deepcopy(world), server.url)
    _let_go(server.app)


def _let_go(app: Flask) -> None:
    may_write()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
