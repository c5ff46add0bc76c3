"""A sheet as its writer meets it: what is asked in their seat, who will read it, and for a supporter what others gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lms.features.cohorts.queries import Here
from lms.features.roleplay.models import Sheet
from lms.features.roleplay.rooms import Room
from lms.features.roleplay.seating import AWAY, BACK, Seating
from lms.features.roleplay.sheet_actions import Place, token_of
from lms.features.roleplay.sheet_queries import Received, sheets_around
from lms.features.roleplay.sheets import QUESTIONS, Audience, Question, SeatName, audience_of, seat_named
from lms.plugin_api.scenes import LookFor, RolePlay, ScenarioCard


@dataclass(frozen=True)
class SheetPage:
    """One round for one person: where they sit, what stands on their sheet, and as supporter what was given to them."""

    place: Place
    pair: int
    rounds: int
    card: ScenarioCard | None
    audience: Audience
    ticks: tuple[str, ...]
    words: Mapping[str, str]
    token: str
    received: tuple[Received, ...] = ()
    kept: bool | None = None

    @property
    def seat(self) -> SeatName:
        return self.place.seat

    @property
    def questions(self) -> tuple[Question, ...]:
        return QUESTIONS[self.seat]

    @property
    def lines(self) -> tuple[LookFor, ...]:
        return self.card.roles.observer.look_for if self.card and self.seat == "observer" else ()

    @property
    def given(self) -> bool:
        return bool(self.token)

    @property
    def key(self) -> str:
        """What the device keeps this sheet under until it is given."""
        return f"sheet:{self.place.run_id}:{self.place.round}:{self.place.enrolment_id}"

    @property
    def undecided(self) -> bool:
        """True for a supporter who has something to keep or to let go."""
        return self.seat == "supporter" and (self.given or bool(self.received)) and self.kept is None

    def typed(self, ticks: tuple[str, ...], words: Mapping[str, str], seen: str) -> SheetPage:
        """The same with what was sent and could not be taken."""
        return replace(self, ticks=ticks, words=words, token=seen)


def places_in(room: Room, enrolment_id: int) -> dict[int, Place]:
    """Round to where somebody sits in it, as it really is, or where they sat while it was played until they stepped out or
    nobody supported any more; without the rounds in which they never did."""
    found = {}
    for number in range(1, room.rounds + 1):
        group = room.group_in(enrolment_id, number)
        place = _place(room, group, number, room.seating_of(group, number), enrolment_id)
        if place := place or _place_before(room, group, number, enrolment_id):
            found[number] = place
    return found


def _place(room: Room, group: int, number: int, turn: Seating, enrolment_id: int) -> Place | None:
    seat = turn.seat_of(enrolment_id)
    if turn.supporter is None or seat is None:
        return None
    card = room.card_of(group, number)
    return Place(room.run.id, group, number, enrolment_id, seat_named(seat), turn.supporter, card)


def _place_before(room: Room, group: int, number: int, enrolment_id: int) -> Place | None:
    """The last place that somebody had while a round was played, of those that a choice in it has ended."""
    spans = room.timeline_of(group).spans
    begun = next((span.starts for span in spans if span.phase.round == number and span.phase.kind == "play"), None)
    for at, event in reversed(list(enumerate(room.events))):
        here = (event.group_number, event.round_number) == (group, number) and event.kind in AWAY | BACK
        if here and begun is not None and event.at >= begun:
            before = replace(room, events=room.events[:at])
            if place := _place(before, group, number, before.seating_of(group, number), enrolment_id):
                return place
    return None


def _place_of(sheet: Sheet) -> Place:
    """Where its writer sat, as the sheet says."""
    seat = seat_named(sheet.seat)
    return Place(
        sheet.run_id, sheet.group_number, sheet.round_number, sheet.enrolment_id, seat, sheet.supporter_id, sheet.card
    )


def sheets_of(room: Room, here: Here, plan: RolePlay, enrolment_id: int) -> dict[int, SheetPage]:
    """Round to the sheet of somebody in it. A sheet that was given stays, and keeps the seat in which it was written. One
    query."""
    mine, about_me = sheets_around(room.run.id, enrolment_id)
    places = places_in(room, enrolment_id) | {number: _place_of(sheet) for number, sheet in mine.items()}
    return {
        number: _sheet(room, here, plan, place, mine.get(number), about_me.get(number, []))
        for number, place in places.items()
    }


def _sheet(
    room: Room, here: Here, plan: RolePlay, place: Place, sheet: Sheet | None, about_me: list[Received]
) -> SheetPage:
    received = tuple(one for one in about_me if one.sheet.enrolment_id != place.enrolment_id)
    trainers_read = sheet.read_by_trainers if sheet else plan.trainers_read
    choices = {one.sheet.kept for one in about_me}
    return SheetPage(
        place,
        room.run.pair,
        room.rounds,
        here.course.card(place.card),
        audience_of(place.seat, trainers_read),
        tuple(sheet.ticks) if sheet else (),
        dict(sheet.words) if sheet else {},
        token_of(sheet),
        tuple(one for one in received if one.sheet.kept is not False),
        None if None in choices or not choices else choices == {True},
    )
