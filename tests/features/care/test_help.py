"""What helps somebody: set by those who coordinate, without a reason, and seen by the person."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.care.models import Accommodation
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.world import World


def address(world: World, name: str = "Sam", cohort: str = "evening") -> str:
    return f"/cohorts/{world.cohorts[cohort]}/people/{world.enrolments[name]}/help"


def test_what_is_agreed_is_seen_by_the_person_and_the_trainers(browser: Browser, world: World) -> None:
    browser("Rosa").post(address(world), data={"extra_time": "50", "read_aloud": "yes"})
    left = browser("Sam").get(f"/cohorts/{world.cohorts['evening']}/left").text
    assert "50 % more time for pieces with a clock." in left
    assert "Pages are offered to be read aloud." in left
    person = browser("Amina").get(f"/cohorts/{world.cohorts['evening']}/people/{world.enrolments['Sam']}").text
    assert "50 % more time" in person
    assert "50 % more time" not in browser("Kim").get(f"/cohorts/{world.cohorts['evening']}/left").text


def test_it_can_be_changed_and_ended(app: Flask, browser: Browser, world: World) -> None:
    for time, aloud in (("25", ""), ("100", "yes"), ("100", "yes"), ("0", "")):
        assert browser("Rosa").post(address(world), data={"extra_time": time, "read_aloud": aloud}).status_code == 303
    with app.app_context():
        assert session.get(Accommodation, world.enrolments["Sam"]) is None
        rows = list(
            session.scalars(select(AuditRow).where(AuditRow.verb.like("accommodation.%")).order_by(AuditRow.id))
        )
        assert [row.verb for row in rows] == ["accommodation.agreed", "accommodation.agreed", "accommodation.ended"]
        assert {row.why for row in rows} == {""}


@pytest.mark.parametrize("time", ["", "10", "-25", "1000", "x"])
def test_only_the_times_offered_can_be_chosen(time: str, browser: Browser, world: World) -> None:
    answer = browser("Rosa").post(address(world), data={"extra_time": time})
    assert answer.status_code == 422
    assert "Choose how much more time." in answer.text


@pytest.mark.parametrize("name", ["Sam", "Kim", "Amina", "Luc", "Olga", "Camille", "Léa", "Noor"])
def test_nobody_else_sets_it(name: str, app: Flask, browser: Browser, world: World) -> None:
    assert browser(name).get(address(world)).status_code == 404
    assert browser(name).post(address(world), data={"extra_time": "50"}).status_code == 404
    with app.app_context():
        assert session.get(Accommodation, world.enrolments["Sam"]) is None


def test_another_groups_person_is_not_found_in_the_own_one(browser: Browser, world: World) -> None:
    assert browser("Rosa").post(address(world, "Maël", "rivers"), data={"extra_time": "50"}).status_code == 404
    assert browser("Rosa").post(address(world, "Wes", "evening"), data={"extra_time": "50"}).status_code == 404
    assert browser("Camille").post(address(world, "Sam", "rivers"), data={"extra_time": "50"}).status_code == 404


def test_nobody_sets_it_for_themselves(app: Flask, browser: Browser, world: World) -> None:
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        own = cohorts.enrol(evening, session.get_one(Person, world.people["Rosa"]), by=None, now=NOW).id
    answer = browser("Rosa").post(f"/cohorts/{evening_id(world)}/people/{own}/help", data={"extra_time": "50"})
    assert answer.status_code == 409


def evening_id(world: World) -> int:
    return world.cohorts["evening"]
