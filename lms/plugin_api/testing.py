"""Checks that a plugin author runs in their own tests: no host, no Flask, no database needed.

from lms.plugin_api.testing import check_plugin
def test_plugin(): check_plugin(lms_mine)
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pluggy

from lms.plugin_api import hooks
from lms.plugin_api.contracts import About, AttendancePolicy, Curriculum, Provider
from lms.plugin_api.hooks import PROJECT, PROVIDER_HOOKS
from lms.plugin_api.values import Text, Verdict


def providers_of(plugin: Any) -> list[Provider]:
    """Everything that `plugin` provides. Raises pluggy's errors for a misspelt hook or argument."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(plugin)
    manager.check_pending()
    return [p for hook in PROVIDER_HOOKS for answer in getattr(manager.hook, hook)() for p in answer]


def check_plugin(plugin: ModuleType) -> None:
    """The plugin declares itself, its hooks are known, and each provider keeps its contract."""
    about = getattr(plugin, "about", None)
    assert isinstance(about, About), f"{plugin.__name__} needs a module attribute about = About(...)"
    assert about.api_version == hooks.API_VERSION, f"written for API {about.api_version}, this is {hooks.API_VERSION}"
    for text in (about.label, about.summary, about.sees):
        check_text(text)
    for provider in providers_of(plugin):
        check_provider(provider)


def check_provider(provider: Provider) -> None:
    """Name, label and version are there; courses have no faults; a policy's examples hold."""
    assert provider.name, f"{type(provider).__name__} needs a name"
    assert isinstance(provider.version, str), f"{provider.name}: version is text"
    check_text(provider.label)
    if isinstance(provider, Curriculum):
        for loaded in provider.courses():
            assert not loaded.faults, "\n".join(map(str, loaded.faults))
    if isinstance(provider, AttendancePolicy):
        check_attendance_policy(provider)


def check_attendance_policy(policy: AttendancePolicy) -> None:
    """Every example gives the expected status, twice the same, with reasons in both languages, changing nothing."""
    assert policy.examples, f"{policy.name} needs at least one worked example"
    for example in policy.examples:
        options = policy.read_options(example.options)
        check_text(policy.rule(options, example.ledger.names))
        before = repr(example.ledger)
        for outcome, expected in example.expect.items():
            verdict = policy.judge(example.ledger, outcome, options)
            check_verdict(verdict)
            assert verdict == policy.judge(example.ledger, outcome, options), f"{example.title.en}: not repeatable"
            assert verdict.status == expected, f"{example.title.en}, {outcome}: {verdict.status}, not {expected}"
            if outcome in example.reads:
                assert verdict.reason == example.reads[outcome], f"{example.title.en}: {verdict.reason}"
        assert repr(example.ledger) == before, f"{policy.name} changed the ledger of '{example.title.en}'"


def check_verdict(verdict: Verdict) -> None:
    """A verdict has a reason in both languages."""
    assert isinstance(verdict, Verdict), f"judge() returned {type(verdict).__name__}, not a Verdict"
    check_text(verdict.reason)
    if verdict.next_step is not None:
        check_text(verdict.next_step)


def check_text(text: Text) -> None:
    """A text has words in both languages."""
    assert isinstance(text, Text), f"{text!r} is not a Text"
    assert text.complete(), f"{text!r} lacks a language"
