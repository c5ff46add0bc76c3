"""What a scenario card must keep: one change each, and what is said about it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lms.app import ROOT
from lms.plugin_api import FolderDeck, ScenarioCard, Text
from lms.plugin_api.files import read_course
from tests.plugin_api.course_factory import CourseFolder
from tests.plugin_api.test_course_checks import CARD, add_card, told, told_nothing


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "opening_line: {en: Hello., fr: Bonjour.}",
            'opening_line: {en: Hello., fr: " "}',
            "16:19: roles.person.opening_line: There is no French here yet. Write it, or leave the card out.",
        ),
        (
            "opening_line: {en: Hello., fr: Bonjour.}",
            'opening_line: {en: "", fr: Bonjour.}',
            "16:19: roles.person.opening_line: There is no English here yet. Write it, or leave the card out.",
        ),
        (
            "- {id: asks, en: Asks, fr: Demande}",
            "- {id: waits, en: Asks, fr: Demande}",
            "22:9: roles.observer.look_for[1]: Two lines are called 'waits'. Give each its own id.",
        ),
        (
            "you_feel: {en: Shy., fr: Timide.}",
            "you_feel: {en: You want to die., fr: Timide.}",
            (
                "14:15: roles.person.you_feel: 'want to die': a person in acute crisis belongs to level 3, with a trainer near. "
                "Choose another scene."
            ),
        ),
        (
            "you_feel: {en: Shy., fr: Timide.}",
            "you_feel: {en: Shy., fr: Vous avez envie de mourir.}",
            (
                "14:15: roles.person.you_feel: 'envie de mourir': a person in acute crisis belongs to level 3, with a trainer "
                "near. Choose another scene."
            ),
        ),
        (
            "you_are: {en: Sam., fr: Sam.}",
            "you_are: {en: A schizophrenic., fr: Sam.}",
            "13:14: roles.person.you_are: 'A schizophrenic': the person is somebody, not a diagnosis. Say what they live with.",
        ),
        (
            "author: Alice",
            "author: Alice\nreviewed_by_lived_experience: true",
            "25:31: reviewed_by_lived_experience: Say when with 'reviewed_on', like 2027-01-15.",
        ),
    ],
)
def test_a_card_that_is_not_fit_to_play_is_told_with_its_line(
    course: CourseFolder, old: str, new: str, fault: str
) -> None:
    course.change(CARD, old, new)
    assert told(course) == [f"{CARD}:{fault}"]


@pytest.mark.parametrize(
    "missing", ["    opening_line: {en: Hello., fr: Bonjour.}\n", "      - {id: asks, en: Asks, fr: Demande}\n"]
)
def test_a_card_without_an_opening_line_or_with_one_thing_to_look_for_is_told(
    course: CourseFolder, missing: str
) -> None:
    course.change(CARD, missing, "")
    (fault,) = told(course)
    assert "roles.person" in fault or "roles.observer.look_for" in fault


def test_a_language_that_is_missing_is_named(course: CourseFolder) -> None:
    course.change(CARD, "opening_line: {en: Hello., fr: Bonjour.}", "opening_line: {en: Hello.}")
    (fault,) = told(course)
    assert fault.startswith(f"{CARD}:16:")
    assert "fr" in fault


def test_at_level_three_a_person_may_be_in_crisis_and_a_card_is_reviewed(course: CourseFolder) -> None:
    course.change(CARD, "level: 1", "level: 3")
    course.change(
        CARD, "you_feel: {en: Shy., fr: Timide.}", "you_feel: {en: You want to die., fr: Vous voulez mourir.}"
    )
    course.change(CARD, "author: Alice", "author: Alice\nreviewed_by_lived_experience: true\nreviewed_on: 2027-01-15")
    topic = "you_feel: 'want to die': name 'suicide' in 'content_notes', so that people can set the topic aside."
    assert any(topic in fault for fault in told(course))
    add_card(course, "the-bench")
    course.change(
        "cards/the-bench.md",
        "you_feel: {en: You want to die., fr: Vous voulez mourir.}",
        "you_feel: {en: Shy., fr: Timide.}",
    )
    course.change(CARD, "author: Alice", "content_notes: [suicide]\nswap_with: [the-bench]\nauthor: Alice")
    assert told_nothing(course)


def test_a_card_by_choice_names_what_groups_are_dealt_instead(course: CourseFolder) -> None:
    course.change(CARD, "author: Alice", "by_choice: true\nauthor: Alice")
    (fault,) = told(course)
    assert "by_choice: A card by choice needs 'swap_with': the card that groups are dealt in its place." in fault
    add_card(course, "the-bench")
    course.change("cards/the-bench.md", "by_choice: true\n", "")
    course.change(CARD, "by_choice: true", "by_choice: true\nswap_with: [the-bench]")
    assert told_nothing(course)


def test_every_card_that_comes_with_the_host_is_fit_to_play() -> None:
    """More than forty, of three levels, and at least four of each."""
    roots = [*(ROOT / "courses").glob("*/course.yaml"), *(ROOT / "plugins").glob("*/lms_*/courses/*/course.yaml")]
    cards: list[ScenarioCard] = []
    for root in roots:
        loaded = read_course(root.parent)
        assert not loaded.faults, loaded.faults
        cards += loaded.course.cards if loaded.course else ()
    assert len(cards) > 40
    levels = Counter(card.level for card in cards)
    assert all(levels[level] >= 4 for level in (1, 2, 3)), levels


# -- decks ------------------------------------------------------------------------------------------------------


def test_a_deck_in_a_folder_keeps_its_sound_cards_and_tells_of_the_others(
    course: CourseFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lms_garden"
    cards = package / "decks/garden/cards"
    cards.mkdir(parents=True)
    (package / "__init__.py").touch()
    text = (course.path / CARD).read_text()
    (cards / "bench.md").write_text(text)
    (cards / "gate.md").write_text(text.replace("en: Hello.", 'en: ""'))
    (cards / "pond.md").write_text(text.replace("level: 1", "level: 9"))
    monkeypatch.syspath_prepend(str(tmp_path))
    deck = FolderDeck("lms_garden", "garden", Text("Garden", "Jardin")).deck()
    assert [card.id for card in deck.cards] == ["bench"]
    assert {fault.file for fault in deck.faults} == {"garden/cards/gate.md", "garden/cards/pond.md"}


@pytest.mark.parametrize(
    ("old", "new"),
    [("level: 1", "level: nine"), ("roles:", "role:"), ("    look_for:", "    look_at:"), ("  person:", "  persons:")],
)
def test_what_cannot_be_read_of_a_card_is_told_and_the_rest_still_checked(
    course: CourseFolder, old: str, new: str
) -> None:
    course.change(CARD, old, new)
    course.change(CARD, "author: Alice", "author: Alice\nreviewed_by_lived_experience: true")
    faults = told(course)
    assert len(faults) >= 2
    assert any("Say when with 'reviewed_on'" in fault for fault in faults)
