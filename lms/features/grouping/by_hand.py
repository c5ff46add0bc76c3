"""What a trainer changes in formed groups by hand: two people swap, two groups become one, somebody joins or has gone. Groups
that are not named stay as they are, seats included; those without rounds need new seats (`rules.seated`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from lms.features.grouping.rules import Group, Round


def swapped(groups: Sequence[Group], one: int, other: int) -> tuple[Group, ...]:
    """Each in the group of the other."""
    places = {one: other, other: one}
    return tuple(
        Group(group.number, _sorted(places.get(who, who) for who in group.members))
        if len({one, other} & {*group.members}) == 1
        else group
        for group in groups
    )


def merged(groups: Sequence[Group], number: int, into: int) -> tuple[Group, ...]:
    """The people of group `number` in group `into`, and no group `number` any more."""
    coming = next(group.members for group in groups if group.number == number)
    return tuple(
        Group(into, _sorted((*group.members, *coming))) if group.number == into else group
        for group in groups
        if group.number != number
    )


def joined(groups: Sequence[Group], who: int, number: int) -> tuple[Group, ...]:
    """Somebody comes later and observes in each round of group `number`; all others keep their seats."""
    return tuple(
        replace(
            group,
            members=_sorted((*group.members, who)),
            rounds=tuple(Round(turn.supporter, turn.person, (*turn.observers, who)) for turn in group.rounds),
        )
        if group.number == number
        else group
        for group in groups
    )


def without(groups: Sequence[Group], gone: Collection[int]) -> tuple[Group, ...]:
    """The groups of those who are still here."""
    left = ((group, tuple(who for who in group.members if who not in gone)) for group in groups)
    return tuple(group if here == group.members else Group(group.number, here) for group, here in left if here)


def smallest(groups: Iterable[Group], not_among: Collection[int] = ()) -> Group | None:
    """The group with fewest people, the first of several; those whose number is in `not_among` left out."""
    found = [group for group in groups if group.number not in not_among]
    return min(found, key=lambda group: (len(group.members), group.number), default=None)


def _sorted(people: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(people))
