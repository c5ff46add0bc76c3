"""From facts to verdicts: for one person or a whole cohort, in the same few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from lms.features.accounts.models import Person
from lms.features.accounts.roles import SignedIn
from lms.features.attendance import queries as attendance
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import ClassHere, Here, Member, classes_of_all, next_class
from lms.features.progress.models import Vouching
from lms.features.progress.rules import Standing, Vouched, confirmed, tasks_done, times_played, waived
from lms.features.roleplay import queries as roleplay
from lms.features.submissions import queries as submissions
from lms.features.submissions.rules import HomeworkState
from lms.features.talks import queries as talks
from lms.host.db import session
from lms.host.guard import Guard, Rule
from lms.plugin_api.content import Course, Requirement
from lms.plugin_api.values import Mark, MeetingState, Verdict


@dataclass(frozen=True)
class Evidence:
    """The facts about one person that requirements are judged by."""

    attended: attendance.Marks = attendance.NO_MARKS
    homework: submissions.HomeworkByActivity = field(default_factory=dict)
    role_plays: frozenset[int] = frozenset()
    confirmations: Mapping[str, Vouched] = field(default_factory=dict)
    waivers: Mapping[tuple[str, str], Vouched] = field(default_factory=dict)

    @property
    def marks(self) -> Mapping[int, Mark]:
        """Class to the mark that counts."""
        return self.attended.by_class


@dataclass(frozen=True)
class CohortEvidence:
    """The facts about everyone in a cohort, and the role-play groups of each class that they come from."""

    by_enrolment: Mapping[int, Evidence]
    formed: Mapping[int, roleplay.Formed]

    def of(self, enrolment_id: int) -> Evidence:
        return self.by_enrolment.get(enrolment_id) or NO_EVIDENCE

    def waiting_of(self, people: Iterable[Member]) -> int:
        """How many texts of these people wait for an answer."""
        homework = (h for person in people for h in self.of(person.enrolment_id).homework.values())
        return sum(h.state is HomeworkState.SENT for h in homework)


NO_EVIDENCE = Evidence()

_VOUCHINGS = (
    select(
        Vouching.enrolment_id, Vouching.requirement_id, Vouching.outcome_id, Vouching.on, Vouching.words, Person.name
    )
    .join(Enrolment, Enrolment.id == Vouching.enrolment_id)
    .join(Person, Person.id == Vouching.by_id)
    .where(Enrolment.cohort_id == bindparam("cohort"), Vouching.withdrawn_at.is_(None))
    .order_by(Vouching.id)
)


_VOUCHINGS_OF_ONE = _VOUCHINGS.where(Vouching.enrolment_id == bindparam("enrolment"))


def evidence_of_cohort(here: Here, now: datetime) -> CohortEvidence:
    """The evidence about everyone. Four queries however many people there are."""
    formed = roleplay.formed_in(here.id)
    return _gathered(
        attendance.marks_of_cohort(here.id),
        submissions.homework_of_cohort(here.id, now),
        roleplay.seats_by_enrolment(formed),
        session.execute(_VOUCHINGS, {"cohort": here.id}),
        formed,
    )


def evidence_of_one(here: Here, enrolment_id: int, now: datetime) -> CohortEvidence:
    """The evidence about one person, without reading anybody else's."""
    return _gathered(
        {enrolment_id: attendance.marks_of(here.id, enrolment_id)},
        {enrolment_id: submissions.homework_of(here.id, enrolment_id, now)},
        {enrolment_id: roleplay.classes_played(here.id, enrolment_id)},
        session.execute(_VOUCHINGS_OF_ONE, {"cohort": here.id, "enrolment": enrolment_id}),
        {},
    )


def _gathered(
    marks: Mapping[int, attendance.Marks],
    homework: Mapping[int, submissions.HomeworkByActivity],
    seats: Mapping[int, set[int]],
    vouchings: Iterable[Any],
    formed: Mapping[int, roleplay.Formed],
) -> CohortEvidence:
    confirmations: dict[int, dict[str, Vouched]] = {}
    waivers: dict[int, dict[tuple[str, str], Vouched]] = {}
    for row in vouchings:
        vouched = Vouched(row.name, row.on, row.words)
        if row.outcome_id is None:
            confirmations.setdefault(row.enrolment_id, {})[row.requirement_id] = vouched
        else:
            waivers.setdefault(row.enrolment_id, {})[row.requirement_id, row.outcome_id] = vouched
    everyone = {*marks, *homework, *seats, *confirmations, *waivers}
    found = {
        id: Evidence(
            marks.get(id, attendance.NO_MARKS),
            homework.get(id, {}),
            frozenset(seats.get(id, ())),
            confirmations.get(id, {}),
            waivers.get(id, {}),
        )
        for id in everyone
    }
    return CohortEvidence(found, formed)


def standings(
    here: Here, guard: Guard, people: Iterable[Member], classes: list[ClassHere], evidence: CohortEvidence
) -> dict[int, tuple[Standing, ...]]:
    """Enrolment to standing with each outcome that asks for something, lowest first. No query."""
    course, rule = here.course, here.rule
    reviewed = {a.id: guard.homework(course, a).reviewed for a in course.activities.values()}
    return {
        person.enrolment_id: _standings_of(
            course, rule, guard, person, classes, evidence.of(person.enrolment_id), reviewed
        )
        for person in people
    }


def _standings_of(
    course: Course,
    rule: Rule | None,
    guard: Guard,
    person: Member,
    classes: list[ClassHere],
    evidence: Evidence,
    reviewed: Mapping[str, bool],
) -> tuple[Standing, ...]:
    ledger = attendance.ledger(course, classes, person, evidence.attended)
    by_outcome = attendance.verdicts(rule, guard, ledger)
    same_everywhere = {
        r.id: _judge(r, course, classes, evidence, reviewed) for r in course.requirements if r.kind != "attendance"
    }
    found = []
    for outcome in course.outcomes:
        judged: list[tuple[Requirement, Verdict]] = []
        for requirement in course.requirements_of(outcome.id):
            set_aside = evidence.waivers.get((requirement.id, outcome.id))
            if set_aside:
                judged.append((requirement, waived(set_aside)))
            elif requirement.kind == "attendance":
                judged.append((requirement, by_outcome[outcome.id]))
            else:
                judged.append((requirement, same_everywhere[requirement.id]))
        if judged:
            found.append(Standing(outcome, tuple(judged)))
    return tuple(found)


def _judge(
    requirement: Requirement,
    course: Course,
    classes: list[ClassHere],
    evidence: Evidence,
    reviewed: Mapping[str, bool],
) -> Verdict:
    if requirement.kind == "confirmed":
        return confirmed(requirement, evidence.confirmations.get(requirement.id))
    if requirement.kind == "role-play":
        return times_played(requirement, *_role_plays(classes, evidence))
    wanted = [
        id
        for id in requirement.activities or course.activities_as_taught
        if reviewed[id] == (requirement.kind == "homework")
    ]
    done = {id for id, homework in evidence.homework.items() if homework.state is HomeworkState.DONE}
    return tasks_done(requirement, wanted, done, any(id in evidence.homework for id in wanted))


def _role_plays(classes: list[ClassHere], evidence: Evidence) -> tuple[int, int]:
    """In how many classes somebody took part in role play, and how many with role play are to come."""
    took_part = ahead = 0
    for meeting in classes:
        if meeting.plan.role_play is None or meeting.state is MeetingState.CANCELLED:
            continue
        mark = evidence.marks.get(meeting.number)
        if meeting.state is MeetingState.PLANNED:
            ahead += 1
        elif meeting.number in evidence.role_plays and not (mark and mark.status in attendance.NOT_HERE):
            took_part += 1
    return took_part, ahead


@dataclass(frozen=True)
class Day:
    """What a group has for one of its trainees now: the next class, what came back, drafts, what can be begun."""

    here: Here
    coming: ClassHere | None
    returned: list[str]
    drafts: list[Any]
    to_begin: list[str]
    talks: list[Any]


def days_of(groups: list[Here], now: datetime) -> list[Day]:
    """The day of whoever takes part in these groups, in four queries however many groups there are."""
    own = [here.me.enrolment_id for here in groups]
    classes = classes_of_all(groups, now)
    homework = submissions.homework_of_enrolments(own, now)
    drafts, taken = submissions.drafts_of(*own), talks.coming_of(own, now)
    return [
        _day(
            here,
            classes[here.id],
            homework.get(me, {}),
            [draft for draft in drafts if draft.enrolment_id == me],
            [row for row in taken if row.Talk.taken_by == me],
        )
        for here, me in zip(groups, own, strict=True)
    ]


def _day(
    here: Here,
    classes: list[ClassHere],
    homework: submissions.HomeworkByActivity,
    drafts: list[Any],
    taken: list[Any],
) -> Day:
    known = here.course.activities
    returned = [id for id, found in homework.items() if found.state is HomeworkState.RETURNED and id in known]
    begun = {draft.activity_id for draft in drafts} | set(homework)
    due = [id for c in classes if c.state is MeetingState.HELD for id in c.plan.homework]
    return Day(
        here,
        next_class(classes),
        returned,
        [draft for draft in drafts if draft.activity_id in known and draft.activity_id not in returned],
        [id for id in due if id in known and id not in begun],
        [row for row in taken if row.Talk.activity_id in known],
    )


def left_by(who: SignedIn) -> list[Any]:
    """Id and name of each cohort that `who` has left, latest first."""
    return list(
        session.execute(
            select(Cohort.id, Cohort.name)
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .where(Enrolment.person_id == who.id, Enrolment.left_at.is_not(None))
            .order_by(Enrolment.left_at.desc())
        )
    )
