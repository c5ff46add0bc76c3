"""The trainers' board: stepped out first, whom to visit, a quick note on a supporter, and afterwards who played what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.features.grouping.formats import Phase
from lms.features.roleplay.board import GroupNow, in_order, whom_to_visit
from lms.features.roleplay.models import RoomVisit, SupporterNote
from lms.features.roleplay.played import balances, turns_in
from lms.features.roleplay.seating import Seating
from lms.features.roleplay.timeline import Moment
from lms.host.audit import AuditRow
from lms.host.db import session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import NOW, Browser
from tests.features.roleplay.rooms import Table, begin
from tests.pages import said
from tests.world import World

ANA, BO, CY = 1, 2, 3


def group(number: int, *, asks: Sequence[str] = (), seen: bool = False, waits: bool = False) -> GroupNow:
    moment = Moment(Phase("play", 1, 300), 2, timedelta(minutes=3))
    seating = Seating(None, BO) if waits else Seating(ANA, BO, (CY,))
    return GroupNow(number, moment, seating, (ANA, BO, CY), "", tuple(asks), ((9, NOW),) if seen else ())


# -- whom to visit ----------------------------------------------------------------------------------------------


def test_whoever_asks_comes_first_then_who_cannot_play_then_who_was_not_seen() -> None:
    groups = [
        group(1, seen=True),
        group(2),
        group(3, seen=True, waits=True),
        group(4, seen=True, asks=["moment"]),
        group(5, seen=True, asks=["help"]),
    ]
    assert [visit.group.number for visit in whom_to_visit(groups, {ANA})] == [5, 3, 4, 2]


def test_a_supporter_whom_one_has_not_seen_this_month_is_a_reason() -> None:
    (visit,) = whom_to_visit([group(1, seen=True)], {BO})
    assert visit.why == ("supporter",)
    assert whom_to_visit([group(1, seen=True)], {ANA}) == ()


def test_groups_that_ask_stand_before_the_others() -> None:
    assert [one.number for one in in_order([group(1), group(2, asks=["help"]), group(3)])] == [2, 1, 3]


# -- the board ----------------------------------------------------------------------------------------------------


@pytest.fixture
def table(app: Flask, world: World, clock: time_machine.Coordinates) -> Table:
    """Two groups, in the first round: Sam and Person001 are supporters."""
    clock.move_to(OPEN)
    table = begin(app, world, ("Sam", "Kim", "Person000"), ("Person001", "Person002"))
    clock.shift(timedelta(minutes=4))
    return table


@pytest.fixture
def place(evening: str) -> str:
    return f"{evening}/classes/6/role-play"


def test_the_board_says_where_every_group_is(table: Table, browser: Browser, place: str) -> None:
    page = said(browser("Amina").get(f"{place}/board"))
    assert "Role play · Practice, round 1 of 3" in page
    assert "2 minutes left" in page
    assert re.search(r"Group 1 Round 1 of 3 · Practice .* Sam supporter Kim person Person000 observer", page)
    assert "nobody was there yet" in page


def test_who_stepped_out_stands_above_the_groups_and_the_next_seats_follow(
    table: Table, browser: Browser, place: str
) -> None:
    table.chose("Sam", "out", 1)
    page = said(browser("Amina").get(f"{place}/board"))
    assert page.index("Stepped out Sam") < page.index("Whom to visit")
    assert "Person000 supporter" in page


def test_a_visit_answers_what_the_group_asked_and_is_one_for_a_double_tap(
    app: Flask, world: World, table: Table, browser: Browser, place: str
) -> None:
    table.chose("Person002", "help", 1, group=2)
    amina = browser("Amina")
    page = said(amina.get(f"{place}/board"))
    assert "This group asks you to come." in page
    assert page.index("Group 2 · asks you to come") < page.index("Whom to visit"), "it stands above what can wait"
    assert "you have not seen" not in page[: page.index("Whom to visit")]
    for _twice in range(2):
        amina.post(f"{place}/visits", data={"group": 2})
    page = said(amina.get(f"{place}/board"))
    assert "This group asks you to come." not in page
    assert "Visited at" in page
    with app.app_context():
        (visit,) = session.scalars(select(RoomVisit))
        assert visit.supporter_id == world.enrolments["Person001"]


def test_a_supporter_seen_on_a_visit_is_no_reason_for_a_month(table: Table, browser: Browser, place: str) -> None:
    amina = browser("Amina")
    for number in (1, 2):
        amina.post(f"{place}/visits", data={"group": number})
    assert "Whom to visit" not in said(amina.get(f"{place}/board"))
    assert "you have not seen this supporter this month" in said(browser("Rosa").get(f"{place}/board"))


def test_a_note_on_a_supporter_is_evidence_with_a_name(
    app: Flask, world: World, table: Table, browser: Browser, place: str
) -> None:
    amina, sent = browser("Amina"), {"enrolment": world.enrolments["Sam"], "card": "first-coffee"}
    assert amina.post(f"{place}/notes", data=sent).status_code == 422
    sent |= {"tick": ["waits", "unknown"], "words": "A long,  kind pause"}
    for _twice in range(2):
        amina.post(f"{place}/notes", data=sent)
    with app.app_context():
        (note,) = session.scalars(select(SupporterNote))
        assert (note.ticks, note.words, note.card) == (["waits"], "A long, kind pause", "first-coffee")
        history = " ".join(f"{row.verb} {row.subject} {row.why}" for row in session.scalars(select(AuditRow)))
    assert "kind pause" not in history
    page = said(amina.get(f"{place}/board"))
    assert "Amina saw of Sam: Waits at least three seconds" in page
    assert "Take this note back" in page
    assert "Take this note back" not in said(browser("Rosa").get(f"{place}/board")), "it is not hers"


def test_a_note_without_anything_in_it_is_told_why_in_place(
    world: World, table: Table, browser: Browser, place: str
) -> None:
    amina, sent = browser("Amina"), {"enrolment": world.enrolments["Sam"], "card": "first-coffee"}
    page = amina.get(f"{place}/board").text
    assert ("Look again" in page, 'http-equiv="refresh"' in page) == (True, False), (
        "what is typed stays, without script"
    )
    answer = amina.post(f"{place}/notes", data=sent, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json)) == (422, ["error"])
    assert answer.json["error"] in said(amina.post(f"{place}/notes", data=sent))


def test_only_who_wrote_a_note_takes_it_back(
    app: Flask, world: World, table: Table, browser: Browser, place: str
) -> None:
    sent = {"enrolment": world.enrolments["Sam"], "card": "first-coffee", "words": "About somebody else"}
    browser("Amina").post(f"{place}/notes", data=sent)
    back = {"enrolment": world.enrolments["Sam"], "take_back": 1}
    assert browser("Rosa").post(f"{place}/notes", data=back).status_code == 404
    assert browser("Amina").post(f"{place}/notes", data=back).status_code == 303
    with app.app_context():
        assert not list(session.scalars(select(SupporterNote)))


def test_nobody_is_noted_who_was_in_no_group(world: World, table: Table, browser: Browser, place: str) -> None:
    sent = {"card": "first-coffee", "words": "Well done"}
    amina = browser("Amina")
    assert amina.post(f"{place}/notes", data={**sent, "enrolment": world.enrolments["Wes"]}).status_code == 404
    assert amina.post(f"{place}/visits", data={"group": 9}).status_code == 409


def test_before_it_begins_the_board_leads_to_the_groups(
    browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    answer = browser("Amina").get(f"{place}/board")
    assert answer.headers["Location"].endswith("/role-play")


# -- afterwards ----------------------------------------------------------------------------------------------------


def test_afterwards_it_is_said_who_played_which_role_and_never_a_word_of_a_sheet(
    table: Table, browser: Browser, place: str, evening: str
) -> None:
    browser("Person000").post(f"{place}/sheet", data={"round": 1, "seen": "", "words": "You let the silence be."})
    table.end()
    page = said(browser("Amina").get(f"{place}/board"))
    assert "This role play is over. Here is who played which role." in page
    assert "1 sheet given" in page
    assert "silence" not in page


def test_rounds_are_counted_as_people_really_sat_and_as_far_as_the_clock_came(
    app: Flask, world: World, table: Table, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    table.chose("Sam", "observe", 1)
    table.end()
    with app.app_context():
        found = balances(turns_in(world.cohorts["evening"], OPEN + timedelta(hours=1)))
    who = world.enrolments
    assert dict(found[who["Sam"]].turns) == {"observer": 1}
    assert dict(found[who["Person000"]].turns) == {"supporter": 1}
    assert (found[who["Kim"]].active, found[who["Kim"]].rounds) == (1, 1)
    page = said(browser("Amina").get(f"{evening}/role-play"))
    assert "Next in line as supporter: Kim, Person002, Sam." in page


PLAY = timedelta(minutes=3)  # when the first play begins; a round takes six minutes


@pytest.fixture
def alone(app: Flask, world: World, clock: time_machine.Coordinates, browser: Browser, place: str) -> Table:
    """One group that has just begun, all others away: Sam supports in round 1, Kim in round 2."""
    clock.move_to(OPEN)
    for name in ("Person001", "Person002"):
        sent = {"enrolment": world.enrolments[name], "status": "away"}
        browser("Amina").post(place.replace("role-play", "marks"), data=sent)
    return begin(app, world, ("Sam", "Kim", "Person000"))


def supported(table: Table) -> list[tuple[str, int]]:
    """Who was supporter in which round, in order."""
    names = {enrolment: name for name, enrolment in table.world.enrolments.items()}
    with table.app.app_context():
        turns = turns_in(table.world.cohorts["evening"], datetime.now(UTC))
        return [(names[turn.enrolment_id], turn.round) for turn in turns if turn.role == "supporter"]


@pytest.mark.parametrize("whose", [{}, {"group": "1"}])
def test_no_round_counts_that_would_have_come_after_a_pause_that_nobody_ended(
    alone: Table, browser: Browser, place: str, clock: time_machine.Coordinates, whose: dict[str, str]
) -> None:
    clock.shift(PLAY + timedelta(minutes=1))
    amina = browser("Amina")
    amina.post(f"{place}/clock", data={"do": "pause", **whose})
    clock.shift(timedelta(minutes=26))
    assert supported(alone) == [("Sam", 1)]
    amina.post(f"{place}/run", data={"do": "end"})
    assert supported(alone) == [("Sam", 1)]


def test_started_once_more_what_was_played_before_still_counts(
    alone: Table, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    amina = browser("Amina")
    clock.shift(PLAY + timedelta(minutes=7))
    for _ended_too_soon in range(2):
        amina.post(f"{place}/run", data={"do": "end"})
        amina.post(f"{place}/run", data={"do": "start"})
        clock.shift(timedelta(minutes=1))
    assert supported(alone) == [("Sam", 1), ("Kim", 2)]
    clock.shift(PLAY)
    assert supported(alone) == [("Sam", 1), ("Kim", 2), ("Sam", 1)]


def test_groups_that_are_changed_meanwhile_leave_what_was_played_as_it_was(
    alone: Table, world: World, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    amina = browser("Amina")
    clock.shift(PLAY + timedelta(minutes=4))
    sent = {"enrolment": world.enrolments["Sam"], "status": "away"}
    amina.post(place.replace("role-play", "marks"), data=sent)
    assert amina.post(f"{place}/groups/go-on").status_code == 303
    assert supported(alone) == [("Sam", 1)]
    clock.shift(timedelta(minutes=6))
    first, second = supported(alone)
    assert first == ("Sam", 1)
    assert second in [("Kim", 2), ("Person000", 2)]


def test_groups_that_were_changed_before_the_start_count_as_they_were_at_the_start(
    app: Flask, world: World, browser: Browser, place: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    amina = browser("Amina")
    amina.post(f"{place}/groups")
    clock.shift(timedelta(minutes=1))
    sent = {"enrolment": world.enrolments["Sam"], "status": "away"}
    amina.post(place.replace("role-play", "marks"), data=sent)
    amina.post(f"{place}/groups/go-on")
    clock.shift(timedelta(minutes=1))
    amina.post(f"{place}/run", data={"do": "start"})
    clock.shift(timedelta(hours=1))
    with app.app_context():
        who = {turn.enrolment_id for turn in turns_in(world.cohorts["evening"], datetime.now(UTC))}
    assert who == {world.enrolments[name] for name in ("Kim", "Person000", "Person001", "Person002")}


def test_no_round_counts_before_it_is_played(
    app: Flask, world: World, clock: time_machine.Coordinates, browser: Browser, evening: str
) -> None:
    clock.move_to(OPEN)
    begin(app, world, ("Sam", "Kim", "Person000"))
    assert "No round has been played yet." in said(browser("Amina").get(f"{evening}/role-play"))
