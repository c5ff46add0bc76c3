"""Confirming and setting aside: the day of the place, notes for those who lead, and the way back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.progress.models import Vouching
from lms.host.audit import AuditRow
from lms.host.db import session
from tests.features.conftest import Browser
from tests.pages import follow, form_to, said, submit
from tests.world import World

LATE_EVENING = datetime(2026, 5, 6, 1, 30, tzinfo=UTC)  # May 5, half past nine, in Toronto


@pytest.fixture
def sam_at(world: World, evening: str) -> str:
    return f"{evening}/people/{world.enrolments['Sam']}"


@pytest.fixture
def rosa(browser: Browser) -> FlaskClient:
    return browser("Rosa")


def vouched(app: Flask) -> list[Vouching]:
    with app.app_context():
        return list(session.scalars(select(Vouching).order_by(Vouching.id)))


# -- days ---------------------------------------------------------------------------------------------------


def test_tomorrow_is_counted_where_the_group_is(
    app: Flask, browser: Browser, sam_at: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(LATE_EVENING)
    confirm = {"requirement": "final-talk", "on": "2026-05-06"}
    answer = browser("Amina").post(f"{sam_at}/confirmations", data=confirm)
    assert answer.status_code == 422
    assert "Choose a day that is not in the future." in said(answer)
    assert browser("Amina").post(f"{sam_at}/confirmations", data={**confirm, "on": "2026-05-05"}).status_code == 303


def test_setting_aside_has_the_day_of_the_place(
    app: Flask, rosa: FlaskClient, sam_at: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(LATE_EVENING)
    rosa.post(f"{sam_at}/waivers", data={"requirement": "role-play", "outcome": "level-1", "reason": "Hands."})
    assert [row.on for row in vouched(app)] == [date(2026, 5, 5)]


@pytest.mark.parametrize("typed", ["0001-01-01", "1999-12-31", "9999-12-31", "soon", ""])
def test_a_day_beyond_gets_the_usual_sentence(app: Flask, rosa: FlaskClient, sam_at: str, typed: str) -> None:
    answer = rosa.post(f"{sam_at}/confirmations", data={"requirement": "final-talk", "on": typed})
    assert answer.status_code == 422
    assert "Enter a date, like 2027-03-27." in said(answer)
    assert vouched(app) == []


# -- notes --------------------------------------------------------------------------------------------------


def test_the_note_of_a_confirmation_is_read_by_those_who_lead(browser: Browser, evening: str, sam_at: str) -> None:
    confirm = {"requirement": "final-talk", "on": "2026-05-01", "note": "At the library, an hour."}
    browser("Amina").post(f"{sam_at}/confirmations", data=confirm)
    for name in ("Amina", "Rosa"):
        assert "Note, for those who lead: At the library, an hour." in said(browser(name).get(sam_at))
    assert "At the library" not in said(browser("Sam").get(f"{evening}/left"))
    browser("Amina").post(f"{sam_at}/confirmations", data={"requirement": "final-talk", "withdraw": "yes"})
    assert "At the library" not in said(browser("Amina").get(sam_at))


# -- the way back -------------------------------------------------------------------------------------------


def test_what_was_set_aside_can_count_again(
    app: Flask, world: World, rosa: FlaskClient, browser: Browser, evening: str, sam_at: str
) -> None:
    for outcome in ("level-1", "level-1r"):
        rosa.post(f"{sam_at}/waivers", data={"requirement": "role-play", "outcome": outcome, "reason": "Sore hands."})
    form = form_to(rosa.get(sam_at), f"{sam_at}/waivers/withdraw")
    gone = form.fields["outcome"]
    assert "It counts again." in said(follow(rosa, submit(rosa, form)))
    assert {row.outcome_id: row.withdrawn_at is not None for row in vouched(app)} == {
        "level-1": gone == "level-1",
        "level-1r": gone == "level-1r",
    }
    assert said(browser("Sam").get(f"{evening}/left")).count("Sore hands.") == 1
    assert rosa.post(form.action, data=form.fields).status_code == 303, "a second click changes nothing"
    with app.app_context():
        rows = session.scalars(select(AuditRow).where(AuditRow.verb.startswith("progress.waiver_withdrawn"))).all()
        assert [(row.verb, row.about_id, row.why) for row in rows] == [
            (f"progress.waiver_withdrawn.{gone}", world.people["Sam"], "")
        ]


def test_a_trainer_has_no_button_and_no_way(browser: Browser, rosa: FlaskClient, sam_at: str) -> None:
    data = {"requirement": "role-play", "outcome": "level-1", "reason": "Sore hands."}
    rosa.post(f"{sam_at}/waivers", data=data)
    assert "waivers/withdraw" not in browser("Amina").get(sam_at).text
    assert browser("Amina").post(f"{sam_at}/waivers/withdraw", data=data).status_code == 404


def test_the_same_again_is_one_and_a_better_reason_takes_its_place(app: Flask, rosa: FlaskClient, sam_at: str) -> None:
    for reason in ("Sore hands.", "Sore hands.", "A broken wrist."):
        rosa.post(f"{sam_at}/waivers", data={"requirement": "role-play", "outcome": "level-1", "reason": reason})
    rows = vouched(app)
    assert [(row.words, row.withdrawn_at is None) for row in rows] == [
        ("Sore hands.", False),
        ("A broken wrist.", True),
    ]
