"""What goes when the time of a group is over: the words that people wrote for each other, that trainers wrote of a supporter,
and that they said to the groups; who was to be apart, or together; who called for help or needed a moment, and when somebody
chose what. Topics that somebody set aside go with the last group in which they take part.

That sheets were given, which lines were seen, and who sat where stays: it is evidence. So a choice that changed a seat keeps
its round and loses its time, and who asked not to play the person is kept where seats followed from it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.features.grouping.models import FormedGroups, GroupingWish, NotThePersonToday, NotThisTopic, Seat
from lms.features.roleplay.models import Message, RoomEvent, Run, Sheet, SupporterNote
from lms.host.db import session

ASKS = ("moment", "help")  # no seat and no card follows from these
STAYS = ("swap", *ASKS)

_STARTED = select(Run.started_at).where(Run.id == RoomEvent.run_id).scalar_subquery()
_DEALT = (
    select(func.max(FormedGroups.formed_at))
    .join(Run, (Run.meeting_id == FormedGroups.meeting_id) & (Run.pair == FormedGroups.pair))
    .where(Run.id == RoomEvent.run_id, FormedGroups.formed_at <= RoomEvent.at)
    .scalar_subquery()
)
# The last moment before a choice that is known anyway: when the role play began, or the groups were kept. Which cards and
# groups came before it and which after stays the same.
_KNOWN_ANYWAY = case((_DEALT > _STARTED, _DEALT), else_=_STARTED)

GONE: dict[Any, dict[str, Any]] = {
    Sheet: {"words": {}},
    SupporterNote: {"words": ""},
    RoomEvent: {"at": _KNOWN_ANYWAY},
}


def old_words(cohort_id: int, before: datetime) -> dict[Any, ColumnElement[bool]]:
    """Which rows of each table have words, wishes or times of this group that were written until `before`."""
    meetings = select(Meeting.id).where(Meeting.cohort_id == cohort_id).scalar_subquery()
    runs = select(Run.id).where(Run.meeting_id.in_(meetings)).scalar_subquery()
    return {
        Sheet: Sheet.run_id.in_(runs) & (Sheet.given_at <= before) & (cast(Sheet.words, String) != "{}"),
        SupporterNote: SupporterNote.meeting_id.in_(meetings)
        & (SupporterNote.at <= before)
        & (SupporterNote.words != ""),
        Message: Message.run_id.in_(runs) & (Message.at <= before) & (Message.words != ""),
        GroupingWish: (GroupingWish.cohort_id == cohort_id) & (GroupingWish.set_at <= before),
        RoomEvent: and_(
            RoomEvent.run_id.in_(runs),
            RoomEvent.at <= before,
            or_(RoomEvent.kind.in_(ASKS), RoomEvent.at > _KNOWN_ANYWAY),
        ),
        NotThePersonToday: and_(
            NotThePersonToday.meeting_id.in_(meetings), NotThePersonToday.set_at <= before, ~_seats_followed()
        ),
        NotThisTopic: and_(NotThisTopic.set_at <= before, _takes_part_in(cohort_id), ~_takes_part_after(before)),
    }


def _seats_followed() -> ColumnElement[bool]:
    """In a group of whoever asked not to play the person, seats changed while they played."""
    return exists(
        select(RoomEvent.id)
        .join(Run, Run.id == RoomEvent.run_id)
        .join(FormedGroups, (FormedGroups.meeting_id == Run.meeting_id) & (FormedGroups.pair == Run.pair))
        .join(Seat, (Seat.groups_id == FormedGroups.id) & (Seat.group_number == RoomEvent.group_number))
        .where(
            Run.meeting_id == NotThePersonToday.meeting_id,
            Seat.enrolment_id == NotThePersonToday.enrolment_id,
            RoomEvent.kind.not_in(STAYS),
        )
    )


def _takes_part_in(cohort_id: int) -> ColumnElement[bool]:
    mine = select(Enrolment.id).where(Enrolment.person_id == NotThisTopic.person_id, Enrolment.cohort_id == cohort_id)
    return exists(mine)


def _takes_part_after(before: datetime) -> ColumnElement[bool]:
    """In a group whose time is not over."""
    place, group = aliased(Enrolment), aliased(Cohort)
    going_on = select(place.id).join(group, group.id == place.cohort_id)
    return exists(
        going_on.where(
            place.person_id == NotThisTopic.person_id, or_(group.closed_at.is_(None), group.closed_at > before)
        )
    )


def remove_words(cohort_id: int, before: datetime) -> None:
    """Take out what `old_words` finds."""
    for model, which in old_words(cohort_id, before).items():
        if model is RoomEvent:
            session.execute(delete(model).where(which, RoomEvent.kind.in_(ASKS)))
        statement = update(model).where(which).values(**GONE[model]) if model in GONE else delete(model).where(which)
        session.execute(statement, execution_options={"synchronize_session": False})
