"""What the courses of an organization teach of each framework, and what they leave out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.features.conftest import Browser
from tests.pages import said
from tests.world import World, course_where, sign_in

FRAMEWORKS = "/organizations/northside/frameworks"
VALUES = f"{FRAMEWORKS}/core-values"
PLUGIN = "/organizations/{}/plugins/peerstandards"


@pytest.fixture
def standards(browser: Browser) -> None:
    """Northside has turned on the plugin that brings frameworks."""
    turned_on = browser("Olga").post(PLUGIN.format("northside"), data={"weekly": "core-values"})
    assert turned_on.status_code == 303


@pytest.fixture
def rosa(browser: Browser, standards: None) -> FlaskClient:
    return browser("Rosa")


def in_french(client: FlaskClient, address: str) -> str:
    client.set_cookie("language", "fr")
    return said(client.get(address))


def test_without_a_plugin_there_is_none_and_the_page_says_so(browser: Browser) -> None:
    rosa = browser("Rosa")
    assert "No plugin in use here brings a framework." in said(rosa.get(FRAMEWORKS))
    assert rosa.get(VALUES).status_code == 404


def test_each_framework_says_where_it_is_from_and_how_much_is_taught(rosa: FlaskClient) -> None:
    page = said(rosa.get(FRAMEWORKS))
    assert "Core values (Peer Support Canada, MHCC)" in page
    assert "Names only; the French names are our own plain translations." in page
    assert "7 items · one that no module teaches" in page
    assert "9 items · no course here says what it teaches of it" in page  # England


def test_the_items_stand_beside_the_modules_that_teach_them(rosa: FlaskClient) -> None:
    page = said(rosa.get(VALUES))
    assert "Core peer support training 6 of 7" in page
    assert "Hope and recovery Hope and change" in page
    assert "Self-determination Role and boundaries; Finding the way" in page
    assert "Lifelong learning and personal growth no module" in page
    untaught = page.partition("What no module teaches")[2].partition("This looks at")[0]
    assert untaught.strip() == "Lifelong learning and personal growth"


def test_uncertain_names_are_marked_wherever_they_stand(rosa: FlaskClient) -> None:
    page = said(rosa.get(f"{FRAMEWORKS}/psc-competencies"))
    assert page.count("(to be checked against its source)") == 4 + 2  # in the table, and two that nobody teaches
    assert "Hope (to be checked" not in page


def test_items_stand_in_their_groups(rosa: FlaskClient) -> None:
    page = said(rosa.get(f"{FRAMEWORKS}/psc-knowledge"))
    examples, headings = (
        page.index("Examples that PSACC named in public"),
        page.index("Headings of the 2013 guidelines"),
    )
    assert (
        examples
        < page.index("The recovery paradigm", examples)
        < headings
        < page.index("Social and historical", headings)
    )


def test_documents_say_when_they_were_looked_at_and_when_nobody_has_for_long(rosa: FlaskClient) -> None:
    assert "Last reviewed on November 22, 2026" in said(rosa.get(VALUES))
    assert "To be looked at again" not in said(rosa.get(VALUES))


def test_after_the_year_they_are_overdue(app: Flask, standards: None, clock: time_machine.Coordinates) -> None:
    clock.move_to(datetime(2027, 11, 22, 20, tzinfo=UTC))
    assert "To be looked at again" not in said(sign_in(app, "Rosa").get(VALUES))
    clock.move_to(datetime(2027, 11, 23, 20, tzinfo=UTC))
    assert "To be looked at again since November 22, 2027" in said(sign_in(app, "Rosa").get(VALUES))


def test_it_can_be_taken_along_as_a_file(rosa: FlaskClient) -> None:
    answer = rosa.get(f"{VALUES}/coverage.csv")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Code,Item,Group,Checked,Core peer support training"
    assert lines[1] == "hope,Hope and recovery,,yes,Hope and change"
    assert answer.headers["Content-Disposition"] == "attachment; filename=core-values.csv"


def test_in_french_everything_is_french(rosa: FlaskClient) -> None:
    page = in_french(rosa, VALUES)
    assert "Ce qu'aucun module n'enseigne" in page
    assert "L'espoir et le rétablissement L'espoir et le changement" in page
    answer = rosa.get(f"{VALUES}/coverage.csv").data.decode("utf-8-sig")
    assert answer.startswith("Code;Élément;Groupe;Vérifié;Formation de base en pair-aidance")


def test_the_admin_finds_it_beside_the_plugins_and_the_coordinator_beside_the_groups(
    browser: Browser, rosa: FlaskClient
) -> None:
    assert f'href="{FRAMEWORKS}"' in browser("Olga").get("/organizations/northside/plugins").text
    assert f'href="{FRAMEWORKS}"' in rosa.get("/cohorts").text


@pytest.mark.parametrize("name", ["Amina", "Sam", "Camille", "Noor"])
def test_nobody_else_finds_it(browser: Browser, standards: None, name: str) -> None:
    for address in (FRAMEWORKS, VALUES, f"{VALUES}/coverage.csv"):
        assert browser(name).get(address).status_code == 404


def test_another_organization_has_its_own_and_no_courses_of_ours(browser: Browser, standards: None) -> None:
    camille, theirs = browser("Camille"), "/organizations/deux-rives/frameworks"
    assert camille.get(f"{theirs}/core-values").status_code == 404
    assert camille.post(PLUGIN.format("deux-rives"), data={"weekly": "none"}).status_code == 303
    page = said(camille.get(f"{theirs}/core-values"))
    assert "No course here says what it teaches of it." in page
    assert "Core peer support training" not in page


def test_a_module_page_says_what_it_covers_as_it_was_pinned(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    def teaches_hope(course: dict[str, object]) -> None:
        course["frameworks"] = ["values-of-then"]
        course["framework_names"] = {
            "values-of-then": {"en": "Values of then", "fr": "Valeurs d'alors"},
            "values-of-then:hope": {"en": "Hope <b>", "fr": "Espoir"},
            "values-of-then:time": {"en": "Time", "fr": "Temps"},
        }
        course["framework_unsure"] = ["values-of-then:time"]
        course["modules"][0]["teaches"] = ["values-of-then:hope", "values-of-then:time"]  # type: ignore[index]

    sam = browser("Sam")
    assert "What this part covers" not in said(sam.get(f"{evening}/modules/beginning-together"))
    with course_where(app, world.cohorts["evening"], teaches_hope):
        page = sam.get(f"{evening}/modules/beginning-together")
        assert "What this part covers Values of then Hope <b> Time (to be checked against its source)" in said(page)
        assert "<b>" not in page.text
        assert "Ce que couvre cette partie Valeurs d'alors Espoir" in in_french(sam, page.request.path)
