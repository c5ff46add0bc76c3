"""What a plugin kept is still its organization's own after the plugin was uninstalled: to take along, and to remove."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.documents import Documents, PluginDocument
from tests.features.conftest import NOW, Browser
from tests.features.organizations.test_plugin_pages import at_a_host
from tests.pages import follow, form_to, said, submit
from tests.world import World

GALLERY = "/organizations/northside/plugins"
ALMANAC = f"{GALLERY}/almanac"
HEADING = "Data of plugins that are gone"


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


def keep(world: World, organization: str, plugin: str = "almanac") -> None:
    store = Documents(plugin, world.organizations[organization])
    store.put("moon", {"of": organization})
    store.put("own", "tea", person=world.people["Sam"])
    store.keep(NOW)


@pytest.fixture
def left_behind(app: Flask, world: World) -> None:
    """Two documents each in two organizations, of a plugin that is not on this host."""
    with app.app_context(), saved():
        for slug in ("northside", "deux-rives"):
            keep(world, slug)


def test_there_is_no_such_place_while_nothing_was_left_behind(app: Flask, world: World, olga: FlaskClient) -> None:
    with app.app_context(), saved():
        keep(world, "northside", "webhooks")
        keep(world, "deux-rives")
    assert HEADING not in said(olga.get(GALLERY))
    assert olga.get(ALMANAC).status_code == 404
    assert olga.get(f"{ALMANAC}/data.json").status_code == 404
    assert olga.post(f"{ALMANAC}/remove-data", data={"name": "almanac"}).status_code == 404


@pytest.mark.usefixtures("left_behind")
def test_it_is_found_in_the_gallery_and_taken_along(world: World, olga: FlaskClient) -> None:
    gallery = olga.get(GALLERY)
    assert HEADING in said(gallery)
    assert f'href="{ALMANAC}"' in gallery.text
    page = olga.get(ALMANAC)
    assert "2 documents of its own about this organization or its people." in said(page)
    assert "This plugin is no longer on this host." in said(page)
    assert f'href="{ALMANAC}/data.json"' in page.text
    answer = olga.get(f"{ALMANAC}/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    kept = json.loads(answer.text)["documents"]
    assert [(one["person"], one["key"], one["value"]) for one in kept] == [
        (None, "moon", {"of": "northside"}),
        (world.people["Sam"], "own", "tea"),
    ]


@pytest.mark.usefixtures("left_behind")
def test_it_is_removed_after_its_name_was_typed(app: Flask, world: World, olga: FlaskClient) -> None:
    form = form_to(olga.get(ALMANAC), f"{ALMANAC}/remove-data")
    wrong = submit(olga, form, name="almanach")
    assert wrong.status_code == 422
    assert "Type almanac to remove what it keeps." in said(wrong)
    assert 'value="almanach"' in wrong.text, "nothing typed is lost"
    after = follow(olga, submit(olga, form, name="almanac"))
    assert "2 documents are removed." in said(after)
    assert HEADING not in said(after)
    with app.app_context():
        others = session.scalars(select(PluginDocument.organization_id)).all()
        assert set(others) == {world.organizations["deux-rives"]}
        assert session.scalars(select(AuditRow).where(AuditRow.verb == "plugins.data_removed")).one()


@pytest.mark.usefixtures("left_behind")
@pytest.mark.parametrize("name", ["Rosa", "Amina", "Sam", "Noor", "Camille"])
def test_nobody_else_comes_near_it(name: str, browser: Browser) -> None:
    other = browser(name)
    assert other.get(ALMANAC).status_code == 404
    assert other.get(f"{ALMANAC}/data.json").status_code == 404
    assert other.post(f"{ALMANAC}/remove-data", data={"name": "almanac"}).status_code == 404


@pytest.mark.usefixtures("left_behind")
def test_the_place_speaks_french(olga: FlaskClient) -> None:
    olga.set_cookie("language", "fr")
    assert "Données d'extensions qui ne sont plus là" in said(olga.get(GALLERY))
    assert "Ce module d'extension n'est plus sur cette plateforme." in said(olga.get(ALMANAC))


def test_it_is_there_on_a_host_without_plugins_too(
    make_app: Callable[..., Flask], plugin_host: Callable[..., Any], clock: time_machine.Coordinates
) -> None:
    app = make_app(plugin_host())
    olga = at_a_host(app)
    with app.app_context(), saved():
        store = Documents("almanac", 1)
        store.put("moon", "full")
        store.keep(NOW)
    assert HEADING in said(olga.get(GALLERY))
