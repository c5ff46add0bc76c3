"""What a story is made of: an organization, its people and groups, and what happened. The stories are in `stories/`.

Everything is dated from the day on which the demo begins: a class on day -7 was a week before, `days_ago=2` is two days
before now. People are named by their first names, which are one of a kind within an organization.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import TYPE_CHECKING, Any

from lms.features.accounts.roles import Role
from lms.plugin_api.values import Status, Text

if TYPE_CHECKING:
    from lms.demo.told import Told

PASSWORD = "kettle-window-path"  # noqa: S105  (printed on the front page; the demo is never for real people)
ADMIN = (Role.COORDINATOR, Role.ORGANIZATION_ADMIN)
TRAINER = (Role.TRAINER,)


@dataclass(frozen=True)
class Door:
    """A way into the demo as somebody."""

    name: str
    email: str
    who: Text
    says: Text
    icon: str = "door"


@dataclass(frozen=True)
class Colleague:
    """Somebody who works for the organization."""

    name: str
    roles: tuple[Role, ...]
    language: str = "en"


@dataclass(frozen=True)
class Sent:
    """A text that somebody sent; `answer` is what came back, if anything did. `to`: the one trainer who reads it."""

    who: str
    activity: str
    text: str
    days_ago: float
    to: str = ""
    answer: Answered | None = None


@dataclass(frozen=True)
class Answered:
    """Feedback in its three fields. With a question it asks for one more look, else the text is accepted."""

    came_through: str
    to_try: str
    question: str = ""


@dataclass(frozen=True)
class CatchUp:
    """A missed class that somebody asked to catch up, in the first way of the rule that is no other group's class.

    With `agreed`, a trainer's words, it is agreed until `due` days from the story's day; then it may be `accepted`.
    """

    who: str
    number: int
    days_ago: float
    agreed: str = ""
    due: int = 5
    accepted: bool = False


@dataclass(frozen=True)
class Confirmed:
    """A requirement that `by` confirmed for somebody."""

    who: str
    requirement: str
    by: str
    days_ago: float
    note: str = ""


@dataclass(frozen=True)
class Decided:
    """An outcome that `by` gave somebody; told a day later, or still to be told."""

    who: str
    outcome: str
    by: str
    days_ago: float
    reasons: str
    told: bool = True


@dataclass(frozen=True)
class Tapped:
    """What somebody chose on their phone so many minutes after the clock began; the trainer's clock of all where `who` is
    empty."""

    who: str
    kind: str
    minute: float


@dataclass(frozen=True)
class Saw:
    """The trainer was with a group while `who` supported; with words, it was noted."""

    who: str
    minute: float
    ticks: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Gave:
    """What somebody wrote about one round, by the question; `ticks` are lines of the card."""

    who: str
    round: int
    words: Mapping[str, str]
    ticks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Played:
    """The role play of a class. At each of the `tables` the first one supports first and the second is the person.

    `cards` has those of tables, by number. The clock began `starts` minutes into the class (0: never) and stood after
    `minutes`. What `happened` is in order. Whoever supported keeps what was written, but for those who `let_go` and those who
    are `undecided`.
    """

    tables: tuple[tuple[str, ...], ...]
    cards: Mapping[int, str] = field(default_factory=dict)
    starts: int = 0
    minutes: float = 40
    happened: tuple[Tapped | Saw, ...] = ()
    gave: tuple[Gave, ...] = ()
    let_go: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()


@dataclass(frozen=True)
class GroupStory:
    """A group: when its classes are, who was away, who has done the homework of how many classes, and what was decided.

    `days` has the day of each class; those before day 0 have taken place. `leads` are its trainers: the first one takes
    the roll and answers. `homework` counts classes; whoever is not named has done that of every class that took place.
    `joined`: the day on which somebody joined later than the others, for none of whose classes before there is a mark.
    `played` has role plays that are told, by class; in other classes the host forms the groups, and nobody starts the clock.
    """

    course: str
    name: str
    people: tuple[str, ...]
    leads: tuple[str, ...]
    days: Sequence[int]
    at: time = time(18)
    language: str = "en"
    place: str = ""
    link: str = ""
    joined: Mapping[str, int] = field(default_factory=dict)
    away: Mapping[int, Mapping[str, Status]] = field(default_factory=dict)
    played: Mapping[int, Played] = field(default_factory=dict)
    homework: Mapping[str, int] = field(default_factory=dict)
    sent: tuple[Sent, ...] = ()
    caught_up: tuple[CatchUp, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
    decided: tuple[Decided, ...] = ()
    ended_days_ago: float | None = None


@dataclass(frozen=True)
class Version:
    """A version of a programme, published so many days ago: `options` of its attendance rule in place of the file's, and
    the `frameworks` against which it is held."""

    course: str
    days_ago: int
    note: str
    options: Mapping[str, Any] = field(default_factory=dict)
    frameworks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evenings:
    """Open events every four weeks for people of all groups. `say_coming` have said that they come to the next one."""

    name: str
    about: str
    place: str
    first_day: int
    host: str
    say_coming: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Story:
    """An organization and all that happened there. `plugins` are those it has turned on, with their settings as typed.

    `besides` tells what data cannot: it is called at the end.
    """

    name: str
    slug: str
    staff: tuple[Colleague, ...]
    groups: tuple[GroupStory, ...]
    support_phone: str
    language: str = "en"
    time_zone: str = "America/Toronto"
    province: str = "ON"
    support_hours: str = ""
    plugins: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    versions: tuple[Version, ...] = ()
    evenings: Evenings | None = None
    about: Text | None = None
    doors: tuple[Door, ...] = ()
    besides: Callable[[Told], None] | None = None

    @property
    def domain(self) -> str:
        """What addresses of its people end in."""
        return f"{self.slug}.example"
