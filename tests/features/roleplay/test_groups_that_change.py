"""Groups that change while a role play goes on: rounds that are over stay as they were, for everyone who was in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask

from lms.features.cohorts.queries import led_by
from lms.features.grouping.formats import Phase
from lms.features.grouping.formed import Formed
from lms.features.grouping.models import FormedGroups, Seat
from lms.features.grouping.rules import Group, Grouping, Round
from lms.features.progress.queries import evidence_of_cohort, evidence_of_one
from lms.features.roleplay.played import history_before, turns_of
from lms.features.roleplay.plays import Play, plays_in
from lms.features.roleplay.rooms import Room, Tap, TheRun
from lms.features.roleplay.sheet_pages import places_in
from lms.features.roleplay.timeline import Change
from lms.host.db import may_write, saved, session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.features.progress.test_transfer import signed_in
from tests.features.roleplay.rooms import PHASES, begin
from tests.pages import said
from tests.world import World

SAM, KIM, BO, DANA, ALI, MEI = range(1, 7)
START = datetime(2026, 5, 5, 19, tzinfo=UTC)
FIRST_FEEDBACK, SECOND_PLAY = timedelta(minutes=7), timedelta(minutes=10)
AFTER = START + timedelta(hours=3)


def triad(number: int, *people: int) -> Group:
    """In each round the next one is supporter, and the one after that the person; the rest observe."""
    at = range(len(people))
    rounds = (Round(*(people[(i + turn) % len(people)] for i in (0, 1)), tuple(
        people[(i + turn) % len(people)] for i in at[2:])) for turn in range(3))  # fmt: skip
    return Group(number, tuple(sorted(people)), tuple(rounds))


def formed(version: int, at: datetime, *groups: Group) -> Formed:
    return Formed(version, Grouping(groups), at, {group.number: f"card-{version}" for group in groups})


BEFORE = formed(1, START - timedelta(minutes=5), triad(1, SAM, KIM, BO), triad(2, DANA, ALI, MEI))


def merged(at: timedelta) -> Formed:
    """Bo has gone home, and the two who are left join group 2."""
    return formed(2, START + at, triad(2, DANA, ALI, MEI, SAM, KIM))


def room(
    *versions: Formed, ended: datetime | None = None, changes: tuple[Change, ...] = (), taps: tuple[Tap, ...] = ()
) -> Room:
    run = TheRun(1, 1, 0, tuple(Phase(*phase) for phase in PHASES), 1, START, ended)
    return Room(run, versions, changes, taps, frozenset())


def test_a_round_that_is_over_keeps_its_seats_and_its_card_when_groups_are_merged() -> None:
    found = room(BEFORE, merged(FIRST_FEEDBACK))
    assert found.seating_of(1, 1).supporter == SAM
    assert found.card_of(1, 1) == "card-1"
    assert found.seating_of(2, 1).observers == (MEI,), "Sam and Kim were not here in round 1"
    assert found.seating_of(1, 2).waits, "group 1 is no more"
    assert found.seating_of(2, 2).supporter == ALI
    assert {SAM, KIM} <= set(found.seating_of(2, 2).observers)
    assert [found.group_in(SAM, number) for number in (1, 2, 3)] == [1, 2, 2]


def test_a_round_that_is_still_played_is_shown_as_the_groups_are_now() -> None:
    found = room(BEFORE, merged(SECOND_PLAY))
    assert found.group_in(SAM, 1) == 1
    assert found.group_in(SAM, 2) == 2
    assert SAM in found.seating_of(2, 2).observers


def test_a_group_that_paused_before_its_round_was_over_sits_as_the_groups_are_now() -> None:
    paused = (Change(START + timedelta(minutes=4), "pause", 1),)
    found = room(BEFORE, merged(FIRST_FEEDBACK), changes=paused)
    assert found.group_in(SAM, 1) == 2
    assert found.group_in(DANA, 1) == 2


def test_sheets_are_written_about_the_round_in_which_one_sat() -> None:
    places = places_in(room(BEFORE, merged(FIRST_FEEDBACK)), KIM)
    assert (places[1].group, places[1].seat, places[1].supporter_id, places[1].card) == (1, "person", SAM, "card-1")
    assert (places[2].group, places[2].seat, places[2].supporter_id) == (2, "observer", ALI)


def test_somebody_who_has_gone_keeps_the_turns_that_they_played() -> None:
    play = Play(1, 0, (BEFORE, merged(FIRST_FEEDBACK)), (room(BEFORE, merged(FIRST_FEEDBACK)),), number=6)
    turns = turns_of([play], AFTER)
    assert [(turn.round, turn.role) for turn in turns if turn.enrolment_id == BO] == [(1, "observer")]
    of_sam = [(turn.round, turn.role) for turn in turns if turn.enrolment_id == SAM]
    assert of_sam == [(1, "supporter"), (2, "observer"), (3, "person")]
    assert len(turns) == len(set(turns)), "nobody sits twice in one round"


def test_groups_owe_turns_for_what_was_really_played_not_for_what_was_planned() -> None:
    ended = START + timedelta(minutes=7)
    stepped_out = (Tap(2, 1, DANA, "observe", "", START, None),)
    play = Play(1, 0, (BEFORE,), (room(BEFORE, ended=ended, taps=stepped_out),), number=6)
    history = history_before([play], 7, AFTER)
    assert history.supporter == {SAM: 1, MEI: 1}, "Kim's and Bo's rounds were never played, and Dana chose to observe"
    assert (SAM, KIM) in history.met_last_time


def test_everyone_who_ever_sat_together_has_met() -> None:
    play = Play(1, 0, (BEFORE, merged(FIRST_FEEDBACK)), (room(BEFORE, merged(FIRST_FEEDBACK)),), number=6)
    met = history_before([play], 7, AFTER).met
    assert met[SAM, BO] == met[SAM, DANA] == met[SAM, KIM] == 1
    assert (BO, DANA) not in met


def test_who_was_in_groups_that_were_played_took_part_though_they_are_not_in_the_last(
    app: Flask, world: World, clock: time_machine.Coordinates, browser: Browser, evening: str
) -> None:
    clock.move_to(OPEN)
    table = begin(app, world, ("Sam", "Kim", "Person000"), ago=600)
    may_write()
    with app.app_context(), saved():
        meeting = world.meetings["evening"][5]
        later = FormedGroups(
            meeting_id=meeting, version=2, cards={"1": "first-coffee"}, formed_by=world.people["Amina"], formed_at=OPEN
        )
        session.add(later)
        session.flush()
        for name, role in (("Kim", "supporter"), ("Person000", "person")):
            place = {"groups_id": later.id, "group_number": 1, "round_number": 1}
            session.add(Seat(**place, enrolment_id=world.enrolments[name], role=role))
    clock.shift(timedelta(minutes=30))
    table.end()
    with app.app_context():
        (play,) = plays_in(world.cohorts["evening"])
        assert len(play.versions) == 2
        sam = world.enrolments["Sam"]
        assert [turn.role for turn in turns_of([play], datetime.now(UTC)) if turn.enrolment_id == sam] == ["supporter"]
    clock.shift(timedelta(hours=2))
    board = said(browser("Amina").get(f"{evening}/classes/6/role-play/board"))
    assert "Sam" in board, "round 1 is told as it was"
    with app.app_context():
        here, now = led_by(signed_in(world, "Rosa"), world.cohorts["evening"]), datetime.now(UTC)
        assert evidence_of_one(here, world.enrolments["Sam"], now).of(world.enrolments["Sam"]).role_plays == {6}
        assert evidence_of_cohort(here, now).of(world.enrolments["Sam"]).role_plays == {6}
