"""Changing a class: what is as it should be already stays, nobody hears twice, and thirty mails are one statement."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.cohorts.models import Cohort, Meeting
from lms.features.cohorts.rules import typed_day
from lms.host.audit import AuditRow
from lms.host.db import session
from tests.counting import counted
from tests.features.conftest import Browser
from tests.pages import follow, mails, said
from tests.planning import planned
from tests.world import World


@pytest.fixture
def rosa(browser: Browser) -> FlaskClient:
    return browser("Rosa")


def noted(app: Flask, verb: str) -> int:
    with app.app_context():
        return len(session.scalars(select(AuditRow).where(AuditRow.verb == verb)).all())


def test_moving_to_the_same_time_changes_nothing_and_mails_nobody(
    app: Flask, rosa: FlaskClient, evening: str, clock: time_machine.Coordinates
) -> None:
    move = {"day": "2026-05-08", "at": "10:00"}
    rosa.post(f"{evening}/classes/6/move", data=move)
    before = len(mails(app))
    clock.shift(timedelta(seconds=2))
    answer = rosa.post(f"{evening}/classes/6/move", data=move)
    assert "The class is at this time already." in said(follow(rosa, answer))
    assert len(mails(app)) == before
    assert noted(app, "cohorts.class_moved") == 1


def test_cancelling_again_notes_nothing(app: Flask, rosa: FlaskClient, evening: str) -> None:
    for why in ("The heating is out.", "Something else."):
        rosa.post(f"{evening}/classes/6/cancel", data={"why": why})
    assert noted(app, "cohorts.class_cancelled") == 1
    assert "The heating is out." in said(rosa.get(f"{evening}/classes/6"))


def test_two_changes_in_the_same_moment_are_two_mails(app: Flask, rosa: FlaskClient, evening: str) -> None:
    """The clock stands still here."""
    for at in ("10:00", "11:00"):
        assert rosa.post(f"{evening}/classes/6/move", data={"day": "2026-05-08", "at": at}).status_code == 303
    assert len(mails(app, "sam@example.org")) == 2


@pytest.mark.parametrize(("change", "data"), [("cancel", {}), ("move", {"day": "2026-05-08", "at": "10:00"})])
def test_a_larger_group_takes_no_more_queries(
    app: Flask, world: World, rosa: FlaskClient, evening: str, change: str, data: dict[str, str]
) -> None:
    found = []
    for group in (f"/cohorts/{world.cohorts['morning']}", evening):
        before = len(mails(app))
        with counted(app) as statements:
            assert rosa.post(f"{group}/classes/6/{change}", data=data).status_code == 303
        found.append((len(statements), len(mails(app)) - before))
    (small, two), (large, six) = found
    assert (two, six) == (2, 6)
    assert small == large


# -- days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("2000-01-01", True),
        ("2100-12-31", True),
        ("1999-12-31", False),
        ("2101-01-01", False),
        ("9999-12-31", False),
        ("0001-01-01", False),
        ("soon", False),
        ("", False),
        ("2" * 10_000, False),
    ],
)
def test_days_lie_in_years_that_a_group_can_live_in(typed: str, good: bool) -> None:
    assert (typed_day(typed) is not None) == good


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2101-01-01"])
def test_a_day_beyond_gets_the_usual_sentence(app: Flask, rosa: FlaskClient, evening: str, typed: str) -> None:
    answer = rosa.post(f"{evening}/classes/6/move", data={"day": typed, "at": "10:00"})
    assert answer.status_code == 422
    assert "Enter a date, like 2027-03-27." in said(answer)
    answer = planned(rosa, name="Far away", first=typed)
    assert answer.status_code == 422
    assert "Enter a date, like 2027-03-27." in said(answer)
    with app.app_context():
        assert session.scalars(select(Cohort).where(Cohort.name == "Far away")).all() == []
        assert max(session.scalars(select(Meeting.starts_at))).year == 2026
