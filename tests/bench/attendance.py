"""Verdicts: of a large group at once, and the pass of a morning over ten thousand enrolments."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from lms import migrations
from lms.app import create_app
from lms.features.cohorts import queries as cohorts
from lms.features.progress import queries, watch
from lms.host import mail
from lms.host.config import load_config
from lms.host.db import db, saved, session
from lms.host.outbox import OutboxRow
from tests.counting import counted
from tests.crowds import everyone_marked, more_groups
from tests.world import World, build_world

ROUNDS = 7
GROUPS, PEOPLE = 50, 200


def attendance(folder: Path) -> list[tuple[str, str, str]]:
    """Label, figure and budget of each."""
    now = datetime.now(UTC)
    app = create_app(load_config(_made(folder / "attendance"), environ={}, given={"rate_limits": False}))
    with app.app_context():
        migrations.upgrade(db.engine)
    world = build_world(app, now)
    groups = more_groups(app, world, GROUPS, PEOPLE, now)
    everyone_marked(app, world, groups, now)
    return [*_verdicts(app, world, groups[0], now), _pass(app, groups, now + timedelta(days=1))]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _verdicts(app: Flask, world: World, group: int, now: datetime) -> list[tuple[str, str, str]]:
    with app.app_context():
        here = cohorts.cohort_of_the_host(group)
        guard = app.extensions["lms"].guard
        with counted(app) as statements:
            classes, people = cohorts.classes_of(here, now), cohorts.members_of(here.id)
            evidence = queries.evidence_of_cohort(here, now)
            queries.standings(here, guard, people, classes, evidence)
        judged = _cpu(lambda: queries.standings(here, guard, people, classes, evidence))
        all_of_it = _cpu(lambda: _read_and_judged(app, here, now))
        outcomes = len(here.course.outcomes)
        session.rollback()
    what = f"{len(people)} people, {len(classes)} classes, {outcomes} outcomes"
    return [
        (f"all verdicts ({what}): CPU ms", f"{judged:.0f}", "60"),
        (
            "the same, read from the database too: CPU ms / queries",
            f"{all_of_it:.0f} / {len(statements)}",
            "- / constant",
        ),
    ]


def _read_and_judged(app: Flask, here: cohorts.Here, now: datetime) -> None:
    classes, people = cohorts.classes_of(here, now), cohorts.members_of(here.id)
    evidence = queries.evidence_of_cohort(here, now)
    queries.standings(here, app.extensions["lms"].guard, people, classes, evidence)


def _cpu(work: Callable[[], object]) -> float:
    """Milliseconds of CPU, the median of some rounds."""
    found = []
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        work()
        found.append((time.process_time() - started) * 1000)
    return statistics.median(found)


def _pass(app: Flask, groups: list[int], morning: datetime) -> tuple[str, str, str]:
    """Every group read, judged, compared with what was told, mails and notes written; sending is the mail server's."""
    look = app.extensions["lms"].extras["worker"].handlers[watch.WATCH]
    with app.app_context():
        started, wall = time.process_time(), time.perf_counter()
        for group in groups:
            keep = look({"cohort": group}, morning)
            session.rollback()
            with saved():
                keep(None)
            session.remove()
        seconds, wall = time.process_time() - started, time.perf_counter() - wall
        told = session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.kind == mail.KIND)) or 0
    label = f"the pass of a morning over {GROUPS * PEOPLE} enrolments, {told} mails written: CPU s / s"
    return label, f"{seconds:.1f} / {wall:.1f}", "5"


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        for row in attendance(Path(name)):
            print(*row, sep="  ")
