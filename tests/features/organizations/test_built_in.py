"""What comes with the host can be looked at and tried like a plugin, by those who look after an organization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.features.cohorts.models import Cohort
from lms.host.db import saved, session
from lms.host.guard import Guard, Trouble
from lms.host.plugins import BUILT_IN
from lms.host.troubles import keep_troubles_of
from lms.plugin_api import AttendancePolicy, Options, Text, Verdict, VerdictStatus
from tests.features.conftest import Browser
from tests.features.organizations.test_plugin_pages import at_a_host
from tests.host.small_plugins import providing
from tests.pages import follow, form_to, said, submit
from tests.world import World, held_classes

GALLERY = "/organizations/northside/plugins"
ATTENDANCE = f"{GALLERY}/attendance"


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


def test_the_gallery_shows_what_comes_with_the_host(olga: FlaskClient) -> None:
    page = olga.get(GALLERY)
    assert "Part of the host (5)" in said(page)
    for name in BUILT_IN:
        assert f'href="{GALLERY}/{name}"' in page.text
    asked = olga.get(f"{GALLERY}?question=attendance").text
    assert f'href="{ATTENDANCE}"' in asked
    assert f'href="{GALLERY}/starters"' not in asked


def test_its_page_says_who_uses_it_and_offers_nothing_to_turn_off(olga: FlaskClient) -> None:
    page = olga.get(f"{GALLERY}/homework")
    assert "It is a part of the host: there is nothing to set, and it cannot be turned off." in said(page)
    assert "/turn-off" not in page.text
    assert "/history" not in page.text
    assert "<button" not in page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("path", ["turn-off", "history", "data.json"])
def test_what_is_for_plugins_alone_is_not_found_there(olga: FlaskClient, path: str) -> None:
    assert olga.get(f"{ATTENDANCE}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "/turn-off", "/remove-data"])
def test_nobody_turns_it_off_by_its_address(olga: FlaskClient, path: str) -> None:
    assert olga.post(f"{ATTENDANCE}{path}").status_code == 404


@pytest.mark.parametrize("name", BUILT_IN)
def test_its_pages_open(olga: FlaskClient, name: str) -> None:
    for page in ("", "/health", "/try"):
        answer = olga.get(f"{GALLERY}/{name}{page}")
        assert answer.status_code == (404 if page == "/try" and name in ("starters", "role_play") else 200)


def test_each_of_its_rules_is_tried_by_itself(olga: FlaskClient) -> None:
    first, second = olga.get(f"{ATTENDANCE}/try"), olga.get(f"{ATTENDANCE}/try?policy=1")
    assert "Not as it should be" not in said(first) + said(second)
    assert first.text.count('aria-current="true"') == 1
    form = form_to(second, f"{ATTENDANCE}/try#reads")
    assert form.fields["policy"] == "1"
    told = said(olga.get(f"{ATTENDANCE}/try", query_string={**form.fields, "class_1": "away", "max_missed": "4"}))
    assert "What they would read Come to every class. You can miss 4 classes at most." in told


def test_what_its_rules_would_change_is_named_for_running_groups(app: Flask, world: World, olga: FlaskClient) -> None:
    assert "No running group stands on its rules or courses." in said(olga.get(f"{ATTENDANCE}/what-would-change"))
    held_classes(app, world, "evening", {"Kim": [2]})
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        evening.rule_json, evening.policy_version = '{"policy": "every-class", "options": {}}', ""
    page = said(olga.get(f"{ATTENDANCE}/what-would-change"))
    assert "Evening group Its rule now: Come to every class." in page
    assert "One person's standing would change. Kim" in page


def test_its_faults_are_said_and_its_checks_run(app: Flask, olga: FlaskClient) -> None:
    guard: Guard = app.extensions["lms"].guard
    guard.troubles.append(Trouble("attendance", "points.judge", "KeyError in shares.py, line 3"))
    with app.app_context():
        keep_troubles_of(guard)
    page = olga.get(f"{ATTENDANCE}/health")
    assert "KeyError in shares.py, line 3" in said(page)
    checked = follow(olga, submit(olga, form_to(page, f"{ATTENDANCE}/check")))
    assert "All is well." in said(checked)


def test_homework_without_fields_says_so(olga: FlaskClient) -> None:
    page = said(olga.get(f"{GALLERY}/homework/try"))
    assert "There is nothing to fill in." in page
    assert "What is filled in here is sent nowhere." in said(olga.get(f"{GALLERY}/homework/try?homework=2"))


class NeedsHours(Options):
    hours: int = 2


class Bare(AttendancePolicy):
    """A rule without worked examples."""

    name, label, options = "bare", Text("A bare rule", "Une règle nue"), NeedsHours

    def rule(self, options: NeedsHours, names: Any) -> Text:
        return Text(f"Stay {options.hours} hours.", f"Restez {options.hours} heures.")

    def judge(self, ledger: Any, outcome: str, options: NeedsHours) -> Verdict:
        words = f"{len(ledger.marks)} of {len(ledger.meetings)}."
        return Verdict(VerdictStatus.MET, Text(words, words))


def test_a_rule_without_examples_is_tried_on_plain_classes(
    make_app: Callable[..., Flask], plugin_host: Callable[..., Any], clock: time_machine.Coordinates
) -> None:
    admin = at_a_host(make_app(plugin_host(providing("bare", "attendance_policies", Bare()))))
    page = admin.get(f"{GALLERY}/bare/try")
    assert "It brings no worked examples." in said(page)
    form = form_to(page, f"{GALLERY}/bare/try#reads")
    assert page.text.count('<option value="here" selected>') == 5
    told = said(admin.get(f"{GALLERY}/bare/try", query_string={**form.fields, "class_1": "here", "class_6": "late"}))
    assert "What they would read Stay 2 hours. done · 2 of 8." in told
