"""Pages ask the database a few times, and as often for 120 people as for 20."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from lms.features.accounts.models import Person
from lms.features.cohorts.actions import enrol
from lms.features.cohorts.models import Cohort
from lms.host import guard
from lms.host.db import saved, session
from tests.counting import counted
from tests.world import World, build_world, held_classes, northside_app, sent_homework, sign_in

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)
MOST = 8
# A piece has its files, earlier drafts, times for a talk, and what was agreed to help.
# Whoever leads reads on Today of texts, replies, worries, talks, questions and make-ups; the reading room has the queue
# with what is held, set aside and asked for; the room all that lies beside a text.
STANDARDS = {"weekly": "core-values"}
# A coordinator's board asks which plugins' reports there are, and a report reads what its plugin keeps.
MORE = {
    "activity": 11,
    "Today of a trainer": 9,
    "cohort board of a coordinator": 9,
    "a report": 9,
}
ROOM = 13


@dataclass(frozen=True)
class Full:
    """A host whose evening group has so many people, all of whom have sent something, in groups for role play; its
    organization has turned on frameworks and a card on Today."""

    app: Flask
    world: World


def full(folder: Path, migrated_database: Path, people: int) -> Full:
    app = northside_app(folder / "instance", migrated_database)
    world = build_world(app, NOW, extra_people=people - 2)
    held_classes(app, world, "evening", {"Kim": [2], "Sam": [5]})
    assert (
        sign_in(app, "Olga").post("/organizations/northside/plugins/peerstandards", data=STANDARDS).status_code == 303
    )
    for name in world.enrolments:
        if name in ("Sam", "Kim") or name.startswith("Person"):
            sent_homework(app, world, name)
    amina, evening = sign_in(app, "Amina"), world.cohorts["evening"]
    for number in (4, 6):
        assert amina.post(f"/cohorts/{evening}/classes/{number}/role-play/groups").status_code == 303
    assert amina.post(f"/cohorts/{evening}/classes/4/role-play/run", data={"do": "start"}).status_code == 303
    return Full(app, world)


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[tuple[Full, Full]]:
    """One host with 20 people, one with 120."""
    with time_machine.travel(NOW, tick=False):
        yield (
            full(tmp_path_factory.mktemp("twenty"), migrated_database, 20),
            full(tmp_path_factory.mktemp("hundred"), migrated_database, 120),
        )


@pytest.fixture(autouse=True)
def at_any_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that is slow at the moment is nobody's query: that a plugin took long is not noted here."""
    monkeypatch.setattr(guard, "SLOW_SECONDS", float("inf"))


PAGES = {
    "Today": ("Sam", "/today"),
    "Today of a trainer": ("Amina", "/today"),
    "module": ("Sam", "/cohorts/{evening}/modules/beginning-together"),
    "activity": ("Sam", "/cohorts/{evening}/activities/how-i-arrive"),
    "what is left": ("Sam", "/cohorts/{evening}/left"),
    "my attendance": ("Sam", "/cohorts/{evening}/attendance"),
    "course": ("Sam", "/cohorts/{evening}/course"),
    "own card": ("Sam", "/cohorts/{evening}/classes/6/role-play"),
    "reading room": ("Amina", "/reading"),
    "groups": ("Rosa", "/cohorts"),
    "plan a group": ("Rosa", "/organizations/northside/cohorts/new"),
    "what happens next": ("Rosa", "/cohorts/{evening}/begun"),
    "my calendar": ("Sam", "/calendar"),
    "calendar of a trainer": ("Amina", "/calendar"),
    "one class": ("Sam", "/cohorts/{evening}/classes/6"),
    "cohort board": ("Amina", "/cohorts/{evening}"),
    "grid": ("Amina", "/cohorts/{evening}/grid"),
    "grid, narrowed": ("Amina", "/cohorts/{evening}/grid?look=yes&name=e"),
    "grid as a file": ("Amina", "/cohorts/{evening}/grid/classes.csv"),
    "attendance rule": ("Rosa", "/cohorts/{evening}/rule"),
    "frameworks": ("Rosa", "/organizations/northside/frameworks"),
    "one framework": ("Rosa", "/organizations/northside/frameworks/core-values"),
    "cohort board of a coordinator": ("Rosa", "/cohorts/{evening}"),
    "a report": ("Rosa", "/cohorts/{evening}/reports/northside-funder"),
    "roll call": ("Amina", "/cohorts/{evening}/classes/6/roll-call"),
    "scenario cards": ("Amina", "/cohorts/{evening}/role-play/cards"),
    "apart or together": ("Amina", "/cohorts/{evening}/role-play/wishes"),
    "role-play groups": ("Amina", "/cohorts/{evening}/classes/6/role-play"),
    "role-play board": ("Amina", "/cohorts/{evening}/classes/4/role-play/board"),
    "role-play room": ("Sam", "/cohorts/{evening}/classes/4/role-play"),
    "role-play sheets": ("Sam", "/cohorts/{evening}/classes/4/role-play/sheet"),
    "roles over the programme": ("Amina", "/cohorts/{evening}/role-play"),
    "role plays of one person": ("Amina", "/cohorts/{evening}/people/{sam}/role-play"),
    "own role plays": ("Sam", "/cohorts/{evening}/role-play/mine"),
    "people": ("Amina", "/cohorts/{evening}/people"),
    "one person": ("Amina", "/cohorts/{evening}/people/{sam}"),
    "outcomes": ("Amina", "/cohorts/{evening}/outcomes"),
    "one outcome": ("Amina", "/cohorts/{evening}/outcomes/{sam}"),
}


def statements_of(host: Full, who: str, address: str) -> list[str]:
    client = sign_in(host.app, who)
    path = address.format(evening=host.world.cohorts["evening"], sam=host.world.enrolments["Sam"])
    assert client.get(path).status_code == 200
    with counted(host.app) as statements:
        answer = client.get(path)
    assert answer.status_code == 200
    return statements


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_a_few_questions_however_many_people_there_are(hosts: tuple[Full, Full], page: str) -> None:
    who, address = PAGES[page]
    twenty, hundred = (statements_of(host, who, address) for host in hosts)
    assert len(twenty) <= MORE.get(page, MOST), "\n".join(twenty)
    assert len(hundred) == len(twenty), "\n".join(hundred)


def test_today_asks_no_more_for_somebody_in_three_groups(hosts: tuple[Full, Full]) -> None:
    host = hosts[0]
    with host.app.app_context(), saved():
        kim = session.get_one(Person, host.world.people["Kim"])
        for name in ("morning", "rivers"):
            enrol(session.get_one(Cohort, host.world.cohorts[name]), kim, by=None, now=NOW)
    in_one, in_three = (statements_of(host, who, "/today") for who in ("Sam", "Kim"))
    assert len(in_three) == len(in_one) <= MOST, "\n".join(in_three)


def test_opening_a_text_asks_no_more_when_more_wait(hosts: tuple[Full, Full]) -> None:
    counts = []
    for host in hosts:
        amina = sign_in(host.app, "Amina")
        location = amina.post("/reading/next").location
        amina.get(location)
        with counted(host.app) as statements:
            assert amina.get(location).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= ROOM
