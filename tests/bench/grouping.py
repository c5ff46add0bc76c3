"""How well and how fast groups are formed, over whole courses and random cohorts."""

from __future__ import annotations

import statistics
import time
from itertools import combinations
from random import Random

from lms.features.grouping.rules import History, form_groups, record
from tests.features.roleplay.courses import course_of, fewest_broken, figures

Row = tuple[str, str, str]
COHORTS = 10_000


def grouping() -> list[Row]:
    return [*_speed(), *_courses(), *_apart()]


def _speed() -> list[Row]:
    history, seconds = History(), []
    for number in range(8):
        begun = time.process_time()
        grouping = form_groups(range(30), history, seed=str(number), keep_apart=[(0, 1), (2, 3), (4, 5)])
        seconds.append(time.process_time() - begun)
        history = record(history, grouping)
    rows = [("30 people grouped, slowest of 8 classes", f"{max(seconds) * 1000:.0f} ms", "300 ms")]
    begun = time.process_time()
    form_groups(range(29), history, seed="gone", keep=grouping)
    return [*rows, ("30 people, one leaves", f"{(time.process_time() - begun) * 1000:.0f} ms", "300 ms")]


def _courses() -> list[Row]:
    found = [figures(course_of(20, 8, 0.1, seed), 20) for seed in range(20)]
    first, most, spread = (statistics.median(column) for column in zip(*found, strict=True))
    return [
        ("20 people, 8 classes: first repeated partner", f"class {first:.0f}", "class 6 or later"),
        ("20 people, 8 classes: most often met", f"{most:.0f}", "2"),
        ("20 people, 8 classes: spread of supporter turns", f"{spread:.0f}", "3"),
    ]


def _apart() -> list[Row]:
    """Random cohorts of 1 to 30 with random pairs to be apart. Up to nine people the answer is counted out; above that, pairs
    are such that a way is known: they lie across groups that somebody made."""
    broken = solvable = 0
    for seed in range(COHORTS):
        people, apart, least = cohort(seed)
        if least == 0:
            solvable += 1
            broken += bool(form_groups(range(people), History(), seed=str(seed), keep_apart=apart).broken_keep_apart)
    return [(f"keep-apart broken, {solvable:,} solvable cohorts of {COHORTS:,}", str(broken), "0")]


def cohort(seed: int) -> tuple[int, frozenset[tuple[int, int]], int]:
    """How many people, which pairs are to be apart, and the least number of these that must be broken."""
    rng = Random(f"cohort {seed}")
    people = rng.randint(1, 30)
    pairs = list(combinations(range(people), 2))
    if people <= 9:
        apart = frozenset(rng.sample(pairs, rng.randint(0, len(pairs))))
        return people, apart, fewest_broken(people, apart)
    order, made = rng.sample(range(people), people), []
    while len(order) > 5:
        size = rng.choice((3, 3, 4, 2))
        made.append(order[:size])
        order = order[size:]
    if len(order) == 1:
        made[-1] += order
    else:
        made.append(order)
    together = {pair for group in made for pair in combinations(sorted(group), 2)}
    across = [pair for pair in pairs if pair not in together]
    return people, frozenset(rng.sample(across, rng.randint(0, min(len(across), 2 * people)))), 0
