"""Peer standards: names of values, principles and competencies from public sources, to hold courses against."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import About, Framework, Text, TodayCard, hookimpl
from lms_peerstandards.canada import BritishColumbia, Competencies, Continuum, CoreValues, Knowledge, Principles
from lms_peerstandards.card import StandardsSettings, ValueOfTheWeek
from lms_peerstandards.elsewhere import Hee, Ips, Naps, Samhsa

about = About(
    api_version=1,
    label=Text("Peer standards", "Normes de pair-aidance"),
    summary=Text(
        "Shows which values, principles and competencies the modules of your courses teach, and which they leave out.",
        "Montre quelles valeurs, quels principes et quelles compétences vos formations enseignent, et ce qu'elles omettent.",
    ),
    sees=Text("nothing about people", "rien sur les personnes"),
    settings=StandardsSettings,
)


@hookimpl
def competency_frameworks() -> Iterable[Framework]:
    return (
        CoreValues(),
        Competencies(),
        Principles(),
        Knowledge(),
        Continuum(),
        BritishColumbia(),
        Samhsa(),
        Naps(),
        Hee(),
        Ips(),
    )


@hookimpl
def today_cards() -> Iterable[TodayCard]:
    return (ValueOfTheWeek(),)
