"""Three invented people on a course: facts made in memory, judged and told as those of real people are. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Literal
from zoneinfo import ZoneInfo

from lms.features.accounts.roles import Place, Role, SignedIn
from lms.features.attendance import queries as attendance
from lms.features.attendance.story import Line, Story, state_of
from lms.features.cohorts.models import Cohort
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.organizations.models import Organization
from lms.features.progress import queries
from lms.features.progress.queries import CohortEvidence, Evidence
from lms.features.progress.rules import Standing
from lms.features.submissions.rules import Homework, HomeworkState
from lms.host.catalog import Revision
from lms.host.guard import Guard
from lms.plugin_api.content import Course
from lms.plugin_api.values import Mark, MeetingState, Status, VerdictStatus

# The group, and the enrolments in it: no row has such ids.
NOWHERE, NOBODY_ELSE = 0, -1
Who = Literal["well", "missed", "closed"]
WHO: tuple[Who, ...] = ("well", "missed", "closed")
NAMES: dict[Who, str] = {"well": "Alma", "missed": "Bo", "closed": "Cleo"}
TRAINER = "Robin"
SHUT = (VerdictStatus.CANNOT_BE_MET, VerdictStatus.NOT_MET)
# So many ways to miss classes are tried until one closes the higher level.
MOST_TRIES = 80


@dataclass(frozen=True)
class Invented:
    """One of the three. `missed` are the numbers of the classes at which they were away."""

    who: Who
    name: str
    missed: tuple[int, ...]
    here: Here
    standings: tuple[Standing, ...]
    story: Story


@dataclass(frozen=True)
class Stage:
    """The course with its classes a week apart, about three quarters of them over at `now`."""

    organization: Organization
    revision: Revision
    guard: Guard
    now: datetime
    language: str

    @property
    def course(self) -> Course:
        return self.revision.course

    def here(self, name: str) -> Here:
        trainee = Place(Role.TRAINEE, self.organization.id, NOWHERE)
        who = SignedIn(NOBODY_ELSE, name, "", self.language, "", (trainee,))
        cohort = Cohort(
            id=NOWHERE,
            organization_id=self.organization.id,
            name="",
            language=self.language,
            time_zone=self.organization.time_zone,
            rule_json="",
            policy_version="",
            published_at=self.joined,
            rule_since=self.joined,
        )
        return Here(who, cohort, self.organization, self.revision, NOBODY_ELSE, self.joined)

    @property
    def joined(self) -> datetime:
        return self.now - timedelta(days=7 * self.held + 7)

    @property
    def held(self) -> int:
        """How many classes are over; of more than one, one at least is still to come."""
        count = len(self.course.classes)
        return count - max(1, count // 4) if count > 1 else count

    def classes(self) -> list[ClassHere]:
        made = []
        for index, plan in enumerate(self.course.classes):
            over = index < self.held
            day = self.now.astimezone(ZoneInfo(self.organization.time_zone)) + timedelta(
                days=7 * (index - self.held) + 2
            )
            starts = day.replace(hour=18, minute=0, second=0, microsecond=0).astimezone(UTC)
            state = MeetingState.HELD if over else MeetingState.PLANNED
            made.append(ClassHere(-plan.number, plan.number, starts, plan.minutes, "", "", state, "", plan))
        return made


def three_people(stage: Stage) -> dict[Who, Invented | None]:
    """All well; one class missed; one who cannot reach the higher level any more. None for somebody whom the rule does not
    know: then no number of missed classes closes anything."""
    closed = _closing(stage)
    one = _missing_one(stage)
    return {
        "well": _person(stage, "well", ()),
        "missed": _person(stage, "missed", one) if one else None,
        "closed": _person(stage, "closed", closed) if closed else None,
    }


def _person(stage: Stage, who: Who, missed: tuple[int, ...]) -> Invented:
    here, classes = stage.here(NAMES[who]), stage.classes()
    evidence = _evidence(stage, classes, missed)
    made = queries.standings(here, stage.guard, [here.me], classes, CohortEvidence({NOBODY_ELSE: evidence}))
    story = _story(stage, here, classes, evidence)
    return Invented(who, NAMES[who], missed, here, made[NOBODY_ELSE], story)


def _evidence(stage: Stage, classes: Iterable[ClassHere], missed: tuple[int, ...]) -> Evidence:
    """There at every class but those, took part in its role play, twice as supporter or person as in threes, and did the
    homework of all that are over."""
    over = [meeting for meeting in classes if meeting.state is MeetingState.HELD]
    marks = {c.number: Mark(c.number, Status.AWAY if c.number in missed else Status.HERE) for c in over}
    done = {
        id: Homework(HomeworkState.DONE)
        for meeting in over
        for id in (*meeting.plan.homework, *_own_work(stage.course, meeting))
    }
    played = frozenset(c.number for c in over if c.plan.role_play and c.number not in missed)
    return Evidence(attendance.Marks(marks), done, played, active_rounds=2 * len(played))


def _own_work(course: Course, meeting: ClassHere) -> Iterator[str]:
    """What stands in the modules of a class and is homework of no class."""
    for id in meeting.plan.modules:
        module = course.module(id)
        yield from (a.id for a in module.activities if course.homework_class(a.id) is None) if module else ()


def _story(stage: Stage, here: Here, classes: list[ClassHere], evidence: Evidence) -> Story:
    ledger = attendance.ledger(here.course, classes, here.me, evidence.attended)
    lines = tuple(
        Line(
            meeting,
            state_of(meeting, evidence.marks.get(meeting.number), here.me.joined_at, ()),
            evidence.marks.get(meeting.number),
            (_link(meeting, evidence.marks[meeting.number]),) if meeting.number in evidence.marks else (),
        )
        for meeting in classes
    )
    verdicts = attendance.verdicts(here.rule, stage.guard, ledger)
    today = stage.now.astimezone(ZoneInfo(here.zone)).date()
    rule = attendance.rule_of(here, stage.guard)
    return Story(lines, ledger, rule, stage.joined, verdicts, today)


def _link(meeting: ClassHere, mark: Mark) -> SimpleNamespace:
    """A mark as a trainer would have made it: the columns of a row, without one."""
    return SimpleNamespace(
        number=meeting.number,
        status=mark.status,
        named="",
        source="",
        at=meeting.starts_at,
        by=TRAINER,
        by_id=None,
        minutes=None,
        late_by=None,
        why="",
        note="",
        waived_for=(),
    )


# -- who misses what ----------------------------------------------------------------------------------------


def _statuses(stage: Stage, missed: tuple[int, ...]) -> dict[str, VerdictStatus]:
    """What the rule says of each outcome that is no choice."""
    here, classes = stage.here(""), stage.classes()
    marks = _evidence(stage, classes, missed).attended
    verdicts = attendance.verdicts(here.rule, stage.guard, attendance.ledger(here.course, classes, here.me, marks))
    needed = [o.id for o in stage.course.outcomes if not o.optional and o.id in verdicts]
    return {id: verdicts[id].status for id in needed or verdicts}


def _held_numbers(stage: Stage) -> list[int]:
    return [plan.number for plan in stage.course.classes[: stage.held]]


def _missing_one(stage: Stage) -> tuple[int, ...]:
    """A class that can be missed; any class where none can; nothing where none is over or no rule counts."""
    numbers = _held_numbers(stage)
    if not numbers or not _statuses(stage, ()):
        return ()
    tries = ((number,) for number in numbers[:MOST_TRIES])
    open_to = (missed for missed in tries if not any(s in SHUT for s in _statuses(stage, missed).values()))
    return next(open_to, (numbers[0],))


def _closing(stage: Stage) -> tuple[int, ...]:
    """The fewest missed classes with which the highest outcome is closed; better where a lower one stays open."""
    numbers = _held_numbers(stage)
    singles = [(number,) for number in numbers]
    rows = [tuple(numbers[:count]) for count in range(2, len(numbers) + 1)]
    known: tuple[int, ...] = ()
    for missed in (singles + rows)[:MOST_TRIES]:
        statuses = list(_statuses(stage, missed).values())
        if not statuses or statuses[-1] not in SHUT:
            continue
        if any(status not in SHUT for status in statuses[:-1]):
            return missed
        known = known or missed
    return known
