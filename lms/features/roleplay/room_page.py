"""What one person sees of a role play that goes on: the clock, their own seat and card, and what they may choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from lms.features.grouping.formats import Format, Phase
from lms.features.grouping.rules import Group
from lms.features.grouping.words import SEATS
from lms.features.roleplay import room_words
from lms.features.roleplay.rooms import Away, Room, Said
from lms.features.roleplay.runs import round_to_change
from lms.features.roleplay.seating import TAG_INS, Seating
from lms.features.roleplay.timeline import Moment, Span, Timeline
from lms.host.i18n import gettext as _
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.values import Text

ASKS = ("moment", "help")  # said until a trainer has seen it
OF_THE_GROUP = ("swap", *ASKS)  # nobody is named
BEFORE_PLAY = ("set_up", "read")  # nothing is to be brought to an end in them


@dataclass(frozen=True)
class MyRound:
    """One round as this person sees it. `seat` is None while they are away; `lens` is the one thing that they look for when
    they observe."""

    number: int
    seating: Seating
    seat: str | None
    card: ScenarioCard | None
    lens: Text | None

    @property
    def unobserved(self) -> bool:
        """True where somebody left, two play on, and nobody is left to observe."""
        return bool(self.seating.away) and not self.seating.observers and not self.seating.waits


@dataclass(frozen=True)
class RoomPage:
    """A room at `now`, for the member `me`. Names are asked for only where somebody is named."""

    room: Room
    group: Group
    me: int
    course: Course
    format: Format
    ask_names: Callable[[], dict[str, Any]]
    now: datetime

    @cached_property
    def readers(self) -> dict[str, Any]:
        """Names of enrolments and of trainers, as a sheet needs them."""
        return self.ask_names()

    @property
    def names(self) -> dict[int, str]:
        found: dict[int, str] = self.readers["names"]
        return found

    @cached_property
    def clock(self) -> Timeline:
        return self.room.timeline_of(self.group.number)

    @cached_property
    def moment(self) -> Moment:
        return self.clock.at(self.now)

    @property
    def ended(self) -> bool:
        return not self.room.goes_on(self.now)

    @property
    def word(self) -> str:
        return room_words.phase_word(self.moment.phase)

    @property
    def step(self) -> str:
        """Which part of the page shows: a phase outside the rounds by its name, a round by its number."""
        kind, number = self.moment.phase[:2]
        return "ended" if self.ended else f"round-{number}" if number else kind

    @cached_property
    def rounds(self) -> tuple[MyRound, ...]:
        numbers = range(1, self.room.rounds + 1) if self.group.rounds else ()
        return tuple(self._round(number, self.room.group_in(self.me, number)) for number in numbers)

    def _round(self, number: int, group: int) -> MyRound:
        seating = self.room.seating_of(group, number)
        card = self.course.card(self.room.card_of(group, number))
        return MyRound(number, seating, seating.seat_of(self.me), card, self._lens(number))

    def _lens(self, number: int) -> Text | None:
        """Dealt out once, so that it stays one's own while people take the supporter's place."""
        formed = self.group.rounds[(number - 1) % len(self.group.rounds)]
        others = (who for who in self.group.members if who not in formed.observers)
        return self.format.lens_of((*formed.observers, *others), self.me)

    @cached_property
    def away(self) -> Away | None:
        """Set while this person has stepped out, or left for today."""
        return next((one for one in self.room.out if one.enrolment_id == self.me), None)

    @cached_property
    def turn(self) -> MyRound | None:
        """The round whose seats a choice of now would change; None after the last."""
        return self._turn_in(self.moment.phase)

    def _turn_in(self, phase: Phase) -> MyRound | None:
        number = round_to_change(self.room, phase)
        return next((mine for mine in self.rounds if mine.number == number), None)

    @property
    def ending(self) -> str:
        """What is said when a part is nearly over: to find an ending, or what begins soon."""
        spans, at = self.clock.spans, self.moment.index + 1
        if self.moment.phase.kind in BEFORE_PLAY and at < len(spans):
            return _("Soon: {phase}.").format(phase=room_words.phase_word(spans[at].phase))
        return _("Time to find an ending.")

    @property
    def asked(self) -> frozenset[str]:
        """What this group asked its trainer for and nobody has seen yet."""
        return frozenset(
            event.kind
            for event in self.room.events
            if event.group_number == self.group.number and event.kind in ASKS and event.seen_at is None
        )

    @cached_property
    def played(self) -> frozenset[int]:
        """The rounds of the group whose play has begun."""
        return frozenset(self.room.rounds_begun(self.group.number, self.now))

    @property
    def may_observe(self) -> bool:
        return self.turn is not None and self.turn.seat in ("supporter", "person")

    @property
    def may_play_again(self) -> bool:
        """True for somebody who chose to observe while the group has too few to play."""
        turn = self.turn
        return turn is not None and turn.seating.waits and self.room.observes_by_choice(self.me, turn.number)

    @property
    def tags_in(self) -> bool:
        """True for an observer who may take the supporter's place in this part."""
        return self._tags_in(self.moment.phase)

    def _tags_in(self, phase: Phase) -> bool:
        turn = self._turn_in(phase) if self.format.shape.tag_in and phase.kind in ("read", "play") else None
        return turn is not None and turn.seat == "observer" and not self.room.observes_by_choice(self.me, turn.number)

    @property
    def told(self) -> tuple[str, ...]:
        """What the others of the group chose and what still holds, in sentences."""
        away = {one.enrolment_id for one in self.room.out}
        number = round_to_change(self.room, self.moment.phase)
        last = {
            (event.kind if event.kind in OF_THE_GROUP else event.enrolment_id): event
            for event in self.room.events
            if event.group_number == self.group.number and event.kind not in TAG_INS
        }
        chosen = tuple(
            room_words.to_group(event, self._name(event.enrolment_id))
            for event in last.values()
            if (event.kind in OF_THE_GROUP or event.enrolment_id != self.me)
            and (
                event.seen_at is None
                if event.kind in ASKS
                else event.enrolment_id in away or event.round_number == number
            )
        )
        return (*chosen, *self._told_of_the_place())

    def _told_of_the_place(self) -> tuple[str, ...]:
        """Who supports now, where somebody took the supporter's place."""
        seating = self.turn.seating if self.turn else None
        if seating is None or seating.supporter is None or not seating.gave_place:
            return ()
        if seating.supporter == self.me:
            return (room_words.to_who_took_the_place(),)
        name = self._name(seating.supporter)
        if self.me in seating.gave_place:
            return (room_words.to_those_before(name),)
        return (room_words.took_the_place(name),)

    def _name(self, enrolment_id: int) -> str:
        return self.names.get(enrolment_id) or _("somebody who left")

    @property
    def said(self) -> Said | None:
        """What a trainer said last. Whoever left for today is left in peace."""
        if self.ended or (self.away and self.away.for_today):
            return None
        return self.room.said_to(self.group.number)

    @property
    def said_words(self) -> str:
        return room_words.words_of(self.said) if self.said else ""

    @property
    def signal(self) -> dict[str, Any]:
        """The clock as a phone goes on with it by itself: times in milliseconds since 1970, and for each span one's own seat
        in the round that a choice would change (`turn`)."""
        clock = self.clock
        return {
            "now": _milliseconds(self.now),
            "paused": _milliseconds(clock.paused_since) if clock.paused_since else None,
            "byAll": clock.by_all,
            "ended": self.ended,
            "spans": [self._told_of(span) for span in clock.spans],
        }

    def _told_of(self, span: Span) -> dict[str, Any]:
        number, turn = span.phase.round, self._turn_in(span.phase)
        return {
            "kind": span.phase.kind,
            "step": f"round-{number}" if number else span.phase.kind,
            "starts": _milliseconds(span.starts),
            "ends": _milliseconds(span.ends),
            "where": self.where(span),
            "word": room_words.phase_word(span.phase),
            "seat": self._seat_words(number),
            "turn": turn.seat if turn else None,
            "tagsIn": self._tags_in(span.phase),
        }

    def where(self, span: Span | None = None) -> str:
        number = (span or self.clock.spans[self.moment.index]).phase.round
        return _("Round %(number)s of %(count)s", number=number, count=self.room.rounds) if number else ""

    def _seat_words(self, number: int) -> str:
        seat = self.rounds[number - 1].seat if 0 < number <= len(self.rounds) else None
        return str(SEATS[seat]) if seat else ""


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
