"""Today, what is left, the board and the grid; and who may confirm or set something aside."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.accounts.models import Person
from lms.features.cohorts.actions import NewCohort, enrol, finish, publish_cohort
from lms.features.cohorts.models import Cohort
from lms.features.organizations.models import Organization
from lms.features.progress.models import Vouching
from lms.host.db import may_write, saved, session
from tests.features.attendance.test_mine import missed
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit
from tests.world import NORTHSIDE_COURSE, World, sent_homework, sign_in


@pytest.fixture
def person(world: World, evening: str) -> str:
    """Sam's page for those who lead."""
    return f"{evening}/people/{world.enrolments['Sam']}"


def vouched(app: Flask) -> list[tuple[str, str | None, bool]]:
    with app.app_context():
        rows = session.scalars(select(Vouching).order_by(Vouching.id))
        return [(row.requirement_id, row.outcome_id, row.withdrawn_at is None) for row in rows]


# -- today --------------------------------------------------------------------------------------------------


def test_sams_today_begins_with_the_next_class_and_then_what_waits(browser: Browser, evening: str) -> None:
    page = said(browser("Sam").get("/today"))
    assert "Good afternoon, Sam" in page
    assert "Class 6 · Words that open doors" in page
    assert "Today, 6:00\u202fp.m. to 8:00\u202fp.m." in page
    assert "There is a role play. You can observe instead." in page
    assert "Bring: Water, something to write with." in page
    assert "Waiting for you" in page
    assert "How I arrive" in page
    assert "more wait in the course, whenever you like." in page


def test_today_leads_to_catching_up_what_was_missed_lately(
    app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    sam = browser("Sam")
    assert "How to catch up" not in said(sam.get("/today"))
    missed(app, world, "Sam", 4, 5)
    page = sam.get("/today")
    assert said(page).count("How to catch up class") == 1, "the last one; the page of attendance has both"
    assert f'href="{evening}/classes/5/make-up"' in page.text
    sam.post(f"{evening}/classes/5/make-up", data={"way": "one-to-one"})
    assert "How to catch up class 4" in said(sam.get("/today")), "what is on its way is asked for no more"
    assert "all for today" not in said(sam.get("/today"))
    clock.move_to(NOW + timedelta(days=21))
    assert "How to catch up" not in said(sign_in(app, "Sam").get("/today")), "it is no reproach that stays"


@pytest.mark.parametrize(
    ("hours", "greeting"),
    [(0, "Good afternoon, Sam"), (2, "Good evening, Sam"), (9, "Good morning, Sam"), (-5, "Good morning, Sam")],
)
def test_the_greeting_goes_by_the_clock_on_the_organizations_wall(
    app: Flask, clock: time_machine.Coordinates, hours: int, greeting: str
) -> None:
    clock.move_to(NOW + timedelta(hours=hours))
    assert greeting in said(sign_in(app, "Sam").get("/today"))


def test_when_all_is_over_today_says_so(app: Flask, clock: time_machine.Coordinates, world: World) -> None:
    clock.move_to(NOW + timedelta(days=60))
    page = said(sign_in(app, "Sam").get("/today"))
    assert "Your next class" not in page


def test_in_two_groups_today_shows_what_waits_in_each_with_its_name(
    app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    """The next class of both, a draft here, a piece that came back there, in one list; an ended group is only named."""
    with app.app_context(), saved():
        for name in ("morning", "rivers"):
            made = enrol(
                session.get_one(Cohort, world.cohorts[name]),
                session.get_one(Person, world.people["Sam"]),
                by=None,
                now=NOW,
            )
            world.enrolments[f"Sam in {name}"] = made.id
        finish(session.get_one(Cohort, world.cohorts["rivers"]), by=world.people["Rosa"], now=NOW)
    sam = browser("Sam")
    morning = f"/cohorts/{world.cohorts['morning']}"
    sam.post(f"{evening}/activities/how-i-arrive/draft", data={"text": "A beginning.", "counter": "0"})
    answer = sam.get("/today")
    page = said(answer)
    assert page.count("Your next class · ") == 2
    for group in ("Evening group", "Morning group"):
        assert f"Your next class · {group}" in page
        assert f"Where you stand, and what is left · {group}" in page
    assert "Your draft “How I arrive” Evening group" in page
    assert "How I arrive Morning group" in page
    assert f"{morning}/activities/how-i-arrive" in answer.text
    assert "Rivers group This group has ended." in page
    assert "Where you stood" in page
    assert "Your other group" not in page


def test_aminas_today_names_her_groups_and_what_waits(app: Flask, world: World, browser: Browser) -> None:
    sent_homework(app, world, "Sam")
    page = said(browser("Amina").get("/today"))
    assert "Hello, Amina" in page
    assert "Evening group" in page
    assert "Morning group" not in page
    assert "One text waits for your answer" in page


def test_rosa_coordinates_all_groups_and_reads_no_text(app: Flask, world: World, browser: Browser) -> None:
    sent_homework(app, world, "Sam")
    page = said(browser("Rosa").get("/today"))
    assert "Evening group" in page
    assert "Morning group" in page
    assert "waits for your answer" not in page


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [("Sam", "/today"), ("Amina", "/today"), ("Olga", "/organizations/northside/plugins"), ("Noor", "/host/plugins")],
)
def test_everybodys_day_starts_somewhere(browser: Browser, name: str, leads_to: str) -> None:
    assert browser(name).get("/").location == leads_to


# -- what is left -------------------------------------------------------------------------------------------


def test_what_is_left_names_every_requirement_with_its_next_step(browser: Browser, evening: str) -> None:
    page = said(browser("Sam").get(f"{evening}/left"))
    assert "You're on track for Level 1R." in page
    for words in (
        "Being at the classes",
        "Reflections and practice reports",
        "Readings",
        "Taking part in six role plays",
    ):
        assert words in page
    assert "You took part 0 of 6 times." in page
    assert "Join the next one. Observing counts too." in page
    assert "Nobody has confirmed this yet. Book a time with your trainers." in page
    assert "This step is your choice. Without it, you are finished too." in page


def test_homework_that_is_with_the_trainers_is_not_asked_for_again(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    sent_homework(app, world, "Sam")
    page = said(browser("Sam").get(f"{evening}/left"))
    assert "1 with your trainers" in page


def test_a_leader_is_led_from_the_group_to_its_board_and_a_trainee_to_what_is_left(
    browser: Browser, evening: str
) -> None:
    assert browser("Sam").get(evening).location == f"{evening}/left"
    assert browser("Amina").get(evening).status_code == 200


# -- the board and the grid ---------------------------------------------------------------------------------


def test_the_board_says_what_waits(
    app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    sent_homework(app, world, "Sam")
    page = said(browser("Amina").get(evening))
    assert "5 people" in page
    assert "One text waits for an answer" in page
    assert "Take attendance" in page
    assert "Everyone is on their way." in page
    clock.move_to(NOW + timedelta(hours=10))
    assert "Attendance for class 6 is not taken yet" in said(browser("Amina").get(evening))


def test_the_grid_has_everyone_and_every_class(browser: Browser, evening: str) -> None:
    answer = browser("Amina").get(f"{evening}/grid")
    page = said(answer)
    for name in ("Sam", "Kim", "Person000", "Person001", "Person002"):
        assert name in page
    assert answer.text.count('<td title="here"><span class="shape" data-status="here">') == 5 * 5, (
        "five people at five classes"
    )
    assert "Wes" not in page
    assert "Level 1R" in page


def test_a_group_without_people_has_a_board_and_a_grid_that_say_what_to_do(
    app: Flask, world: World, browser: Browser
) -> None:
    may_write()
    with app.app_context(), saved():
        offered = app.extensions["lms"].catalog.courses[NORTHSIDE_COURSE]
        starts = [NOW + timedelta(days=n) for n in range(1, 18)]
        made = publish_cohort(
            session.get_one(Organization, world.organizations["northside"]),
            offered,
            NewCohort("Empty", "en", starts),
            app.extensions["lms"].guard.host,
            by=world.people["Rosa"],
            now=NOW,
        )
        group = f"/cohorts/{made.id}"
    rosa = browser("Rosa")
    for path in (group, f"{group}/grid", f"{group}/outcomes"):
        assert "Nobody is here yet. People appear once they accept an invitation." in said(rosa.get(path))
    assert "Nobody is in this group yet." in said(rosa.get(f"{group}/classes/1/roll-call"))


# -- confirming ---------------------------------------------------------------------------------------------


def confirm(client: FlaskClient, person: str, requirement: str, on: str = "2026-05-01", **more: str) -> TestResponse:
    return client.post(f"{person}/confirmations", data={"requirement": requirement, "on": on, **more})


def test_a_confirmation_stands_under_its_name_and_can_be_taken_back(
    app: Flask, browser: Browser, person: str, evening: str
) -> None:
    amina, sam = browser("Amina"), browser("Sam")
    page = amina.get(person)
    assert submit(amina, form_to(page, f"{person}/confirmations"), note="A good talk.").status_code == 303
    assert "Confirmed by Amina, May 5, 2026." in said(sam.get(f"{evening}/left"))
    page = amina.get(person)
    assert "Take the confirmation back" in said(page)
    assert "Noted, with your name." in said(follow(amina, submit(amina, form_to(page, f"{person}/confirmations"))))
    assert "Nobody has confirmed this yet." in said(sam.get(f"{evening}/left"))
    assert vouched(app) == [("final-talk", None, False)], "nothing is erased"


def test_confirming_twice_is_confirming(app: Flask, browser: Browser, person: str) -> None:
    for name in ("Amina", "Amina", "Rosa"):
        assert confirm(browser(name), person, "final-talk").status_code == 303
    assert vouched(app) == [("final-talk", None, True)]


def test_hours_are_confirmed_by_a_coordinator_alone(app: Flask, browser: Browser, person: str) -> None:
    assert (
        "50 hours of person-to-person support"
        not in said(browser("Amina").get(person)).partition("What you can confirm")[2]
    )
    assert confirm(browser("Amina"), person, "practicum-50-hours").status_code == 404
    assert vouched(app) == []
    assert confirm(browser("Rosa"), person, "practicum-50-hours").status_code == 303
    assert confirm(browser("Amina"), person, "practicum-50-hours", withdraw="yes").status_code == 404
    assert vouched(app) == [("practicum-50-hours", None, True)]


@pytest.mark.parametrize("requirement", ["attendance", "homework", "reading", "role-play"])
def test_what_is_worked_out_is_not_confirmed_by_hand(
    app: Flask, browser: Browser, person: str, requirement: str
) -> None:
    answer = confirm(browser("Rosa"), person, requirement)
    assert answer.status_code == 409
    assert "This is worked out from what was recorded; it is not confirmed by hand." in said(answer)
    assert vouched(app) == []


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("", "Enter a date, like 2027-03-27."),
        ("yesterday", "Enter a date, like 2027-03-27."),
        ("2026-05-06", "Choose a day that is not in the future."),
    ],
)
def test_a_day_that_cannot_be_gets_a_sentence_and_the_note_stays_typed(
    app: Flask, browser: Browser, person: str, on: str, sentence: str
) -> None:
    answer = confirm(browser("Amina"), person, "final-talk", on, note="A good talk.")
    assert answer.status_code == 422
    assert sentence in said(answer)
    fields = form_to(answer, f"{person}/confirmations").fields
    assert (fields["on"], fields["note"]) == (on, "A good talk.")
    assert vouched(app) == []


def test_the_day_that_the_form_proposes_is_taken_at_any_hour(
    app: Flask, person: str, clock: time_machine.Coordinates
) -> None:
    for hour in range(24):
        clock.move_to(NOW + timedelta(hours=hour))
        rosa = sign_in(app, "Rosa")
        page = rosa.get(person)
        assert submit(rosa, form_to(page, f"{person}/confirmations")).status_code == 303


# -- setting aside ------------------------------------------------------------------------------------------


def waive(client: FlaskClient, person: str, requirement: str, outcome: str, reason: str) -> TestResponse:
    return client.post(f"{person}/waivers", data={"requirement": requirement, "outcome": outcome, "reason": reason})


def test_something_set_aside_is_read_with_its_reason_and_holds_for_one_outcome(
    app: Flask, browser: Browser, person: str, evening: str
) -> None:
    rosa = browser("Rosa")
    answer = waive(rosa, person, "role-play", "level-1", "A group of two <b>this</b> spring.")
    assert "Noted, with your name and reason. The trainee can read it." in said(follow(rosa, answer))
    page = browser("Sam").get(f"{evening}/left")
    assert "Rosa decided that this does not stand in your way: A group of two <b>this</b> spring." in said(page)
    assert "<b>this</b>" not in page.text
    assert "You took part 0 of 6 times." in said(page), "still asked for Level 1R"
    assert vouched(app) == [("role-play", "level-1", True)]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_is_set_aside(app: Flask, browser: Browser, person: str, reason: str) -> None:
    answer = waive(browser("Rosa"), person, "role-play", "level-1", reason)
    assert answer.status_code == 422
    assert "Write why. The trainee will read it." in said(answer)
    assert vouched(app) == []


@pytest.mark.parametrize(
    ("requirement", "outcome"), [("final-talk", "level-1"), ("role-play", "nowhere"), ("role-play", "")]
)
def test_an_outcome_that_does_not_ask_for_it_is_refused(
    app: Flask, browser: Browser, person: str, requirement: str, outcome: str
) -> None:
    answer = waive(browser("Rosa"), person, requirement, outcome, "A good reason for it, and a long one too.")
    assert answer.status_code == 409
    assert "This outcome does not ask for that." in said(answer)
    assert "A good reason for it, and a long one too." in said(answer)
    assert vouched(app) == []


@pytest.mark.parametrize("name", ["Amina", "Sam", "Kim", "Luc", "Olga", "Camille"])
def test_nobody_but_a_coordinator_sets_anything_aside(app: Flask, browser: Browser, person: str, name: str) -> None:
    assert waive(browser(name), person, "role-play", "level-1", "Because.").status_code == 404
    assert vouched(app) == []


def test_a_requirement_that_there_is_not_is_not_found(browser: Browser, person: str) -> None:
    assert confirm(browser("Rosa"), person, "nowhere").status_code == 404
    assert waive(browser("Rosa"), person, "nowhere", "level-1", "Because.").status_code == 404
