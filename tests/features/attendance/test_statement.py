"""The honorarium statement: who was at which classes of a period, times an amount; nothing is kept."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from lms.features.accounts.models import Person
from lms.features.attendance import statement
from lms.features.attendance.queries import Marks
from lms.features.cohorts.models import Enrolment
from lms.features.cohorts.queries import Member
from lms.host.db import may_write, saved, session
from lms.host.i18n import spoken
from lms.host.sheets import defused
from lms.plugin_api.values import Mark, MeetingState, Status
from tests.counting import counted
from tests.features.attendance.test_mine import missed
from tests.features.conftest import NOW, Browser
from tests.features.progress.test_transfer import move
from tests.pages import said
from tests.world import World

MAY = "first=2026-04-01&last=2026-05-31&amount=25.50"
AMOUNT = Decimal("25.50")


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


def rows_of(answer: Any, delimiter: str = ",") -> list[list[str]]:
    text = answer.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_person_classes_minutes_and_sum(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 2)
    missed(app, world, "Sam", 3, status=Status.LEFT_EARLY, minutes=40)
    answer = amina.get(f"{evening}/honorarium.csv?{MAY}")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=honorarium-2026-04-01")
    head, *people, all_of_it = rows_of(answer)
    assert head == ["Name", "Classes", "Days", "Minutes", "For one class", "Together"]
    by_name = {row[0]: row[1:] for row in people}
    assert by_name["Sam"][0] == "4"
    assert by_name["Sam"][3:] == ["25.50", "102.00"]
    assert int(by_name["Kim"][2]) - int(by_name["Sam"][2]) == 120 + (120 - 40)
    assert "2026-04-20" in by_name["Kim"][1]
    assert set(by_name) == {"Sam", "Kim", "Person000", "Person001", "Person002"}
    classes, minutes = (str(sum(int(row[at]) for row in people)) for at in (1, 3))
    assert all_of_it == ["All of it", classes, "", minutes, "", f"{sum(Decimal(row[5]) for row in people)}"]


def test_a_class_is_paid_once_in_the_group_that_held_it(world: World, browser: Browser, evening: str) -> None:
    move(browser, f"{evening}/people/{world.enrolments['Sam']}", world.cohorts["morning"])
    rosa, paid = browser("Rosa"), {}
    for group in ("evening", "morning"):
        answer = rosa.get(f"/cohorts/{world.cohorts[group]}/honorarium.csv?{MAY}")
        paid[group] = {row[0]: row[1] for row in rows_of(answer)[1:]}
    assert paid["evening"]["Sam"] == "5"
    assert "Sam" not in paid["morning"]


def test_french_spreadsheets_get_their_signs(world: World, amina: FlaskClient, evening: str) -> None:
    amina.post("/language", data={"language": "fr"})
    head, first, *_rest, all_of_it = rows_of(amina.get(f"{evening}/honorarium.csv?{MAY.replace('.50', ',50')}"), ";")
    assert all_of_it[0] == "Le tout"
    assert all_of_it[-1].endswith(",50")
    assert head == ["Nom", "Séances", "Jours", "Minutes", "Par séance", "En tout"]
    assert first[-2:] == ["25,50", "127,50"]


def test_a_name_is_never_a_formula(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).name = '=HYPERLINK("http://x")'
    names = {row[0] for row in rows_of(amina.get(f"{evening}/honorarium.csv?{MAY}"))}
    assert '\'=HYPERLINK("http://x")' in names


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(name: str) -> None:
    safe = defused(name)
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
    assert safe.endswith(name)


def test_the_page_shows_the_same(world: World, amina: FlaskClient, evening: str) -> None:
    assert amina.get(f"{evening}/honorarium").status_code == 200
    page = said(amina.get(f"{evening}/honorarium?{MAY}"))
    assert "Sam 5" in page
    assert "$127.50" in page
    with_csv = rows_of(amina.get(f"{evening}/honorarium.csv?{MAY}"))[-1]
    assert f"All of it ${Decimal(with_csv[-1]):.2f}" in page
    assert "Wes" not in page, "names of this group alone"
    empty = said(amina.get(f"{evening}/honorarium?first=2025-01-01&last=2025-02-01&amount=1"))
    assert "Nobody is marked as having been at a class in this period." in empty


def test_who_has_left_is_paid_for_what_was(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Enrolment, world.enrolments["Sam"]).left_at = NOW
    assert "Sam" in {row[0] for row in rows_of(amina.get(f"{evening}/honorarium.csv?{MAY}"))}


@pytest.mark.parametrize("page", ["honorarium", "honorarium.csv"])
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("first=x&last=2026-05-31&amount=25", "Enter a date, like 2027-03-27."),
        ("first=2026-05-31&last=2026-05-01&amount=25", "This day is before the first one."),
        ("first=2026-05-01&last=2026-05-31&amount=lots", "Enter an amount, like 25 or 25.50."),
        ("first=2026-05-01&last=2026-05-31&amount=-5", "Enter an amount, like 25 or 25.50."),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_lost(
    amina: FlaskClient, evening: str, page: str, asked: str, sentence: str
) -> None:
    answer = amina.get(f"{evening}/{page}?{asked}")
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert f'value="{asked.rpartition("=")[2]}"' in answer.text


def test_it_asks_as_often_for_many(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    amina.get(f"{evening}/honorarium?{MAY}")
    with counted(app) as statements:
        assert amina.get(f"{evening}/honorarium?{MAY}").status_code == 200
    assert len(statements) <= 8


# -- the sums -----------------------------------------------------------------------------------------------


def a_class(number: int, state: MeetingState = MeetingState.HELD) -> tuple[date, Any]:
    starts = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=number)
    return starts.date(), SimpleNamespace(number=number, minutes=120, state=state)


def one(marks: list[Mark], classes: list[tuple[date, Any]]) -> list[statement.Row]:
    person = Member(1, 1, "Sam", "sam@example.org", NOW)
    return statement.statement([person], classes, {1: Marks({mark.meeting: mark for mark in marks})}, AMOUNT)


def test_nobody_comes_to_nothing_at_all() -> None:
    assert len(statement.table([])) == 1, "the headings alone"


def test_large_sums_are_written_as_people_write_them() -> None:
    assert statement.money(Decimal("2542.5")) == "$2,542.50"
    with spoken("fr"):
        assert statement.money(Decimal("2542.5")) == "2\u00a0542,50\u00a0$"
        assert statement.money(Decimal(90)) == "90,00\u00a0$"


@pytest.mark.parametrize("status", Status)
def test_who_was_there_and_who_was_not(status: Status) -> None:
    rows = one([Mark(1, status)], [a_class(1)])
    assert bool(rows) == (status not in (Status.AWAY, Status.TOLD_US))


def test_a_cancelled_class_and_a_make_up_are_no_class() -> None:
    assert one([Mark(1, Status.HERE)], [a_class(1, MeetingState.CANCELLED)]) == []
    assert one([Mark(1, Status.AWAY, made_up=True)], [a_class(1)]) == []
    assert one([], [a_class(1)]) == []


@given(st.lists(st.sampled_from(list(Status)), max_size=12))
def test_the_sum_is_the_classes_times_the_amount(statuses: list[Status]) -> None:
    marks = [Mark(number, status) for number, status in enumerate(statuses, start=1)]
    rows = one(marks, [a_class(number) for number in range(1, len(statuses) + 1)])
    there = sum(status not in (Status.AWAY, Status.TOLD_US) for status in statuses)
    assert sum(len(row.days) for row in rows) == there
    assert sum((row.total for row in rows), Decimal(0)) == AMOUNT * there


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("25", "25"), ("25.5", "25.5"), ("25,50 ", "25.50"), ("$25", "25"), ("", None), ("1e3", None), ("٣", None), ("1.234", None)],
)  # fmt: skip
def test_amounts_as_people_type_them(typed: str, amount: str | None) -> None:
    assert statement.typed_amount(typed) == (Decimal(amount) if amount else None)
