"""What plugins put beside the host's own pages, asked through the guard: frameworks, reports, cards on Today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import islice
from typing import Any

from lms.host import answers
from lms.host.documents import Documents
from lms.host.guard import Guard, PluginFault
from lms.host.plugins import PluginHost, Provided
from lms.plugin_api.frameworks import FrameworkItem
from lms.plugin_api.reports import Card, GroupFacts, Table

# Plugins that an organization has turned on, each with its settings there.
Enabled = Mapping[str, Mapping[str, Any]]


def offered(host: PluginHost, hook: str, enabled: Collection[str]) -> list[Provided]:
    """The providers of a hook that belong to the host, or to a plugin that is turned on; as the plugins list them."""
    found = host.providers[hook].values()
    return [provided for provided in found if provided.plugin.built_in or provided.plugin.name in enabled]


def framework_items(guard: Guard, name: str) -> tuple[FrameworkItem, ...]:
    """The items of a framework, asked once for each host; none where it cannot say, or is not here."""
    provided = guard.host.provided("competency_frameworks", name)
    if provided is None:
        return ()
    if name not in guard.items:
        try:
            guard.items[name] = guard.call(
                provided.plugin.name,
                f"{name}.items",
                lambda: tuple(islice(provided.provider.items(), answers.MAX_ITEMS + 1)),
                fits=answers.are_items,
                waited_for=False,
            )
        except PluginFault:
            guard.items[name] = ()
    return guard.items[name]


def report(guard: Guard, provided: Provided, facts: GroupFacts, organization: int, enabled: Enabled) -> Table:
    """The table of a report for an organization. Raises PluginFault."""
    plugin = provided.plugin
    settings = guard.own_settings(plugin, enabled.get(plugin.name, {}))
    store = Documents(plugin.name, organization)
    make, place = provided.provider.make, f"{provided.provider.name}.make"
    table: Table = guard.call(
        plugin.name, place, make, facts, settings, store, fits=answers.is_table, hears_people=True
    )
    return table


def card(guard: Guard, provided: Provided, day: date, organization: int, enabled: Enabled) -> Card | None:
    """The card of a day for an organization; None where there is none, or the plugin cannot say."""
    plugin = provided.plugin
    try:
        settings = guard.own_settings(plugin, enabled.get(plugin.name, {}))
        store = Documents(plugin.name, organization)
        ask, place = provided.provider.card, f"{provided.provider.name}.card"
        found: Card | None = guard.call(
            plugin.name, place, ask, day, settings, store, fits=answers.is_card_or_none, hears_people=True
        )
    except PluginFault:
        return None
    return found
