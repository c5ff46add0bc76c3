"""Trainers read and answer: once, with ten seconds to think again, and the trainee sees it afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import RoleGrant
from lms.features.reading.models import ReviewDraft
from lms.features.submissions.models import Opening, Review, Submission
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, forms, said, submit
from tests.world import World, sent_homework, sign_in

KIND = {"came_through": "The chair by the door.", "decision": "accept"}
ASKS = {"came_through": "The chair by the door.", "question": "Who put it there?", "decision": "one_more_look"}


@pytest.fixture
def homework(evening: str) -> str:
    return f"{evening}/activities/how-i-arrive"


@pytest.fixture
def sent(app: Flask, world: World) -> int:
    """What Sam sent an hour ago."""
    return sent_homework(app, world, "Sam", "Somebody had put a chair by the door.")


@pytest.fixture
def open_(amina: FlaskClient, sent: int) -> int:
    """The same, opened by Amina."""
    assert amina.post(f"/reading/{sent}/open").status_code == 303
    return sent


def release(client: FlaskClient, submission: int, **fields: str) -> TestResponse:
    return client.post(f"/reading/{submission}/release", data=fields)


def reviews(app: Flask) -> list[tuple[str, bool]]:
    with app.app_context():
        return [(r.decision, r.undone_at is None) for r in session.scalars(select(Review).order_by(Review.id))]


def undo_path(client: FlaskClient) -> str:
    (path,) = [form.action for form in forms(client.get("/reading")) if form.action.endswith("/undo")]
    return path


# -- what waits ---------------------------------------------------------------------------------------------


def test_the_oldest_comes_first_and_the_next_one_at_once(app: Flask, world: World, amina: FlaskClient) -> None:
    first = sent_homework(app, world, "Kim", "First.")
    second = sent_homework(app, world, "Sam", "Second.", activity="whose-hands")
    assert "2 texts are waiting, oldest first." in said(amina.get("/reading"))
    assert amina.post("/reading/next").location == f"/reading/{first}"
    answer = release(amina, first, **KIND)
    assert answer.location == f"/reading/{second}", "the next one opens with the sending"
    assert release(amina, second, **KIND).location == "/reading"
    assert "All read. New texts appear here as soon as somebody sends one." in said(amina.get("/reading"))


def test_opening_is_noted_once_in_half_an_hour(
    app: Flask, amina: FlaskClient, sent: int, clock: time_machine.Coordinates
) -> None:
    for _ in range(3):
        amina.post(f"/reading/{sent}/open")
    clock.shift(timedelta(minutes=31))
    amina.post(f"/reading/{sent}/open")
    with app.app_context():
        assert len(session.scalars(select(Opening)).all()) == 2


def test_what_was_taken_back_cannot_be_opened(amina: FlaskClient, browser: Browser, sent: int, evening: str) -> None:
    browser("Sam").post(f"{evening}/submissions/{sent}/take-back")
    for answer in (amina.get(f"/reading/{sent}"), amina.post(f"/reading/{sent}/open"), release(amina, sent, **KIND)):
        assert answer.status_code == 404


def test_reading_is_for_the_trainers_of_the_group(browser: Browser, sent: int) -> None:
    for name in ("Luc", "Rosa", "Olga", "Noor", "Kim", "Camille", "Léa"):
        client = browser(name)
        assert client.get(f"/reading/{sent}").status_code == 404, name
        assert client.post(f"/reading/{sent}/open").status_code == 404, name
        assert release(client, sent, **KIND).status_code == 404, name


def test_a_trainer_whose_role_has_ended_reads_no_more(app: Flask, world: World, amina: FlaskClient, open_: int) -> None:
    with app.app_context(), saved():
        grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.people["Amina"])).one()
        accounts.end_role(grant, by=world.people["Olga"], now=NOW)
    assert amina.get(f"/reading/{open_}").status_code == 404


# -- answering ----------------------------------------------------------------------------------------------


def test_feedback_reaches_sam_after_ten_seconds(
    amina: FlaskClient, browser: Browser, open_: int, homework: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    release(amina, open_, **KIND, tick="moment")
    clock.move_to(NOW + timedelta(seconds=9))
    assert "The chair by the door." not in said(sam.get(homework))
    assert "You'll usually hear back" in said(sam.get(homework))
    clock.move_to(NOW + timedelta(seconds=10))
    page = said(sam.get(homework))
    assert "This one is complete." in page
    assert "What Amina said" in page
    assert "The chair by the door." in page
    assert "A concrete moment" in page


def test_one_more_look_comes_with_its_question_and_leads_to_a_second_version(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, open_: int, homework: str,
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    sam = browser("Sam")
    release(amina, open_, **ASKS)
    clock.shift(timedelta(seconds=11))
    assert "One question for you about “How I arrive”" in said(sam.get("/today"))
    page = sam.get(homework)
    assert "Amina read it and has one question for you." in said(page)
    assert "Who put it there?" in said(page)
    form = form_to(page, f"{homework}/submissions")
    assert form.fields["text"] == "Somebody had put a chair by the door.", "the new version begins with the old"
    assert submit(sam, form, text="My cousin had put a chair by the door.").status_code == 303
    page = said(sam.get(homework))
    assert "An earlier version" in page
    assert "Somebody had put a chair by the door." in page
    location = amina.post("/reading/next").location
    room = said(amina.get(location))
    assert "version 2" in room
    assert "The question they were asked Who put it there?" in room
    assert "My cousin had put a chair by the door." in room
    assert "Version 1, and what was said" in room


def test_the_same_words_sent_again_after_a_question_are_a_second_version(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, homework: str, clock: time_machine.Coordinates
) -> None:
    """A quick answer and a quick second sending are no double click."""
    sam = browser("Sam")
    sam.post(f"{homework}/submissions", data={"text": "I stand by this."})
    release(amina, int(amina.post("/reading/next").location.rpartition("/")[2]), **ASKS)
    clock.shift(timedelta(minutes=2))
    assert "Sent." in said(follow(sam, sam.post(f"{homework}/submissions", data={"text": "I stand by this."})))
    with app.app_context():
        rows = session.scalars(
            select(Submission.version).where(Submission.enrolment_id == world.enrolments["Sam"])
        ).all()
    assert list(rows) == [1, 2]


def test_what_is_complete_takes_no_further_version(
    amina: FlaskClient, browser: Browser, open_: int, homework: str, clock: time_machine.Coordinates
) -> None:
    release(amina, open_, **KIND)
    clock.shift(timedelta(seconds=11))
    answer = browser("Sam").post(f"{homework}/submissions", data={"text": "And another thing."})
    assert answer.status_code == 409
    assert "This one is complete. There is nothing more to send." in said(answer)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"decision": "accept"}, "Write at least one line back. It shows that somebody read it."),
        (
            {"decision": "accept", "came_through": "  \n"},
            "Write at least one line back. It shows that somebody read it.",
        ),
        ({"decision": "one_more_look", "came_through": "The chair."}, "One more look needs one concrete question."),
        ({"decision": "reject", "came_through": "The chair."}, "Choose: accept, or one more look."),
        ({"came_through": "The chair."}, "Choose: accept, or one more look."),
    ],
)
def test_feedback_that_is_not_whole_gets_a_sentence_and_stays_typed(
    app: Flask, amina: FlaskClient, open_: int, fields: dict[str, str], sentence: str
) -> None:
    answer = release(amina, open_, tick="moment", **fields)
    assert answer.status_code == 422
    assert sentence in said(answer)
    typed = form_to(answer, f"/reading/{open_}/release").fields
    assert typed["came_through"] == fields.get("came_through", "")
    assert typed["tick"] == "moment"
    assert reviews(app) == []


def test_a_text_of_a_megabyte_in_feedback_is_shown_back(amina: FlaskClient, open_: int) -> None:
    text = ("The chair by the door. " * 50_000)[:1_000_000]
    answer = release(amina, open_, came_through=text, decision="accept")
    assert answer.status_code == 422
    assert "longer than we can take" in said(answer)
    assert text in answer.text


def test_html_in_feedback_is_inert(
    amina: FlaskClient, browser: Browser, open_: int, homework: str, clock: time_machine.Coordinates
) -> None:
    release(
        amina, open_, came_through="<script>alert(1)</script>", to_try="<b>", question="</p>?", decision="one_more_look"
    )
    clock.shift(timedelta(seconds=11))
    page = browser("Sam").get(homework).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_sending_twice_makes_one_review(app: Flask, amina: FlaskClient, open_: int) -> None:
    for _ in range(3):
        assert release(amina, open_, **KIND).status_code == 303
    assert reviews(app) == [("accept", True)]
    with app.app_context():
        told = session.scalars(select(OutboxRow.key).where(OutboxRow.key.like("happened:after_review:%"))).all()
        assert len(told) == 1


# -- a draft of a review ------------------------------------------------------------------------------------


def test_a_review_is_kept_whole_while_it_is_typed_and_nobody_else_sees_it(
    amina: FlaskClient, browser: Browser, open_: int, homework: str, clock: time_machine.Coordinates
) -> None:
    words = {"came_through": "kumquat-teapot-93", "to_try": "Again.", "question": "Who?", "tick": "moment"}
    kept = amina.post(f"/reading/{open_}/draft", data=words, headers={"Accept": "application/json"})
    assert kept.status_code == 200
    form = form_to(amina.get(f"/reading/{open_}"), f"/reading/{open_}/release")
    assert form.fields.items() >= words.items()
    clock.shift(timedelta(minutes=1))
    assert "kumquat-teapot-93" not in browser("Sam").get(homework).text
    assert "kumquat-teapot-93" not in browser("Rosa").get(homework).text


def test_without_script_a_review_is_kept_by_its_button(amina: FlaskClient, open_: int) -> None:
    page = follow(amina, amina.post(f"/reading/{open_}/draft", data=KIND))
    assert "Your review is kept as a draft. Nobody else sees it." in said(page)


# -- thinking again -----------------------------------------------------------------------------------------


def test_undone_within_ten_seconds_it_is_a_draft_again_and_sam_never_saw_it(
    app: Flask, amina: FlaskClient, browser: Browser, open_: int, homework: str, clock: time_machine.Coordinates
) -> None:
    release(amina, open_, **ASKS, tick="moment")
    clock.move_to(NOW + timedelta(seconds=9))
    page = follow(amina, amina.post(undo_path(amina)))
    assert "Taken back. It is your draft again." in said(page)
    fields = form_to(page, f"/reading/{open_}/release").fields
    assert (fields["came_through"], fields["question"], fields["tick"]) == (
        "The chair by the door.",
        "Who put it there?",
        "moment",
    )
    clock.move_to(NOW + timedelta(minutes=1))
    assert "Who put it there?" not in said(browser("Sam").get(homework))
    assert reviews(app) == [("one_more_look", False)]
    assert release(amina, open_, **KIND).status_code == 303
    assert reviews(app) == [("one_more_look", False), ("accept", True)]


def test_after_ten_seconds_it_stays(
    app: Flask, amina: FlaskClient, open_: int, clock: time_machine.Coordinates
) -> None:
    release(amina, open_, **KIND)
    path = undo_path(amina)
    clock.move_to(NOW + timedelta(seconds=10))
    answer = amina.post(path)
    assert answer.status_code == 409
    assert "It has reached the trainee already." in said(answer)
    assert reviews(app) == [("accept", True)]
    assert "For a few seconds you can still take it back." not in said(amina.get("/reading"))


def test_undoing_twice_is_undoing(app: Flask, amina: FlaskClient, open_: int) -> None:
    release(amina, open_, **KIND)
    path = undo_path(amina)
    assert [amina.post(path).status_code for _ in range(2)] == [303, 303]
    assert reviews(app) == [("accept", False)]


def test_nobody_is_told_of_a_review_that_was_undone(
    app: Flask, amina: FlaskClient, open_: int, clock: time_machine.Coordinates
) -> None:
    worker = app.extensions["lms"].extras["worker"]
    release(amina, open_, **ASKS)
    worker.run_due()
    assert reviews_told(app) == [False], "not before Sam can see it"
    amina.post(undo_path(amina))
    clock.shift(timedelta(minutes=1))
    worker.run_due()
    assert reviews_told(app) == []
    release(amina, open_, **KIND)
    clock.shift(timedelta(minutes=1))
    worker.run_due()
    assert reviews_told(app) == [True]


def reviews_told(app: Flask) -> list[bool]:
    """For each review that plugins are to hear of: whether they have."""
    with app.app_context():
        rows = session.scalars(select(OutboxRow).where(OutboxRow.key.like("happened:after_review:%")))
        return [row.done_at is not None for row in rows]


def test_only_the_one_who_wrote_it_undoes_it(
    world: World, app: Flask, amina: FlaskClient, browser: Browser, open_: int
) -> None:
    release(amina, open_, **KIND)
    path = undo_path(amina)
    for name in ("Luc", "Rosa", "Sam"):
        assert browser(name).post(path).status_code == 404


# -- two trainers -------------------------------------------------------------------------------------------


def test_of_two_trainers_the_quicker_one_answers_and_the_others_words_are_kept(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, open_: int
) -> None:
    luc.post(f"/reading/{open_}/open")
    release(amina, open_, **KIND)
    answer = release(luc, open_, came_through="I liked the door.", decision="accept")
    assert answer.status_code == 409
    assert "A colleague has answered this one already. Your words are kept as a draft." in said(answer)
    assert form_to(answer, f"/reading/{open_}/release").fields["came_through"] == "I liked the door."
    assert reviews(app) == [("accept", True)]
    with app.app_context():
        draft = session.get(ReviewDraft, (open_, world.people["Luc"]))
        assert draft
        assert draft.came_through == "I liked the door."


def test_each_trainer_has_a_draft_of_their_own(amina: FlaskClient, luc: FlaskClient, open_: int) -> None:
    luc.post(f"/reading/{open_}/open")
    amina.post(f"/reading/{open_}/draft", data={"came_through": "kumquat-teapot-93"})
    assert "kumquat-teapot-93" not in luc.get(f"/reading/{open_}").text


def test_a_draft_says_when_it_was_kept(
    app: Flask, amina: FlaskClient, open_: int, clock: time_machine.Coordinates
) -> None:
    assert "Only you see this until you send it." in said(amina.get(f"/reading/{open_}"))
    amina.post(f"/reading/{open_}/draft", data={"came_through": "A chair."})
    assert "Only you see this draft. Kept at 4:00 p.m." in said(amina.get(f"/reading/{open_}")).replace("\u202f", " ")
    clock.move_to(NOW + timedelta(days=2))
    later = said(sign_in(app, "Amina").get(f"/reading/{open_}"))
    assert "Only you see this draft. Kept on May 5, 2026" in later


def test_sam_reads_the_names_of_all_who_can_read_and_of_all_who_did(
    amina: FlaskClient, luc: FlaskClient, browser: Browser, open_: int, homework: str, evening: str
) -> None:
    luc.post(f"/reading/{open_}/open")
    sam = browser("Sam")
    assert "Amina opened it" in said(sam.get(homework))
    assert "Luc opened it" in said(sam.get(homework))
    assert "Only Amina and Luc, your trainers, can read this" in said(sam.get(f"{evening}/activities/whose-hands"))


# -- the history --------------------------------------------------------------------------------------------


def test_the_history_of_a_review_carries_no_text(app: Flask, world: World, amina: FlaskClient) -> None:
    words = "kumquat-teapot-93"
    sent = sent_homework(app, world, "Sam", words)
    amina.post(f"/reading/{sent}/open")
    amina.post(f"/reading/{sent}/draft", data={"came_through": words})
    release(amina, sent, came_through=words, to_try=words, question=words, decision="one_more_look")
    amina.post(undo_path(amina))
    with app.app_context():
        rows = session.scalars(select(AuditRow)).all()
        verbs = [row.verb for row in rows if row.subject == f"submission:{sent}"]
        assert verbs == ["submissions.sent", "submissions.opened", "reviews.released.one_more_look", "reviews.undone"]
        assert not any(words in f"{row.verb} {row.subject} {row.why}" for row in rows)
        assert not any(words in str(row.payload) for row in session.scalars(select(OutboxRow)))
        about = {(row.by_id, row.about_id) for row in rows if row.verb.startswith("reviews.")}
        assert about == {(world.people["Amina"], world.people["Sam"])}


def test_a_reply_that_came_back_with_a_question_is_kept_as_a_draft(app: Flask, world: World, browser: Browser) -> None:
    """Amina chooses one more look without a question, reads the page that says so, and leaves it."""
    sent = sent_homework(app, world, "Sam")
    amina = browser("Amina")
    amina.post(f"/reading/{sent}/open")
    words = {"came_through": "The rain on the window.", "decision": "one_more_look"}
    assert amina.post(f"/reading/{sent}/release", data=words).status_code == 422
    assert "The rain on the window." in said(amina.get(f"/reading/{sent}"))
