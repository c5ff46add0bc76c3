"""What the attendance rule says, in both languages. Times are written in hours, as people say them."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import MakeUp, Text

MINUTES = Text("minutes", "minutes")
NOTHING_YET = Text("No class has been marked yet.", "Aucune présence n'a encore été notée.")
HALF = Text(
    "A class counts as missed when you were there for less than half of it.",
    "Une séance compte comme manquée si vous y étiez pour moins de la moitié.",
)
COME = Text("Please come to all the rest.", "Venez à toutes les autres, s'il vous plaît.")
TALK = Text(
    "Choose a make-up with your trainer. What is made up no longer counts as missed.",
    "Choisissez une reprise avec l'équipe de formation. Ce qui est repris ne compte plus comme manqué.",
)
OTHER_GROUP = MakeUp(
    "other-group",
    Text("The same class with another group", "La même séance avec un autre groupe"),
    Text("It replaces all of the class, with role play.", "Elle remplace toute la séance, jeu de rôle compris."),
    "class",
)
WITH_TRAINER = MakeUp(
    "with-trainer",
    Text("Time with a trainer", "Un moment avec l'équipe de formation"),
    Text(
        "About one hour for each three that you missed. You read the lessons, talk them over and play one card together. "
        "It replaces the class.",
        "Environ une heure pour trois heures manquées. Vous lisez les leçons, vous en parlez et vous jouez une carte "
        "ensemble. Cela remplace la séance.",
    ),
    "one-to-one",
)
READ_AND_TALK = MakeUp(
    "read-and-talk",
    Text("Reading, and twenty minutes by phone", "Lecture, et vingt minutes au téléphone"),
    Text("It replaces a class without role play.", "Cela remplace une séance sans jeu de rôle."),
)


def hours(minutes: int) -> str:
    """ "27 h" or "2 h 30", the same in both languages."""
    whole, rest = divmod(minutes, 60)
    return f"{whole}\u00a0h\u00a0{rest:02}" if rest else f"{whole}\u00a0h"


def rule(need: int, misses: int) -> Text:
    if not misses:
        plays = Text("Come to every class with role play.", "Venez à toutes les séances avec jeu de rôle.")
    else:
        plays = Text(
            f"Miss at most {misses} {'class' if misses == 1 else 'classes'} with role play.",
            f"Manquez au plus {misses} séance{'' if misses == 1 else 's'} avec jeu de rôle.",
        )
    in_all = Text(
        f"Be there for at least {hours(need)} of the training.",
        f"Soyez là pour au moins {hours(need)} de la formation.",
    )
    return together((in_all, plays, HALF))


def so_far(have: int) -> Text:
    return Text(f"You have been there for {hours(have)}.", f"Vous avez été là pendant {hours(have)}.")


def needed(need: int) -> Text:
    return Text(f"{hours(need)} are needed.", f"Il en faut {hours(need)}.")


def may_miss(spare: int) -> Text:
    if not spare:
        return Text("There is no more time to miss.", "Il ne reste plus de temps à manquer.")
    return Text(f"You may still miss {hours(spare)}.", f"Vous pouvez encore manquer {hours(spare)}.")


def missed(lost: int, allowed: int) -> Text:
    return Text(
        f"You missed {hours(lost)}. The rule lets you miss {hours(allowed)}.",
        f"Vous avez manqué {hours(lost)}. La règle permet d'en manquer {hours(allowed)}.",
    )


def plays_missed(numbers: list[int], allowed: int) -> Text:
    listed = ", ".join(str(number) for number in numbers)
    return Text(
        f"Classes with role play that you missed: {listed}. The rule lets you miss {allowed}.",
        f"Séances avec jeu de rôle que vous avez manquées\u00a0: {listed}. La règle permet d'en manquer {allowed}.",
    )


def together(sentences: Iterable[Text]) -> Text:
    told = tuple(sentences)
    return Text(" ".join(s.en for s in told), " ".join(s.fr for s in told))
