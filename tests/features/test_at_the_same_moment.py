"""Two people do the same at the same moment, on PostgreSQL: one row comes of it, and nobody meets an error page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.builtin.role_play import DYAD
from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Place, Role, SignedIn
from lms.features.attendance import actions as attendance
from lms.features.attendance import makeups, questions
from lms.features.attendance.models import AttendanceMark
from lms.features.attendance.rules import Told
from lms.features.care import actions as care
from lms.features.care.models import Accommodation, Concern
from lms.features.certificates import actions as certificates
from lms.features.certificates.models import Certificate, CertificateEvent
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import classes, invitations, plans, queries
from lms.features.cohorts.acting import Acting
from lms.features.cohorts.models import Cohort, CohortPlan, Enrolment, Invitation, Meeting
from lms.features.cohorts.places import move_place
from lms.features.decisions import actions as decisions
from lms.features.decisions.models import Decision
from lms.features.grouping import forming
from lms.features.grouping.formats import Format
from lms.features.grouping.models import FormedGroups
from lms.features.grouping.rules import History
from lms.features.organizations.models import Organization
from lms.features.progress import actions as progress
from lms.features.progress.models import Vouching
from lms.features.reading import talks as talked
from lms.features.reading.actions import NO_TERMS, Feedback
from lms.features.roleplay.keeping import keep_groups
from lms.features.series import actions as series
from lms.features.series.models import SeriesEvent, SeriesGuest
from lms.features.submissions import clock
from lms.features.submissions.actions import Author
from lms.features.submissions.models import Review, Submission, WorkClock
from lms.features.talks import actions as talks
from lms.features.talks.models import Talk
from lms.host.db import locked, may_write, saved, session
from lms.host.errors import Refused
from lms.plugin_api.content import Clock
from lms.plugin_api.values import MakeUp, MeetingState, Status, Text
from tests.features.conftest import NOW
from tests.pages import form_to
from tests.planning import PLAN, begun, send
from tests.world import World, app_on_postgres, build_world, sign_in

pytestmark = pytest.mark.postgres

Act = Callable[[], object]


@pytest.fixture
def app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    with app_on_postgres(postgres_url, tmp_path) as app:
        yield app


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app, NOW)


def both(app: Flask, act: Act, begun: threading.Event | None = None) -> list[str]:
    """`act` twice: the second begins while the first is not kept yet. "done", or the sentence that one reads.

    Where the second must begin in the middle of the first, the first sets `begun` itself and waits a little.
    """
    told = {"first": "", "second": ""}
    begun = begun or threading.Event()

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


def acting(world: World) -> Acting:
    return Acting(world.people["Rosa"], world.organizations["northside"], world.people["Sam"], NOW)


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


OPTION = MakeUp("meet", Text("Meet", "Rencontre"), Text("All of it", "Tout"), "one-to-one")


@pytest.mark.parametrize("asks", ["a question", "a make-up"])
def test_a_trainer_marks_while_the_person_asks(app: Flask, world: World, asks: str) -> None:
    """One holds the class and points at the place in the group, the other the other way round: nobody waits in vain."""
    enrolment, sam, northside = world.enrolments["Sam"], world.people["Sam"], world.organizations["northside"]
    both_hold, told = threading.Barrier(2, timeout=10), {}

    def mark() -> None:
        attendance.mark(sixth(world), enrolment, Status.AWAY, by=world.people["Amina"], now=NOW)

    def ask() -> None:
        if asks == "a question":
            questions.ask(sixth(world), enrolment, "I was there.", by=sam, now=NOW)
        else:
            acting = Acting(sam, northside, sam, NOW)
            makeups.ask(sixth(world).meeting_id, enrolment, makeups.Chosen(OPTION), acting)

    def run(name: str, model: type[Meeting] | type[Enrolment], id: int, act: Act) -> None:
        with app.app_context():
            may_write()
            try:
                with saved():
                    locked(model, id)
                    both_hold.wait()
                    act()
                told[name] = "done"
            except Exception as error:
                told[name] = repr(error)

    first = threading.Thread(target=run, args=("mark", Meeting, sixth(world).meeting_id, mark), daemon=True)
    second = threading.Thread(target=run, args=("ask", Enrolment, enrolment, ask), daemon=True)
    for thread in (first, second):
        thread.start()
    for thread in (first, second):
        thread.join(30)
    assert told == {"mark": "done", "ask": "done"}


def test_everyone_is_marked_once(app: Flask, world: World) -> None:
    def everyone() -> None:
        enrolments = [world.enrolments[name] for name in ("Sam", "Kim")]
        attendance.everyone_is_here(sixth(world), enrolments, by=world.people["Amina"], now=NOW)

    assert both(app, everyone) == ["done", "done"]
    assert count(app, AttendanceMark) == 2


def test_one_check_in(app: Flask, world: World) -> None:
    """Two taps on "I am here"."""

    def arrive() -> None:
        sam, told = world.people["Sam"], Told(Status.HERE)
        attendance.check_in(sixth(world), world.enrolments["Sam"], told, by=sam, now=NOW)

    assert both(app, arrive) == ["done", "done"]
    assert count(app, AttendanceMark) == 1


def test_the_mark_of_a_trainer_stands_over_a_check_in_of_the_same_second(app: Flask, world: World) -> None:
    turns = iter(("mark", "arrive"))

    def act() -> None:
        if next(turns) == "mark":
            attendance.mark(sixth(world), world.enrolments["Sam"], Status.LATE, by=world.people["Amina"], now=NOW)
        else:
            sam, told = world.people["Sam"], Told(Status.HERE)
            attendance.check_in(sixth(world), world.enrolments["Sam"], told, by=sam, now=NOW)

    assert both(app, act) == ["done", "done"]
    with app.app_context():
        assert [mark.status for mark in session.scalars(select(AttendanceMark))] == [Status.LATE]


def test_a_mark_waits_for_the_class_that_is_being_cancelled(app: Flask, world: World) -> None:
    """The second has read that the class is planned, and reads the truth before it marks."""
    turns = iter(("cancel", "mark"))

    def act() -> None:
        if next(turns) == "cancel":
            evening = session.get_one(Cohort, world.cohorts["evening"])
            classes.cancel_meeting(evening, sixth(world).meeting_id, "", by=world.people["Rosa"], now=NOW)
        else:
            attendance.mark(sixth(world), world.enrolments["Sam"], Status.LATE, by=world.people["Amina"], now=NOW)

    assert both(app, act) == ["done", "This class was cancelled. It counts against no one."]
    assert count(app, AttendanceMark) == 0


def test_a_notice_is_not_withdrawn_over_the_mark_of_a_trainer(app: Flask, world: World) -> None:
    """Sam can come after all, and Amina marks Sam as here before that is kept: her mark stands."""
    class_in_the_evening = replace(sixth(world), starts_at=NOW.replace(hour=23))
    sam, amina, place = world.people["Sam"], world.people["Amina"], world.enrolments["Sam"]
    with app.app_context(), saved():
        attendance.tell_before(class_in_the_evening, place, "dentist", by=sam, now=NOW)
    turns = iter(("mark", "withdraw"))

    def act() -> None:
        if next(turns) == "mark":
            attendance.mark(class_in_the_evening, place, Status.HERE, by=amina, now=NOW)
        else:
            attendance.can_come_after_all(class_in_the_evening, place, by=sam, now=NOW)

    assert both(app, act) == ["done", "done"]
    with app.app_context():
        marks = session.scalars(select(AttendanceMark).order_by(AttendanceMark.sequence)).all()
        assert [mark.status for mark in marks] == [Status.TOLD_US, Status.HERE]


def test_what_a_guest_says_last_stands(app: Flask, world: World) -> None:
    """Sam says no on one device, and yes on another that had read the yes before."""
    sam = world.people["Sam"]
    with app.app_context(), saved():
        about = series.About("Circle", "", "en", None, frozenset([world.cohorts["evening"]]))
        made = series.make_series(world.organizations["northside"], about, by=world.people["Rosa"], now=NOW)
        series.plan_events(made, [NOW + timedelta(days=1)], series.Where(60), by=world.people["Rosa"], now=NOW)
        event = session.scalars(select(SeriesEvent.id)).one()
        series.say_coming(event, True, by=sam, now=NOW)
    turns = iter((False, True))

    def act() -> None:
        read = session.scalars(select(SeriesGuest)).all()
        series.say_coming(event, next(turns), by=sam, now=NOW)
        assert len(read) == 1

    assert both(app, act) == ["done", "done"]
    with app.app_context():
        assert session.scalars(select(SeriesGuest.coming)).all() == [True]


def test_a_plan_that_somebody_changes_at_the_same_moment_is_looked_at_again(app: Flask, world: World) -> None:
    rosa = sign_in(app, "Rosa")
    plan = begun(rosa)
    send(rosa, plan, "when", **PLAN)
    shown = form_to(rosa.get(f"{plan}/check"), f"{plan}/publish").fields
    kept, told = threading.Event(), {}

    def keep() -> None:
        with app.app_context():
            may_write()
            with saved():
                plans.keep(session.get_one(CohortPlan, int(plan.rpartition("/")[2])), {"name": "Winter"}, now=NOW)
                session.flush()
                kept.set()
                time.sleep(0.6)

    def publish() -> None:
        kept.wait(10)
        told["status"] = rosa.post(f"{plan}/publish", data=shown).status_code

    threads = [threading.Thread(target=one, daemon=True) for one in (keep, publish)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told == {"status": 422}
    with app.app_context():
        assert session.scalars(select(CohortPlan)).one().fields["name"] == "Winter"


def test_somebody_comes_back_while_they_are_moved_there(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both hold the group before the place in it: nobody waits in vain."""
    evening, morning, sam = world.cohorts["evening"], world.cohorts["morning"], world.people["Sam"]
    with app.app_context(), saved():
        group = session.get_one(Cohort, morning)
        group.places = 50
        place = cohorts.enrol(group, session.get_one(Person, sam), by=None, now=NOW)
        cohorts.leave(group, place.id, by=world.people["Rosa"], now=NOW)
    in_the_middle, room_in, told = threading.Event(), cohorts._room_in, {}

    def look_slowly(group: Cohort) -> None:
        in_the_middle.set()
        time.sleep(0.6)
        room_in(group)

    monkeypatch.setattr(cohorts, "_room_in", look_slowly)

    def come_back() -> None:
        cohorts.enrol(session.get_one(Cohort, morning), session.get_one(Person, sam), by=None, now=NOW)

    def move() -> None:
        here = rosa_here(world)
        member = queries.member(evening, world.enrolments["Sam"])
        move_place(here, member, session.get_one(Cohort, morning), by=world.people["Rosa"], now=NOW)

    def run(name: str, act: Act) -> None:
        with app.app_context():
            may_write()
            try:
                with saved():
                    act()
                told[name] = "done"
            except Exception as error:
                told[name] = type(error).__name__

    first = threading.Thread(target=run, args=("comes back", come_back), daemon=True)
    second = threading.Thread(target=run, args=("is moved", move), daemon=True)
    first.start()
    assert in_the_middle.wait(10)
    second.start()
    for thread in (first, second):
        thread.join(30)
    assert told == {"comes back": "done", "is moved": "Refused"}


def told_decision(world: World, outcome: str) -> int:
    here = rosa_here(world)
    member = queries.member(here.id, world.enrolments["Sam"])
    decision = decisions.decide(here, member, outcome, "Took part.", (), now=NOW)
    decisions.tell(here, member, decision, now=NOW)
    return decision.id


def page_of(serial: str) -> str:
    return f"https://learn.example.org/certificates/{serial}"


@pytest.mark.parametrize(
    ("what", "sentence"), [("reissue", "This certificate does not stand any more."), ("revoke", "done")]
)
def test_a_certificate_is_changed_after_a_newer_decision_is_through(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, what: str, sentence: str
) -> None:
    """The worker looks at what stood before while Rosa changes it: neither waits for the other for ever."""
    guard, rosa = app.extensions["lms"].guard, world.people["Rosa"]
    with app.app_context():
        with saved():
            first = told_decision(world, "level-1")
        with saved():
            made = certificates.issue_from_decision(first, guard, page_of, now=NOW)
            assert made
            id = made.id
        with saved():
            plain = next(outcome.id for outcome in rosa_here(world).course.outcomes if not outcome.certificate)
            newer = told_decision(world, plain)
    begun, look = threading.Event(), certificates._earlier

    def look_slowly(*which: int, **more: int) -> list[Certificate]:
        found = look(*which, **more)
        begun.set()
        time.sleep(0.4)
        return found

    monkeypatch.setattr(certificates, "_earlier", look_slowly)
    turns = iter(("newer", what))

    def act() -> None:
        turn = next(turns)
        if turn == "newer":
            certificates.issue_from_decision(newer, guard, page_of, now=NOW)
        elif turn == "reissue":
            certificate = session.get_one(Certificate, id)
            certificates.reissue(certificate, "Samuel", "A slip", guard, page_of, by=rosa, now=NOW)
        else:
            certificates.revoke(session.get_one(Certificate, id), "A slip", by=rosa, now=NOW)

    assert both(app, act, begun) == ["done", sentence]
    assert count(app, Certificate) == 1
    with app.app_context():
        events = session.scalars(select(CertificateEvent.event).order_by(CertificateEvent.id))
        assert list(events) == ["issued", "revoked"]


def test_one_set_of_groups(app: Flask, world: World) -> None:
    def form() -> None:
        course = rosa_here(world).course
        cards = list(course.cards)
        present = [world.enrolments["Sam"], world.enrolments["Kim"]]
        facts = forming.Facts(sixth(world).meeting_id, Format("dyad", DYAD.shape), History(), cards)
        keep_groups(
            facts,
            forming.propose(facts, present, None),
            None,
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
    moved: list[int] = []

    def move() -> None:
        evening = session.get_one(Cohort, world.cohorts["evening"])
        to = classes.ClassTime(later)
        moved.append(classes.move_meeting(evening, sixth(world).meeting_id, to, by=world.people["Rosa"], now=NOW))

    assert both(app, move) == ["done", "done"]
    assert moved == [1, 0]


# -- talks, worries, what helps -----------------------------------------------------------------------------


def offered(app: Flask, world: World, *hours: int) -> list[int]:
    """Ids of times that Amina offers, so many hours from now."""
    with app.app_context(), saved():
        may_write()
        cohort, amina = world.cohorts["evening"], world.people["Amina"]
        times = talks.Offer(cohort, [NOW + timedelta(hours=hour) for hour in hours], 20, "Room 2")
        added = talks.offer(times, by=amina, organization=world.organizations["northside"], now=NOW)
        return [talk.id for talk in added]


def taker(world: World, name: str) -> talks.Taker:
    return talks.Taker(
        world.enrolments[name], world.cohorts["evening"], world.organizations["northside"], world.people[name]
    )


def test_one_offer(app: Flask, world: World) -> None:
    assert both(app, lambda: talks.offer(an_offer(world), by=world.people["Amina"], organization=1, now=NOW)) == [
        "done",
        "done",
    ]
    assert count(app, Talk) == 1


def an_offer(world: World) -> talks.Offer:
    return talks.Offer(world.cohorts["evening"], [NOW + timedelta(hours=3)], 20, "Room 2")


def test_of_two_people_one_gets_the_time(app: Flask, world: World) -> None:
    (talk,) = offered(app, world, 3)
    names = iter(("Sam", "Kim"))
    told = both(app, lambda: talks.take(taker(world, next(names)), talk, "how-i-arrive", now=NOW))
    assert told == ["done", "Somebody else has taken this time. Please choose another one."]
    with app.app_context():
        assert session.get_one(Talk, talk).taken_by == world.enrolments["Sam"]


def test_two_people_who_want_each_others_time_do_not_wait_for_ever(app: Flask, world: World) -> None:
    first, second = offered(app, world, 3, 5)
    with app.app_context(), saved():
        may_write()
        talks.take(taker(world, "Sam"), first, "how-i-arrive", now=NOW)
        talks.take(taker(world, "Kim"), second, "how-i-arrive", now=NOW)
    wishes = iter((("Sam", second), ("Kim", first)))

    def swap() -> None:
        name, talk = next(wishes)
        with pytest.raises(Refused, match="Somebody else"):
            talks.take(taker(world, name), talk, "how-i-arrive", now=NOW)

    assert both(app, swap) == ["done", "done"]


def test_a_talk_is_written_down_once(app: Flask, world: World) -> None:
    (talk,) = offered(app, world, 3)
    with app.app_context(), saved():
        may_write()
        talks.take(taker(world, "Sam"), talk, "how-i-arrive", now=NOW)

    def write() -> None:
        author = Author(
            world.enrolments["Sam"], world.cohorts["evening"], world.organizations["northside"], world.people["Sam"]
        )
        words = Feedback("The door.")
        amina = world.people["Amina"]
        row = session.get_one(Talk, talk)
        talked.record(row, author, "We spoke.", words, "accept", NO_TERMS, allowed=("team",), by=amina, now=NOW)

    assert both(app, write) == ["done", "done"]
    assert count(app, Submission) == count(app, Review) == 1


def test_one_worry_and_one_thing_that_helps(app: Flask, world: World) -> None:
    sam, northside = world.people["Sam"], world.organizations["northside"]

    def worry() -> None:
        amina = world.people["Amina"]
        care.raise_concern(
            world.enrolments["Sam"], "soon", "I worry.", by=amina, about=sam, organization=northside, now=NOW
        )

    def helping() -> None:
        rosa = world.people["Rosa"]
        care.agree_on_help(world.enrolments["Sam"], 50, True, by=rosa, about=sam, organization=northside, now=NOW)

    assert both(app, worry) == both(app, helping) == ["done", "done"]
    assert count(app, Concern) == count(app, Accommodation) == 1


def test_a_clock_starts_once(app: Flask, world: World) -> None:
    def start() -> None:
        activity = rosa_here(world).course.activities["how-i-arrive"].model_copy(update={"clock": Clock(minutes=60)})
        author = Author(
            world.enrolments["Sam"], world.cohorts["evening"], world.organizations["northside"], world.people["Sam"]
        )
        clock.turn(author, activity, clock.START, now=NOW)

    assert both(app, start) == ["done", "done"]
    assert count(app, WorkClock) == 1
