"""Who really sits where: the seats as formed, and over them what people chose in their room. Nobody needs a reason, and the
round goes on as long as two can play."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lms.features.grouping.rules import Group, Round, Seat

AWAY = frozenset({"out", "leave"})
BACK = frozenset({"back", "observe"})
TAG_IN, TAG_IN_READING = "tag_in", "tag_in_reading"  # while it is played; before that, while the card is read
TAG_INS = frozenset({TAG_IN, TAG_IN_READING})


class Choice(NamedTuple):
    """What somebody chose: "observe", "out", "leave", "back" after one of these, or to take the supporter's place
    ("tag_in", or "tag_in_reading" where that was before the play).

    `round` is the first round whose seats it changes: the one that is read or played at that moment, or, once its feedback
    has begun, the next.
    """

    who: int
    kind: str
    round: int


@dataclass(frozen=True, slots=True)
class Seating:
    """One round as it really is. `supporter` or `person` is None where nobody is left who could take the seat, and the person
    also where a trainer plays it. `away`: members who stepped out, or left for today.

    Where others may take the supporter's place, several support in one round: `gave_place` are those whose place somebody
    took, `supported` everyone who supported while it was played, the last of all included, in order.
    """

    supporter: int | None
    person: int | None
    observers: tuple[int, ...] = ()
    away: tuple[int, ...] = ()
    trainer_plays: bool = False
    gave_place: tuple[int, ...] = ()
    supported: tuple[int, ...] = ()

    @property
    def waits(self) -> bool:
        """True when too few are left to play: the group waits, and a trainer is told."""
        return self.supporter is None or (self.person is None and not self.trainer_plays)

    @property
    def seats(self) -> tuple[Seat, ...]:
        playing = [Seat(self.supporter, "supporter")] if self.supporter is not None else []
        playing += [Seat(self.person, "person")] if self.person is not None else []
        return *playing, *(Seat(who, "observer") for who in self.observers)

    def seat_of(self, who: int) -> str | None:
        """ "supporter", "person", "observer", or None for those who are away."""
        return next((seat.role for seat in self.seats if seat.who == who), None)

    def part_of(self, who: int) -> str | None:
        """The seat that counts for somebody, "supporter" for everyone who supported; None for other people who are away."""
        return "supporter" if who in self.supported else self.seat_of(who)

    @property
    def played(self) -> tuple[Seat, ...]:
        """What counts of the round, one seat for each person: everyone who supported, then the others as they sit at last."""
        others = (seat for seat in self.seats if seat.who not in self.supported)
        return *(Seat(who, "supporter") for who in self.supported), *others


def seatings(
    group: Group,
    choices: Iterable[Choice],
    rounds: int,
    *,
    not_the_person: Collection[int] = frozenset(),
    trainer_plays: bool = False,
) -> tuple[Seating, ...]:
    """The seats of each of `rounds` rounds; `choices` in the order in which they were made.

    Whoever observes instead, steps out or leaves is followed by an observer, the one with fewest turns in that seat. Who comes
    back in the same round observes, unless a seat is empty; from the next round on they sit as formed. An observer who takes
    the supporter's place sits there until another does, and whoever gave it observes. A group formed for fewer rounds (a pair
    among threes) begins again with its first.
    """
    if not group.rounds:
        return ()
    mine = [choice for choice in choices if choice.who in group.members]
    turns: dict[str, Counter[int]] = {"supporter": Counter(), "person": Counter()}
    found = []
    for number in range(1, rounds + 1):
        formed = group.rounds[(number - 1) % len(group.rounds)]
        table = _Table(formed, turns, not_the_person, trainer_plays)
        table.begin_without(_away_before(mine, number))
        for choice in mine:
            if choice.round == number:
                table.choose(choice)
        found.append(table.seating(group.members))
        for seat in found[-1].played:
            if seat.role in turns:
                turns[seat.role][seat.who] += 1
    return tuple(found)


def spared(group: Group, rounds: int, asked: Collection[int]) -> tuple[Choice, ...]:
    """What those who `asked` not to play the person choose before it begins: to observe in each round in which they would,
    where an observer who did not ask can take the seat."""
    found = []
    for number in range(1, rounds + 1) if group.rounds else ():
        formed = group.rounds[(number - 1) % len(group.rounds)]
        if formed.person is not None and formed.person in asked and set(formed.observers) - set(asked):
            found.append(Choice(formed.person, "observe", number))
    return tuple(found)


def away_at_last(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Those who stepped out or left and did not come back, as they last chose, the longest away first. To observe is to be
    back."""
    last: dict[int, Choice] = {}
    for choice in choices:
        if choice.kind in AWAY:
            last[choice.who] = choice
        elif choice.kind in BACK:
            last.pop(choice.who, None)
    return tuple(last.values())


def _away_before(choices: Sequence[Choice], number: int) -> set[int]:
    return {choice.who for choice in away_at_last(choice for choice in choices if choice.round < number)}


@dataclass
class _Table:
    """The seats of one round while its choices are followed one after the other."""

    formed: Round
    turns: dict[str, Counter[int]]  # in the rounds before
    not_the_person: Collection[int]
    trainer_plays: bool
    sits: dict[str, int | None] = field(default_factory=dict)
    observers: list[int] = field(default_factory=list)
    rather_observe: set[int] = field(default_factory=set)
    gave_place: list[int] = field(default_factory=list)
    supported: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sits = {"supporter": self.formed.supporter}
        if not self.trainer_plays:
            self.sits["person"] = self.formed.person
        self.observers = list(self.formed.observers)

    def begin_without(self, away: set[int]) -> None:
        """The round begins while some are away. Of the two who play then, whoever was supporter less often is it."""
        for who in away:
            self._leave_seat(who)
        if away & {self.formed.supporter, self.formed.person}:
            self._fill()
            supporter, person = self.sits["supporter"], self.sits.get("person")
            if supporter is None or person is None or supporter in self.not_the_person:
                return
            if self.turns["supporter"][supporter] > self.turns["supporter"][person]:
                self.sits.update(supporter=person, person=supporter)

    def choose(self, choice: Choice) -> None:
        if choice.kind in AWAY:
            self._leave_seat(choice.who)
        elif choice.kind == "observe":
            self._leave_seat(choice.who)
            self.observers.append(choice.who)
            self.rather_observe.add(choice.who)
        elif choice.kind == "back":
            self.rather_observe.discard(choice.who)
            if choice.who not in (*self.sits.values(), *self.observers):
                self.observers.append(choice.who)
        elif choice.kind in TAG_INS and choice.who in self.observers and choice.who not in self.rather_observe:
            self._take_place(choice)
        self._fill()

    def _take_place(self, choice: Choice) -> None:
        """Whoever watched supports, and whoever supported watches."""
        before = self.sits["supporter"]
        self._leave_seat(choice.who)
        self.sits["supporter"] = choice.who
        if before is not None:
            self.observers.append(before)
            self.gave_place.append(before)
        if choice.kind == TAG_IN:
            self.supported += [choice.who] if before is None else [before, choice.who]

    def _leave_seat(self, who: int) -> None:
        self.sits = {seat: None if sitting == who else sitting for seat, sitting in self.sits.items()}
        self.observers = [other for other in self.observers if other != who]

    def _fill(self) -> None:
        """Observers who may play move up to the empty seats."""
        for seat, sitting in self.sits.items():
            able = [who for who in self.observers if who not in self.rather_observe]
            if sitting is None and able:
                chosen = min(able, key=lambda who: self._reluctance(who, seat))
                self.observers.remove(chosen)
                self.sits[seat] = chosen

    def _reluctance(self, who: int, seat: str) -> tuple[bool, int]:
        return seat == "person" and who in self.not_the_person, self.turns[seat][who]

    def seating(self, members: Sequence[int]) -> Seating:
        supporter, person = self.sits["supporter"], self.sits.get("person")
        there = {supporter, person, *self.observers}
        away = tuple(who for who in members if who not in there)
        supported = [*self.supported, supporter] if supporter is not None else self.supported
        return Seating(
            supporter,
            person,
            tuple(self.observers),
            away,
            self.trainer_plays,
            _once(who for who in self.gave_place if who != supporter),
            _once(supported),
        )


def _once(people: Iterable[int]) -> tuple[int, ...]:
    """Each of them, in the order in which they come first."""
    return tuple(dict.fromkeys(people))
