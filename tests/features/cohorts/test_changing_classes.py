"""Classes that are moved or do not take place: everyone hears of it, once, and it counts against no one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.features.conftest import Browser
from tests.pages import follow, mails, said
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
    assert {mail.path for mail in written} == {f"{evening}/classes/6"}
    sam = browser("Sam")
    page = said(sam.get(f"{evening}/classes/6"))
    assert "This class does not take place." in page
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
    assert "Class 6 of Evening group has a new time: Fri, May 8, 10:00\u202fa.m." in mail.text
    assert {mail.to for mail in mails(app)} >= GROUP
    assert "Fri, May 8, 10:00\u202fa.m." in said(browser("Sam").get(f"{evening}/classes/6"))


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
        ({}, "Enter a date, like 2027-03-27.; Enter a time, like 18:00."),
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
