"""A second trainer reads without knowing the first answer: in nothing that is sent to their browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import RoleGrant
from lms.features.reading.models import SecondReading
from lms.features.reading.rules import in_sample
from lms.features.submissions.models import Review
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from lms.plugin_api.content import ReviewWords, SecondReader
from lms.plugin_api.values import Text
from tests.features.conftest import NOW, Browser
from tests.features.reading.conftest import Reviewed, Send, open_and_release, standing
from tests.pages import follow, form_to, forms, said
from tests.world import World

WORDS = ReviewWords(not_accepted=Text("Not this time", "Pas cette fois"))
COVERED = "kumquat-teapot-93"
NO = {"came_through": COVERED, "to_try": COVERED, "question": COVERED, "tick": "moment", "decision": "not_accepted"}
YES = {"came_through": "A chair by the door.", "decision": "accept"}


@pytest.fixture
def asked(reviewed_as: Reviewed, amina: FlaskClient, luc: FlaskClient, send: Send) -> int:
    """Amina did not accept what Sam wrote, so Luc is to read it too."""
    reviewed_as(words=WORDS, second_reader=SecondReader())
    text = send("Sam", "Somebody had put a chair by the door.")
    assert open_and_release(amina, text, **NO).status_code == 303
    return text


def reviews_told(app: Flask) -> int:
    with app.app_context():
        return len(session.scalars(select(OutboxRow).where(OutboxRow.key.like("happened:after_review:%"))).all())


def test_a_final_no_waits_for_a_second_reader(
    app: Flask, amina: FlaskClient, browser: Browser, asked: int, evening: str, clock: time_machine.Coordinates
) -> None:
    assert "A second reader looks at it without seeing your answer." in said(amina.get(f"/reading/{asked}"))
    clock.shift(timedelta(hours=3))
    page = browser("Sam").get(f"{evening}/activities/how-i-arrive")
    assert COVERED not in page.text
    assert "Not this time" not in page.text
    assert reviews_told(app) == 0
    assert standing(app, asked).visible_from is None


def test_the_second_reader_is_blind(luc: FlaskClient, asked: int, world: World) -> None:
    """Every page of theirs, before they have decided: no word, no tick, no decision, not even the first one's name."""
    assert "1 text for a second reader" in said(luc.get("/reading"))
    assert luc.post("/reading/next").location == "/reading", "it is in a queue of its own"
    assert luc.post(f"/reading/second/{asked}/open").status_code == 303
    luc.post(f"/reading/{asked}/open")
    for path in (
        f"/reading/{asked}",
        f"/reading/second/{asked}",
        "/reading/second",
        "/reading",
        "/reading/held",
        "/today",
    ):
        page = luc.get(path)
        assert page.status_code == 200, path
        assert COVERED not in page.text, path
        assert not any("tick" in form.fields for form in forms(page)), path
        assert "You have answered" not in page.text, path
        assert "Amina" not in said(page), path
    room = said(luc.get(f"/reading/second/{asked}"))
    assert "Somebody had put a chair by the door." in room
    answer = open_and_release(luc, asked, **YES)
    assert answer.status_code == 409
    assert COVERED not in answer.text


def test_agreement_sends_the_first_answer(
    app: Flask, luc: FlaskClient, browser: Browser, asked: int, evening: str, clock: time_machine.Coordinates
) -> None:
    luc.post(f"/reading/second/{asked}/open")
    mine = {"came_through": "I see it too.", "decision": "not_accepted"}
    page = follow(luc, luc.post(f"/reading/second/{asked}", data=mine))
    assert "You both see it the same way. The first answer is on its way." in said(page)
    assert "Nothing waits for a second reader." in said(page)
    clock.shift(timedelta(seconds=11))
    sam = browser("Sam")
    page = said(sam.get(f"{evening}/activities/how-i-arrive"))
    assert "Not this time" in page
    assert "speak with your trainers" in page
    assert COVERED in page
    assert "I see it too." not in page
    assert reviews_told(app) == 1
    again = sam.post(f"{evening}/activities/how-i-arrive/submissions", data={"text": "Once more."})
    assert again.status_code == 409
    assert "Your trainers have decided about this one." in said(again)
    left = said(sam.get(f"{evening}/left"))
    assert "How I arrive" in left or "reflection" in left.lower(), "it counts as not done"


def test_who_differs_sees_both_talks_and_one_settles(
    app: Flask, amina: FlaskClient, luc: FlaskClient, browser: Browser, asked: int, evening: str,
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    luc.post(f"/reading/second/{asked}/open")
    page = follow(luc, luc.post(f"/reading/second/{asked}", data=YES))
    assert "You two see it differently. Please talk." in said(page)
    assert COVERED in page.text
    assert "A chair by the door." in said(amina.get(f"/reading/second/{asked}"))
    assert "The second reader sees it differently." in said(amina.get(f"/reading/{asked}"))
    assert "to settle" in said(amina.get("/reading/second"))
    undo = amina.post(f"/reading/reviews/{standing(app, asked).id}/undo")
    assert undo.status_code == 409
    assert "A second reader has read it meanwhile." in said(undo)
    clock.shift(timedelta(hours=1))
    assert COVERED not in browser("Sam").get(f"{evening}/activities/how-i-arrive").text
    form = form_to(amina.get(f"/reading/second/{asked}"), f"/reading/second/{asked}/settle")
    assert form.fields["came_through"] == COVERED, "one begins with one's own"
    settled = {"came_through": "We talked about your chair.", "decision": "accept"}
    assert amina.post(f"/reading/second/{asked}/settle", data=settled).status_code == 303
    assert amina.post(f"/reading/second/{asked}/settle", data=settled).status_code == 303, "twice is once"
    with app.app_context():
        rows = session.execute(select(Review.decision, Review.undone_at.is_(None)).order_by(Review.id)).all()
    assert [tuple(row) for row in rows] == [("not_accepted", False), ("accept", True)]
    luc.post(f"/reading/second/{asked}/settle", data=NO)
    assert standing(app, asked).decision == "accept", "the other comes too late"
    clock.shift(timedelta(seconds=11))
    page = said(browser("Sam").get(f"{evening}/activities/how-i-arrive"))
    assert "We talked about your chair." in page
    assert COVERED not in page


def test_a_third_trainer_sees_neither(app: Flask, world: World, luc: FlaskClient, browser: Browser, asked: int) -> None:
    from lms.features.accounts.roles import Role

    with app.app_context(), saved():
        accounts.grant_role(world.people["Rosa"], Role.TRAINER, organization=world.organizations["northside"],
                            cohort=world.cohorts["evening"], by=None, now=NOW)  # fmt: skip
    luc.post(f"/reading/second/{asked}/open")
    luc.post(f"/reading/second/{asked}", data=YES)
    rosa = browser("Rosa")
    assert rosa.get(f"/reading/second/{asked}").status_code == 404
    assert rosa.post(f"/reading/second/{asked}/settle", data=YES).status_code == 404
    rosa.post(f"/reading/{asked}/open")
    assert COVERED not in rosa.get(f"/reading/{asked}").text


def test_the_first_reader_is_not_the_second(amina: FlaskClient, asked: int) -> None:
    assert amina.get(f"/reading/second/{asked}").status_code == 404
    assert amina.post(f"/reading/second/{asked}", data=NO).status_code == 404
    assert "for a second reader" not in said(amina.get("/reading"))


def test_undone_before_anybody_has_read_it_is_as_if_never_asked(
    app: Flask, amina: FlaskClient, luc: FlaskClient, asked: int, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(hours=2))
    assert amina.post(f"/reading/reviews/{standing(app, asked).id}/undo").status_code == 303
    assert luc.get(f"/reading/second/{asked}").status_code == 404
    with app.app_context():
        assert session.query(SecondReading).count() == 0
    assert open_and_release(amina, asked, **YES).status_code == 303
    assert standing(app, asked).visible_from is not None


def test_one_can_ask_for_a_second_reader(app: Flask, amina: FlaskClient, luc: FlaskClient, send: Send) -> None:
    text = send("Sam")
    open_and_release(amina, text, **YES, second="yes")
    assert standing(app, text).visible_from is None
    with app.app_context():
        assert session.query(SecondReading).one().why == "asked"


def test_with_one_trainer_alone_it_is_said_and_sent(
    app: Flask, amina: FlaskClient, send: Send, reviewed_as: Reviewed
) -> None:
    reviewed_as(words=WORDS, second_reader=SecondReader())
    text = send("Sam")
    page = follow(amina, open_and_release(amina, text, **NO))
    assert "No other trainer can read this one, so it went out without a second reader." in said(page)
    assert standing(app, text).visible_from is not None


def test_when_the_other_trainers_have_gone_the_first_reader_sends_it(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, asked: int
) -> None:
    assert amina.post(f"/reading/{asked}/without-second").status_code == 409
    with app.app_context(), saved():
        grant = (
            session.query(RoleGrant).filter_by(person_id=world.people["Luc"], cohort_id=world.cohorts["evening"]).one()
        )
        accounts.end_role(grant, by=world.people["Olga"], now=NOW)
    assert "There is no other trainer who could read it." in said(amina.get(f"/reading/{asked}"))
    assert amina.post(f"/reading/{asked}/without-second").status_code == 303
    assert standing(app, asked).visible_from is not None


def test_the_sample_is_the_same_however_often_one_asks(
    app: Flask, amina: FlaskClient, luc: FlaskClient, send: Send, reviewed_as: Reviewed, world: World
) -> None:
    reviewed_as(second_reader=SecondReader(sample=30))
    texts = [send("Sam", activity=f"piece-{number}") for number in range(12)]
    for text in texts:
        open_and_release(amina, text, **YES)
        open_and_release(amina, text, **YES)
    held = [text for text in texts if standing(app, text).visible_from is None]
    assert held == [text for text in texts if in_sample(world.cohorts["evening"], text, 30)]
    assert 0 < len(held) < 12


def test_without_such_words_nothing_is_turned_down(amina: FlaskClient, send: Send) -> None:
    text = send("Sam")
    answer = open_and_release(amina, text, **NO)
    assert answer.status_code == 422
    assert "Choose: accept, or one more look." in said(answer)
    assert "Not this time" not in said(amina.get(f"/reading/{text}"))


# -- undone, held, and left in the middle -------------------------------------------------------------------


def test_another_decision_after_the_agreement_is_read_again(
    app: Flask, amina: FlaskClient, luc: FlaskClient, send: Send, reviewed_as: Reviewed
) -> None:
    reviewed_as(words=WORDS, second_reader=SecondReader(sample=100))
    text = send("Sam")
    open_and_release(amina, text, **YES)
    luc.post(f"/reading/second/{text}/open")
    luc.post(f"/reading/second/{text}", data=YES)
    amina.post(f"/reading/reviews/{standing(app, text).id}/undo")
    open_and_release(amina, text, **{**YES, "came_through": "A chair."})
    assert standing(app, text).visible_from is not None, "other words for the same decision go out"
    amina.post(f"/reading/reviews/{standing(app, text).id}/undo")
    open_and_release(amina, text, **NO)
    assert standing(app, text).visible_from is None
    assert COVERED not in luc.get(f"/reading/second/{text}").text
    assert luc.post(f"/reading/second/{text}", data=NO).status_code == 303
    assert standing(app, text).visible_from is not None


def test_another_decision_than_the_settled_one_is_read_again(
    app: Flask, amina: FlaskClient, luc: FlaskClient, asked: int
) -> None:
    luc.post(f"/reading/second/{asked}/open")
    luc.post(f"/reading/second/{asked}", data=YES)
    luc.post(f"/reading/second/{asked}/settle", data=YES)
    luc.post(f"/reading/reviews/{standing(app, asked).id}/undo")
    open_and_release(luc, asked, **NO)
    assert standing(app, asked).visible_from is None
    assert f"/reading/second/{asked}" in amina.get("/reading/second").text


def test_whether_a_second_reader_is_asked_stays_chosen_when_one_takes_it_back(
    app: Flask, amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    text = send("Sam")
    open_and_release(amina, text, **YES, second="yes")
    amina.post(f"/reading/reviews/{standing(app, text).id}/undo")
    assert form_to(amina.get(f"/reading/{text}"), f"/reading/{text}/release").fields.get("second") == "yes"


def test_agreement_does_not_send_what_is_held(
    app: Flask, amina: FlaskClient, luc: FlaskClient, send: Send, reviewed_as: Reviewed
) -> None:
    reviewed_as(second_reader=SecondReader(sample=100))
    text = send("Sam")
    open_and_release(amina, text, **YES, hold="yes")
    assert "lies with those you hold back" in said(amina.get(f"/reading/{text}"))
    luc.post(f"/reading/second/{text}/open")
    page = follow(luc, luc.post(f"/reading/second/{text}", data=YES))
    assert "You both see it the same way. The first reader sends it later." in said(page)
    assert standing(app, text).visible_from is None
    assert reviews_told(app) == 0
    assert amina.post("/reading/held/release").status_code == 303
    assert standing(app, text).visible_from is not None
    assert reviews_told(app) == 1


def test_the_second_reader_keeps_a_draft(luc: FlaskClient, asked: int) -> None:
    luc.post(f"/reading/second/{asked}/open")
    page = luc.get(f"/reading/second/{asked}")
    assert "Only you see this until you send it." in said(page)
    assert "reading.js" in page.text
    assert "Keep as my draft" in said(page)
    kept = luc.post(
        f"/reading/{asked}/draft", data={"came_through": "A half sen"}, headers={"Accept": "application/json"}
    )
    assert kept.status_code == 200
    fields = form_to(luc.get(f"/reading/second/{asked}"), f"/reading/second/{asked}").fields
    assert fields["came_through"] == "A half sen"


def test_words_of_a_second_reader_outlast_that_the_first_one_takes_theirs_back(
    app: Flask, amina: FlaskClient, luc: FlaskClient, asked: int
) -> None:
    luc.post(f"/reading/second/{asked}/open")
    amina.post(f"/reading/reviews/{standing(app, asked).id}/undo")
    page = follow(luc, luc.post(f"/reading/second/{asked}", data={**YES, "came_through": "Many words of Luc."}))
    assert page.status_code == 200
    assert "No second reader is needed any more. Your words are kept as a draft." in said(page)
    fields = form_to(page, f"/reading/{asked}/release").fields
    assert fields["came_through"] == "Many words of Luc."


def test_words_that_come_after_it_is_settled_are_shown(
    app: Flask, amina: FlaskClient, luc: FlaskClient, asked: int
) -> None:
    luc.post(f"/reading/second/{asked}/open")
    luc.post(f"/reading/second/{asked}", data=YES)
    amina.post(f"/reading/second/{asked}/settle", data=YES)
    page = follow(luc, luc.post(f"/reading/second/{asked}/settle", data={**YES, "came_through": "Late words of Luc."}))
    assert "Your draft, not sent" in said(page)
    assert "Late words of Luc." in page.text


def test_what_a_second_reader_leaves_out_or_writes_too_long_is_asked_for_and_stays(
    luc: FlaskClient, asked: int
) -> None:
    luc.post(f"/reading/second/{asked}/open")
    for typed in ({"decision": ""}, {"decision": "accept", "came_through": "x" * 100_001}):
        answer = luc.post(f"/reading/second/{asked}", data={**typed, "question": "Why?"})
        assert answer.status_code == 422
        assert form_to(answer, f"/reading/second/{asked}").fields["question"] == "Why?"
        assert form_to(luc.get(f"/reading/second/{asked}"), f"/reading/second/{asked}").fields["question"] == "Why?"
