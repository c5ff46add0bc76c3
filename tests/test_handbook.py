"""The handbook says what the code does: hooks, settings, commands, keys, and a first plugin that runs."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from lms.app import ROOT
from lms.builtin.role_play import role_play_formats
from lms.cli import main
from lms.host import answers, guard, markup
from lms.host.config import Settings
from lms.host.plugins import find_plugins
from lms.new_plugin import KINDS, write_plugin
from lms.plugin_api import About, Event, Ledger, Mark, Meeting, Status, VerdictStatus, content, files, hooks, pace
from lms.plugin_api.content import Course
from lms.plugin_api.files import read_course
from tests.plugin_api.course_factory import make_course

FOLDER = ROOT / "courses/handbook"
MODULES = FOLDER / "modules"
PAGES = sorted(path for path in MODULES.glob("*/*.md") if not path.name.endswith(".fr.md"))
LANGUAGES = (".md", ".fr.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

both_languages = pytest.mark.parametrize("language", LANGUAGES)


def text_of(page: str, language: str = ".md") -> str:
    return (MODULES / f"{page}{language}").read_text(encoding="utf-8")


def french_of(page: Path) -> str:
    return page.with_name(page.name.removesuffix(".md") + ".fr.md").read_text(encoding="utf-8")


def fenced(text: str) -> list[str]:
    return [code for _language, code in FENCE.findall(text)]


@pytest.fixture(scope="module")
def course() -> Course:
    loaded = read_course(FOLDER)
    assert not loaded.faults, "\n".join(map(str, loaded.faults))
    assert loaded.course is not None
    return loaded.course


# -- the course ---------------------------------------------------------------------------------------------


def test_it_has_a_part_for_each_reader(course: Course) -> None:
    assert [m.id for m in course.modules] == ["trainee", "trainer", "organization", "plugin-author", "operator"]
    assert {a.kind for a in course.activities.values()} == {"reading"}
    assert not course.classes
    assert not course.requirements
    assert [(o.id, o.certificate) for o in course.outcomes] == [("reading", False)]


def test_every_page_is_rendered_and_not_taken_for_an_attack(course: Course) -> None:
    for activity in course.activities.values():
        for text in (activity.body.en, activity.body.fr):
            assert not markup.is_hostile(text), activity.id
            page = str(markup.render(text))
            assert page.count("<pre>") == len(fenced(text)), activity.id
            assert "```" not in page, activity.id


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_both_languages_have_the_same_headings_tables_and_code(page: Path) -> None:
    english, french = page.read_text(encoding="utf-8").partition("\n---\n")[2], french_of(page)
    assert fenced(english) == fenced(french)
    for sign in (r"#+ ", r"\|", r"- ", r"\d+\. "):
        starts = re.compile(rf"^{sign}", re.MULTILINE)
        assert len(starts.findall(FENCE.sub("", english))) == len(starts.findall(FENCE.sub("", french))), sign


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_french_has_its_typography(page: Path) -> None:
    prose = re.sub(r"`[^`\n]*`", "x", FENCE.sub("", french_of(page)))
    assert not re.findall(r"[^\u00a0\W]:(?!\S)| :|« | »|\s[?!;](?=\s)", prose)


# -- hooks --------------------------------------------------------------------------------------------------


def written_heads() -> list[str]:
    names = (*hooks.PROVIDER_HOOKS, *hooks.EVENT_HOOKS)
    return [f"{name}({', '.join(inspect.signature(getattr(hooks, name)).parameters)})" for name in names]


@both_languages
def test_every_hook_has_its_heading_with_its_exact_arguments(language: str) -> None:
    headings = re.findall(r"^### `(.+)`$", text_of("plugin-author/the-hooks", language), re.MULTILINE)
    assert headings == written_heads()


def test_all_hooks_are_known_to_this_test() -> None:
    specified = {name for name, found in vars(hooks).items() if hasattr(found, f"{hooks.PROJECT}_spec")}
    assert specified == {*hooks.PROVIDER_HOOKS, *hooks.EVENT_HOOKS}


def test_the_examples_of_hooks_stand_in_shipped_plugins() -> None:
    shipped = [*(ROOT / "lms/builtin").rglob("*.py"), *(ROOT / "plugins").glob("*/lms_*/__init__.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in shipped)
    _import, *examples = fenced(text_of("plugin-author/the-hooks"))
    assert len(examples) == len(written_heads())
    for example, head in zip(examples, written_heads(), strict=True):
        assert f"def {head.partition('(')[0]}(" in example
        assert example in code


# -- keys and values ----------------------------------------------------------------------------------------


def keys_of(model: type[BaseModel]) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


@both_languages
def test_every_key_of_every_manifest_is_named(language: str) -> None:
    page = text_of("plugin-author/courses-as-files", language)
    models = [files.CourseFront, files.ModuleFront]
    models += [
        found for found in vars(content).values() if isinstance(found, type) and issubclass(found, content.Content)
    ]
    filled_in_by_the_host = (content.Content, content.Module, content.Course, content.FormatShape)
    keys = set().union(*(keys_of(model) for model in models if model not in filled_in_by_the_host))
    missing = {key for key in keys if not re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`", page)}
    assert not missing


@both_languages
def test_every_value_of_the_ledger_is_named(language: str) -> None:
    page = text_of("plugin-author/values-and-fallbacks", language)
    names = [status.name for status in (*Status, *VerdictStatus)]
    names += [name for value in (Ledger, Mark, Meeting) for name in value.__dataclass_fields__]
    assert not [name for name in names if f"`{name}`" not in page]
    hooks_page = text_of("plugin-author/the-hooks", language)
    assert not [
        name for value in (About, Event) for name in value.__dataclass_fields__ if f"`{name}`" not in hooks_page
    ]


@both_languages
def test_the_formats_take_as_long_as_it_says(language: str) -> None:
    rows = re.findall(r"^\| (.+?) \| (\d) \| (\d+) \|$", text_of("trainer/leading-a-role-play", language), re.M)
    said = "fr" if language == ".fr.md" else "en"
    assert rows == [(f.label.said_in(said), str(f.shape.rounds), str(f.shape.minutes)) for f in role_play_formats()]


# -- running a host -----------------------------------------------------------------------------------------


@both_languages
def test_every_setting_is_in_the_table_with_its_default(language: str) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text_of("operator/running-a-host", language), re.MULTILINE))
    assert list(rows) == list(Settings.model_fields)
    for name, info in Settings.model_fields.items():
        default = str(info.default).lower() if isinstance(info.default, bool) else str(info.default)
        assert not default or rows[name] == f"`{default}`", name


def commands() -> set[str]:
    found = set()
    for name, command in main.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {verb}" for verb in inner} or {name}
    return found


@both_languages
def test_every_command_is_described(language: str) -> None:
    rows = re.findall(r"^\| `lms ([a-z -]+)` \|", text_of("operator/running-a-host", language), re.MULTILINE)
    assert set(rows) == commands()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8") + french_of(page)
    code = "\n".join([*fenced(text), *re.findall(r"`([^`\n]+)`", FENCE.sub("", text))])
    for verb, second in re.findall(r"^(?:python3 -m )?lms (\w[\w-]*)(?: (\w+))?", code, re.MULTILINE):
        assert verb in main.commands
        if isinstance(command := main.commands[verb], click.Group):
            assert second in command.commands


# -- the first plugin, and one of each kind ------------------------------------------------------------------

FIRST = "plugin-author/your-first-plugin"
WHERE = "plugins/steady"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """What somebody has who did what the page says: written by the host, one function changed, one test added."""
    write_plugin("steady", "attendance", tmp_path / "plugins", "Steady presence")
    folder = tmp_path / WHERE
    before, after, test = re.findall(r"^```python\n(.*?)^```$", text_of(FIRST), re.MULTILINE | re.DOTALL)
    module, tests = folder / "lms_steady/__init__.py", folder / "tests/test_rule.py"
    written = module.read_text(encoding="utf-8")
    assert written.count(before) == 1, "the page shows the function as it is written"
    module.write_text(written.replace(before, after), encoding="utf-8")
    tests.write_text(f"{tests.read_text(encoding='utf-8')}\n\n{test}", encoding="utf-8")
    return folder


def test_the_page_lists_what_is_written(package: Path) -> None:
    (listed,) = re.findall(rf"^{WHERE}/\n((?:    .+\n)+)", text_of(FIRST), re.MULTILINE)
    assert sorted(listed.split()) == sorted(
        path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()
    )


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, (ROOT, folder)))
    environment = {
        **os.environ,
        "PYTHONPATH": paths,
        "PYTHONDONTWRITEBYTECODE": "1",
        "LMS_INSTANCE": str(folder.parent),
    }
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_tests_of_the_first_plugin_pass(package: Path) -> None:
    done = run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 passed" in done.stdout


def test_the_check_of_the_first_plugin_says_what_the_page_says(package: Path) -> None:
    done = run(package, "-c", "from lms.cli import main; main()", "check", str(package))
    assert done.stdout in fenced(text_of(FIRST)), done.stdout + done.stderr


FAULTS = {
    FIRST: ("def attendance_policies", "def attendance_policy"),
    "plugin-author/values-and-fallbacks": (
        'label=Text("Steady presence", "Steady presence")',
        'label=Text("Steady presence", "")',
    ),
}


@both_languages
@pytest.mark.parametrize("page", FAULTS)
def test_a_fault_is_shown_as_the_check_tells_it(page: str, language: str, package: Path) -> None:
    module = package / "lms_steady/__init__.py"
    before, after = FAULTS[page]
    written = module.read_text(encoding="utf-8")
    assert before in written
    module.write_text(written.replace(before, after, 1), encoding="utf-8")
    checked = f"import os; os.chdir({str(package.parents[1])!r}); from lms.cli import main; main()"
    done = run(package, "-c", checked, "check", WHERE)
    assert done.stderr in fenced(text_of(page, language))


def test_a_host_finds_the_first_plugin(package: Path) -> None:
    found = find_plugins(package.parent).plugins["steady"]
    (listed,) = [code for code in fenced(text_of(FIRST)) if code.startswith("steady ")]
    assert found.quarantined == ""
    said = dict(line.split(maxsplit=1) for line in listed.splitlines()[1:])
    assert said["hooks"] == ", ".join(found.hooks)
    assert said["providers"] == ", ".join(provider.name for provider in found.providers)


@both_languages
def test_the_plugins_that_come_with_the_host_are_named_with_their_settings(language: str) -> None:
    page, said = text_of("organization/setting-up-a-programme", language), "fr" if language == ".fr.md" else "en"
    come = [plugin for plugin in find_plugins(ROOT / "plugins").plugins.values() if not plugin.built_in]
    assert len(come) == 6, "the page says how many"
    assert ("Six plugins come" if said == "en" else "Six modules d'extension viennent") in page
    for plugin in come:
        assert plugin.about is not None
        assert plugin.label.said_in(said) in page
        assert [name for name in plugin.about.settings.model_fields if f"`{name}`" not in page] == []


def test_a_worked_plugin_of_each_kind_is_shown_as_it_is_written(tmp_path: Path) -> None:
    page = text_of("plugin-author/worked-plugins")
    shown = re.findall(r"^## .*`--kind (\w+)`$", page, re.MULTILINE)
    assert sorted(shown) == sorted(KINDS)
    for kind, code in zip(shown, fenced(page), strict=True):
        module, *_others = write_plugin("kittiwake", kind, tmp_path / kind, "Kittiwake")
        assert code == module.read_text(encoding="utf-8"), kind


@both_languages
def test_the_card_that_is_shown_can_be_played(language: str, tmp_path: Path) -> None:
    (card,) = fenced(text_of("plugin-author/writing-a-card", language))
    course = make_course(tmp_path)
    course.write("cards/the-last-muffin.md", card)
    course.write("cards/the-last-muffin.fr.md", "Une première carte.\n")
    loaded = read_course(course.path)
    assert not loaded.faults, "\n".join(map(str, loaded.faults))


# -- what the host bears ------------------------------------------------------------------------------------


@both_languages
def test_the_bounds_are_those_of_the_host(language: str) -> None:
    page = text_of("plugin-author/before-you-publish", language).replace("\u00a0", " ")
    apart = " " if language == ".fr.md" else ","
    for bound in (answers.MAX_TEXT, answers.MAX_ANSWER, answers.MAX_FIELDS, answers.MAX_PARTS, answers.MAX_PAPERS):
        assert f"{bound:,}".replace(",", apart) in page
    assert f"{answers.MAX_BYTES // 1_000_000} M" in page
    assert f"{pace.QUICK * 1000:.0f} ms" in page
    assert guard.PATIENCE == 5
