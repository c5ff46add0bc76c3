"""Beginnings of sentences for those who answer homework: each leaves a gap for what only its reader can say."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import About, FeedbackStarter, Starters, Text, hookimpl

about = About(
    api_version=1,
    label=Text("Starters for feedback", "Amorces de rétroaction"),
    summary=Text(
        "Beginnings of sentences for trainers who answer homework, in English and French.",
        "Des débuts de phrase pour qui répond aux travaux, en français et en anglais.",
    ),
    sees=Text("nothing", "rien"),
)

STARTERS = (
    FeedbackStarter(
        en="I could hear ... when you wrote ...",
        fr="J'ai entendu ... quand vous avez écrit ...",
        field="came_through",
    ),
    FeedbackStarter(
        en="What stayed with me is ...",
        fr="Ce qui m'est resté, c'est ...",
        field="came_through",
    ),
    FeedbackStarter(
        en="You noticed ..., and that made room for ...",
        fr="Vous avez remarqué ..., et cela a fait de la place pour ...",
        field="came_through",
    ),
    FeedbackStarter(
        en="Your moment with ... shows how you ...",
        fr="Votre moment avec ... montre comment vous ...",
        field="came_through",
    ),
    FeedbackStarter(
        en="Next time, you could try ... and see what ...",
        fr="La prochaine fois, vous pourriez essayer ... et voir ce que ...",
        field="to_try",
    ),
    FeedbackStarter(
        en="One small step from here could be ...",
        fr="Un petit pas à partir d'ici pourrait être ...",
        field="to_try",
    ),
    FeedbackStarter(
        en="When ... comes up again, it may help to ...",
        fr="Quand ... reviendra, cela peut aider de ...",
        field="to_try",
    ),
    FeedbackStarter(
        en="What was it about ... that mattered to you?",
        fr="Qu'est-ce qui comptait pour vous dans ...?",
        field="question",
    ),
    FeedbackStarter(
        en="You write about ... What happened right before?",
        fr="Vous parlez de ... Que s'est-il passé juste avant?",
        field="question",
    ),
    FeedbackStarter(
        en="If ... were here with you, what would you want them to know?",
        fr="Si ... était là avec vous, que voudriez-vous lui dire?",
        field="question",
    ),
)


class GeneralStarters(Starters):
    name = "general"
    label = Text("For any text", "Pour tout texte")

    def starters(self) -> tuple[FeedbackStarter, ...]:
        return STARTERS


@hookimpl
def feedback_starters() -> Iterable[Starters]:
    return (GeneralStarters(),)
