"""Forming groups for a class, giving each a card, and setting a topic aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from lms.features.cohorts.models import Meeting
from lms.features.roleplay.models import FormedGroups, NotThisTopic, Seat
from lms.features.roleplay.rules import Group, Grouping, History, form_groups
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import ScenarioCard


def form_anew(
    meeting_id: int,
    present: Sequence[int],
    history: History,
    cards: Sequence[ScenarioCard],
    topics: Mapping[int, set[str]],
    *,
    rounds: int,
    by: int,
    organization: int,
    now: datetime,
    seen: int | None = None,
) -> Grouping | None:
    """Groups of the enrolments that are present, seated and with a card each; kept as a new version.

    `seen` is the version that stood on the page (0 for none): where there is a newer one by now, as after a second
    click, that one stays, and None is returned.
    """
    if len(present) < 2:
        raise Refused(_l("Two people are needed at least. Mark who is here first."))
    locked(Meeting, meeting_id)
    last = (
        session.scalar(
            select(func.max(FormedGroups.version)).where(FormedGroups.meeting_id == meeting_id, FormedGroups.pair == 0)
        )
        or 0
    )
    if seen is not None and seen != last:
        return None
    version = last + 1
    grouping = form_groups(present, history, seed=f"{meeting_id}:{version}", rounds=rounds)
    formed = FormedGroups(
        meeting_id=meeting_id,
        version=version,
        cards={str(g.number): card_for(g, cards, topics).id for g in grouping.groups},
        formed_by=by,
        formed_at=now,
    )
    session.add(formed)
    session.flush()
    for group in grouping.groups:
        for number, turn in enumerate(group.rounds, start=1):
            for seat in turn.seats:
                session.add(
                    Seat(
                        groups_id=formed.id,
                        group_number=group.number,
                        round_number=number,
                        enrolment_id=seat.who,
                        role=seat.role,
                    )
                )
    audit.note("roleplay.groups_formed", f"meeting:{meeting_id}", at=now, by=by, organization=organization)
    return grouping


def card_for(group: Group, cards: Sequence[ScenarioCard], topics: Mapping[int, set[str]]) -> ScenarioCard:
    """A card for the group that nobody in it asked not to meet; the groups take turns with the cards."""
    set_aside = {topic for member in group.members for topic in topics.get(member, ())}
    fitting = [card for card in cards if not set_aside & set(card.content_notes)]
    if not fitting:
        raise Refused(
            _l("No card fits every group. Choose another card for this class, or play it with one as trainer.")
        )
    return fitting[(group.number - 1) % len(fitting)]


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
