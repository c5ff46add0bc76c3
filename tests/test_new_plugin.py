"""`lms new-plugin` writes plugins that work as they are: each kind is written, tested, checked and found by a host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lms.app import ROOT
from lms.host.catalog import read_catalog
from lms.host.errors import SetUpError
from lms.host.guard import Guard
from lms.host.plugins import find_plugins
from lms.new_plugin import KINDS, write_plugin


def test_there_is_a_kind_for_each_thing_that_organizations_bring() -> None:
    assert {"curriculum", "attendance", "certificate", "activity", "framework"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_passes_its_own_tests_without_a_host(kind: str, tmp_path: Path) -> None:
    write_plugin("quiet-evenings", kind, tmp_path, label="Quiet evenings")
    alone = (
        "import sys, pytest; code = pytest.main(sys.argv[1:]); "
        "assert not {'flask', 'sqlalchemy'} & set(sys.modules), 'a plugin needs neither'; sys.exit(code)"
    )
    command = [sys.executable, "-W", "error", "-c", alone, "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path / "quiet-evenings", env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_host_takes_what_is_written(kind: str, tmp_path: Path) -> None:
    name = f"brook-{kind}"
    write_plugin(name, kind, tmp_path)
    host = find_plugins(tmp_path)
    assert host.plugins[name].quarantined == ""
    assert host.plugins[name].label.en == f"Brook {kind}"
    assert host.plugins[name].providers
    assert [offered.loaded.faults for offered in read_catalog(host, Guard(host), ()).faulty()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_french_has_its_own_label(kind: str, tmp_path: Path) -> None:
    name = f"soft-{kind}"
    write_plugin(name, kind, tmp_path, label="Quiet evenings", label_fr='Soirées  "tranquilles"')
    label = find_plugins(tmp_path).plugins[name].label
    assert (label.en, label.fr) == ("Quiet evenings", "Soirées tranquilles")


def test_without_a_french_label_french_starts_with_the_other(tmp_path: Path) -> None:
    write_plugin("soft-evenings", "attendance", tmp_path, label="Quiet evenings")
    assert find_plugins(tmp_path).plugins["soft-evenings"].label.fr == "Quiet evenings"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_pattern_is_left_in_it(kind: str, tmp_path: Path) -> None:
    for path in write_plugin("quiet-evenings", kind, tmp_path):
        assert "kittiwake" not in path.as_posix().lower()
        assert "kittiwake" not in path.read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", ["Quiet", "quiet_evenings", "1st", "two--rivers", "", "a" * 41, "../up", "attendance"])
def test_a_name_that_cannot_be_one_gets_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match=r"lower-case letters|comes with the host"):
        write_plugin(name, "attendance", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (own,) = (path for path in write_plugin("steady", "attendance", tmp_path) if path.name == "pyproject.toml")
    own.write_text("mine")
    with pytest.raises(SetUpError, match="There is something at"):
        write_plugin("steady", "curriculum", tmp_path)
    assert own.read_text() == "mine"
