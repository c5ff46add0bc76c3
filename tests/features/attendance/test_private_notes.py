"""What a trainee writes with "I can't come" is for the trainers alone; and whoever is marked, is marked by others."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.features.accounts import actions as accounts
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.counting import counted
from tests.features.attendance.test_roll_call import IN_CLASS, JSON, OPEN
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World

WORDS = "My mother is in hospital."


@pytest.fixture
def tonight(evening: str, clock: time_machine.Coordinates) -> str:
    clock.move_to(OPEN)
    return f"{evening}/classes/6"


@pytest.fixture
def told(browser: Browser, tonight: str) -> None:
    assert browser("Sam").post(f"{tonight}/notice", data={"note": WORDS}).status_code == 303


@pytest.mark.usefixtures("told")
def test_trainers_read_it_and_those_who_coordinate_do_not(browser: Browser, evening: str, tonight: str) -> None:
    assert WORDS in said(browser("Amina").get(f"{tonight}/roll-call"))
    for path in (f"{tonight}/roll-call", evening, f"{evening}/grid", tonight):
        assert WORDS not in browser("Rosa").get(path).text
    assert "told us before" in said(browser("Rosa").get(f"{tonight}/roll-call"))
    assert WORDS in said(browser("Sam").get(f"{evening}/attendance"))


@pytest.mark.usefixtures("told")
def test_undo_has_nothing_of_it_to_send_again(world: World, browser: Browser, tonight: str) -> None:
    """What a tile carries is what Undo sends as a roll-call mark."""
    for name in ("Amina", "Rosa"):
        page = browser(name).get(f"{tonight}/roll-call").text
        tile = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if "Sam" in form)
        assert 'data-note=""' in tile
        assert 'data-now="told_us"' in tile


@pytest.mark.usefixtures("told")
def test_undo_of_a_tap_on_a_notice_puts_the_notice_back(
    app: Flask, world: World, browser: Browser, evening: str, tonight: str
) -> None:
    """The words stay, the trainee can still come after all, and the history has the tap."""
    amina, sam = browser("Amina"), world.enrolments["Sam"]
    with app.app_context():
        stood = _last_of(world).sequence
    tapped = amina.post(f"{tonight}/marks", data={"enrolment": sam, "status": "here", "seen": stood}, headers=JSON)
    sent = {"enrolment": sam, "status": "told_us", "note": "", "restore": stood, "seen": tapped.json["mine"][str(sam)]}
    back = amina.post(f"{tonight}/marks", data=sent, headers=JSON)
    assert back.json["marks"][str(sam)]["status"] == "told_us"
    with app.app_context():
        last = _last_of(world)
        assert (last.source, last.note, last.told_before) == ("notice", WORDS, True)
        assert last.by_id == world.people["Amina"]
    assert WORDS in said(amina.get(f"{tonight}/roll-call"))
    mine = said(browser("Sam").get(f"{evening}/attendance"))
    assert "I can come after all" in mine
    assert WORDS in mine
    browser("Sam").post(f"{tonight}/notice/withdraw")
    assert WORDS in said(amina.get(f"{evening}/people/{sam}/attendance"))
    assert WORDS not in said(browser("Rosa").get(f"{evening}/people/{sam}/attendance"))


def test_undo_names_a_mark_of_the_same_person(world: World, browser: Browser, tonight: str) -> None:
    data = {"enrolment": world.enrolments["Sam"], "restore": 7}
    assert browser("Amina").post(f"{tonight}/marks", data=data).status_code == 404


def _last_of(world: World) -> AttendanceMark:
    """Sam's mark at class 6 that counts."""
    return session.scalars(
        select(AttendanceMark)
        .where(
            AttendanceMark.enrolment_id == world.enrolments["Sam"],
            AttendanceMark.meeting_id == world.meetings["evening"][5],
        )
        .order_by(AttendanceMark.sequence.desc())
    ).first()  # type: ignore[return-value]


def test_what_leaders_note_is_read_by_leaders_and_kept_by_undo(world: World, browser: Browser, tonight: str) -> None:
    sam = world.enrolments["Sam"]
    browser("Amina").post(f"{tonight}/marks", data={"enrolment": sam, "status": "left_early", "note": "Had a bus."})
    page = browser("Rosa").get(f"{tonight}/roll-call")
    assert "Had a bus." in said(page)
    assert 'data-note="Had a bus."' in page.text


@pytest.mark.usefixtures("told")
def test_no_note_goes_into_the_audit(app: Flask, world: World, browser: Browser, tonight: str) -> None:
    data = {"enrolment": world.enrolments["Kim"], "status": "away", "note": "A long story."}
    browser("Amina").post(f"{tonight}/marks", data=data)
    with app.app_context():
        rows = session.scalars(select(AuditRow).where(AuditRow.verb.startswith("attendance."))).all()
        assert rows
        assert {row.why for row in rows} == {""}


# -- everyone's here ----------------------------------------------------------------------------------------


def test_everyone_is_marked_with_as_many_queries_as_one(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(IN_CLASS)
    found = []
    for extra in (0, 20):
        with app.app_context(), saved():
            evening = session.get_one(Cohort, world.cohorts["evening"])
            for number in range(extra):
                person = accounts.add_person("More", f"more{number}@example.org", language="en", now=NOW)
                cohorts.enrol(evening, person, by=None, now=NOW)
            session.query(AttendanceMark).filter_by(meeting_id=world.meetings["evening"][5]).delete()
        with counted(app) as statements:
            assert browser("Amina").post(f"{tonight}/marks/everyone").status_code == 303
        found.append(len(statements))
    assert found[0] == found[1]
    with app.app_context():
        marks = session.scalars(
            select(AttendanceMark).where(AttendanceMark.meeting_id == world.meetings["evening"][5])
        ).all()
        assert len(marks) == 25
        assert {(mark.status, mark.source, mark.sequence) for mark in marks} == {("here", "everyone", 1)}


def test_everyone_who_is_marked_has_a_line_of_their_own(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(IN_CLASS)
    browser("Amina").post(f"{tonight}/marks/everyone")
    subject = f"meeting:{world.meetings['evening'][5]}"
    with app.app_context():
        rows = session.scalars(select(AuditRow).where(AuditRow.subject == subject)).all()
        names = ("Sam", "Kim", "Person000", "Person001", "Person002")
        assert {row.about_id for row in rows} == {world.people[name] for name in names}
        assert {(row.verb, row.by_id) for row in rows} == {("attendance.here", world.people["Amina"])}


# -- numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["²", "٣", "-1", "1e3", "9" * 30, ""])
def test_what_is_no_number_is_no_crash(app: Flask, world: World, browser: Browser, tonight: str, typed: str) -> None:
    amina = browser("Amina")
    assert amina.post(f"{tonight}/marks", data={"enrolment": typed, "status": "here"}).status_code == 404
    sam = world.enrolments["Sam"]
    data = {"enrolment": sam, "status": "late", "late_by": typed, "minutes": typed}
    assert amina.post(f"{tonight}/marks", data=data).status_code == 303
    with app.app_context():
        last = session.scalars(select(AttendanceMark).where(AttendanceMark.enrolment_id == sam)).all()[-1]
        assert (last.status, last.late_by, last.minutes) == ("late", None, None)
