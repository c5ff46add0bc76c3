"""Sending from one of several windows: the words that another one kept are not lost by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.submissions.models import Draft, DraftVersion, Submission
from lms.host.db import session
from tests.features.conftest import Browser
from tests.pages import form_to, forms, said

BUS, TABLE = "On the bus.", "At the kitchen table."


def keep(client: FlaskClient, homework: str, text: str, counter: str = "0") -> int:
    headers = {"Accept": "application/json"}
    kept = client.post(f"{homework}/draft", data={"text": text, "counter": counter}, headers=headers)
    assert kept.json is not None
    counted: int = kept.json["counter"]
    return counted


def send(client: FlaskClient, homework: str, text: str, counter: str | None = None) -> TestResponse:
    data = {"text": text} if counter is None else {"text": text, "counter": counter}
    return client.post(f"{homework}/submissions", data=data)


def kept_and_sent(app: Flask) -> tuple[list[str], list[str]]:
    with app.app_context():
        kept = [draft.fields["text"] for draft in session.scalars(select(Draft))]
        return kept, [row.text for row in session.scalars(select(Submission).order_by(Submission.id))]


@pytest.mark.parametrize("counter", ["0", "1", "", None, "²"])
def test_an_old_window_does_not_send_newer_words_away(
    app: Flask, sam: FlaskClient, homework: str, counter: str | None
) -> None:
    keep(sam, homework, "On", "0")
    keep(sam, homework, BUS, "1")
    answer = send(sam, homework, TABLE, counter)
    assert answer.status_code == 409
    assert "There are two texts" in said(answer)
    assert kept_and_sent(app) == ([BUS], [])


@pytest.mark.parametrize("chosen", [BUS, TABLE])
def test_either_of_two_texts_can_be_sent(app: Flask, sam: FlaskClient, homework: str, chosen: str) -> None:
    keep(sam, homework, BUS)
    page = send(sam, homework, TABLE)
    (form,) = [form for form in forms(page) if form.fields.get("text") == chosen]
    assert form.buttons == [f"{homework}/draft", f"{homework}/submissions"], "Enter keeps, a click sends"
    assert "Send this text" in said(page)
    assert "Send that text" in said(page)
    assert sam.post(form.buttons[1], data=form.fields).status_code == 303
    (other,) = {BUS, TABLE} - {chosen}
    assert kept_and_sent(app) == ([other], [chosen]), "the other one stays a draft"


@pytest.mark.parametrize("chosen", [BUS, TABLE])
def test_the_text_that_was_not_chosen_stays_under_the_earlier_drafts(
    app: Flask, sam: FlaskClient, homework: str, chosen: str
) -> None:
    keep(sam, homework, BUS)
    page = send(sam, homework, TABLE)
    (form,) = [form for form in forms(page) if form.fields.get("text") == chosen]
    assert sam.post(form.buttons[0], data=form.fields).status_code == 303
    (other,) = {BUS, TABLE} - {chosen}
    with app.app_context():
        assert [version.fields["text"] for version in session.scalars(select(DraftVersion))] == [other]
    assert other in said(sam.get(homework))


def test_what_waits_for_an_answer_is_not_offered_to_be_sent_twice(sam: FlaskClient, homework: str) -> None:
    send(sam, homework, BUS)
    keep(sam, homework, TABLE)
    page = sam.post(f"{homework}/draft", data={"text": "On foot.", "counter": "0"})
    assert "There are two texts" in said(page)
    assert "Send this text" not in said(page)


def test_a_page_that_knows_the_draft_sends_and_the_draft_is_gone(app: Flask, sam: FlaskClient, homework: str) -> None:
    counter = keep(sam, homework, BUS)
    assert send(sam, homework, f"{BUS} It rained.", str(counter)).status_code == 303
    assert kept_and_sent(app) == ([], [f"{BUS} It rained."])


def test_the_same_words_may_be_sent_from_any_window(app: Flask, sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, BUS)
    assert send(sam, homework, BUS, "0").status_code == 303
    assert kept_and_sent(app) == ([], [BUS])


def test_a_second_click_leaves_what_another_window_wrote_meanwhile(app: Flask, sam: FlaskClient, homework: str) -> None:
    send(sam, homework, BUS)
    keep(sam, homework, TABLE)
    assert send(sam, homework, BUS).status_code == 303
    assert kept_and_sent(app) == ([TABLE], [BUS])


def test_enter_in_a_line_keeps_and_does_not_send(sam: FlaskClient, homework: str) -> None:
    """A browser presses the first button of the form when somebody presses Enter."""
    form = form_to(sam.get(homework), f"{homework}/submissions")
    assert (form.buttons[0], form.buttons[-1]) == (f"{homework}/draft", f"{homework}/submissions")


# -- by which day -------------------------------------------------------------------------------------------


def test_the_promised_day_counts_from_the_day_of_the_group(
    sam: FlaskClient, homework: str, clock: time_machine.Coordinates
) -> None:
    """Half past nine in the evening in Toronto is tomorrow in UTC."""
    clock.move_to(datetime(2026, 5, 6, 1, 30, tzinfo=UTC))
    send(sam, homework, BUS)
    assert "You'll usually hear back by Tuesday, May 12, 2026." in said(sam.get(homework))


def test_a_promise_is_over_when_its_day_is_over_for_the_group(
    sam: FlaskClient, homework: str, browser: Browser, clock: time_machine.Coordinates
) -> None:
    send(sam, homework, BUS)
    clock.move_to(datetime(2026, 5, 13, 1, 30, tzinfo=UTC))
    signed_in = sam.post("/sign-in", data={"email": "sam@example.org", "password": "kettle-window-path"})
    assert signed_in.status_code == 303
    assert "You'll usually hear back by Tuesday, May 12, 2026." in said(sam.get(homework))
    clock.shift(timedelta(hours=3))
    assert "This is taking longer than promised." in said(sam.get(homework))
