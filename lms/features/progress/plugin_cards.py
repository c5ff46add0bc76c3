"""Cards of plugins on Today: below what a course asks, the same for all trainees of an organization on a day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from lms.features.cohorts.queries import Here
from lms.features.organizations.queries import enabled_in
from lms.host import contributed
from lms.host.web import Host, host, now, page
from lms.plugin_api.reports import Card

# One answer a day for each organization, as long as its settings stay: provider, organization, day, settings.
Key = tuple[str, int, date, str]
MAX_KEPT = 500


def of_today(groups: Sequence[Here]) -> list[Markup]:
    """The cards for somebody in these groups. One query, where any card is installed at all."""
    organizations = {here.organization.id: here.organization for here in groups if not here.ended}
    if not organizations or not host().guard.host.providers["today_cards"]:
        return []
    found = []
    for id, enabled in enabled_in(organizations).items():
        day = now().astimezone(ZoneInfo(organizations[id].time_zone)).date()
        found += cards_of(host(), id, day, enabled)
    return [_drawn(card) for card in found]


def cards_of(host: Host, organization: int, day: date, enabled: Mapping[str, dict[str, Any]]) -> list[Card]:
    """The cards of an organization on a day; each plugin is asked once, also one that cannot say."""
    kept: dict[Key, Card | None] = host.extras.setdefault("cards", {})
    found = []
    for provided in contributed.offered(host.guard.host, "today_cards", enabled):
        settings = json.dumps(enabled.get(provided.plugin.name, {}), sort_keys=True)
        key = (provided.provider.name, organization, day, settings)
        if key not in kept:
            if len(kept) >= MAX_KEPT:
                kept.clear()
            kept[key] = contributed.card(host.guard, provided, day, organization, enabled)
        if card := kept[key]:
            found.append(card)
    return found


def _drawn(card: Card) -> Markup:
    shown = page("progress/_card.html", card=card)
    return Markup(shown[0] if isinstance(shown, tuple) else shown)
