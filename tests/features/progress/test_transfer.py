"""Somebody goes to another group: what comes along, what stays, the way back, and the walls."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.features.accounts.roles import Place, Role, SignedIn
from lms.features.attendance.models import AttendanceMark, MakeUp
from lms.features.care.models import Accommodation
from lms.features.cohorts.models import Cohort, CourseRevision, Enrolment, Meeting
from lms.features.cohorts.queries import led_by
from lms.features.progress.models import ToldStanding, Vouching
from lms.features.progress.queries import evidence_of_cohort, evidence_of_one
from lms.features.submissions.models import Draft, DraftVersion, Review, Submission
from lms.host.db import may_write, saved, session
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said, submit
from tests.world import FIRST_HOMEWORK, World, forget_revisions, sent_homework


@pytest.fixture
def sam_at(world: World, evening: str) -> str:
    return f"{evening}/people/{world.enrolments['Sam']}"


@pytest.fixture
def morning(world: World) -> str:
    return f"/cohorts/{world.cohorts['morning']}"


def move(browser: Browser, at: str, to: int) -> str:
    """Rosa moves whoever is at this address; the new enrolment's address."""
    rosa = browser("Rosa")
    page = rosa.get(f"{at}/transfer?to={to}")
    answer = submit(rosa, form_to(page, f"{at}/transfer"))
    assert answer.status_code == 303, said(answer)
    return str(answer.headers["Location"])


def mark(app: Flask, world: World, number: int, **values: object) -> None:
    """Another link of Sam's chain in the evening group."""
    with app.app_context(), saved():
        meeting = world.meetings["evening"][number - 1]
        session.add(
            AttendanceMark(
                meeting_id=meeting,
                enrolment_id=world.enrolments["Sam"],
                sequence=9,
                source="roll_call",
                by_id=world.people["Amina"],
                at=NOW,
                **values,
            )
        )


def marks_in(app: Flask, world: World, cohort: str, name: str) -> dict[int, AttendanceMark]:
    with app.app_context():
        rows = session.execute(
            select(Meeting.number, AttendanceMark)
            .join(AttendanceMark, AttendanceMark.meeting_id == Meeting.id)
            .join(Enrolment, Enrolment.id == AttendanceMark.enrolment_id)
            .where(Meeting.cohort_id == world.cohorts[cohort], Enrolment.person_id == world.people[name])
            .order_by(AttendanceMark.sequence)
        )
        return {row.number: row.AttendanceMark for row in rows}


def test_the_marks_of_a_transferred_person_travel(
    app: Flask, world: World, browser: Browser, sam_at: str, morning: str
) -> None:
    mark(app, world, 3, status="away", told_before=True, waived_for=["level-1r", "of-old"], note="Between trainers.")
    mark(app, world, 4, status="late", minutes=80, late_by=12, why="You were there in the end.")
    page = browser("Rosa").get(f"{sam_at}/transfer?to={world.cohorts['morning']}")
    assert "The marks of classes 1, 2, 3, 4, 5" in said(page)
    move(browser, sam_at, world.cohorts["morning"])
    found = marks_in(app, world, "morning", "Sam")
    assert sorted(found) == [1, 2, 3, 4, 5]
    assert {mark.source for mark in found.values()} == {"transfer"}
    assert (found[3].status, found[3].told_before, found[3].waived_for, found[3].note) == (
        "away",
        True,
        ["level-1r"],
        "",
    )
    assert (found[4].minutes, found[4].late_by, found[4].why) == (80, 12, "You were there in the end.")
    sam = browser("Sam")
    assert "You missed 1 class." in said(sam.get(f"{morning}/attendance"))


def test_what_is_on_its_way_to_a_class_of_the_old_group_stays(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str
) -> None:
    """That somebody cannot come on a Tuesday says nothing of the other group's Thursday."""
    browser("Sam").post(f"{evening}/classes/6/notice", data={"note": "A wedding."})
    move(browser, sam_at, world.cohorts["morning"])
    assert 6 not in marks_in(app, world, "morning", "Sam")


def test_make_ups_travel(app: Flask, world: World, browser: Browser, sam_at: str) -> None:
    mark(app, world, 2, status="away")
    with app.app_context(), saved():
        session.add(
            MakeUp(
                meeting_id=world.meetings["evening"][1],
                enrolment_id=world.enrolments["Sam"],
                name="one-to-one",
                way="one-to-one",
                label={"en": "A talk", "fr": "Un entretien"},
                covers={"en": "All", "fr": "Tout"},
                state="agreed",
                asked_by=world.people["Sam"],
                asked_at=NOW,
            )
        )
    move(browser, sam_at, world.cohorts["morning"])
    with app.app_context():
        (row,) = session.execute(
            select(MakeUp.meeting_id, Enrolment.cohort_id).join(Enrolment, Enrolment.id == MakeUp.enrolment_id)
        )
        assert row == (world.meetings["morning"][1], world.cohorts["morning"])


def test_homework_comes_along_and_its_readers_stay_who_they_were(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str, morning: str
) -> None:
    text = sent_homework(app, world, "Sam", "A kettle on a window sill.")
    sam = browser("Sam")
    sam.post(f"{evening}/activities/whose-hands/draft", data={"text": "Not yet done.", "counter": "0"})
    place = move(browser, sam_at, world.cohorts["morning"])
    piece = said(sam.get(f"{morning}/activities/{FIRST_HOMEWORK}"))
    assert "A kettle on a window sill." in piece
    assert "Not yet done." in sam.get(f"{morning}/activities/whose-hands").text
    amina, luc = browser("Amina"), browser("Luc")
    assert luc.post(f"/reading/{text}/open").status_code == 404
    assert "All read" in said(luc.get("/reading"))
    assert "Sam" in said(amina.get("/reading"))
    assert amina.post(f"/reading/{text}/open").status_code == 303
    assert "A kettle on a window sill." in said(amina.get(f"/reading/{text}"))
    with app.app_context():
        sent = session.get_one(Submission, text)
        assert (sent.cohort_id, sent.enrolment_id) == (world.cohorts["evening"], int(place.rsplit("/", 1)[1]))


def accepted(app: Flask, world: World, submission: int) -> None:
    """Amina has answered this text; Sam reads it."""
    with app.app_context(), saved():
        session.get_one(Submission, submission).waiting = False
        session.add(
            Review(
                submission_id=submission,
                reviewer_id=world.people["Amina"],
                decision="accept",
                came_through="I read it.",
                to_try="",
                question="",
                ticks=[],
                released_at=NOW - timedelta(hours=1),
                visible_from=NOW - timedelta(hours=1),
            )
        )


def test_homework_that_was_answered_counts_in_the_new_group(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str, morning: str
) -> None:
    accepted(app, world, sent_homework(app, world, "Sam"))
    done = re.search(r"1 of \d+ complete\.", said(browser("Rosa").get(sam_at)))
    assert done
    there = move(browser, sam_at, world.cohorts["morning"])
    assert done.group() in said(browser("Rosa").get(there))
    assert done.group() in said(browser("Sam").get(f"{morning}/left"))
    assert "I read it." in said(browser("Sam").get(f"{morning}/activities/{FIRST_HOMEWORK}"))
    with app.app_context():
        here = led_by(signed_in(world, "Rosa"), world.cohorts["morning"])
        everyone = evidence_of_cohort(here, NOW).by_enrolment
        assert everyone[int(there.rsplit("/", 1)[1])].homework[FIRST_HOMEWORK].state == "done"


def signed_in(world: World, name: str) -> SignedIn:
    """Somebody who coordinates Northside."""
    place = Place(Role.COORDINATOR, world.organizations["northside"], None)
    return SignedIn(world.people[name], name, "", "en", "", (place,))


def test_role_play_comes_along_whenever_its_class_is_there_and_goes_back(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str, morning: str
) -> None:
    browser("Amina").post(f"{evening}/classes/4/role-play/groups")
    before = re.search(r"You took part \S+ of \d+ times?|You took part.*?\.", said(browser("Rosa").get(sam_at)))
    assert before
    with app.app_context(), saved():
        session.get_one(Meeting, world.meetings["morning"][3]).starts_at = NOW + timedelta(days=9)
    there = move(browser, sam_at, world.cohorts["morning"])
    id = int(there.rsplit("/", 1)[1])
    with app.app_context():
        here = led_by(signed_in(world, "Rosa"), world.cohorts["morning"])
        assert evidence_of_cohort(here, NOW).of(id).role_plays_brought == {4}
        assert evidence_of_one(here, id, NOW).of(id).role_plays_brought == {4}
    assert browser("Amina").get(f"{evening}/classes/4/role-play").status_code == 200
    assert before.group() in said(browser("Rosa").get(there))
    assert move(browser, f"{morning}/people/{id}", world.cohorts["evening"]) == sam_at
    with app.app_context():
        here = led_by(signed_in(world, "Rosa"), world.cohorts["evening"])
        assert evidence_of_one(here, world.enrolments["Sam"], NOW).of(world.enrolments["Sam"]).role_plays == {4}
    assert before.group() in said(browser("Rosa").get(sam_at))


def test_what_was_vouched_and_what_helps_come_along(app: Flask, world: World, browser: Browser, sam_at: str) -> None:
    with app.app_context(), saved():
        sam, rosa = world.enrolments["Sam"], world.people["Rosa"]
        shared = {"enrolment_id": sam, "on": NOW.date(), "by_id": rosa, "at": NOW}
        session.add(Vouching(requirement_id="final-talk", outcome_id=None, words="", **shared))
        session.add(Vouching(requirement_id="of-old", outcome_id=None, words="", **shared))
        session.add(Accommodation(enrolment_id=sam, extra_time=25, read_aloud=True, set_by=rosa, set_at=NOW))
    there = int(move(browser, sam_at, world.cohorts["morning"]).rsplit("/", 1)[1])
    with app.app_context():
        found = {row.requirement_id: row.enrolment_id for row in session.scalars(select(Vouching))}
        assert found == {"final-talk": there, "of-old": world.enrolments["Sam"]}
        assert session.get_one(Accommodation, there).extra_time == 25


def test_what_somebody_was_told_is_not_told_again(app: Flask, world: World, browser: Browser, sam_at: str) -> None:
    with app.app_context(), saved():
        for outcome in ("level-1", "no-such-outcome"):
            told = {"enrolment_id": world.enrolments["Sam"], "status": "cannot_be_met", "at": NOW}
            session.add(ToldStanding(outcome_id=outcome, **told))
    move(browser, sam_at, world.cohorts["morning"])
    with app.app_context():
        moved = session.scalars(select(Enrolment.id).where(Enrolment.moved_from_id == world.enrolments["Sam"])).one()
        told_there = session.scalars(select(ToldStanding.outcome_id).where(ToldStanding.enrolment_id == moved)).all()
        assert told_there == ["level-1"]


def test_the_place_itself_moves(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str, morning: str
) -> None:
    browser("Sam").post(f"{evening}/break", data={"until": "2026-05-20"})
    move(browser, sam_at, world.cohorts["morning"])
    with app.app_context():
        old = session.get_one(Enrolment, world.enrolments["Sam"])
        new = session.scalars(select(Enrolment).where(Enrolment.moved_from_id == old.id)).one()
        assert (new.joined_at, new.pauses, new.left_at) == (old.joined_at, old.pauses, None)
        assert old.left_at == NOW
    sam = browser("Sam")
    assert sam.get(f"{evening}/course").status_code == 404
    told = "You came from Evening group; your classes and homework came along."
    assert told in said(sam.get(f"{morning}/break"))
    (mail,) = mails(app, "sam@example.org")
    assert "You are in Morning group now." in mail.text


def test_a_class_taken_before_is_not_ahead_of_somebody_again(
    app: Flask, world: World, browser: Browser, sam_at: str, morning: str
) -> None:
    with app.app_context(), saved():
        for number in range(4, 18):
            to_come = session.get_one(Meeting, world.meetings["morning"][number - 1])
            to_come.starts_at = NOW + timedelta(minutes=30) + timedelta(days=number - 4)
    move(browser, sam_at, world.cohorts["morning"])
    sam, luc = browser("Sam"), browser("Luc")
    assert re.search(
        r"You took this class on \S+ \d+, 2026 with Evening group\.", said(sam.get(f"{morning}/attendance"))
    )
    page = luc.get(f"{morning}/classes/4/roll-call")
    assert "Took this class with another group, and not expected here: Sam" in said(page)
    assert 'aria-label="Sam, ' not in page.text
    assert f'href="{morning}/classes/4"' not in sam.get("/today").text
    held = luc.get(f"{morning}/classes/2/roll-call")
    assert "not expected here" not in said(held), "where the class was before they came, the mark stands like others"


def test_an_absence_does_not_stand_at_a_class_that_is_still_to_come_there(
    app: Flask, world: World, browser: Browser, sam_at: str, morning: str
) -> None:
    mark(app, world, 4, status="away")
    with app.app_context(), saved():
        session.get_one(Meeting, world.meetings["morning"][3]).starts_at = NOW + timedelta(minutes=30)
    page = said(browser("Rosa").get(f"{sam_at}/transfer?to={world.cohorts['morning']}"))
    assert re.search(r"The marks of classes [\d, ]*3, 5", page)
    move(browser, sam_at, world.cohorts["morning"])
    assert 4 not in marks_in(app, world, "morning", "Sam")
    assert 'aria-label="Sam, ' in browser("Luc").get(f"{morning}/classes/4/roll-call").text


def test_old_links_lead_to_the_group_where_somebody_is_now(
    browser: Browser, world: World, evening: str, sam_at: str, morning: str
) -> None:
    move(browser, sam_at, world.cohorts["morning"])
    sam = browser("Sam")
    for path in ("course", "attendance", "classes/6"):
        answer = sam.get(f"{evening}/{path}")
        assert answer.status_code == 404
        assert "You are in Morning group now." in said(answer)
        assert f'href="{morning}/course">Open the group</a>' in answer.text
    assert "You are in" not in said(browser("Wes").get(f"{evening}/course"))


def test_the_way_back_is_the_same(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str, morning: str
) -> None:
    text = sent_homework(app, world, "Sam", "Words that travel.")
    there = move(browser, sam_at, world.cohorts["morning"])
    with app.app_context(), saved():
        new = int(there.rsplit("/", 1)[1])
        session.add(
            AttendanceMark(
                meeting_id=world.meetings["morning"][1],
                enrolment_id=new,
                sequence=2,
                status="away",
                source="correction",
                by_id=world.people["Luc"],
                at=NOW,
            )
        )
    assert move(browser, f"{morning}/people/{new}", world.cohorts["evening"]) == sam_at
    sam = browser("Sam")
    assert "Words that travel." in said(sam.get(f"{evening}/activities/{FIRST_HOMEWORK}"))
    found = marks_in(app, world, "evening", "Sam")
    assert (found[2].status, found[2].source) == ("away", "transfer")
    assert found[1].source == "everyone", "what stands there just so is not written again"
    with app.app_context():
        assert session.get_one(Submission, text).enrolment_id == world.enrolments["Sam"]


def test_words_in_both_groups_are_all_kept(
    app: Flask, world: World, browser: Browser, evening: str, sam_at: str
) -> None:
    """Somebody who was in the other group before, and wrote there too."""
    with app.app_context(), saved():
        sam = world.people["Sam"]
        before = Enrolment(cohort_id=world.cohorts["morning"], person_id=sam, joined_at=NOW, left_at=NOW)
        session.add(before)
        session.flush()
        session.add(
            Draft(
                enrolment_id=before.id,
                activity_id="whose-hands",
                fields={"text": "Older."},
                counter=1,
                saved_at=NOW - timedelta(days=9),
            )
        )
        session.add(
            Submission(
                cohort_id=before.cohort_id, enrolment_id=before.id, activity_id=FIRST_HOMEWORK, version=1,
                fields={"text": "There."}, text="There.", data={}, sent_at=NOW - timedelta(days=9), reviewed=True, waiting=False,
            )
        )  # fmt: skip
        place = before.id
    sent_homework(app, world, "Sam", "Here.")
    browser("Sam").post(f"{evening}/activities/whose-hands/draft", data={"text": "Newer.", "counter": "0"})
    move(browser, sam_at, world.cohorts["morning"])
    with app.app_context():
        texts = session.execute(
            select(Submission.version, Submission.text)
            .where(Submission.enrolment_id == place)
            .order_by(Submission.version)
        )
        assert [tuple(row) for row in texts] == [(1, "There."), (2, "Here.")]
        assert session.get_one(Draft, (place, "whose-hands")).fields["text"] == "Newer."
        earlier = session.scalars(select(DraftVersion).where(DraftVersion.enrolment_id == place)).all()
        assert [version.fields["text"] for version in earlier] == ["Older."]


# -- before, and what cannot be ------------------------------------------------------------------------------


def test_the_preview_says_what_is_not_there_and_changes_nothing(
    app: Flask, world: World, browser: Browser, sam_at: str
) -> None:
    sent_homework(app, world, "Sam")
    with app.app_context(), saved():
        session.get_one(Meeting, world.meetings["morning"][3]).state = "cancelled"
        rows = session.scalar(select(func.count(Enrolment.id)))
    page = said(browser("Rosa").get(f"{sam_at}/transfer?to={world.cohorts['morning']}"))
    assert "The marks of classes 1, 2, 3, 5" in page
    assert "The mark of class 4: there is no such class there, or it was cancelled." in page
    assert "1 piece of homework" in page
    with app.app_context():
        assert session.scalar(select(func.count(Enrolment.id))) == rows


def test_the_preview_asks_as_often_for_a_long_course_as_for_a_short_one(
    app: Flask, world: World, browser: Browser, sam_at: str
) -> None:
    with counted(app) as statements:
        browser("Rosa").get(f"{sam_at}/transfer?to={world.cohorts['morning']}")
    assert len([s for s in statements if "FROM draft_version" in s]) <= 1


def test_the_preview_says_which_classes_stay_open_in_a_group_that_is_further_on(
    app: Flask, world: World, browser: Browser, sam_at: str
) -> None:
    """Classes 6 to 9 were held there; 7 does not take place, and Sam was on a break at 8."""
    with app.app_context(), saved():
        for number in (6, 7, 8, 9):
            meeting = session.get_one(Meeting, world.meetings["morning"][number - 1])
            meeting.starts_at = NOW - timedelta(days=10 - number)
            meeting.state = "cancelled" if number == 7 else "planned"
        eighth = [(NOW - timedelta(days=2, hours=hours)).isoformat() for hours in (1, -1)]
        session.get_one(Enrolment, world.enrolments["Sam"]).pauses = [eighth]
    page = said(browser("Rosa").get(f"{sam_at}/transfer?to={world.cohorts['morning']}"))
    assert "In Morning group, classes 6, 9 were held, and no marks come along for them." in page


def test_another_version_of_the_course_is_compared_first(
    app: Flask, world: World, browser: Browser, sam_at: str
) -> None:
    def change(course: dict[str, Any]) -> None:
        course["classes"][1]["title"] = {"en": "Another second evening", "fr": "Une autre deuxième soirée"}
        course["classes"] = course["classes"][:4]
        for module in course["modules"]:
            module["activities"] = [a for a in module["activities"] if a["id"] != FIRST_HOMEWORK]

    sent_homework(app, world, "Sam", "It stays mine.")
    with another_version(app, world, "morning", change):
        page = said(browser("Rosa").get(f"{sam_at}/transfer?to={world.cohorts['morning']}"))
        assert "there “Another second evening”" in page
        assert "The mark of class 5: there is no such class there" in page
        assert "Homework that the other version does not have." in page
        move(browser, sam_at, world.cohorts["morning"])
        assert sorted(marks_in(app, world, "morning", "Sam")) == [1, 2, 3, 4]
        with app.app_context():
            (sent,) = session.scalars(select(Submission))
            assert sent.enrolment_id == world.enrolments["Sam"]
        archive = zipfile.ZipFile(BytesIO(browser("Sam").get("/account/writing").data))
        assert any(
            "It stays mine." in archive.read(name).decode() for name in archive.namelist() if name.endswith(".md")
        )


@contextmanager
def another_version(app: Flask, world: World, cohort: str, change: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """This cohort stands on another revision of the same course."""
    may_write()
    with app.app_context(), saved():
        row = session.get_one(Cohort, world.cohorts[cohort])
        first = session.get_one(CourseRevision, row.revision_digest)
        course = json.loads(first.course_json)
        change(course)
        digest = "f" * 64
        session.add(
            CourseRevision(
                digest=digest,
                course_key=first.course_key,
                course_json=json.dumps(course),
                pages_json=first.pages_json,
                kept_at=NOW,
            )
        )
        session.flush()
        row.revision_digest = digest
    forget_revisions()
    yield
    forget_revisions()


def test_a_full_group_says_so(app: Flask, world: World, browser: Browser, sam_at: str) -> None:
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["morning"]).places = 1
    rosa = browser("Rosa")
    assert "Morning group full" in said(rosa.get(f"{sam_at}/transfer"))
    answer = rosa.post(f"{sam_at}/transfer", data={"to": world.cohorts["morning"]})
    assert answer.status_code == 409
    assert "This group is full." in said(answer)
    assert browser("Sam").get(f"/cohorts/{world.cohorts['evening']}/course").status_code == 200


def test_nobody_is_moved_through_a_wall(world: World, browser: Browser, sam_at: str) -> None:
    rosa = browser("Rosa")
    assert "Maison" not in said(rosa.get(f"{sam_at}/transfer"))
    for to in (world.cohorts["rivers"], world.cohorts["evening"], 99999):
        assert rosa.get(f"{sam_at}/transfer?to={to}").status_code == 404
        assert rosa.post(f"{sam_at}/transfer", data={"to": to}).status_code == 404
    for name in ("Amina", "Sam", "Camille"):
        assert browser(name).post(f"{sam_at}/transfer", data={"to": world.cohorts["morning"]}).status_code == 404


def test_moving_twice_at_once_moves_once(app: Flask, world: World, browser: Browser, sam_at: str) -> None:
    rosa = browser("Rosa")
    to = {"to": world.cohorts["morning"]}
    assert rosa.post(f"{sam_at}/transfer", data=to).status_code == 303
    assert rosa.post(f"{sam_at}/transfer", data=to).status_code == 404
    assert follow(rosa, rosa.post(f"{sam_at}/return")).status_code == 200
