"""Forms role-play groups and deals out their seats: same input, same groups. Sizes and costs: domain model, 5.4.

Keep-apart is broken, and reported, only if no groups of two to five that respect it are found; the rest are wishes.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, combinations, combinations_with_replacement, count, product
from operator import eq
from random import Random
from typing import Literal, NamedTuple

Pair = tuple[int, int]  # two people, the smaller number first
Pairs = Set[Pair]
Groups = tuple[tuple[int, ...], ...]
Foes = Mapping[int, frozenset[int]]
ReasonCode = Literal[
    "solo", "pair", "three", "four", "five", "circle", "other_sizes", "not_apart", "came", "left", "moved"
]
# Threes with fours and a five; the same with a pair rather than a five; pairs with one three; everybody in one circle.
Made = Literal["threes", "small", "pairs", "circle"]
WishCode = Literal["met_before", "met_last_time", "not_together", "four_again", "no_supporter_turn", "plays_person"]
Reason = tuple[ReasonCode, tuple[int, ...]]
Wish = tuple[WishCode, tuple[int, ...]]

RESTARTS, DEAL_STEPS, PERSONS_TRIED = 12, 20_000, 5  # the steps suffice to try every deal of nine people
MOST_TOGETHER = 5  # in a circle of more, nobody has worked with somebody
APART, TOGETHER, STAY = 10**9, 1_000, 500
MET_SQUARED, MET, MET_LAST_TIME, BOTH_NOT_AS_PERSON, FOUR_BEFORE, DEBT, IDLE = 10, 5, 15, 40, 3, 4, 2
SIZE_CODES: Mapping[int, ReasonCode] = {1: "solo", 2: "pair", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True, slots=True)
class Seat:
    who: int
    role: Literal["supporter", "person", "observer"]


@dataclass(frozen=True, slots=True)
class Round:
    supporter: int
    person: int | None  # None: a trainer plays the person
    observers: tuple[int, ...] = ()

    @property
    def seats(self) -> tuple[Seat, ...]:
        observers = (Seat(who, "observer") for who in self.observers)
        person = () if self.person is None else (Seat(self.person, "person"),)
        return Seat(self.supporter, "supporter"), *person, *observers


@dataclass(frozen=True, slots=True)
class Group:
    number: int  # stays for as long as the group lives, so after a change there may be gaps
    members: tuple[int, ...]
    rounds: tuple[Round, ...] = ()


@dataclass(frozen=True, slots=True)
class Grouping:
    """Who works with whom. All but the groups is for trainers only: it may give a keep-apart pair away."""

    groups: tuple[Group, ...] = ()
    broken_keep_apart: tuple[Pair, ...] = ()
    wishes_not_kept: tuple[Wish, ...] = ()
    reason: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What the classes so far add up to; `fours` counts groups of four or more."""

    met: Mapping[Pair, int] = field(default_factory=dict)
    met_last_time: frozenset[Pair] = frozenset()
    fours: Mapping[int, int] = field(default_factory=dict)
    supporter: Mapping[int, int] = field(default_factory=dict)
    person: Mapping[int, int] = field(default_factory=dict)


def form_groups(
    people: Iterable[int],
    history: History,
    *,
    seed: str,
    keep_apart: Collection[tuple[int, int]] = frozenset(),
    keep_together: Collection[tuple[int, int]] = frozenset(),
    not_as_person: Collection[int] = frozenset(),
    weights: Mapping[Pair, int] | None = None,
    keep: Grouping | None = None,
    locked: Collection[int] = frozenset(),
    made: Made = "threes",
    rounds: int = 3,
    trainer_plays: bool = False,
) -> Grouping:
    """Groups of everyone in `people`, each playing as many rounds as it has members, at most `rounds`.

    Nobody is supporter or person twice in one class, except in a four when two turns behind, or to keep a wish.
    With `keep`, that earlier grouping changed as little as possible; its groups without rounds only get seats. Those whose
    numbers are `locked` stay as they are, but for people who have gone. `weights` are further wishes: what it costs that two
    people sit together. With `trainer_plays` nobody is the person.
    """
    present, kept = sorted(set(people)), keep.groups if keep else ()
    apart, together = _meeting(keep_apart), _meeting(keep_together)
    avoided = frozenset() if trainer_plays else frozenset(not_as_person)
    stay = tuple(
        replace(g, members=tuple(who for who in g.members if who in present)) for g in kept if g.number in locked
    )
    stay = tuple(group for group in stay if group.members)
    free = sorted(set(present).difference(*(group.members for group in stay)))
    before = tuple(group for group in kept if group.number not in locked)
    pairs_before = _meeting(group.members for group in before)
    costs = _costs(free, history, apart, together, pairs_before, avoided, weights or {})
    deal = _closest_deal(before, free, costs, Random(seed), made).groups  # noqa: S311
    numbered = [*((group.number, group.members) for group in stay), *_numbered(deal, before, {g.number for g in stay})]
    seats = _Seats(history, avoided, rounds, seed, trainer_plays)
    groups = tuple(Group(no, who, _rounds(who, kept, seats)) for no, who in sorted(numbered))
    return told(groups, history, apart, together, avoided, kept, made)


def seated(
    groups: Iterable[Group],
    history: History,
    *,
    seed: str,
    not_as_person: Collection[int] = frozenset(),
    rounds: int = 3,
    trainer_plays: bool = False,
) -> tuple[Group, ...]:
    """The groups as they were put together by hand: those without rounds get seats, the others keep theirs."""
    seats = _Seats(history, frozenset(not_as_person), rounds, seed, trainer_plays)
    return tuple(
        group if group.rounds else replace(group, rounds=_rounds(group.members, (), seats)) for group in groups
    )


def told(
    groups: Sequence[Group],
    history: History,
    keep_apart: Collection[tuple[int, int]] = frozenset(),
    keep_together: Collection[tuple[int, int]] = frozenset(),
    not_as_person: Collection[int] = frozenset(),
    kept: Sequence[Group] = (),
    made: Made = "threes",
) -> Grouping:
    """These groups, with what can be said of them: which wishes they do not keep, and why they are as they are."""
    broken = tuple(sorted(_meeting(group.members for group in groups) & _meeting(keep_apart)))
    wishes = _wishes_not_kept(groups, history, _meeting(keep_together), frozenset(not_as_person))
    return Grouping(tuple(groups), broken, tuple(wishes), tuple(_reasons(groups, broken, kept, made)))


def record(history: History, grouping: Grouping) -> History:
    """The history after a class that took place in this grouping; of a circle of many, only who played what."""
    meeting = _meeting(group.members for group in grouping.groups if len(group.members) <= MOST_TOGETHER)
    played = [turn for group in grouping.groups for turn in group.rounds]
    in_fours = [who for group in grouping.groups if 3 < len(group.members) <= MOST_TOGETHER for who in group.members]
    return History(
        met=Counter(history.met) + Counter(meeting),
        met_last_time=frozenset(meeting) or history.met_last_time,
        fours=Counter(history.fours) + Counter(in_fours),
        supporter=Counter(history.supporter) + Counter(turn.supporter for turn in played),
        person=Counter(history.person) + Counter(turn.person for turn in played if turn.person is not None),
    )


class _Seats(NamedTuple):  # what decides who plays what
    history: History
    avoided: Set[int]
    rounds: int
    seed: str
    trainer_plays: bool


class _Costs(NamedTuple):
    pair: Mapping[int, Mapping[int, int]]  # of two people in one group
    four: Mapping[int, int]  # of a person in a group of four or more, where role debts can be evened out
    foes: Foes


@dataclass(frozen=True, slots=True, order=True)
class _Deal:  # of two deals the smaller is the better
    broken: int
    cost: int
    groups: Groups = field(compare=False)


def _costs(
    people: Sequence[int],
    history: History,
    apart: Pairs,
    together: Pairs,
    stay: Pairs,
    avoided: Set[int],
    weights: Mapping[Pair, int],
) -> _Costs:
    pair: dict[int, dict[int, int]] = {who: {who: 0} for who in people}
    for a, b in combinations(people, 2):
        met = history.met.get((a, b), 0)
        cost = MET_SQUARED * met**2 + MET * (met > 0) + MET_LAST_TIME * ((a, b) in history.met_last_time)
        cost += BOTH_NOT_AS_PERSON * (a in avoided and b in avoided) + weights.get((a, b), 0)
        if (a, b) in together or (a, b) in stay:
            cost = -TOGETHER * ((a, b) in together) - STAY * ((a, b) in stay)
        pair[a][b] = pair[b][a] = cost + APART * ((a, b) in apart)
    turns = {who: history.supporter.get(who, 0) for who in people}
    usual = sum(turns.values()) / max(len(people), 1)
    four = {who: FOUR_BEFORE * history.fours.get(who, 0) - round(DEBT * abs(turns[who] - usual)) for who in people}
    return _Costs(pair, four, {who: frozenset(x for x in people if pair[who][x] > APART // 2) for who in people})


@cache
def _size_lists(n: int, made: Made) -> tuple[tuple[int, ...], ...]:
    """Every way to make `n` of twos to fives, best first: fewest pairs, then fewest fives, then fewest fours; where small groups
    are wanted, fewest fives first. Where pairs are wanted, twos with one three or one alone; a circle has one way."""
    if made == "circle":
        return ((n,) if n else (),)
    if made == "pairs" and n > 1:
        return ((2,) * (n // 2),) if n % 2 == 0 else ((2,) * (n // 2 - 1) + (3,),)
    ways = chain(*(combinations_with_replacement((3, 4, 5, 2) if n > 1 else (1,), k) for k in range((n + 1) // 2 + 1)))
    worst = (5, 2, 4) if made == "small" else (2, 5, 4)
    return tuple(sorted((way for way in ways if sum(way) == n), key=lambda way: tuple(map(way.count, worst))))


def _best_deal(people: Sequence[int], costs: _Costs, rng: Random, made: Made) -> _Deal:
    """The cheapest deal found in the first sizes that break no keep-apart, or else one that breaks few."""

    def start(sizes: Sequence[int], foes: Foes, steps: Iterator[int]) -> Groups | None:
        order = sorted(rng.sample(people, len(people)), key=lambda who: -len(foes[who]))
        return _dealt(order, ((),) * len(sizes), rng.sample(sizes, len(sizes)), foes, steps)

    lists, steps, nobody = (
        _size_lists(len(people), made),
        iter(range(DEAL_STEPS)),
        dict.fromkeys(people, frozenset[int]()),
    )
    most_foes = max((len(costs.foes[who].intersection(people)) for who in people), default=0)
    for sizes in lists:
        if most_foes <= len(people) - min(sizes, default=0) and (first := start(sizes, costs.foes, steps)):
            return min(_improved(start(sizes, costs.foes, steps) or first, costs) for _ in range(RESTARTS))
    some = [sizes for i, sizes in enumerate(lists) if i < 8 or sizes.count(2) > lists[i - 1].count(2)]
    closest = (min(_improved(start(sizes, nobody, count()) or (), costs) for _ in range(RESTARTS)) for sizes in some)
    return min(closest, key=lambda deal: deal.broken)


def _dealt(people: list[int], groups: Groups, sizes: list[int], foes: Foes, steps: Iterator[int]) -> Groups | None:
    """The groups filled up with `people`, foes apart; None if that cannot be done, or not in so many steps."""
    if not people:
        return groups
    for i, group in enumerate(groups):
        seen = (sizes[i], group) in zip(sizes[:i], groups, strict=False)
        if len(group) < sizes[i] and not seen and foes[people[0]].isdisjoint(group) and next(steps, None) is not None:
            joined = (*groups[:i], (*group, people[0]), *groups[i + 1 :])
            if (done := _dealt(people[1:], joined, sizes, foes, steps)) is not None:
                return done
    return None


def _improved(groups: Groups, costs: _Costs) -> _Deal:
    """The deal after every swap of two people that makes it cheaper."""
    pair, four, crowded = costs.pair, costs.four, [len(group) > 3 for group in groups]
    place = {who: i for i, group in enumerate(groups) for who in group}
    near = {who: [sum(pair[who][x] for x in group) for group in groups] for who in place}
    gained = True
    while gained:
        gained = False
        for a, b in combinations(place, 2):
            i, j = place[a], place[b]
            gain = near[a][i] + near[b][j] - near[a][j] - near[b][i] + 2 * pair[a][b]
            gain += (crowded[i] - crowded[j]) * (four[a] - four[b])
            if i != j and gain > 0:
                place[a], place[b], gained = j, i, True
                for who, sums in near.items():
                    sums[i] += pair[who][b] - pair[who][a]
                    sums[j] += pair[who][a] - pair[who][b]
    return _priced([[who for who in place if place[who] == i] for i in range(len(groups))], costs)


def _priced(groups: Iterable[Collection[int]], costs: _Costs) -> _Deal:
    dealt = tuple(sorted(tuple(sorted(group)) for group in groups))
    meeting = _meeting(dealt)
    cost = sum(costs.pair[a][b] for a, b in meeting)
    cost += sum(costs.four[who] for group in dealt if len(group) > 3 for who in group)
    return _Deal(sum(b in costs.foes[a] for a, b in meeting), cost, dealt)


def _closest_deal(kept: Sequence[Group], people: Sequence[int], costs: _Costs, rng: Random, made: Made) -> _Deal:
    """The deal that reopens as few groups as possible: those that cannot stand as they are, and up to two others."""
    if made == "circle":
        return _priced([people] if people else [], costs)
    sizes = (2,) if made == "pairs" else (3, 4)
    left = ((group.members, tuple(who for who in group.members if who in costs.pair)) for group in kept)
    stand = [now for old, now in left if (now == old or len(now) in sizes) and not _priced([now], costs).broken]
    loose = set(people).difference(*stand)
    tried: list[tuple[tuple[int, ...], _Deal]] = []
    for reopened in range(3):
        for others in combinations(stand, reopened):
            part = _best_deal(sorted(loose.union(*others)), costs, rng, made)
            deal = _priced(chain(part.groups, (group for group in stand if group not in others)), costs)
            awkward = [sum(len(group) == size for group in deal.groups) for size in {1, 2, 5, 3}.difference(sizes)]
            unfit = not all(len(group) in sizes for group in part.groups)
            tried.append(((part.broken, unfit, *awkward, reopened), deal))
        if not any(min(tried)[0][:2]):
            break
    best = min(tried)[1]
    return (
        min(best, _best_deal(people, costs, rng, made), key=lambda deal: deal.broken) if best.broken and kept else best
    )


def _numbered(
    groups: Iterable[tuple[int, ...]], kept: Sequence[Group], taken: Set[int]
) -> list[tuple[int, tuple[int, ...]]]:
    """The groups with their numbers: that of the kept group they share most people with, or the lowest free one that is not
    `taken`."""
    rest, numbers = list(groups), dict[int, tuple[int, ...]]()
    for shared, number, new in sorted((-len({*new} & {*old.members}), old.number, new) for old in kept for new in rest):
        if shared and number not in numbers and new in rest:
            numbers[number] = new
            rest.remove(new)
    free = (number for number in count(1) if number not in numbers and number not in taken)
    return sorted({**numbers, **dict(zip(free, rest, strict=False))}.items())


def _rounds(members: tuple[int, ...], kept: Sequence[Group], seats: _Seats) -> tuple[Round, ...]:
    """Who plays what: the seats they held in the kept group if these still serve, else new ones by turns so far."""
    history, avoided, rounds, seed, trainer_plays = seats
    before = next((group.rounds for group in kept if group.members == members), ())
    order = Random(f"{seed}:{members}").sample(members, len(members))  # noqa: S311
    turns = min(len(members), rounds, PERSONS_TRIED) if len(members) > 1 or trainer_plays else 0
    most, supporters = 2 if len(members) > 3 else 1, list[int]()
    for _ in range(turns):
        able = [who for who in order if supporters.count(who) < most]
        supporters.append(min(able, key=lambda who: history.supporter.get(who, 0) + supporters.count(who)))

    if trainer_plays:
        played = [Round(one, None, tuple(who for who in members if who != one)) for one in supporters]
        return before if [turn.person for turn in before] == [None] * turns else tuple(played)

    def cost(persons: tuple[int, ...]) -> tuple[int, ...]:
        too_often = sum(persons.count(who) > most for who in order)
        debt = sum((history.person.get(who, 0) + persons.count(who)) ** 2 for who in order)
        return sum(who in avoided for who in persons), too_often, debt + IDLE * len({*order} - {*supporters, *persons})

    able = sorted(order, key=lambda who: (who in avoided, history.person.get(who, 0)))[:PERSONS_TRIED]
    persons = min((some for some in product(able, repeat=turns) if not any(map(eq, supporters, some))), key=cost)
    same = len(before) == turns and all(turn.person is not None for turn in before)
    if same and sum(turn.person in avoided for turn in before) <= cost(persons)[0]:
        return before
    pairs = zip(supporters, persons, strict=True)
    return tuple(Round(a, b, tuple(who for who in members if who not in (a, b))) for a, b in pairs)


def _wishes_not_kept(groups: Sequence[Group], history: History, together: Pairs, avoided: Set[int]) -> Iterator[Wish]:
    meeting, turns = _meeting(group.members for group in groups), [turn for group in groups for turn in group.rounds]
    small = [group for group in groups if len(group.members) <= MOST_TOGETHER]
    close = _meeting(group.members for group in small)
    fours = {who: history.fours.get(who, 0) for group in groups for who in group.members}
    crowded = {who for group in small if len(group.members) > 3 for who in group.members}
    for pair in sorted(together | meeting):
        if pair not in meeting and fours.keys() >= {*pair}:
            yield "not_together", pair
        elif pair in close - together and history.met.get(pair):
            yield "met_last_time" if pair in history.met_last_time else "met_before", pair
    alone: Mapping[WishCode, Set[int]] = {
        "four_again": {a for a in crowded if any(fours[b] < fours[a] for b in fours.keys() - crowded)},
        "no_supporter_turn": {who for group in small for who in group.members} - {turn.supporter for turn in turns},
        "plays_person": {who for who in avoided if any(turn.person == who for turn in turns)},
    }
    yield from ((code, tuple(sorted(people))) for code, people in alone.items() if people)


def _reasons(groups: Sequence[Group], broken: Collection[Pair], kept: Sequence[Group], made: Made) -> Iterator[Reason]:
    place, before = ({who: group.number for group in of for who in group.members} for of in (groups, kept or groups))
    sizes = sorted(len(group.members) for group in groups)
    if made == "circle":
        yield "circle", tuple(sorted(place))
    for size in sorted(SIZE_CODES.keys() & sizes) if made != "circle" else ():
        yield SIZE_CODES[size], tuple(sorted(chain(*(group.members for group in groups if len(group.members) == size))))
    changes: dict[ReasonCode, Collection[int]] = {
        "other_sizes": () if sizes == sorted(_size_lists(len(place), made)[0]) else place,
        "not_apart": {*chain(*broken)},
        "came": place.keys() - before.keys(),
        "left": before.keys() - place.keys(),
        "moved": {who for who in place.keys() & before.keys() if place[who] != before[who]},
    }
    yield from ((code, tuple(sorted(people))) for code, people in changes.items() if people)


def _meeting(groups: Iterable[Collection[int]]) -> set[Pair]:
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}
