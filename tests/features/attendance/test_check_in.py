"""Trainees check themselves in by the word on the trainer's screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from lms.app import ROOT
from lms.features.accounts.actions import grant_role
from lms.features.accounts.roles import Role
from lms.features.attendance import check_in
from lms.features.attendance.check_in import EARLIER, WINDOW, WORDS, Heard, folded, heard, word_at
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.host.db import saved, session
from lms.host.plugins import find_plugins
from tests.conftest import MakeApp
from tests.features.attendance.test_roll_call import chain, details
from tests.features.attendance.test_roll_call import mark as mark_by
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit
from tests.world import World, build_world, sign_in

STARTS = NOW + timedelta(hours=2)


@pytest.fixture
def tonight(app: Flask, world: World, evening: str) -> str:
    """Class 6; its group and the morning group let people check in from twenty minutes before."""
    with app.app_context(), saved():
        for name in ("evening", "morning"):
            session.get_one(Cohort, world.cohorts[name]).check_in_opens = 20
    return f"{evening}/classes/6"


def word_of(app: Flask, world: World, cohort: str = "evening", ago: int = 0) -> str:
    """The word on the screen of class 6, or the one of so many minutes ago."""
    secret = app.extensions["lms"].config.settings.secret_key
    return word_at(secret, world.meetings[cohort][5], datetime.now(UTC) - timedelta(minutes=ago))


def say(client: FlaskClient, tonight: str, word: str) -> TestResponse:
    return client.post(f"{tonight}/check-in", data={"word": word})


# -- here, late, twice --------------------------------------------------------------------------------------


def test_today_and_the_class_offer_it_while_it_is_open(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    for address in ("/today", tonight):
        assert f"{tonight}/check-in" not in sam.get(address).text
    clock.move_to(STARTS)
    for address in ("/today", tonight):
        assert f'href="{tonight}/check-in"' in sam.get(address).text
    say(sam, tonight, word_of(app, world))
    for address in ("/today", tonight):
        assert f"{tonight}/check-in" not in sam.get(address).text
        assert "You have checked in." in said(sam.get(address))


def test_who_told_us_and_comes_all_the_same_finds_the_door(
    browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    sam.post(f"{tonight}/notice")
    assert f"{tonight}/check-in" not in sam.get("/today").text
    clock.move_to(STARTS - timedelta(minutes=5))
    for address in ("/today", tonight):
        page = sam.get(address).text
        assert f'href="{tonight}/check-in"' in page
        assert "I can come after all" in page


@pytest.mark.parametrize(
    ("minutes", "stands"),
    [
        (-20, ("here", None, None, "")),
        (0, ("here", None, None, "")),
        (5, ("here", None, None, "")),
        (6, ("late", None, 6, "")),
        (119, ("late", None, 119, "")),
    ],
)
def test_the_word_of_the_screen_marks_here_or_late(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates, minutes: int, stands: object
) -> None:  # fmt: skip
    clock.move_to(STARTS + timedelta(minutes=minutes))
    sam = browser("Sam")
    answer = say(sam, tonight, word_of(app, world))
    assert answer.status_code == 303
    assert "Good that you are here." in said(follow(sam, answer))
    assert details(app, world, "Sam") == [stands]
    assert [source for _status, source in chain(app, world, "Sam")] == ["check_in"]


def test_checking_in_twice_is_fine_and_the_first_time_counts(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    for minutes in (-1, 30):
        clock.move_to(STARTS + timedelta(minutes=minutes))
        assert say(sam, tonight, word_of(app, world)).status_code == 303
    assert chain(app, world, "Sam") == [("here", "check_in")]


def test_the_word_is_typed_as_people_type(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS)
    word = word_of(app, world)
    letters, digits = word.lower().split()
    assert say(browser("Sam"), tonight, f" {letters[:2]} {letters[2:]}{digits}. ").status_code == 303


def test_the_mark_of_a_trainer_stays(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS)
    mark_by(browser("Amina"), world, tonight, "Sam", "away")
    sam = browser("Sam")
    answer = follow(sam, say(sam, tonight, word_of(app, world)))
    assert "You are marked already: away." in said(answer)
    assert chain(app, world, "Sam") == [("away", "roll_call")]


def test_who_told_us_before_and_comes_is_here(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    sam.post(f"{tonight}/notice", data={"note": "dentist"})
    clock.move_to(STARTS)
    assert say(sam, tonight, word_of(app, world)).status_code == 303
    assert chain(app, world, "Sam") == [("told_us", "notice"), ("here", "check_in")]


def test_a_waiver_in_between_keeps_nobody_from_coming(
    app: Flask, world: World, browser: Browser, tonight: str, evening: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    sam.post(f"{tonight}/notice", data={"note": "dentist"})
    waiver = f"{evening}/people/{world.enrolments['Sam']}/attendance/6/waiver"
    assert browser("Rosa").post(waiver, data={"outcomes": ["level-1"], "why": "ok"}).status_code == 303
    assert "I can come after all" in said(sam.get(f"{evening}/attendance"))
    sam.post(f"{tonight}/notice/withdraw")
    assert chain(app, world, "Sam")[2:] == [(None, "notice")]
    sam.post(f"{tonight}/notice")
    browser("Rosa").post(waiver, data={"outcomes": ["level-1"], "why": "ok"})
    clock.move_to(STARTS)
    assert say(sam, tonight, word_of(app, world)).status_code == 303
    assert chain(app, world, "Sam")[-1] == ("here", "check_in")


def test_whoever_leads_and_takes_part_is_marked_by_somebody_else(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    with app.app_context(), saved():
        place = {"organization": world.organizations["northside"], "cohort": world.cohorts["evening"]}
        grant_role(world.people["Sam"], Role.TRAINER, **place, by=world.people["Rosa"], now=NOW)
    clock.move_to(STARTS)
    sam = browser("Sam")
    assert "Somebody else marks you." in said(sam.get(f"{tonight}/check-in"))
    answer = say(sam, tonight, word_of(app, world))
    assert answer.status_code == 409
    assert "Somebody else marks you." in said(answer)
    assert chain(app, world, "Sam") == []


# -- sentences, never a block -------------------------------------------------------------------------------


def test_a_rotating_code_that_was_scanned_early_gives_a_sentence_and_not_a_block_mod_attendance_746(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    """Too early by an hour; and when it opens, the same phone checks in."""
    sam, code = browser("Sam"), f"{tonight}/check-in?word={word_of(app, world)}"
    page = sam.get(code)
    assert page.status_code == 200
    assert "Check-in opens at 5:40\u202fp.m." in said(page)
    refused = say(sam, tonight, word_of(app, world))
    assert refused.status_code == 409
    assert "Check-in opens at 5:40\u202fp.m." in said(refused)
    clock.move_to(STARTS - timedelta(minutes=20))
    assert "type the one that is there now" not in said(sam.get(code))
    assert "The word has changed" not in said(sam.get(code))
    assert say(sam, tonight, word_of(app, world)).status_code == 303


def test_after_the_class_a_sentence(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS + timedelta(hours=4))
    answer = say(browser("Sam"), tonight, word_of(app, world))
    assert answer.status_code == 409
    assert "This class is over, and so is its check-in." in said(answer)
    assert chain(app, world, "Sam") == []


def test_a_word_that_has_gone_gives_a_sentence_and_the_next_one_is_taken_mod_attendance_522(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS)
    old = next(w for ago in range(3, EARLIER) if (w := word_of(app, world, ago=ago)) not in recent(app, world))
    answer = say(browser("Sam"), tonight, old)
    assert answer.status_code == 422
    assert "The word has changed meanwhile." in said(answer)
    assert f'value="{old}"' in answer.text, "nothing typed is lost"
    assert say(browser("Sam"), tonight, word_of(app, world)).status_code == 303


def recent(app: Flask, world: World) -> set[str]:
    """Words that would be taken somewhere right now."""
    return {word_of(app, world, cohort, ago) for cohort in ("evening", "morning") for ago in (0, 1)}


def test_the_word_before_is_taken_for_a_minute_more(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS)
    assert say(browser("Sam"), tonight, word_of(app, world, ago=1)).status_code == 303


@pytest.mark.parametrize("typed", ["", "ZZZZ", "<b>", "²", "x" * 90, "'; --"])
def test_a_wrong_word_gives_a_sentence(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates, typed: str
) -> None:
    clock.move_to(STARTS)
    answer = say(browser("Sam"), tonight, typed)
    assert answer.status_code == 422
    assert "This is not the word on the screen." in said(answer)
    assert chain(app, world, "Sam") == []


def test_the_word_of_another_class_never_marks_this_one(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS)
    while word_of(app, world, "morning") in {word_of(app, world), word_of(app, world, ago=1)}:
        clock.shift(timedelta(seconds=WINDOW))
    answer = say(browser("Sam"), tonight, word_of(app, world, "morning"))
    assert answer.status_code == 422
    assert "This is the word of another class." in said(answer)
    assert chain(app, world, "Sam") == []


def test_where_the_group_does_not_check_in(
    app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS)
    answer = say(browser("Sam"), f"{evening}/classes/6", word_of(app, world))
    assert answer.status_code == 409
    assert "People do not check themselves in to the classes of this group." in said(answer)
    screen = browser("Amina").get(f"{evening}/classes/6/check-in/screen")
    assert word_of(app, world) not in said(screen)


def test_a_cancelled_class_has_no_check_in(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    with app.app_context(), saved():
        session.get_one(Meeting, world.meetings["evening"][5]).state = "cancelled"
    clock.move_to(STARTS)
    answer = say(browser("Sam"), tonight, word_of(app, world))
    assert answer.status_code == 409
    assert "This class was cancelled. It counts against no one." in said(answer)


def test_who_is_on_a_break_reads_a_sentence(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    with app.app_context(), saved():
        session.get_one(Enrolment, world.enrolments["Sam"]).pauses = [[NOW.isoformat(), None]]
    clock.move_to(STARTS)
    answer = say(browser("Sam"), tonight, word_of(app, world))
    assert answer.status_code == 409
    assert "You are on a break at this time." in said(answer)


# -- looking, and coming from a code ------------------------------------------------------------------------


def test_a_join_click_is_not_presence(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    """Nor is any other look: the page of the class, the check-in page, the code of the screen."""
    with app.app_context(), saved():
        session.get_one(Meeting, world.meetings["evening"][5]).link = "https://meet.example/six"
    clock.move_to(STARTS)
    sam = browser("Sam")
    page = sam.get(tonight)
    assert 'href="https://meet.example/six"' in page.text, "the link goes to the meeting itself, past this host"
    for path in ("/check-in", f"/check-in?word={word_of(app, world)}"):
        assert sam.get(tonight + path).status_code == 200
    assert chain(app, world, "Sam") == []


def test_the_code_of_the_screen_fills_the_word_in_and_one_tap_confirms(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS)
    word, sam = word_of(app, world), browser("Sam")
    page = sam.get(f"{tonight}/check-in?word={word}")
    form = form_to(page, f"{tonight}/check-in")
    assert form.fields["word"] == folded(word)
    assert submit(sam, form).status_code == 303


def test_whoever_signs_in_first_comes_back_to_the_word(stranger: FlaskClient, tonight: str) -> None:
    answer = stranger.get(f"{tonight}/check-in?word=LUNA47")
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/sign-in"
    assert target.query.endswith("check-in%3Fword%3DLUNA47") or "check-in?word%3DLUNA47" in target.query


def test_the_screen_shows_the_word_of_the_minute_and_a_code(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(STARTS + timedelta(seconds=15))
    page = browser("Amina").get(f"{tonight}/check-in/screen")
    assert word_of(app, world) in said(page)
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert re.search(r'data-seconds="45"', page.text)
    assert '<meta http-equiv="refresh" content="46">' in page.text
    assert word_of(app, world) not in said(browser("Rosa").get(tonight))


def test_after_ten_wrong_words_for_a_class_a_trainer_is_asked(
    make_app: MakeApp, clock: time_machine.Coordinates
) -> None:
    """A whole group comes from one address of the network; the tries of one do not shut the others out."""
    app = make_app(find_plugins(ROOT / "plugins"), rate_limits=True)
    world = build_world(app, NOW)
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).check_in_opens = 180
    tonight = f"/cohorts/{world.cohorts['evening']}/classes/6"
    sam, kim = sign_in(app, "Sam"), sign_in(app, "Kim")
    assert [say(sam, tonight, "ZZZZ 22").status_code for _ in range(10)] == [422] * 10
    clock.shift(timedelta(hours=2))
    answer = say(sam, tonight, word_of(app, world))
    assert answer.status_code == 429
    assert "Ask your trainer, who can mark you." in said(answer)
    assert chain(app, world, "Sam") == []
    assert say(kim, tonight, word_of(app, world)).status_code == 303


# -- the words ----------------------------------------------------------------------------------------------


def test_words_are_short_plain_and_different() -> None:
    assert len(set(WORDS)) == len(WORDS) >= 150
    assert all(re.fullmatch("[ABDEKLMNPRTUV]{4}", word) for word in WORDS), (
        "no I, O, Q, S, Z: they are taken for others"
    )
    assert not check_in._LEFT_OUT & set(WORDS)


moments = st.datetimes(min_value=NOW.replace(tzinfo=None), max_value=NOW.replace(year=2030, tzinfo=None)).map(
    lambda naive: naive.replace(tzinfo=NOW.tzinfo)
)


@given(meeting=st.integers(1, 10**6), moment=moments, later=st.integers(0, WINDOW))
def test_what_the_screen_shows_is_right_for_a_minute_at_least(meeting: int, moment: datetime, later: int) -> None:
    word = word_at("secret", meeting, moment)
    assert heard(word, "secret", meeting, moment + timedelta(seconds=later)) is Heard.RIGHT


@given(typed=st.text(max_size=120), moment=moments)
def test_whatever_is_typed_is_right_only_as_a_word_of_the_list(typed: str, moment: datetime) -> None:
    found = heard(typed, "secret", 7, moment, (8, 9))
    assert (found is Heard.RIGHT) <= (folded(typed)[:-2] in WORDS)


def test_a_word_is_one_of_thousands_and_easy_to_type() -> None:
    found = [word_at("secret", 7, NOW + timedelta(minutes=n)) for n in range(300)]
    assert all(re.fullmatch("[A-Z]{4} [2-9]{2}", word) for word in found)
    assert len({word[-2:] for word in found}) > 50
    assert len(WORDS) * len(check_in.DIGITS) ** 2 > 10_000


def test_another_secret_has_other_words() -> None:
    minutes = [NOW + timedelta(minutes=n) for n in range(30)]
    assert [word_at("one", 1, m) for m in minutes] != [word_at("two", 1, m) for m in minutes]
    assert [word_at("one", 1, m) for m in minutes] != [word_at("one", 2, m) for m in minutes]
