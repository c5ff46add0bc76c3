"""A client that keeps drafts and sends, as the page's script does, while the host is killed under it."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.kill.host import Counts, KilledHost, Piece, some_words
from tests.world import PASSWORD, email_of

GONE = (OSError, http.client.HTTPException, json.JSONDecodeError)


class Client:
    def __init__(self, host: KilledHost, piece: Piece) -> None:
        self.host, self.piece = host, piece
        self.path = f"{host.group}/activities/{piece.activity}"
        self.cookie = ""
        self.sign_in()

    def post(self, path: str, fields: Mapping[str, str], accept: str = "application/json") -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.host.port, timeout=20)
        try:
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": accept,
                "Cookie": self.cookie,
                "Sec-Fetch-Site": "same-origin",
            }
            connection.request("POST", path, urlencode(fields), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Set-Cookie") or ""
        finally:
            connection.close()

    def sign_in(self) -> None:
        fields = {"email": email_of(self.piece.name), "password": PASSWORD}
        status, _text, cookie = self.post("/sign-in", fields)
        assert status == 200, status
        self.cookie = cookie.partition(";")[0]

    def save(self, text: str, counter: str) -> tuple[int, dict[str, object]]:
        status, answer, _ = self.post(f"{self.path}/draft", {"text": text, "counter": counter})
        return status, json.loads(answer)


def interrupted(host: KilledHost, times: int, chance: random.Random, counts: Counts) -> None:
    """Each time one piece is written, interrupted and sent."""
    pieces = host.pieces()
    for number in range(times):
        _write_and_send(host, pieces[number % len(pieces)], chance, counts)


def _write_and_send(host: KilledHost, piece: Piece, chance: random.Random, counts: Counts) -> None:
    client = Client(host, piece)
    text, acknowledged, counter = "", "", "0"
    killer = threading.Timer(chance.random() * 0.12, host.kill)
    killer.start()
    sending = chance.random() < 0.5
    try:
        for _ in range(chance.randint(2, 12)):
            text += some_words(chance)
            status, told = client.save(text, counter)
            assert status == 200, (status, told)
            acknowledged, counter = text, str(told["counter"])
        if sending:
            client.post(f"{client.path}/submissions", {"text": text, "counter": counter}, "text/html")
    except GONE:
        pass
    killer.join()
    counts.interrupted("server killed, over HTTP")
    host.start()
    kept = host.draft(piece) or next(iter(host.sent(piece)), "")
    counts.text_must_hold(piece, acknowledged.strip(), kept)
    _send_until_there(client, text, counter)
    host.check_sent(piece, text, counts)


def _send_until_there(client: Client, text: str, counter: str) -> None:
    """As somebody does who is not sure whether it went: again, and "Show both" where the draft is a newer one."""
    for _ in range(5):
        status, told = client.save(text, counter)
        if status == 409:
            counter = str(told["counter"])
        status, _page, _ = client.post(f"{client.path}/submissions", {"text": text, "counter": counter}, "text/html")
        if status in (303, 409):
            client.post(f"{client.path}/submissions", {"text": text, "counter": counter}, "text/html")  # a double click
        if client.host.sent(client.piece):
            return
        time.sleep(0.1)
