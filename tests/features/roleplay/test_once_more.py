"""What a trainee finds before, after and between: a page that waits, the end, and a role play that is started once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.roleplay.models import RoomEvent, Run, Sheet
from lms.features.roleplay.plays import room
from lms.features.roleplay.rooms import Room
from lms.host.db import session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.roleplay.rooms import Table, begin
from tests.pages import follow, said, shown
from tests.world import World

TRIAD = ("Sam", "Kim", "Person000")
HEARD = "When you waited."
ROUND_ONE, ROUND_TWO = timedelta(seconds=200), timedelta(seconds=560)  # after the start
OVER = OPEN + timedelta(hours=4, minutes=10)  # an hour after the class has ended
REFRESH = '<meta http-equiv="refresh" content="20">'


@pytest.fixture(autouse=True)
def class_is_near(clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)


@pytest.fixture
def tonight(evening: str) -> str:
    return f"{evening}/classes/6/role-play"


@pytest.fixture
def table(app: Flask, world: World) -> Table:
    """Sam is supporter first, Kim is the person, Person000 observes; in round 2 Kim supports Sam."""
    return begin(app, world, TRIAD)


@pytest.fixture
def lead(browser: Browser, tonight: str) -> Callable[..., None]:
    """`lead("run", do="end")`: what Amina presses."""

    def press(what: str, **form: str) -> None:
        assert browser("Amina").post(f"{tonight}/{what}", data=form).status_code == 303

    return press


def sheet_of(client: FlaskClient, tonight: str, **fields: Any) -> int:
    return client.post(f"{tonight}/sheet", data={"round": 1, "seen": "", **fields}).status_code


def runs_of(app: Flask) -> list[int]:
    with app.app_context():
        return list(session.scalars(select(Run.id).order_by(Run.id)))


# -- a role play that is started once more ----------------------------------------------------------------------


def test_sheets_of_the_first_time_stay_with_their_writer_and_their_supporter(
    browser: Browser, table: Table, tonight: str, lead: Callable[..., None], clock: time_machine.Coordinates
) -> None:
    clock.shift(ROUND_ONE)
    assert sheet_of(browser("Kim"), tonight, heard=HEARD) == 303
    assert sheet_of(browser("Sam"), tonight, liked="That I breathed") == 303
    lead("run", do="end")
    clock.shift(timedelta(minutes=1))
    lead("run", do="start")
    clock.shift(ROUND_ONE)
    writer, supporter = (browser(name).get(f"{tonight}/sheet").text for name in ("Kim", "Sam"))
    assert "The role play that began" in writer
    assert HEARD in writer
    assert HEARD in supporter
    assert "That I breathed" in supporter
    assert supporter.count("data-sheet ") == 2, "round 1 of both times, and no round that was not played"


def test_a_sheet_that_waited_on_a_phone_goes_to_the_role_play_it_was_written_in(
    app: Flask, browser: Browser, table: Table, tonight: str, lead: Callable[..., None], clock: time_machine.Coordinates
) -> None:
    clock.shift(ROUND_ONE)
    lead("run", do="end")
    clock.shift(timedelta(minutes=1))
    lead("run", do="start")
    clock.shift(ROUND_ONE)
    first, second = runs_of(app)
    assert sheet_of(browser("Kim"), tonight, heard=HEARD, run=first) == 303
    with app.app_context():
        assert [(one.run_id, one.round_number) for one in session.scalars(select(Sheet))] == [(first, 1)]
    assert sheet_of(browser("Kim"), tonight, heard=HEARD, run=second + 7) == 409


def test_groups_that_are_formed_for_another_time_leave_the_sheets_of_the_last_as_they_are(
    app: Flask, browser: Browser, world: World, table: Table, tonight: str, lead: Callable[..., None],
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    clock.shift(ROUND_ONE)
    lead("run", do="end")
    clock.shift(timedelta(minutes=1))
    lead("groups", version="1", anew="yes")
    page = said(browser("Kim").get(tonight))
    assert "Read your card in peace." in page, "the next is to come"
    assert "The sheets of this class" in page
    assert sheet_of(browser("Kim"), tonight, heard=HEARD) == 303
    with app.app_context():
        assert session.scalars(select(Sheet.supporter_id)).all() == [world.enrolments["Sam"]]


# -- after the end ----------------------------------------------------------------------------------------------


def test_after_the_end_one_sees_ones_rounds_and_what_waits_in_them(
    browser: Browser, table: Table, tonight: str, lead: Callable[..., None], clock: time_machine.Coordinates
) -> None:
    clock.shift(ROUND_ONE)
    sheet_of(browser("Kim"), tonight, heard=HEARD)
    lead("run", do="end")
    sam, kim = (said(browser(name).get(tonight)) for name in ("Sam", "Kim"))
    assert "Round 1 supporter 1 person wrote for you. Keep it or let it go." in sam
    assert "Round 1 person Given." in kim
    assert "Round 2" not in kim, "it was not played"
    for words in ("If your trainer starts once more", "How are you now?", "Your own notes", "Back to the class"):
        assert words in sam
    clock.move_to(OVER)
    later = said(browser("Sam").get(tonight))
    assert "If your trainer starts once more" not in later
    assert "Not the person today" not in later
    assert "Topics for role plays to come" in later


def test_a_round_that_was_only_read_has_no_sheet_when_all_is_over(
    browser: Browser, table: Table, tonight: str, lead: Callable[..., None], clock: time_machine.Coordinates
) -> None:
    clock.shift(ROUND_TWO - timedelta(seconds=50))
    assert "Round 2" in said(browser("Kim").get(f"{tonight}/sheet"))
    lead("run", do="end")
    page = said(browser("Kim").get(f"{tonight}/sheet"))
    assert "Round 1" in page
    assert "Round 2" not in page


def test_whoever_leaves_for_today_sees_no_clock_and_can_ask_for_somebody(
    browser: Browser, table: Table, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.shift(ROUND_ONE)
    kim = browser("Kim")
    kim.post(f"{tonight}/room", data={"do": "help"})
    kim.post(f"{tonight}/room", data={"do": "leave"})
    page = kim.get(tonight)
    assert "room__clock" not in page.text
    assert "You left for today" in said(page)
    assert "How are you now?" in said(page)
    assert "Your trainer knows" not in shown(page)


# -- before -----------------------------------------------------------------------------------------------------


def test_a_page_comes_anew_by_itself_only_while_something_can_come(
    browser: Browser, tonight: str, evening: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    in_days = sam.get(f"{evening}/classes/9/role-play").text
    assert REFRESH not in in_days
    assert "Look again" in in_days
    assert REFRESH in sam.get(tonight).text
    clock.move_to(OVER)
    past = sam.get(tonight).text
    assert REFRESH not in past
    assert "The role play of this class is over." in past
    assert "Not the person today" not in past


def test_the_page_of_the_class_says_what_its_role_play_mentions(browser: Browser, evening: str) -> None:
    page = said(browser("Sam").get(f"{evening}/classes/6"))
    assert "You can observe instead. It mentions: loneliness. Rather not meet a topic?" in page


def test_a_card_with_a_topic_set_aside_is_not_offered(browser: Browser, tonight: str) -> None:
    sam = browser("Sam")
    assert "First coffee It mentions: loneliness." in said(sam.get(tonight))
    page = said(follow(sam, sam.post(f"{tonight}/topics", data={"topic": "loneliness", "aside": "yes"})))
    assert "First coffee Not for you: your group gets another card." in page


def test_the_card_stays_in_the_hand_when_the_clock_begins(browser: Browser, table: Table, tonight: str) -> None:
    page = shown(browser("Kim").get(tonight))
    for words in ("Find your group", "You are the person", "Start with", "Another way to play it:"):
        assert words in page
    assert "Another way to play it:" not in shown(browser("Sam").get(tonight)), "it is the person's"


# -- not the person, while it goes on -----------------------------------------------------------------------------


@pytest.fixture
def seats(app: Flask, world: World) -> Callable[[], Room]:
    def now() -> Room:
        with app.app_context():
            found = room(world.meetings["evening"][5])
            assert found
            return found

    return now


def test_not_the_person_in_a_role_play_that_goes_on_holds_for_the_rounds_to_come(
    app: Flask, browser: Browser, world: World, table: Table, tonight: str, seats: Callable[[], Room],
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    clock.shift(ROUND_ONE)
    sam = browser("Sam")
    before = sam.get(tonight).text
    assert 'value="yes">Not the person today' in before
    person_in = next(n for n, turn in enumerate(seats().rounds_of(1), 1) if turn.person == world.enrolments["Sam"])
    assert person_in > 1
    for _twice in range(2):
        page = follow(sam, sam.post(f"{tonight}/not-the-person", data={"today": "yes"}))
        assert "Noted." in said(page)
    assert "I can play the person again" in page.text
    turn = seats().rounds_of(1)[person_in - 1]
    assert turn.person not in (None, world.enrolments["Sam"])
    assert world.enrolments["Sam"] in turn.observers
    assert "is observing this round" not in shown(browser("Kim").get(tonight)), "nobody is told before that round"
    with app.app_context():
        assert [one.round_number for one in session.scalars(select(RoomEvent))] == [person_in]


def test_not_the_person_holds_in_groups_that_were_formed_before(
    browser: Browser, world: World, tonight: str, lead: Callable[..., None], seats: Callable[[], Room]
) -> None:
    for name in ("Person001", "Person002"):
        form = {"enrolment": str(world.enrolments[name]), "status": "away"}
        browser("Amina").post(tonight.replace("role-play", "marks"), data=form)
    lead("groups", version="0")
    sam = browser("Sam")
    assert "· person" in said(sam.get(tonight))
    page = said(follow(sam, sam.post(f"{tonight}/not-the-person", data={"today": "yes"})))
    assert "Noted. Where you would be the person, you observe instead." in page
    assert "· person" not in page
    lead("run", do="start")
    rounds = seats().rounds_of(1)
    assert world.enrolments["Sam"] not in [turn.person for turn in rounds]
    assert None not in [turn.person for turn in rounds]


def test_whoever_stepped_out_is_not_brought_back_by_not_the_person(
    browser: Browser, table: Table, tonight: str, seats: Callable[[], Room], world: World
) -> None:
    sam = browser("Sam")
    sam.post(f"{tonight}/room", data={"do": "out"})
    sam.post(f"{tonight}/not-the-person", data={"today": "yes"})
    assert [one.enrolment_id for one in seats().out] == [world.enrolments["Sam"]]


# -- a sheet that cannot be taken ---------------------------------------------------------------------------------


def test_an_empty_sheet_says_so_to_a_phone_as_everything_else_does(
    browser: Browser, table: Table, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.shift(ROUND_ONE)
    answer = browser("Kim").post(
        f"{tonight}/sheet", data={"round": 1, "seen": ""}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json == {"error": "Tick a line or write a few words first. You can also leave the sheet empty."}
