"""The attendance rule: what must hold for every record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lms_northside.attendance import NorthsideAttendance
from lms_northside.examples import ledger
from lms_northside.options import NorthsideOptions

from lms.plugin_api import Ledger, Mark, Meeting, MeetingState, Status, VerdictStatus
from lms.plugin_api.testing import check_text, check_verdict

POLICY = NorthsideAttendance()
MET, ON_TRACK, AT_RISK = VerdictStatus.MET, VerdictStatus.ON_TRACK, VerdictStatus.AT_RISK
NOT_MET, CANNOT_BE_MET = VerdictStatus.NOT_MET, VerdictStatus.CANNOT_BE_MET
NOT_STARTED, WAIVED = VerdictStatus.NOT_STARTED, VerdictStatus.WAIVED

unhurried = settings(deadline=None)

RANK = {CANNOT_BE_MET: 0, NOT_MET: 0, AT_RISK: 1, NOT_STARTED: 2, ON_TRACK: 2, MET: 3, WAIVED: 3}
OUTCOMES = ("level-1", "level-1r")
MODULE_IDS = ("many-ways-of-living", "listening", "sharing-with-purpose")

options_of = st.builds(
    NorthsideOptions,
    max_missed=st.integers(0, 3),
    never_miss=st.just({"level-1r": MODULE_IDS}) | st.just({}) | st.just({"level-1": ("listening",)}),
    makeup_clears=st.booleans(),
    late_after=st.none() | st.just(30),
    min_share=st.none() | st.just(0.75),
    module_rule=st.sampled_from(["any_class", "every_class"]),
    before_joining=st.sampled_from(["does_not_count", "counts"]),
)


@st.composite
def records(draw: st.DrawFn) -> Ledger:
    """Up to eight classes with all that can be noted, marked or not."""
    base = ledger(17)
    count = draw(st.integers(1, 8))
    meetings = tuple(
        Meeting(
            n,
            base.meetings[n - 1].starts,
            120,
            tuple(draw(st.sets(st.sampled_from(MODULE_IDS), max_size=2))),
            draw(st.sampled_from(MeetingState)),
        )
        for n in range(1, count + 1)
    )
    marks = st.builds(
        Mark,
        meeting=st.just(0),
        status=st.sampled_from(Status),
        minutes=st.none() | st.integers(0, 120),
        late_by=st.none() | st.integers(0, 60),
        made_up=st.booleans(),
        waived_for=st.frozensets(st.sampled_from(OUTCOMES)),
    )
    numbered = [(m.number, draw(st.none() | marks)) for m in meetings]
    given_marks = tuple(replace(mark, meeting=n) for n, mark in numbered if mark)
    return replace(
        base,
        meetings=meetings,
        marks=given_marks,
        joined=draw(st.none() | st.sampled_from([m.starts for m in meetings])),
    )


def rank(record: Ledger, outcome: str, options: NorthsideOptions) -> int:
    return RANK[POLICY.judge(record, outcome, options).status]


@unhurried
@given(records(), options_of, st.sampled_from(OUTCOMES), st.data())
def test_a_presence_never_makes_it_worse(
    record: Ledger, options: NorthsideOptions, outcome: str, data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from([m.number for m in record.meetings]))
    here = (*(m for m in record.marks if m.meeting != number), Mark(number, Status.HERE))
    assert rank(replace(record, marks=here), outcome, options) >= rank(record, outcome, options)


@unhurried
@given(records(), options_of, st.sampled_from(OUTCOMES), st.data())
def test_cancelling_a_class_never_makes_it_worse(
    record: Ledger, options: NorthsideOptions, outcome: str, data: st.DataObject
) -> None:
    off = data.draw(st.sampled_from(record.meetings))
    meetings = tuple(replace(m, state=MeetingState.CANCELLED) if m == off else m for m in record.meetings)
    cancelled = replace(record, meetings=meetings)
    after = POLICY.judge(cancelled, outcome, options)
    # A run without any class has not started, whatever it was before.
    before = rank(record, outcome, options)
    assert RANK[after.status] >= (before if after.status is not NOT_STARTED else min(before, RANK[NOT_STARTED]))


@unhurried
@given(records(), options_of, st.sampled_from(OUTCOMES), st.randoms(use_true_random=False))
def test_the_order_of_marks_does_not_matter(
    record: Ledger, options: NorthsideOptions, outcome: str, random: Any
) -> None:
    marks = list(record.marks)
    random.shuffle(marks)
    assert POLICY.judge(replace(record, marks=tuple(marks)), outcome, options) == POLICY.judge(record, outcome, options)


@unhurried
@given(records(), options_of, st.sampled_from(OUTCOMES), st.data())
def test_what_cannot_be_met_stays_so_without_make_up_or_waiver(
    record: Ledger, options: NorthsideOptions, outcome: str, data: st.DataObject
) -> None:
    """Whatever else is marked afterwards."""
    if POLICY.judge(record, outcome, options).status is not CANNOT_BE_MET:
        return
    marked = {m.meeting for m in record.marks}
    unmarked = [m.number for m in record.meetings if m.number not in marked and m.starts >= (record.joined or m.starts)]
    later = tuple(Mark(n, data.draw(st.sampled_from(Status))) for n in unmarked)
    after = POLICY.judge(replace(record, marks=record.marks + later), outcome, options)
    assert after.status is CANNOT_BE_MET


@unhurried
@given(records(), options_of, st.sampled_from(OUTCOMES))
def test_both_languages_are_complete(record: Ledger, options: NorthsideOptions, outcome: str) -> None:
    check_verdict(POLICY.judge(record, outcome, options))
    check_text(POLICY.rule(options, {}))
    for meeting in record.meetings:
        for way in POLICY.make_ups(record, meeting, options):
            check_text(way.covers)
