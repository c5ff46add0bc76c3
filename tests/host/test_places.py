"""A fault of a plugin is told with its file, its line, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.host.inspection import look_at
from lms.new_plugin import write_plugin
from lms.plugin_api.testing import check_plugin

HOOK = "def attendance_policies() -> Iterable[AttendancePolicy]:"
GIVES = "return (KittiwakeRule(),)".replace("Kittiwake", "Brook")
SETTINGS = """class Bell(Options):
    bell: str = ""

    @field_validator("bell")
    @classmethod
    def _rings(cls, bell: str) -> str:
        raise RuntimeError("no bell")


about = About(
    settings=Bell,"""

# What is broken: the words that are changed, what stands there instead, the line that is shown, and the sentence.
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a hook's name": (
        HOOK,
        HOOK.replace("policies", "policy"),
        "def attendance_policy()",
        "Did you mean 'attendance_pol",
    ),
    "a hook's argument": (
        HOOK,
        HOOK.replace("()", "(course)"),
        "def attendance_policies(course)",
        "takes no arguments.",
    ),
    "no @hookimpl": ("@hookimpl\n", "\n", HOOK, "Write @hookimpl above it."),
    "a name instead of a rule": (GIVES, "return 'BrookRule'", HOOK, "it must return instances of AttendancePolicy."),
    "a class instead of a rule": (GIVES, "return (BrookRule,)", HOOK, "Write BrookRule() with brackets."),
    "no comma": (GIVES, "return BrookRule()", HOOK, "Write return (BrookRule(),) with a comma."),
    "no French in about": (
        'label=Text("Brook", "Brook")',
        'label=Text("Brook", "")',
        "label=Text(",
        "English, then French",
    ),
    "no French at all": ('label=Text("Brook", "Brook")', 'label=Text("Brook")', "label=Text(", "argument: 'fr'"),
    "no French in a reason": (
        "Vous n'avez manqué aucune séance jusqu'ici.",
        "",
        "You missed no class so far.",
        "Write both",
    ),
    "a version as a number": ('version = "1"', "version = 1", "version = 1", 'Write version = "1".'),
    "a name that is taken": ('name = "brook"', 'name = "points"', 'name = "points"', "Choose another name."),
    "an error on the way in": ("S = 1", "1 / 0", "1 / 0", "It stopped with ZeroDivisionError"),
    "an exit": ("S = 1", "sys.exit(3)", "sys.exit(3)", "It stopped with SystemExit: 3."),
    "an exit at once": ("S = 1", "os._exit(3)", "os._exit(3)", "os._exit(3) would end the host at once."),
    "what is no Python": ("S = 1", "S = (", "S = (", "It stopped with SyntaxError"),
    "an import of nothing": (
        "S = 1",
        "import brook_nowhere",
        "import brook_nowhere",
        "No module named 'brook_nowhere'",
    ),
    "an error in judge": ("counting = ledger.counting()", "raise KeyError(outcome)", "raise KeyError", "KeyError"),
    "words for a verdict": (
        "if longest:",
        'if longest < 9:\n            return "fine"\n        if longest:',
        "def judge",
        "Verdict",
    ),
    "another answer each time": ('so far."', 'so far {counter()}."', "def judge", "not repeatable"),
    "an option that is not there": ('{"in_a_row": 1},', '{"in_a_raw": 1},', "One missed, then back", "in_a_raw: Extra"),
    "an example that does not hold": (
        "VerdictStatus.CANNOT_BE_MET},",
        "VerdictStatus.MET},",
        "Two missed in a row",
        "not met",
    ),
    "settings that raise": ("about = About(", SETTINGS, 'raise RuntimeError("no bell")', "raise SettingError alone."),
    "a rule that cancelling makes worse": (
        "in ledger.meetings)",
        "in counting)",
        "def judge",
        "Look at every class of the plan",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a plugin may be written; what is imported from it is forgotten afterwards."""
    paths = list(sys.path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.path[:] = paths
    sys.modules.pop("lms_brook", None)


def write(folder: Path, before: str, after: str) -> None:
    module, *_ = write_plugin("brook", "attendance", folder)
    text = module.read_text(encoding="utf-8")
    more = "import itertools\nimport os\nimport sys\n\nfrom pydantic import Field, field_validator\n\n"
    more += "counter = itertools.count().__next__\nS = 1\n"
    text = text.replace("from pydantic import Field\n", more).replace(
        'Text("You missed no class', 'Text(f"You missed no class'
    )
    assert before in text
    module.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize("what", BROKEN)
def test_a_fault_has_its_file_its_line_and_a_cure(what: str, folder: Path) -> None:
    before, after, shown, sentence = BROKEN[what]
    write(folder, before, after)
    first, place, line = look_at((folder / "brook",), None, ()).faults[0].splitlines()
    assert first.startswith("plugin brook: ")
    assert sentence in first
    path, _, number = place.strip().partition(":")
    assert path == "brook/lms_brook/__init__.py"
    written = Path(path).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert shown in written
    assert line == f"  {number:>5} | {written.rstrip()}"


def test_a_module_that_is_not_there_is_told_with_the_line_that_names_it(folder: Path) -> None:
    write_plugin("brook", "attendance", folder)
    manifest = folder / "brook" / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace('brook = "lms_brook"', 'brook = "lms_brok"'))
    (fault,) = look_at((folder / "brook",), None, ()).faults
    assert "names the module 'lms_brok', which is not there. Correct the entry point." in fault
    assert "brook/pyproject.toml:" in fault
    assert 'brook = "lms_brok"' in fault


def test_a_change_of_the_host_is_told_with_the_line_that_makes_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lms.plugin_api import Text

    monkeypatch.setattr(Text, "complete", Text.complete)  # put back after the test
    write(folder, "S = 1", "from lms.plugin_api import Text\nText.complete = lambda self: True")
    (fault,) = look_at((folder / "brook",), None, ()).faults
    assert "The host was changed: lms.plugin_api.values.Text.complete (now from lms_brook)." in fault
    assert "| Text.complete = lambda self: True" in fault


def test_all_faults_of_a_plugin_are_told_in_one_go(folder: Path) -> None:
    write(folder, "about = About(", SETTINGS)
    module = folder / "brook" / "lms_brook" / "__init__.py"
    module.write_text(
        module.read_text(encoding="utf-8").replace("VerdictStatus.CANNOT_BE_MET},", "VerdictStatus.MET},")
    )
    settings, example = look_at((folder / "brook",), None, ()).faults
    assert "The settings stopped with RuntimeError" in settings
    assert "Two missed in a row, completed: cannot_be_met, not met" in example


def test_a_folder_of_plugins_stands_for_each_of_them(folder: Path) -> None:
    write(folder, "S = 1", "S = 2")
    (folder / "notes").mkdir()
    found = look_at((folder,), None, ())
    assert (found.faults, found.plugins) == ([], 1)


def test_the_check_in_an_author_s_own_tests_has_the_place_in_a_note(folder: Path) -> None:
    write(folder, "VerdictStatus.CANNOT_BE_MET},", "VerdictStatus.MET},")
    sys.path.append(str(folder / "brook"))
    import lms_brook  # type: ignore[import-not-found]

    with pytest.raises(AssertionError, match="Two missed in a row, completed") as caught:
        check_plugin(lms_brook)
    assert "Two missed in a row" in caught.value.__notes__[0]
