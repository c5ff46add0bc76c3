"""What `check_plugin` asks of an attendance rule, and the register that rules may be built on. No host needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms.plugin_api import (
    AttendanceExample,
    AttendancePolicy,
    AttendanceStatus,
    CatchUp,
    Ledger,
    MakeUp,
    Mark,
    Meeting,
    MeetingState,
    Pause,
    Status,
    Text,
    Verdict,
    VerdictStatus,
)
from lms.plugin_api.attendance import Presence, read
from lms.plugin_api.testing import check_provider

START = datetime(2026, 3, 2, 18, tzinfo=UTC)
LABEL = Text("Seasons", "Saisons")
MET, CLOSED = VerdictStatus.MET, VerdictStatus.CANNOT_BE_MET


def meetings(count: int) -> tuple[Meeting, ...]:
    return tuple(Meeting(n, START + timedelta(weeks=n), 120, state=MeetingState.HELD) for n in range(1, count + 1))


class Seasons(AttendancePolicy):
    """Somebody was at one class at least."""

    name = "seasons"
    label = LABEL
    examples = (
        AttendanceExample(
            LABEL, Ledger(meetings(3), (Mark(1, Status.AWAY), Mark(2, Status.HERE))), {}, {"completed": MET}
        ),
    )

    def rule(self, options: Any, names: Mapping[str, Text]) -> Text:
        return LABEL

    def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        return Verdict(MET if any(mark.status is Status.HERE for mark in ledger.marks) else CLOSED, LABEL)


class Untidy(Seasons):
    def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        return Verdict(MET, Text(f"Last: {ledger.marks[-1].status}" if ledger.marks else "None", "Dernière"))


class Upside(Seasons):
    def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        return Verdict(CLOSED if len(ledger.marks) > 2 else MET, LABEL)


class Harsh(Seasons):
    def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        off = any(m.state is MeetingState.CANCELLED for m in ledger.meetings)
        return Verdict(CLOSED if off else MET, LABEL)


class Moody(Seasons):
    asked = 0

    def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        self.asked += 1
        return Verdict(MET, Text(f"{self.asked} times", f"{self.asked} fois"))


class Wrong(Seasons):
    examples = (AttendanceExample(LABEL, Ledger(()), {}, {"completed": MET}),)


class Bare(Seasons):
    examples = ()


class Half(Seasons):
    def make_ups(self, ledger: Ledger, meeting: Meeting, options: Any) -> tuple[MakeUp, ...]:
        return (MakeUp("walk", Text("Walk", ""), LABEL),)


class Twice(Seasons):
    def make_ups(self, ledger: Ledger, meeting: Meeting, options: Any) -> tuple[MakeUp, ...]:
        return (MakeUp("walk", LABEL, LABEL), MakeUp("walk", LABEL, LABEL))


class Taken(Seasons):
    statuses = (AttendanceStatus("here", LABEL, Status.HERE),)


class Spoken(Seasons):
    statuses = (AttendanceStatus("on the phone", LABEL, Status.HERE),)


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (Untidy, "the order of marks matters"),
        (Upside, "being at class 3 makes it worse"),
        (Harsh, "cancelling class 1 makes it worse"),
        (Moody, "not repeatable"),
        (Wrong, "cannot_be_met, not met"),
        (Bare, "needs at least one worked example"),
        (Half, "lacks a language"),
        (Twice, "two make-ups have the same name"),
        (Taken, "a status is called 'here' already"),
        (Spoken, "'on the phone' cannot be the name of a status"),
    ],
)
def test_a_rule_that_breaks_its_contract_is_told_so(policy: type[Seasons], sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check_provider(policy())


def test_a_rule_that_keeps_it_is_fine() -> None:
    class OnThePhone(Seasons):
        statuses = (AttendanceStatus("on_the_phone", Text("On the phone", "Au téléphone"), Status.HERE),)

    check_provider(OnThePhone())


# -- the register -------------------------------------------------------------------------------------------


def standing(ledger: Ledger, **presence: Any) -> dict[int, str]:
    return {line.meeting.number: line.how for line in read(ledger, "completed", Presence(**presence)).lines}


def test_each_class_is_read_once_and_in_one_way() -> None:
    waived = frozenset({"completed"})
    marks = (
        Mark(1, Status.HERE),
        Mark(2, Status.AWAY),
        Mark(3, Status.AWAY, made_up=True),
        Mark(4, Status.AWAY, waived_for=waived),
        Mark(5, Status.TOLD_US),
        Mark(6, Status.HERE, waived_for=waived),
    )
    ledger = Ledger(meetings(7), marks)
    plain = {1: "there", 2: "missed", 3: "made_up", 4: "waived", 5: "missed", 6: "there", 7: "open"}
    assert standing(ledger) == plain
    assert standing(ledger, excused="left_out") == {**plain, 5: "excused"}
    assert standing(ledger, makeup_clears=False) == {**plain, 3: "missed"}
    assert {line.how for line in read(ledger, "other", Presence()).lines if line.meeting.number == 4} == {"missed"}


def test_the_register_counts_the_classes_that_the_ledger_counts() -> None:
    off = Meeting(8, START + timedelta(weeks=8), 120, state=MeetingState.CANCELLED)
    pause = Pause(START + timedelta(weeks=4), START + timedelta(weeks=6))
    ledger = Ledger((*meetings(7), off), joined=START + timedelta(weeks=3), pauses=(pause,))
    register = read(ledger, "completed", Presence())
    assert [line.meeting for line in register.lines] == list(ledger.counting())
    assert (register.before, register.paused, register.cancelled) == ([1, 2], [4, 5], [off])


def test_whoever_came_before_joining_or_in_a_pause_was_there_and_nothing_less_counts() -> None:
    pause = Pause(START + timedelta(weeks=4), START + timedelta(weeks=6))
    marks = (Mark(1, Status.AWAY), Mark(2, Status.HERE), Mark(4, Status.LATE, late_by=5), Mark(5, Status.TOLD_US))
    ledger = Ledger(meetings(7), marks, joined=START + timedelta(weeks=3), pauses=(pause,))
    register = read(ledger, "completed", Presence(late_after=30))
    assert [line.meeting for line in register.lines] == list(ledger.counting())
    assert (register.numbers("there"), register.before, register.paused) == ([2, 4], [1], [5])
    most = replace(ledger, marks=(Mark(4, Status.LATE, late_by=40),))
    assert read(most, "completed", Presence(late_after=30)).paused == [4, 5], (
        "a part of a class in a pause harms nobody"
    )


def test_nobody_has_missed_a_class_that_is_still_to_come() -> None:
    """Also where somebody told us, or was marked away too early. What they told us is said."""
    held, *coming = meetings(3)
    ahead = (held, *(replace(meeting, state=MeetingState.PLANNED) for meeting in coming))
    marks = (Mark(1, Status.AWAY), Mark(2, Status.TOLD_US, told_before=True), Mark(3, Status.AWAY))
    ledger = Ledger(ahead, marks)
    assert standing(ledger) == standing(ledger, excused="left_out") == {1: "missed", 2: "open", 3: "open"}
    register = read(ledger, "completed", Presence())
    assert register.to_make_up() == [1]
    assert register.evidence == ("class:1",)
    assert [note.en for note in register.notes()] == ["You told us that you cannot come to class 2."]
    assert [note.fr for note in register.notes()] == ["Vous nous avez dit que vous ne pouvez pas venir à la séance 2."]
    made_up = replace(ledger, marks=(Mark(2, Status.TOLD_US, made_up=True),))
    assert standing(made_up)[2] == "made_up", "a guest of another group may have been there before"


def test_what_is_begun_is_not_offered_again() -> None:
    ledger = Ledger(
        meetings(2), (Mark(1, Status.AWAY), Mark(2, Status.AWAY)), catch_ups=(CatchUp(1, "class", "asked"),)
    )
    assert read(ledger, "completed", Presence()).to_make_up() == [2]
