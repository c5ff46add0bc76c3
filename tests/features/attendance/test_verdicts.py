"""What people read about their attendance, by Northside's rule: why something closed, what is open, how to catch up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.features.attendance import actions as attendance
from lms.host.db import saved
from lms.plugin_api.values import MeetingState, Status
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World, course_where, ended, sign_in


def missed(app: Flask, world: World, name: str, *numbers: int, status: Status = Status.AWAY) -> None:
    """Classes of the evening group at which this person was not."""
    with app.app_context(), saved():
        for number in numbers:
            meeting = world.meetings["evening"][number - 1]
            facts = attendance.ClassFacts(meeting, world.organizations["northside"], NOW, MeetingState.HELD)
            attendance.mark(facts, world.enrolments[name], status, by=world.people["Amina"], now=NOW)


@pytest.fixture
def sam(browser: Browser) -> FlaskClient:
    return browser("Sam")


def test_missing_a_class_that_level_1r_cannot_do_without_is_explained(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    missed(app, world, "Sam", 5)  # "Many ways of living"
    for path in ("left", "attendance"):
        page = said(sam.get(f"{evening}/{path}"))
        assert "You missed a class of “Many ways of living”." in page
        assert "Level 1 is still open to you." in page
        assert "Level 1R needs that class." in page
        assert "You can take “Many ways of living” with the next group." in page
        assert "not possible this time" in page.lower()
    assert "You are heading here." in said(sam.get(f"{evening}/left"))


def test_the_same_in_french_with_its_typography(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 5)
    sam.post("/language", data={"language": "fr"})
    for path in ("left", "attendance"):
        page = said(sam.get(f"{evening}/{path}"))
        assert "Vous avez manqué une séance du module «\u00a0" in page
        assert "Le résultat «\u00a0Niveau 1\u00a0» vous reste ouvert." in page
        assert "Le résultat «\u00a0Niveau 1R\u00a0» exige cette séance." in page
        assert "Vous pourrez suivre «\u00a0Bien des façons de vivre\u00a0» avec le prochain groupe." in page


def test_her_trainers_read_the_same_sentence(app: Flask, world: World, browser: Browser, evening: str) -> None:
    missed(app, world, "Sam", 5)
    amina = browser("Amina")
    for path in (f"{evening}/people/{world.enrolments['Sam']}", f"{evening}/outcomes/{world.enrolments['Sam']}"):
        assert "You missed a class of “Many ways of living”." in said(amina.get(path))
    assert "You missed a class of “Many ways of living”." in said(amina.get(evening)), "among the people to talk with"


def test_one_missed_class_of_another_kind_closes_nothing(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    missed(app, world, "Sam", 2)
    page = said(sam.get(f"{evening}/attendance"))
    assert "You missed 1 class. You can miss 1 more." in page
    assert "not possible this time" not in page


def test_how_to_catch_up_is_one_tap_from_the_verdict_and_from_the_class(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    missed(app, world, "Sam", 5)
    page = sam.get(f"{evening}/attendance").text
    stands = page.split("Where you stand")[1].split("How did you work this out?")[0]
    assert f'href="{evening}/classes/5/make-up"' in stands
    over = sam.get(f"{evening}/classes/5")
    assert "You are marked: away." in said(over)
    assert f'href="{evening}/classes/5/make-up"' in over.text
    assert f'href="{evening}/classes/5/question"' in over.text
    sam.post(f"{evening}/classes/5/question")
    over = sam.get(f"{evening}/classes/5")
    assert "that this is not right. Your trainer will answer." in said(over)
    assert f'href="{evening}/classes/5/question"' not in over.text, "it is asked already"
    ask = {"way": "one-to-one", "due_on": ""}
    sam.post(f"{evening}/classes/5/make-up", data=ask)
    for path in ("attendance", "classes/5"):
        assert "Your make-up for class 5" in said(sam.get(f"{evening}/{path}"))
        assert "How to catch up class 5" not in said(sam.get(f"{evening}/{path}"))


def test_the_page_of_a_class_that_is_over_says_how_one_stands_there(
    app: Flask, world: World, sam: FlaskClient, evening: str, browser: Browser
) -> None:
    assert "You are marked: here." in said(sam.get(f"{evening}/classes/5"))
    assert "How to catch up" not in said(sam.get(f"{evening}/classes/5"))
    assert "You are marked" not in said(sam.get(f"{evening}/classes/7")), "it is still to come"
    assert "You are marked" not in said(browser("Amina").get(f"{evening}/classes/5")), "trainers have the roll call"


def test_what_is_the_same_for_two_outcomes_is_said_once(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    missed(app, world, "Sam", 2)
    page = said(sam.get(f"{evening}/attendance"))
    stands = page.split("Where you stand")[1].split("How did you work this out?")[0]
    assert stands.count("You missed 1 class. You can miss 1 more.") == 2, "once with what comes next, once without"
    assert "Level 1R, Northside certified peer supporter" in stands
    assert stands.count("Please come to every class of") == 1


def test_under_the_row_stands_what_its_shapes_mean(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 2)
    row = sam.get(f"{evening}/attendance").text.split('class="shapes"')[1].split("Where you stand")[0]
    key = row.split("</ol>")[1]
    assert [word for word in ("here", "away", "not marked") if f">{word}</span>" in key] == ["here", "away"]
    assert key.count("<span") == 2, "each shape once, and those to come have none"


def test_at_the_limit_the_rest_is_asked_for_kindly(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 1, 2)
    page = said(sam.get(f"{evening}/left"))
    assert "Something needs a look." in page
    assert "You missed 2 classes. Please come to all the rest." in page


def test_over_the_limit_nobody_is_left_without_a_next_step(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    missed(app, world, "Sam", 1, 2, 3)
    page = said(sam.get(f"{evening}/left"))
    assert "You missed 3 classes." in page
    assert "Talk with your trainer about what is possible." in page


def all_or_nothing(course: dict[str, Any]) -> None:
    """Level 1R is all that the course leads to; the rest is somebody's own choice."""
    for outcome in course["outcomes"]:
        outcome["optional"] = outcome["id"] != "level-1r"


def test_where_nothing_can_be_reached_the_page_begins_with_what_is_open(
    app: Flask, world: World, sam: FlaskClient, evening: str, clock: time_machine.Coordinates
) -> None:
    """First the classes and the work, then where it stands and whom to talk with; never a class that is not there."""
    missed(app, world, "Sam", 1, 2, 3)
    with course_where(app, world.cohorts["evening"], all_or_nothing):
        page = said(sam.get(f"{evening}/left"))
        clock.move_to(NOW + timedelta(days=200))
        later = said(sign_in(app, "Sam").get(f"{evening}/left"))
        ended(app, world.cohorts["evening"], NOW + timedelta(days=200))
        over = said(sign_in(app, "Sam").get(f"{evening}/left"))
    assert (
        "Where you stand You are welcome at every class to come, and what you did stays yours. "
        "As things stand, you cannot finish with this group. "
        "Please talk with your trainers about what is possible." in page
    )
    assert "Where you stand What you did stays yours. As things stand" in later
    assert "What you did stays yours, even though not everything could be done this time." in over
    assert "welcome at every class" not in over


def test_a_class_that_nobody_has_marked_is_neither_here_nor_missed(
    app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(NOW + timedelta(days=1))
    sam = sign_in(app, "Sam")
    page = said(sam.get(f"{evening}/attendance"))
    assert "You were at all 5 classes so far." in page
    assert "not marked" in page


@pytest.mark.parametrize("status", [Status.LATE, Status.LEFT_EARLY, Status.TECH_TROUBLE])
def test_somebody_who_was_there_in_part_was_there(
    app: Flask, world: World, sam: FlaskClient, evening: str, status: Status
) -> None:
    missed(app, world, "Sam", 1, 2, 3, 4, 5, status=status)
    assert "You were at all 5 classes so far." in said(sam.get(f"{evening}/attendance"))


def test_the_rule_stands_above_in_words(sam: FlaskClient, evening: str) -> None:
    page = said(sam.get(f"{evening}/attendance"))
    assert "Come to every class. You can miss 2 classes at most." in page
    assert "For Level 1R and Northside certified peer supporter, come to every class of “Many ways of living”," in page


def test_kims_marks_are_not_on_sams_page(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Kim", 1, 2, 3)
    assert "You were at all 5 classes so far." in said(sam.get(f"{evening}/attendance"))
