"""Practice for one: a page with every moment, a note that one finished, and a way that is read only when it is shared."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.practice.models import SoloPractice
from lms.host.audit import AuditRow
from lms.host.db import session
from tests.features.conftest import Browser
from tests.pages import follow, said

NAME = "first-coffee-alone"
OPENING = "Is this for anyone?"
WAY = "0-0-0"  # it is open to all; how has your morning been; what are your evenings like


@pytest.fixture
def practice(evening: str) -> str:
    return f"{evening}/practice/{NAME}"


@pytest.fixture
def sam(browser: Browser) -> FlaskClient:
    return browser("Sam")


def kept(app: Flask) -> list[SoloPractice]:
    with app.app_context():
        return list(session.scalars(select(SoloPractice)))


def share(client: FlaskClient, practice: str, path: str = WAY, **lines: str) -> str:
    return said(follow(client, client.post(practice, data={"what": "share", "path": path, **lines})))


def test_the_page_has_every_moment_so_that_it_goes_on_without_a_network(sam: FlaskClient, practice: str) -> None:
    page = sam.get(practice).text
    assert OPENING in said(page)
    for place in ("at-counter", "did-counter-0", "at-cup", "at-evenings", "at-stays", "at-away"):
        assert f'id="{place}"' in page
        assert f'"#{place}"' in page, "something leads there"


def test_nothing_that_was_chosen_is_kept_unless_it_is_shared(app: Flask, sam: FlaskClient, practice: str) -> None:
    answer = sam.post(practice, data={"what": "finish", "path": WAY, "own-0": "Hello, I am Sam."})
    assert "What you chose is kept nowhere." in said(follow(sam, answer))
    [row] = kept(app)
    assert (row.practice, row.shared, row.shared_at) == (NAME, None, None)
    with app.app_context():
        assert not any(NAME in str(vars(row)) for row in session.scalars(select(AuditRow)))


def test_finishing_twice_is_finishing(app: Flask, sam: FlaskClient, practice: str) -> None:
    for _ in range(2):
        sam.post(practice, data={"what": "finish"})
    assert len(kept(app)) == 1


def test_a_shared_way_is_read_by_those_who_lead_and_by_nobody_else(
    browser: Browser, sam: FlaskClient, practice: str, evening: str
) -> None:
    page = share(sam, practice, **{"own-0": "Good morning, come in."})
    assert "Those who lead your group can read this way" in page
    assert "Good morning, come in." in page
    read = said(browser("Amina").get(f"{evening}/practice"))
    assert "Good morning, come in." in read
    assert "What are your evenings like?" in read
    assert "Good morning, come in." not in said(browser("Kim").get(f"{evening}/practice"))
    assert "Good morning, come in." not in said(browser("Kim").get(practice))


def test_what_is_taken_back_is_gone(
    app: Flask, browser: Browser, sam: FlaskClient, practice: str, evening: str
) -> None:
    share(sam, practice, **{"own-0": "Good morning, come in."})
    answer = follow(sam, sam.post(practice, data={"what": "take-back"}))
    assert "Nobody else can read it now." in said(answer)
    assert "Good morning" not in said(browser("Amina").get(f"{evening}/practice"))
    [row] = kept(app)
    assert row.shared is None
    assert row.finished_at is not None


def test_a_way_shared_once_more_takes_the_place_of_the_first(app: Flask, sam: FlaskClient, practice: str) -> None:
    share(sam, practice, **{"own-0": "First."})
    share(sam, practice, **{"own-0": "Second."})
    [row] = kept(app)
    assert row.shared is not None
    assert row.shared["steps"][0]["own"] == "Second."


@pytest.mark.parametrize("path", ["", "0", "9-9", "0-0-0-0-0-0", "a-b", "²-1", "-1", "0-" * 40])
def test_a_way_that_leads_to_no_end_is_refused_in_words(app: Flask, sam: FlaskClient, practice: str, path: str) -> None:
    answer = sam.post(practice, data={"what": "share", "path": path})
    assert "does not lead to an end" in said(follow(sam, answer) if answer.status_code == 303 else answer)
    assert kept(app) == []


def test_somebody_reads_it_in_french(sam: FlaskClient, practice: str) -> None:
    sam.post("/language", data={"language": "fr"})
    page = said(sam.get(practice))
    assert "C'est pour tout le monde, ça?" in page
    assert OPENING not in page


def test_a_practice_that_is_not_there_is_not_found(sam: FlaskClient, evening: str) -> None:
    assert sam.get(f"{evening}/practice/nothing").status_code == 404
    assert sam.post(f"{evening}/practice/nothing", data={"what": "finish"}).status_code == 404


def test_it_is_found_from_the_course(sam: FlaskClient, evening: str) -> None:
    assert f'href="{evening}/practice"' in sam.get(f"{evening}/course").text
