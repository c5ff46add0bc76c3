"""The role plays of classes as they are kept: groups version after version, runs, and what happened in the rooms. One
statement for one class or pair, and one for all classes of a cohort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Meeting
from lms.features.grouping.formats import Phase
from lms.features.grouping.formed import FORMED_COLUMNS, Formed, formed_of
from lms.features.grouping.models import FormedGroups, NotThePersonToday, Seat
from lms.features.roleplay.marks import Mark
from lms.features.roleplay.models import ClockChange, Message, RoomEvent, Run
from lms.features.roleplay.rooms import Room, Said, Tap, TheRun
from lms.features.roleplay.timeline import Change, ChangeKind
from lms.host.statements import rows_of, together

_LATER = aliased(FormedGroups)
_FIRST_START = (
    select(func.min(Run.started_at))
    .where(Run.meeting_id == FormedGroups.meeting_id, Run.pair == FormedGroups.pair)
    .scalar_subquery()
)
# A version of the groups that was replaced before the first start was never played; without a start only the latest stands.
STOOD = ~exists().where(
    _LATER.meeting_id == FormedGroups.meeting_id,
    _LATER.pair == FormedGroups.pair,
    _LATER.version > FormedGroups.version,
    _LATER.formed_at <= func.coalesce(_FIRST_START, _LATER.formed_at),
)


def _plays(which: ColumnElement[bool], pair: Any = None) -> Any:
    """The statement for the classes `which` (a condition on Meeting): of one pair in them, or of all."""

    def of(model: Any) -> ColumnElement[bool]:
        return which if pair is None else which & (model.pair == pair)

    stood = STOOD & of(FormedGroups)
    return together(
        versions=select(
            FormedGroups.id,
            FormedGroups.meeting_id,
            FormedGroups.pair,
            Meeting.number,
            Meeting.starts_at,
            Meeting.minutes,
            *FORMED_COLUMNS,
        )
        .join(Meeting, Meeting.id == FormedGroups.meeting_id)
        .where(stood),
        seats=select(Seat.id, Seat.groups_id, Seat.group_number, Seat.round_number, Seat.enrolment_id, Seat.role)
        .join(FormedGroups, FormedGroups.id == Seat.groups_id)
        .join(Meeting, Meeting.id == FormedGroups.meeting_id)
        .where(stood),
        runs=select(Run.id, Run.meeting_id, Run.pair, Run.phases, Run.version, Run.started_at, Run.ended_at)
        .join(Meeting, Meeting.id == Run.meeting_id)
        .where(of(Run)),
        clock=select(ClockChange.id, ClockChange.run_id, ClockChange.at, ClockChange.kind, ClockChange.group_number)
        .join(Run, Run.id == ClockChange.run_id)
        .join(Meeting, Meeting.id == Run.meeting_id)
        .where(of(Run)),
        taps=select(
            RoomEvent.id,
            RoomEvent.run_id,
            RoomEvent.group_number,
            RoomEvent.round_number,
            RoomEvent.enrolment_id,
            RoomEvent.kind,
            RoomEvent.card,
            RoomEvent.at,
            RoomEvent.seen_at,
        )
        .join(Run, Run.id == RoomEvent.run_id)
        .join(Meeting, Meeting.id == Run.meeting_id)
        .where(of(Run)),
        not_the_person=select(
            NotThePersonToday.enrolment_id.label("id"), NotThePersonToday.meeting_id, NotThePersonToday.enrolment_id
        )
        .join(Meeting, Meeting.id == NotThePersonToday.meeting_id)
        .where(which),
        **({} if pair is None else {"said": _SAID.where(of(Run))}),
    )


# What trainers said is for those who play, and for nobody who looks at it later.
_SAID = (
    select(
        Message.id,
        Message.run_id,
        Message.at,
        Message.group_number,
        Message.ready,
        Message.words,
        Person.name.label("by"),
    )
    .join(Person, Person.id == Message.by_id)
    .join(Run, Run.id == Message.run_id)
    .join(Meeting, Meeting.id == Run.meeting_id)
)
_OF_CLASS = _plays(Meeting.id == bindparam("meeting"), bindparam("pair"))
_IN_COHORT = _plays(Meeting.cohort_id == bindparam("cohort"))


@dataclass(frozen=True)
class Play:
    """The role play of one class, or of a pair in it that practises by itself. `versions` are the groups that were ever
    played, or the latest; `rooms` are its runs, the last one that of now."""

    meeting_id: int
    pair: int
    versions: tuple[Formed, ...] = ()
    rooms: tuple[Room, ...] = ()
    not_the_person: frozenset[int] = frozenset()
    number: int = 0
    ends_at: datetime | None = None

    @property
    def formed(self) -> Formed | None:
        return self.versions[-1] if self.versions else None

    @property
    def room(self) -> Room | None:
        return self.rooms[-1] if self.rooms else None

    def mark_for(self, member: int | None) -> Mark:
        """What is newest for a member of a group (their enrolment), or in all groups."""
        formed, room = self.formed, self.room
        version = formed.version if formed else 0
        if room is None:
            return Mark(version, 0, 0, 0, 0, 0)
        group = formed.group_of(member) if formed and member else None
        own = (None, group.number if group else None)
        said = sum(member is None or one.group_number in own for one in room.said)
        clock = sum(member is None or one.group in own for one in room.changes)
        taps = [1 + (one.seen_at is not None) for one in room.events if group and one.group_number == group.number]
        rooms = sum(taps) if member else room.run.version - clock - said
        return Mark(version, room.run.id, int(room.run.ended_at is not None), rooms, said, clock)

    def state(self, now: datetime) -> Literal["none", "on", "over"]:
        """Whether it has begun, and whether it still goes on."""
        return "none" if self.room is None else "on" if self.goes_on(now) else "over"

    def goes_on(self, now: datetime) -> bool:
        return self.room is not None and self.room.goes_on(now)


def play_of(meeting_id: int, pair: int = 0) -> Play:
    """The role play of one class, or of a pair. One statement, however many people; empty where no groups were formed."""
    rows = rows_of(_OF_CLASS, {"meeting": meeting_id, "pair": pair})
    found = _read(rows).get((meeting_id, pair))
    return found or Play(meeting_id, pair, not_the_person=_asked(rows).get(meeting_id, frozenset()))


def room(meeting_id: int, pair: int = 0) -> Room | None:
    """The last run of a class or pair, or None where none has begun."""
    return play_of(meeting_id, pair).room


def plays_in(cohort_id: int) -> list[Play]:
    """Every role play for which groups were formed, in the order of the classes. One statement, however many people."""
    return _in_order(rows_of(_IN_COHORT, {"cohort": cohort_id}))


def plays_at(meetings: Any) -> list[Play]:
    """The same of the classes whose ids `meetings` selects."""
    return _in_order(rows_of(_plays(Meeting.id.in_(meetings)), {}))


def _in_order(rows: Mapping[str, Sequence[Any]]) -> list[Play]:
    return sorted(_read(rows).values(), key=lambda play: (play.number, play.meeting_id, play.pair))


def _read(rows: Mapping[str, Sequence[Any]]) -> dict[tuple[int, int], Play]:
    seats = _by("groups_id", rows.get("seats", ()))
    runs = _by_place(rows.get("runs", ()))
    clock, taps, said = (_by("run_id", rows.get(part, ())) for part in ("clock", "taps", "said"))
    asked = _asked(rows)
    found = {}
    for place, kept in _by_place(rows.get("versions", ())).items():
        versions = tuple(formed_of(row, seats.get(row.id, ())) for row in sorted(kept, key=lambda row: row.version))
        not_the_person = asked.get(place[0], frozenset())
        rooms = tuple(
            Room(
                run := _run(row),
                _in_run(versions, run),
                tuple(Change(one.at, cast(ChangeKind, one.kind), one.group_number) for one in clock.get(row.id, ())),
                tuple(_tap(one) for one in taps.get(row.id, ())),
                not_the_person,
                tuple(_said(one) for one in said.get(row.id, ())),
            )
            for row in runs.get(place, ())
        )
        ends = kept[0].starts_at + timedelta(minutes=kept[0].minutes)
        found[place] = Play(*place, versions, rooms, not_the_person, kept[0].number, ends)
    return found


def _in_run(versions: Sequence[Formed], run: TheRun) -> tuple[Formed, ...]:
    """The versions that stood while it went on."""
    by_its_end = [one for one in versions if run.ended_at is None or one.at <= run.ended_at] or versions[:1]
    before = [one for one in by_its_end if one.at <= run.started_at]
    return tuple(by_its_end[max(len(before) - 1, 0) :])


def _run(row: Any) -> TheRun:
    phases = tuple(Phase(*phase) for phase in row.phases)
    return TheRun(row.id, row.meeting_id, row.pair, phases, row.version, row.started_at, row.ended_at)


def _tap(row: Any) -> Tap:
    return Tap(row.group_number, row.round_number, row.enrolment_id, row.kind, row.card, row.at, row.seen_at)


def _said(row: Any) -> Said:
    return Said(row.id, row.at, row.group_number, row.ready, row.words, row.by)


def _asked(rows: Mapping[str, Sequence[Any]]) -> dict[int, frozenset[int]]:
    """Class to the enrolments that asked not to play the person in it."""
    asked = _by("meeting_id", rows.get("not_the_person", ()))
    return {meeting: frozenset(row.enrolment_id for row in found) for meeting, found in asked.items()}


def _by(column: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, column), []).append(row)
    return found


def _by_place(rows: Iterable[Any]) -> dict[tuple[int, int], list[Any]]:
    found: dict[tuple[int, int], list[Any]] = {}
    for row in rows:
        found.setdefault((row.meeting_id, row.pair), []).append(row)
    return found
