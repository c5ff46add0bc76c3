"""What meets a trainer while people look on: few are here, some stepped out, a group is left too small, a tap comes too late."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.grouping.models import FormedGroups, Seat
from lms.features.roleplay.models import Run
from lms.host.db import session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.roleplay.rooms import begin
from tests.pages import follow, said
from tests.world import World

FIVE = ("Sam", "Kim", "Person000", "Person001", "Person002")
CHANGED = "The groups have changed meanwhile. Look at them again, then choose."


@pytest.fixture(autouse=True)
def roll_call_is_open(clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)


@pytest.fixture
def role_play(evening: str) -> str:
    """That of class 6."""
    return f"{evening}/classes/6/role-play"


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


def seats(app: Flask) -> dict[int, dict[str, set[str]]]:
    """Group number to each of its people with the roles that they have in it, as formed last."""
    found: dict[int, dict[str, set[str]]] = {}
    with app.app_context():
        last = session.scalars(select(FormedGroups).order_by(FormedGroups.version.desc())).first()
        assert last is not None
        for seat in session.scalars(select(Seat).where(Seat.groups_id == last.id)):
            found.setdefault(seat.group_number, {}).setdefault(str(seat.enrolment_id), set()).add(seat.role)
    return found


def round_of(app: Flask, group: int, number: int) -> dict[int, str]:
    """Who has which role in one round of a group, as formed last."""
    with app.app_context():
        last = session.scalars(select(FormedGroups).order_by(FormedGroups.version.desc())).first()
        assert last is not None
        mine = select(Seat).where(Seat.groups_id == last.id, Seat.group_number == group, Seat.round_number == number)
        return {seat.enrolment_id: seat.role for seat in session.scalars(mine)}


def sizes(app: Flask) -> list[int]:
    return sorted(map(len, seats(app).values()))


def mark(amina: FlaskClient, world: World, evening: str, status: str, *names: str) -> None:
    for name in names:
        amina.post(f"{evening}/classes/6/marks", data={"enrolment": world.enrolments[name], "status": status})


# -- few people ---------------------------------------------------------------------------------------------------


def test_where_five_are_here_the_trainer_says_what_becomes_of_them(
    app: Flask, amina: FlaskClient, role_play: str
) -> None:
    question = "Five are here: one group of five with three observers, or 3 and 2?"
    assert question in said(amina.get(role_play))
    amina.post(f"{role_play}/groups", data={"sizes": "small", "version": "0"})
    assert sizes(app) == [2, 3]
    amina.post(f"{role_play}/groups", data={"version": "1"})
    assert sizes(app) == [2, 3], "forming again keeps what was chosen"
    assert question in said(amina.get(role_play))
    amina.post(f"{role_play}/groups", data={"sizes": "five", "version": "2"})
    assert sizes(app) == [5]


def test_five_are_not_asked_about_where_the_format_is_no_threes(
    world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    amina.post(f"{role_play}/groups", data={"format": "fishbowl"})
    assert "Five are here" not in said(amina.get(role_play))
    mark(amina, world, evening, "away", "Kim")
    amina.post(f"{role_play}/groups", data={"format": "triad"})
    assert "Five are here" not in said(amina.get(role_play))


def test_with_one_person_a_trainer_plays_in_one_tap(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    mark(amina, world, evening, "away", *FIVE[1:])
    page = amina.get(role_play)
    assert "Play the person yourself, or let them practise alone." in said(page)
    assert "Form the groups" not in said(page)
    assert f'href="{evening}/practice"' in page.text
    assert 'name="format" value="trainer-in-role"' in page.text
    amina.post(f"{role_play}/groups", data={"format": "trainer-in-role", "version": "0"})
    assert seats(app) == {1: {str(world.enrolments["Sam"]): {"supporter"}}}


def test_nobody_here_leads_to_attendance(world: World, amina: FlaskClient, evening: str, role_play: str) -> None:
    mark(amina, world, evening, "away", *FIVE)
    page = said(amina.get(role_play))
    assert "Two people are needed at least. Mark who is here first." in page
    assert "Form the groups" not in page


def test_somebody_is_left_out_without_a_word_in_attendance(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    ticked = [world.enrolments[name] for name in FIVE if name != "Kim"]
    amina.post(f"{role_play}/groups", data={"listed": "yes", "here": ticked, "version": "0"})
    assert {who for group in seats(app).values() for who in group} == set(map(str, ticked))
    page = said(amina.get(role_play))
    assert "Here now, without a group: Kim" in page
    assert "Away: " not in page


# -- while they play ----------------------------------------------------------------------------------------------


def test_who_left_for_today_is_in_no_group_that_is_formed_then(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    begin(app, world, FIVE[:3], FIVE[3:]).chose("Kim", "leave", 1)
    page = said(amina.get(role_play))
    assert "4 people can be grouped" in page
    assert "Left for today: Kim" in page
    amina.post(f"{role_play}/groups", data={"version": "1"})
    assert str(world.enrolments["Kim"]) not in {who for group in seats(app).values() for who in group}


def test_the_groups_go_on_without_who_left_for_today(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    begin(app, world, FIVE[:3], FIVE[3:]).chose("Kim", "leave", 1)
    assert "Away now, still in a group: Kim" in said(amina.get(role_play))
    amina.post(f"{role_play}/groups/go-on", data={"version": "1"})
    assert sizes(app) == [2, 2]


def test_who_takes_a_moment_gets_no_seat_to_play_in_and_can_come_back(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, role_play: str
) -> None:
    begin(app, world, FIVE[:3], FIVE[3:]).chose("Kim", "out", 1)
    assert "Taking a moment: Kim. They keep a place to come back to, and observe." in said(amina.get(role_play))
    for version in ("1", "2"):
        amina.post(f"{role_play}/groups", data={"version": version})
        (group,) = [group for group in seats(app).values() if str(world.enrolments["Kim"]) in group]
        assert group[str(world.enrolments["Kim"])] == {"observer"}
    kim = browser("Kim")
    assert "Take the time you need" in said(kim.get(role_play))
    kim.post(f"{role_play}/room", data={"do": "back"})
    assert "Take the time you need" not in said(kim.get(role_play))


def test_who_takes_a_moment_never_ends_up_with_whom_they_are_to_be_apart_from(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    begin(app, world, ("Kim", "Person000", "Person001"), ("Sam", "Person002")).chose("Kim", "out", 1)
    sam, kim = world.enrolments["Sam"], world.enrolments["Kim"]
    amina.post(f"{evening}/role-play/wishes", data={"a": sam, "b": kim, "how": "apart"})
    amina.post(f"{role_play}/groups", data={"version": "1"})
    assert not [group for group in seats(app).values() if {str(sam), str(kim)} <= set(group)]


def test_who_is_left_of_a_group_is_brought_to_another_in_one_tap(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    table = begin(app, world, FIVE[:3], FIVE[3:], ago=200)
    table.chose("Sam", "leave", 1)
    assert "Bring them to group" not in said(amina.get(f"{role_play}/board")), "two are left, and play"
    table.chose("Kim", "out", 1)
    page = amina.get(f"{role_play}/board")
    assert "Bring them to group 2" in said(page)
    before = round_of(app, 2, 1)
    data = dict(re.findall(r'name="(into|version)" value="(\d+)"', page.text))
    answer = amina.post(f"{role_play}/groups/bring", data={"group": "1", **data})
    assert answer.location.endswith("/board")
    assert list(seats(app)) == [2]
    come = {world.enrolments[name]: "observer" for name in ("Kim", "Person000")}
    assert round_of(app, 2, 1) == before | come, "they keep their seats"
    assert "supporter" not in {round_of(app, 2, number)[world.enrolments["Person001"]] for number in (2, 3)}


def test_nobody_is_brought_to_whom_they_are_to_be_apart_from(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    pair = {"a": world.enrolments["Sam"], "b": world.enrolments["Person001"], "how": "apart"}
    amina.post(f"{evening}/role-play/wishes", data=pair)
    table = begin(app, world, ("Sam", "Kim"), FIVE[2:], ago=200)
    table.chose("Kim", "leave", 1)
    page = said(amina.get(f"{role_play}/board"))
    assert "Too few are left to play." in page
    assert "Bring them to group" not in page


def test_two_groups_become_one_and_nobody_loses_their_seat_in_the_round(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    begin(app, world, ("Sam", "Kim"), ("Person000", "Person001"), ago=200)
    before = round_of(app, 1, 1)
    amina.post(f"{role_play}/groups/merge", data={"group": "2", "into": "1"})
    come = {world.enrolments[name]: "observer" for name in ("Person000", "Person001")}
    assert round_of(app, 1, 1) == before | come
    supporters = [who for number in (2, 3) for who, role in round_of(app, 1, number).items() if role == "supporter"]
    assert not {world.enrolments["Sam"], world.enrolments["Person000"]} & set(supporters), "they were it in this round"


def test_who_is_swapped_in_takes_the_seat_of_who_went(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    begin(app, world, FIVE[:3], FIVE[3:], ago=200)
    sam, kim, other, come = (world.enrolments[name] for name in (*FIVE[:3], "Person001"))
    assert round_of(app, 1, 1)[sam] == "supporter"
    amina.post(f"{role_play}/groups/swap", data={"member": [sam, come]})
    assert round_of(app, 1, 1) == {come: "supporter", kim: "person", other: "observer"}
    assert round_of(app, 2, 1)[sam] == "supporter"


def test_who_observed_follows_somebody_who_is_marked_away(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    begin(app, world, FIVE[:3], FIVE[3:], ago=200)
    mark(amina, world, evening, "away", "Sam")
    amina.post(f"{role_play}/groups/go-on")
    kim, other = world.enrolments["Kim"], world.enrolments["Person000"]
    assert round_of(app, 1, 1) == {other: "supporter", kim: "person"}


def test_before_the_first_round_groups_are_dealt_anew(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    begin(app, world, ("Sam", "Kim"), ("Person000", "Person001"))
    amina.post(f"{role_play}/groups/merge", data={"group": "2", "into": "1"})
    assert sorted(round_of(app, 1, 1).values()) == ["observer", "observer", "person", "supporter"]
    rounds = [who for number in (1, 2, 3) for who, role in round_of(app, 1, number).items() if role == "supporter"]
    assert len(set(rounds)) == 3


# -- a tap that cannot be done ------------------------------------------------------------------------------------


def test_what_cannot_be_done_is_said_where_the_groups_are(amina: FlaskClient, role_play: str) -> None:
    amina.post(f"{role_play}/groups", data={"sizes": "small"})
    answer = amina.post(f"{role_play}/groups/swap", data={"version": "1"})
    assert answer.status_code == 409
    assert "Choose two people from two groups, then swap them." in said(answer)
    assert "Start all groups" in said(answer), "and one goes on from there"


@pytest.mark.parametrize(
    ("verb", "data"), [("lock", {"group": "1"}), ("card", {"card": "lost-bus-pass"}), ("swap", {}), ("merge", {})]
)
def test_nothing_is_said_to_be_done_on_an_older_page(
    amina: FlaskClient, role_play: str, verb: str, data: dict[str, str]
) -> None:
    for sizes in ("small", "five"):
        amina.post(f"{role_play}/groups", data={"sizes": sizes})
    answer = amina.post(f"{role_play}/groups/{verb}", data={**data, "version": "1"})
    assert answer.status_code == 409
    assert CHANGED in said(answer)


def test_locking_twice_is_locking_once(amina: FlaskClient, role_play: str) -> None:
    amina.post(f"{role_play}/groups", data={"sizes": "small"})
    for _ in range(2):
        answer = amina.post(f"{role_play}/groups/lock", data={"group": "1", "stay": "yes", "version": "1"})
        assert "This group stays as it is." in said(follow(amina, answer))


def test_setting_who_is_apart_leads_back_to_the_class(amina: FlaskClient, evening: str, role_play: str) -> None:
    page = amina.get(role_play).text
    (path,) = re.findall(rf'href="({evening}/role-play/wishes[^"]*)"', page)
    assert f'href="{role_play}"' in amina.get(path).text


# -- afterwards ---------------------------------------------------------------------------------------------------


def test_after_class_a_note_is_offered_on_those_who_were_supporter(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    table = begin(app, world, FIVE[:3], ago=200)
    table.end()
    page = said(amina.get(f"{role_play}/board"))
    assert "Note on Sam as supporter" in page
    assert "Note on Kim as supporter" not in page, "that round was never played"


# -- an end that came too soon --------------------------------------------------------------------------------------


def test_an_end_that_came_too_soon_is_taken_back_and_the_time_since_does_not_count(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, role_play: str, clock: time_machine.Coordinates
) -> None:
    begin(app, world, FIVE[:3], ago=200)
    board = said(amina.get(f"{role_play}/board"))
    where, left = re.findall(r"Practice, round 1 of 3|\d minutes? left", board)[:2]
    run = {"run": str(run_of(app))}
    amina.post(f"{role_play}/run", data={"do": "end", **run})
    assert "The role play is over" in said(browser("Sam").get(role_play))
    clock.shift(600)
    assert "Go on where it was" in said(amina.get(f"{role_play}/board"))
    for _ in range(2):
        amina.post(f"{role_play}/run", data={"do": "go_on", **run})
    assert re.findall(r"Practice, round 1 of 3|\d minutes? left", said(amina.get(f"{role_play}/board")))[:2] == [
        where,
        left,
    ]
    assert "The role play is over" not in said(browser("Sam").get(role_play))


def test_what_was_paused_when_it_ended_stays_paused(
    app: Flask, world: World, amina: FlaskClient, role_play: str
) -> None:
    begin(app, world, FIVE[:3], ago=200)
    run = {"run": str(run_of(app))}
    amina.post(f"{role_play}/clock", data={"do": "pause"})
    amina.post(f"{role_play}/run", data={"do": "end", **run})
    amina.post(f"{role_play}/run", data={"do": "go_on", **run})
    assert "All groups are paused." in said(amina.get(f"{role_play}/board"))


def test_after_an_hour_or_another_start_it_is_over(
    app: Flask, world: World, amina: FlaskClient, role_play: str, clock: time_machine.Coordinates
) -> None:
    begin(app, world, FIVE[:3], ago=200)
    run = {"run": str(run_of(app))}
    amina.post(f"{role_play}/run", data={"do": "end", **run})
    clock.shift(3601)
    assert "Go on where it was" not in said(amina.get(f"{role_play}/board"))
    assert amina.post(f"{role_play}/run", data={"do": "go_on", **run}).status_code == 409
    amina.post(f"{role_play}/run", data={"do": "start"})
    assert amina.post(f"{role_play}/run", data={"do": "go_on", **run}).status_code == 409
    assert "Go on where it was" not in said(amina.get(f"{role_play}/board"))


def run_of(app: Flask) -> int:
    """The id of the last run."""
    with app.app_context():
        return session.scalars(select(Run.id).order_by(Run.id.desc())).first() or 0


# -- since the groups were formed -----------------------------------------------------------------------------------


def test_who_came_and_went_stands_above_the_start_with_one_tap_to_form_again(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    amina.post(f"{role_play}/groups", data={"sizes": "small"})
    assert "Since the groups were formed" not in said(amina.get(role_play))
    mark(amina, world, evening, "away", "Kim")
    page = said(amina.get(role_play))
    assert page.index("Form again with who is here") < page.index("Start all groups")
    amina.post(f"{role_play}/groups", data={"version": "1"})
    assert sizes(app) == [4]


def test_somebody_who_comes_late_is_offered_a_group_without_whom_they_are_to_be_apart_from(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    mark(amina, world, evening, "away", "Kim")
    begin(app, world, ("Sam", "Person000"), ("Person001", "Person002"))
    pair = {"a": world.enrolments["Sam"], "b": world.enrolments["Kim"], "how": "apart"}
    amina.post(f"{evening}/role-play/wishes", data=pair)
    mark(amina, world, evening, "late", "Kim")
    page = said(amina.get(role_play))
    assert "Kim observes in group 2" in page
    assert "Kim observes in group 1" not in page
