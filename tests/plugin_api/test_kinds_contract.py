"""`check_activity_type` tells authors of a kind of homework what would trouble people later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from lms.plugin_api import (
    Activity,
    ActivityType,
    Answer,
    Choice,
    Field,
    Form,
    Guide,
    NoOptions,
    Part,
    Reasons,
    Text,
)
from lms.plugin_api.testing import check_activity_type, check_provider

GARDEN = Text("Garden", "Jardin")
ACTIVITY = Activity(id="a-bed", kind="garden", title=GARDEN, minutes=5, body=GARDEN)


class Garden(ActivityType):
    """A kind that keeps its contract."""

    name = "garden"
    label = GARDEN
    fields: ClassVar[tuple[Field, ...]] = (
        Field("text", GARDEN),
        Field("beds", GARDEN, kind="choices", choices=(Choice("a", GARDEN), Choice("b", GARDEN)), after="text"),
    )

    def form(self, activity: Activity, options: NoOptions) -> tuple[Field, ...]:
        return self.fields

    def read(self, activity: Activity, options: NoOptions, form: Form) -> Answer | Reasons:
        text = form.get("text", "").strip() or ("With a file / Avec un fichier" if form.files else "")
        return Answer(text, {"text": text}) if text else Reasons({"text": GARDEN})

    def show(self, activity: Activity, options: NoOptions, answer: Answer) -> tuple[Part, ...]:
        return (Part(GARDEN, answer.text),)


def garden(**different: Any) -> ActivityType:
    made: ActivityType = type("Garden", (Garden,), different)()
    return made


def test_a_kind_that_keeps_its_contract() -> None:
    check_activity_type(garden(), ACTIVITY)
    check_provider(garden())


BREACHES: list[tuple[dict[str, Any], str]] = [
    ({"check": lambda *_: ["The bed is dry."]}, "The bed is dry."),
    ({"guide": lambda *_: (Guide(Text("Water", "")),)}, "lacks a language"),
    ({"fields": (Field("text", GARDEN), Field("text", GARDEN))}, "two fields are called 'text'"),
    ({"fields": (Field("text", GARDEN, after="later"),)}, "comes after 'later'"),
    ({"fields": (Field("text", GARDEN, kind="choice"),)}, "and its choices"),
    ({"fields": (Field("text", GARDEN, kind="pick", choices=(Choice("a", GARDEN),) * 2),)}, "a choice twice"),
    ({"read": lambda *_: Answer("")}, "readable by itself"),
    ({"read": lambda *_: Answer("x", {"at": datetime(2026, 5, 5, tzinfo=UTC)})}, "not JSON serializable"),
    ({"read": lambda *_: Reasons({"text": GARDEN})}, "every field filled in is no answer"),
    ({"read": lambda _s, _a, _o, form: Answer(form["text"])}, "text"),
    (
        {"read": lambda _s, _a, _o, form: Answer("x") if form.get("text") else Reasons({"text": GARDEN})},
        "'audio' without words is an answer too",
    ),
    (
        {"read": lambda _s, _a, _o, form: Answer("x") if form or form.files else Reasons({"other": GARDEN})},
        "reasons for fields that are not asked",
    ),
    ({"show": lambda *_: ()}, "shows nothing"),
    ({"show": lambda _s, _a, _o, answer: (Part(GARDEN, answer.data["text"]),)}, "text"),
    ({"show": lambda _s, _a, _o, answer: (Part(GARDEN, str(answer.data.get("text"))),)}, "the text alone is shown too"),
]


@pytest.mark.parametrize(("different", "sentence"), BREACHES)
def test_what_would_trouble_people_is_told(different: dict[str, Any], sentence: str) -> None:
    with pytest.raises((AssertionError, KeyError, TypeError), match=sentence):
        check_activity_type(garden(**different), ACTIVITY)
    with pytest.raises((AssertionError, KeyError, TypeError), match=sentence):
        check_provider(garden(**different, examples=(ACTIVITY,)))
