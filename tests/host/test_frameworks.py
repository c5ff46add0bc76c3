"""Courses name frameworks and say what modules teach: checked when they are read, readable when the plugin is gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from lms.host.catalog import Catalog, deliverable, freeze, read_catalog, thaw
from lms.host.contributed import framework_items
from lms.host.guard import Guard
from lms.host.plugins import PluginHost
from lms.plugin_api import Framework, FrameworkItem, Text
from tests.host.small_plugins import providing
from tests.plugin_api.course_factory import CourseFolder, make_course

MakePluginHost = Callable[..., PluginHost]

CALM = FrameworkItem("calm", Text("Calm", "Le calme"))
TIME = FrameworkItem("time", Text("Time", "Le temps"), certain=False)


class Garden(Framework):
    name = "garden"
    label = Text("Garden values", "Valeurs du jardin")
    source = Text("Our own list.", "Notre propre liste.")
    listed: Any = (CALM, TIME)

    def items(self) -> Iterable[FrameworkItem]:
        if isinstance(self.listed, Exception):
            raise self.listed
        return iter(self.listed) if isinstance(self.listed, tuple) else self.listed


def garden(**changed: Any) -> Framework:
    return type("Changed", (Garden,), changed)()


CARD = "cards/first-coffee.md"
PLUGIN = providing("garden", "competency_frameworks", Garden())


@pytest.fixture
def course(tmp_path: Path) -> CourseFolder:
    """A small good course that is held against the garden's values."""
    made = make_course(tmp_path / "courses")
    made.change("course.yaml", "modules: [listening]", "modules: [listening]\nframeworks: [garden]")
    teaching('["garden:calm", "garden:time"]', made)
    return made


def teaching(names: str, course: CourseFolder) -> None:
    course.change(
        "modules/listening/module.md",
        "activities: [a-slow-talk, what-i-heard]",
        f"activities: [a-slow-talk, what-i-heard]\nteaches: {names}",
    )


@pytest.fixture
def read(course: CourseFolder, plugin_host: MakePluginHost) -> Callable[..., Catalog]:
    def make(*modules: Any) -> Catalog:
        host = plugin_host(*modules)
        return read_catalog(host, Guard(host), (course.path.parent,))

    return make


def faults(catalog: Catalog) -> list[str]:
    (offered,) = catalog.faulty()
    assert offered.course is None
    return [str(fault).partition("\n")[0] for fault in offered.loaded.faults]


def test_a_module_says_what_it_covers_in_both_languages(read: Callable[..., Catalog]) -> None:
    course = read(PLUGIN).courses["host:welcome"].course
    assert course is not None
    assert course.taught_by(course.modules[0]) == [(Garden.label, [(CALM.name, True), (TIME.name, False)])]


def test_a_frozen_course_reads_on_when_the_plugin_is_gone(read: Callable[..., Catalog]) -> None:
    frozen = freeze(read(PLUGIN).courses["host:welcome"].loaded)
    course = thaw(frozen.digest, frozen.course_json, frozen.pages_json).course
    assert course.taught_by(course.modules[0]) == [(Garden.label, [(CALM.name, True), (TIME.name, False)])]


def test_a_course_from_before_there_were_frameworks_reads_too(read: Callable[..., Catalog]) -> None:
    course = read(PLUGIN).courses["host:welcome"].course
    assert course is not None
    older = course.model_dump(mode="json", by_alias=True)
    for key in ("frameworks", "framework_names", "framework_unsure"):
        del older[key]
    del older["modules"][0]["teaches"]
    again = type(course).model_validate_json(json.dumps(older))
    assert again.taught_by(again.modules[0]) == []


def test_without_the_plugin_the_course_is_not_offered(read: Callable[..., Catalog]) -> None:
    assert faults(read()) == [
        (
            "welcome/course.yaml:5:14: frameworks[0]: No plugin provides 'garden' (competency frameworks here: none). "
            "Install or enable it."
        )
    ]


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        ('["garden:clam"]', "The framework 'garden' has no item 'clam'. Did you mean 'calm'?"),
        (
            '["gardn:calm"]',
            "There is no framework 'gardn' in this course. Did you mean 'garden'? Add it to 'frameworks'.",
        ),
        ('["calm"]', "Write 'calm' as framework:code, like core-values:hope."),
        ('["garden:"]', "Write 'garden:' as framework:code, like core-values:hope."),
        ('["garden:calm", "garden:calm"]', "'garden:calm' is listed twice."),
    ],
)
def test_what_a_module_teaches_must_be_there(
    read: Callable[..., Catalog], course: CourseFolder, names: str, fault: str
) -> None:
    course.change("modules/listening/module.md", 'teaches: ["garden:calm", "garden:time"]', f"teaches: {names}")
    (found,) = faults(read(PLUGIN))
    assert found.startswith("welcome/modules/listening/module.md:7:")
    assert found.endswith(fault)


@pytest.mark.parametrize("held", [True, False])
def test_what_a_card_practises_must_be_there_whether_or_not_the_course_is_held_against_it(
    read: Callable[..., Catalog], course: CourseFolder, held: bool
) -> None:
    if not held:
        course.change("course.yaml", "\nframeworks: [garden]", "")
        course.change("modules/listening/module.md", '\nteaches: ["garden:calm", "garden:time"]', "")
    course.change(CARD, "skill_focus: [listening]", "skill_focus: [listening]\ncompetencies: [garden:calmm]")
    (found,) = faults(read(PLUGIN))
    assert found.endswith("The framework 'garden' has no item 'calmm'. Did you mean 'calm'?")


def test_a_card_of_a_framework_that_nobody_brings_says_nothing_of_it(
    read: Callable[..., Catalog], course: CourseFolder
) -> None:
    course.change(CARD, "skill_focus: [listening]", "skill_focus: [listening]\ncompetencies: [orchard:apples]")
    sound = read(PLUGIN).courses["host:welcome"].course
    assert sound is not None
    assert "orchard:apples" not in sound.framework_names


def test_a_mistake_elsewhere_in_course_yaml_says_nothing_about_frameworks(
    read: Callable[..., Catalog], course: CourseFolder
) -> None:
    course.change("course.yaml", "frameworks: [garden]", "frameworks: garden")
    assert not [fault for fault in faults(read(PLUGIN)) if "There is no framework" in fault]


def test_a_framework_that_is_listed_twice_is_told(read: Callable[..., Catalog], course: CourseFolder) -> None:
    course.change("course.yaml", "frameworks: [garden]", "frameworks: [garden, garden]")
    assert any("'garden' is listed twice." in fault for fault in faults(read(PLUGIN)))


def test_a_framework_that_cannot_say_its_items_is_told_once(read: Callable[..., Catalog]) -> None:
    silent = providing("garden", "competency_frameworks", garden(listed=ZeroDivisionError("no")))
    (fault,) = faults(read(silent))
    assert fault.endswith("The plugin 'garden' could not say the items of 'garden'.")


def test_an_organization_needs_the_plugin_of_a_framework_too(
    read: Callable[..., Catalog], plugin_host: MakePluginHost
) -> None:
    host = plugin_host(PLUGIN)
    assert [o.key for o in deliverable(read(PLUGIN), host, {"garden"})] == ["host:welcome"]
    assert deliverable(read(PLUGIN), host, set()) == []


# -- what a framework may not be ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": "Garden values"}, "use lower-case letters, digits and single hyphens for its name"),
        ({"name": "garden:values"}, "use lower-case letters"),
        ({"source": Text("Ours.", "")}, "it needs a source in both languages"),
        ({"source": None}, "it needs a source in both languages"),
        ({"maps": {"welcome": {"listening": "calm"}}}, "its maps must name a tuple of codes"),
        ({"resources": ("https://example.org",)}, "its resources must be a tuple of Resource"),
    ],
)
def test_one_that_cannot_stand_is_quarantined(plugin_host: MakePluginHost, changed: dict[str, Any], why: str) -> None:
    host = plugin_host(providing("garden", "competency_frameworks", garden(**changed)))
    assert why in host.plugins["garden"].quarantined


@pytest.mark.parametrize(
    "listed",
    [
        ZeroDivisionError("no"),
        (),
        (CALM, CALM),
        (FrameworkItem("Calm and quiet", CALM.name),),
        (FrameworkItem("calm", Text("Calm", "")),),
        ("calm",),
        None,
    ],
)
def test_one_that_cannot_say_its_items_has_none_and_is_recorded_once(plugin_host: MakePluginHost, listed: Any) -> None:
    guard = Guard(plugin_host(providing("garden", "competency_frameworks", garden(listed=listed))))
    assert [framework_items(guard, "garden"), framework_items(guard, "garden")] == [(), ()]
    (trouble,) = guard.take_troubles()
    assert (trouble.plugin, trouble.place) == ("garden", "garden.items")


def test_items_are_asked_once_for_each_host(plugin_host: MakePluginHost) -> None:
    asked = []

    class Counting(Garden):
        def items(self) -> Iterable[FrameworkItem]:
            asked.append(1)
            return super().items()

    guard = Guard(plugin_host(providing("garden", "competency_frameworks", Counting())))
    assert framework_items(guard, "garden") == framework_items(guard, "garden") == (CALM, TIME)
    assert len(asked) == 1
    assert framework_items(guard, "meadow") == ()
