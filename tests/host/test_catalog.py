"""The courses of a host: what they name must be there; what is frozen stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lms.host.catalog import Catalog, freeze, read_catalog, thaw
from lms.host.guard import Guard
from lms.host.plugins import PluginHost
from lms.plugin_api import ActivityType, Course, Curriculum, LoadedCourse, Options, Text
from lms.plugin_api.files import read_course
from tests.host.small_plugins import providing
from tests.plugin_api.course_factory import PIXEL, CourseFolder, make_course

MakePluginHost = Callable[..., PluginHost]


@pytest.fixture
def course(tmp_path: Path) -> CourseFolder:
    """A small good course in files."""
    return make_course(tmp_path / "courses")


@pytest.fixture
def catalog_of(course: CourseFolder, plugin_host: MakePluginHost) -> Callable[..., Catalog]:
    """`catalog_of(module, ...)`: the catalog of a host with these plugins and the course."""

    def make(*modules: Any) -> Catalog:
        host = plugin_host(*modules)
        return read_catalog(host, Guard(host), (course.path.parent,))

    return make


def told(catalog: Catalog) -> list[str]:
    (offered,) = catalog.faulty()
    assert offered.course is None
    assert not list(catalog.sound())
    return [str(fault).partition("\n")[0].removeprefix("welcome/") for fault in offered.loaded.faults]


def test_a_good_course_is_offered_by_the_host(catalog_of: Callable[..., Catalog]) -> None:
    catalog = catalog_of()
    assert [offered.key for offered in catalog.sound()] == ["host:welcome"]
    assert not list(catalog.faulty())


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "course.yaml",
            "policy: share-of-classes",
            "policy: share-of-weeks",
            (
                "course.yaml:17:11: attendance.policy: No plugin provides 'share-of-weeks' "
                "(attendance policies here: at-most-missed, each-module-once, every-class, points, share-of-classes, "
                "share-of-time). Did you mean 'share-of-time'? Install or enable it."
            ),
        ),
        (
            "course.yaml",
            "policy: share-of-classes\n  options: {min_share: 0.5}",
            "policy: at-most-missed\n  options: {max_missed: 1, never_miss: {took-part: [listning]}}",
            (
                "course.yaml:18:12: attendance.options: There is no module 'listning' in this course. "
                "Did you mean 'listening'?"
            ),
        ),
        (
            "course.yaml",
            "policy: share-of-classes\n  options: {min_share: 0.5}",
            "policy: at-most-missed\n  options: {max_missed: 1, never_miss: {leads: [listening]}}",
            (
                "course.yaml:18:12: attendance.options: There is no outcome 'leads' in this course. "
                "Take one of: took-part."
            ),
        ),
        (
            "course.yaml",
            "issuer: plain",
            "issuer: fancy",
            (
                "course.yaml:19:23: certificate.issuer: No plugin provides 'fancy' "
                "(certificate issuers here: plain). Install or enable it."
            ),
        ),
        (
            "modules/listening/a-slow-talk.md",
            "kind: reading",
            "kind: reeding",
            (
                "modules/listening/a-slow-talk.md:2:7: kind: No plugin provides 'reeding' "
                "(activity types here: exam, group, practice, presentation, project, quiz, reading, reflection, survey, "
                "video). Did you mean 'reading'? Install or enable it."
            ),
        ),
        (
            "course.yaml",
            "min_share: 0.5",
            "min_share: 0.5, grace: 3",
            (
                "course.yaml:18:29: attendance.options.grace: The key 'grace' is not known here. "
                "Known: excused, late_after, make_ups, min_share, min_share_of_class, ways."
            ),
        ),
        (
            "course.yaml",
            "min_share: 0.5",
            "min_share: 2",
            "course.yaml:18:24: attendance.options.min_share: Input should be less than or equal to 1.",
        ),
        (
            "course.yaml",
            "options: {min_share: 0.5}",
            "options: {}",
            "course.yaml:18:12: attendance.options.min_share: This is missing. Add it.",
        ),
        (
            "modules/listening/what-i-heard.md",
            "prompts:",
            "promts:",
            (
                "modules/listening/what-i-heard.md:6:3: options.promts: The key 'promts' is not known here. "
                "Did you mean 'prompts'?"
            ),
        ),
    ],
)
def test_what_a_course_names_must_be_there(
    catalog_of: Callable[..., Catalog], course: CourseFolder, file: str, old: str, new: str, fault: str
) -> None:
    course.change(file, old, new)
    assert fault in told(catalog_of())


def test_a_course_that_needs_a_missing_plugin_tells_everything_at_once(
    catalog_of: Callable[..., Catalog], course: CourseFolder
) -> None:
    course.change("course.yaml", "policy: share-of-classes", "policy: share-of-weeks")
    course.change("course.yaml", "issuer: plain", "issuer: fancy")
    course.change("modules/listening/what-i-heard.md", "kind: reflection", "kind: letter")
    assert len(told(catalog_of())) == 3


# -- plugins that misbehave while courses are read ----------------------------------------------------------


class Careful(ActivityType):
    name = "careful"
    label = Text("Careful", "Soigneux")
    finds: Any = ()

    def check(self, activity: Any, options: Any) -> Any:
        return self.finds() if callable(self.finds) else self.finds

    def form(self, activity: Any, options: Any) -> Any: ...
    def read(self, activity: Any, options: Any, form: Any) -> Any: ...


def careful(**attributes: Any) -> Any:
    return providing("garden", "activity_types", type("Careful", (Careful,), attributes)())


def use_careful(course: CourseFolder) -> None:
    course.change("modules/listening/a-slow-talk.md", "kind: reading", "kind: careful\noptions: {}")


def test_what_a_kind_finds_wrong_is_told_at_its_options(
    catalog_of: Callable[..., Catalog], course: CourseFolder
) -> None:
    use_careful(course)
    assert told(catalog_of(careful(finds=["Say where."]))) == [
        "modules/listening/a-slow-talk.md:3:10: options: Say where."
    ]


@pytest.mark.parametrize("finds", [lambda: 1 / 0, 7])
def test_a_kind_that_breaks_while_it_checks_makes_the_course_faulty(
    catalog_of: Callable[..., Catalog], course: CourseFolder, finds: Any
) -> None:
    use_careful(course)
    (fault,) = told(catalog_of(careful(finds=finds)))
    assert "options: The plugin could not check this: garden, careful.check: " in fault


def test_a_kind_that_breaks_while_it_reads_options_makes_the_course_faulty(
    catalog_of: Callable[..., Catalog], course: CourseFolder
) -> None:
    use_careful(course)
    (fault,) = told(catalog_of(careful(read_options=lambda self, given: 1 / 0)))
    assert "The plugin could not read these options: garden, careful.options: ZeroDivisionError" in fault


class Shelf(Curriculum):
    name = "shelf"
    label = Text("Shelf", "Étagère")

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def courses(self) -> Any:
        return self.answer() if callable(self.answer) else self.answer


def test_a_curriculum_that_breaks_leaves_the_other_courses(catalog_of: Callable[..., Catalog]) -> None:
    catalog = catalog_of(providing("garden", "curricula", Shelf(lambda: 1 / 0)))
    assert [offered.key for offered in catalog.sound()] == ["host:welcome"]


def test_what_is_no_course_is_recorded(plugin_host: MakePluginHost, course: CourseFolder) -> None:
    good = read_course(course.path)
    guard = Guard(plugin_host(providing("garden", "curricula", Shelf([good, "rain", None]))))
    catalog = read_catalog(guard.host, guard, ())
    assert [offered.key for offered in catalog.sound()] == ["garden:welcome"]
    assert [t.message for t in guard.take_troubles()] == ["It answered with a str.", "It answered with a NoneType."]


def test_a_fault_of_the_file_hides_no_fault_that_the_host_finds(
    catalog_of: Callable[..., Catalog], course: CourseFolder
) -> None:
    course.change("modules/listening/a-slow-talk.md", "minutes: 10", "minutes: soon")
    course.change("modules/listening/a-slow-talk.md", "kind: reading", "kind: reeding")
    course.change("modules/listening/what-i-heard.md", "minutes: 15", "minuets: 15")
    course.change("modules/listening/what-i-heard.md", "prompts:", "promts:")
    course.change("course.yaml", "policy: share-of-classes", "policy: share-of-weeks\n  rule: none")
    course.change("course.yaml", "certificate: {issuer: plain}", "certificate: {issuer: 7}")
    found = told(catalog_of())
    for words in (
        "minutes: This should be a whole number.",
        "kind: No plugin provides 'reeding'",
        "minuets: The key 'minuets' is not known here. Did you mean 'minutes'?",
        "options.promts: The key 'promts' is not known here.",
        "attendance.rule: The key 'rule' is not known here.",
        "attendance.policy: No plugin provides 'share-of-weeks'",
        "certificate.issuer: This should be text.",
    ):
        assert sum(words in fault for fault in found) == 1, (words, found)
    assert not [fault for fault in found if "No plugin provides '7'" in fault or "()" in fault]


def test_a_course_made_in_code_has_faults_without_a_file(plugin_host: MakePluginHost, course: CourseFolder) -> None:
    course.change("course.yaml", "min_share: 0.5", "min_share: 3")
    made = LoadedCourse("rain", read_course(course.path).course)
    guard = Guard(plugin_host(providing("garden", "curricula", Shelf([made]))))
    (offered,) = read_catalog(guard.host, guard, ()).faulty()
    assert str(offered.loaded.faults[0]).startswith("rain:1:1: attendance.options.min_share: ")


def test_two_plugins_may_both_have_a_course_of_one_name(plugin_host: MakePluginHost, course: CourseFolder) -> None:
    first, second = (Shelf([read_course(course.path)]) for _ in range(2))
    second.name = "second"  # type: ignore[misc]
    host = plugin_host(providing("garden", "curricula", first), providing("orchard", "curricula", second))
    catalog = read_catalog(host, Guard(host), (course.path.parent,))
    assert list(catalog.courses) == ["host:welcome", "garden:welcome", "orchard:welcome"]


def test_an_app_with_a_faulty_course_serves_pages(make_app: Callable[..., Flask], course: CourseFolder) -> None:
    course.change("course.yaml", "id: welcome", "id: [[[")
    app = make_app(courses_folder=str(course.path.parent))
    assert app.test_client().get("/").status_code == 200
    assert "host:welcome" in [offered.key for offered in app.extensions["lms"].catalog.faulty()]


# -- freezing -----------------------------------------------------------------------------------------------


def test_a_frozen_course_comes_back_as_it_was(course: CourseFolder) -> None:
    frozen = freeze(read_course(course.path))
    revision = thaw(frozen.digest, frozen.course_json, frozen.pages_json)
    assert revision.course.model_dump_json(by_alias=True) == read(course).model_dump_json(by_alias=True)
    assert revision.page("activity:what-i-heard", "fr") == "<p>Écrivez quelques lignes.</p>"
    assert revision.page("class:1", "en") == "<p>Tea, then the card.</p>"
    assert revision.page("card:first-coffee", "en") == ""


def read(course: CourseFolder) -> Course:
    made = read_course(course.path).course
    assert made
    return made


def test_pictures_are_frozen_too(course: CourseFolder) -> None:
    frozen = freeze(read_course(course.path))
    ((digest, picture),) = frozen.pictures.items()
    assert picture.content == PIXEL
    assert f'src="/pictures/{digest}"' in thaw(frozen.digest, frozen.course_json, frozen.pages_json).page(
        "activity:a-slow-talk", "en"
    )


def test_the_digest_says_whether_anything_changed(course: CourseFolder) -> None:
    before = freeze(read_course(course.path)).digest
    assert freeze(read_course(course.path)).digest == before
    course.write("pictures/bench.png", PIXEL + b"x")
    with_picture = freeze(read_course(course.path)).digest
    course.change("classes/01.fr.md", "Du thé", "De l'eau")
    assert len({before, with_picture, freeze(read_course(course.path)).digest}) == 3


def test_options_of_a_frozen_course_still_fit_their_provider(course: CourseFolder, plugin_host: MakePluginHost) -> None:
    frozen = freeze(read_course(course.path))
    made = thaw(frozen.digest, frozen.course_json, frozen.pages_json).course
    kind = plugin_host().provided("activity_types", "reflection")
    assert kind
    read: Options = kind.provider.read_options(made.activities["what-i-heard"].options)
    assert read.prompts[0].en == "What stayed with you?"  # type: ignore[attr-defined]
