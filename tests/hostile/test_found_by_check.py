"""`lms check` finds what a plugin does to the host around it, before anybody works with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lms.app import ROOT
from tests.hostile.starts import plant, rule

CHANGES: dict[str, tuple[str, str]] = {
    "a method of the host": (
        "import lms.host.guard as g\ng.Guard.call = lambda self, *a, **k: None\n",
        "The host was changed: lms.host.guard.Guard.call",
    ),
    "a function of the host": (
        "import lms.host.guard as g\ng.shortened = str\n",
        "The host was changed: lms.host.guard.shortened",
    ),
    "how long a plugin may think": (
        "import lms.host.guard as g\ng.PATIENCE = 1e9\n",
        "The host was changed: lms.host.guard.PATIENCE",
    ),
    "a function of Python": ("import builtins\nbuiltins.sum = max\n", "The host was changed: builtins.sum"),
    "what Ctrl+C does": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n",
        "The host was changed: what the signal SIGINT does",
    ),
    "what is said of an error": ("import sys\nsys.excepthook = print\n", "The host was changed: sys.excepthook"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_plugin_that_changes_the_host_is_found(what: str, tmp_path: Path) -> None:
    code, words = CHANGES[what]
    plant(tmp_path, "mole", code + rule("mole", "examples = ()"))
    command = [sys.executable, "-c", "from lms.cli import main; main()", "check", str(tmp_path / "mole")]
    done = subprocess.run(
        command, cwd=ROOT, env={"LMS_INSTANCE": str(tmp_path), "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert words in done.stderr, done.stdout + done.stderr
    assert done.returncode == 1
