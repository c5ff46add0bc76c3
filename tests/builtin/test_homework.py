"""The kinds of homework that every host knows."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lms.builtin import homework
from lms.builtin.homework import Practice, Reading, Reflection
from lms.plugin_api import Activity, ActivityType, Answer, Form, Reasons, Text
from lms.plugin_api.testing import check_plugin, check_text

QUESTIONS = [{"en": "What happened?", "fr": "Que s'est-il passé?"}, {"en": "And then?", "fr": "Et ensuite?"}]


def an_activity(kind: str, **options: Any) -> Activity:
    text = Text("A slow walk", "Une lente promenade")
    return Activity(id="slow-walk", kind=kind, title=text, minutes=10, options=options, body=text)


def ask(kind: ActivityType, form: dict[str, str], **options: Any) -> Answer | Reasons:
    read = kind.read(an_activity(kind.name, **options), kind.read_options(options), Form(form))
    if isinstance(read, Reasons):
        for sentence in read.by_field.values():
            check_text(sentence)
    return read


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(homework)


def test_a_reading_asks_nothing_and_nobody_reviews_it() -> None:
    kind = Reading()
    assert not kind.reviewed
    assert kind.form(an_activity("reading"), kind.read_options({})) == ()
    assert isinstance(ask(kind, {}), Answer)


def test_a_reflection_is_one_text() -> None:
    kind = Reflection()
    (field,) = kind.form(an_activity("reflection"), kind.read_options({"prompts": QUESTIONS}))
    assert (field.name, field.kind, field.required) == ("text", "long", True)
    answer = ask(kind, {"text": "  I waited.\n\nIt was long.\n"}, prompts=QUESTIONS)
    assert answer == Answer("I waited.\n\nIt was long.")


@pytest.mark.parametrize("form", [{}, {"text": ""}, {"text": " \n\t"}])
def test_an_empty_reflection_gets_a_kind_sentence(form: dict[str, str]) -> None:
    read = ask(Reflection(), form, prompts=QUESTIONS)
    assert isinstance(read, Reasons)
    assert read.by_field["text"].en == "There is nothing here yet. A few lines are enough."


def test_a_practice_report_asks_each_question() -> None:
    kind, options = Practice(), {"try": {"en": "Wait.", "fr": "Attendre."}, "questions": QUESTIONS}
    activity, read_options = an_activity("practice", **options), kind.read_options(options)
    assert [f.label.en for f in kind.form(activity, read_options)] == ["What happened?", "And then?"]
    answer = ask(kind, {"answer1": "I waited. ", "answer2": " "}, **options)
    assert answer == Answer("What happened? / Que s'est-il passé?\nI waited.", {"answers": ("I waited.", "")})
    (part,) = kind.show(activity, read_options, answer)
    assert (part.label.fr, part.text) == ("Que s'est-il passé?", "I waited.")


def test_an_empty_practice_report_gets_a_kind_sentence() -> None:
    options = {"try": {"en": "Wait.", "fr": "Attendre."}, "questions": QUESTIONS}
    assert isinstance(ask(Practice(), {"answer1": " "}, **options), Reasons)


def test_an_answer_to_older_questions_is_shown_as_its_text() -> None:
    kind, options = Practice(), {"try": {"en": "Wait.", "fr": "Attendre."}, "questions": QUESTIONS}
    old = Answer("I waited.", {"answers": ["I waited."]})
    (part,) = kind.show(an_activity("practice", **options), kind.read_options(options), old)
    assert part.text == "I waited."


@pytest.mark.parametrize(
    "options",
    [{}, {"prompts": []}, {"prompts": QUESTIONS * 5}, {"prompts": ["x"]}, {"prompts": QUESTIONS, "audience": "all"}],
)
def test_options_of_a_reflection_are_checked(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Reflection().read_options(options)


def test_options_may_come_as_tuples_from_a_file_or_as_lists_from_the_database() -> None:
    kind = Reflection()
    assert kind.read_options({"prompts": tuple(QUESTIONS)}) == kind.read_options({"prompts": QUESTIONS})
