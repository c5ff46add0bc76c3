"""A rule is tried on running groups before a version with it is published; reading changes nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.counting import counted
from tests.features.conftest import Browser
from tests.features.programmes.test_programmes import PAGE, chooses, publishes
from tests.pages import follow, said
from tests.world import World, held_classes

EVERY_CLASS = {"policy": "every-class", "make_ups": "none", "ways": ["class"], "excused": "counts"}
TRIAL = f"{PAGE}/rule/what-would-change"


@pytest.fixture
def rosa(app: Flask, world: World, browser: Browser) -> FlaskClient:
    held_classes(app, world, "evening", {"Kim": [2]})
    return browser("Rosa")


def test_people_are_named_with_both_verdicts_before_anything_is_published(app: Flask, rosa: FlaskClient) -> None:
    chosen = follow(rosa, rosa.post(f"{PAGE}/rule", data=EVERY_CLASS))
    assert f'href="{TRIAL}"' in chosen.text
    rosa.get(TRIAL)
    with counted(app) as statements:
        page = said(rosa.get(TRIAL))
    assert [one for one in statements if not one.lstrip().upper().startswith("SELECT")] == []
    assert "Evening group Its rule now: Come to every class. You can miss 2 classes at most." in page
    assert "One person's standing would change. Kim" in page
    assert "Now: on track" in page
    assert "A running group keeps its own." in page
    assert "Look at it in the group" not in page, "it is applied there only once it is published"


def test_a_group_that_stands_on_it_says_so(rosa: FlaskClient) -> None:
    assert "Evening group It stands on this rule already." in said(rosa.get(TRIAL))


def test_after_publishing_the_group_is_offered_it(rosa: FlaskClient, evening: str) -> None:
    chooses(rosa)
    publishes(rosa)
    assert "The course's rule of today" in said(rosa.get(f"{evening}/rule"))


def test_it_speaks_french(rosa: FlaskClient) -> None:
    rosa.post(f"{PAGE}/rule", data=EVERY_CLASS)
    rosa.set_cookie("language", "fr")
    page = said(rosa.get(TRIAL))
    for words in (
        "Ce que la règle choisie changerait",
        "Sa règle maintenant",
        "La situation d'une personne changerait.",
    ):
        assert words in page


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "99999"])
def test_a_page_that_there_is_not_is_not_found(rosa: FlaskClient, number: str) -> None:
    assert rosa.get(f"{TRIAL}?page={number}").status_code == (200 if number in ("-1", "x", "99999") else 404)
