"""`python -m tests.bench`: every figure as a ratio or a count, in one run."""

from __future__ import annotations

import gc
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from lms import migrations
from lms.app import create_app
from lms.host.config import load_config
from lms.host.db import db
from tests.bench.attendance import attendance
from tests.bench.bare import make_bare
from tests.bench.grouping import grouping
from tests.bench.guard import guarded_calls
from tests.bench.long_queue import long_queue
from tests.counting import counted
from tests.world import World, build_world, held_classes, sent_homework, sign_in

ROUNDS, PAGES = 9, 40


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, small_world = _host(folder / "small", 18)
        large, large_world = _host(folder / "large", 198)
        rows = [
            *_speed(folder, small, small_world),
            *_queries(small, small_world, large, large_world),
            *_weights(small, small_world, large, large_world),
            *long_queue(folder),
            *attendance(folder),
            *grouping(),
            *guarded_calls(),
            *_starting(),
        ]
    width = max(len(label) for label, *_ in rows)
    for label, value, budget in rows:
        print(f"{label:<{width}}  {value:>16}   budget {budget}")


def _host(folder: Path, extra: int) -> tuple[Flask, World]:
    folder.mkdir()
    app = create_app(load_config(folder, environ={}, given={"rate_limits": False}))
    with app.app_context():
        migrations.upgrade(db.engine)
    world = build_world(app, extra_people=extra)
    held_classes(app, world, "evening", {"Kim": [2]})
    for name in world.enrolments:
        if name in ("Sam", "Kim") or name.startswith("Person"):
            sent_homework(app, world, name)
    return app, world


# -- speed --------------------------------------------------------------------------------------------------


def _speed(folder: Path, app: Flask, world: World) -> list[tuple[str, str, str]]:
    """Requests a second of the module page against the bare page, turn by turn, in this process."""
    cohort = world.cohorts["evening"]
    sam, amina = sign_in(app, "Sam"), sign_in(app, "Amina")
    module = f"/cohorts/{cohort}/modules/beginning-together"
    size = len(sam.get(module).data)
    bare = make_bare(folder, size).test_client()
    bare.get("/sign-in")
    pages = {
        "module page": (sam, module),
        "Today": (sam, "/today"),
        "activity page": (sam, f"/cohorts/{cohort}/activities/how-i-arrive"),
        "what is left": (sam, f"/cohorts/{cohort}/left"),
        "cohort board": (amina, f"/cohorts/{cohort}"),
    }
    rows = []
    for label, (client, path) in pages.items():
        ratio, milliseconds = _against(client, path, bare)
        rows.append(
            (f"{label}: speed against the bare page", f"{ratio:.2f} ({milliseconds:.1f} ms)", ">= 0.5 (module page)")
        )
    return rows


def _against(client: FlaskClient, path: str, bare: FlaskClient) -> tuple[float, float]:
    ours, theirs = [], []
    _timed(client, path)
    _timed(bare, "/")
    for _ in range(ROUNDS):
        ours.append(_timed(client, path))
        theirs.append(_timed(bare, "/"))
    pairs = [b / a for a, b in zip(ours, theirs, strict=True)]
    return statistics.median(pairs), statistics.median(ours) / PAGES * 1000


def _timed(client: FlaskClient, path: str) -> float:
    gc.collect()
    started = time.process_time()
    for _ in range(PAGES):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
    return time.process_time() - started


# -- queries ------------------------------------------------------------------------------------------------


def pages_of(world: World) -> dict[str, tuple[str, str]]:
    """Label to who opens which page."""
    cohort = world.cohorts["evening"]
    return {
        "Today": ("Sam", "/today"),
        "module page": ("Sam", f"/cohorts/{cohort}/modules/beginning-together"),
        "activity page": ("Sam", f"/cohorts/{cohort}/activities/how-i-arrive"),
        "what is left": ("Sam", f"/cohorts/{cohort}/left"),
        "my attendance": ("Sam", f"/cohorts/{cohort}/attendance"),
        "reading room": ("Amina", "/reading"),
        "cohort board": ("Amina", f"/cohorts/{cohort}"),
        "grid": ("Amina", f"/cohorts/{cohort}/grid"),
        "roll call": ("Amina", f"/cohorts/{cohort}/classes/6/roll-call"),
        "outcomes": ("Amina", f"/cohorts/{cohort}/outcomes"),
    }


def count_queries(app: Flask, client: FlaskClient, path: str) -> int:
    client.get(path)
    with counted(app) as statements:
        assert client.get(path).status_code == 200, path
    return len(statements)


def _queries(small: Flask, few: World, large: Flask, many: World) -> list[tuple[str, str, str]]:
    rows = []
    for (label, (who, path)), (_who, other) in zip(pages_of(few).items(), pages_of(many).values(), strict=True):
        twenty = count_queries(small, sign_in(small, who), path)
        two_hundred = count_queries(large, sign_in(large, who), other)
        rows.append(
            (
                f"{label}: queries with 20 / 200 people",
                f"{twenty} / {two_hundred}",
                f"<= {LARGER.get(label, 8)}, the same",
            )
        )
    return rows


# These show one thing with all that belongs to it.
LARGER = {"activity page": 11}


# -- weight -------------------------------------------------------------------------------------------------


def _weights(small: Flask, world: World, large: Flask, many: World) -> list[tuple[str, str, str]]:
    sam = sign_in(small, "Sam")
    rows = []
    for label in ("Today", "activity page", "what is left"):
        _who, path = pages_of(world)[label]
        html = sam.get(path).get_data(as_text=True)
        script = sum(_weight(sam, name) for name in re.findall(r'<script src="([^"]+)"', html))
        style = sum(_weight(sam, name) for name in re.findall(r'rel="stylesheet" href="([^"]+)"', html))
        page = len(gzip.compress(html.encode()))
        icons = _weight(sam, "/static/icons.svg")
        total = (page + script + style + icons) / 1000
        rows.append((f"{label}: kB compressed, all / script", f"{total:.1f} / {script / 1000:.1f}", "60 / 15"))
    amina = sign_in(large, "Amina")
    grid = amina.get(f"/cohorts/{many.cohorts['evening']}/grid").data
    rows.append(("grid of 200 people: kB compressed", f"{len(gzip.compress(grid)) / 1000:.1f}", "100"))
    return rows


def _weight(client: FlaskClient, path: str) -> int:
    with client.get(path) as answer:
        return len(gzip.compress(answer.data))


# -- starting -----------------------------------------------------------------------------------------------

STARTED = """
import resource, time
from pathlib import Path
import sys
before = time.process_time()
from lms.app import create_app
from lms.host.config import load_config
imported = time.process_time()
app = create_app(load_config(Path(sys.argv[1]), environ={}))
made = time.process_time()
with app.test_client() as client:
    client.get("/sign-in")
resident = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
print(imported - before, made - imported, resident)
"""


def _starting() -> list[tuple[str, str, str]]:
    """A fresh process: CPU of importing and of create_app, resident memory after the first page."""
    found = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-c", STARTED, folder], capture_output=True, text=True, check=True, env=os.environ
            )
            found.append([float(text) for text in done.stdout.split()])
    imported, made, memory = (statistics.median(column) for column in zip(*found, strict=True))
    return [
        ("importing: CPU seconds", f"{imported:.2f}", "-"),
        ("create_app: CPU seconds", f"{made:.2f}", "0.6"),
        ("memory of a worker after a page: MB", f"{memory:.0f}", "110"),
    ]


if __name__ == "__main__":
    main()
