"""Keeping the groups of a class as a new version, and dealing cards again. Everything here is heard by all phones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import bindparam, func, select

from lms.features.cohorts.models import Meeting
from lms.features.grouping.cards import card_for, fits, set_topic_aside, topics_of_members
from lms.features.grouping.formed import Formed
from lms.features.grouping.forming import Facts
from lms.features.grouping.models import FormedGroups, Seat
from lms.features.grouping.rules import Group, Grouping
from lms.features.roleplay.models import RoomEvent, Run
from lms.features.roleplay.played import where_seated
from lms.features.roleplay.plays import Play, play_of
from lms.features.roleplay.runs import topic
from lms.host import audit
from lms.host.bell import ring
from lms.host.db import FOR_CHANGE, locked, session
from lms.plugin_api.scenes import ScenarioCard

_LAST = (
    select(FormedGroups)
    .where(FormedGroups.meeting_id == bindparam("meeting"), FormedGroups.pair == bindparam("pair"))
    .order_by(FormedGroups.version.desc())
    .limit(1)
)


def keep_groups(
    facts: Facts,
    grouping: Grouping,
    before: Formed | None,
    *,
    by: int,
    organization: int,
    now: datetime,
    seen: int | None = None,
    lock: Collection[int] | None = None,
    cards: Mapping[int, str] | None = None,
    deal_anew: bool = False,
    minutes: Mapping[str, int] | None = None,
) -> bool:
    """The groups as a new version, each with a card that nobody in it asked not to meet: the one it had, or that of `cards`,
    where that fits.

    `seen` is the version that stood on the page (0 for none): where there is a newer one by now, as after a second click,
    that one stays, and False is returned. `lock` are the numbers of groups to stay from now on (None: as before). With
    `deal_anew` it does not matter which cards they had. `minutes` are times instead of the format's (None: as before).
    """
    locked(Meeting, facts.meeting_id)
    topics = topics_of_members(who for group in grouping.groups for who in group.members)
    mine = (FormedGroups.meeting_id == facts.meeting_id) & (FormedGroups.pair == facts.pair)
    last = session.scalar(select(func.max(FormedGroups.version)).where(mine)) or 0
    if seen is not None and seen != last:
        return False
    had = {
        **(_playing(play_of(facts.meeting_id, facts.pair), before, now) if before and not deal_anew else {}),
        **(cards or {}),
    }
    numbers = {group.number for group in grouping.groups}
    staying = (before.locked if before else frozenset()) if lock is None else lock
    _keep(
        FormedGroups(
            meeting_id=facts.meeting_id,
            pair=facts.pair,
            version=last + 1,
            format=facts.format.name,
            cards={
                str(g.number): card_for(g, facts.cards, topics, had.get(g.number, ""), planned=facts.planned).id
                for g in grouping.groups
            },
            kept=sorted(numbers & set(staying)),
            times=dict(_times(facts, before) if minutes is None else minutes),
            trainer_plays=facts.format.shape.trainer_plays,
            formed_by=by,
            formed_at=_after_all(facts.meeting_id, facts.pair, now),
        ),
        grouping,
    )
    audit.note("roleplay.groups_formed", f"meeting:{facts.meeting_id}", at=now, by=by, organization=organization)
    return True


def _times(facts: Facts, before: Formed | None) -> Mapping[str, int]:
    """The times chosen before hold for as long as the format does."""
    return before.minutes if before and before.format == facts.format.name else {}


def _keep(formed: FormedGroups, grouping: Grouping) -> None:
    session.add(formed)
    session.flush()
    for group in grouping.groups:
        _seat(formed.id, group)
    ring(topic(formed.meeting_id, formed.pair))


class Dealt(Enum):
    """What dealing again came to."""

    NOTHING = "nothing"  # every card fits
    ANOTHER = "another"
    NO_OTHER = "no other"  # a group keeps its card, for want of another


def set_aside(
    person_id: int,
    topic: str,
    aside: bool,
    mine: Collection[int],
    playable: Mapping[int, Sequence[ScenarioCard]],
    *,
    over: Collection[int],
    now: datetime,
) -> set[Dealt]:
    """ "Not this topic" of somebody whose places are `mine`, for all cards, until changed; and what dealing again came to in
    each of their groups whose role play is to come or goes on.

    `playable` maps their classes with a role play to its cards; `over` are those whose time has passed. All of them are held
    before anything is read, so that nobody is put into a group, and no card dealt, by the topics of a moment ago.
    """
    _hold(playable)
    set_topic_aside(person_id, topic, aside, now=now)
    return {
        deal_again(meeting_id, pair, mine, playable[meeting_id], now=now)
        for meeting_id, pair in (where_seated(mine) if aside else ())
        if meeting_id in playable and (meeting_id not in over or play_of(meeting_id, pair).goes_on(now))
    }


def _hold(meeting_ids: Iterable[int]) -> None:
    """For nobody else to change until this transaction ends; all who hold several take them in this order."""
    session.execute(
        select(Meeting.id).where(Meeting.id.in_(list(meeting_ids))).order_by(Meeting.id).with_for_update(**FOR_CHANGE)
    )


def deal_again(
    meeting_id: int, pair: int, mine: Collection[int], cards: Sequence[ScenarioCard], *, now: datetime
) -> Dealt:
    """Another card for the group of one of `mine` where its card has a topic that somebody in it set aside. Who sits where
    stays as it is, and nothing says whose topic it was: the new version has the name of whoever formed the groups."""
    locked(Meeting, meeting_id)
    play = play_of(meeting_id, pair)
    before = play.formed
    if before is None:
        return Dealt.NOTHING
    groups = [group for group in before.groups if set(mine) & set(group.members)]
    known = {card.id: card for card in cards}
    topics = topics_of_members(who for group in groups for who in group.members)
    playing, dealt = _playing(play, before, now), {}
    for group in groups:
        card = known.get(playing.get(group.number, ""))
        if card and not fits(card, group, topics):
            dealt[group.number] = card_for(group, cards, topics, or_else=card).id
    changed = {number: card for number, card in dealt.items() if card != playing[number]}
    if changed:
        last = session.scalars(_LAST, {"meeting": meeting_id, "pair": pair}).one()
        new = {str(number): card for number, card in (playing | changed).items()}
        _keep(
            FormedGroups(
                meeting_id=meeting_id,
                pair=pair,
                version=last.version + 1,
                format=last.format,
                cards=new,
                kept=list(last.kept),
                times=dict(last.times),
                trainer_plays=last.trainer_plays,
                formed_by=last.formed_by,
                formed_at=_after_all(meeting_id, pair, now),
            ),
            before.grouping,
        )
    if len(changed) < len(dealt):
        return Dealt.NO_OTHER
    return Dealt.ANOTHER if changed else Dealt.NOTHING


def _playing(play: Play, before: Formed, now: datetime) -> dict[int, str]:
    """The card that each group has now: as dealt, or as it swapped it while the role play goes on."""
    here = play.room
    if here is None or not here.goes_on(now):
        return before.cards
    return before.cards | {group.number: here.card_of(group.number) for group in here.formed.groups}


def _after_all(meeting_id: int, pair: int, now: datetime) -> datetime:
    """`now`, or just after the last choice in a room: what waited for a swap is kept after it, though it was asked for before,
    and the card that is dealt last holds."""
    chosen = select(func.max(RoomEvent.at)).join(Run, Run.id == RoomEvent.run_id)
    last = session.scalar(chosen.where(Run.meeting_id == meeting_id, Run.pair == pair))
    return now if last is None else max(now, last + timedelta(microseconds=1))


def _seat(groups_id: int, group: Group) -> None:
    for number, turn in enumerate(group.rounds, start=1):
        for seat in turn.seats:
            session.add(
                Seat(
                    groups_id=groups_id,
                    group_number=group.number,
                    round_number=number,
                    enrolment_id=seat.who,
                    role=seat.role,
                )
            )
