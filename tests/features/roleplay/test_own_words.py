"""What becomes of words of role plays: taken along, moved with their person, removed when the time of a group is over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.features.cohorts.models import Enrolment
from lms.features.grouping.models import GroupingWish, Seat
from lms.features.reading.retention import begin_removing, remove_words
from lms.features.roleplay.models import Sheet, SupporterNote
from lms.features.roleplay.moving import move_seats
from lms.host.db import may_write, saved, session
from lms.host.outbox import OutboxRow
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.roleplay.rooms import Table, begin
from tests.world import World, course_where, ended, keeping_words

WORDS = "You let the silence be."


@pytest.fixture
def table(app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates) -> Iterator[Table]:
    """Round 1 is played: Sam wrote for himself, Person000 for him, Amina saw him; he is about to choose."""
    clock.move_to(OPEN)
    table = begin(app, world, ("Sam", "Kim", "Person000"))
    clock.shift(timedelta(minutes=3))
    place = f"{evening}/classes/6/role-play/sheet"
    browser("Sam").post(place, data={"round": 1, "seen": "", "liked": "That I waited"})
    browser("Person000").post(place, data={"round": 1, "seen": "", "words": WORDS, "tick": "waits"})
    with app.app_context(), saved():
        session.add(
            SupporterNote(
                meeting_id=world.meetings["evening"][5],
                enrolment_id=world.enrolments["Sam"],
                card="first-coffee",
                ticks=["waits"],
                words="A long, kind pause",
                by_id=world.people["Amina"],
                at=OPEN,
            )
        )
    return table


def taken(browser: Browser, name: str) -> str:
    answer = browser(name).get("/account/writing")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    return "\n".join(archive.read(file).decode() for file in archive.namelist() if file.endswith((".md", ".html")))


def test_role_plays_are_taken_along(table: Table, browser: Browser, evening: str) -> None:
    mine = taken(browser, "Sam")
    for words in (
        "That I waited",
        WORDS,
        "A long, kind pause",
        "Waits at least three seconds",
        "What Amina saw, class 6",
    ):
        assert words in mine
    assert WORDS in taken(browser, "Person000"), "they wrote it"
    for words in (WORDS, "That I waited", "A long, kind pause"):
        assert words not in taken(browser, "Kim")
    browser("Sam").post(f"{evening}/role-play/mine", data={"run": table.run_id, "round": 1, "choice": "let-go"})
    for name in ("Sam", "Person000"):
        assert WORDS not in taken(browser, name)


def test_words_go_when_the_time_of_the_group_is_over_and_facts_stay(
    app: Flask, world: World, table: Table, clock: time_machine.Coordinates
) -> None:
    cohort = world.cohorts["evening"]
    ended(app, cohort, OPEN + timedelta(hours=1))
    may_write()
    with course_where(app, cohort, keeping_words(30)):
        for days, left in ((29, {"liked": "That I waited"}), (31, {})):
            now = OPEN + timedelta(days=days, hours=1)
            with app.app_context(), saved():
                remove_words(cohort, now)
            with app.app_context():
                own, _given = session.scalars(select(Sheet).order_by(Sheet.id))
                assert own.words == left
        with app.app_context():
            _own, given = session.scalars(select(Sheet).order_by(Sheet.id))
            (note,) = session.scalars(select(SupporterNote))
            assert (given.words, given.ticks, note.words, note.ticks) == ({}, ["waits"], "", ["waits"])
        with app.app_context(), saved():
            begin_removing(OPEN + timedelta(days=40))
        with app.app_context():
            assert not list(session.scalars(select(OutboxRow).where(OutboxRow.kind == "words.remove")))


def test_who_was_to_be_apart_is_forgotten_when_the_time_of_the_group_is_over(
    app: Flask, world: World, table: Table
) -> None:
    cohort, pair = world.cohorts["evening"], sorted((world.enrolments["Sam"], world.enrolments["Kim"]))
    ended(app, cohort, OPEN + timedelta(hours=1))
    may_write()
    with app.app_context(), saved():
        session.add(
            GroupingWish(
                cohort_id=cohort, a_id=pair[0], b_id=pair[1], apart=True, set_by=world.people["Amina"], set_at=OPEN
            )
        )
    with course_where(app, cohort, keeping_words(30)):
        for days, left in ((29, 1), (31, 0)):
            with app.app_context(), saved():
                remove_words(cohort, OPEN + timedelta(days=days, hours=1))
            with app.app_context():
                assert len(list(session.scalars(select(GroupingWish)))) == left


def test_a_way_that_was_shared_is_taken_along_until_it_is_taken_back(browser: Browser, evening: str) -> None:
    place, sam = f"{evening}/practice/first-coffee-alone", browser("Sam")
    sam.post(place, data={"what": "share", "path": "0-0-0", "own-0": "Good morning, come in."})
    mine = taken(browser, "Sam")
    for words in ("Good morning, come in.", "Is this for anyone?", "What are your evenings like?"):
        assert words in mine
    assert "Good morning, come in." not in taken(browser, "Kim")
    sam.post(place, data={"what": "take-back"})
    assert "Good morning, come in." not in taken(browser, "Sam")


def test_sheets_and_what_was_seen_move_with_their_person(app: Flask, world: World, table: Table) -> None:
    may_write()
    with app.app_context(), saved():
        old, kim = world.enrolments["Sam"], world.enrolments["Kim"]
        session.add(
            GroupingWish(
                cohort_id=world.cohorts["evening"],
                a_id=min(old, kim),
                b_id=max(old, kim),
                apart=True,
                set_by=world.people["Amina"],
                set_at=OPEN,
            )
        )
        new = Enrolment(cohort_id=world.cohorts["morning"], person_id=world.people["Sam"], joined_at=OPEN)
        session.add(new)
        session.flush()
        move_seats(session.get_one(Enrolment, old), new, {6}, set(range(1, 13)))
        session.expire_all()
        places = {model: set(session.scalars(select(model.enrolment_id))) for model in (Seat, Sheet, SupporterNote)}
        assert all(new.id in found and old not in found for found in places.values())
        assert {sheet.supporter_id for sheet in session.scalars(select(Sheet))} == {new.id}
        assert not list(session.scalars(select(GroupingWish))), "who was to be apart here is told nobody else"
