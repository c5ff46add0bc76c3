"""A small world for journeys and benches: two organizations, named people, running groups.

Northside: Sam and Kim are trainees of the evening group that Amina leads; Wes is a trainee of the morning group that Luc
leads; Rosa coordinates; Olga is organization admin. Deux-Rives: Camille is its admin, Léa its trainer, Maël a trainee.
Noor runs the host. Everyone's password is PASSWORD.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from lms import migrations
from lms.app import ROOT, create_app
from lms.features.accounts import actions as accounts
from lms.features.accounts import passwords
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.attendance import actions as attendance
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import queries as cohort_queries
from lms.features.cohorts.models import Cohort, CourseRevision, Enrolment, Meeting
from lms.features.organizations import actions as organizations
from lms.features.organizations.models import Organization
from lms.features.submissions import actions as submissions
from lms.host.config import load_config
from lms.host.db import db, may_write, saved, session
from lms.host.plugins import find_plugins
from lms.host.web import Host
from lms.plugin_api.values import Answer, MeetingState, Status

PASSWORD = "kettle-window-path"
NORTHSIDE_COURSE = "northside:core-peer-support"
FIRST_HOMEWORK = "how-i-arrive"


def northside_app(folder: Path, migrated_database: Path) -> Flask:
    """An app with the plugins of this repository, on a database of its own."""
    folder.mkdir(exist_ok=True)
    shutil.copy(migrated_database, folder / "lms.sqlite")
    config = load_config(folder, environ={}, given={"rate_limits": False})
    return create_app(config, find_plugins(ROOT / "plugins"))


@contextmanager
def app_on_postgres(url: str, folder: Path) -> Iterator[Flask]:
    """An app with the plugins of this repository on an empty database of PostgreSQL; its connections end with it."""
    engine = create_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    made = create_app(
        load_config(folder, environ={}, given={"rate_limits": False, "database_url": url}),
        find_plugins(ROOT / "plugins"),
    )
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@dataclass
class World:
    """Ids of everything, so that it can be used outside the session that made it."""

    people: dict[str, int] = field(default_factory=dict)
    enrolments: dict[str, int] = field(default_factory=dict)
    cohorts: dict[str, int] = field(default_factory=dict)
    meetings: dict[str, list[int]] = field(default_factory=dict)
    organizations: dict[str, int] = field(default_factory=dict)


def email_of(name: str) -> str:
    return f"{name.lower()}@example.org"


def build_world(app: Flask, now: datetime | None = None, *, extra_people: int = 0) -> World:
    """The whole world in the app's empty database; the evening group has held five classes."""
    host: Host = app.extensions["lms"]
    now = now or datetime.now(UTC)
    world = World()
    with app.app_context(), saved():
        _Builder(host, now, world).build(extra_people)
    return world


@dataclass
class _Builder:
    host: Host
    now: datetime
    world: World
    password_hash: str = field(default_factory=lambda: passwords.hash_password(PASSWORD))

    def build(self, extra_people: int) -> None:
        northside = self.organization("northside", "Northside Peer Training")
        rives = self.organization("deux-rives", "Maison Deux-Rives")
        rosa = self.person("Rosa", northside, Role.COORDINATOR)
        self.person("Olga", northside, Role.ORGANIZATION_ADMIN)
        self.person("Camille", rives, Role.ORGANIZATION_ADMIN, Role.COORDINATOR)
        noor = self.person("Noor")
        accounts.grant_role(noor.id, Role.HOST_ADMIN, organization=None, by=None, now=self.now)
        plugin = self.host.guard.host.plugins["northside"]
        organizations.enable_plugin(northside, plugin, {}, by=rosa.id, now=self.now)
        evening = self.cohort("evening", northside, rosa)
        morning = self.cohort("morning", northside, rosa)
        rivers = self.cohort("rivers", rives, rosa)
        for name, cohort in (("Amina", evening), ("Luc", morning), ("Léa", rivers)):
            trainer = self.person(name)
            accounts.grant_role(
                trainer.id,
                Role.TRAINER,
                organization=cohort.organization_id,
                cohort=cohort.id,
                by=rosa.id,
                now=self.now,
            )
        for name, cohort in (("Sam", evening), ("Kim", evening), ("Wes", morning), ("Maël", rivers)):
            self.enrol(name, cohort)
        for number in range(extra_people):
            self.enrol(f"Person{number:03}", evening)

    def organization(self, slug: str, name: str) -> Organization:
        made = organizations.add_organization(name, slug, now=self.now, by=None)
        self.world.organizations[slug] = made.id
        return made

    def person(self, name: str, organization: Organization | None = None, *roles: Role) -> Person:
        made = accounts.add_person(name, email_of(name), language="en", now=self.now)
        made.password_hash = self.password_hash
        self.world.people[name] = made.id
        for role in roles:
            assert organization is not None
            accounts.grant_role(made.id, role, organization=organization.id, by=None, now=self.now)
        return made

    def cohort(self, name: str, organization: Organization, by: Person) -> Cohort:
        """A cohort whose first five classes are over and whose sixth begins in two hours."""
        offered = self.host.catalog.courses[NORTHSIDE_COURSE]
        assert offered.course is not None
        sixth = self.now + timedelta(hours=2)
        starts = [sixth + timedelta(days=3 * (n - 6)) for n in range(1, len(offered.course.classes) + 1)]
        plan = cohorts.NewCohort(f"{name.capitalize()} group", "en", starts)
        made = cohorts.publish_cohort(organization, offered, plan, self.host.guard.host, by=by.id, now=starts[0])
        made.published_at = starts[0]
        self.world.cohorts[name] = made.id
        session.flush()
        rows = session.query(Meeting).filter_by(cohort_id=made.id).order_by(Meeting.number)
        self.world.meetings[name] = [meeting.id for meeting in rows]
        return made

    def enrol(self, name: str, cohort: Cohort) -> Enrolment:
        first = session.query(Meeting).filter_by(cohort_id=cohort.id, number=1).one()
        person = self.person(name)
        made = cohorts.enrol(cohort, person, by=None, now=first.starts_at - timedelta(days=2))
        self.world.enrolments[name] = made.id
        return made


def sign_in(app: Flask, name: str) -> FlaskClient:
    """A browser in which this person has signed in."""
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": email_of(name), "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def held_classes(app: Flask, world: World, cohort: str, away: dict[str, list[int]]) -> None:
    """Roll call for the five classes that are over: everyone here but those named in `away`."""
    with app.app_context(), saved():
        enrolments = [e.id for e in session.query(Enrolment).filter_by(cohort_id=world.cohorts[cohort])]
        for number, meeting_id in enumerate(world.meetings[cohort][:5], start=1):
            meeting = session.get_one(Meeting, meeting_id)
            facts = attendance.ClassFacts(
                meeting_id, world.organizations["northside"], meeting.starts_at, MeetingState.HELD
            )
            for name, numbers in away.items():
                if number in numbers:
                    enrolment = world.enrolments[name]
                    attendance.mark(facts, enrolment, Status.AWAY, by=world.people["Amina"], now=meeting.starts_at)
            attendance.everyone_is_here(facts, enrolments, by=world.people["Amina"], now=meeting.starts_at)


def sent_homework(
    app: Flask, world: World, name: str, text: str = "A small moment.", activity: str = FIRST_HOMEWORK
) -> int:
    """Something that `name` of the evening group has sent; its id."""
    with app.app_context(), saved():
        author = submissions.Author(
            world.enrolments[name], world.cohorts["evening"], world.organizations["northside"], world.people[name]
        )
        now = datetime.now(UTC) - timedelta(hours=1)
        sent = submissions.submit(author, activity, Answer(text), {"text": text}, reviewed=True, now=now)
        return sent.id


@contextmanager
def course_where(app: Flask, cohort: int, change: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """The pinned course of a cohort as `change` makes it; what processes remember of courses is forgotten around it."""
    may_write()
    with app.app_context(), saved():
        revision = session.get_one(CourseRevision, session.get_one(Cohort, cohort).revision_digest)
        course = json.loads(revision.course_json)
        change(course)
        revision.course_json = json.dumps(course)
    forget_revisions()
    yield
    forget_revisions()


def forget_revisions() -> None:
    cohort_queries._revisions.clear()


def with_clock(activity: str) -> Callable[[dict[str, Any]], None]:
    """A change of a course: this piece has an hour."""

    def change(course: dict[str, Any]) -> None:
        (found,) = (a for module in course["modules"] for a in module["activities"] if a["id"] == activity)
        found["clock"] = {"minutes": 60}

    return change


def keeping_words(days: int) -> Callable[[dict[str, Any]], None]:
    """A change of a course: words stay so many days after the end of a group."""

    def change(course: dict[str, Any]) -> None:
        course["review"]["keep_words_days"] = days

    return change


def ended(app: Flask, cohort: int, at: datetime) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Cohort, cohort).closed_at = at
