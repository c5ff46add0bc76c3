"""What a trainer says to all groups, or to one: read on each phone in its own language, and kept no longer than it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from lms.features.grouping.models import FormedGroups
from lms.features.reading.retention import begin_removing, remove_words
from lms.features.roleplay.marks import mark_of
from lms.features.roleplay.models import Message, Run
from lms.features.roleplay.plays import play_of
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.roleplay.rooms import Table, begin
from tests.pages import said, shown
from tests.world import World, course_where, ended, keeping_words

OWN = "Group work ends at the bell, tea is ready."
READY = "Find an ending when you are ready."
Say = Callable[..., Any]


@pytest.fixture
def table(app: Flask, world: World, clock: time_machine.Coordinates) -> Table:
    """Two groups that have just begun: Sam, Kim and one more, and two others."""
    clock.move_to(OPEN)
    return begin(app, world, ("Sam", "Kim", "Person000"), ("Person001", "Person002"))


@pytest.fixture
def place(evening: str) -> str:
    return f"{evening}/classes/6/role-play"


@pytest.fixture
def say(browser: Browser, place: str) -> Say:
    """`say("Amina", words=...)`: the answer to what a trainer sends."""

    def one(name: str = "Amina", **sent: str) -> Any:
        return browser(name).post(f"{place}/messages", data=sent)

    return one


@pytest.fixture
def reads(browser: Browser, place: str) -> Callable[[str], str]:
    """What somebody's phone shows."""
    return lambda name: shown(browser(name).get(place))


def test_what_is_said_to_all_stands_on_every_phone_with_who_and_when(
    table: Table, say: Say, reads: Callable[[str], str]
) -> None:
    assert say(ready="find_an_ending").status_code == 303
    for name in ("Sam", "Person002"):
        assert f"{READY} Amina, " in reads(name)


def test_what_is_said_to_one_group_is_for_that_group(
    table: Table, say: Say, reads: Callable[[str], str], browser: Browser, place: str
) -> None:
    say(words=f"  {OWN}\n", group="2")
    assert OWN in reads("Person001")
    assert OWN not in reads("Sam")
    assert f"{OWN} Amina to group 2, " in said(browser("Rosa").get(f"{place}/board")), "a co-trainer sees it"


def test_a_ready_sentence_is_read_in_one_s_own_language_and_own_words_as_they_were_written(
    table: Table, say: Say, browser: Browser, place: str, app: Flask
) -> None:
    sam = browser("Sam")
    sam.set_cookie("language", "fr")
    say(ready="find_an_ending")
    assert "Cherchez une fin, sans vous presser." in shown(sam.get(place))
    say(words=OWN)
    assert OWN in shown(sam.get(place))
    with app.app_context():
        assert [(one.ready, one.words) for one in session.scalars(select(Message).order_by(Message.id))] == [
            ("find_an_ending", ""),
            ("", OWN),
        ]


def test_it_stands_until_the_next_one_or_the_end(table: Table, say: Say, reads: Callable[[str], str]) -> None:
    say(words=OWN)
    say(ready="take_your_time")
    page = reads("Sam")
    assert "Take your time." in page
    assert OWN not in page
    table.end()
    assert "Take your time." not in reads("Sam")


def test_the_board_shows_the_last_ones_with_time_and_who_sent_them(
    table: Table, say: Say, browser: Browser, place: str
) -> None:
    for name, sent in (("Amina", "One"), ("Rosa", "Two"), ("Amina", "Three"), ("Amina", "Four")):
        say(name, words=sent)
    page = said(browser("Amina").get(f"{place}/board"))
    assert page.index("Four Amina to all groups") < page.index("Three Amina to") < page.index("Two Rosa to all groups")
    assert "One Amina" not in page


def test_a_double_tap_sends_once_and_the_same_words_later_are_sent_again(
    app: Flask, table: Table, say: Say, clock: time_machine.Coordinates
) -> None:
    def sent() -> int:
        with app.app_context():
            return session.scalar(select(func.count()).select_from(Message)) or 0

    for _twice in range(2):
        assert say(ready="two_minutes").status_code == 303
    assert sent() == 1
    say(ready="two_minutes", group="1")
    assert sent() == 2, "to another group it is another message"
    clock.shift(timedelta(minutes=3))
    say(ready="two_minutes", group="1")
    assert sent() == 3


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, "Choose a sentence, or write one line."),
        ({"words": " \n "}, 422, "Choose a sentence, or write one line."),
        ({"words": "x" * 141}, 422, "longer than we can take (140 characters)"),
        ({"ready": "sing"}, 404, ""),
        ({"ready": "two_minutes", "group": "9"}, 409, "This group is not there any more."),
    ],
)
def test_what_cannot_be_sent_is_told_why(
    table: Table, say: Say, sent: dict[str, str], status: int, sentence: str
) -> None:
    answer = say(**sent)
    assert answer.status_code == status
    assert sentence in said(answer)


def test_to_a_role_play_that_is_over_nothing_is_sent_and_the_words_are_given_back(
    app: Flask, table: Table, say: Say, browser: Browser, place: str
) -> None:
    table.end()
    answer = say(words=OWN)
    assert answer.status_code == 409
    page = said(answer)
    assert "This role play is over. Your message was not sent." in page
    assert OWN in page
    assert "Your text" not in said(say(ready="two_minutes")), "nobody typed the name of a sentence"
    told = browser("Amina").post(f"{place}/messages", data={"words": OWN}, headers={"Accept": "application/json"})
    assert (told.status_code, told.json) == (409, {"error": "This role play is over. Your message was not sent."})
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Message)) == 0
    assert "Say something to the groups" not in said(browser("Amina").get(f"{place}/board"))


def test_before_it_begins_nothing_is_sent(say: Say, world: World, clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)
    assert say(ready="two_minutes").status_code == 409


def test_those_who_take_part_send_no_messages(table: Table, say: Say) -> None:
    assert say("Sam", ready="two_minutes").status_code == 404


def test_whoever_left_for_today_is_left_in_peace(table: Table, say: Say, reads: Callable[[str], str]) -> None:
    table.chose("Sam", "leave", 1)
    table.chose("Kim", "out", 1)
    say(ready="come_back")
    assert "Come back to the main room" not in reads("Sam")
    assert "Come back to the main room" in reads("Kim")


def test_a_message_for_one_group_does_not_pass_to_others_when_groups_are_formed_anew(
    app: Flask, table: Table, say: Say, reads: Callable[[str], str], clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(seconds=5))
    say(ready="take_your_time")
    say(words=OWN, group="1")
    clock.shift(timedelta(seconds=5))
    begin(app, table.world, ("Person001", "Person002"), ("Sam", "Kim"), number=5)
    with app.app_context(), saved():
        first = session.scalars(select(FormedGroups).order_by(FormedGroups.id)).first()
        newer = session.scalars(select(FormedGroups).order_by(FormedGroups.id.desc())).first()
        assert first
        assert newer
        for run in session.scalars(select(Run).where(Run.meeting_id == newer.meeting_id)):
            session.delete(run)
        newer.meeting_id, newer.version = first.meeting_id, first.version + 1
    for name in ("Person001", "Sam"):
        page = reads(name)
        assert OWN not in page
        assert "Take your time." in page


# -- news -------------------------------------------------------------------------------------------------------------


def test_a_message_reaches_a_phone_without_its_room_being_drawn(
    table: Table, say: Say, browser: Browser, place: str
) -> None:
    sam = browser("Sam")
    mark = sam.get(f"{place}/live?seen=").json["mark"]
    say(ready="two_minutes")
    news = sam.get(f"{place}/live?seen={mark}").json
    assert "room" not in news
    assert "Two more minutes." in news["said"]
    assert news["clock"]["spans"]


def test_what_happens_in_another_group_is_no_news_for_a_phone_and_is_for_the_board(
    table: Table, say: Say, browser: Browser, place: str
) -> None:
    def mark(name: str) -> str:
        return str(browser(name).get(f"{place}/live?seen=").json["mark"])

    before = {name: mark(name) for name in ("Sam", "Person001", "Amina")}
    browser("Sam").post(f"{place}/room", data={"do": "help"})
    browser("Sam").post(f"{place}/clock", data={"do": "pause"})
    say(words=OWN, group="1")
    browser("Amina").post(f"{place}/visits", data={"group": 1})
    assert mark("Person001") == before["Person001"]
    assert mark("Sam") != before["Sam"]
    assert mark("Amina") != before["Amina"]
    again = browser("Person001").get(f"{place}/live?seen={before['Person001']}").json
    assert again == {"mark": before["Person001"], "again": 2000}
    browser("Amina").post(f"{place}/run", data={"do": "end"})
    assert "The role play is over" in said(
        browser("Person001").get(f"{place}/live?seen={before['Person001']}").json["room"]
    )


def test_the_mark_of_a_room_that_was_read_is_the_one_that_wakes_its_phones(
    app: Flask, world: World, table: Table, say: Say, browser: Browser, place: str
) -> None:
    members = [None, *(world.enrolments[name] for name in ("Sam", "Person001", "Wes"))]
    acts: list[Callable[[], Any]] = [
        lambda: say(ready="two_minutes"),
        lambda: say(words=OWN, group="1"),
        lambda: browser("Kim").post(f"{place}/room", data={"do": "help"}),
        lambda: browser("Kim").post(f"{place}/clock", data={"do": "pause"}),
        lambda: browser("Amina").post(f"{place}/clock", data={"do": "add_minute"}),
        lambda: browser("Amina").post(f"{place}/visits", data={"group": 1}),
        lambda: browser("Amina").post(f"{place}/run", data={"do": "end"}),
        lambda: browser("Amina").post(f"{place}/groups", data={"version": "1", "anew": "yes"}),
    ]
    meeting = world.meetings["evening"][5]
    for act in acts:
        act()
        with app.app_context():
            play = play_of(meeting)
            assert [mark_of(meeting, 0, one) for one in members] == [play.mark_for(one) for one in members]


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_words_of_messages_are_in_no_history_and_go_when_the_time_of_the_group_is_over(
    app: Flask, world: World, table: Table, say: Say
) -> None:
    say(ready="two_minutes")
    say(words=OWN)
    with app.app_context():
        assert OWN not in " ".join(f"{row.verb} {row.subject} {row.why}" for row in session.scalars(select(AuditRow)))
    cohort = world.cohorts["evening"]
    ended(app, cohort, OPEN + timedelta(hours=1))
    with course_where(app, cohort, keeping_words(30)):
        for days, left in ((29, ["", OWN]), (31, [""])):
            with app.app_context(), saved():
                remove_words(cohort, OPEN + timedelta(days=days, hours=1))
            with app.app_context():
                assert list(session.scalars(select(Message.words).order_by(Message.id))) == left
        with app.app_context(), saved():
            begin_removing(OPEN + timedelta(days=40))
        with app.app_context():
            assert not list(session.scalars(select(OutboxRow).where(OutboxRow.kind == "words.remove")))
