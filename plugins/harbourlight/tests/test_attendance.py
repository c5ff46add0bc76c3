"""The rule in minutes: what people read, what counts, and what must hold for every record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lms_harbourlight import words
from lms_harbourlight.attendance import EnoughMinutes, MinutesOptions, there_for
from lms_harbourlight.examples import OPTIONS, ledger
from pydantic import ValidationError

from lms.plugin_api import Ledger, Mark, MeetingState, Pause, Status, Verdict, VerdictStatus
from lms.plugin_api.testing import check_attendance_policy, check_text, check_verdict

POLICY = EnoughMinutes()
ASKED = MinutesOptions.model_validate(OPTIONS)
MET, ON_TRACK, AT_RISK = VerdictStatus.MET, VerdictStatus.ON_TRACK, VerdictStatus.AT_RISK
NOT_MET, NOT_STARTED = VerdictStatus.NOT_MET, VerdictStatus.NOT_STARTED


def judge(record: Ledger, options: MinutesOptions = ASKED) -> Verdict:
    return POLICY.judge(record, "certificate", options)


def test_the_worked_cases_hold() -> None:
    check_attendance_policy(POLICY)


def test_the_rule_in_words() -> None:
    said = POLICY.rule(ASKED, {})
    assert said.en == (
        "Be there for at least 27\u00a0h of the training. Miss at most 1 class with role play. "
        "A class counts as missed when you were there for less than half of it."
    )
    assert said.fr.startswith(
        "Soyez là pour au moins 27\u00a0h de la formation. Manquez au plus 1 séance avec jeu de rôle."
    )
    strict = POLICY.rule(MinutesOptions(need_minutes=90, role_plays_missed=0), {})
    assert "at least 1\u00a0h\u00a030" in strict.en
    assert "toutes les séances" in strict.fr


def test_what_somebody_reads_on_the_way() -> None:
    verdict = judge(ledger(4, Mark(3, Status.LATE, late_by=20)))
    assert verdict.reason.en == "You have been there for 11\u00a0h\u00a040. You may still miss 2\u00a0h\u00a040."
    assert (
        verdict.reason.fr == "Vous avez été là pendant 11\u00a0h\u00a040. Vous pouvez encore manquer 2\u00a0h\u00a040."
    )
    assert (verdict.have, verdict.need, verdict.unit) == (700, 1620, words.MINUTES)
    assert verdict.evidence == ("class:1", "class:2", "class:3", "class:4")


def test_what_is_missing_is_named_with_a_way_on() -> None:
    verdict = judge(ledger(10, Mark(3, Status.AWAY), Mark(7, Status.AWAY)))
    assert "You missed 6\u00a0h. The rule lets you miss 3\u00a0h." in verdict.reason.en
    assert "Classes with role play that you missed: 3, 7." in verdict.reason.en
    assert verdict.next_step == words.TALK


def test_telling_before_a_class_misses_nothing() -> None:
    """Two absences close it. Somebody who missed one, and tells us of another to come, has missed one."""
    missed = ledger(4, Mark(1, Status.AWAY))
    told = replace(missed, marks=(*missed.marks, Mark(5, Status.TOLD_US, told_before=True)))
    assert judge(told) == judge(missed)


def test_two_short_role_plays_are_missed_even_with_enough_minutes() -> None:
    roomy = MinutesOptions(need_minutes=1200)
    short = [Mark(n, Status.LEFT_EARLY, minutes=80) for n in (3, 4)]
    assert judge(ledger(10, *short), roomy).status is NOT_MET
    assert judge(ledger(10, short[0], Mark(4, Status.LEFT_EARLY, minutes=90)), roomy).status is MET


def test_the_class_without_role_play_may_be_missed_beside_one_with() -> None:
    roomy = MinutesOptions(need_minutes=1440)
    assert judge(ledger(10, Mark(1, Status.AWAY), Mark(3, Status.AWAY)), roomy).status is MET


def test_enough_minutes_early_wait_for_the_role_plays_to_come() -> None:
    roomy = MinutesOptions(need_minutes=900)
    assert judge(ledger(6), roomy).status is ON_TRACK
    assert judge(ledger(9), roomy).status is MET


@pytest.mark.parametrize(
    ("mark", "minutes"),
    [
        (Mark(3, Status.HERE), 180),
        (Mark(3, Status.LATE), 180),
        (Mark(3, Status.LATE, late_by=25), 155),
        (Mark(3, Status.LATE, late_by=500), 0),
        (Mark(3, Status.LEFT_EARLY, minutes=120), 120),
        (Mark(3, Status.HERE, minutes=200), 180),
        (Mark(3, Status.TECH_TROUBLE), 180),
        (Mark(3, Status.TOLD_US), 0),
        (Mark(3, Status.AWAY), 0),
        (Mark(3, Status.AWAY, made_up=True), 180),
        (Mark(3, Status.AWAY, waived_for=frozenset({"certificate"})), 180),
        (Mark(3, Status.AWAY, waived_for=frozenset({"other"})), 0),
    ],
)
def test_minutes_that_count(mark: Mark, minutes: int) -> None:
    meeting = ledger(4).meetings[2]
    assert there_for(meeting, mark, "certificate") == minutes


def test_what_lay_before_joining_or_in_a_pause_is_not_asked_for() -> None:
    full = ledger(10)
    late = replace(full, joined=full.meetings[2].starts, marks=full.marks[2:])
    assert (judge(late).status, judge(late).need) == (MET, 1260)
    paused = replace(
        full,
        pauses=(Pause(full.meetings[3].starts, full.meetings[5].starts),),
        marks=tuple(m for m in full.marks if m.meeting not in (4, 5)),
    )
    assert (judge(paused).status, judge(paused).need) == (MET, 1260)


def test_make_ups_for_what_was_missed() -> None:
    record = ledger(4, Mark(1, Status.AWAY), Mark(3, Status.AWAY), Mark(4, Status.AWAY, made_up=True))
    ways = {n: [way.name for way in POLICY.make_ups(record, record.meetings[n - 1], ASKED)] for n in range(1, 6)}
    assert ways == {
        1: ["other-group", "with-trainer", "read-and-talk"],
        2: [],
        3: ["other-group", "with-trainer"],
        4: [],
        5: [],
    }
    for way in POLICY.make_ups(record, record.meetings[0], ASKED):
        check_text(way.label)
        check_text(way.covers)


@pytest.mark.parametrize(
    "wrong", [{}, {"need_minutes": 0}, {"need_minutes": 1620, "role_plays_missed": -1}, {"need": 5}]
)
def test_options_that_cannot_be(wrong: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        MinutesOptions.model_validate(wrong)


# -- what must hold for every record --------------------------------------------------------------------------

RANK = {NOT_MET: 0, AT_RISK: 1, NOT_STARTED: 2, ON_TRACK: 2, MET: 3}
unhurried = settings(deadline=None)


@st.composite
def records(draw: st.DrawFn) -> Ledger:
    base = ledger(10)
    statuses = st.sampled_from(Status)
    minutes = st.none() | st.integers(0, 200)
    marks = tuple(
        Mark(n, draw(statuses), minutes=draw(minutes), made_up=draw(st.booleans()))
        for n in draw(st.sets(st.integers(1, 10)))
    )
    meetings = tuple(
        replace(m, state=draw(st.sampled_from([MeetingState.HELD, MeetingState.HELD, MeetingState.CANCELLED])))
        for m in base.meetings
    )
    return replace(base, meetings=meetings, marks=marks)


@unhurried
@given(records(), st.integers(1, 10), st.integers(1, 1800), st.integers(0, 3))
def test_being_there_never_makes_it_worse(record: Ledger, number: int, need: int, misses: int) -> None:
    options = MinutesOptions(need_minutes=need, role_plays_missed=misses)
    here = (*(m for m in record.marks if m.meeting != number), Mark(number, Status.HERE))
    before, after = judge(record, options), judge(replace(record, marks=here), options)
    check_verdict(before)
    if before.status is not NOT_STARTED:
        assert RANK[after.status] >= RANK[before.status]


@unhurried
@given(records(), st.integers(1, 10))
def test_what_is_met_stays_met_whatever_is_marked_later(record: Ledger, number: int) -> None:
    if judge(record).status is MET and record.mark(number) is None:
        later = replace(record, marks=(*record.marks, Mark(number, Status.AWAY)))
        assert judge(later).status is MET
