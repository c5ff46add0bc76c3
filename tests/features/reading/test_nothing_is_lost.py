"""With one text alone in the queue, with words in two windows, with colleagues who have gone: what was typed is there."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.features.accounts.models import Person, RoleGrant
from lms.features.reading.models import ReviewDraft
from lms.host.db import saved, session
from tests.features.conftest import NOW
from tests.features.reading.conftest import Send, open_and_release, standing
from tests.pages import follow, form_to, said, submit
from tests.world import World

KIND = {"came_through": "A chair by the door.", "decision": "accept"}


@pytest.mark.parametrize(
    ("button", "fields", "leads_to"),
    [
        ("aside", {}, "/reading"),
        ("give", {"to": "Luc"}, "/reading"),
        ("give", {"to": ""}, "/reading/{text}"),
        ("take-up", {}, "/reading/{text}"),
        ("notes", {"note": "They have moved."}, "/reading/{text}"),
        ("draft", {"came_through": "x"}, "/reading"),
        ("release", KIND, "/reading"),
        ("release", {**KIND, "hold": "yes"}, "/reading?hold=yes"),
    ],
)
def test_each_button_works_for_the_last_text_that_waits(
    button: str, fields: dict[str, str], leads_to: str,
    world: World, amina: FlaskClient, luc: FlaskClient, send: Send,
) -> None:  # fmt: skip
    text = send("Sam")
    amina.post(f"/reading/{text}/open")
    typed = {**fields, "to": str(world.people["Luc"])} if fields.get("to") else fields
    answer = amina.post(f"/reading/{text}/{button}", data=typed)
    assert answer.status_code == 303
    assert answer.location == leads_to.format(text=text)
    assert follow(amina, answer).status_code == 200


def test_null_bytes_in_a_reply_are_left_out_of_its_draft(app: Flask, amina: FlaskClient, send: Send) -> None:
    text = send("Sam")
    typed = {"came_through": "a\x00b\r\nc", "tick": ["\x00", "moment"], "level-\x00": "1", "decision": "one_more_look"}
    amina.post(f"/reading/{text}/open")
    assert amina.post(f"/reading/{text}/release", data=typed).status_code == 422
    with app.app_context():
        draft = session.scalars(select(ReviewDraft)).one()
        assert (draft.came_through, draft.ticks) == ("ab\nc", ["moment"])


def test_a_note_that_is_too_long_stays_typed(amina: FlaskClient, send: Send) -> None:
    text = send("Sam")
    amina.post(f"/reading/{text}/open")
    answer = amina.post(f"/reading/{text}/notes", data={"note": "They moved. " * 400})
    assert answer.status_code == 422
    assert "They moved. They moved." in form_to(answer, f"/reading/{text}/notes").fields["note"]


def test_what_was_given_to_somebody_who_has_no_account_any_more_is_everybodys(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    text = send("Sam")
    amina.post(f"/reading/{text}/give", data={"to": str(world.people["Luc"])})
    assert amina.post("/reading/next").location == "/reading"
    with app.app_context(), saved():
        session.execute(update(Person).where(Person.id == world.people["Luc"]).values(disabled_at=NOW))
    assert amina.post("/reading/next").location == f"/reading/{text}"


# -- held by somebody who has gone --------------------------------------------------------------------------

HELD = {"came_through": "kumquat-teapot-17", "decision": "accept", "hold": "yes"}


def gone(app: Flask, world: World, name: str) -> None:
    """They train no group any more."""
    with app.app_context(), saved():
        session.execute(update(RoleGrant).where(RoleGrant.person_id == world.people[name]).values(ended_at=NOW))


def test_what_a_colleague_holds_is_covered_and_theirs(
    app: Flask, amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    text = send("Sam")
    open_and_release(amina, text, **HELD)
    luc.post(f"/reading/{text}/open")
    page = luc.get(f"/reading/{text}")
    assert "kumquat" not in page.text
    assert "A colleague holds an answer back." in said(page)
    assert "/undo" not in page.text
    assert luc.post(f"/reading/reviews/{standing(app, text).id}/undo").status_code == 404
    assert "kumquat" not in luc.get("/reading/held").text


@pytest.mark.parametrize("how", ["role", "account"])
def test_what_somebody_holds_who_has_gone_waits_again_when_a_colleague_says_so(
    how: str, app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    text = send("Sam")
    open_and_release(amina, text, **HELD)
    if how == "role":
        gone(app, world, "Amina")
    else:
        with app.app_context(), saved():
            session.execute(update(Person).where(Person.id == world.people["Amina"]).values(disabled_at=NOW))
    assert "1 answer is held by somebody who has left" in said(luc.get("/reading"))
    assert f"/reading/{text}" in luc.get("/reading/held").text
    luc.post(f"/reading/{text}/open")
    page = luc.get(f"/reading/{text}")
    undo = f"/reading/reviews/{standing(app, text).id}/undo"
    answer = submit(luc, form_to(page, undo))
    assert answer.status_code == 303
    page = follow(luc, answer)
    assert "It waits for an answer again." in said(page)
    assert "kumquat" not in page.text, "what was held stays with who wrote it"
    with app.app_context():
        draft = session.scalars(select(ReviewDraft)).one()
        assert (draft.reviewer_id, draft.came_through) == (world.people["Amina"], "kumquat-teapot-17")
    assert open_and_release(luc, text, **KIND).status_code == 303
    assert standing(app, text).reviewer_id == world.people["Luc"]


def test_what_was_sent_by_somebody_who_has_gone_stays(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    text = send("Sam")
    open_and_release(amina, text, **KIND)
    gone(app, world, "Amina")
    assert luc.post(f"/reading/reviews/{standing(app, text).id}/undo").status_code == 404
    assert "has left" not in said(luc.get("/reading"))
