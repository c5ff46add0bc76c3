"""What wakes phones: a mark that changes with everything that whoever holds it must hear of. A phone hears of its own group
alone; the board hears of all."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, case, func, or_, select, true

from lms.features.grouping.models import FormedGroups, Seat
from lms.features.roleplay.models import ClockChange, Message, RoomEvent, Run
from lms.host.db import session


class Mark(NamedTuple):
    """Groups formed anew, a run that begins and ends, what happens in the rooms, what trainers say, and what is done to the
    clock, each as a number."""

    formed: int
    run: int
    ended: int
    rooms: int
    said: int
    clock: int

    def __str__(self) -> str:
        return "-".join(map(str, self))

    def same_room_as(self, seen: str) -> bool:
        """True where nothing but the clock, and what trainers said, changed since the mark that a phone has."""
        return self.run > 0 and seen.rsplit("-", 2)[0] == str(self).rsplit("-", 2)[0]


_GROUPS = (FormedGroups.meeting_id == bindparam("meeting"), FormedGroups.pair == bindparam("pair"))
_FORMED = select(func.max(FormedGroups.version).label("version")).where(*_GROUPS).subquery()
_RUN = (
    select(Run.id, Run.version, case((Run.ended_at.is_(None), 0), else_=1).label("ended"))
    .where(Run.meeting_id == bindparam("meeting"), Run.pair == bindparam("pair"))
    .order_by(Run.id.desc())
    .limit(1)
    .subquery()
)
_LAST_GROUPS = select(FormedGroups.id).where(*_GROUPS).order_by(FormedGroups.version.desc()).limit(1)
_OWN = (
    select(Seat.group_number.label("number"))
    .where(Seat.groups_id == _LAST_GROUPS.scalar_subquery(), Seat.enrolment_id == bindparam("member"))
    .limit(1)
    .subquery()
)


def _count(model: Any, *where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many rows of this kind the run has."""
    return select(func.count()).select_from(model).where(model.run_id == _RUN.c.id, *where).scalar_subquery()


def _for_own(model: Any) -> ColumnElement[bool]:
    return or_(model.group_number.is_(None), model.group_number == _OWN.c.number)


_OWN_EVENTS = (  # one more when a trainer has seen it
    select(func.count() + func.count(RoomEvent.seen_at))
    .where(RoomEvent.run_id == _RUN.c.id, RoomEvent.group_number == _OWN.c.number)
    .scalar_subquery()
)
_BEGINS = (_FORMED.c.version.label("formed"), _RUN.c.id.label("run"), _RUN.c.ended)
_FROM_RUN = _FORMED.outerjoin(_RUN, true())
_OF_ALL = select(
    *_BEGINS,
    (_RUN.c.version - _count(ClockChange) - _count(Message)).label("rooms"),
    _count(Message).label("said"),
    _count(ClockChange).label("clock"),
).select_from(_FROM_RUN)
_OF_MEMBER = select(
    *_BEGINS,
    _OWN_EVENTS.label("rooms"),
    _count(Message, _for_own(Message)).label("said"),
    _count(ClockChange, _for_own(ClockChange)).label("clock"),
).select_from(_FROM_RUN.outerjoin(_OWN, true()))


def mark_of(meeting_id: int, pair: int = 0, member: int | None = None) -> Mark:
    """What is newest for a member of a group (their enrolment), or in all groups, as `Play.mark_for` says it. One query."""
    statement, asked = (_OF_ALL, {}) if member is None else (_OF_MEMBER, {"member": member})
    row = session.execute(statement, {"meeting": meeting_id, "pair": pair, **asked}).one()
    return Mark(*(number or 0 for number in row))
