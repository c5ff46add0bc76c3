"""What of an organization stands on a plugin: running groups, certificates. Features above tell; the pages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.host.plugins import PluginHost


@dataclass(frozen=True)
class Use:
    """`what` stands on the plugin ("Spring evening group: its course"), and what `then` becomes of it when the plugin is
    turned off. `running` is false for what is finished, such as certificates."""

    what: Any
    then: Any
    running: bool = True


def uses_of_plugins(tellers: Sequence[Any], organization_id: int, plugins: PluginHost) -> Mapping[str, list[Use]]:
    """Plugin to everything that stands on it, of each of the `tellers` (host().plugin_uses)."""
    found: dict[str, list[Use]] = {}
    for tell in tellers:
        for plugin, uses in tell(organization_id, plugins).items():
            found.setdefault(plugin, []).extend(uses)
    return found
