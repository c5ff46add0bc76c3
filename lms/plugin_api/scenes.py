"""What is played, and how: scenario cards, formats, and the role play planned for a class. All are data."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from lms.plugin_api.content_base import Content, Id
from lms.plugin_api.values import Text

# Words per role of a scenario card, in each language.
CARD_WORDS = 90
MOST_MINUTES = 240

# A card of the course's own, or "deck:card" of a deck that a plugin brings.
CardName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(:[a-z0-9]+(-[a-z0-9]+)*)?$", max_length=121)
]

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
    "suicide",
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
    """A written scene for a role play: each seat sees its own part only.

    `competencies` names items of frameworks that the course is held against, as `framework:code`; those of others say
    nothing until an organization chooses them. `by_choice`: no group is dealt it; a trainer gives it to one that asks for it.
    `reviewed_by_lived_experience`: somebody with lived experience has read it, `reviewed_on` that day.
    """

    id: CardName
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
    swap_with: tuple[CardName, ...] = ()
    by_choice: bool = False
    author: str
    licence: str
    reviewed_by_lived_experience: bool = False
    reviewed_on: Annotated[date, Field(strict=False)] | None = None
    note: Text | None = None


class RolePlay(Content):
    """The role play planned for a class. `trainers_read`: trainers read what members of a group write for each other after
    a round, and the sheet says so on top; what a supporter writes for themselves stays with them."""

    format: Id = "triad"
    cards: Annotated[tuple[CardName, ...], Field(min_length=1)]
    trainers_read: bool = False


StepKind = Literal["set_up", "read", "play", "feedback", "de_role", "together"]


class Step(Content):
    """A stretch of minutes with one thing to do. `label` says it in words of the format's own."""

    kind: StepKind
    minutes: Annotated[int, Field(ge=1, le=60)]
    label: Text | None = None


class FormatShape(Content):
    """How a role play goes: what comes before the rounds, in each of them and after, and who sits together.

    `groups`: "threes" (fours and fives where numbers need it), "pairs" (one three where numbers are odd), or one "circle" of
    everybody with a pair in the middle. `trainer_plays`: a trainer plays the person, and the others support in turn.
    `tag_in`: whoever watches may take the supporter's place. `lenses` are dealt out among those who watch: one thing each to
    look for.
    """

    label: Text
    summary: Text
    groups: Literal["threes", "pairs", "circle"] = "threes"
    rounds: Annotated[int, Field(ge=1, le=6)] = 3
    before: Annotated[tuple[Step, ...], Field(max_length=6)] = ()
    each_round: Annotated[tuple[Step, ...], Field(min_length=1, max_length=6)]
    after: Annotated[tuple[Step, ...], Field(min_length=1, max_length=6)]
    trainer_plays: bool = False
    tag_in: bool = False
    lenses: Annotated[tuple[Text, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _can_be_played(self) -> Self:
        if all(step.kind != "play" for step in self.each_round):
            raise ValueError("A round needs a step of the kind 'play'.")
        if all(step.kind != "de_role" for step in self.after):
            raise ValueError("Everybody leaves their role at the end: 'after' needs a step of the kind 'de_role'.")
        if {step.kind for step in (*self.before, *self.after)} & {"read", "play"}:
            raise ValueError("Steps of the kinds 'read' and 'play' belong into 'each_round'.")
        if self.minutes > MOST_MINUTES:
            raise ValueError(f"{self.minutes} minutes in all: keep it to {MOST_MINUTES}.")
        return self

    @property
    def minutes(self) -> int:
        once = sum(step.minutes for step in (*self.before, *self.after))
        return once + self.rounds * sum(step.minutes for step in self.each_round)
