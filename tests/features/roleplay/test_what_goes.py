"""When the time of a group is over nobody can read who stepped out when; who played what stays true. What somebody asked for
themselves goes along with them, and goes in the end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.grouping.models import FormedGroups, NotThePersonToday, NotThisTopic, Seat
from lms.features.reading.retention import begin_removing, remove_words
from lms.features.roleplay.models import ClockChange, RoomEvent, Run, Sheet
from lms.features.roleplay.played import Turn, turns_in
from lms.features.roleplay.plays import play_of
from lms.host.db import may_write, saved, session
from lms.host.outbox import OutboxRow
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import NOW, Browser
from tests.features.roleplay.rooms import Table, begin
from tests.features.roleplay.test_own_words import taken
from tests.world import World, app_on_postgres, build_world, course_where, ended, keeping_words

LONG_AFTER = OPEN + timedelta(days=40)
FOUR = ("Sam", "Kim", "Person000", "Person001")


@pytest.fixture
def table(app: Flask, world: World, clock: time_machine.Coordinates) -> Table:
    """Four at one table, in the first round."""
    clock.move_to(OPEN)
    table = begin(app, world, FOUR, ago=150)
    clock.shift(timedelta(minutes=1))
    return table


def forget(app: Flask, world: World, at: datetime = LONG_AFTER) -> None:
    """The group ended with its class, and its time is over thirty days later."""
    cohort = world.cohorts["evening"]
    ended(app, cohort, OPEN + timedelta(hours=1))
    may_write()
    with course_where(app, cohort, keeping_words(30)), app.app_context(), saved():
        remove_words(cohort, at)


def rows(app: Flask, model: Any) -> list[Any]:
    with app.app_context():
        return list(session.scalars(select(model)))


def asks(app: Flask, world: World, name: str) -> None:
    with app.app_context(), saved():
        session.add(
            NotThePersonToday(meeting_id=world.meetings["evening"][5], enrolment_id=world.enrolments[name], set_at=OPEN)
        )


def sets_aside(app: Flask, world: World, name: str, topic: str = "grief") -> None:
    with app.app_context(), saved():
        session.add(NotThisTopic(person_id=world.people[name], topic=topic, set_at=OPEN))


# -- who stepped out when ---------------------------------------------------------------------------------------


def test_calls_for_help_go_and_a_choice_that_changed_a_seat_loses_its_time(
    app: Flask, world: World, table: Table
) -> None:
    for kind in ("help", "moment", "out", "back", "leave"):
        table.chose("Kim", kind, 2)
    forget(app, world, OPEN + timedelta(days=30))
    assert len(rows(app, RoomEvent)) == 5, "the time is not over"
    forget(app, world)
    assert [(event.kind, event.round_number) for event in rows(app, RoomEvent)] == [
        ("out", 2),
        ("back", 2),
        ("leave", 2),
    ]
    begun = rows(app, Run)[0].started_at
    assert all(event.at == max(begun, OPEN) for event in rows(app, RoomEvent)), "when the groups were kept"


def test_nothing_is_left_to_forget_a_second_time(app: Flask, world: World, table: Table) -> None:
    for kind in ("help", "out", "swap"):
        table.chose("Kim", kind, 2, card="lost-bus-pass" if kind == "swap" else "")
    asks(app, world, "Sam")
    sets_aside(app, world, "Sam")
    cohort = world.cohorts["evening"]
    forget(app, world)
    with course_where(app, cohort, keeping_words(30)), app.app_context(), saved():
        begin_removing(LONG_AFTER)
    assert [row for row in rows(app, OutboxRow) if row.kind == "words.remove"] == []


def test_the_card_of_each_round_stays_what_it_was(app: Flask, world: World, table: Table) -> None:
    meeting = world.meetings["evening"][5]

    def cards() -> list[str]:
        with app.app_context():
            room = play_of(meeting).room
            assert room
            return [room.card_of(1, number) for number in (1, 2, 3)] + [room.card_of(1)]

    table.chose("Kim", "swap", 2, card="lost-bus-pass")
    table.end()
    before = cards()
    assert "lost-bus-pass" in before
    forget(app, world)
    assert cards() == before


choices = st.lists(
    st.tuples(
        st.sampled_from(FOUR),
        st.sampled_from(["observe", "out", "back", "leave", "moment", "help", "swap"]),
        st.integers(1, 3),
        st.integers(0, 600),
    ),
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taps=choices, no_person=st.sets(st.sampled_from(FOUR), max_size=2))
def test_who_played_what_is_the_same_after_the_time_is_over(
    app: Flask, world: World, clock: time_machine.Coordinates, taps: list[Any], no_person: Collection[str]
) -> None:
    clock.move_to(OPEN)
    may_write()
    with app.app_context(), saved():
        for model in (Sheet, RoomEvent, ClockChange, Run, Seat, FormedGroups, NotThePersonToday):
            session.execute(delete(model))
        session.get_one(Cohort, world.cohorts["evening"]).closed_at = None
    table = begin(app, world, FOUR)
    for name in no_person:
        asks(app, world, name)
    for name, kind, number, seconds in sorted(taps, key=lambda tap: tap[3]):
        clock.move_to(OPEN + timedelta(seconds=seconds))
        table.chose(name, kind, number, card="lost-bus-pass" if kind == "swap" else "")
    clock.move_to(OPEN + timedelta(minutes=50))
    table.end()

    def turns() -> list[Turn]:
        with app.app_context():
            return turns_in(world.cohorts["evening"], LONG_AFTER)

    before = turns()
    forget(app, world)
    assert turns() == before
    assert not [event for event in rows(app, RoomEvent) if event.at > OPEN]


def test_who_asked_not_to_play_the_person_is_forgotten_unless_seats_followed_from_it(
    app: Flask, world: World, table: Table
) -> None:
    asks(app, world, "Sam")
    asks(app, world, "Person002")  # of no group of this class
    table.chose("Kim", "help", 1)
    table.chose("Kim", "out", 1)
    forget(app, world)
    assert [row.enrolment_id for row in rows(app, NotThePersonToday)] == [world.enrolments["Sam"]]


def test_where_nobody_changed_seats_it_is_forgotten_altogether(app: Flask, world: World, table: Table) -> None:
    asks(app, world, "Sam")
    table.chose("Kim", "moment", 1)
    forget(app, world)
    assert rows(app, NotThePersonToday) == []


# -- topics ----------------------------------------------------------------------------------------------------


def test_a_topic_is_forgotten_with_the_last_group_of_its_person(app: Flask, world: World, table: Table) -> None:
    for name in ("Sam", "Kim", "Wes"):
        sets_aside(app, world, name)
    with app.app_context(), saved():
        session.add(Enrolment(cohort_id=world.cohorts["morning"], person_id=world.people["Kim"], joined_at=NOW))
    forget(app, world)
    left = {row.person_id for row in rows(app, NotThisTopic)}
    assert left == {world.people["Kim"], world.people["Wes"]}, "their other group goes on"


def test_one_takes_along_what_one_asked_and_nobody_else_does(
    app: Flask, world: World, table: Table, browser: Browser
) -> None:
    asks(app, world, "Sam")
    sets_aside(app, world, "Sam", "substance-use")
    mine = taken(browser, "Sam")
    assert "not to meet this topic: substance use" in mine
    assert "not to play the person" in mine
    for name in ("Kim", "Person000"):
        others = taken(browser, name)
        assert "substance use" not in others
        assert "not to play the person" not in others


def test_in_two_places_a_topic_stands_once(app: Flask, world: World, table: Table, browser: Browser) -> None:
    sets_aside(app, world, "Sam")
    with app.app_context(), saved():
        session.add(Enrolment(cohort_id=world.cohorts["morning"], person_id=world.people["Sam"], joined_at=NOW))
    once = taken(browser, "Sam").count("not to meet this topic: grief")
    with app.app_context(), saved():
        session.execute(
            delete(Enrolment).where(Enrolment.cohort_id == world.cohorts["morning"], Enrolment.joined_at == NOW)
        )
    assert once == taken(browser, "Sam").count("not to meet this topic: grief") > 0


def test_it_is_said_in_french_too(app: Flask, world: World, table: Table, browser: Browser) -> None:
    sets_aside(app, world, "Sam", "medication")
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).language = "fr"
    assert "à ne pas rencontrer ce sujet\u00a0: les médicaments" in taken(browser, "Sam")


# -- on PostgreSQL ---------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_the_same_goes_on_postgresql(postgres_url: str, tmp_path: Path, clock: time_machine.Coordinates) -> None:
    with app_on_postgres(postgres_url, tmp_path) as app:
        world = build_world(app, NOW, extra_people=2)
        clock.move_to(OPEN)
        table = begin(app, world, FOUR, ago=150)
        clock.shift(timedelta(minutes=1))
        for kind in ("help", "out", "back", "swap"):
            table.chose("Kim", kind, 2, card="lost-bus-pass" if kind == "swap" else "")
        asks(app, world, "Sam")
        sets_aside(app, world, "Sam")
        forget(app, world)
        assert [(event.kind, event.at) for event in rows(app, RoomEvent)] == [
            ("out", OPEN),
            ("back", OPEN),
            ("swap", OPEN),
        ]
        assert len(rows(app, NotThePersonToday)) == 1
        assert rows(app, NotThisTopic) == []
