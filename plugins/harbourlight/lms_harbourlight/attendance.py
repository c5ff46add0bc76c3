"""The attendance rule: enough minutes in all, and no second class with role play missed.

A class with role play is one that a make-up can replace only in part (`recoverable: partly`). Minutes that nobody noted
count as the whole class. What the group cancelled, and what lay before joining or in a pause, lessens what is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from lms.plugin_api import (
    AttendancePolicy,
    Ledger,
    MakeUp,
    Mark,
    Meeting,
    MeetingState,
    Options,
    Status,
    Text,
    Verdict,
    VerdictStatus,
)
from lms_harbourlight import words
from lms_harbourlight.examples import EXAMPLES


class MinutesOptions(Options):
    """`need_minutes` of the minutes of all planned classes; `role_plays_missed` is how many of these may be missed."""

    need_minutes: Annotated[int, Field(ge=1)]
    role_plays_missed: Annotated[int, Field(ge=0)] = 1


class EnoughMinutes(AttendancePolicy):
    name = "harbourlight-minutes"
    label = Text("Enough minutes", "Assez de minutes")
    options = MinutesOptions
    examples = EXAMPLES

    def rule(self, options: MinutesOptions, names: Mapping[str, Text]) -> Text:
        return words.rule(options.need_minutes, options.role_plays_missed)

    def judge(self, ledger: Ledger, outcome: str, options: MinutesOptions) -> Verdict:
        counting = ledger.counting()
        marked = [(m, mark) for m in counting if (mark := ledger.mark(m.number)) and not still_open(m, mark)]
        there = {m.number: there_for(m, mark, outcome) for m, mark in marked}
        allowed = max(0, sum(m.minutes for m in ledger.meetings) - options.need_minutes)
        planned, have = sum(m.minutes for m in counting), sum(there.values())
        need = max(0, planned - allowed)
        lost = sum(m.minutes for m in counting if m.number in there) - have
        ahead = [m for m in counting if m.number not in there]
        skipped = [
            m.number for m in counting if m.number in there and has_role_play(m) and 2 * there[m.number] < m.minutes
        ]
        plays_left = options.role_plays_missed - len(skipped)
        plays_ahead = sum(has_role_play(m) for m in ahead)
        step = None
        if not there:
            status, said = VerdictStatus.NOT_STARTED, [words.NOTHING_YET]
        elif lost > allowed or plays_left < 0:
            status, step = VerdictStatus.NOT_MET, words.TALK
            said = [words.missed(lost, allowed)] if lost > allowed else []
            said += [words.plays_missed(skipped, options.role_plays_missed)] if plays_left < 0 else []
        elif have >= need and plays_ahead <= plays_left:
            status, said = VerdictStatus.MET, [words.so_far(have), words.needed(need)]
        else:
            longest = max(m.minutes for m in ahead)
            tight = lost and (allowed - lost < longest or (skipped and not plays_left and plays_ahead))
            status, step = (VerdictStatus.AT_RISK, words.COME) if tight else (VerdictStatus.ON_TRACK, None)
            said = [words.so_far(have), words.may_miss(allowed - lost)]
        evidence = tuple(f"class:{number}" for number in there)
        return Verdict(status, words.together(said), step, have, need, words.MINUTES, evidence)

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: MinutesOptions) -> tuple[MakeUp, ...]:
        """Ways for a class of which something was missed, none for any other."""
        mark = ledger.mark(meeting.number)
        if mark is None or there_for(meeting, mark) == meeting.minutes:
            return ()
        ways = (words.OTHER_GROUP, words.WITH_TRAINER)
        return ways if has_role_play(meeting) else (*ways, words.READ_AND_TALK)


def has_role_play(meeting: Meeting) -> bool:
    return meeting.recoverable == "partly"


def still_open(meeting: Meeting, mark: Mark) -> bool:
    """True for a class to come of which somebody told us that they cannot be there: nobody has missed it yet."""
    told = mark.status in (Status.AWAY, Status.TOLD_US) and not mark.made_up
    return told and meeting.state is MeetingState.PLANNED


def there_for(meeting: Meeting, mark: Mark, outcome: str = "") -> int:
    """Minutes of the class that count as being there."""
    if mark.made_up or outcome in mark.waived_for:
        return meeting.minutes
    if mark.minutes is not None:
        return min(mark.minutes, meeting.minutes)
    if mark.status in (Status.AWAY, Status.TOLD_US):
        return 0
    return max(0, meeting.minutes - (mark.late_by or 0))
