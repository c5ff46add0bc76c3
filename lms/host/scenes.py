"""What plugins add to role play, asked through the guard: formats, wishes for the groups, decks of cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lms.host.contributed import offered
from lms.host.guard import Guard, PluginFault
from lms.host.played import are_wishes
from lms.plugin_api.role_play import MOST_WEIGHT, PlayedSoFar
from lms.plugin_api.scenes import FormatShape
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
