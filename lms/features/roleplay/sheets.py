"""Sheets after a round: what each seat is asked, and who can read what was written. Pure.

The order of the seats is the order of speaking: the supporter first, for themselves; then the person; then who observed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.values import Text

SeatName = Literal["supporter", "person", "observer"]
SPEAKING: tuple[SeatName, ...] = ("supporter", "person", "observer")
MOST_SIGNS = 2_000  # in one answer

Audience = Literal["self", "supporter", "trainers"]


@dataclass(frozen=True, slots=True)
class Question:
    """One line to write on. `name` is its key in the words of a sheet."""

    name: str
    label: Text
    help: Text | None = None


QUESTIONS: Mapping[SeatName, tuple[Question, ...]] = {
    "supporter": (
        Question("liked", Text("What did I like?", "Qu'est-ce que j'ai aimé?")),
        Question("again", Text("What would I try again?", "Qu'est-ce que j'essaierais de nouveau?")),
    ),
    "person": (
        Question("heard", Text("When did I feel heard?", "À quel moment ai-je senti qu'on m'écoutait?")),
        Question(
            "less_heard",
            Text("When did I feel less heard?", "À quel moment ai-je senti qu'on m'écoutait un peu moins?"),
        ),
    ),
    "observer": (
        Question(
            "words",
            Text("The words I heard", "Les mots que j'ai entendus"),
            Text("You said: ...", "Vous avez dit : ..."),
        ),
        Question(
            "effect",
            Text("What it seemed to do", "L'effet que cela semblait avoir"),
            Text("One line, if you like.", "Une ligne, si vous voulez."),
        ),
        Question(
            "try",
            Text("One thing to try", "Une chose à essayer"),
            Text("Next time you could ...", "La prochaine fois, vous pourriez..."),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What stands on a sheet: ids of the card's lines, and words by the name of their question."""

    ticks: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None

    @property
    def empty(self) -> bool:
        return not self.ticks and not self.words


def seat_named(name: str) -> SeatName:
    """The seat of this name. Raises StopIteration for any other word."""
    return next(seat for seat in SPEAKING if seat == name)


def content_of(seat: SeatName, card: ScenarioCard | None, ticks: Collection[str], typed: Mapping[str, str]) -> Content:
    """What was sent, as it is kept: lines of this card in its order, words that are not blank, nothing else."""
    lines = [line.id for line in card.roles.observer.look_for] if card and seat == "observer" else []
    words = {q.name: typed[q.name].strip() for q in QUESTIONS[seat] if typed.get(q.name, "").strip()}
    return Content(tuple(id for id in lines if id in ticks), words)


def both(before: Content, now: Content) -> Content:
    """Two writings of one sheet by its writer, neither of which knew the other: all ticks, and both texts where they
    differ."""
    older, newer = before.words or {}, now.words or {}
    words = {name: _joined(older.get(name, ""), newer.get(name, "")) for name in {**older, **newer}}
    return Content(tuple(dict.fromkeys((*before.ticks, *now.ticks))), words)


def _joined(older: str, newer: str) -> str:
    if not newer or newer in older:
        return older
    return newer if older in newer else f"{older}\n{newer}"


def audience_of(seat: SeatName, trainers_read: bool) -> Audience:
    """Who can read a sheet besides its writer. What a supporter writes for themselves stays with them."""
    if seat == "supporter":
        return "self"
    return "trainers" if trainers_read else "supporter"
