"""Ledgers for the tests of rules about presence: a few classes by hand, or anything that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from lms.plugin_api import CatchUp, Ledger, Mark, Meeting, MeetingState, Pause, Status, Text

START = datetime(2026, 3, 3, 18, tzinfo=UTC)
MODULES = ("boundaries", "listening", "sharing")
OUTCOMES = ("level-1", "level-1r", "certified")
NAMES = {
    "boundaries": Text("Boundaries", "Les limites"),
    "listening": Text("Listening", "L'écoute"),
    "sharing": Text("Sharing", "Le partage"),
    "level-1": Text("Level 1", "Niveau 1"),
    "level-1r": Text("Level 1R", "Niveau 1R"),
    "certified": Text("Certified", "Certifié"),
}
HERE, AWAY, TOLD_US = Status.HERE, Status.AWAY, Status.TOLD_US


def starts(number: int) -> datetime:
    return START + timedelta(weeks=number)


def ledger(
    *marks: Status | Mark | None, modules: dict[int, tuple[str, ...]] | None = None, minutes: int = 120, **more: Any
) -> Ledger:
    """A class for each mark; None for one that nobody has marked."""
    meetings = tuple(
        Meeting(n, starts(n), minutes, (modules or {}).get(n, ()), MeetingState.HELD if mark else MeetingState.PLANNED)
        for n, mark in enumerate(marks, start=1)
    )
    noted = tuple(m if isinstance(m, Mark) else Mark(n, m) for n, m in enumerate(marks, start=1) if m)
    return replace(Ledger(meetings, noted, outcomes=OUTCOMES[:2], names=NAMES), **more)


def cancelled(given: Ledger, *numbers: int) -> Ledger:
    off = MeetingState.CANCELLED
    return replace(given, meetings=tuple(replace(m, state=off) if m.number in numbers else m for m in given.meetings))


@st.composite
def marks_of(draw: st.DrawFn, number: int) -> Mark:
    return Mark(
        number,
        draw(st.sampled_from(Status)),
        draw(st.none() | st.integers(0, 150)),
        draw(st.none() | st.integers(0, 60)),
        draw(st.booleans()),
        draw(st.frozensets(st.sampled_from(OUTCOMES))),
        draw(st.booleans()),
    )


@st.composite
def ledgers(draw: st.DrawFn, most: int = 7) -> Ledger:
    """Up to `most` classes with all that can be noted, marked or not; sometimes joined late, or paused for a while."""
    count = draw(st.integers(0, most))
    meetings = tuple(
        Meeting(
            n,
            starts(n),
            draw(st.sampled_from((0, 45, 120))),
            tuple(draw(st.sets(st.sampled_from(MODULES), max_size=2))),
            draw(st.sampled_from(MeetingState)),
        )
        for n in range(1, count + 1)
    )
    marks = tuple(mark for m in meetings if (mark := draw(st.none() | marks_of(m.number))))
    first, last = draw(st.integers(0, most + 1)), draw(st.integers(0, most + 1))
    return Ledger(
        meetings,
        marks,
        draw(st.none() | st.integers(1, most).map(starts)),
        draw(st.sampled_from((OUTCOMES, OUTCOMES[:1], ()))),
        draw(st.sampled_from((NAMES, {}))),
        draw(st.sampled_from(((), (Pause(starts(first)),), (Pause(starts(first), starts(last)),)))),
        tuple(
            CatchUp(n, "one-to-one", draw(st.sampled_from(("asked", "agreed", "done", "accepted"))))
            for n in draw(st.sets(st.integers(1, most), max_size=2))
        ),
    )
