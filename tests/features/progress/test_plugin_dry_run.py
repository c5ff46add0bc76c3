"""An organization's admin reads what a plugin's newest rules would change in running groups; nothing changes by reading."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.cohorts.models import Cohort
from lms.host.db import saved, session
from tests.counting import counted
from tests.features.conftest import Browser
from tests.features.programmes.test_programmes import chooses, publishes
from tests.pages import said
from tests.world import World, held_classes

NORTHSIDE = "/organizations/northside/plugins/northside/what-would-change"


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


@pytest.fixture
def strict(app: Flask, world: World) -> None:
    """The evening group stands on a rule under which nobody may miss anything; Kim has missed a class."""
    held_classes(app, world, "evening", {"Kim": [2]})
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        evening.rule_json = '{"policy": "every-class", "options": {}}'
        evening.policy_version = ""


def groups(app: Flask, world: World, number: int) -> None:
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        columns = {c.name: getattr(evening, c.name) for c in Cohort.__table__.columns if c.name not in ("id", "name")}
        session.add_all(Cohort(name=f"Copy {n}", **columns) for n in range(number))


def test_for_new_groups_only(olga: FlaskClient) -> None:
    page = said(olga.get(NORTHSIDE))
    assert (
        "For new groups only: a running group keeps its rule until one of its coordinators applies another one." in page
    )
    assert "Evening group" in page
    assert "It stands on the newest rule already." in page
    assert "Rivers group" not in page, "another organization's"


def test_people_are_named_with_both_verdicts_and_nothing_changes(
    app: Flask, world: World, olga: FlaskClient, strict: None, evening: str, browser: Browser
) -> None:
    before = said(browser("Kim").get(f"{evening}/attendance"))
    with counted(app) as statements:
        page = said(olga.get(NORTHSIDE))
    assert [one for one in statements if not one.lstrip().upper().startswith("SELECT")] == []
    assert "standing would change." in page
    assert "Kim" in page
    assert "Now:" in page
    assert "Then:" in page
    assert "/rule" not in olga.get(NORTHSIDE).text, "she applies nothing"
    assert said(browser("Kim").get(f"{evening}/attendance")) == before


def test_it_speaks_french(olga: FlaskClient, strict: None) -> None:
    olga.set_cookie("language", "fr")
    assert "Pour les nouveaux groupes seulement\u00a0: un groupe en cours garde sa règle" in said(olga.get(NORTHSIDE))


def test_ten_groups_at_a_time_with_as_many_queries_each(app: Flask, world: World, olga: FlaskClient) -> None:
    def asked(path: str) -> int:
        olga.get(path)
        with counted(app) as statements:
            assert olga.get(path).status_code == 200
        return len(statements)

    two = asked(NORTHSIDE)
    groups(app, world, 3)
    five = asked(NORTHSIDE)
    groups(app, world, 15)
    assert (five - two) % 3 == 0
    assert asked(NORTHSIDE) - two == 8 * (five - two) // 3, "ten of them"
    assert said(olga.get(NORTHSIDE)).count("Copy") == 10
    assert olga.get(f"{NORTHSIDE}?page=2").status_code == 200
    for odd in ("3", "0", "-1", "x"):
        assert olga.get(f"{NORTHSIDE}?page={odd}").status_code == (200 if odd in ("x", "-1") else 404)


def test_groups_that_ended_are_left_out(app: Flask, world: World, olga: FlaskClient) -> None:
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        evening.closed_at = evening.published_at
    assert "Evening group" not in said(olga.get(NORTHSIDE))


def test_a_rule_that_was_chosen_for_a_programme_is_tried_on_its_groups(browser: Browser, olga: FlaskClient) -> None:
    page = "/organizations/northside/plugins/attendance/what-would-change"
    assert "Evening group" not in said(olga.get(page))
    rosa = browser("Rosa")
    chooses(rosa)  # a number of classes may be missed
    publishes(rosa)
    assert "Evening group" in said(olga.get(page))
    assert "The course's rule of today" in said(olga.get(page))


def test_a_rule_that_no_group_stands_on_is_tried_by_way_of_a_programme(app: Flask, olga: FlaskClient) -> None:
    with app.app_context(), saved():
        for cohort in session.scalars(select(Cohort)):
            cohort.closed_at = cohort.published_at
    page = olga.get(NORTHSIDE)
    assert "choose it for a programme and publish a version." in said(page)
    (link,) = re.findall(r'<p><a href="(/organizations/northside/programmes)">', page.text)
    assert olga.get(link).status_code == 200


@pytest.mark.parametrize("who", ["Rosa", "Amina", "Sam", "Camille"])
def test_it_is_the_admins_alone(browser: Browser, who: str) -> None:
    assert browser(who).get(NORTHSIDE).status_code == 404
