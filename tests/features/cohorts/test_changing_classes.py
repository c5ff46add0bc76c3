"""Classes that are moved or do not take place: everyone hears of it, once, and it counts against no one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from lms.features.attendance.queries import marks_of
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.host import mail
from lms.host.config import Settings
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from tests.features.attendance.test_mine import missed
from tests.features.attendance.test_roll_call import chain
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said
from tests.planning import group_of, planned
from tests.world import World, email_of

GROUP = {email_of(name) for name in ("Sam", "Kim", "Person000", "Person001", "Person002")}


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


def test_a_cancelled_class_is_told_to_everyone_and_counts_against_no_one(
    app: Flask, amina: FlaskClient, browser: Browser, evening: str
) -> None:
    answer = amina.post(f"{evening}/classes/6/cancel", data={"why": "The heating is out."})
    assert "The class is cancelled. Everyone gets a mail, and it counts against no one." in said(follow(amina, answer))
    written = mails(app)
    assert {mail.to for mail in written} >= GROUP
    assert all(
        "Class 6 of Evening group does not take place. It counts against no one." in mail.text for mail in written
    )
    assert all("It was planned for: " in mail.text for mail in written)
    assert all("Why: The heating is out.\n" in mail.text for mail in written)
    assert {mail.path for mail in written} == {f"{evening}/classes/6"}
    sam = browser("Sam")
    page = said(sam.get(f"{evening}/classes/6"))
    assert "This class does not take place." in page
    assert "Tue, May 5, 6:00\u202fp.m." in page, "whoever looks for it finds which one it was"
    assert "There is a role play in this class." not in page
    assert "The heating is out." in page
    assert "cancelled" in said(sam.get(f"{evening}/course"))
    assert "16 classes" in said(sam.get(f"{evening}/attendance")), "one class fewer in the run"


def test_the_subject_tells_a_lock_screen_nothing(app: Flask, amina: FlaskClient, evening: str) -> None:
    amina.post(f"{evening}/classes/6/cancel")
    assert {mail.subject for mail in mails(app)} == {"A note about your class"}


def test_the_colleague_who_leads_the_group_hears_of_it_too(app: Flask, browser: Browser, evening: str) -> None:
    browser("Rosa").post(f"{evening}/classes/6/cancel")
    assert len(mails(app, "amina@example.org")) == 1
    assert mails(app, "luc@example.org") == [], "another group's trainer"


def test_cancelling_twice_writes_no_second_mail(
    app: Flask, amina: FlaskClient, evening: str, clock: time_machine.Coordinates
) -> None:
    amina.post(f"{evening}/classes/6/cancel", data={"why": "The heating is out."})
    before = len(mails(app))
    clock.shift(timedelta(seconds=2))
    assert amina.post(f"{evening}/classes/6/cancel").status_code == 303
    assert len(mails(app)) == before
    assert "The heating is out." in said(amina.get(f"{evening}/classes/6"))


def test_a_moved_class_is_told_with_its_new_time(
    app: Flask, amina: FlaskClient, browser: Browser, evening: str
) -> None:
    answer = amina.post(f"{evening}/classes/6/move", data={"day": "2026-05-08", "at": "10:00"})
    assert "The class is moved. Everyone gets a mail." in said(follow(amina, answer))
    (mail,) = mails(app, "sam@example.org")
    assert "Class 6 of Evening group has a new time: Fri, May 8, 10:00\u202fa.m.\nUntil now: " in mail.text
    assert {mail.to for mail in mails(app)} >= GROUP
    assert "Fri, May 8, 10:00\u202fa.m." in said(browser("Sam").get(f"{evening}/classes/6"))


@pytest.mark.parametrize(
    ("typed", "new", "stays"),
    [
        ({"place": "Library"}, "New place: Library", True),
        ({"link": "https://meet.example.org/x"}, "New link: https://meet.example.org/x", True),
        ({"minutes": "95"}, "New length: 95 minutes", True),
        ({"day": "2027-05-11", "place": "Library"}, "New place: Library", False),
    ],
)
def test_a_mail_says_what_is_new_and_what_stays(
    app: Flask, world: World, amina: FlaskClient, evening: str, typed: dict[str, str], new: str, stays: bool
) -> None:
    page = amina.get(f"{evening}/classes/6")
    amina.post(f"{evening}/classes/6/move", data={**form_to(page, f"{evening}/classes/6/move").fields, **typed})
    (mail,) = mails(app, "sam@example.org")
    assert new in mail.text
    assert ("Its time stays: " in mail.text) is stays
    assert ("has a new time: Tuesday, May 11, 2027, " in mail.text) is not stays, "a year where it is another one"
    assert ".." not in mail.text


def test_mails_of_a_french_group_are_french(app: Flask, browser: Browser) -> None:
    rosa = browser("Rosa")
    group = group_of(planned(rosa, name="Groupe d'automne", language="fr"))
    rosa.post(f"{group}/invitations", data={"emails": "noah@example.org"})
    (mail,) = mails(app, "noah@example.org")
    app.test_client().post(mail.path, data={"name": "Noah", "password": "kettle-window-path"})
    rosa.post(f"{group}/classes/1/move", data={"day": "2026-09-09", "at": "18:30"})
    mail = mails(app, "noah@example.org")[-1]
    assert "mer. 9 sept., 18\u00a0h\u00a030" in mail.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": "", "at": "10:00"}, "Enter a date, like 2027-03-27."),
        ({"day": "2026-05-08", "at": "ten"}, "Enter a time, like 18:00."),
        ({"day": "9999-12-31", "at": "23:00"}, "Enter a date, like 2027-03-27."),
        ({}, "Enter a date, like 2027-03-27. Enter a time, like 18:00."),
    ],
)
def test_a_time_that_cannot_be_moves_nothing(
    app: Flask, amina: FlaskClient, evening: str, typed: dict[str, str], sentence: str
) -> None:
    before = said(amina.get(f"{evening}/classes/6"))
    answer = amina.post(f"{evening}/classes/6/move", data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert said(amina.get(f"{evening}/classes/6")) == before
    assert mails(app) == []


def test_a_cancelled_class_is_not_moved(app: Flask, amina: FlaskClient, evening: str) -> None:
    amina.post(f"{evening}/classes/6/cancel")
    before = len(mails(app))
    answer = amina.post(f"{evening}/classes/6/move", data={"day": "2026-05-08", "at": "10:00"})
    assert answer.status_code == 409
    assert "This class was cancelled." in said(answer)
    assert len(mails(app)) == before


def test_a_class_that_is_not_in_the_course_is_not_found(amina: FlaskClient, evening: str) -> None:
    for number in (0, 18, 10**6):
        assert amina.post(f"{evening}/classes/{number}/cancel").status_code == 404


def test_a_reason_is_text_and_nothing_else(amina: FlaskClient, browser: Browser, evening: str) -> None:
    amina.post(f"{evening}/classes/6/cancel", data={"why": "<img src=x onerror=alert(1)>"})
    for path in (f"{evening}/classes/6", f"{evening}/attendance"):
        assert "<img src=x" not in browser("Sam").get(path).text


def test_people_of_other_groups_hear_nothing(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    amina.post(f"{evening}/classes/6/cancel")
    assert not {mail.to for mail in mails(app)} & {email_of(name) for name in ("Wes", "Maël", "Léa", "Luc")}


# -- for calendars, and in between --------------------------------------------------------------------------


def attached(app: Flask, to: str) -> list[dict[str, Any]]:
    """What was attached to the mails to this address, oldest first."""
    with app.app_context():
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail").order_by(OutboxRow.id)).all()
        return [row.payload["attached"] for row in rows if row.payload["to"] == to]


def test_each_mail_brings_the_date_for_a_calendar(app: Flask, amina: FlaskClient, evening: str) -> None:
    amina.post(f"{evening}/classes/6/move", data={"day": "2026-05-08", "at": "10:00", "minutes": "90"})
    amina.post(f"{evening}/classes/6/cancel")
    moved, cancelled = (Calendar.from_ical(one["text"]) for one in attached(app, "sam@example.org"))
    (event,), (gone,) = moved.walk("VEVENT"), cancelled.walk("VEVENT")
    assert event["dtstart"].dt == datetime(2026, 5, 8, 14, tzinfo=UTC)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=90)
    assert (event["sequence"], gone["sequence"], str(gone["status"])) == (1, 2, "CANCELLED")
    assert event["uid"] == gone["uid"]
    assert str(moved["method"]) == "PUBLISH"


def test_the_file_goes_out_with_the_mail() -> None:
    sent: list[EmailMessage] = []
    mail_of_a_class = mail.Mail("sam@example.org", "A note", "Hello", "k", mail.Attached("c.ics", "text/calendar", "é"))
    with patch("smtplib.SMTP") as server:
        server.return_value.__enter__.return_value.send_message = sent.append
        values = Settings(mail_server="mail.example.org", mail_tls=False)
        mail.deliver_mail(values, mail_of_a_class.payload(), NOW)
    (message,) = sent
    (part,) = message.iter_attachments()
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "c.ics")
    assert part.get_payload(decode=True) == "é".encode()


def test_a_cancelled_class_can_take_place_after_all(app: Flask, amina: FlaskClient, evening: str) -> None:
    amina.post(f"{evening}/classes/6/cancel", data={"why": "The heating is out."})
    answer = amina.post(f"{evening}/classes/6/on-again")
    assert "The class takes place. Everyone gets a mail." in said(follow(amina, answer))
    assert "The heating is out." not in said(amina.get(f"{evening}/classes/6"))
    assert "takes place after all: Tue, May 5, 6:00\u202fp.m." in mails(app, "sam@example.org")[-1].text
    before = len(mails(app))
    amina.post(f"{evening}/classes/6/on-again")
    assert len(mails(app)) == before, "once"


def test_somebody_on_a_break_gets_no_mail(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    with app.app_context(), saved():
        session.get_one(Enrolment, world.enrolments["Kim"]).pauses = [[(NOW - timedelta(days=1)).isoformat(), None]]
    amina.post(f"{evening}/classes/6/cancel")
    assert mails(app, email_of("Kim")) == []
    assert len(mails(app, email_of("Sam"))) == 1


def test_the_same_change_twice_writes_once(app: Flask, amina: FlaskClient, evening: str) -> None:
    change = {"day": "2026-05-05", "at": "18:00", "place": "Kitchen", "link": ""}
    assert "The class is moved." in said(follow(amina, amina.post(f"{evening}/classes/6/move", data=change)))
    before = len(mails(app))
    answer = amina.post(f"{evening}/classes/6/move", data=change)
    assert "The class is at this time already." in said(follow(amina, answer))
    assert len(mails(app)) == before
    assert "New place: Kitchen" in mails(app, "sam@example.org")[0].text


def test_a_class_moved_onto_another_is_said(amina: FlaskClient, evening: str) -> None:
    answer = amina.post(f"{evening}/classes/6/move", data={"day": "2026-05-08", "at": "17:00"})
    assert "Class 7 goes on at the same time." in said(follow(amina, answer))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"minutes": "10"}, "Enter a number from 15 to 720."),
        ({"link": "nowhere"}, "Enter the whole link"),
        ({"place": "x" * 201}, "longer than we can take"),
    ],
)
def test_a_change_that_cannot_be_keeps_what_was_typed(
    app: Flask, amina: FlaskClient, evening: str, change: dict[str, str], sentence: str
) -> None:
    typed = {"day": "2026-05-08", "at": "10:00", "place": "Kitchen", "minutes": "90", "link": "", **change}
    answer = amina.post(f"{evening}/classes/6/move", data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)
    fields = form_to(answer, f"{evening}/classes/6/move").fields
    assert {name: fields[name] for name in typed} == typed
    assert mails(app) == []


# -- what was said of the old day ---------------------------------------------------------------------------

TAKEN_BACK = "What was noted for you on the old date no longer stands."


def test_who_told_us_of_the_old_day_is_expected_on_the_new_one(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, evening: str
) -> None:
    sam = browser("Sam")
    sam.post(f"{evening}/classes/6/notice", data={"note": "dentist"})
    missed(app, world, "Kim", 6)
    amina.post(f"{evening}/classes/6/move", data={"day": "2026-05-20", "at": "18:00"})
    assert chain(app, world, "Sam") == [("told_us", "notice"), (None, "moved")]
    assert chain(app, world, "Kim")[-1] == (None, "moved")
    with app.app_context():
        assert marks_of(world.cohorts["evening"], world.enrolments["Sam"]).by_class.get(6) is None
    assert TAKEN_BACK in mails(app, email_of("Sam"))[-1].text
    assert TAKEN_BACK not in mails(app, email_of("Person000"))[-1].text


def test_another_hour_of_the_same_day_leaves_what_was_said(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, evening: str
) -> None:
    browser("Sam").post(f"{evening}/classes/6/notice")
    amina.post(f"{evening}/classes/6/move", data={"day": "2026-05-05", "at": "20:00"})
    assert chain(app, world, "Sam") == [("told_us", "notice")]
    assert TAKEN_BACK not in mails(app, email_of("Sam"))[-1].text


@pytest.mark.parametrize(
    ("number", "lock_days", "day", "sentence"),
    [
        (2, 1, "2026-05-30", "The register of this class is closed. The class stays as it was."),
        (5, 30, "2026-05-30", "This class was held. Its day and time stay."),
        (9, 30, "2026-04-01", "This time has passed. Choose one to come."),
    ],
)
def test_what_was_stays_when_it_was(
    app: Flask, world: World, amina: FlaskClient, evening: str, number: int, lock_days: int, day: str, sentence: str
) -> None:
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).lock_days = lock_days
    answer = amina.post(f"{evening}/classes/{number}/move", data={"day": day, "at": "18:00", "place": "Kitchen"})
    assert answer.status_code == 422
    assert sentence in said(answer)
    fields = form_to(answer, f"{evening}/classes/{number}/move").fields
    assert (fields["day"], fields["place"]) == (day, "Kitchen")
    assert mails(app) == []


@pytest.mark.parametrize(
    ("begins", "ends", "hears"),
    [(-1, 3, True), (12, 30, True), (-1, 12, True), (-1, 30, False)],
    ids=["back before it", "away on the new day", "away on the old day", "away on both"],
)
def test_who_is_away_on_the_old_and_on_the_new_day_hears_nothing(
    app: Flask, world: World, amina: FlaskClient, evening: str, begins: int, ends: int, hears: bool
) -> None:
    """Class 9 moves from ten days ahead to fifteen."""
    with app.app_context(), saved():
        session.get_one(Meeting, world.meetings["evening"][8]).starts_at = NOW + timedelta(days=10)
        pause = [(NOW + timedelta(days=days)).isoformat() for days in (begins, ends)]
        session.get_one(Enrolment, world.enrolments["Kim"]).pauses = [pause]
    amina.post(f"{evening}/classes/9/move", data={"day": "2026-05-20", "at": "18:00"})
    assert bool(mails(app, email_of("Kim"))) == hears
