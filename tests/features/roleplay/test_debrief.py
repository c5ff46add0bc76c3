"""After the rounds: the private question, of which two answers leave no trace, and two lines that become a draft."""

from __future__ import annotations

import logging
import re

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.features.care.models import Concern
from lms.features.submissions.models import Draft, Submission
from lms.host.audit import AuditRow
from lms.host.db import session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.pages import follow, forms, mails, said
from tests.world import World


@pytest.fixture(autouse=True)
def evening_of_the_class(clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)


@pytest.fixture
def place(evening: str) -> str:
    return f"{evening}/classes/6/role-play"


def test_somebody_to_check_in_with_me_reaches_those_who_look_after_people(
    app: Flask, world: World, browser: Browser, place: str
) -> None:
    page = said(browser("Sam").get(f"{place}/closing"))
    assert "One tap tells Rosa, and nobody else." in page
    for _twice in range(2):
        answer = browser("Sam").post(f"{place}/check-in")
        assert "Rosa knows now, and gets in touch with you today or tomorrow." in said(answer)
    with app.app_context():
        (concern,) = session.scalars(select(Concern))
        assert (concern.enrolment_id, concern.raised_by) == (world.enrolments["Sam"], world.people["Sam"])
        assert concern.urgency == "today"
    assert "after the role play of class 6" in said(browser("Rosa").get(f"/concerns/{concern.id}"))
    assert browser("Sam").get(f"/concerns/{concern.id}").status_code == 200
    for other in ("Amina", "Kim"):
        assert browser(other).get(f"/concerns/{concern.id}").status_code == 404
    (mail,) = mails(app)
    assert mail.subject == "A note for you"
    assert "Sam" not in mail.text


def test_the_other_two_answers_are_sent_nowhere(
    app: Flask, browser: Browser, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        before = len(list(session.scalars(select(AuditRow.id))))
    with caplog.at_level(logging.DEBUG):
        answer = browser("Sam").get(f"{place}/closing")
    for words in ("I'm fine", "I'd like a quiet minute"):
        part = next(one for one in re.findall(r"<details.*?</details>", answer.text, re.S) if words in said(one))
        assert not re.search(r"<(form|button|input|a)\b|data-", part), "nothing in it can be sent"
    sent = [form for form in forms(answer) if "/role-play/" in form.action]
    assert [form.action for form in sent] == [f"{place}/check-in"]
    assert sent[0].fields == {}, "and that one says nothing else"
    with app.app_context():
        assert len(list(session.scalars(select(AuditRow.id)))) == before
        assert list(session.scalars(select(Concern))) == []
    assert "fine" not in caplog.text
    assert "quiet" not in caplog.text


def test_two_lines_become_a_draft_and_are_not_sent(app: Flask, world: World, browser: Browser, place: str) -> None:
    sam = browser("Sam")
    form = next(form for form in forms(sam.get(f"{place}/closing")) if form.action.endswith("/draft"))
    name = next(field for field in form.fields if field != "who")
    answer = sam.post(form.action, data={**form.fields, name: "I waited, and it helped."})
    assert "I waited, and it helped." in follow(sam, answer).text
    with app.app_context():
        (draft,) = session.scalars(select(Draft))
        assert draft.fields[name] == "I waited, and it helped."
        assert list(session.scalars(select(Submission))) == []


def test_lines_beside_a_draft_that_is_there_already_are_shown_beside_it(
    app: Flask, world: World, browser: Browser, place: str
) -> None:
    sam = browser("Sam")
    form = next(form for form in forms(sam.get(f"{place}/closing")) if form.action.endswith("/draft"))
    name = next(field for field in form.fields if field != "who")
    sam.post(form.action, data={**form.fields, name: "Written on the bus"})
    answer = sam.post(form.action, data={**form.fields, name: "Written after class"})
    assert "Written on the bus" in answer.text
    assert "Written after class" in answer.text
