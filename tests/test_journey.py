"""The whole main job over HTTP: from enabling a plugin to a certificate that a stranger verifies."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import ROOT
from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.certificates.models import Certificate
from lms.features.organizations import actions as organizations
from lms.host import mail
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from lms.host.plugins import find_plugins
from tests.planning import group_of, planned

PASSWORD = "kettle-window-path"
START = datetime(2026, 3, 1, 15, tzinfo=UTC)


def click(client: FlaskClient, path: str, **fields: object) -> str:
    """Send a form as a browser does, follow to the page, give its text."""
    answer = client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code, answer.text)
    return answer.text


def see(client: FlaskClient, path: str) -> str:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def links_mailed(app: Flask, email: str) -> list[str]:
    """Paths of the links in mails to this address, newest last."""
    with app.app_context():
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == mail.KIND).order_by(OutboxRow.id))
        texts = [row.payload["text"] for row in rows if row.payload["to"] == email]
    return [found for text in texts for found in re.findall(r"https?://[^/\s]+(/\S+)", text)]


def sign_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    click(client, "/sign-in", email=email, password=PASSWORD)
    return client


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(find_plugins(ROOT / "plugins"))


@pytest.fixture
def rosa(app: Flask) -> FlaskClient:
    """Coordinator and admin of a new organization, as `lms add-organization` makes her."""
    with app.app_context(), saved():
        made = organizations.add_organization("Northside Peer Training", "northside", now=START, by=None)
        person = accounts.add_person("Rosa", "rosa@example.org", language="en", now=START, password=PASSWORD)
        for role in (Role.ORGANIZATION_ADMIN, Role.COORDINATOR):
            accounts.grant_role(person.id, role, organization=made.id, by=None, now=START)
    return sign_in(app, "rosa@example.org")


def test_from_a_plugin_to_a_verified_certificate(app: Flask, rosa: FlaskClient) -> None:
    with time_machine.travel(START) as clock:
        rosa = sign_in(app, "rosa@example.org")
        cohort = enable_plugin_and_publish(rosa)
        amina, sam = invite(app, rosa, cohort)
        assert "Amina" in see(sam, f"/cohorts/{cohort}/activities/how-i-arrive"), "readers are named beside Send"
        for number in range(1, 18):
            clock.move_to(START + timedelta(days=7 * number, hours=2))
            amina, sam = sign_in(app, "amina@example.org"), sign_in(app, "sam@example.org")
            take_part(app, cohort, number, amina, sam)
        rosa = sign_in(app, "rosa@example.org")
        confirm_and_decide(cohort, rosa, amina, sam)
        serial = certificate_of(app, sam, cohort)
        a_stranger_verifies(app, serial)


def enable_plugin_and_publish(rosa: FlaskClient) -> int:
    """Rosa turns on what Northside brings and publishes a group on it."""
    assert "Northside" in see(rosa, "/organizations/northside/plugins")
    click(rosa, "/organizations/northside/plugins/northside", signatory="Rosa", signatory_title="Coordinator")
    assert "Core peer support training" in see(rosa, "/organizations/northside/cohorts/new")
    answer = planned(rosa, name="Spring group", first="2026-03-08", at="10:00")
    return int(group_of(answer).rpartition("/")[2])


def invite(app: Flask, rosa: FlaskClient, cohort: int) -> tuple[FlaskClient, FlaskClient]:
    """A trainer and a trainee say yes to their invitations."""
    click(rosa, f"/cohorts/{cohort}/invitations", emails="amina@example.org", role="trainer")
    click(rosa, f"/cohorts/{cohort}/invitations", emails="sam@example.org")
    for name in ("Amina", "Sam"):
        email = f"{name.lower()}@example.org"
        (path,) = links_mailed(app, email)
        newcomer = app.test_client()
        assert "Northside" in see(newcomer, path)
        click(newcomer, path, name=name, password=PASSWORD)
    return sign_in(app, "amina@example.org"), sign_in(app, "sam@example.org")


def take_part(app: Flask, cohort: int, number: int, amina: FlaskClient, sam: FlaskClient) -> None:
    """One class and what follows: roll call, reading, homework, feedback."""
    click(amina, f"/cohorts/{cohort}/classes/{number}/marks/everyone")
    course = next(o.course for o in app.extensions["lms"].catalog.sound() if o.key == "northside:core-peer-support")
    plan = course.class_plan(number)
    for activity in plan.homework:
        fields = {f"answer{n}": "I tried it." for n in (1, 2, 3)} | {"text": "It was a small moment."}
        fields["words1"] = "I would ask."
        click(sam, f"/cohorts/{cohort}/activities/{activity}/submissions", **fields)
    assert "Sam" in see(amina, "/reading")
    page = click(amina, "/reading/next")
    assert "small moment" in page or "I tried it" in page
    found = re.search(r"/reading/(\d+)/release", page)
    assert found
    click(amina, f"/reading/{found[1]}/release", came_through="I could see it.", decision="accept")
    if plan.role_play:
        refused = amina.post(f"/cohorts/{cohort}/classes/{number}/role-play/groups")
        assert refused.status_code == 409, "one person alone cannot be grouped"


def confirm_and_decide(cohort: int, rosa: FlaskClient, amina: FlaskClient, sam: FlaskClient) -> None:
    """What is missing is said with a way forward; people decide, tell, and only then does Sam see it."""
    assert "0 of 6" in see(sam, f"/cohorts/{cohort}/left"), "the role plays are still open"
    assert "Level 1R" not in see(sam, f"/cohorts/{cohort}/outcome")
    enrolment = re.search(rf"/cohorts/{cohort}/outcomes/(\d+)", see(amina, f"/cohorts/{cohort}/outcomes"))
    assert enrolment
    person = f"/cohorts/{cohort}/people/{enrolment[1]}"
    click(amina, f"{person}/confirmations", requirement="final-talk", on="2026-06-20", note="A good talk.")
    for outcome in ("level-1", "level-1r"):
        click(rosa, f"{person}/waivers", requirement="role-play", outcome=outcome, reason="A group of one this spring.")
    decide = f"/cohorts/{cohort}/outcomes/{enrolment[1]}/decisions"
    click(amina, decide, outcome="level-1r", reasons="Your questions leave room.")
    assert "Your questions leave room" not in see(sam, f"/cohorts/{cohort}/outcome"), "not told yet"
    page = see(amina, f"/cohorts/{cohort}/outcomes/{enrolment[1]}")
    tell = re.search(r"/decisions/(\d+)/tell", page)
    assert tell
    click(amina, f"{decide}/{tell[1]}/tell")
    assert "Your questions leave room" in see(sam, f"/cohorts/{cohort}/outcome")


def certificate_of(app: Flask, sam: FlaskClient, cohort: int) -> str:
    """The outbox issues the certificate; Sam downloads the paper."""
    app.extensions["lms"].extras["worker"].run_due()
    page = see(sam, f"/cohorts/{cohort}/certificate")
    serial = re.search(r"/certificates/([2-9A-Z-]{12})", page)
    assert serial
    paper = sam.get(f"/certificates/{serial[1]}/papers/certificate-{serial[1]}.pdf")
    assert paper.status_code == 200
    assert paper.data.startswith(b"%PDF")
    return serial[1]


def a_stranger_verifies(app: Flask, serial: str) -> None:
    stranger = app.test_client()
    page = see(stranger, f"/certificates/{serial.replace('-', '').lower()}")
    assert "This certificate is valid" in page
    assert "Level 1R" in page
    assert "not a national certification" in page
    assert stranger.get(f"/certificates/{serial}/papers/certificate-{serial}.pdf").status_code == 303


def test_a_certificate_verifies_after_its_plugin_has_gone(
    make_app: Callable[..., Flask], app: Flask, rosa: FlaskClient
) -> None:
    test_from_a_plugin_to_a_verified_certificate(app, rosa)
    without = make_app()
    with without.app_context():
        serial = session.scalars(select(Certificate.serial)).one()
    page = see(without.test_client(), f"/certificates/{serial}")
    assert "This certificate is valid" in page
    assert "Northside Peer Training" in page
    sam = sign_in(without, "sam@example.org")
    cohort = re.search(r"/cohorts/(\d+)/", see(sam, "/today"))
    assert cohort
    for path in ("left", "attendance", "course", "activities/how-i-arrive", "outcome", "certificate"):
        see(sam, f"/cohorts/{cohort[1]}/{path}")
