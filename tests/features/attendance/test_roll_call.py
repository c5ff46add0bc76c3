"""Roll call: one tap for everyone, taps for exceptions, a history that is never written over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.attendance.models import AttendanceMark
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit
from tests.pages import forms as forms_of
from tests.world import World

JSON = {"Accept": "application/json"}
OPEN = NOW + timedelta(hours=1)
IN_CLASS = NOW + timedelta(hours=2, minutes=5)


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


@pytest.fixture
def tonight(evening: str, clock: time_machine.Coordinates) -> str:
    """Class 6, an hour before it begins: its roll call is open."""
    clock.move_to(OPEN)
    return f"{evening}/classes/6"


def chain(app: Flask, world: World, name: str, number: int = 6) -> list[tuple[str | None, str]]:
    """Status and source of every mark of one person at one class of the evening group."""
    with app.app_context():
        rows = session.scalars(
            select(AttendanceMark)
            .where(
                AttendanceMark.enrolment_id == world.enrolments[name],
                AttendanceMark.meeting_id == world.meetings["evening"][number - 1],
            )
            .order_by(AttendanceMark.sequence)
        ).all()
        assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
        return [(row.status, row.source) for row in rows]


def mark(client: FlaskClient, world: World, tonight: str, name: str, status: str, **more: object) -> TestResponse:
    data = {"enrolment": world.enrolments[name], "status": status, **more}
    return client.post(f"{tonight}/marks", data=data, headers=JSON)


# -- everyone's here ----------------------------------------------------------------------------------------


def test_everyones_here_fills_what_is_empty_and_keeps_what_was_said(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    browser("Kim").post(f"{tonight}/notice", data={"note": "Night shift"})
    clock.move_to(IN_CLASS)
    mark(amina, world, tonight, "Person001", "late")
    page = follow(amina, amina.post(f"{tonight}/marks/everyone"))
    assert "3 here, 1 late, 1 told us before." in said(page)
    assert chain(app, world, "Sam") == [("here", "everyone")]
    assert chain(app, world, "Kim") == [("told_us", "notice")]
    assert chain(app, world, "Person001") == [("late", "roll_call")]


def test_pressing_it_twice_adds_nothing(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    for _ in range(2):
        answer = amina.post(f"{tonight}/marks/everyone", headers=JSON)
        assert answer.json["summary"] == "5 here."
    assert chain(app, world, "Sam") == [("here", "everyone")]


def test_a_mark_that_was_taken_away_counts_as_empty(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    mark(amina, world, tonight, "Sam", "away")
    mark(amina, world, tonight, "Sam", "")
    amina.post(f"{tonight}/marks/everyone")
    assert chain(app, world, "Sam") == [("away", "roll_call"), (None, "roll_call"), ("here", "everyone")]


def test_a_roll_call_opens_an_hour_before_its_class(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    """Until then it takes no marks, and who told us before stands there."""
    browser("Kim").post(f"{tonight}/notice")
    clock.move_to(OPEN - timedelta(minutes=1))
    page = amina.get(f"{tonight}/roll-call")
    assert "The roll call of this class opens on Tue, May 5, 5:00\u202fp.m. Those" in said(page)
    assert not [form for form in forms_of(page) if form.action.startswith(f"{tonight}/marks")]
    assert "Kim told us before" in said(page)
    for answer in (mark(amina, world, tonight, "Sam", "here"), amina.post(f"{tonight}/marks/everyone", headers=JSON)):
        assert answer.status_code == 409
        assert "opens on" in answer.json["error"]
    assert chain(app, world, "Sam") == []
    clock.move_to(OPEN)
    assert mark(amina, world, tonight, "Sam", "here").status_code == 200


# -- one tap ------------------------------------------------------------------------------------------------


def test_marks_are_added_and_the_last_one_counts(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    answers = [mark(amina, world, tonight, "Sam", status).json for status in ("here", "late", "away", "here")]
    assert answers[2]["summary"] == "1 away, 4 not marked."
    assert answers[3]["marks"][str(world.enrolments["Sam"])]["status"] == "here"
    assert [status for status, _source in chain(app, world, "Sam")] == ["here", "late", "away", "here"]


def test_the_same_mark_again_adds_nothing(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    for _ in range(3):
        mark(amina, world, tonight, "Sam", "late")
    assert chain(app, world, "Sam") == [("late", "roll_call")]


def test_taking_away_what_is_not_there_adds_nothing(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    assert mark(amina, world, tonight, "Sam", "").status_code == 200
    assert chain(app, world, "Sam") == []


def test_without_script_a_tile_goes_from_here_to_late_to_away_to_here(
    amina: FlaskClient, world: World, tonight: str
) -> None:
    found = []
    for _ in range(4):
        page = amina.get(f"{tonight}/roll-call")
        form = form_to(page, f"{tonight}/marks")
        found.append(form.fields["status"])
        submit(amina, form)
    assert found == ["here", "late", "away", "here"]


def test_minutes_and_a_note_are_kept_and_their_person_reads_them(
    amina: FlaskClient, world: World, browser: Browser, tonight: str, evening: str
) -> None:
    mark(amina, world, tonight, "Sam", "late", late_by="25", note="The bus <b>broke</b> down")
    page = said(browser("Sam").get(f"{evening}/attendance"))
    assert "25 minutes late." in page
    assert "Note: The bus <b>broke</b> down" in page
    assert "Marked by Amina on Tue, May 5" in page


# -- minutes and notes ----------------------------------------------------------------------------------------


def details(app: Flask, world: World, name: str) -> list[tuple[str | None, int | None, int | None, str]]:
    with app.app_context():
        rows = session.scalars(
            select(AttendanceMark)
            .where(
                AttendanceMark.enrolment_id == world.enrolments[name],
                AttendanceMark.meeting_id == world.meetings["evening"][5],
            )
            .order_by(AttendanceMark.sequence)
        )
        return [(row.status, row.minutes, row.late_by, row.note) for row in rows]


def test_a_wrong_number_and_a_note_are_taken_away_by_sending_the_form_without_them(
    app: Flask, world: World, amina: FlaskClient, tonight: str
) -> None:
    nothing = {"minutes": "", "late_by": "", "note": ""}
    mark(amina, world, tonight, "Sam", "late", **nothing | {"late_by": "35", "note": "The bus"})
    mark(amina, world, tonight, "Sam", "late", **nothing | {"late_by": "5"})
    mark(amina, world, tonight, "Sam", "late", **nothing)
    assert details(app, world, "Sam") == [
        ("late", None, 35, "The bus"),
        ("late", None, 5, ""),
        ("late", None, None, ""),
    ]


def test_the_same_form_again_adds_nothing(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    for _ in range(3):
        mark(amina, world, tonight, "Sam", "late", minutes="80", late_by="35", note=" The bus ")
    assert details(app, world, "Sam") == [("late", 80, 35, "The bus")]


def test_a_tap_says_nothing_about_minutes(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    """Tapping the same again is a slip of the finger: what stands, stays whole."""
    mark(amina, world, tonight, "Sam", "late", late_by="35")
    mark(amina, world, tonight, "Sam", "late")
    assert details(app, world, "Sam") == [("late", None, 35, "")]


def test_telling_twice_in_the_same_words_is_telling_once(
    app: Flask, world: World, browser: Browser, tonight: str
) -> None:
    sam = browser("Sam")
    for note in ("dentist", "dentist", "dentist, at five"):
        sam.post(f"{tonight}/notice", data={"note": note})
    assert [note for *_mark, note in details(app, world, "Sam")] == ["dentist", "dentist, at five"]


def test_saving_what_stands_leaves_the_words_of_a_notice(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str
) -> None:
    """Undo sends a mark as its tile has it, and a tile has nothing of what Sam told the trainers."""
    browser("Sam").post(f"{tonight}/notice", data={"note": "dentist"})
    mark(amina, world, tonight, "Sam", "told_us", minutes="", late_by="", note="")
    assert details(app, world, "Sam") == [("told_us", None, None, "dentist")]


def test_undo_has_everything_to_send_again(world: World, amina: FlaskClient, tonight: str) -> None:
    answer = mark(amina, world, tonight, "Sam", "late", late_by="35", minutes="80", note="The bus")
    sam = str(world.enrolments["Sam"])
    stands = {"status": "late", "sequence": 1, "minutes": 80, "late_by": 35, "note": "The bus"}
    assert answer.json["marks"][sam] == stands
    page = amina.get(f"{tonight}/roll-call").text
    (tile,) = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if "Sam" in form and "data-now" in form]
    for name, value in stands.items():
        assert f'data-{name.replace("status", "now")}="{value}"' in tile


# -- two who mark the same person -----------------------------------------------------------------------------


@pytest.fixture
def luc(app: Flask, world: World, browser: Browser) -> FlaskClient:
    with app.app_context(), saved():
        evening, northside = world.cohorts["evening"], world.organizations["northside"]
        accounts.grant_role(world.people["Luc"], Role.TRAINER, organization=northside, cohort=evening, by=None, now=NOW)
    return browser("Luc")


def test_an_old_tap_does_not_go_over_a_newer_mark(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, tonight: str
) -> None:
    """Amina's phone was without a network when she tapped; Luc marked Sam meanwhile."""
    sam = str(world.enrolments["Sam"])
    seen = mark(amina, world, tonight, "Sam", "here", seen=0).json["mine"][sam]
    mark(luc, world, tonight, "Sam", "left_early", seen=seen, note="A train")
    answer = mark(amina, world, tonight, "Sam", "away", seen=seen)
    assert answer.status_code == 409
    assert answer.json["error"] == "Sam has a newer mark: left early. It stays; tap again to change it."
    assert answer.json["marks"][sam] == {
        "status": "left_early",
        "sequence": 2,
        "minutes": "",
        "late_by": "",
        "note": "A train",
    }
    assert answer.json["summary"] == "1 left early, 4 not marked."
    assert [status for status, _source in chain(app, world, "Sam")] == ["here", "left_early"]
    assert mark(amina, world, tonight, "Sam", "away", seen=2).status_code == 200


def test_a_tap_that_agrees_with_a_newer_mark_is_no_conflict_and_not_ones_own(
    world: World, amina: FlaskClient, luc: FlaskClient, tonight: str
) -> None:
    mark(luc, world, tonight, "Sam", "away", seen=0)
    answer = mark(amina, world, tonight, "Sam", "away", seen=0)
    assert (answer.status_code, answer.json["mine"]) == (200, {}), "what builds on it has not seen Luc's mark"


def test_a_tap_says_more_than_the_button_for_everyone(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, tonight: str
) -> None:
    answer = luc.post(f"{tonight}/marks/everyone", headers=JSON)
    assert answer.json["mine"][str(world.enrolments["Sam"])] == 1
    assert mark(amina, world, tonight, "Sam", "away", seen=0).status_code == 200
    assert [status for status, _source in chain(app, world, "Sam")] == ["here", "away"]


def test_without_script_the_newer_mark_is_shown_with_a_sentence(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, tonight: str
) -> None:
    forms = [form for form in forms_of(amina.get(f"{tonight}/roll-call")) if "seen" in form.fields]
    form = next(form for form in forms if form.fields["enrolment"] == str(world.enrolments["Sam"]))
    mark(luc, world, tonight, "Sam", "away", seen=0)
    page = said(follow(amina, submit(amina, form)))
    assert "Sam has a newer mark: away. It stays; tap again to change it." in page
    assert [status for status, _source in chain(app, world, "Sam")] == ["away"]


def test_taps_of_amina_are_not_made_under_luc(
    app: Flask, world: World, luc: FlaskClient, browser: Browser, tonight: str
) -> None:
    """Luc has signed in where Amina's page is still open."""
    data = {"enrolment": world.enrolments["Sam"], "status": "here", "seen": 0}
    headers = {**JSON, "X-Writer": str(world.people["Amina"])}
    assert luc.post(f"{tonight}/marks", data=data, headers=headers).status_code == 401
    assert chain(app, world, "Sam") == []
    assert browser("Amina").post(f"{tonight}/marks", data=data, headers=headers).status_code == 200


@pytest.mark.parametrize("status", ["nonsense", "HERE", "here ", "here,away", "1"])
def test_a_status_that_there_is_not_gets_a_sentence(
    app: Flask, world: World, amina: FlaskClient, tonight: str, status: str
) -> None:
    answer = mark(amina, world, tonight, "Sam", status)
    assert answer.status_code == 422
    assert answer.json == {"error": "Choose how this person was at the class."}
    assert chain(app, world, "Sam") == []


@pytest.mark.parametrize("minutes", ["-5", "1000", "x", "²", "9" * 5000, "1.5"])
def test_minutes_that_cannot_be_are_left_out(
    app: Flask, world: World, amina: FlaskClient, tonight: str, minutes: str
) -> None:
    assert mark(amina, world, tonight, "Sam", "late", minutes=minutes, late_by=minutes).status_code == 200
    with app.app_context():
        row = session.scalars(select(AttendanceMark).order_by(AttendanceMark.id.desc())).first()
        assert row
        assert (row.minutes, row.late_by) == (None, None)


@pytest.mark.parametrize("enrolment", ["", "x", "²", "-1", "0", "9" * 30, "1 or 1"])
def test_nobody_is_marked_by_a_number_that_is_nobodys(amina: FlaskClient, tonight: str, enrolment: str) -> None:
    assert amina.post(f"{tonight}/marks", data={"enrolment": enrolment, "status": "here"}).status_code == 404


def test_somebody_of_another_group_cannot_be_marked(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    assert mark(amina, world, tonight, "Wes", "away").status_code == 404
    with app.app_context():
        assert not session.scalars(
            select(AttendanceMark).where(AttendanceMark.enrolment_id == world.enrolments["Wes"])
        ).all()


def test_a_cancelled_class_cannot_be_marked(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    amina.post(f"{tonight}/cancel")
    answer = mark(amina, world, tonight, "Sam", "away")
    assert (answer.status_code, answer.json) == (409, {"error": "This class was cancelled. It counts against no one."})
    assert amina.post(f"{tonight}/marks/everyone").status_code == 409
    assert "This class was cancelled. It counts against no one." in said(amina.get(f"{tonight}/roll-call"))
    assert chain(app, world, "Sam") == []


def test_a_correction_stands_in_the_history_that_sam_reads(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=1))
    mark(amina, world, f"{evening}/classes/4", "Sam", "away")
    mark(amina, world, f"{evening}/classes/4", "Sam", "here")
    page = said(browser("Sam").get(f"{evening}/attendance"))
    assert "How this mark changed" in page
    with app.app_context():
        verbs = session.scalars(
            select(AuditRow.verb)
            .where(AuditRow.about_id == world.people["Sam"], AuditRow.by_id == world.people["Amina"])
            .order_by(AuditRow.id)
        ).all()
    assert [verb for verb in verbs if verb.startswith("attendance.")][-2:] == ["attendance.away", "attendance.here"]


# -- I can't come -------------------------------------------------------------------------------------------


def test_sam_tells_before_and_can_come_after_all(
    app: Flask, world: World, browser: Browser, tonight: str, evening: str
) -> None:
    sam = browser("Sam")
    page = follow(sam, sam.post(f"{tonight}/notice", data={"note": "Night shift"}))
    assert "Thanks for telling us. Your trainers know." in said(page)
    assert "You told us on Tue, May 5" in said(page)
    assert "I can come after all" in said(page)
    assert "Night shift" in said(browser("Amina").get(f"{tonight}/roll-call"))
    back = follow(sam, sam.post(f"{tonight}/notice/withdraw"))
    assert "Good. We expect you." in said(back)
    assert chain(app, world, "Sam") == [("told_us", "notice"), (None, "notice")]
    assert "I can come after all" not in said(sam.get(f"{evening}/attendance"))


@pytest.mark.parametrize(("minutes", "status"), [(119, 303), (120, 409), (300, 409)])
@pytest.mark.parametrize("what", ["notice", "notice/withdraw"])
def test_one_tells_before_the_class_begins(
    app: Flask, world: World, browser: Browser, tonight: str, clock: time_machine.Coordinates, what: str, minutes: int,
    status: int,
) -> None:  # fmt: skip
    clock.move_to(NOW + timedelta(minutes=minutes))
    answer = browser("Sam").post(f"{tonight}/{what}")
    assert answer.status_code == status
    if status == 409:
        assert "This class has begun. Please tell your trainer directly." in said(answer)
        assert chain(app, world, "Sam") == []


def test_a_mark_by_a_trainer_is_not_taken_away_by_its_trainee(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str
) -> None:
    mark(amina, world, tonight, "Sam", "away")
    browser("Sam").post(f"{tonight}/notice/withdraw")
    assert chain(app, world, "Sam") == [("away", "roll_call")]


def test_a_note_to_the_trainers_is_read_by_them_alone(
    app: Flask, world: World, browser: Browser, tonight: str, evening: str
) -> None:
    words = "kumquat-teapot-93"
    browser("Sam").post(f"{tonight}/notice", data={"note": words})
    kim = browser("Kim")
    for path in ("/today", tonight, f"{evening}/attendance", f"{evening}/course"):
        assert words not in kim.get(path).text
    with app.app_context():
        assert not any(words in row.why for row in session.scalars(select(AuditRow)))


def test_a_leader_has_no_notice_to_give(amina: FlaskClient, tonight: str) -> None:
    assert amina.post(f"{tonight}/notice").status_code == 404


def test_a_class_that_does_not_take_place_needs_no_notice(browser: Browser, amina: FlaskClient, tonight: str) -> None:
    amina.post(f"{tonight}/cancel")
    answer = browser("Sam").post(f"{tonight}/notice")
    assert answer.status_code == 409
    assert "This class was cancelled. It counts against no one." in said(answer)
