"""Outcomes: people decide, with reasons; the trainee sees it once somebody has spoken with them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.attendance import actions as attendance
from lms.features.certificates.models import Certificate
from lms.features.decisions.actions import TOLD
from lms.features.decisions.models import Decision
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from lms.plugin_api.values import MeetingState
from tests.features.attendance.test_mine import missed
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit
from tests.world import World, ended

REASONS = "Your questions leave room.\n\nCome as you are <b>again</b>."


@pytest.fixture
def outcome(world: World, evening: str) -> str:
    """Sam's outcome page for those who lead."""
    return f"{evening}/outcomes/{world.enrolments['Sam']}"


def decide(client: FlaskClient, outcome: str, chosen: str = "level-1", reasons: str = REASONS) -> TestResponse:
    return client.post(f"{outcome}/decisions", data={"outcome": chosen, "reasons": reasons})


def decisions(app: Flask) -> list[Decision]:
    with app.app_context():
        return list(session.scalars(select(Decision).order_by(Decision.id)))


def tell(app: Flask, client: FlaskClient, outcome: str) -> TestResponse:
    """Say of the newest decision that one has spoken."""
    return client.post(f"{outcome}/decisions/{decisions(app)[-1].id}/tell")


def test_a_decision_is_seen_once_it_was_told_and_says_who_and_why(
    app: Flask, browser: Browser, outcome: str, evening: str, clock: time_machine.Coordinates
) -> None:
    amina, rosa, sam = browser("Amina"), browser("Rosa"), browser("Sam")
    page = follow(amina, decide(amina, outcome))
    assert "Decided, in your name. Sam does not see it yet." in said(page)
    assert "Please speak with Sam before this is shown." in said(page)
    for path in (f"{evening}/outcome", f"{evening}/left", "/today", f"{evening}/certificate"):
        assert "Your questions leave room." not in said(sam.get(path))
    assert "There is no outcome yet." in said(sam.get(f"{evening}/outcome"))
    clock.shift(timedelta(minutes=30))
    action = f"{outcome}/decisions/{decisions(app)[0].id}/tell"
    done = follow(rosa, submit(rosa, form_to(rosa.get(outcome), action)))
    assert "Sam sees the outcome now. A certificate follows where there is one." in said(done)
    answer = sam.get(f"{evening}/outcome")
    page = said(answer)
    assert "Your outcome: Level 1" in page
    assert "Decided by Amina. Rosa spoke with you on Tuesday, May 5, 2026." in page
    assert "Come as you are <b>again</b>." in page
    assert "<b>again</b>" not in answer.text
    assert "Not told" not in page


def test_once_the_group_has_ended_whoever_knows_their_outcome_is_nobody_to_talk_with(
    app: Flask, world: World, browser: Browser, outcome: str, evening: str
) -> None:
    """Sam, who missed too much, stands there until Sam was told; in a running group the decision changes nothing."""
    missed(app, world, "Sam", 1, 2, 3)
    amina = browser("Amina")

    def listed() -> bool:
        return "Sam Level 1 · You missed 3 classes." in said(amina.get(evening))

    decide(amina, outcome)
    tell(app, amina, outcome)
    assert listed()
    ended(app, world.cohorts["evening"], NOW)
    assert not listed()
    decide(amina, outcome, "level-1r", "We looked again.")
    assert listed(), "a newer decision that Sam does not know yet"


@pytest.mark.parametrize(
    ("chosen", "reasons", "sentence"),
    [
        ("level-1", "", "Write the reasons. The trainee will read them."),
        ("level-1", " \n\t ", "Write the reasons. The trainee will read them."),
        ("", REASONS, "Choose an outcome."),
        ("nowhere", REASONS, "Choose an outcome."),
        ("level-1", "x" * 4001, "This is longer than we can take (4000 characters)."),
    ],
)
def test_a_decision_that_is_not_whole_gets_a_sentence_and_stays_typed(
    app: Flask, browser: Browser, outcome: str, chosen: str, reasons: str, sentence: str
) -> None:
    answer = decide(browser("Amina"), outcome, chosen, reasons)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert reasons.strip() in answer.text.replace("&lt;", "<").replace("&gt;", ">")
    assert decisions(app) == []


def test_an_outcome_of_coordinators_is_not_decided_by_a_trainer(app: Flask, browser: Browser, outcome: str) -> None:
    amina = browser("Amina")
    assert "Northside certified peer supporter is decided by a coordinator." in said(amina.get(outcome))
    answer = decide(amina, outcome, "certified")
    assert answer.status_code == 409
    assert "This outcome is decided by a coordinator." in said(answer)
    assert "Your questions leave room." in said(answer), "the words are not lost"
    assert decisions(app) == []
    assert decide(browser("Rosa"), outcome, "certified").status_code == 303


@pytest.mark.parametrize("name", ["Sam", "Kim", "Luc", "Olga", "Noor", "Camille", "Léa"])
def test_nobody_else_decides_or_tells(app: Flask, browser: Browser, outcome: str, name: str) -> None:
    assert decide(browser(name), outcome).status_code == 404
    decide(browser("Amina"), outcome)
    assert tell(app, browser(name), outcome).status_code == 404
    assert decisions(app)[0].told_at is None


def test_people_decide_whatever_the_verdicts_say(
    app: Flask, world: World, browser: Browser, outcome: str, evening: str
) -> None:
    """What was worked out informs; nothing is decided or forbidden by it."""
    assert decide(browser("Amina"), outcome, "level-1r").status_code == 303
    assert tell(app, browser("Amina"), outcome).status_code == 303
    assert "Your outcome: Level 1R" in said(browser("Sam").get(f"{evening}/outcome"))


def test_a_double_click_decides_once(app: Flask, browser: Browser, outcome: str) -> None:
    for _ in range(3):
        decide(browser("Amina"), outcome)
    assert len(decisions(app)) == 1


def test_telling_twice_is_telling_once(
    app: Flask, browser: Browser, outcome: str, clock: time_machine.Coordinates
) -> None:
    amina, rosa = browser("Amina"), browser("Rosa")
    decide(amina, outcome)
    tell(app, amina, outcome)
    clock.shift(timedelta(hours=1))
    assert tell(app, rosa, outcome).status_code == 303
    (decision,) = decisions(app)
    assert decision.told_at == NOW
    with app.app_context():
        verbs = session.scalars(select(AuditRow.verb).where(AuditRow.verb == "decisions.told")).all()
        told = session.scalars(select(OutboxRow).where(OutboxRow.kind == TOLD)).all()
        assert (len(verbs), len(told)) == (1, 1)


def test_a_change_is_a_new_decision_and_the_earlier_one_stays_in_the_history(
    app: Flask, browser: Browser, outcome: str, evening: str, clock: time_machine.Coordinates
) -> None:
    amina, sam = browser("Amina"), browser("Sam")
    decide(amina, outcome, "level-1")
    tell(app, amina, outcome)
    clock.shift(timedelta(minutes=5))
    decide(amina, outcome, "level-1r", "We looked again.")
    assert "Your outcome: Level 1 " in said(sam.get(f"{evening}/outcome")), "until the new one is told"
    assert "We looked again." not in said(sam.get(f"{evening}/outcome"))
    tell(app, amina, outcome)
    page = said(sam.get(f"{evening}/outcome"))
    assert "Your outcome: Level 1R" in page
    assert "Earlier" in page
    assert "Your questions leave room." in page


def test_a_decision_that_a_newer_one_replaced_is_not_told(app: Flask, browser: Browser, outcome: str) -> None:
    amina = browser("Amina")
    decide(amina, outcome, "level-1")
    decide(amina, outcome, "level-1r", "We looked again.")
    older = decisions(app)[0]
    answer = amina.post(f"{outcome}/decisions/{older.id}/tell")
    assert answer.status_code == 409
    assert "There is a newer decision. Tell that one." in said(answer)
    assert [decision.told_at for decision in decisions(app)] == [None, None]
    assert "never told; a newer decision took its place" in said(amina.get(outcome))


def test_a_decision_about_somebody_else_is_not_found_here(
    app: Flask, world: World, browser: Browser, outcome: str, evening: str
) -> None:
    amina = browser("Amina")
    decide(amina, outcome)
    kims = f"{evening}/outcomes/{world.enrolments['Kim']}"
    assert amina.post(f"{kims}/decisions/{decisions(app)[0].id}/tell").status_code == 404
    assert decisions(app)[0].told_at is None


def test_the_verdicts_are_kept_as_they_stood(app: Flask, world: World, browser: Browser, outcome: str) -> None:
    decide(browser("Amina"), outcome)
    before = decisions(app)[0].verdicts
    attended = next(v for v in before if (v["outcome"], v["requirement"]) == ("level-1", "attendance"))
    assert attended["reason"]["en"].startswith("You were at all 5 classes so far.")
    assert attended["reason"]["fr"].startswith("Vous étiez aux 5 séances")
    assert {v["outcome"] for v in before} == {"level-1", "level-1r", "certified"}
    with app.app_context(), saved():
        for number in (1, 2, 3):
            meeting = world.meetings["evening"][number - 1]
            facts = attendance.ClassFacts(meeting, world.organizations["northside"], NOW, MeetingState.HELD)
            attendance.mark(facts, world.enrolments["Sam"], "away", by=world.people["Amina"], now=NOW)
    assert "You missed 3 classes." in said(browser("Amina").get(outcome))
    assert decisions(app)[0].verdicts == before


def test_deciding_alone_issues_nothing(app: Flask, browser: Browser, outcome: str) -> None:
    decide(browser("Amina"), outcome)
    app.extensions["lms"].extras["worker"].run_due()
    with app.app_context():
        assert session.scalars(select(Certificate)).all() == []


def test_reasons_stay_out_of_the_history_and_of_what_plugins_hear(app: Flask, browser: Browser, outcome: str) -> None:
    amina = browser("Amina")
    decide(amina, outcome, reasons="kumquat-teapot-93")
    tell(app, amina, outcome)
    with app.app_context():
        assert not any("kumquat" in f"{row.subject} {row.why}" for row in session.scalars(select(AuditRow)))
        assert not any("kumquat" in str(row.payload) for row in session.scalars(select(OutboxRow)))


def test_the_list_says_where_everyone_is(
    app: Flask, world: World, browser: Browser, outcome: str, evening: str
) -> None:
    amina = browser("Amina")
    decide(amina, outcome)
    page = said(amina.get(f"{evening}/outcomes"))
    assert "1 of 5 decided" in page
    assert re.search("Decided, and to be told Sam .* Not decided yet Kim", page)
    tell(app, amina, outcome)
    assert "told by Amina, Tue, May 5" in said(amina.get(f"{evening}/outcomes"))
