"""Practice for one: every way leads on, nobody is left in a corner, and what is wrong is told with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lms.plugin_api.files import read_course
from lms.plugin_api.solo import LONGEST, SoloPractice, check_practice
from tests.plugin_api.course_factory import CourseFolder

FILE = "practice/by-the-door.yaml"


def two(words: str) -> dict[str, str]:
    return {"en": words, "fr": words}


def choice(to: str, fit: str = "opens") -> dict[str, Any]:
    return {"text": two("Hello."), "to": to, "fit": fit, "why": two("It is short.")}


def chain(moments: int) -> dict[str, Any]:
    """A practice whose longest way has so many moments; each of them can also end at once."""
    names = [f"n{number}" for number in range(1, moments + 1)]
    return {
        "version": 1,
        "title": two("By the door"),
        "setting": two("A hallway."),
        "skill_focus": ["listening"],
        "start": "n1",
        "nodes": {
            name: {"says": two("Well?"), "choices": [choice(follows), choice("goes", "closes")]}
            for name, follows in zip(names, [*names[1:], "stays"], strict=True)
        },
        "endings": [{"id": "stays", "summary": two("They stay.")}, {"id": "goes", "summary": two("They go.")}],
        "author": "Northside",
        "licence": "CC BY 4.0",
    }


def told(course: CourseFolder, practice: dict[str, Any]) -> list[str]:
    course.write(FILE, yaml.safe_dump(practice, sort_keys=False, default_flow_style=False))
    return [str(fault).partition("\n")[0] for fault in read_course(course.path).faults]


def made(practice: dict[str, Any]) -> SoloPractice:
    return SoloPractice.model_validate_json(
        json.dumps({**practice, "id": "by-the-door"}),
    )


def test_a_sound_practice_is_part_of_the_course(course: CourseFolder) -> None:
    assert told(course, chain(4)) == []
    found = read_course(course.path).course
    assert found is not None
    practice = found.practice("by-the-door")
    assert practice is not None
    assert practice.leads_to["n4"] == ("stays", "goes")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda p: p.update(start="n9"), "start: There is no moment 'n9' in 'nodes'."),
        (lambda p: p["nodes"]["n4"]["choices"][0].update(to="n9"), "to: 'n9' is neither a moment nor an ending."),
        (lambda p: p["nodes"]["n4"]["choices"][0].update(to="n2"), "nodes: A way goes round in a circle."),
        (lambda p: p["nodes"]["n2"]["choices"][0].update(to="n4"), "nodes.n3: No choice leads to 'n3'."),
        (lambda p: p["nodes"]["n4"]["choices"][0].update(to="goes"), "endings[0]: No choice leads to 'stays'."),
        (
            lambda p: p["nodes"]["n2"]["choices"][0].update(fit="early"),
            "nodes.n2.choices: None of these opens the door.",
        ),
        (lambda p: p["nodes"]["n2"].update(says=two("so " * 61)), "61 words in 'en': keep a moment to 60"),
        (lambda p: p["endings"][0].update(id="n2"), "The name 'n2' is taken."),
        (lambda p: p["endings"].pop(), "endings"),
        (lambda p: p["nodes"]["n2"]["says"].pop("fr"), "nodes.n2.says.fr"),
        (lambda p: p["nodes"]["n2"].update(choices=[choice("n3")]), "nodes.n2.choices"),
        (lambda p: p["nodes"]["n2"]["choices"][0].update(fit="right"), "nodes.n2.choices[0].fit"),
        (lambda p: p.update(id="other"), "'id' is not written here: it comes from the file."),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(course: CourseFolder, change: Any, sentence: str) -> None:
    practice = chain(5)
    change(practice)
    faults = told(course, practice)
    assert any(sentence in fault and fault.startswith("welcome/practice/by-the-door.yaml:") for fault in faults), faults


@pytest.mark.parametrize("moments", [3, 11])
def test_a_way_that_is_too_short_or_too_long_is_told(course: CourseFolder, moments: int) -> None:
    [fault] = told(course, chain(moments))
    assert f"The longest way has {moments} moments. Make it 4 to 10." in fault


def test_a_file_that_is_no_mapping_is_told(course: CourseFolder) -> None:
    course.write(FILE, "- just\n- a list\n")
    assert read_course(course.path).faults


def test_only_a_way_to_an_end_can_be_followed() -> None:
    practice = made(chain(4))
    whole = practice.follows([0, 0, 0, 0])
    assert whole is not None
    assert [found.to for _moment, found in whole] == ["n2", "n3", "n4", "stays"]
    for nowhere in ([], [0], [0, 0, 0, 0, 0], [7], [-1], [1, 0]):
        assert practice.follows(nowhere) is None


@given(st.lists(st.integers(-2, 5), max_size=LONGEST + 2))
def test_a_way_is_followed_to_an_end_or_not_at_all(path: list[int]) -> None:
    practice = made(chain(6))
    walked = practice.follows(path)
    assert walked is None or (len(walked) == len(path) and practice.ending(walked[-1][1].to) is not None)


def test_a_practice_from_anywhere_is_checked_alike() -> None:
    """The same sentences without a folder, as a plugin's own tests would ask."""
    practice = chain(4)
    practice["nodes"]["n3"]["choices"][1]["to"] = "nowhere"
    said: list[str] = []
    check_practice(made(practice), lambda _part, _where, sentence: said.append(sentence))
    assert said == ["'nowhere' is neither a moment nor an ending. Name one of them."]
