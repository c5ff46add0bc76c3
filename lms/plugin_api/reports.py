"""What a plugin may add to pages of the host, as data: a report about a group, a card on Today."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from lms.plugin_api.contracts import Provider
from lms.plugin_api.store import Store
from lms.plugin_api.values import Ledger, Text, VerdictStatus


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a group as a report sees them: the name, the ledger, where they stand with each outcome."""

    name: str
    ledger: Ledger
    standings: Mapping[str, VerdictStatus] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group as a report sees it, on the day when it is asked for, in the group's time zone."""

    group: str
    course: Text
    day: date
    time_zone: str
    people: tuple[Participant, ...] = ()


Cell = str | int | float | date | Text | None


@dataclass(frozen=True, slots=True)
class Table:
    """A report as it is shown and downloaded: as many cells in each row as there are columns."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text | None = None


class Report(Provider):
    """A table about a group, for those who coordinate it. Pure but for reading the plugin's own store."""

    summary: ClassVar[Text]

    @abstractmethod
    def make(self, facts: GroupFacts, settings: Any, store: Store) -> Table:
        """The table. `settings` are the organization's for this plugin."""


@dataclass(frozen=True, slots=True)
class Card:
    """A few lines on Today, with a link at most (https)."""

    title: Text
    lines: tuple[Text, ...]
    link: str = ""
    link_label: Text | None = None


class TodayCard(Provider):
    """A card for the trainees of an organization that has turned the plugin on. It learns nothing about who reads it."""

    @abstractmethod
    def card(self, day: date, settings: Any, store: Store) -> Card | None:
        """The card of this day; None where there is nothing to say. Asked at most once a day for each organization."""
