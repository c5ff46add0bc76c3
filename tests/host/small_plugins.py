"""Plugins as small as they can be, for one test each."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from lms.plugin_api import About, Activity, Text, hookimpl

ABOUT = About(
    api_version=1,
    label=Text("Garden", "Jardin"),
    summary=Text("Something small.", "Une petite chose."),
    sees=Text("nothing", "rien"),
)


def a_plugin(name: str, *hooks: Callable[..., Any], **attributes: Any) -> ModuleType:
    """A module `name` with these hooks, and with an `about` unless another one is given."""
    module = ModuleType(name)
    for hook in hooks:
        setattr(module, hook.__name__, hookimpl(hook))
    for attribute, value in {"about": ABOUT, **attributes}.items():
        setattr(module, attribute, value)
    return module


def providing(name: str, hook: str, *providers: object) -> ModuleType:
    """A plugin whose `hook` returns `providers`."""

    def answer() -> Any:
        return providers

    answer.__name__ = hook
    return a_plugin(name, answer)


def an_activity(kind: str, **options: object) -> Activity:
    return Activity(
        id="slow-walk",
        kind=kind,
        title=Text("A slow walk", "Une lente promenade"),
        minutes=10,
        options=options,
        body=Text("Walk.", "Marchez."),
    )
