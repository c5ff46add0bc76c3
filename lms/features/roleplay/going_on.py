"""Groups that change while they play: the round that goes on keeps its seats, and the rounds to come are dealt anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from lms.features.grouping.by_hand import with_seats
from lms.features.grouping.rules import Group, Grouping, History
from lms.features.roleplay.rooms import Room


def keeping_the_round(room: Room, grouping: Grouping, now: datetime) -> Grouping:
    """The grouping in which nobody loses their seat in the middle of a round. Who comes takes the seat of somebody who went,
    or observes."""
    had = {*with_turns_of_today(History(), room, now).supporter}
    return replace(grouping, groups=tuple(_kept(room, group, had, now) for group in grouping.groups))


def _kept(room: Room, group: Group, had: set[int], now: datetime) -> Group:
    before, number = room.group(group.number), _round_of(room, group.number, now)
    if before is None or not number or not group.rounds or _played(before) == _played(group):
        return group
    seats = room.seating_of(group.number, number)
    return with_seats(group, before.members, seats.supporter, seats.person, number, room.rounds, had)


def _played(group: Group) -> list[tuple[int, int | None]]:
    return [(turn.supporter, turn.person) for turn in group.rounds]


def _round_of(room: Room, group_number: int, now: datetime) -> int:
    return room.timeline_of(group_number).at(now).phase.round


def with_turns_of_today(history: History, room: Room, now: datetime) -> History:
    """What the classes so far add up to, with the rounds of this role play that began."""
    seats = [
        room.seating_of(group.number, number)
        for group in room.every_group
        for number in range(1, _round_of(room, group.number, now) + 1)
    ]
    supporters = Counter(turn.supporter for turn in seats if turn.supporter is not None)
    persons = Counter(turn.person for turn in seats if turn.person is not None)
    return replace(
        history,
        supporter=Counter(history.supporter) + supporters,
        person=Counter(history.person) + persons,
    )
