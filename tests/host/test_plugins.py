"""Plugins that cannot stand are quarantined with a sentence; the host always starts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from lms.host import plugins
from lms.host.plugins import PluginHost, find_plugins
from lms.plugin_api import ActivityType, AttendancePolicy, AttendanceStatus, Status, Text, hookimpl
from tests.host.small_plugins import ABOUT, a_plugin, providing

MakePluginHost = Callable[..., PluginHost]


class Kind(ActivityType):
    name = "gardening"
    label = Text("Gardening", "Jardinage")

    def form(self, activity: Any, options: Any) -> Any: ...
    def read(self, activity: Any, options: Any, form: Any) -> Any: ...


class Loud(Exception):
    def __str__(self) -> str:
        raise RuntimeError("even my message breaks")


def quarantined(host: PluginHost, name: str = "garden") -> str:
    """Why `name` is in quarantine; the built-ins go on."""
    assert {p.name for p in host.usable()} >= {"homework", "attendance", "certificates"}
    assert host.plugins[name].providers == ()
    return host.plugins[name].quarantined


# -- good ones ----------------------------------------------------------------------------------------------


def test_the_built_ins_are_there(plugin_host: MakePluginHost) -> None:
    host = plugin_host()
    assert [p.name for p in host.usable()] == ["homework", "attendance", "certificates", "starters", "role_play"]
    assert {"exam", "practice", "project", "quiz", "reading", "reflection"} <= set(host.names("activity_types"))
    assert all(p.built_in for p in host.plugins.values())


def test_a_plugin_brings_its_providers(plugin_host: MakePluginHost) -> None:
    kind = Kind()
    host = plugin_host(providing("garden", "activity_types", kind))
    assert host.plugins["garden"].quarantined == ""
    assert host.plugins["garden"].hooks == ("activity_types",)
    provided = host.provided("activity_types", "gardening")
    assert provided
    assert (provided.provider, provided.plugin.name) == (kind, "garden")


def test_a_policy_may_add_statuses(plugin_host: MakePluginHost) -> None:
    host = plugin_host(policy_with(phone()))
    assert not host.plugins["garden"].quarantined
    assert host.policy_version("seasons", "1").provider.statuses == (phone(),)  # type: ignore[union-attr]


def test_a_plugin_may_answer_as_a_generator(plugin_host: MakePluginHost) -> None:
    def activity_types() -> Iterator[ActivityType]:
        yield Kind()

    assert plugin_host(a_plugin("garden", activity_types)).provided("activity_types", "gardening")


def test_a_plugin_listens_to_what_it_asks_for(plugin_host: MakePluginHost) -> None:
    def after_review(event: Any) -> None: ...

    host = plugin_host(a_plugin("garden", after_review))
    assert host.listener("garden", "after_review") is after_review
    assert host.listener("garden", "after_decision") is None
    assert host.listener("nobody", "after_review") is None


def test_two_hosts_know_nothing_of_each_other(plugin_host: MakePluginHost) -> None:
    plugin_host(providing("garden", "activity_types", Kind()))
    assert plugin_host().provided("activity_types", "gardening") is None


# -- quarantine ---------------------------------------------------------------------------------------------


def misspelt() -> ModuleType:
    def activity_type() -> Any:
        return ()

    return a_plugin("garden", activity_type)


def wrong_argument() -> ModuleType:
    def after_review(event: Any, person: Any) -> None: ...

    return a_plugin("garden", after_review)


def default_argument() -> ModuleType:
    def after_review(event: Any, settings: Any = None) -> None: ...

    return a_plugin("garden", after_review)


def raising() -> ModuleType:
    def activity_types() -> Iterator[ActivityType]:
        yield Kind()
        raise ValueError("no seeds left")

    return a_plugin("garden", activity_types)


def exiting() -> ModuleType:
    def activity_types() -> Any:
        sys.exit("closed for winter")

    return a_plugin("garden", activity_types)


def unprintable() -> ModuleType:
    def activity_types() -> Any:
        raise Loud

    return a_plugin("garden", activity_types)


def kind_with(**attributes: Any) -> ModuleType:
    return providing("garden", "activity_types", type("Odd", (Kind,), attributes)())


def policy_with(*statuses: Any) -> ModuleType:
    class Seasons(AttendancePolicy):
        name = "seasons"
        label = Text("Seasons", "Saisons")

        def rule(self, options: Any, names: Any) -> Any: ...
        def judge(self, ledger: Any, outcome: Any, options: Any) -> Any: ...

    Seasons.statuses = statuses
    return providing("garden", "attendance_policies", Seasons())


def phone(**changes: Any) -> Any:
    return replace(AttendanceStatus("on_the_phone", Text("On the phone", "Au téléphone"), Status.HERE), **changes)


def about(**changes: Any) -> ModuleType:
    return a_plugin("garden", about=replace(ABOUT, **changes))


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (misspelt(), "There is no hook 'activity_type'. Did you mean 'activity_types'?"),
        (wrong_argument(), "A hook is not written as the host asks for it: "),
        (default_argument(), "The hook 'after_review' has an argument with a default value. Remove the default."),
        (raising(), "It stopped with ValueError: no seeds left."),
        (exiting(), "It stopped with SystemExit: closed for winter."),
        (unprintable(), "It stopped with Loud: (its message cannot be printed)."),
        (a_plugin("garden", about=None), "It does not say what it is: the module needs about = About(...)."),
        (about(api_version=99), "It was written for plugin API 99; this host speaks 1."),
        (about(label=Text("Garden", "")), "about.label needs words in both languages."),
        (about(sees="nothing"), "about.sees needs words in both languages."),
        (about(settings=dict), "about.settings must be a subclass of Options."),
        (
            providing("garden", "activity_types", Kind),
            "activity_types returned a ABCMeta; it must return instances of ActivityType.",
        ),
        (
            providing("garden", "attendance_policies", Kind()),
            "attendance_policies returned a Kind; it must return instances of AttendancePolicy.",
        ),
        (providing("garden", "activity_types", "gardening"), "activity_types returned a str;"),
        (kind_with(name=""), "Odd in activity_types needs a plain name."),
        (kind_with(name="<b>"), "Odd in activity_types needs a plain name."),
        (kind_with(name=7), "Odd in activity_types needs a plain name."),
        (kind_with(label=Text("Gardening", "")), "'gardening' in activity_types needs a label in both languages."),
        (kind_with(label="Gardening"), "'gardening' in activity_types needs a label in both languages."),
        (kind_with(version=2), "'gardening' in activity_types needs a version as text."),
        (kind_with(options=dict), "'gardening' in activity_types: its options must be a subclass of Options."),
        (policy_with("phone"), "'seasons' in attendance_policies: its statuses must be a tuple of AttendanceStatus."),
        (
            policy_with(phone(name="on the phone")),
            "'seasons' in attendance_policies: the status 'on the phone' needs a",
        ),
        (
            policy_with(phone(name="here")),
            "'seasons' in attendance_policies: the status 'here' has the name of another",
        ),
        *(
            (
                policy_with(phone(name=name)),
                f"'seasons' in attendance_policies: the status '{name}' has the name of another",
            )
            for name in ("stays", "none", "made_up", "paused", "empty", "before", "cancelled")
        ),
        (policy_with(phone(), phone()), "'seasons' in attendance_policies: the status 'on_the_phone' has the name of"),
        (
            policy_with(phone(label=Text("On the phone", ""))),
            "'seasons' in attendance_policies: the status 'on_the_phone' needs a label in both languages.",
        ),
        (
            policy_with(phone(like="here")),
            "'seasons' in attendance_policies: the status 'on_the_phone' must be like one of the host's own.",
        ),
        (
            providing("garden", "activity_types", Kind(), Kind()),
            "The name 'gardening' in activity_types is already taken by the plugin 'garden'.",
        ),
    ],
)
def test_a_plugin_that_cannot_stand_is_quarantined_with_the_reason(
    plugin_host: MakePluginHost, module: ModuleType, reason: str
) -> None:
    host = plugin_host(module)
    assert quarantined(host).startswith(reason)
    assert host.provided("activity_types", "gardening") is None
    assert host.listener("garden", "after_review") is None


def test_a_hook_that_returns_nothing_is_quarantined(plugin_host: MakePluginHost) -> None:
    def activity_types() -> None: ...

    assert quarantined(plugin_host(a_plugin("garden", activity_types))) == (
        "activity_types must return a tuple; it returned nothing."
    )


def test_a_name_that_is_taken_names_both_plugins(plugin_host: MakePluginHost) -> None:
    first, second = (providing(name, "activity_types", Kind()) for name in ("garden", "orchard"))
    host = plugin_host(first, second)
    assert host.plugins["garden"].quarantined == ""
    assert quarantined(host, "orchard") == (
        "The name 'gardening' in activity_types is already taken by the plugin 'garden'. Choose another name."
    )
    assert host.provided("activity_types", "gardening").plugin.name == "garden"  # type: ignore[union-attr]


def test_no_plugin_replaces_a_built_in(plugin_host: MakePluginHost) -> None:
    host = plugin_host(kind_with(name="reflection"))
    assert "already taken by the plugin 'homework'" in quarantined(host)


def test_a_plugin_in_quarantine_keeps_no_half_of_its_providers(plugin_host: MakePluginHost) -> None:
    class Odd(AttendancePolicy):
        name = ""
        label = Text("Odd", "Étrange")

        def rule(self, options: Any, names: Any) -> Any: ...
        def judge(self, ledger: Any, outcome: Any, options: Any) -> Any: ...

    module = a_plugin("garden")
    module.activity_types = hookimpl(lambda: [Kind()])  # type: ignore[attr-defined]
    module.attendance_policies = hookimpl(lambda: [Odd()])  # type: ignore[attr-defined]
    host = plugin_host(module)
    assert quarantined(host)
    assert host.provided("activity_types", "gardening") is None


def test_an_app_with_broken_plugins_serves_pages(make_app: Callable[..., Flask], plugin_host: MakePluginHost) -> None:
    app = make_app(plugin_host(misspelt(), raising(), providing("orchard", "activity_types", 7)))
    assert app.test_client().get("/").status_code == 200


# -- from folders and packages ------------------------------------------------------------------------------

HELLO = """\
from lms.plugin_api import About, Text
about = About(1, Text("Hello", "Bonjour"), Text("Greets.", "Salue."), Text("nothing", "rien"))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for plugins; what is imported from it is forgotten afterwards."""
    before, paths = set(sys.modules), list(sys.path)
    yield tmp_path / "plugins"
    sys.path[:] = paths
    for name in set(sys.modules) - before:
        if name.startswith("garden_"):
            del sys.modules[name]


def add_folder(folder: Path, name: str, code: str, *, module: str = "", manifest: str = "") -> str:
    module = module or f"garden_{name}_{abs(hash(str(folder)))}"
    (folder / name).mkdir(parents=True)
    (folder / name / f"{module}.py").write_text(code)
    entry = f'[project]\nname = "x"\nversion = "3.1"\n[project.entry-points."lms.plugins"]\n{name} = "{module}"\n'
    (folder / name / "pyproject.toml").write_text(manifest or entry)
    return module


def test_a_plugin_in_a_folder_needs_no_installing(folder: Path) -> None:
    add_folder(folder, "hello", HELLO)
    plugin = find_plugins(folder).plugins["hello"]
    assert (plugin.quarantined, plugin.version, plugin.source) == ("", "3.1", "hello")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import garden_that_is_nowhere", "It stopped with ModuleNotFoundError: No module named"),
        ("import sys; sys.exit('closed')", "It stopped with SystemExit: closed."),
        ("def (:", "It stopped with SyntaxError: "),
        ("raise BaseException", "It stopped with BaseException."),
        ("x = 1", "It does not say what it is"),
    ],
)
def test_a_plugin_that_does_not_import_is_quarantined(folder: Path, code: str, reason: str) -> None:
    add_folder(folder, "hello", HELLO)
    add_folder(folder, "thorns", code)
    host = find_plugins(folder)
    assert quarantined(host, "thorns").startswith(reason)
    assert not host.plugins["hello"].quarantined


@pytest.mark.parametrize(
    "manifest", ["this is no toml [", "project = 3", '[project.entry-points]\n"lms.plugins" = "x"']
)
def test_a_folder_with_a_broken_manifest_is_told(folder: Path, manifest: str) -> None:
    add_folder(folder, "thorns", HELLO, manifest=manifest)
    assert quarantined(find_plugins(folder), "thorns").startswith("Its pyproject.toml cannot be read: ")


@pytest.mark.parametrize("manifest", ['[project]\nname = "x"\n', "[tool.ruff]\n"])
def test_a_folder_that_is_no_plugin_is_left_alone(folder: Path, manifest: str) -> None:
    add_folder(folder, "notes", HELLO, manifest=manifest)
    assert "notes" not in find_plugins(folder).plugins


def test_safe_mode_starts_with_the_built_ins_alone(folder: Path) -> None:
    module = add_folder(folder, "hello", HELLO)
    assert all(p.built_in for p in find_plugins(folder, safe_mode=True).plugins.values())
    assert module not in sys.modules


def test_an_installed_plugin_wins_over_one_in_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_folder(folder, "hello", "raise ValueError('the one in the folder')")
    module = add_folder(folder / "elsewhere", "hello", HELLO, module="garden_installed")
    monkeypatch.syspath_prepend(folder / "elsewhere" / "hello")
    installed = EntryPoint("hello", module, plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [installed])
    plugin = find_plugins(folder).plugins["hello"]
    assert (plugin.quarantined, plugin.source) == ("", "installed")


def test_nothing_takes_the_name_of_a_built_in(folder: Path) -> None:
    add_folder(folder, "homework", HELLO)
    host = find_plugins(folder)
    assert host.plugins["homework"].built_in
    assert quarantined(host, "homework (second)") == "A built-in plugin is called 'homework' already."
