"""Finding, checking and holding plugins. One `PluginHost` belongs to one app.

A plugin that cannot stand (does not import, misspells a hook, wants another API, clashes by name, answers nonsense)
is quarantined with a sentence: the host starts without it.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from lms.host.budget import watcher
from lms.host.fitness import Unfit, about_of, asked, check_provider, meant, misfit
from lms.plugin_api import hooks
from lms.plugin_api.contracts import About, Provider
from lms.plugin_api.hooks import PROJECT, PROVIDER_HOOKS
from lms.plugin_api.places import place_named, place_of, place_of_class, place_raised
from lms.plugin_api.values import Text

GROUP = "lms.plugins"
# Seconds that a plugin has to be imported and to say what it provides.
START_PATIENCE = 30.0
# What one plugin may provide.
MAX_PROVIDERS = 200
BUILT_IN = ("homework", "attendance", "certificates", "starters", "role_play")


# A plugin's name, and how to load it, its version and its source.
Found = tuple[str, tuple[Callable[[], Any], str, str]]


@dataclass
class Plugin:
    """A plugin as the host knows it. `quarantined` says why it is not in use, and `place` where in its files that is."""

    name: str
    version: str
    source: str
    module: Any = None
    about: About | None = None
    hooks: tuple[str, ...] = ()
    providers: tuple[Provider, ...] = ()
    quarantined: str = ""
    place: str = ""

    @property
    def built_in(self) -> bool:
        return self.source == "built-in"

    @property
    def label(self) -> Text:
        return self.about.label if self.about else Text(self.name, self.name)


@dataclass(frozen=True)
class Provided:
    """A provider together with the plugin that it came from."""

    provider: Any
    plugin: Plugin


@dataclass
class PluginHost:
    """All plugins of one app, and their providers by kind and name."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    providers: dict[str, dict[str, Provided]] = field(default_factory=lambda: {hook: {} for hook in PROVIDER_HOOKS})
    policies: dict[tuple[str, str], Provided] = field(default_factory=dict)

    def provided(self, hook: str, name: str) -> Provided | None:
        """The provider `name` that some plugin contributes through `hook`."""
        return self.providers[hook].get(name)

    def policy_version(self, name: str, version: str) -> Provided | None:
        """The attendance policy in this version, which a plugin may provide beside a newer one; the newest for ""."""
        return self.policies.get((name, version)) if version else self.provided("attendance_policies", name)

    def names(self, hook: str) -> list[str]:
        return sorted(self.providers[hook])

    def usable(self) -> Iterator[Plugin]:
        return (p for p in self.plugins.values() if not p.quarantined)

    def listener(self, plugin: str, hook: str) -> Callable[..., Any] | None:
        """The function with which `plugin` listens to an event hook."""
        found = self.plugins.get(plugin)
        if found is None or found.quarantined or hook not in found.hooks:
            return None
        listener: Callable[..., Any] = getattr(found.module, hook)
        return listener

    # -- taking plugins in --------------------------------------------------------------------------------

    def add(self, name: str, load: Callable[[], Any], *, version: str, source: str) -> Plugin:
        """Load, check and register one plugin; on any fault it is kept in quarantine with the reason."""
        plugin = Plugin(name, version, source)
        self.plugins[name] = plugin
        run = watcher.begin(START_PATIENCE)
        try:
            try:
                plugin.module = load()
                plugin.about = about_of(plugin.module)
                plugin.hooks = self._register(plugin)
                plugin.providers = self._collect(plugin)
            finally:
                watcher.end(run)
        except KeyboardInterrupt:
            raise
        except Unfit as unfit:
            self._quarantine(plugin, str(unfit), unfit.place)
        except BaseException as error:  # a plugin may even call sys.exit while it is imported
            watcher.end(run)
            self._quarantine(plugin, f"It stopped with {described(error).rstrip('.')}.", place_raised(error))
        return plugin

    def _quarantine(self, plugin: Plugin, reason: str, place: str) -> None:
        plugin.quarantined, plugin.place = reason, place
        plugin.providers = ()

    def _register(self, plugin: Plugin) -> tuple[str, ...]:
        """The hooks of the plugin, held against their specifications by a manager of its own: no plugin meets another."""
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(hooks)
        try:
            manager.register(plugin.module, name=plugin.name)
        except (pluggy.PluginValidationError, ValueError) as error:
            raise Unfit(*misfit(plugin.module, error)) from error
        callers = manager.get_hookcallers(plugin.module) or []
        for caller in callers:
            place = place_named(plugin.module, caller.name)
            if not caller.has_spec():
                raise Unfit(f"There is no hook '{caller.name}'. {meant(caller.name)}", place)
            parameters = inspect.signature(getattr(plugin.module, caller.name)).parameters.values()
            if any(p.default is not p.empty for p in parameters):
                raise Unfit(
                    f"The hook '{caller.name}' has an argument with a default value. Remove the default.", place
                )
        return tuple(sorted(caller.name for caller in callers))

    def _collect(self, plugin: Plugin) -> tuple[Provider, ...]:
        """What the plugin provides. Of a policy it may list older versions after the one that new cohorts get."""
        found: list[tuple[str, Provider]] = []
        for hook in (h for h in PROVIDER_HOOKS if h in plugin.hooks):
            for answer in asked(plugin.module, hook):
                provider = check_provider(answer, hook, plugin.module)
                if len(found) == MAX_PROVIDERS:
                    raise Unfit(f"It provides more than {MAX_PROVIDERS} things.")
                taken = self.providers[hook].get(provider.name)
                own = [p.version for h, p in found if (h, p.name) == (hook, provider.name)]
                if taken or (own and (hook != "attendance_policies" or provider.version in own)):
                    owner = taken.plugin.name if taken else plugin.name
                    raise Unfit(
                        f"The name '{provider.name}' in {hook} is already taken by the plugin '{owner}'. "
                        "Choose another name.",
                        place_of_class(type(provider), "name"),
                    )
                found.append((hook, provider))
        for hook, provider in found:
            provided = Provided(provider, plugin)
            self.providers[hook].setdefault(provider.name, provided)
            if hook == "attendance_policies":
                self.policies[provider.name, provider.version] = provided
        return tuple(provider for _, provider in found)


def described(error: BaseException) -> str:
    """`ValueError: some words`, whatever the error does when it is printed."""
    try:
        lines = str(error).strip().splitlines()
        words = "".join(sign if sign.isprintable() else "?" for sign in lines[0][:300]) if lines else ""
    except BaseException:
        words = "(its message cannot be printed)"
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def where_raised(error: BaseException) -> str:
    """`ValueError in rule.py, line 42`: enough to find it, without the error's own words."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    if place is None:
        return type(error).__name__
    return f"{type(error).__name__} in {Path(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno}"


# -- discovery ----------------------------------------------------------------------------------------------


def find_plugins(folder: Path | None = None, *, safe_mode: bool = False) -> PluginHost:
    """A host with the built-ins, the installed plugins, and those in `folder` (an installed one wins by name)."""
    host = PluginHost()
    for name in BUILT_IN:
        host.add(name, partial(importlib.import_module, f"lms.builtin.{name}"), version="", source="built-in")
    if safe_mode:
        return host
    found = [*_installed_plugins(), *(_folder_plugins(folder) if folder else ())]
    for name, (load, version, source) in sorted(found, key=lambda one: one[0]):
        taken = host.plugins.get(name)
        if not is_address(name):
            given = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "without-a-name"
            reason = (
                "Its name in pyproject.toml may have lower-case letters, digits, hyphens, dots and underscores alone."
            )
            host.plugins[f"{given} (name)"] = Plugin(f"{given} (name)", version, source, quarantined=reason)
        elif taken is None:
            host.add(name, load, version=version, source=source)
        elif source == "installed" or taken.source != "installed":  # an installed one wins over its own folder
            whose = "A built-in plugin" if taken.built_in else "Another plugin"
            second = f"{name} (second)"
            host.plugins[second] = Plugin(second, version, source, quarantined=f"{whose} is called '{name}' already.")
    return host


def is_address(name: str) -> bool:
    """Whether a plugin's name can stand in addresses of pages."""
    return re.fullmatch(r"[a-z0-9]([a-z0-9._-]{0,58}[a-z0-9])?", name) is not None


def _installed_plugins() -> Iterator[Found]:
    for entry in entry_points(group=GROUP):
        yield entry.name, (entry.load, _version(entry), "installed")


def _version(entry: EntryPoint) -> str:
    return entry.dist.version if entry.dist else ""


def add_folder(host: PluginHost, place: Path) -> list[Plugin]:
    """The plugins whose package lies in the folder `place`; each is added unless the host has one of that name."""
    found = list(_plugins_in(place / "pyproject.toml"))
    for name, (load, version, source) in found:
        if name not in host.plugins:
            host.add(name, load, version=version, source=source)
    return [host.plugins[name] for name, _ in found]


def _folder_plugins(folder: Path) -> Iterator[Found]:
    """Each plugin of each folder with a pyproject.toml."""
    for manifest in sorted(folder.glob("*/pyproject.toml")):
        yield from _plugins_in(manifest)


def _plugins_in(manifest: Path) -> Iterator[Found]:
    place = manifest.parent
    try:
        project = tomllib.loads(manifest.read_text(encoding="utf-8"))["project"]
        declared = dict(project["entry-points"][GROUP])
    except KeyError:  # a project, but no plugin
        return
    except (OSError, ValueError, TypeError) as error:
        reason = f"Its pyproject.toml cannot be read: {described(error)}."
        line = re.search(r"at line (\d+)", str(error))
        yield place.name, (partial(_give_up, reason, place_of(manifest, int(line[1]) if line else 1)), "", place.name)
        return
    for name, module in declared.items():
        yield name, (partial(_import_from, manifest, str(module)), str(project.get("version", "")), place.name)


def _give_up(reason: str, place: str) -> None:
    raise Unfit(reason, place)


def _import_from(manifest: Path, module: str) -> ModuleType:
    place = str(manifest.parent)
    if place not in sys.path:
        sys.path.append(place)
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        sentence = f"pyproject.toml names the module '{module}', which is not there. Correct the entry point."
        raise Unfit(sentence, _place_in(manifest, module)) from error


def _place_in(manifest: Path, words: str) -> str:
    lines = manifest.read_text(encoding="utf-8").splitlines()
    return place_of(manifest, next((number for number, line in enumerate(lines, start=1) if words in line), 1))
