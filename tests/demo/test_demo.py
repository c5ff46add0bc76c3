"""The demo keeps what its doors promise, at any hour of any day, and is not there where it was not asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.app import ROOT
from lms.demo.days import EVENING, ZONE, on_days, tonight, twice_a_week
from lms.demo.stories import DOORS, MAIN_DOORS, STORIES
from lms.demo.story import PASSWORD
from lms.demo.tell import tell_story
from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.certificates.models import Certificate
from lms.features.cohorts.models import Cohort
from lms.features.organizations.models import Organization
from lms.host.db import may_write, saved, session
from lms.host.plugins import find_plugins
from tests.demo.doors import AFTERNOON, door, first_page, group_named
from tests.pages import follow, mails, said

MakeApp = Callable[..., Flask]

# -- doors --------------------------------------------------------------------------------------------------


def test_the_front_page_has_a_door_for_everyone(demo: Flask) -> None:
    page = said(follow(demo.test_client(), demo.test_client().get("/")))
    for one in DOORS:
        assert one.who.en in page
        assert one.says.en in page
    assert PASSWORD in page


def test_the_main_story_comes_first_and_the_others_are_folded(demo: Flask) -> None:
    page = follow(demo.test_client(), demo.test_client().get("/")).text
    first, folded = page.partition("<details>")[0], page.partition("<details>")[2].partition("</details>")[0]
    for one in DOORS:
        assert (one.email in first) == (one in MAIN_DOORS)
        assert (one.email in folded) == (one not in MAIN_DOORS)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", [one.name for one in DOORS])
def test_every_door_opens_in_both_languages(demo: Flask, name: str, language: str) -> None:
    answer = door(demo, name, language).get("/", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language


def test_behind_sams_door_class_6_is_tonight_and_a_question_waits(demo: Flask) -> None:
    page = first_page(door(demo, "sam"))
    assert "Class 6 · Words that open doors" in page
    assert "Today, 6:00\u202fp.m." in page
    assert "One question for you about “Whose hands" in page
    assert "Your draft “A habit of my own”" in page


def test_behind_aminas_door_six_reflections_wait(demo: Flask) -> None:
    assert "6 texts wait for your answer" in first_page(door(demo, "amina"))


def test_behind_aminas_door_a_question_and_a_make_up_wait(demo: Flask) -> None:
    page = first_page(door(demo, "amina"))
    assert "One question about a mark waits" in page
    assert "One make-up waits for a word of yours" in page


def test_behind_sams_door_a_make_up_is_agreed_and_an_evening_is_open(demo: Flask) -> None:
    sam = door(demo, "sam")
    assert "Kettle suppers" in first_page(sam)
    with demo.app_context():
        spring = session.scalar(select(Cohort.id).where(Cohort.name == "Spring evening group"))
    assert "Your make-up of class 3 is agreed." in said(sam.get(f"/cohorts/{spring}/attendance"))


def test_behind_rosas_door_there_is_an_outcome_to_tell(demo: Flask) -> None:
    rosa = door(demo, "rosa")
    with demo.app_context():
        winter = session.scalar(select(Cohort.id).where(Cohort.name == "Winter day group"))
    page = said(rosa.get(f"/cohorts/{winter}/outcomes"))
    assert "4 of 4 decided" in page
    assert "Decided, and to be told" in page


def test_behind_rosas_door_the_programme_has_a_version_that_differs_and_a_group_to_move(demo: Flask) -> None:
    rosa = door(demo, "rosa")
    programme = "/organizations/northside/programmes/northside:core-peer-support"
    page = said(rosa.get(programme))
    assert "Nothing has changed since version 2." in page
    assert "Spring evening group runs on version 1" in page
    version = said(rosa.get(f"{programme}/versions/2"))
    assert "Before: Come to every class. You can miss 3 classes at most." in version
    assert "Now: Come to every class. You can miss 2 classes at most." in version
    with demo.app_context():
        spring = session.scalar(select(Cohort.id).where(Cohort.name == "Spring evening group"))
    moving = said(rosa.get(f"/cohorts/{spring}/version?try=2"))
    assert "One person's standing would change." in moving
    assert "Kim Whitford" in moving
    change = said(rosa.get("/organizations/northside/plugins/northside/what-would-change"))
    assert "Kim Whitford" in change


def test_behind_danas_door_is_a_certificate_that_a_stranger_can_check(demo: Flask) -> None:
    dana = door(demo, "dana")
    demo.extensions["lms"].extras["worker"].run_due()
    with demo.app_context():
        person = session.scalar(select(Person.id).where(Person.email == "dana@northside.example"))
        serial = session.scalars(select(Certificate.serial).where(Certificate.person_id == person)).one()
    assert "This certificate is valid." in said(demo.test_client().get(f"/certificates/{serial}"))
    assert dana.get(f"/certificates/{serial}/papers/certificate-{serial}.pdf").data.startswith(b"%PDF")


def test_behind_maels_door_the_other_organization_has_walls_of_its_own(demo: Flask) -> None:
    mael = door(demo, "mael", "fr")
    page = first_page(mael)
    assert "Maison Deux-Rives" in page
    assert "Northside" not in page


def test_behind_tuyets_door_not_yet_says_what_comes_next(demo: Flask) -> None:
    group = group_named(demo, "Lakeside group")
    tuyet = door(demo, "tuyet")
    assert "Wren does class 7 with you this week" in said(tuyet.get(f"{group}/outcome"))
    left = said(tuyet.get(f"{group}/left"))
    assert "Classes with role play that you missed: 3, 7." in left
    assert "30 hours in the drop-in Nobody has confirmed this yet." in left
    assert (
        "You took part 7 times. 6 are needed. You played 14 rounds as supporter or person, in all. 6 are needed."
        in left
    )


def test_behind_dominiques_door_one_person_has_all_four_streams(demo: Flask) -> None:
    group = group_named(demo, "Lakeside group")
    dominique = door(demo, "dominique")
    outcomes = said(dominique.get(f"{group}/outcomes"))
    assert "2 of 3 decided" in outcomes
    assert "Marcus Bright Peer support certificate done" in outcomes
    assert "Class 1" in said(dominique.get(f"{group_named(demo, 'Five-day group')}"))


def test_behind_kits_door_a_module_is_made_up_and_two_trainings_are_open(demo: Flask) -> None:
    left = said(door(demo, "kit").get(f"{group_named(demo, 'Second pathway')}/left"))
    assert "Your make-up of class 4 is agreed." in left
    assert "Outside training: first aid Nobody has confirmed this yet." in left
    assert "Outside training: overdose response with naloxone Confirmed by Aude Roy" in left


def test_of_a_survey_that_five_people_answered_the_trainer_of_rowan_street_reads_no_names(demo: Flask) -> None:
    aude = demo.test_client()
    aude.post("/sign-in", data={"email": "aude@rowan-street.example", "password": PASSWORD})
    answers = said(aude.get(f"{group_named(demo, 'Second pathway')}/activities/survey-starting-together"))
    assert "Less reading aloud." in answers
    assert "Sol" not in answers


def test_behind_josss_door_one_trainer_reads(demo: Flask) -> None:
    group = group_named(demo, "Driftwood group")
    joss = door(demo, "joss")
    assert "Only Meera Nair can read it." in said(joss.get(f"{group}/activities/something-i-kept-going"))
    assert "You're on track for Graduate." in said(joss.get(f"{group}/left"))


def test_behind_ingrids_door_somebody_trained_elsewhere_may_apply_and_is_no_graduate(demo: Flask) -> None:
    demo.extensions["lms"].extras["worker"].run_due()
    with demo.app_context():
        person = session.scalar(select(Person.id).where(Person.email == "priya@tidewater.example"))
        serial = session.scalars(select(Certificate.serial).where(Certificate.person_id == person)).one()
    page = said(demo.test_client().get(f"/certificates/{serial}"))
    assert "Ready to apply" in page
    assert "It is not an accreditation, a national certification or a licence" in page
    assert "Graduate" not in page
    outcomes = said(door(demo, "ingrid").get(f"{group_named(demo, 'Kelp group')}/outcomes"))
    assert "3 of 3 decided" in outcomes


def test_the_printed_password_opens_the_sign_in_page_too(demo: Flask) -> None:
    client = demo.test_client()
    assert client.post("/sign-in", data={"email": DOORS[0].email, "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize("name", ["nobody", "Sam", "%00", "rosa@northside.example"])
def test_a_door_that_there_is_not_is_not_found(demo: Flask, name: str) -> None:
    assert demo.test_client().post(f"/demo/doors/{name}").status_code == 404


@pytest.mark.parametrize("target", ["//example.org", "https://example.org"])
def test_a_door_leads_nowhere_else(demo: Flask, target: str) -> None:
    assert demo.test_client().post("/demo/doors/sam", data={"next": target}).location == "/"


def test_a_door_is_not_opened_from_another_site(demo: Flask) -> None:
    client = demo.test_client()
    assert client.post("/demo/doors/noor", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_looking_at_a_door_opens_nothing(demo: Flask) -> None:
    client = demo.test_client()
    assert client.get("/demo/doors/sam").status_code == 405
    assert client.get("/today").status_code == 303


def test_mails_can_be_read_in_the_outbox(demo: Flask) -> None:
    client = demo.test_client()
    client.post("/sign-in/link", data={"email": "sam@northside.example"})
    page = said(client.get("/developer/outbox"))
    assert "To sam@northside.example" in page
    assert mails(demo, "sam@northside.example")[-1].links[0] in page


# -- where it was not asked for -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/demo"), ("POST", "/demo/doors/sam"), ("GET", "/developer/outbox")]
)
def test_a_real_host_has_neither_doors_nor_outbox(app: Flask, method: str, path: str) -> None:
    client = app.test_client()
    assert client.open(path, method=method).status_code == 404
    assert "Demo doors" not in said(client.get("/"))


def test_a_developer_outbox_is_for_those_who_run_the_host_and_no_door(
    make_app: MakeApp, clock: time_machine.Coordinates
) -> None:
    """The mails hold links with which one signs in."""
    app = make_app(developer_outbox=True)
    may_write()
    with app.app_context(), saved():
        for name in ("Noor", "Sam"):
            accounts.add_person(name, f"{name.lower()}@example.org", language="en", now=AFTERNOON, password=PASSWORD)
        noor = accounts.person_by_email("noor@example.org")
        assert noor
        accounts.grant_role(noor.id, Role.HOST_ADMIN, organization=None, by=None, now=AFTERNOON)
    for name, status in (("", 404), ("Sam", 404), ("Noor", 200)):
        client = app.test_client()
        client.post("/sign-in", data={"email": f"{name.lower()}@example.org", "password": PASSWORD})
        assert client.get("/developer/outbox").status_code == status, name
        assert client.post("/demo/doors/sam").status_code == 404


# -- the story ----------------------------------------------------------------------------------------------


def test_a_story_is_told_once_and_never_into_a_house_with_people(demo: Flask) -> None:
    with demo.app_context():
        before = session.scalar(select(func.count(Person.id)))
        tell_story(demo.extensions["lms"])
        assert session.scalar(select(func.count(Person.id))) == before
        assert session.scalar(select(func.count(Organization.id))) == len(STORIES)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 8, 6, 59, tzinfo=UTC),  # the minute before clocks go forward
        datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    ],
)
def test_the_story_can_be_told_at_any_moment(
    make_app: MakeApp, clock: time_machine.Coordinates, moment: datetime
) -> None:
    clock.move_to(moment)
    app = make_app(find_plugins(ROOT / "plugins"), demo=True)
    may_write()
    with app.app_context():
        tell_story(app.extensions["lms"])
    for one in DOORS:
        first_page(door(app, one.name))
    assert "Class 6" in first_page(door(app, "sam"))
    assert "6 texts wait for your answer" in first_page(door(app, "amina"))
    clock.move_to(AFTERNOON)


@settings(max_examples=100, deadline=None, database=None)
@given(minutes=st.integers(0, 20 * 365 * 24 * 60))
def test_tonight_is_the_next_six_oclock_that_can_still_be_reached(minutes: int) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    evening = tonight(now)
    assert evening.astimezone(ZoneInfo(ZONE)).strftime("%H:%M") == "18:00"
    assert now - timedelta(hours=1) <= evening <= now + timedelta(hours=25)
    days = on_days(twice_a_week(17, 6), EVENING, ZONE, evening)
    assert days[5] == evening
    assert days == sorted(set(days))
    assert {day.astimezone(ZoneInfo(ZONE)).strftime("%H:%M") for day in days} == {"18:00"}
