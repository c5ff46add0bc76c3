"""After a talk: what its trainer notes stands where an answer would, with its result at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.submissions.actions import Author
from lms.features.submissions.by_talk import done_by_talk
from lms.features.submissions.models import Draft, Review, Submission
from lms.features.talks import actions
from lms.features.talks.models import Talk
from lms.host.db import saved, session
from lms.host.guard import GuardedActivityType
from lms.plugin_api.content import Audience
from tests.features.conftest import NOW, Browser
from tests.pages import form_to, said
from tests.world import World, sent_homework

PIECE = "how-i-arrive"
RESULT = {
    "note": "We talked on the stairs.",
    "came_through": "The door that stood open.",
    "to_try": "",
    "question": "",
    "tick": ["moment"],
    "decision": "accept",
}


@pytest.fixture
def talk(app: Flask, world: World) -> int:
    """A time that Sam took, an hour ago."""
    cohort, northside = world.cohorts["evening"], world.organizations["northside"]
    amina, sam = world.people["Amina"], world.people["Sam"]
    with app.app_context(), saved():
        before = NOW - timedelta(days=1)
        times = actions.Offer(cohort, [NOW - timedelta(hours=1)], 20, "Room 2")
        (offered,) = actions.offer(times, by=amina, organization=northside, now=before)
        taker = actions.Taker(world.enrolments["Sam"], cohort, northside, sam)
        actions.take(taker, offered.id, PIECE, now=before)
        return offered.id


def address(world: World, talk: int, cohort: str = "evening") -> str:
    return f"/cohorts/{world.cohorts[cohort]}/talks/{talk}/result"


def piece(world: World) -> str:
    return f"/cohorts/{world.cohorts['evening']}/activities/{PIECE}"


def versions(app: Flask) -> list[tuple[int, bool, str]]:
    with app.app_context():
        rows = session.scalars(select(Submission).order_by(Submission.id))
        return [(row.version, row.by_talk, row.text) for row in rows]


def test_the_note_stands_where_an_answer_would(
    app: Flask, browser: Browser, world: World, talk: int, clock: time_machine.Coordinates
) -> None:
    amina = browser("Amina")
    assert "Done by conversation on" in amina.get(address(world, talk)).text
    assert amina.post(address(world, talk), data=RESULT).status_code == 303
    assert versions(app) == [(1, True, "We talked on the stairs.")]
    clock.shift(timedelta(seconds=11))
    page = said(browser("Sam").get(piece(world)).text)
    assert "This one is complete." in page
    assert "We talked on the stairs." in page
    assert "The door that stood open." in page
    assert "written down already" in amina.get(address(world, talk)).text
    assert "Sam" not in browser("Amina").get("/reading").text


def test_one_more_look_asks_its_question(
    app: Flask, browser: Browser, world: World, talk: int, clock: time_machine.Coordinates
) -> None:
    asked = {**RESULT, "decision": "one_more_look", "question": "Which door was it?"}
    assert browser("Amina").post(address(world, talk), data={**asked, "question": ""}).status_code == 422
    assert versions(app) == [], "nothing is half kept"
    browser("Amina").post(address(world, talk), data=asked)
    clock.shift(timedelta(seconds=11))
    sam = browser("Sam")
    assert "Which door was it?" in sam.get(piece(world)).text
    written = sam.post(f"{piece(world)}/submissions", data={"text": "The blue one."})
    assert written.status_code == 303
    assert [(version, by_talk) for version, by_talk, _text in versions(app)] == [(1, True), (2, False)]


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"note": " "}, "Write one line about the talk."),
        ({"came_through": "", "to_try": ""}, "Write at least one line back."),
        ({"decision": "maybe"}, "Choose: accept, or one more look."),
        ({"decision": "not_accepted"}, "Choose: accept, or one more look."),
        ({"came_through": "x" * 100_001}, "This is longer than we can take"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    missing: dict[str, str], sentence: str, app: Flask, browser: Browser, world: World, talk: int
) -> None:
    typed = {**RESULT, "note": "On the stairs.", "to_try": "Stay with it.", **missing}
    answer = browser("Amina").post(address(world, talk), data=typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    for name in {"note", "to_try"} - set(missing):
        assert str(typed[name]) in answer.text
    assert versions(app) == []
    with app.app_context():
        assert session.get_one(Talk, talk).done_at is None


def test_twice_is_once(app: Flask, browser: Browser, world: World, talk: int) -> None:
    clients = [browser("Amina") for _ in range(3)]
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda client=client: answers.append(client.post(address(world, talk), data=RESULT).status_code)
        )
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303, 303, 303]
    assert len(versions(app)) == 1
    with app.app_context():
        assert session.scalar(select(func.count(Review.id))) == 1


def test_a_draft_of_the_person_stays_as_it_is(
    app: Flask, browser: Browser, world: World, talk: int, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    sam.post(f"{piece(world)}/draft", data={"text": "My own words.", "counter": "0"})
    browser("Amina").post(address(world, talk), data=RESULT)
    with app.app_context():
        assert session.scalars(select(Draft)).one().fields["text"] == "My own words."
    clock.shift(timedelta(seconds=11))
    assert "My own words." in sam.get(piece(world)).text


def test_where_a_text_waits_the_text_is_answered_first(app: Flask, browser: Browser, world: World, talk: int) -> None:
    sent_homework(app, world, "Sam", activity=PIECE)
    answer = browser("Amina").post(address(world, talk), data=RESULT)
    assert answer.status_code == 409
    assert "Answer it under Feedback." in answer.text
    assert len(versions(app)) == 1


def test_of_a_presentation_the_announcement_gets_the_answer(
    app: Flask,
    browser: Browser,
    world: World,
    talk: int,
    monkeypatch: pytest.MonkeyPatch,
    clock: time_machine.Coordinates,
) -> None:
    monkeypatch.setattr(GuardedActivityType, "in_person", property(lambda self: True))
    sent_homework(app, world, "Sam", text="I will speak about doors.", activity=PIECE)
    page = browser("Amina").get(address(world, talk)).text
    assert "Sam has sent something in writing for it." in page
    assert "doors" not in page, "opening it is noted, and happens elsewhere"
    assert browser("Amina").post(address(world, talk), data={**RESULT, "note": ""}).status_code == 303
    assert [(version, by_talk) for version, by_talk, _text in versions(app)] == [(1, False)]
    clock.shift(timedelta(seconds=11))
    assert "The door that stood open." in browser("Sam").get(piece(world)).text


def test_a_presentation_written_for_another_trainer_is_left_to_them(
    app: Flask, browser: Browser, world: World, talk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GuardedActivityType, "in_person", property(lambda self: True))
    text = sent_homework(app, world, "Sam", activity=PIECE)
    with app.app_context(), saved():
        submission = session.get_one(Submission, text)
        submission.audience, submission.reader_id = "trainer", world.people["Luc"]
    assert browser("Amina").post(address(world, talk), data=RESULT).status_code == 409
    with app.app_context():
        assert session.scalar(select(func.count(Review.id))) == 0


def test_a_time_that_nobody_took_or_that_was_called_off_has_no_result(
    app: Flask, browser: Browser, world: World, talk: int
) -> None:
    browser("Amina").post(f"/cohorts/{world.cohorts['evening']}/talks/{talk}/cancel")
    assert browser("Amina").get(address(world, talk)).status_code == 404
    assert browser("Amina").post(address(world, talk), data=RESULT).status_code == 404
    assert browser("Amina").get(address(world, 999)).status_code == 404
    assert versions(app) == []


@pytest.mark.parametrize("name", ["Sam", "Kim", "Rosa", "Luc", "Olga", "Camille", "Léa", "Noor"])
def test_nobody_else_writes_it_down(name: str, app: Flask, browser: Browser, world: World, talk: int) -> None:
    for cohort in ("evening", "morning", "rivers"):
        assert browser(name).post(address(world, talk, cohort), data=RESULT).status_code == 404
    assert versions(app) == []


def test_what_is_written_down_cannot_be_called_off(app: Flask, browser: Browser, world: World, talk: int) -> None:
    browser("Amina").post(address(world, talk), data=RESULT)
    assert browser("Amina").post(f"/cohorts/{world.cohorts['evening']}/talks/{talk}/cancel").status_code == 409


def test_before_it_begins_there_is_nothing_to_write_down(app: Flask, browser: Browser, world: World, talk: int) -> None:
    with app.app_context(), saved():
        session.get_one(Talk, talk).starts_at = NOW + timedelta(hours=1)
    answer = browser("Amina").post(address(world, talk), data=RESULT)
    assert answer.status_code == 409
    assert "This talk has not begun yet." in answer.text
    assert versions(app) == []


# -- two who write, and a trainee who sends meanwhile -------------------------------------------------------


def test_who_writes_it_down_after_a_colleague_keeps_their_words(
    app: Flask, browser: Browser, world: World, talk: int
) -> None:
    with app.app_context(), saved():
        accounts.grant_role(
            world.people["Luc"], Role.TRAINER, organization=world.organizations["northside"],
            cohort=world.cohorts["evening"], by=world.people["Rosa"], now=NOW,
        )  # fmt: skip
    browser("Amina").post(address(world, talk), data=RESULT)
    others = {**RESULT, "note": "We sat outside.", "came_through": "A bench.", "question": "Which bench?"}
    answer = browser("Luc").post(address(world, talk), data={**others, "decision": "one_more_look"})
    assert answer.status_code == 409
    assert "written down already, in other words" in said(answer)
    for words in ("We sat outside.", "A bench.", "Which bench?"):
        assert words in answer.text
    another_window = browser("Amina").post(address(world, talk), data={**RESULT, "note": "And on the way home."})
    assert another_window.status_code == 409
    assert "And on the way home." in another_window.text
    assert browser("Luc").post(address(world, talk), data=RESULT).status_code == 303, "the same words lose nothing"
    assert versions(app) == [(1, True, "We talked on the stairs.")]


def test_what_was_sent_while_a_presentation_is_noted_does_not_swallow_the_note(
    app: Flask, browser: Browser, world: World, talk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GuardedActivityType, "in_person", property(lambda self: True))
    amina = browser("Amina")
    assert "What took place" in said(amina.get(address(world, talk)))
    sent_homework(app, world, "Sam", text="I will speak about doors.", activity=PIECE)
    answer = amina.post(address(world, talk), data=RESULT)
    assert answer.status_code == 409
    assert "Something was sent in writing meanwhile" in said(answer)
    assert "We talked on the stairs." in answer.text
    fields = form_to(answer, address(world, talk)).fields
    assert fields["came_through"] == "The door that stood open."
    assert "note" not in fields, "sent again, it goes through"
    with app.app_context():
        assert session.get_one(Talk, talk).done_at is None
    assert amina.post(address(world, talk), data={**RESULT, **fields, "note": ""}).status_code == 303


def test_refused_the_words_stay_in_the_form(app: Flask, browser: Browser, world: World, talk: int) -> None:
    sent_homework(app, world, "Sam", activity=PIECE)
    answer = browser("Amina").post(address(world, talk), data=RESULT)
    assert answer.status_code == 409
    fields = form_to(answer, address(world, talk)).fields
    assert fields["note"] == "We talked on the stairs."
    assert fields["came_through"] == "The door that stood open."


# -- who reads the note -------------------------------------------------------------------------------------


def last_readers(app: Flask) -> tuple[int, str, int | None]:
    with app.app_context():
        row = session.scalars(select(Submission).order_by(Submission.id.desc())).first()
        assert row is not None
        return row.version, row.audience, row.reader_id


def test_the_note_is_for_whom_the_last_version_was_for(
    app: Flask, browser: Browser, world: World, talk: int, clock: time_machine.Coordinates
) -> None:
    amina, text = browser("Amina"), sent_homework(app, world, "Sam", activity=PIECE)
    with app.app_context(), saved():
        submission = session.get_one(Submission, text)
        submission.audience, submission.reader_id = "trainer", world.people["Amina"]
    amina.post(f"/reading/{text}/open")
    amina.post(f"/reading/{text}/release", data={"question": "Which one?", "decision": "one_more_look"})
    clock.shift(timedelta(seconds=11))
    assert amina.post(address(world, talk), data=RESULT).status_code == 303
    assert last_readers(app) == (2, "trainer", world.people["Amina"])


@pytest.mark.parametrize(("allowed", "audience"), [(("team", "trainer"), "team"), (("me", "trainer"), "trainer")])
def test_a_first_note_is_for_the_team_only_where_the_course_allows_it(
    allowed: tuple[Audience, ...], audience: str, app: Flask, world: World
) -> None:
    amina = world.people["Amina"]
    author = Author(
        world.enrolments["Sam"], world.cohorts["evening"], world.organizations["northside"], world.people["Sam"]
    )
    with app.app_context(), saved():
        done_by_talk(author, PIECE, "On the stairs.", allowed=allowed, by=amina, now=NOW)
    reader = amina if audience == "trainer" else None
    assert last_readers(app) == (1, audience, reader)
