"""Nobody decides, tells, confirms, sets aside, marks or certifies about themselves."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.attendance.models import AttendanceMark
from lms.features.certificates import actions as certificates
from lms.features.certificates.models import CertificateEvent
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort
from lms.features.decisions.models import Decision
from lms.features.progress.models import Vouching
from lms.host.db import saved, session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import NOW, Browser
from tests.pages import forms, said
from tests.world import World

SENTENCE = "This is about you. Somebody else has to do it."


@pytest.fixture(autouse=True)
def roll_call_is_open(clock: time_machine.Coordinates) -> None:
    """An hour before class 6."""
    clock.move_to(OPEN)


@pytest.fixture
def own(app: Flask, world: World) -> dict[str, int]:
    """Enrolments of Rosa and Amina, who take part in the evening group besides leading it."""
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        return {
            name: cohorts.enrol(evening, session.get_one(Person, world.people[name]), by=None, now=NOW).id
            for name in ("Rosa", "Amina")
        }


@pytest.fixture
def rosa(browser: Browser) -> FlaskClient:
    return browser("Rosa")


def decided_for_rosa(app: Flask, world: World, own: dict[str, int], outcome: str = "level-1") -> int:
    with app.app_context(), saved():
        decision = Decision(
            enrolment_id=own["Rosa"],
            outcome_id=outcome,
            reasons="Took part.",
            verdicts=[],
            decided_by=world.people["Amina"],
            decided_at=NOW,
        )
        session.add(decision)
        session.flush()
        return decision.id


def refused(client: FlaskClient, path: str, **data: object) -> None:
    answer = client.post(path, data=data)
    assert answer.status_code == 409
    assert SENTENCE in said(answer)


def test_nobody_decides_ones_own_outcome(app: Flask, rosa: FlaskClient, own: dict[str, int], evening: str) -> None:
    path = f"{evening}/outcomes/{own['Rosa']}"
    refused(rosa, f"{path}/decisions", outcome="level-1", reasons="I was good.")
    assert not [form for form in forms(rosa.get(path)) if form.action.startswith(path)]
    with app.app_context():
        assert session.scalar(select(func.count(Decision.id))) == 0


def test_nobody_tells_oneself(app: Flask, world: World, rosa: FlaskClient, own: dict[str, int], evening: str) -> None:
    decision = decided_for_rosa(app, world, own)
    path = f"{evening}/outcomes/{own['Rosa']}"
    assert f"decisions/{decision}/tell" not in rosa.get(path).text
    refused(rosa, f"{path}/decisions/{decision}/tell")


def test_nobody_confirms_or_sets_aside_for_oneself(
    app: Flask, rosa: FlaskClient, own: dict[str, int], evening: str
) -> None:
    path = f"{evening}/people/{own['Rosa']}"
    refused(rosa, f"{path}/confirmations", requirement="final-talk", on="2026-05-01")
    refused(rosa, f"{path}/confirmations", requirement="final-talk", withdraw="yes")
    refused(rosa, f"{path}/waivers", requirement="role-play", outcome="level-1", reason="I was away.")
    refused(rosa, f"{path}/waivers/withdraw", requirement="role-play", outcome="level-1")
    refused(rosa, f"{path}/leave")
    assert [form.action for form in forms(rosa.get(path)) if form.action.startswith(path)] == []
    with app.app_context():
        assert session.scalar(select(func.count(Vouching.id))) == 0


@pytest.mark.parametrize("name", ["Rosa", "Amina"])
def test_no_leader_marks_oneself(app: Flask, browser: Browser, own: dict[str, int], evening: str, name: str) -> None:
    client = browser(name)
    refused(client, f"{evening}/classes/6/marks", enrolment=own[name], status="here")
    assert client.post(f"{evening}/classes/6/marks/everyone").status_code == 303
    with app.app_context():
        marked = session.scalars(
            select(AttendanceMark.enrolment_id).where(AttendanceMark.meeting_id == _sixth(app, evening))
        ).all()
    assert own[name] not in marked
    assert own["Amina" if name == "Rosa" else "Rosa"] in marked


def _sixth(app: Flask, evening: str) -> int:
    from lms.features.cohorts.models import Meeting

    cohort = int(evening.rpartition("/")[2])
    found = session.scalar(select(Meeting.id).where(Meeting.cohort_id == cohort, Meeting.number == 6))
    assert found
    return found


def test_a_leader_who_takes_part_still_says_that_they_cannot_come(
    browser: Browser, own: dict[str, int], evening: str
) -> None:
    assert browser("Rosa").post(f"{evening}/classes/6/notice", data={"note": ""}).status_code == 303


def test_nobody_changes_ones_own_certificate(
    app: Flask, world: World, rosa: FlaskClient, own: dict[str, int], evening: str
) -> None:
    decision = decided_for_rosa(app, world, own)
    with app.app_context(), saved():
        row = session.get_one(Decision, decision)
        row.told_at, row.told_by = NOW, world.people["Amina"]
        guard = app.extensions["lms"].guard
        made = certificates.issue_from_decision(decision, guard, lambda serial: f"http://x/{serial}", now=NOW)
        assert made
        serial = made.serial
    refused(rosa, f"/certificates/{serial}/replacements", name="Rosa the Great")
    refused(rosa, f"/certificates/{serial}/revocation", why="No reason.")
    assert f"/certificates/{serial}/revocation" not in rosa.get(f"{evening}/people/{own['Rosa']}/certificates").text
    with app.app_context():
        assert session.scalars(select(CertificateEvent.event)).all() == ["issued"]


def test_only_those_who_may_decide_an_outcome_tell_it(app: Flask, world: World, browser: Browser, evening: str) -> None:
    """What a coordinator decides is not told by a trainer, even one of the group."""
    with app.app_context(), saved():
        course = app.extensions["lms"].catalog.courses["northside:core-peer-support"].course
        outcome = next(o.id for o in course.outcomes if o.decided_by == "coordinator")
        decision = Decision(
            enrolment_id=world.enrolments["Sam"],
            outcome_id=outcome,
            reasons="Took part.",
            verdicts=[],
            decided_by=world.people["Rosa"],
            decided_at=NOW,
        )
        session.add(decision)
        session.flush()
        id = decision.id
    path = f"{evening}/outcomes/{world.enrolments['Sam']}"
    assert f"decisions/{id}/tell" not in browser("Amina").get(path).text
    answer = browser("Amina").post(f"{path}/decisions/{id}/tell")
    assert answer.status_code == 409
    assert "This outcome is told by those who may decide it." in said(answer)
    assert f"decisions/{id}/tell" in browser("Rosa").get(path).text
    assert browser("Rosa").post(f"{path}/decisions/{id}/tell").status_code == 303


def test_a_role_alone_makes_nobody_about_oneself(app: Flask, world: World, rosa: FlaskClient, evening: str) -> None:
    with app.app_context(), saved():
        accounts.grant_role(
            world.people["Rosa"], Role.TRAINER, organization=world.organizations["northside"], by=None, now=NOW
        )
    answer = rosa.post(f"{evening}/classes/6/marks", data={"enrolment": world.enrolments["Sam"], "status": "here"})
    assert answer.status_code == 303
