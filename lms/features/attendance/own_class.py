"""A class to come as it stands with somebody who takes part: expected, on a break, told us, or checked in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.features.attendance import actions, check_in
from lms.features.attendance.story import Line
from lms.features.cohorts.queries import ClassHere, Here
from lms.plugin_api.values import MeetingState, Status


@dataclass(frozen=True)
class OwnClass:
    """`paused`: on a break then, `away_now`: already today. `told_us` that they cannot come; `may_come`: they can say
    that they can after all. `checked_in`: by themselves. `door`: they can check in now."""

    paused: bool = False
    away_now: bool = False
    told_us: bool = False
    may_come: bool = False
    checked_in: bool = False
    door: bool = False


@dataclass(frozen=True)
class OwnPast:
    """A class that is over: its `line`, the `word` for how they were there, and whether there is a `way` to catch up."""

    line: Line
    word: Any
    way: bool


def own_class(here: Here, meeting: ClassHere, mark: Any, now: datetime) -> OwnClass:
    """For whoever asks. `mark` is the link with their own status there that counts (`status`, `source`), or None."""
    status, source = (mark.status, mark.source) if mark else (None, "")
    door = check_in.door(here.cohort.check_in_opens, meeting.starts_at, meeting.ends_at)
    told_us = status == Status.TOLD_US and meeting.state is MeetingState.PLANNED
    return OwnClass(
        paused=here.me.paused_at(meeting.starts_at) and (status is None or told_us),
        away_now=here.me.paused_at(now),
        told_us=told_us,
        may_come=told_us and source == actions.NOTICE and now < meeting.starts_at,
        checked_in=bool(status) and source == actions.CHECK_IN,
        door=bool(door and not door.early(now) and not door.late(now)) and (not status or source == actions.NOTICE),
    )
