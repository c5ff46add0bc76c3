"""My attendance: every class with its mark and who made it, the rule, the verdict, what is left and what would fix it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from lms.features.attendance import actions as attendance
from lms.features.attendance.models import AttendanceMark, MakeUp
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.host.db import may_write, saved, session
from lms.plugin_api.values import MeetingState, Status
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import form_to, forms, mails, said
from tests.world import World, course_where, sign_in

MOST_QUERIES = 8


def missed(app: Flask, world: World, name: str, *numbers: int, status: Status = Status.AWAY, **details: Any) -> None:
    may_write()
    with app.app_context(), saved():
        for number in numbers:
            meeting = world.meetings["evening"][number - 1]
            facts = attendance.ClassFacts(meeting, world.organizations["northside"], NOW, MeetingState.HELD)
            attendance.mark(
                facts,
                world.enrolments[name],
                status,
                by=world.people["Amina"],
                now=NOW,
                details=attendance.Details(**details) if details else None,
            )


def changed(app: Flask, world: World, name: str, **values: Any) -> None:
    """Sam's place in the group, otherwise."""
    may_write()
    with app.app_context(), saved():
        enrolment = session.get_one(Enrolment, world.enrolments[name])
        for field, value in values.items():
            setattr(enrolment, field, value)


def unmarked(app: Flask, world: World, name: str, *numbers: int) -> None:
    may_write()
    with app.app_context(), saved():
        meetings = [world.meetings["evening"][number - 1] for number in numbers]
        enrolment = world.enrolments[name]
        session.execute(
            delete(AttendanceMark).where(
                AttendanceMark.enrolment_id == enrolment, AttendanceMark.meeting_id.in_(meetings)
            )
        )


@pytest.fixture
def sam(browser: Browser) -> FlaskClient:
    return browser("Sam")


def line(page: str, number: int) -> str:
    """What the page says of one class."""
    return said(page.split(f'<li id="class-{number}"')[1].split('<li id="class-')[0])


def test_each_class_has_its_mark_who_made_it_and_when(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 3, status=Status.LATE, late_by=12, minutes=95)
    page = sam.get(f"{evening}/attendance").text
    assert "Marked by Amina on Tue, May 5" in line(page, 3)
    assert "12 minutes late." in line(page, 3)
    assert "There for 95 minutes." in line(page, 3)
    assert "to come" in line(page, 6)


def test_the_rule_says_since_when_it_is_in_force(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    page = said(sam.get(f"{evening}/attendance"))
    assert "Come to every class. You can miss 2 classes at most." in page
    with app.app_context():
        published = session.get_one(Cohort, world.cohorts["evening"]).published_at
    assert f"In force here since {published:%B} {published.day}, {published.year}." in page
    may_write()
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).rule_since = NOW - timedelta(days=400)
    assert "In force here since March 31, 2025." in said(sam.get(f"{evening}/attendance"))


def test_how_did_you_work_this_out_opens_the_facts(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 2)
    page = said(sam.get(f"{evening}/attendance"))
    assert "How did you work this out?" in page
    assert "17 classes can count for you." in page
    assert "Level 1 was worked out from the marks of these classes: 1, 2, 3, 4, 5" in page
    assert "Still to come: 6, 7, 8" in page


def test_nothing_is_said_in_percent(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 1, 2)
    assert "%" not in said(sam.get(f"{evening}/attendance"))


def test_late_enrolled_is_not_absent_mod_attendance_687(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    """Whoever joined after two classes was not away from them, even if a roll call said so."""
    third = NOW - timedelta(days=8)
    changed(app, world, "Sam", joined_at=third)
    unmarked(app, world, "Sam", 1)
    missed(app, world, "Sam", 2)
    page = sam.get(f"{evening}/attendance").text
    for number in (1, 2):
        assert "before you joined" in line(page, number)
        assert "It does not count against you." in line(page, number)
    assert "Left out because they were before you joined: 1, 2" in said(page)
    assert "You missed" not in said(page)


def test_unmarked_says_not_marked(
    app: Flask, world: World, sam: FlaskClient, evening: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(NOW + timedelta(hours=6))
    page = sam.get(f"{evening}/attendance").text
    assert "not marked" in line(page, 6)
    assert "That is neither here nor away." in line(page, 6)
    assert "Not marked, so neither here nor away: 6" in said(page)
    assert "You missed" not in said(page)


def test_excused_is_said_as_told_before(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 4, status=Status.TOLD_US)
    assert "told us before" in line(sam.get(f"{evening}/attendance").text, 4)


def test_a_break_is_said_and_counts_for_nothing(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    fourth = NOW + timedelta(hours=2) - timedelta(days=6)
    changed(
        app, world, "Sam", pauses=[[(fourth - timedelta(hours=1)).isoformat(), (fourth + timedelta(1)).isoformat()]]
    )
    missed(app, world, "Sam", 4)
    page = sam.get(f"{evening}/attendance").text
    assert "You were on a break." in line(page, 4)
    assert "You missed" not in said(page)


def test_a_cancelled_class_counts_against_no_one(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str
) -> None:
    browser("Amina").post(f"{evening}/classes/6/cancel", data={"why": "Snow."})
    page = sam.get(f"{evening}/attendance").text
    assert "cancelled" in line(page, 6)
    assert "Snow." in line(page, 6)


def test_the_history_of_a_mark_is_there(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 2)
    page = sam.get(f"{evening}/attendance").text
    assert "How this mark changed" in line(page, 2)
    assert line(page, 2).rindex("away") > line(page, 2).index("How this mark changed")
    assert "How this mark changed" not in line(page, 1)


def only_so_many(count: int) -> Any:
    def change(course: dict[str, Any]) -> None:
        course["classes"] = course["classes"][:count]

    return change


@pytest.mark.parametrize("count", [0, 1])
def test_it_works_for_one_class_and_for_none(
    app: Flask, world: World, sam: FlaskClient, evening: str, count: int
) -> None:
    may_write()
    with app.app_context(), saved():
        gone = session.query(Meeting).filter(Meeting.cohort_id == world.cohorts["evening"], Meeting.number > count)
        gone_ids = [meeting.id for meeting in gone]
        session.query(AttendanceMark).filter(AttendanceMark.meeting_id.in_(gone_ids)).delete()
        gone.delete()
    with course_where(app, world.cohorts["evening"], only_so_many(count)):
        answer = sam.get(f"{evening}/attendance")
    assert answer.status_code == 200
    assert ("No class is planned yet." in said(answer)) == (count == 0)
    assert answer.text.count('<li id="class-') == count


def test_it_asks_at_most_eight_times_however_much_there_is(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    found = []
    sam.get(f"{evening}/attendance")  # from now on this process knows the course
    for numbers in ((), (1, 2, 3)):
        missed(app, world, "Sam", *numbers)
        for number in numbers:
            sam.post(f"{evening}/classes/{number}/question", data={"words": "I was there."})
        with counted(app) as statements:
            assert sam.get(f"{evening}/attendance").status_code == 200
        found.append(len(statements))
    assert found[0] == found[1] <= MOST_QUERIES


# -- I can't come -------------------------------------------------------------------------------------------


def test_telling_before_shows_at_once_what_it_means(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    missed(app, world, "Sam", 1)
    sent = sam.post(f"{evening}/classes/7/notice", data={"note": "A wedding"})
    page = said(sam.get(sent.location))
    assert "Thanks for telling us. Your trainers know." in page
    assert "If you are not there" in page
    assert "You missed 2 classes." in page
    assert page.count("Please come to all the rest.") == 1, "what is the same for every outcome is said once"
    assert "Nothing counts as missed yet." in page
    assert "Ways to catch up" in page
    assert "I can come after all" in page


def test_a_class_to_come_is_not_missed_by_telling_us(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    """One absence more closes Level 1R; until the class is over everything is as it was."""
    missed(app, world, "Sam", 1, 2)
    sam.post(f"{evening}/classes/7/notice")
    page = said(sam.get(f"{evening}/attendance"))
    assert "You missed 2 classes." in page
    assert "You told us that you cannot come to class 7." in page
    assert "You missed 3 classes." not in page
    assert "You missed 3 classes." in said(sam.get(f"{evening}/classes/7/make-up")), "if they are not there"


def test_what_it_means_is_never_kept(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    sam.post(f"{evening}/classes/7/notice")
    sam.post(f"{evening}/classes/7/notice/withdraw")
    page = said(sam.get(f"{evening}/attendance"))
    assert "You were at all 5 classes so far." in page
    assert "I can come after all" not in page


def test_the_reason_stays_with_the_trainers(world: World, browser: Browser, sam: FlaskClient, evening: str) -> None:
    words = "kumquat-teapot-93"
    sam.post(f"{evening}/classes/7/notice", data={"note": words})
    path = f"{evening}/people/{world.enrolments['Sam']}/attendance"
    assert words in browser("Amina").get(path).text
    assert words not in browser("Rosa").get(path).text
    assert "told us before" in said(browser("Rosa").get(path))


def test_in_french(app: Flask, world: World, evening: str, browser: Browser) -> None:
    missed(app, world, "Sam", 1, 2)
    sam = browser("Sam")
    sam.post("/language", data={"language": "fr"})
    page = said(sam.get(f"{evening}/attendance"))
    assert "Vous avez manqué 2 séances." in page
    assert "En vigueur ici depuis le" in page
    assert "Ce n'est pas exact" in page


def test_another_groups_trainer_reads_nothing_of_it(world: World, app: Flask, browser: Browser, evening: str) -> None:
    assert browser("Luc").get(f"{evening}/people/{world.enrolments['Sam']}/attendance").status_code == 404
    assert sign_in(app, "Kim").get(f"{evening}/people/{world.enrolments['Sam']}/attendance").status_code == 404


def test_trainers_hear_of_a_notice_once_and_read_of_it_where_they_begin(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str
) -> None:
    """The mail says no word of it, and whose class is next comes with how many cannot come."""
    for _ in range(2):
        sam.post(f"{evening}/classes/6/notice", data={"note": "A wedding"})
    [mail] = mails(app, "amina@example.org")
    assert "Sam told you something about class 6." in mail.text
    assert "wedding" not in mail.text
    assert f"{evening}/classes/6/roll-call" in mail.text
    amina = browser("Amina")
    for page in ("/today", evening):
        link = re.search(r'<a href="([^"]+)">1 person told us that they cannot come', amina.get(page).text)
        assert link
        assert link[1] == f"{evening}/classes/6/roll-call"
    assert "Nothing is waiting here." in said(amina.get(evening))
    sam.post(f"{evening}/classes/6/notice/withdraw")
    assert "told us that they cannot come" not in amina.get("/today").text


def test_today_and_the_class_say_that_one_told_us(sam: FlaskClient, evening: str) -> None:
    """The way back stands in place of the buttons."""
    page = f"{evening}/classes/6"
    for address in ("/today", page):
        assert "I can't come" in said(sam.get(address))
    sam.post(f"{page}/notice")
    for address in ("/today", page):
        words = said(sam.get(address))
        assert "You told us that you cannot come." in words
        assert "I can't come" not in words
        assert form_to(sam.get(address), f"{page}/notice/withdraw")
    sam.post(f"{page}/notice/withdraw")
    assert "I can't come" in said(sam.get(page))


def test_on_a_break_nothing_is_expected(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    sam.post(f"{evening}/break")
    for address in ("/today", f"{evening}/classes/6"):
        words = said(sam.get(address))
        assert "On your break. Nothing is expected." in words
        assert "I can't come" not in words
        assert "Join class" not in words
    sam.post(f"{evening}/break/end")
    sam.post(f"{evening}/break", data={"begins": "2026-05-07"})
    assert "You will be on your break." in said(sam.get(f"{evening}/classes/7"))
    assert "I can't come" in said(sam.get(f"{evening}/classes/6"))


def test_a_note_that_is_too_long_comes_back_with_its_words(sam: FlaskClient, evening: str) -> None:
    words = "long " * 80
    answer = sam.post(f"{evening}/classes/6/notice", data={"note": words})
    assert answer.status_code == 422
    assert form_to(answer, f"{evening}/classes/6/notice").fields["note"].strip() == words.strip()
    assert "300 characters" in said(answer)
    assert 'maxlength="300"' in sam.get(f"{evening}/classes/6").text


@pytest.mark.parametrize(
    ("sent", "back"),
    [("classes/6/notice", "classes/6"), ("break", "break"), ("classes/2/question", "classes/2/question")],
)
def test_a_form_that_came_back_leads_to_its_page_in_the_other_language(
    sam: FlaskClient, evening: str, sent: str, back: str
) -> None:
    """The address that took the form answers nobody who only looks."""
    answer = sam.post(f"{evening}/{sent}", data={"note": "a" * 301, "begins": "soon", "words": "a" * 2000})
    assert answer.status_code == 422
    assert {form.fields["next"] for form in forms(answer) if form.action == "/language"} == {f"{evening}/{back}"}


def test_a_make_up_and_what_does_not_count_have_the_shapes_of_the_board(
    app: Flask, world: World, sam: FlaskClient, evening: str
) -> None:
    missed(app, world, "Sam", 2, 3)
    may_write()
    with app.app_context(), saved():
        session.get_one(Meeting, world.meetings["evening"][0]).state = MeetingState.CANCELLED
        made = {"name": "one", "way": "one-to-one", "label": {"en": "A", "fr": "A"}, "covers": {"en": "A", "fr": "A"}}
        who = {"meeting_id": world.meetings["evening"][1], "enrolment_id": world.enrolments["Sam"]}
        session.add(MakeUp(**made, **who, state="accepted", asked_by=world.people["Sam"], asked_at=NOW))
    shapes = re.findall(r'class="shape" data-status="(\w+)"', sam.get(f"{evening}/attendance").text)
    assert shapes[:6] == ["cancelled", "made_up", "away", "here", "here", "to_come"]
    assert "made up" in said(sam.get(f"{evening}/attendance"))
