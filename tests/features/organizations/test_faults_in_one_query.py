"""Pages with many plugins read what went wrong in one go."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.features.organizations.models import EnabledPlugin
from lms.host.db import saved, session
from lms.host.troubles import PluginTrouble, troubles
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World


def fault(plugin: str, message: str, place: str = "place") -> PluginTrouble:
    return PluginTrouble(plugin=plugin, place=place, message=message, times=1, first_at=NOW, last_at=NOW)


@pytest.mark.parametrize(("who", "path"), [("Olga", "/organizations/northside/plugins"), ("Noor", "/host/plugins")])
def test_one_query_for_all_plugins(app: Flask, world: World, browser: Browser, who: str, path: str) -> None:
    with app.app_context(), saved():
        for number in range(5):
            session.add(
                EnabledPlugin(
                    organization_id=world.organizations["northside"],
                    plugin=f"gone-{number}",
                    settings={},
                    enabled_at=NOW,
                )
            )
    client = browser(who)
    with counted(app) as statements:
        assert client.get(path).status_code == 200
    assert len([one for one in statements if "FROM plugin_trouble" in one]) == 1


def test_each_plugin_has_its_own(app: Flask) -> None:
    with app.app_context(), saved():
        session.add_all([fault("northside", "One."), fault("northside", "Two.", "other"), fault("gone", "Three.")])
        session.flush()
        found = troubles()
    assert {name: len(rows) for name, rows in found.items()} == {"northside": 2, "gone": 1}


def test_an_organization_sees_nothing_of_plugins_that_it_does_not_use(
    app: Flask, world: World, browser: Browser
) -> None:
    with app.app_context(), saved():
        session.add(fault("northside", "Something else."))
    page = said(browser("Camille").get("/organizations/deux-rives/plugins"))
    assert "with a fault" not in page
    assert "with a fault" in said(browser("Olga").get("/organizations/northside/plugins"))
