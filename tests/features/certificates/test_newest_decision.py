"""Certificates follow the newest decision that was told, also when it carries none; days are those of the place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.features.certificates import actions
from lms.features.certificates.models import Certificate, CertificateEvent
from lms.features.decisions.models import Decision
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.world import World


def decided(app: Flask, world: World, outcome: str, *, told: bool = True) -> int:
    with app.app_context(), saved():
        decision = Decision(
            enrolment_id=world.enrolments["Sam"],
            outcome_id=outcome,
            reasons="Took part.",
            verdicts=[],
            decided_by=world.people["Amina"],
            decided_at=NOW,
            told_by=world.people["Amina"] if told else None,
            told_at=NOW if told else None,
        )
        session.add(decision)
        session.flush()
        return decision.id


def issue(app: Flask, decision: int) -> str | None:
    with app.app_context(), saved():
        guard = app.extensions["lms"].guard
        made = actions.issue_from_decision(decision, guard, lambda serial: f"http://127.0.0.1/{serial}", now=NOW)
        return made.serial if made else None


def standing(app: Flask) -> list[str]:
    """Serials that a stranger would find valid."""
    with app.app_context():
        rows = session.scalars(select(Certificate).order_by(Certificate.id)).all()
        return [row.serial for row in rows if row.revoked_at is None and not row.replaced_by]


@pytest.fixture
def without(app: Flask) -> str:
    """An outcome of the course that has no certificate."""
    course = app.extensions["lms"].catalog.courses["northside:core-peer-support"].course
    return next(outcome.id for outcome in course.outcomes if not outcome.certificate)


def test_a_decision_that_is_not_the_newest_told_one_makes_no_certificate(app: Flask, world: World) -> None:
    earlier, newer = decided(app, world, "level-1r"), decided(app, world, "level-1")
    serial = issue(app, newer)
    assert issue(app, earlier) is None, "delivered late"
    assert standing(app) == [serial]


def test_a_newer_decision_that_nobody_was_told_changes_nothing_yet(app: Flask, world: World) -> None:
    told = decided(app, world, "level-1")
    decided(app, world, "level-1r", told=False)
    serial = issue(app, told)
    assert standing(app) == [serial]


def test_a_newer_decision_without_a_certificate_ends_the_earlier_one(app: Flask, world: World, without: str) -> None:
    serial = issue(app, decided(app, world, "level-1"))
    newer = decided(app, world, without)
    for _ in range(2):
        assert issue(app, newer) is None
    assert standing(app) == []
    with app.app_context():
        events = session.scalars(select(CertificateEvent).order_by(CertificateEvent.id)).all()
        assert [(event.event, event.by_id, event.why) for event in events] == [
            ("issued", None, ""),
            ("revoked", None, "A newer decision carries no certificate."),
        ]
    page = app.test_client().get(f"/certificates/{serial}").text
    assert "This certificate is no longer valid." in page
    assert "newer decision" not in page


def test_delivered_in_the_wrong_order_the_end_is_the_same(app: Flask, world: World, without: str) -> None:
    earlier, newer = decided(app, world, "level-1"), decided(app, world, without)
    for decision in (newer, earlier):
        assert issue(app, decision) is None
    assert standing(app) == []


def test_a_third_decision_gives_a_certificate_again(app: Flask, world: World, without: str) -> None:
    issue(app, decided(app, world, "level-1"))
    issue(app, decided(app, world, without))
    serial = issue(app, decided(app, world, "level-1"))
    assert standing(app) == [serial]


def test_a_replacement_has_the_day_of_the_place(
    app: Flask, world: World, browser: Browser, clock: time_machine.Coordinates
) -> None:
    """Half past nine in the evening in Toronto is tomorrow in Greenwich."""
    serial = issue(app, decided(app, world, "level-1"))
    clock.move_to(datetime(2026, 5, 6, 1, 30, tzinfo=UTC))
    answer = browser("Rosa").post(f"/certificates/{serial}/replacements", data={"name": "Sam Bee"})
    assert answer.status_code == 303
    (newer,) = standing(app)
    with app.app_context():
        facts = session.scalars(select(Certificate.facts).where(Certificate.serial == newer)).one()
        assert facts["issued_on"] == "2026-05-05"
