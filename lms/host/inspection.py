"""A closer look at plugins and courses than running them needs: `lms check`, before a host is put to work with them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from lms.host.catalog import HOST, Offered, read_catalog
from lms.host.guard import Guard
from lms.host.plugins import Plugin, add_folder, described, find_plugins
from lms.plugin_api.files import folders_with_courses
from lms.plugin_api.pace import slow_questions
from lms.plugin_api.places import place_changed
from lms.plugin_api.testing import checks_of

# Modules that a plugin leaves as they are: the host's, those that it stands on, and Python's own functions.
WATCHED = ("lms", "builtins", "flask", "jinja2", "json", "markupsafe", "pluggy", "threading", "werkzeug")
# What Python does at certain moments, for the whole process.
MOMENTS = (
    (sys, ("excepthook", "unraisablehook", "displayhook", "stdout", "stderr", "gettrace", "settrace")),
    (threading, ("excepthook",)),
)
SIGNALS = (signal.SIGINT, signal.SIGTERM)
NO_PLUGIN = """This pyproject.toml names no plugin: it needs an entry point in the group lms.plugins, such as
  [project.entry-points."lms.plugins"]
  two-rivers = "lms_two_rivers\""""
NO_COURSE = "There is no course here. A course is a folder with a course.yaml; name it, or the folder around it."


@dataclass(frozen=True)
class Findings:
    """Every fault as a text with its place, how many plugins and courses are sound, and what is allowed yet worth a look."""

    faults: list[str]
    plugins: int
    courses: int
    notes: tuple[str, ...] = ()


def look_at(
    paths: tuple[Path, ...], plugins_folder: Path | None, course_folders: tuple[Path, ...], *, safe_mode: bool = False
) -> Findings:
    """Every plugin and course of the host, or those in `paths`: folders of a plugin or a course, or of several."""
    paths = tuple(inner for path in paths for inner in _spread(path))
    watch = Watch()
    with _nobody_leaves():
        return _look_at(paths, plugins_folder, course_folders, watch, safe_mode=safe_mode)


def _spread(path: Path) -> list[Path]:
    """A folder that has plugins in it stands for each of them."""
    inside = [] if (path / "pyproject.toml").is_file() else sorted(m.parent for m in path.glob("*/pyproject.toml"))
    return [*inside, *([path] if not inside or folders_with_courses(path) else [])]


@contextmanager
def _nobody_leaves() -> Iterator[None]:
    """Whoever calls `os._exit` would end the check without a word."""

    def refuse(status: int) -> NoReturn:
        raise SystemExit(f"os._exit({status}) would end the host at once. Raise an error instead.")

    leave, os._exit = os._exit, refuse
    try:
        yield
    finally:
        os._exit = leave


def _look_at(
    paths: tuple[Path, ...],
    plugins_folder: Path | None,
    course_folders: tuple[Path, ...],
    watch: Watch,
    *,
    safe_mode: bool,
) -> Findings:
    host = find_plugins(plugins_folder, safe_mode=safe_mode)
    of_plugins = {path: add_folder(host, path) for path in paths if (path / "pyproject.toml").is_file()}
    named = [plugin for found in of_plugins.values() for plugin in found]
    modules = [plugin.module for plugin in named or host.plugins.values()]
    if changed := watch.changed(modules):
        return Findings(changed, 0, 0)  # what such a host would say of the rest is worth nothing
    of_courses = tuple(path for path in paths if path not in of_plugins)
    plugins = named if of_plugins else list(host.plugins.values())
    offered = _courses(read_catalog(host, Guard(host), of_courses if paths else course_folders).courses, paths, named)
    faults = [f"{path / 'pyproject.toml'}\n  {NO_PLUGIN}" for path, found in of_plugins.items() if not found]
    faults += [f"{path}\n  {NO_COURSE}" for path in of_courses if not folders_with_courses(path)]
    faults += [_fault(p, p.quarantined, p.place) for p in plugins if p.quarantined]
    faults += [_fault(p, *broken) for p in named if not p.quarantined for broken in _broken(p)]
    for one in offered:
        faults += [f"{one.key}\n  " + str(fault).replace("\n", "\n  ") for fault in one.loaded.faults]
    faults = watch.changed(modules) + faults
    notes = tuple(f"plugin {p.name}: {note}" for p in named if not faults for note in slow_questions(p.module))
    sound = sum(not p.quarantined for p in plugins), sum(one.course is not None for one in offered)
    return Findings(faults, *sound, notes)


def _courses(courses: dict[str, Offered], paths: tuple[Path, ...], named: list[Plugin]) -> list[Offered]:
    """Those of the folders that were named; without a name, all."""
    wanted = {HOST, *(plugin.name for plugin in named)}
    return [offered for offered in courses.values() if not paths or offered.plugin in wanted]


class Watch:
    """What the host's functions and classes were when the watch began. A plugin changes nothing of the host."""

    def __init__(self) -> None:
        self.before = dict(_parts())

    def changed(self, plugins: Iterable[object] = ()) -> list[str]:
        """A sentence for each that is another one now: which, whose it is, and where in `plugins` that is done."""
        now = dict(_parts())
        return [
            f"The host was changed: {name} (now from {getattr(now.get(name), '__module__', None) or 'elsewhere'}). "
            "A plugin changes nothing of the host." + _shown(_first_change(plugins, name.rpartition(".")[2]))
            for name, part in self.before.items()
            if now.get(name) is not part
        ]


def _first_change(plugins: Iterable[object], attribute: str) -> str:
    return next(filter(None, (place_changed(module, attribute) for module in plugins)), "")


def _shown(place: str) -> str:
    return f"\n  {place}" if place else ""


def _parts() -> Iterator[tuple[str, object]]:
    """Every function, class and constant of the watched modules, and what their classes hold, by name."""
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] in WATCHED:
            yield from _of_module(module_name, module)
    for owner, names in MOMENTS:
        yield from ((f"{owner.__name__}.{name}", getattr(owner, name)) for name in names)
    yield from ((f"what the signal {number.name} does", signal.getsignal(number)) for number in SIGNALS)


def _of_module(module_name: str, module: ModuleType) -> Iterator[tuple[str, object]]:
    for name, value in list(vars(module).items()):
        if isinstance(value, ModuleType) or not (callable(value) or name.isupper()):
            continue
        yield f"{module_name}.{name}", value
        if isinstance(value, type) and value.__module__ == module_name:
            yield from (
                (f"{module_name}.{name}.{inner}", part)
                for inner, part in list(vars(value).items())
                if callable(part) or isinstance(part, (property, classmethod, staticmethod))
            )


def broken_promises(plugin: Plugin) -> str:
    """What the contract checks of `lms.plugin_api.testing` find wrong first, in a sentence; empty where all holds."""
    return next((sentence for sentence, _ in _broken(plugin)), "")


def _broken(plugin: Plugin) -> Iterator[tuple[str, str]]:
    """Each promise that a plugin breaks: a sentence, and the place in its files."""
    for check in checks_of(plugin.module):
        try:
            check()
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:
            yield described(error).removeprefix("AssertionError: "), "".join(getattr(error, "__notes__", ())[:1])


def _fault(plugin: Plugin, sentence: str, place: str) -> str:
    return f"plugin {plugin.name}: {sentence}{_shown(place)}"
