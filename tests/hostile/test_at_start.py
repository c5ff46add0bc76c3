"""Plugins that cannot stand are left out, and the host starts; those that are odd but harmless stay."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from lms.app import create_app
from lms.features.cohorts import queries
from lms.features.organizations.models import EnabledPlugin
from lms.host import plugins
from lms.host.config import load_config
from lms.host.db import may_write, saved, session
from lms.host.plugins import find_plugins
from tests.hostile.conftest import Planted
from tests.hostile.place import CHECKS, NOW, Place, every_address_answers, settle
from tests.hostile.starts import HARMLESS, STARTS, plant, rule
from tests.pages import said
from tests.plugin_api.course_factory import make_course

ODD = {
    "pebbles (second)": "Another plugin is called 'pebbles' already.",
    "a-b-c (name)": "Its name in pyproject.toml may",
}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Place]:
    """One host among all of them. The organization has turned on what stands."""
    folder = tmp_path_factory.mktemp("crowded")
    for name, (code, _words) in STARTS.items():
        plant(folder / "plugins", name, code)
    for name, code in HARMLESS.items():
        plant(folder / "plugins", name, code)
    plant(folder / "plugins", "pebbles-again", rule("another"), entry="pebbles")
    plant(folder / "plugins", "odd", rule("odd"), entry="<a>/b c")
    make_course(folder / "courses")
    shutil.copy(migrated_database, folder / "lms.sqlite")
    paths, patience = list(sys.path), plugins.START_PATIENCE
    plugins.START_PATIENCE = 3.0
    try:
        found = find_plugins(folder / "plugins")
    finally:
        plugins.START_PATIENCE, sys.path[:] = patience, paths
    config = load_config(folder, environ={}, given={"rate_limits": False, "courses_folder": str(folder / "courses")})
    with time_machine.travel(NOW, tick=False):
        app = create_app(config, found)
        place = settle(app, "pebbles")
        may_write()
        with app.app_context(), saved():
            for name in HARMLESS.keys() - {"pebbles"}:
                session.add(EnabledPlugin(organization_id=1, plugin=name, settings={}, enabled_at=NOW))
        yield place
    queries._revisions.clear()


def test_there_are_more_than_thirty_of_them() -> None:
    assert len(STARTS) + len(HARMLESS) + len(ODD) >= 30


@pytest.mark.parametrize("name", [*STARTS, *ODD])
def test_each_is_left_out_and_the_admin_reads_why(crowded: Place, name: str) -> None:
    words = ODD.get(name) or STARTS[name][1]
    assert words in crowded.app.extensions["lms"].guard.host.plugins[name].quarantined
    for path in (f"/organizations/north/plugins/{name}/health", "/host/plugins"):
        answer = crowded.browser("olga").get(path)
        assert answer.status_code == 200
        assert words in said(answer), path
    refused = crowded.browser("olga").post(f"/organizations/north/plugins/{name}", data={})
    assert refused.status_code == 409
    assert words in said(refused)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_odd_and_harmless_stays(crowded: Place, name: str) -> None:
    assert crowded.app.extensions["lms"].guard.host.plugins[name].quarantined == ""
    page = crowded.browser("olga").get(f"/organizations/north/plugins/{name}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<b>Grows" not in page.text


@pytest.mark.parametrize("name", [name for name in HARMLESS if name.startswith("settings-")])
def test_settings_that_cannot_be_read_are_refused_with_a_sentence(crowded: Place, name: str) -> None:
    answer = crowded.browser("olga").post(f"/organizations/north/plugins/{name}", data={"depth": "3"})
    assert answer.status_code < 500


def test_every_address_of_the_host_answers_for_everyone_among_them(crowded: Place) -> None:
    every_address_answers(crowded)
    assert "You were at" in said(crowded.browser("sam").get(f"{crowded.group}/left")), "the others go on"
    gallery = said(crowded.browser("olga").get("/organizations/north/plugins"))
    assert f"Needs attention ({len(STARTS) + len(ODD)})" in gallery


def test_a_group_goes_on_when_the_plugin_that_it_stands_on_does_not_start(
    make_app: Callable[..., Flask], tmp_path: Path, planted: Planted, place: Place, courses: Path
) -> None:
    """Its homework is still asked for and read, its rule is left to the trainer, its admin sees that it is gone."""
    sam = place.browser("sam")
    sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "I walked."})
    planted.close()
    shutil.copytree(Path(place.app.extensions["lms"].config.instance), tmp_path / "instance")
    queries._revisions.clear()
    later = Place(make_app(courses_folder=str(courses)), place.cohort, place.enrolment)
    for name, paths in later.pages().items():
        for path in paths:
            if "/plugins/garden" not in path:
                assert later.browser(name).get(path).status_code == 200, (name, path)
    assert "I walked." in said(later.browser("sam").get(f"{place.group}/activities/what-i-heard"))
    assert CHECKS in said(later.browser("sam").get(f"{place.group}/left"))
    gallery = said(later.browser("olga").get("/organizations/north/plugins"))
    assert "You use it, and it is no longer on this host. Its settings are kept." in gallery
