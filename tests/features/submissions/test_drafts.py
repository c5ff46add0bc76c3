"""Drafts from several windows and devices: no words are replaced by somebody who has not seen them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.submissions.models import Draft
from lms.host.db import session
from tests.pages import follow, form_to, forms, said, submit

BUS, RAIN, TABLE = "On the bus.", "On the bus, in the rain.", "At the kitchen table."


def keep(client: FlaskClient, homework: str, text: str, counter: str | None, *, by_script: bool = True) -> TestResponse:
    headers = {"Accept": "application/json"} if by_script else {}
    data = {"text": text} if counter is None else {"text": text, "counter": counter}
    return client.post(f"{homework}/draft", data=data, headers=headers)


def send(client: FlaskClient, homework: str, text: str, counter: str = "0") -> TestResponse:
    return client.post(f"{homework}/submissions", data={"text": text, "counter": counter})


def drafts(app: Flask) -> list[str]:
    with app.app_context():
        return [draft.fields["text"] for draft in session.scalars(select(Draft))]


def editor(client: FlaskClient, homework: str) -> dict[str, str]:
    return form_to(client.get(homework), f"{homework}/submissions").fields


def take_back(client: FlaskClient, homework: str) -> TestResponse:
    (action,) = [form.action for form in forms(client.get(homework)) if form.action.endswith("/take-back")]
    return client.post(action)


# -- what a page started from -------------------------------------------------------------------------------


def test_a_page_without_a_draft_says_so(sam: FlaskClient, homework: str) -> None:
    assert editor(sam, homework)["counter"] == "0"


@pytest.mark.parametrize("counter", ["0", "", None, "x", "²", "9" * 5000])
@pytest.mark.parametrize("by_script", [True, False])
def test_of_two_pages_that_began_with_nothing_the_second_replaces_nothing(
    app: Flask, sam: FlaskClient, homework: str, counter: str | None, by_script: bool
) -> None:
    assert keep(sam, homework, BUS, "0").json["counter"] == 1
    late = keep(sam, homework, TABLE, counter, by_script=by_script)
    assert late.status_code == 409
    assert BUS in late.text
    assert drafts(app) == [BUS]


def test_both_may_have_written_the_same(app: Flask, sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, BUS, "0")
    assert keep(sam, homework, BUS, "0").json["counter"] == 1
    assert drafts(app) == [BUS]


def test_a_window_left_open_over_a_sending_never_meets_its_number_again(
    app: Flask, sam: FlaskClient, homework: str
) -> None:
    keep(sam, homework, BUS, "0")
    stale = keep(sam, homework, RAIN, "1").json["counter"]
    send(sam, homework, RAIN, str(stale))
    take_back(sam, homework)
    for text in (TABLE, BUS, f"{TABLE} Now."):
        keep(sam, homework, text, editor(sam, homework)["counter"])
        assert keep(sam, homework, "What the old window says.", str(stale)).status_code == 409
    assert drafts(app) == [f"{TABLE} Now."]


def test_a_page_shown_again_still_builds_on_what_it_started_from(app: Flask, sam: FlaskClient, homework: str) -> None:
    """Nothing was written, or too much: the form comes back, and is no newer for it."""
    keep(sam, homework, BUS, "0")
    again = send(sam, homework, " ", "0")
    assert again.status_code == 422
    form = form_to(again, f"{homework}/submissions")
    assert form.fields["counter"] == "0"
    assert submit(sam, form, text=TABLE).status_code == 409
    assert drafts(app) == [BUS]


# -- after sending ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_script", [True, False])
def test_what_was_sent_is_no_draft_again_when_its_autosave_comes_late(
    app: Flask, sam: FlaskClient, homework: str, by_script: bool
) -> None:
    send(sam, homework, BUS)
    late = keep(sam, homework, BUS, "0", by_script=by_script)
    assert late.status_code == (200 if by_script else 303)
    assert drafts(app) == []
    assert "Only you can see it until you send it" not in said(sam.get(homework))


def test_other_words_that_come_after_the_sending_are_kept_and_shown(
    app: Flask, sam: FlaskClient, homework: str
) -> None:
    send(sam, homework, BUS)
    assert keep(sam, homework, TABLE, "0").status_code == 200
    page = sam.get(homework)
    assert "You also wrote this" in said(page)
    assert form_to(page, f"{homework}/draft").fields["text"] == TABLE


def test_taking_back_replaces_no_other_draft_and_both_can_be_read(app: Flask, sam: FlaskClient, homework: str) -> None:
    send(sam, homework, BUS)
    keep(sam, homework, TABLE, "0")
    page = follow(sam, take_back(sam, homework))
    assert "You have it back. You wrote something else too: both are here." in said(page)
    assert drafts(app) == [TABLE]
    assert form_to(page, f"{homework}/submissions").fields["text"] == TABLE
    assert "What you took back" in said(page)

    both = submit(sam, form_to(page, f"{homework}/draft"))
    assert both.status_code == 409
    texts = {form.fields["text"]: form for form in forms(both) if form.action == f"{homework}/draft"}
    assert set(texts) == {BUS, TABLE}
    assert submit(sam, texts[BUS]).status_code == 303
    assert drafts(app) == [BUS]
    assert "What you took back" not in said(sam.get(homework))
