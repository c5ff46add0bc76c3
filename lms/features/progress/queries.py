"""From facts to verdicts: for one person or a whole cohort, in the same few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lms.features.attendance import queries as attendance
from lms.features.cohorts.queries import ClassHere, Here, Member
from lms.features.progress import facts
from lms.features.progress.rules import Standing, Vouched, confirmed, tasks_done, times_played, waived
from lms.features.roleplay.played import active_rounds_in
from lms.features.roleplay.seen import codes_of
from lms.features.submissions import queries as submissions
from lms.features.submissions.rules import HomeworkState
from lms.host.guard import Guard, Rule
from lms.host.statements import rows_of
from lms.plugin_api.content import Course, Outcome, Requirement
from lms.plugin_api.values import Ledger, Mark, MeetingState, Verdict


@dataclass(frozen=True)
class Evidence:
    """The facts about one person that requirements are judged by. `role_plays` are numbers of classes with a seat
    here; `role_plays_brought` were played in another group or in twos, and count whenever the class of that number is here.
    `practices` are those for one that they finished. `active_rounds` are those as supporter or person, where the course asks
    for them; `seen` is what trainers ticked of them as supporter, by card."""

    attended: attendance.Marks = attendance.NO_MARKS
    homework: submissions.HomeworkByActivity = field(default_factory=dict)
    role_plays: frozenset[int] = frozenset()
    role_plays_brought: frozenset[int] = frozenset()
    confirmations: Mapping[str, Vouched] = field(default_factory=dict)
    waivers: Mapping[tuple[str, str], Vouched] = field(default_factory=dict)
    practices: frozenset[str] = frozenset()
    active_rounds: int = 0
    seen: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def marks(self) -> Mapping[int, Mark]:
        """Class to the mark that counts."""
        return self.attended.by_class


@dataclass(frozen=True)
class CohortEvidence:
    """The facts about everyone in a cohort."""

    by_enrolment: Mapping[int, Evidence]

    def of(self, enrolment_id: int) -> Evidence:
        return self.by_enrolment.get(enrolment_id) or NO_EVIDENCE

    @property
    def grouped(self) -> set[int]:
        """The classes for which role-play groups were formed."""
        return {number for evidence in self.by_enrolment.values() for number in evidence.role_plays}

    def waiting_of(self, people: Iterable[Member]) -> int:
        """How many texts of these people wait for an answer."""
        homework = (h for person in people for h in self.of(person.enrolment_id).homework.values())
        return sum(h.state is HomeworkState.SENT for h in homework)


NO_EVIDENCE = Evidence()


def evidence_of_cohort(here: Here, now: datetime) -> CohortEvidence:
    """The evidence about everyone. Two queries however many people there are, and two more where the course asks for active
    rounds in role play."""
    rows = rows_of(facts.OF_COHORT, {"cohort": here.id})
    return _gathered(attendance.marks_of_cohort(here.id), rows, _active_rounds(here, now), now)


def evidence_of_one(here: Here, enrolment_id: int, now: datetime) -> CohortEvidence:
    """The evidence about one person, without keeping anybody else's."""
    rows = rows_of(facts.OF_ONE, {"cohort": here.id, "enrolment": enrolment_id})
    marks = {enrolment_id: attendance.marks_of(here.id, enrolment_id)}
    active = {enrolment_id: _active_rounds(here, now).get(enrolment_id, 0)}
    return _gathered(marks, rows, active, now)


def _active_rounds(here: Here, now: datetime) -> Mapping[int, int]:
    asked = any(requirement.active_rounds for requirement in here.course.requirements)
    return active_rounds_in(here.id, now) if asked else {}


def _numbers(rows: Iterable[Any]) -> dict[int, set[int]]:
    """Enrolment to the numbers of classes."""
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, set()).add(row.number)
    return found


def _gathered(
    marks: Mapping[int, attendance.Marks],
    rows: Mapping[str, list[Any]],
    active: Mapping[int, int],
    now: datetime,
) -> CohortEvidence:
    homework = submissions.homework_by_enrolment(rows.get("homework", ()), now)
    confirmations: dict[int, dict[str, Vouched]] = {}
    waivers: dict[int, dict[tuple[str, str], Vouched]] = {}
    for row in rows.get("vouchings", ()):
        vouched = Vouched(row.name, row.on, row.words)
        if row.outcome_id is None:
            confirmations.setdefault(row.enrolment_id, {})[row.requirement_id] = vouched
        else:
            waivers.setdefault(row.enrolment_id, {})[row.requirement_id, row.outcome_id] = vouched
    took_part, brought, in_twos = (_numbers(rows.get(part, ())) for part in ("took_part", "brought", "in_twos"))
    alone: dict[int, set[str]] = {}
    for row in rows.get("alone", ()):
        alone.setdefault(row.enrolment_id, set()).add(row.practice)
    seen: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
    for row in rows.get("noted", ()):
        seen.setdefault(row.enrolment_id, []).append((row.card, tuple(row.ticks)))
    everyone = {*marks, *homework, *took_part, *brought, *in_twos, *alone, *confirmations, *waivers, *seen}
    found = {
        id: Evidence(
            marks.get(id, attendance.NO_MARKS),
            homework.get(id, {}),
            frozenset(took_part.get(id, ())),
            frozenset(brought.get(id, set()) | in_twos.get(id, set())),
            confirmations.get(id, {}),
            waivers.get(id, {}),
            frozenset(alone.get(id, ())),
            active.get(id, 0),
            tuple(seen.get(id, ())),
        )
        for id in everyone
    }
    return CohortEvidence(found)


@dataclass(frozen=True)
class _Asked:
    """What verdicts of a cohort are worked out from, the same for everyone; made once."""

    course: Course
    played_in: list[ClassHere]
    common: Ledger
    wanted: Mapping[str, list[str]]
    steps: tuple[tuple[Outcome, tuple[Requirement, ...]], ...]
    elsewhere: tuple[Requirement, ...]


def _asked(course: Course, classes: list[ClassHere], guard: Guard) -> _Asked:
    reviewed = {a.id: guard.homework(course, a).reviewed for a in course.activities.values()}
    return _Asked(
        course,
        [meeting for meeting in classes if meeting.plan.role_play],
        attendance.without_marks(course, classes),
        {
            r.id: [id for id in r.activities or course.activities_as_taught if reviewed[id] == (r.kind == "homework")]
            for r in course.requirements
            if r.kind in ("homework", "reading")
        },
        tuple((outcome, asked) for outcome in course.outcomes if (asked := tuple(course.requirements_of(outcome.id)))),
        tuple(r for r in course.requirements if r.kind != "attendance"),
    )


def standings(
    here: Here,
    guard: Guard,
    people: Iterable[Member],
    classes: list[ClassHere],
    evidence: CohortEvidence,
    rule: Rule | None = None,
) -> dict[int, tuple[Standing, ...]]:
    """Enrolment to standing with each outcome that asks for something, lowest first; by another attendance `rule` than
    the cohort's where one is given. No query."""
    asked, rule = _asked(here.course, classes, guard), rule or here.rule
    return {
        person.enrolment_id: _standings_of(asked, rule, guard, person, evidence.of(person.enrolment_id))
        for person in people
    }


def _standings_of(
    asked: _Asked, rule: Rule | None, guard: Guard, person: Member, evidence: Evidence
) -> tuple[Standing, ...]:
    ledger = attendance.ledger_of(asked.common, person, evidence.attended)
    by_outcome = attendance.verdicts(rule, guard, ledger)
    same_everywhere = {r.id: _judge(r, asked, evidence) for r in asked.elsewhere}
    found = []
    for outcome, requirements in asked.steps:
        judged: list[tuple[Requirement, Verdict]] = []
        for requirement in requirements:
            set_aside = evidence.waivers.get((requirement.id, outcome.id))
            if set_aside:
                judged.append((requirement, waived(set_aside)))
            elif requirement.kind == "attendance":
                judged.append((requirement, by_outcome[outcome.id]))
            else:
                judged.append((requirement, same_everywhere[requirement.id]))
        found.append(Standing(outcome, tuple(judged)))
    return tuple(found)


def _judge(requirement: Requirement, asked: _Asked, evidence: Evidence) -> Verdict:
    if requirement.kind == "confirmed":
        return confirmed(requirement, evidence.confirmations.get(requirement.id))
    if requirement.kind == "role-play":
        verdict = times_played(requirement, *_role_plays(asked.played_in, evidence), evidence.active_rounds)
        return replace(verdict, evidence=codes_of(evidence.seen)) if evidence.seen else verdict
    if requirement.kind == "practice":
        practices = requirement.practices or [practice.id for practice in asked.course.practices]
        return tasks_done(requirement, practices, evidence.practices, bool(evidence.practices), "practice")
    wanted = asked.wanted[requirement.id]
    done = {id for id, homework in evidence.homework.items() if homework.state is HomeworkState.DONE}
    return tasks_done(requirement, wanted, done, any(id in evidence.homework for id in wanted))


def _role_plays(classes: list[ClassHere], evidence: Evidence) -> tuple[int, int]:
    """In how many of these classes, which have role play, somebody took part, and how many of them are to come."""
    took_part = ahead = 0
    for meeting in classes:
        if meeting.number in evidence.role_plays_brought:
            took_part += 1
            continue
        if meeting.state is MeetingState.CANCELLED:
            continue
        mark = evidence.marks.get(meeting.number)
        if meeting.state is MeetingState.PLANNED:
            ahead += 1
        elif meeting.number in evidence.role_plays and not (mark and mark.status in attendance.NOT_HERE):
            took_part += 1
    return took_part, ahead
