"""The room of a group while a role play goes on: its page, what wakes the phones, and what is chosen with one tap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from lms.features.cohorts import queries as cohorts
from lms.features.grouping import cards as cards_here
from lms.features.grouping.formats import format_of
from lms.features.grouping.rules import Group
from lms.features.grouping.words import SEATS, TOPICS
from lms.features.roleplay import runs
from lms.features.roleplay.debrief_views import closing
from lms.features.roleplay.marks import Mark, mark_of
from lms.features.roleplay.pages import class_with_role_play, in_address, planned
from lms.features.roleplay.plays import Play, play_of
from lms.features.roleplay.room_page import RoomPage
from lms.features.roleplay.room_words import PHASES
from lms.features.roleplay.rooms import LINGERS
from lms.features.roleplay.seating import TAG_IN, Seating, seatings, spared
from lms.features.roleplay.sheet_views import own_sheets, who_reads
from lms.host.bell import bell
from lms.host.db import saved, session
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    fragment,
    go,
    host,
    now,
    page,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.host.web import number as number_sent

views = Blueprint("room", __name__, template_folder="templates")

WAITS = 20  # seconds that a phone waits for news
ASKS_AGAIN = 2000  # milliseconds, for a phone that found no place to wait
BEFORE_CLASS = timedelta(hours=2)  # from here on a page without script comes anew by itself


def room_of(here: cohorts.Here, meeting: cohorts.ClassHere, play: Play, at: datetime) -> RoomPage | None:
    """The room of whoever asks as it is `at` that moment, if a role play has begun and they are in a group of it."""
    found = play.room
    mine = found.group_of(here.enrolment_id) if found and here.enrolment_id else None
    if found is None or mine is None or here.enrolment_id is None or _once_more(play, here.enrolment_id):
        return None
    format = format_of(found.formed, planned(meeting).format, here.course, host().guard)
    return RoomPage(found, mine, here.enrolment_id, here.course, format, partial(who_reads, here, found), at)


def _once_more(play: Play, enrolment_id: int) -> bool:
    """True where somebody has a seat in groups that were formed since the role play ended: then the next is to come."""
    formed, last = play.formed, play.room
    if formed is None or last is None or last.run.ended_at is None or formed.grouping == last.formed.grouping:
        return False
    return formed.group_of(enrolment_id) is not None


def values_of(here: cohorts.Here, meeting: cohorts.ClassHere, room: RoomPage, mark: Mark) -> dict[str, Any]:
    """What the templates of a room are drawn with."""
    return {
        "here": here,
        "meeting": meeting,
        "room": room,
        "mark": mark,
        "phases": PHASES,
        "format": room.format,
        "sheets": {} if room.away and not room.ended else own_sheets(here, meeting, room.room),
        "soon": now() < meeting.ends_at + LINGERS,
        **room.readers,
        **closing(here, meeting),
    }


def show_room(here: cohorts.Here, meeting: cohorts.ClassHere, play: Play) -> ResponseReturnValue | None:
    """The page of one's own room; None where there is none yet."""
    room = room_of(here, meeting, play, now())
    if room is None:
        return None
    asked_not, mark = room.me in room.room.not_the_person, play.mark_for(here.enrolment_id)
    return page("roleplay/room.html", **values_of(here, meeting, room, mark), **choices(here, asked_not))


def choices(here: cohorts.Here, not_the_person: bool) -> dict[str, Any]:
    """What `_choices.html` is drawn with. One query."""
    return {"topics": TOPICS, "set_aside": cards_here.topics_of(here.who.id), "not_the_person": not_the_person}


def waiting(here: cohorts.Here, meeting: cohorts.ClassHere, play: Play, mark: Mark) -> dict[str, Any]:
    """What the page before a role play is drawn with, for somebody who takes part; also where it went on without them."""
    formed, plan, me = play.formed, planned(meeting), here.enrolment_id or 0
    mine = formed.group_of(me) if formed else None
    cards = cards_here.cards_of_class(here.course, plan.cards)
    over = now() >= meeting.ends_at + LINGERS or (mine is None and play.state(now()) == "over")
    return {
        "here": here,
        "meeting": meeting,
        "mark": mark,
        "formed": formed,
        "mine": mine,
        "turns": _turns(mine, play) if mine else (),
        "format": format_of(formed, plan.format, here.course, host().guard),
        "names": {m.enrolment_id: m.name for m in cohorts.members_of(here.id)},
        "seats": SEATS,
        "card": here.course.card(formed.cards.get(mine.number, "")) if formed and mine else None,
        "planned_cards": [card for card in cards if card.id in plan.cards],
        "over": over,
        "soon": not over and now() >= meeting.starts_at - BEFORE_CLASS,
        **choices(here, me in play.not_the_person),
    }


def _turns(mine: Group, play: Play) -> tuple[Seating, ...]:
    """The rounds of a group as they will be: as formed, but for those who asked not to play the person since."""
    trainer_plays = play.formed is not None and play.formed.trainer_plays
    asked = play.not_the_person
    choices = () if trainer_plays else spared(mine, len(mine.rounds), asked)
    return seatings(mine, choices, len(mine.rounds), not_the_person=asked, trainer_plays=trainer_plays)


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/live")
@signed_in_only
def live(cohort_id: int, number: int) -> ResponseReturnValue:
    """Answers as soon as something is new since the mark `seen`, or after a while: the new mark, and one's own room as it is
    now, as much of it as is different, or the page on which one waits for it. Without a free place to wait it answers at once
    and says when to ask again. `instead`: the phone has dropped the line on which it waited before."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    seen, pair = request.args.get("seen", ""), in_address("pair")
    topic = runs.topic(meeting.id, pair)
    if request.args.get("instead"):
        bell().ring_off(topic, here.who.id)
    full = bell().is_full
    member = None if here.leads else here.enrolment_id
    marks: list[Mark] = []  # the last one is older than the room that is read after it, never newer

    def something_new() -> bool:
        marks.append(mark_of(meeting.id, pair, member))
        session.close()  # no connection to the database stays open while a phone waits
        return str(marks[-1]) != seen

    if not bell().wait(topic, WAITS, something_new, here.who.id):
        return {"mark": seen, "again": ASKS_AGAIN if full else 0}
    mark, play = marks[-1], play_of(meeting.id, pair)
    room = room_of(here, meeting, play, datetime.now(UTC))  # `now()` is when this request came
    if room and mark.same_room_as(seen):
        said = fragment("roleplay/_said.html", here=here, room=room)
        return {"mark": str(mark), "again": 0, "clock": room.signal, "said": said}
    drawn = None
    if room:
        drawn = fragment("roleplay/_room.html", **values_of(here, meeting, room, mark))
    elif member and not pair:
        drawn = fragment("roleplay/_waiting.html", **waiting(here, meeting, play, mark))
    return {"mark": str(mark), "again": 0, "room": drawn}


# -- those who lead -------------------------------------------------------------------------------------------


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/run")
@signed_in_only
def run(cohort_id: int, number: int) -> ResponseReturnValue:
    """Field `do`: "start" for all groups at once, "end", or "go_on" after an end that came too soon; `run`: which one was on the
    screen."""
    here = cohorts.led_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    by = {"by": visitor().id, "organization": here.organization.id, "now": now()}
    already = None
    with saved():
        if form("do", 10) == "end":
            runs.end(meeting.id, run_id=number_sent("run"), **by)
        elif form("do", 10) == "go_on":
            runs.take_up(meeting.id, run_id=number_sent("run") or 0, **by)
        else:
            formed, plan = play_of(meeting.id).formed, planned(meeting)
            begun = runs.start(meeting.id, format_of(formed, plan.format, here.course, host().guard).phases, **by)
            already = begun.started_by if (begun.started_by, begun.started_at) != (visitor().id, now()) else None
    if already is not None:
        flash(_began_before(here, already))
    return go("room_board.show", cohort_id=cohort_id, number=number)


def _began_before(here: cohorts.Here, by: int) -> str:
    """To a second trainer who starts what goes on already."""
    if by == visitor().id:
        return _("It has begun already, and nothing was started twice.")
    name = next((one.name for one in cohorts.trainers_of(here) if one.id == by), None)
    return _("%(name)s has started it already. You share the same board.", name=name or _("A colleague"))


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/clock")
@signed_in_only
def clock(cohort_id: int, number: int) -> ResponseReturnValue:
    """Field `do`: "pause", "go_on", "add_minute", "next", "bring_back"; `group`: its number, or empty for all; `phase`: which
    was on the screen. Members do the first two and "next", and to their own group alone."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    kind, group, pair = form("do", 20), number_sent("group"), in_address("pair")
    if not here.leads:
        formed = play_of(meeting.id, pair).formed
        mine = formed.group_of(here.enrolment_id or 0) if formed else None
        if mine is None or kind not in runs.OF_A_GROUP:
            raise NotFound
        group = mine.number
    with saved():
        runs.change_clock(meeting.id, kind, now=now(), group=group, phase=number_sent("phase"), pair=pair)
    if here.leads and not pair:
        return _done("room_board.show", cohort_id=cohort_id, number=number)
    return _back_to_room(cohort_id, number, pair)


# -- those who take part --------------------------------------------------------------------------------------


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/room")
@signed_in_only
def choose(cohort_id: int, number: int) -> ResponseReturnValue:
    """Field `do`: what somebody chose with one tap, without a reason (runs.CHOICES); `card`: the one that was on the screen,
    for "swap"."""
    here = cohorts.attended_by(visitor(), cohort_id)
    assert here.enrolment_id is not None
    meeting = class_with_role_play(here, number)
    kind, pair = form("do", 20), in_address("pair")
    room = room_of(here, meeting, play_of(meeting.id, pair), now()) if kind == TAG_IN else None
    with saved():
        runs.choose(
            meeting.id,
            here.enrolment_id,
            kind,
            now=now(),
            cards=cards_here.cards_of_class(here.course, planned(meeting).cards),
            shown=form("card", 130),
            tags_in=room is not None and room.format.shape.tag_in,
            pair=pair,
        )
    return _back_to_room(cohort_id, number, pair)


def _back_to_room(cohort_id: int, number: int, pair: int) -> ResponseReturnValue:
    if pair:
        return _done("pairs.room", cohort_id=cohort_id, number=number, pair=pair)
    return _done("roleplay.role_play", cohort_id=cohort_id, number=number)


def _done(to: str, **where: int) -> ResponseReturnValue:
    return {"done": True} if wants_json() else go(to, **where)
