"""The names, and how sure the plugin is of them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import lms_peerstandards
import pytest
from lms_peerstandards import ValueOfTheWeek
from lms_peerstandards.card import StandardsSettings

from lms.plugin_api import Framework, MemoryStore, TodayCard
from lms.plugin_api.frameworks import coverage
from lms.plugin_api.testing import check_card, check_plugin, providers_of

FRAMEWORKS = {f.name: f for f in providers_of(lms_peerstandards) if isinstance(f, Framework)}
MONDAY = date(2027, 3, 1)
ROOT = Path(__file__).parents[2]
PACKAGES = {
    "core-peer-support": "northside",
    "ten-weeks": "harbourlight",
    "five-days": "harbourlight",
    "paid-pathway": "rowanstreet",
    "peer-support-worker": "tidewater",
}


def modules_of(course: str) -> set[str]:
    """The modules of a curriculum beside this one, by the names of their folders; five days are made from ten weeks."""
    package, folder = PACKAGES[course], "ten-weeks" if course == "five-days" else course
    return {module.name for module in (ROOT / package / f"lms_{package}" / "courses" / folder / "modules").iterdir()}


def certain(name: str) -> list[bool]:
    return [item.certain for item in FRAMEWORKS[name].items()]


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(lms_peerstandards)


@pytest.mark.parametrize(
    ("name", "items", "sure"),
    [
        ("core-values", 7, 7),
        ("psc-competencies", 11, 7),
        ("psc-principles", 13, 13),
        ("psc-knowledge", 9, 6),
        ("mhcc-continuum", 7, 0),
        ("bc-values", 10, 10),
        ("samhsa", 17, 2),
        ("naps-values", 12, 12),
        ("hee-domains", 9, 9),
        ("ips", 7, 7),
    ],
)
def test_each_list_is_as_long_as_its_source_and_no_surer(name: str, items: int, sure: int) -> None:
    assert (len(certain(name)), sum(certain(name))) == (items, sure)


def test_every_list_says_where_it_is_from_and_whose_the_french_is() -> None:
    for framework in FRAMEWORKS.values():
        assert "Names only" in framework.source.en
        assert "nos propres traductions" in framework.source.fr
        assert framework.resources, framework.name


def test_every_document_says_who_publishes_it_and_when_it_is_looked_at_again() -> None:
    for framework in FRAMEWORKS.values():
        for document in framework.resources:
            assert document.about is not None
            assert document.about.en.startswith("Published by ")
            assert document.about.fr.startswith("Publié par ")
            assert document.reviewed_on < document.review_by
            assert not document.link, "nobody has checked an address"


def test_the_maps_name_modules_and_items_that_there_are() -> None:
    """Of all four curricula, installed or not: a map to nothing would hide that nobody teaches something."""
    modules = {course: modules_of(course) for course in PACKAGES}
    for framework in FRAMEWORKS.values():
        codes = {item.code for item in framework.items()}
        for course, taught in framework.maps.items():
            assert set(taught) <= modules[course], (framework.name, course)
            assert {code for found in taught.values() for code in found} <= codes, (framework.name, course)


def test_every_card_of_the_four_curricula_practises_items_that_there_are() -> None:
    known = {f"{name}:{item.code}" for name, framework in FRAMEWORKS.items() for item in framework.items()}
    cards = [card for card in ROOT.glob("*/lms_*/courses/*/cards/*.md") if not card.name.endswith(".fr.md")]
    assert cards
    for card in cards:
        (line,) = [line for line in card.read_text().splitlines() if line.startswith("competencies: ")]
        named = re.findall(r'"([^"]+)"', line)
        assert set(named) <= known, card
        assert {name.partition(":")[0] for name in named} == {"psc-competencies", "core-values"}, card


def test_every_module_of_the_four_curricula_teaches_something_named() -> None:
    mapped = {course: set[str]() for course in FRAMEWORKS["psc-principles"].maps}
    for framework in FRAMEWORKS.values():
        for course, taught in framework.maps.items():
            mapped[course] |= set(taught)
    for course, names in mapped.items():
        assert names == modules_of(course), course


def test_where_names_are_uncertain_the_source_says_so() -> None:
    for name, framework in FRAMEWORKS.items():
        assert ("to be checked" in framework.source.en) == (not all(certain(name))), name
        assert ("à vérifier" in framework.source.fr) == (not all(certain(name))), name


def test_what_northside_leaves_out_is_found() -> None:
    values = FRAMEWORKS["core-values"]
    taught = {
        ("core-peer-support", module): tuple(f"core-values:{code}" for code in codes)
        for module, codes in values.maps["core-peer-support"].items()
    }
    left_out = [line.item.code for line in coverage("core-values", values.items(), taught) if not line.taught_in]
    assert left_out == ["learning"]


def test_the_two_timetables_of_one_course_have_one_map() -> None:
    for framework in FRAMEWORKS.values():
        assert framework.maps.get("ten-weeks") == framework.maps.get("five-days")


def test_each_week_has_one_value_and_the_next_week_another() -> None:
    (card,) = (p for p in providers_of(lms_peerstandards) if isinstance(p, TodayCard))
    settings = StandardsSettings()
    week = [check_card(card, MONDAY + timedelta(days=n), settings) for n in range(7)]
    assert week[0] is not None
    assert week == [week[0]] * 7
    assert check_card(card, MONDAY + timedelta(days=7), settings) != week[0]


def test_every_value_has_its_weeks() -> None:
    seen = {ValueOfTheWeek().card(MONDAY + timedelta(weeks=n), StandardsSettings(), MemoryStore()) for n in range(20)}
    assert len(seen) == 7


def test_an_organization_may_choose_another_list_or_none() -> None:
    card = ValueOfTheWeek()
    of_province = card.card(MONDAY, StandardsSettings(weekly="bc-values"), MemoryStore())
    assert of_province is not None
    assert of_province != card.card(MONDAY, StandardsSettings(), MemoryStore())
    assert card.card(MONDAY, StandardsSettings(weekly="none"), MemoryStore()) is None
