"""Practice for one: a written conversation in which a trainee chooses what to say. No points, no clock, no wrong answers;
every choice has a reason, and every moment can be tried again.

    practice/<practice>.yaml      both languages in one file
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from lms.plugin_api.card_checks import CRISIS
from lms.plugin_api.content_base import Content, Id
from lms.plugin_api.scenes import ContentNote, Skill
from lms.plugin_api.values import Text

# Words that one moment may have, in each language, and moments from the start to an end on the longest way.
MOMENT_WORDS = 60
SHORTEST, LONGEST = 4, 10

Report = Callable[[str, tuple[str | int, ...], str], None]


class SoloChoice(Content):
    """Something one could say. `fit` is what it does: it opens the door, comes a bit early, or closes the door."""

    text: Text
    to: Id
    fit: Literal["opens", "early", "closes"]
    why: Text


class SoloMoment(Content):
    """What the other person says or does, and what one could answer."""

    says: Text
    ask_own_words_first: bool = True
    choices: Annotated[tuple[SoloChoice, ...], Field(min_length=2, max_length=4)]


class SoloEnding(Content):
    """How it ends, without a judgement: what happened, and (`look_back`) a question to take along."""

    id: Id
    summary: Text
    look_back: Text | None = None


class SoloPractice(Content):
    """A practice for one. `start` names the first of `nodes`; `to` of a choice names a node or an ending."""

    id: Id
    version: int
    title: Text
    setting: Text
    skill_focus: Annotated[tuple[Skill, ...], Field(min_length=1, max_length=2)]
    content_notes: tuple[ContentNote, ...] = ()
    minutes: Annotated[int, Field(ge=3, le=20)] = 8
    start: Id
    nodes: Annotated[Mapping[Id, SoloMoment], Field(min_length=1)]
    endings: Annotated[tuple[SoloEnding, ...], Field(min_length=2)]
    author: str
    licence: str

    def ending(self, id: str) -> SoloEnding | None:
        return next((ending for ending in self.endings if ending.id == id), None)

    @cached_property
    def leads_to(self) -> Mapping[str, tuple[str, ...]]:
        """Each moment's next moments and endings."""
        return {name: tuple(dict.fromkeys(choice.to for choice in node.choices)) for name, node in self.nodes.items()}

    def follows(self, path: Iterable[int]) -> list[tuple[SoloMoment, SoloChoice]] | None:
        """The moments and choices of a path, given as numbers of choices from 0; None where it leads nowhere or not to an
        end."""
        at, walked = self.start, []
        for number in path:
            node = self.nodes.get(at)
            if node is None or not 0 <= number < len(node.choices):
                return None
            walked.append((node, node.choices[number]))
            at = node.choices[number].to
        return walked if walked and self.ending(at) else None


def check_practice(practice: SoloPractice, report: Report) -> None:
    """Calls `report(part, location, sentence)` for all that would leave somebody without a way on, or with too much to
    read."""
    part, endings = f"practice:{practice.id}", {ending.id for ending in practice.endings}
    if practice.start not in practice.nodes:
        report(part, ("start",), f"There is no moment '{practice.start}' in 'nodes'.")
        return
    for index, ending in enumerate(practice.endings):
        if ending.id in practice.nodes or ending.id in [one.id for one in practice.endings[:index]]:
            report(part, ("endings", index, "id"), f"The name '{ending.id}' is taken. Give this ending its own.")
    sound = True
    for name, node in practice.nodes.items():
        for index, choice in enumerate(node.choices):
            if choice.to not in practice.nodes and choice.to not in endings:
                sound = False
                where = ("nodes", name, "choices", index, "to")
                report(part, where, f"'{choice.to}' is neither a moment nor an ending. Name one of them.")
        if not any(choice.fit == "opens" for choice in node.choices):
            report(part, ("nodes", name, "choices"), "None of these opens the door. Offer one that does.")
        for language in ("en", "fr"):
            words = len(getattr(node.says, language).split())
            if words > MOMENT_WORDS:
                message = f"{words} words in '{language}': keep a moment to {MOMENT_WORDS}, it is read on a phone."
                report(part, ("nodes", name, "says"), message)
        _check_alone(part, ("nodes", name, "says"), node.says, report)
    _check_alone(part, ("setting",), practice.setting, report)
    for index, ending in enumerate(practice.endings):
        _check_alone(part, ("endings", index, "summary"), ending.summary, report)
    if sound:
        _check_ways(practice, endings, part, report)


def _check_alone(part: str, where: tuple[str | int, ...], text: Text, report: Report) -> None:
    """Whoever practises alone has nobody beside them."""
    if found := CRISIS.search(text.en) or CRISIS.search(text.fr):
        report(part, where, f"'{found[0]}': nobody is near who practises alone. Keep acute crisis out of it.")


def _check_ways(practice: SoloPractice, endings: set[str], part: str, report: Report) -> None:
    """Everything can be reached, nothing goes round in a circle, and no way is too short or too long."""
    depths = _depths(practice)
    if depths is None:
        report(part, ("nodes",), "A way goes round in a circle. Lead on: the page itself offers to try a moment again.")
        return
    for name in practice.nodes:
        if name not in depths:
            report(part, ("nodes", name), f"No choice leads to '{name}'. Lead to it, or remove it.")
    for index, ending in enumerate(practice.endings):
        if ending.id not in depths:
            report(part, ("endings", index), f"No choice leads to '{ending.id}'. Lead to it, or remove it.")
    longest = max(depth for name, depth in depths.items() if name in endings) - 1
    if not SHORTEST <= longest <= LONGEST:
        message = f"The longest way has {longest} moments. Make it {SHORTEST} to {LONGEST}."
        report(part, ("nodes",), message)


def _depths(practice: SoloPractice) -> dict[str, int] | None:
    """Everything that can be reached from the start: on the how-manieth step, on the longest way there. None if ways go
    round."""
    depths = {practice.start: 1}
    for _ in range(len(practice.nodes) + 1):
        before = dict(depths)
        for name in before:
            for follows in practice.leads_to.get(name, ()):
                depths[follows] = max(depths.get(follows, 0), depths[name] + 1)
        if depths == before:
            return depths
    return None
