"""The formats of role play that come with the host: threes of three lengths, pairs, one pair in the middle, a trainer in
the person's role. Times are minutes."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import About, FormatShape, RolePlayFormat, Step, Text, hookimpl

about = About(
    api_version=1,
    label=Text("Formats of role play", "Formules de jeu de rôle"),
    summary=Text(
        "Threes, pairs, one pair in the middle, and a trainer in the person's role.",
        "En trios, en paires, une paire au milieu, et une personne formatrice dans le rôle de la personne.",
    ),
    sees=Text("nothing", "rien"),
)


def round_of(read: int, play: int, feedback: int) -> tuple[Step, ...]:
    return (
        Step(kind="read", minutes=read),
        Step(kind="play", minutes=play),
        Step(kind="feedback", minutes=feedback),
    )


def set_up(minutes: int) -> tuple[Step, ...]:
    return (Step(kind="set_up", minutes=minutes),)


def out_of_role(together: int) -> tuple[Step, ...]:
    return (Step(kind="de_role", minutes=2), Step(kind="together", minutes=together))


TRIAD = RolePlayFormat(
    "triad",
    FormatShape(
        label=Text("in threes", "en trios"),
        summary=Text(
            "Everyone supports, plays the person and observes, once each.",
            "Chaque personne soutient, joue et observe, une fois chacune.",
        ),
        before=set_up(3),
        each_round=round_of(read=1, play=5, feedback=4),
        after=out_of_role(together=5),
    ),
)
SHORT_TRIAD = RolePlayFormat(
    "short-triad",
    FormatShape(
        label=Text("short, in threes", "court, en trios"),
        summary=Text("For the end of a class.", "Pour la fin d'une séance."),
        before=set_up(2),
        each_round=round_of(read=1, play=3, feedback=2),
        after=out_of_role(together=4),
    ),
)
LONG_TRIAD = RolePlayFormat(
    "long-triad",
    FormatShape(
        label=Text("long, in threes", "long, en trios"),
        summary=Text("For people who have practised a while.", "Pour qui s'exerce depuis un moment."),
        before=set_up(3),
        each_round=round_of(read=1, play=15, feedback=8),
        after=out_of_role(together=5),
    ),
)
DYAD = RolePlayFormat(
    "dyad",
    FormatShape(
        label=Text("in pairs", "en paires"),
        summary=Text(
            "Two people, then the other way round. In threes there is a place to observe: choose pairs with care.",
            "Deux personnes, puis l'inverse. En trio, on peut observer\u00a0: choisissez les paires avec soin.",
        ),
        groups="pairs",
        rounds=2,
        before=set_up(2),
        each_round=round_of(read=1, play=4, feedback=3),
        after=out_of_role(together=5),
    ),
)
FISHBOWL = RolePlayFormat(
    "fishbowl",
    FormatShape(
        label=Text("one pair, the others observe", "une paire, les autres observent"),
        summary=Text(
            "Everyone in one circle. Whoever watches looks for one thing, and may take the supporter's place.",
            "Tout le monde en un cercle. Qui observe cherche une seule chose, et peut prendre la place de soutien.",
        ),
        groups="circle",
        rounds=1,
        before=set_up(2),
        each_round=round_of(read=1, play=6, feedback=10),
        after=out_of_role(together=5),
        tag_in=True,
        lenses=(
            Text("Words that opened something", "Les mots qui ont ouvert quelque chose"),
            Text("What the silence did", "Ce que le silence a permis"),
            Text("Voice, face and hands of the supporter", "La voix, le visage et les mains de qui soutient"),
            Text("Who chose where it went", "Qui a choisi la direction"),
            Text("A moment when the person felt heard", "Un moment où la personne s'est sentie entendue"),
        ),
    ),
)
TRAINER_IN_ROLE = RolePlayFormat(
    "trainer-in-role",
    FormatShape(
        label=Text("a trainer plays the person", "une personne formatrice joue la personne"),
        summary=Text(
            "For a first time, or a card that asks for care: whoever watches takes over as supporter after a few words.",
            "Pour une première fois, ou une carte délicate\u00a0: qui observe prend la relève après quelques échanges.",
        ),
        groups="circle",
        rounds=1,
        before=set_up(2),
        each_round=round_of(read=1, play=10, feedback=5),
        after=out_of_role(together=5),
        trainer_plays=True,
        tag_in=True,
    ),
)


@hookimpl
def role_play_formats() -> Iterable[RolePlayFormat]:
    return (TRIAD, SHORT_TRIAD, LONG_TRIAD, DYAD, FISHBOWL, TRAINER_IN_ROLE)
