"""Language, colours and text size: kept on the device, and the language with the person too."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.features.accounts.models import Person
from lms.host.db import session
from tests.features.conftest import Browser
from tests.pages import said
from tests.world import PASSWORD, World


def language_of(client: FlaskClient, **headers: str) -> str:
    answer = client.get("/verify", headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert f'<html lang="{answer.headers["Content-Language"]}"' in answer.text
    return answer.headers["Content-Language"]


def test_a_stranger_reads_the_language_of_the_browser(stranger: FlaskClient) -> None:
    assert language_of(stranger) == "en"
    assert language_of(stranger, Accept_Language="fr-CA,en;q=0.5") == "fr"
    assert language_of(stranger, Accept_Language="de,en;q=0.5") == "en"
    assert language_of(stranger, Accept_Language="de") == "en"


def test_what_a_device_chose_wins(stranger: FlaskClient) -> None:
    answer = stranger.post("/language", data={"language": "fr", "next": "/verify"})
    assert answer.location == "/verify"
    assert language_of(stranger, Accept_Language="en") == "fr"


def test_sams_choice_goes_along_to_other_devices(app: Flask, world: World, browser: Browser) -> None:
    browser("Sam").post("/language", data={"language": "fr"})
    with app.app_context():
        assert session.get_one(Person, world.people["Sam"]).language == "fr"
    phone = app.test_client()
    phone.post("/sign-in", data={"email": "sam@example.org", "password": PASSWORD})
    assert "Bonjour, Sam" in said(phone.get("/today"))
    assert language_of(phone, Accept_Language="en") == "fr"


@pytest.mark.parametrize("chosen", ["", "de", "fr-CA", "<script>", "EN"])
def test_a_language_that_is_not_here_changes_nothing(app: Flask, world: World, browser: Browser, chosen: str) -> None:
    sam = browser("Sam")
    assert sam.post("/language", data={"language": chosen}).status_code == 303
    assert language_of(sam) == "en"
    sam.set_cookie("language", chosen)
    assert language_of(sam) == "en"


@pytest.mark.parametrize("path", ["/language", "/display"])
@pytest.mark.parametrize("target", ["//example.org", "https://example.org", "/\\example.org", ""])
def test_choosing_leads_nowhere_else(stranger: FlaskClient, path: str, target: str) -> None:
    assert stranger.post(path, data={"language": "fr", "theme": "dark", "next": target}).location == "/"


def test_colours_and_text_size_are_kept_on_this_device(browser: Browser) -> None:
    sam, phone = browser("Sam"), browser("Sam")
    sam.post("/display", data={"theme": "dark", "text": "larger", "next": "/account"})
    assert '<html lang="en" data-theme="dark" data-text="larger">' in sam.get("/account").text
    assert '<html lang="en">' in phone.get("/account").text


def test_choosing_one_leaves_the_other(stranger: FlaskClient) -> None:
    stranger.post("/display", data={"theme": "dark", "text": "large"})
    stranger.post("/display", data={"theme": ""})
    assert '<html lang="en" data-text="large">' in stranger.get("/verify").text


@pytest.mark.parametrize("value", ["blue", "<script>", '"><script>'])
def test_a_look_that_is_not_here_is_not_drawn(stranger: FlaskClient, value: str) -> None:
    stranger.post("/display", data={"theme": value, "text": value})
    stranger.set_cookie("theme", value.replace('"', ""))
    stranger.set_cookie("text", value.replace('"', ""))
    assert '<html lang="en">' in stranger.get("/verify").text


def test_cookies_of_choices_are_not_for_scripts(stranger: FlaskClient) -> None:
    for path, data in (("/language", {"language": "fr"}), ("/display", {"theme": "dark"})):
        (cookie,) = stranger.post(path, data=data).headers.getlist("Set-Cookie")
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
