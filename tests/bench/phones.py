"""`python -m tests.bench.phones`: sixty phones in a role play on a small host, one process and SQLite.

With `--postgres URL` (of an empty database) and `--processes N`, the same on several processes; the phones are spread over
them and the trainer is at the first. Each process is a real `lms serve`, or with `--granian` a granian with one worker and a
thread for each phone that may wait; the phones are threads of this process.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from lms import migrations
from lms.app import ROOT, create_app
from lms.host.config import load_config
from lms.host.db import db
from tests.world import World, build_world, sign_in

PHONES = 60
FIRST_PORT = 8190
CHANGES = ("next", "pause", "go_on", "add_minute", "next", "next", "pause", "go_on")
PAUSE, QUIET, PATIENCE = 3.0, 10.0, 30.0  # seconds
SPREAD = 2.0  # seconds over which phones ask anew when a phase begins, as in room.js
BUDGET = 2.0  # seconds until the last phone has seen a change
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--postgres", default="", help="postgresql+psycopg://... of an empty database")
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--granian", action="store_true", help="serve with granian, with `waiting_phones` set")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"rate_limits": False, **({"database_url": given.postgres} if given.postgres else {})}
        app = create_app(load_config(folder, environ={}, given=settings))
        with app.app_context():
            migrations.upgrade(db.engine)
        world = build_world(app, datetime.now(UTC) - timedelta(minutes=70), extra_people=PHONES - 2)
        cookies = {name: _cookie(app, name) for name in ["Amina", *world.enrolments] if name not in ("Wes", "Maël")}
        with app.app_context():
            db.engine.dispose()
        with _served(folder, given.postgres, given.processes, granian=given.granian) as servers:
            for label, figure in _measured(world, cookies, servers):
                print(f"{label:<62}  {figure}")


def _cookie(app: Flask, name: str) -> str:
    found = sign_in(app, name).get_cookie("lms")
    assert found
    return found.value


# -- the host -------------------------------------------------------------------------------------------------


@contextmanager
def _served(folder: Path, database: str, processes: int, *, granian: bool) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many real servers on one database, each on a port of its own."""
    known = {"LMS_INSTANCE": str(folder), "LMS_RATE_LIMITS": "false", "LMS_DATABASE_URL": database}
    known |= {"LMS_WAITING_PHONES": str(PHONES + 1)} if granian else {}
    environment = {**os.environ, **{name: value for name, value in known.items() if value}}
    started: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(processes):
            command = _command(str(FIRST_PORT + number), granian=granian)
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL))
            _until_it_answers(FIRST_PORT + number)
        yield started
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(20)


def _command(port: str, *, granian: bool) -> list[str]:
    if not granian:
        return [sys.executable, "-c", "from lms.cli import main; main()", "serve", "--port", port]
    threads = str(PHONES + 10)
    binary = str(Path(sys.executable).with_name("granian"))
    return [binary, "--interface", "wsgi", "--port", port, "--blocking-threads", threads, "--no-ws", "lms.wsgi:app"]


def _until_it_answers(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/sign-in")
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _memory(servers: list[subprocess.Popen[bytes]]) -> float:
    """MB in use by each server, the largest of them."""
    return max(sum(_resident(pid) for pid in _family(one.pid)) for one in servers)


def _family(pid: int) -> list[int]:
    """A process and those that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _cpu(servers: list[subprocess.Popen[bytes]]) -> float:
    """Seconds of computing by all servers so far."""
    pids = [pid for one in servers for pid in _family(one.pid)]
    fields = [Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split() for pid in pids]
    return sum(int(found[11]) + int(found[12]) for found in fields) / TICK


# -- the phones -----------------------------------------------------------------------------------------------


def _all_at_once(phones: list[Phone], address: str, spread: float) -> tuple[float, float, float]:
    """Every phone asks for this address within `spread` seconds: the slowest answer, the one in the middle, and seconds until
    the last had it."""
    took, begun = [], time.monotonic()

    def ask(phone: Phone) -> None:
        time.sleep(random.random() * spread)
        since = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", phone.port, timeout=PATIENCE)
        line.request("GET", address, headers=_headers(phone.cookie) | {"Accept-Encoding": "gzip"})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        line.close()
        took.append(time.monotonic() - since)

    threads = [threading.Thread(target=ask, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(took), statistics.median(took), time.monotonic() - begun


class Phone(threading.Thread):
    """A phone that asks for news in one long request after the other, and notes when each came. Beside that it holds a second
    connection, as a browser does after a page."""

    def __init__(self, port: int, address: str, cookie: str) -> None:
        super().__init__(daemon=True)
        self.port, self.address, self.cookie = port, address, cookie
        self.idle = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.mark = ""
        self.seen: list[tuple[float, str]] = []
        self.bytes = 0
        self.over = False

    def run(self) -> None:
        try:
            self._listen()
        except (OSError, http.client.HTTPException):
            if not self.over:
                raise

    def _listen(self) -> None:
        self.idle.connect()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while not self.over:
            line.request("GET", f"{self.address}/live?seen={self.mark}", headers=_headers(self.cookie))
            answer = line.getresponse().read()
            news, at = json.loads(answer), time.monotonic()
            if news["mark"] != self.mark:
                self.mark, self.bytes = news["mark"], len(answer)
                self.seen.append((at, self.mark))
            time.sleep(news["again"] / 1000)


def _headers(cookie: str) -> dict[str, str]:
    return {"Cookie": f"lms={cookie}", "Accept": "application/json"}


def _send(address: str, cookie: str, **fields: str) -> float:
    """The trainer's tap; the moment in which it was sent."""
    line = http.client.HTTPConnection("127.0.0.1", FIRST_PORT, timeout=PATIENCE)
    headers = {**_headers(cookie), "Content-Type": "application/x-www-form-urlencoded"}
    began = time.monotonic()
    line.request("POST", address, urlencode(fields), headers)
    status = line.getresponse().status
    assert status in (200, 303), status
    return began


def _measured(
    world: World, cookies: dict[str, str], servers: list[subprocess.Popen[bytes]]
) -> Iterator[tuple[str, str]]:
    play = f"/cohorts/{world.cohorts['evening']}/classes/6/role-play"
    amina, members = cookies["Amina"], [name for name in cookies if name != "Amina"]
    _send(f"{play}/groups", amina)
    _send(f"{play}/run", amina, do="start")
    alone = _memory(servers)
    ports = [FIRST_PORT + number % len(servers) for number in range(len(members))]
    phones = [Phone(port, play, cookies[name]) for port, name in zip(ports, members, strict=True)]
    for phone in phones:
        phone.start()
    _until_all_saw(phones, 1)
    time.sleep(PAUSE)
    quiet = _cpu(servers)
    time.sleep(QUIET)
    quiet = _cpu(servers) - quiet
    waits, busy = [], _cpu(servers)
    for number, kind in enumerate(CHANGES, start=2):
        began = _send(f"{play}/clock", amina, do=kind)
        _until_all_saw(phones, number)
        waits.append(sorted(phone.seen[number - 1][0] - began for phone in phones))
        time.sleep(PAUSE)
    busy = _cpu(servers) - busy
    said = _send(f"{play}/messages", amina, ready="two_minutes")
    _until_all_saw(phones, len(CHANGES) + 2)
    said = max(phone.seen[-1][0] for phone in phones) - said
    time.sleep(PAUSE)
    computing, began = _cpu(servers), _send(f"{play}/room", cookies[members[0]], do="out")
    time.sleep(PAUSE)
    computing = _cpu(servers) - computing
    drawn = [phone.seen[-1][0] - began for phone in phones if phone.seen[-1][0] > began]
    before = _cpu(servers)
    phase = _all_at_once(phones, f"{play}/live?seen=&instead=yes", SPREAD)
    between = _cpu(servers)
    pages = _all_at_once(phones, play, 0)
    after = _cpu(servers)
    for phone in phones:
        phone.over = True
    last = [wait[-1] for wait in waits]
    yield (
        f"{len(phones)} phones, {len(servers)} process(es): last phone saw a change",
        f"{max(last):.2f} s (budget {BUDGET} s)",
    )
    yield "the same, median of changes", f"{statistics.median(last):.2f} s"
    yield (
        "the phone in the middle, median of changes",
        f"{statistics.median(wait[len(wait) // 2] for wait in waits):.2f} s",
    )
    yield "memory of a process: alone, with phones", f"{alone:.0f} MB, {_memory(servers):.0f} MB"
    yield "computing for a change, all phones", f"{busy / len(CHANGES):.2f} s"
    yield "computing while nothing happens", f"{100 * quiet / QUIET:.1f} % of a core"
    yield "last phone saw what a trainer said to all", f"{said:.2f} s"
    yield f"{len(drawn)} phone(s) saw that somebody stepped out of their group", f"{max(drawn, default=0):.2f} s"
    yield "computing for that, whole rooms drawn", f"{computing:.2f} s"
    yield (
        "what a phone gets for a whole room",
        f"{max(phone.bytes for phone in phones) / 1000:.0f} kB before compression",
    )
    yield (
        f"a phase begins, all ask anew within {SPREAD:.0f} s: slowest, middle",
        f"{phase[0]:.2f} s, {phase[1]:.2f} s; computing {between - before:.2f} s",
    )
    yield (
        "everybody opens the page in the same instant: slowest, middle",
        f"{pages[0]:.2f} s, {pages[1]:.2f} s; computing {after - between:.2f} s",
    )


def _until_all_saw(phones: list[Phone], number: int) -> None:
    until = time.monotonic() + PATIENCE
    while any(len(phone.seen) < number for phone in phones):
        assert time.monotonic() < until, f"{sum(len(phone.seen) < number for phone in phones)} phones saw nothing"
        time.sleep(0.02)


if __name__ == "__main__":
    main()
