"""A course as files: a good one is read whole; each mistake gets its sentence at its place."""

import importlib
import zipfile
from pathlib import Path

import pytest

from lms.plugin_api import Course, FolderCurriculum
from lms.plugin_api.files import MAX_PICTURE, read_course, read_courses
from tests.plugin_api.course_factory import PIXEL, CourseFolder, make_course

MODULE = "modules/listening/module.md"
READING = "modules/listening/a-slow-talk.md"
REFLECTION = "modules/listening/what-i-heard.md"
CARD = "cards/first-coffee.md"


def read(course: CourseFolder) -> Course:
    loaded = read_course(course.path)
    assert not loaded.faults, "\n".join(map(str, loaded.faults))
    assert loaded.course
    return loaded.course


def told(course: CourseFolder) -> list[str]:
    """Each fault without the line that it shows."""
    loaded = read_course(course.path)
    assert loaded.faults, "nothing was found"
    assert loaded.course is None
    return [str(fault).partition("\n")[0].removeprefix("welcome/") for fault in loaded.faults]


# -- good ones ----------------------------------------------------------------------------------------------


def test_a_good_course_is_read_whole(course: CourseFolder) -> None:
    made = read(course)
    assert made.title.fr == "Bienvenue"
    assert list(made.activities) == ["a-slow-talk", "what-i-heard"]
    assert made.activities["a-slow-talk"].body.fr.startswith("Lisez ceci.")
    assert made.module_of["what-i-heard"].intro.en == "What listening is."
    assert made.classes[0].plan.en == "Tea, then the card."
    assert made.card("first-coffee").roles.supporter.try_.fr == "Attendre."  # type: ignore[union-attr]
    assert made.homework_class("what-i-heard") == made.class_plan(1)


def test_pictures_are_kept_by_digest(course: CourseFolder) -> None:
    loaded = read_course(course.path)
    assert loaded.course
    (digest,) = loaded.course.pictures.values()
    assert loaded.course.pictures == {"pictures/bench.png": digest}
    assert loaded.pictures[digest].content == PIXEL
    assert loaded.pictures[digest].media_type == "image/png"


def test_windows_line_ends_and_byte_order_marks_are_fine(course: CourseFolder) -> None:
    text = (course.path / REFLECTION).read_text(encoding="utf-8")
    course.write(REFLECTION, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read(course).activities["what-i-heard"].body.en == "Write a few lines."


def test_front_matter_may_end_with_the_file(course: CourseFolder) -> None:
    text = (course.path / CARD).read_text(encoding="utf-8")
    course.write(CARD, text.removesuffix("\n"))
    assert read(course).cards


def test_a_rule_in_the_text_does_not_end_the_front_matter_again(course: CourseFolder) -> None:
    course.change(REFLECTION, "Write a few lines.", "One.\n\n---\n\nTwo.")
    assert read(course).activities["what-i-heard"].body.en == "One.\n\n---\n\nTwo."


def test_class_files_count_as_numbers(course: CourseFolder) -> None:
    for number in range(2, 12):
        course.copy("classes/01.md", f"classes/{number}.md")
        course.copy("classes/01.fr.md", f"classes/{number}.fr.md")
    assert [plan.number for plan in read(course).classes] == list(range(1, 12))


def test_a_card_may_have_a_note_in_both_languages(course: CourseFolder) -> None:
    course.change(CARD, "CC BY 4.0\n---\n", "CC BY 4.0\n---\nFor an early class.\n")
    course.write("cards/first-coffee.fr.md", "Pour une des premières séances.\n")
    note = read(course).cards[0].note
    assert note
    assert note.fr == "Pour une des premières séances."


def test_a_folder_holds_many_courses_and_other_things(tmp_path: Path) -> None:
    for name in ("walks", "rain"):
        make_course(tmp_path, name)
    (tmp_path / "notes").mkdir()
    (tmp_path / "README.md").write_text("Two courses.")
    assert [loaded.name for loaded in read_courses(tmp_path)] == ["rain", "walks"]
    assert read_courses(tmp_path / "nowhere") == []


def test_a_package_may_be_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = make_course(tmp_path / "zipped_walks" / "courses")
    (tmp_path / "zipped_walks/__init__.py").touch()
    archive = tmp_path / "walks.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for file in (tmp_path / "zipped_walks").rglob("*"):
            out.write(file, file.relative_to(tmp_path))
    monkeypatch.syspath_prepend(archive)
    importlib.invalidate_caches()
    (loaded,) = FolderCurriculum("zipped_walks").courses()
    assert not loaded.faults
    assert loaded.course == read(course)


# -- one change each ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "modules/listening/module.fr.md",
        "modules/listening/what-i-heard.fr.md",
        "classes/01.fr.md",
        MODULE,
        REFLECTION,
    ],
)
def test_a_missing_file_is_named(course: CourseFolder, name: str) -> None:
    course.remove(name)
    assert told(course) == [f"{name}: This file is missing."]


def test_a_note_in_one_language_misses_the_other_file(course: CourseFolder) -> None:
    course.change(CARD, "CC BY 4.0\n---\n", "CC BY 4.0\n---\nFor an early class.\n")
    assert told(course) == ["cards/first-coffee.fr.md: This file is missing."]


@pytest.mark.parametrize("name", ["modules/listening/what-i-heard.fr.md", "classes/01.fr.md"])
def test_an_empty_file_is_named(course: CourseFolder, name: str) -> None:
    course.write(name, " \n")
    assert told(course) == [f"{name}: There is no text in this file yet."]


def test_front_matter_without_a_text_is_named(course: CourseFolder) -> None:
    course.change(REFLECTION, "Write a few lines.\n", "")
    assert told(course) == [f"{REFLECTION}: There is no text in this file yet."]


def test_a_file_in_another_encoding_is_named_once(course: CourseFolder) -> None:
    course.write("classes/01.fr.md", "Du thé".encode("latin-1"))
    assert told(course) == ["classes/01.fr.md: This file is not UTF-8 text. Save it as UTF-8."]


def test_keys_in_a_french_file_are_refused(course: CourseFolder) -> None:
    course.write("classes/01.fr.md", "---\ntitle: Séance\n---\nDu thé.\n")
    assert told(course) == ["classes/01.fr.md:1:1: French files hold text alone. Put keys into the .md file."]


def test_a_file_that_nothing_names_is_told(course: CourseFolder) -> None:
    course.write("modules/listening/extra.md", "Words")
    course.write("modules/listening/extra.fr.md", "Mots")
    cure = "Nothing names this file. Add extra to activities in module.md, or remove it."
    assert told(course) == [f"modules/listening/extra.fr.md: {cure}", f"modules/listening/extra.md: {cure}"]


def test_what_comes_from_the_file_is_not_written(course: CourseFolder) -> None:
    course.change(REFLECTION, "minutes: 15", "id: other\nminutes: 15")
    assert told(course) == [f"{REFLECTION}:4:1: id: 'id' is not written here: it comes from the file."]


@pytest.mark.parametrize("name", ["first", "²", "1a"])
def test_class_files_are_named_by_number(course: CourseFolder, name: str) -> None:
    course.write(f"classes/{name}.md", "Words")
    assert told(course) == [f"classes/{name}.md: Name class files by number, like 01.md and 01.fr.md."]


def test_a_fault_in_front_matter_counts_lines_of_the_file(course: CourseFolder) -> None:
    course.change(REFLECTION, "minutes: 15", "minutes: soon")
    assert told(course) == [f"{REFLECTION}:4:10: minutes: This should be a whole number."]


def test_a_colon_without_quotes_gets_a_cure(course: CourseFolder) -> None:
    course.change(REFLECTION, '"What stayed with you?"', "Tell us: what stayed with you?")
    (fault,) = told(course)
    assert fault.startswith(f"{REFLECTION}:7:")
    assert fault.endswith("Texts with signs such as : ? # , { [ belong in quotes.")


def test_a_course_file_that_is_a_list_is_told(course: CourseFolder) -> None:
    course.write("course.yaml", "- welcome\n")
    assert "course.yaml:1:1: This should be a group of keys and values." in told(course)


def test_all_faults_of_all_files_come_at_once(course: CourseFolder) -> None:
    course.change("course.yaml", "id: welcome", "id: Welcome!")
    course.change(REFLECTION, "minutes: 15", "minutes: soon")
    course.change(CARD, "level: 1", "level: 9")
    course.remove("classes/01.fr.md")
    places = {fault.partition(":")[0] for fault in told(course)}
    assert places == {"course.yaml", CARD, "classes/01.fr.md", REFLECTION}


def test_a_name_that_leads_nowhere_is_told_beside_faults_of_other_files(course: CourseFolder) -> None:
    course.change(CARD, "level: 1", "level: 9")
    course.change("classes/01.md", "[what-i-heard]", "[what-i-herd]")
    course.write("modules/forgotten/module.md", "---\n---\n")
    found = told(course)
    assert len(found) == 3
    assert any("There is no activity 'what-i-herd' in this course. Did you mean 'what-i-heard'?" in f for f in found)
    assert (
        "modules/forgotten: Nothing names this folder. Add forgotten to modules in course.yaml, or remove it." in found
    )


def test_an_unreadable_part_of_course_yaml_hides_no_other_fault_in_it(course: CourseFolder) -> None:
    course.change("course.yaml", "id: welcome", "id: Welcome!")
    course.change("course.yaml", "policy: share-of-classes", "policy: share-of-clases")
    loaded = read_course(course.path)
    assert loaded.course is None
    assert loaded.readable
    assert loaded.readable.attendance
    assert loaded.readable.attendance.policy == "share-of-clases"


def test_faults_in_modules_classes_and_cards_come_together(course: CourseFolder) -> None:
    course.change(MODULE, "own: 30", "own: -1")
    course.change(CARD, "level: 1", "level: 9")
    course.change("classes/01.md", "minutes: 120", "minutes: 5")
    assert {fault.partition(":")[0] for fault in told(course)} == {MODULE, CARD, "classes/01.md"}


@pytest.mark.parametrize(
    ("file", "spoil", "mislead", "faults"),
    [
        (
            "classes/01.md",
            ("minutes: 120", "minutes: 5"),
            ("homework: [what-i-heard]", "homework: [what-i-herd]"),
            ["minutes: Input should be greater", "homework[0]: There is no activity 'what-i-herd'"],
        ),
        (
            "classes/01.md",
            ("role_play: {cards: [first-coffee]}", "role_play: {cards: [zebra], format: In fours}"),
            ("modules: [listening]", "modules: [listning]"),
            [
                "role_play.format: Use lower-case",
                "role_play.cards[0]: There is no scenario card 'zebra'",
                "modules[0]: There is no module 'listning'",
            ],
        ),
        (
            "course.yaml",
            ("kind: attendance", "kind: attendence"),
            ("needed_for: [took-part]", "needed_for: [took-prat]"),
            ["requirements[0].kind: 'attendence' is not one of", "needed_for[0]: There is no outcome 'took-prat'"],
        ),
        (
            "course.yaml",
            ("id: took-part", "id: Took part"),
            ("kind: attendance", "kind: role-play\n    count: many"),
            ["outcomes[0].id: Use lower-case", "requirements[0].count: This should be a whole number."],
        ),
        (
            CARD,
            ("level: 1", "level: 9"),
            ("licence: CC BY 4.0", "licence: CC BY 4.0\nswap_with: [zebra]"),
            ["level: '9' is not one of", "swap_with[0]: There is no scenario card 'zebra'"],
        ),
        (
            CARD,
            ("try: {en: Wait., fr: Attendre.}", "trie: {en: Wait., fr: Attendre.}"),
            ("Sam is new.", "tea " * 91),
            ["The key 'trie' is not known here", "roles.supporter: 92 words in 'en'"],
        ),
    ],
)
def test_a_fault_hides_no_other_fault_of_its_file(
    course: CourseFolder, file: str, spoil: tuple[str, str], mislead: tuple[str, str], faults: list[str]
) -> None:
    course.change(file, *spoil)
    course.change(file, *mislead)
    found = told(course)
    assert all(fault.startswith(f"{file}:") for fault in found), found
    for words in faults:
        assert sum(words in fault for fault in found) == 1, (words, found)
    missing = [fault for fault in found if "This is missing." in fault]
    assert len(found) == len(faults) + len(missing), found


def test_a_module_that_cannot_be_read_whole_still_names_its_activities(course: CourseFolder) -> None:
    course.change(MODULE, "own: 30", "own: -1")
    course.change(REFLECTION, "minutes: 15", "minutes: soon")
    assert {fault.partition(":")[0] for fault in told(course)} == {MODULE, REFLECTION}
    course.change(MODULE, "activities: [a-slow-talk, what-i-heard]", "activities: a-slow-talk")
    assert {fault.partition(":")[0] for fault in told(course)} == {MODULE}, "files are not called forgotten"


# -- pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [("bench.png", b"no picture"), ("tree.svg", b"<svg/>"), ("tree.png", b"\xff\xd8\xff"), ("tree", PIXEL)],
)
def test_what_is_no_picture_is_refused(course: CourseFolder, name: str, content: bytes) -> None:
    course.write(f"pictures/{name}", content)
    assert told(course) == [f"pictures/{name}: Pictures are png, jpg, gif or webp, and named so."]


def test_a_picture_that_is_too_big_is_refused(course: CourseFolder) -> None:
    course.write("pictures/bench.png", PIXEL + b"\x00" * MAX_PICTURE)
    assert told(course) == ["pictures/bench.png: A picture may be 2 MB at most. Make it smaller."]


def test_a_picture_that_is_missing_is_told_in_each_language(course: CourseFolder) -> None:
    course.remove("pictures/bench.png")
    course.change(READING, "Read this.", "Read this.\n\nThen look:")
    sentence = "The picture 'pictures/bench.png' is not in the folder pictures/ of the course."
    assert told(course) == [
        f"{READING}:8:12: {sentence}",
        f"{READING.replace('.md', '.fr.md')}:1:13: {sentence}",
    ]
    assert "    8 | Then look: ![A bench](pictures/bench.png)" in str(read_course(course.path).faults[0])


@pytest.mark.parametrize(
    "place", ["../secret.png", "pictures/../course.yaml", "/etc/hosts", "https://example.org/a.png"]
)
def test_a_picture_is_in_the_folder_of_pictures_and_nowhere_else(course: CourseFolder, place: str) -> None:
    course.change(READING, "pictures/bench.png", place)
    assert told(course) == [f"{READING}:6:12: The picture '{place}' is not in the folder pictures/ of the course."]


def test_a_folder_among_the_pictures_is_left_alone(course: CourseFolder) -> None:
    course.write("pictures/originals/bench.xcf", b"layers")
    assert list(read(course).pictures) == ["pictures/bench.png"]
