"""The questions of a quiz as a course file writes them, and what must hold of them.

Faults are raised where they stand, so that an author reads the line of the question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import pydantic

from lms.builtin.homework.wording import repeated, repeated_texts
from lms.plugin_api import Options, Text
from lms.plugin_api.content_base import Id


class Labelled(Options):
    """Something to choose, `{id: wait, en: "...", fr: "..."}`."""

    id: Id
    en: str
    fr: str

    @property
    def label(self) -> Text:
        return Text(self.en, self.fr)


class QuizChoice(Labelled):
    """`why` is shown with it afterwards, whether it was taken or not."""

    why: Text


class Pair(Options):
    """Two things that belong together. A pair with one side alone cannot be written."""

    left: Text
    right: Text
    why: Text


QUESTION_KINDS = Literal["single", "multiple", "match", "short"]
# Which keys a question of each kind has besides `ask`, `kind` and `why`.
KEYS = {
    "single": ("choices", "fits", "own_words"),
    "multiple": ("choices", "fits", "own_words"),
    "match": ("pairs",),
    "short": ("answers",),
}


class Question(Options):
    """`single` and `multiple` have `choices` and name in `fits` those that fit; `match` has `pairs`; `short` has
    `answers` that fit. `own_words: false` leaves out the field for one's own words before the choices."""

    ask: Text
    kind: QUESTION_KINDS
    own_words: bool = True
    choices: Annotated[tuple[QuizChoice, ...], pydantic.Field(max_length=8)] = ()
    fits: tuple[Id, ...] = ()
    pairs: Annotated[tuple[Pair, ...], pydantic.Field(max_length=8)] = ()
    answers: Annotated[tuple[Text, ...], pydantic.Field(max_length=8)] = ()
    why: Text | None = None

    @pydantic.model_validator(mode="after")
    def _holds_together(self) -> Question:
        found = [*self._foreign_keys(), *_CHECKS[self.kind](self)]
        if found:
            raise ValueError(" ".join(found))
        return self

    def _foreign_keys(self) -> Iterator[str]:
        mine = {"ask", "kind", "why", *KEYS[self.kind]}
        for key in sorted(self.model_fields_set - mine):
            yield f"A question of the kind '{self.kind}' has no '{key}'."


def repeated_choices(choices: Iterable[Labelled]) -> Iterator[str]:
    """Sentences about choices that cannot be told apart."""
    named = list(choices)
    for id in repeated(choice.id for choice in named):
        yield f"Two choices are called '{id}'. Give each its own id."
    for words in repeated_texts(choice.label for choice in named):
        yield f"Two choices say '{words}'."


def _choices(question: Question) -> Iterator[str]:
    ids = [choice.id for choice in question.choices]
    if len(ids) < 2:
        yield "Give at least two 'choices'."
    yield from repeated_choices(question.choices)
    for id in question.fits:
        if id not in ids:
            yield f"'{id}' in 'fits' is not one of the choices ({', '.join(ids) or 'there are none'})."
    for id in repeated(question.fits):
        yield f"'{id}' is named twice in 'fits'."
    if not question.fits:
        yield "Say in 'fits' what fits."
    elif question.kind == "single" and len(question.fits) > 1:
        yield "One choice is taken here, so 'fits' names one. For several, write 'kind: multiple'."


def _pairs(question: Question) -> Iterator[str]:
    if len(question.pairs) < 2:
        yield "Give at least two 'pairs'."
    for side in ("left", "right"):
        for words in repeated_texts(getattr(pair, side) for pair in question.pairs):
            yield f"'{words}' stands twice on the {side}: it could belong to either."


def _answers(question: Question) -> Iterator[str]:
    if not question.answers:
        yield "Give at least one of the 'answers' that fit."
    for words in repeated_texts(question.answers):
        yield f"'{words}' is twice among the answers."
    if question.why is None:
        yield "Say in 'why' what makes it fit."


_CHECKS = {"single": _choices, "multiple": _choices, "match": _pairs, "short": _answers}
