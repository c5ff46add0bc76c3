"""Sentences about minutes and modules, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from lms.plugin_api import Text
from lms.plugin_api.attendance.words import how_many, listed


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


def each_once(make_ups: bool) -> Text:
    if make_ups:
        return Text(
            "Come to each module once. An accepted make-up counts too.",
            "Suivez chaque module une fois. Une reprise acceptée compte aussi.",
        )
    return Text("Come to each module once.", "Suivez chaque module une fois.")


def modules_so_far(have: int, need: int, *, ended: bool) -> Text:
    english = f"{need} {'module' if need == 1 else 'modules'}"
    french = f"{have} {'module' if have < 2 else 'modules'} sur {need}"
    if ended:
        return Text(f"You took part in {have} of {english}.", f"Vous avez suivi {french}.")
    return Text(f"You took part in {have} of {english} so far.", f"Vous avez suivi {french} jusqu'ici.")


def come_for(modules: Sequence[Text]) -> Text:
    """The next class of each of these modules is the last one."""
    titles = [f"“{module.en}”" for module in modules]
    french = [f"«\u00a0{module.fr}\u00a0»" for module in modules]
    return Text(
        f"Please come to the next class of {listed(titles, 'and')}.",
        f"Venez à la prochaine séance {'du module' if len(modules) == 1 else 'des modules'} {listed(french, 'et')}, "
        "s'il vous plaît.",
    )
