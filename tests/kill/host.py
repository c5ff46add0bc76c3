"""A host in a process of its own that can be killed at any moment, and what its database holds afterwards."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from lms.app import ROOT, create_app
from lms.features.accounts import actions as accounts
from lms.host.config import load_config
from lms.host.db import may_write, saved
from lms.host.plugins import find_plugins
from lms.host.web import now
from tests.world import World, build_world

REFLECTIONS = ("how-i-arrive", "whose-hands", "a-habit-of-my-own", "what-i-carry-on", "what-pulled-me-away")
WORDS = (
    "tea",
    "was",
    "warm",
    "and",
    "somebody",
    "moved",
    "a",
    "chair",
    "so",
    "I",
    "could",
    "sit",
    "by",
    "the",
    "window",
)


@dataclass(frozen=True)
class Piece:
    """One answer of one person: nobody has touched it before."""

    name: str
    activity: str


@dataclass
class Counts:
    """What was done and what was found."""

    interruptions: Counter[str] = field(default_factory=Counter)
    checked: int = 0
    sent: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    latest: str = ""

    def interrupted(self, kind: str) -> None:
        self.interruptions[kind] += 1
        self.latest = kind

    def text_must_hold(self, piece: Piece, acknowledged: str, found: str) -> None:
        self.checked += 1
        if not found.startswith(acknowledged):
            self.lost.append(f"{piece.name}, {piece.activity}, {self.latest}: {acknowledged!r} became {found!r}")

    def told(self) -> str:
        kinds = ", ".join(f"{count} x {kind}" for kind, count in sorted(self.interruptions.items()))
        return (
            f"{self.interruptions.total()} interruptions ({kinds}); {self.checked} times looked, {self.sent} sent: "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled"
        )


class KilledHost:
    """The evening group on its own SQLite, served by `lms serve`."""

    def __init__(self, folder: Path, people: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        config = load_config(folder, environ={}, given={"rate_limits": False})
        self.app: Flask = create_app(config, find_plugins(ROOT / "plugins"))
        from lms import migrations
        from lms.host.db import db

        with self.app.app_context():
            migrations.upgrade(db.engine)
        self.world: World = build_world(self.app, extra_people=people)
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def group(self) -> str:
        return f"/cohorts/{self.world.cohorts['evening']}"

    def pieces(self) -> list[Piece]:
        names = [name for name in self.world.enrolments if name.startswith("Person")]
        return [Piece(name, activity) for name in names for activity in REFLECTIONS]

    # -- the process ----------------------------------------------------------------------------------------

    def start(self) -> None:
        command = [sys.executable, "-c", "from lms.cli import main; main()", "serve", "--port", str(self.port)]
        environ = {**os.environ, "LMS_INSTANCE": str(self.folder), "LMS_RATE_LIMITS": "false", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(400):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the host did not start")

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def end_sign_ins(self, name: str) -> None:
        person = self.world.people[name]
        may_write()
        with self.app.test_request_context(), saved():
            accounts.end_all_sign_ins(person, by=person, now=now())

    # -- what is kept ---------------------------------------------------------------------------------------

    def sent(self, piece: Piece) -> list[str]:
        """The texts of every submission of this piece, straight from the file."""
        with closing(sqlite3.connect(self.folder / "lms.sqlite")) as database:
            rows = database.execute(
                "SELECT text FROM submission WHERE enrolment_id = ? AND activity_id = ? AND taken_back_at IS NULL",
                (self.world.enrolments[piece.name], piece.activity),
            )
            return [text for (text,) in rows]

    def draft(self, piece: Piece) -> str:
        with closing(sqlite3.connect(self.folder / "lms.sqlite")) as database:
            row = database.execute(
                "SELECT fields FROM draft WHERE enrolment_id = ? AND activity_id = ?",
                (self.world.enrolments[piece.name], piece.activity),
            ).fetchone()
        return str(json.loads(row[0])["text"]) if row else ""

    def check_sent(self, piece: Piece, text: str, counts: Counts) -> None:
        counts.sent += 1
        found = self.sent(piece)
        counts.text_must_hold(piece, text.strip(), found[0] if found else "")
        if len(found) > 1:
            counts.doubled.append(f"{piece.name}, {piece.activity}: {len(found)} times")


def some_words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 6))) + " "
