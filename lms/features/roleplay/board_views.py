"""The trainers' board while a role play goes on, and the record of who played what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.grouping.by_hand import refuge
from lms.features.grouping.wishes import wishes_of
from lms.features.grouping.words import SEATS
from lms.features.roleplay import board, board_queries, messages, noting
from lms.features.roleplay.marks import Mark
from lms.features.roleplay.pages import class_with_role_play, planned
from lms.features.roleplay.plays import play_of, room
from lms.features.roleplay.room_words import PHASES, READY, to_trainer, words_of
from lms.features.roleplay.rooms import LINGERS, Room
from lms.features.roleplay.seating import Seating
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    chosen,
    flash,
    form,
    go,
    now,
    page,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.host.web import number as number_sent

views = Blueprint("room_board", __name__, template_folder="templates")

_NOT_BEGUN = _l("This role play has not begun yet.")
LATELY = 5  # choices of people that the board tells of, newest first
SENT = 3  # messages
WHY = {
    "help": _l("asks you to come"),
    "waits": _l("too few are left to play"),
    "moment": _l("needs a moment"),
    "not_seen": _l("nobody was there yet"),
    "supporter": _l("you have not seen this supporter this month"),
}


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/board")
@signed_in_only
def show(cohort_id: int, number: int) -> ResponseReturnValue:
    """Every group at a glance; afterwards, who played which role. With `part` only what changes while one looks."""
    here = cohorts.led_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    play = play_of(meeting.id)
    if play.room is None:
        return go("roleplay.role_play", cohort_id=cohort_id, number=number)
    return _board(here, meeting, play.room, play.mark_for(None))


def _board(
    here: Here,
    meeting: ClassHere,
    found: Room,
    mark: Mark,
    errors: Any = None,
    typed: Any = None,
    status: int = 200,
) -> ResponseReturnValue:
    beside = board_queries.beside(found, here.who.id, now())
    groups = board_queries.groups_now(found, beside.visits, now())
    whole = found.timeline_of(None)
    going = found.goes_on(now())
    played = {group.number: found.played(group.number, now()) for group in groups}
    names = {member.enrolment_id: member.name for member in cohorts.members_of(here.id)}
    return page(
        "roleplay/_board.html" if "part" in request.args else "roleplay/board.html",
        status,
        here=here,
        meeting=meeting,
        room=found,
        mark=mark,
        goes_on=going,
        may_go_on=found.run.ended_at is not None and now() - found.run.ended_at <= LINGERS,
        clock=whole,
        moment=whole.at(now()),
        groups=board.in_order(groups),
        visits=board.whom_to_visit(groups, beside.seen) if going else (),
        refuges=_refuges(here, found, groups) if going else {},
        supporters={
            group.number: group.supported if going else _who_supported(group, played[group.number], beside.notes)
            for group in groups
        },
        why=WHY,
        pressing=board.PRESSING,
        away=sorted(found.out, key=lambda one: one.for_today),
        played=played,
        names=names,
        lately=[
            (event.at, to_trainer(event, names.get(event.enrolment_id) or _("somebody who left")))
            for event in found.events[: -LATELY - 1 : -1]
        ],
        ready=READY,
        sent=[(said, words_of(said)) for said in found.said[: -SENT - 1 : -1]],
        most_signs=messages.MOST_SIGNS,
        cards={card.id: card for card in here.course.cards},
        given=beside.given,
        notes=beside.notes,
        trainers_read=planned(meeting).trainers_read,
        seats=SEATS,
        phases=PHASES,
        errors=errors or {},
        typed=typed or {},
    )


def _who_supported(group: board.GroupNow, played: Mapping[int, Seating], noted: Collection[int]) -> list[int]:
    """Who was the supporter in a round that was played, and whom a trainer noted something of; in the order of the rounds."""
    sat = [who for turn in played.values() for who in turn.supported]
    return [who for who in dict.fromkeys((*sat, *group.members)) if who in sat or who in noted]


def _refuges(here: Here, found: Room, groups: Sequence[board.GroupNow]) -> dict[int, int]:
    """Group in which too few are left to play, to the number of the one that can take them in."""
    waiting = [group.number for group in groups if group.waits and group.seating and group.seating.seats]
    if not waiting:
        return {}
    apart, idle = wishes_of(here.id).apart, [group.number for group in groups if group.waits]
    places = {number: refuge(found.formed.groups, number, apart, idle) for number in waiting}
    return {number: place.number for number, place in places.items() if place}


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/visits")
@signed_in_only
def visit(cohort_id: int, number: int) -> ResponseReturnValue:
    """A trainer is with the group of this number."""
    here = cohorts.led_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    found, asked = room(meeting.id), number_sent("group")
    if found is None:
        raise Refused(_NOT_BEGUN)
    if asked is None or found.group(asked) is None:
        raise Refused(_l("This group is not there any more. Look at the board again."))
    with saved():
        supporter = found.seating_of(asked, found.timeline_of(asked).at(now()).phase.round).supporter
        noting.visit(found.run.id, asked, supporter, by=here.who.id, now=now())
    if wants_json():
        return {"done": True}
    return go(".show", cohort_id=cohort_id, number=number, _anchor=f"group-{asked}")


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/messages")
@signed_in_only
def message(cohort_id: int, number: int) -> ResponseReturnValue:
    """Say something to the group of number `group`, or to all: the ready sentence of this code, or else `words`."""
    here = cohorts.led_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    try:
        words, group = form("words", messages.MOST_SIGNS), number_sent("group") or None
        with saved():
            messages.send(meeting.id, form("ready", 20), words, group=group, by=here.who.id, now=now())
    except Incomplete as incomplete:
        if wants_json():
            return {"error": " ".join(map(str, incomplete.by_field.values()))}, 422
        play = play_of(meeting.id)
        if play.room is None:
            raise Refused(_NOT_BEGUN) from None
        mark = play.mark_for(None)
        return _board(here, meeting, play.room, mark, {"message": incomplete.by_field}, request.form, 422)
    if wants_json():
        return {"done": True}
    flash(_("Sent to group %(number)s.", number=group) if group else _("Sent to all groups."))
    return go(".show", cohort_id=cohort_id, number=number, _anchor="messages")


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/notes")
@signed_in_only
def note(cohort_id: int, number: int) -> ResponseReturnValue:
    """What was seen of somebody as supporter: kept, or taken back by who wrote it (`take_back`)."""
    here = cohorts.led_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    person = cohorts.member(here.id, number_sent("enrolment") or 0)
    acting: dict[str, Any] = {
        "by": here.who.id,
        "about": person.person_id,
        "organization": here.organization.id,
        "now": now(),
    }
    if asked := number_sent("take_back"):
        with saved():
            noting.take_back(asked, meeting.id, **acting)
        flash(_("Taken back. It counts no more."))
        return go(".show", cohort_id=cohort_id, number=number)
    play = play_of(meeting.id)
    if play.room is None:
        raise Refused(_NOT_BEGUN)
    if not any(person.enrolment_id in group.members for group in play.room.every_group):
        raise NotFound
    card = here.course.card(form("card", 80))
    try:
        words = form("words", noting.MOST_SIGNS)
        with saved():
            noting.note(meeting.id, person.enrolment_id, card, chosen("tick").splitlines(), words, **acting)
    except Incomplete as incomplete:
        if wants_json():
            return {"error": " ".join(map(str, incomplete.by_field.values()))}, 422
        return _board(
            here, meeting, play.room, play.mark_for(None), {person.enrolment_id: incomplete.by_field}, request.form, 422
        )
    if wants_json():
        return {"done": True}
    flash(_("Noted. %(name)s can read it.", name=person.name))
    return go(".show", cohort_id=cohort_id, number=number)
