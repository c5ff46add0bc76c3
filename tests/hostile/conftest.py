"""A house with the garden in it, that the tests of this folder share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine

from lms.app import create_app
from lms.features.cohorts import queries
from lms.host.config import load_config
from lms.host.plugins import find_plugins
from tests.hostile.garden import Temper, garden_with
from tests.hostile.place import NOW, Place, settle
from tests.house import House
from tests.plugin_api.course_factory import make_course


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that names the garden's policy, homework and issuer."""
    folder = tmp_path_factory.mktemp("courses")
    course = make_course(folder)
    course.change("course.yaml", "policy: share-of-classes\n  options: {min_share: 0.5}", "policy: weather")
    course.change("course.yaml", "issuer: plain", "issuer: leaf")
    file = "modules/listening/what-i-heard.md"
    text = (course.path / file).read_text(encoding="utf-8")
    course.write(file, text.replace("kind: reflection", "kind: walk").partition("options:")[0] + "---\nWalk slowly.\n")
    return folder


@dataclass
class Planted(House):
    """A house with the garden in it, and a group that stands on what the garden brings."""

    place: Place
    temper: Temper


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path, courses: Path) -> Iterator[Planted]:
    instance = tmp_path_factory.mktemp("planted")
    shutil.copy(migrated_database, instance / "lms.sqlite")
    temper = Temper()
    garden = garden_with(temper)
    plugins = find_plugins(safe_mode=True)
    plugins.add("garden", lambda: garden, version="1", source="test")
    config = load_config(instance, environ={}, given={"rate_limits": False, "courses_folder": str(courses)})
    app = create_app(config, plugins)
    with time_machine.travel(NOW, tick=False):
        place = settle(app)
        for name in ("sam", "amina", "olga"):
            place.browser(name)
    made = Planted(app, instance / "lms.sqlite", place, temper)
    made.keep()
    yield made
    made.close()


@pytest.fixture
def place(planted: Planted, clock: time_machine.Coordinates) -> Iterator[Place]:
    planted.begin_again()
    queries._revisions.clear()
    yield planted.place
    planted.temper.act = None
    planted.place.browser("sam").delete_cookie("language")


@pytest.fixture
def temper(planted: Planted) -> Temper:
    return planted.temper
