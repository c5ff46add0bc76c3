"""What the trainers' board is drawn from, besides the rooms themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.grouping.rules import Group
from lms.features.roleplay.board import A_MONTH, GroupNow
from lms.features.roleplay.models import RoomVisit, Sheet, SupporterNote
from lms.features.roleplay.rooms import Room
from lms.host.db import UtcTime, session
from lms.host.statements import rows_of, together

_LATELY = bindparam("since", type_=UtcTime)
_NOTES = select(
    SupporterNote.id,
    SupporterNote.meeting_id,
    SupporterNote.enrolment_id,
    SupporterNote.card,
    SupporterNote.ticks,
    SupporterNote.words,
    SupporterNote.by_id,
    SupporterNote.at,
    Person.name.label("by"),
).join(Person, Person.id == SupporterNote.by_id)
_BESIDE = together(
    visits=select(
        RoomVisit.id, RoomVisit.run_id, RoomVisit.group_number, RoomVisit.supporter_id, RoomVisit.by_id, RoomVisit.at
    ).where((RoomVisit.run_id == bindparam("run")) | ((RoomVisit.by_id == bindparam("by")) & (RoomVisit.at > _LATELY))),
    notes=_NOTES.where(
        (SupporterNote.meeting_id == bindparam("meeting"))
        | ((SupporterNote.by_id == bindparam("by")) & (SupporterNote.at > _LATELY))
    ),
    sheets=select(func.min(Sheet.id).label("id"), Sheet.group_number, Sheet.round_number, func.count().label("given"))
    .where(Sheet.run_id == bindparam("run"))
    .group_by(Sheet.group_number, Sheet.round_number),
)


@dataclass(frozen=True)
class Noted:
    """What a trainer saw of somebody as supporter, with the trainer's name."""

    note: Any
    by: str


@dataclass(frozen=True)
class Beside:
    """What is kept beside the rooms of a run. `visits`: group to who of the trainers was there, and when; `seen`: whom this
    trainer has seen as supporter in the last month, by being with them or by a note; `notes`: enrolment to what trainers
    noted of them in this class; `given`: group and round to how many sheets were given."""

    visits: Mapping[int, list[tuple[int, datetime]]]
    seen: frozenset[int]
    notes: Mapping[int, list[Noted]]
    given: Counter[tuple[int, int]]


def beside(room: Room, by: int, now: datetime) -> Beside:
    """All that the board of the trainer `by` shows besides the rooms. One query."""
    run = room.run
    rows = rows_of(_BESIDE, {"run": run.id, "meeting": run.meeting_id, "by": by, "since": now - A_MONTH})
    visits: dict[int, list[tuple[int, datetime]]] = {}
    notes: dict[int, list[Noted]] = {}
    for visit in rows.get("visits", ()):
        if visit.run_id == run.id:
            visits.setdefault(visit.group_number, []).append((visit.by_id, visit.at))
    for note in rows.get("notes", ()):
        if note.meeting_id == run.meeting_id:
            notes.setdefault(note.enrolment_id, []).append(Noted(note, note.by))
    mine = [one for part in ("visits", "notes") for one in rows.get(part, ()) if one.by_id == by]
    seen = {one.supporter_id or one.enrolment_id for one in mine if one.at > now - A_MONTH}
    given = Counter({(one.group_number, one.round_number): one.given for one in rows.get("sheets", ())})
    return Beside(visits, frozenset(who for who in seen if who), notes, given)


def groups_now(room: Room, visits: Mapping[int, list[tuple[int, datetime]]], now: datetime) -> list[GroupNow]:
    """Every group of a run as it is now; once it is over, those too that became part of another."""
    groups = room.formed.groups if room.goes_on(now) else room.every_group
    return [_group_now(room, group, tuple(visits.get(group.number, ())), now) for group in groups]


def _group_now(room: Room, group: Group, visits: tuple[tuple[int, datetime], ...], now: datetime) -> GroupNow:
    moment = room.timeline_of(group.number).at(now)
    round = moment.phase.round
    asks = {
        event.kind
        for event in room.events
        if event.group_number == group.number and event.kind in ("help", "moment") and event.seen_at is None
    }
    return GroupNow(
        group.number,
        moment,
        room.seating_of(group.number, round) if round else None,
        group.members,
        room.card_of(group.number, round or None),
        tuple(sorted(asks)),
        visits,
    )


def noted_in(cohort_id: int) -> Counter[int]:
    """Enrolment to how many notes trainers of a cohort have written of them as supporter. One query."""
    counted = select(SupporterNote.enrolment_id, func.count(SupporterNote.id).label("times")).join(Meeting)
    rows = session.execute(counted.where(Meeting.cohort_id == cohort_id).group_by(SupporterNote.enrolment_id))
    return Counter({row.enrolment_id: row.times for row in rows})


# What trainers of a `cohort` noted of its people.
NOTED = (
    select(SupporterNote.id, SupporterNote.enrolment_id, SupporterNote.card, SupporterNote.ticks)
    .join(Enrolment, Enrolment.id == SupporterNote.enrolment_id)
    .where(Enrolment.cohort_id == bindparam("cohort"))
)


def notes_about(enrolment_id: int) -> list[Noted]:
    """What trainers noted of one person as supporter, the latest first. One query."""
    mine = _NOTES.where(SupporterNote.enrolment_id == enrolment_id)
    rows = session.execute(mine.order_by(SupporterNote.at.desc(), SupporterNote.id.desc()))
    return [Noted(note, note.by) for note in rows]
