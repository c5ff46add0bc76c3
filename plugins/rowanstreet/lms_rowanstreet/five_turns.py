"""Role play for groups of five: five short rounds, so that each of the five supports once."""

from __future__ import annotations

from lms.plugin_api import FormatShape, RolePlayFormat, Step, Text

FIVE_TURNS = RolePlayFormat(
    "five-turns",
    FormatShape(
        label=Text("five turns, in groups up to five", "cinq tours, en groupes de cinq au plus"),
        summary=Text(
            "Five short rounds: in a group of five, each person supports once.",
            "Cinq tours courts\u00a0: dans un groupe de cinq, chaque personne soutient une fois.",
        ),
        rounds=5,
        before=(Step(kind="set_up", minutes=3),),
        each_round=(
            Step(kind="read", minutes=1),
            Step(kind="play", minutes=4),
            Step(kind="feedback", minutes=3),
        ),
        after=(
            Step(kind="de_role", minutes=2),
            Step(
                kind="together",
                minutes=5,
                label=Text("tea, and what we take along", "le thé, et ce que nous retenons"),
            ),
        ),
    ),
)
