"""What a draft said before can be brought back, for as long as it is a draft."""

from __future__ import annotations

from datetime import datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.features.submissions.models import DraftVersion
from lms.features.submissions.rules import KEEP_EVERY, KEPT_VERSIONS, worth_keeping
from lms.host.db import session
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit

LONG = "On the bus, in the rain, I sat beside somebody who wept, and I did not know what to say."


def keep(client: FlaskClient, homework: str, text: str) -> None:
    counter = form_to(client.get(homework), f"{homework}/submissions").fields["counter"]
    assert client.post(f"{homework}/draft", data={"text": text, "counter": counter}).status_code == 303


def kept(app: Flask) -> list[str]:
    with app.app_context():
        rows = session.scalars(select(DraftVersion).order_by(DraftVersion.saved_at.desc(), DraftVersion.id.desc()))
        return [row.fields["text"] for row in rows]


def test_words_that_were_emptied_by_mistake_come_back(app: Flask, sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, LONG)
    keep(sam, homework, "")
    page = sam.get(homework)
    assert "An earlier draft" in said(page)
    assert LONG in said(page)
    with app.app_context():
        version = session.scalars(select(DraftVersion.id)).one()
    back = follow(sam, submit(sam, form_to(page, f"{homework}/draft/versions/{version}")))
    assert "These words are your draft again." in said(back)
    assert form_to(back, f"{homework}/submissions").fields["text"] == LONG


def test_bringing_back_keeps_what_stood_there(
    app: Flask, sam: FlaskClient, homework: str, clock: time_machine.Coordinates
) -> None:
    keep(sam, homework, LONG)
    clock.shift(timedelta(minutes=6))
    keep(sam, homework, "Something quite different, written on another day, with as many words as the first one had.")
    with app.app_context():
        version = session.scalars(select(DraftVersion.id)).one()
    clock.shift(timedelta(minutes=6))
    sam.post(f"{homework}/draft/versions/{version}")
    assert [text[:9] for text in kept(app)] == ["Something"]


def test_small_changes_within_minutes_are_one_version(
    app: Flask, sam: FlaskClient, homework: str, clock: time_machine.Coordinates
) -> None:
    for end in range(20, len(LONG), 10):
        keep(sam, homework, LONG[:end])
        clock.shift(timedelta(seconds=20))
    assert len(kept(app)) == 1


def test_only_the_last_ones_are_kept(
    app: Flask, sam: FlaskClient, homework: str, clock: time_machine.Coordinates
) -> None:
    for number in range(KEPT_VERSIONS + 5):
        keep(sam, homework, f"{LONG} {number}")
        clock.shift(KEEP_EVERY)
    assert len(kept(app)) == KEPT_VERSIONS
    assert kept(app)[0].endswith(str(KEPT_VERSIONS + 3))


def test_nobody_else_sees_them_and_sending_ends_them(
    app: Flask, sam: FlaskClient, browser: Browser, homework: str
) -> None:
    keep(sam, homework, LONG)
    keep(sam, homework, "Short.")
    with app.app_context():
        version = session.scalars(select(DraftVersion.id)).one()
    assert browser("Kim").post(f"{homework}/draft/versions/{version}").status_code == 404
    assert LONG not in browser("Amina").get(homework).text
    sam.post(f"{homework}/submissions", data={"text": "Short."})
    assert kept(app) == []


WORDS = st.dictionaries(st.sampled_from(["text", "answer1"]), st.text(max_size=30))


@given(WORDS, WORDS, st.none() | st.integers(0, 600))
def test_a_large_loss_is_always_kept_and_nothing_is_kept_of_nothing(
    before: dict[str, str], after: dict[str, str], seconds: int | None
) -> None:
    kept_at: datetime | None = None if seconds is None else NOW - timedelta(seconds=seconds)
    size = [sum(len(text.strip()) for text in fields.values()) for fields in (before, after)]
    worth = worth_keeping(before, after, kept_at, NOW)
    if size[0] == 0 or before == after:
        assert not worth
    elif size[1] * 2 < size[0] or kept_at is None or NOW - kept_at >= KEEP_EVERY:
        assert worth
