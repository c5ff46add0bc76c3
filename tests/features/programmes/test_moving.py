"""Moving a running group to another version of its programme: seen first, with a reason, and back again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.accounts.models import Person
from lms.features.cohorts import revisions
from lms.features.cohorts.actions import enrol
from lms.features.cohorts.models import Cohort, CourseRevision, Programme, ProgrammeRevision
from lms.features.programmes.models import CohortMove
from lms.host.audit import AuditRow
from lms.host.catalog import freeze
from lms.host.db import may_write, saved, session
from lms.plugin_api.content import Course
from lms.plugin_api.values import Status
from tests.features.conftest import NOW, Browser
from tests.features.programmes.test_programmes import chooses, publishes
from tests.features.progress.test_watch import mails, marked, misses_too_many
from tests.pages import form_to, said, submit
from tests.world import NORTHSIDE_COURSE, World, ended, forget_revisions, sent_homework

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def version(browser: Browser, evening: str) -> str:
    """The page of the version of the evening group; version 1 lets people miss one class, not two."""
    rosa = browser("Rosa")
    chooses(rosa, max_missed="1")
    publishes(rosa, "Stricter")
    return f"{evening}/version"


def published(app: Flask, world: World, change: Change) -> None:
    """A version of the course as `change` makes it."""
    may_write()
    with app.app_context(), saved():
        offered = app.extensions["lms"].catalog.courses[NORTHSIDE_COURSE]
        raw = json.loads(offered.course.model_dump_json(by_alias=True))
        change(raw)
        loaded = replace(offered.loaded, course=Course.model_validate_json(json.dumps(raw)))
        digest = revisions.keep(NORTHSIDE_COURSE, freeze(loaded), NOW)
        programme = Programme(organization_id=world.organizations["northside"], course_key=NORTHSIDE_COURSE)
        session.add(programme)
        session.flush()
        session.add(ProgrammeRevision(programme_id=programme.id, number=1, revision_digest=digest, published_at=NOW))
    forget_revisions()


def move(client: FlaskClient, page: str, reason: str = "The rule was agreed anew.", to: str = "1") -> TestResponse:
    return submit(client, form_to(client.get(f"{page}?try={to}"), page), reason=reason)


def stands(app: Flask, world: World) -> dict[str, Any]:
    with app.app_context():
        cohort = session.get_one(Cohort, world.cohorts["evening"])
        rule = json.loads(cohort.rule_json)
        return {"digest": cohort.revision_digest, "policy": rule["policy"], "stamp": cohort.policy_version}


def test_without_a_version_there_is_nowhere_to_move(browser: Browser, evening: str) -> None:
    assert "There is no other version to move to." in said(browser("Rosa").get(f"{evening}/version"))


def test_everyone_whose_standing_changes_is_named_in_words_before_and_after(
    app: Flask, world: World, browser: Browser, version: str
) -> None:
    for number in (1, 2):
        marked(app, world, "Sam", number, Status.AWAY)
    page = said(browser("Rosa").get(f"{version}?try=1"))
    assert "One person's standing would change." in page
    assert (
        page.index("Sam Being at the classes Level 1, Level 1R, Northside certified peer supporter Now:")
        < page.index("You missed 2 classes.")
        < page.index("Then: not possible this time")
    )
    assert "Before: Come to every class. You can miss 2 classes at most." in page
    assert "Now: Come to every class. You can miss 1 class at most." in page
    assert "Whose standing would change" in page


def test_nobody_moves_where_nothing_was_missed(browser: Browser, version: str) -> None:
    page = said(browser("Rosa").get(f"{version}?try=1"))
    assert "Nobody's standing would change." in page


def with_more_asked(raw: dict[str, Any]) -> None:
    raw["requirements"].append(
        {
            "id": "interview",
            "kind": "confirmed",
            "title": {"en": "An interview", "fr": "Une entrevue"},
            "needed_for": ["level-1"],
        }
    )


def test_what_is_asked_for_more_is_named_with_each_person(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    published(app, world, with_more_asked)
    page = said(browser("Rosa").get(f"{evening}/version?try=1"))
    assert "5 people's standing would change." in page
    assert "An interview Level 1 Now: It is not asked for." in page
    assert "Nobody has confirmed this yet." in page
    assert "Added: An interview" in page


def test_moved_with_a_reason_it_stands_on_the_version_with_its_stamps(
    app: Flask, world: World, browser: Browser, version: str, evening: str
) -> None:
    rosa = browser("Rosa")
    before = stands(app, world)
    assert move(rosa, version).status_code == 303
    now = stands(app, world)
    assert now["policy"] == "at-most-missed"
    assert now["digest"] != before["digest"]
    with app.app_context():
        provided = app.extensions["lms"].guard.host.provided("attendance_policies", "at-most-missed")
        cohort = session.get_one(Cohort, world.cohorts["evening"])
        assert (cohort.policy_version, cohort.plugin_version) == (provided.provider.version, provided.plugin.version)
        assert cohort.rule_since == NOW
        rows = session.execute(select(AuditRow.verb, AuditRow.by_id, AuditRow.why)).all()
    assert ("programmes.group_moved", world.people["Rosa"], "The rule was agreed anew.") in rows
    assert "You can miss 1 class at most." in said(browser("Sam").get(f"{evening}/attendance"))
    assert "The rule was agreed anew." in said(rosa.get(version))


def test_those_whose_standing_changed_get_a_neutral_mail_in_their_language(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    published(app, world, with_more_asked)
    may_write()
    with app.app_context(), saved():
        session.get_one(Person, world.people["Kim"]).language = "fr"
    assert move(browser("Rosa"), f"{evening}/version").status_code == 303
    written = {mail["to"]: mail for mail in mails(app)}
    assert len(written) == 5
    assert written["sam@example.org"]["subject"] == "A note about your course"
    assert "interview" not in written["sam@example.org"]["text"].lower()
    assert written["kim@example.org"]["subject"] == "Un mot sur votre formation"


def test_it_can_be_moved_back_with_the_rule_as_it_was(app: Flask, world: World, browser: Browser, version: str) -> None:
    rosa, before = browser("Rosa"), stands(app, world)
    move(rosa, version)
    assert "Back to the course as it was before" in said(rosa.get(version))
    assert move(rosa, version, "A mistake of mine.", to="back").status_code == 303
    assert stands(app, world) == before
    assert "Back to version 1" in said(rosa.get(version))


def test_without_a_reason_the_group_stays(app: Flask, world: World, browser: Browser, version: str) -> None:
    before = stands(app, world)
    answer = move(browser("Rosa"), version, reason=" ")
    assert answer.status_code == 422
    assert "Write why. It stays with your name in the history of this group." in said(answer)
    assert stands(app, world) == before


def test_what_changed_meanwhile_is_shown_again_and_nothing_typed_is_lost(
    app: Flask, world: World, browser: Browser, version: str
) -> None:
    rosa, before = browser("Rosa"), stands(app, world)
    seen = form_to(rosa.get(f"{version}?try=1"), version)
    misses_too_many(app, world, "Kim")
    answer = submit(rosa, seen, reason="Agreed.")
    assert answer.status_code == 409
    assert "Something has changed since you looked. Here is what would change now." in said(answer)
    assert "Agreed." in said(answer)
    assert stands(app, world) == before


def test_nothing_moves_without_having_been_seen(app: Flask, world: World, browser: Browser, version: str) -> None:
    before = stands(app, world)
    for sent in ({"try": "1"}, {"try": "7"}, {}):
        assert browser("Rosa").post(version, data={**sent, "reason": "Because."}).status_code == 409
    assert stands(app, world) == before


def without_the_last_class(raw: dict[str, Any]) -> None:
    del raw["classes"][-1]


def without_an_outcome(raw: dict[str, Any]) -> None:
    raw["outcomes"] = [o for o in raw["outcomes"] if o["id"] != "certified"]
    for requirement in raw["requirements"]:
        requirement["needed_for"] = [id for id in requirement["needed_for"] if id != "certified"] or ["level-1"]
    raw["attendance"]["options"]["never_miss"].pop("certified")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without_the_last_class, "This version has 16 classes, and this group was planned with 17."),
        (without_an_outcome, "This version no longer has: Northside certified peer supporter."),
    ],
)
def test_where_the_group_cannot_stand_on_it_the_page_says_why(
    app: Flask, world: World, browser: Browser, evening: str, change: Change, sentence: str
) -> None:
    published(app, world, change)
    rosa, before, path = browser("Rosa"), stands(app, world), f"{evening}/version"
    page = rosa.get(f"{path}?try=1")
    assert sentence in said(page)
    assert 'name="reason"' not in page.text
    assert rosa.post(path, data={"try": "1", "reason": "Because."}).status_code == 409
    assert stands(app, world) == before


def without_the_first_piece(raw: dict[str, Any]) -> None:
    for module in raw["modules"]:
        module["activities"] = [a for a in module["activities"] if a["id"] != "how-i-arrive"]
    for plan in raw["classes"]:
        plan["homework"] = [id for id in plan["homework"] if id != "how-i-arrive"]


def test_answers_to_a_piece_that_is_gone_stay_readable(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    sent_homework(app, world, "Sam", text="I arrived late and was welcome.")
    published(app, world, without_the_first_piece)
    rosa = browser("Rosa")
    page = said(rosa.get(f"{evening}/version?try=1"))
    assert "What would no longer be there" in page
    assert "What was written there is not lost" in page
    assert move(rosa, f"{evening}/version").status_code == 303
    amina = browser("Amina")
    opened = amina.post("/reading/next")
    assert "I arrived late and was welcome." in said(amina.get(opened.headers["Location"]))
    for path in ("/today", f"{evening}/left", f"{evening}/course", "/account"):
        assert browser("Sam").get(path).status_code == 200
    for path in (evening, f"{evening}/grid", f"{evening}/outcomes", "/reading"):
        assert amina.get(path).status_code == 200
    taken = ZipFile(BytesIO(browser("Sam").get("/account/writing").data))
    assert any(b"I arrived late and was welcome." in taken.read(name) for name in taken.namelist())


def test_a_group_that_has_ended_stays(app: Flask, world: World, browser: Browser, version: str) -> None:
    before = stands(app, world)
    ended(app, world.cohorts["evening"], NOW)
    page = browser("Rosa").get(f"{version}?try=1")
    assert 'name="reason"' not in page.text
    assert stands(app, world) == before


def test_nobody_moves_a_group_whose_move_changes_their_own_standing(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    may_write()
    with app.app_context(), saved():
        cohort = session.get_one(Cohort, world.cohorts["evening"])
        enrol(cohort, session.get_one(Person, world.people["Rosa"]), by=None, now=cohort.published_at)
    published(app, world, with_more_asked)
    before = stands(app, world)
    assert move(browser("Rosa"), f"{evening}/version").status_code == 409
    assert stands(app, world) == before


@pytest.mark.parametrize("name", ["Sam", "Amina", "Olga", "Camille", "Luc"])
def test_only_those_who_coordinate_find_it(browser: Browser, version: str, name: str) -> None:
    assert browser(name).get(version).status_code == 404
    assert browser(name).post(version, data={"try": "1"}).status_code == 404


def test_moves_are_kept(app: Flask, world: World, browser: Browser, version: str) -> None:
    move(browser("Rosa"), version)
    with app.app_context():
        row = session.scalars(select(CohortMove)).one()
        kept = set(session.scalars(select(CourseRevision.digest)))
        assert (row.cohort_id, row.moved_by) == (world.cohorts["evening"], world.people["Rosa"])
        assert json.loads(row.stood_on["rule_json"])["policy"] == "northside-2026"
        assert {row.from_digest, row.to_digest} <= kept
