"""All five programmes on one host: each organization's people go their whole way, and nobody sees over a wall.

Each has an admin who coordinates, a trainer and a trainee. The fifth programme is the frameworks: Lantern holds all the
courses of this host against them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import ROOT, create_app
from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.certificates.models import Certificate
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations import actions as organizations
from lms.host.config import load_config
from lms.host.db import db, may_write, saved, session
from lms.host.plugins import find_plugins
from lms.host.web import limiter
from tests.pages import said
from tests.planning import group_of, planned
from tests.test_journey import PASSWORD, click, see

START = datetime(2026, 3, 1, 15, tzinfo=UTC)
AFTER_CLASS_1 = datetime(2026, 3, 10, 15, tzinfo=UTC)
WORDS = "It was a small moment. Somebody kept a chair for me."


@dataclass(frozen=True)
class Programme:
    """What is particular to it: a lesson and a written piece of its first class, what is confirmed, and the outcome."""

    plugin: str
    course: str
    lesson: str
    homework: str
    confirmed: str
    outcome: str
    says: tuple[str, ...]
    presence: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return f"org-{self.plugin}"


NORTHSIDE = Programme(
    "northside",
    "northside:core-peer-support",
    "arriving-as-a-group",
    "how-i-arrive",
    "final-talk",
    "level-1",
    ("It is not a national certification",),
    "You were at your first class.",
    {"signatory": "Signe Lind", "signatory_title": "Coordinator"},
)
HARBOURLIGHT = Programme(
    "harbourlight",
    "harbourlight:ten-weeks",
    "what-a-peer-supporter-does",
    "the-time-i-was-heard",
    "closing-interview",
    "certificate",
    ("It is not the national certification, which is a separate and independent process",),
    "You have been there for 3\u00a0h. You may still miss 3\u00a0h.",
)
ROWAN_STREET = Programme(
    "rowanstreet",
    "rowanstreet:paid-pathway",
    "how-the-pathway-works",
    "the-pack-i-bring",
    "outside-first-aid",
    "training-complete",
    ("It is not a national certification or a licence.",),
    "You took part in 1 of 7 modules so far.",
)
TIDEWATER = Programme(
    "tidewater",
    "tidewater:peer-support-worker",
    "four-sites-one-role",
    "how-i-would-say-it",
    "practical-part",
    "graduate",
    ("It is not an accreditation, a national certification or a licence", "accredits nobody"),
    "You were at 1 of 7 classes so far. 6 are needed.",
)
PROGRAMMES = (NORTHSIDE, HARBOURLIGHT, ROWAN_STREET, TIDEWATER)
each = pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.plugin)


@dataclass
class Lived:
    """Where a programme's group is, and who is signed in to it: "admin", "trainer", "trainee"."""

    group: str
    enrolment: int
    serial: str
    people: dict[str, FlaskClient]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("five")
    shutil.copy(migrated_database, folder / "lms.sqlite")
    made = create_app(load_config(folder, environ={}, given={"rate_limits": False}), find_plugins(ROOT / "plugins"))
    limiter.enabled = False
    with time_machine.travel(START):
        yield made
    may_write()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def lived(app: Flask) -> dict[str, Lived]:
    """Every programme from enabling its plugin to a certificate."""
    with time_machine.travel(START):
        groups = {one.plugin: opened(app, one) for one in PROGRAMMES}
    with time_machine.travel(AFTER_CLASS_1):
        return {one.plugin: class_homework_outcome(app, one, groups[one.plugin]) for one in PROGRAMMES}


def email(role: str, slug: str) -> str:
    return f"{role}@{slug}.example"


def sign_in(app: Flask, role: str, slug: str) -> FlaskClient:
    client = app.test_client()
    click(client, "/sign-in", email=email(role, slug), password=PASSWORD)
    return client


def organization(app: Flask, slug: str, *roles: str) -> None:
    """With an admin who coordinates, and people without a place yet."""
    with app.app_context(), saved():
        made = organizations.add_organization(f"The {slug}", slug, now=START, by=None)
        for role in ("admin", *roles):
            name = f"{role.capitalize()} of {slug}"
            person = accounts.add_person(name, email(role, slug), language="en", now=START, password=PASSWORD)
            for held in (Role.ORGANIZATION_ADMIN, Role.COORDINATOR) if role == "admin" else ():
                accounts.grant_role(person.id, held, organization=made.id, by=None, now=START)


def opened(app: Flask, programme: Programme) -> str:
    """The admin enables the plugin and publishes a group; a trainer leads it, a trainee takes part."""
    organization(app, programme.slug, "trainer", "trainee")
    admin = sign_in(app, "admin", programme.slug)
    click(admin, f"/organizations/{programme.slug}/plugins/{programme.plugin}", **programme.settings)
    plan = {"course": programme.course, "name": f"Group of {programme.plugin}", "first": "2026-03-08", "at": "10:00"}
    group = group_of(planned(admin, programme.slug, **plan))
    with app.app_context(), saved():
        cohort = session.get_one(Cohort, int(group.rpartition("/")[2]))
        trainer, trainee = (accounts.person_by_email(email(role, programme.slug)) for role in ("trainer", "trainee"))
        assert trainer
        assert trainee
        place: dict[str, Any] = {"organization": cohort.organization_id, "cohort": cohort.id}
        accounts.grant_role(trainer.id, Role.TRAINER, **place, by=None, now=START)
        cohorts.enrol(cohort, trainee, by=None, now=START)
    return group


def class_homework_outcome(app: Flask, programme: Programme, group: str) -> Lived:
    people = {role: sign_in(app, role, programme.slug) for role in ("admin", "trainer", "trainee")}
    with app.app_context():
        enrolment = session.scalars(
            select(Enrolment.id).where(Enrolment.cohort_id == int(group.rpartition("/")[2]))
        ).one()
    click(people["trainer"], f"{group}/classes/1/marks/everyone")
    click(people["trainee"], f"{group}/activities/{programme.lesson}/submissions")
    words = {f"answer{n}": WORDS for n in (1, 2, 3)} | {"text": WORDS}
    click(people["trainee"], f"{group}/activities/{programme.homework}/submissions", **words)
    text = re.search(r"/reading/(\d+)/release", click(people["trainer"], "/reading/next"))
    assert text
    click(people["trainer"], f"/reading/{text[1]}/release", came_through="I could see the chair.", decision="accept")
    person = f"{group}/people/{enrolment}"
    click(people["admin"], f"{person}/confirmations", requirement=programme.confirmed, on="2026-03-09", note="Seen")
    decide = f"{group}/outcomes/{enrolment}/decisions"
    click(people["admin"], decide, outcome=programme.outcome, reasons="Was there, and took part.")
    told = re.search(r"/decisions/(\d+)/tell", see(people["admin"], f"{group}/outcomes/{enrolment}"))
    assert told
    click(people["admin"], f"{decide}/{told[1]}/tell")
    app.extensions["lms"].extras["worker"].run_due()
    with app.app_context():
        serial = session.scalars(select(Certificate.serial).where(Certificate.person_id == trainee_id(programme))).one()
    return Lived(group, enrolment, serial, people)


def trainee_id(programme: Programme) -> int:
    person = accounts.person_by_email(email("trainee", programme.slug))
    assert person
    return person.id


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(AFTER_CLASS_1 + timedelta(hours=1), tick=False) as clock:
        yield clock


# -- each goes its whole way --------------------------------------------------------------------------------


@each
def test_the_trainee_reads_what_is_done_and_what_is_left(lived: dict[str, Lived], programme: Programme) -> None:
    here = lived[programme.plugin]
    left = said(see(here.people["trainee"], f"{here.group}/left"))
    assert programme.presence in left
    assert f"Confirmed by Admin of {programme.slug}, March 9, 2026." in left
    assert re.search(r"\d+ things left", left)


@each
def test_homework_came_back_to_whoever_wrote_it(lived: dict[str, Lived], programme: Programme) -> None:
    here = lived[programme.plugin]
    page = said(see(here.people["trainee"], f"{here.group}/activities/{programme.homework}"))
    assert WORDS in page
    assert "I could see the chair." in page


@each
def test_the_certificate_says_what_it_is_not(app: Flask, lived: dict[str, Lived], programme: Programme) -> None:
    here = lived[programme.plugin]
    page = said(see(app.test_client(), f"/certificates/{here.serial}"))
    assert "This certificate is valid." in page
    assert f"The {programme.slug}" in page
    for words in programme.says:
        assert words in page
    assert here.serial in said(see(here.people["trainee"], f"{here.group}/certificate"))


# -- nobody sees over a wall --------------------------------------------------------------------------------

WALLED = re.compile(r"/(cohorts|organizations|series|people)/|/reading/\d|/certificates/[^/]+/")
ELSEWHERE = re.compile(r"/(static|handbook|sign-out|language)\b")
A_FEW = 2


def shape(address: str) -> str:
    """Addresses that differ in numbers alone, or in which lesson or framework they show, are of one shape."""
    numbered = re.sub(r"\d+", "N", address.partition("?")[0])
    return re.sub(r"(activities|modules|frameworks|plugins|cards)/[^/]+", r"\1/NAME", numbered)


def pages_of(client: FlaskClient, *first: str) -> list[str]:
    """What somebody comes to from these pages, link by link; of one shape, a few."""
    found, waiting, shapes = [], ["/", *first], dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.status_code == 303:
            waiting.append(str(answer.location))
        if answer.status_code != 200 or address in found:
            continue
        found.append(address)
        if answer.mimetype != "text/html":
            continue
        for link in re.findall(r'(?:href|src)="(/[^"#]*)', answer.text):
            seen = shapes.get(shape(link), 0)
            if link not in found and link not in waiting and not ELSEWHERE.match(link) and seen < A_FEW:
                shapes[shape(link)] = seen + 1
                waiting.append(link.replace("&amp;", "&"))
    return [address for address in found if WALLED.match(address)]


def rooms_of(programme: Programme, here: Lived) -> tuple[str, ...]:
    """What has no link on every page."""
    organization = f"/organizations/{programme.slug}"
    return (here.group, f"{organization}/plugins/{programme.plugin}", f"{organization}/frameworks", "/reading")


@pytest.fixture(scope="module")
def walks(lived: dict[str, Lived]) -> dict[str, dict[str, list[str]]]:
    """By plugin and role, what somebody comes to in their organization."""
    with time_machine.travel(AFTER_CLASS_1 + timedelta(minutes=5)):
        return {
            one.plugin: {
                role: pages_of(client, *rooms_of(one, lived[one.plugin]))
                for role, client in lived[one.plugin].people.items()
            }
            for one in PROGRAMMES
        }


@each
def test_every_page_of_one_is_not_found_by_people_of_another(
    lived: dict[str, Lived], walks: dict[str, dict[str, list[str]]], programme: Programme
) -> None:
    walked = walks[programme.plugin]
    assert len(walked["admin"]) > len(walked["trainer"]) > len(walked["trainee"]) > 10, "the walk came to something"
    names = list(lived)
    beside = lived[names[names.index(programme.plugin) - 1]].people
    others = [beside["trainer"], beside["trainee"]]
    others += [one.people["admin"] for plugin, one in lived.items() if plugin != programme.plugin]
    for address in dict.fromkeys(address for addresses in walked.values() for address in addresses):
        assert {client.get(address).status_code for client in others} == {404}, address


@each
def test_the_walk_came_to_every_kind_of_room(walks: dict[str, dict[str, list[str]]], programme: Programme) -> None:
    walked = " ".join(shape(address) for addresses in walks[programme.plugin].values() for address in addresses)
    for room in ("course", "activities/NAME", "classes/N", "people/N", "outcomes/N", "certificate", "plugins/NAME"):
        assert f"/{room}" in walked, room
    assert ("/reports/" in walked) == (programme is NORTHSIDE), "which alone brings one"


@each
def test_settings_and_courses_stay_within_their_organization(lived: dict[str, Lived], programme: Programme) -> None:
    """A plugin is there for everybody to enable; what one organization typed, and its course, is not."""
    admin = lived[programme.plugin].people["admin"]
    offered = see(admin, f"/organizations/{programme.slug}/cohorts/new")
    for other in PROGRAMMES:
        assert (f'value="{other.course}"' in offered) == (other is programme)
        typed = see(admin, f"/organizations/{programme.slug}/plugins/{other.plugin}")
        assert ("Signe Lind" in typed) == (programme is NORTHSIDE and other is NORTHSIDE)


# -- frameworks: the maps with everything installed together ------------------------------------------------

TITLES = (
    "Core peer support training",
    "Peer support in ten weeks",
    "Peer support in five days",
    "Paid pathway in peer support",
    "Peer support worker training",
)


@pytest.fixture(scope="module")
def lantern(app: Flask) -> FlaskClient:
    """The admin of an organization that has turned on everything; signed in after the first class."""
    organization(app, "lantern")
    with time_machine.travel(AFTER_CLASS_1):
        admin = sign_in(app, "admin", "lantern")
        for plugin in (*(one.plugin for one in PROGRAMMES), "peerstandards"):
            settings = NORTHSIDE.settings if plugin == "northside" else {"weekly": "core-values"}
            click(admin, f"/organizations/lantern/plugins/{plugin}", **settings)
        return admin


def test_who_has_all_of_them_sees_all_courses_beside_each_other(lantern: FlaskClient) -> None:
    page = said(see(lantern, "/organizations/lantern/frameworks/core-values"))
    assert all(title in page for title in TITLES)
    assert page.partition("What no module teaches")[2].strip().startswith("Each item is taught in some module.")
    assert "Last reviewed on" in page


def test_what_nobody_teaches_even_together_is_named(lantern: FlaskClient) -> None:
    page = said(see(lantern, "/organizations/lantern/frameworks/psc-competencies"))
    untaught = page.partition("What no module teaches")[2].partition("This looks at")[0]
    assert "Demeanour" in untaught
    assert "Initiative and commitment (to be checked against its source)" in untaught
    assert "Hope" not in untaught


def test_who_has_not_turned_the_frameworks_on_has_none(lived: dict[str, Lived], lantern: FlaskClient) -> None:
    admin = lived["tidewater"].people["admin"]
    assert "No plugin in use here brings a framework." in said(see(admin, "/organizations/org-tidewater/frameworks"))
    for address in pages_of(lantern, "/organizations/lantern/frameworks"):
        assert admin.get(address).status_code == 404, address
