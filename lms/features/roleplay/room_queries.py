"""The rooms of a role play as they are now: the run, its groups, and what was chosen in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, cast

from sqlalchemy import bindparam, func, select, true

from lms.features.grouping import queries
from lms.features.grouping.formats import Phase
from lms.features.grouping.models import FormedGroups, NotThePersonToday
from lms.features.grouping.rules import Group
from lms.features.roleplay import seating
from lms.features.roleplay.models import ClockChange, RoomEvent, Run
from lms.features.roleplay.timeline import Change, ChangeKind, Timeline, timeline
from lms.host.db import session

_RUN = (
    select(Run)
    .where(Run.meeting_id == bindparam("meeting"), Run.pair == bindparam("pair"))
    .order_by(Run.id.desc())
    .limit(1)
)
_RUN_MARK = (
    select(Run.id, Run.version)
    .where(Run.meeting_id == bindparam("meeting"), Run.pair == bindparam("pair"))
    .order_by(Run.id.desc())
    .limit(1)
    .subquery()
)
_FORMED_MARK = (
    select(func.max(FormedGroups.version).label("formed"))
    .where(FormedGroups.meeting_id == bindparam("meeting"), FormedGroups.pair == bindparam("pair"))
    .subquery()
)
_CHANGES_MADE = select(func.count()).where(ClockChange.run_id == _RUN_MARK.c.id).scalar_subquery()
_MARK = select(
    _FORMED_MARK.c.formed, _RUN_MARK.c.id, _RUN_MARK.c.version, _CHANGES_MADE.label("changes")
).outerjoin_from(_FORMED_MARK, _RUN_MARK, true())
_CHANGES = (
    select(ClockChange.at, ClockChange.kind, ClockChange.group_number)
    .where(ClockChange.run_id == bindparam("run"))
    .order_by(ClockChange.id)
)
_EVENTS = select(RoomEvent).where(RoomEvent.run_id == bindparam("run")).order_by(RoomEvent.id)
_NOT_THE_PERSON = select(NotThePersonToday.enrolment_id).where(NotThePersonToday.meeting_id == bindparam("meeting"))
LINGERS = timedelta(hours=1)
THE_PAIR = 1  # two who practise by themselves are group 1, and its clock is theirs


@dataclass(frozen=True)
class Away:
    """Somebody who stepped out, or left for today."""

    enrolment_id: int
    group_number: int
    since: datetime
    for_today: bool


@dataclass(frozen=True)
class Room:
    """The last run of a class (or pair): open, or ended (`run.ended_at`). `events` in the order in which they were chosen."""

    run: Run
    formed: queries.Formed
    changes: tuple[Change, ...]
    events: tuple[RoomEvent, ...]
    not_the_person: frozenset[int]

    def goes_on(self, now: datetime) -> bool:
        """True until somebody ends it; one that nobody ended is over by itself an hour after its last minute."""
        if self.run.ended_at is not None:
            return False
        return _unfinished(self.timeline_of(THE_PAIR if self.run.pair else None), now)

    def group_of(self, enrolment_id: int) -> Group | None:
        return self.formed.group_of(enrolment_id)

    def group(self, number: int) -> Group | None:
        return next((one for one in self.formed.grouping.groups if one.number == number), None)

    @property
    def phases(self) -> tuple[Phase, ...]:
        return _phases(self.run)

    @property
    def rounds(self) -> int:
        return max((phase.round for phase in self.phases), default=0)

    def timeline_of(self, group_number: int | None) -> Timeline:
        """The clock of a group; of the class as a whole with None."""
        return timeline(self.phases, self.run.started_at, self.changes, group_number)

    def rounds_of(self, group_number: int) -> tuple[seating.Seating, ...]:
        """Who sits where in each round of a group, as it really is. Empty for a group that was never seated."""
        group = self.group(group_number)
        if group is None:
            return ()
        return seating.seatings(
            group,
            self._choices,
            self.rounds,
            not_the_person=self.not_the_person,
            trainer_plays=self.formed.trainer_plays,
        )

    def observes_by_choice(self, enrolment_id: int, round_number: int) -> bool:
        """True where this person said for this round that they would rather observe."""
        mine = (e.kind for e in self.events if e.enrolment_id == enrolment_id and e.round_number == round_number)
        return next((kind for kind in reversed(list(mine)) if kind in seating.AWAY | seating.BACK), "") == "observe"

    @property
    def out(self) -> tuple[Away, ...]:
        """Who stepped out or left for today and did not come back, the longest away first."""
        found = []
        for choice in seating.away_at_last(self._choices):
            event = next(e for e in reversed(self.events) if e.enrolment_id == choice.who and e.kind == choice.kind)
            found.append(Away(choice.who, event.group_number, event.at, for_today=choice.kind == "leave"))
        return tuple(found)

    def card_of(self, group_number: int, round_number: int | None = None) -> str:
        """The id of the group's card now, or as it was when a round had been played. Cards that are dealt hold until the
        group swaps its card, and a swapped one until cards are dealt again."""
        dealt = self.formed.deal_until(self._played_until(group_number, round_number) if round_number else None)
        swapped = (
            event.card
            for event in reversed(self.events)
            if event.kind == "swap"
            and event.group_number == group_number
            and event.at >= dealt.at
            and (round_number is None or event.round_number <= round_number)
        )
        return next(swapped, dealt.cards.get(group_number) or self.formed.cards.get(group_number, ""))

    def _played_until(self, group_number: int, round_number: int) -> datetime | None:
        """When the play of a round ended, or will if nobody changes the clock; None while it stands still before that."""
        clock = self.timeline_of(group_number)
        plays = [span.ends for span in clock.spans if span.phase.kind == "play" and span.phase.round == round_number]
        if not plays or (clock.paused_since and clock.paused_since < plays[-1] and not self.run.ended_at):
            return None
        return min(plays[-1], self.run.ended_at or plays[-1])

    @property
    def _choices(self) -> tuple[seating.Choice, ...]:
        return tuple(seating.Choice(e.enrolment_id, e.kind, e.round_number) for e in self.events)


def _phases(run: Run) -> tuple[Phase, ...]:
    return tuple(Phase(*phase) for phase in run.phases)


def _unfinished(clock: Timeline, now: datetime) -> bool:
    return clock.paused_since is not None or now < clock.ends + LINGERS


def state_of(meeting_id: int, now: datetime) -> Literal["none", "on", "over"]:
    """Whether the role play of a class has begun, and whether it still goes on, as `Room.goes_on` says. Two queries at most."""
    run = session.scalar(_RUN, {"meeting": meeting_id, "pair": 0})
    if run is None:
        return "none"
    if run.ended_at is not None:
        return "over"
    return "on" if _unfinished(timeline(_phases(run), run.started_at, _changes(run), None), now) else "over"


def _changes(run: Run) -> tuple[Change, ...]:
    rows = session.execute(_CHANGES, {"run": run.id})
    return tuple(Change(row.at, cast(ChangeKind, row.kind), row.group_number) for row in rows)


def room(meeting_id: int, pair: int = 0) -> Room | None:
    """The last run with its groups, or None where none has begun. Six queries, however many people."""
    run = session.scalar(_RUN, {"meeting": meeting_id, "pair": pair})
    formed = queries.formed_for(meeting_id, pair) if run else None
    if run is None or formed is None:
        return None
    return Room(
        run,
        formed,
        _changes(run),
        tuple(session.scalars(_EVENTS, {"run": run.id})),
        frozenset(session.scalars(_NOT_THE_PERSON, {"meeting": meeting_id})),
    )


class Mark(NamedTuple):
    """Changes with everything that phones must hear of: groups formed anew, a run that begins, what happens in its rooms,
    and what is done to its clock."""

    formed: int
    run: int
    rooms: int
    clock: int

    def __str__(self) -> str:
        return "-".join(map(str, self))

    def only_clock_since(self, seen: str) -> bool:
        """True where nothing but the clock changed since the mark that a phone has."""
        return self.run > 0 and seen.rpartition("-")[0] == str(self).rpartition("-")[0]


def mark_of(meeting_id: int, pair: int = 0) -> Mark:
    """What is newest. One query."""
    row = session.execute(_MARK, {"meeting": meeting_id, "pair": pair}).one()
    return Mark(row.formed or 0, row.id or 0, (row.version or 0) - row.changes, row.changes)
