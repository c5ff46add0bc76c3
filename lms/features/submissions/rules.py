"""Where a piece of homework stands, from what was sent and said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.plugin_api.content import Audience

# A draft's earlier words are kept when so much time has passed since the last keeping, or when much of them went at once.
KEEP_EVERY = timedelta(minutes=5)
KEPT_VERSIONS = 20
# Released feedback reaches the trainee after this; until then the trainer can take it back.
UNDO = timedelta(seconds=10)


class Decision(StrEnum):
    ACCEPT = "accept"
    ONE_MORE_LOOK = "one_more_look"
    NOT_ACCEPTED = "not_accepted"


class HomeworkState(StrEnum):
    NOT_STARTED = "not_started"
    SENT = "sent"
    RETURNED = "returned"
    DONE = "done"
    NOT_ACCEPTED = "not_accepted"


@dataclass(frozen=True, slots=True)
class Homework:
    """The latest standing version of one activity by one person."""

    state: HomeworkState
    submission_id: int | None = None
    version: int = 0
    sent_at: datetime | None = None


NOTHING_SENT = Homework(HomeworkState.NOT_STARTED)

_AFTER = {
    Decision.ACCEPT: HomeworkState.DONE,
    Decision.ONE_MORE_LOOK: HomeworkState.RETURNED,
    Decision.NOT_ACCEPTED: HomeworkState.NOT_ACCEPTED,
}


def state_of(reviewed: bool, decision: str | None, visible_from: datetime | None, now: datetime) -> HomeworkState:
    """The state of a version that stands (not taken back): a review counts once the trainee can see it."""
    if not reviewed:
        return HomeworkState.DONE
    if decision is None or visible_from is None or visible_from > now:
        return HomeworkState.SENT
    return _AFTER[Decision(decision)]


def worth_keeping(before: Mapping[str, str], after: Mapping[str, str], kept_at: datetime | None, now: datetime) -> bool:
    """Whether a draft's words shall stay findable when they are replaced: now and then, and whenever half of them goes."""
    lengths = [sum(len(text.strip()) for text in fields.values()) for fields in (before, after)]
    if lengths[0] == 0 or before == after:
        return False
    return kept_at is None or now - kept_at >= KEEP_EVERY or lengths[1] * 2 < lengths[0]


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read an answer: nobody else ("me"), one trainer (`reader`), or all trainers of the cohort ("team")."""

    audience: Audience
    reader: int | None = None


def choice_of(audience: str, reader: int | None) -> str:
    """What `chosen_readers` reads as these readers."""
    return f"trainer:{reader}" if reader else audience


def chosen_readers(allowed: Sequence[Audience], chosen: str, trainers: Collection[int]) -> Readers | None:
    """What `chosen` ("me", "team", "trainer:<person>") means where the course allows `allowed`; None if it is no choice
    here. Nothing chosen: the first that is allowed, if that leaves nothing open."""
    kind, _, person = chosen.partition(":")
    if not chosen:
        kind = allowed[0]
        person = str(next(iter(trainers))) if len(trainers) == 1 else ""
    if kind not in allowed:
        return None
    if kind == "trainer":
        reader = int(person) if person.isdecimal() and len(person) < 10 else None
        return Readers("trainer", reader) if reader in trainers else None
    return Readers("me" if kind == "me" else "team")


def promised_day(sent: date, working_days: int) -> date:
    """The day by which an answer was promised: so many days later, Saturdays and Sundays left out."""
    day = sent
    while working_days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            working_days -= 1
    return day
