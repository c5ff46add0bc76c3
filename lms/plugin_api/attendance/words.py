"""Sentences about presence, in both languages. Each function gives one sentence or two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lms.plugin_api.attendance.parts import at_least
from lms.plugin_api.values import Text

NUMBERS = {
    "en": ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "fr": ("aucune", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
}

CLASSES = Text("classes", "séances")
NOTHING_PLANNED = Text("No class is planned yet.", "Aucune séance n'est encore prévue.")
NOTHING_MARKED = Text("No class has been marked yet.", "Aucune présence n'est encore inscrite.")
TALK = Text("Talk with your trainer about what is possible.", "Voyez avec l'équipe de formation ce qui est possible.")
MAKE_UP_CLEARS = Text(
    "A class that you make up no longer counts as missed.", "Une séance reprise ne compte plus comme manquée."
)
EXCUSED_LEFT_OUT = Text(
    "A class does not count if you tell us ahead of time that you cannot come.",
    "Une séance n'est pas comptée si vous nous prévenez à l'avance de votre absence.",
)
ON_ITS_WAY_CLEARS = Text(
    "Once your make-up is accepted, the class no longer counts as missed.",
    "Une fois votre reprise acceptée, la séance ne compte plus comme manquée.",
)

WITH_ANOTHER_GROUP = Text("The same class with another group", "La même séance avec un autre groupe")
WITH_ANOTHER_GROUP_COVERS = Text(
    "You take the whole class, with other people.", "Vous suivez toute la séance, avec d'autres personnes."
)
ONE_TO_ONE = Text("One-to-one with a trainer", "En tête-à-tête avec l'équipe de formation")
ONE_TO_ONE_COVERS = Text(
    "You go through the class with a trainer and practise with them. The group itself cannot be replaced.",
    "Vous revoyez la séance avec une personne de l'équipe, et vous pratiquez ensemble. "
    "Rien ne remplace le groupe lui-même.",
)
RECORDING = Text("Watch the recording and write a reflection", "Regarder l'enregistrement et écrire une réflexion")
RECORDING_COVERS = Text(
    "You get the ideas of the class, at your own pace. It does not replace practice with others or a role play.",
    "Vous découvrez les idées de la séance à votre rythme. Cela ne remplace ni la pratique avec d'autres "
    "ni un jeu de rôle.",
)
PRACTICE = Text("Practise with somebody of the group", "Pratiquer avec une personne du groupe")
PRACTICE_COVERS = Text(
    "You practise as a pair and bring short notes. The talk with the whole group cannot be replaced.",
    "Vous pratiquez à deux et apportez de courtes notes. Rien ne remplace l'échange avec tout le groupe.",
)
READING_NOT_PRACTICE = Text(
    "This make-up covers the reading, not the practice with the group.",
    "Cette reprise couvre la lecture, pas la pratique en groupe.",
)
CLEARS_ONCE_ACCEPTED = Text(
    "Once it is accepted, the class no longer counts as missed.",
    "Une fois la reprise acceptée, la séance ne compte plus comme manquée.",
)
CLEAR_ONCE_ACCEPTED = Text(
    "Once they are accepted, the classes no longer count as missed.",
    "Une fois les reprises acceptées, les séances ne comptent plus comme manquées.",
)
CLASS_STILL_COUNTS = Text("The class still counts as missed.", "La séance compte encore comme manquée.")


def together(sentences: Iterable[Text]) -> Text:
    """One text of several sentences."""
    told = tuple(sentences)
    return Text(" ".join(s.en for s in told), " ".join(s.fr for s in told))


def never_miss(outcomes: Sequence[Text], modules: Sequence[Text], any_class: bool) -> Text:
    """Which modules some outcomes cannot do without."""
    english, quoted = listed([outcome.en for outcome in outcomes], "and"), _quoted(outcomes).fr
    who = Text(english, f"le résultat {quoted}" if len(outcomes) == 1 else f"les résultats {quoted}")
    what = classes_of(modules, any_class=any_class)
    if any_class:
        return Text(f"For {who.en}, you need {what.en}.", f"Pour {who.fr}, il faut {what.fr}.")
    return Text(f"For {who.en}, come to {what.en}.", f"Pour {who.fr}, venez à {what.fr}.")


def classes_of(modules: Sequence[Text], *, any_class: bool) -> Text:
    """ "every class of “Listening”", or at least one class of each of these modules."""
    names = _quoted(modules)
    several = len(modules) > 1
    if not any_class:
        return Text(
            f"every class of {names.en}", f"toutes les séances {'des modules' if several else 'du module'} {names.fr}"
        )
    if several:
        return Text(
            f"at least one class of each of these: {names.en}",
            f"au moins une séance de chacun de ces modules\u00a0: {names.fr}",
        )
    return Text(f"at least one class of {names.en}", f"au moins une séance du module {names.fr}")


def _quoted(texts: Sequence[Text]) -> Text:
    return Text(
        listed([f"“{text.en}”" for text in texts], "and"), listed([f"«\u00a0{text.fr}\u00a0»" for text in texts], "et")
    )


def listed(items: Sequence[str], word: str) -> str:
    """ "a, b and c", with this word before the last."""
    return f" {word} ".join(part for part in (", ".join(items[:-1]), items[-1]) if part)


def these_classes(numbers: Sequence[int]) -> Text:
    """ "class 3", "classes 3 and 5"."""
    each = [str(n) for n in numbers]
    one = len(numbers) == 1
    return Text(f"class{'' if one else 'es'} {listed(each, 'and')}", f"séance{'' if one else 's'} {listed(each, 'et')}")


def how_many(count: int) -> Text:
    return Text(f"{count} {'class' if count == 1 else 'classes'}", f"{count} {'séance' if count < 2 else 'séances'}")


def _in_words(count: int, language: str) -> str:
    words = NUMBERS[language]
    return words[count] if count < len(words) else str(count)


# -- the rule itself ----------------------------------------------------------------------------------------


def cap(may_miss: int) -> Text:
    if not may_miss:
        return Text("Come to every class.", "Venez à toutes les séances.")
    many = how_many(may_miss)
    return Text(
        f"Come to every class. You can miss {many.en} at most.",
        f"Venez à toutes les séances. Vous pouvez en manquer {may_miss} au plus.",
    )


def late_counts(minutes: int) -> Text:
    return Text(
        f"A class counts as missed when you come {minutes} minutes late or more.",
        f"Une séance compte comme manquée à partir de {minutes} minutes de retard.",
    )


def share_needed(percent: int) -> Text:
    part = at_least(percent)
    return Text(f"Be there for {part.en} of each class.", f"Soyez là pour {part.fr} de chaque séance.")


# -- where somebody stands ----------------------------------------------------------------------------------


def at_all(total: int) -> Text:
    if total == 1:
        return Text("You were at your class.", "Vous étiez à votre séance.")
    return Text(f"You were at all {total} classes.", f"Vous étiez aux {total} séances.")


def at_some(there: int, total: int) -> Text:
    return Text(f"You were at {there} of {total} classes.", f"Vous étiez à {there} des {total} séances.")


def so_far(there: int, marked: int) -> Text:
    if marked == 1:
        return Text("You were at your first class.", "Vous étiez à votre première séance.")
    if there == marked:
        return Text(f"You were at all {there} classes so far.", f"Vous étiez aux {there} séances jusqu'ici.")
    return Text(
        f"You were at {there} of {marked} classes so far.", f"Vous étiez à {there} des {marked} séances jusqu'ici."
    )


def missed_classes(count: int) -> Text:
    many = how_many(count)
    return Text(f"You missed {many.en}.", f"Vous avez manqué {many.fr}.")


def can_miss(count: int) -> Text:
    return Text(f"You can miss {count} more.", f"Vous pouvez encore en manquer {count}.")


def come_to_all(ahead: int) -> Text:
    if ahead == 1:
        return Text("Please come to the last one.", "Venez à la dernière, s'il vous plaît.")
    return Text("Please come to all the rest.", "Venez à toutes les autres, s'il vous plaît.")


def within_rule(missed: int, total: int) -> Text:
    many = how_many(missed)
    return Text(
        f"You missed {many.en} of {total}. That is within the rule.",
        f"Vous avez manqué {many.fr} sur {total}. La règle le permet.",
    )


# -- modules that may not be missed -------------------------------------------------------------------------


def missed_modules(missed: Sequence[tuple[Text, int]]) -> Text:
    """`missed`: title and number of missed classes of each module."""
    english = [_of_module(title.en, count) for title, count in missed]
    french = [
        f"{_in_words(count, 'fr') if count == 1 else count} séance{'s' if count > 1 else ''} "
        f"du module «\u00a0{title.fr}\u00a0»"
        for title, count in missed
    ]
    return Text(f"You missed {listed(english, 'and')}.", f"Vous avez manqué {listed(french, 'et')}.")


def _of_module(title: str, count: int) -> str:
    amount = str(count)
    if count == 1:
        amount = "an" if title[:1].lower() in "aeiou" and " " not in title else "a"
    noun = "class" if count == 1 else "classes"
    return f"{amount} {noun} of “{title}”" if " " in title else f"{amount} {title} {noun}"


def still_open(outcome: Text) -> Text:
    return Text(f"{outcome.en} is still open to you.", f"Le résultat «\u00a0{outcome.fr}\u00a0» vous reste ouvert.")


def needs_classes(outcome: Text, classes: int, modules: int, *, one_is_enough: bool) -> Text:
    if one_is_enough and classes > 1:
        en, fr = ("one of them", "une de ces séances") if modules == 1 else ("one of each", "une séance de chacun")
    else:
        en, fr = ("that class", "cette séance") if classes == 1 else ("those classes", "ces séances")
    return Text(f"{outcome.en} needs {en}.", f"Le résultat «\u00a0{outcome.fr}\u00a0» exige {fr}.")


def next_group(modules: Sequence[Text]) -> Text:
    """Which modules one can take later on."""
    names = _quoted(modules)
    return Text(
        f"You can take {names.en} with the next group.", f"Vous pourrez suivre {names.fr} avec le prochain groupe."
    )


def missed_with_next_group(classes: int) -> Text:
    """The same for so many missed classes."""
    one = classes == 1
    return Text(
        f"You can take the {'class' if one else 'classes'} you missed with the next group.",
        f"Vous pourrez suivre {'la séance manquée' if one else 'les séances manquées'} avec le prochain groupe.",
    )


def be_there_for(modules: Sequence[Text], *, any_class: bool) -> Text:
    what = classes_of(modules, any_class=any_class)
    return Text(f"Please come to {what.en}.", f"Venez à {what.fr}, s'il vous plaît.")


# -- what else to know about single classes -----------------------------------------------------------------


def partly_there(number: int, share: float) -> Text:
    if 0.45 <= share <= 0.55:
        return Text(
            f"You were there for half of class {number}.", f"Vous étiez là pour la moitié de la séance {number}."
        )
    return Text(f"You were there for part of class {number}.", f"Vous étiez là pour une partie de la séance {number}.")


def came_late(number: int, minutes: int) -> Text:
    return Text(
        f"You came {minutes} minutes late to class {number}.",
        f"Vous avez rejoint la séance {number} avec {minutes} minutes de retard.",
    )


def told_us(numbers: Sequence[int], *, all_missed: bool) -> Text:
    if all_missed:
        return Text("You told your trainer ahead of time.", "Vous aviez prévenu l'équipe de formation.")
    which = these_classes(numbers)
    article = "la" if len(numbers) == 1 else "les"
    return Text(
        f"You told your trainer before {which.en}.",
        f"Vous aviez prévenu l'équipe de formation avant {article} {which.fr}.",
    )


def told_us_ahead(numbers: Sequence[int]) -> Text:
    which = these_classes(numbers)
    to = "à la" if len(numbers) == 1 else "aux"
    return Text(
        f"You told us that you cannot come to {which.en}.",
        f"Vous nous avez dit que vous ne pouvez pas venir {to} {which.fr}.",
    )


def made_up(numbers: Sequence[int]) -> Text:
    which = these_classes(numbers)
    article = "la" if len(numbers) == 1 else "les"
    return Text(f"You made up {which.en}.", f"Vous avez repris {article} {which.fr}.")


def still_counts(classes: int, may_miss: int) -> Text:
    """After `made_up`. `may_miss` is 0 where naming the allowance would mislead."""
    en, fr = ("missed", "manquée" if classes == 1 else "manquées")
    if classes == 1 and may_miss == 1:
        en, fr = "the one you may miss", "celle que vous pouvez manquer"
    elif classes == 1 and may_miss > 1:
        en = f"one of the {_in_words(may_miss, 'en')} you may miss"
        fr = f"une des {_in_words(may_miss, 'fr')} que vous pouvez manquer"
    if classes == 1:
        return Text(f"It still counts as {en}.", f"Elle compte encore comme {fr}.")
    return Text(f"They still count as {en}.", f"Elles comptent encore comme {fr}.")


def waived(numbers: Sequence[int]) -> Text:
    which = these_classes(numbers)
    if len(numbers) == 1:
        return Text(f"Your absence from {which.en} does not count.", f"Votre absence à la {which.fr} ne compte pas.")
    return Text(f"Your absences from {which.en} do not count.", f"Vos absences aux {which.fr} ne comptent pas.")


def before_you_joined(numbers: Sequence[int]) -> Text:
    which = these_classes(numbers)
    if len(numbers) == 1:
        return Text(f"Class {numbers[0]} was before you joined.", f"La {which.fr} a eu lieu avant votre arrivée.")
    return Text(f"C{which.en[1:]} were before you joined.", f"Les {which.fr} ont eu lieu avant votre arrivée.")


def in_your_pause(numbers: Sequence[int]) -> Text:
    which = these_classes(numbers)
    if len(numbers) == 1:
        return Text(f"Class {numbers[0]} falls in your break.", f"La {which.fr} tombe pendant votre pause.")
    return Text(f"C{which.en[1:]} fall in your break.", f"Les {which.fr} tombent pendant votre pause.")


def left_out(numbers: Sequence[int]) -> Text:
    """Absences that were told before, where the rule leaves them out."""
    which = these_classes(numbers)
    if len(numbers) == 1:
        return Text(
            f"You told us before {which.en}, so it does not count.",
            f"Vous aviez averti l'équipe pour la {which.fr}, qui n'est donc pas comptée.",
        )
    return Text(
        f"You told us before {which.en}, so they do not count.",
        f"Vous aviez averti l'équipe pour les {which.fr}, qui ne sont donc pas comptées.",
    )


def on_the_way(state: str, numbers: Sequence[int]) -> Text:
    """Make-ups that are "asked", "agreed" or "done"."""
    which = these_classes(numbers)
    one = len(numbers) == 1
    english = f"Your make-up of {which.en} is" if one else f"Your make-ups of {which.en} are"
    french = f"Votre reprise de la {which.fr} est" if one else f"Vos reprises des {which.fr} sont"
    plural = "" if one else "s"
    if state == "agreed":
        return Text(f"{english} agreed.", f"{french} convenue{plural}.")
    if state == "done":
        return Text(
            f"{english} done and {'waits' if one else 'wait'} for your trainer.",
            f"{french} faite{plural} et {'attend' if one else 'attendent'} l'équipe de formation.",
        )
    to = "la" if one else "les"
    return Text(f"You asked to make up {which.en}.", f"Vous avez demandé à reprendre {to} {which.fr}.")


def can_make_up(numbers: Sequence[int]) -> Text:
    which = these_classes(numbers)
    return Text(
        f"You can make up {which.en}.", f"Vous pouvez reprendre {'la' if len(numbers) == 1 else 'les'} {which.fr}."
    )


def clears_once_accepted(classes: int) -> Text:
    """After `can_make_up`, where an accepted make-up clears the absence."""
    return CLEARS_ONCE_ACCEPTED if classes == 1 else CLEAR_ONCE_ACCEPTED


def count_in_this_run(total: int, cancelled: Sequence[int]) -> Text:
    """Why fewer classes count than were planned. `cancelled`: their numbers."""
    off, many = these_classes(cancelled), how_many(total)
    were = "was" if len(cancelled) == 1 else "were"
    off_fr = f"La {off.fr} est annulée" if len(cancelled) == 1 else f"Les {off.fr} sont annulées"
    return Text(
        f"C{off.en[1:]} {were} cancelled. {many.en} {'counts' if total == 1 else 'count'} in this run.",
        f"{off_fr}. {many.fr} {'compte' if total < 2 else 'comptent'} pour ce groupe.",
    )


# x
