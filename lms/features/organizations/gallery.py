"""The gallery of plugins: what they answer in human words, and a card for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.features.organizations.health import Health, State, health_of
from lms.features.organizations.uses import Use
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import Plugin
from lms.host.sealed import Seal
from lms.host.troubles import PluginTrouble

# A word for the address, the question, and the hooks that answer it.
QUESTIONS = (
    ("taught", _l("What is taught?"), ("curricula",)),
    ("attendance", _l("Who may miss what?"), ("attendance_policies",)),
    ("homework", _l("What is homework like?"), ("activity_types", "feedback_starters")),
    ("role-play", _l("How do people practise?"), ("role_play_formats", "grouping_wishes", "scenario_cards")),
    ("certificates", _l("How do people get their certificate?"), ("certificate_issuers",)),
    ("competencies", _l("What should people be able to do?"), ("competency_frameworks",)),
    ("reports", _l("What can we look up about a group?"), ("reports",)),
    ("today", _l("What do people find on Today?"), ("today_cards",)),
    ("elsewhere", _l("Which other systems hear of it?"), ("after_",)),
)
BRINGS = {
    "curricula": _l("courses"),
    "attendance_policies": _l("attendance rules"),
    "activity_types": _l("homework"),
    "certificate_issuers": _l("certificates"),
    "feedback_starters": _l("beginnings of sentences"),
    "competency_frameworks": _l("frameworks"),
    "reports": _l("reports"),
    "role_play_formats": _l("formats of role play"),
    "grouping_wishes": _l("wishes for groups"),
    "scenario_cards": _l("scenario cards"),
    "today_cards": _l("a card on Today"),
    "after_": _l("notices to other systems"),
}


def brings(plugin: Plugin) -> list[Any]:
    """What a plugin adds, a word each."""
    return [word for hook, word in BRINGS.items() if any(own.startswith(hook) for own in plugin.hooks)]


def answers(plugin: Plugin, question: str) -> bool:
    """True where the plugin has to do with the question; every plugin where there is no such question."""
    hooks = next((hooks for key, _words, hooks in QUESTIONS if key == question), None)
    return hooks is None or any(own.startswith(hook) for hook in hooks for own in plugin.hooks)


@dataclass(frozen=True)
class Card:
    """`again`: a secret among its settings cannot be read any more, and has to be filled in again."""

    plugin: Plugin
    health: Health
    uses: Sequence[Use]
    again: bool = False


@dataclass(frozen=True)
class Gallery:
    """Cards of an organization: in use, available, in need of attention, part of the host; plugins that it uses and that
    are `gone`; the number of documents that each plugin `left_behind` which is not on the host; the questions that one of
    them answers; whether there are plugins at all."""

    attention: Sequence[Card]
    in_use: Sequence[Card]
    available: Sequence[Card]
    of_the_host: Sequence[Card]
    gone: Sequence[str]
    left_behind: Mapping[str, int]
    questions: Sequence[tuple[str, Any]]
    any: bool


def gallery_of(
    plugins: Mapping[str, Plugin],
    enabled: Mapping[str, Any],
    seal: Seal,
    troubles: Mapping[str, Sequence[PluginTrouble]],
    uses: Mapping[str, Sequence[Use]],
    kept: Mapping[str, int],
    question: str,
    silent: Callable[[str], bool],
    now: datetime,
) -> Gallery:
    """One that has stopped, or has a secret that cannot be read, needs attention and stands there alone. Faults of a plugin
    that is not in use are nobody's here. `kept` is the number of documents of each plugin, `silent` says whether a plugin
    gave no answer when it was asked last."""

    def health(plugin: Plugin) -> Health:
        in_use = plugin.built_in or plugin.name in enabled
        return health_of(plugin, in_use, troubles.get(plugin.name, ()), now, silent(plugin.name))

    def again(plugin: Plugin) -> bool:
        return bool(plugin.about and seal.unreadable(plugin.about.settings, enabled.get(plugin.name, {})))

    every = [Card(p, health(p), uses.get(p.name, ()), again(p)) for p in plugins.values() if answers(p, question)]
    cards = [card for card in every if not card.plugin.built_in]
    stopped = [card for card in cards if card.health.state is State.STOPPED or card.again]
    return Gallery(
        stopped,
        [card for card in cards if card.plugin.name in enabled and card not in stopped],
        [card for card in cards if card.plugin.name not in enabled and card not in stopped],
        [card for card in every if card.plugin.built_in],
        [name for name in enabled if name not in plugins],
        {name: number for name, number in sorted(kept.items()) if name not in plugins},
        [(key, words) for key, words, _hooks in QUESTIONS if any(answers(p, key) for p in plugins.values())],
        any(not plugin.built_in for plugin in plugins.values()),
    )
