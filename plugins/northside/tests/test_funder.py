"""Numbers for the funder: counted as people would count them, and nobody's name in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import lms_northside
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lms_northside.certificate import NorthsideSettings
from lms_northside.funder import ForTheFunder, minutes_there

from lms.plugin_api import (
    Event,
    GroupFacts,
    Ledger,
    Mark,
    Meeting,
    MeetingState,
    MemoryStore,
    Participant,
    Status,
    Text,
    VerdictStatus,
)
from lms.plugin_api.testing import check_report

FIRST = datetime(2027, 3, 2, 23, tzinfo=UTC)
LEVEL = {"level-1": Text("Level 1", "Niveau 1")}
EVENT = Event("decision:1", "after_decision", FIRST, "1", 1, 7, {"outcome": "level-1"}, person=3)


def ledger(*marks: Mark, held: int = 2, planned: int = 1) -> Ledger:
    states = [MeetingState.HELD] * held + [MeetingState.PLANNED] * planned
    meetings = tuple(Meeting(n, FIRST + timedelta(weeks=n), 120, (), state) for n, state in enumerate(states, start=1))
    return Ledger(meetings, marks, outcomes=("level-1",), names=LEVEL)


def numbers(*people: Participant, store: MemoryStore | None = None) -> dict[str, object]:
    facts = GroupFacts("Evening", Text("A course", "Une formation"), date(2027, 4, 1), "America/Toronto", people)
    table = check_report(ForTheFunder(), facts, NorthsideSettings(), store)
    assert "Lou" not in repr(table)
    return {row[0].en: row[1] for row in table.rows}


HERE, AWAY = Mark(1, Status.HERE), Mark(2, Status.AWAY)


def test_people_classes_and_hours_are_counted() -> None:
    found = numbers(
        Participant("Lou", ledger(HERE, AWAY)), Participant("Lou's friend", ledger(HERE, Mark(2, Status.HERE)))
    )
    assert found["People who take part"] == 2
    assert found["Classes held"] == 2
    assert found["Hours of class"] == 4.0
    assert found["Hours that people were there, added up"] == 6.0


def test_who_has_all_that_an_outcome_asks_for_is_a_number() -> None:
    people = [Participant("Lou", ledger(), {"level-1": status}) for status in VerdictStatus]
    assert numbers(*people)["Have all that “Level 1” asks for"] == 2  # met, and set aside


def test_a_group_without_people_has_noughts() -> None:
    assert set(numbers().values()) == {0}


@pytest.mark.parametrize(
    ("mark", "minutes"),
    [
        (Mark(1, Status.HERE), 120),
        (Mark(1, Status.LATE, late_by=30), 90),
        (Mark(1, Status.LATE, minutes=100, late_by=30), 100),
        (Mark(1, Status.LEFT_EARLY, minutes=45), 45),
        (Mark(1, Status.TOLD_US), 0),
        (Mark(3, Status.HERE), 0),  # that class is still to come
    ],
)
def test_noted_minutes_count_else_those_planned(mark: Mark, minutes: int) -> None:
    assert minutes_there(ledger(mark)) == minutes


def test_what_was_told_in_a_year_is_kept_without_anybody() -> None:
    store = MemoryStore()
    for _ in range(3):
        lms_northside.after_decision(EVENT, store)
    assert store.documents == {(None, "told:2027:level-1"): 3}
    assert numbers(Participant("Lou", ledger()), store=store)["Told “Level 1” in 2027, in all groups"] == 3


def test_another_year_is_another_count() -> None:
    store = MemoryStore({(None, "told:2026:level-1"): 9})
    assert not [what for what in numbers(Participant("Lou", ledger()), store=store) if what.startswith("Told")]


@given(st.lists(st.sampled_from(Status), max_size=8))
def test_nobody_was_there_longer_than_the_classes_took(statuses: list[Status]) -> None:
    marks = [Mark(n, status) for n, status in enumerate(statuses, start=1)]
    assert 0 <= minutes_there(ledger(*marks, held=8, planned=0)) <= 8 * 120
