"""The figures that forming groups must reach, as far as every run of the tests can measure them; `tests.bench` has the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest

from lms.features.grouping.rules import History, form_groups, record
from tests.bench.grouping import cohort

BUDGET = 10  # times as long as to count to a million, which takes some 30 ms on an ordinary computer


def computing(act: Callable[[], object]) -> float:
    """The least of three times, so that a busy computer is not to blame."""
    took = []
    for _time in range(3):
        begun = time.process_time()
        act()
        took.append(time.process_time() - begun)
    return min(took)


def count_to_a_million() -> None:
    for _number in range(1_000_000):
        pass


def test_thirty_people_are_grouped_within_the_budget_however_often_they_met() -> None:
    history, apart = History(), [(0, 1), (2, 3), (4, 5)]
    for number in range(8):
        took = computing(partial(form_groups, range(30), history, seed=str(number), keep_apart=apart))
        assert took < BUDGET * computing(count_to_a_million), number
        history = record(history, form_groups(range(30), history, seed=str(number)))


@pytest.mark.parametrize("hundred", range(5))
def test_keep_apart_holds_in_random_cohorts_wherever_there_is_a_way(hundred: int) -> None:
    """Up to nine people whether there is a way is counted out."""
    solvable = 0
    for seed in range(hundred * 100, hundred * 100 + 100):
        people, apart, least = cohort(seed)
        if least == 0:
            solvable += 1
            found = form_groups(range(people), History(), seed=str(seed), keep_apart=apart)
            together = {(a, b) for group in found.groups for a in group.members for b in group.members if a < b}
            assert not together & apart, seed
            assert not found.broken_keep_apart, seed
    assert solvable > 50
