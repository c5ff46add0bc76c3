"""Two windows of one trainer, and trainers of several organizations."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.organizations.models import Organization
from lms.features.submissions.models import Review
from lms.host.db import saved, session
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, forms, said
from tests.world import World, sent_homework

CHAIR, DOOR = "The chair by the door.", "The door was open."


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


@pytest.fixture
def sent(app: Flask, world: World, amina: FlaskClient) -> int:
    """What Sam sent, opened by Amina."""
    made = sent_homework(app, world, "Sam", "Somebody had put a chair by the door.")
    amina.post(f"/reading/{made}/open")
    return made


def released(app: Flask) -> list[str]:
    with app.app_context():
        return list(session.scalars(select(Review.came_through).where(Review.undone_at.is_(None))))


@pytest.mark.parametrize(
    "other",
    [
        {"came_through": DOOR},
        {"to_try": "Once more."},
        {"question": "Who put it there?"},
        {"tick": "moment"},
        {"question": "Who put it there?", "decision": "one_more_look"},
    ],
)
def test_other_words_from_a_second_window_are_not_called_sent(
    app: Flask, amina: FlaskClient, sent: int, other: dict[str, str]
) -> None:
    first = {"came_through": CHAIR, "decision": "accept"}
    amina.post(f"/reading/{sent}/release", data=first)
    answer = amina.post(f"/reading/{sent}/release", data={**first, **other})
    assert answer.status_code == 409
    assert "You have answered this one already. These words are kept as your draft." in said(answer)
    assert released(app) == [CHAIR]
    page = said(amina.get(f"/reading/{sent}"))
    assert "Your draft, not sent" in page
    assert next(iter(other.values())) in page or "A concrete moment" in page


def test_the_same_words_with_other_blanks_are_the_same_click(app: Flask, amina: FlaskClient, sent: int) -> None:
    for text in (CHAIR, f"{CHAIR}\n"):
        answer = amina.post(f"/reading/{sent}/release", data={"came_through": text, "decision": "accept"})
        assert answer.status_code == 303
    assert released(app) == [CHAIR]


def test_a_page_sends_what_it_shows_whatever_another_window_kept(app: Flask, amina: FlaskClient, sent: int) -> None:
    amina.post(f"/reading/{sent}/draft", data={"came_through": CHAIR})
    amina.post(f"/reading/{sent}/draft", data={"came_through": DOOR})
    amina.post(f"/reading/{sent}/release", data={"came_through": CHAIR, "decision": "accept"})
    assert released(app) == [CHAIR]


def test_what_was_sent_is_no_draft_again_when_its_autosave_comes_late(amina: FlaskClient, sent: int) -> None:
    amina.post(f"/reading/{sent}/release", data={"came_through": CHAIR, "decision": "accept"})
    amina.post(f"/reading/{sent}/draft", data={"came_through": CHAIR})
    assert "Your draft, not sent" not in said(amina.get(f"/reading/{sent}"))


def test_undoing_keeps_the_words_that_were_written_since(amina: FlaskClient, sent: int) -> None:
    amina.post(f"/reading/{sent}/release", data={"came_through": CHAIR, "to_try": "Look.", "decision": "accept"})
    amina.post(f"/reading/{sent}/release", data={"came_through": DOOR, "to_try": "Look.", "decision": "accept"})
    (undo,) = [form.action for form in forms(amina.get("/reading")) if form.action.endswith("/undo")]
    fields = form_to(follow(amina, amina.post(undo)), f"/reading/{sent}/release").fields
    assert fields["came_through"] == f"{CHAIR}\n\n{DOOR}"
    assert fields["to_try"] == "Look."


def test_times_are_those_of_the_group_whose_text_it_is(app: Flask, world: World, sent: int, browser: Browser) -> None:
    """Amina also leads at another house, in Vancouver: the one that is first for her."""
    with app.app_context(), saved():
        accounts.grant_role(
            world.people["Léa"], Role.TRAINER, organization=world.organizations["northside"],
            cohort=world.cohorts["evening"], by=None, now=NOW,
        )  # fmt: skip
        session.execute(update(Organization).values(time_zone="Asia/Tokyo"))
        northside = session.get_one(Organization, world.organizations["northside"])
        northside.time_zone = "America/Vancouver"
    lea = browser("Léa")
    with counted(app) as first:
        page = said(lea.get(f"/reading/{sent}"))
    assert "sent on Tue, May 5" in page, "12 o'clock in Vancouver, tomorrow in Tokyo"
    lea.post(f"/reading/{sent}/open")
    assert "Tue, May 5, 12:00\u202fp.m." in said(lea.get(f"/reading/{sent}"))
    kept = lea.post(f"/reading/{sent}/draft", data={"came_through": DOOR}, headers={"Accept": "application/json"})
    assert kept.json == {"at": "1:00\u202fp.m."}
    assert len([statement for statement in first if "organization.time_zone" in statement]) <= 2
