"""The demo in the afternoon, told once for all tests of a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from lms.app import ROOT, create_app
from lms.demo.tell import tell_story
from lms.host.config import load_config
from lms.host.db import db, may_write
from lms.host.plugins import find_plugins
from lms.host.web import limiter
from tests.demo.doors import AFTERNOON


@pytest.fixture(scope="module")
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(AFTERNOON, tick=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, migrated_database: Path, clock: time_machine.Coordinates
) -> Iterator[Flask]:
    """The demo in the afternoon, as `lms demo` starts it."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(migrated_database, folder / "lms.sqlite")
    config = load_config(folder, environ={}, given={"demo": True, "rate_limits": False})
    app = create_app(config, find_plugins(ROOT / "plugins"))
    may_write()
    with app.app_context():
        tell_story(app.extensions["lms"])
    limiter.enabled = False
    yield app
    may_write()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
