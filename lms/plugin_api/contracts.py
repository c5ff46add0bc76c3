"""The questions that the host asks a provider. Subclass one, answer in plain values, return it from a hook."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from lms.plugin_api.content import Activity, FeedbackStarter
from lms.plugin_api.loaded import LoadedCourse
from lms.plugin_api.values import (
    Answer,
    AnswerForm,
    AttendanceStatus,
    Award,
    Document,
    Field,
    Form,
    Guide,
    Ledger,
    MakeUp,
    Meeting,
    Part,
    Reasons,
    Text,
    Verdict,
    VerdictStatus,
)


class Options(BaseModel):
    """Base of what a course file may choose, and of what an organization may set: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NoOptions(Options):
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class About:
    """What a plugin says about itself, as the module attribute `about`.

    `api_version` is the version of this door that it was written for. `sees` says in words what it gets to see of
    people. `settings` is what an organization fills in when it enables the plugin.
    """

    api_version: int
    label: Text
    summary: Text
    sees: Text
    settings: type[Options] = NoOptions


class Provider(ABC):
    """Anything that a plugin contributes: `name` is unique on the host, `version` rises when answers may differ."""

    name: ClassVar[str]
    label: ClassVar[Text]
    version: ClassVar[str] = "1"
    options: ClassVar[type[Options]] = NoOptions

    def read_options(self, given: Mapping[str, Any]) -> Options:
        """The options as written in a course file, as this provider's model. Raises pydantic's ValidationError."""
        return self.options.model_validate_json(json.dumps(given, default=dict))


class Curriculum(Provider):
    """Courses, usually read from a folder by `FolderCurriculum`."""

    @abstractmethod
    def courses(self) -> Iterable[LoadedCourse]:
        """Every course with the faults found in it. Asked at start-up and by `lms check`."""


class ActivityType(Provider):
    """A kind of homework.

    `reviewed` says whether a trainer reads and answers it, `again` whether it may be done again after it is complete,
    `in_person` whether a time with a trainer is booked for it. `accepts` names the forms of an answer, where the course
    file does not. `finish` is what the button says for a kind that nobody reviews. `shared` says that trainers see what
    the answers of their group come to, without names; whoever answers reads that before. `examples` are activities that
    `check_plugin` tries the kind on.
    """

    reviewed: ClassVar[bool] = True
    again: ClassVar[bool] = False
    in_person: ClassVar[bool] = False
    accepts: ClassVar[tuple[AnswerForm, ...]] = ("typed", "dictated", "audio", "photo", "talk")
    finish: ClassVar[Text | None] = None
    shared: ClassVar[bool] = False
    examples: ClassVar[tuple[Activity, ...]] = ()

    def check(self, activity: Activity, options: Any) -> Iterable[str]:
        """Sentences about what is wrong with the activity as its author wrote it. Asked when a course is loaded."""
        return ()

    def guide(self, activity: Activity, options: Any) -> tuple[Guide, ...]:
        """What to say beside the author's text, such as questions that lead. Asked for each page view."""
        return ()

    @abstractmethod
    def form(self, activity: Activity, options: Any) -> tuple[Field, ...]:
        """What to ask the trainee. Asked for each page view: keep it quick."""

    @abstractmethod
    def read(self, activity: Activity, options: Any, form: Form) -> Answer | Reasons:
        """Turn what was sent (field name to text, and `form.files`) into an answer, or say beside which fields something
        is missing."""

    def show(self, activity: Activity, options: Any, answer: Answer) -> tuple[Part, ...]:
        """The answer in labelled pieces for its readers. The default shows its readable text."""
        return (Part(activity.title, answer.text),)

    def together(self, activity: Activity, options: Any, answers: tuple[Answer, ...]) -> tuple[Part, ...]:
        """What the answers of a group come to. Asked for `shared` kinds alone, with the answers of five people or more
        in an order that tells nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class AttendanceExample:
    """A worked case: run as the policy's test and shown on the organization's "try it" bench."""

    title: Text
    ledger: Ledger
    options: Mapping[str, Any]
    expect: Mapping[str, VerdictStatus]
    reads: Mapping[str, Text] = field(default_factory=dict)


class AttendancePolicy(Provider):
    """A rule about presence, as pure functions: same input, same answer, no clock, no database.

    A policy may add `statuses` of its own to the roll call. When `version` rises, cohorts stay with the version they
    began with for as long as the plugin still provides it under the same name, until somebody applies the newer one.
    """

    statuses: ClassVar[tuple[AttendanceStatus, ...]] = ()
    examples: ClassVar[tuple[AttendanceExample, ...]] = ()

    @abstractmethod
    def rule(self, options: Any, names: Mapping[str, Text]) -> Text:
        """The rule in one or two sentences that a trainee can read. `names` has titles of modules and outcomes by id."""

    @abstractmethod
    def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        """Where this ledger stands for `outcome` (an outcome's id in the course)."""

    def check(self, options: Any, modules: Collection[str], outcomes: Collection[str]) -> Iterable[str]:
        """Sentences about options that do not fit the course, whose modules and outcomes these are. Asked when a course
        is loaded."""
        return ()

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: Any) -> tuple[MakeUp, ...]:
        """The ways to catch up `meeting`; none by default."""
        return ()


class CertificateIssuer(Provider):
    """Makes the papers for an award. Repeatable: the same award gives the same papers, so a retry is harmless."""

    @abstractmethod
    def issue(self, award: Award, settings: Any) -> tuple[Document, ...]:
        """The documents for `award`; `settings` are the organization's for this plugin."""


class Starters(Provider):
    """Beginnings of sentences for those who answer homework. Each has a gap for words of their own."""

    @abstractmethod
    def starters(self) -> Iterable[FeedbackStarter]:
        """The beginnings, in both languages. Asked for each page on which somebody answers: keep it quick."""
