"""Whoever is new to role play sits with people who know how it goes."""

from __future__ import annotations

from itertools import combinations
from typing import ClassVar

from lms.plugin_api import GroupingWishes, PairWish, PlayedSoFar, Text

APART = 40


class NewcomersAmongOthers(GroupingWishes):
    """Two people without a single round should rather not share a group, as long as others have played already."""

    name = "newcomers-among-others"
    label = Text("Newcomers among others", "Les nouvelles personnes parmi les autres")
    summary: ClassVar[Text] = Text(
        "Whoever has not played yet sits with people who have, where numbers allow it.",
        "Qui n'a pas encore joué s'assoit avec des personnes qui l'ont fait, si les nombres le permettent.",
    )

    def wishes(self, people: tuple[int, ...], so_far: PlayedSoFar) -> tuple[PairWish, ...]:
        new = [who for who in people if not so_far.supporter.get(who) and not so_far.person.get(who)]
        if len(new) == len(people):
            return ()
        return tuple(PairWish(a, b, APART) for a, b in combinations(new, 2))[:500]
