"""Two things happen to one role play at the same moment, on PostgreSQL: neither sees half of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.features.cohorts.acting import Acting
from lms.features.cohorts.models import Enrolment
from lms.features.practice import pairs
from lms.features.practice.models import PracticePair
from lms.features.roleplay import messages, sheet_actions
from lms.features.roleplay.marks import mark_of
from lms.features.roleplay.models import Message, Sheet
from lms.features.roleplay.plays import play_of
from lms.features.roleplay.sheet_actions import Place, token_of
from lms.features.roleplay.sheets import Content
from lms.host.db import may_write, saved, session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import NOW
from tests.features.roleplay.rooms import begin
from tests.features.test_at_the_same_moment import both
from tests.world import World, app_on_postgres, build_world

pytestmark = pytest.mark.postgres


@pytest.fixture
def app(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    with app_on_postgres(postgres_url, tmp_path) as app:
        yield app


@pytest.fixture
def world(app: Flask) -> World:
    return build_world(app, NOW)


def test_what_is_let_go_stays_gone_while_its_writer_gives_it_again(
    app: Flask, world: World, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    table, sam = begin(app, world, ("Sam", "Kim")), world.enrolments["Sam"]
    place = Place(table.run_id, 1, 1, world.enrolments["Kim"], "person", sam, "first-coffee")
    with app.app_context(), saved():
        seen = token_of(
            sheet_actions.give(place, Content((), {"heard": "First"}), "", read_by_trainers=False, now=OPEN)
        )

    def let_go() -> None:
        sheet_actions.let_go(table.run_id, 1, sam, now=OPEN)

    def give_again() -> None:
        looked_at = session.scalars(select(Sheet)).all()  # as its page does
        sheet_actions.give(place, Content((), {"heard": "Again"}), seen, read_by_trainers=False, now=OPEN)
        assert looked_at

    acts = iter((let_go, give_again))
    _first, second = both(app, lambda: next(acts)())
    assert second.startswith("These notes were kept or let go already")
    with app.app_context():
        (sheet,) = session.scalars(select(Sheet))
        assert (sheet.words, sheet.kept) == ({}, False)


def test_a_message_that_is_sent_twice_at_once_is_sent_once_and_wakes_whom_it_is_for(
    app: Flask, world: World, clock: time_machine.Coordinates
) -> None:
    clock.move_to(OPEN)
    begin(app, world, ("Sam", "Kim"))
    meeting, sam, amina = world.meetings["evening"][5], world.enrolments["Sam"], world.people["Amina"]

    def marks() -> list[object]:
        with app.app_context():
            play = play_of(meeting)
            assert [mark_of(meeting, 0, one) for one in (None, sam)] == [play.mark_for(None), play.mark_for(sam)]
            return [play.mark_for(None), play.mark_for(sam), play.mark_for(world.enrolments["Wes"])]

    before = marks()
    told = both(app, lambda: messages.send(meeting, "two_minutes", "", group=1, by=amina, now=OPEN))
    assert told == ["done", "done"]
    with app.app_context():
        assert [(one.ready, one.group_number) for one in session.scalars(select(Message))] == [("two_minutes", 1)]
    assert [new != old for new, old in zip(marks(), before, strict=True)] == [True, True, False]


def test_one_person_is_proposed_for_one_pair(app: Flask, world: World) -> None:
    may_write()
    with app.app_context(), saved():
        acting = Acting(world.people["Amina"], world.organizations["northside"], world.people["Sam"], NOW)
        meeting = world.meetings["evening"][3]
        third = Enrolment(cohort_id=world.cohorts["evening"], person_id=world.people["Luc"], joined_at=NOW)
        session.add(third)
        session.flush()
        partner = third.id
        asked = [pairs.look(meeting, world.enrolments[name], "first-coffee", acting).id for name in ("Sam", "Kim")]
    waiting = iter(asked)
    told = both(app, lambda: pairs.propose(next(waiting), partner, world.cohorts["evening"], acting))
    assert told == ["done", "This person has a partner for this class already. Choose somebody else."]
    with app.app_context():
        assert list(session.scalars(select(PracticePair.partner_id))).count(partner) == 1
