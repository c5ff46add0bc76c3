"""Groups as they stand, what came before, and who has taken part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.grouping.models import FormedGroups, Seat
from lms.features.grouping.rules import Group, Grouping, History, Round, record
from lms.host.db import session

_LATEST = (
    select(FormedGroups.meeting_id, func.max(FormedGroups.version).label("version"))
    .where(FormedGroups.pair == 0)
    .group_by(FormedGroups.meeting_id)
    .subquery()
)
# What `formed_of` is made from.
FORMED_COLUMNS = (
    FormedGroups.cards,
    FormedGroups.version,
    FormedGroups.format,
    FormedGroups.kept,
    FormedGroups.trainer_plays,
    FormedGroups.formed_at,
)
SEAT_COLUMNS = (Seat.group_number, Seat.round_number, Seat.enrolment_id, Seat.role)
_SEATS = (
    select(Meeting.number, FormedGroups.id, *FORMED_COLUMNS, *SEAT_COLUMNS)
    .join(FormedGroups, FormedGroups.meeting_id == Meeting.id)
    .join(_LATEST, (_LATEST.c.meeting_id == FormedGroups.meeting_id) & (_LATEST.c.version == FormedGroups.version))
    .join(Seat, Seat.groups_id == FormedGroups.id)
    .where(Meeting.cohort_id == bindparam("cohort"), FormedGroups.pair == 0)
    .order_by(Meeting.number, Seat.group_number, Seat.round_number, Seat.id)
)


class Deal(NamedTuple):
    """The card of each group, from a moment on."""

    at: datetime
    cards: dict[int, str]


@dataclass(frozen=True)
class Formed:
    """The groups of one class with the card of each group. `format` is the name of the one that they were formed for (""
    for those of an earlier release); groups whose number is `locked` stay when the others are formed again. `deals` are the
    cards of every version that was read, these the last."""

    version: int
    grouping: Grouping
    deals: tuple[Deal, ...]
    format: str = ""
    locked: frozenset[int] = frozenset()
    trainer_plays: bool = False

    @property
    def at(self) -> datetime:
        """When they were formed."""
        return self.deals[-1].at

    @property
    def cards(self) -> dict[int, str]:
        return self.deals[-1].cards

    def deal_until(self, moment: datetime | None) -> Deal:
        """The last deal that was made by then; the last of all with None."""
        return next((deal for deal in reversed(self.deals) if moment is None or deal.at <= moment), self.deals[0])

    def group_of(self, enrolment_id: int) -> Group | None:
        return next((g for g in self.grouping.groups if enrolment_id in g.members), None)


def formed_in(cohort_id: int) -> dict[int, Formed]:
    """Class number to its groups, the latest version of each. One query."""
    rows: dict[int, list[Any]] = {}
    for row in session.execute(_SEATS, {"cohort": cohort_id}):
        rows.setdefault(row.number, []).append(row)
    return {number: formed_of(found) for number, found in rows.items()}


_LATEST_FOR = (
    select(FormedGroups.id)
    .where(FormedGroups.meeting_id == bindparam("meeting"), FormedGroups.pair == bindparam("pair"))
    .order_by(FormedGroups.version.desc())
    .limit(1)
    .scalar_subquery()
)
_FORMED_FOR = (
    select(*FORMED_COLUMNS)
    .where(FormedGroups.meeting_id == bindparam("meeting"), FormedGroups.pair == bindparam("pair"))
    .order_by(FormedGroups.version)
)
_SEATS_FOR = (
    select(*SEAT_COLUMNS).where(Seat.groups_id == _LATEST_FOR).order_by(Seat.group_number, Seat.round_number, Seat.id)
)


def formed_for(meeting_id: int, pair: int = 0) -> Formed | None:
    """The groups of one class, or of a pair that practises by itself. Two queries: what is kept as JSON is read
    once, not for each seat."""
    asked = {"meeting": meeting_id, "pair": pair}
    versions = session.execute(_FORMED_FOR, asked).all()
    rows = session.execute(_SEATS_FOR, asked).all() if versions else ()
    return formed_of(rows, versions) if rows else None


def formed_of(rows: Sequence[Any], versions: Sequence[Any] = ()) -> Formed:
    """The groups of one class from the rows of their seats, in order; `versions`: what holds for all of them, the latest
    version last, where the rows do not carry it."""
    seats: dict[int, dict[int, dict[str, list[int]]]] = {}
    for row in rows:
        turn = seats.setdefault(row.group_number, {}).setdefault(row.round_number, {})
        turn.setdefault(row.role, []).append(row.enrolment_id)
    groups = tuple(_group(number, turns) for number, turns in sorted(seats.items()))
    versions = versions or rows[:1]
    last = versions[-1]
    deals = tuple(
        Deal(one.formed_at, {int(number): str(card) for number, card in one.cards.items()}) for one in versions
    )
    return Formed(last.version, Grouping(groups), deals, last.format, frozenset(last.kept), last.trainer_plays)


def _group(number: int, turns: dict[int, dict[str, list[int]]]) -> Group:
    members = tuple(sorted({who for turn in turns.values() for seated in turn.values() for who in seated}))
    rounds = tuple(
        Round(turn["supporter"][0], next(iter(turn.get("person", ())), None), tuple(turn.get("observer", ())))
        for _number, turn in sorted(turns.items())
        if "supporter" in turn
    )
    return Group(number, members, rounds)


def history_before(formed: dict[int, Formed], number: int) -> History:
    """What the classes before `number` add up to."""
    history = History()
    for earlier in sorted(n for n in formed if n < number):
        history = record(history, formed[earlier].grouping)
    return history


def seats_by_enrolment(formed: dict[int, Formed]) -> dict[int, set[int]]:
    """Enrolment to the numbers of the classes in which they had a seat, observing included."""
    found: dict[int, set[int]] = {}
    for number, groups in formed.items():
        for group in groups.grouping.groups:
            for member in group.members:
                found.setdefault(member, set()).add(number)
    return found


_SEATED = (
    select(Seat.id, Seat.enrolment_id, Meeting.number, Meeting.cohort_id)
    .join(FormedGroups, FormedGroups.id == Seat.groups_id)
    .join(Meeting, Meeting.id == FormedGroups.meeting_id)
    .join(_LATEST, (_LATEST.c.meeting_id == FormedGroups.meeting_id) & (_LATEST.c.version == FormedGroups.version))
    .where(FormedGroups.pair == 0)
)
_PLAYED = _SEATED.where(Seat.enrolment_id == bindparam("enrolment"))

# The seats that people of a `cohort` had in another group, before they moved.
BROUGHT = _SEATED.join(Enrolment, Enrolment.id == Seat.enrolment_id).where(
    Enrolment.cohort_id == bindparam("cohort"),
    Enrolment.moved_from_id.is_not(None),
    Meeting.cohort_id != Enrolment.cohort_id,
)


def classes_played(enrolment_id: int, cohort_id: int) -> tuple[set[int], set[int]]:
    """The numbers of the classes in which one person had a seat, observing included: in this cohort, and where they moved
    from."""
    rows = session.execute(_PLAYED, {"enrolment": enrolment_id}).all()
    here = {row.number for row in rows if row.cohort_id == cohort_id}
    return here, {row.number for row in rows if row.cohort_id != cohort_id}


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
