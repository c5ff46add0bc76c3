"""A role play that goes on: started for all, each phone with its phase and own card, choices without a reason, the end."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.grouping import cards as cards_here
from lms.features.grouping.models import FormedGroups, NotThisTopic
from lms.features.roleplay import plays
from lms.features.roleplay.models import ClockChange, RoomEvent, Run
from lms.features.roleplay.rooms import Room
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import NOW, Browser
from tests.pages import follow, said, shown
from tests.world import World

TRIAD = ("Sam", "Kim", "Person000")
Tap = Callable[[str, str], str]


@pytest.fixture
def tonight(evening: str) -> str:
    """The role play of class 6."""
    return f"{evening}/classes/6/role-play"


@pytest.fixture
def meeting(world: World) -> int:
    return world.meetings["evening"][5]


@pytest.fixture(autouse=True)
def class_is_near(clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


@pytest.fixture
def grouped(world: World, amina: FlaskClient, tonight: str) -> None:
    """Sam, Kim and one more are group 1; the others are away."""
    for name in ("Person001", "Person002"):
        amina.post(tonight.replace("role-play", "marks"), data={"enrolment": world.enrolments[name], "status": "away"})
    assert amina.post(f"{tonight}/groups").status_code == 303


@pytest.fixture
def started(grouped: None, amina: FlaskClient, tonight: str) -> None:
    assert amina.post(f"{tonight}/run", data={"do": "start"}).status_code == 303


@pytest.fixture
def room(app: Flask, meeting: int) -> Callable[[], Room]:
    def read() -> Room:
        with app.app_context():
            found = plays.room(meeting)
            assert found
            return found

    return read


@pytest.fixture
def tap(browser: Browser, tonight: str) -> Tap:
    """`tap("Sam", "out")`: what Sam reads after that tap."""

    def one(name: str, what: str) -> str:
        client = browser(name)
        answer = client.post(
            f"{tonight}/{'clock' if what in ('pause', 'go_on', 'next') else 'room'}", data={"do": what}
        )
        assert answer.status_code == 303, answer.text
        return shown(client.get(tonight))

    return one


@pytest.fixture
def in_seat(room: Callable[[], Room], world: World) -> Callable[[str], str]:
    """Who of the triad has this seat in round 1, as formed."""
    names = {world.enrolments[name]: name for name in TRIAD}

    def who(seat: str) -> str:
        turn = room().formed.grouping.groups[0].rounds[0]
        return names[turn.observers[0] if seat == "observer" else getattr(turn, seat)]

    return who


SET_UP, FEEDBACK = timedelta(minutes=2), timedelta(minutes=6)  # when reading begins, and the first feedback


def test_everybody_sees_the_phase_and_their_own_card_alone(
    browser: Browser, amina: FlaskClient, tonight: str, grouped: None, clock: time_machine.Coordinates
) -> None:
    assert "Getting ready" not in shown(browser("Sam").get(tonight))
    amina.post(f"{tonight}/run", data={"do": "start"})
    assert "Getting ready" in shown(browser("Sam").get(tonight))
    clock.shift(SET_UP)
    pages = [shown(browser(name).get(tonight)) for name in TRIAD]
    assert all("Round 1 of 3" in page for page in pages)
    words = ("You are the supporter", "You are the person", "You observe")
    assert {word for page in pages for word in words if word in page} == set(words)
    assert all(sum(word in page for word in words) == 1 for page in pages)


def test_phases_follow_by_themselves_to_the_end(
    browser: Browser, tonight: str, started: None, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    for minutes, words in (
        (2, "Round 1 of 3"),
        (6, "Round 2 of 3"),
        (6, "Round 3 of 3"),
        (6, "one way you are different"),
    ):
        clock.shift(timedelta(minutes=minutes))
        assert words in shown(sam.get(tonight))
    clock.shift(timedelta(minutes=3))
    assert "What do we leave here?" in shown(sam.get(tonight))


def test_two_trainers_who_start_at_once_start_one_run(
    app: Flask, browser: Browser, tonight: str, started: None, room: Callable[[], Room], clock: time_machine.Coordinates
) -> None:
    begun = room().run.started_at
    clock.shift(timedelta(seconds=2))
    browser("Rosa").post(f"{tonight}/run", data={"do": "start"})
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Run)) == 1
    assert room().run.started_at == begun


def test_nothing_starts_without_groups(amina: FlaskClient, tonight: str) -> None:
    answer = amina.post(f"{tonight}/run", data={"do": "start"})
    assert answer.status_code == 409
    assert "Form the groups first." in said(answer)


def test_when_the_trainer_s_browser_dies_the_run_goes_on_and_another_takes_over(
    browser: Browser, tonight: str, started: None, room: Callable[[], Room], clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=6))  # and nothing more is heard of Amina
    assert "Round 1 of 3" in shown(browser("Sam").get(tonight))
    rosa = browser("Rosa")
    before = room().timeline_of(1).ends
    rosa.post(f"{tonight}/clock", data={"do": "add_minute"})
    assert room().timeline_of(1).ends - before == timedelta(minutes=1)
    rosa.post(f"{tonight}/run", data={"do": "end"})
    assert "The role play is over" in shown(browser("Sam").get(tonight))


def test_one_group_pauses_itself_and_goes_on(
    tap: Tap, started: None, room: Callable[[], Room], clock: time_machine.Coordinates
) -> None:
    assert "Your group paused. Go on when you are ready." in tap("Kim", "pause")
    clock.shift(timedelta(minutes=30))
    assert "Getting ready" in tap("Sam", "go_on")
    assert room().timeline_of(1).ends - room().timeline_of(2).ends == timedelta(minutes=30)


def test_a_pause_of_all_is_not_for_members_to_end(
    browser: Browser, amina: FlaskClient, tap: Tap, tonight: str, started: None, room: Callable[[], Room]
) -> None:
    amina.post(f"{tonight}/clock", data={"do": "pause"})
    assert "Your trainer paused all groups." in tap("Sam", "go_on")
    amina.post(f"{tonight}/clock", data={"do": "go_on"})
    assert room().timeline_of(1).paused_since is None


@pytest.mark.parametrize("what", ["add_minute", "bring_back", "explode"])
def test_members_do_to_the_clock_what_is_theirs(browser: Browser, tonight: str, started: None, what: str) -> None:
    assert browser("Sam").post(f"{tonight}/clock", data={"do": what}).status_code == 404


def test_two_who_tap_next_at_once_skip_one_phase(
    browser: Browser, tonight: str, started: None, room: Callable[[], Room], clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=1))
    for name in ("Sam", "Kim"):
        browser(name).post(f"{tonight}/clock", data={"do": "next", "phase": "0"})
        clock.shift(timedelta(seconds=1))
    assert room().timeline_of(1).at(OPEN + timedelta(minutes=1, seconds=2)).phase.kind == "read"


@pytest.mark.parametrize(("what", "then"), [("pause", "read"), ("bring_back", "de_role")])
def test_a_board_that_shows_the_phase_before_pauses_and_brings_back_all_the_same(
    amina: FlaskClient,
    tonight: str,
    started: None,
    room: Callable[[], Room],
    clock: time_machine.Coordinates,
    what: str,
    then: str,
) -> None:
    clock.shift(SET_UP + timedelta(seconds=1))
    for _twice in range(2):
        amina.post(f"{tonight}/clock", data={"do": what, "phase": "0"})
    moment = room().timeline_of(None).at(OPEN + SET_UP + timedelta(seconds=30))
    assert (moment.phase.kind, moment.paused) == (then, what == "pause")


def test_a_board_that_shows_an_earlier_role_play_does_not_end_the_one_that_goes_on(
    amina: FlaskClient, tonight: str, started: None, room: Callable[[], Room]
) -> None:
    first = room().run.id
    for sent in ({"do": "end", "run": first}, {"do": "start"}, {"do": "end", "run": first}):
        amina.post(f"{tonight}/run", data=sent)
    assert room().run.id != first
    assert room().run.ended_at is None
    assert f'name="run" value="{room().run.id}"' in amina.get(f"{tonight}/board").text


def test_bringing_everybody_back_also_ends_the_pause_of_a_group(
    amina: FlaskClient, tap: Tap, tonight: str, started: None, browser: Browser
) -> None:
    tap("Sam", "pause")
    amina.post(f"{tonight}/clock", data={"do": "bring_back"})
    page = shown(browser("Kim").get(tonight))
    assert "Your group paused" not in page
    assert "one way you are different" in page


# -- choices --------------------------------------------------------------------------------------------------


def test_who_steps_out_is_named_to_the_others_without_a_reason_and_the_round_goes_on(
    browser: Browser, tap: Tap, tonight: str, started: None, in_seat: Callable[[str], str], room: Callable[[], Room],
    world: World, clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    clock.shift(SET_UP)
    supporter, observer = in_seat("supporter"), in_seat("observer")
    page = tap(supporter, "out")
    assert "Take the time you need" in page
    others = shown(browser(observer).get(tonight))
    assert f"{supporter} is taking a moment. You can carry on." in others
    assert "Round 1 of 3" in others
    first = room().rounds_of(1)[0]
    assert first.supporter == world.enrolments[observer]
    assert [one.enrolment_id for one in room().out] == [world.enrolments[supporter]]
    assert "is taking a moment" not in tap(supporter, "back")
    assert f"{supporter} is back." in shown(browser(observer).get(tonight))


def test_who_leaves_for_today_reads_a_word_and_may_come_back_after_all(
    tap: Tap, browser: Browser, tonight: str, started: None
) -> None:
    assert "You left for today" in tap("Sam", "leave")
    assert "Sam has left for today. You can carry on." in shown(browser("Kim").get(tonight))
    assert "Find your group" in tap("Sam", "back")


def test_who_observes_instead_changes_places(
    tap: Tap,
    started: None,
    in_seat: Callable[[str], str],
    room: Callable[[], Room],
    world: World,
    clock: time_machine.Coordinates,
) -> None:
    clock.shift(SET_UP)
    person, observer = in_seat("person"), in_seat("observer")
    assert "You observe" in tap(person, "observe")
    assert room().rounds_of(1)[0].person == world.enrolments[observer]
    tap(person, "observe")
    assert len(room().events) == 1, "a second tap is the same choice"


def test_a_choice_in_the_feedback_is_for_the_next_round(
    tap: Tap, started: None, room: Callable[[], Room], clock: time_machine.Coordinates
) -> None:
    clock.shift(FEEDBACK)
    tap("Sam", "leave")
    assert room().events[0].round_number == 2
    assert room().rounds_of(1)[0].away == ()
    assert room().rounds_of(1)[1].away != ()


def test_one_person_left_reads_that_the_trainer_knows(tap: Tap, browser: Browser, tonight: str, started: None) -> None:
    tap("Sam", "out")
    tap("Kim", "leave")
    assert "Too few of you are left to play. Your trainer knows." in shown(browser("Person000").get(tonight))


def test_a_card_is_swapped_for_one_that_nobody_set_aside_and_nobody_is_named(
    app: Flask, world: World, tap: Tap, browser: Browser, tonight: str, started: None, room: Callable[[], Room]
) -> None:
    before = room().card_of(1)
    page = tap("Sam", "swap")
    after = room().card_of(1)
    assert after != before
    assert "Your group has another card." in page
    others = shown(browser("Kim").get(tonight))
    assert "Your group has another card." in others
    assert "Sam has" not in others
    with app.app_context(), saved():
        for topic in ("loneliness", "grief", "housing", "money", "conflict", "hospital", "medication", "family"):
            session.add(NotThisTopic(person_id=world.people["Kim"], topic=topic, set_at=NOW))
    tap("Person000", "swap")
    with app.app_context():
        assert "loneliness" not in str(session.scalars(select(AuditRow.why)).all())
    assert room().card_of(1) != after


def test_two_who_swap_the_same_card_swap_it_once(
    browser: Browser, tonight: str, started: None, room: Callable[[], Room]
) -> None:
    before = room().card_of(1)
    assert f'name="card" value="{before}"' in browser("Sam").get(tonight).text
    for name in ("Sam", "Kim"):
        assert browser(name).post(f"{tonight}/room", data={"do": "swap", "card": before}).status_code == 303
    assert room().card_of(1) != before
    assert [event.kind for event in room().events] == ["swap"]


def aside(app: Flask, world: World, name: str, *topics: str) -> None:
    """Somebody has set these topics aside before."""
    with app.app_context(), saved():
        for topic in topics:
            session.add(NotThisTopic(person_id=world.people[name], topic=topic, set_at=NOW))


def come_later(world: World, amina: FlaskClient, tonight: str, name: str) -> None:
    amina.post(tonight.replace("role-play", "marks"), data={"enrolment": world.enrolments[name], "status": "late"})
    joined = {"member": world.enrolments[name], "group": 1}
    assert amina.post(f"{tonight}/groups/join", data=joined).status_code == 303


def test_who_joins_a_group_that_swapped_its_card_never_gets_a_topic_that_they_set_aside(
    app: Flask, world: World, tap: Tap, amina: FlaskClient, tonight: str, started: None, room: Callable[[], Room],
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    amina.post(f"{tonight}/groups/card", data={"card": "the-quiet-table"})
    tap("Sam", "swap")
    swapped = room().card_of(1)
    card = app.extensions["lms"].catalog.courses["northside:core-peer-support"].course.card(swapped)
    aside(app, world, "Person001", *card.content_notes)
    clock.shift(timedelta(seconds=30))
    come_later(world, amina, tonight, "Person001")
    assert card.content_notes
    assert room().card_of(1) != swapped


def test_a_card_that_was_swapped_stays_when_somebody_joins_and_until_another_is_dealt(
    world: World, tap: Tap, amina: FlaskClient, tonight: str, started: None, room: Callable[[], Room],
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    dealt = room().card_of(1)
    clock.shift(FEEDBACK)
    tap("Sam", "swap")
    swapped = room().card_of(1)
    clock.shift(timedelta(minutes=4))
    come_later(world, amina, tonight, "Person001")
    assert (room().card_of(1), room().card_of(1, 1), room().card_of(1, 2)) == (swapped, dealt, swapped)
    clock.shift(timedelta(seconds=30))
    amina.post(f"{tonight}/groups/card", data={"card": dealt})
    assert (room().card_of(1), room().card_of(1, 2)) == (dealt, dealt)


def test_not_this_topic_changes_the_card_of_a_role_play_that_goes_on_and_says_nothing_of_whose_it_was(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str, started: None,
    room: Callable[[], Room], clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    clock.shift(SET_UP)
    dealt, seats = room().card_of(1), room().rounds_of(1)
    assert dealt == "first-coffee"
    before = browser("Sam").get(f"{tonight}/live?seen=").json
    with app.app_context():
        history = session.scalar(select(func.count()).select_from(AuditRow))
    kim = browser("Kim")
    page = said(follow(kim, kim.post(f"{tonight}/topics", data={"topic": "loneliness", "aside": "yes"})))
    assert "Noted, for you alone. Your group has another card." in page
    assert room().card_of(1) != dealt
    assert room().rounds_of(1) == seats
    news = browser("Sam").get(f"{tonight}/live?seen={before['mark']}").json["room"]
    assert news.count("Kim") == before["room"].count("Kim"), "no sentence names who chose"
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(AuditRow)) == history
        assert set(session.scalars(select(FormedGroups.formed_by))) == {world.people["Amina"]}


def test_not_this_topic_changes_the_card_of_groups_that_are_formed_for_a_class_to_come(
    app: Flask, browser: Browser, tonight: str, grouped: None, clock: time_machine.Coordinates, meeting: int
) -> None:
    def card() -> str:
        with app.app_context():
            formed = plays.play_of(meeting).formed
            assert formed
            return formed.cards[1]

    assert card() == "first-coffee"
    clock.shift(timedelta(seconds=1))
    for aside in ("yes", "no"):
        browser("Sam").post(f"{tonight}/topics", data={"topic": "loneliness", "aside": aside})
        assert card() != "first-coffee"
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(FormedGroups)) == 2


def test_where_no_card_is_without_the_topic_the_choice_is_kept_and_one_reads_what_else_to_do(
    app: Flask, browser: Browser, tonight: str, started: None, room: Callable[[], Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = cards_here.cards_of_class
    monkeypatch.setattr(cards_here, "cards_of_class", lambda course, names: cards(course, names)[:1])
    sam = browser("Sam")
    page = said(follow(sam, sam.post(f"{tonight}/topics", data={"topic": "loneliness", "aside": "yes"})))
    assert "You can observe or step out, or ask your trainer." in page
    assert room().card_of(1) == "first-coffee"
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(NotThisTopic)) == 1


def test_a_card_of_a_round_that_was_played_stays_what_it_was(
    app: Flask, amina: FlaskClient, browser: Browser, tonight: str, started: None, room: Callable[[], Room],
    clock: time_machine.Coordinates, meeting: int,
) -> None:  # fmt: skip
    clock.shift(FEEDBACK)
    amina.post(f"{tonight}/run", data={"do": "end"})
    clock.shift(timedelta(minutes=1))
    browser("Sam").post(f"{tonight}/topics", data={"topic": "loneliness", "aside": "yes"})
    assert room().card_of(1, 1) == "first-coffee"
    with app.app_context():
        to_come = plays.play_of(meeting).formed
        assert to_come
        assert to_come.cards[1] != "first-coffee", "should it be started once more"


def test_where_no_other_card_is_free_a_sentence_says_what_else_one_can_do(
    app: Flask, world: World, browser: Browser, tonight: str, started: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards_here, "cards_of_class", lambda course, names: [])
    answer = browser("Sam").post(f"{tonight}/room", data={"do": "swap"})
    assert answer.status_code == 409
    assert "You can observe or step out, or ask your trainer." in said(answer)


@pytest.mark.parametrize(
    ("seat", "minutes", "stays"),
    [
        ("supporter", 1, False),
        ("supporter", 4, False),
        ("observer", 4, True),
        ("supporter", 7, True),
        ("supporter", 22, True),
    ],
)
def test_without_script_a_page_comes_anew_unless_one_may_write_on_it(
    browser: Browser, tonight: str, started: None, in_seat: Callable[[str], str], clock: time_machine.Coordinates,
    seat: str, minutes: int, stays: bool,
) -> None:  # fmt: skip
    name = in_seat(seat)
    clock.shift(timedelta(minutes=minutes))
    page = browser(name).get(tonight).text
    assert ('http-equiv="refresh"' in page, "Look again" in page) == (not stays, stays)


def test_a_moment_and_a_call_are_noted_once_until_a_trainer_has_seen_them(
    tap: Tap, started: None, room: Callable[[], Room]
) -> None:
    assert "Your trainer knows that you need a moment." in tap("Sam", "moment")
    tap("Kim", "moment")
    assert "Your trainer knows that you ask them to come." in tap("Kim", "help")
    assert [event.kind for event in room().events] == ["moment", "help"]


def test_after_the_end_nothing_changes_any_more(
    amina: FlaskClient, browser: Browser, tonight: str, started: None, app: Flask
) -> None:
    amina.post(f"{tonight}/run", data={"do": "end"})
    amina.post(f"{tonight}/run", data={"do": "end"})
    answer = browser("Sam").post(f"{tonight}/room", data={"do": "out"})
    assert answer.status_code == 409
    assert "This role play is over." in said(answer)
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(RoomEvent)) == 0
        ended = session.scalars(select(AuditRow).where(AuditRow.verb == "roleplay.ended")).all()
        assert len(ended) == 1


def test_groups_and_rooms_agree_on_when_a_role_play_is_over(
    amina: FlaskClient, browser: Browser, tonight: str, started: None, clock: time_machine.Coordinates
) -> None:
    """Nobody ended it, and an hour has passed since its last minute."""
    link = "To the board"
    assert link in said(amina.get(tonight))
    clock.shift(timedelta(minutes=27))
    assert link in said(amina.get(tonight))
    clock.shift(timedelta(hours=1))
    assert "The role play is over" in shown(browser("Sam").get(tonight))
    assert link not in said(amina.get(tonight))
    assert amina.post(f"{tonight}/run", data={"do": "start"}).status_code == 303
    assert link in said(amina.get(tonight))


def test_somebody_without_a_group_chooses_nothing(browser: Browser, tonight: str, started: None) -> None:
    assert browser("Person001").post(f"{tonight}/room", data={"do": "out"}).status_code == 404
    assert "Tell your trainer that you are here." in shown(browser("Person001").get(tonight))


# -- news -----------------------------------------------------------------------------------------------------


def test_a_phone_gets_what_is_new_at_once_and_only_its_own_role(
    browser: Browser, amina: FlaskClient, tap: Tap, tonight: str, started: None
) -> None:
    sam = browser("Sam")
    first = sam.get(f"{tonight}/live?seen=").json
    again = sam.get(f"{tonight}/live?seen={first['mark']}").json
    assert again == {"mark": first["mark"], "again": 2000}, "nobody holds a place for it here, so it asks again"
    tap("Kim", "out")
    news = sam.get(f"{tonight}/live?seen={first['mark']}").json
    assert news["mark"] != first["mark"]
    assert "Kim is taking a moment." in said(news["room"])


def test_before_the_start_a_phone_waits_with_the_mark_of_its_page(
    browser: Browser, amina: FlaskClient, tonight: str, grouped: None
) -> None:
    sam = browser("Sam")
    mark = sam.get(f"{tonight}/live?seen=").json["mark"]
    assert f'data-mark="{mark}"' in sam.get(tonight).text
    amina.post(f"{tonight}/run", data={"do": "start"})
    assert sam.get(f"{tonight}/live?seen={mark}").json["room"]


def test_a_clock_that_was_changed_twice_is_kept_once_and_not_by_whom(
    app: Flask, amina: FlaskClient, tap: Tap, tonight: str, started: None
) -> None:
    tap("Sam", "pause")
    tap("Kim", "pause")
    tap("Kim", "go_on")
    amina.post(f"{tonight}/clock", data={"do": "add_minute", "group": "1"})
    with app.app_context():
        kept = [(c.kind, c.group_number) for c in session.scalars(select(ClockChange).order_by(ClockChange.id))]
    assert kept == [("pause", 1), ("go_on", 1), ("add_minute", 1)]


def test_when_only_the_clock_changed_a_phone_gets_no_more_than_the_clock(
    browser: Browser, amina: FlaskClient, tap: Tap, tonight: str, started: None
) -> None:
    sam = browser("Sam")
    mark = sam.get(f"{tonight}/live?seen=").json["mark"]
    amina.post(f"{tonight}/clock", data={"do": "add_minute"})
    news = sam.get(f"{tonight}/live?seen={mark}").json
    assert "room" not in news
    first = news["clock"]["spans"][0]
    assert first["ends"] - first["starts"] == 180_000
    tap("Kim", "moment")
    amina.post(f"{tonight}/clock", data={"do": "bring_back"})
    assert "Your trainer knows that you need a moment." in said(sam.get(f"{tonight}/live?seen={mark}").json["room"])
    amina.post(f"{tonight}/run", data={"do": "end"})
    assert "The role play is over" in said(sam.get(f"{tonight}/live?seen={news['mark']}").json["room"])


def test_a_phone_counts_from_the_server_s_clock_whatever_its_own_says(
    browser: Browser, tonight: str, started: None, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(seconds=30))
    signal = json.loads(html.unescape(re.search(r"data-clock='([^']*)'", browser("Sam").get(tonight).text)[1]))  # type: ignore[index]
    assert signal["now"] - signal["spans"][0]["starts"] == 30_000
