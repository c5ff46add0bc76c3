"""The bell: who waits is woken by what was saved, in this process and, with PostgreSQL, in every other."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from flask import Flask

from lms.host import bell as bells
from lms.host.bell import Bell, bell, ring
from lms.host.db import may_write, saved
from tests.conftest import MakeApp

TOPIC = "tea"
LONG, PATIENCE = 600.0, 60.0  # seconds: whoever nobody wakes sleeps for longer than any test is patient


@contextmanager
def waiting(app: Flask, *, once_postgres_is_heard: bool = False, who: int | None = None) -> Iterator[list[bool]]:
    """Somebody has found nothing new and sleeps at the bell; inside there is news. The list has what they found at last."""
    heard: list[bool] = []
    news = threading.Event()
    asked = threading.Event()

    def look() -> bool:
        if asked.is_set():
            return news.is_set()
        asked.set()
        return False

    def wait() -> None:
        with app.app_context():
            heard.append(bell().wait(TOPIC, LONG, look, who))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    assert asked.wait(PATIENCE)
    if once_postgres_is_heard:
        assert app.extensions["lms"].extras["bell"].hears(PATIENCE)
    news.set()
    yield heard
    thread.join(PATIENCE)
    assert not thread.is_alive(), "nobody woke them"


def with_places(app: Flask, places: int) -> Bell:
    found: Bell = app.extensions["lms"].extras["bell"]
    found.places = places
    return found


@pytest.fixture
def app(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    made = make_app()
    with_places(made, 3)
    # Nobody looks again by themselves here: who is woken was woken by the bell.
    monkeypatch.setattr(bells, "LOOK_AGAIN", LONG)
    return made


def ring_and_save(app: Flask, topic: str = TOPIC) -> None:
    with app.app_context():
        may_write()
        with saved():
            ring(topic)


def test_what_was_saved_wakes_whoever_waits(app: Flask) -> None:
    with waiting(app) as heard:
        ring_and_save(app)
    assert heard == [True]


def test_what_was_not_saved_makes_no_sound(app: Flask) -> None:
    sounds: list[str | None] = []
    the_bell = with_places(app, 3)
    the_bell.sound = sounds.append  # type: ignore[method-assign, assignment]
    with app.app_context():
        may_write()
        with suppress(RuntimeError), saved():
            ring(TOPIC)
            raise RuntimeError
        with saved():
            ring("later")
    assert sounds == ["later"]


def test_without_a_free_place_one_is_asked_once(app: Flask) -> None:
    with_places(app, 0)
    looks: list[int] = []
    with app.app_context():
        assert bell().is_full
        assert not bell().wait(TOPIC, LONG, lambda: bool(looks.append(1)))
    assert looks == [1]


def test_a_place_is_free_again_after_the_wait(app: Flask) -> None:
    the_bell = with_places(app, 1)
    with waiting(app):
        assert the_bell.is_full
        ring_and_save(app)
    assert not the_bell.is_full


def test_whoever_asks_anew_frees_the_place_of_the_line_that_they_dropped(app: Flask) -> None:
    the_bell = with_places(app, 1)
    with waiting(app, who=7) as heard:
        the_bell.ring_off("something else", 7)
        the_bell.ring_off(TOPIC, 8)
        assert the_bell.is_full, "it is another's"
        the_bell.ring_off(TOPIC, 7)
        assert not the_bell.is_full
    assert heard == [True], "they looked once more, and went"


def test_of_two_devices_the_older_line_is_dropped_and_the_other_waits_on(app: Flask) -> None:
    the_bell = with_places(app, 2)
    with waiting(app, who=7) as older, waiting(app, who=7) as newer:
        the_bell.ring_off(TOPIC, 7)
        while not older:
            time.sleep(0.01)
        assert newer == []
        assert not the_bell.is_full
        ring_and_save(app)
    assert newer == [True]


def test_a_process_that_stops_lets_everybody_go(app: Flask) -> None:
    with waiting(app) as heard:
        with_places(app, 3).close()
    assert heard == [True], "they looked once more, and went"


def test_on_sqlite_one_looks_again_for_what_another_process_did(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "LOOK_AGAIN", 0.05)
    with waiting(app) as heard:
        pass  # nobody rings in this process
    assert heard == [True]


ANOTHER_PROCESS = """
import sys
from pathlib import Path
from lms.app import create_app
from lms.host.bell import ring
from lms.host.config import load_config
from lms.host.db import saved
from lms.host.plugins import find_plugins
config = load_config(Path(sys.argv[1]), environ={}, given={"database_url": sys.argv[2], "rate_limits": False})
with create_app(config, find_plugins(safe_mode=True)).app_context(), saved():
    ring(sys.argv[3])
"""


@pytest.mark.postgres
def test_postgresql_carries_the_sound_to_another_process(
    make_app: MakeApp, postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(bells, "LOOK_AGAIN", LONG)
    app = make_app(database_url=postgres_url)
    with_places(app, 3)
    with waiting(app, once_postgres_is_heard=True) as heard:
        command = [sys.executable, "-c", ANOTHER_PROCESS, str(tmp_path), postgres_url, TOPIC]
        subprocess.run(command, check=True, timeout=60)
    assert heard == [True]
