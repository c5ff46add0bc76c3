"""Each plugin, as a wheel, alone on a host that was installed as a wheel and has never seen it; and the host without it.

The environment is new. Of the one that the tests run in it borrows the packages that the host needs, and nothing else.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lms.app import ROOT

PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
JOURNEY = ROOT / "tests/installed_journey.py"
OURS = re.compile(r"lms|lms[_.].*|learning_host.*|_editable_impl_.*|.*\.pth|__pycache__")
BUILD = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"


@dataclass(frozen=True)
class Environment:
    folder: Path

    @property
    def packages(self) -> Path:
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.folder)}))

    def run(self, instance: Path, *arguments: str) -> str:
        """What was printed by this environment's Python, for an installation in the folder `instance`."""
        variables = {"LMS_INSTANCE": str(instance), "PATH": os.environ["PATH"]}
        command = [str(self.folder / "bin/python"), "-W", "error", *arguments]
        done = subprocess.run(command, cwd=instance, env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def install(self, wheel: Path) -> None:
        """As installers do with a wheel of plain Python: unpack it. Its list of files stays for removing it."""
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(self.packages)

    def remove(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            (record,) = (name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
        with (self.packages / record).open(encoding="utf-8") as rows:
            for name, *_ in list(csv.reader(rows)):
                (self.packages / name).unlink()


def wheel_of(project: Path, into: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(into)], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return into / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """With the host in it, and no plugin."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", symlinks=True)
    made = Environment(folder / "venv")
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not OURS.fullmatch(path.name):
            (made.packages / path.name).symlink_to(path)
    made.install(wheel_of(ROOT, folder))
    return made


@pytest.fixture
def installed(environment: Environment, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The wheel of one plugin, unpacked; removed at the end where the test has not done so."""
    wheel = wheel_of(request.param, tmp_path)
    environment.install(wheel)
    yield wheel
    if any(environment.packages.glob(f"{wheel.name.partition('-')[0]}-*.dist-info/RECORD")):
        environment.remove(wheel)


@pytest.mark.parametrize("installed", PLUGINS, indirect=True, ids=lambda folder: folder.name)
def test_it_lives_alone_and_what_it_left_behind_reads_without_it(
    environment: Environment, installed: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    project = tomllib.loads((request.node.callspec.params["installed"] / "pyproject.toml").read_text(encoding="utf-8"))
    (name,) = project["project"]["entry-points"]["lms.plugins"]
    instance = tmp_path / "instance"
    instance.mkdir()
    who = ("--short-name", "north", "--admin", "olga@example.org", "--admin-name", "Olga")
    said = environment.run(instance, "-m", "lms", "add-organization", "North", *who)
    link = re.search(r"https?://[^/\s]+(/reset-password/\S+)", said)
    assert link
    environment.run(instance, str(JOURNEY), "lived", name, link[1])
    environment.remove(installed)
    environment.run(instance, str(JOURNEY), "later", name)


def test_the_host_that_is_installed_is_not_this_checkout(environment: Environment, tmp_path: Path) -> None:
    script = "import lms, lms.plugin_api.testing; print(lms.__path__[0])"
    assert environment.run(tmp_path, "-c", script).strip() == str(environment.packages / "lms")
