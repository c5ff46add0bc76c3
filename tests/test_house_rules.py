"""How this house is built, checked: who may import what, who commits, how long a file is, which words nobody reads."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from lms.plugin_api import hooks
from lms.plugin_api.hooks import EVENT_HOOKS, PROVIDER_HOOKS

ROOT = Path(__file__).resolve().parent.parent
LMS = ROOT / "lms"
PLUGINS = ROOT / "plugins"


def sources(*folders: Path) -> list[Path]:
    """Every Python file of the host or of plugins, without tests."""
    files = (file for folder in folders for file in sorted(folder.rglob("*.py")))
    return [file for file in files if "tests" not in file.parts and "__pycache__" not in file.parts]


def shown(files: Iterable[Path]) -> list[str]:
    return [file.relative_to(ROOT).as_posix() for file in files]


def imports(file: Path) -> Iterator[str]:
    """Every module that `file` imports, wherever in the file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


# -- rooms --------------------------------------------------------------------------------------------------


def test_only_one_place_commits() -> None:
    files = [file for file in sources(LMS, PLUGINS) if re.search(r"\bcommit\(", file.read_text(encoding="utf-8"))]
    assert set(shown(files)) == {"lms/host/db.py", "lms/migrations/__init__.py"}


# Flask itself, and the packages that bring its request along.
WEB = ("flask", "flask_login", "flask_limiter", "werkzeug")
MAY_USE_FLASK = {
    "lms/app.py",
    "lms/wsgi.py",
    "lms/authoring.py",
    "lms/cli.py",
    "lms/host/db.py",  # flask_sqlalchemy
    "lms/host/outbox.py",
    "lms/host/serving.py",
    "lms/host/transfer.py",
    "lms/host/web.py",
    "lms/terminal.py",
}


def may_use_flask(file: str) -> bool:
    name = file.rpartition("/")[2]
    in_feature = file.startswith("lms/features/") and name in ("views.py", "reading.py")
    return file in MAY_USE_FLASK or in_feature or file.startswith("lms/demo/")


def test_flask_stays_in_the_rooms_that_face_the_web() -> None:
    users = [f for f in sources(LMS) if any(within(module, web) for module in imports(f) for web in WEB)]
    assert [file for file in shown(users) if not may_use_flask(file)] == []


def test_built_ins_and_plugins_know_the_public_door_alone() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {module}"
        for file in sources(LMS / "builtin", PLUGINS)
        for module in imports(file)
        if within(module, "lms") and not within(module, "lms.plugin_api") and not within(module, "lms.builtin")
    }
    assert found == set()


def test_the_public_door_knows_nothing_of_the_host() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {module}"
        for file in sources(LMS / "plugin_api")
        for module in imports(file)
        if (within(module, "lms") and not within(module, "lms.plugin_api"))
        or module.partition(".")[0] in (*WEB, "sqlalchemy", "flask_sqlalchemy")
    }
    assert found == set()


def test_there_is_no_attic() -> None:
    names = {"utils", "util", "helpers", "common", "misc"}
    assert [file for file in shown(sources(LMS, PLUGINS)) if names & {Path(file).stem, Path(file).parent.name}] == []


def test_a_template_that_several_rooms_draw_names_its_addresses_whole() -> None:
    """`.add` would mean another route in each of the blueprints of homework."""
    files = [file for file in LMS.rglob("submissions/*.html") if re.search(r"url_for\(.\.", file.read_text("utf-8"))]
    assert shown(files) == []


MAX_LINES = 400


def test_no_file_is_too_long_to_read() -> None:
    migrations = LMS / "migrations" / "versions"
    files = [file for file in sources(LMS, PLUGINS) if migrations not in file.parents]
    long = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: lines for name, lines in zip(shown(long), long.values(), strict=True) if lines > MAX_LINES} == {}


# -- hooks --------------------------------------------------------------------------------------------------

HOOKS = {name: spec for name, spec in vars(hooks).items() if hasattr(spec, "lms_spec")}


def test_every_hook_is_asked_or_told() -> None:
    assert set(HOOKS) == {*PROVIDER_HOOKS, *EVENT_HOOKS}


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_says_what_it_is_for(name: str) -> None:
    words = inspect.getdoc(HOOKS[name])
    assert words
    assert words.partition("\n")[0].endswith(".")
    assert "\n\n" in words, "the first line says what, the rest says when and with what"


@pytest.mark.parametrize("name", EVENT_HOOKS)
def test_every_event_hook_gets_the_event_the_settings_and_the_store(name: str) -> None:
    assert list(inspect.signature(HOOKS[name]).parameters) == ["event", "settings", "store"]


# -- words --------------------------------------------------------------------------------------------------

ENGLISH = (
    "PSWs?|failed|fails?|rejected|delinquent|non-compliant|suspicious|users?|clients?|patients?"
    "|suffers? from|suffering from|clean|commit(?:s|ted)? suicide|oops"
)

FRENCH = "échecs?|rejetée?s?|usagers?|usagères?|souffr(?:ir|e|ent|ez|ant) d(?:e|u|es|['’].*?)|commettre un suicide"
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
FORBIDDEN = re.compile(rf"(?<![\w-])(?:{ENGLISH}|{FRENCH})(?![\w-])", re.IGNORECASE)


def templates() -> Iterator[tuple[str, str]]:
    """Lines of templates; of what stands in `{{ }}` and `{% %}` only the quoted words."""
    for file in sorted((*LMS.rglob("*.html"), *PLUGINS.rglob("*.html"))):
        text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"\{([{%]).*?[}%]\}", lambda code: " ".join(QUOTED.findall(code.group())), text, flags=re.DOTALL)
        yield from ((shown([file])[0], line) for line in text.splitlines())


def course_files() -> Iterator[tuple[str, str]]:
    """Lines of courses, without code: the handbook shows commands and settings."""
    folders = [ROOT / "courses", *PLUGINS.glob("*/*/courses")]
    files = (file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in (".md", ".yaml"))
    for file in files:
        text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        text = re.sub(r"`[^`\n]*`", "", re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE))
        yield from ((shown([file])[0], line) for line in text.splitlines())


def translations() -> Iterator[tuple[str, str]]:
    for file in sorted(LMS.rglob("*.po")):
        lines = file.read_text(encoding="utf-8").splitlines()
        yield from ((shown([file])[0], line) for line in lines if not line.startswith("#"))


SAYS = {"Text", "_", "gettext", "lazy_gettext", "ngettext", "Refused", "About"}


def sentences_in_code() -> Iterator[tuple[str, str]]:
    """What code says to people: arguments of the calls that make sentences."""
    for file in sources(LMS, PLUGINS):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SAYS:
                for part in ast.walk(node):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield shown([file])[0], part.value


@pytest.mark.parametrize("texts", [templates, course_files, translations, sentences_in_code])
def test_nobody_reads_a_word_that_hurts_or_blames(texts: object) -> None:
    found = sorted(
        {
            f"{file}: {match.group()!r} in {line.strip()[:90]!r}"
            for file, line in texts()  # type: ignore[operator]
            for match in FORBIDDEN.finditer(line)
        }
    )
    assert found == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("You failed the class.", True),
        ("Dear users,", True),
        ("L'échec n'est rien.", True),
        ("Elle souffre d'anxiété.", True),
        ("Marked by current_user", False),
        ("Patience is a skill.", False),
        ("missed", False),
    ],
)
def test_the_list_of_words_is_read_as_meant(sentence: str, found: bool) -> None:
    assert bool(FORBIDDEN.search(sentence)) == found
