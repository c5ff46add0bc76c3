"""The clock of a role play. The server keeps what happened (a start, and changes); what phase a group is in is computed,
here and on the phones alike, so a phone without signal goes on counting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lms.features.grouping.formats import Phase

ChangeKind = Literal["pause", "go_on", "add_minute", "next", "bring_back"]
ORDER: tuple[ChangeKind, ...] = ("add_minute", "next", "bring_back", "pause", "go_on")  # of changes in one instant
MINUTE = timedelta(minutes=1)
NEAR_THE_END = timedelta(seconds=30)  # from here on: time to find an ending


@dataclass(frozen=True, slots=True)
class Change:
    """Something that somebody did to the clock: of one group, or of all (`group` None)."""

    at: datetime
    kind: ChangeKind
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A phase with its times, as they are if nobody changes the clock again."""

    phase: Phase
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """The phases of one group. While it is paused (`paused_since`), the spans from there on move with the clock.

    `by_all`: the pause is for all groups.
    """

    spans: tuple[Span, ...]
    paused_since: datetime | None = None
    by_all: bool = False

    def at(self, now: datetime) -> Moment:
        """Where the group is. After the last span it stays there, over and without hurry."""
        clock = self.paused_since or now
        index = next((i for i, span in enumerate(self.spans) if clock < span.ends), len(self.spans) - 1)
        span = self.spans[index]
        left = max(span.ends - clock, timedelta(0))
        return Moment(span.phase, index, left, paused=self.paused_since is not None, over=clock >= span.ends)

    @property
    def ends(self) -> datetime:
        return self.spans[-1].ends


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at the clock: the phase, how much of it is left, and whether it stands still or all is over."""

    phase: Phase
    index: int
    left: timedelta
    paused: bool = False
    over: bool = False

    @property
    def ending(self) -> bool:
        return not self.over and self.left <= NEAR_THE_END


def timeline(phases: Sequence[Phase], started: datetime, changes: Iterable[Change], group: int | None) -> Timeline:
    """The phases of `group` after all `changes`, whose order does not matter.

    A minute is added to the phase in which it was asked for; "next" ends the phase at once, and the last one stays;
    "bring_back" ends all rounds at once. A group that paused itself goes on by itself; a pause of all ends when all go on.
    """
    spans = _laid_out(phases, started)
    pauses: dict[bool, datetime] = {}  # of all (True), of this group (False)
    mine = sorted(
        (c for c in changes if c.group is None or c.group == group),
        key=lambda c: (c.at, ORDER.index(c.kind), c.group is None),
    )
    for change in mine:
        of_all, at = change.group is None, max(change.at, started)
        if change.kind == "pause":
            pauses.setdefault(of_all, at)
        elif change.kind == "go_on":
            since = pauses.pop(of_all, None)
            if since is not None and not pauses:
                spans = _pushed(spans, since, at - since)
            elif since is not None:
                pauses = {which: min(since, other) for which, other in pauses.items()}
        else:
            spans = _changed(spans, min([at, *pauses.values()]), change.kind)
    return Timeline(tuple(spans), min(pauses.values(), default=None), by_all=True in pauses)


def _laid_out(phases: Sequence[Phase], starts: datetime) -> list[Span]:
    spans = []
    for phase in phases:
        ends = starts + timedelta(seconds=phase.seconds)
        spans.append(Span(phase, starts, ends))
        starts = ends
    return spans


def _pushed(spans: list[Span], since: datetime, by: timedelta) -> list[Span]:
    """What was not over at `since` ends later; what had not begun begins later too."""
    return [
        span
        if span.ends <= since
        else Span(span.phase, span.starts if span.starts <= since else span.starts + by, span.ends + by)
        for span in spans
    ]


def _changed(spans: list[Span], at: datetime, kind: ChangeKind) -> list[Span]:
    """One more minute for the phase that goes on at `at`, or the end of it, or of all rounds."""
    if kind == "bring_back":
        return _brought_back(spans, at)
    index = next((i for i, span in enumerate(spans) if at < span.ends), None)
    if index is None:  # all is over: a minute more of the last phase, from now on
        if kind == "next":
            return spans
        return [*spans[:-1], Span(spans[-1].phase, spans[-1].starts, at + MINUTE)]
    if kind == "next" and index == len(spans) - 1:
        return spans
    by = MINUTE if kind == "add_minute" else at - spans[index].ends
    current = Span(spans[index].phase, spans[index].starts, spans[index].ends + by)
    later = [Span(span.phase, span.starts + by, span.ends + by) for span in spans[index + 1 :]]
    return [*spans[:index], current, *later]


def _brought_back(spans: list[Span], at: datetime) -> list[Span]:
    """What comes after the rounds begins at `at`; where it has begun, nothing changes."""
    last = max((index for index, span in enumerate(spans) if span.phase.round), default=-1)
    rounds, rest = spans[: last + 1], spans[last + 1 :]
    if not rest or not rounds or rounds[-1].ends <= at:
        return spans
    cut = [Span(span.phase, min(span.starts, at), min(span.ends, at)) for span in rounds]
    by = at - rest[0].starts
    return cut + [Span(span.phase, span.starts + by, span.ends + by) for span in rest]
