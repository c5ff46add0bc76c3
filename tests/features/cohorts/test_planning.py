"""Rosa plans a group: what she typed is checked and kept, and the dates of all classes follow from the first."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.cohorts.models import Cohort, Meeting
from lms.host.db import session
from tests.features.conftest import Browser
from tests.pages import follow, form_to, said
from tests.world import NORTHSIDE_COURSE

NEW = "/organizations/northside/cohorts/new"
PUBLISH = "/organizations/northside/cohorts"
PLAN = {
    "course": NORTHSIDE_COURSE,
    "name": "Autumn <b>group</b>",
    "language": "fr",
    "first": "2026-09-08",
    "at": "18:30",
    "place": "Library, second floor",
    "link": "https://meet.example.org/room",
}


@pytest.fixture
def rosa(browser: Browser) -> FlaskClient:
    return browser("Rosa")


def cohorts_here(app: Flask) -> int:
    with app.app_context():
        return session.scalar(select(func.count(Cohort.id))) or 0


def test_a_published_group_has_all_its_classes(app: Flask, rosa: FlaskClient) -> None:
    answer = rosa.post(PUBLISH, data={**PLAN, "weekday": ["1", "3"]})
    assert "The group is published. Invite the people next." in said(follow(rosa, answer))
    found = re.search(r"/cohorts/(\d+)/people", answer.location)
    assert found
    with app.app_context():
        rows = session.scalars(select(Meeting).where(Meeting.cohort_id == int(found[1])).order_by(Meeting.number)).all()
        local = [row.starts_at.astimezone(ZoneInfo("America/Toronto")) for row in rows]
    assert len(rows) == 17
    assert {(day.hour, day.minute) for day in local} == {(18, 30)}, "over the change of clocks on 1 November too"
    assert [day.strftime("%a %d %b") for day in local[:3]] == ["Tue 08 Sep", "Thu 10 Sep", "Tue 15 Sep"]
    page = said(rosa.get(f"/cohorts/{found[1]}/classes/17"))
    assert "6:30\u202fp.m." in page
    assert "Autumn <b>group</b>" in said(rosa.get(f"/cohorts/{found[1]}"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"course": ""}, "Choose a course."),
        ({"course": "northside:nowhere"}, "Choose a course."),
        ({"name": ""}, "Give the group a name, like Spring evening group."),
        ({"name": " \n "}, "Give the group a name, like Spring evening group."),
        ({"language": "de"}, "Choose a language."),
        ({"first": ""}, "Enter a date, like 2027-03-27."),
        ({"first": "soon"}, "Enter a date, like 2027-03-27."),
        ({"first": "2027-02-30"}, "Enter a date, like 2027-03-27."),
        ({"first": "9999-12-31"}, "Enter a date, like 2027-03-27."),
        ({"first": "0001-01-01"}, "Enter a date, like 2027-03-27."),
        ({"at": ""}, "Enter a time, like 18:00."),
        ({"at": "25:00"}, "Enter a time, like 18:00."),
        ({"at": "6 pm"}, "Enter a time, like 18:00."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_rest_stays_typed(
    app: Flask, rosa: FlaskClient, change: dict[str, str], sentence: str
) -> None:
    before = cohorts_here(app)
    typed = {**PLAN, **change, "weekday": ["1", "3"]}
    answer = rosa.post(PUBLISH, data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)
    fields = form_to(answer, PUBLISH).fields
    for name in ("name", "first", "at", "place", "link"):
        assert fields[name].strip() == typed[name].strip()
    assert re.findall(r'name="weekday" value="(\d)" checked', answer.text) == ["1", "3"]
    assert cohorts_here(app) == before


def test_everything_that_is_wrong_is_said_at_once(rosa: FlaskClient) -> None:
    page = said(rosa.post(PUBLISH, data={"link": "meet.example.org", "place": "x" * 201}))
    for sentence in (
        "7 answers need another look",
        "Choose a course.",
        "Enter a date",
        "Enter a time",
        "Choose a language.",
        "Give the group a name",
        "This is longer than we can take (200 characters).",
        "Enter the whole link, like https://meet.example.org/class.",
    ):
        assert sentence in page


@pytest.mark.parametrize("weekday", ["7", "-1", "x", "11", "²"])
def test_a_weekday_that_there_is_not_is_left_out(rosa: FlaskClient, weekday: str) -> None:
    assert rosa.post(PUBLISH, data={**PLAN, "weekday": weekday}).status_code == 303


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "meet.example.org", "https://", "https://["]
)
def test_only_an_address_becomes_the_link_to_the_class(app: Flask, rosa: FlaskClient, link: str) -> None:
    before = cohorts_here(app)
    answer = rosa.post(PUBLISH, data={**PLAN, "link": link})
    assert answer.status_code == 422
    assert "Enter the whole link, like https://meet.example.org/class." in said(answer)
    fields = form_to(answer, PUBLISH).fields
    assert (fields["link"], fields["name"], fields["first"]) == (link, PLAN["name"], PLAN["first"])
    assert cohorts_here(app) == before


@pytest.mark.parametrize("name", ["Amina", "Olga", "Sam", "Camille", "Noor"])
def test_nobody_but_a_coordinator_plans_groups(app: Flask, browser: Browser, name: str) -> None:
    before = cohorts_here(app)
    assert browser(name).post(PUBLISH, data=PLAN).status_code == 404
    assert cohorts_here(app) == before


@pytest.mark.parametrize("number", [10**6, 2**31, 2**63, 10**30])
def test_a_group_that_never_was_is_not_found_however_large_its_number(rosa: FlaskClient, number: int) -> None:
    assert rosa.get(f"/cohorts/{number}").status_code == 404
    assert rosa.get(f"/cohorts/1/classes/{number}").status_code == 404
