"""The rule that a group stands on: shown, tried out, applied with a reason, taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.cohorts.actions import enrol
from lms.features.cohorts.models import Cohort
from lms.features.organizations.actions import turn_off_plugin
from lms.features.organizations.models import Organization
from lms.host.audit import AuditRow
from lms.host.db import may_write, saved, session
from lms.plugin_api.values import Status
from tests.features.conftest import NOW, Browser
from tests.features.progress.test_watch import mails, marked, misses_too_many, passed
from tests.pages import form_to, said, submit
from tests.world import World


def on_a_milder_rule(app: Flask, world: World, **stamped: str) -> None:
    """The evening group was published when a share of the classes was enough; the course asks for more today."""
    may_write()
    with app.app_context(), saved():
        cohort = session.get_one(Cohort, world.cohorts["evening"])
        cohort.rule_json = json.dumps({"policy": "share-of-classes", "options": {"min_share": 0.5}})
        cohort.policy_version = (
            app.extensions["lms"].guard.host.provided("attendance_policies", "share-of-classes").provider.version
        )
        for name, value in stamped.items():
            setattr(cohort, name, value)


@pytest.fixture
def rule(app: Flask, world: World, evening: str) -> str:
    """The address of the rule of a group whose course has another one by now. Sam missed three classes."""
    on_a_milder_rule(app, world)
    misses_too_many(app, world, "Sam")
    return f"{evening}/rule"


def apply(client: FlaskClient, rule: str, reason: str = "The programme changed its rule.", **more: str) -> TestResponse:
    return submit(client, form_to(client.get(f"{rule}?try=course"), rule), reason=reason, **more)


def stamped(app: Flask, world: World) -> dict[str, Any]:
    with app.app_context():
        found: dict[str, Any] = json.loads(session.get_one(Cohort, world.cohorts["evening"]).rule_json)
        return found


def test_the_rule_is_said_in_words_with_policy_version_options_and_since(browser: Browser, rule: str) -> None:
    page = said(browser("Rosa").get(rule))
    assert "Come to at least 1 class out of every 2." in page
    assert "A share of the classes · version" in page
    assert "min_share" in page
    assert "0.5" in page
    assert "Since" in page
    assert "published the group with the course's rule" in page


def test_a_change_of_the_course_changes_nothing_until_somebody_applies_it(
    browser: Browser, rule: str, evening: str
) -> None:
    page = said(browser("Rosa").get(rule))
    assert "A change of the course or of the plugin changes nothing here until somebody applies it." in page
    assert "The course's rule of today" in page
    assert "Not possible this time" not in said(browser("Sam").get(f"{evening}/left"))


def test_the_dry_run_names_everyone_in_words_before_and_after(browser: Browser, rule: str) -> None:
    rosa = browser("Rosa")
    page = said(rosa.get(f"{rule}?try=course"))
    assert "One person's standing would change." in page
    assert "You missed 3 classes." in page
    assert "not possible this time" in page
    assert page.index("Now:") < page.index("Then:")
    rosa.set_cookie("language", "fr")
    page = said(rosa.get(f"{rule}?try=course"))
    assert "La situation d'une personne changerait." in page
    assert "Vous avez manqué 3 séances." in page


def test_a_rule_of_a_plugin_that_the_organization_turned_off_is_not_offered(
    app: Flask, world: World, browser: Browser, rule: str
) -> None:
    may_write()
    with app.app_context(), saved():
        northside = session.get_one(Organization, world.organizations["northside"])
        turn_off_plugin(northside, "northside", by=world.people["Rosa"], now=NOW)
    rosa = browser("Rosa")
    assert "The course's rule of today" not in said(rosa.get(rule))
    assert "You missed 3 classes." not in said(rosa.get(f"{rule}?try=course"))


def test_the_rule_that_holds_may_be_renewed_when_its_plugin_is_turned_off(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).policy_version = "0"
        northside = session.get_one(Organization, world.organizations["northside"])
        turn_off_plugin(northside, "northside", by=world.people["Rosa"], now=NOW)
    assert "?try=" in browser("Rosa").get(f"{evening}/rule").text


def test_a_rule_under_which_nobody_moves_says_so(app: Flask, world: World, browser: Browser, rule: str) -> None:
    for number in (3, 4, 5):
        marked(app, world, "Sam", number, Status.HERE)
    page = said(browser("Rosa").get(f"{rule}?try=course"))
    assert "Nobody's standing would change." in page


def test_applied_with_a_reason_it_holds_and_those_concerned_get_a_neutral_mail(
    app: Flask, world: World, browser: Browser, rule: str, evening: str
) -> None:
    rosa = browser("Rosa")
    assert apply(rosa, rule).status_code == 303
    assert stamped(app, world)["policy"] == "northside-2026"
    assert stamped(app, world)["before"]["options"] == {"min_share": 0.5}
    assert "Not possible this time" in said(browser("Sam").get(f"{evening}/left"))
    assert "The programme changed its rule." in said(rosa.get(rule))
    (mail,) = mails(app)
    assert (mail["to"], mail["subject"]) == ("sam@example.org", "A note about your classes")
    assert "missed" not in mail["text"]
    with app.app_context():
        rows = session.execute(select(AuditRow.verb, AuditRow.about_id, AuditRow.why).order_by(AuditRow.id)).all()
    (why,) = [row.why for row in rows if row.verb == "progress.rule_applied"]
    assert why.startswith("The programme changed its rule.\n"), "the rule in words stands below the reason"
    assert ("progress.rule_moved", world.people["Sam"], "") in rows
    assert passed(app, world.cohorts["evening"]) == 1, "only the trainer hears of Sam's run; Sam was told already"


def test_it_can_be_taken_back_by_applying_the_former(app: Flask, world: World, browser: Browser, rule: str) -> None:
    rosa = browser("Rosa")
    apply(rosa, rule)
    back = rosa.get(f"{rule}?try=former")
    assert "The rule that held before" in said(back)
    assert submit(rosa, form_to(back, rule), reason="A mistake of mine.").status_code == 303
    assert (stamped(app, world)["policy"], stamped(app, world)["options"]) == ("share-of-classes", {"min_share": 0.5})


def test_without_a_reason_nothing_is_applied(app: Flask, world: World, browser: Browser, rule: str) -> None:
    answer = apply(browser("Rosa"), rule, reason="  ")
    assert answer.status_code == 422
    assert "Write why. It stays with your name in the history of this group." in said(answer)
    assert stamped(app, world)["policy"] == "share-of-classes"


def test_what_changed_meanwhile_is_shown_again_with_what_was_typed(
    app: Flask, world: World, browser: Browser, rule: str
) -> None:
    rosa = browser("Rosa")
    seen = form_to(rosa.get(f"{rule}?try=course"), rule)
    misses_too_many(app, world, "Kim")
    answer = submit(rosa, seen, reason="The programme changed its rule.")
    assert answer.status_code == 409
    assert "Something has changed since you looked. Here is what would change now." in said(answer)
    assert "2 people's standing would change." in said(answer)
    assert "The programme changed its rule." in said(answer)
    assert stamped(app, world)["policy"] == "share-of-classes"
    assert submit(rosa, form_to(answer, rule), reason="The programme changed its rule.").status_code == 303


def test_nothing_is_applied_without_its_dry_run(app: Flask, world: World, browser: Browser, rule: str) -> None:
    for sent in ({"try": "course"}, {"try": "nowhere"}, {}):
        answer = browser("Rosa").post(rule, data={**sent, "reason": "Because."})
        assert answer.status_code == 409
    assert stamped(app, world)["policy"] == "share-of-classes"


def test_nobody_applies_a_rule_that_changes_their_own_standing(
    app: Flask, world: World, browser: Browser, rule: str
) -> None:
    """Rosa coordinates, and takes part in the group that she would change the rule for."""
    may_write()
    with app.app_context(), saved():
        cohort = session.get_one(Cohort, world.cohorts["evening"])
        made = enrol(cohort, session.get_one(Person, world.people["Rosa"]), by=None, now=cohort.published_at).id
    with_rosa = replace(world, enrolments=world.enrolments | {"Rosa": made})
    misses_too_many(app, with_rosa, "Rosa")
    assert apply(browser("Rosa"), rule).status_code == 409
    assert stamped(app, world)["policy"] == "share-of-classes"


def test_a_version_that_no_plugin_brings_any_more_is_said_plainly_with_the_way_out(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    on_a_milder_rule(app, world, policy_version="0.1")
    rosa = browser("Rosa")
    page = said(rosa.get(f"{evening}/rule"))
    assert "No plugin brings this version of the rule any more." in page
    assert "The newest version, with the same options" in page
    assert "Your trainer will check this one." in said(browser("Sam").get(f"{evening}/left"))
    newest = rosa.get(f"{evening}/rule?try=newest")
    assert submit(rosa, form_to(newest, f"{evening}/rule"), reason="The old one is gone.").status_code == 303
    assert "Your trainer will check this one." not in said(browser("Sam").get(f"{evening}/left"))


def test_where_no_other_rule_is_offered_the_way_out_leads_over_the_programme(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    on_a_milder_rule(app, world, policy_version="1", rule_json='{"policy": "gone-with-its-plugin", "options": {}}')
    with app.app_context(), saved():
        northside = session.get_one(Organization, world.organizations["northside"])
        turn_off_plugin(northside, "northside", by=world.people["Rosa"], now=NOW)
    page = browser("Rosa").get(f"{evening}/rule")
    assert "choose another rule for the programme, publish a version, and move this group to it." in said(page)
    assert 'href="/organizations/northside/programmes"' in page.text
    assert "offer what holds here already" not in said(page)


def test_a_rule_that_cannot_be_worked_out_is_not_offered_for_applying(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    on_a_milder_rule(
        app, world, policy_version="0.1", rule_json='{"policy": "share-of-classes", "options": {"min_share": 7}}'
    )
    page = browser("Rosa").get(f"{evening}/rule?try=newest")
    assert "This rule cannot be worked out, so it cannot be applied." in said(page)
    assert 'name="reason"' not in page.text


def test_where_nothing_else_is_offered_the_page_says_so(browser: Browser, evening: str) -> None:
    page = said(browser("Rosa").get(f"{evening}/rule"))
    assert "There is no other rule: the course and its plugin offer what holds here already." in page


def test_a_trainer_does_not_change_rules(app: Flask, world: World, browser: Browser, rule: str) -> None:
    assert browser("Amina").get(rule).status_code == 404
    may_write()
    with app.app_context(), saved():
        accounts.grant_role(
            world.people["Amina"],
            Role.COORDINATOR,
            organization=world.organizations["northside"],
            by=None,
            now=NOW,
        )
    assert browser("Amina").get(rule).status_code == 200
