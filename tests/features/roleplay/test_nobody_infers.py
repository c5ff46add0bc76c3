"""Who is to be kept apart, or together, is never to be inferred: with such a wish and without it, a trainee's whole world is
the same to the letter. Pages, what phones hear, what is taken along, mails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.grouping.models import GroupingWish
from lms.host.db import may_write, session
from lms.host.outbox import OutboxRow
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser, Inhabited
from tests.features.roleplay.rooms import begin
from tests.features.roleplay.test_own_words import taken
from tests.test_side_by_side import pages_of
from tests.world import World

GROUPS = (("Sam", "Kim", "Person000"), ("Person001", "Person002"))
TRAINEES = [name for names in GROUPS for name in names]


@dataclass
class Evening:
    """A class on one evening, lived through with a wish or without."""

    house: Inhabited
    browser: Browser
    clock: time_machine.Coordinates
    play: str

    @property
    def world(self) -> World:
        return self.house.world

    def lived(self, wish: Callable[[Evening, str], None]) -> dict[str, str]:
        """All that trainees see in it. `wish` is asked at every step, by its name."""
        self.house.begin_again()
        self.clock.move_to(OPEN)
        wish(self, "before the groups")
        table = begin(self.house.app, self.world, *GROUPS, ago=200)
        wish(self, "while they play")
        seen = {f"{name} in the first round": self.browser(name).get(self.play).text for name in TRAINEES}
        for name, what in (("Sam", "swap"), ("Kim", "out"), ("Person001", "help"), ("Person002", "leave")):
            answer = self.browser(name).post(f"{self.play}/room", data={"do": what})
            seen[f"{name} chose {what}"] = f"{answer.status_code} {answer.text}"
        aside = {"topic": "grief", "aside": "yes"}
        seen["Sam set a topic aside"] = self.browser("Sam").post(f"{self.play}/topics", data=aside).text
        for name in TRAINEES:
            seen[f"{name} heard"] = self.browser(name).get(f"{self.play}/live?seen=").text
        self.walk("Kim", seen)
        table.end()
        self.clock.shift(timedelta(hours=3))
        wish(self, "after the class")
        self.walk("Sam", seen)
        return seen | {f"{name} took along": taken(self.browser, name) for name in TRAINEES} | self.mails()

    def walk(self, name: str, seen: dict[str, str]) -> None:
        """From link to link; every page that comes is kept in `seen`."""
        client, group = self.browser(name), self.play.partition("/classes")[0]
        get = client.get

        def look(address: str) -> TestResponse:
            answer = get(address)
            seen[f"{name} at {address}"] = f"{answer.status_code} {answer.data.decode(errors='replace')}"
            return answer

        client.get = look  # type: ignore[method-assign, assignment]
        pages_of(client, group, self.play, f"{self.play}/sheet", f"{self.play}/pairs", f"{group}/role-play/mine")

    def mails(self) -> dict[str, str]:
        with self.house.app.app_context():
            rows = session.execute(select(OutboxRow.kind, OutboxRow.payload).order_by(OutboxRow.id)).all()
        return {f"mail {number}": f"{row.kind} {row.payload}" for number, row in enumerate(rows)}

    def lead(self, address: str, **fields: object) -> None:
        may_write()
        group = self.play.partition("/classes")[0]
        assert self.browser("Amina").post(f"{group}/role-play/{address}", data=fields).status_code == 303


def nothing(_evening: Evening, _step: str) -> None:
    """Nobody wishes anything."""


def set_at(step: str, how: str, one: str, other: str, *, dropped_at: str = "") -> Callable[[Evening, str], None]:
    def wish(evening: Evening, now: str) -> None:
        pair = {"a": evening.world.enrolments[one], "b": evening.world.enrolments[other]}
        if now == step:
            evening.lead("wishes", how=how, **pair)
        if now == dropped_at:
            evening.lead("wishes/drop", **pair)

    return wish


WISHES = {
    "apart, and in two groups": set_at("before the groups", "apart", "Sam", "Person001"),
    "apart, and in one group all the same": set_at("before the groups", "apart", "Sam", "Kim"),
    "together, and in one group": set_at("before the groups", "together", "Kim", "Person000"),
    "together, and in two groups": set_at("before the groups", "together", "Kim", "Person002"),
    "apart, said while they play": set_at("while they play", "apart", "Kim", "Person000"),
    "apart, said after the class": set_at("after the class", "apart", "Sam", "Kim"),
    "apart, and taken back": set_at("before the groups", "apart", "Sam", "Kim", dropped_at="while they play"),
}


@pytest.fixture
def an_evening(house: Inhabited, browser: Browser, clock: time_machine.Coordinates, evening: str) -> Evening:
    return Evening(house, browser, clock, f"{evening}/classes/6/role-play")


@pytest.fixture
def without(an_evening: Evening, once: dict[str, str]) -> dict[str, str]:
    """What they see without a wish; lived through once."""
    return once or once.update(an_evening.lived(nothing)) or once


@pytest.fixture(scope="module")
def once() -> dict[str, str]:
    return {}


def test_the_same_evening_is_the_same_twice_and_trainees_see_much_of_it(
    an_evening: Evening, without: dict[str, str]
) -> None:
    assert an_evening.lived(nothing) == without
    assert len(without) > 50
    assert any("Sam" in text for text in without.values())


@pytest.mark.parametrize("which", list(WISHES))
def test_a_wish_changes_nothing_that_any_trainee_can_see(
    an_evening: Evening, without: dict[str, str], which: str
) -> None:
    lived = an_evening.lived(WISHES[which])
    assert lived.keys() == without.keys()
    assert [where for where in lived if lived[where] != without[where]] == []
    with an_evening.house.app.app_context():
        assert len(list(session.scalars(select(GroupingWish)))) == ("taken back" not in which)


def test_those_who_lead_do_see_it(an_evening: Evening) -> None:
    an_evening.lived(WISHES["apart, and in one group all the same"])
    page = an_evening.browser("Amina").get(an_evening.play).text
    assert "Kim and Sam sit in one group, though they are to be apart." in page or (
        "Sam and Kim sit in one group, though they are to be apart." in page
    )
