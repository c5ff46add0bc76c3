"""Answers by voice, on paper and as files: added, put in order, sent along, taken back, heard by those who may."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lms.features.submissions.incoming import shown_name
from lms.features.submissions.models import Attachment, Draft, Submission
from lms.host.db import may_write, session
from lms.host.transfer import Bounded
from tests.features.conftest import Browser
from tests.pages import said
from tests.sounds import archive, docx, picture, picture_bomb, wav, webm

SCRIPT = {"Accept": "application/json"}
OPEN = "how-i-arrive"


@pytest.fixture
def homework(evening: str) -> str:
    return f"{evening}/activities/{OPEN}"


def add(
    client: FlaskClient,
    homework: str,
    kind: str,
    *contents: bytes,
    script: bool = False,
    name: str = "a.bin",
    **typed: str,
) -> TestResponse:
    sent = [FileStorage(io.BytesIO(content), name) for content in contents]
    boundary, body = encode_multipart({f"sent-{kind}": sent, **typed})
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", **(SCRIPT if script else {})}
    return client.post(f"{homework}/files", data=body, headers=headers)


def send(client: FlaskClient, homework: str, text: str = "", counter: str = "0") -> TestResponse:
    return client.post(f"{homework}/submissions", data={"text": text, "counter": counter})


def rows(app: Flask) -> list[Attachment]:
    with app.app_context():
        return list(session.scalars(select(Attachment).order_by(Attachment.position, Attachment.id)))


def drafted(app: Flask) -> list[str]:
    return [row.name for row in rows(app) if row.submission_id is None]


def stored(app: Flask) -> set[str]:
    folder: Path = app.extensions["lms"].extras["uploads"].folder
    return {file.name for file in folder.rglob("*") if file.is_file()}


def deliver(app: Flask) -> None:
    may_write()
    app.extensions["lms"].extras["worker"].run_due()


@pytest.fixture(autouse=True)
def _empty_store(app: Flask) -> None:
    for file in app.extensions["lms"].extras["uploads"].folder.rglob("*"):
        if file.is_file():
            file.unlink()


# -- adding -------------------------------------------------------------------------------------------------


def test_a_recording_is_kept_with_the_words_that_are_typed(app: Flask, sam: FlaskClient, homework: str) -> None:
    answer = add(sam, homework, "audio", wav(65), text="More in the recording.", counter="0")
    assert answer.status_code == 303
    page = sam.get(homework)
    assert "Recording · 1 min 5 s" in said(page)
    assert "More in the recording." in said(page)
    (row,) = rows(app)
    assert (row.kind, row.media_type, row.seconds, row.submission_id) == ("audio", "audio/wav", 65, None)
    assert stored(app) == {row.stored}


def test_several_pages_come_in_order_and_can_change_places(app: Flask, sam: FlaskClient, homework: str) -> None:
    photos = [picture(size=(60, 40 + n)) for n in range(3)]
    add(sam, homework, "photo", *photos, name="page.jpg")
    first, second, third = rows(app)
    assert "Page 2 of 3" in said(sam.get(homework))
    sam.post(f"{homework}/files/{third.id}/move?to=earlier")
    sam.post(f"{homework}/files/{first.id}/move?to=later")
    sam.post(f"{homework}/files/{third.id}/move?to=earlier")
    assert [row.id for row in rows(app)] == [third.id, first.id, second.id]
    assert sam.post(f"{homework}/files/{third.id}/move?to=earlier").status_code == 303
    assert [row.id for row in rows(app)] == [third.id, first.id, second.id]


def test_what_is_taken_out_is_gone_with_its_bytes(app: Flask, sam: FlaskClient, homework: str) -> None:
    add(sam, homework, "audio", wav())
    (row,) = rows(app)
    assert sam.post(f"{homework}/files/{row.id}/delete", data={"text": "Words."}).status_code == 303
    assert (rows(app), stored(app)) == ([], {row.stored})
    deliver(app)
    assert stored(app) == set()
    assert "Words." in said(sam.get(homework))


def test_the_same_recording_sent_again_is_one(app: Flask, sam: FlaskClient, homework: str) -> None:
    for _ in range(3):
        told = add(sam, homework, "audio", webm(), script=True).json
        assert told
        assert told["problem"] == ""
        assert "Recording" in told["html"]
    assert len(rows(app)) == 1


def test_bytes_that_no_row_came_to_name_are_found_later(
    app: Flask, sam: FlaskClient, homework: str, clock: time_machine.Coordinates
) -> None:
    for _ in range(2):
        add(sam, homework, "audio", wav())
    (row,) = rows(app)
    assert len(stored(app)) == 2
    clock.shift(timedelta(hours=2))
    deliver(app)
    assert stored(app) == {row.stored}


def test_a_photo_loses_the_place_where_it_was_taken(app: Flask, sam: FlaskClient, homework: str, evening: str) -> None:
    add(sam, homework, "photo", picture())
    (row,) = rows(app)
    got = sam.get(f"{evening}/files/{row.id}")
    assert got.mimetype == "image/jpeg"
    assert b"Kettle" not in got.data
    assert b"Exif" not in got.data


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("photo", docx(), "could not open this as a photo"),
        ("photo", picture_bomb(), "too large to open"),
        ("audio", wav()[:30], "could not play this recording"),
        ("audio", wav(200), "longer than 3 minutes"),
        ("audio", bytes(10_000_001), "larger than we can take (10 MB)"),
        ("photo", bytes(12_000_001), "larger than we can take (12 MB a page)"),
    ],
)
def test_what_cannot_be_taken_gets_a_sentence_and_no_word_is_lost(
    app: Flask, sam: FlaskClient, homework: str, kind: str, content: bytes, sentence: str, script: bool
) -> None:
    answer = add(sam, homework, kind, content, name="photo.jpg", text="My words.", counter="0", script=script)
    if script:
        assert answer.json
        assert sentence in answer.json["problem"]
        return
    page = said(sam.get(homework))
    assert sentence in page
    assert "My words." in page
    assert rows(app) == []


def test_a_file_beyond_all_limits_loses_no_words(app: Flask, sam: FlaskClient, homework: str) -> None:
    film = bytes(40_000_000)
    answer = add(sam, homework, "audio", film, text="My words.", counter="0")
    assert answer.status_code == 303
    assert "My words." in said(sam.get(homework))
    assert stored(app) == set()


def test_other_forms_stay_small(sam: FlaskClient) -> None:
    answer = add(sam, "/account/password?", "audio", bytes(2_000_000))
    assert answer.status_code == 413


def test_one_broken_page_stops_no_other(app: Flask, sam: FlaskClient, homework: str) -> None:
    add(sam, homework, "photo", picture(size=(20, 20)), archive(a="b"), picture(size=(30, 30)))
    assert len(rows(app)) == 2


def test_an_eleventh_page_gets_a_sentence(app: Flask, sam: FlaskClient, homework: str) -> None:
    add(sam, homework, "photo", *[picture(size=(20, 20 + n)) for n in range(11)])
    assert len(rows(app)) == 10
    assert "ten pages already" in said(sam.get(homework))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\fakepath\\My notes.doc.exe", "My notes.doc.txt"),
        ('a"b\r\nX: y<b>.html', "a b X y b.txt"),
        ("...", "file.txt"),
        ("été 2026.txt", "été 2026.txt"),
    ],
)
def test_a_name_is_only_shown_and_never_a_path(name: str, shown: str) -> None:
    assert shown_name("file", name, "text/plain") == shown


def test_choosing_a_file_and_pressing_send_sends_both(app: Flask, sam: FlaskClient, homework: str) -> None:
    data = {"text": "See the page.", "counter": "0", "sent-photo": (io.BytesIO(picture()), "page.jpg")}
    assert sam.post(f"{homework}/submissions", data=data).status_code == 303
    (row,) = rows(app)
    assert row.submission_id is not None


def test_a_page_opened_before_the_recording_still_sends(app: Flask, sam: FlaskClient, homework: str) -> None:
    add(sam, homework, "audio", wav(), script=True)
    assert send(sam, homework, "Short words.").status_code == 303
    with app.app_context():
        assert [row.text for row in session.scalars(select(Submission))] == ["Short words."]
        assert list(session.scalars(select(Draft))) == []
    assert [row.submission_id is not None for row in rows(app)] == [True]


def test_a_page_opened_before_the_recording_still_saves(app: Flask, sam: FlaskClient, homework: str) -> None:
    add(sam, homework, "audio", wav(), script=True)
    for number, text in enumerate(("One.", "One. Two.")):
        counter = str(number)
        kept = sam.post(f"{homework}/draft", data={"text": text, "counter": counter}, headers=SCRIPT)
        assert kept.status_code == 200, kept.text
    old = sam.post(f"{homework}/draft", data={"text": "Other.", "counter": "0"}, headers=SCRIPT)
    assert old.status_code == 409, "by now there are words, and this page has not seen them"


def test_a_file_added_on_one_device_above_words_of_another_shows_both_texts(
    app: Flask, sam: FlaskClient, homework: str
) -> None:
    sam.post(f"{homework}/draft", data={"text": "From the phone.", "counter": "0"})
    answer = add(sam, homework, "photo", picture(), text="From the laptop.", counter="0")
    assert answer.status_code == 409
    assert "There are two texts" in said(answer)
    assert "From the phone." in answer.text
    assert "From the laptop." in answer.text
    assert len(rows(app)) == 1


def test_of_very_many_files_in_one_form_few_are_kept_and_no_word_is_lost(
    app: Flask, sam: FlaskClient, homework: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    monkeypatch.setattr(Bounded, "write", lambda file, piece: kept.append(file.most) or len(piece))
    assert add(sam, homework, "photo", *[b"x"] * 300, text="My words.", counter="0").status_code == 303
    assert len([most for most in kept if most]) == 40
    assert rows(app) == []
    assert "My words." in said(sam.get(homework))


# -- versions -----------------------------------------------------------------------------------------------


def test_what_is_taken_back_brings_its_files(app: Flask, sam: FlaskClient, homework: str, evening: str) -> None:
    add(sam, homework, "audio", wav(), text="With sound.", counter="0")
    send(sam, homework, "With sound.", "1")
    sent = rows(app)[0].submission_id
    assert drafted(app) == []
    assert "Recording" in said(sam.get(homework))
    sam.post(f"{evening}/submissions/{sent}/take-back")
    assert len(drafted(app)) == 1


def test_while_it_waits_nothing_can_be_added(app: Flask, sam: FlaskClient, homework: str) -> None:
    send(sam, homework, "Words.")
    told = add(sam, homework, "audio", wav(), script=True).json
    assert told
    assert "sent already" in told["problem"]
    assert rows(app) == []


def read_and_return(app: Flask, browser: Browser, submission: int, clock: time_machine.Coordinates) -> None:
    amina = browser("Amina")
    amina.post(f"/reading/{submission}/open")
    answer = amina.post(
        f"/reading/{submission}/release", data={"question": "What did you hear?", "decision": "one_more_look"}
    )
    assert answer.status_code == 303, answer.text
    clock.shift(timedelta(minutes=1))


def test_a_new_version_begins_with_the_files_of_the_earlier_one(
    app: Flask, sam: FlaskClient, browser: Browser, homework: str, clock: time_machine.Coordinates
) -> None:
    add(sam, homework, "photo", picture(size=(20, 20)), picture(size=(30, 30)), text="Two pages.", counter="0")
    send(sam, homework, "Two pages.", "1")
    first = rows(app)[0].submission_id
    assert first
    read_and_return(app, browser, first, clock)
    assert "Page 1 of 2" in said(sam.get(homework))
    shown = rows(app)[0]
    assert sam.post(f"{homework}/files/{shown.id}/delete", headers=SCRIPT).status_code == 200
    assert len(rows(app)) == 3, "the earlier version keeps its own"
    assert len(drafted(app)) == 1
    send(sam, homework, "One page.")
    deliver(app)
    assert len(stored(app)) == 2, "both are still named by the first version"
    by_version = [len([row for row in rows(app) if row.submission_id == version]) for version in (first, first + 1)]
    assert by_version == [2, 1]


def test_sending_words_alone_takes_the_earlier_files_along(
    app: Flask, sam: FlaskClient, browser: Browser, homework: str, clock: time_machine.Coordinates
) -> None:
    add(sam, homework, "audio", wav(), text="Listen.", counter="0")
    send(sam, homework, "Listen.", "1")
    first = rows(app)[0].submission_id
    assert first
    read_and_return(app, browser, first, clock)
    send(sam, homework, "Listen again.")
    assert [row.submission_id for row in rows(app)] == [first, first + 1]
    assert len(stored(app)) == 1


# -- who may hear it ----------------------------------------------------------------------------------------


def test_a_draft_is_for_its_author_alone(app: Flask, browser: Browser, evening: str, homework: str) -> None:
    add(browser("Sam"), homework, "audio", wav())
    (row,) = rows(app)
    assert browser("Sam").get(f"{evening}/files/{row.id}").status_code == 200
    for name in ("Kim", "Amina", "Rosa", "Noor"):
        assert browser(name).get(f"{evening}/files/{row.id}").status_code == 404
    assert browser("Kim").post(f"{homework}/files/{row.id}/delete").status_code == 404
    assert browser("Kim").post(f"{homework}/files/{row.id}/move").status_code == 404
    assert len(rows(app)) == 1


def test_a_trainer_hears_it_once_the_text_is_opened(app: Flask, browser: Browser, homework: str, evening: str) -> None:
    sam, amina = browser("Sam"), browser("Amina")
    add(sam, homework, "audio", wav())
    add(sam, homework, "photo", picture())
    send(sam, homework, "Listen.")
    sound, page = rows(app)
    assert sound.submission_id
    address = f"/reading/{sound.submission_id}/files/{sound.id}"
    assert amina.get(address).status_code == 404
    amina.post(f"/reading/{sound.submission_id}/open")
    heard = amina.get(address)
    assert heard.data == wav()
    room = amina.get(f"/reading/{sound.submission_id}")
    assert f'src="{address}"' in room.text
    assert f"/files/{page.id}" in room.text
    assert browser("Luc").get(address).status_code == 404
    assert amina.get(f"{evening}/files/{sound.id}").status_code == 404


def test_a_file_is_served_so_that_it_can_do_nothing(app: Flask, sam: FlaskClient, homework: str, evening: str) -> None:
    add(sam, homework, "audio", wav(), name="évening <b>.wav")
    (row,) = rows(app)
    got = sam.get(f"{evening}/files/{row.id}")
    headers = got.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Disposition"].startswith("inline")
    assert sam.get(f"{evening}/files/{row.id}?download").headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-1", 206, 0, 2),
        ("bytes=100-", 206, 100, None),
        ("bytes=-10", 206, -10, None),
        ("bytes=0-99999999", 206, 0, None),
        ("bytes=99999999-", 416, 0, 0),
        ("bytes=5-2", 200, 0, None),
        ("pages=1-2", 200, 0, None),
        ("bytes=0-1,5-6", 200, 0, None),
        ("kettle", 200, 0, None),
    ],
)
def test_players_may_ask_for_a_part(
    app: Flask,
    sam: FlaskClient,
    homework: str,
    evening: str,
    asked: str,
    status: int,
    first: int,
    last: int | None,
) -> None:
    add(sam, homework, "audio", wav())
    (row,) = rows(app)
    got = sam.get(f"{evening}/files/{row.id}", headers={"Range": asked})
    assert got.status_code == status
    assert got.data == wav()[first:last]
    if status == 206:
        assert got.headers["Content-Range"].endswith(f"/{len(wav())}")
        assert got.content_length == len(got.data)


def test_the_microphone_is_for_the_pages_where_one_answers(sam: FlaskClient, homework: str) -> None:
    assert "microphone=(self)" in sam.get(homework).headers["Permissions-Policy"]
    assert "microphone=()" in sam.get("/account").headers["Permissions-Policy"]


def test_files_that_the_course_does_not_want_are_left_out(app: Flask, sam: FlaskClient, homework: str) -> None:
    add(sam, homework, "file", b"%PDF-1.7")
    assert rows(app) == []
    assert "Choose a file" not in said(sam.get(homework))
