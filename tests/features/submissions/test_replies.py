"""What a trainee says back: an answer to the question, or thanks."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.submissions.models import Reply
from lms.host.audit import AuditRow
from lms.host.db import session
from tests.features.conftest import Browser
from tests.pages import follow, form_to, said, submit
from tests.world import World, sent_homework


@pytest.fixture
def sent(app: Flask, world: World) -> int:
    return sent_homework(app, world, "Sam")


@pytest.fixture
def answered(browser: Browser, sent: int, clock: time_machine.Coordinates) -> int:
    """Amina accepted it, with a question, and Sam can see that."""
    amina = browser("Amina")
    amina.post(f"/reading/{sent}/open")
    words = {"came_through": "The rain.", "question": "Who was beside you?", "decision": "accept"}
    assert amina.post(f"/reading/{sent}/release", data=words).status_code == 303
    clock.shift(timedelta(seconds=11))
    return sent


def test_sam_answers_the_question_and_both_see_it(
    app: Flask, sam: FlaskClient, browser: Browser, evening: str, answered: int
) -> None:
    homework = f"{evening}/activities/how-i-arrive"
    place = f"{evening}/submissions/{answered}/replies"
    page = follow(sam, submit(sam, form_to(sam.get(homework), place), words="My neighbour."))
    assert "My neighbour." in said(page)
    assert "Thanks, read" not in said(page), "there is no need for it any more"
    assert "My neighbour." in said(browser("Amina").get(f"/reading/{answered}"))
    with app.app_context():
        assert "neighbour" not in " ".join(
            f"{row.verb}{row.subject}{row.why}" for row in session.scalars(select(AuditRow))
        )


def test_thanks_without_words_once(app: Flask, sam: FlaskClient, evening: str, answered: int) -> None:
    place = f"{evening}/submissions/{answered}/replies"
    for _ in range(2):
        sam.post(place)
    assert "Thanks, read." in said(sam.get(f"{evening}/activities/how-i-arrive"))
    with app.app_context():
        assert len(session.scalars(select(Reply)).all()) == 1


def test_amina_is_told_on_today_until_she_has_seen_it(
    sam: FlaskClient, browser: Browser, evening: str, answered: int
) -> None:
    amina = browser("Amina")
    assert "reply" not in said(amina.get("/today"))
    sam.post(f"{evening}/submissions/{answered}/replies", data={"words": "My neighbour."})
    today = amina.get("/today")
    assert "Sam answered you" in said(today)
    amina.post(f"/reading/{answered}/open")
    assert "Sam answered you" not in said(amina.get("/today"))


def test_nobody_answers_for_another_or_before_there_is_something_to_answer(
    sam: FlaskClient, browser: Browser, evening: str, sent: int
) -> None:
    place = f"{evening}/submissions/{sent}/replies"
    assert sam.post(place, data={"words": "Hello?"}).status_code == 404
    assert browser("Kim").post(place, data={"words": "Hello?"}).status_code == 404
