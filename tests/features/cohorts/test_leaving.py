"""Somebody leaves a group: the place ends, what was done stays, and coming back brings everything along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.certificates.models import Certificate
from lms.features.cohorts.models import Enrolment
from lms.features.decisions.models import Decision
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said, submit
from tests.world import World, sent_homework

SERIAL = "7KQ4-M9XW-2T"


@pytest.fixture
def sam_at(world: World, evening: str) -> str:
    return f"{evening}/people/{world.enrolments['Sam']}"


@pytest.fixture
def leave(sam_at: str) -> Callable[[FlaskClient], None]:
    def act(client: FlaskClient) -> None:
        page = client.get(sam_at)
        answer = submit(client, form_to(page, f"{sam_at}/leave"), why="Moved to another town.")
        assert "Sam has left the group. What was done stays." in said(follow(client, answer))

    return act


def give_certificate(app: Flask, world: World) -> None:
    with app.app_context(), saved():
        decision = Decision(
            enrolment_id=world.enrolments["Sam"],
            outcome_id="level-1",
            reasons="Took part.",
            verdicts=[],
            decided_by=world.people["Amina"],
            decided_at=NOW,
            told_by=world.people["Amina"],
            told_at=NOW,
        )
        session.add(decision)
        session.flush()
        facts = {
            "serial": SERIAL,
            "name": "Sam",
            "organization": "Northside",
            "course": ["Course", "Formation"],
            "outcome": ["Level 1", "Niveau 1"],
            "says": ["This", "Ceci"],
            "does_not_say": ["That", "Cela"],
            "decided_on": "2026-05-01",
            "issued_on": "2026-05-02",
            "decided_by": ["Amina"],
            "language": "en",
            "verify_url": f"http://127.0.0.1/certificates/{SERIAL}",
        }
        session.add(
            Certificate(
                serial=SERIAL,
                decision_id=decision.id,
                standing_for=decision.id,
                enrolment_id=world.enrolments["Sam"],
                person_id=world.people["Sam"],
                organization_id=world.organizations["northside"],
                facts=facts,
                issuer="plain",
                issuer_version="1",
                issued_at=NOW,
            )
        )


@pytest.mark.parametrize("who", ["Amina", "Rosa"])
def test_a_leader_lets_somebody_leave(
    app: Flask, world: World, browser: Browser, evening: str, leave: Callable[[FlaskClient], None], who: str
) -> None:
    sam = browser("Sam")
    assert sam.get(f"{evening}/course").status_code == 200
    leave(browser(who))
    assert sam.get(f"{evening}/course").status_code == 404
    assert sam.get("/today").status_code == 200
    assert "Sam" not in said(browser("Amina").get(f"{evening}/classes/6/roll-call"))
    with app.app_context():
        (row,) = session.scalars(select(AuditRow).where(AuditRow.verb == "cohorts.left"))
        assert (row.by_id, row.about_id, row.why) == (world.people[who], world.people["Sam"], "Moved to another town.")


def test_the_reason_is_shown_to_nobody(
    browser: Browser, evening: str, sam_at: str, leave: Callable[[FlaskClient], None]
) -> None:
    leave(browser("Rosa"))
    for path in (f"{evening}/people", sam_at, evening):
        assert "another town" not in said(browser("Rosa").get(path))
    assert "another town" not in said(browser("Sam").get("/today"))


def test_leaving_twice_changes_nothing(app: Flask, browser: Browser, sam_at: str) -> None:
    for _ in range(2):
        assert browser("Rosa").post(f"{sam_at}/leave").status_code == 303
    with app.app_context():
        assert len(session.scalars(select(AuditRow).where(AuditRow.verb == "cohorts.left")).all()) == 1


def test_a_trainee_lets_nobody_leave(browser: Browser, sam_at: str) -> None:
    for name in ("Sam", "Kim", "Luc", "Camille"):
        assert browser(name).post(f"{sam_at}/leave").status_code == 404


def test_those_who_coordinate_still_reach_what_was_earned(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str, leave: Callable[[FlaskClient], None]
) -> None:
    give_certificate(app, world)
    leave(browser("Rosa"))
    rosa = browser("Rosa")
    assert "Left the group (1)" in said(rosa.get(f"{evening}/people"))
    assert "left on Tuesday, May 5, 2026" in said(rosa.get(sam_at))
    outcome = f"{evening}/outcomes/{world.enrolments['Sam']}"
    assert "Took part." in said(rosa.get(outcome))
    assert SERIAL in said(rosa.get(f"{sam_at}/certificates"))
    answer = rosa.post(f"/certificates/{SERIAL}/revocation", data={"why": ""})
    assert answer.status_code == 422
    answer = rosa.post(f"/certificates/{SERIAL}/replacements", data={"name": "Sam Bee"})
    assert "A new certificate is issued." in said(follow(rosa, answer))
    for path in (sam_at, outcome, f"{sam_at}/certificates"):
        assert browser("Amina").get(path).status_code == 404
    assert "Left the group" not in said(browser("Amina").get(f"{evening}/people"))


def test_one_still_reaches_ones_own_certificate(
    app: Flask, world: World, browser: Browser, evening: str, leave: Callable[[FlaskClient], None]
) -> None:
    give_certificate(app, world)
    leave(browser("Rosa"))
    sam = browser("Sam")
    assert f'href="{evening}/certificate"' in sam.get("/today").text
    page = sam.get(f"{evening}/certificate")
    assert page.status_code == 200
    assert "Level 1" in said(page)
    assert sam.get(f"/certificates/{SERIAL}/print").status_code == 200
    assert browser("Wes").get(f"{evening}/certificate").status_code == 404


def test_a_certificate_page_without_one_leads_nowhere_that_is_closed(
    browser: Browser, evening: str, leave: Callable[[FlaskClient], None]
) -> None:
    leave(browser("Rosa"))
    page = browser("Sam").get(f"{evening}/certificate")
    assert page.status_code == 200
    assert f"{evening}/left" not in page.text


def test_coming_back_brings_everything_along(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str, leave: Callable[[FlaskClient], None]
) -> None:
    leave(browser("Amina"))
    rosa = browser("Rosa")
    answer = submit(rosa, form_to(rosa.get(sam_at), f"{sam_at}/return"))
    assert "Sam is in the group again." in said(follow(rosa, answer))
    assert "You were at all 5 classes so far." in said(browser("Sam").get(f"{evening}/attendance"))
    with app.app_context():
        enrolments = session.scalars(select(Enrolment.id).where(Enrolment.person_id == world.people["Sam"])).all()
        assert enrolments == [world.enrolments["Sam"]]


def test_an_invitation_from_before_does_not_bring_somebody_back_and_a_new_one_does(
    app: Flask, browser: Browser, evening: str, leave: Callable[[FlaskClient], None]
) -> None:
    amina = browser("Amina")
    amina.post(f"{evening}/invitations", data={"emails": "sam@example.org"})
    leave(amina)
    (mail,) = mails(app, "sam@example.org")
    assert app.test_client().post(mail.path).status_code == 410
    amina.post(f"{evening}/invitations", data={"emails": "sam@example.org"})
    assert app.test_client().post(mails(app, "sam@example.org")[-1].path).status_code == 303
    assert browser("Sam").get(f"{evening}/course").status_code == 200


def test_texts_of_somebody_who_left_do_not_wait_on_the_page_of_the_group(
    app: Flask, world: World, browser: Browser, evening: str, leave: Callable[[FlaskClient], None]
) -> None:
    sent_homework(app, world, "Sam")
    amina = browser("Amina")
    assert "One text waits for an answer" in said(amina.get(evening))
    leave(amina)
    assert "waits for an answer" not in said(amina.get(evening))


def test_texts_of_somebody_who_left_wait_for_nobody(
    app: Flask, world: World, browser: Browser, evening: str, leave: Callable[[FlaskClient], None]
) -> None:
    sent_homework(app, world, "Sam")
    amina = browser("Amina")
    leave(amina)
    assert "All read" in said(amina.get("/reading"))
