"""A card on Today: one core value for each week of the year, in turn."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from lms.plugin_api import Card, Options, Setting, Store, Text, TodayCard
from lms_peerstandards.canada import VALUES, BritishColumbia, CoreValues

LISTS = {"core-values": CoreValues, "bc-values": BritishColumbia}


class StandardsSettings(Options):
    """What an organization chooses."""

    weekly: Annotated[
        Literal["core-values", "bc-values", "none"],
        Setting(
            Text(
                "A value for each week, on the page Today of trainees", "Une valeur par semaine, à la page Aujourd'hui"
            ),
            help=Text("One card below what their course asks.", "Une carte sous ce que demande leur formation."),
            choices={
                "core-values": CoreValues.label,
                "bc-values": BritishColumbia.label,
                "none": Text("None", "Aucune"),
            },
        ),
    ] = "core-values"


class ValueOfTheWeek(TodayCard):
    name = "value-of-the-week"
    label = Text("A value for this week", "Une valeur pour cette semaine")

    def card(self, day: date, settings: StandardsSettings, store: Store) -> Card | None:
        chosen: Any = LISTS.get(settings.weekly)
        if chosen is None:
            return None
        values = [item for item in chosen.listed if item.certain and (item.group is None or item.group == VALUES)]
        value = values[day.isocalendar().week % len(values)]
        return Card(self.label, (value.name, ASK))


ASK = Text(
    "Where did you meet it lately? Nobody asks you to answer.",
    "Où l'avez-vous croisée ces derniers temps? Personne ne vous demande de répondre.",
)
