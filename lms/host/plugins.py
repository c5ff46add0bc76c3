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
from types import FunctionType, ModuleType
from typing import Any

import pluggy

from lms.host import answers
from lms.host.budget import watcher
from lms.host.played import fault_of_format
from lms.plugin_api import hooks
from lms.plugin_api.contracts import About, ActivityType, AttendancePolicy, Options, Provider
from lms.plugin_api.frameworks import Framework
from lms.plugin_api.hooks import API_VERSION, EVENT_HOOKS, PROJECT, PROVIDER_HOOKS
from lms.plugin_api.reports import Report
from lms.plugin_api.role_play import GroupingWishes, RolePlayFormat
from lms.plugin_api.values import Text

GROUP = "lms.plugins"
# Seconds that a plugin has to be imported and to say what it provides.
START_PATIENCE = 30.0
# Hooks whose providers' names stand in addresses of pages.
IN_ADDRESSES = ("competency_frameworks", "reports", "role_play_formats")
# What one plugin may provide, and how long names and versions may be.
MAX_PROVIDERS, MAX_NAME = 200, 100
BUILT_IN = ("homework", "attendance", "certificates", "starters", "role_play")


# A plugin's name, and how to load it, its version and its source.
Found = tuple[str, tuple[Callable[[], Any], str, str]]


@dataclass
class Plugin:
    """A plugin as the host knows it. `quarantined` says why it is not in use."""

    name: str
    version: str
    source: str
    module: Any = None
    about: About | None = None
    hooks: tuple[str, ...] = ()
    providers: tuple[Provider, ...] = ()
    quarantined: str = ""

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


class Unfit(Exception):
    """A plugin that cannot be used; the sentence says why and what to do."""


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
                plugin.about = _about(plugin.module)
                plugin.hooks = self._register(plugin)
                plugin.providers = self._collect(plugin)
            finally:
                watcher.end(run)
        except KeyboardInterrupt:
            raise
        except Unfit as unfit:
            self._quarantine(plugin, str(unfit))
        except BaseException as error:  # a plugin may even call sys.exit while it is imported
            watcher.end(run)
            self._quarantine(plugin, f"It stopped with {described(error).rstrip('.')}.")
        return plugin

    def _quarantine(self, plugin: Plugin, reason: str) -> None:
        plugin.quarantined = reason
        plugin.providers = ()

    def _register(self, plugin: Plugin) -> tuple[str, ...]:
        """The hooks of the plugin, held against their specifications by a manager of its own: no plugin meets another."""
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(hooks)
        try:
            manager.register(plugin.module, name=plugin.name)
        except (pluggy.PluginValidationError, ValueError) as error:
            raise Unfit(f"A hook is not written as the host asks for it: {error}") from error
        callers = manager.get_hookcallers(plugin.module) or []
        for caller in callers:
            if not caller.has_spec():
                known = ", ".join((*PROVIDER_HOOKS, *EVENT_HOOKS))
                raise Unfit(f"There is no hook '{caller.name}'. Known hooks: {known}.")
            parameters = inspect.signature(getattr(plugin.module, caller.name)).parameters.values()
            if any(p.default is not p.empty for p in parameters):
                raise Unfit(f"The hook '{caller.name}' has an argument with a default value. Remove the default.")
        return tuple(sorted(caller.name for caller in callers))

    def _collect(self, plugin: Plugin) -> tuple[Provider, ...]:
        """What the plugin provides. Of a policy it may list older versions after the one that new cohorts get."""
        found: list[tuple[str, Provider]] = []
        for hook in (h for h in PROVIDER_HOOKS if h in plugin.hooks):
            for provider in getattr(plugin.module, hook)():
                _check_provider(provider, hook)
                if len(found) == MAX_PROVIDERS:
                    raise Unfit(f"It provides more than {MAX_PROVIDERS} things.")
                taken = self.providers[hook].get(provider.name)
                own = [p.version for h, p in found if (h, p.name) == (hook, provider.name)]
                if taken or (own and (hook != "attendance_policies" or provider.version in own)):
                    owner = taken.plugin.name if taken else plugin.name
                    raise Unfit(f"The name '{provider.name}' in {hook} is already taken by the plugin '{owner}'.")
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


def _about(module: Any) -> About:
    about = getattr(module, "about", None)
    if not isinstance(about, About):
        raise Unfit("It does not say what it is: the module needs about = About(...).")
    if about.api_version != API_VERSION:
        raise Unfit(f"It was written for plugin API {about.api_version}; this host speaks {API_VERSION}.")
    for name in ("label", "summary", "sees"):
        text = getattr(about, name)
        if not answers.is_text(text):
            raise Unfit(f"about.{name} needs words in both languages.")
    if not _is_model(about.settings):
        raise Unfit("about.settings must be a subclass of Options.")
    for info in about.settings.model_fields.values():
        info.get_default(call_default_factory=True)  # one that raises had better do so here than on a page
    return about


def _is_model(given: object) -> bool:
    return isinstance(given, type) and issubclass(given, Options)


def _check_provider(provider: object, hook: str) -> None:
    wanted = PROVIDER_HOOKS[hook]
    if not isinstance(provider, wanted):
        raise Unfit(f"{hook} returned a {type(provider).__name__}; it must return instances of {wanted.__name__}.")
    assert isinstance(provider, Provider)
    name = getattr(provider, "name", None)
    if type(name) is not str or not 0 < len(name) <= MAX_NAME or not name.isprintable() or set("<>\"'&") & set(name):
        raise Unfit(f"{type(provider).__name__} in {hook} needs a plain name.")
    if computed := _computed(provider, wanted):
        raise Unfit(f"'{name}' in {hook}: {computed} must stand there as it is, not be worked out when it is read.")
    if not _is_model(provider.options):
        raise Unfit(f"'{name}' in {hook}: its options must be a subclass of Options.")
    label = getattr(provider, "label", None)
    if not answers.is_text(label):
        raise Unfit(f"'{name}' in {hook} needs a label in both languages.")
    if not answers.is_words(provider.version, MAX_NAME):
        raise Unfit(f"'{name}' in {hook} needs a version as text.")
    if isinstance(provider, AttendancePolicy) and (wrong := answers.fault_of_statuses(provider.statuses)):
        raise Unfit(f"'{name}' in {hook}: {wrong}.")
    if isinstance(provider, AttendancePolicy) and (wrong := answers.fault_of_examples(provider.examples)):
        raise Unfit(f"'{name}' in {hook}: {wrong}.")
    if isinstance(provider, ActivityType) and (wrong := answers.fault_of_kind(provider)):
        raise Unfit(f"'{name}' in {hook}: {wrong}.")
    if hook in IN_ADDRESSES and not answers.is_plain_name(name):
        raise Unfit(f"'{name}' in {hook}: use lower-case letters, digits and single hyphens for its name.")
    if isinstance(provider, Framework) and (wrong := answers.fault_of_framework(provider)):
        raise Unfit(f"'{name}' in {hook}: {wrong}.")
    if isinstance(provider, RolePlayFormat) and (wrong := fault_of_format(provider)):
        raise Unfit(f"'{name}' in {hook}: {wrong}.")
    if isinstance(provider, Report | GroupingWishes) and not answers.is_text(getattr(provider, "summary", None)):
        raise Unfit(f"'{name}' in {hook} needs a summary in both languages.")


def _computed(provider: Provider, wanted: type) -> str:
    """The first thing the host reads of a provider that runs code of the plugin when it is read; "" when none does."""
    if type(provider).__getattribute__ is not object.__getattribute__:
        return "everything"
    asked: set[str] = set()
    for base in wanted.__mro__:
        asked |= {*vars(base), *vars(base).get("__annotations__", ())}
    for name in sorted(name for name in asked if not name.startswith("_")):
        found = inspect.getattr_static(provider, name, None)
        if hasattr(type(found), "__get__") and not isinstance(found, FunctionType | staticmethod | classmethod):
            return name
    return ""


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
        yield place.name, (partial(_give_up, reason), "", place.name)
        return
    for name, module in declared.items():
        yield name, (partial(_import_from, place, str(module)), str(project.get("version", "")), place.name)


def _give_up(reason: str) -> None:
    raise Unfit(reason)


def _import_from(place: Path, module: str) -> ModuleType:
    if str(place) not in sys.path:
        sys.path.append(str(place))
    return importlib.import_module(module)
