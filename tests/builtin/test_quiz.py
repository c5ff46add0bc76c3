"""The quiz: whatever is sent is read, kept and compared; nothing is counted."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lms.builtin.homework import Quiz
from lms.builtin.homework.quiz import QuizOptions
from lms.plugin_api import Activity, Answer, Form, Part, Reasons, Text


def both(words: str) -> dict[str, str]:
    return {"en": words, "fr": f"{words} (fr)"}


def choice(id: str) -> dict[str, Any]:
    return {"id": id, **both(f"Choice {id}"), "why": both(f"Because of {id}")}


CHOICES = [choice("tea"), choice("soup"), choice("bread")]
PAIRS = [{"left": both(f"left {n}"), "right": both(f"right {n}"), "why": both(f"why {n}")} for n in (3, 1, 2)]
GIVEN = {
    "questions": [
        {"ask": both("One?"), "kind": "single", "choices": CHOICES, "fits": ["tea"]},
        {"ask": both("Several?"), "kind": "multiple", "choices": CHOICES, "fits": ["tea", "bread"], "own_words": False},
        {"ask": both("Which belong together?"), "kind": "match", "pairs": PAIRS},
        {
            "ask": both("What is it?"),
            "kind": "short",
            "answers": [{"en": "Tea", "fr": "Thé"}],
            "why": both("It is hot"),
        },
    ]
}
KIND = Quiz()
TEXT = Text("A quiz", "Un questionnaire")
ACTIVITY = Activity(id="a-quiz", kind="quiz", title=TEXT, minutes=5, options=GIVEN, body=TEXT)
OPTIONS: QuizOptions = KIND.read_options(GIVEN)  # type: ignore[assignment]
FIELDS = {field.name: field for field in KIND.form(ACTIVITY, OPTIONS)}

anything = st.text(st.characters(codec="utf-8"), max_size=40)
offered = {name: [c.value for c in field.choices] for name, field in FIELDS.items()}


def sent_for(name: str) -> st.SearchStrategy[str]:
    """Anything, and where there are choices often some of them, in any order."""
    if not offered[name]:
        return anything
    return anything | st.lists(st.sampled_from(offered[name])).map("\n".join)


forms = st.fixed_dictionaries({}, optional={name: sent_for(name) for name in FIELDS}) | st.dictionaries(
    anything, anything
)


def read(fields: dict[str, str]) -> Answer | Reasons:
    return KIND.read(ACTIVITY, OPTIONS, Form(fields))


def compared(fields: dict[str, str]) -> tuple[Part, ...]:
    answer = read(fields)
    assert isinstance(answer, Answer)
    return KIND.show(ACTIVITY, OPTIONS, answer)


@given(forms)
def test_whatever_is_sent_is_an_answer_or_a_reason(fields: dict[str, str]) -> None:
    reading = read(fields)
    if isinstance(reading, Reasons):
        assert set(reading.by_field) <= set(FIELDS)
        return
    for question in OPTIONS.questions:
        assert question.ask.en in reading.text
    kept = Answer(reading.text, json.loads(json.dumps(dict(reading.data))))
    assert KIND.show(ACTIVITY, OPTIONS, kept) == KIND.show(ACTIVITY, OPTIONS, reading)


@given(forms)
def test_reading_is_repeatable_and_reads_its_own_answers_the_same(fields: dict[str, str]) -> None:
    reading = read(fields)
    if isinstance(reading, Answer):
        assert read(dict(reading.data["answers"])) == reading


@given(forms)
def test_only_what_was_offered_is_taken_and_every_choice_has_its_why(fields: dict[str, str]) -> None:
    reading = read(fields)
    if isinstance(reading, Reasons):
        return
    answers = reading.data["answers"]
    for name, values in offered.items():
        if values:
            taken = [value for value in answers[name].split("\n") if value]
            assert set(taken) <= set(values)
            assert len(taken) <= (len(values) if FIELDS[name].kind == "choices" else 1)
    single, several, match, short = KIND.show(ACTIVITY, OPTIONS, reading)
    assert [c.fits for c in single.choices] == [True, False, False]
    assert [c.fits for c in several.choices] == [True, False, True]
    assert all(c.why for part in (single, several) for c in part.choices)
    assert sum(c.fits is True for c in match.choices) == len(PAIRS)
    assert all(c.why for c in match.choices if c.fits)
    assert short.why is not None


@given(forms)
def test_nothing_is_counted(fields: dict[str, str]) -> None:
    reading = read(
        {name: "" if FIELDS.get(name) and not FIELDS[name].choices else sent for name, sent in fields.items()}
    )
    if isinstance(reading, Answer):
        assert "%" not in reading.text
        assert set(reading.data) == {"answers"}


def test_right_sides_stand_in_an_order_that_tells_nothing() -> None:
    assert [c.label.en for c in FIELDS["match3_1"].choices] == ["right 1", "right 2", "right 3"]
    assert FIELDS["match3_1"].group == Text("Which belong together?", "Which belong together? (fr)")


def test_a_pair_that_was_put_elsewhere_is_shown_beside_the_one_that_fits() -> None:
    (_single, _several, match, _short) = compared({"match3_1": "2", "match3_2": "2"})
    shown = [(c.label.en, c.taken, c.fits) for c in match.choices]
    assert shown[:3] == [
        ("left 3 → right 1", True, False),
        ("left 3 → right 3", False, True),
        ("left 1 → right 1", True, True),
    ]


def test_a_short_answer_fits_in_either_language_whatever_its_case_and_accents() -> None:
    for words, fits in (("the", True), ("THÉ!", True), (" tea ", True), ("teapot", False), ("?", False)):
        assert [c.taken for c in compared({"words4": words})[3].choices] == [fits], words
