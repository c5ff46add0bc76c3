"""The times of a role play, as a trainer chooses them before the start."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.roleplay.models import Run
from lms.host.db import session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.pages import follow, said

TIMES = {
    "before-0": "2",
    "each_round-0": "1",
    "each_round-1": "7",
    "each_round-2": "3",
    "after-0": "2",
    "after-1": "4",
}


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


@pytest.fixture
def grouped(amina: FlaskClient, clock: time_machine.Coordinates, evening: str) -> str:
    """The role play of class 6, for which groups were formed."""
    clock.move_to(OPEN)
    amina.post(f"{evening}/classes/6/role-play/groups")
    return f"{evening}/classes/6/role-play"


def test_a_trainer_changes_the_times_and_every_clock_begins_with_them(
    app: Flask, amina: FlaskClient, browser: Browser, grouped: str
) -> None:
    page = said(follow(amina, amina.post(f"{grouped}/groups/times", data=TIMES)))
    assert "The times are kept." in page
    assert "Each round: play 7 minutes" in page
    assert "41 minutes in all" in page, "2, three rounds of 11, 2 and 4"
    assert "7 min to play" in said(browser("Sam").get(grouped)), "the card says so too"
    amina.post(f"{grouped}/groups/lock", data={"group": "1"})
    amina.post(f"{grouped}/run", data={"do": "start"})
    with app.app_context():
        phases = session.scalars(select(Run.phases)).one()
    assert [seconds for kind, _round, seconds, *_words in phases if kind == "play"] == [420] * 3
    assert "The clock runs already." in said(amina.post(f"{grouped}/groups/times", data=TIMES))


def test_the_times_of_another_format_are_its_own_and_the_usual_ones_come_back(amina: FlaskClient, grouped: str) -> None:
    amina.post(f"{grouped}/groups/times", data=TIMES)
    assert "Each round: play 5 minutes" in said(
        follow(amina, amina.post(f"{grouped}/groups", data={"format": "triad"}))
    )
    amina.post(f"{grouped}/groups/times", data=TIMES)
    assert "Each round: play 7 minutes" in said(amina.get(grouped))
    assert "Each round: play 5 minutes" in said(
        follow(amina, amina.post(f"{grouped}/groups/times", data={"usual": "yes"}))
    )


@pytest.mark.parametrize("wrong", ["", "0", "61", "five", "-3", "٣"])
def test_times_that_cannot_be_are_told_and_what_was_typed_stays(amina: FlaskClient, grouped: str, wrong: str) -> None:
    answer = amina.post(f"{grouped}/groups/times", data=TIMES | {"each_round-1": wrong})
    assert answer.status_code == 422
    assert "Write whole minutes from 1 to 60: play." in said(answer)
    assert 'name="each_round-2" inputmode="numeric" maxlength="2" size="3" value="3"' in answer.text
