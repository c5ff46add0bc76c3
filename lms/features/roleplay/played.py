"""Who really played what, over all classes of a cohort: seats as formed, what people chose, and how far the clock came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.grouping import queries
from lms.features.grouping.models import FormedGroups, NotThePersonToday, Seat
from lms.features.roleplay.models import ClockChange, RoomEvent, Run
from lms.features.roleplay.room_queries import Room
from lms.features.roleplay.timeline import Change
from lms.host.db import session

_LATEST = (
    select(FormedGroups.meeting_id, FormedGroups.pair, func.max(FormedGroups.version).label("version"))
    .group_by(FormedGroups.meeting_id, FormedGroups.pair)
    .subquery()
)
_LATER = aliased(FormedGroups)
_FIRST_START = (
    select(func.min(Run.started_at))
    .where(Run.meeting_id == FormedGroups.meeting_id, Run.pair == FormedGroups.pair)
    .scalar_subquery()
)
# A version that was replaced before the first start was never played; without a start only the latest stands.
_REPLACED_BEFORE = exists().where(
    _LATER.meeting_id == FormedGroups.meeting_id,
    _LATER.pair == FormedGroups.pair,
    _LATER.version > FormedGroups.version,
    _LATER.formed_at <= func.coalesce(_FIRST_START, _LATER.formed_at),
)
_SEATS = (
    select(
        Meeting.id.label("meeting_id"),
        Meeting.number,
        Meeting.starts_at,
        Meeting.minutes,
        FormedGroups.pair,
        *queries.FORMED_COLUMNS,
        *queries.SEAT_COLUMNS,
    )
    .join(FormedGroups, FormedGroups.meeting_id == Meeting.id)
    .join(Seat, Seat.groups_id == FormedGroups.id)
    .where(Meeting.cohort_id == bindparam("cohort"), ~_REPLACED_BEFORE)
    .order_by(Meeting.number, FormedGroups.pair, FormedGroups.version, Seat.group_number, Seat.round_number, Seat.id)
)
_OF_COHORT = Meeting.cohort_id == bindparam("cohort")
_RUNS = select(Run).join(Meeting, Meeting.id == Run.meeting_id).where(_OF_COHORT).order_by(Run.id)
_EVENTS = select(RoomEvent).join(Run, Run.id == RoomEvent.run_id).join(Meeting).where(_OF_COHORT).order_by(RoomEvent.id)
_CHANGES = (
    select(ClockChange).join(Run, Run.id == ClockChange.run_id).join(Meeting).where(_OF_COHORT).order_by(ClockChange.id)
)
_NOT_THE_PERSON = (
    select(NotThePersonToday.meeting_id, NotThePersonToday.enrolment_id)
    .join(Meeting, Meeting.id == NotThePersonToday.meeting_id)
    .where(_OF_COHORT)
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One person in one round that was played. `pair` is 0 for the groups of the class."""

    class_number: int
    pair: int
    round: int
    enrolment_id: int
    role: str


def turns_in(cohort_id: int, now: datetime) -> list[Turn]:
    """Every round that was played, as it really was, in the order of the classes; of a class whose role play was started more
    than once, those of each time. Where nobody started the clock, the groups of a class that is over were played as formed.
    Five queries however many classes and people there are."""
    given = {"cohort": cohort_id}
    rooms: dict[tuple[int, int], dict[int, list[Any]]] = {}
    for row in session.execute(_SEATS, given):
        rooms.setdefault((row.meeting_id, row.pair), {}).setdefault(row.version, []).append(row)
    runs: dict[tuple[int, int], list[Run]] = {}
    for run in session.scalars(_RUNS, given):
        runs.setdefault((run.meeting_id, run.pair), []).append(run)
    events, changes = _by_run(_EVENTS, given), _by_run(_CHANGES, given)
    rather_not: dict[int, set[int]] = {}
    for meeting, enrolment in session.execute(_NOT_THE_PERSON, given):
        rather_not.setdefault(meeting, set()).add(enrolment)
    turns = []
    for key, versions in rooms.items():
        last = next(reversed(versions.values()))
        if key not in runs:
            over = last[0].starts_at + timedelta(minutes=last[0].minutes) <= now
            turns += _as_formed(last) if over and not last[0].pair else []
            continue
        formed = [queries.formed_of(rows) for rows in versions.values()]
        for run in runs[key]:
            done = tuple(Change(c.at, c.kind, c.group_number) for c in changes.get(run.id, ()))
            chosen, asked = tuple(events.get(run.id, ())), frozenset(rather_not.get(key[0], ()))
            rooms_of_run = [Room(run, one, done, chosen, asked) for one in formed]
            turns += _as_played(rooms_of_run, last[0].number, now)
    return turns


def _by_run(statement: Any, given: dict[str, int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in session.scalars(statement, given):
        found.setdefault(row.run_id, []).append(row)
    return found


def _as_formed(rows: Iterable[Any]) -> list[Turn]:
    return [Turn(row.number, row.pair, row.round_number, row.enrolment_id, row.role) for row in rows]


def rounds_begun(room: Room, group_number: int, now: datetime) -> dict[int, datetime]:
    """The rounds of a group whose play had begun when the role play ended, or has by now, and when it began. What comes after
    a pause that nobody ended was not played."""
    clock = room.timeline_of(group_number)
    end = min(room.run.ended_at or now, clock.paused_since or now)
    return {
        span.phase.round: span.starts
        for span in reversed(clock.spans)
        if span.phase.kind == "play" and span.starts < min(end, span.ends)
    }


def _as_played(rooms: Sequence[Room], number: int, now: datetime) -> list[Turn]:
    """The rounds that were played in one run. `rooms` are those of each version of the groups, in order: people sat in a round
    as the version says that stood when its play began."""
    turns = []
    for at, room in enumerate(rooms):
        since = room.formed.at if at else None
        until = rooms[at + 1].formed.at if at + 1 < len(rooms) else None
        for group in room.formed.grouping.groups:
            begun = rounds_begun(room, group.number, now)
            for round, turn in enumerate(room.rounds_of(group.number), start=1):
                began = begun.get(round)
                if began is None or turn.waits or (since and began < since) or (until and began >= until):
                    continue
                turns += [Turn(number, room.run.pair, round, seat.who, seat.role) for seat in turn.seats]
    return turns


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


_BROUGHT = (
    select(Seat.enrolment_id)
    .join(FormedGroups, FormedGroups.id == Seat.groups_id)
    .join(Meeting, Meeting.id == FormedGroups.meeting_id)
    .join(
        _LATEST,
        (_LATEST.c.meeting_id == FormedGroups.meeting_id)
        & (_LATEST.c.pair == FormedGroups.pair)
        & (_LATEST.c.version == FormedGroups.version),
    )
    .join(Enrolment, Enrolment.id == Seat.enrolment_id)
    .where(
        Enrolment.cohort_id == bindparam("cohort"),
        Meeting.cohort_id != Enrolment.cohort_id,
        Seat.role.in_(("supporter", "person")),
    )
)


def active_rounds_in(cohort_id: int, now: datetime) -> Counter[int]:
    """Enrolment to their rounds as supporter or person, with those that were played, as formed, in a group before they moved.
    Six queries however many people there are."""
    here = Counter({enrolment: balance.active for enrolment, balance in balances(turns_in(cohort_id, now)).items()})
    return here + Counter(session.scalars(_BROUGHT, {"cohort": cohort_id}))
