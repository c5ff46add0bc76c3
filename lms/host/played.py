"""Whether what a plugin adds to role play is what was asked for."""

from __future__ import annotations

from pydantic import ValidationError

from lms.plugin_api.decks import LoadedDeck
from lms.plugin_api.role_play import MOST_WEIGHT, PairWish, RolePlayFormat
from lms.plugin_api.scenes import FormatShape, ScenarioCard, Step

MOST_WISHES, MOST_CARDS = 500, 300


def fault_of_format(format: RolePlayFormat) -> str:
    """What is wrong with a format's shape; "" when nothing is."""
    shape = getattr(format, "shape", None)
    if type(shape) is not FormatShape:
        return "its shape must be a FormatShape"
    try:
        FormatShape.model_validate_json(shape.model_dump_json())
    except ValidationError as error:
        first = error.errors()[0]
        return f"its shape: {'.'.join(map(str, first['loc'])) or 'all of it'}: {first['msg']}"
    texts = (shape.label, shape.summary, *shape.lenses, *(step.label for step in _steps(shape) if step.label))
    return "" if all(text.complete() for text in texts) else "its shape needs words in both languages"


def _steps(shape: FormatShape) -> tuple[Step, ...]:
    return (*shape.before, *shape.each_round, *shape.after)


def are_wishes(value: object) -> bool:
    """A few pairs of two people, each with a weight."""
    return (
        type(value) is tuple
        and len(value) <= MOST_WISHES
        and all(
            type(w) is PairWish
            and type(w.a) is type(w.b) is type(w.weight) is int
            and w.a != w.b
            and 0 < abs(w.weight) <= MOST_WEIGHT
            for w in value
        )
    )


def is_deck(value: object) -> bool:
    """Cards with names of their own, as their files have them."""
    return (
        type(value) is LoadedDeck
        and type(value.cards) is tuple
        and len(value.cards) <= MOST_CARDS
        and all(type(card) is ScenarioCard and ":" not in card.id for card in value.cards)
        and len({card.id for card in value.cards}) == len(value.cards)
        and all(_stands(card) for card in value.cards)
    )


def _stands(card: ScenarioCard) -> bool:
    """A model can be built without being checked; what courses keep is checked."""
    try:
        return ScenarioCard.model_validate_json(card.model_dump_json(by_alias=True)) == card
    except ValidationError:
        return False
