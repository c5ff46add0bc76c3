"""Two people do the same at the same moment, on PostgreSQL: one row comes of it, and nobody meets an error page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select

from lms import migrations
from lms.app import ROOT, create_app
from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Place, Role, SignedIn
from lms.features.attendance import actions as attendance
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import invitations, queries
from lms.features.cohorts.models import Cohort, Invitation
from lms.features.decisions import actions as decisions
from lms.features.decisions.models import Decision
from lms.features.organizations.models import Organization
from lms.features.progress import actions as progress
from lms.features.progress.models import Vouching
from lms.features.roleplay import actions as roleplay
from lms.features.roleplay.models import FormedGroups
from lms.features.roleplay.rules import History
from lms.host.config import load_config
from lms.host.db import db, may_write, saved, session
from lms.host.errors import Refused
from lms.host.plugins import find_plugins
from lms.plugin_api.values import MeetingState, Status
from tests.features.conftest import NOW
from tests.world import World, build_world

pytestmark = pytest.mark.postgres

Act = Callable[[], object]


@pytest.fixture
def app(postgres_url: str, tmp_path: object) -> Iterator[Flask]:
    engine = create_engine(postgres_url)
    migrations.upgrade(engine)
    engine.dispose()
    given = {"rate_limits": False, "database_url": postgres_url}
    made = create_app(load_config(tmp_path, environ={}, given=given), find_plugins(ROOT / "plugins"))  # type: ignore[arg-type]
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app, NOW)


def both(app: Flask, act: Act) -> list[str]:
    """`act` twice: the second begins while the first is not kept yet. "done", or the sentence that one reads."""
    told = {"first": "", "second": ""}
    begun = threading.Event()

    def first() -> None:
        with app.app_context():
            may_write()
            with saved():
                act()
                session.flush()
                begun.set()
                time.sleep(0.4)
            told["first"] = "done"

    def second() -> None:
        begun.wait(10)
        with app.app_context():
            may_write()
            try:
                with saved():
                    act()
                told["second"] = "done"
            except Refused as refused:
                told["second"] = str(refused.sentence)
            except Exception as error:
                told["second"] = repr(error)

    threads = [threading.Thread(target=one, daemon=True) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return list(told.values())


def count(app: Flask, what: object) -> int:
    with app.app_context():
        return session.scalar(select(func.count()).select_from(what)) or 0  # type: ignore[arg-type]


def rosa_here(world: World) -> queries.Here:
    northside = world.organizations["northside"]
    places = (Place(Role.COORDINATOR, northside, None),)
    who = SignedIn(world.people["Rosa"], "Rosa", "rosa@example.org", "en", "", places)
    return queries.cohort_for(who, world.cohorts["evening"])


def test_one_decision(app: Flask, world: World) -> None:
    def decide() -> None:
        here = rosa_here(world)
        member = queries.member(here.id, world.enrolments["Sam"])
        decisions.decide(here, member, "level-1", "Took part.", (), now=NOW)

    assert both(app, decide) == ["done", "done"]
    assert count(app, Decision) == 1


def acting(world: World) -> progress.Acting:
    return progress.Acting(world.people["Rosa"], world.organizations["northside"], world.people["Sam"], NOW)


def test_one_confirmation(app: Flask, world: World) -> None:
    def confirm() -> None:
        course = rosa_here(world).course
        talk = next(r for r in course.requirements if r.id == "final-talk")
        progress.confirm(world.enrolments["Sam"], talk, NOW.date(), "", acting(world))

    assert both(app, confirm) == ["done", "done"]
    assert count(app, Vouching) == 1


def test_one_waiver(app: Flask, world: World) -> None:
    def waive() -> None:
        course = rosa_here(world).course
        practice = next(r for r in course.requirements if r.id == "role-play")
        progress.waive(world.enrolments["Sam"], course, practice, "level-1", "Sore hands.", acting(world))

    assert both(app, waive) == ["done", "done"]
    assert count(app, Vouching) == 1


def sixth(world: World) -> attendance.ClassFacts:
    meeting = world.meetings["evening"][5]
    return attendance.ClassFacts(meeting, world.organizations["northside"], NOW, MeetingState.PLANNED)


def test_one_mark(app: Flask, world: World) -> None:
    def mark() -> None:
        attendance.mark(sixth(world), world.enrolments["Sam"], Status.LATE, by=world.people["Amina"], now=NOW)

    assert both(app, mark) == ["done", "done"]
    assert count(app, AttendanceMark) == 1


def test_everyone_is_marked_once(app: Flask, world: World) -> None:
    def everyone() -> None:
        enrolments = [world.enrolments[name] for name in ("Sam", "Kim")]
        attendance.everyone_is_here(sixth(world), enrolments, by=world.people["Amina"], now=NOW)

    assert both(app, everyone) == ["done", "done"]
    assert count(app, AttendanceMark) == 2


def test_a_mark_waits_for_the_class_that_is_being_cancelled(app: Flask, world: World) -> None:
    """The second has read that the class is planned, and reads the truth before it marks."""
    turns = iter(("cancel", "mark"))

    def act() -> None:
        if next(turns) == "cancel":
            evening = session.get_one(Cohort, world.cohorts["evening"])
            cohorts.cancel_meeting(evening, sixth(world).meeting_id, "", by=world.people["Rosa"], now=NOW)
        else:
            attendance.mark(sixth(world), world.enrolments["Sam"], Status.LATE, by=world.people["Amina"], now=NOW)

    assert both(app, act) == ["done", "This class was cancelled. It counts against no one."]
    assert count(app, AttendanceMark) == 0


def test_one_set_of_groups(app: Flask, world: World) -> None:
    def form() -> None:
        course = rosa_here(world).course
        cards = list(course.cards)
        present = [world.enrolments["Sam"], world.enrolments["Kim"]]
        roleplay.form_anew(
            sixth(world).meeting_id,
            present,
            History(),
            cards,
            {},
            rounds=2,
            by=world.people["Amina"],
            organization=world.organizations["northside"],
            now=NOW,
            seen=0,
        )

    assert both(app, form) == ["done", "done"]
    assert count(app, FormedGroups) == 1


def test_one_of_two_who_accept_the_same_invitation(app: Flask, world: World) -> None:
    with app.app_context(), saved():
        northside = session.get_one(Organization, world.organizations["northside"])
        ((invitation, token),) = invitations.invite(
            northside, None, ["wes@example.org"], Role.TRAINER, by=world.people["Olga"], now=NOW
        )
        id = invitation.id
    assert token

    def accept() -> None:
        found = session.get_one(Invitation, id)
        invitations.take_invitation(found, now=NOW)
        cohorts.accept_invitation(found, session.get_one(Person, world.people["Wes"]), now=NOW)

    assert both(app, accept) == ["done", "This invitation no longer works. If you said yes already, sign in."]


@pytest.mark.parametrize("place", ["host", "organization", "cohort"])
def test_a_role_is_held_once(app: Flask, world: World, place: str) -> None:
    organization = None if place == "host" else world.organizations["northside"]
    cohort = world.cohorts["evening"] if place == "cohort" else None

    def grant() -> None:
        wes = world.people["Wes"]
        accounts.grant_role(wes, Role.TRAINER, organization=organization, cohort=cohort, by=None, now=NOW)

    assert both(app, grant) == ["done", "Somebody did this at the same moment. Look at the page again."]
    with app.app_context():
        held = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.people["Wes"])).all()
        assert len([one for one in held if one.role == Role.TRAINER]) == 1


def test_one_move(app: Flask, world: World) -> None:
    later = NOW.replace(hour=23)
    moved: list[bool] = []

    def move() -> None:
        evening = session.get_one(Cohort, world.cohorts["evening"])
        moved.append(
            cohorts.move_meeting(evening, sixth(world).meeting_id, later, by=world.people["Rosa"], now=NOW)
        )

    assert both(app, move) == ["done", "done"]
    assert moved == [True, False]
