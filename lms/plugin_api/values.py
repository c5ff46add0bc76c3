"""Plain frozen values: the facts that plugins get and the answers that they give back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict

LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages of the host."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    en: str
    fr: str

    def said_in(self, language: str) -> str:
        """The words in `language` ("en" or "fr"; regional forms such as "fr-CA" count, others get English)."""
        return self.fr if language.startswith("fr") else self.en

    def complete(self) -> bool:
        """True when neither language is missing."""
        return bool(self.en.strip() and self.fr.strip())


# -- attendance ---------------------------------------------------------------------------------------------


class Status(StrEnum):
    """How somebody was at a class. Not marked is no status at all: then there is no `Mark`."""

    HERE = "here"
    LATE = "late"
    LEFT_EARLY = "left_early"
    AWAY = "away"
    TOLD_US = "told_us"
    TECH_TROUBLE = "tech_trouble"


# What the host's own lists and forms call a class at which nobody has a status, or another one than marked.
NAMES_OF_THE_HOST = frozenset({"stays", "none", "made_up", "paused", "empty", "before", "cancelled"})


@dataclass(frozen=True, slots=True)
class AttendanceStatus:
    """A way to be at a class that a policy adds, such as "on the phone". `like` is the host's own status that it counts
    as wherever nobody knows it better. `name` is none of the host's own (Status) and none of NAMES_OF_THE_HOST."""

    name: str
    label: Text
    like: Status


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


Recoverable = Literal["fully", "partly"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One class of a cohort: its number in the course (1, 2, ...), start (aware, UTC), planned minutes.

    `recoverable` says what a make-up can replace: all of it, or only a part (the reading, not the practice).
    """

    number: int
    starts: datetime
    minutes: int
    modules: tuple[str, ...] = ()
    state: MeetingState = MeetingState.PLANNED
    recoverable: Recoverable = "fully"


CatchUpState = Literal["asked", "agreed", "done", "accepted"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What was recorded about one person at one class.

    `minutes` is the time present and `late_by` the time missed at the start, both only where someone noted them.
    `made_up` is true when an agreed make-up was accepted. `waived_for` names outcomes for which a person of the
    programme decided that this absence shall not count. `told_before` is true where the trainee told us before the
    class that they cannot come, whatever was marked since. `named` is the status of the policy's own
    (`AttendanceStatus`) where one was chosen; `status` is then what it is like.
    """

    meeting: int
    status: Status
    minutes: int | None = None
    late_by: int | None = None
    made_up: bool = False
    waived_for: frozenset[str] = frozenset()
    told_before: bool = False
    named: str = ""

    @property
    def was_there(self) -> bool:
        """True where it says that somebody was there, if only for a part."""
        return self.status not in (Status.AWAY, Status.TOLD_US)


@dataclass(frozen=True, slots=True)
class CatchUp:
    """A make-up that somebody has taken up for a missed class; `name` is the `MakeUp` of the policy."""

    meeting: int
    name: str
    state: CatchUpState


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which somebody was away from the programme by agreement; without end while it lasts."""

    starts: datetime
    ends: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.starts <= moment and (self.ends is None or moment < self.ends)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that an attendance policy may know about one person in one cohort.

    `outcomes` are the outcomes that need attendance, lowest first. `names` has the titles of modules and outcomes by
    their ids, for sentences. `catch_ups` are make-ups on their way or accepted; an accepted one is also told by its mark.
    """

    meetings: tuple[Meeting, ...]
    marks: tuple[Mark, ...] = ()
    joined: datetime | None = None
    outcomes: tuple[str, ...] = ()
    names: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    pauses: tuple[Pause, ...] = ()
    catch_ups: tuple[CatchUp, ...] = ()

    def name(self, id: str) -> Text:
        """The title of a module or outcome; its id where no title is known."""
        return self.names.get(id) or Text(id, id)

    def mark(self, number: int) -> Mark | None:
        """The mark for class `number`, or None when nobody has marked it."""
        return next((mark for mark in self.marks if mark.meeting == number), None)

    def counting(self) -> tuple[Meeting, ...]:
        """The classes that can count: not cancelled, and not begun before this person joined or in a pause, unless they
        were there all the same."""
        came = {mark.meeting for mark in self.marks if mark.was_there}
        return tuple(
            m
            for m in self.meetings
            if m.state is not MeetingState.CANCELLED and (m.number in came or self._expects(m.starts))
        )

    def _expects(self, starts: datetime) -> bool:
        """True for a moment after joining and outside of pauses."""
        return (self.joined is None or starts >= self.joined) and not any(pause.covers(starts) for pause in self.pauses)


@dataclass(frozen=True, slots=True)
class MakeUp:
    """One way to catch up a missed class. `covers` says in words what it does and does not replace.

    `way` tells the host what it can help with: "class" lets people choose a class of another group, "recording" is
    offered only where the group agreed to be recorded.
    """

    name: str
    label: Text
    covers: Text
    way: Literal["class", "one-to-one", "recording", "practice", "other"] = "other"


class VerdictStatus(StrEnum):
    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MET = "met"
    WAIVED = "waived"
    NOT_MET = "not_met"
    CANNOT_BE_MET = "cannot_be_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a person stands with one requirement of one outcome, with a reason that they can read.

    `have` and `need` count in `unit` (a word such as "classes"). `evidence` names the facts that the verdict
    rests on, as short codes ("class:10").
    """

    status: VerdictStatus
    reason: Text
    next_step: Text | None = None
    have: int | None = None
    need: int | None = None
    unit: Text | None = None
    evidence: tuple[str, ...] = ()


# -- homework -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer of a field."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a page asks. The host draws it; `kind` says how.

    "long" is a large text area, "line" one line, "tick" a box, "choice" one of `choices`, "pick" one of them from a list
    that opens, "choices" any of them (sent as their values with a line break between). A field with `after` is shown
    once the field of that name has words. Neighbours with the same `group` stand together under these words.
    """

    name: str
    label: Text
    kind: Literal["long", "line", "tick", "choice", "pick", "choices"] = "long"
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    after: str = ""
    group: Text | None = None


# What the page around a kind's fields sends itself, and what its scripts ask the form for.
TAKEN_NAMES = frozenset({"audience", "clock", "counter", "dataset", "elements", "next", "who"})


def may_name_a_field(name: str) -> bool:
    """A plain word that the host does not use itself. Passwords are asked for by the host alone, and nowhere kept."""
    return name.isidentifier() and name not in TAKEN_NAMES and "password" not in name.lower()


# How an answer may be given: written, spoken into the device, recorded, on paper, as a file, or in a talk.
AnswerForm = Literal["typed", "dictated", "audio", "photo", "file", "talk"]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A recording, a photo of a page or another file that came with an answer; `size` in bytes."""

    kind: Literal["audio", "photo", "file"]
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Form(Mapping[str, str]):
    """What was sent: field name to text, and beside it the `files` that came with it."""

    fields: Mapping[str, str]
    files: tuple[SentFile, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody handed in: `text` is readable by itself, even after the plugin is gone; `data` is the plugin's."""

    text: str
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a form cannot be taken yet: field name to a sentence."""

    by_field: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Guide:
    """What a kind says beside the author's text: what to try, questions that lead, a video to open. Several `lines` are
    drawn as a numbered list. With `first` it stands above the author's text, else below."""

    label: Text
    lines: tuple[Text, ...] = ()
    link: str = ""
    link_label: Text | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """One choice of a question as it is shown afterwards: whether it was taken, whether it fits (None where nothing is
    more fitting than the rest), and why."""

    label: Text
    taken: bool
    fits: bool | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One labelled piece of an answer as its readers see it. `text` is plain text; `why` explains it, as after a quiz;
    `choices` are those of its question, in the order in which they are shown."""

    label: Text
    text: str
    why: Text | None = None
    choices: tuple[Compared, ...] = ()


# -- certificates -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Award:
    """The earned facts, frozen: all that an issuer gets, and all that the public page shows."""

    serial: str
    name: str
    organization: str
    course: Text
    outcome: Text
    says: Text
    does_not_say: Text
    decided_on: date
    issued_on: date
    decided_by: tuple[str, ...]
    language: str
    verify_url: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file that an issuer made."""

    filename: str
    media_type: str
    content: bytes


# -- events -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened, told at least once (`key` is the same each time). Never carries what people wrote.

    `person` names somebody for the store; it says nothing else about them.
    """

    key: str
    name: str
    at: datetime
    organization: str
    cohort: int
    enrolment: int
    facts: Mapping[str, str]
    person: int = 0
