"""What goes wrong in a class, and what everybody reads then: somebody leaves in the middle, nobody is left to observe, two
trainers start at once, the trainer's device dies, one person is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from lms.features.roleplay.models import Run
from lms.features.roleplay.plays import play_of
from lms.host.db import session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.roleplay.rooms import Table, begin
from tests.pages import follow, said, shown
from tests.world import World

IN_THE_PLAY = 200  # seconds after the start: two minutes to get ready, one to read


@pytest.fixture
def tonight(evening: str) -> str:
    return f"{evening}/classes/6/role-play"


@pytest.fixture
def table(app: Flask, world: World, clock: time_machine.Coordinates) -> Table:
    """Sam supports, Kim is the person, Person000 observes; they play."""
    clock.move_to(OPEN)
    return begin(app, world, ("Sam", "Kim", "Person000"), ago=IN_THE_PLAY)


def chooses(browser: Browser, tonight: str, name: str, what: str) -> None:
    assert browser(name).post(f"{tonight}/room", data={"do": what}).status_code == 303


# -- somebody leaves in the middle of a round -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "sentence"),
    [("leave", "Sam has left for today. You can carry on."), ("out", "Sam is taking a moment. You can carry on.")],
)
def test_who_leaves_in_the_middle_of_a_round_is_followed_by_the_observer(
    app: Flask, world: World, table: Table, browser: Browser, tonight: str, what: str, sentence: str
) -> None:
    chooses(browser, tonight, "Sam", what)
    observer = shown(browser("Person000").get(tonight))
    assert sentence in observer
    assert "Practice" in observer, "the round goes on"
    with app.app_context():
        room = play_of(world.meetings["evening"][5]).room
        assert room
        first = room.seating_of(1, 1)
        assert (first.supporter, first.person) == (world.enrolments["Person000"], world.enrolments["Kim"])
    board = said(browser("Amina").get(f"{tonight}/board"))
    assert "Sam of group 1 left for today." in board or "Sam stepped out of group 1." in board


# -- nobody is left to observe ------------------------------------------------------------------------------------

UNOBSERVED = "Nobody observes in this round. Play on, and tell each other afterwards what you noticed."


@pytest.mark.parametrize("what", ["leave", "out"])
def test_when_all_observers_leave_the_two_play_on_and_read_what_to_do(
    table: Table, browser: Browser, tonight: str, what: str
) -> None:
    for name in ("Sam", "Kim"):
        assert UNOBSERVED not in shown(browser(name).get(tonight))
    chooses(browser, tonight, "Person000", what)
    for name in ("Sam", "Kim"):
        page = shown(browser(name).get(tonight))
        assert UNOBSERVED in page
        assert "Too few of you are left to play" not in page
    assert UNOBSERVED not in shown(browser("Person000").get(tonight))


def test_with_four_it_is_said_when_the_last_observer_leaves(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    begin(app, world, ("Sam", "Kim", "Person000", "Person001"), ago=IN_THE_PLAY)
    for name, expected in (("Person000", False), ("Person001", True)):
        chooses(browser, tonight, name, "leave")
        assert (UNOBSERVED in shown(browser("Sam").get(tonight))) == expected


def test_when_one_comes_back_it_is_said_no_more(table: Table, browser: Browser, tonight: str) -> None:
    chooses(browser, tonight, "Person000", "out")
    chooses(browser, tonight, "Person000", "back")
    assert UNOBSERVED not in shown(browser("Sam").get(tonight))


def test_two_who_were_formed_as_a_pair_are_told_nothing(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    begin(app, world, ("Sam", "Kim"), ago=IN_THE_PLAY)
    assert UNOBSERVED not in shown(browser("Sam").get(tonight))


# -- trainers ---------------------------------------------------------------------------------------------------


def start(browser: Browser, tonight: str, name: str) -> str:
    client = browser(name)
    return said(follow(client, client.post(f"{tonight}/run", data={"do": "start"})))


def test_two_trainers_who_start_at_once_read_that_they_share_a_board(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    browser("Amina").post(f"{tonight}/groups")
    assert "has started it already" not in start(browser, tonight, "Amina")
    clock.shift(timedelta(seconds=1))
    assert "Amina has started it already. You share the same board." in start(browser, tonight, "Rosa")
    assert "It has begun already, and nothing was started twice." in start(browser, tonight, "Amina")
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Run)) == 1


def test_before_the_start_it_is_said_what_happens_when_the_device_stops(
    browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    amina = browser("Amina")
    amina.post(f"{tonight}/groups")
    words = "If this device stops, the role play goes on: open this page on another one, or let a colleague take over."
    assert words in said(amina.get(tonight))


def test_when_the_device_of_the_trainer_dies_another_one_of_theirs_takes_over(
    table: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=5))
    assert "Round 2 of 3" in shown(browser("Sam").get(tonight))
    board = said(browser("Amina").get(f"{tonight}/board"))
    assert "End the role play" in board
    browser("Amina").post(f"{tonight}/clock", data={"do": "pause"})
    assert "Your trainer paused all groups." in shown(browser("Sam").get(tonight))
