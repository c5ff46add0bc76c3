"""What differs between two revisions: equal courses in nothing, and every change is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from lms.features.programmes.differences import FIELDS, Section, differences
from lms.host.i18n import spoken
from lms.plugin_api import content
from lms.plugin_api.content import Activity, ClassPlan, Course, Module, Outcome, Requirement, Review
from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.solo import SoloPractice
from lms.plugin_api.values import Text


def both(words: str) -> Text:
    return Text(words, f"{words} (fr)")


def piece(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": "writing", "title": both(id.capitalize()), "minutes": 10, "body": both("Write."), **more}


def module(id: str, *activities: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": id,
        "title": both(id.capitalize()),
        "minutes": {"live": 60, "own": 30},
        "aims": (both("Be there"),),
        "activities": tuple(activities),
        "intro": both("Hello."),
    }


def meeting(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "title": both(f"Evening {number}"),
        "modules": ("hope",),
        "minutes": 90,
        "plan": both("Begin."),
    }


def course() -> dict[str, Any]:
    outcome = {"id": "done", "title": both("Done"), "meaning": both("All of it")}
    asked = {"id": "there", "kind": "attendance", "title": both("Being there"), "needed_for": ("done",)}
    return {
        "id": "small",
        "title": both("Small course"),
        "summary": both("Short."),
        "modules": (module("hope", piece("letter"), piece("walk")), module("limits", piece("note"))),
        "classes": (meeting(1), meeting(2)),
        "outcomes": (outcome,),
        "requirements": (asked,),
        "attendance": {"policy": "at-most-missed", "options": {"max_missed": 2}},
        "certificate": {"issuer": "plain"},
        "unread": ("walk",),
    }


def said(of: Course) -> Text | None:
    return both(f"Miss {of.attendance.options.get('max_missed', 0)}.") if of.attendance else None


def called(issuer: str) -> Text:
    return both(f"The {issuer} paper")


def changed(change: Callable[[dict[str, Any]], None]) -> list[Section]:
    raw = course()
    change(raw)
    return differences(Course.model_validate(course()), Course.model_validate(raw), said, called)


def lines(change: Callable[[dict[str, Any]], None]) -> dict[str, tuple[str, ...]]:
    return {section.title: section.lines for section in changed(change)}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("plain", "gold", "“The plain paper” made it. “The gold paper” makes it now."),
        ("plain", None, "“The plain paper” made it. No certificate is made any more."),
        (None, "gold", "No certificate was made. “The gold paper” makes it now."),
    ],
)
def test_who_makes_the_certificate_is_said_as_people_know_it(before: str | None, after: str | None, words: str) -> None:
    one, other = (
        Course.model_validate({**course(), "certificate": {"issuer": issuer} if issuer else None})
        for issuer in (before, after)
    )
    assert differences(one, other, said, called) == [Section("Certificate", (words,))]


def test_what_changed_in_the_same_way_is_one_line() -> None:
    def longer(raw: dict[str, Any]) -> None:
        for plan in raw["classes"]:
            plan["minutes"] += 5

    numbers = [plan["number"] for plan in course()["classes"]]
    (line,) = lines(longer)["Classes"]
    assert line.count("“") == len(numbers) > 1
    assert line.endswith(": the time.")


def test_equal_courses_differ_in_nothing() -> None:
    assert changed(lambda raw: None) == []


def with_modules(make: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw.update(modules=make(raw["modules"]))


def with_first(name: str, **more: Any) -> Callable[[dict[str, Any]], None]:
    """A change of the first of several parts."""
    return lambda raw: raw.update({name: ({**raw[name][0], **more}, *raw[name][1:])})


CASES: Mapping[str, tuple[Callable[[dict[str, Any]], None], str, tuple[str, ...]]] = {
    "a new module": (with_modules(lambda all: (*all, module("ends"))), "Modules", ("Added: Ends",)),
    "modules in another order": (with_modules(lambda all: all[::-1]), "Modules", ("They come in another order.",)),
    "a renamed module": (
        with_first("modules", title=both("Hopes")),
        "Modules",
        ("“Hope” is called “Hopes” now.",),
    ),
    "a title in the other language": (
        with_first("modules", title=Text("Hope", "Espoir")),
        "Modules",
        ("Hope: the title in the other language was changed.",),
    ),
    "a module's introduction": (
        with_first("modules", intro=both("Welcome.")),
        "Modules",
        ("Changed in “Hope”: the introduction.",),
    ),
    "the text of a piece": (
        with_first("modules", activities=(piece("letter", body=both("Write two.")), piece("walk"))),
        "Homework",
        ("Changed in “Letter”: the text.",),
    ),
    "a piece that is gone": (
        with_first("modules", activities=(piece("walk"),)),
        "Homework",
        ("No longer there: Letter",),
    ),
    "who reads a piece": (lambda raw: raw.update(unread=()), "Homework", ("Changed in “Walk”: who reads it.",)),
    "a new class": (
        lambda raw: raw.update(classes=(*raw["classes"], meeting(3))),
        "Classes",
        ("Added: 3. Evening 3",),
    ),
    "a longer class": (
        with_first("classes", minutes=120),
        "Classes",
        ("Changed in “1. Evening 1”: the time.",),
    ),
    "the rule": (
        lambda raw: raw.update(attendance={"policy": "at-most-missed", "options": {"max_missed": 3}}),
        "Attendance rule",
        ("Before: Miss 2.", "Now: Miss 3."),
    ),
    "options that say the same": (
        lambda raw: raw.update(
            attendance={"policy": "at-most-missed", "options": {"max_missed": 2, "excused": "counts"}}
        ),
        "Attendance rule",
        ("It says the same, with other options.",),
    ),
    "no rule any more": (
        lambda raw: raw.update(attendance=None),
        "Attendance rule",
        ("Before: Miss 2.", "Now: There is no rule about attendance."),
    ),
    "who decides": (
        with_first("outcomes", decided_by="coordinator"),
        "Outcomes",
        ("Changed in “Done”: who decides.",),
    ),
    "a requirement": (
        lambda raw: raw.update(requirements=()),
        "Requirements",
        ("No longer there: Being there",),
    ),
    "the issuer": (
        lambda raw: raw.update(certificate={"issuer": "gold"}),
        "Certificate",
        ("“The plain paper” made it. “The gold paper” makes it now.",),
    ),
    "the promise": (
        lambda raw: raw.update(review={"promise_days": 9}),
        "Feedback",
        ("Changed: the days until an answer.",),
    ),
    "a framework": (
        lambda raw: raw.update(frameworks=("values",), framework_names={"values": both("Values")}),
        "Frameworks",
        ("Added: Values",),
    ),
    "a picture": (lambda raw: raw.update(pictures={"a.png": "1" * 64}), "Pictures", ("Pictures were changed.",)),
    "the description": (
        lambda raw: raw.update(summary=both("Long.")),
        "Title and description",
        ("The description was changed.",),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_change_is_said_in_its_place_and_nowhere_else(case: str) -> None:
    change, section, expected = CASES[case]
    assert lines(change) == {section: expected}


def test_in_french() -> None:
    with spoken("fr"):
        assert lines(with_first("modules", title=both("Hopes"))) == {
            "Modules": ("«\xa0Hope (fr)\xa0» s'appelle maintenant «\xa0Hopes (fr)\xa0».",)
        }


# -- every change is named ----------------------------------------------------------------------------------

PARTS: tuple[type[BaseModel], ...] = (
    Module,
    Activity,
    ClassPlan,
    Outcome,
    Requirement,
    Review,
    ScenarioCard,
    SoloPractice,
)


def test_every_field_of_every_part_has_a_name() -> None:
    titles = {"id", "title", "number"}
    fields = {name for part in PARTS for name in part.model_fields} - titles
    assert fields <= set(FIELDS)
    assert set(FIELDS) - fields == {"module"}


def test_every_field_of_a_course_is_looked_at() -> None:
    """A new field of the course would be missing here until somebody says how its change reads."""
    assert set(content.Course.model_fields) == {
        "id", "title", "summary", "modules", "classes", "outcomes", "requirements", "attendance", "certificate",
        "review", "frameworks", "cards", "formats", "practices", "pictures", "unread", "framework_names", "framework_unsure",
    }  # fmt: skip


ids = st.lists(st.sampled_from(["letter", "walk", "note", "song"]), unique=True, max_size=4)
texts = st.sampled_from([both("Write."), both("Draw.")])


@st.composite
def courses(draw: st.DrawFn) -> Course:
    pieces = [piece(id, body=draw(texts), minutes=draw(st.integers(1, 2))) for id in draw(ids)]
    split = draw(st.integers(0, len(pieces)))
    raw = course()
    raw["modules"] = (
        {**module("hope", *pieces[:split]), "intro": draw(texts)},
        {**module("limits", *pieces[split:]), "title": draw(texts)},
    )[:: draw(st.sampled_from([1, -1]))]
    raw["classes"] = tuple(meeting(number) for number in range(1, draw(st.integers(1, 4))))
    raw["attendance"] = draw(st.sampled_from([None, raw["attendance"], {"policy": "points", "options": {}}]))
    raw["unread"] = tuple(draw(st.sampled_from([(), ("walk",), ("walk", "song")])))
    return Course.model_validate(raw)


def as_known(of: Course) -> Course:
    """Without what says nothing: pieces that trainers do not read, and are not in the course."""
    return of.model_copy(update={"unread": tuple(id for id in of.unread or () if id in of.activities)})


@given(courses(), courses())
def test_what_differs_is_said_and_what_is_equal_is_not(one: Course, other: Course) -> None:
    assert differences(one, one, said, called) == []
    found = differences(one, other, said, called)
    assert bool(found) == (as_known(one) != as_known(other))
    assert all(section.lines and all(section.lines) for section in found)


@given(courses(), courses())
def test_what_is_added_one_way_is_gone_the_other_way(one: Course, other: Course) -> None:
    def named(sections: list[Section], words: str) -> set[tuple[str, str]]:
        return {(s.title, line.removeprefix(words)) for s in sections for line in s.lines if line.startswith(words)}

    there, back = differences(one, other, said, called), differences(other, one, said, called)
    assert named(there, "Added: ") == named(back, "No longer there: ")


def test_how_a_course_was_read_makes_no_difference() -> None:
    """From files rows are tuples, from the database lists."""
    before = Course.model_validate({**course(), "attendance": {"policy": "x", "options": {"ways": ("class",)}}})
    after = Course.model_validate_json(before.model_dump_json(by_alias=True))
    assert differences(before, after, said, called) == []
