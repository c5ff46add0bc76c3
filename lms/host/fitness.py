"""Whether a plugin can stand: what it says of itself, its hooks, and each thing that it provides. One sentence for each
fault, with the cure, and its place in the plugin's files."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable
from types import FunctionType
from typing import Any

from lms.host import answers
from lms.host.played import fault_of_format
from lms.plugin_api import hooks
from lms.plugin_api.contracts import About, ActivityType, AttendancePolicy, Options, Provider
from lms.plugin_api.frameworks import Framework
from lms.plugin_api.hooks import API_VERSION, EVENT_HOOKS, PROJECT, PROVIDER_HOOKS
from lms.plugin_api.places import place_named, place_of_class
from lms.plugin_api.reports import Report
from lms.plugin_api.role_play import GroupingWishes, RolePlayFormat

# Hooks whose providers' names stand in addresses of pages.
IN_ADDRESSES = ("competency_frameworks", "reports", "role_play_formats", "scenario_cards")
# How long names and versions may be.
MAX_NAME = 100
BOTH = 'Write Text("...", "..."): English, then French.'


class Unfit(Exception):
    """A plugin that cannot be used; the sentence says why and what to do, `place` in which file and line."""

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(sentence)
        self.place = place


# -- what it says of itself, and its hooks ------------------------------------------------------------------


def about_of(module: Any) -> About:
    about = getattr(module, "about", None)
    if not isinstance(about, About):
        raise Unfit("It does not say what it is: the module needs about = About(...).", place_named(module, "about"))
    if about.api_version != API_VERSION:
        place = place_named(module, "about", "api_version")
        raise Unfit(f"It was written for plugin API {about.api_version}; this host speaks {API_VERSION}.", place)
    for name in ("label", "summary", "sees"):
        if not answers.is_text(getattr(about, name)):
            raise Unfit(f"about.{name} needs words in both languages. {BOTH}", place_named(module, "about", name))
    if not _is_model(about.settings):
        raise Unfit("about.settings must be a subclass of Options.", place_named(module, "about", "settings"))
    for info in about.settings.model_fields.values():
        info.get_default(call_default_factory=True)  # one that raises had better do so here than on a page
    return about


def meant(name: str) -> str:
    """The hook that was meant by a misspelt one; all of them where that is not clear."""
    known = (*PROVIDER_HOOKS, *EVENT_HOOKS)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"Did you mean '{near[0]}'?" if near else f"Known hooks: {', '.join(known)}."


def misfit(module: Any, error: Exception) -> tuple[str, str]:
    """The sentence, and the place, for a hook whose arguments are not those that the host gives."""
    for name in (*PROVIDER_HOOKS, *EVENT_HOOKS):
        function = getattr(module, name, None)
        if function is None or not is_marked(function):
            continue
        given = tuple(inspect.signature(getattr(hooks, name)).parameters)
        unknown = [p for p in inspect.signature(function).parameters if p not in given]
        if unknown:
            allowed = f"It may take {', '.join(given)}." if given else "It takes no arguments."
            said = f"{name} takes {', '.join(unknown)}, which the host does not give. {allowed}"
            return f"A hook is not written as the host asks for it: {said}", place_named(module, name)
    return f"A hook is not written as the host asks for it: {error}", ""


def is_marked(function: object) -> bool:
    """Whether `@hookimpl` stands above a function."""
    return isinstance(function, FunctionType) and hasattr(function, f"{PROJECT}_impl")


def asked(module: Any, hook: str) -> Iterable[Any]:
    """What a provider hook returns, one by one."""
    answer = getattr(module, hook)()
    if isinstance(answer, Iterable):
        return answer
    if isinstance(answer, Provider):
        own = type(answer).__name__
        sentence = f"{hook} must return a tuple; it returned one {own}. Write return ({own}(),) with a comma."
    else:
        sentence = f"{hook} must return a tuple; it returned {'nothing' if answer is None else 'something else'}."
    raise Unfit(sentence, place_named(module, hook))


# -- what it provides ---------------------------------------------------------------------------------------


def check_provider(provider: object, hook: str, module: Any) -> Provider:
    """The provider. Raises Unfit with a sentence for a provider that the host cannot work with."""
    wanted = PROVIDER_HOOKS[hook]
    if not isinstance(provider, wanted):
        raise Unfit(_wrong_kind(provider, hook, wanted), place_named(module, hook))
    assert isinstance(provider, Provider)
    kind = type(provider)
    name = getattr(provider, "name", None)
    if type(name) is not str or not 0 < len(name) <= MAX_NAME or not name.isprintable() or set("<>\"'&") & set(name):
        sentence = f'{kind.__name__} in {hook} needs a plain name. Write name = "two-rivers" in the class.'
        raise Unfit(sentence, place_of_class(kind, "name"))
    if computed := _computed(provider, wanted):
        sentence = f"'{name}' in {hook}: {computed} must stand there as it is, not be worked out when it is read."
        raise Unfit(sentence, place_of_class(kind, computed))
    for attribute, wrong in _faults(provider, hook, name):
        raise Unfit(f"'{name}' in {hook}{wrong}", place_of_class(kind, attribute))
    return provider


def _wrong_kind(provider: object, hook: str, wanted: type) -> str:
    said = f"{hook} returned a {type(provider).__name__}; it must return instances of {wanted.__name__}."
    if isinstance(provider, type):
        return f"{said} Write {provider.__name__}() with brackets."
    if isinstance(provider, str):
        return f"{said} Write return (MyRule(),) with the class, not its name."
    return f"{said} Write class {type(provider).__name__}({wanted.__name__})."


def _faults(provider: Provider, hook: str, name: str) -> Iterable[tuple[str, str]]:
    """The attribute that is wrong, and the end of the sentence about it."""
    if not _is_model(provider.options):
        yield "options", ": its options must be a subclass of Options."
    if not answers.is_text(getattr(provider, "label", None)):
        yield "label", f" needs a label in both languages. {BOTH}"
    if not answers.is_words(provider.version, MAX_NAME):
        yield "version", ' needs a version as text. Write version = "1".'
    if isinstance(provider, AttendancePolicy) and (wrong := answers.fault_of_statuses(provider.statuses)):
        yield "statuses", f": {wrong}."
    if isinstance(provider, AttendancePolicy) and (wrong := answers.fault_of_examples(provider.examples)):
        yield "examples", f": {wrong}."
    if isinstance(provider, ActivityType) and (wrong := answers.fault_of_kind(provider)):
        yield "accepts", f": {wrong}."
    if hook in IN_ADDRESSES and not answers.is_plain_name(name):
        yield "name", ": use lower-case letters, digits and single hyphens for its name."
    if isinstance(provider, Framework) and (wrong := answers.fault_of_framework(provider)):
        yield "items", f": {wrong}."
    if isinstance(provider, RolePlayFormat) and (wrong := fault_of_format(provider)):
        yield "shape", f": {wrong}."
    if isinstance(provider, Report | GroupingWishes) and not answers.is_text(getattr(provider, "summary", None)):
        yield "summary", f" needs a summary in both languages. {BOTH}"


def _is_model(given: object) -> bool:
    return isinstance(given, type) and issubclass(given, Options)


def _computed(provider: Provider, wanted: type) -> str:
    """The first thing the host reads of a provider that runs code of the plugin when it is read; "" when none does."""
    if type(provider).__getattribute__ is not object.__getattribute__:
        return "everything"
    known: set[str] = set()
    for base in wanted.__mro__:
        known |= {*vars(base), *vars(base).get("__annotations__", ())}
    for name in sorted(name for name in known if not name.startswith("_")):
        found = inspect.getattr_static(provider, name, None)
        if hasattr(type(found), "__get__") and not isinstance(found, FunctionType | staticmethod | classmethod):
            return name
    return ""
