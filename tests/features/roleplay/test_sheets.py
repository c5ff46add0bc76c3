"""Sheets after a round: written by seat, given to the supporter, kept or let go, and read by whom the sheet says."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.roleplay.models import Sheet
from lms.features.roleplay.sheet_queries import given_in
from lms.features.roleplay.sheets import QUESTIONS, SPEAKING, Content, SeatName, audience_of, both
from lms.host.audit import AuditRow
from lms.host.db import session
from lms.plugin_api.testing import check_text
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.roleplay.rooms import Table, begin
from tests.pages import said
from tests.world import World, course_where

WORDS = "You let the silence be."


@pytest.fixture(autouse=True)
def evening_of_the_class(clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)


@pytest.fixture
def table(app: Flask, world: World) -> Table:
    """Sam is supporter first, Kim is the person, Person000 observes."""
    return begin(app, world, ("Sam", "Kim", "Person000"))


@pytest.fixture
def place(evening: str) -> str:
    return f"{evening}/classes/6/role-play/sheet"


def give(client: FlaskClient, place: str, **fields: Any) -> TestResponse:
    return client.post(place, data={"round": 1, "seen": "", **fields})


def rows(app: Flask) -> list[Sheet]:
    with app.app_context():
        return list(session.scalars(select(Sheet).order_by(Sheet.id)))


def now_in_round(clock: time_machine.Coordinates, number: int) -> None:
    clock.shift(timedelta(seconds=125 + 360 * (number - 1)))


# -- the rules ------------------------------------------------------------------------------------------------


def test_every_question_stands_in_both_languages() -> None:
    for seat in SPEAKING:
        for question in QUESTIONS[seat]:
            check_text(question.label)
            if question.help:
                check_text(question.help)


@pytest.mark.parametrize(
    ("seat", "trainers_read", "who"),
    [
        ("supporter", False, "self"),
        ("supporter", True, "self"),
        ("person", False, "supporter"),
        ("observer", False, "supporter"),
        ("observer", True, "trainers"),
    ],
)
def test_own_notes_stay_with_the_supporter_whatever_the_course_says(
    seat: SeatName, trainers_read: bool, who: str
) -> None:
    assert audience_of(seat, trainers_read) == who


CONTENTS = st.builds(
    Content,
    st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    st.dictionaries(
        st.sampled_from(["words", "try"]), st.text(st.characters(categories=("L",)), min_size=1), max_size=2
    ),
)


@given(CONTENTS, CONTENTS)
def test_of_two_writings_nothing_is_lost(before: Content, now: Content) -> None:
    found = both(before, now)
    assert set(found.ticks) == {*before.ticks, *now.ticks}
    for one in (before, now):
        for name, words in (one.words or {}).items():
            assert words in (found.words or {})[name]


# -- writing and giving ---------------------------------------------------------------------------------------


def test_each_seat_is_asked_its_own_questions(
    table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    sam, kim, observer = (said(browser(name).get(place)) for name in ("Sam", "Kim", "Person000"))
    assert "Your own notes, first Only you can read this. What did I like?" in sam
    assert "For Sam, from the person Sam reads this once you give it." in kim
    assert "When did I feel heard?" in kim
    assert "Waits at least three seconds" in observer
    assert "Waits at least three seconds" not in sam + kim
    assert "Next time you could ..." in observer


def test_a_sheet_is_given_and_its_supporter_reads_it(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    answer = give(browser("Person000"), place, tick=["waits", "no-such-line"], words=WORDS, **{"try": "  "})
    assert answer.status_code == 303
    (sheet,) = rows(app)
    assert (sheet.ticks, sheet.words, sheet.read_by_trainers) == (["waits"], {"words": WORDS}, False)
    assert WORDS in said(browser("Sam").get(place))
    assert WORDS not in said(browser("Kim").get(place))


def test_the_same_given_twice_is_one_sheet(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    for _again in range(2):
        give(browser("Person000"), place, words=WORDS)
    assert [sheet.words for sheet in rows(app)] == [{"words": WORDS}]


def test_what_two_devices_give_both_stays(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Person000"), place, words="From the phone", tick="waits")
    clock.shift(timedelta(seconds=5))
    give(browser("Person000"), place, words="From the tablet")
    (sheet,) = rows(app)
    assert sheet.words == {"words": "From the phone\nFrom the tablet"}
    assert sheet.ticks == ["waits"]


def test_a_sheet_is_corrected_by_the_page_that_shows_it(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    sent = {"round": 1, "seen": "", "words": "You waitd"}
    told = browser("Person000").post(place, data=sent, headers={"Accept": "application/json"}).get_json()
    give(browser("Person000"), place, words="You waited", seen=told["given"])
    assert [sheet.words for sheet in rows(app)] == [{"words": "You waited"}]


def test_a_sheet_can_be_given_when_the_round_has_moved_on(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 3)
    page = said(browser("Person000").get(place))
    assert page.index("Round 3") < page.index("Round 2") < page.index("Round 1")
    give(browser("Person000"), place, words=WORDS)
    table.end()
    give(browser("Kim"), place, heard="When you nodded", round=1)
    assert [sheet.round_number for sheet in rows(app)] == [1, 1]


def test_an_empty_sheet_is_not_given(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    answer = give(browser("Kim"), place, heard="   ")
    assert answer.status_code == 422
    assert "Tick a line or write a few words first." in said(answer)
    assert rows(app) == []


def test_what_is_too_long_comes_back_with_a_sentence(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    answer = give(browser("Kim"), place, heard="a" * 2001, less_heard="Once")
    assert answer.status_code == 422
    assert "a" * 2001 in answer.text
    assert "This is longer than we can take (2000 characters)." in said(answer)


def test_whoever_observes_instead_writes_as_observer(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    table.chose("Kim", "observe", 1)
    assert "For Sam, from the observer" in said(browser("Kim").get(place))
    assert "For Sam, from the person" in said(browser("Person000").get(place))


def test_whoever_steps_out_of_a_round_still_gives_what_they_wrote_about_it(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    clock.shift(timedelta(seconds=90))
    table.chose("Kim", "out", 1)
    assert "For Sam, from the person" in said(browser("Kim").get(place))
    assert give(browser("Kim"), place, heard="When you nodded").status_code == 303
    assert [(sheet.seat, sheet.words) for sheet in rows(app)] == [("person", {"heard": "When you nodded"})]
    assert "When you nodded" in said(browser("Sam").get(place))


def test_words_for_a_supporter_who_stepped_out_are_given_to_them(
    app: Flask, world: World, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    clock.shift(timedelta(seconds=90))
    table.chose("Sam", "out", 1)
    table.chose("Kim", "out", 1)
    give(browser("Kim"), place, heard="When you nodded")
    assert [sheet.supporter_id for sheet in rows(app)] == [world.enrolments["Person000"]], "who followed Sam"


def test_a_sheet_that_was_given_stays_with_its_writer_who_steps_out(
    table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Kim"), place, heard="When you nodded")
    table.chose("Kim", "out", 1)
    page = browser("Kim").get(place)
    assert "When you nodded" in page.text
    assert "Give it again" in said(page)


def test_without_a_seat_there_is_no_sheet_to_give(app: Flask, table: Table, browser: Browser, place: str) -> None:
    table.chose("Kim", "out", 1)
    answer = give(browser("Kim"), place, heard="Now")
    assert answer.status_code == 409
    assert "Now" in answer.text, "what was typed is shown again"
    assert give(browser("Person001"), place, words="x").status_code == 409
    assert rows(app) == []


# -- keeping and letting go -----------------------------------------------------------------------------------


def test_a_supporter_keeps_notes_and_finds_them_in_their_own_pages(
    app: Flask, table: Table, browser: Browser, place: str, evening: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Sam"), place, liked="That I waited")
    give(browser("Person000"), place, words=WORDS)
    browser("Sam").post(f"{evening}/role-play/mine", data={"run": table.run_id, "round": 1, "choice": "keep"})
    assert [sheet.kept for sheet in rows(app)] == [True, True]
    notes = said(browser("Sam").get(f"{evening}/role-play/mine"))
    assert notes.index("That I waited") < notes.index(WORDS), "one's own words come first"
    for other in ("Kim", "Person000"):
        assert WORDS not in said(browser(other).get(f"{evening}/role-play/mine"))


def test_what_is_let_go_is_erased_and_stays_gone(
    app: Flask, table: Table, browser: Browser, place: str, evening: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Person000"), place, words=WORDS, tick="waits")
    browser("Sam").post(f"{evening}/role-play/mine", data={"run": table.run_id, "round": 1, "choice": "let-go"})
    (sheet,) = rows(app)
    assert (sheet.words, sheet.ticks, sheet.kept) == ({}, [], False)
    answer = give(browser("Person000"), place, words=WORDS, seen=sheet.given_at.isoformat())
    assert answer.status_code == 409
    assert rows(app)[0].words == {}
    assert WORDS not in said(browser("Sam").get(place))


def test_nobody_keeps_or_erases_what_belongs_to_another_supporter(
    app: Flask, table: Table, browser: Browser, place: str, evening: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Person000"), place, words=WORDS)
    for other in ("Kim", "Person000"):
        browser(other).post(f"{evening}/role-play/mine", data={"run": table.run_id, "round": 1, "choice": "let-go"})
    assert [(sheet.words, sheet.kept) for sheet in rows(app)] == [({"words": WORDS}, None)]


# -- who can read it ------------------------------------------------------------------------------------------


def trainers_read(app: Flask, world: World) -> AbstractContextManager[None]:
    def change(course: dict[str, Any]) -> None:
        next(plan for plan in course["classes"] if plan["number"] == 6)["role_play"]["trainers_read"] = True

    return course_where(app, world.cohorts["evening"], change)


def test_a_trainers_question_to_the_database_never_brings_words_of_a_sheet_that_says_no(
    app: Flask, world: World, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Kim"), place, heard="private words")
    give(browser("Sam"), place, liked="my own words")
    with trainers_read(app, world):
        assert "Your trainers read it too: Amina." in said(browser("Person000").get(place))
        give(browser("Person000"), place, words=WORDS, readers="trainers")
        give(browser("Person000"), place, words="let go later", round=2, readers="trainers")
        with app.app_context():
            found = {
                row.enrolment_id: row.words
                for row in given_in(world.cohorts["evening"], reads=True)
                if row.round_number == 1
            }
    assert found == {
        world.enrolments["Sam"]: None,
        world.enrolments["Kim"]: None,
        world.enrolments["Person000"]: {"words": WORDS},
    }


def test_what_the_sheet_said_when_it_was_written_holds(
    app: Flask, world: World, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Person000"), place, words=WORDS)
    with trainers_read(app, world), app.app_context():
        assert [row.words for row in given_in(world.cohorts["evening"], reads=True)] == [None]


def test_words_for_trainers_are_read_by_those_whom_the_sheet_names_and_by_no_coordinator(
    app: Flask, world: World, table: Table, browser: Browser, place: str, evening: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    of_sam = f"{evening}/people/{world.enrolments['Sam']}/role-play"
    with trainers_read(app, world):
        give(browser("Person000"), place, words=WORDS, readers="trainers")
        assert WORDS in said(browser("Amina").get(of_sam))
        page = said(browser("Rosa").get(of_sam))
    assert "1 sheet was given" in page
    assert WORDS not in page


def test_a_page_that_promised_the_words_to_the_supporter_alone_holds_when_the_course_changes(
    app: Flask, world: World, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    page = browser("Person000").get(place).text
    assert 'name="readers" value="supporter"' in page
    with trainers_read(app, world):
        give(browser("Person000"), place, words=WORDS, readers="supporter")
        assert "Your trainers see that it was given, not the words." in said(browser("Person000").get(place))
    assert [sheet.read_by_trainers for sheet in rows(app)] == [False]


def test_words_from_a_page_that_promised_less_close_the_whole_sheet_to_trainers(
    app: Flask, world: World, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    with trainers_read(app, world):
        give(browser("Person000"), place, words="From the tablet", readers="trainers")
        give(browser("Person000"), place, words="From the phone", readers="supporter")
        with app.app_context():
            assert [row.words for row in given_in(world.cohorts["evening"], reads=True)] == [None]


def test_an_observer_is_told_what_becomes_of_ticked_lines(
    table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    sentence = "If Sam keeps the notes, your trainers also see how often each line was ticked."
    assert sentence in said(browser("Person000").get(place))
    assert sentence not in said(browser("Kim").get(place))
    give(browser("Person000"), place, tick="waits")
    assert "If you keep them, your trainers see how often each line was ticked." in said(browser("Sam").get(place))


def test_let_go_is_let_go_for_trainers_too(
    app: Flask, world: World, table: Table, browser: Browser, place: str, evening: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    with trainers_read(app, world):
        give(browser("Person000"), place, words=WORDS, readers="trainers")
        browser("Sam").post(f"{evening}/role-play/mine", data={"run": table.run_id, "round": 1, "choice": "let-go"})
        with app.app_context():
            assert [row.words for row in given_in(world.cohorts["evening"], reads=True)] == [None]


def test_no_history_holds_a_word_of_a_sheet(
    app: Flask, table: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    now_in_round(clock, 1)
    give(browser("Person000"), place, words=WORDS)
    with app.app_context():
        history = [json.dumps([row.verb, row.subject, row.why]) for row in session.scalars(select(AuditRow))]
    assert not [line for line in history if WORDS in line]
