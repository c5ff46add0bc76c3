"""Registers that are closed, people who are not expected, statuses of a rule, and what two trainers see of each other."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.attendance import actions
from lms.features.attendance.models import AttendanceMark
from lms.features.attendance.queries import marks_of
from lms.features.attendance.rules import Told
from lms.features.cohorts.models import Cohort, Enrolment
from lms.host.db import saved, session
from lms.plugin_api.values import AttendanceStatus, MeetingState, Status, Text
from tests.counting import counted
from tests.features.attendance.test_roll_call import JSON, OPEN, chain, mark
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit
from tests.world import World

STARTS = NOW + timedelta(hours=2)
PHONE = AttendanceStatus("by-phone", Text("on the phone", "au téléphone"), Status.HERE)


@pytest.fixture(autouse=True)
def roll_call_is_open(clock: time_machine.Coordinates) -> None:
    """An hour before class 6."""
    clock.move_to(OPEN)


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


@pytest.fixture
def tonight(evening: str) -> str:
    return f"{evening}/classes/6"


def last(app: Flask, world: World, name: str, number: int = 6) -> AttendanceMark:
    """The mark that counts, to be read outside."""
    with app.app_context():
        found = session.scalars(
            select(AttendanceMark)
            .where(
                AttendanceMark.enrolment_id == world.enrolments[name],
                AttendanceMark.meeting_id == world.meetings["evening"][number - 1],
            )
            .order_by(AttendanceMark.sequence.desc())
        ).first()
        assert found
        session.expunge(found)
        return found


# -- not marked ---------------------------------------------------------------------------------------------


def test_unmarked_says_not_marked(
    world: World, amina: FlaskClient, browser: Browser, tonight: str, evening: str, clock: time_machine.Coordinates
) -> None:
    """Neither absent nor present: for the trainer, and for Sam after the class."""
    assert 'aria-label="Sam, not marked"' in amina.get(f"{tonight}/roll-call").text
    clock.move_to(STARTS + timedelta(hours=4))
    page = said(browser("Sam").get(f"{evening}/attendance"))
    assert "not marked" in page


# -- closed registers ---------------------------------------------------------------------------------------


def test_after_some_days_a_mark_needs_a_reason_that_its_person_reads(
    app: Flask, world: World, amina: FlaskClient, evening: str
) -> None:
    """Class 3 was nine days ago; the group closes its registers after seven."""
    old = f"{evening}/classes/3"
    refused = mark(amina, world, old, "Sam", "away")
    assert refused.status_code == 422
    assert "This register is closed." in refused.json["error"]
    assert chain(app, world, "Sam", 3) == [("here", "everyone")]
    assert mark(amina, world, old, "Sam", "away", why="The list of that evening says so.").status_code == 200
    assert chain(app, world, "Sam", 3)[1:] == [("away", "correction")]
    assert last(app, world, "Sam", 3).why == "The list of that evening says so."


def test_without_script_the_reason_is_asked_beside_its_field_and_nothing_typed_is_lost(
    world: World, amina: FlaskClient, evening: str
) -> None:
    data = {
        "enrolment": world.enrolments["Sam"],
        "status": "left_early",
        "minutes": "80",
        "late_by": "",
        "note": "A bus",
    }
    answer = amina.post(f"{evening}/classes/3/marks", data=data)
    assert answer.status_code == 422
    page = said(answer)
    assert "This register was closed on May 3, 2026." in page
    assert "Write why you correct it; the person reads your reason." in page
    assert 'value="A bus"' in answer.text
    assert 'value="80"' in answer.text
    assert f'<option value="{world.enrolments["Sam"]}" selected>' in answer.text


def test_reopening_an_old_register_changes_nothing(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    """Looking at it, lengthening the days, and saving what stands write no mark."""
    with app.app_context():
        before = session.query(AttendanceMark).count()
    assert "Everyone's here" not in said(amina.get(f"{evening}/classes/3/roll-call"))
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).lock_days = 400
    assert "Everyone's here" in said(amina.get(f"{evening}/classes/3/roll-call"))
    assert mark(amina, world, f"{evening}/classes/3", "Sam", "here").status_code == 200
    amina.post(f"{evening}/classes/3/marks/everyone")
    with app.app_context():
        assert session.query(AttendanceMark).count() == before


def test_everyone_at_once_needs_a_reason_there_too(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    with app.app_context(), saved():
        session.query(AttendanceMark).filter_by(meeting_id=world.meetings["evening"][2]).delete()
    assert amina.post(f"{evening}/classes/3/marks/everyone", headers=JSON).status_code == 422
    assert (
        amina.post(f"{evening}/classes/3/marks/everyone", data={"why": "Paper list"}, headers=JSON).status_code == 200
    )
    assert chain(app, world, "Sam", 3) == [("here", "correction")]


# -- what is carried along ----------------------------------------------------------------------------------


def test_who_told_us_before_has_told_us_whatever_is_marked_later(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str
) -> None:
    browser("Sam").post(f"{tonight}/notice", data={"note": ""})
    mark(amina, world, tonight, "Sam", "away")
    assert last(app, world, "Sam").told_before
    with app.app_context():
        assert marks_of(world.cohorts["evening"], world.enrolments["Sam"]).by_class[6].told_before
    mark(amina, world, tonight, "Kim", "told_us")
    assert not last(app, world, "Kim").told_before, "only Kim can have told us"


def test_who_can_come_after_all_has_told_nothing(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str
) -> None:
    sam = browser("Sam")
    sam.post(f"{tonight}/notice")
    sam.post(f"{tonight}/notice/withdraw")
    mark(amina, world, tonight, "Sam", "away")
    assert not last(app, world, "Sam").told_before


def test_a_waiver_stays_while_the_status_does(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    mark(amina, world, tonight, "Sam", "away")
    with app.app_context(), saved():
        session.query(AttendanceMark).filter_by(enrolment_id=world.enrolments["Sam"], status="away").update(
            {"waived_for": ["level-1"]}
        )
    mark(amina, world, tonight, "Sam", "away", note="In hospital")
    assert last(app, world, "Sam").waived_for == ["level-1"]
    mark(amina, world, tonight, "Sam", "late")
    assert last(app, world, "Sam").waived_for == []


# -- who is expected ----------------------------------------------------------------------------------------


def test_people_on_a_break_or_not_yet_there_are_not_in_the_list(
    app: Flask, world: World, amina: FlaskClient, tonight: str
) -> None:
    """Sam is on a break, Kim joins later, Person000 has left."""
    with app.app_context(), saved():
        sam, kim, gone = (session.get_one(Enrolment, world.enrolments[n]) for n in ("Sam", "Kim", "Person000"))
        sam.pauses = [[NOW.isoformat(), None]]
        kim.joined_at = STARTS + timedelta(days=1)
        gone.left_at = NOW
    page = amina.get(f"{tonight}/roll-call")
    assert "1 person is on a break." in said(page)
    assert [name for name in ("Sam", "Kim", "Person000", "Person001") if f'aria-label="{name},' in page.text] == [
        "Person001"
    ]
    assert amina.post(f"{tonight}/marks/everyone", headers=JSON).json["summary"] == "2 here."
    for name in ("Sam", "Kim"):
        refused = mark(amina, world, tonight, name, "away")
        assert refused.status_code == 409
        assert f"{name} is not expected at this class" in refused.json["error"]
        assert chain(app, world, name) == []


# -- statuses of a rule -------------------------------------------------------------------------------------


@pytest.fixture
def by_phone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule of the group knows one more way to be there."""
    guard = app.extensions["lms"].guard
    monkeypatch.setattr(guard, "statuses", lambda rule: (PHONE,))


@pytest.mark.usefixtures("by_phone")
def test_a_status_of_the_rule_is_chosen_and_shown_by_its_own_word(
    app: Flask, world: World, amina: FlaskClient, tonight: str
) -> None:
    answer = mark(amina, world, tonight, "Sam", "by-phone")
    assert answer.json["marks"][str(world.enrolments["Sam"])]["status"] == "by-phone"
    assert answer.json["summary"] == "1 on the phone, 4 not marked."
    kept = last(app, world, "Sam")
    assert (kept.status, kept.named) == ("here", "by-phone")
    page = amina.get(f"{tonight}/roll-call").text
    assert '<option value="by-phone" data-like="here">on the phone</option>' in page
    assert 'aria-label="Sam, on the phone"' in page
    mark(amina, world, tonight, "Sam", "here")
    assert last(app, world, "Sam").named == ""


def test_a_status_that_the_rule_has_lost_is_shown_as_what_it_is_like(
    app: Flask, world: World, amina: FlaskClient, tonight: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(app.extensions["lms"].guard, "statuses", lambda rule: (PHONE,))
        mark(amina, world, tonight, "Sam", "by-phone")
    assert 'aria-label="Sam, here"' in amina.get(f"{tonight}/roll-call").text
    assert mark(amina, world, tonight, "Kim", "by-phone").status_code == 422


# -- two at once --------------------------------------------------------------------------------------------


def test_a_page_asks_what_is_new_and_mostly_hears_nothing(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str
) -> None:
    newest = mark(amina, world, tonight, "Sam", "late").json["newest"]
    rosa = browser("Rosa")
    told = rosa.get(f"{tonight}/marks", headers=JSON).json
    assert (told["newest"], told["summary"]) == (newest, "1 late, 4 not marked.")
    assert told["marks"][str(world.enrolments["Sam"])]["status"] == "late"
    with counted(app) as statements:
        assert rosa.get(f"{tonight}/marks?since={newest}", headers=JSON).status_code == 204
    assert len([s for s in statements if "attendance_mark" in s]) == 1
    mark(amina, world, tonight, "Kim", "away")
    assert rosa.get(f"{tonight}/marks?since={newest}", headers=JSON).json["summary"] == "1 late, 1 away, 3 not marked."
    assert rosa.get(f"{tonight}/marks?since=nonsense", headers=JSON).status_code == 200


# -- afterwards ---------------------------------------------------------------------------------------------


def test_after_the_class_began_a_make_up_is_offered_beside_whoever_was_away(
    world: World, amina: FlaskClient, tonight: str, clock: time_machine.Coordinates
) -> None:
    mark(amina, world, tonight, "Kim", "away")
    assert "was away." not in said(amina.get(f"{tonight}/roll-call"))
    clock.move_to(STARTS + timedelta(minutes=5))
    page = amina.get(f"{tonight}/roll-call").text
    offered = [line for line in page.splitlines() if "data-offer" in line and " hidden" not in line]
    assert len(offered) == 1
    assert "Kim was away." in offered[0]
    assert f"/people/{world.enrolments['Kim']}/make-up" in offered[0]


def test_a_make_up_can_be_offered_and_asked_for_while_the_class_goes_on(
    world: World, amina: FlaskClient, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    """A class counts as held once it is over, but whoever is marked as away reads at once how to catch up."""
    clock.move_to(STARTS + timedelta(minutes=5))
    mark(amina, world, tonight, "Kim", "away")
    assert "One-to-one with a trainer" in said(amina.get(f"{tonight}/people/{world.enrolments['Kim']}/make-up"))
    assert "One-to-one with a trainer" in said(browser("Kim").get(f"{tonight}/make-up"))


# -- a list of a meeting tool ---------------------------------------------------------------------------------


def test_taking_a_list_leaves_a_trainers_own_mark_and_a_notice(app: Flask, world: World) -> None:
    facts = actions.ClassFacts(
        world.meetings["evening"][5], world.organizations["northside"], STARTS, MeetingState.PLANNED
    )
    amina, sam, kim, other = (
        world.people["Amina"],
        world.enrolments["Sam"],
        world.enrolments["Kim"],
        world.enrolments["Person000"],
    )
    with app.app_context(), saved():
        actions.tell_before(facts, sam, "dentist", by=world.people["Sam"], now=NOW)
        actions.mark(facts, kim, "away", by=amina, now=NOW)
        actions.everyone_is_here(facts, [other], by=amina, now=NOW)
        told = {id: Told(Status.LATE, 90, 20) for id in (sam, kim, other)}
        assert actions.take_list(facts, told, {kim}, by=amina, now=NOW) == (2, 1)
        assert actions.take_list(facts, told, {kim}, by=amina, now=NOW) == (0, 1), "the same list again adds nothing"
    assert chain(app, world, "Sam") == [("told_us", "notice")]
    assert chain(app, world, "Kim") == [("away", "roll_call"), ("late", "import")]
    assert chain(app, world, "Person000") == [("here", "everyone"), ("late", "import")]
    assert (last(app, world, "Kim").minutes, last(app, world, "Kim").late_by) == (90, 20)


def test_the_page_of_a_list_from_choosing_to_marking(
    app: Flask, world: World, amina: FlaskClient, tonight: str
) -> None:
    text = (
        "Name,User Email,Join Time,Leave Time\n"
        "Sam,,05/05/2026 06:00:10 PM,05/05/2026 09:00:00 PM\n"
        "The phone of Kim,,05/05/2026 06:30:00 PM,05/05/2026 09:00:00 PM\n"
        "<b>Stranger</b>,,05/05/2026 06:00:00 PM,05/05/2026 09:00:00 PM\n"
    )
    mark(amina, world, tonight, "Person001", "away")
    page = amina.post(f"{tonight}/participants", data={"list": (BytesIO(text.encode()), "list.csv")})
    assert page.status_code == 200
    words = said(page)
    assert "Not on the list: Kim, Person000, Person001, Person002. They stay as they are." in words
    assert "<b>Stranger</b>" not in page.text
    assert chain(app, world, "Sam") == [], "nothing is written yet"
    form = form_to(page, f"{tonight}/participants/confirm")
    names = [form.fields[f"name-{at}"] for at in range(3)]
    assert page.text.count(f'<option value="{world.enrolments["Sam"]}" selected>Sam</option>') == 1
    form.fields[f"who-{names.index('Sam')}"] = str(world.enrolments["Sam"])
    form.fields[f"who-{names.index('The phone of Kim')}"] = str(world.enrolments["Kim"])
    done = said(follow(amina, submit(amina, form)))
    assert "2 people were marked from the list." in done
    assert chain(app, world, "Sam") == [("here", "import")]
    assert chain(app, world, "Kim") == [("late", "import")]
    assert last(app, world, "Kim").late_by == 30
    assert chain(app, world, "Person001") == [("away", "roll_call")]


def test_the_page_of_a_list_says_what_changes_who_is_one_and_who_leads(amina: FlaskClient, tonight: str) -> None:
    whole = "05/05/2026 06:00:00 PM,05/05/2026 08:00:00 PM"
    names = ("Sam", "Phone (Sam)", "Kim", "Person000", "Amina")
    text = "Name,User Email,Join Time,Leave Time\n" + "".join(f"{name},,{whole}\n" for name in names)
    amina.post(f"{tonight}/marks/everyone")
    page = amina.post(f"{tonight}/participants", data={"list": (BytesIO(text.encode()), "list.csv")})
    words = said(page)
    assert "This changes." not in words, "who was here stays here"
    assert words.count("Several rows are this person.") == 2
    assert "Left out, because they lead this group: Amina." in words
    assert 'value="Amina"' not in page.text


@pytest.mark.parametrize("sent", [None, b"", b"hello"])
def test_a_list_that_cannot_be_read_gets_a_sentence_beside_its_field(
    amina: FlaskClient, tonight: str, sent: bytes | None
) -> None:
    data = {} if sent is None else {"list": (BytesIO(sent), "list.csv")}
    answer = amina.post(f"{tonight}/participants", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'id="list-error"' in answer.text


def test_a_list_for_a_closed_register_needs_a_reason_and_keeps_what_was_chosen(
    app: Flask, world: World, amina: FlaskClient, evening: str
) -> None:
    data = {"name-0": "A phone", "times-0": "0-3000 +0", "who-0": str(world.enrolments["Sam"])}
    path = f"{evening}/classes/3/participants/confirm"
    answer = amina.post(path, data=data)
    assert answer.status_code == 422
    assert 'value="0-3000 +0"' in answer.text
    assert f'<option value="{world.enrolments["Sam"]}" selected>' in answer.text
    assert amina.post(path, data=data | {"why": "From the tool"}).status_code == 303
    assert chain(app, world, "Sam", 3)[1:] == [("left_early", "correction")]


def test_people_of_other_groups_are_not_marked_by_a_list(
    app: Flask, world: World, amina: FlaskClient, tonight: str
) -> None:
    data = {"name-0": "Wes", "times-0": "0-7000 +0", "who-0": str(world.enrolments["Wes"])}
    assert amina.post(f"{tonight}/participants/confirm", data=data).status_code == 303
    with app.app_context():
        assert session.query(AttendanceMark).filter_by(enrolment_id=world.enrolments["Wes"]).count() == 0
