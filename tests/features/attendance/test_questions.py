""" "This is not right": two taps, an answer with a reason, and a history that stays."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.attendance.models import AttendanceMark, MarkQuestion
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort
from lms.host.audit import AuditRow
from lms.host.db import may_write, saved, session
from tests.counting import counted
from tests.features.attendance.test_mine import line, missed
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said, submit
from tests.world import World, sign_in

WORDS = "kumquat-teapot-93"


@pytest.fixture
def sam(app: Flask, world: World, browser: Browser) -> FlaskClient:
    missed(app, world, "Sam", 2)
    return browser("Sam")


@pytest.fixture
def about(evening: str) -> str:
    return f"{evening}/classes/2/question"


def chain(app: Flask, world: World, name: str, number: int) -> list[tuple[str | None, str, str]]:
    with app.app_context():
        rows = session.execute(
            select(AttendanceMark.status, AttendanceMark.source, AttendanceMark.why)
            .where(
                AttendanceMark.enrolment_id == world.enrolments[name],
                AttendanceMark.meeting_id == world.meetings["evening"][number - 1],
            )
            .order_by(AttendanceMark.sequence)
        )
        return [tuple(row) for row in rows]


def answer_path(app: Flask, evening: str) -> str:
    with app.app_context():
        return f"{evening}/questions/{session.scalar(select(func.max(MarkQuestion.id)))}/answer"


def test_two_taps(app: Flask, sam: FlaskClient, evening: str, about: str) -> None:
    assert f'href="{about}"' in sam.get(f"{evening}/attendance").text, "the first"
    page = sam.get(about)
    assert "Marked by Amina" in said(page)
    answer = follow(sam, submit(sam, form_to(page, about)))  # the second; no words
    assert "Sent. You will read the answer here." in said(answer)
    own = line(answer.text, 2)
    assert "You said on Tue, May 5 that this is not right. Your trainer will answer." in own
    assert "This is not right: " not in own, "one open question a mark"


def test_it_stays_and_the_trainee_reads_why(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, about: str
) -> None:
    sam.post(about)
    before = chain(app, world, "Sam", 2)
    data = {"to": "stays", "answer": "The list of the room says so."}
    assert browser("Amina").post(answer_path(app, evening), data=data).status_code == 303
    own = line(sam.get(f"{evening}/attendance").text, 2)
    assert "Amina looked at it, and the mark stays: The list of the room says so." in own
    assert "This is not right" in own, "it can be asked again"
    assert chain(app, world, "Sam", 2) == before


def test_a_correction_is_appended_with_its_reason(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, about: str
) -> None:
    sam.post(about, data={"words": WORDS})
    amina = browser("Amina")
    assert WORDS in amina.get(f"{evening}/questions").text
    data = {"to": "here", "answer": "You sat behind the door."}
    assert amina.post(answer_path(app, evening), data=data).status_code == 303
    own = line(sam.get(f"{evening}/attendance").text, 2)
    assert "Amina looked at it and corrected the mark: You sat behind the door." in own
    assert "How this mark changed" in own
    assert chain(app, world, "Sam", 2)[-2:] == [
        ("away", "roll_call", ""),
        ("here", "correction", "You sat behind the door."),
    ]
    assert "You were at all 5 classes so far." in said(sam.get(f"{evening}/attendance"))


def test_weeks_later_it_can_still_be_corrected(
    app: Flask, world: World, sam: FlaskClient, evening: str, about: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(NOW + timedelta(days=30))
    sam = sign_in(app, "Sam")
    assert sam.post(about).status_code == 303
    data = {"to": "late", "answer": "I found the sheet."}
    assert sign_in(app, "Amina").post(answer_path(app, evening), data=data).status_code == 303
    assert chain(app, world, "Sam", 2)[-1] == ("late", "correction", "I found the sheet.")


def test_an_unmarked_class_can_be_questioned_too(
    app: Flask, world: World, sam: FlaskClient, evening: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(NOW + timedelta(hours=6))
    assert sam.post(f"{evening}/classes/6/question").status_code == 303
    assert sam.post(f"{evening}/classes/7/question").status_code == 409, "that one is to come"


def test_asked_twice_is_asked_once(app: Flask, sam: FlaskClient, about: str) -> None:
    for _again in range(2):
        assert sam.post(about, data={"words": WORDS}).status_code == 303
    with app.app_context():
        assert session.scalar(select(func.count(MarkQuestion.id))) == 1
    assert len(mails(app, "amina@example.org")) == 1


def test_it_goes_to_the_trainer_who_made_the_mark(
    app: Flask, world: World, sam: FlaskClient, evening: str, about: str
) -> None:
    may_write()
    with app.app_context(), saved():
        ada = accounts.add_person("Ada", "ada@example.org", language="en", now=NOW)
        accounts.grant_role(ada.id, Role.TRAINER, organization=world.organizations["northside"], by=None, now=NOW)
    sam.post(about, data={"words": WORDS})
    (to_amina,) = mails(app, "amina@example.org")
    assert to_amina.subject == "A note about your class"
    assert to_amina.path == f"{evening}/questions"
    assert WORDS not in to_amina.text
    assert mails(app, "ada@example.org") == []


def test_what_nobody_of_the_trainers_marked_goes_to_all_of_them(
    app: Flask, world: World, sam: FlaskClient, about: str
) -> None:
    may_write()
    with app.app_context(), saved():
        session.query(AttendanceMark).update({AttendanceMark.by_id: None})
    sam.post(about)
    assert len(mails(app, "amina@example.org")) == 1


def test_words_are_for_the_trainers_alone(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, about: str
) -> None:
    sam.post(about, data={"words": WORDS})
    assert WORDS not in browser("Rosa").get(f"{evening}/questions").text
    assert "Sam, class 2" in said(browser("Rosa").get(f"{evening}/questions"))
    with app.app_context():
        assert not any(WORDS in row.why for row in session.scalars(select(AuditRow)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"to": "stays"}, "Write why. The trainee will read it."),
        ({"answer": WORDS}, "Choose whether the mark stays."),
        ({"to": "nonsense", "answer": WORDS}, "Choose how this person was at the class."),
    ],
)
def test_an_answer_needs_both_and_loses_nothing(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, about: str, typed: dict[str, str], sentence: str
) -> None:
    sam.post(about)
    answer = browser("Amina").post(answer_path(app, evening), data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)
    if "answer" in typed:
        assert re.search(rf"<textarea id=\"answer\"[^>]*>\s*{WORDS}", answer.text)


def test_answered_already_is_a_sentence(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, about: str
) -> None:
    sam.post(about)
    path, data = answer_path(app, evening), {"to": "stays", "answer": "Yes."}
    assert browser("Amina").post(path, data=data).status_code == 303
    again = browser("Rosa").post(path, data={**data, "to": "here"})
    assert again.status_code == 409
    assert "Somebody has answered this already." in said(again)


def test_nobody_answers_about_themselves(app: Flask, world: World, browser: Browser, evening: str) -> None:
    may_write()
    with app.app_context(), saved():
        cohort = session.get_one(Cohort, world.cohorts["evening"])
        amina = session.get_one(Person, world.people["Amina"])
        cohorts.enrol(cohort, amina, by=None, now=NOW - timedelta(days=30))
    client = sign_in(app, "Amina")
    assert client.post(f"{evening}/classes/1/question").status_code == 303
    assert mails(app, "amina@example.org") == []
    assert "This is about you." in said(client.get(f"{evening}/questions"))
    answer = client.post(answer_path(app, evening), data={"to": "here", "answer": "I was."})
    assert answer.status_code == 409
    assert "This is about you. Somebody else has to do it." in said(answer)


def test_another_groups_question_is_not_found(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, about: str
) -> None:
    sam.post(about)
    morning = f"/cohorts/{world.cohorts['morning']}"
    data = {"to": "stays", "answer": "Yes."}
    assert browser("Luc").post(answer_path(app, morning), data=data).status_code == 404
    assert browser("Kim").get(about).status_code == 200, "Kim's own mark"
    assert "away" not in said(browser("Kim").get(about)).lower()


def test_the_list_asks_as_often_for_many(app: Flask, browser: Browser, sam: FlaskClient, evening: str) -> None:
    amina = browser("Amina")
    amina.get(f"{evening}/questions")
    found = []
    for numbers in ((1,), (2, 3, 4)):
        for number in numbers:
            assert sam.post(f"{evening}/classes/{number}/question").status_code == 303
        with counted(app) as statements:
            assert amina.get(f"{evening}/questions").status_code == 200
        found.append(len(statements))
    assert found[0] == found[1] <= 8
