"""Setting up a programme: in sentences, with a rule of one's own, published as versions that new groups take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import Field
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.features.accounts.models import Person
from lms.features.cohorts import plan_views
from lms.features.cohorts.actions import NewCohort, publish_cohort
from lms.features.cohorts.models import Cohort, CourseRevision, Programme, ProgrammeRevision
from lms.features.organizations import actions as organizations
from lms.features.organizations.models import Organization
from lms.features.programmes.choices import NO_CERTIFICATE
from lms.host.audit import AuditRow
from lms.host.db import may_write, saved, session
from lms.plugin_api import Options
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said
from tests.world import NORTHSIDE_COURSE, World

LIST = "/organizations/northside/programmes"
PAGE = f"{LIST}/{NORTHSIDE_COURSE}"
MISSED = {
    "policy": "at-most-missed",
    "max_missed": "4",
    "module_rule": "every_class",
    "make_ups": "none",
    "ways": ["class"],
    "excused": "counts",
}


def chooses(client: FlaskClient, **more: Any) -> TestResponse:
    return client.post(f"{PAGE}/rule", data={**MISSED, **more})


def publishes(client: FlaskClient, note: str = "") -> TestResponse:
    return client.post(f"{PAGE}/versions", data={"note": note})


def offered(app: Flask, world: World) -> Any:
    """The course as a new group would take it."""
    with app.test_request_context():
        organization = session.get_one(Organization, world.organizations["northside"])
        return next(one for one in plan_views.courses_of(organization) if one.key == NORTHSIDE_COURSE)


# -- the list -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Rosa", "Olga"])
def test_the_list_has_each_course_with_its_version_and_its_groups(browser: Browser, name: str) -> None:
    page = said(browser(name).get(LIST))
    assert "Core peer support training" in page
    assert "No version is published yet. New groups take the course as its files are." in page
    assert "Evening group runs on the course as it was when the group began" in page
    assert "Rivers group" not in page, "another organization's"


def test_the_list_says_which_version_a_group_runs_on(app: Flask, world: World, browser: Browser) -> None:
    rosa = browser("Rosa")
    publishes(rosa)
    new_group(app, world)
    page = said(rosa.get(LIST))
    assert "Version 1, published on Tuesday, May 5, 2026." in page or "Version 1, published on May 5, 2026." in page
    assert "Autumn group runs on version 1" in page


def new_group(app: Flask, world: World) -> int:
    course = offered(app, world)
    may_write()
    with app.app_context(), saved():
        organization = session.get_one(Organization, world.organizations["northside"])
        starts = [NOW + timedelta(days=7 * n) for n in range(1, len(course.course.classes) + 1)]
        plan = NewCohort("Autumn group", "en", starts)
        host = app.extensions["lms"].guard.host
        return publish_cohort(organization, course, plan, host, by=world.people["Rosa"], now=NOW).id


def test_trainers_trainees_and_other_organizations_find_nothing(browser: Browser) -> None:
    for name in ("Sam", "Amina", "Camille", "Noor"):
        for path in (LIST, PAGE, f"{PAGE}/rule", f"{PAGE}/walk"):
            assert browser(name).get(path).status_code == 404
        assert publishes(browser(name)).status_code == 404


def test_the_list_asks_no_more_when_there_are_more_groups_and_versions(
    app: Flask, world: World, browser: Browser
) -> None:
    rosa = browser("Rosa")
    publishes(rosa)
    counts = []
    for _round in range(2):
        rosa.get(LIST)
        rosa.get(PAGE)
        for path in (LIST, PAGE):
            with counted(app) as statements:
                rosa.get(path)
            counts.append(len(statements))
        chooses(rosa, max_missed="5")
        publishes(rosa)
        new_group(app, world)
    assert counts[:2] == counts[2:]


def test_the_way_there_is_among_the_groups_and_for_admins_a_tab(browser: Browser) -> None:
    assert f'href="{LIST}"' in browser("Rosa").get("/cohorts").text
    assert f'href="{LIST}"' in browser("Olga").get("/organizations/northside/plugins").text


# -- the page -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "9 modules.",
        "17 classes.",
        "Each takes 120 minutes.",
        "You can miss 2 classes at most.",
        "pieces are for the trainee alone.",
        "An answer is promised within 5 days.",
        "classes have role play.",
        "A closing talk with your trainers: a trainer confirms it, with a date and a name.",
        "50 hours of person-to-person support: the coordination confirms it, with a date and a name.",
        "Level 1R: The R stands for recommended.",
        "Trainers decide about it.",
        "The coordination decides about it. It is a choice.",
        "makes it, for: Level 1, Level 1R, Northside certified peer supporter.",
        "The course is held against no framework.",
        "From the course file.",
    ],
)
def test_each_part_is_said_in_sentences(browser: Browser, sentence: str) -> None:
    assert sentence in said(browser("Rosa").get(PAGE))


def test_in_french_too(browser: Browser) -> None:
    rosa = browser("Rosa")
    rosa.set_cookie("language", "fr")
    page = said(rosa.get(PAGE))
    for sentence in ("9 modules.", "17 séances.", "Règle de présence", "D'après le fichier de la formation."):
        assert sentence in page


def test_a_course_that_is_not_deliverable_is_not_found(browser: Browser) -> None:
    assert browser("Rosa").get(f"{LIST}/host:nowhere").status_code == 404
    assert browser("Rosa").get(f"{LIST}/host:handbook").status_code == 404, "it has no classes"


# -- choosing a rule ----------------------------------------------------------------------------------------


def test_a_rule_is_chosen_and_said_in_words(browser: Browser) -> None:
    rosa = browser("Rosa")
    answer = chooses(rosa, **{"never_miss:level-1r": ["listening"]})
    page = said(follow(rosa, answer))
    assert "Noted. It holds for new groups once you publish a version." in page
    assert "You can miss 4 classes at most. For Level 1R, come to every class of “Listening”." in page
    assert "Chosen here." in page


def test_the_options_are_a_form_with_what_stands_now(browser: Browser) -> None:
    page = browser("Rosa").get(f"{PAGE}/rule?policy=northside-2026")
    assert "How many classes may be missed" in said(page)
    assert "Modules that may not be missed" in said(page)
    form = form_to(page, f"{PAGE}/rule")
    assert form.fields["max_missed"] == "2"
    assert form.fields["never_miss:level-1r"] == "sharing-with-purpose", "the last of three ticks"
    assert page.text.count('name="never_miss:level-1r"') == 9
    assert page.text.count('value="listening" checked') == 2
    assert 'name="never_miss:incomplete"' not in page.text, "it needs no attendance"


@pytest.mark.parametrize("policy", ["share-of-time", "each-module-once", "points", "share-of-classes", "every-class"])
def test_each_policy_of_the_host_draws_its_form(browser: Browser, policy: str) -> None:
    page = browser("Rosa").get(f"{PAGE}/rule?policy={policy}")
    assert page.status_code == 200
    assert "cannot be filled in here" not in said(page)


def test_numbers_for_modules_are_read(app: Flask, browser: Browser) -> None:
    sent = {"policy": "share-of-time", "min_share": "0.8", "make_ups": "none", "ways": ["class"], "excused": "counts"}
    rosa = browser("Rosa")
    assert rosa.post(f"{PAGE}/rule", data={**sent, "max_missed_of:listening": "1"}).status_code == 303
    with app.app_context():
        stored = json.loads(session.scalars(select(Programme.rule_json)).one())
    assert stored == {
        "policy": "share-of-time",
        "options": {"min_share": 0.8, "max_missed_of": {"listening": 1}, "ways": ["class"]},
    }


def test_what_is_not_right_is_said_beside_the_field_and_nothing_typed_is_lost(app: Flask, browser: Browser) -> None:
    answer = chooses(browser("Rosa"), max_missed="many", **{"never_miss:level-1": ["hope-and-change"]})
    assert answer.status_code == 422
    assert "How many classes may be missed: Enter a whole number." in said(answer)
    assert 'value="many"' in answer.text
    assert 'name="never_miss:level-1" value="hope-and-change" checked' in answer.text
    with app.app_context():
        assert session.scalar(select(func.count(Programme.id))) == 0


def test_the_policy_checks_what_was_sent(browser: Browser) -> None:
    answer = chooses(browser("Rosa"), **{"never_miss:level-1r": ["no-such-module"]})
    assert answer.status_code == 422
    assert "no-such-module" in said(answer)


def test_a_plugin_that_breaks_says_a_sentence(app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = app.extensions["lms"].guard.host.provided("attendance_policies", "northside-2026").provider

    def broken(*_asked: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(type(policy), "check", broken)
    answer = browser("Rosa").post(
        f"{PAGE}/rule",
        data={**MISSED, "policy": "northside-2026", "before_joining": "does_not_count"},
    )
    assert answer.status_code == 422
    assert "The plugin of this rule gives no answer at the moment. Nothing was changed." in said(answer)


class Odd(Options):
    """Options of which one cannot be drawn."""

    max_missed: int = 2
    never_miss: Mapping[str, tuple[str, ...]] = {}
    words: tuple[str, ...] = ("one",)


def test_what_cannot_be_drawn_is_said_to_come_from_the_course_file(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = app.extensions["lms"].guard.host.provided("attendance_policies", "northside-2026").provider
    monkeypatch.setattr(type(policy), "options", Odd)
    page = said(browser("Rosa").get(f"{PAGE}/rule?policy=northside-2026"))
    assert "Words: this comes from the course file and cannot be filled in here." in page


class Broken(Options):
    max_missed: int = Field(default_factory=lambda: 1 // 0)


def test_options_that_cannot_be_drawn_at_all_leave_a_sentence(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = app.extensions["lms"].guard.host.provided("attendance_policies", "northside-2026").provider
    monkeypatch.setattr(type(policy), "options", Broken)
    page = browser("Rosa").get(f"{PAGE}/rule?policy=northside-2026")
    assert page.status_code == 200
    assert "The plugin of this rule gives no answer at the moment. Nothing was changed." in said(page)


def test_a_policy_that_is_not_in_use_cannot_be_chosen(app: Flask, world: World, browser: Browser) -> None:
    assert chooses(browser("Rosa"), policy="nowhere").status_code == 404


def test_the_rule_of_the_file_can_be_taken_again(browser: Browser) -> None:
    rosa = browser("Rosa")
    chooses(rosa)
    page = rosa.get(f"{PAGE}/rule")
    assert "In the course file Come to every class. You can miss 2 classes at most." in said(page)
    assert rosa.post(f"{PAGE}/rule", data={"policy": ""}).status_code == 303
    assert "You can miss 2 classes at most." in said(rosa.get(PAGE))
    assert "Chosen here." not in said(rosa.get(PAGE))


# -- certificate and frameworks -----------------------------------------------------------------------------


def test_an_issuer_in_use_is_chosen(app: Flask, world: World, browser: Browser) -> None:
    rosa = browser("Rosa")
    answer = rosa.post(f"{PAGE}/papers", data={"issuer": "plain", "own": "no"})
    assert answer.status_code == 303
    publishes(rosa)
    assert offered(app, world).course.certificate.issuer == "plain"


def test_no_certificate_is_a_choice(app: Flask, world: World, browser: Browser) -> None:
    rosa = browser("Rosa")
    page = rosa.get(PAGE)
    form = form_to(page, f"{PAGE}/papers")
    assert "Nobody: no certificate is made" in said(page)
    chosen = follow(rosa, rosa.post(f"{PAGE}/papers", data={"issuer": NO_CERTIFICATE, "own": "no"}))
    assert "No certificate is made." in said(chosen)
    assert form.fields["issuer"] == "", "as the course file says, before"
    publishes(rosa)
    assert offered(app, world).course.certificate is None
    assert rosa.post(f"{PAGE}/papers", data={"issuer": "", "own": "no"}).status_code == 303
    assert "No certificate was made." in said(rosa.get(PAGE)), "it differs from the version that was published"


def test_an_issuer_or_framework_that_is_not_in_use_is_refused(browser: Browser) -> None:
    answer = browser("Rosa").post(f"{PAGE}/papers", data={"issuer": "gold", "own": "yes", "framework": ["nowhere"]})
    assert answer.status_code == 422
    assert "This certificate is not in use here. Choose another one." in said(answer)
    assert "One of these frameworks is not in use here. Look at them again." in said(answer)


def test_frameworks_in_use_are_chosen_and_frozen_with_their_names(app: Flask, world: World, browser: Browser) -> None:
    rosa, host = browser("Rosa"), app.extensions["lms"].guard.host
    may_write()
    with app.app_context(), saved():
        northside = session.get_one(Organization, world.organizations["northside"])
        organizations.enable_plugin(northside, host.plugins["peerstandards"], {}, by=world.people["Rosa"], now=NOW)
    answer = rosa.post(f"{PAGE}/papers", data={"issuer": "", "own": "yes", "framework": ["core-values"]})
    label = host.provided("competency_frameworks", "core-values").provider.label
    assert f"The course is held against: {label.en}." in said(follow(rosa, answer))
    publishes(rosa)
    course = offered(app, world).course
    assert course.frameworks == ("core-values",)
    assert course.framework_names["core-values"] == label
    assert rosa.post(f"{PAGE}/papers", data={"issuer": "", "own": "no"}).status_code == 303
    assert "The course is held against no framework." in said(rosa.get(PAGE))


# -- publishing ---------------------------------------------------------------------------------------------


def test_a_version_is_the_course_with_what_was_chosen(app: Flask, world: World, browser: Browser) -> None:
    rosa = browser("Rosa")
    before = offered(app, world)
    chooses(rosa)
    page = said(follow(rosa, publishes(rosa, "Four may be missed")))
    assert "Version 1 is published. New groups take it." in page
    assert "Four may be missed" in page
    taken = offered(app, world)
    assert taken.course.attendance.policy == "at-most-missed"
    assert [m.id for m in taken.course.modules] == [m.id for m in before.course.modules]
    with app.app_context():
        rows = session.execute(select(AuditRow.verb, AuditRow.by_id, AuditRow.why).order_by(AuditRow.id.desc())).all()
    assert rows[0] == ("programmes.published", world.people["Rosa"], "1")


def test_a_new_group_takes_the_latest_version_and_running_ones_stay(app: Flask, world: World, browser: Browser) -> None:
    rosa = browser("Rosa")
    chooses(rosa)
    publishes(rosa)
    made = new_group(app, world)
    with app.app_context():
        digest = session.scalars(select(ProgrammeRevision.revision_digest)).one()
        new, evening = session.get_one(Cohort, made), session.get_one(Cohort, world.cohorts["evening"])
        assert new.revision_digest == digest
        assert json.loads(new.rule_json)["policy"] == "at-most-missed"
        assert new.policy_version
        assert evening.revision_digest != digest
        assert json.loads(evening.rule_json)["policy"] == "northside-2026"


def test_the_rule_of_today_of_a_running_group_is_that_of_the_latest_version(
    world: World, browser: Browser, evening: str
) -> None:
    rosa = browser("Rosa")
    chooses(rosa)
    assert "There is no other rule" in said(rosa.get(f"{evening}/rule"))
    publishes(rosa)
    assert "The course's rule of today Come to every class. You can miss 4 classes" in said(rosa.get(f"{evening}/rule"))


def test_planning_says_which_version_the_group_takes(app: Flask, world: World, browser: Browser) -> None:
    rosa = browser("Rosa")
    publishes(rosa)
    begun = rosa.post(
        "/organizations/northside/plans", data={"course": NORTHSIDE_COURSE, "name": "Autumn", "language": "en"}
    )
    check = begun.headers["Location"].replace("/when", "/check")
    assert "The group takes version 1 of the programme." in said(rosa.get(check))


def test_what_was_chosen_and_not_published_changes_nothing(app: Flask, world: World, browser: Browser) -> None:
    chooses(browser("Rosa"))
    assert offered(app, world).course.attendance.policy == "northside-2026"


def test_the_same_again_says_that_nothing_has_changed(app: Flask, browser: Browser) -> None:
    rosa = browser("Rosa")
    publishes(rosa)
    answer = publishes(rosa)
    assert answer.status_code == 409
    assert "Nothing has changed since version 1." in said(answer)
    with app.app_context():
        assert session.scalar(select(func.count(ProgrammeRevision.id))) == 1


def test_what_was_published_without_a_choice_is_the_course_under_its_own_digest(
    app: Flask, world: World, browser: Browser
) -> None:
    publishes(browser("Rosa"))
    with app.app_context():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        assert session.scalars(select(ProgrammeRevision.revision_digest)).one() == evening.revision_digest
        assert session.scalar(select(func.count()).select_from(CourseRevision)) == 1


def test_numbers_go_up_and_each_version_says_what_differs(browser: Browser) -> None:
    rosa = browser("Rosa")
    publishes(rosa)
    chooses(rosa)
    page = said(rosa.get(PAGE))
    assert "Since version 1, this has changed:" in page
    publishes(rosa)
    first, second = (said(rosa.get(f"{PAGE}/versions/{number}")) for number in (1, 2))
    assert "This is the first version." in first
    assert "What differs from version 1" in second
    assert "Before: Come to every class. You can miss 2 classes at most." in second
    assert "Now: Come to every class. You can miss 4 classes at most." in second
    assert rosa.get(f"{PAGE}/versions/3").status_code == 404


def test_each_organization_has_programmes_of_its_own(app: Flask, world: World, browser: Browser) -> None:
    may_write()
    with app.app_context(), saved():
        rives = session.get_one(Organization, world.organizations["deux-rives"])
        plugin = app.extensions["lms"].guard.host.plugins["northside"]
        organizations.enable_plugin(rives, plugin, {}, by=world.people["Camille"], now=NOW)
    chooses(browser("Rosa"))
    publishes(browser("Rosa"))
    page = said(browser("Camille").get(PAGE.replace("northside/", "deux-rives/", 1)))
    assert "No version is published yet." in page
    assert "You can miss 2 classes at most." in page


def test_a_version_whose_plugin_is_turned_off_is_not_offered(app: Flask, world: World, browser: Browser) -> None:
    publishes(browser("Rosa"))
    may_write()
    with app.app_context(), saved():
        northside = session.get_one(Organization, world.organizations["northside"])
        rosa = session.get_one(Person, world.people["Rosa"])
        organizations.turn_off_plugin(northside, "northside", by=rosa.id, now=NOW)
    assert browser("Rosa").get(PAGE).status_code == 404
