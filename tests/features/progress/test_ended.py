"""A group that has ended: whoever wrote there reads on their own pages that it has, and when their words go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World, course_where, ended, keeping_words, sent_homework, sign_in


@pytest.fixture
def sam(browser: Browser) -> FlaskClient:
    return browser("Sam")


@pytest.fixture
def homework(evening: str) -> str:
    return f"{evening}/activities/how-i-arrive"


@pytest.fixture
def half_a_year(app: Flask, world: World) -> Iterator[None]:
    """The course keeps words for 180 days, and the evening group ends now."""
    evening = world.cohorts["evening"]
    ended(app, evening, NOW)
    with course_where(app, evening, keeping_words(180)):
        yield


def test_whoever_wrote_is_told_on_their_pages_when_their_words_go(
    half_a_year: None, app: Flask, world: World, sam: FlaskClient, evening: str, homework: str
) -> None:
    sent_homework(app, world, "Sam")
    for address in ("/today", f"{evening}/left", homework):
        answer = sam.get(address)
        page = said(answer)
        assert "This group has ended." in page
        assert "What you wrote here is removed on Sunday, November 1, 2026. Results and dates stay." in page
        assert "Take my writing with me" in page
        assert "/account/writing" in answer.text
        for words in ("You'll usually hear back", "You're on track", "on track", "Waiting for you", "Next:"):
            assert words not in page
    left = said(sam.get(f"{evening}/left"))
    assert "Not everything for Level 1R was done." in left
    assert "not done" in left
    assert "The group ended before somebody answered." in said(sam.get(homework))


def test_once_the_words_are_gone_the_pages_say_so(
    half_a_year: None, app: Flask, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(days=182))
    page = said(sign_in(app, "Sam").get("/today"))
    assert "What you wrote here was removed on Sunday, November 1, 2026." in page
    assert "Take my writing with me" not in page


def test_where_the_course_keeps_words_the_end_is_said_without_a_day(
    app: Flask, world: World, sam: FlaskClient, browser: Browser, evening: str
) -> None:
    assert "has ended" not in said(sam.get(f"{evening}/left"))
    browser("Rosa").post(f"{evening}/finish")
    page = said(sam.get(f"{evening}/left"))
    assert "This group has ended. What you wrote here stays." in page
    assert "has ended" not in said(browser("Amina").get(f"{evening}/activities/how-i-arrive"))
