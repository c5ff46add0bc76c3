"""What a trainer changes in formed groups by hand: two people swap, two groups become one, somebody joins or has gone. Groups
that are not named stay as they are, seats included; those without rounds need new seats (`rules.seated`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from lms.features.grouping.rules import Group, Pair, Round


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


def brought(groups: Sequence[Group], number: int, into: int, coming: Iterable[int]) -> tuple[Group, ...]:
    """Those `coming` from group `number` in group `into`, and no group `number` any more."""
    come = tuple(coming)
    return tuple(
        Group(into, _sorted((*group.members, *come))) if group.number == into else group
        for group in groups
        if group.number != number
    )


def with_seats(
    group: Group,
    before: Collection[int],
    supporter: int | None,
    person: int | None,
    number: int,
    rounds: int,
    had: Collection[int],
) -> Group:
    """The group with `supporter` and `person` in their seats of round `number`, which goes on. The seat of one who is not in the
    group any more goes to somebody who was not in it `before`, or else to one who observed; all others observe. In the rounds
    to come, those are supporter first who have not `had` that seat. Where too few are left, it is as it was dealt."""
    fresh, waiting = group.rounds, sorted(group.members, key=lambda who: who in before)
    trainer_plays = fresh[0].person is None
    waiting = [who for who in waiting if who not in (supporter, person)]
    if supporter not in group.members:
        supporter = waiting.pop(0) if waiting else None
    if not trainer_plays and person not in group.members:
        person = waiting.pop(0) if waiting else None
    if supporter is None or (person is None and not trainer_plays):
        return group
    first = sorted(fresh, key=lambda turn: turn.supporter in {*had, supporter})
    later = [first[at % len(first)] for at in range(rounds - number)]
    return replace(group, rounds=(*[Round(supporter, person, _sorted(waiting))] * number, *later))


def seated_apart(groups: Sequence[Group], resting: Collection[int]) -> tuple[Group, ...]:
    """The groups without those who rest and only observe in them, so that nobody's seat changes for their sake."""
    return tuple(_without_observers(group, set(resting)) for group in groups)


def _without_observers(group: Group, resting: set[int]) -> Group:
    watching = [set(turn.observers) & resting for turn in group.rounds]
    rest = set.intersection(*watching) if watching else set()
    if not rest:
        return group
    rounds = (
        Round(turn.supporter, turn.person, tuple(who for who in turn.observers if who not in rest))
        for turn in group.rounds
    )
    return Group(group.number, tuple(who for who in group.members if who not in rest), tuple(rounds))


def beside(
    groups: Sequence[Group], resting: Iterable[int], before: Iterable[Group], apart: Collection[Pair]
) -> tuple[Group, ...]:
    """The groups with those who are taking a moment as observers, so that they have a place to come back to: with the most of
    those they sat with `before`, and with nobody whom they are to be `apart` from."""
    earlier, found = tuple(before), tuple(groups)
    for who in resting:
        mates = {one for group in earlier if who in group.members for one in group.members}
        fitting = [group for group in found if not _foes(who, group, apart)]
        if fitting:
            best = max(fitting, key=lambda group: (len(mates & {*group.members}), -len(group.members), -group.number))
            found = joined(found, who, best.number)
    return found


def place_for(groups: Sequence[Group], who: int, apart: Collection[Pair]) -> Group | None:
    """The smallest group in which nobody is to be `apart` from somebody who comes."""
    return smallest(group for group in groups if not _foes(who, group, apart))


def refuge(
    groups: Sequence[Group], number: int, apart: Collection[Pair], not_among: Collection[int] = ()
) -> Group | None:
    """The group that can take in those of group `number`: the smallest in which nobody is to be `apart` from them; those
    whose number is in `not_among` left out."""
    coming = next((group.members for group in groups if group.number == number), ())
    fitting = (group for group in groups if not any(_foes(who, group, apart) for who in coming))
    return smallest(fitting, {number, *not_among})


def _foes(who: int, group: Group, apart: Collection[Pair]) -> bool:
    return any((min(who, one), max(who, one)) in apart for one in group.members)


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
