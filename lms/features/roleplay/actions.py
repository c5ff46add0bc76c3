"""Forming groups for a class, giving each a card, changing them by hand, and setting a topic aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sqlalchemy import bindparam, func, select

from lms.features.cohorts.models import Meeting
from lms.features.roleplay.formats import Format
from lms.features.roleplay.models import FormedGroups, NotThisTopic, Seat
from lms.features.roleplay.queries import Formed, formed_for, topics_of_members
from lms.features.roleplay.room_queries import room
from lms.features.roleplay.rules import Group, Grouping, History, Pair, form_groups, seated, told
from lms.features.roleplay.runs import topic
from lms.features.roleplay.wishes import Wishes
from lms.host import audit
from lms.host.bell import ring
from lms.host.db import locked, session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import ScenarioCard

_LAST = (
    select(FormedGroups)
    .where(FormedGroups.meeting_id == bindparam("meeting"), FormedGroups.pair == bindparam("pair"))
    .order_by(FormedGroups.version.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Facts:
    """What groups of a class are formed from. `weights` are what plugins wish: the cost of two people in one group. `pair` is
    the number of two who practise by themselves."""

    meeting_id: int
    format: Format
    history: History
    cards: Sequence[ScenarioCard]
    topics: Mapping[int, set[str]]
    wishes: Wishes = field(default_factory=Wishes)
    not_the_person: Collection[int] = frozenset()
    weights: Mapping[Pair, int] = field(default_factory=dict)
    pair: int = 0

    def seed(self, version: int) -> str:
        return f"{self.meeting_id}:{version}"


def propose(facts: Facts, present: Sequence[int], before: Formed | None, *, anew: bool = False) -> Grouping:
    """The groups of those who are present, as they would be kept: the same until something changes.

    Locked groups stay. The others change as little as possible, unless they are to be mixed `anew` or were formed for another
    way of sitting together.
    """
    least = 1 if facts.format.shape.trainer_plays else 2
    if len(present) < least:
        raise Refused(_l("Two people are needed at least. Mark who is here first."))
    kept = before.grouping if before and before.format in ("", facts.format.name) else None
    if kept and before and anew:
        kept = Grouping(tuple(group for group in kept.groups if group.number in before.locked))
    return form_groups(
        present,
        facts.history,
        seed=facts.seed(before.version + 1 if before else 1),
        keep_apart=facts.wishes.apart,
        keep_together=facts.wishes.together,
        not_as_person=facts.not_the_person,
        weights=facts.weights,
        keep=kept,
        locked=before.locked if before else (),
        made=facts.format.shape.groups,
        rounds=facts.format.shape.rounds,
        trainer_plays=facts.format.shape.trainer_plays,
    )


def by_hand(facts: Facts, groups: Sequence[Group], before: Formed) -> Grouping:
    """The groups as a trainer put them together, with seats, and with what can be said of them."""
    shape = facts.format.shape
    done = seated(
        groups,
        facts.history,
        seed=facts.seed(before.version + 1),
        not_as_person=facts.not_the_person,
        rounds=shape.rounds,
        trainer_plays=shape.trainer_plays,
    )
    return as_told(facts, done)


def as_told(facts: Facts, groups: Sequence[Group]) -> Grouping:
    """These groups, with the wishes that they do not keep and the reasons why they are so."""
    wishes, made = facts.wishes, facts.format.shape.groups
    return told(groups, facts.history, wishes.apart, wishes.together, facts.not_the_person, made=made)


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
) -> bool:
    """The groups as a new version, each with a card that nobody in it asked not to meet: the one it had, or that of `cards`,
    where that fits.

    `seen` is the version that stood on the page (0 for none): where there is a newer one by now, as after a second click,
    that one stays, and False is returned. `lock` are the numbers of groups to stay from now on (None: as before). With
    `deal_anew` it does not matter which cards they had.
    """
    locked(Meeting, facts.meeting_id)
    mine = (FormedGroups.meeting_id == facts.meeting_id) & (FormedGroups.pair == facts.pair)
    last = session.scalar(select(func.max(FormedGroups.version)).where(mine)) or 0
    if seen is not None and seen != last:
        return False
    had = {**(_playing(facts.meeting_id, facts.pair, before, now) if before and not deal_anew else {}), **(cards or {})}
    numbers = {group.number for group in grouping.groups}
    staying = (before.locked if before else frozenset()) if lock is None else lock
    _keep(
        FormedGroups(
            meeting_id=facts.meeting_id,
            pair=facts.pair,
            version=last + 1,
            format=facts.format.name,
            cards={
                str(g.number): card_for(g, facts.cards, facts.topics, had.get(g.number, "")).id for g in grouping.groups
            },
            kept=sorted(numbers & set(staying)),
            trainer_plays=facts.format.shape.trainer_plays,
            formed_by=by,
            formed_at=now,
        ),
        grouping,
    )
    audit.note("roleplay.groups_formed", f"meeting:{facts.meeting_id}", at=now, by=by, organization=organization)
    return True


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


def deal_again(
    meeting_id: int, pair: int, mine: Collection[int], cards: Sequence[ScenarioCard], *, now: datetime
) -> Dealt:
    """Another card for the group of one of `mine` where its card has a topic that somebody in it set aside. Who sits where
    stays as it is, and nothing says whose topic it was: the new version has the name of whoever formed the groups."""
    locked(Meeting, meeting_id)
    before = formed_for(meeting_id, pair)
    if before is None:
        return Dealt.NOTHING
    groups = [group for group in before.grouping.groups if set(mine) & set(group.members)]
    known = {card.id: card for card in cards}
    topics = topics_of_members(who for group in groups for who in group.members)
    playing, dealt = _playing(meeting_id, pair, before, now), {}
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
                trainer_plays=last.trainer_plays,
                formed_by=last.formed_by,
                formed_at=now,
            ),
            before.grouping,
        )
    if len(changed) < len(dealt):
        return Dealt.NO_OTHER
    return Dealt.ANOTHER if changed else Dealt.NOTHING


def _playing(meeting_id: int, pair: int, before: Formed, now: datetime) -> dict[int, str]:
    """The card that each group has now: as dealt, or as it swapped it while the role play goes on."""
    here = room(meeting_id, pair)
    if here is None or not here.goes_on(now):
        return before.cards
    return before.cards | {group.number: here.card_of(group.number) for group in here.formed.grouping.groups}


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


def card_for(
    group: Group,
    cards: Sequence[ScenarioCard],
    topics: Mapping[int, set[str]],
    wanted: str = "",
    or_else: ScenarioCard | None = None,
) -> ScenarioCard:
    """A card for the group that nobody in it asked not to meet: the `wanted` one if it fits; else the groups take turns with
    the cards. Where none fits, the one `or_else`, or Refused."""
    fitting = [card for card in cards if fits(card, group, topics)]
    if not fitting and or_else:
        return or_else
    if not fitting:
        raise Refused(
            _l("No card fits every group. Choose another card for this class, or play it with one as trainer.")
        )
    return next((card for card in fitting if card.id == wanted), fitting[(group.number - 1) % len(fitting)])


def fits(card: ScenarioCard, group: Group, topics: Mapping[int, set[str]]) -> bool:
    """True where nobody in the group set aside a topic of the card."""
    set_aside = {topic for member in group.members for topic in topics.get(member, ())}
    return not set_aside & set(card.content_notes)


def cards_of_class(course: Course, names: Sequence[str]) -> list[ScenarioCard]:
    """The cards planned for a class, and after them the lighter ones that they may be swapped with."""
    planned = [card for name in names if (card := course.card(name))]
    lighter = [card for first in planned for name in first.swap_with if (card := course.card(name))]
    return planned + [card for card in lighter if card not in planned]


def set_topic_aside(person_id: int, topic: str, aside: bool, *, now: datetime) -> None:
    """ "Not this topic", for all cards, until changed. Kept without a word in any history."""
    row = session.get(NotThisTopic, (person_id, topic))
    if aside and row is None:
        session.add(NotThisTopic(person_id=person_id, topic=topic, set_at=now))
    elif not aside and row is not None:
        session.delete(row)
    session.flush()
