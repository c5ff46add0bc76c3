"""What somebody did in role plays goes along when they move to another group: seats, choices, sheets, and what was seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, delete, select, update

from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.grouping.models import FormedGroups, GroupingWish, NotThePersonToday, Seat
from lms.features.roleplay.models import RoomEvent, RoomVisit, Run, Sheet, SupporterNote
from lms.host.db import session


def move_seats(old: Enrolment, new: Enrolment, played: Collection[int], both: Collection[int]) -> None:
    """What the place `old` did in role plays was done by `new`: in its own classes of which it was there (`played`), in pairs,
    and in those that it had brought along itself; of classes that both courses have. The groups stay as they were formed.

    What was agreed for the group that is left (who is kept apart, who would rather not be the person) stays behind and goes.
    """
    in_both = Meeting.number.in_(list(both))
    there = in_both & (Meeting.number.in_(list(played)) | (Meeting.cohort_id != old.cohort_id))
    classes, all_classes = select(Meeting.id).where(there), select(Meeting.id).where(in_both)

    def ids(model: Any) -> Select[int]:
        of_class, of_pair = model.meeting_id.in_(classes), (model.pair > 0) & model.meeting_id.in_(all_classes)
        return select(model.id).where(of_class | of_pair)

    runs = ids(Run)
    _move(Seat.enrolment_id, Seat.groups_id.in_(ids(FormedGroups)), old.id, new.id)
    for column, run in (
        (RoomEvent.enrolment_id, RoomEvent.run_id),
        (RoomVisit.supporter_id, RoomVisit.run_id),
        (Sheet.enrolment_id, Sheet.run_id),
        (Sheet.supporter_id, Sheet.run_id),
    ):
        _move(column, run.in_(runs), old.id, new.id)
    _move(SupporterNote.enrolment_id, SupporterNote.meeting_id.in_(all_classes), old.id, new.id)
    session.execute(delete(GroupingWish).where((GroupingWish.a_id == old.id) | (GroupingWish.b_id == old.id)))
    session.execute(delete(NotThePersonToday).where(NotThePersonToday.enrolment_id == old.id))


def _move(column: Any, where: Any, old: int, new: int) -> None:
    session.execute(
        update(column.class_)
        .where(column == old, where)
        .values({column.key: new})
        .execution_options(synchronize_session=False)
    )
