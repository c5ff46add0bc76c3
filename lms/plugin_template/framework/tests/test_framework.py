"""The list, as those who plan courses read it."""

from __future__ import annotations

from lms_kittiwake import KittiwakeFramework

from lms.plugin_api.frameworks import coverage

FRAMEWORK = KittiwakeFramework()


def test_items_are_certain_where_somebody_looked_them_up() -> None:
    assert [item.code for item in FRAMEWORK.items() if not item.certain] == ["rest"]


def test_what_no_module_teaches_is_found() -> None:
    taught = {("first-evening", "a-first-step"): ("kittiwake:listening", "kittiwake:limits")}
    found = coverage(FRAMEWORK.name, FRAMEWORK.items(), taught)
    assert [line.item.code for line in found if not line.taught_in] == ["rest"]
