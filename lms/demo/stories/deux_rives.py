"""Maison Deux-Rives: a small second organization with the host's own course in French, and nothing but built-ins."""

from __future__ import annotations

from lms.demo.story import ADMIN, TRAINER, Colleague, Door, GroupStory, Story
from lms.plugin_api.values import Status, Text

SPRING = GroupStory(
    "host:first-welcome",
    "Accueil du printemps",
    ("Maël Gagnon", "Inès Bouchard", "Tom Ouellet", "Rania Aziz", "Luce Pelletier"),
    leads=("Léa",),
    days=(-4, 1, 3, 8),
    language="fr",
    link="https://meet.deux-rives.example/room",
    away={1: {"Tom": Status.LATE}},
    homework={"Maël": 0, "Tom": 0, "Rania": 0, "Luce": 0},
)

STORY = Story(
    "Maison Deux-Rives",
    "deux-rives",
    (Colleague("Camille Roy", ADMIN, "fr"), Colleague("Léa Morin", TRAINER, "fr")),
    (SPRING,),
    support_phone="819-555-0117",
    language="fr",
    time_zone="America/Montreal",
    province="QC",
    doors=(
        Door(
            "mael",
            "mael@deux-rives.example",
            Text("Maël, trainee at the second organization", "Maël, en formation à la deuxième organisation"),
            Text(
                "A short course in French, behind its own walls.",
                "Une courte formation en français, entre ses propres murs.",
            ),
            "home",
        ),
    ),
)
