"""Reports of plugins about a group: offered, drawn, taken along; a plugin that cannot make one harms nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.features.organizations.events import happened
from lms.host.db import may_write, saved
from lms.host.plugins import PluginHost, Provided
from lms.plugin_api import GroupFacts, Report, Store, Table, Text
from tests.features.conftest import NOW, Browser
from tests.host.small_plugins import providing
from tests.pages import said
from tests.world import World, sign_in

COLUMNS = (Text("What", "Quoi"), Text("How many", "Combien"))


class Garden(Report):
    name = "garden-report"
    label = Text("The garden", "Le jardin")
    summary = Text("What grows.", "Ce qui pousse.")

    def __init__(self) -> None:
        self.answer: Any = Table(COLUMNS, ())
        self.seen: list[GroupFacts] = []

    def make(self, facts: GroupFacts, settings: Any, store: Store) -> Any:
        self.seen.append(facts)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def garden(app: Flask) -> Iterator[Garden]:
    """A report of a plugin that the house has for this test; it belongs to the plugin that Northside has turned on."""
    host: PluginHost = app.extensions["lms"].guard.host
    made = Garden()
    host.providers["reports"][made.name] = Provided(made, host.plugins["northside"])
    yield made
    del host.providers["reports"][made.name]


@pytest.fixture
def rosa(browser: Browser) -> FlaskClient:
    return browser("Rosa")


@pytest.fixture
def address(evening: str, garden: Garden) -> str:
    return f"{evening}/reports/garden-report"


# -- Northside's own ----------------------------------------------------------------------------------------


def test_those_who_coordinate_find_it_on_the_page_of_the_group(
    browser: Browser, rosa: FlaskClient, evening: str
) -> None:
    link = f'href="{evening}/reports/northside-funder"'
    assert link in rosa.get(evening).text
    assert link not in browser("Amina").get(evening).text
    assert browser("Amina").get(f"{evening}/reports/northside-funder").status_code == 404


def test_it_is_in_numbers_and_names_nobody(rosa: FlaskClient, evening: str) -> None:
    page = said(rosa.get(f"{evening}/reports/northside-funder"))
    table = page.partition("How many")[2]
    assert "People who take part 5" in table
    assert "Classes held 5" in table
    assert "Hours that people were there, added up 50" in table
    assert not [name for name in ("Sam", "Kim", "Person") if name in table]


def test_what_was_told_this_year_is_kept_and_counted_once(
    app: Flask, rosa: FlaskClient, world: World, evening: str
) -> None:
    for number in range(2):
        may_write()
        with app.app_context(), saved():
            happened(
                "after_decision",
                f"told:{number}",
                at=NOW,
                organization=world.organizations["northside"],
                cohort=world.cohorts["evening"],
                enrolment=world.enrolments["Sam"],
                person=world.people["Sam"],
                facts={"outcome": "level-1"},
            )
    app.extensions["lms"].extras["worker"].run_due(NOW)
    app.extensions["lms"].extras["worker"].run_due(NOW)
    assert "Told “Level 1” in 2026, in all groups 2" in said(rosa.get(f"{evening}/reports/northside-funder"))


def test_it_speaks_french(rosa: FlaskClient, evening: str) -> None:
    rosa.set_cookie("language", "fr")
    page = said(rosa.get(f"{evening}/reports/northside-funder"))
    assert "Des chiffres pour le bailleur de fonds" in page
    assert "Séances tenues 5" in page


def test_where_the_plugin_is_turned_off_there_is_none(browser: Browser, rosa: FlaskClient, evening: str) -> None:
    assert browser("Olga").post("/organizations/northside/plugins/northside/turn-off").status_code == 303
    assert "northside-funder" not in rosa.get(evening).text
    assert rosa.get(f"{evening}/reports/northside-funder").status_code == 404


# -- any --------------------------------------------------------------------------------------------------------


def test_a_report_sees_the_group_and_nothing_else(rosa: FlaskClient, garden: Garden, address: str) -> None:
    assert rosa.get(address).status_code == 200
    (facts,) = garden.seen
    assert (facts.group, facts.day, facts.time_zone) == ("Evening group", date(2026, 5, 5), "America/Toronto")
    sam = next(person for person in facts.people if person.name == "Sam")
    assert len(sam.ledger.marks) == 5
    assert set(sam.standings) == {"level-1", "level-1r", "certified"}


def test_every_sort_of_cell_can_be_read(rosa: FlaskClient, garden: Garden, address: str) -> None:
    garden.answer = Table(
        COLUMNS,
        (
            (Text("Beans", "Haricots"), 12),
            ("<b>Peas</b>", 2.5),
            (date(2026, 5, 1), None),
        ),
        Text("Counted by hand.", "Compté à la main."),
    )
    page = rosa.get(address)
    assert "<b>Peas" not in page.text
    assert "Beans 12 <b>Peas</b> 2.5 May 1, 2026" in said(page)
    assert "Counted by hand." in said(page)
    rosa.set_cookie("language", "fr")
    assert "Haricots 12 <b>Peas</b> 2,5 1er mai 2026" in said(rosa.get(address))


def test_as_a_file_no_cell_is_a_formula(rosa: FlaskClient, garden: Garden, address: str) -> None:
    garden.answer = Table(COLUMNS, (("=1+1", -2.5), (Text("@Beans", "@Haricots"), date(2026, 5, 1))))
    english = rosa.get(f"{address}/report.csv").data.decode("utf-8-sig").splitlines()
    assert english == ["What,How many", "'=1+1,-2.5", "'@Beans,2026-05-01"]
    rosa.set_cookie("language", "fr")
    french = rosa.get(f"{address}/report.csv").data.decode("utf-8-sig").splitlines()
    assert french == ["Quoi;Combien", "'=1+1;-2,5", "'@Haricots;2026-05-01"]


def test_nothing_to_report_is_a_sentence(rosa: FlaskClient, address: str) -> None:
    assert "There is nothing to report yet." in said(rosa.get(address))


@pytest.mark.parametrize(
    "answer",
    [
        ZeroDivisionError("about Sam"),
        None,
        "a table",
        Table((), ()),
        Table(COLUMNS, (("too short",),)),
        Table(COLUMNS, (("what", object()),)),
        Table(COLUMNS, (("what", float("nan")),)),
        Table((Text("What", ""), COLUMNS[1]), ()),
    ],
)
def test_one_that_cannot_be_made_says_so_and_is_recorded(
    app: Flask, rosa: FlaskClient, garden: Garden, address: str, evening: str, answer: object
) -> None:
    garden.answer = answer
    page = rosa.get(address)
    assert page.status_code == 200
    assert "This report cannot be made at the moment." in said(page)
    assert "about Sam" not in page.text
    assert rosa.get(f"{address}/report.csv").location.endswith(address)
    assert rosa.get(evening).status_code == 200
    assert "garden-report.make" in sign_in(app, "Noor").get("/host/plugins").text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": "a/b"}, "use lower-case letters, digits and single hyphens"),
        ({"name": "Garden"}, "use lower-case letters"),
        ({"summary": Text("What grows.", "")}, "needs a summary in both languages"),
    ],
)
def test_one_without_what_its_page_needs_is_quarantined(
    plugin_host: Callable[..., PluginHost], changed: dict[str, Any], why: str
) -> None:
    host = plugin_host(providing("garden", "reports", type("Changed", (Garden,), changed)()))
    assert why in host.plugins["garden"].quarantined
