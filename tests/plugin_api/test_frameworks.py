"""Frameworks beside what is taught, and the checks that an author of one runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.plugin_api import Framework, FrameworkItem, Resource, Text
from lms.plugin_api.frameworks import coverage
from lms.plugin_api.testing import check_framework

WORDS = Text("Hope", "L'espoir")
CODES = ("hope", "rest", "time", "trust")
NAMES = st.sampled_from([f"{owner}:{code}" for owner in ("own", "other") for code in (*CODES, "gone")])
TAUGHT = st.dictionaries(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), st.lists(NAMES, unique=True))


@given(TAUGHT)
def test_every_item_stands_once_with_exactly_the_modules_that_teach_it(
    taught: dict[tuple[str, str], list[str]],
) -> None:
    items = [FrameworkItem(code, WORDS) for code in CODES]
    found = coverage("own", items, taught)
    assert [line.item for line in found] == items
    for line in found:
        assert set(line.taught_in) == {place for place, names in taught.items() if f"own:{line.item.code}" in names}


class Own(Framework):
    name = "own"
    label = Text("Our list", "Notre liste")
    source = Text("Our own.", "La nôtre.")
    listed = (FrameworkItem("hope", WORDS),)

    def items(self) -> Iterable[FrameworkItem]:
        return self.listed


def resource(**changed: Any) -> tuple[Resource]:
    given: dict[str, Any] = {"title": WORDS, "reviewed_on": date(2027, 1, 1), "review_by": date(2028, 1, 1), **changed}
    return (Resource(**given),)


def test_a_sound_framework_passes() -> None:
    check_framework(Own())


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"listed": ()}, "own has no items"),
        ({"listed": Own.listed * 2}, "two items have the same code"),
        ({"listed": (FrameworkItem("Hope", WORDS),)}, "'Hope' is not of lower-case letters"),
        ({"listed": (FrameworkItem("hope", Text("Hope", "")),)}, "lacks a language"),
        ({"listed": (FrameworkItem("hope", WORDS, Text("", "")),)}, "lacks a language"),
        ({"name": "our own"}, "'our own' is not of lower-case letters"),
        ({"maps": {"welcome": {"listening": ("hpoe",)}}}, "the map of 'welcome' names hpoe, which is no item"),
        ({"resources": resource(link="http://example.org")}, "own: http://example.org"),
        ({"resources": resource(review_by=date(2026, 1, 1))}, "review 'Hope' later"),
    ],
)
def test_what_is_wrong_with_one_is_said(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        check_framework(type("Changed", (Own,), changed)())
