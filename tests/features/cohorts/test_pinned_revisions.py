"""A running group stands on the course as it was when it was published, whatever happens to files and plugins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import queries
from lms.features.cohorts.models import Cohort, CourseRevision
from lms.features.organizations import actions as organizations
from lms.host.db import saved, session
from tests.features.conftest import NOW
from tests.pages import said
from tests.plugin_api.course_factory import PIXEL, CourseFolder, make_course
from tests.world import PASSWORD

COURSE = "host:welcome"


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return tmp_path / "courses"


@pytest.fixture
def course(courses: Path) -> CourseFolder:
    return make_course(courses)


@pytest.fixture
def start(make_app: Callable[..., Flask], courses: Path, clock: time_machine.Coordinates) -> Callable[[], Flask]:
    """Start the host on the files as they are now; nothing is remembered from before but the database."""

    def begin() -> Flask:
        queries._revisions.clear()
        return make_app(courses_folder=str(courses))

    return begin


def publish(app: Flask, name: str = "Group") -> int:
    """A new group on the course as it is offered now, with Sam in it; its id."""
    host = app.extensions["lms"]
    with app.app_context(), saved():
        organization = organizations.add_organization(name, name.lower(), now=NOW, by=None)
        sam = accounts.person_by_email("sam@example.org") or accounts.add_person(
            "Sam", "sam@example.org", language="en", now=NOW, password=PASSWORD
        )
        accounts.grant_role(sam.id, Role.COORDINATOR, organization=organization.id, by=None, now=NOW)
        plan = cohorts.NewCohort(name, "en", [NOW + timedelta(days=1)])
        made = cohorts.publish_cohort(
            organization, host.catalog.courses[COURSE], plan, host.guard.host, by=sam.id, now=NOW
        )
        cohorts.enrol(made, sam, by=None, now=NOW)
        return made.id


def sam_at(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "sam@example.org", "password": PASSWORD}).status_code == 303
    return client


def digests(app: Flask) -> list[str]:
    with app.app_context():
        return list(session.scalars(select(Cohort.revision_digest).order_by(Cohort.id)))


def test_a_changed_file_does_not_change_a_running_group(course: CourseFolder, start: Callable[[], Flask]) -> None:
    app = start()
    old = publish(app)
    before = said(sam_at(app).get(f"/cohorts/{old}/activities/what-i-heard"))
    assert "Write a few lines." in before
    course.change("modules/listening/what-i-heard.md", "Write a few lines.", "Draw a picture.")
    course.change("course.yaml", "title: {en: Welcome, fr: Bienvenue}", "title: {en: Goodbye, fr: Au revoir}")
    later = start()
    new = publish(later, "Newer")
    sam = sam_at(later)
    assert said(sam.get(f"/cohorts/{old}/activities/what-i-heard")) == before
    assert "Welcome" in said(sam.get(f"/cohorts/{old}/course"))
    assert "Draw a picture." in said(sam.get(f"/cohorts/{new}/activities/what-i-heard"))
    assert "Goodbye" in said(sam.get(f"/cohorts/{new}/course"))
    assert len(set(digests(later))) == 2


def test_the_same_content_has_the_same_digest_and_is_kept_once(
    course: CourseFolder, start: Callable[[], Flask]
) -> None:
    first = start()
    publish(first)
    text = (course.path / "course.yaml").read_text(encoding="utf-8")
    course.write("course.yaml", f"# Only a remark, and other line ends.\n{text}".replace("\n", "\r\n"))
    second = start()
    publish(second, "Newer")
    assert len(set(digests(second))) == 1
    with second.app_context():
        assert len(session.scalars(select(CourseRevision)).all()) == 1


@pytest.mark.parametrize("end", ["gone", "faulty"])
def test_a_course_that_is_gone_or_broken_goes_on_for_those_in_it(
    course: CourseFolder, start: Callable[[], Flask], end: str
) -> None:
    app = start()
    group = publish(app)
    if end == "gone":
        course.remove("course.yaml")
    else:
        course.change("course.yaml", "policy: share-of-classes", "policy: nobody-has-this")
    later = start()
    offered = later.extensions["lms"].catalog.courses.get(COURSE)
    assert offered is None or offered.course is None, "no new group can choose it"
    sam = sam_at(later)
    for path in ("", "/course", "/modules/listening", "/activities/what-i-heard", "/left", "/attendance", "/classes/1"):
        answer = sam.get(f"/cohorts/{group}{path}")
        assert answer.status_code == 200, path
    assert "Write a few lines." in said(sam.get(f"/cohorts/{group}/activities/what-i-heard"))


def test_pictures_stay_with_the_group_that_began_with_them(course: CourseFolder, start: Callable[[], Flask]) -> None:
    app = start()
    group = publish(app)
    course.write("pictures/bench.png", PIXEL + b"another")
    sam = sam_at(start())
    page = sam.get(f"/cohorts/{group}/activities/a-slow-talk").text
    address = page.partition('src="/pictures/')[2].partition('"')[0]
    picture = sam.get(f"/pictures/{address}")
    assert picture.data == PIXEL
    assert "immutable" in picture.headers["Cache-Control"]


def test_a_picture_is_not_for_people_who_are_signed_out(course: CourseFolder, start: Callable[[], Flask]) -> None:
    app = start()
    group = publish(app)
    page = sam_at(app).get(f"/cohorts/{group}/activities/a-slow-talk").text
    address = page.partition('src="/pictures/')[2].partition('"')[0]
    assert app.test_client().get(f"/pictures/{address}").status_code == 303
