"""What is played: scenario cards for a group, and the role play planned for a class."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.plugin_api.content_base import Content, Id
from lms.plugin_api.values import Text

# Words per role of a scenario card, in each language.
CARD_WORDS = 90

Skill = Literal[
    "listening",
    "open-questions",
    "boundaries",
    "self-determination",
    "sharing",
    "respect",
    "staying-well",
    "resources",
    "endings",
]
ContentNote = Literal[
    "loneliness",
    "grief",
    "hospital",
    "housing",
    "money",
    "conflict",
    "medication",
    "family",
    "substance-use",
    "discrimination",
    "work",
]


class SupporterRole(Content):
    you_know: Text
    try_: Text = Field(alias="try")
    avoid: Text


class PersonRole(Content):
    you_are: Text
    you_feel: Text
    you_will: Text
    opening_line: Text
    if_stuck: Text
    you_decide: Text


class LookFor(Content):
    """An observable action on the observer's sheet."""

    id: Id
    en: str
    fr: str


class ObserverRole(Content):
    look_for: Annotated[tuple[LookFor, ...], Field(min_length=2, max_length=4)]


class CardRoles(Content):
    supporter: SupporterRole
    person: PersonRole
    observer: ObserverRole


class Variation(Content):
    id: Id
    en: str
    fr: str


class ScenarioCard(Content):
    """A written scene for a role play: each seat sees its own part only. `competencies` names items of the course's
    frameworks, as `framework:code`."""

    id: Id
    version: int
    title: Text
    setting: Text
    level: Literal[1, 2, 3]
    skill_focus: Annotated[tuple[Skill, ...], Field(min_length=1, max_length=2)]
    competencies: tuple[str, ...] = ()
    content_notes: tuple[ContentNote, ...] = ()
    roles: CardRoles
    variations: tuple[Variation, ...] = ()
    stop_points: Text
    swap_with: tuple[Id, ...] = ()
    author: str
    licence: str
    note: Text | None = None


class RolePlay(Content):
    """The role play planned for a class. `trainers_read`: trainers read what members of a group write for each other after
    a round, and the sheet says so on top; what a supporter writes for themselves stays with them."""

    format: Literal["triad", "short-triad", "long-triad", "fishbowl"] = "triad"
    cards: Annotated[tuple[Id, ...], Field(min_length=1)]
    trainers_read: bool = False
