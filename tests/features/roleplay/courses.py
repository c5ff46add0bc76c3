"""Classes in a row, and what can be counted of them: for tests and figures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from random import Random

from lms.features.grouping.rules import Grouping, History, Pair, form_groups, record


def pairs(grouping: Grouping) -> set[Pair]:
    return {pair for group in grouping.groups for pair in combinations(group.members, 2)}


def course_of(people: int, count: int, absent: float, seed: int) -> Iterator[tuple[Grouping, History]]:
    """`count` classes in a row, each with the history before it."""
    rng, history = Random(seed), History()
    for number in range(count):
        present = [who for who in range(people) if rng.random() >= absent]
        grouping = form_groups(present, history, seed=f"{seed}:{number}")
        yield grouping, history
        history = record(history, grouping)


def figures(course: Iterator[tuple[Grouping, History]], people: int) -> tuple[int, int, int]:
    """The class with the first repeated partner (one after the last for none), how often the same two met at most, and how
    far apart turns as supporter are."""
    held = list(course)
    history = record(held[-1][1], held[-1][0])
    repeats = (number for number, (now, before) in enumerate(held, 1) if pairs(now) & before.met.keys())
    turns = [history.supporter.get(who, 0) for who in range(people)]
    return next(repeats, len(held) + 1), max(history.met.values()), max(turns) - min(turns)


@cache
def splits(people: tuple[int, ...]) -> list[frozenset[Pair]]:
    """Every way to split people into groups of two to five, as the pairs that meet."""
    if not people:
        return [frozenset()]
    first, *rest = people
    found = []
    for mates in (mates for size in range(1, 5) for mates in combinations(rest, size)):
        meeting = frozenset(combinations((first, *mates), 2))
        found += [meeting | others for others in splits(tuple(who for who in rest if who not in mates))]
    return found


def fewest_broken(people: int, apart: frozenset[Pair]) -> int:
    """How many of the pairs `apart` must sit together at least, counted out over every split."""
    return min((len(meeting & apart) for meeting in splits(tuple(range(people)))), default=0)
