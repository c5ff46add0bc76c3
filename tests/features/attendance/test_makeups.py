"""Make-ups: an agreement from the first word to the ledger, for a missed class or one told in advance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.attendance import makeups, queries
from lms.features.attendance.models import MakeUp
from lms.features.cohorts.acting import Acting
from lms.features.cohorts.models import Cohort, Meeting
from lms.host.audit import AuditRow
from lms.host.db import may_write, saved, session
from lms.host.errors import Incomplete, Refused
from lms.host.guard import Guard
from lms.plugin_api import values
from lms.plugin_api.attendance.words import READING_NOT_PRACTICE, together
from lms.plugin_api.values import Text
from tests.counting import counted
from tests.features.attendance.test_mine import missed
from tests.features.conftest import NOW, Browser
from tests.pages import follow, mails, said
from tests.world import World, course_where, sign_in

WAYS = (
    values.MakeUp("other", Text("Another group's class", "Une autre séance"), Text("All of it.", "Tout."), "class"),
    values.MakeUp("watch", Text("Watch the recording", "L'enregistrement"), Text("All of it.", "Tout."), "recording"),
    values.MakeUp("meet", Text("Meet a trainer", "Une rencontre"), Text("What was talked about.", "Le fond."), "one-to-one"),
)  # fmt: skip
NEXT_WEEK = (NOW + timedelta(days=7)).date().isoformat()
WORDS = "kumquat-teapot-93"


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that knows three ways."""
    monkeypatch.setattr(Guard, "make_ups", lambda *_asked: WAYS)


@pytest.fixture
def sam(app: Flask, world: World, browser: Browser) -> FlaskClient:
    missed(app, world, "Sam", 2)
    return browser("Sam")


@pytest.fixture
def second(evening: str) -> str:
    return f"{evening}/classes/2/make-up"


def the_make_up(app: Flask) -> MakeUp:
    with app.app_context():
        found = session.scalars(select(MakeUp).order_by(MakeUp.id.desc())).first()
        assert found
        session.expunge(found)
        return found


def asked(client: FlaskClient, second: str, way: str = "meet", **typed: str) -> None:
    assert client.post(second, data={"way": way, **typed}).status_code == 303


def decide(amina: FlaskClient, evening: str, app: Flask, decision: str, **typed: str) -> int:
    path = f"{evening}/make-ups/{the_make_up(app).id}/decide"
    return amina.post(path, data={"decision": decision, **typed}).status_code


def agree(amina: FlaskClient, evening: str, app: Flask, due_on: str = NEXT_WEEK, words: str = "Room 2 at five.") -> int:
    path = f"{evening}/make-ups/{the_make_up(app).id}/agree"
    return amina.post(path, data={"due_on": due_on, "words": words}).status_code


def test_from_asking_to_the_ledger(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    page = follow(sam, sam.post(second, data={"way": "meet"}))
    assert "You asked to catch up: Meet a trainer. Your trainers will answer." in said(page)
    amina = browser("Amina")
    assert "Sam, class 2" in said(amina.get(f"{evening}/make-ups"))
    assert agree(amina, evening, app) == 303
    page = said(sam.get(second))
    assert "Agreed with Amina: Meet a trainer." in page
    assert "Until May 12, 2026." in page
    assert "Room 2 at five." in page
    assert sam.post(f"{second}/done", data={"done_words": WORDS}).status_code == 303
    assert WORDS in browser("Amina").get(f"{evening}/make-ups").text
    with app.app_context():
        marks = queries.marks_of(world.cohorts["evening"], world.enrolments["Sam"])
        assert not marks.by_class[2].made_up
        assert [c.state for c in marks.catch_ups] == ["done"]
    assert decide(amina, evening, app, "accept") == 303
    assert "Made up: Meet a trainer. Amina accepted it." in said(sam.get(f"{evening}/attendance"))
    with app.app_context():
        marks = queries.marks_of(world.cohorts["evening"], world.enrolments["Sam"])
        assert marks.by_class[2].made_up


def test_today_names_what_was_agreed_until_it_is_done(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str, clock: time_machine.Coordinates
) -> None:
    """Nobody who has a class to catch up reads that this is all, whether or not it was talked over yet."""
    with course_where(app, 1, without_homework):
        assert "How to catch up class 2" in (page := said(sam.get("/today")))
        assert "all for today" not in page
        asked(sam, second)
        assert "all for today" in said(sam.get("/today")), "now it is the trainers' turn"
        assert agree(browser("Amina"), evening, app) == 303
        page = said(sam.get("/today"))
        assert "Waiting for you Your make-up for class 2 until May 12, 2026" in page
        assert "all for today" not in page
        clock.move_to(NOW + timedelta(days=8))
        sam = sign_in(app, "Sam")
        page = said(sam.get("/today"))
        assert "Your make-up for class 2" in page
        assert "until" not in page, "a day that has passed is no reproach"
        sam.post(f"{second}/done", data={"done_words": WORDS})
        assert "all for today" in said(sam.get("/today"))


def without_homework(course: dict[str, Any]) -> None:
    for planned in course["classes"]:
        planned["homework"] = []


def test_what_trainees_write_is_for_the_trainers_alone(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    asked(sam, second)
    agree(browser("Amina"), evening, app)
    sam.post(f"{second}/done", data={"done_words": WORDS})
    assert WORDS not in browser("Rosa").get(f"{evening}/make-ups").text
    assert "What they wrote is for the trainers of the group." in said(browser("Rosa").get(f"{evening}/make-ups"))
    assert all(WORDS not in mail.text and WORDS not in mail.subject for mail in mails(app))
    with app.app_context():
        assert not any(WORDS in row.why for row in session.scalars(select(AuditRow)))


def test_the_other_side_gets_a_mail_with_a_neutral_subject(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    asked(sam, second)
    (to_amina,) = mails(app, "amina@example.org")
    assert to_amina.subject == "A note about your class"
    assert to_amina.path == f"{evening}/make-ups"
    agree(browser("Amina"), evening, app, words=WORDS)
    (to_sam,) = mails(app, "sam@example.org")
    assert to_sam.path == second
    assert WORDS not in to_sam.text


def test_one_make_up_a_class_and_person(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    asked(sam, second)
    again = sam.post(second, data={"way": "meet"})
    assert again.status_code == 409
    assert "There is a make-up for this class already." in said(again)
    assert "Ways to catch up" not in said(sam.get(second))
    assert sam.post(f"{second}/take-back").status_code == 303
    asked(sam, second)


def test_two_at_the_same_moment_come_to_one(app: Flask, world: World, sam: FlaskClient) -> None:
    about = (world.meetings["evening"][1], world.enrolments["Sam"])
    by_sam = Acting(world.people["Sam"], world.organizations["northside"], world.people["Sam"], NOW)
    may_write()
    with app.app_context(), saved():
        makeups.ask(*about, makeups.Chosen(WAYS[2]), by_sam)
        with pytest.raises(Refused):
            makeups.ask(*about, makeups.Chosen(WAYS[2]), by_sam)


def test_not_yet_says_why_and_can_be_done_again(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    amina = browser("Amina")
    asked(sam, second)
    agree(amina, evening, app)
    sam.post(f"{second}/done", data={"done_words": WORDS})
    assert decide(amina, evening, app, "again", due_on=NEXT_WEEK) == 422
    assert decide(amina, evening, app, "again", due_on=NEXT_WEEK, words="One page is missing.") == 303
    page = sam.get(second)
    assert "One page is missing." in said(page)
    assert WORDS in page.text, "what was written stays in the field"
    assert sam.post(f"{second}/done", data={"done_words": "Now."}).status_code == 303


def test_closed_without_accepting_says_why(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    asked(sam, second)
    assert decide(browser("Amina"), evening, app, "close") == 422
    assert decide(browser("Amina"), evening, app, "close", words="I am away this month.") == 303
    page = said(sam.get(second))
    assert "Amina closed your last make-up: I am away this month. You can choose another way." in page
    asked(sam, second)


def test_a_day_that_has_passed_is_said_and_not_punished(
    app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str, clock: time_machine.Coordinates
) -> None:
    asked(sam, second)
    agree(browser("Amina"), evening, app, due_on=NOW.date().isoformat())
    clock.move_to(NOW + timedelta(hours=11))  # the next day in Toronto
    page = said(sam.get(second))
    assert "That day has passed. Nothing is lost" in page
    assert sam.post(f"{second}/done").status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose one of the ways."),
        ({"way": "no-such"}, "Choose one of the ways."),
        ({"way": "meet", "due_on": "soon"}, "Enter a date, like 2027-03-27."),
        ({"way": "meet", "due_on": "2026-05-01"}, "Choose today or a later day."),
        ({"way": "other"}, "Choose one of these classes."),
        ({"way": "other", "other": "1"}, "Choose one of these classes."),
    ],
)
def test_bad_input_is_a_sentence_beside_the_field(
    app: Flask, sam: FlaskClient, second: str, typed: dict[str, str], sentence: str
) -> None:
    answer = sam.post(second, data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)
    if "due_on" in typed:
        assert typed["due_on"] in answer.text


def test_agreeing_needs_a_day(app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str) -> None:
    asked(sam, second)
    path = f"{evening}/make-ups/{the_make_up(app).id}/agree"
    answer = browser("Amina").post(path, data={"words": WORDS, "step": "agree"})
    assert answer.status_code == 422
    assert "Say until when" in said(answer)
    assert WORDS in answer.text, "nothing typed is lost"


def test_a_recording_is_offered_only_where_the_group_agreed(
    app: Flask, world: World, sam: FlaskClient, second: str
) -> None:
    assert "Watch the recording" not in said(sam.get(second))
    assert sam.post(second, data={"way": "watch"}).status_code == 422
    may_write()
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).recorded = True
    assert "Watch the recording" in said(sam.get(second))


def test_partly_recoverable_says_what_it_does_not_cover(
    app: Flask, world: World, sam: FlaskClient, browser: Browser, evening: str, second: str
) -> None:
    def partly(course: dict[str, object]) -> None:
        course["classes"][1]["recoverable"] = "partly"  # type: ignore[index]

    sentence = "This make-up covers the reading, not the practice with the group."
    assert sentence not in said(sam.get(second))
    with course_where(app, world.cohorts["evening"], partly):
        page = said(sam.get(second))
        assert f"Meet a trainer What was talked about. {sentence}" in page
        assert page.count(sentence) == 1, "with another group one takes the whole class"
        asked(sam, second)
        assert sentence in said(sam.get(second))


def test_what_the_rule_says_itself_of_a_part_is_not_said_twice(
    app: Flask, world: World, sam: FlaskClient, second: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    covers = together((Text("The ideas.", "Les idées."), READING_NOT_PRACTICE))
    way = values.MakeUp("watch", Text("Watch", "Regarder"), covers, "one-to-one")
    monkeypatch.setattr(Guard, "make_ups", lambda *_asked: (way,))

    def partly(course: dict[str, object]) -> None:
        course["classes"][1]["recoverable"] = "partly"  # type: ignore[index]

    with course_where(app, world.cohorts["evening"], partly):
        assert said(sam.get(second)).count("covers the reading") == 1


def test_what_was_not_missed_is_not_caught_up(sam: FlaskClient, evening: str) -> None:
    page = said(sam.get(f"{evening}/classes/1/make-up"))
    assert "You did not miss this class, so there is nothing to catch up." in page
    assert sam.post(f"{evening}/classes/1/make-up", data={"way": "meet"}).status_code == 422


def test_a_class_told_in_advance_can_be_caught_up(browser: Browser, evening: str) -> None:
    kim = browser("Kim")
    kim.post(f"{evening}/classes/7/notice")
    asked(kim, f"{evening}/classes/7/make-up")
    assert "You asked to catch up: Meet a trainer." in said(kim.get(f"{evening}/attendance"))


# -- offered by a trainer -----------------------------------------------------------------------------------


def test_a_trainer_may_offer_first(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    amina, path = browser("Amina"), f"{evening}/classes/2/people/{world.enrolments['Sam']}/make-up"
    assert "Meet a trainer" in said(amina.get(path))
    assert amina.post(path, data={"way": "meet"}).status_code == 422
    assert amina.post(path, data={"way": "meet", "due_on": NEXT_WEEK, "words": "Thursday?"}).status_code == 303
    page = said(sam.get(second))
    assert "Amina offers you: Meet a trainer." in page
    assert "Thursday?" in page
    assert "No thanks, or another way" in page
    assert amina.post(path, data={"way": "meet", "due_on": NEXT_WEEK}).status_code == 409


def test_nobody_decides_about_themselves(app: Flask, world: World, sam: FlaskClient, evening: str, second: str) -> None:
    asked(sam, second)
    oneself = Acting(world.people["Sam"], world.organizations["northside"], world.people["Sam"], NOW)
    made = the_make_up(app).id
    may_write()
    with app.app_context():
        for act in (
            lambda: makeups.agree(made, NOW.date(), "", oneself),
            lambda: makeups.accept(made, oneself),
            lambda: makeups.close(made, "No.", oneself),
            lambda: makeups.offer(1, world.enrolments["Sam"], makeups.Chosen(WAYS[2]), "", oneself),
        ):
            with pytest.raises(Refused, match="This is about you"):
                act()
    assert the_make_up(app).state == "asked"


def test_what_is_accepted_stays(app: Flask, browser: Browser, sam: FlaskClient, evening: str, second: str) -> None:
    asked(sam, second)
    agree(browser("Amina"), evening, app)
    decide(browser("Amina"), evening, app, "accept")
    assert sam.post(f"{second}/take-back").status_code == 409
    assert decide(browser("Amina"), evening, app, "close", words="Changed my mind.") == 409
    assert the_make_up(app).state == "accepted"


# -- a class of another group -------------------------------------------------------------------------------


def guest_class(app: Flask, world: World) -> int:
    """Class 2 of the morning group, moved to the next days."""
    may_write()
    with app.app_context(), saved():
        meeting = session.get_one(Meeting, world.meetings["morning"][1])
        meeting.starts_at = NOW + timedelta(days=2)
        meeting.place = "Library"
        return meeting.id


def test_a_guest_of_another_group(
    app: Flask,
    world: World,
    browser: Browser,
    sam: FlaskClient,
    evening: str,
    second: str,
    clock: time_machine.Coordinates,
) -> None:
    there = guest_class(app, world)
    page = said(sam.get(second))
    assert "Morning group · Library" in page
    asked(sam, second, "other", other=str(there))
    luc, morning = browser("Luc"), f"/cohorts/{world.cohorts['morning']}"
    assert "Sam" not in said(luc.get(f"{morning}/make-ups")), "not before it is agreed"
    path = f"{evening}/make-ups/{the_make_up(app).id}/agree"
    assert browser("Amina").post(path, data={}).status_code == 303
    assert "Sam, guest of Evening group" in said(luc.get(f"{morning}/make-ups"))
    assert mails(app, "luc@example.org")[0].path == f"{morning}/make-ups"
    guest = f"{morning}/make-ups/{the_make_up(app).id}/guest"
    assert luc.post(guest).status_code == 409, "the class has not begun"
    clock.move_to(NOW + timedelta(days=2, hours=3))
    luc = sign_in(app, "Luc")
    assert luc.post(guest).status_code == 303
    assert the_make_up(app).state == "accepted"
    assert the_make_up(app).decided_by == world.people["Luc"]


def test_hosts_decide_nothing_else_and_others_nothing_at_all(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    there = guest_class(app, world)
    asked(sam, second, "other", other=str(there))
    made, morning = the_make_up(app).id, f"/cohorts/{world.cohorts['morning']}"
    luc = browser("Luc")
    assert luc.post(f"{morning}/make-ups/{made}/agree").status_code == 404
    assert luc.post(f"{morning}/make-ups/{made}/decide", data={"decision": "accept"}).status_code == 404
    assert luc.post(f"{evening}/make-ups/{made}/guest").status_code == 404
    assert browser("Amina").post(f"{evening}/make-ups/{made}/guest").status_code == 404


def test_classes_of_other_organizations_ended_groups_and_the_past_are_not_offered(
    app: Flask, world: World, sam: FlaskClient, second: str
) -> None:
    there = guest_class(app, world)
    assert f'value="{there}"' in sam.get(second).text
    may_write()
    with app.app_context(), saved():
        rivers = session.get_one(Meeting, world.meetings["rivers"][1])
        rivers.starts_at = NOW + timedelta(days=2)
        session.get_one(Cohort, world.cohorts["morning"]).closed_at = NOW
    page = sam.get(second).text
    assert f'value="{there}"' not in page
    assert f'value="{world.meetings["rivers"][1]}"' not in page
    assert "No such class is planned in another group at the moment." in said(page)


def test_a_guest_reads_that_the_class_was_cancelled(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    there = guest_class(app, world)
    offer = f"{evening}/classes/2/people/{world.enrolments['Sam']}/make-up"
    assert browser("Amina").post(offer, data={"way": "other", "other": str(there)}).status_code == 303
    morning = f"/cohorts/{world.cohorts['morning']}"
    assert mails(app, "luc@example.org")[0].path == f"{morning}/make-ups", "also where a trainer offered it"
    browser("Luc").post(f"{morning}/classes/2/cancel")
    assert "That class was cancelled. Take the make-up back to choose another way." in said(sam.get(second))
    assert "Was there" not in said(browser("Luc").get(f"{morning}/make-ups"))


# -- how much is asked --------------------------------------------------------------------------------------


def test_the_list_asks_as_often_for_many(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    amina = browser("Amina")
    amina.get(f"{evening}/make-ups")
    found = []
    for numbers in ((2,), (1, 3, 4)):
        missed(app, world, "Sam", *numbers)
        for number in numbers:
            asked(sam, f"{evening}/classes/{number}/make-up")
        with counted(app) as statements:
            assert amina.get(f"{evening}/make-ups").status_code == 200
        found.append(len(statements))
    assert found[0] == found[1] <= 8


def test_what_waits_is_counted_in_one_statement(
    app: Flask, world: World, sam: FlaskClient, evening: str, second: str
) -> None:
    asked(sam, second)
    sam.post(f"{evening}/classes/3/question")
    sam.post(f"{evening}/classes/4/question")
    evening_id = world.cohorts["evening"]
    with app.app_context(), counted(app) as statements:
        assert queries.waiting_on_trainers([evening_id, world.cohorts["morning"]]) == {
            evening_id: queries.Waiting(questions=2, make_ups=1)
        }
    assert len(statements) == 1
    with app.app_context(), counted(app) as statements:
        assert queries.waiting_on_trainers([]) == {}
    assert statements == []


@pytest.mark.parametrize(
    ("state", "days", "passed"), [("agreed", -1, True), ("agreed", 0, False), ("done", -1, False), ("asked", -9, False)]
)
def test_only_an_agreed_make_up_lapses(state: str, days: int, passed: bool) -> None:
    assert makeups.lapsed(state, NOW.date() + timedelta(days=days), NOW.date()) == passed


def test_a_reason_is_needed_before_anything_is_looked_at(app: Flask, world: World) -> None:
    acting = Acting(world.people["Amina"], 1, world.people["Sam"], NOW)
    with app.app_context(), pytest.raises(Incomplete):
        makeups.close(999, "  ", acting)


def test_a_guest_finds_the_way_in_and_hears_of_changes(
    app: Flask, world: World, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    with app.app_context(), saved():
        there = session.get_one(Meeting, world.meetings["morning"][1])
        there.starts_at, there.place, there.link = NOW + timedelta(days=4), "", "https://meet.example.org/morning"
        other = there.id
    asked(sam, second, "other", other=str(other))
    assert "https://meet.example.org/morning" not in sam.get(second).text, "not before it is agreed"
    agree(browser("Amina"), evening, app)
    assert 'href="https://meet.example.org/morning"' in sam.get(second).text
    assert 'href="https://meet.example.org/morning"' in sam.get(f"{evening}/attendance").text
    before, luc = len(mails(app, "sam@example.org")), browser("Luc")
    group = f"/cohorts/{world.cohorts['morning']}"
    luc.post(f"{group}/classes/2/move", data={"day": "2026-05-20", "at": "10:00"})
    luc.post(f"{group}/classes/2/cancel")
    moved, cancelled = mails(app, "sam@example.org")[before:]
    assert "has a new time" in moved.text
    assert "does not take place" in cancelled.text
    assert moved.text.endswith(second), "a page that a guest may open"
    assert cancelled.path == second
    assert "https://meet.example.org/morning" not in sam.get(second).text, "nobody joins a class that is off"


def test_no_page_leads_to_a_way_that_the_rule_does_not_have(
    world: World, browser: Browser, sam: FlaskClient, evening: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for the trainee nor for those who lead, nor on the roll call."""
    places = ((sam, f"{evening}/attendance", "How to catch up class 2"),
              (browser("Amina"), f"{evening}/people/{world.enrolments['Sam']}/attendance", "Offer a make-up for class 2"),
              (browser("Amina"), f"{evening}/classes/2/roll-call", "Offer a make-up"))  # fmt: skip
    for client, page, offered in places:
        assert offered in said(client.get(page))
    monkeypatch.setattr(Guard, "make_ups", lambda *_asked: ())
    for client, page, offered in places:
        assert offered not in said(client.get(page))
    answer = said(sam.get(f"{evening}/classes/2/make-up"))
    assert "There is no make-up to choose for this class." in answer, "true also where a rule cannot answer"


def test_a_trainer_reads_before_sending_that_a_day_is_needed(
    world: World, browser: Browser, sam: FlaskClient, evening: str, second: str
) -> None:
    amina = browser("Amina")
    assert "Until when (needed)" in said(amina.get(f"{evening}/classes/2/people/{world.enrolments['Sam']}/make-up"))
    assert "needed" not in said(sam.get(second))
    asked(sam, second)
    assert "Until when (needed)" in said(amina.get(f"{evening}/make-ups"))
