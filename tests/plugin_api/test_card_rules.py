"""Every rule that a scenario card and a practice for one must keep: what is wrong, where it stands, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from lms.plugin_api.card_checks import CRISIS, DIAGNOSES
from tests.plugin_api.course_factory import CourseFolder
from tests.plugin_api.test_course_checks import CARD, add_card, told, told_nothing
from tests.plugin_api.test_solo import FILE, chain, two
from tests.plugin_api.test_solo import told as told_of_practice

OPENING = "    opening_line: {en: Hello., fr: Bonjour.}\n"
ASKS = "      - {id: asks, en: Asks, fr: Demande}\n"
NEAR = "a person in acute crisis belongs to level 3, with a trainer near. Choose another scene."

# -- scenario cards -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (OPENING, "", "13:5: roles.person.opening_line: This is missing. Add it."),
        (
            OPENING,
            "    opening_line: {en: Hello.}\n",
            "16:19: roles.person.opening_line.fr: This is missing. Write the French beside the other language.",
        ),
        (
            OPENING,
            "    opening_line: {fr: Bonjour.}\n",
            "16:19: roles.person.opening_line.en: This is missing. Write the English beside the other language.",
        ),
        (
            OPENING,
            "    opening_line: Hello.\n",
            '16:19: roles.person.opening_line: This should be in both languages: {en: "...", fr: "..."}.',
        ),
        (
            ASKS,
            "      - {id: asks, en: Asks}\n",
            "22:9: roles.observer.look_for[1].fr: This is missing. Write the French beside the other language.",
        ),
        (
            ASKS,
            '      - {id: asks, en: Asks, fr: ""}\n',
            "22:9: roles.observer.look_for[1]: There is no French here yet. Write it, or leave the card out.",
        ),
        (ASKS, "", "21:7: roles.observer.look_for: 1 here, at least 2 are needed. Add what is missing."),
        (
            ASKS,
            "".join(f"      - {{id: asks-{n}, en: Asks, fr: Demande}}\n" for n in range(4)),
            "21:7: roles.observer.look_for: 5 here, 4 is the most. Leave some out.",
        ),
        (
            ASKS,
            f"      - {{id: asks, en: {'asks ' * 91}, fr: Demande}}\n",
            "20:5: roles.observer: 92 words in 'en': keep it to 90, people read it in a minute.",
        ),
        (
            "skill_focus: [listening]",
            "skill_focus: [listening, respect, endings]",
            "6:14: skill_focus: 3 here, 2 is the most. Leave some out.",
        ),
        ("level: 1", "level: 4", "5:8: level: '4' is not one of 1, 2 or 3."),
    ],
)
def test_a_card_that_breaks_a_rule_is_told_what_where_and_what_to_do(
    course: CourseFolder, old: str, new: str, fault: str
) -> None:
    course.change(CARD, old, new)
    assert told(course) == [f"{CARD}:{fault}"]


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("First coffee", "The day Sam wanted to die", "3:8: title: 'wanted to die'"),
        ("A kitchen.", "A kitchen. Sam has written a suicide note.", "4:10: setting: 'suicide'"),
        ("Sam is new.", "Sam does not want to live.", "9:15: roles.supporter.you_know: 'not want to live'"),
        ("Timide.", "Vous voulez en finir avec la vie.", "14:15: roles.person.you_feel: 'en finir avec la vie'"),
    ],
)
def test_a_person_in_acute_crisis_is_found_wherever_the_card_tells_of_them(
    course: CourseFolder, level: int, old: str, new: str, where: str
) -> None:
    course.change(CARD, "level: 1", f"level: {level}")
    course.change(CARD, old, new)
    assert told(course) == [f"{CARD}:{where}: {NEAR}"]


def test_a_variation_is_no_way_round_the_rule(course: CourseFolder) -> None:
    line = "variations: [{id: harder, en: Sam wants to die., fr: Sam veut mourir.}]\nauthor: Alice"
    course.change(CARD, "author: Alice", line)
    assert all(NEAR in fault for fault in told(course))
    assert len(told(course)) == 2


def test_what_the_others_are_told_to_do_may_name_a_crisis(course: CourseFolder) -> None:
    """Whoever plays may stop, and the supporter may be asked not to speak of it."""
    course.change(CARD, "Any time.", "Stop if anybody speaks of suicide.")
    course.change(CARD, "Advice.", "To ask about suicide.")
    assert told_nothing(course)


@pytest.mark.parametrize(
    "words",
    [
        "You want to die.",
        "You don't want to live any more.",
        "You think of killing yourself.",
        "You want to end your life.",
        "Everyone is better off dead, you say.",
        "You have suicidal thoughts.",
        "Vous avez envie de mourir.",
        "Vous ne voulez plus vivre.",
        "Vous pensez à vous tuer.",
        "Sam veut mettre fin à sa vie.",
        "Vous avez des idées suicidaires.",
    ],
)
def test_words_of_an_acute_crisis_are_known_in_both_languages(words: str) -> None:
    assert CRISIS.search(words)


@pytest.mark.parametrize(
    "words",
    [
        "You are dying to tell somebody.",
        "You want to live nearer to the bus.",
        "Your plant has died.",
        "You kill time on your phone.",
        "Vous mourez d'envie d'en parler.",
        "Vous voulez vivre plus près du centre.",
        "La fin du mois est difficile.",
    ],
)
def test_everyday_words_are_no_crisis(words: str) -> None:
    assert not CRISIS.search(words)


@pytest.mark.parametrize("words", ["Robin is bipolar.", "An addict.", "Vous êtes schizophrène.", "Un toxicomane."])
def test_a_person_is_no_diagnosis(words: str) -> None:
    assert DIAGNOSES.search(words)


@pytest.mark.parametrize(
    "words",
    ["You live with bipolar disorder.", "A bipolar disorder, they said.", "Vous vivez avec un trouble bipolaire."],
)
def test_a_person_may_live_with_one(words: str) -> None:
    assert not DIAGNOSES.search(words)


def test_a_card_that_may_be_swapped_for_itself_alone_is_told(course: CourseFolder) -> None:
    add_card(course, "a-bus-pass")
    course.change(CARD, "level: 1", "level: 1\ncontent_notes: [grief]\nswap_with: [first-coffee]")
    assert told(course) == [f"{CARD}:7:13: swap_with[0]: There is no scenario card 'first-coffee' in this course."]


# -- practice for one -----------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda p: p["nodes"].update(n9=deepcopy(p["nodes"]["n4"])),
            "nodes.n9: No choice leads to 'n9'. Lead to it, or remove it.",
        ),
        (
            lambda p: p["nodes"]["n3"]["choices"][1].update(to="nowhere"),
            "nodes.n3.choices[1].to: 'nowhere' is neither a moment nor an ending. Name one of them.",
        ),
        (
            lambda p: p["endings"].pop(),
            "endings: 1 here, at least 2 are needed. Add what is missing.",
        ),
        (
            lambda p: p["endings"].append({"id": "else", "summary": two("Somewhere else.")}),
            "endings[2]: No choice leads to 'else'. Lead to it, or remove it.",
        ),
        (
            lambda p: p["nodes"]["n4"]["choices"][1].update(to="n2"),
            "nodes: A way goes round in a circle. Lead on: the page itself offers to try a moment again.",
        ),
        (
            lambda p: p["nodes"]["n2"].update(says={"en": "so " * 61, "fr": "Eh bien?"}),
            "nodes.n2.says: 61 words in 'en': keep a moment to 60, it is read on a phone.",
        ),
        (
            lambda p: p["nodes"]["n2"].update(says={"en": "Well?", "fr": "eh " * 61}),
            "nodes.n2.says: 61 words in 'fr': keep a moment to 60, it is read on a phone.",
        ),
        (
            lambda p: p["nodes"]["n2"]["choices"][1].pop("why"),
            "nodes.n2.choices[1].why: This is missing. Add it.",
        ),
        (
            lambda p: p["nodes"]["n2"].update(says=two("I want to die.")),
            "nodes.n2.says: 'want to die': nobody is near who practises alone. Keep acute crisis out of it.",
        ),
        (
            lambda p: p["endings"][1].update(summary={"en": "They go.", "fr": "Robin veut mourir."}),
            "endings[1].summary: 'veut mourir': nobody is near who practises alone. Keep acute crisis out of it.",
        ),
    ],
)
def test_a_practice_that_breaks_a_rule_is_told_what_where_and_what_to_do(
    course: CourseFolder, change: Change, fault: str
) -> None:
    practice = chain(5)
    change(practice)
    faults = told_of_practice(course, practice)
    assert [one.partition(": ")[2] for one in faults] == [fault]
    assert all(one.startswith(f"welcome/{FILE}:") for one in faults)


@pytest.mark.parametrize(("moments", "sound"), [(3, False), (4, True), (10, True), (11, False)])
def test_the_longest_way_has_four_to_ten_moments(course: CourseFolder, moments: int, sound: bool) -> None:
    faults = told_of_practice(course, chain(moments))
    assert faults == [] if sound else "Make it 4 to 10." in faults[0]


def test_a_moment_of_sixty_words_is_short_enough(course: CourseFolder) -> None:
    practice = chain(5)
    practice["nodes"]["n2"].update(says=two("so " * 60))
    assert told_of_practice(course, practice) == []
