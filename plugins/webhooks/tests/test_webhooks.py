"""Messages as the other side gets them: a real server on this computer, signatures checked by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import lms_webhooks
import pytest
from lms_webhooks import sending
from lms_webhooks.sending import NotDeliveredError, is_public
from lms_webhooks.settings import WebhookSettings

from lms.plugin_api import Event
from lms.plugin_api.testing import check_plugin

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
EVENT = Event(
    key="review-17",
    name="after_review",
    at=datetime(2026, 3, 5, 18, 30, tzinfo=UTC),
    organization="northside",
    cohort=4,
    enrolment=21,
    facts={"activity": "how-i-arrive", "version": "2", "decision": "accept", "text": "I was so afraid that day."},
)


@dataclass
class Listener:
    """The other side: keeps what it gets and answers `status`."""

    port: int = 0
    status: int = 204
    location: str = ""
    got: list[tuple[str, Headers, bytes]] = field(default_factory=list)

    def settings(self, **more: object) -> WebhookSettings:
        url = f"http://127.0.0.1:{self.port}/hooks/learning?from=lms"
        return WebhookSettings.model_validate({"url": url, "secret": SECRET, "allow_local": True, **more})


def _serve(listener: Listener, context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            listener.got.append((self.path, self.headers, body))
            self.send_response(listener.status)
            if listener.location:
                self.send_header("location", listener.location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    listener.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    server = _serve(listener)
    yield listener
    server.shutdown()
    server.server_close()


def test_plugin_keeps_its_contract() -> None:
    check_plugin(lms_webhooks)


def test_a_message_arrives_with_a_signature_that_holds(listener: Listener) -> None:
    lms_webhooks.after_review(EVENT, listener.settings())

    ((path, headers, body),) = listener.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert path == "/hooks/learning?from=lms"
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-id"] == "review-17"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 5
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{listener.port}"


def test_the_known_example_of_the_scheme() -> None:
    """An example that implementations of the scheme share: secret, id, time, body and signature."""
    message = lms_webhooks.message.Message("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}')
    signature = message.signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1614265330)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_thin(listener: Listener) -> None:
    lms_webhooks.after_review(EVENT, listener.settings())

    assert json.loads(listener.got[0][2]) == {
        "type": "after_review",
        "id": "review-17",
        "timestamp": "2026-03-05T18:30:00+00:00",
        "data": {
            "organization": "northside",
            "cohort": 4,
            "enrolment": 21,
            "activity": "how-i-arrive",
            "version": "2",
            "decision": "accept",
        },
    }


@pytest.mark.parametrize(
    ("hook", "happening", "facts", "told"),
    [
        ("after_submission", "submission", {"activity": "a", "version": "1"}, {"activity": "a", "version": "1"}),
        ("after_review", "review", {"decision": "accept", "note": "kind"}, {"decision": "accept"}),
        ("after_decision", "decision", {"outcome": "level-1", "reason": "long"}, {"outcome": "level-1"}),
        ("after_certificate", "certificate", {"serial": "N1", "state": "issued"}, {"serial": "N1", "state": "issued"}),
    ],
)
def test_each_hook_sends_its_own_facts_if_chosen(
    listener: Listener, hook: str, happening: str, facts: dict[str, str], told: dict[str, str]
) -> None:
    event = replace(EVENT, facts=facts)
    others = tuple(h for h in ("submission", "review", "decision", "certificate") if h != happening)
    getattr(lms_webhooks, hook)(event, listener.settings(events=others))
    assert listener.got == []

    getattr(lms_webhooks, hook)(event, listener.settings(events=(happening,)))
    data = json.loads(listener.got[0][2])["data"]
    assert {k: v for k, v in data.items() if k not in ("organization", "cohort", "enrolment")} == told


def test_a_second_try_has_the_same_id_and_body(listener: Listener) -> None:
    for _ in range(2):
        lms_webhooks.after_review(EVENT, listener.settings())
    first, second = listener.got
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]


@pytest.mark.parametrize("status", [400, 404, 410, 500, 503])
def test_a_refusal_is_an_error_so_that_the_outbox_tries_again(listener: Listener, status: int) -> None:
    listener.status = status
    with pytest.raises(NotDeliveredError, match=f"127.0.0.1 did not take the message: it answered {status}."):
        lms_webhooks.after_review(EVENT, listener.settings())


def test_redirects_are_not_followed(listener: Listener) -> None:
    listener.status, listener.location = 307, f"http://127.0.0.1:{listener.port}/elsewhere"
    with pytest.raises(NotDeliveredError, match="redirect"):
        lms_webhooks.after_review(EVENT, listener.settings())
    assert len(listener.got) == 1


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(NotDeliveredError, match="could not be reached"):
            lms_webhooks.after_review(EVENT, Listener(port=port).settings())


@pytest.mark.parametrize("drip", [b"", b"H"])
def test_an_answer_that_does_not_come_ends_after_the_time_out(monkeypatch: pytest.MonkeyPatch, drip: bytes) -> None:
    monkeypatch.setattr(sending, "TIMEOUT", 0.4)
    done = threading.Event()

    def slow(server: socket.socket) -> None:
        other, _ = server.accept()
        with other:
            while not done.wait(0.1):
                try:
                    other.send(drip)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=slow, args=(server,))
        thread.start()
        before = time.monotonic()
        with pytest.raises(NotDeliveredError, match="did not answer"):
            lms_webhooks.after_review(EVENT, Listener(port=server.getsockname()[1]).settings())
        assert time.monotonic() - before < 2
        done.set()
        thread.join()


# -- where messages may go ----------------------------------------------------------------------------------


def _resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
    ],
)
def test_a_private_address_gets_nothing(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    _resolves_to(monkeypatch, "8.8.8.8", address)
    monkeypatch.setattr(sending, "_post", lambda *_: pytest.fail("something was sent"))
    settings = WebhookSettings(url="https://inside.example/hook", secret=SECRET)
    with pytest.raises(NotDeliveredError, match="private network"):
        lms_webhooks.after_review(EVENT, settings)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_fine(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, listener: Listener
) -> None:
    """A name that is asked twice could answer differently the second time."""
    asked = _resolves_to(monkeypatch, "127.0.0.1")
    went: list[tuple[str, int]] = []
    really = socket.create_connection

    def create_connection(where: tuple[str, int], timeout: float) -> socket.socket:
        went.append(where)
        monkeypatch.undo()
        return really(where, timeout=timeout)

    monkeypatch.setattr(socket, "create_connection", create_connection)
    settings = listener.settings(url=f"http://localhost:{listener.port}/hook")
    lms_webhooks.after_review(EVENT, settings)
    assert asked == ["localhost"]
    assert went == [("127.0.0.1", listener.port)]
    assert listener.got[0][1]["host"] == f"localhost:{listener.port}"


def test_plain_http_stays_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves_to(monkeypatch, "192.168.1.20")
    settings = WebhookSettings(url="http://localhost/hook", secret=SECRET, allow_local=True)
    with pytest.raises(NotDeliveredError, match="use https"):
        lms_webhooks.after_review(EVENT, settings)


def test_a_name_without_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NotDeliveredError, match=r"no address for nowhere\.example"):
        lms_webhooks.after_review(EVENT, WebhookSettings(url="https://nowhere.example/", secret=SECRET))


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes its certificate with openssl")
def test_https_checks_the_name_on_the_certificate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    made_by = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hooks.example"]
    names = ["-addext", "subjectAltName=DNS:hooks.example", "-keyout", key, "-out", certificate]
    subprocess.run([*made_by, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = Listener()
    server = _serve(listener, context)
    try:
        _resolves_to(monkeypatch, "127.0.0.1")
        right = listener.settings(url=f"https://hooks.example:{listener.port}/")
        with pytest.raises(NotDeliveredError, match="certificate that can be trusted"):
            lms_webhooks.after_review(EVENT, right)

        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        lms_webhooks.after_review(EVENT, right)
        assert len(listener.got) == 1
        assert listener.got[0][1]["host"] == f"hooks.example:{listener.port}"

        wrong = listener.settings(url=f"https://other.example:{listener.port}/")
        with pytest.raises(NotDeliveredError, match="certificate that can be trusted"):
            lms_webhooks.after_review(EVENT, wrong)
        assert len(listener.got) == 1
    finally:
        server.shutdown()
        server.server_close()
