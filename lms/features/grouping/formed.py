"""The groups of a class as they were formed, made from what is kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lms.features.grouping.models import FormedGroups
from lms.features.grouping.rules import Group, Grouping, Round

# What `formed_of` reads of a version of the groups.
FORMED_COLUMNS = (
    FormedGroups.cards,
    FormedGroups.version,
    FormedGroups.format,
    FormedGroups.kept,
    FormedGroups.times,
    FormedGroups.trainer_plays,
    FormedGroups.formed_at,
)


@dataclass(frozen=True)
class Formed:
    """One version of the groups of a class, formed `at` a moment, with the card of each group. `format` is the name of the
    one that they were formed for ("" for those of an earlier release); groups whose number is `locked` stay when the others
    are formed again. `minutes` are times that a trainer chose."""

    version: int
    grouping: Grouping
    at: datetime
    cards: dict[int, str]
    format: str = ""
    locked: frozenset[int] = frozenset()
    trainer_plays: bool = False
    minutes: Mapping[str, int] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.grouping.groups

    def group_of(self, enrolment_id: int) -> Group | None:
        return next((group for group in self.groups if enrolment_id in group.members), None)

    def group(self, number: int) -> Group | None:
        return next((group for group in self.groups if group.number == number), None)


def formed_of(version: Any, seats: Iterable[Any]) -> Formed:
    """A version of the groups from its row (FORMED_COLUMNS) and the rows of its seats, in the order in which they were kept."""
    found: dict[int, dict[int, dict[str, list[int]]]] = {}
    for row in seats:
        turn = found.setdefault(row.group_number, {}).setdefault(row.round_number, {})
        turn.setdefault(row.role, []).append(row.enrolment_id)
    groups = tuple(_group(number, turns) for number, turns in sorted(found.items()))
    return Formed(
        version.version,
        Grouping(groups),
        version.formed_at,
        {int(number): str(card) for number, card in version.cards.items()},
        version.format,
        frozenset(version.kept),
        version.trainer_plays,
        dict(version.times),
    )


def _group(number: int, turns: dict[int, dict[str, list[int]]]) -> Group:
    members = tuple(sorted({who for turn in turns.values() for seated in turn.values() for who in seated}))
    rounds = tuple(
        Round(turn["supporter"][0], next(iter(turn.get("person", ())), None), tuple(turn.get("observer", ())))
        for _number, turn in sorted(turns.items())
        if "supporter" in turn
    )
    return Group(number, members, rounds)
