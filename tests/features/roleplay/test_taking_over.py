"""Where the format allows it, whoever watches takes the supporter's place: by one tap, and all who supported count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.cohorts.models import Enrolment
from lms.features.roleplay.models import RoomEvent, Sheet
from lms.features.roleplay.moving import move_seats
from lms.features.roleplay.played import active_rounds_in, balances, history_before, turns_in
from lms.features.roleplay.plays import plays_in
from lms.features.roleplay.retention import remove_words
from lms.host.db import saved, session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import NOW, Browser
from tests.features.roleplay.rooms import Table, begin
from tests.pages import said, shown
from tests.world import World

CIRCLE = ("Sam", "Kim", "Person000", "Person001")
BUTTON = "Take the supporter&#39;s place"
READING, PLAYING, AFTER = timedelta(seconds=121), timedelta(seconds=185), timedelta(seconds=365)
TagIn = Callable[[str], None]


@pytest.fixture(autouse=True)
def evening_of_the_class(clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)


@pytest.fixture
def tonight(evening: str) -> str:
    return f"{evening}/classes/6/role-play"


@pytest.fixture
def circle(app: Flask, world: World) -> Table:
    """Sam supports, Kim is the person, two watch."""
    return begin(app, world, CIRCLE, format="fishbowl", rounds=1)


@pytest.fixture
def tag_in(browser: Browser, tonight: str) -> TagIn:
    def one(name: str) -> None:
        answer = browser(name).post(f"{tonight}/room", data={"do": "tag_in", "phase": "2"})
        assert answer.status_code == 303, answer.text

    return one


def offered(client: FlaskClient, tonight: str) -> bool:
    """Whether the button stands on the page and shows."""
    form = client.get(tonight).text.partition('data-tap="tag_in"')[2]
    return bool(form) and not form.startswith(" hidden")


def test_one_tap_and_the_one_who_watched_supports(
    circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    assert "While it goes on, you may take the supporter's place" in said(browser("Person000").get(tonight))
    tag_in("Person000")
    over, before, other = (said(browser(name).get(tonight)) for name in ("Person000", "Sam", "Person001"))
    assert "You are the supporter" in over
    assert "You have taken the supporter's place. Go on from where they are." in over
    assert "You observe" in before
    assert "Thank you. Person000 has taken your place and goes on from there. Now you observe." in before
    assert "Person000 has taken the supporter's place." in other
    assert "Person000 supporter" in other


def test_the_board_tells_who_supports_now(
    circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    tag_in("Person000")
    board = said(browser("Amina").get(f"{tonight}/board"))
    assert "Person000 has taken the supporter's place in group 1." in board
    assert "Person000 supporter" in board
    for name in ("Person000", "Sam"):
        assert f"Note on {name} as supporter" in board


def test_the_phones_hear_of_it(
    circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    mark = browser("Kim").get(tonight).text.partition('data-mark="')[2].partition('"')[0]
    tag_in("Person000")
    news = browser("Kim").get(f"{tonight}/live?seen={mark}").get_json()
    assert "has taken the supporter" in news["room"]


def test_whoever_gave_the_place_takes_it_again(
    circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    tag_in("Person000")
    assert offered(browser("Sam"), tonight)
    tag_in("Sam")
    assert "You are the supporter" in said(browser("Sam").get(tonight))
    assert "Thank you. Sam has taken your place" in said(browser("Person000").get(tonight))


def test_only_those_who_watch_and_want_to_are_offered_it(
    circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    assert not any(offered(browser(name), tonight) for name in CIRCLE), "nobody has read the card yet"
    clock.shift(READING)
    assert [name for name in CIRCLE if offered(browser(name), tonight)] == ["Person000", "Person001"]
    browser("Sam").post(f"{tonight}/room", data={"do": "observe"})
    browser("Person001").post(f"{tonight}/room", data={"do": "out"})
    assert [name for name in CIRCLE if offered(browser(name), tonight)] == []
    clock.shift(AFTER - READING)
    assert not any(offered(browser(name), tonight) for name in CIRCLE)


def test_two_at_once_are_both_noted_and_the_last_one_sits_there(
    app: Flask, circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    for name in ("Person000", "Person001", "Person001"):
        tag_in(name)
    assert "You are the supporter" in said(browser("Person001").get(tonight))
    with app.app_context():
        assert len(session.scalars(select(RoomEvent).where(RoomEvent.kind == "tag_in")).all()) == 2


@pytest.mark.parametrize("who", ["Sam", "Kim", "Person001"])
def test_a_tap_that_holds_no_more_changes_nothing(
    app: Flask, circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn, who: str
) -> None:
    clock.shift(PLAYING)
    browser("Person001").post(f"{tonight}/room", data={"do": "leave"})
    tag_in(who)
    clock.shift(AFTER - PLAYING)
    tag_in("Person000")
    with app.app_context():
        assert [event.kind for event in session.scalars(select(RoomEvent))] == ["leave"]


def test_in_threes_nobody_takes_a_place(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    begin(app, world, CIRCLE)
    clock.shift(PLAYING)
    assert BUTTON not in browser("Person000").get(tonight).text
    assert browser("Person000").post(f"{tonight}/room", data={"do": "tag_in"}).status_code == 404


def test_everyone_who_supported_counts_once_in_that_round(
    app: Flask, world: World, circle: Table, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    for name in ("Person000", "Sam", "Person000"):
        tag_in(name)
    with app.app_context():
        turns = turns_in(world.cohorts["evening"], datetime.now(UTC))
        assert {turn.enrolment_id: turn.role for turn in turns} == {
            world.enrolments["Sam"]: "supporter",
            world.enrolments["Person000"]: "supporter",
            world.enrolments["Kim"]: "person",
            world.enrolments["Person001"]: "observer",
        }
        assert len(turns) == 4
        assert {balance.rounds for balance in balances(turns).values()} == {1}
        active = active_rounds_in(world.cohorts["evening"], datetime.now(UTC))
        assert set(active.elements()) == {world.enrolments[name] for name in ("Sam", "Person000", "Kim")}
        before = history_before(plays_in(world.cohorts["evening"]), 7, datetime.now(UTC))
        assert before.supporter == {world.enrolments[name]: 1 for name in ("Sam", "Person000")}
        assert before.person == {world.enrolments["Kim"]: 1}


def test_who_supported_stays_known_when_the_times_are_removed(
    app: Flask, world: World, circle: Table, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    tag_in("Person000")
    with app.app_context():
        before = turns_in(world.cohorts["evening"], datetime.now(UTC))
        with saved():
            remove_words(world.cohorts["evening"], datetime.now(UTC))
        assert turns_in(world.cohorts["evening"], datetime.now(UTC)) == before


def test_whoever_gave_the_place_before_the_play_did_not_support(
    app: Flask, world: World, circle: Table, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(READING)
    tag_in("Person000")
    clock.shift(PLAYING - READING)
    with app.app_context():
        roles = {t.enrolment_id: t.role for t in turns_in(world.cohorts["evening"], datetime.now(UTC))}
    assert roles[world.enrolments["Sam"]] == "observer"
    assert roles[world.enrolments["Person000"]] == "supporter"


def test_afterwards_the_board_names_all_who_supported(
    circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    tag_in("Person000")
    circle.end()
    board = said(browser("Amina").get(f"{tonight}/board"))
    assert "Sam supporter Person000 supporter Kim person Person001 observer" in board


def test_what_one_looks_for_stays_one_s_own(
    circle: Table, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)

    def lens(name: str) -> str:
        return shown(browser(name).get(tonight)).partition("You look for one thing")[2].split("\n\n")[0][:60]

    before = lens("Person001")
    assert before
    tag_in("Person000")
    assert lens("Person001") == before
    assert lens("Sam") not in ("", before)


def test_a_trainer_in_role_has_the_person_s_part_on_the_board(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    begin(app, world, CIRCLE, format="trainer-in-role", rounds=1, trainer_plays=True)
    board = said(browser("Amina").get(f"{tonight}/board"))
    assert "You, or another trainer person" in board
    assert "The person's part, for you to play" in board
    assert "Is this for anyone?" in board
    clock.shift(PLAYING)
    tag_in("Kim")
    assert "Is this for anyone?" not in said(browser("Kim").get(tonight))
    assert "Your trainer person" in said(browser("Kim").get(tonight))


def test_what_somebody_took_over_goes_along_when_they_move(
    app: Flask, world: World, circle: Table, clock: time_machine.Coordinates, tag_in: TagIn
) -> None:
    clock.shift(PLAYING)
    tag_in("Person000")
    with app.app_context(), saved():
        person, old = world.people["Person000"], world.enrolments["Person000"]
        new = Enrolment(cohort_id=world.cohorts["morning"], person_id=person, joined_at=NOW, moved_from_id=old)
        session.add(new)
        session.flush()
        move_seats(session.get_one(Enrolment, old), new, {6}, {6})
        assert active_rounds_in(world.cohorts["morning"], datetime.now(UTC))[new.id] == 1


# -- sheets, where several supported ------------------------------------------------------------------------------


def give(client: FlaskClient, tonight: str, **fields: object) -> TestResponse:
    return client.post(f"{tonight}/sheet", data={"round": 1, "seen": "", **fields})


@pytest.fixture
def both_supported(circle: Table, clock: time_machine.Coordinates, tag_in: TagIn) -> Table:
    """Sam supported first, then Person000."""
    clock.shift(PLAYING)
    tag_in("Person000")
    clock.shift(AFTER - PLAYING)
    return circle


def sheets(app: Flask, world: World) -> list[tuple[str, str, str]]:
    """Who wrote, in which seat, and for whom."""
    names = {id: name for name, id in world.enrolments.items()}
    with app.app_context():
        found = session.scalars(select(Sheet).order_by(Sheet.id))
        return [(names[one.enrolment_id], one.seat, names[one.supporter_id]) for one in found]


def test_everyone_who_supported_has_notes_of_their_own(
    app: Flask, world: World, both_supported: Table, browser: Browser, tonight: str
) -> None:
    for name in ("Sam", "Person000"):
        page = said(browser(name).get(f"{tonight}/sheet"))
        assert "Your own notes, first Only you can read this." in page
        assert give(browser(name), tonight, seat="supporter", liked="The pause").status_code == 303
    assert sheets(app, world) == [("Sam", "supporter", "Sam"), ("Person000", "supporter", "Person000")]


def test_whoever_watched_chooses_whom_a_sheet_is_for(
    app: Flask, world: World, both_supported: Table, browser: Browser, tonight: str
) -> None:
    client, sam = browser("Person001"), world.enrolments["Sam"]
    page = said(client.get(f"{tonight}/sheet"))
    assert "From the observer Whoever you choose reads this once you give it." in page
    assert "Whom is it for? Sam Person000" in page
    refused = give(client, tonight, seat="observer", words="You waited")
    assert refused.status_code == 422
    assert "Choose whom it is for." in said(refused)
    assert "You waited" in refused.text
    give(client, tonight, seat="observer", words="You waited", **{"for": sam})
    assert sheets(app, world) == [("Person001", "observer", "Sam")]
    assert "You waited" in said(browser("Sam").get(f"{tonight}/sheet"))
    assert "You waited" not in said(browser("Person000").get(f"{tonight}/sheet"))
    assert "For Sam, from the observer" in said(client.get(f"{tonight}/sheet")), (
        "a sheet that was given stays with them"
    )


def test_each_keeps_or_lets_go_of_their_own(
    app: Flask, world: World, both_supported: Table, browser: Browser, evening: str, tonight: str
) -> None:
    for writer, reader in (("Person001", "Sam"), ("Kim", "Person000")):
        fields = (
            {"seat": "observer", "words": "Warm"} if writer == "Person001" else {"seat": "person", "heard": "Twice"}
        )
        give(browser(writer), tonight, **fields, **{"for": world.enrolments[reader]})
    browser("Sam").post(
        f"{evening}/role-play/mine", data={"run": both_supported.run_id, "round": 1, "choice": "let-go"}
    )
    assert "Twice" in said(browser("Person000").get(f"{tonight}/sheet"))
    assert "Warm" not in said(browser("Sam").get(f"{tonight}/sheet"))


def test_what_was_written_for_one_supporter_never_goes_to_another(
    app: Flask,
    world: World,
    circle: Table,
    browser: Browser,
    tonight: str,
    clock: time_machine.Coordinates,
    tag_in: TagIn,
) -> None:
    """Person001 writes on a page that names Sam, and Person000 takes the place meanwhile."""
    clock.shift(PLAYING)
    page = browser("Person001").get(tonight).text
    assert f'name="for" value="{world.enrolments["Sam"]}"' in page
    tag_in("Person000")
    give(browser("Person001"), tonight, seat="observer", words="You waited", **{"for": world.enrolments["Sam"]})
    assert sheets(app, world) == [("Person001", "observer", "Sam")]


def test_in_threes_a_sheet_does_not_go_to_whoever_moved_up_meanwhile(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    table = begin(app, world, CIRCLE)
    clock.shift(PLAYING)
    table.chose("Sam", "observe", 1)
    answer = browser("Person001").post(
        f"{tonight}/sheet",
        data={"round": 1, "seen": "", "seat": "observer", "words": "You waited", "for": world.enrolments["Sam"]},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 409
    assert "Somebody else supports now." in answer.get_json()["error"]
    assert sheets(app, world) == []


def test_who_watched_and_then_supported_has_a_sheet_for_each(
    app: Flask,
    world: World,
    circle: Table,
    browser: Browser,
    tonight: str,
    clock: time_machine.Coordinates,
    tag_in: TagIn,
) -> None:
    clock.shift(PLAYING)
    client = browser("Person000")
    give(client, tonight, seat="observer", words="You waited", **{"for": world.enrolments["Sam"]})
    tag_in("Person000")
    give(client, tonight, seat="supporter", again="The last question")
    assert sheets(app, world) == [("Person000", "observer", "Sam"), ("Person000", "supporter", "Person000")]
    give(browser("Sam"), tonight, seat="observer", words="You went on so gently")
    assert sheets(app, world)[-1] == ("Sam", "observer", "Person000")
    assert "You went on so gently" in said(client.get(f"{tonight}/sheet"))
