"""Seats in role play go along when somebody moves to another group."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from lms.features.cohorts.models import Meeting
from lms.features.roleplay.models import FormedGroups, Seat
from lms.host.db import session


def move_seats(old: int, new: int, numbers: Collection[int]) -> None:
    """The seats of the place `old` in classes with these numbers are those of `new`. The groups stay as they were formed."""
    groups = (
        select(FormedGroups.id)
        .join(Meeting, Meeting.id == FormedGroups.meeting_id)
        .where(Meeting.number.in_(list(numbers)))
    )
    session.execute(update(Seat).where(Seat.enrolment_id == old, Seat.groups_id.in_(groups)).values(enrolment_id=new))
