"""The set-up behind ``python3 -m lms``: what it decides, seen from outside, without a network."""

import ast
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

setup = importlib.import_module("lms.__main__")

SOURCE = Path(setup.__file__)
REPOSITORY = SOURCE.parent.parent
posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-in installer is a shell script")

# Stands in for uv: notes its arguments, takes its time, and leaves what a real install would leave.
INSTALLER = """\
import json, os, pathlib, sys, time
home = pathlib.Path(__file__).parent
if "--version" in sys.argv:
    sys.exit(0)
with open(home / "calls", "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
if (home / "fail").exists():
    sys.exit("no route to the packages")
time.sleep(float((home / "seconds").read_text()))
root = pathlib.Path.cwd()
site = next(root.glob(".venv/lib/python*/site-packages"))
info = site / "learning_host-1.dist-info"
info.mkdir(exist_ok=True)
(info / "METADATA").write_text("Metadata-Version: 2.1\\nName: learning-host\\nVersion: 1\\n")
(info / "direct_url.json").write_text(json.dumps({"url": root.as_uri(), "dir_info": {"editable": True}}))
"""

HOST = """\
import json, sys
def main():
    print(json.dumps({"arguments": sys.argv[1:], "prefix": sys.prefix}))
    return 3 if "three" in sys.argv else 0
"""


class Folder:
    """A small checkout in a folder with a space in its name, and a stand-in for uv."""

    def __init__(self, path: Path) -> None:
        self.root = path / "learning host"
        self.tools = path / "tools"
        for folder in (self.root / "lms", self.tools):
            folder.mkdir(parents=True)
        (self.root / "lms/__init__.py").touch()
        (self.root / "lms/__main__.py").write_bytes(SOURCE.read_bytes())
        (self.root / "lms/cli.py").write_text(HOST)
        for name in ("pyproject.toml", "requirements.lock", "requirements-test.lock"):
            (self.root / name).write_text("# first\n")
        (self.tools / "uv.py").write_text(INSTALLER)
        (self.tools / "uv").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{self.tools}/uv.py" "$@"\n')
        (self.tools / "uv").chmod(0o755)
        self.take(seconds=0)

    def take(self, seconds: float) -> None:
        """Say how long an install takes."""
        (self.tools / "seconds").write_text(str(seconds))

    def add_plugin(self, name: str) -> Path:
        file = self.root / "plugins" / name / "pyproject.toml"
        file.parent.mkdir(parents=True)
        file.write_text("# a plugin\n")
        return file

    def begin(self, *arguments: str, python: str | Path = sys.executable) -> subprocess.Popen[str]:
        """Start the host in the background."""
        return subprocess.Popen(
            [python, "-m", "lms", *arguments],
            cwd=self.root,
            env={"PATH": f"{self.tools}{os.pathsep}/nowhere"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str, python: str | Path = sys.executable) -> tuple[int, str, str]:
        """Start the host and wait for its exit code, output and messages."""
        process = self.begin(*arguments, python=python)
        output, messages = process.communicate(timeout=60)
        return process.returncode, output, messages

    def calls(self) -> list[list[str]]:
        """What the installer was asked for since the last time."""
        file = self.tools / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    def wait_for_installer(self) -> None:
        end = time.monotonic() + 30
        while not (self.tools / "calls").exists():
            assert time.monotonic() < end, "the installer was never called"
            time.sleep(0.02)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@posix_only
def test_the_first_start_sets_up_and_runs_the_verb(folder: Folder) -> None:
    folder.add_plugin("badges")
    code, output, messages = folder.start("three", "--to", "a b")
    assert code == 3
    assert json.loads(output) == {"arguments": ["three", "--to", "a b"], "prefix": str(folder.root / ".venv")}
    assert messages.splitlines() == ["Setting up in .venv (once, about a minute)...", "Ready."]
    pinned, projects = folder.calls()
    assert "--require-hashes" in pinned
    assert pinned[-1] == str(folder.root / "requirements.lock")
    assert projects[-6:] == [
        "--no-deps",
        "--no-build-isolation",
        "-e",
        str(folder.root),
        "-e",
        str(folder.root / "plugins/badges"),
    ]


@posix_only
def test_later_starts_install_nothing(folder: Folder) -> None:
    folder.start("demo")
    folder.calls()
    for python in (sys.executable, folder.root / ".venv/bin/python"):
        code, output, messages = folder.start("demo", python=python)
        assert (code, messages) == (0, "")
        assert json.loads(output)["prefix"] == str(folder.root / ".venv")
    assert folder.calls() == []


@posix_only
def test_the_test_tools_are_added_once_and_serve_every_verb(folder: Folder) -> None:
    folder.start("demo")
    folder.calls()
    _, _, messages = folder.start("test")
    assert "up to date" in messages
    assert folder.calls()[0][-1] == str(folder.root / "requirements-test.lock")
    for verb in ("demo", "test"):
        assert folder.start(verb)[2] == ""


@posix_only
def test_a_set_up_from_inside_the_environment(folder: Folder) -> None:
    folder.start("demo")
    code, output, messages = folder.start("test", python=folder.root / ".venv/bin/python")
    assert code == 0, messages
    assert json.loads(output)["arguments"] == ["test"]
    assert "up to date" in messages


@posix_only
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder.root / "pyproject.toml").write_text("# second\n"), "up to date"),
        (lambda folder: folder.add_plugin("calendar"), "up to date"),
        (lambda folder: (folder.root / "requirements.lock").write_text("# second\n"), "Setting up"),
        (lambda folder: (folder.root / "plugins/badges/pyproject.toml").unlink(), "Setting up"),
        (lambda folder: (folder.root / ".venv/bin/python").unlink(), "Setting up"),
    ],
    ids=["project changed", "plugin added", "lock changed", "plugin removed", "python gone"],
)
def test_a_change_leads_to_another_set_up(folder: Folder, change, message: str) -> None:
    folder.add_plugin("badges")
    folder.start("demo")
    folder.calls()
    change(folder)
    code, _, messages = folder.start("demo")
    assert code == 0, messages
    assert message in messages
    assert len(folder.calls()) == 2
    assert folder.start("demo")[2] == ""


@posix_only
@pytest.mark.parametrize(
    "words",
    [
        "torn {",
        "null",
        "[]",
        "7",
        '{"tools": "run"}',
        '{"python": "3", "tools": "paint", "lock": "1", "projects": {}}',
        '{"python": "3", "tools": [], "lock": "1", "projects": {}}',
        '{"python": "3", "tools": "run", "lock": "1", "projects": 3}',
    ],
)
def test_a_stamp_of_another_shape_is_no_set_up(folder: Folder, words: str) -> None:
    folder.start("demo")
    (folder.root / ".venv/lms-setup.json").write_text(words)
    code, _, messages = folder.start("demo")
    assert (code, messages.splitlines()) == (0, ["Setting up in .venv (once, about a minute)...", "Ready."])
    assert folder.start("demo")[2] == ""


@posix_only
def test_a_moved_folder_is_set_up_again(folder: Folder) -> None:
    folder.start("demo")
    folder.root = folder.root.rename(folder.root.with_name("moved"))
    _, output, messages = folder.start("demo")
    assert "Setting up" in messages
    assert json.loads(output)["prefix"] == str(folder.root / ".venv")


@posix_only
def test_two_starts_at_once_install_once(folder: Folder) -> None:
    folder.take(seconds=0.5)
    first = folder.begin("demo")
    folder.wait_for_installer()
    second = folder.begin("demo")
    results = [process.communicate(timeout=60) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0]
    assert [json.loads(output)["arguments"] for output, _ in results] == [["demo"], ["demo"]]
    assert results[1][1].splitlines() == ["Another start is setting up in .venv; waiting for it..."]
    assert len(folder.calls()) == 2


@posix_only
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_set_up_is_not_taken_for_ready(folder: Folder, sign: signal.Signals) -> None:
    folder.take(seconds=1)
    process = folder.begin("demo")
    folder.wait_for_installer()
    process.send_signal(sign)
    _, messages = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in messages
    folder.take(seconds=0)
    code, _, messages = folder.start("demo")
    assert code == 0
    assert "Setting up in .venv (once" in messages


@posix_only
def test_a_failed_install_says_why_and_is_tried_again(folder: Folder, monkeypatch, capsys) -> None:
    (folder.tools / "fail").touch()
    checkout = setup.Checkout(folder.root)
    uv = setup.Installer("uv", (str(folder.tools / "uv"), "pip", "install"))
    monkeypatch.setattr(setup, "find_installers", lambda checkout: [uv, uv._replace(name="pip")])
    with pytest.raises(SystemExit) as end:
        setup.prepare(checkout, "run")
    sentence, *last_lines = str(end.value.code).splitlines()
    assert "could not be installed" in sentence
    assert last_lines == ["  no route to the packages"]
    assert "did not work with uv; trying pip" in capsys.readouterr().err
    assert not setup.is_ready(checkout, "run")

    (folder.tools / "fail").unlink()
    assert folder.start("demo")[0] == 0


@posix_only
def test_an_environment_made_by_somebody_else_is_left_alone(folder: Folder) -> None:
    theirs = folder.root / ".venv/pyvenv.cfg"
    theirs.parent.mkdir()
    theirs.write_text("theirs")
    code, _, messages = folder.start("demo")
    assert code == 1
    assert messages.count("\n") == 1
    assert "left alone" in messages
    assert [entry.name for entry in theirs.parent.iterdir()] == ["pyvenv.cfg"]
    assert folder.calls() == []


def choose(monkeypatch, folder: Path, uv: bool, ensurepip: bool, pip: bool, venv: bool = True) -> list[str]:
    """The names of the installers chosen on a machine that has only these."""
    present = {"ensurepip": ensurepip, "venv": venv}
    monkeypatch.setattr(setup, "find_spec", lambda name: name if present[name] else None)
    monkeypatch.setattr(setup.shutil, "which", lambda name: "/usr/bin/uv")
    monkeypatch.setattr(setup, "works", lambda *command: uv if command[0] == "/usr/bin/uv" else pip)
    return [installer.name for installer in setup.find_installers(setup.Checkout(folder))]


@pytest.mark.parametrize(
    ("machine", "names"),
    [
        ({"uv": True, "ensurepip": True, "pip": True}, ["uv", "the pip of .venv", "pip"]),
        ({"uv": False, "ensurepip": True, "pip": True}, ["the pip of .venv", "pip"]),
        ({"uv": False, "ensurepip": False, "pip": True}, ["pip"]),
        ({"uv": True, "ensurepip": False, "pip": False}, ["uv"]),
        ({"uv": False, "ensurepip": False, "pip": False}, []),
        ({"uv": True, "ensurepip": True, "pip": True, "venv": False}, []),
    ],
)
def test_the_order_of_installers(monkeypatch, tmp_path: Path, machine: dict[str, bool], names: list[str]) -> None:
    assert choose(monkeypatch, tmp_path, **machine) == names


def test_the_outer_pip_installs_into_the_environment(monkeypatch, tmp_path: Path) -> None:
    choose(monkeypatch, tmp_path, uv=False, ensurepip=False, pip=True)
    checkout = setup.Checkout(tmp_path)
    (pip,) = setup.find_installers(checkout)
    assert pip.command[:6] == (sys.executable, "-m", "pip", "--python", str(checkout.python), "install")


def test_where_nothing_can_install_one_sentence_says_what_to_do(monkeypatch, folder: Folder) -> None:
    choose(monkeypatch, folder.root, uv=False, ensurepip=False, pip=False)
    with pytest.raises(SystemExit) as end:
        setup.prepare(setup.Checkout(folder.root), "run")
    assert "apt-get install python3-venv" in str(end.value.code)
    assert "\n" not in str(end.value.code)


def test_an_old_python_gets_one_sentence(tmp_path: Path) -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 8, 1); runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend, str(SOURCE)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["Python 3.11 or newer is needed, and this is Python 3.8."]


def test_old_pythons_can_read_the_set_up() -> None:
    for file in (SOURCE, SOURCE.with_name("__init__.py")):
        ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_outside_a_checkout_without_the_host_one_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(setup, "host_is_installed", lambda checkout: False)
    with pytest.raises(SystemExit) as end:
        setup.main(["demo"], tmp_path)
    assert "is not a checkout" in str(end.value.code)
    assert list(tmp_path.iterdir()) == []


def locked_packages(name: str) -> dict[str, str]:
    """The packages of a lock with their whole entries."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return {re.match(r"[\w.-]+(==\S+)?", entry)[0]: entry for entry in re.split(r"\n(?=\S)", text)}


def plain_name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def test_the_locks_are_pinned_hashed_and_name_no_address() -> None:
    run, test = locked_packages("requirements.lock"), locked_packages("requirements-test.lock")
    for name, entry in (run | test).items():
        assert "==" in name
        assert "--hash=sha256:" in entry
        assert "://" not in entry
    assert run.items() <= test.items()


def test_the_locks_hold_what_the_projects_ask_for() -> None:
    names = {lock: {plain_name(each) for each in locked_packages(lock)} for lock in setup.LOCKS.values()}
    host = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    groups = host["dependency-groups"]
    wanted = [*host["project"]["dependencies"], *groups["build"]]
    for extra in ("certificates", "postgres"):
        wanted += host["project"]["optional-dependencies"].get(extra, [])
    projects = {host["project"]["name"]}
    for file in REPOSITORY.glob("plugins/*/pyproject.toml"):
        plugin = tomllib.loads(file.read_text(encoding="utf-8"))
        projects.add(plugin["project"]["name"])
        wanted += [*plugin["project"].get("dependencies", []), *plugin["build-system"]["requires"]]
    for_tests = [each for name in ("test", "postgres-test", "browser", "lint") for each in groups[name]]
    assert {plain_name(each) for each in wanted} - projects <= names["requirements.lock"]
    assert {plain_name(each) for each in wanted + for_tests} - projects <= names["requirements-test.lock"]
