"""What role plays prove: taking part, active rounds where a course asks for them, and what was seen. Never the story told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from lms.features.cohorts.queries import led_by
from lms.features.progress.queries import evidence_of_cohort, evidence_of_one
from lms.features.roleplay.seen import by_competency, codes_of, lines_seen, read_codes
from lms.plugin_api.values import Text
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.progress.test_transfer import signed_in
from tests.features.roleplay.rooms import Table, begin
from tests.pages import said
from tests.world import World, course_where


@pytest.fixture
def course(app: Flask) -> Any:
    return app.extensions["lms"].catalog.courses["northside:core-peer-support"].course


# -- the rules ----------------------------------------------------------------------------------------------------


def test_what_trainers_noted_is_read_again_from_the_evidence(course: Any) -> None:
    noted = [("first-coffee", ("waits",)), ("first-coffee", ("waits",)), ("gone-card", ("waits",))]
    assert codes_of(noted) == ("seen:first-coffee:waits:2", "seen:gone-card:waits:1")
    ((line, times),) = read_codes(course, [*codes_of(noted), "activity:first", "seen:broken"])
    assert (line.en, times) == ("Waits at least three seconds after an answer", 2)


def test_observers_count_beside_trainers_and_have_no_name(course: Any) -> None:
    (line,) = lines_seen(course, [], [("first-coffee", ("waits",)), ("first-coffee", ("waits", "unknown"))])
    assert (line.by_trainers, line.by_observers) == (0, 2)


def test_cards_lead_to_the_items_of_frameworks(course: Any) -> None:
    cards = [card.model_copy(update={"competencies": ("values:hope",)}) for card in course.cards[:1]]
    named = course.model_copy(
        update={"cards": tuple(cards), "framework_names": {"values:hope": Text("Hope", "L'espoir")}}
    )
    (item,) = by_competency(named, [(cards[0].id, ("waits",)), (cards[0].id, ())], [])
    assert (item.text.en, item.by_trainers, item.by_observers) == ("Hope", 1, 0)
    assert by_competency(course, [("first-coffee", ("waits",))], []) == []


# -- the pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def played(app: Flask, world: World, clock: time_machine.Coordinates) -> Table:
    """Class 6 is over: one round was played, in which Sam was supporter and Person001 observed."""
    clock.move_to(OPEN)
    table = begin(app, world, ("Sam", "Kim", "Person000"))
    clock.shift(timedelta(minutes=4))
    table.end()
    return table


def asks_for(rounds: int) -> Callable[[dict[str, Any]], None]:
    def change(course: dict[str, Any]) -> None:
        for requirement in course["requirements"]:
            if requirement["kind"] == "role-play":
                requirement["active_rounds"] = rounds

    return change


def test_a_course_that_asks_for_active_rounds_counts_them_in_all(
    app: Flask, world: World, played: Table, browser: Browser, evening: str
) -> None:
    assert "as supporter or person" not in said(browser("Sam").get(f"{evening}/left"))
    with course_where(app, world.cohorts["evening"], asks_for(4)):
        assert "You played 1 of 4 rounds as supporter or person, in all." in said(browser("Sam").get(f"{evening}/left"))
        assert "You played 0 of 4 rounds" in said(browser("Person000").get(f"{evening}/left"))
        with app.app_context():
            here = led_by(signed_in(world, "Rosa"), world.cohorts["evening"])
            sam, now = world.enrolments["Sam"], OPEN + timedelta(hours=1)
            assert evidence_of_cohort(here, now).of(sam) == evidence_of_one(here, sam, now).of(sam)


def test_what_a_trainer_saw_is_evidence_that_the_trainee_reads(
    world: World, played: Table, browser: Browser, evening: str
) -> None:
    sent = {"enrolment": world.enrolments["Sam"], "card": "first-coffee", "tick": "waits", "words": "A kind pause"}
    browser("Amina").post(f"{evening}/classes/6/role-play/notes", data=sent)
    left = said(browser("Sam").get(f"{evening}/left"))
    assert "Trainers saw: Waits at least three seconds after an answer." in left
    assert "Trainers saw: Waits at least" in said(browser("Amina").get(f"{evening}/people/{world.enrolments['Sam']}"))
    mine = said(browser("Sam").get(f"{evening}/role-play/mine"))
    assert "Amina, " in mine
    assert "A kind pause" in mine
    assert "A kind pause" not in said(browser("Kim").get(f"{evening}/role-play/mine"))


def test_trainers_see_counts_of_what_observers_ticked_once_it_is_kept_and_no_words(
    world: World, played: Table, browser: Browser, evening: str
) -> None:
    given = {"round": 1, "seen": "", "tick": "waits", "words": "You let the silence be."}
    browser("Person000").post(f"{evening}/classes/6/role-play/sheet", data=given)
    counted, of_sam = "Waits at least three seconds after an answer trainers: 0, observers: 1", world.enrolments["Sam"]
    assert counted not in said(browser("Amina").get(f"{evening}/people/{of_sam}/role-play")), "Sam has not chosen yet"
    assert counted in said(browser("Sam").get(f"{evening}/role-play/mine"))
    browser("Sam").post(f"{evening}/role-play/mine", data={"run": played.run_id, "round": 1, "choice": "keep"})
    page = said(browser("Amina").get(f"{evening}/people/{of_sam}/role-play"))
    assert counted in page
    assert "1 sheet was given about rounds as supporter." in page
    assert "silence" not in page
