"""What every page shares: headers, forgery protection, error pages that keep words, text that stays text."""

from __future__ import annotations

import gzip
import html
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.host.db import saved, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.markup import plain_text
from lms.host.serving import HEADERS, MAX_FORM
from lms.host.troubles import PluginTrouble
from lms.host.web import MAX_TEXT, form, go_back, host, is_own_path

LONG = "The evening was quiet, we had tea, and nobody hurried. "
SECRET = "kettle-window-path-and-a-long-way-home-after-dark"


def words(page: str) -> str:
    """The words in text areas of a page, as a browser would send them back."""
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    return html.unescape(found.group(1)) if found else ""


@pytest.fixture
def garden(app: Flask) -> Flask:
    """The app with one address that takes a text, one that redirects, and some that go wrong."""

    @app.post("/garden")
    def plant() -> str:
        return form("text")

    @app.post("/garden/back")
    def back() -> Any:
        return go_back(form("next"), "home")

    @app.get("/garden/<what>")
    @app.post("/garden/<what>")
    def go_wrong(what: str) -> str:
        errors: dict[str, Callable[[], Exception]] = {
            "refused": lambda: Refused("The gate is closed in winter."),
            "incomplete": lambda: Incomplete({"text": "Say a little more."}),
            "strange": NotFound,
            "crash": lambda: ValueError("a secret of the house"),
        }
        with saved():
            session.add(row_of(host().guard.host.plugins["homework"].name))
            session.flush()
            raise errors[what]()

    return app


def row_of(name: str) -> PluginTrouble:
    moment = datetime(2026, 3, 5, tzinfo=UTC)
    return PluginTrouble(plugin=name, place="gate", message="", times=1, first_at=moment, last_at=moment)


# -- where one may be sent ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/cohorts/3", "/a?next=//example.org", "/a#b", "/caf%C3%A9", "/été", "/a:b", "/@alice", "/%2F/example.org"],
)
def test_own_paths(path: str) -> None:
    assert is_own_path(path)


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "cohorts",
        "//example.org",
        "///example.org",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "/\n/example.org",
        "\t//example.org",
        " //example.org",
        "/a\\b",
        "/a\r\nSet-Cookie: x=y",
        "/a\x00",
        "https://example.org",
        "https:/example.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:///example.org",
        "//[",
    ],
)
def test_paths_that_lead_elsewhere(path: str | None) -> None:
    assert not is_own_path(path)


def test_going_back_never_leaves_the_host(garden: Flask) -> None:
    client = garden.test_client()
    assert client.post("/garden/back", data={"next": "/cohorts"}).location == "/cohorts"
    assert client.post("/garden/back", data={"next": "//example.org"}).location == "/"
    assert client.post("/garden/back").location == "/"


# -- what people typed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("Alice & Bob", "Alice &amp; Bob"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("# not a title, *not bold*", "# not a title, *not bold*"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://", "https://"),
        ("", ""),
    ],
)
def test_what_people_type_stays_text(text: str, made: str) -> None:
    assert plain_text(text) == made


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("see https://example.org.", "https://example.org", "."),
        ("see http://example.org/a?b=1&c=2!", "http://example.org/a?b=1&amp;c=2", "!"),
        ("(https://example.org)", "https://example.org", ")"),
        ('https://example.org/"onclick=x', "https://example.org/", "&#34;onclick=x"),
        ("https://example.org<b>", "https://example.org", "&lt;b&gt;"),
    ],
)
def test_addresses_become_links_and_nothing_else(text: str, address: str, rest: str) -> None:
    link = f'<a href="{address}" rel="noopener noreferrer nofollow">{address}</a>'
    assert str(plain_text(text)).endswith(link + rest)


def test_a_text_full_of_links_is_no_slower_a_word_than_a_short_one() -> None:
    def seconds(times: int) -> float:
        started = time.perf_counter()
        plain_text("http://a.bc " * times)
        return time.perf_counter() - started

    short, long = (min(seconds(times) for _ in range(3)) for times in (500, 8_000))
    assert long < 16 * short * 5


# -- forged requests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "anything"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost:8000"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "http://localhost.example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://example.org"}, 200),
    ],
)
def test_what_another_site_sends_is_refused(garden: Flask, headers: dict[str, str], status: int) -> None:
    assert garden.test_client().post("/garden", data={"text": "tea"}, headers=headers).status_code == status


def test_a_forged_request_keeps_the_words_that_came_with_it(garden: Flask) -> None:
    answer = garden.test_client().post("/garden", data={"text": LONG}, headers={"Sec-Fetch-Site": "cross-site"})
    assert words(answer.text) == LONG


def test_links_from_other_sites_open(garden: Flask) -> None:
    assert garden.test_client().get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


# -- headers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/static/lms.css", 200),
        ("GET", "/static/nowhere.css", 404),
        ("PUT", "/", 405),
        ("OPTIONS", "/", 200),
        ("POST", "/language", 303),
        ("GET", "/garden/refused", 409),
        ("GET", "/garden/incomplete", 422),
        ("GET", "/garden/strange", 404),
        ("GET", "/garden/crash", 500),
        ("GET", "/account", 302),
    ],
)
def test_every_answer_has_the_security_headers(garden: Flask, method: str, path: str, status: int) -> None:
    with garden.test_client().open(path, method=method) as answer:
        assert answer.status_code in (status, 303)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


def test_the_policy_allows_no_script_in_the_page(app: Flask) -> None:
    policy = app.test_client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = app.test_client().get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=", page)


def test_an_answer_to_a_wrong_method_says_what_is_allowed(app: Flask) -> None:
    assert set(app.test_client().put("/").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_only_https_hosts_ask_for_https(make_app: Callable[..., Flask]) -> None:
    assert "Strict-Transport-Security" not in make_app().test_client().get("/").headers
    assert "Strict-Transport-Security" in make_app(https=True).test_client().get("/").headers


def test_static_files_are_kept_for_ever_by_an_address_with_their_digest(app: Flask) -> None:
    page = app.test_client().get("/").text
    address = re.search(r'href="(/static/lms\.css\?v=[0-9a-f]{12})"', page)
    assert address
    with app.test_client().get(address.group(1)) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/static/lms.css"])
def test_text_goes_out_compressed_to_those_who_can_read_it(app: Flask, path: str) -> None:
    client = app.test_client()
    with client.get(path) as plain, client.get(path, headers={"Accept-Encoding": "gzip"}) as packed:
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.data) == plain.data
        assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


# -- errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "status", "sentence"),
    [
        ("refused", 409, "The gate is closed in winter."),
        ("incomplete", 422, "Say a little more."),
        ("strange", 404, "find this page. It may have moved, or it may not be yours to see."),
        ("crash", 500, "Something went wrong on our side. Copy your text before you leave."),
    ],
)
def test_what_goes_wrong_gets_a_calm_page_and_changes_nothing(
    garden: Flask, what: str, status: int, sentence: str
) -> None:
    answer = garden.test_client().post(f"/garden/{what}", data={"text": LONG, "password": SECRET})
    assert answer.status_code == status
    assert sentence in html.unescape(answer.text)
    assert words(answer.text) == LONG
    assert SECRET not in answer.text
    assert "a secret of the house" not in answer.text
    with garden.app_context():
        assert session.scalars(select(PluginTrouble)).all() == []


def test_a_program_gets_its_error_as_json(garden: Flask) -> None:
    answer = garden.test_client().get("/garden/refused", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (409, {"error": "The gate is closed in winter."})


def test_error_pages_speak_french(garden: Flask) -> None:
    answer = garden.test_client().get("/nowhere", headers={"Accept-Language": "fr-CA"})
    assert answer.headers["Content-Language"] == "fr"


def test_a_stranger_and_a_thing_that_never_was_get_the_same_page(garden: Flask) -> None:
    client = garden.test_client()
    strange, nowhere = (
        re.sub(r'name="next" value="[^"]*"', "", client.get(path).text)
        for path in ("/garden/strange", "/garden-that-never-was")
    )
    assert strange == nowhere


# -- long and odd texts -------------------------------------------------------------------------------------


def test_a_text_within_the_limit_is_taken(garden: Flask) -> None:
    answer = garden.test_client().post("/garden", data={"text": "é" * MAX_TEXT})
    assert answer.text == "é" * MAX_TEXT


def test_a_text_of_a_megabyte_gets_a_sentence_and_is_shown_back(garden: Flask) -> None:
    text = (LONG * 20_000)[:1_000_000]
    answer = garden.test_client().post("/garden", data={"text": text})
    assert answer.status_code == 422
    assert "This is longer than we can take (100000 characters). Please send it in two parts." in answer.text
    assert words(answer.text) == text


def test_more_than_that_is_refused_without_being_read(garden: Flask) -> None:
    answer = garden.test_client().post("/garden", data={"text": "a" * (MAX_FORM + 1)})
    assert answer.status_code == 413
    assert "This is larger than we can take. Please send it in smaller parts." in answer.text


def test_null_bytes_and_windows_line_ends_are_taken_out(garden: Flask) -> None:
    answer = garden.test_client().post("/garden", data={"text": "a\x00b\r\nc\r"})
    assert answer.text == "ab\nc\r"


@pytest.mark.parametrize(
    "path", ["/%00", "/garden%00", "/static/%00", "/static/../config.toml", "/static/%2e%2e/app.py"]
)
def test_odd_addresses_are_not_found(garden: Flask, path: str) -> None:
    with garden.test_client().get(path) as answer:
        assert answer.status_code == 404


def test_a_form_that_is_not_utf8_is_taken_as_well_as_it_can_be(garden: Flask) -> None:
    answer = garden.test_client().post("/garden", data=b"text=caf%E9", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert answer.text.startswith("caf")


# -- plugins ------------------------------------------------------------------------------------------------


def test_troubles_of_plugins_are_kept_after_the_answer(app: Flask) -> None:
    @app.get("/garden")
    def garden() -> str:
        host().guard.fault("garden", "gate.open", "it sticks")
        return "open"

    for _ in range(2):
        assert app.test_client().get("/garden").text == "open"
    with app.app_context():
        row = session.scalars(select(PluginTrouble)).one()
        assert (row.plugin, row.place, row.message, row.times) == ("garden", "gate.open", "it sticks", 2)


def test_guessing_is_slowed_down_where_rate_limits_are_on(make_app: Callable[..., Flask]) -> None:
    client = make_app(rate_limits=True).test_client()
    statuses = [client.post("/sign-in/link", data={"email": "nobody"}).status_code for _ in range(7)]
    assert statuses[0] != 429
    assert statuses[-1] == 429
