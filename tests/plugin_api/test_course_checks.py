"""What must hold between the parts of a course: one change each, and what is said about it."""

import pytest

from lms.plugin_api.files import read_course
from tests.plugin_api.course_factory import CourseFolder

CLASS = "classes/01.md"
CARD = "cards/first-coffee.md"


def told(course: CourseFolder) -> list[str]:
    loaded = read_course(course.path)
    assert loaded.course is None
    return [str(fault).partition("\n")[0].removeprefix("welcome/") for fault in loaded.faults]


def add_card(course: CourseFolder, name: str, skill: str = "listening") -> None:
    course.copy(CARD, f"cards/{name}.md", "skill_focus: [listening]", f"skill_focus: [{skill}]")


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            CLASS,
            "modules: [listening]",
            "modules: [listning]",
            "classes/01.md:3:11: modules[0]: There is no module 'listning' in this course. Did you mean 'listening'?",
        ),
        (
            CLASS,
            "homework: [what-i-heard]",
            "homework: [what-i-herd]",
            (
                "classes/01.md:5:12: homework[0]: There is no activity 'what-i-herd' in this course. "
                "Did you mean 'what-i-heard'?"
            ),
        ),
        (
            CLASS,
            "cards: [first-coffee]",
            "cards: [zebra]",
            "classes/01.md:6:21: role_play.cards[0]: There is no scenario card 'zebra' in this course.",
        ),
        (
            "course.yaml",
            "needed_for: [took-part]",
            "needed_for: [took-prat]",
            (
                "course.yaml:15:18: requirements[0].needed_for[0]: There is no outcome 'took-prat' in this course. "
                "Did you mean 'took-part'?"
            ),
        ),
        (
            "course.yaml",
            "needed_for: [took-part]",
            "needed_for: [took-part]\n    activities: [rain]",
            "course.yaml:16:18: requirements[0].activities[0]: There is no activity 'rain' in this course.",
        ),
        (
            "course.yaml",
            "kind: attendance",
            "kind: role-play",
            "course.yaml:12:5: requirements[0]: Say how many times with 'count'.",
        ),
        (
            "course.yaml",
            "kind: attendance",
            "kind: attendance\n    active_rounds: 4",
            (
                "course.yaml:14:20: requirements[0].active_rounds: Rounds are counted for the kind 'role-play' only. "
                "Leave 'active_rounds' out here."
            ),
        ),
        (
            CARD,
            "skill_focus: [listening]",
            "skill_focus: [listening]\ncompetencies: [hope]",
            f"{CARD}:7:16: competencies[0]: Write 'hope' as framework:code, like core-values:hope.",
        ),
        (
            "course.yaml",
            "modules: [listening]",
            "modules: [listening, listening]",
            "course.yaml:4:22: modules[1]: 'listening' is listed twice.",
        ),
    ],
)
def test_names_point_somewhere(course: CourseFolder, file: str, old: str, new: str, fault: str) -> None:
    course.change(file, old, new)
    assert fault in told(course)


def test_a_card_may_name_items_of_a_framework_that_an_organization_chooses_later(course: CourseFolder) -> None:
    course.change(CARD, "skill_focus: [listening]", "skill_focus: [listening]\ncompetencies: [values:hope]")
    assert read_course(course.path).course is not None


def test_a_card_that_all_but_names_a_framework_of_the_course_is_told(course: CourseFolder) -> None:
    course.change("course.yaml", "modules: [listening]", "modules: [listening]\nframeworks: [values]")
    course.change(CARD, "skill_focus: [listening]", "skill_focus: [listening]\ncompetencies: [vallues:hope]")
    said = "There is no framework 'vallues' in this course. Did you mean 'values'? Add it to 'frameworks'."
    assert told(course) == [f"{CARD}:7:16: competencies[0]: {said}"]


def test_an_activity_named_in_two_modules_is_told(course: CourseFolder) -> None:
    course.change("course.yaml", "modules: [listening]", "modules: [listening, hoping]")
    for name in ("module", "what-i-heard"):
        course.copy(f"modules/listening/{name}.md", f"modules/hoping/{name}.md", "[a-slow-talk, ", "[")
        course.copy(f"modules/listening/{name}.fr.md", f"modules/hoping/{name}.fr.md")
    assert told(course) == [
        "modules/hoping/what-i-heard.md:2:1: 2 activities are called 'what-i-heard'. Give each its own name."
    ]


def test_a_gap_in_the_class_numbers_is_told(course: CourseFolder) -> None:
    course.copy(CLASS, "classes/03.md")
    course.copy("classes/01.fr.md", "classes/03.fr.md")
    assert told(course) == ["classes/03.md:2:1: Classes are numbered 1, 2, 3, ...: number 2 is missing."]


def test_a_paper_for_a_higher_outcome_says_what_it_means(course: CourseFolder) -> None:
    higher = "\n  - id: leads\n    title: {en: Leads, fr: Anime}\n    meaning: {en: May lead., fr: Peut animer.}\nreq"
    course.change("course.yaml", "\nreq", higher)
    assert told(course) == [
        "course.yaml:11:5: outcomes[1]: A certificate needs 'says' and 'does_not_say': strangers will read them."
    ]


# -- cards --------------------------------------------------------------------------------------------------


def test_a_card_with_a_content_note_needs_a_lighter_one(course: CourseFolder) -> None:
    course.change(CARD, "level: 1", "level: 1\ncontent_notes: [grief]")
    assert told(course) == [
        f"{CARD}:6:16: content_notes: A card with a content note needs 'swap_with': a lighter card to offer instead."
    ]


def test_a_card_with_a_lighter_one_is_fine(course: CourseFolder) -> None:
    add_card(course, "a-bus-pass")
    course.change(CARD, "level: 1", "level: 1\ncontent_notes: [grief]\nswap_with: [a-bus-pass]")
    assert told_nothing(course)


def told_nothing(course: CourseFolder) -> bool:
    return read_course(course.path).course is not None


@pytest.mark.parametrize("name", ["first-cofee", "first-coffee"])
def test_the_lighter_card_is_another_one_that_exists(course: CourseFolder, name: str) -> None:
    course.change(CARD, "level: 1", f"level: 1\nswap_with: [{name}]")
    (fault,) = told(course)
    assert fault == f"{CARD}:6:13: swap_with[0]: There is no scenario card '{name}' in this course."


def test_the_lighter_card_shares_a_skill(course: CourseFolder) -> None:
    add_card(course, "a-bus-pass", skill="boundaries")
    course.change(CARD, "level: 1", "level: 1\nswap_with: [a-bus-pass]")
    assert told(course) == [
        f"{CARD}:6:13: swap_with[0]: 'a-bus-pass' practises another skill. Choose a card that shares one."
    ]


@pytest.mark.parametrize(("words", "sound"), [(90, True), (91, False)])
def test_a_role_has_ninety_words_at_most(course: CourseFolder, words: int, sound: bool) -> None:
    # The supporter's role has "Wait." and "Advice." besides.
    course.change(CARD, "{en: Sam is new., fr: Sam arrive.}", f"{{en: {'word ' * (words - 2)}, fr: Sam arrive.}}")
    if sound:
        assert told_nothing(course)
    else:
        assert told(course) == [
            f"{CARD}:9:5: roles.supporter: 91 words in 'en': keep it to 90, people read it in a minute."
        ]


def test_french_words_are_counted_too(course: CourseFolder) -> None:
    course.change(CARD, "{en: Shy., fr: Timide.}", f"{{en: Shy., fr: {'mot ' * 120}}}")
    (fault,) = told(course)
    assert "words in 'fr'" in fault
