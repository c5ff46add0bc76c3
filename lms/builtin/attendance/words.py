"""Sentences about minutes and modules, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from lms.plugin_api import Text
from lms.plugin_api.attendance.words import how_many, listed, together

MAKE_UP_COUNTS = Text("An accepted make-up counts too.", "Une reprise acceptée compte aussi.")


def duration(minutes: int) -> Text:
    """ "27 hours", "1 hour 30 minutes", "45 minutes"."""
    hours, rest = divmod(minutes, 60)
    english, french = [], []
    if hours:
        english.append(f"{hours} {'hour' if hours == 1 else 'hours'}")
        french.append(f"{hours} {'heure' if hours == 1 else 'heures'}")
    if rest or not hours:
        english.append(f"{rest} {'minute' if rest == 1 else 'minutes'}")
        french.append(f"{rest} {'minute' if rest < 2 else 'minutes'}")
    return Text(" ".join(english), " ".join(french))


def out_of(part: int, whole: int) -> Text:
    """ "6 of 16 hours"; "45 minutes of 2 hours" where the two are not both in whole hours."""
    some, all_of_it = duration(part), duration(whole)
    if part and not part % 60 and not whole % 60:
        return Text(f"{part // 60} of {all_of_it.en}", f"{some.fr} sur {whole // 60}")
    return Text(f"{some.en} of {all_of_it.en}", f"{some.fr} sur {all_of_it.fr}")


def most_of_module(module: Text, most: int) -> Text:
    if not most:
        return Text(
            f"Come to every class of “{module.en}”.",
            f"Venez à toutes les séances du module «\u00a0{module.fr}\u00a0».",
        )
    many = how_many(most)
    return Text(
        f"Of “{module.en}” you can miss {many.en} at most.",
        f"Du module «\u00a0{module.fr}\u00a0», vous pouvez manquer {many.fr} au plus.",
    )


def limit_of_module(module: Text, most: int) -> Text:
    """The same for whoever missed more than that."""
    if not most:
        return Text(
            f"The rule asks for every class of “{module.en}”.",
            f"La règle demande toutes les séances du module «\u00a0{module.fr}\u00a0».",
        )
    many = how_many(most)
    return Text(
        f"Of “{module.en}” the rule lets you miss {many.en}.",
        f"Du module «\u00a0{module.fr}\u00a0», la règle permet de manquer {many.fr}.",
    )


def each_once(make_ups: bool) -> Text:
    once = Text("Come to each module once.", "Suivez chaque module une fois.")
    return together((once, MAKE_UP_COUNTS)) if make_ups else once


def modules_so_far(have: int, need: int, *, ended: bool) -> Text:
    english = f"{need} {'module' if need == 1 else 'modules'}"
    french = f"{have} {'module' if have < 2 else 'modules'} sur {need}"
    if ended:
        return Text(f"You took part in {have} of {english}.", f"Vous avez suivi {french}.")
    return Text(f"You took part in {have} of {english} so far.", f"Vous avez suivi {french} jusqu'ici.")


def modules_not_taken(modules: Sequence[Text]) -> Text:
    """Modules of which nothing is left to come, and that the rule asks for once."""
    english, french = _quoted(modules)
    return Text(
        f"You missed {english}. The rule asks for each module once.",
        f"Vous avez manqué {'le module' if len(modules) == 1 else 'les modules'} {french}. "
        "La règle demande chaque module une fois.",
    )


def can_make_up_one(module: Text, numbers: Sequence[int]) -> Text:
    """A missed module, and the classes of which any one is enough."""
    choice = [str(number) for number in numbers]
    return Text(
        f"You can make up class {listed(choice, 'or')} for “{module.en}”.",
        f"Vous pouvez reprendre la séance {listed(choice, 'ou')} pour le module «\u00a0{module.fr}\u00a0».",
    )


def come_for(modules: Sequence[Text]) -> Text:
    """The next class of each of these modules is the last one."""
    english, french = _quoted(modules)
    return Text(
        f"Please come to the next class of {english}.",
        f"Venez à la prochaine séance {'du module' if len(modules) == 1 else 'des modules'} {french}, s'il vous plaît.",
    )


def _quoted(modules: Sequence[Text]) -> tuple[str, str]:
    english = [f"“{module.en}”" for module in modules]
    french = [f"«\u00a0{module.fr}\u00a0»" for module in modules]
    return listed(english, "and"), listed(french, "et")
