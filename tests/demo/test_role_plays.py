"""A role play of the demo was really played, and one is ready: what people find of both behind their doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.demo.stories.northside import SPRING
from lms.demo.stories.northside_role_play import SO_FAR, WELCOME
from lms.demo.story import PASSWORD
from lms.features.accounts.models import Person
from lms.features.attendance.queries import NOT_HERE
from lms.features.cohorts.models import Enrolment
from lms.host.db import session
from tests.demo.doors import AFTERNOON, door, group_named
from tests.pages import said


@pytest.fixture
def spring(demo: Flask) -> str:
    return group_named(demo, "Spring evening group")


@pytest.fixture
def in_the_evening(clock: time_machine.Coordinates) -> Iterator[time_machine.Coordinates]:
    """Ten past seven in Toronto, while class 6 goes on."""
    clock.move_to(AFTERNOON + timedelta(hours=3, minutes=10))
    yield clock
    clock.move_to(AFTERNOON)


@pytest.mark.parametrize("number", SO_FAR)
def test_everybody_who_was_in_class_sat_at_one_table(number: int) -> None:
    away = {name for name, status in SPRING.away[number].items() if status in NOT_HERE}
    seated = [name for table in SO_FAR[number].tables for name in table]
    assert sorted(seated) == sorted({name.split()[0] for name in SPRING.people} - away)
    assert {len(table) for table in SO_FAR[number].tables} <= {3, 4}


def test_nobody_met_the_same_person_in_both_classes() -> None:
    met = [
        {frozenset({one, other}) for table in played.tables for one in table for other in table if one != other}
        for played in SO_FAR.values()
    ]
    assert not met[0] & met[1]


def test_sam_reads_and_keeps_what_was_seen_of_them(demo: Flask, spring: str) -> None:
    sam = door(demo, "sam")
    mine = said(sam.get(f"{spring}/role-play/mine"))
    assert "Amina Yusuf, Thursday, April 30, 2026 · Welcome at the door" in mine
    assert "You asked how the name is said, tried it once, and let yourself be put right." in mine
    assert "Asks how to say the name and tries it once trainers: 1, observers: 1" in mine
    assert "Omar Diallo observer" in mine
    assert "Next time you could stop after the tea, and wait." in mine
    assert "You took part 2 of 6 times." in said(sam.get(f"{spring}/left"))


def test_what_was_seen_is_told_in_the_words_of_the_national_competencies(demo: Flask, spring: str) -> None:
    mine = said(door(demo, "sam").get(f"{spring}/role-play/mine")).partition("In the words of the frameworks")[2]
    assert "Interpersonal relations trainers: 1, observers: 1" in mine
    assert "Critical thinking not seen yet" in mine


def test_a_card_says_what_it_practises(demo: Flask, spring: str) -> None:
    card = said(door(demo, "amina").get(f"{spring}/role-play/cards/{WELCOME}"))
    assert "It practises: Interpersonal relations, Flexibility and adaptability" in card
    assert "Dignity" not in card, "this group is not held against the core values"


def test_amina_finds_how_class_5_went(demo: Flask, spring: str) -> None:
    board = said(door(demo, "amina").get(f"{spring}/classes/5/role-play/board"))
    assert "This role play is over. Here is who played which role." in board
    table = [
        board.partition(f"Group {number} Round 1")[2].partition(f"Group {number + 1} ")[0] for number in range(1, 7)
    ]
    assert "Sam Rivera supporter Hana Sato person Omar Diallo observer 3 sheets given" in table[0]
    assert "Round 2 Gus Lindqvist supporter Kim Whitford person Farah Haddad observer" in table[1], "Farah watched"
    assert "Round 3 Ivo Novak supporter Nadia Petrov person" in table[2], "Lee stepped out"
    assert "Card: Welcome at the door." in table[3], "swapped"
    assert "Visited at" not in table[3]
    assert all("Visited at" in table[number] for number in (0, 1, 2, 4, 5))
    assert "Next time you could stop" not in board, "the words are for Sam"


def test_amina_finds_who_is_next_as_supporter(demo: Flask, spring: str) -> None:
    balance = said(door(demo, "amina").get(f"{spring}/role-play"))
    assert "Next in line as supporter: Jo Martel." in balance
    assert "Sam Rivera 2 2 2 6 class 5 1" in balance


@pytest.mark.parametrize(("who", "reads"), [("wren", True), ("dominique", False)])
def test_of_the_last_role_play_of_lakeside_the_trainer_reads_what_people_wrote(
    demo: Flask, who: str, reads: bool
) -> None:
    lakeside, client = group_named(demo, "Lakeside group"), demo.test_client()
    client.post("/sign-in", data={"email": f"{who}@harbourlight.example", "password": PASSWORD})
    with demo.app_context():
        name = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id).where(Person.name == "Tuyet Pham")
        tuyet = session.scalars(name).one()
    seen = said(client.get(f"{lakeside}/people/{tuyet}/role-play"))
    assert ("Next time you could say when you are back." in seen) == reads
    assert "My second no was shorter" not in seen, "what Tuyet wrote for herself"


def test_who_let_their_notes_go_has_none(demo: Flask, spring: str) -> None:
    for name, words in {"pat": "supporter: Pat", "sam": "What did I like?"}.items():
        client = demo.test_client()
        client.post("/sign-in", data={"email": f"{name}@northside.example", "password": PASSWORD})
        assert (words in said(client.get(f"{spring}/role-play/mine"))) == (name == "sam")


def test_the_groups_of_tonight_stand_and_amina_starts_them(
    demo: Flask, spring: str, in_the_evening: time_machine.Coordinates
) -> None:
    room = f"{spring}/classes/6/role-play"
    amina, sam = door(demo, "amina"), door(demo, "sam")
    groups = said(amina.get(room))
    assert "Everyone works with people they have not worked with yet." in groups
    assert "Away: Dele Okafor, Ruth Abernathy" in groups
    assert "Sam Rivera" in groups
    assert amina.post(f"{room}/run", data={"do": "start"}).status_code == 303
    in_the_evening.shift(timedelta(minutes=2, seconds=10))
    assert "Round 1 of 3" in said(sam.get(room))
    assert "Observe instead" in said(sam.get(room))
