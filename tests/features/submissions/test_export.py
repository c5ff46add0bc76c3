"""Take my writing with me: all of one's own words with the feedback on them, and nobody else's."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.features.reading.models import TrainerNote
from lms.host.archive import safe_name, zipped
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.features.submissions.test_files import add, read_and_return, rows, send
from tests.pages import said
from tests.sounds import picture, wav
from tests.world import World

OPEN = "how-i-arrive"


@pytest.fixture
def homework(evening: str) -> str:
    return f"{evening}/activities/{OPEN}"


def taken(client: FlaskClient) -> dict[str, bytes]:
    answer = client.get("/account/writing")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def one(archive: dict[str, bytes], ending: str) -> str:
    (name,) = (name for name in archive if name.endswith(ending))
    return archive[name].decode()


def test_words_files_feedback_and_draft_are_all_in_it(
    app: Flask, sam: FlaskClient, browser: Browser, homework: str, clock: time_machine.Coordinates
) -> None:
    add(sam, homework, "audio", wav(), name="My voice.wav", text="I came by bus.", counter="0")
    add(sam, homework, "photo", picture())
    send(sam, homework, "I came by bus.", "1")
    sent = rows(app)[0].submission_id
    assert sent
    read_and_return(app, browser, sent, clock)
    sam.post(f"{homework}/draft", data={"text": "I came by bus <b>and on foot</b>.", "counter": "0"})
    archive = taken(sam)
    for text in (said(one(archive, f"{OPEN}.html")), one(archive, f"{OPEN}.md")):
        assert "I came by bus." in text
        assert "What did you hear?" in text
        assert "and on foot</b>" in text
        assert "Draft" in text
    assert "> What did you hear?" in one(archive, f"{OPEN}.md")
    assert "<b>and" not in one(archive, f"{OPEN}.html")
    recordings = [content for name, content in archive.items() if name.endswith("my-voice.wav")]
    assert recordings == [wav(), wav()], "of the version, and of the draft that began with it"
    assert f"{OPEN}.html" in archive["contents.html"].decode()


def test_nobody_elses_words_are_in_it(app: Flask, browser: Browser, world: World, homework: str) -> None:
    send(browser("Kim"), homework, "Kim's own words.")
    send(browser("Sam"), homework, "Sam's own words.")
    with app.app_context(), saved():
        note = TrainerNote(
            enrolment_id=world.enrolments["Sam"], by_id=world.people["Amina"], at=NOW, words="Between trainers."
        )
        session.add(note)
    everything = b"".join(taken(browser("Sam")).values()).decode(errors="replace")
    assert "Sam&#39;s own words." in everything
    assert "Kim" not in everything
    assert "Between trainers." not in everything


def test_feedback_that_can_still_be_taken_back_is_not_in_it(app: Flask, browser: Browser, homework: str) -> None:
    sam, amina = browser("Sam"), browser("Amina")
    send(sam, homework, "My words.")
    amina.post("/reading/1/open")
    amina.post("/reading/1/release", data={"question": "What did you hear?", "decision": "one_more_look"})
    assert "What did you hear?" not in one(taken(sam), f"{OPEN}.md")


def test_it_speaks_the_language_of_the_person(sam: FlaskClient, homework: str) -> None:
    send(sam, homework, "Mes mots.")
    sam.set_cookie("language", "fr")
    assert "Mes écrits" in one(taken(sam), "contents.html")
    assert "envoyée" in one(taken(sam), f"{OPEN}.md")


def test_whoever_left_takes_their_writing_too(
    app: Flask, browser: Browser, sam: FlaskClient, homework: str, evening: str, world: World
) -> None:
    send(sam, homework, "My words.")
    browser("Rosa").post(f"{evening}/people/{world.enrolments['Sam']}/leave")
    assert "My words." in one(taken(sam), f"{OPEN}.md")


def test_somebody_without_a_group_gets_an_empty_one(browser: Browser) -> None:
    assert set(taken(browser("Noor"))) == {"contents.html", "contents.md"}


def test_the_account_page_offers_it(sam: FlaskClient) -> None:
    assert "Take my writing with me" in said(sam.get("/account"))


@pytest.mark.parametrize(
    ("words", "name"),
    [("../../etc", "etc"), ("C:\\x", "c-x"), ("Été à Québec", "ete-a-quebec"), ("日本", "x"), ("a" * 300, "a" * 60)],
)
def test_names_in_the_archive_are_safe(words: str, name: str) -> None:
    assert safe_name(words) == name


def test_a_file_that_is_gone_leaves_the_others() -> None:
    def gone() -> list[bytes]:
        raise FileNotFoundError

    made = b"".join(zipped([("a", "one"), ("b", gone), ("c", lambda: [b"th", b"ree"])], NOW + timedelta(days=1)))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"a": b"one", "c": b"three"}
