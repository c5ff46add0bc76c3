"""Who really played what, over all classes of a cohort: seats as formed, what people chose, and how far the clock came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, select

from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.grouping.models import FormedGroups, Seat
from lms.features.grouping.rules import Group, Grouping, History, Round, record
from lms.features.grouping.rules import Seat as Sits
from lms.features.roleplay.plays import STOOD, Play, plays_at, plays_in
from lms.features.roleplay.rooms import Room
from lms.features.roleplay.seating import Seating
from lms.host.db import session


@dataclass(frozen=True, slots=True)
class Turn:
    """One person in one round that was played. `pair` is 0 for the groups of the class."""

    class_number: int
    pair: int
    round: int
    enrolment_id: int
    role: str


def turns_of(plays: Iterable[Play], now: datetime) -> list[Turn]:
    """Every round that was played, as it really was, in the order of the classes; of a class whose role play was started more
    than once, those of each time. Where nobody started the clock, the groups of a class that is over were played as formed."""
    return [
        Turn(play.number, play.pair, number, seat.who, seat.role)
        for play in plays
        for number, seats in _rounds_played(play, now)
        for seat in seats
    ]


def turns_in(cohort_id: int, now: datetime) -> list[Turn]:
    """The turns of every class of a cohort. One query however many classes and people there are."""
    return turns_of(plays_in(cohort_id), now)


def _rounds_played(play: Play, now: datetime) -> Iterator[tuple[int, Iterable[Sits]]]:
    for room in play.rooms:
        for group in room.every_group:
            for number, seated in room.played(group.number, now).items():
                yield number, seated.played
    if play.formed and not play.rooms and not play.pair and play.ends_at and play.ends_at <= now:
        for group in play.formed.groups:
            for number, turn in enumerate(group.rounds, start=1):
                yield number, turn.seats


# -- what the classes before add up to ------------------------------------------------------------------------


def history_before(plays: Iterable[Play], number: int, now: datetime) -> History:
    """What the classes before `number` add up to: who sat together, and who really was supporter or person. What was not
    started counts as formed."""
    history = History()
    for play in plays:
        if play.number < number and not play.pair and play.formed:
            history = record(history, _as_played(play, now) if play.rooms else play.formed.grouping)
    return history


def _as_played(play: Play, now: datetime) -> Grouping:
    """Every group that ever sat together, with the rounds that were played."""
    return Grouping(tuple(group for room in play.rooms for group in _groups_played(room, now)))


def _groups_played(room: Room, now: datetime) -> Iterator[Group]:
    for group in room.every_group:
        rounds = room.played(group.number, now).values()
        yield Group(
            group.number,
            group.members,
            tuple(turn for one in rounds for turn in _as_counted(one)),
        )
    for version in room.versions[:-1]:
        yield from (Group(group.number, group.members) for group in version.groups)


def _as_counted(seated: Seating) -> Iterator[Round]:
    """A round for each who supported in it: the last with whoever else sat there."""
    for who in seated.supported[:-1]:
        yield Round(who, None)
    for who in seated.supported[-1:]:
        yield Round(who, seated.person, seated.observers)


# -- evidence -------------------------------------------------------------------------------------------------

_SEATED = (
    select(func.min(Seat.id).label("id"), Seat.enrolment_id, Meeting.number)
    .join(FormedGroups, FormedGroups.id == Seat.groups_id)
    .join(Meeting, Meeting.id == FormedGroups.meeting_id)
    .join(Enrolment, Enrolment.id == Seat.enrolment_id)
    .where(STOOD, FormedGroups.pair == 0, Enrolment.cohort_id == bindparam("cohort"))
    .group_by(Seat.enrolment_id, Meeting.number)
)
# The classes of a `cohort` in which somebody had a seat, observing included, in any of the groups that were played; and
# those of the group that they moved from.
TOOK_PART = _SEATED.where(Meeting.cohort_id == Enrolment.cohort_id)
BROUGHT = _SEATED.where(Enrolment.moved_from_id.is_not(None), Meeting.cohort_id != Enrolment.cohort_id)

_BROUGHT_FROM = (
    select(FormedGroups.meeting_id)
    .join(Seat, Seat.groups_id == FormedGroups.id)
    .join(Meeting, Meeting.id == FormedGroups.meeting_id)
    .join(Enrolment, Enrolment.id == Seat.enrolment_id)
)


@dataclass
class Balance:
    """What one person played over the programme; `last_supporter` is the number of the class."""

    turns: Counter[str] = field(default_factory=Counter)
    last_supporter: int | None = None

    @property
    def rounds(self) -> int:
        return sum(self.turns.values())

    @property
    def active(self) -> int:
        """Rounds as supporter or person."""
        return self.turns["supporter"] + self.turns["person"]


def balances(turns: Iterable[Turn]) -> dict[int, Balance]:
    """Enrolment to what they played."""
    found: dict[int, Balance] = {}
    for turn in turns:
        mine = found.setdefault(turn.enrolment_id, Balance())
        mine.turns[turn.role] += 1
        if turn.role == "supporter":
            mine.last_supporter = max(turn.class_number, mine.last_supporter or 0)
    return found


def active_rounds_in(cohort_id: int, now: datetime) -> Counter[int]:
    """Enrolment to their rounds as supporter or person, with those that were played in a group before they moved. Two
    queries however many people there are."""
    from_elsewhere = _BROUGHT_FROM.where(Enrolment.cohort_id == cohort_id, Meeting.cohort_id != cohort_id)
    turns = turns_of([*plays_in(cohort_id), *plays_at(from_elsewhere)], now)
    return Counter({enrolment: balance.active for enrolment, balance in balances(turns).items()})


_WHERE_SEATED = (
    select(FormedGroups.meeting_id, FormedGroups.pair)
    .join(Seat, Seat.groups_id == FormedGroups.id)
    .where(Seat.enrolment_id.in_(bindparam("enrolments", expanding=True)))
    .distinct()
    .order_by(FormedGroups.meeting_id, FormedGroups.pair)
)


def where_seated(enrolment_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Every class, with the number of the pair or 0, in which one of these people has or had a seat. One query."""
    return [(row.meeting_id, row.pair) for row in session.execute(_WHERE_SEATED, {"enrolments": list(enrolment_ids)})]
