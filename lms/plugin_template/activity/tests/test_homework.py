"""What is asked, what is taken, what a reader sees."""

from __future__ import annotations

from lms_kittiwake import KittiwakeHomework, KittiwakeOptions

from lms.plugin_api import Answer, Form, Reasons

KIND = KittiwakeHomework()
(ACTIVITY,) = KIND.examples


def read(**fields: str) -> Answer | Reasons:
    return KIND.read(ACTIVITY, KittiwakeOptions(), Form(fields))


def test_it_asks_for_as_many_things_as_the_course_says() -> None:
    assert len(KIND.form(ACTIVITY, KittiwakeOptions(things=5))) == 5


def test_one_thing_is_enough() -> None:
    answer = read(thing2=" The tea was warm. ")
    assert isinstance(answer, Answer)
    assert answer.text == "- The tea was warm."
    (part,) = KIND.show(ACTIVITY, KittiwakeOptions(), answer)
    assert part.text == "The tea was warm."


def test_nothing_gets_a_sentence_beside_the_first_field() -> None:
    answer = read(thing1="   ")
    assert isinstance(answer, Reasons)
    assert set(answer.by_field) == {"thing1"}
