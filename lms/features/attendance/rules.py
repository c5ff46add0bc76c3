"""What is said of somebody at a class, and who is expected there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from lms.features.cohorts.queries import Member
from lms.plugin_api.values import Status

# Nobody is late by less, and nobody left early by less.
GRACE = timedelta(minutes=5)
# So long before a class trainers can begin to mark.
ROLL_CALL_OPENS = timedelta(minutes=60)


@dataclass(frozen=True)
class Told:
    """How somebody was at a class, as seconds tell it."""

    status: Status
    minutes: int | None = None
    late_by: int | None = None


def opens_at(starts: datetime) -> datetime:
    """From when on those who lead can mark people at a class."""
    return starts - ROLL_CALL_OPENS


def at_arrival(starts: datetime, now: datetime) -> Told:
    """Here; or late, with the whole minutes since the start, for who comes more than the grace after it."""
    if now - starts <= GRACE:
        return Told(Status.HERE)
    return Told(Status.LATE, late_by=int((now - starts).total_seconds()) // 60)


def by_presence(seconds: int, arrived: int | None, left: int | None, length: int) -> Told | None:
    """What time present says, all in seconds of a class of `length`: first arrival, last leaving (None: nobody knows).

    A begun minute of presence counts as a whole one. None for somebody who was not there during the class.
    """
    if seconds <= 0:
        return None
    minutes, grace = ceil(seconds / 60), GRACE.total_seconds()
    if arrived is not None and arrived > grace:
        return Told(Status.LATE, minutes, arrived // 60)
    if left is not None and left < length - grace:
        return Told(Status.LEFT_EARLY, minutes)
    return Told(Status.HERE, minutes)


def expected_at(people: Iterable[Member], starts: datetime, ends: datetime) -> list[Member]:
    """Those of a group whom a class expects: joined before it was over, and not on a break when it began."""
    return [person for person in people if person.joined_at < ends and not person.paused_at(starts)]


def on_a_break(people: Iterable[Member], starts: datetime) -> int:
    """How many of them were on a break when a class began."""
    return sum(person.paused_at(starts) for person in people)
