"""Whether what a plugin adds to role play is what was asked for."""

from __future__ import annotations

from pydantic import ValidationError

from lms.plugin_api.role_play import MOST_WEIGHT, PairWish, RolePlayFormat
from lms.plugin_api.scenes import FormatShape, Step

MOST_WISHES = 500


def fault_of_format(format: RolePlayFormat) -> str:
    """What is wrong with a format's shape; "" when nothing is."""
    shape = vars(format).get("shape")
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
