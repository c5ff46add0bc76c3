"""What was seen of somebody as supporter: lines of cards, ticked by trainers (with a name) and by observers (as counts)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lms.plugin_api.content import Course
from lms.plugin_api.values import Text

# The lines that somebody ticked on one card.
Ticked = tuple[str, Iterable[str]]
CODE = "seen"


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line of a card, with how often trainers and observers saw it."""

    text: Text
    by_trainers: int
    by_observers: int


def codes_of(noted: Iterable[Ticked]) -> tuple[str, ...]:
    """What trainers noted as evidence of a verdict: "seen:card:line:times", the line seen most often first."""
    times = Counter((card, line) for card, lines in noted for line in lines)
    return tuple(f"{CODE}:{card}:{line}:{count}" for (card, line), count in times.most_common())


def read_codes(course: Course, codes: Iterable[str]) -> list[tuple[Text, int]]:
    """The lines in such evidence with how often each was seen; of cards that the course still has."""
    texts = _texts(course)
    found = []
    for code in codes:
        what, _, rest = code.partition(":")
        card, _, rest = rest.partition(":")
        line, _, times = rest.partition(":")
        if what == CODE and (card, line) in texts and times.isdecimal():
            found.append((texts[card, line], int(times)))
    return found


def lines_seen(course: Course, noted: Iterable[Ticked], ticked: Iterable[Ticked]) -> list[LineSeen]:
    """Every line that anybody saw, in the order of the cards; the same words on two cards are one line."""
    texts = _texts(course)
    trainers, observers = _by_words(texts, noted), _by_words(texts, ticked)
    known = dict.fromkeys(text for text in texts.values() if trainers[text] or observers[text])
    return [LineSeen(text, trainers[text], observers[text]) for text in known]


def _by_words(texts: dict[tuple[str, str], Text], ticked: Iterable[Ticked]) -> Counter[Text]:
    return Counter(texts[card, line] for card, lines in ticked for line in lines if (card, line) in texts)


def by_competency(course: Course, noted: Iterable[Ticked], ticked: Iterable[Ticked]) -> list[LineSeen]:
    """The items of the course's frameworks that cards practise: in how many role plays trainers saw something of them, and
    observers did. Items of which nobody saw anything are in it with 0; where the course names none, it is empty."""
    items = {card.id: card.competencies for card in course.cards}
    trainers, observers = _by_item(items, noted), _by_item(items, ticked)
    named = dict.fromkeys(item for codes in items.values() for item in codes if item in course.framework_names)
    return [LineSeen(course.framework_names[item], trainers[item], observers[item]) for item in named]


def _by_item(items: dict[str, tuple[str, ...]], ticked: Iterable[Ticked]) -> Counter[str]:
    return Counter(item for card, lines in ticked if list(lines) for item in items.get(card, ()))


def _texts(course: Course) -> dict[tuple[str, str], Text]:
    return {
        (card.id, line.id): Text(line.en, line.fr) for card in course.cards for line in card.roles.observer.look_for
    }
