"""Decks of scenario cards that courses may name."""

from __future__ import annotations

import importlib.resources
from abc import abstractmethod
from dataclasses import dataclass, field

from lms.plugin_api.card_checks import check_card
from lms.plugin_api.contracts import Provider
from lms.plugin_api.files import read_cards
from lms.plugin_api.manifest import Fault
from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.values import Text


@dataclass(frozen=True)
class LoadedDeck:
    """The sound cards of a deck, and what is wrong with the others."""

    cards: tuple[ScenarioCard, ...] = ()
    faults: list[Fault] = field(default_factory=list)


class CardDeck(Provider):
    """Scenario cards for courses of organizations that have turned the plugin on. A class names one as `deck:card`; `name`
    is of lower-case letters, digits and hyphens."""

    @abstractmethod
    def deck(self) -> LoadedDeck:
        """Every card, with the faults found. Asked at start-up and by `lms check`."""


class FolderDeck(CardDeck):
    """The cards in a folder of a package: `FolderDeck("lms_mine", "quiet-evenings", Text(...))` reads
    `decks/quiet-evenings/cards/*.md`."""

    def __init__(self, package: str, name: str, label: Text, folder: str = "decks") -> None:
        self.name = name  # type: ignore[misc]
        self.label = label  # type: ignore[misc]
        self.root = importlib.resources.files(package) / folder / name

    def deck(self) -> LoadedDeck:
        loaded = read_cards(self.root)
        cards = loaded.readable.cards if loaded.readable else ()
        by_name = {card.id: card for card in cards}
        for card in cards:
            check_card(card, by_name, loaded.add_fault)
        faulty = {fault.file for fault in loaded.faults}
        sound = tuple(card for card in cards if loaded.manifests[f"card:{card.id}"].file not in faulty)
        return LoadedDeck(sound, loaded.faults)
