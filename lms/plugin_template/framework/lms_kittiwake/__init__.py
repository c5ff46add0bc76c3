"""KITTIWAKE: what this organization wants people to learn, as a list that courses can be held against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType

from lms.plugin_api import About, Framework, FrameworkItem, Resource, Text, hookimpl

about = About(
    api_version=1,
    label=Text("KITTIWAKE", "KITTIWAKE_FR"),
    summary=Text(
        "A list of what people learn here, to hold courses against.",
        "Une liste de ce qu'on apprend ici, à laquelle comparer les formations.",
    ),
    sees=Text("nothing about people", "rien sur les personnes"),
)

WITH_PEOPLE = Text("With people", "Avec les gens")
WITH_YOURSELF = Text("With yourself", "Avec soi")


class KittiwakeFramework(Framework):
    name = "kittiwake"
    label = Text("KITTIWAKE: what we teach", "KITTIWAKE_FR : ce que nous enseignons")
    source = Text(
        "Our own list, agreed on by those who teach here.",
        "Notre propre liste, convenue par celles et ceux qui enseignent ici.",
    )
    # Course, module, codes: for courses whose files do not say it themselves.
    maps = MappingProxyType({"first-evening": {"a-first-step": ("listening", "limits")}})
    resources = (
        Resource(
            Text("Our guide for new trainers", "Notre guide pour les nouvelles personnes formatrices"),
            reviewed_on=date(2027, 1, 15),
            review_by=date(2028, 1, 15),
            about=Text("A binder in the office", "Un cartable au bureau"),
        ),
    )

    def items(self) -> Iterable[FrameworkItem]:
        return (
            FrameworkItem("listening", Text("Listening", "L'écoute"), WITH_PEOPLE),
            FrameworkItem("limits", Text("Kind limits", "Des limites chaleureuses"), WITH_PEOPLE),
            FrameworkItem("rest", Text("Rest in time", "Le repos à temps"), WITH_YOURSELF, certain=False),
        )


@hookimpl
def competency_frameworks() -> Iterable[Framework]:
    return (KittiwakeFramework(),)
