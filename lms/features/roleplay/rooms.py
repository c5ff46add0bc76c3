"""The rooms of one role play that goes on, or went on: its clock, its groups, and what was chosen in them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from lms.features.grouping.formats import Phase
from lms.features.grouping.formed import Formed
from lms.features.grouping.rules import Group
from lms.features.roleplay import seating
from lms.features.roleplay.timeline import Change, Timeline, timeline

LINGERS = timedelta(hours=1)
THE_PAIR = 1  # two who practise by themselves are group 1, and its clock is theirs
NOBODY = seating.Seating(None, None)


class TheRun(NamedTuple):
    """When a role play began, and the phases of its format as they were then. `version` rises with everything that phones
    must hear of; `pair` is 0 for the groups of the class."""

    id: int
    meeting_id: int
    pair: int
    phases: tuple[Phase, ...]
    version: int
    started_at: datetime
    ended_at: datetime | None


class Tap(NamedTuple):
    """What somebody chose in their room, as `RoomEvent` keeps it."""

    group_number: int
    round_number: int
    enrolment_id: int
    kind: str
    card: str
    at: datetime
    seen_at: datetime | None


class Said(NamedTuple):
    """What a trainer said to all groups, or to one, as `Message` keeps it, with the trainer's name."""

    id: int
    at: datetime
    group_number: int | None
    ready: str
    words: str
    by: str


@dataclass(frozen=True)
class Away:
    """Somebody who stepped out, or left for today."""

    enrolment_id: int
    group_number: int
    since: datetime
    for_today: bool


@dataclass(frozen=True)
class Room:
    """One run of a class (or pair): open, or ended (`run.ended_at`). `versions` are the groups as they stood in it, one after
    the other, the last of them now; `events` and `said` come in the order in which they happened."""

    run: TheRun
    versions: tuple[Formed, ...]
    changes: tuple[Change, ...]
    events: tuple[Tap, ...]
    not_the_person: frozenset[int]
    said: tuple[Said, ...] = ()

    @property
    def formed(self) -> Formed:
        return self.versions[-1]

    def goes_on(self, now: datetime) -> bool:
        """True until somebody ends it; one that nobody ended is over by itself an hour after its last minute."""
        if self.run.ended_at is not None:
            return False
        clock = self.timeline_of(THE_PAIR if self.run.pair else None)
        return clock.paused_since is not None or now < clock.ends + LINGERS

    def group_of(self, enrolment_id: int) -> Group | None:
        return self.formed.group_of(enrolment_id)

    def group(self, number: int) -> Group | None:
        return self.formed.group(number)

    @property
    def every_group(self) -> tuple[Group, ...]:
        """The groups by number, those that are no more as they last were."""
        return tuple(group for _, group in sorted({g.number: g for one in self.versions for g in one.groups}.items()))

    @property
    def rounds(self) -> int:
        return max((phase.round for phase in self.run.phases), default=0)

    def timeline_of(self, group_number: int | None) -> Timeline:
        """The clock of a group; of the class as a whole with None."""
        if group_number not in self._clocks:
            self._clocks[group_number] = timeline(self.run.phases, self.run.started_at, self.changes, group_number)
        return self._clocks[group_number]

    @cached_property
    def _clocks(self) -> dict[int | None, Timeline]:
        return {}

    def said_to(self, group_number: int) -> Said | None:
        """What a trainer said last to a group. What was said to it alone is for those who were in it: it goes when groups
        change."""
        mine = (
            one
            for one in reversed(self.said)
            if one.group_number is None or (one.group_number == group_number and one.at >= self.formed.at)
        )
        return next(mine, None)

    # -- who sits where ---------------------------------------------------------------------------------------

    def rounds_of(self, group_number: int) -> tuple[seating.Seating, ...]:
        """Who sits where in each round of a group, as it really is; of a round that is over, as it was. Nobody, where there
        was no such group in that round; empty for a group that was never seated."""
        if not any(group.rounds for one in self.versions if (group := one.group(group_number))):
            return ()
        return tuple(self.seating_of(group_number, number) for number in range(1, self.rounds + 1))

    def seating_of(self, group_number: int, number: int) -> seating.Seating:
        """Who sits where in one round of a group."""
        seats = self._seated(self._stood(group_number, number), group_number)
        return seats[number - 1] if 0 < number <= len(seats) else NOBODY

    def group_in(self, enrolment_id: int, number: int) -> int:
        """The number of the group in which somebody is in a round, or was; of their group now if they were in none."""
        for one in self.versions:
            group = one.group_of(enrolment_id)
            if group and self._stood(group.number, number) is one:
                return group.number
        group = self.group_of(enrolment_id)
        return group.number if group else 0

    def _stood(self, group_number: int, number: int | None) -> Formed:
        """The groups that stood when the play of a round ended; those of now until then, and without a round."""
        until = self._played_until(group_number, number) if number else None
        return next((one for one in reversed(self.versions) if until is None or one.at <= until), self.versions[0])

    def _played_until(self, group_number: int, number: int) -> datetime | None:
        """When the play of a round ended, or will if nobody changes the clock; None while it stands still before that."""
        clock = self.timeline_of(group_number)
        plays = [span.ends for span in clock.spans if span.phase.kind == "play" and span.phase.round == number]
        if not plays or (clock.paused_since and clock.paused_since < plays[-1] and not self.run.ended_at):
            return None
        return min(plays[-1], self.run.ended_at or plays[-1])

    def _seated(self, formed: Formed, group_number: int) -> tuple[seating.Seating, ...]:
        group = formed.group(group_number)
        if group is None:
            return ()
        key = (formed.version, group_number)
        if key not in self._seatings:
            self._seatings[key] = seating.seatings(
                group,
                self._choices,
                self.rounds,
                not_the_person=self.not_the_person,
                trainer_plays=formed.trainer_plays,
            )
        return self._seatings[key]

    @cached_property
    def _seatings(self) -> dict[tuple[int, int], tuple[seating.Seating, ...]]:
        return {}

    @cached_property
    def _choices(self) -> tuple[seating.Choice, ...]:
        return tuple(seating.Choice(e.enrolment_id, e.kind, e.round_number) for e in self.events)

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

    def rounds_begun(self, group_number: int, now: datetime) -> dict[int, datetime]:
        """The rounds of a group whose play had begun when the role play ended, or has by now, and when it began. What comes
        after a pause that nobody ended was not played."""
        clock = self.timeline_of(group_number)
        end = min(self.run.ended_at or now, clock.paused_since or now)
        return {
            span.phase.round: span.starts
            for span in reversed(clock.spans)
            if span.phase.kind == "play" and span.starts < min(end, span.ends)
        }

    def played(self, group_number: int, now: datetime) -> dict[int, seating.Seating]:
        """The rounds that a group has played so far, as they really were: those in which enough people were left, or several
        have supported."""
        begun = self.rounds_begun(group_number, now)
        seats = enumerate(self.rounds_of(group_number), start=1)
        return {
            number: seated
            for number, seated in seats
            if number in begun and (not seated.waits or len(seated.supported) > 1)
        }

    # -- what they play ---------------------------------------------------------------------------------------

    def card_of(self, group_number: int, round_number: int | None = None) -> str:
        """The id of the group's card now, or as it was when a round had been played. Cards that are dealt hold until the
        group swaps its card, and a swapped one until cards are dealt again."""
        dealt = self._stood(group_number, round_number)
        swapped = (
            event.card
            for event in reversed(self.events)
            if event.kind == "swap"
            and event.group_number == group_number
            and event.at >= dealt.at
            and (round_number is None or event.round_number <= round_number)
        )
        return next(swapped, dealt.cards.get(group_number) or self.formed.cards.get(group_number, ""))
