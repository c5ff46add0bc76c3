"""The clock of a piece: it goes by the server's time, rests with its writer, and cuts nobody off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.features.care import actions as care
from lms.features.submissions.clock import SILENCE, allowed, runs_at, used_at
from lms.features.submissions.models import WorkClock
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World, course_where, with_clock

PIECE = "how-i-arrive"

# -- rules --------------------------------------------------------------------------------------------------

times = st.integers(0, 100_000).map(lambda seconds: timedelta(seconds=seconds))


@given(st.integers(0, 10_000), times)
def test_silence_counts_for_two_minutes_and_never_less_than_nothing(used: int, passed: timedelta) -> None:
    since = datetime(2026, 5, 5, tzinfo=UTC)
    counted = used_at(used, since, since + passed) - used
    assert counted == min(passed, SILENCE).total_seconds()
    assert used_at(used, since, since - passed) == used, "a clock that was set back takes nothing away"
    assert used_at(used, None, since + passed) == used
    assert runs_at(since, since + passed) == (passed <= SILENCE)


@given(st.lists(st.integers(0, 120), max_size=50))
def test_signs_in_time_count_every_second(gaps: list[int]) -> None:
    now = since = datetime(2026, 5, 5, tzinfo=UTC)
    used = 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        used, since = used_at(used, since, now), now
    assert used == sum(gaps)


@pytest.mark.parametrize(("percent", "seconds"), [(0, 3600), (25, 4500), (50, 5400), (100, 7200)])
def test_extra_time_makes_it_longer(percent: int, seconds: int) -> None:
    assert allowed(60, percent) == seconds


# -- pages --------------------------------------------------------------------------------------------------


@pytest.fixture
def piece(app: Flask, world: World) -> Iterator[str]:
    """The address of a piece that has an hour."""
    with course_where(app, world.cohorts["evening"], with_clock(PIECE)):
        yield f"/cohorts/{world.cohorts['evening']}/activities/{PIECE}"


def turn(client: FlaskClient, piece: str, do: str) -> dict[str, object]:
    answer = client.post(f"{piece}/clock", data={"do": do}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json
    return told


def test_it_starts_when_its_writer_is_ready(browser: Browser, piece: str) -> None:
    sam = browser("Sam")
    before = sam.get(piece).text
    assert "Start when you are ready" in before
    assert "<textarea" not in before
    assert sam.post(f"{piece}/clock", data={"do": "start"}).status_code == 303
    after = said(sam.get(piece).text)
    assert "60 minutes left" in after
    assert "<textarea" in sam.get(piece).text


def test_resting_stops_it_and_hides_nothing(browser: Browser, piece: str, clock: time_machine.Coordinates) -> None:
    sam = browser("Sam")
    turn(sam, piece, "start")
    clock.shift(90)
    saving = {"text": "Halfway.", "counter": "0", "clock": "rest"}
    assert sam.post(f"{piece}/draft", data=saving).status_code == 303
    clock.shift(timedelta(hours=5))
    page = sam.get(piece).text
    assert "Halfway." in page
    assert "The clock rests." in page
    assert "59 minutes left" in said(page)
    assert turn(sam, piece, "on") == {"left": 3510, "running": True}


def test_nothing_is_written_while_it_rests(browser: Browser, piece: str, clock: time_machine.Coordinates) -> None:
    """As the page comes, for those without script; the script takes it away and lets the clock go on by itself."""
    sam = browser("Sam")
    turn(sam, piece, "start")
    assert "readonly" not in sam.get(piece).text
    sam.post(f"{piece}/draft", data={"text": "Halfway.", "counter": "0", "clock": "rest"})
    page = sam.get(piece)
    assert page.text.count(" readonly") == 1
    assert "“Go on” lets you write again." in said(page)
    clock.shift(600)
    kept = sam.post(f"{piece}/draft", data={"text": "Halfway.", "counter": "200"})
    assert kept.status_code == 303
    assert "60 minutes left" in said(sam.get(piece)), "keeping while it rests counts nothing"
    went_on = sam.post(f"{piece}/draft", data={"text": "Halfway.", "counter": "200", "clock": "on"})
    assert went_on.status_code == 303
    page = sam.get(piece)
    assert "Halfway." in page.text
    assert " readonly" not in page.text


def test_the_first_button_keeps_and_turns_nothing(browser: Browser, piece: str) -> None:
    """Enter in a line presses it."""
    sam = browser("Sam")
    turn(sam, piece, "start")
    page = sam.get(piece).text
    first = next(button for button in page.split("<button")[1:] if 'form="writing"' in button.split(">")[0])
    assert f'formaction="{piece}/draft"' in first.split(">")[0]
    assert "name=" not in first.split(">")[0]


def test_a_draft_that_was_begun_before_its_clock_can_start_it(browser: Browser, piece: str) -> None:
    sam = browser("Sam")
    sam.post(f"{piece}/draft", data={"text": "Early.", "counter": "0"})
    page = sam.get(piece).text
    assert " readonly" not in page
    sam.post(f"{piece}/draft", data={"text": "Early.", "counter": "200", "clock": "start"})
    assert 'value="start"' in page
    assert turn(sam, piece, "sign")["running"] is True


def test_at_the_end_of_its_time_one_can_write(browser: Browser, piece: str, clock: time_machine.Coordinates) -> None:
    sam = browser("Sam")
    turn(sam, piece, "start")
    for _ in range(40):
        clock.shift(100)
        turn(sam, piece, "sign")
    turn(sam, piece, "rest")
    assert " readonly" not in sam.get(piece).text


def test_a_tab_that_was_closed_rests_by_itself(browser: Browser, piece: str, clock: time_machine.Coordinates) -> None:
    sam = browser("Sam")
    turn(sam, piece, "start")
    clock.shift(timedelta(hours=5))
    assert "58 minutes left" in said(sam.get(piece).text)
    assert turn(sam, piece, "sign") == {"left": 3480, "running": False}, "a sign alone does not start it again"
    assert turn(sam, piece, "on") == {"left": 3480, "running": True}


def test_saving_a_draft_is_a_sign(browser: Browser, piece: str, clock: time_machine.Coordinates) -> None:
    sam = browser("Sam")
    turn(sam, piece, "start")
    counter = 0
    for number in range(10):
        clock.shift(100)
        answer = sam.post(
            f"{piece}/draft",
            data={"text": f"Line {number}", "counter": counter},
            headers={"Accept": "application/json"},
        )
        counter = answer.json["counter"]
    assert turn(sam, piece, "sign") == {"left": 2600, "running": True}


def test_at_the_end_nothing_is_cut_off(browser: Browser, piece: str, clock: time_machine.Coordinates) -> None:
    sam = browser("Sam")
    turn(sam, piece, "start")
    for _ in range(40):
        clock.shift(100)
        told = turn(sam, piece, "sign")
    assert told == {"left": 0, "running": True}
    assert "The time is used. You can still send." in sam.get(piece).text
    saved_draft = sam.post(f"{piece}/draft", data={"text": "Still writing.", "counter": "0"})
    assert saved_draft.status_code == 303
    page = sam.get(piece).text
    assert "Still writing." in page
    counter = page.split('name="counter" value="')[1].split('"')[0]
    sent = sam.post(f"{piece}/submissions", data={"text": "Still writing.", "counter": counter})
    assert sent.status_code == 303
    assert "Still writing." in sam.get(piece).text


def test_extra_time_applies_by_itself(app: Flask, browser: Browser, world: World, piece: str) -> None:
    with app.app_context(), saved():
        care.agree_on_help(
            world.enrolments["Sam"],
            50,
            False,
            by=world.people["Rosa"],
            about=world.people["Sam"],
            organization=world.organizations["northside"],
            now=NOW,
        )
    turn(browser("Sam"), piece, "start")
    turn(browser("Kim"), piece, "start")
    assert "90 minutes left" in said(browser("Sam").get(piece).text)
    assert "60 minutes left" in said(browser("Kim").get(piece).text)


def test_starting_twice_or_turning_what_never_started_changes_nothing(
    app: Flask, browser: Browser, world: World, piece: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    for do in ("rest", "on", "sign", "", "backwards", "x" * 9):
        turn(sam, piece, do)
    with app.app_context():
        assert session.get(WorkClock, (world.enrolments["Sam"], PIECE)) is None
    turn(sam, piece, "start")
    clock.shift(60)
    assert turn(sam, piece, "start") == {"left": 3540, "running": True}
    with app.app_context():
        verbs = list(session.scalars(select(AuditRow.verb).where(AuditRow.verb.like("clock.%"))))
        assert verbs == ["clock.started"]


def test_sending_rests_it_and_its_trainer_sees_how_long_it_took(
    app: Flask, browser: Browser, world: World, piece: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    turn(sam, piece, "start")
    clock.shift(110)
    sam.post(f"{piece}/submissions", data={"text": "Done.", "counter": "0"})
    clock.shift(timedelta(hours=1))
    with app.app_context():
        row = session.get_one(WorkClock, (world.enrolments["Sam"], PIECE))
        assert (row.used_seconds, row.running_since) == (110, None)
    assert "left" not in said(sam.get(piece).text).replace("What is left", "")
    amina = browser("Amina")
    room = amina.post("/reading/next", follow_redirects=True)
    assert "It took 2 minutes." in said(room.text)


def test_the_words_of_the_button_are_no_part_of_the_answer(
    app: Flask, browser: Browser, world: World, piece: str
) -> None:
    sam = browser("Sam")
    turn(sam, piece, "start")
    sam.post(f"{piece}/draft", data={"text": "Mine.", "counter": "0", "clock": "rest"})
    assert 'value="rest"' in sam.get(piece).text
    from lms.features.submissions.models import Draft

    with app.app_context():
        assert dict(session.get_one(Draft, (world.enrolments["Sam"], PIECE)).fields) == {"text": "Mine."}


@pytest.mark.parametrize("name", ["Amina", "Rosa", "Wes", "Olga", "Camille", "Maël", "Noor"])
def test_nobody_else_turns_it(name: str, app: Flask, browser: Browser, world: World, piece: str) -> None:
    assert browser(name).post(f"{piece}/clock", data={"do": "start"}).status_code == 404
    with app.app_context():
        assert list(session.scalars(select(WorkClock))) == []


def test_a_piece_without_a_clock_has_none(browser: Browser, world: World) -> None:
    path = f"/cohorts/{world.cohorts['evening']}/activities/whose-hands"
    assert browser("Sam").post(f"{path}/clock", data={"do": "start"}).status_code == 404
    assert "data-clock" not in browser("Sam").get(path).text
