"""The trainers' board: each group as it is now, and whom to visit first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lms.features.roleplay.seating import Seating
from lms.features.roleplay.timeline import Moment

A_MONTH = timedelta(days=30)
Why = Literal["help", "waits", "moment", "not_seen", "supporter"]
PRESSING: tuple[Why, ...] = ("help", "waits", "moment")


@dataclass(frozen=True, slots=True)
class GroupNow:
    """One group: where its clock is, who sits where (`seating` is None outside the rounds), what it asked for and has not got
    (`asks`: "help", "moment"), and when each trainer was with it in this role play."""

    number: int
    moment: Moment
    seating: Seating | None
    members: tuple[int, ...]
    card: str
    asks: tuple[str, ...] = ()
    seen: tuple[tuple[int, datetime], ...] = ()

    @property
    def waits(self) -> bool:
        """Too few are left to play."""
        return self.seating is not None and self.seating.waits and not self.moment.over

    @property
    def supporter(self) -> int | None:
        return self.seating.supporter if self.seating else None

    @property
    def supported(self) -> tuple[int, ...]:
        """Whoever supports, first, and those who did so before in this round."""
        if self.seating is None:
            return ()
        people = dict.fromkeys((self.seating.supporter, *self.seating.supported))
        return tuple(who for who in people if who is not None)


@dataclass(frozen=True, slots=True)
class Visit:
    """A group worth a visit, and why, the strongest reason first."""

    group: GroupNow
    why: tuple[Why, ...]

    @property
    def presses(self) -> bool:
        """The group itself asks for somebody, or cannot go on."""
        return self.why[0] in PRESSING


def whom_to_visit(groups: Iterable[GroupNow], seen_as_supporter: Collection[int]) -> tuple[Visit, ...]:
    """The groups that are worth a visit, the most pressing first: who asks for somebody, who cannot play, who needs a moment;
    then groups that nobody has seen yet, and supporters whom whoever asks has not seen in that seat lately."""
    found = [Visit(group, _why(group, seen_as_supporter)) for group in groups]
    return tuple(sorted((visit for visit in found if visit.why), key=_pressing))


ORDER: tuple[Why, ...] = ("help", "waits", "moment", "not_seen", "supporter")


def _why(group: GroupNow, seen_as_supporter: Collection[int]) -> tuple[Why, ...]:
    true: dict[Why, bool] = {
        "help": "help" in group.asks,
        "waits": group.waits,
        "moment": "moment" in group.asks,
        "not_seen": not group.seen,
        "supporter": group.supporter is not None and group.supporter not in seen_as_supporter,
    }
    return tuple(why for why in ORDER if true[why])


def _pressing(visit: Visit) -> tuple[list[int], int]:
    return [ORDER.index(why) for why in visit.why], visit.group.number


def in_order(groups: Iterable[GroupNow]) -> tuple[GroupNow, ...]:
    """Groups that ask for something first, then by number."""
    return tuple(sorted(groups, key=lambda group: (not (group.asks or group.waits), group.number)))
