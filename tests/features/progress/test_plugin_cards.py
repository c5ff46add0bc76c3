"""Cards of plugins on Today: for organizations that turned them on, asked once a day, left out where they cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.host.plugins import PluginHost, Provided
from lms.plugin_api import Card, Store, Text, TodayCard
from tests.features.conftest import Browser
from tests.pages import said
from tests.world import World, ended, sign_in

TEA = Card(
    Text("Tea <b>", "Thé <b>"),
    (Text("In the kitchen.", "À la cuisine."),),
    "https://example.org/tea",
    Text("About tea", "Au sujet du thé"),
)


class Kitchen(TodayCard):
    name = "kitchen"
    label = Text("Kitchen", "Cuisine")

    def __init__(self) -> None:
        self.answer: Any = TEA
        self.asked: list[date] = []

    def card(self, day: date, settings: Any, store: Store) -> Any:
        self.asked.append(day)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def kitchen(app: Flask) -> Iterator[Kitchen]:
    """A card of the plugin that Northside has turned on, and Deux-Rives has not."""
    host: PluginHost = app.extensions["lms"].guard.host
    made = Kitchen()
    app.extensions["lms"].extras.pop("cards", None)
    host.providers["today_cards"][made.name] = Provided(made, host.plugins["northside"])
    yield made
    del host.providers["today_cards"][made.name]
    app.extensions["lms"].extras.pop("cards", None)


@pytest.fixture
def sam(browser: Browser) -> FlaskClient:
    return browser("Sam")


def test_a_trainee_sees_it_below_what_the_course_asks(sam: FlaskClient, kitchen: Kitchen) -> None:
    page = sam.get("/today")
    assert "Tea <b> In the kitchen. About tea" in said(page)
    assert "<b>" not in page.text
    assert page.text.index("Your next class") < page.text.index("Tea ")
    sam.set_cookie("language", "fr")
    assert "À la cuisine. Au sujet du thé" in said(sam.get("/today"))


def test_another_organization_sees_nothing_and_nobody_is_asked_for_it(browser: Browser, kitchen: Kitchen) -> None:
    assert "Tea" not in said(browser("Maël").get("/today"))
    assert kitchen.asked == []


def test_it_is_asked_once_a_day_for_everybody(
    app: Flask, browser: Browser, kitchen: Kitchen, clock: time_machine.Coordinates
) -> None:
    for name in ("Sam", "Kim", "Wes", "Sam"):
        assert "Tea" in said(browser(name).get("/today"))
    assert kitchen.asked == [date(2026, 5, 5)]
    clock.move_to(datetime(2026, 5, 6, 20, tzinfo=UTC))
    assert "Tea" in said(sign_in(app, "Sam").get("/today"))
    assert kitchen.asked == [date(2026, 5, 5), date(2026, 5, 6)]


def test_the_day_is_that_of_the_organization(
    sam: FlaskClient, kitchen: Kitchen, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(hours=6))  # past midnight in UTC, still evening in Toronto
    sam.get("/today")
    assert kitchen.asked == [date(2026, 5, 5)]


def test_changed_settings_are_asked_anew(browser: Browser, sam: FlaskClient, kitchen: Kitchen) -> None:
    sam.get("/today")
    changed = browser("Olga").post("/organizations/northside/plugins/northside", data={"signatory": "Rita"})
    assert changed.status_code == 303
    sam.get("/today")
    assert len(kitchen.asked) == 2


def test_a_day_without_anything_to_say_has_no_card(sam: FlaskClient, kitchen: Kitchen) -> None:
    kitchen.answer = None
    assert "Tea" not in said(sam.get("/today"))
    sam.get("/today")
    assert len(kitchen.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        ZeroDivisionError("no"),
        "a card",
        Card(Text("Tea", ""), ()),
        Card(TEA.title, TEA.lines * 7),
        Card(TEA.title, TEA.lines, "javascript:alert(1)"),
        Card(TEA.title, "In the kitchen."),  # type: ignore[arg-type]
    ],
)
def test_one_that_cannot_say_is_left_out_and_asked_no_more_that_day(
    app: Flask, sam: FlaskClient, kitchen: Kitchen, answer: object
) -> None:
    kitchen.answer = answer
    for _ in range(2):
        page = sam.get("/today")
        assert page.status_code == 200
        assert "Tea" not in said(page)
    assert len(kitchen.asked) == 1
    assert "kitchen.card" in sign_in(app, "Noor").get("/host/plugins").text


def test_a_group_that_has_ended_shows_none(app: Flask, world: World, sam: FlaskClient, kitchen: Kitchen) -> None:
    ended(app, world.cohorts["evening"], datetime(2026, 5, 4, tzinfo=UTC))
    assert "Tea" not in said(sam.get("/today"))


def test_peer_standards_show_a_value_for_the_week_and_the_organization_may_turn_it_off(
    browser: Browser, sam: FlaskClient
) -> None:
    plugin = "/organizations/northside/plugins/peerstandards"
    assert "A value for this week" not in said(sam.get("/today"))
    assert browser("Olga").post(plugin, data={"weekly": "core-values"}).status_code == 303
    assert "A value for this week Health and wellness" in said(sam.get("/today"))
    assert browser("Olga").post(plugin, data={"weekly": "none"}).status_code == 303
    assert "A value for this week" not in said(sam.get("/today"))
