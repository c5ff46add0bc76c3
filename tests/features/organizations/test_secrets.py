"""Secrets in settings: closed where they are kept, opened when they are used, never shown."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.features.organizations.models import EnabledPlugin, PluginSettingsChange
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.guard import Guard, PluginFault
from lms.host.sealed import SEALED, CannotOpen, Seal
from lms.plugin_api.store import MemoryStore
from lms.plugin_api.values import Event
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said
from tests.world import World

HOOKS = "/organizations/northside/plugins/webhooks"
SECRET = "whsec_" + base64.b64encode(b"kettle and window, path and lamp").decode()
NEWER = "whsec_" + base64.b64encode(b"another kettle by another window").decode()
GOOD: dict[str, Any] = {"url": "https://example.org/hooks", "secret": SECRET, "events": ["review"]}
EVENT = Event("e", "after_review", NOW, "1", 1, 1, {})


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


def stored(app: Flask, world: World) -> dict[str, Any]:
    with app.app_context():
        return dict(session.get_one(EnabledPlugin, (world.organizations["northside"], "webhooks")).settings)


def change(app: Flask, world: World, **settings: str) -> None:
    """Settings as another time may have left them."""
    with app.app_context(), saved():
        row = session.get_one(EnabledPlugin, (world.organizations["northside"], "webhooks"))
        row.settings = {**row.settings, **settings}


# -- the seal ------------------------------------------------------------------------------------------------


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_is_closed_opens_with_the_same_key_alone(secret: str, other: str) -> None:
    seal = Seal("the key of this host")
    if not secret.startswith((SEALED, "env:")):
        closed = seal.close(secret)
        assert secret not in closed.removeprefix(SEALED) or len(secret) < 4
        assert seal.open(closed) == secret
        with pytest.raises(CannotOpen):
            Seal(f"another {other}").open(closed)


def test_without_a_key_nothing_is_kept() -> None:
    with pytest.raises(LookupError):
        Seal().close("tea")
    with pytest.raises(CannotOpen):
        Seal().open(Seal("key").close("tea"))


@pytest.mark.parametrize("name", ["LMS_SECRET_KEY", "HOME", "PLUGIN_NORTHSIDE__NOWHERE"])
def test_the_environment_gives_only_what_is_meant_for_plugins(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SECRET_KEY", "tea")
    with pytest.raises(CannotOpen):
        Seal("key").open(f"env:{name}")


# -- the pages -----------------------------------------------------------------------------------------------


def test_a_secret_is_closed_wherever_it_is_kept(app: Flask, world: World, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    olga.post(HOOKS, data={**GOOD, "secret": NEWER})
    assert stored(app, world)["secret"].startswith(SEALED)
    with app.app_context():
        kept = [row.settings for row in session.scalars(select(PluginSettingsChange))]
        audit = [f"{row.subject} {row.why}" for row in session.scalars(select(AuditRow))]
    assert len([settings for settings in kept if settings.get("secret", "").startswith(SEALED)]) == 2
    for secret in (SECRET, NEWER):
        assert secret not in f"{kept} {audit}"
        assert secret not in olga.get(f"{HOOKS}/history").text


def test_a_plain_one_is_read_and_closed_when_it_is_saved_again(app: Flask, world: World, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    change(app, world, secret=SECRET)
    guard: Guard = app.extensions["lms"].guard
    about = guard.host.plugins["webhooks"]
    assert guard.own_settings(about, stored(app, world)).secret == SECRET
    olga.post(HOOKS, data={**GOOD, "secret": "", "url": "https://example.org/new"})
    assert stored(app, world)["secret"].startswith(SEALED)
    assert guard.own_settings(about, stored(app, world)).secret == SECRET


def test_after_the_key_changed_the_page_asks_for_it_again(app: Flask, world: World, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    change(app, world, secret=Seal("the former key").close(SECRET))
    assert "Fill in this secret again: the host cannot read what is stored." in said(olga.get(HOOKS))
    gallery = said(olga.get("/organizations/northside/plugins"))
    assert "Needs attention (1)" in gallery
    assert "A secret among its settings cannot be read. Fill it in again." in gallery
    guard: Guard = app.extensions["lms"].guard
    with pytest.raises(PluginFault, match="cannot be read"):
        guard.tell("webhooks", "after_review", EVENT, stored(app, world), MemoryStore())
    empty = olga.post(HOOKS, data={**GOOD, "secret": ""})
    assert empty.status_code == 422
    assert "Fill in this secret again: the host has another key" in said(empty)
    assert olga.post(HOOKS, data=GOOD).status_code == 303
    assert "Fill in this secret again" not in said(olga.get(HOOKS))
    assert "Needs attention" not in said(olga.get("/organizations/northside/plugins"))


def test_a_secret_may_stand_in_the_environment(
    app: Flask, world: World, olga: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "PLUGIN_NORTHSIDE__HOOKS"
    by_name = {**GOOD, "secret": f"env:{name}"}
    missing = olga.post(HOOKS, data=by_name)
    assert missing.status_code == 422
    assert "This name is not in the environment of the host." in said(missing)
    monkeypatch.setenv(name, SECRET)
    assert olga.post(HOOKS, data=by_name).status_code == 303
    assert stored(app, world)["secret"] == f"env:{name}"
    guard: Guard = app.extensions["lms"].guard
    assert guard.own_settings(guard.host.plugins["webhooks"], stored(app, world)).secret == SECRET
    assert f"Read from {name} in the environment of the host." in said(olga.get(HOOKS))
    guard.seal = Seal("another key of the host")
    assert guard.own_settings(guard.host.plugins["webhooks"], stored(app, world)).secret == SECRET, "no key closes it"
    assert "Needs attention" not in said(olga.get("/organizations/northside/plugins"))
    monkeypatch.setenv(name, "no whsec")
    assert olga.post(HOOKS, data=by_name).status_code == 422, "what is there is checked as if it were typed"


@pytest.mark.parametrize("name", ["LMS_SECRET_KEY", "PLUGIN_DEUX_RIVES__HOOKS", "PLUGIN_NORTHSIDE_HOOKS", "PATH"])
def test_nobody_refers_to_what_belongs_to_others(olga: FlaskClient, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, SECRET)
    answer = olga.post(HOOKS, data={**GOOD, "secret": f"env:{name}"})
    assert answer.status_code == 422
    assert "begin with PLUGIN_NORTHSIDE__." in said(answer)


# -- history -------------------------------------------------------------------------------------------------


def test_the_history_says_who_changed_what_and_puts_it_back(app: Flask, world: World, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    olga.post(HOOKS, data={**GOOD, "url": "https://example.org/new", "secret": NEWER})
    page = olga.get(f"{HOOKS}/history")
    assert "Address: from https://example.org/hooks to https://example.org/new" in said(page)
    assert "Secret: another secret" in said(page)
    assert "Olga · turned it on" in said(page)
    with app.app_context():
        first = session.scalars(
            select(PluginSettingsChange.id).where(PluginSettingsChange.plugin == "webhooks")
        ).first()
    form = form_to(page, f"{HOOKS}/history/{first}/put-back")
    after = follow(olga, olga.post(form.action))
    assert "The former settings hold again." in said(after)
    assert after.text.count("<time") == 3, "a new entry"
    guard: Guard = app.extensions["lms"].guard
    values = guard.own_settings(guard.host.plugins["webhooks"], stored(app, world))
    assert (values.url, values.secret) == (GOOD["url"], SECRET)


def test_turning_off_can_be_undone(app: Flask, world: World, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    olga.post(f"{HOOKS}/turn-off")
    page = olga.get(f"{HOOKS}/history")
    assert "Olga · turned it off" in said(page)
    with app.app_context():
        first = session.scalars(
            select(PluginSettingsChange.id).where(PluginSettingsChange.plugin == "webhooks")
        ).first()
    olga.post(f"{HOOKS}/history/{first}/put-back")
    assert "Working" in said(olga.get(HOOKS))


def test_what_cannot_be_read_any_more_is_not_put_back(app: Flask, world: World, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    with app.app_context(), saved():
        row = session.scalars(select(PluginSettingsChange).where(PluginSettingsChange.plugin == "webhooks")).one()
        row.settings = {**row.settings, "secret": Seal("the former key").close(SECRET)}
        first = row.id
    answer = olga.post(f"{HOOKS}/history/{first}/put-back")
    assert answer.status_code == 409
    assert "A secret of that time cannot be read any more." in said(answer)
    assert stored(app, world)["url"] == GOOD["url"]


def test_the_history_of_another_organization_is_unknown_here(
    app: Flask, world: World, olga: FlaskClient, browser: Browser
) -> None:
    olga.post(HOOKS, data=GOOD)
    camille = browser("Camille")
    theirs = "/organizations/deux-rives/plugins/webhooks"
    camille.post(theirs, data={**GOOD, "url": "https://example.org/rives"})
    with app.app_context():
        olgas = session.scalars(
            select(PluginSettingsChange.id).where(
                PluginSettingsChange.plugin == "webhooks",
                PluginSettingsChange.organization_id == world.organizations["northside"],
            )
        ).one()
    assert camille.post(f"{theirs}/history/{olgas}/put-back").status_code == 404
    assert "example.org/hooks" not in said(camille.get(f"{theirs}/history"))


def test_settings_from_before_the_history_can_be_put_back(app: Flask, world: World, olga: FlaskClient) -> None:
    with app.app_context(), saved():
        session.add(
            EnabledPlugin(
                organization_id=world.organizations["northside"],
                plugin="webhooks",
                settings={
                    "url": "https://example.org/old",
                    "secret": SECRET,
                    "events": ["review"],
                    "allow_local": False,
                },
                enabled_at=NOW,
            )
        )
    olga.post(HOOKS, data={**GOOD, "secret": ""})
    page = said(olga.get(f"{HOOKS}/history"))
    assert "Address: from https://example.org/old to https://example.org/hooks" in page
    with app.app_context():
        kept = [row.settings for row in session.scalars(select(PluginSettingsChange))]
    assert SECRET not in str(kept)
