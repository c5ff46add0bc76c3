"""One absence that does not count for some outcomes: by a coordinator, with a reason that the trainee reads."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.attendance import waivers
from lms.features.attendance.actions import ClassFacts
from lms.features.attendance.models import AttendanceMark
from lms.host.db import may_write, session
from lms.host.errors import Refused
from lms.plugin_api.values import MeetingState, Status
from tests.features.attendance.test_mine import line, missed
from tests.features.conftest import NOW, Browser
from tests.pages import mails, said
from tests.world import World

WHY = "You were at the funeral, and read everything."


@pytest.fixture
def person(app: Flask, world: World, evening: str) -> str:
    missed(app, world, "Sam", 5)  # "Many ways of living", which Level 1R cannot do without
    return f"{evening}/people/{world.enrolments['Sam']}/attendance"


@pytest.fixture
def rosa(browser: Browser) -> FlaskClient:
    return browser("Rosa")


def waive(rosa: FlaskClient, person: str, *outcomes: str, why: str = WHY, number: int = 5) -> int:
    data = {"outcomes": list(outcomes), "why": why}
    return rosa.post(f"{person}/{number}/waiver", data=data).status_code


def links(app: Flask, world: World) -> list[AttendanceMark]:
    with app.app_context():
        found = session.scalars(
            select(AttendanceMark)
            .where(
                AttendanceMark.enrolment_id == world.enrolments["Sam"],
                AttendanceMark.meeting_id == world.meetings["evening"][4],
            )
            .order_by(AttendanceMark.sequence)
        ).all()
        session.expunge_all()
        return list(found)


def test_the_outcome_is_open_again_and_sam_reads_who_and_why(
    app: Flask, world: World, browser: Browser, rosa: FlaskClient, person: str, evening: str
) -> None:
    sam = browser("Sam")
    assert "not possible this time" in said(sam.get(f"{evening}/attendance"))
    assert waive(rosa, person, "level-1r", "certified") == 303
    page = sam.get(f"{evening}/attendance").text
    assert "not possible this time" not in said(page)
    assert "Rosa decided that this does not count for" in line(page, 5)
    assert WHY in line(page, 5)
    assert "Marked by Amina" in line(page, 5), "who marked it stays"
    last = links(app, world)[-1]
    assert (last.status, last.source, last.waived_for) == (Status.AWAY, "waiver", ["certified", "level-1r"])


def test_it_can_be_taken_back(
    app: Flask, world: World, browser: Browser, rosa: FlaskClient, person: str, evening: str
) -> None:
    waive(rosa, person, "level-1r", "certified")
    assert rosa.post(f"{person}/5/waiver/withdraw").status_code == 303
    page = browser("Sam").get(f"{evening}/attendance").text
    assert "not possible this time" in said(page)
    assert "counts again" in line(page, 5)
    count = len(links(app, world))
    assert rosa.post(f"{person}/5/waiver/withdraw").status_code == 303
    assert len(links(app, world)) == count, "taken back once"


def test_the_trainee_hears_of_it_once(app: Flask, rosa: FlaskClient, person: str, evening: str) -> None:
    for _ in range(2):
        waive(rosa, person, "level-1r", why="A reason for the page only.")
    for _ in range(2):
        rosa.post(f"{person}/5/waiver/withdraw")
    set_aside, counts = mails(app, "sam@example.org")
    assert "no longer counts for everything" in set_aside.text
    assert "reason" not in set_aside.text
    assert "counts again" in counts.text
    assert set_aside.path == f"{evening}/attendance"


def test_the_same_again_adds_nothing(app: Flask, world: World, rosa: FlaskClient, person: str) -> None:
    waive(rosa, person, "level-1r")
    count = len(links(app, world))
    assert waive(rosa, person, "level-1r") == 303
    assert len(links(app, world)) == count


def test_minutes_stay_and_words_of_a_notice_do_not_travel(
    app: Flask, world: World, rosa: FlaskClient, person: str, browser: Browser, evening: str
) -> None:
    missed(app, world, "Sam", 5, status=Status.LEFT_EARLY, minutes=20, note="Had a bus.")
    waive(rosa, person, "level-1r")
    assert (links(app, world)[-1].minutes, links(app, world)[-1].note) == (20, "Had a bus.")
    browser("Kim").post(f"{evening}/classes/7/notice", data={"note": "kumquat"})
    kim = f"{evening}/people/{world.enrolments['Kim']}/attendance"
    assert waive(rosa, kim, "level-1r", number=7) == 303
    assert "kumquat" not in rosa.get(f"{evening}/classes/7/roll-call").text
    assert "kumquat" in browser("Kim").get(f"{evening}/attendance").text


@pytest.mark.parametrize(
    ("outcomes", "why", "sentence"),
    [
        (["level-1r"], " ", "Write why. The trainee will read it."),
        ([], WHY, "Choose for what it shall not count."),
        (["no-such"], WHY, "Choose for what it shall not count."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    rosa: FlaskClient, person: str, outcomes: list[str], why: str, sentence: str
) -> None:
    answer = rosa.post(f"{person}/5/waiver", data={"outcomes": outcomes, "why": why})
    assert answer.status_code == 422
    assert sentence in said(answer)
    if why.strip():
        assert WHY in answer.text


def test_there_must_be_an_absence(rosa: FlaskClient, person: str) -> None:
    assert waive(rosa, person, "level-1r", number=1) == 409
    assert waive(rosa, person, "level-1r", number=9) == 409


def test_trainers_look_and_coordinators_decide(browser: Browser, person: str, rosa: FlaskClient) -> None:
    amina = browser("Amina")
    assert "Let this absence not count" not in said(amina.get(person))
    assert waive(amina, person, "level-1r") == 404
    assert "Let this absence not count" in said(rosa.get(person))


def test_nobody_decides_about_themselves(app: Flask, world: World) -> None:
    facts = ClassFacts(world.meetings["evening"][4], world.organizations["northside"], NOW, MeetingState.HELD)
    sam, enrolment = world.people["Sam"], world.enrolments["Sam"]
    may_write()
    with app.app_context(), pytest.raises(Refused, match="This is about you"):
        waivers.waive(facts, enrolment, ["level-1r"], WHY, about=sam, by=sam, now=NOW)


def test_the_page_of_a_person_says_what_the_person_reads(browser: Browser, person: str, evening: str) -> None:
    amina, sam = said(browser("Amina").get(person)), said(browser("Sam").get(f"{evening}/attendance"))
    for sentence in ("You missed a class of “Many ways of living”.", "Come to every class.", "Marked by Amina"):
        assert sentence in amina
        assert sentence in sam
    assert "Offer a make-up for class 5" in amina
