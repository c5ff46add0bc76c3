"""Everyone at a glance: what the address narrows, the words of each cell, files for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.features.progress.board import Filters, filters_read
from lms.host.db import may_write, saved, session
from lms.plugin_api.values import MeetingState, Status
from tests.features.conftest import NOW, Browser
from tests.features.progress.test_watch import marked, misses_too_many
from tests.pages import said
from tests.world import World


def names_in(text: str) -> list[str]:
    return [name for name in ("Kim", "Person000", "Person001", "Person002", "Sam") if f">{name}</a>" in text]


def sheet(answer: Any) -> list[list[str]]:
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf"), "a mark, so that accents are read right"
    text = answer.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {}),
        ({"name": " sam ", "look": "yes"}, {"name": "sam", "look": "yes"}),
        ({"status": "cannot_be_met", "requirement": "nowhere", "outcome": "nowhere"}, {"status": "cannot_be_met"}),
        ({"status": "nonsense", "look": "1", "other": "x"}, {}),
        ({"requirement": "homework", "outcome": "level-1"}, {"requirement": "homework", "outcome": "level-1"}),
    ],
)
def test_an_address_keeps_what_can_be_chosen(given: dict[str, str], kept: dict[str, str]) -> None:
    assert filters_read(given, ["homework"], ["level-1"]).address() == kept


def test_without_filters_nobody_is_left_out() -> None:
    assert not Filters().narrowed


def test_the_board_can_be_narrowed_to_people_worth_a_look(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    misses_too_many(app, world, "Sam")
    page = browser("Amina").get(f"{evening}/grid?look=yes")
    assert names_in(page.text) == ["Sam"]
    assert "1 of 5 people" in said(page)
    assert "grid/classes.csv?look=yes" in page.text, "the file has the same choice"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=sám", ["Sam"]),
        ("name=PERSON00", ["Person000", "Person001", "Person002"]),
        ("status=cannot_be_met&requirement=attendance&outcome=level-1r", ["Sam"]),
        ("status=cannot_be_met&requirement=homework&outcome=level-1r", []),
        ("status=nonsense", ["Kim", "Person000", "Person001", "Person002", "Sam"]),
    ],
)
def test_the_filters_of_the_address(
    app: Flask, world: World, browser: Browser, evening: str, query: str, names: list[str]
) -> None:
    misses_too_many(app, world, "Sam")
    page = browser("Amina").get(f"{evening}/grid?{query}")
    assert names_in(page.text) == names
    assert ("Nobody fits this choice." in said(page)) == (not names)


def test_every_way_to_stand_to_a_class_has_its_word(app: Flask, world: World, browser: Browser, evening: str) -> None:
    """Class 1 was before Sam joined, 2 in a break, 3 cancelled, 4 marked late, 5 not marked at all."""
    may_write()
    with app.app_context(), saved():
        classes = [session.get_one(Meeting, id) for id in world.meetings["evening"]]
        sam = session.get_one(Enrolment, world.enrolments["Sam"])
        sam.joined_at = classes[0].starts_at + timedelta(hours=1)
        second = classes[1].starts_at
        sam.pauses = [[(second - timedelta(hours=1)).isoformat(), (second + timedelta(hours=1)).isoformat()]]
        classes[2].state = MeetingState.CANCELLED
    for number in (1, 2, 5):
        marked(app, world, "Sam", number, None)
    marked(app, world, "Sam", 4, Status.LATE)
    head, row = sheet(browser("Amina").get(f"{evening}/grid/classes.csv?name=Sam"))
    assert head[1] == f"1 · {(NOW - timedelta(days=15) + timedelta(hours=2)).date()}"
    assert row[:7] == ["Sam", "before joining", "on a break", "cancelled", "late", "not marked", ""]
    page = browser("Amina").get(f"{evening}/grid?name=Sam").text
    for word in row[1:6]:
        assert f'<td title="{word}">' in page


def test_a_spreadsheet_works_nothing_out(app: Flask, world: World, browser: Browser, evening: str) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).name = "=1+1"
        session.get_one(Person, world.people["Kim"]).name = "Zoë Ågren"
    for file in ("classes", "requirements"):
        names = [row[0] for row in sheet(browser("Amina").get(f"{evening}/grid/{file}.csv"))]
        assert "'=1+1" in names
        assert "Zoë Ågren" in names


def test_the_file_of_requirements_has_each_status_with_its_reason(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    misses_too_many(app, world, "Sam")
    amina = browser("Amina")
    head, row = sheet(amina.get(f"{evening}/grid/requirements.csv?name=Sam&requirement=attendance&outcome=level-1r"))
    assert head[:2] == ["Person", "On the way to"]
    assert head[3] == "Why"
    assert row[1:3] == ["Level 1R", "not possible this time"]
    assert "You missed 3 classes." in row[3]
    amina.set_cookie("language", "fr")
    head, row = sheet(amina.get(f"{evening}/grid/requirements.csv?name=Sam&requirement=attendance&outcome=level-1r"))
    assert head[0] == "Personne"
    assert "Vous avez manqué 3" in row[3]


def test_a_status_has_a_word_and_a_shape_and_no_percentage(browser: Browser, evening: str) -> None:
    page = browser("Amina").get(f"{evening}/grid")
    assert '<span class="status" data-status="not_started">not started</span>' in page.text
    assert "%" not in said(page)


def test_one_person_is_in_the_singular(app: Flask, world: World, browser: Browser, evening: str) -> None:
    may_write()
    with app.app_context(), saved():
        for enrolment in session.query(Enrolment).filter_by(cohort_id=world.cohorts["evening"]):
            if enrolment.id != world.enrolments["Sam"]:
                enrolment.left_at = NOW
    amina = browser("Amina")
    assert "one person" in said(amina.get(evening))
    assert names_in(amina.get(f"{evening}/grid").text) == ["Sam"]


def test_a_rule_that_gives_no_answer_is_named_over_both_pages(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).policy_version = "a version that is gone"
    for path in (evening, f"{evening}/grid"):
        page = said(browser("Rosa").get(path))
        assert "Attendance rules are not being worked out at the moment (" in page
        assert "Records are safe." in page
