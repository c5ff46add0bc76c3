"""A real `lms serve` with as many waiting phones as it has places: ordinary pages go on, and one phone more asks again by
itself."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from lms.app import ROOT
from lms.host.db import db
from tests.features.roleplay.rooms import begin
from tests.world import build_world, northside_app, sign_in

PLACES = 64  # as `waiting_phones` has it where nobody set it
PATIENCE = 30


@dataclass
class Served:
    """A host on a port of its own, with the address of a role play that goes on and everyone's cookie."""

    port: int
    play: str
    cookies: dict[str, str]

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def send(self, line: http.client.HTTPConnection, name: str, address: str, **fields: str) -> None:
        headers = {"Cookie": f"lms={self.cookies[name]}", "Accept": "application/json"}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        if fields:
            line.request("POST", address, urlencode(fields), headers | form)
        else:
            line.request("GET", address, headers=headers)

    def ask(self, name: str, address: str, patience: float = PATIENCE, **fields: str) -> tuple[int, bytes]:
        """Status and body of an answer, by a line of its own."""
        with closing(self.line()) as line:
            line.timeout = patience
            self.send(line, name, address, **fields)
            with line.getresponse() as answer:
                return answer.status, answer.read()

    def hear(self, line: http.client.HTTPConnection, mark: str) -> dict[str, Any]:
        """What a phone hears at last; one that found no place asks again."""
        while (news := json.loads(line.getresponse().read()))["mark"] == mark:
            self.send(line, "Sam", f"{self.play}/live?seen={mark}")
        return dict(news)

    def news(self, name: str, seen: str = "") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ask(name, f"{self.play}/live?seen={seen}")[1])
        return found


@pytest.fixture
def served(tmp_path: Path, migrated_database: Path) -> Iterator[Served]:
    app = northside_app(tmp_path / "instance", migrated_database)
    world = build_world(app, datetime.now(UTC) - timedelta(minutes=70))
    begin(app, world, ("Sam", "Kim"))
    cookies = {
        name: cookie.value for name in ("Sam", "Kim", "Amina") if (cookie := sign_in(app, name).get_cookie("lms"))
    }
    with app.app_context():
        db.engine.dispose()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "LMS_INSTANCE": str(tmp_path / "instance"), "LMS_RATE_LIMITS": "false"}
    command = [sys.executable, "-c", "from lms.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert "Serving on" in process.stdout.readline()
        yield Served(port, f"/cohorts/{world.cohorts['evening']}/classes/6/role-play", cookies)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def is_full(served: Served, mark: str) -> bool:
    """True once one phone more would find no place."""
    try:
        _status, body = served.ask("Kim", f"{served.play}/live?seen={mark}", patience=0.5)
    except TimeoutError:
        return False
    return bool(json.loads(body)["again"])


def test_sixty_phones_wait_pages_go_on_and_one_phone_more_asks_again(served: Served) -> None:
    mark = served.news("Sam")["mark"]
    with ExitStack() as lines:
        waiting = []
        for _phone in range(PLACES):
            line, second = served.line(), served.line()
            for one in (line, second):
                one.connect()
                lines.callback(one.close)
            served.send(second, "Sam", "/static/room.js")  # as a browser holds it after a page
            second.getresponse().read()
            served.send(line, "Sam", f"{served.play}/live?seen={mark}")
            waiting.append(line)
        until = time.monotonic() + PATIENCE
        while not is_full(served, mark):
            assert time.monotonic() < until, "not everyone found a place"

        for address in (served.play, f"{served.play}/sheet", "/account"):
            begun = time.monotonic()
            status, body = served.ask("Kim", address)
            assert (status, bool(body)) == (200, True), address
            assert time.monotonic() - begun < 5, address
        assert served.news("Kim", mark) == {"mark": mark, "again": 2000}, "it asks every two seconds"

        with pytest.raises(TimeoutError):  # it has a place: that of a line which it dropped
            served.ask("Sam", f"{served.play}/live?seen={mark}&instead=yes", patience=1)

        begun = time.monotonic()
        assert served.ask("Amina", f"{served.play}/clock", do="add_minute")[0] == 200
        told = [served.hear(line, mark) for line in waiting]
        assert time.monotonic() - begun < 5
    assert {news["mark"] for news in told} == {served.news("Sam")["mark"]}
    assert all(news["mark"] != mark and news["again"] == 0 for news in told)
