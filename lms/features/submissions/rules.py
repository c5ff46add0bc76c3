"""Where a piece of homework stands, from what was sent and said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

# Released feedback reaches the trainee after this; until then the trainer can take it back.
UNDO = timedelta(seconds=10)


class Decision(StrEnum):
    ACCEPT = "accept"
    ONE_MORE_LOOK = "one_more_look"


class HomeworkState(StrEnum):
    NOT_STARTED = "not_started"
    SENT = "sent"
    RETURNED = "returned"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Homework:
    """The latest standing version of one activity by one person."""

    state: HomeworkState
    submission_id: int | None = None
    version: int = 0
    sent_at: datetime | None = None


NOTHING_SENT = Homework(HomeworkState.NOT_STARTED)


def state_of(reviewed: bool, decision: str | None, visible_from: datetime | None, now: datetime) -> HomeworkState:
    """The state of a version that stands (not taken back): a review counts once the trainee can see it."""
    if not reviewed:
        return HomeworkState.DONE
    if decision is None or visible_from is None or visible_from > now:
        return HomeworkState.SENT
    return HomeworkState.DONE if decision == Decision.ACCEPT else HomeworkState.RETURNED


def promised_day(sent: date, working_days: int) -> date:
    """The day by which an answer was promised: so many days later, Saturdays and Sundays left out."""
    day = sent
    while working_days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            working_days -= 1
    return day
