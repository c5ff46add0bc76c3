"""What plugins keep: apart from each other, kept whole or not at all, gone with whom it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from lms.host import documents
from lms.host.db import saved
from lms.host.documents import Documents
from lms.plugin_api import MemoryStore
from lms.plugin_api.store import Store
from tests.world import World, build_world, northside_app

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> tuple[Flask, World]:
    app = northside_app(tmp_path_factory.mktemp("documents") / "instance", migrated_database)
    return app, build_world(app, NOW)


@pytest.fixture
def world(house: tuple[Flask, World]) -> Iterator[World]:
    app, world = house
    with app.app_context():
        yield world
        with saved():
            for organization in world.organizations.values():
                documents.remove("garden", organization)


def kept(organization: int, plugin: str = "garden") -> Documents:
    return Documents(plugin, organization)


def keep(store: Documents) -> None:
    with saved():
        store.keep(NOW)


@pytest.mark.parametrize("where", ["database", "memory"])
def test_the_store_of_the_host_and_the_one_for_tests_do_the_same(world: World, where: str) -> None:
    store: Store = kept(world.organizations["northside"]) if where == "database" else MemoryStore()
    sam = world.people["Sam"]
    store.put("seen", {"times": 1})
    store.put("colour", "green", person=sam)
    store.put("also", [1, 2])
    store.delete("also")
    store.delete("never")
    assert store.get("seen") == {"times": 1}
    assert store.get("colour") is None
    assert store.get("colour", person=sam) == "green"
    assert list(store.items()) == [("seen", {"times": 1})]
    for key, value in (("", 1), ("k" * 101, 1), ("set", {1}), ("nan", float("nan")), ("long", "x" * 20_001)):
        with pytest.raises(ValueError, match=r"key|JSON|JSON|characters"):
            store.put(key, value)


def test_what_is_kept_is_there_for_the_next_event(world: World) -> None:
    northside, sam = world.organizations["northside"], world.people["Sam"]
    store = kept(northside)
    store.put("seen", 1)
    store.put("seen", 1, person=sam)
    keep(store)
    again = kept(northside)
    again.put("seen", again.get("seen") + 1)
    again.delete("seen", person=sam)
    keep(again)
    assert kept(northside).get("seen") == 2
    assert kept(northside).get("seen", person=sam) is None


def test_what_was_put_before_a_fault_is_not_kept(world: World) -> None:
    store = kept(world.organizations["northside"])
    store.put("seen", 1)
    assert kept(world.organizations["northside"]).get("seen") is None


def test_neither_another_plugin_nor_another_organization_sees_it(world: World) -> None:
    store = kept(world.organizations["northside"])
    store.put("seen", 1)
    keep(store)
    assert kept(world.organizations["northside"], "stone").get("seen") is None
    assert kept(world.organizations["deux-rives"]).get("seen") is None
    assert documents.counted(world.organizations["northside"]) == {"garden": 1}
    assert documents.counted(world.organizations["deux-rives"]) == {}


def test_it_can_be_taken_along_and_removed(world: World) -> None:
    northside, sam = world.organizations["northside"], world.people["Sam"]
    store = kept(northside)
    store.put("seen", 1)
    store.put("colour", "green", person=sam)
    keep(store)
    rows = documents.exported("garden", northside)
    assert [(row["person"], row["key"], row["value"]) for row in rows] == [(None, "seen", 1), (sam, "colour", "green")]
    assert [row.value for row in documents.of_person(sam)] == ["green"]
    with saved():
        assert documents.remove("garden", northside) == 2
    assert documents.exported("garden", northside) == []
