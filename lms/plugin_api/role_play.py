"""What a plugin may add to role play: formats, wishes for the groups, decks of scenario cards."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from lms.plugin_api.contracts import Provider
from lms.plugin_api.scenes import FormatShape
from lms.plugin_api.values import Text

MOST_WEIGHT = 100


class RolePlayFormat(Provider):
    """A format of role play that classes may name. It is data alone: nothing of the plugin runs while people play.

    `name` is of lower-case letters, digits and hyphens, as course files say it.
    """

    shape: FormatShape

    def __init__(self, name: str, shape: FormatShape) -> None:
        self.name = name  # type: ignore[misc]
        self.label = shape.label  # type: ignore[misc]
        self.shape = shape


@dataclass(frozen=True, slots=True)
class PlayedSoFar:
    """What the classes so far add up to, by people's numbers. A pair has the smaller number first."""

    met: Mapping[tuple[int, int], int] = field(default_factory=lambda: MappingProxyType({}))
    met_last_time: frozenset[tuple[int, int]] = frozenset()
    supporter: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    person: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class PairWish:
    """Two people who should rather not sit together (`weight` from 1), or rather should (down to -1). The most is 100: as
    much as having met three times; what trainers set always counts for more."""

    a: int
    b: int
    weight: int


class GroupingWishes(Provider):
    """Wishes about who sits with whom, for organizations that have turned the plugin on. It learns numbers, never names."""

    summary: ClassVar[Text]

    @abstractmethod
    def wishes(self, people: tuple[int, ...], so_far: PlayedSoFar) -> tuple[PairWish, ...]:
        """The wishes for a class of `people`. Pure: same input, same answer. Asked whenever groups are formed."""
