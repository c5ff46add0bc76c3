"""What course files say. One model a manifest, so that the handbook, the checks and the code cannot differ.

All are frozen and refuse unknown keys. Texts come in both languages; `body` texts are Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from lms.plugin_api.content_base import Content, Id
from lms.plugin_api.scenes import FormatShape, RolePlay, ScenarioCard
from lms.plugin_api.solo import SoloPractice
from lms.plugin_api.values import AnswerForm, Recoverable, Text

Minutes = Annotated[int, Field(ge=0, le=1440)]


class Criterion(Content):
    """A line that a reader may tick. With `levels` (up to four, lowest first) one of them is chosen instead; `enough` is
    the first that suffices. What `must` be met can never be made up for by other lines."""

    id: Id
    en: str
    fr: str
    must: bool = False
    levels: Annotated[tuple[Text, ...], Field(max_length=4)] = ()
    enough: Annotated[int, Field(ge=1, le=4)] = 1


Audience = Literal["me", "trainer", "team"]


class Clock(Content):
    """A piece with a time to work on it. The clock rests whenever its writer rests, and never cuts anybody off."""

    minutes: Annotated[int, Field(ge=1, le=1440)]


class Activity(Content):
    """A piece of a module that a trainee does: a reading, a reflection, a practice report, ...

    `audience` is who may read it, the first as proposed: nobody ("me"), one trainer of the writer's choice ("trainer"),
    all trainers of the group ("team"). `accepts` are the forms of an answer; left out, all that its kind knows.
    """

    id: Id
    kind: str
    title: Text
    minutes: Minutes
    options: Mapping[str, Any] = {}
    content_note: Text | None = None
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)] = ("team",)
    accepts: Annotated[tuple[AnswerForm, ...], Field(min_length=1)] | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=8)] | None = None
    clock: Clock | None = None
    body: Text


class ModuleMinutes(Content):
    live: Minutes
    own: Minutes


class Module(Content):
    """A theme of the course with its activities, in order. `teaches` names items of the course's frameworks, as
    `framework:code`."""

    id: Id
    title: Text
    minutes: ModuleMinutes
    aims: tuple[Text, ...]
    activities: tuple[Activity, ...]
    teaches: tuple[str, ...] = ()
    intro: Text


class ClassPlan(Content):
    """One class of the course as planned: what it carries, what follows it, and how to lead it (`plan`, Markdown)."""

    number: Annotated[int, Field(ge=1, le=200)]
    title: Text
    modules: Annotated[tuple[Id, ...], Field(min_length=1)]
    minutes: Annotated[int, Field(ge=15, le=720)]
    homework: tuple[Id, ...] = ()
    bring: Text | None = None
    role_play: RolePlay | None = None
    recoverable: Recoverable = "fully"
    plan: Text


class Outcome(Content):
    """A rung of the ladder. `says` and `does_not_say` are printed on the certificate and shown to strangers."""

    id: Id
    title: Text
    meaning: Text
    says: Text | None = None
    does_not_say: Text | None = None
    optional: bool = False
    certificate: bool = True
    decided_by: Literal["trainer", "coordinator"] = "trainer"


class Requirement(Content):
    """Something that outcomes need.

    attendance: the course's attendance policy judges. homework: reviewed activities accepted. reading: activities
    without review done. role-play: taken part in `count` classes with role play, observing included; with
    `active_rounds` also so many rounds as supporter or person, in all. practice: `practices` for one brought to an end (all,
    or `count` of them). confirmed: a named person confirms it with a date and a note (hours, interviews, documents).
    """

    id: Id
    kind: Literal["attendance", "homework", "reading", "role-play", "practice", "confirmed"]
    title: Text
    needed_for: Annotated[tuple[Id, ...], Field(min_length=1)]
    count: Annotated[int, Field(ge=1)] | None = None
    active_rounds: Annotated[int, Field(ge=1, le=500)] | None = None
    activities: tuple[Id, ...] = ()
    practices: tuple[Id, ...] = ()
    next_step: Text | None = None
    confirmed_by: Literal["trainer", "coordinator"] = "trainer"


class AttendanceChoice(Content):
    policy: str
    options: Mapping[str, Any] = {}


class CertificateChoice(Content):
    issuer: str


DEFAULT_CRITERIA = (
    Criterion(id="moment", en="A concrete moment", fr="Un moment concret"),
    Criterion(id="meaning", en="What it means", fr="Ce que cela signifie"),
    Criterion(id="next", en="One thing to try", fr="Une chose à essayer"),
)


class ReviewWords(Content):
    """The course's own words for what a reader decides. Without `not_accepted` a text is never finally turned down."""

    accept: Text = Text("Accept", "Accepter")
    one_more_look: Text = Text("One more look", "Un autre regard")
    not_accepted: Text | None = None


class SecondReader(Content):
    """What a second trainer reads without seeing the first answer: every final "not accepted", and a `sample` of the
    rest, in percent."""

    not_accepted: bool = True
    sample: Annotated[int, Field(ge=0, le=100)] = 0


class FeedbackStarter(Content):
    """The beginning of a sentence with a gap, offered to those who answer; `field` is where it belongs."""

    en: str
    fr: str
    field: Literal["came_through", "to_try", "question"] | None = None


class Review(Content):
    """How homework is read: the promise of days to answer, the lines to tick, the course's own words and starters.

    `second_reader`: who else reads. `keep_words_days`: so long after the group has ended the words are removed; results
    and dates stay. Left out, they stay until the organization removes them.
    """

    promise_days: Annotated[int, Field(ge=1, le=60)] = 5
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=8)] = DEFAULT_CRITERIA
    words: ReviewWords = ReviewWords()
    second_reader: SecondReader | None = None
    starters: tuple[FeedbackStarter, ...] = ()
    keep_words_days: Annotated[int, Field(ge=30, le=3650)] | None = None


class Course(Content):
    """A whole course, as read from its folder; frozen under a digest when a cohort is published."""

    id: Id
    title: Text
    summary: Text
    modules: tuple[Module, ...]
    classes: tuple[ClassPlan, ...]
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    requirements: tuple[Requirement, ...] = ()
    attendance: AttendanceChoice | None = None
    certificate: CertificateChoice | None = None
    review: Review = Review()
    frameworks: tuple[str, ...] = ()
    cards: tuple[ScenarioCard, ...] = ()
    practices: tuple[SoloPractice, ...] = ()
    # The formats of role play that its classes name, as they were when the course was read; filled in by the host, so that
    # a class goes on when their plugin is gone.
    formats: Mapping[str, FormatShape] = {}
    pictures: Mapping[str, str] = {}
    # The activities whose answers nobody reads, as their kinds said when the course was read; filled in by the host.
    unread: tuple[str, ...] | None = None
    # What its frameworks ("values") and the items that modules teach ("values:hope") were called when the course was read,
    # and which of these names were still to be checked; filled in by the host, readable when the plugin is gone.
    framework_names: Mapping[str, Text] = {}
    framework_unsure: tuple[str, ...] = ()

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        """Every activity by id, in the order of the course."""
        return {a.id: a for module in self.modules for a in module.activities}

    @cached_property
    def activities_as_taught(self) -> tuple[str, ...]:
        """Every activity's id in the order of the classes after which it is homework, then the others."""
        after_classes = [id for plan in self.classes for id in plan.homework if id in self.activities]
        return tuple(dict.fromkeys([*after_classes, *self.activities]))

    @cached_property
    def module_of(self) -> Mapping[str, Module]:
        """The module of each activity, by the activity's id."""
        return {a.id: module for module in self.modules for a in module.activities}

    def module(self, id: str) -> Module | None:
        return next((m for m in self.modules if m.id == id), None)

    def taught_by(self, module: Module) -> list[tuple[Text, list[tuple[Text, bool]]]]:
        """Each framework's label with the names of its items that the module teaches; True where a name is certain."""
        found = []
        for framework in self.frameworks:
            codes = [
                code for code in module.teaches if code.startswith(f"{framework}:") and code in self.framework_names
            ]
            if codes:
                items = [(self.framework_names[code], code not in self.framework_unsure) for code in codes]
                found.append((self.framework_names[framework], items))
        return found

    def card(self, id: str) -> ScenarioCard | None:
        return next((c for c in self.cards if c.id == id), None)

    def practice(self, id: str) -> SoloPractice | None:
        return next((p for p in self.practices if p.id == id), None)

    def outcome(self, id: str) -> Outcome | None:
        return next((o for o in self.outcomes if o.id == id), None)

    def class_plan(self, number: int) -> ClassPlan | None:
        return next((c for c in self.classes if c.number == number), None)

    def requirements_of(self, outcome: str) -> tuple[Requirement, ...]:
        return tuple(r for r in self.requirements if outcome in r.needed_for)

    def homework_class(self, activity: str) -> ClassPlan | None:
        """The class after which this activity is homework."""
        return next((c for c in self.classes if activity in c.homework), None)
