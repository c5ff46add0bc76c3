"""Which card a group plays: one of the class that nobody in the group asked not to meet. Whose topic it was is said nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from lms.features.cohorts.models import Enrolment
from lms.features.grouping.models import NotThisTopic
from lms.features.grouping.rules import Group
from lms.host.db import session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import ScenarioCard


def cards_of_class(course: Course, names: Sequence[str]) -> list[ScenarioCard]:
    """The cards planned for a class, and after them the lighter ones that they may be swapped with."""
    planned = [card for name in names if (card := course.card(name))]
    lighter = [card for first in planned for name in first.swap_with if (card := course.card(name))]
    return planned + [card for card in lighter if card not in planned]


def card_for(
    group: Group,
    cards: Sequence[ScenarioCard],
    topics: Mapping[int, set[str]],
    wanted: str = "",
    or_else: ScenarioCard | None = None,
    planned: Collection[str] = (),
) -> ScenarioCard:
    """A card for the group that nobody in it asked not to meet: the `wanted` one if it fits; else the groups take turns with
    those that are `planned` (all, when left out). In place of one that does not fit, or is played by choice alone, there is a
    lighter one that it names, or any other. Where none fits, the one `or_else`, or Refused."""
    fitting = {
        card.id: card for card in cards if fits(card, group, topics) and (not card.by_choice or card.id == wanted)
    }
    if not fitting and or_else:
        return or_else
    if not fitting:
        raise Refused(
            _l("No card fits every group. Choose another card for this class, or play it with one as trainer.")
        )
    turns = [card for card in cards if card.id in planned] or list(cards)
    due = or_else or turns[(group.number - 1) % len(turns)]
    in_order = (wanted, due.id, *due.swap_with, *(card.id for card in turns), *fitting)
    return next(fitting[id] for id in in_order if id in fitting)


def fits(card: ScenarioCard, group: Group, topics: Mapping[int, set[str]]) -> bool:
    """True where nobody in the group set aside a topic of the card."""
    set_aside = {topic for member in group.members for topic in topics.get(member, ())}
    return not set_aside & set(card.content_notes)


def another_card(
    now_playing: str,
    cards: Iterable[ScenarioCard],
    members: Collection[int],
    topics: Mapping[int, set[str]],
) -> ScenarioCard:
    """A card instead of `now_playing` that nobody among `members` set aside: one that it names to swap with, or else any
    other of the class that is not played by choice alone. Raises Refused where there is none."""
    by_id = {card.id: card for card in cards}
    set_aside = {topic for member in members for topic in topics.get(member, ())}
    named = by_id[now_playing].swap_with if now_playing in by_id else ()
    for id in [*named, *by_id]:
        card = by_id.get(id)
        if card and id != now_playing and not card.by_choice and not set_aside & set(card.content_notes):
            return card
    raise Refused(_l("There is no other card for your group here. You can observe or step out, or ask your trainer."))


# -- topics that people set aside ------------------------------------------------------------------------------


def set_topic_aside(person_id: int, topic: str, aside: bool, *, now: datetime) -> None:
    """ "Not this topic", for all cards, until changed. Kept without a word in any history."""
    row = session.get(NotThisTopic, (person_id, topic))
    if aside and row is None:
        session.add(NotThisTopic(person_id=person_id, topic=topic, set_at=now))
    elif not aside and row is not None:
        session.delete(row)
    session.flush()


def topics_of(person_id: int) -> set[str]:
    """The content notes that this person asked not to meet."""
    return set(session.scalars(select(NotThisTopic.topic).where(NotThisTopic.person_id == person_id)))


def topics_of_members(enrolment_ids: Iterable[int]) -> dict[int, set[str]]:
    """Enrolment to their topics."""
    found: dict[int, set[str]] = {}
    for enrolment_id, topic in session.execute(
        select(Enrolment.id, NotThisTopic.topic)
        .join(NotThisTopic, NotThisTopic.person_id == Enrolment.person_id)
        .where(Enrolment.id.in_(list(enrolment_ids)))
    ):
        found.setdefault(enrolment_id, set()).add(topic)
    return found
