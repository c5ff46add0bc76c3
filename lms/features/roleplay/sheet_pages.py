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
from lms.features.roleplay.sheets import QUESTIONS, SPEAKING, Audience, Question, SeatName, audience_of, seat_named
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
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
        return f"sheet:{self.place.run_id}:{self.place.round}:{self.place.enrolment_id}:{self.seat}"

    @property
    def may_be_for(self) -> tuple[int, ...]:
        """Whom this sheet can be given to: one person, or whom its writer chooses of several."""
        return self.place.supporters or (self.place.supporter_id,)

    @property
    def undecided(self) -> bool:
        """True for a supporter who has something to keep or to let go."""
        return self.seat == "supporter" and (self.given or bool(self.received)) and self.kept is None

    def typed(self, ticks: tuple[str, ...], words: Mapping[str, str], seen: str) -> SheetPage:
        """The same with what was sent and could not be taken."""
        return replace(self, ticks=ticks, words=words, token=seen)

    def addressed(self, supporter_id: int | None) -> Place:
        """Its place, with whom its writer named. Raises Incomplete where they have to choose, Refused for somebody who does
        not support (any more)."""
        if supporter_id in self.may_be_for:
            return replace(self.place, supporter_id=supporter_id)
        if supporter_id is not None:
            raise Refused(
                _l("Somebody else supports now. Your words are still here: look at whom they go to, then give them.")
            )
        if len(self.may_be_for) > 1:
            raise Incomplete({"for": _l("Choose whom it is for.")})
        return self.place


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
    seat = turn.part_of(enrolment_id)
    if not turn.supported or seat is None:
        return None
    card, supporter = room.card_of(group, number), enrolment_id if seat == "supporter" else turn.supported[-1]
    several = turn.supported if supporter != enrolment_id and len(turn.supported) > 1 else ()
    return Place(room.run.id, group, number, enrolment_id, seat_named(seat), supporter, card, several)


def _place_as_observer(room: Room, place: Place) -> Place | None:
    """What else somebody writes who supported, and watched while others did."""
    supported = room.seating_of(place.group, place.round).supported
    others = tuple(who for who in supported if who != place.enrolment_id)
    if place.enrolment_id not in supported or not others:
        return None
    return replace(place, seat="observer", supporter_id=others[-1], supporters=others if len(others) > 1 else ())


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


def sheets_of(room: Room, here: Here, plan: RolePlay, enrolment_id: int) -> dict[int, tuple[SheetPage, ...]]:
    """Round to the sheets of somebody in it, in the order of speaking: one as a rule, two for whoever watched and supported.
    A sheet that was given stays, and keeps the seat in which it was written. One query."""
    mine, about_me = sheets_around(room.run.id, enrolment_id)
    now = places_in(room, enrolment_id)
    found = {}
    for number in sorted({*now, *mine}):
        given = {seat_named(sheet.seat): sheet for sheet in mine.get(number, ())}
        place = now.get(number)
        also = _place_as_observer(room, place) if place else None
        places = {one.seat: one for one in (place, also) if one} | {seat: _place_of(one) for seat, one in given.items()}
        found[number] = tuple(
            _sheet(room, here, plan, places[seat], given.get(seat), about_me.get(number, []))
            for seat in SPEAKING
            if seat in places
        )
    return found


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
