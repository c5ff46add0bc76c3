"""YAML with positions: every fault with line, column, path and cure, all at once."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from lms.plugin_api.content_base import Content, Id
from lms.plugin_api.manifest import MAX_FILE, Manifest, check_model, read_yaml
from lms.plugin_api.values import Text


class Visit(Content):
    minutes: int


class Walk(Content):
    id: Id
    title: Text
    pace: Literal["slow", "steady"] = "slow"
    open: bool = True
    share: float = 0.5
    visits: Annotated[tuple[Visit, ...], Field(max_length=3)] = ()


GOOD = """\
id: river-walk
title: {en: The river, fr: La rivière}
"""


def checked(text: str, *, first_line: int = 1) -> Manifest:
    manifest = read_yaml(text, "walk.yaml", first_line=first_line)
    check_model(manifest, Walk)
    return manifest


def told(text: str) -> list[str]:
    return [str(fault).partition("\n")[0] for fault in checked(text).faults]


def test_a_good_file_has_no_faults() -> None:
    manifest = read_yaml(GOOD, "walk.yaml")
    walk = check_model(manifest, Walk)
    assert walk == Walk(id="river-walk", title=Text("The river", "La rivière"))
    assert not manifest.faults


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("pase: slow", "3:1: pase: The key 'pase' is not known here. Did you mean 'pace'?"),
        ("zebra: 1", "3:1: zebra: The key 'zebra' is not known here. Known: id, open, pace, share, title, visits."),
        ("pace: stedy", "3:7: pace: 'stedy' is not one of 'slow' or 'steady'. Did you mean 'steady'?"),
        ("pace: 4", "3:7: pace: '4' is not one of 'slow' or 'steady'."),
        ("open: NO", "3:7: open: This should be true or false."),
        ("share: lots", "3:8: share: This should be a number."),
        ("visits: 3", "3:9: visits: This should be a list."),
        ("visits: [{minutes: ten}]", "3:20: visits[0].minutes: This should be a whole number."),
        ("visits: [{}]", "3:10: visits[0].minutes: This is missing. Add it."),
        ("visits: [5]", "3:10: visits[0]: This should be a group of keys and values."),
        (
            "visits: [{minutes: 1, minuts: 2}]",
            "3:23: visits[0].minuts: The key 'minuts' is not known here. Did you mean 'minutes'?",
        ),
    ],
)
def test_each_kind_of_fault_has_its_place_and_its_cure(line: str, fault: str) -> None:
    assert told(GOOD + line + "\n") == [f"walk.yaml:{fault}"]


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("A walk", '2:8: title: This should be in both languages: {en: "...", fr: "..."}.'),
        ("{en: A walk}", "2:8: title.fr: This is missing. Write the French beside the other language."),
        ("{en: A walk, fr: 7}", "2:25: title.fr: This should be text. Put it in quotes if it looks like a number."),
        (
            "{en: a, fr: b, de: c}",
            "2:23: title.de: The key 'de' is not known here. Known: en, fr.",
        ),
    ],
)
def test_texts_are_asked_for_in_both_languages(title: str, fault: str) -> None:
    assert told(f"id: walk\ntitle: {title}\n") == [f"walk.yaml:{fault}"]


def test_an_id_with_capitals_gets_an_example() -> None:
    assert told(GOOD.replace("river-walk", "River Walk")) == [
        "walk.yaml:1:5: id: Use lower-case letters, digits and single hyphens, like first-coffee."
    ]


def test_a_fault_shows_the_line() -> None:
    (fault,) = checked(GOOD + "open: NO\n").faults
    assert str(fault) == "walk.yaml:3:7: open: This should be true or false.\n    3 | open: NO"


def test_a_very_long_line_is_cut() -> None:
    (fault,) = checked(GOOD + f"open: {'n' * 5000}\n").faults
    assert len(str(fault)) < 300


def test_all_faults_come_at_once() -> None:
    text = "id: River\ntitle: A walk\nid: again\nopen: perhaps\nvisits: [{minutes: x}, {}]\npase: slow\n"
    assert sorted((f.line, f.path) for f in checked(text).faults) == [
        (1, "id"),
        (2, "title"),
        (3, ""),
        (4, "open"),
        (5, "visits[0].minutes"),
        (5, "visits[1].minutes"),
        (6, "pase"),
    ]


def test_a_missing_key_is_told_at_its_group() -> None:
    assert told("title: {en: a, fr: b}\n") == ["walk.yaml:1:1: id: This is missing. Add it."]
    assert told("") == ["walk.yaml:1:1: id: This is missing. Add it.", "walk.yaml:1:1: title: This is missing. Add it."]


def test_a_key_given_twice_is_a_fault() -> None:
    assert told(GOOD + "open: true\nopen: false\n") == [
        "walk.yaml:4:1: The key 'open' is given twice (first on line 3)."
    ]


def test_a_key_given_twice_deep_inside_names_its_group() -> None:
    (fault,) = checked(GOOD + "visits:\n  - minutes: 1\n    minutes: 2\n").faults
    assert (fault.line, fault.column, fault.path) == (5, 5, "visits[0]")


@pytest.mark.parametrize("text", ["a: &x 1", "a: *x", "a: !!python/object:os.system x", "<<: &b {a: 1}"])
def test_anchors_aliases_and_tags_are_refused(text: str) -> None:
    (fault,) = read_yaml(text, "walk.yaml").faults
    assert "anchors, aliases and tags are not used in course files" in fault.message
    assert fault.line == 1


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("2026-03-01", "2026-03-01"),
        ("18:30", "18:30"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ('"5"', "5"),
        ("'true'", "true"),
        (".inf", ".inf"),
        ("true", True),
        ("false", False),
        ("~", None),
        ("-7", -7),
        ("0.75", 0.75),
    ],
)
def test_yaml_surprises_are_left_out(written: str, value: object) -> None:
    assert read_yaml(f"a: {written}", "walk.yaml").values == {"a": value}


def test_front_matter_counts_lines_of_its_file() -> None:
    (fault,) = checked(GOOD + "open: NO\n", first_line=2).faults
    assert (fault.line, fault.excerpt) == (4, "open: NO")


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: 'x", 1, 6, "unexpected end of stream"),
        ("a: 1\n\tb: 2", 2, 1, "a tab character that violates indentation"),
        ("a: b: c", 1, 5, "mapping values are not allowed in this context"),
        ("a: 1\n---\nb: 2", 2, 1, "another document"),
        ("a: 1\nb: be\x07ll", 2, 6, "there is a sign that is no text"),
        ("a: nul\x00l", 1, 7, "there is a sign that is no text"),
        ("a: été\nb: été\x07", 2, 7, "there is a sign that is no text"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(text: str, line: int, column: int, words: str) -> None:
    (fault,) = read_yaml(text, "walk.yaml").faults
    assert (fault.line, fault.column) == (line, column)
    assert fault.message.startswith("This is not YAML that can be read: ")
    assert words in fault.message


@pytest.mark.parametrize(
    "text", ["[" * 60_000, "{a: " * 30_000, "- " * 60_000, "? " * 60_000, "a: " + "[" * 300 + "]" * 300]
)
def test_hostile_nesting_is_one_fault(text: str) -> None:
    (fault,) = read_yaml(text, "walk.yaml").faults
    assert "too deeply nested" in fault.message
    assert fault.line == 1


def test_nesting_as_people_write_it_is_fine() -> None:
    assert not read_yaml("a: " + "[" * 20 + "]" * 20, "walk.yaml").faults


def test_a_huge_file_is_refused_without_being_read() -> None:
    (fault,) = read_yaml("a" * (MAX_FILE + 1), "walk.yaml").faults
    assert str(fault) == "walk.yaml: This file is longer than 200,000 characters. Split it."
