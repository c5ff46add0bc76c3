"""Seats in role play go along when somebody moves to another group."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.roleplay.models import FormedGroups, Seat
from lms.host.db import session


def move_seats(old: Enrolment, new: Enrolment, played: Collection[int], both: Collection[int]) -> None:
    """The seats of the place `old` are those of `new`: in its own classes of which it was there (`played`), and those that
    it had brought along itself; of classes that both courses have. The groups stay as they were formed."""
    here = (Meeting.cohort_id == old.cohort_id) & Meeting.number.in_(list(played))
    brought = Meeting.cohort_id != old.cohort_id
    groups = (
        select(FormedGroups.id)
        .join(Meeting, Meeting.id == FormedGroups.meeting_id)
        .where(Meeting.number.in_(list(both)), here | brought)
    )
    session.execute(
        update(Seat).where(Seat.enrolment_id == old.id, Seat.groups_id.in_(groups)).values(enrolment_id=new.id)
    )
