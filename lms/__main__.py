"""``python3 -m lms VERB``: set everything up on first use, then run the verb.

An installed host just runs. From a checkout, this module makes ``.venv``, installs the hash-pinned lock, the
host and every plugin of ``plugins/`` into it, and runs the same command there. A stamp in ``.venv`` tells later
starts what was installed. Only the standard library is used, in a syntax that old Pythons can read.
"""
# ruff: noqa: S603 - the commands are this module's own

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - for the Pythons that pip would have refused
    sys.exit("Python 3.11 or newer is needed, and this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

import contextlib
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn
from urllib.parse import urlparse
from urllib.request import url2pathname

DISTRIBUTION = "learning-host"
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}  # the second holds all of the first
TEST_VERBS = frozenset({"test"})
NO_INSTALLER = """\
Nothing here can install packages (no uv, no ensurepip, no pip 22.3 or newer): install one, for example \
with `apt-get install python3-venv`, and run the same command again."""


class SetupError(Exception):
    """The set-up cannot go on; the text is a sentence for the person at the keyboard."""


class Checkout:
    """A folder with the host's source, and the places in it that the set-up uses."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.python = self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = self.venv / "lms-setup.json"  # what is installed; there only while that is complete
        self.guard = self.venv / "lms-setup.lock"  # locked during a set-up; also says who made ``.venv``

    def exists(self) -> bool:
        """Is the source really here?"""
        return all((self.root / name).is_file() for name in ("pyproject.toml", *LOCKS.values()))

    def runs_this(self) -> bool:
        """Is this process running in the ``.venv`` made here?"""
        return Path(sys.prefix).resolve() == self.venv.resolve() and self.guard.exists()

    def projects(self) -> list[Path]:
        """The folders to install: the host, then its plugins by name."""
        return [self.root, *sorted(file.parent for file in self.root.glob("plugins/*/pyproject.toml"))]


class Installer(NamedTuple):
    """One way to install into ``.venv``: its name, how its command begins, and what must run before."""

    name: str
    command: tuple[str, ...]
    prepare: tuple[str, ...] = ()


def say(text: str) -> None:
    """Tell the person something, on stderr, since stdout belongs to the verbs."""
    print(text, file=sys.stderr, flush=True)


def needed_tools(arguments: list[str]) -> str:
    """The set that the verb needs: ``test`` or ``run``."""
    verb = next((word for word in arguments if not word.startswith("-")), "")
    return "test" if verb in TEST_VERBS else "run"


def host_is_installed(checkout: Checkout) -> bool:
    """Does the running Python have the host: from this very folder, or from a wheel in a place for it?"""
    try:
        origin = importlib.metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return False
    record = json.loads(origin or "{}")
    if "dir_info" in record:  # from a folder, which may be another checkout
        return Path(url2pathname(urlparse(record["url"]).path)).resolve() == checkout.root
    return not checkout.exists() or sys.prefix != sys.base_prefix


def wanted_state(checkout: Checkout, tools: str) -> dict[str, Any]:
    """What the stamp must say for a complete and current set-up."""

    def fingerprint(file: Path) -> str:
        return hashlib.sha256(file.read_bytes()).hexdigest()

    return {
        "python": f"{sys.version} {sysconfig.get_platform()}",
        "tools": tools,
        "lock": fingerprint(checkout.root / LOCKS[tools]),
        "projects": {str(folder): fingerprint(folder / "pyproject.toml") for folder in checkout.projects()},
    }


def recorded_state(checkout: Checkout) -> dict[str, Any]:
    """What the stamp says; empty where there is no usable set-up, or something else than a stamp stands there."""
    try:
        found = json.loads(checkout.stamp.read_text(encoding="utf-8")) if checkout.python.exists() else {}
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(found, dict) or found.keys() != {"python", "tools", "lock", "projects"}:
        return {}
    return found if found["tools"] in list(LOCKS) and isinstance(found["projects"], dict) else {}


def is_ready(checkout: Checkout, tools: str) -> bool:
    """Can the verb run in ``.venv`` as it is? The test tools serve the other verbs, too."""
    return recorded_state(checkout) in [wanted_state(checkout, each) for each in (tools, "test")]


def can_build_on(checkout: Checkout, recorded: dict[str, Any]) -> bool:
    """Can packages be added to ``.venv`` as it is, or does it hold something that is no longer wanted?"""
    if not recorded:
        return False
    wanted = wanted_state(checkout, recorded["tools"])
    same = all(recorded[key] == wanted[key] for key in ("python", "lock"))
    return same and set(recorded["projects"]) <= set(wanted["projects"])


def works(*command: str) -> bool:
    """Does this command run and succeed?"""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    except OSError:
        return False


def find_installers(checkout: Checkout) -> list[Installer]:
    """The ways to install that this machine has, best first."""
    if find_spec("venv") is None:
        return []
    target, uv = str(checkout.python), shutil.which("uv")
    outside = getattr(sys, "_base_executable", "") if checkout.runs_this() else sys.executable
    quietly = ("install", "--quiet", "--progress-bar", "off")
    found = []
    if uv and works(uv, "--version"):
        found.append(Installer("uv", (uv, "pip", "install", "--python", target, "--compile-bytecode")))
    if find_spec("ensurepip") is not None:
        ensurepip = (target, "-m", "ensurepip", "--default-pip")
        found.append(Installer("the pip of .venv", (target, "-m", "pip", *quietly), ensurepip))
    if works(outside, "-m", "pip", "--python", outside, "--version"):
        found.append(Installer("pip", (outside, "-m", "pip", "--python", target, *quietly)))
    return found


def run_installer(command: tuple[str, ...], folder: Path) -> None:
    """Run one command of an installer quietly; its output counts only when it fails."""
    drop = {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_HASHES", "UV_REQUIRE_HASHES"}
    environment = {name: value for name, value in os.environ.items() if name not in drop}
    environment |= {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    quiet: Any = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "errors": "replace"}
    # It inherits the guard, which so stays locked until the installer has ended, too: hence close_fds.
    done = subprocess.run(command, cwd=folder, env=environment, close_fds=False, **quiet)
    if done.returncode:
        raise subprocess.SubprocessError(done.stdout + done.stderr)


def make_venv(checkout: Checkout) -> None:
    """Make ``.venv`` anew, without pip; only the guard stays."""
    import venv

    for entry in checkout.venv.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != checkout.guard:
            entry.unlink()
    venv.create(checkout.venv, with_pip=False, symlinks=os.name != "nt")


def install(checkout: Checkout, tools: str, installers: list[Installer]) -> None:
    """Install the lock, then the projects as editables, with the first installer that manages it."""
    pinned = ("--require-hashes", "-r", str(checkout.root / LOCKS[tools]))
    editables = [word for folder in checkout.projects() for word in ("-e", str(folder))]
    output = ""
    for number, installer in enumerate(installers, start=1):
        try:
            if installer.prepare:
                run_installer(installer.prepare, checkout.root)
            run_installer((*installer.command, *pinned), checkout.root)
            run_installer((*installer.command, "--no-deps", "--no-build-isolation", *editables), checkout.root)
            return
        except subprocess.SubprocessError as failure:
            output = "\n  ".join(str(failure).strip().splitlines()[-10:])
            if number < len(installers):
                say(f"That did not work with {installer.name}; trying {installers[number].name}...")
    raise SetupError(f"The packages could not be installed (is this machine online?); it ended with:\n  {output}")


def set_up(checkout: Checkout, tools: str) -> None:
    """Make ``.venv`` complete for a set of tools; the stamp is away meanwhile and comes back last."""
    installers = find_installers(checkout)
    if not installers:
        raise SetupError(NO_INSTALLER)
    recorded = recorded_state(checkout)
    build_on = can_build_on(checkout, recorded)
    if build_on and recorded["tools"] == "test":
        tools = "test"
    state = wanted_state(checkout, tools)  # taken first: a change during the set-up then leads to another
    say("Bringing .venv up to date..." if build_on else "Setting up in .venv (once, about a minute)...")
    checkout.stamp.unlink(missing_ok=True)
    if not build_on:
        make_venv(checkout)
    install(checkout, tools, installers)
    checkout.stamp.write_text(json.dumps(state), encoding="utf-8")  # torn, it would be no JSON and no stamp
    say("Ready.")


def locked(file: BinaryIO) -> bool:
    """Lock an open file unless another start has; closing it, or the end of the process, unlocks it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextlib.contextmanager
def only_one_start(checkout: Checkout) -> Iterator[None]:
    """Let one start at a time into the set-up, and none into a ``.venv`` that somebody else made."""
    checkout.venv.mkdir(exist_ok=True)
    if any(checkout.venv.iterdir()) and not checkout.guard.exists():
        raise SetupError(
            f"{checkout.venv} was not made by this command, so it is left alone: "
            "move it away, or install the host into it yourself and run its own `lms`."
        )
    with checkout.guard.open("ab") as file:
        os.set_inheritable(file.fileno(), True)
        if not locked(file):
            say("Another start is setting up in .venv; waiting for it...")
            while not locked(file):
                time.sleep(0.1)
        yield


def prepare(checkout: Checkout, tools: str) -> None:
    """Make sure that ``.venv`` has a set of tools, or end with a sentence that says why it cannot."""
    try:
        with only_one_start(checkout):
            if not is_ready(checkout, tools):
                set_up(checkout, tools)
    except SetupError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"The set-up in {checkout.venv} failed: {error}.")
    except KeyboardInterrupt:
        sys.exit("Stopped; the next start sets up again.")


def run_here() -> NoReturn:
    """Run the verb in this Python, which has everything."""
    from lms.cli import main as run_verb

    sys.exit(run_verb())


def run_in_venv(checkout: Checkout, arguments: list[str]) -> NoReturn:
    """Run the same command with the Python of ``.venv``."""
    command = [str(checkout.python), "-m", "lms", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606
    sys.exit(subprocess.run(command).returncode)


def main(arguments: list[str], root: Path) -> NoReturn:
    """Run a verb, after setting up what it needs where that is not there yet."""
    checkout = Checkout(root)
    if host_is_installed(checkout) and not checkout.runs_this():
        run_here()
    if not checkout.exists():
        sys.exit(f"{DISTRIBUTION} is not installed in this Python, and {root} is not a checkout of it.")
    tools = needed_tools(arguments)
    if not is_ready(checkout, tools):
        prepare(checkout, tools)
    elif checkout.runs_this():
        run_here()
    run_in_venv(checkout, arguments)


if __name__ == "__main__":
    main(sys.argv[1:], Path(__file__).resolve().parent.parent)
