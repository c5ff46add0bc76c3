"""Forming the groups of a class: what they are formed from, and the groups as they would be kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from lms.features.grouping.by_hand import beside, seated_apart
from lms.features.grouping.formats import Format
from lms.features.grouping.formed import Formed
from lms.features.grouping.rules import Group, Grouping, History, Pair, form_groups, seated, told
from lms.features.grouping.wishes import Wishes
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.scenes import ScenarioCard


@dataclass(frozen=True)
class Facts:
    """What groups of a class are formed from. `weights` are what plugins wish: the cost of two people in one group. `pair` is
    the number of two who practise by themselves. `planned` are those of the `cards` that groups take turns with (all, when
    left out); the others are lighter ones to swap with."""

    meeting_id: int
    format: Format
    history: History
    cards: Sequence[ScenarioCard]
    wishes: Wishes = field(default_factory=Wishes)
    not_the_person: Collection[int] = frozenset()
    weights: Mapping[Pair, int] = field(default_factory=dict)
    pair: int = 0
    planned: Collection[str] = ()

    def seed(self, version: int) -> str:
        return f"{self.meeting_id}:{version}"


def propose(
    facts: Facts,
    present: Sequence[int],
    before: Formed | None,
    *,
    anew: bool = False,
    small: bool = False,
    resting: Collection[int] = (),
) -> Grouping:
    """The groups of those who are present, as they would be kept: the same until something changes.

    Locked groups stay. The others change as little as possible, unless they are to be mixed `anew` or were formed for another
    way of sitting together. With `small`, five make a three and a pair. Those among the present who are `resting` get no seat
    to play in: they observe, and so have a place to come back to.
    """
    least, shape = 1 if facts.format.shape.trainer_plays else 2, facts.format.shape
    playing = [who for who in present if who not in resting]
    if len(playing) < least:
        raise Refused(_l("Two people are needed at least. Mark who is here first."))
    kept = before.grouping if before and before.format in ("", facts.format.name) else None
    if kept and before and anew:
        kept = Grouping(tuple(group for group in kept.groups if group.number in before.locked))
    if kept and resting:
        kept = Grouping(seated_apart(kept.groups, resting))
    formed = form_groups(
        playing,
        facts.history,
        seed=facts.seed(before.version + 1 if before else 1),
        keep_apart=facts.wishes.apart,
        keep_together=facts.wishes.together,
        not_as_person=facts.not_the_person,
        weights=facts.weights,
        keep=kept,
        locked=before.locked if before else (),
        made="small" if small and shape.groups == "threes" else shape.groups,
        rounds=shape.rounds,
        trainer_plays=shape.trainer_plays,
    )
    if not resting:
        return formed
    seats = before.grouping.groups if before else ()
    return as_told(facts, beside(formed.groups, sorted({*present} & {*resting}), seats, facts.wishes.apart))


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
