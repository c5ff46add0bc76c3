"""An organization chooses its plugins: settings, secrets, quarantine, walls between organizations."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Annotated, Literal

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pydantic import Field
from sqlalchemy import select

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.organizations import actions as organizations
from lms.features.organizations.events import TELL
from lms.features.organizations.models import EnabledPlugin
from lms.features.organizations.settings_form import read_settings
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.errors import Incomplete
from lms.host.guard import Guard, PluginFault
from lms.host.outbox import OutboxRow
from lms.host.plugins import BUILT_IN
from lms.host.troubles import keep_troubles_of
from lms.plugin_api import Options
from lms.plugin_api.store import MemoryStore
from lms.plugin_api.values import Event
from tests.features.conftest import NOW, Browser
from tests.host.small_plugins import a_plugin
from tests.pages import follow, form_to, said, submit
from tests.planning import planned
from tests.world import PASSWORD, World, sent_homework

ADMIN = "/organizations/northside/plugins"
HOOKS = f"{ADMIN}/webhooks"
THEIR_HOOKS = "/organizations/deux-rives/plugins/webhooks"
SECRET = "whsec_" + base64.b64encode(b"kettle and window, path and lamp").decode()
GOOD = {"url": "https://example.org/hooks", "secret": SECRET, "events": ["review", "decision"]}


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


def settings_of(app: Flask, organization: int, plugin: str) -> EnabledPlugin | None:
    with app.app_context():
        return session.get(EnabledPlugin, (organization, plugin))


def opened(app: Flask, row: EnabledPlugin) -> dict[str, object]:
    """Settings as the plugin reads them."""
    guard: Guard = app.extensions["lms"].guard
    about = guard.host.plugins[row.plugin].about
    assert about
    return guard.seal.open_all(about.settings, row.settings)


def enabled(app: Flask, world: World, slug: str = "northside", plugin: str = "webhooks") -> bool:
    row = settings_of(app, world.organizations[slug], plugin)
    return row is not None and row.turned_off_at is None


# -- settings -----------------------------------------------------------------------------------------------


def test_olga_looks_at_a_plugin_and_turns_it_on(app: Flask, world: World, olga: FlaskClient) -> None:
    assert "Tells another system what has happened, by signed messages." in said(olga.get(ADMIN))
    page = said(olga.get(HOOKS))
    assert "Not in use" in page
    assert "never what people wrote" in page, "what it can see is said before it is used"
    answer = olga.post(HOOKS, data=GOOD)
    assert "Webhooks is in use." in said(follow(olga, answer))
    assert enabled(app, world)
    assert "Working" in said(olga.get(HOOKS))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"url": ""}, "Address is needed."),
        (
            {"url": "http://example.org/hooks"},
            "Address: The address must start with https://, so that nobody can read along.",
        ),
        ({"url": "https://sam:tea@example.org"}, "Address: Leave name and password out of the address"),
        ({"url": "hooks"}, "Address: This is not a whole address. It looks like https://example.org/hooks."),
        ({"secret": ""}, "Secret is needed."),
        ({"secret": "tea"}, "Secret: "),
        ({"events": []}, "What to tell: "),
        ({"events": ["review", "gossip"]}, "What to tell: "),
    ],
)
def test_a_wrong_setting_gets_a_sentence_and_the_rest_stays_typed(
    app: Flask, world: World, olga: FlaskClient, change: dict[str, object], sentence: str
) -> None:
    typed = {**GOOD, **change}
    answer = olga.post(HOOKS, data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert "One answer needs another look" in said(answer)
    fields = form_to(answer, HOOKS).fields
    assert fields["url"] == typed["url"]
    assert fields["secret"] == "", "a secret is typed anew"
    assert str(typed["secret"]) == "" or f'value="{typed["secret"]}"' not in answer.text
    assert set(re.findall(r'value="(\w+)" checked', answer.text)) == set(typed["events"]) & {"review", "decision"}
    assert not enabled(app, world)


def test_settings_speak_french_to_whoever_reads_french(browser: Browser) -> None:
    olga = browser("Olga")
    olga.set_cookie("language", "fr")
    page = said(olga.get(HOOKS))
    for words in (
        "Adresse",
        "Là où vont les messages",
        "Ce qu'il faut annoncer",
        "Quelqu'un a reçu une rétroaction",
        "Permettre les adresses locales",
    ):
        assert words in page
    refused = said(olga.post(HOOKS, data={"url": "http://example.org/hooks", "secret": "thé"}))
    for words in (
        "Adresse\u00a0: L'adresse doit commencer par https://",
        "Secret\u00a0: Un secret est whsec_ suivi de 24 à 64 octets",
        "Ce qu'il faut annoncer\u00a0: Choisissez-en au moins 1.",
    ):
        assert words in refused


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("count", "many", "Count: Enter a whole number."),
        ("count", "0", "Count: Enter 1 or more."),
        ("share", "half", "Share: Enter a number."),
        ("share", "1.5", "Share: Enter less than 1.0."),
        ("sign", "x" * 9, "Sign: Use at most 8 characters."),
        ("tone", "shrill", "Tone: Choose one of those offered."),
    ],
)
def test_what_is_checked_of_itself_gets_a_sentence_of_the_host(field: str, typed: str, sentence: str) -> None:
    class Bell(Options):
        count: Annotated[int, Field(ge=1)] = 1
        share: Annotated[float, Field(lt=1)] = 0.5
        sign: Annotated[str, Field(max_length=8)] = ""
        tone: Literal["low", "high"] = "low"

    with pytest.raises(Incomplete, match=re.escape(sentence)):
        read_settings(Bell, {field: [typed]}, {})


def test_every_wrong_setting_is_named_at_once(olga: FlaskClient) -> None:
    answer = olga.post(HOOKS, data={})
    assert "3 answers need another look" in said(answer)


def test_what_was_typed_is_text_and_nothing_else(olga: FlaskClient) -> None:
    answer = olga.post(HOOKS, data={**GOOD, "url": '"><script>alert(1)</script>'})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_a_setting_that_the_plugin_does_not_know_is_left_out(app: Flask, world: World, olga: FlaskClient) -> None:
    assert olga.post(HOOKS, data={**GOOD, "admin": "yes"}).status_code == 303
    row = settings_of(app, world.organizations["northside"], "webhooks")
    assert row
    assert set(row.settings) == {"url", "secret", "events", "allow_local"}


def test_a_secret_is_never_shown_again(olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    for path in (HOOKS, ADMIN):
        assert SECRET not in olga.get(path).text
        assert SECRET.removeprefix("whsec_") not in olga.get(path).text
    assert "Never shown again. Leave it empty to keep what is stored." in said(olga.get(HOOKS))


def test_a_secret_left_empty_is_kept_and_a_new_one_takes_its_place(app: Flask, world: World, olga: FlaskClient) -> None:
    northside = world.organizations["northside"]
    olga.post(HOOKS, data=GOOD)
    form = form_to(olga.get(HOOKS), HOOKS)
    assert (
        olga.post(HOOKS, data={**form.fields, "url": "https://example.org/new", "events": "review"}).status_code == 303
    )
    row = settings_of(app, northside, "webhooks")
    assert row
    assert (opened(app, row)["secret"], row.settings["url"]) == (SECRET, "https://example.org/new")
    newer = "whsec_" + base64.b64encode(b"another kettle by another window").decode()
    olga.post(HOOKS, data={**GOOD, "secret": newer})
    row = settings_of(app, northside, "webhooks")
    assert row
    assert opened(app, row)["secret"] == newer


def test_a_wrong_change_leaves_what_was_stored(app: Flask, world: World, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    assert olga.post(HOOKS, data={**GOOD, "url": "hooks"}).status_code == 422
    row = settings_of(app, world.organizations["northside"], "webhooks")
    assert row
    assert row.settings["url"] == GOOD["url"]


def test_secrets_stay_out_of_the_history(app: Flask, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    with app.app_context():
        rows = session.scalars(select(AuditRow).where(AuditRow.verb == "plugins.enabled")).all()
        assert rows[-1].subject == "plugin:webhooks"
        assert not any(SECRET in f"{row.subject} {row.why}" for row in rows)


# -- on and off ---------------------------------------------------------------------------------------------


def test_turned_off_it_is_not_offered_and_the_running_group_goes_on(
    app: Flask, world: World, browser: Browser, olga: FlaskClient, evening: str
) -> None:
    rosa = browser("Rosa")
    new = "/organizations/northside/cohorts/new"
    assert "Core peer support training" in said(rosa.get(new))
    answer = olga.post(f"{ADMIN}/northside/turn-off")
    assert "Turned off. Groups that are running go on as they are; new groups cannot choose it." in said(
        follow(olga, answer)
    )
    assert "Core peer support training" not in said(rosa.get(new))
    sam = browser("Sam")
    for path in ("/today", f"{evening}/course", f"{evening}/left", f"{evening}/attendance"):
        assert sam.get(path).status_code == 200
    assert "You can miss 2 classes at most." in said(sam.get(f"{evening}/attendance"))


def test_its_settings_are_kept_for_the_day_it_comes_back(olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    olga.post(f"{HOOKS}/turn-off")
    page = olga.get(HOOKS)
    assert "Not in use" in said(page)
    fields = form_to(page, HOOKS).fields
    assert fields["url"] == GOOD["url"]
    assert olga.post(HOOKS, data={"url": fields["url"], "events": "review"}).status_code == 303, "secret and all"


def test_turning_off_what_is_off_changes_nothing(app: Flask, olga: FlaskClient) -> None:
    for _ in range(2):
        assert olga.post(f"{HOOKS}/turn-off").status_code == 303
    with app.app_context():
        assert not session.scalars(select(AuditRow).where(AuditRow.verb == "plugins.turned_off")).all()


@pytest.mark.parametrize("name", ["nowhere", "homework", "attendance", "%00", "..%2Fnorthside"])
def test_only_what_is_installed_and_not_part_of_the_host_can_be_turned_on(olga: FlaskClient, name: str) -> None:
    assert olga.get(f"{ADMIN}/{name}").status_code == (200 if name in BUILT_IN else 404)
    assert olga.post(f"{ADMIN}/{name}", data={}).status_code == 404


# -- quarantine ---------------------------------------------------------------------------------------------


@pytest.fixture
def broken(
    make_app: Callable[..., Flask], plugin_host: Callable[..., object], clock: time_machine.Coordinates
) -> FlaskClient:
    """Olga at a host where the plugin "garden" speaks another version of the plugin API."""

    class Later:
        api_version = 2

    app = make_app(plugin_host(a_plugin("garden", about=Later())))
    with app.app_context(), saved():
        northside = organizations.add_organization("Northside", "northside", now=NOW, by=None)
        olga = accounts.add_person("Olga", "olga@example.org", language="en", now=NOW, password=PASSWORD)
        accounts.grant_role(olga.id, Role.ORGANIZATION_ADMIN, organization=northside.id, by=None, now=NOW)
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "olga@example.org", "password": PASSWORD}).status_code == 303
    return client


def test_a_quarantined_plugin_says_why_and_cannot_be_turned_on(broken: FlaskClient) -> None:
    assert "Needs attention (1)" in said(broken.get(ADMIN))
    page = broken.get(f"{ADMIN}/garden")
    assert "It cannot be used at the moment" in said(page)
    assert "It does not say what it is: the module needs about = About(...)." in said(page)
    assert "Use this plugin" not in said(page)
    answer = broken.post(f"{ADMIN}/garden", data={})
    assert answer.status_code == 409
    assert "This plugin cannot be used at the moment: It does not say what it is" in said(answer)


# -- walls --------------------------------------------------------------------------------------------------


def test_a_course_of_another_organizations_plugin_cannot_be_seen_or_chosen(browser: Browser) -> None:
    camille = browser("Camille")
    page = said(camille.get("/organizations/deux-rives/cohorts/new"))
    assert "A good first welcome" in page, "a course of the host itself"
    assert "Core peer support training" not in page
    answer = planned(camille, "deux-rives", name="Spring")
    assert answer.status_code == 422
    assert "Choose a course." in said(answer)


def test_settings_of_one_organization_are_unknown_to_the_other(browser: Browser, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    page = browser("Camille").get("/organizations/deux-rives/plugins/webhooks")
    assert (
        "https://example.org/hooks" not in form_to(page, "/organizations/deux-rives/plugins/webhooks").fields.values()
    )
    assert "Not in use" in said(page)


def test_what_happens_in_one_organization_is_told_to_its_own_plugins_alone(
    app: Flask, world: World, browser: Browser, olga: FlaskClient
) -> None:
    deux_rives = {"data": {**GOOD, "events": ["submission"]}}
    assert browser("Camille").post("/organizations/deux-rives/plugins/webhooks", **deux_rives).status_code == 303
    sent_homework(app, world, "Sam")
    assert told(app) == []
    olga.post(HOOKS, data={**GOOD, "events": ["review"]})
    sent_homework(app, world, "Kim")
    (row,) = told(app)
    assert row["organization"] == world.organizations["northside"]
    assert row["enrolment"] == world.enrolments["Kim"]


def told(app: Flask) -> list[dict[str, object]]:
    """What plugins were told, after the outbox was worked through."""
    app.extensions["lms"].extras["worker"].run_due()
    with app.app_context():
        return [row.payload for row in session.scalars(select(OutboxRow).where(OutboxRow.kind == TELL))]


def test_the_host_page_names_who_uses_what(browser: Browser, olga: FlaskClient) -> None:
    olga.post(HOOKS, data=GOOD)
    page = said(browser("Noor").get("/host/plugins"))
    assert page.count("Northside Peer Training") == 2, "northside and webhooks"
    assert SECRET not in page


def test_the_host_page_shows_what_could_not_be_delivered(app: Flask, browser: Browser) -> None:
    with app.app_context(), saved():
        stuck = {"payload": {}, "created_at": NOW, "due_at": NOW, "attempts": 12, "given_up_at": NOW}
        session.add(OutboxRow(kind="mail", key="letter", last_error="SMTPException: no answer", **stuck))
    noor = browser("Noor")
    page = noor.get("/host/plugins")
    assert "What could not be delivered (1)" in said(page)
    assert "SMTPException: no answer" in said(page)
    with app.app_context():
        row_id = session.scalar(select(OutboxRow.id).where(OutboxRow.given_up_at.is_not(None)))
    answer = submit(noor, form_to(page, f"/host/outbox/{row_id}/try-again"))
    assert "It will be tried again in a moment." in said(follow(noor, answer))
    assert "could not be delivered" not in said(noor.get("/host/plugins"))


# -- the support line ---------------------------------------------------------------------------------------


def test_the_organizations_own_contact_is_on_every_page(olga: FlaskClient, browser: Browser, evening: str) -> None:
    typed = {"support_name": "  Rosa   Delgado ", "support_phone": "416-555-0142", "support_hours": "Mon-Fri 9-17 <b>"}
    answer = submit(
        olga, form_to(olga.get("/organizations/northside/support"), "/organizations/northside/support"), **typed
    )
    assert "Saved. It is in the support line of every page." in said(follow(olga, answer))
    page = browser("Sam").get(f"{evening}/left")
    assert "Rosa Delgado, 416-555-0142, Mon-Fri 9-17 <b>" in said(page).replace(" ,", ",")
    assert "9-8-8" in said(page)
    assert "Rosa Delgado" not in said(browser("Camille").get("/account")), "another organization's pages have their own"


# -- faults -------------------------------------------------------------------------------------------------


def test_faults_are_shown_where_the_plugin_is_in_use(app: Flask, olga: FlaskClient, browser: Browser) -> None:
    olga.post(HOOKS, data=GOOD)
    guard: Guard = app.extensions["lms"].guard
    guard.fault("webhooks", "after_review", "ValueError in sending.py, line 7")
    with app.app_context():
        keep_troubles_of(guard)
    assert "sending.py, line 7" in said(olga.get(f"{HOOKS}/health"))
    camille = browser("Camille")
    assert "sending.py" not in said(camille.get(f"{THEIR_HOOKS}/health"))
    looked_at_again = camille.post(THEIR_HOOKS, data={**GOOD, "url": ""})
    assert looked_at_again.status_code == 422
    assert "sending.py" not in said(looked_at_again)


def test_a_fault_does_not_repeat_the_settings_of_an_organization(
    app: Flask, world: World, olga: FlaskClient, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both use webhooks. The address of one does not stand in the faults that the other reads, nor in the outbox."""
    monkeypatch.setattr("socket.getaddrinfo", unknown_host)
    olga.post(HOOKS, data={**GOOD, "url": "https://staff.northside-inside.example/hooks"})
    camille = browser("Camille")
    camille.post(THEIR_HOOKS, data=GOOD)
    row = settings_of(app, world.organizations["northside"], "webhooks")
    assert row
    guard: Guard = app.extensions["lms"].guard
    with pytest.raises(PluginFault) as caught:
        guard.tell(
            "webhooks", "after_review", Event("e", "after_review", NOW, "1", 1, 1, {}), row.settings, MemoryStore()
        )
    assert "northside-inside" not in str(caught.value)
    with app.app_context():
        keep_troubles_of(guard)
    page = said(camille.get(f"{THEIR_HOOKS}/health"))
    assert "after_review" in page
    assert "northside-inside" not in page


def unknown_host(*_: object, **__: object) -> None:
    raise OSError("Name or service not known")
