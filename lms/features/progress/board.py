"""Everyone at a glance: people by classes and people by what they need, narrowed as the address says. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.features.attendance import story
from lms.features.cohorts.queries import ClassHere, Member
from lms.features.progress.rules import Standing, heading_for
from lms.plugin_api.content import Requirement
from lms.plugin_api.values import Mark, Status, Verdict, VerdictStatus

# What somebody should talk about.
WORTH_A_LOOK = frozenset(
    {VerdictStatus.AT_RISK, VerdictStatus.NOT_MET, VerdictStatus.CANNOT_BE_MET, VerdictStatus.UNKNOWN}
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; empty: all. `outcome` is the one to judge by, in place of each person's own next."""

    name: str = ""
    requirement: str = ""
    status: str = ""
    outcome: str = ""
    look: bool = False

    @property
    def narrowed(self) -> bool:
        """True where people may be left out."""
        return bool(self.name or self.status or self.look)

    def address(self) -> dict[str, str]:
        """As it stands in the address."""
        kept = {"name": self.name, "requirement": self.requirement, "status": self.status, "outcome": self.outcome}
        return {name: value for name, value in kept.items() if value} | ({"look": "yes"} if self.look else {})


def filters_read(given: Mapping[str, str], requirements: Iterable[str], outcomes: Iterable[str]) -> Filters:
    """The filters of an address; what is not there to be chosen is left out."""

    def one_of(name: str, known: Iterable[str]) -> str:
        return given.get(name, "") if given.get(name) in set(known) else ""

    return Filters(
        given.get("name", "").strip()[:80],
        one_of("requirement", requirements),
        one_of("status", (str(status) for status in VerdictStatus)),
        one_of("outcome", outcomes),
        given.get("look") == "yes",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One person: the outcome that the line speaks of, and what it needs with where they stand."""

    member: Member
    standing: Standing | None
    verdicts: Mapping[str, Verdict]


def lines(people: Iterable[Member], standings: Mapping[int, Sequence[Standing]], filters: Filters) -> list[Line]:
    """The people whom the filters let through, in their order (by name)."""
    found = (_line(member, standings[member.enrolment_id], filters.outcome) for member in people)
    return [line for line in found if _let_through(line, filters)]


def _line(member: Member, standings: Sequence[Standing], outcome: str) -> Line:
    chosen = next((s for s in standings if s.outcome.id == outcome), None) if outcome else None
    if chosen is None and not outcome:
        chosen = heading_for(standings) or next(iter(standings), None)
    verdicts: dict[str, Verdict] = {}
    for standing in (chosen, *(() if outcome else standings)):
        for requirement, verdict in standing.judged if standing else ():
            verdicts.setdefault(requirement.id, verdict)
    return Line(member, chosen, verdicts)


def _let_through(line: Line, filters: Filters) -> bool:
    if filters.name and _plain(filters.name) not in _plain(line.member.name):
        return False
    shown = {filters.requirement: line.verdicts.get(filters.requirement)} if filters.requirement else line.verdicts
    statuses = {verdict.status for verdict in shown.values() if verdict}
    if filters.status and filters.status not in statuses:
        return False
    return not filters.look or bool(statuses & WORTH_A_LOOK)


def _plain(name: str) -> str:
    """Without accents and capitals: who types Lea finds Léa."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def columns(requirements: Sequence[Requirement], filters: Filters) -> list[Requirement]:
    """The requirements to show."""
    return [
        r
        for r in requirements
        if (not filters.requirement or r.id == filters.requirement)
        and (not filters.outcome or filters.outcome in r.needed_for)
    ]


# -- people and classes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One person at one class: the shape, and the policy's own name for it where it has one."""

    shape: str
    named: str = ""


# In the order of the legend. The first six are the host's own statuses.
SHAPES = (
    *(str(status) for status in Status),
    "made_up",
    "empty",
    "before",
    "paused",
    "cancelled",
)


def cell(meeting: ClassHere, member: Member, mark: Mark | None) -> Cell | None:
    """How somebody was at a class; None for one that is still to come."""
    state = story.state_of(meeting, mark, member.joined_at, member.pauses)
    if state == story.MARKED and mark:
        return Cell("made_up") if mark.made_up and not mark.was_there else Cell(str(mark.status), mark.named)
    if state == story.TO_COME:
        return None
    return Cell("empty" if state == story.NOT_MARKED else state)
