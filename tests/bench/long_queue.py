"""The reading room with 5,000 waiting texts against 50: first text, its page, the next one, the queue."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from lms import migrations
from lms.app import create_app
from lms.host.config import load_config
from lms.host.db import db
from tests.crowds import crowd
from tests.world import sign_in

ROUNDS = 25
BUDGET = "<= 1.3"


def long_queue(folder: Path) -> list[tuple[str, str, str]]:
    """Turn by turn on both hosts; the median of the ratios."""
    short, long = (sign_in(_host(folder / f"queue-{waiting}", waiting), "Amina") for waiting in (50, 5000))
    steps: dict[str, Callable[[FlaskClient], object]] = {
        "first text, opened": lambda client: client.post("/reading/next"),
        "its page": lambda client: client.get("/reading/1"),
        "next text, opened": lambda client: client.post("/reading/next", data={"after": "1"}),
        "queue": lambda client: client.get("/reading"),
    }
    rows = []
    for label, step in steps.items():
        step(short), step(long)
        pairs = [(_timed(step, short), _timed(step, long)) for _ in range(ROUNDS)]
        ratio = statistics.median(many / few for few, many in pairs)
        milliseconds = statistics.median(many for _few, many in pairs) * 1000
        rows.append((f"5,000 waiting against 50: {label}", f"{ratio:.2f} ({milliseconds:.1f} ms)", BUDGET))
    return rows


def _host(folder: Path, waiting: int) -> Flask:
    folder.mkdir()
    app = create_app(load_config(folder, environ={}, given={"rate_limits": False}))
    with app.app_context():
        migrations.upgrade(db.engine)
    crowd(app, waiting)
    return app


def _timed(step: Callable[[FlaskClient], object], client: FlaskClient) -> float:
    gc.collect()
    started = time.process_time()
    step(client)
    return time.process_time() - started
