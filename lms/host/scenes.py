"""What plugins add to role play, asked through the guard: formats, wishes for the groups, decks of cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lms.host.contributed import offered
from lms.host.guard import Guard, PluginFault
from lms.host.played import are_wishes, is_deck
from lms.plugin_api.content import Course
from lms.plugin_api.decks import LoadedDeck
from lms.plugin_api.role_play import MOST_WEIGHT, PlayedSoFar
from lms.plugin_api.scenes import FormatShape, ScenarioCard
from lms.plugin_api.values import Text


def wishes_of_plugins(
    guard: Guard, enabled: Collection[str], people: tuple[int, ...], so_far: PlayedSoFar
) -> tuple[dict[tuple[int, int], int], list[Text]]:
    """What the wishes of plugins add up to, for each pair; and the labels of those that could not be asked."""
    weights: dict[tuple[int, int], int] = {}
    silent = []
    for provided in offered(guard.host, "grouping_wishes", enabled):
        place = f"{provided.provider.name}.wishes"
        try:
            found = guard.call(
                provided.plugin.name,
                place,
                provided.provider.wishes,
                people,
                so_far,
                fits=are_wishes,
                hears_people=True,
            )
        except PluginFault:
            silent.append(provided.provider.label)
            continue
        for wish in found:
            if {wish.a, wish.b} <= set(people):
                pair = (min(wish.a, wish.b), max(wish.a, wish.b))
                weights[pair] = max(-MOST_WEIGHT, min(MOST_WEIGHT, weights.get(pair, 0) + wish.weight))
    return weights, silent


def formats_here(guard: Guard, enabled: Collection[str]) -> Mapping[str, FormatShape]:
    """The formats that come with the host, and those of plugins that are turned on; in the order of the plugins."""
    return {p.provider.name: p.provider.shape for p in offered(guard.host, "role_play_formats", enabled)}


# -- decks of cards -----------------------------------------------------------------------------------------


def deck_cards(guard: Guard, deck: str) -> tuple[ScenarioCard, ...]:
    """The cards of a deck under the names by which courses know them, "deck:card"; asked once for each host. What is wrong
    with a card is told like any fault of its plugin, and the card left out."""
    provided = guard.host.provided("scenario_cards", deck)
    if provided is None:
        return ()
    if deck not in guard.decks:
        plugin, place = provided.plugin.name, f"{deck}.deck"
        try:
            loaded = guard.call(plugin, place, provided.provider.deck, fits=is_deck, waited_for=False)
        except PluginFault:
            loaded = LoadedDeck()
        for fault in loaded.faults:
            guard.fault(plugin, place, str(fault))
        guard.decks[deck] = tuple(_under(deck, card) for card in loaded.cards)
    return guard.decks[deck]


def _under(deck: str, card: ScenarioCard) -> ScenarioCard:
    lighter = tuple(f"{deck}:{name}" for name in card.swap_with)
    return card.model_copy(update={"id": f"{deck}:{card.id}", "swap_with": lighter, "competencies": ()})


def cards_named(course: Course, guard: Guard) -> tuple[ScenarioCard, ...]:
    """The cards of decks that classes of the course name, and the lighter ones that they may be swapped with."""
    named = [name for plan in course.classes if plan.role_play for name in plan.role_play.cards if ":" in name]
    found = {card.id: card for name in named for card in deck_cards(guard, name.partition(":")[0])}
    wanted = [name for name in named if name in found]
    lighter = [name for one in wanted for name in found[one].swap_with if name in found]
    return tuple(found[name] for name in dict.fromkeys([*wanted, *lighter]))


def decks_here(guard: Guard, enabled: Collection[str]) -> list[tuple[Text, tuple[ScenarioCard, ...]]]:
    """Label and cards of each deck of a plugin that is turned on."""
    decks = offered(guard.host, "scenario_cards", enabled)
    return [(provided.provider.label, deck_cards(guard, provided.provider.name)) for provided in decks]
