"""A role play that goes on: its clock, and what people choose in their rooms. Everything here is heard by all phones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from lms.features.cohorts.models import Meeting
from lms.features.grouping.cards import another_card, topics_of_members
from lms.features.grouping.formats import Phase
from lms.features.grouping.rules import Group
from lms.features.roleplay.models import ClockChange, RoomEvent, Run
from lms.features.roleplay.plays import play_of
from lms.features.roleplay.rooms import LINGERS, Room, TheRun
from lms.features.roleplay.seating import TAG_IN, TAG_IN_READING, spared
from lms.host import audit
from lms.host.bell import ring
from lms.host.db import locked, session
from lms.host.errors import NotFound, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.scenes import ScenarioCard

CLOCK = ("pause", "go_on", "add_minute", "next", "bring_back")
OF_A_GROUP = ("pause", "go_on", "next")  # what its members may do to their own clock
ANY_PHASE = ("pause", "bring_back")  # what a second tap does not do again
AFTER_ROUNDS = ("de_role", "together")
TAGGED = {"read": TAG_IN_READING, "play": TAG_IN}  # what it is when somebody takes the supporter's place
CHOICES = ("observe", "swap", "out", "back", "leave", "moment", "help", TAG_IN)


def topic(meeting_id: int, pair: int = 0) -> str:
    """What phones wait for at the bell."""
    return f"role-play:{meeting_id}:{pair}"


def start(meeting_id: int, phases: Sequence[Phase], *, by: int, organization: int, now: datetime, pair: int = 0) -> Run:
    """The clock of all groups begins. Where it has begun already, as when two trainers start at once, that one stays."""
    locked(Meeting, meeting_id)
    play = play_of(meeting_id, pair)
    if play.room and play.room.goes_on(now):
        return locked(Run, play.room.run.id)
    if play.formed is None:
        raise Refused(_l("Form the groups first."))
    if play.room and play.room.run.ended_at is None:
        locked(Run, play.room.run.id).ended_at = now
        session.flush()
    run = Run(meeting_id=meeting_id, pair=pair, phases=[list(phase) for phase in phases], started_at=now, started_by=by)
    session.add(run)
    session.flush()
    rounds = max((phase.round for phase in phases), default=0)
    for group in () if play.formed.trainer_plays else play.formed.groups:
        for choice in spared(group, rounds, play.not_the_person):
            _observes(run.id, group.number, choice.round, choice.who, now)
    audit.note("roleplay.started", f"meeting:{meeting_id}", at=now, by=by, organization=organization)
    ring(topic(meeting_id, pair))
    return run


def end(
    meeting_id: int, *, by: int, organization: int, now: datetime, run_id: int | None = None, pair: int = 0
) -> None:
    """The role play is over. A second time changes nothing; nor does it where `run_id`, the one that was on the screen, is
    not the last any more."""
    run = locked_run(meeting_id, pair)
    if run.ended_at is None and run_id in (None, run.id):
        run.ended_at = now
        audit.note("roleplay.ended", f"meeting:{meeting_id}", at=now, by=by, organization=organization)
        tell_phones(run)


def take_up(meeting_id: int, *, run_id: int, by: int, organization: int, now: datetime) -> None:
    """A role play that was ended too soon goes on where it was, as if it had paused meanwhile. Where it goes on already, nothing
    changes. Raises Refused where it is too late for that, or another has begun."""
    run = locked_run(meeting_id, 0)
    if run.ended_at is None and run.id == run_id:
        return
    if run.id != run_id or run.ended_at is None or now - run.ended_at > LINGERS:
        raise Refused(_l("This role play is over."))
    here = play_of(meeting_id).room
    if here and not here.timeline_of(None).by_all:
        for kind, at in (("pause", run.ended_at), ("go_on", now)):
            session.add(ClockChange(run_id=run.id, at=at, kind=kind, group_number=None))
            tell_phones(run)
    run.ended_at = None
    audit.note("roleplay.taken_up", f"meeting:{meeting_id}", at=now, by=by, organization=organization)
    tell_phones(run)


def change_clock(
    meeting_id: int,
    kind: str,
    *,
    now: datetime,
    group: int | None = None,
    phase: int | None = None,
    pair: int = 0,
) -> None:
    """Do something to the clock of one group, or of all. `phase` is the number of the phase that was on the screen: where it
    is over by now, as after a second tap, nothing changes; but to pause and to come back is meant in any phase. A clock
    that stands already is not stopped again."""
    here = _open_room(meeting_id, pair, now)
    if kind not in CLOCK or (group is not None and here.group(group) is None):
        raise NotFound
    clock = here.timeline_of(group)
    moment = clock.at(now)
    if phase is not None and moment.index != phase and kind not in ANY_PHASE:
        return
    if kind == "pause" and (moment.paused if group is not None else clock.by_all):
        return
    if kind == "go_on" and not moment.paused:
        return
    if kind == "bring_back":
        if _all_are_back(here, now):
            return
        for paused in _paused(here, now):
            _note(here, "go_on", paused, now=now)
    _note(here, kind, group, now=now)


def _all_are_back(here: Room, now: datetime) -> bool:
    moments = [here.timeline_of(number).at(now) for number in (None, *(group.number for group in here.formed.groups))]
    return all(moment.phase.kind in AFTER_ROUNDS and not moment.paused for moment in moments)


def _paused(here: Room, now: datetime) -> list[int | None]:
    """The clocks that stand: of single groups, and (None) of all."""
    whole = [None] if here.timeline_of(None).paused_since else []
    alone = [g.number for g in here.formed.groups if here.timeline_of(g.number).at(now).paused]
    return [*whole, *alone]


def _note(here: Room, kind: str, group: int | None, *, now: datetime) -> None:
    """Each change of the clock is one step of the run's version, so that phones know whether anything else changed."""
    session.add(ClockChange(run_id=here.run.id, at=now, kind=kind, group_number=group))
    tell_phones(here.run)


# -- what people choose ---------------------------------------------------------------------------------------


def choose(
    meeting_id: int,
    enrolment_id: int,
    kind: str,
    *,
    now: datetime,
    cards: Sequence[ScenarioCard] = (),
    shown: str = "",
    tags_in: bool = False,
    pair: int = 0,
) -> None:
    """Somebody chose something for themselves, or for their group. Nobody asks why. What stands already is not noted twice,
    nor is a tap on the supporter's place once the play is over.

    For "swap": `cards` are those of the class, one of which follows; `shown` is the one that was on the screen (empty: not
    said). Where the group has another by now, it was swapped already. Raises Refused where no other card fits. `tags_in`: in
    this format others may take the supporter's place.
    """
    here = _open_room(meeting_id, pair, now)
    mine = here.group_of(enrolment_id)
    if mine is None or kind not in CHOICES or (kind == TAG_IN and not tags_in):
        raise NotFound
    phase = here.timeline_of(mine.number).at(now).phase
    number, playing = round_to_change(here, phase), here.card_of(mine.number)
    if _stands_already(here, mine, enrolment_id, kind, number):
        return
    if (kind == TAG_IN and phase.kind not in TAGGED) or (kind == "swap" and shown not in ("", playing)):
        return
    card = ""
    if kind == "swap":
        card = another_card(playing, cards, mine.members, topics_of_members(mine.members)).id
    session.add(
        RoomEvent(
            run_id=here.run.id,
            group_number=mine.number,
            round_number=number,
            enrolment_id=enrolment_id,
            kind=TAGGED[phase.kind] if kind == TAG_IN else kind,
            card=card,
            at=max(now, here.formed.at),  # groups may have been kept while this waited
        )
    )
    tell_phones(here.run)


def observe_where_the_person(meeting_id: int, enrolment_id: int, *, now: datetime) -> bool:
    """Somebody rather does not play the person: in the rounds to come in which they would, they observe instead; in groups
    that have not begun, once they do. True where there is such a round."""
    play = play_of(meeting_id)
    if not play.goes_on(now):
        group = play.formed.group_of(enrolment_id) if play.formed and not play.formed.trainer_plays else None
        asked = {*play.not_the_person, enrolment_id}
        return group is not None and any(one.who == enrolment_id for one in spared(group, len(group.rounds), asked))
    here = _open_room(meeting_id, 0, now)
    mine = here.group_of(enrolment_id)
    if mine is None or enrolment_id in {one.enrolment_id for one in here.out}:
        return False
    first = round_to_change(here, here.timeline_of(mine.number).at(now).phase)
    rounds = [
        number
        for number, turn in enumerate(here.rounds_of(mine.number), start=1)
        if number >= first and turn.person == enrolment_id
    ]
    for number in rounds:
        _observes(here.run.id, mine.number, number, enrolment_id, max(now, here.formed.at))
    if rounds:
        tell_phones(here.run)
    return bool(rounds)


def _observes(run_id: int, group: int, number: int, who: int, at: datetime) -> None:
    place = {"run_id": run_id, "group_number": group, "round_number": number, "enrolment_id": who}
    session.add(RoomEvent(**place, kind="observe", card="", at=at))


def round_to_change(here: Room, phase: Phase) -> int:
    """The round whose seats a choice in this phase changes: the one that is read or played, and the next after that."""
    kind, number = phase[:2]
    if kind == "set_up":
        return 1
    if kind in ("read", "play"):
        return number
    return number + 1 if kind == "feedback" else here.rounds + 1


def _stands_already(here: Room, mine: Group, who: int, kind: str, number: int) -> bool:
    away = {one.enrolment_id: one for one in here.out}
    if kind == "out":
        return who in away
    if kind == "leave":
        return who in away and away[who].for_today
    seats = here.rounds_of(mine.number)
    seat = seats[number - 1].seat_of(who) if 0 < number <= len(seats) else None
    if kind == "observe":
        return seat == "observer" and here.observes_by_choice(who, number)
    if kind == TAG_IN:
        return seat != "observer" or here.observes_by_choice(who, number)
    if kind == "back":
        return who not in away and not here.observes_by_choice(who, number)
    if kind in ("moment", "help"):
        return any(e.kind == kind and e.group_number == mine.number and e.seen_at is None for e in here.events)
    return False


# -- what phones hear -----------------------------------------------------------------------------------------


def tell_phones(run: Run | TheRun) -> None:
    """Something changed that every phone of this run must hear of."""
    session.execute(
        update(Run).where(Run.id == run.id).values(version=Run.version + 1),
        execution_options={"synchronize_session": False},
    )
    ring(topic(run.meeting_id, run.pair))


def locked_run(meeting_id: int, pair: int = 0) -> Run:
    """The last run of a class, for nobody else to change until this transaction ends; nor its groups, their cards and who
    sits in them: whoever changes these holds the class too. Raises Refused where none has begun."""
    locked(Meeting, meeting_id)
    found = session.scalar(
        select(Run.id).where(Run.meeting_id == meeting_id, Run.pair == pair).order_by(Run.id.desc()).limit(1)
    )
    if found is None:
        raise Refused(_l("This role play has not begun yet."))
    return locked(Run, found)


def _open_room(meeting_id: int, pair: int, now: datetime) -> Room:
    locked_run(meeting_id, pair)
    here = play_of(meeting_id, pair).room
    if here is None or not here.goes_on(now):
        raise Refused(_l("This role play is over."))
    return here
