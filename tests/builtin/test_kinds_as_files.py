"""Each kind of homework as an author writes it: the handbook's examples are valid, and what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lms.builtin import homework
from lms.host.catalog import check_providers
from lms.host.guard import Guard
from lms.plugin_api import ActivityType
from lms.plugin_api.files import read_course
from lms.plugin_api.loaded import LoadedCourse
from lms.plugin_api.testing import check_activity_type
from tests.conftest import MakePluginHost
from tests.handbook_examples import PAGE, Example, course_of_examples, examples

EXAMPLES = examples()
KINDS = {kind.name: kind for kind in homework.activity_types()}

Load = Callable[[], LoadedCourse]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return course_of_examples(tmp_path) / "house"


@pytest.fixture
def load(course: Path, plugin_host: MakePluginHost) -> Load:
    def loaded() -> LoadedCourse:
        read = read_course(course)
        check_providers(read, Guard(plugin_host()))
        return read

    return loaded


def faults(loaded: LoadedCourse) -> str:
    return "\n".join(map(str, loaded.faults))


def test_the_handbook_shows_one_example_of_each_kind() -> None:
    assert set(EXAMPLES) == set(KINDS)
    for example in EXAMPLES.values():
        assert f"\nkind: {example.kind}\n" in example.english
    assert PAGE.read_text(encoding="utf-8").count("```markdown") == 2 * len(KINDS)


def test_a_course_of_all_examples_has_no_fault(load: Load) -> None:
    loaded = load()
    assert not loaded.faults, faults(loaded)
    assert loaded.course is not None
    assert [a.kind for a in loaded.course.activities.values()] == list(EXAMPLES)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_keeps_its_contract_with_the_example(load: Load, name: str) -> None:
    course = load().course
    assert course is not None
    check_activity_type(KINDS[name], course.activities[EXAMPLES[name].name])


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_trainer_reads_may_be_spoken_or_on_paper(kind: ActivityType) -> None:
    """A trainee on a phone can do each of them without typing."""
    spoken = {"audio", "photo", "talk"} <= set(kind.accepts)
    assert spoken == kind.reviewed


CHANGES: list[tuple[str, str, str, str]] = [
    # kind, what stands there, what stands there instead, what is said
    ("quiz", "fits: [wait]", "fits: [wander]", "'wander' in 'fits' is not one of the choices (wait, ask)."),
    ("quiz", "fits: [wait]", "fits: [wait, ask]", "One choice is taken here, so 'fits' names one."),
    ("quiz", "      fits: [wait]\n", "", "Say in 'fits' what fits."),
    ("quiz", "fits: [time, ask]", "fits: [time, time]", "'time' is named twice in 'fits'."),
    ("quiz", "- id: ask\n", "- id: wait\n", "Two choices are called 'wait'. Give each its own id."),
    ("quiz", 'en: "To ask staff"', 'en: "To be there on Tuesday"', "Two choices say 'to be there on tuesday'."),
    ("quiz", ', why: {en: "You can always do that.", fr: "On peut toujours le faire."}', "", "This is missing."),
    ("quiz", ', right: {en: "How was the night?", fr: "Comment a été la nuit?"}', "", "This is missing."),
    ("quiz", 'en: "Open question"', 'en: "closed question"', "'closed question' stands twice on the left"),
    ("quiz", 'en: "How was the night?"', 'en: "Did you sleep?"', "'did you sleep?' stands twice on the right"),
    ("quiz", "kind: match", "kind: single", "A question of the kind 'single' has no 'pairs'."),
    ("quiz", "kind: multiple", "kind: several", "'several' is not one of 'single', 'multiple', 'match' or 'short'."),
    ("quiz", '        - {en: "9-8-8", fr: "9-8-8"}\n', '        - {en: "988", fr: "9 8 8"}\n', "'988' is twice among"),
    ("quiz", '{en: "What belongs together?"', '{en: "What can a volunteer promise?"', "is asked twice."),
    ("quiz", "minutes: 8\n", "minutes: 8\ncriteria: []\n", "there is nothing to tick: take 'criteria' out."),
    ("quiz", "minutes: 8\n", "minutes: 8\naccepts: [audio]\n", "This kind is answered on the page"),
    ("quiz", "minutes: 8\n", "minutes: 8\nclock: {minutes: 8}\n", "take 'clock' out."),
    ("video", "https://videos.example.org", "http://videos.example.org", "beginning with https://."),
    ("video", "https://videos.example.org/a-kettle-for-two", "javascript:alert(1)", "beginning with https://."),
    ("video", "https://videos.example.org", "https://me:word@videos.example.org", "beginning with https://."),
    ("video", "captions: true", "captions: false", "A video needs captions."),
    ("video", "  captions: true\n", "", "This is missing."),
    ("video", "size_mb: 9", "size_mb: 0", "greater than or equal to 1"),
    ("video", "  minutes: 1\n", "  minutes: 40\n", "the text of a video is its transcript."),
    ("project", "accepts: [file, photo, typed]", "accepts: [typed]", "A project is sent as a file"),
    ("exam", "How do you notice that you need a break yourself?", "Somebody asks for money. What do you say, and why?", "twice"),
    ("survey", '      low: {en: "Hardly", fr: "À peine"}\n', "", "Say in 'low' and 'high' what the ends of the scale mean."),
    ("survey", "steps: 4", "steps: 1", "greater than or equal to 2"),
    ("survey", "id: chairs", "id: breaks", "Two choices are called 'breaks'."),
    ("survey", "kind: open", "kind: open\n      steps: 3", "A question of the kind 'open' has no 'steps'."),
    ("survey", "kind: scale", "kind: choice", "A question of the kind 'choice' has no 'high'."),
    ("presentation", "  minutes: 10\n", "", "This is missing."),
    ("group", "task:", "tasks:", "Did you mean 'task'?"),
    ("reading", "minutes: 5\n", "minutes: 5\naccepts: [typed]\n", "This kind is answered on the page"),
    ("practice", "kind: practice", "kind: practise", "No plugin provides 'practise'"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "there", "instead", "sentence"), CHANGES)
def test_what_is_wrong_is_told_beside_its_line(
    course: Path, load: Load, kind: str, there: str, instead: str, sentence: str
) -> None:
    example: Example = EXAMPLES[kind]
    assert there in example.english
    changed = example.english.replace(there, instead, 1)
    (course / f"modules/at-home/{example.name}.md").write_text(changed, encoding="utf-8")
    loaded = load()
    assert loaded.course is None
    assert sentence in faults(loaded)
    assert all(fault.file.endswith(f"{example.name}.md") and fault.line for fault in loaded.faults), faults(loaded)


def test_a_fault_in_a_quiz_names_the_question(course: Path, load: Load) -> None:
    example = EXAMPLES["quiz"]
    lines = example.english.splitlines()
    file = course / f"modules/at-home/{example.name}.md"
    file.write_text(example.english.replace("fits: [time, ask]", "fits: [never]"), encoding="utf-8")
    (fault,) = load().faults
    assert fault.path == "options.questions[1]"
    assert "What can a volunteer promise?" in lines[fault.line - 1]


def test_a_video_without_a_transcript_is_no_video(course: Path, load: Load) -> None:
    file = course / f"modules/at-home/{EXAMPLES['video'].name}.fr.md"
    file.write_text("À venir.\n", encoding="utf-8")
    assert "2 words in 'fr' for 1 min" in faults(load())
