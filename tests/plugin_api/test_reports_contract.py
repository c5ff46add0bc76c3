"""What an author of a report or a card is told before a host is."""

from __future__ import annotations

from datetime import date
from types import ModuleType
from typing import Any

import pytest

from lms.plugin_api import Card, GroupFacts, MemoryStore, Options, Report, Store, Table, Text, TodayCard
from lms.plugin_api.testing import check_card, check_plugin, check_report
from tests.host.small_plugins import ABOUT, providing

COLUMNS = (Text("What", "Quoi"),)
FACTS = GroupFacts("Evening", Text("A course", "Une formation"), date(2027, 3, 2), "UTC")
DAY = date(2027, 3, 2)


class Garden(Report):
    name = "garden"
    label = summary = Text("The garden", "Le jardin")
    made: Any = Table(COLUMNS, (("beans",),))

    def make(self, facts: GroupFacts, settings: Any, store: Store) -> Any:
        return self.made


class Forgetful(Garden):
    def make(self, facts: GroupFacts, settings: Any, store: Store) -> Table:
        store.put("asked", (store.get("asked") or 0) + 1)
        return Table(COLUMNS, ((store.get("asked"),),))


class Kitchen(TodayCard):
    name = "kitchen"
    label = Text("Kitchen", "Cuisine")
    shown: Any = Card(Text("Tea", "Thé"), ())

    def card(self, day: date, settings: Any, store: Store) -> Any:
        return self.shown


def changed(provider: type, **values: Any) -> Any:
    return type("Changed", (provider,), values)()


def test_a_sound_report_gives_its_table() -> None:
    assert check_report(Garden(), FACTS, None, MemoryStore()).rows == (("beans",),)


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (changed(Garden, made=None), "returned NoneType, not a Table"),
        (changed(Garden, made=Table(COLUMNS, (("beans", 2),))), "a row has 2 cells, not 1"),
        (changed(Garden, made=Table((Text("What", ""),), ())), "lacks a language"),
        (changed(Garden, made=Table(COLUMNS, (), Text("", "Note"))), "lacks a language"),
        (Forgetful(), "is not repeatable"),
    ],
)
def test_what_is_wrong_with_a_report_is_said(report: Report, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        check_report(report, FACTS, None)


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        (Card(Text("Tea", ""), ()), "lacks a language"),
        (Card(Text("Tea", "Thé"), (Text("", "Ici"),)), "lacks a language"),
        (Card(Text("Tea", "Thé"), (), "http://example.org"), "kitchen: http://example.org"),
    ],
)
def test_what_is_wrong_with_a_card_is_said(shown: Card, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        check_card(changed(Kitchen, shown=shown), DAY, None)


def test_a_day_without_a_card_is_fine() -> None:
    assert check_card(changed(Kitchen, shown=None), DAY, None) is None


class Needed(Options):
    where: str


def plugin(hook: str, provider: object, settings: type[Options] | None = None) -> ModuleType:
    made = providing("garden", hook, provider)
    if settings:
        made.about = type(ABOUT)(1, ABOUT.label, ABOUT.summary, ABOUT.sees, settings)  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("hook", "provider"),
    [
        ("reports", changed(Garden, made="beans")),
        ("reports", changed(Garden, summary=Text("The garden", ""))),
        ("today_cards", changed(Kitchen, shown=Card(Text("Tea", ""), ()))),
    ],
)
def test_the_check_of_a_plugin_tries_its_reports_and_cards(hook: str, provider: object) -> None:
    with pytest.raises(AssertionError):
        check_plugin(plugin(hook, provider))


def test_where_settings_have_no_defaults_the_author_tries_them() -> None:
    check_plugin(plugin("reports", changed(Garden, made="beans"), Needed))
