"""What the trainers' board is drawn from, besides the rooms themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, union

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.roleplay.board import A_MONTH, GroupNow
from lms.features.roleplay.models import RoomVisit, Sheet, SupporterNote
from lms.features.roleplay.room_queries import Room
from lms.host.db import session


def groups_now(room: Room, now: datetime) -> list[GroupNow]:
    """Every group of a run as it is now. One query."""
    seen: dict[int, list[tuple[int, datetime]]] = {}
    visits = select(RoomVisit.group_number, RoomVisit.by_id, RoomVisit.at).where(RoomVisit.run_id == room.run.id)
    for number, by, at in session.execute(visits.order_by(RoomVisit.id)):
        seen.setdefault(number, []).append((by, at))
    found = []
    for group in room.formed.grouping.groups:
        moment = room.timeline_of(group.number).at(now)
        seats = room.rounds_of(group.number)
        round = moment.phase.round
        asks = {
            event.kind
            for event in room.events
            if event.group_number == group.number and event.kind in ("help", "moment") and event.seen_at is None
        }
        found.append(
            GroupNow(
                group.number,
                moment,
                seats[round - 1] if 0 < round <= len(seats) else None,
                group.members,
                room.card_of(group.number, round or None),
                tuple(sorted(asks)),
                tuple(seen.get(group.number, ())),
            )
        )
    return found


def seen_as_supporter(by: int, now: datetime) -> set[int]:
    """The enrolments that this trainer has seen as supporter in the last month: was with them, or noted something. One query."""
    visited = select(RoomVisit.supporter_id).where(RoomVisit.by_id == by, RoomVisit.at > now - A_MONTH)
    noted = select(SupporterNote.enrolment_id).where(SupporterNote.by_id == by, SupporterNote.at > now - A_MONTH)
    ids: Iterable[int | None] = session.scalars(union(visited, noted))
    return {id for id in ids if id is not None}


def sheets_done(run_id: int) -> Counter[tuple[int, int]]:
    """Group and round to how many sheets were given. One query."""
    rows = session.execute(
        select(Sheet.group_number, Sheet.round_number, func.count(Sheet.id))
        .where(Sheet.run_id == run_id)
        .group_by(Sheet.group_number, Sheet.round_number)
    )
    return Counter({(group, round): count for group, round, count in rows})


@dataclass(frozen=True)
class Noted:
    """What a trainer saw of somebody as supporter, with the trainer's name."""

    note: SupporterNote
    by: str


def notes_of_class(meeting_id: int) -> dict[int, list[Noted]]:
    """Enrolment to what trainers noted of them in this class. One query."""
    found: dict[int, list[Noted]] = {}
    rows = select(SupporterNote, Person.name).join(Person, Person.id == SupporterNote.by_id)
    for note, name in session.execute(rows.where(SupporterNote.meeting_id == meeting_id).order_by(SupporterNote.id)):
        found.setdefault(note.enrolment_id, []).append(Noted(note, name))
    return found


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
    rows = select(SupporterNote, Person.name).join(Person, Person.id == SupporterNote.by_id)
    mine = rows.where(SupporterNote.enrolment_id == enrolment_id).order_by(
        SupporterNote.at.desc(), SupporterNote.id.desc()
    )
    return [Noted(note, name) for note, name in session.execute(mine)]
