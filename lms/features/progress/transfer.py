"""Moving somebody to another group with all that they did: the place, marks and make-ups, homework, role play, what was
vouched for them, and what helps them. Each room moves its own; all of it in one transaction.

What people of the first group said about somebody stays there: worries, notes among trainers, decided outcomes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from lms.features.accounts.roles import not_oneself
from lms.features.attendance import moving as attendance
from lms.features.attendance.queries import NOT_HERE
from lms.features.care.models import Accommodation
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.features.cohorts.places import move_place
from lms.features.cohorts.queries import Here, Member, revision_of
from lms.features.practice.moving import move_practice
from lms.features.progress.models import ToldStanding, Vouching
from lms.features.roleplay.moving import move_seats
from lms.features.submissions import moving as submissions
from lms.features.talks.models import Talk
from lms.host.db import session
from lms.plugin_api.content import Course
from lms.plugin_api.values import Text


@dataclass(frozen=True)
class Preview:
    """What would travel to a group, and what would not, in numbers of classes and titles.

    `renamed` are classes with a mark that carry another title there: number, title here, title there. `open` are classes
    that the group has held, on which no mark will stand: its trainers settle them. `questions` about
    marks and `talks` that were taken wait for people of the first group, and stay with them.
    """

    classes: tuple[int, ...]
    classes_missing: tuple[int, ...]
    renamed: tuple[tuple[int, Text, Text], ...]
    homework: tuple[Text, ...]
    homework_missing: tuple[Text, ...]
    vouched: tuple[Text, ...]
    vouched_missing: tuple[Text, ...]
    open: tuple[int, ...]
    questions: int
    talks: int


def preview(here: Here, member: Member, to: Cohort, now: datetime) -> Preview:
    """Look before moving. Nothing is changed."""
    course, other = here.course, revision_of(to.revision_digest).course
    old = session.get_one(Enrolment, member.enrolment_id)
    brought = attendance.brought_by(old, now)
    held_there = attendance.numbers_of(to.id)
    both = _numbers_in_both(course, other) & set(held_there)
    titles = {plan.number: plan.title for plan in course.classes}
    there = {plan.number: plan.title for plan in other.classes}
    travels = tuple(
        number
        for number in brought.marks
        if number in both and brought.comes_along(number, held_there[number].starts_at, now)
    )
    kept = submissions.written_in(old.id)
    written = [id for id in course.activities if id in kept]
    vouched = {row.requirement_id: _fits(row, other) for row in _vouchings(old.id)}
    named = {requirement.id: requirement.title for requirement in course.requirements}
    return Preview(
        travels,
        tuple(number for number in brought.marks if number not in both),
        tuple((n, titles[n], there[n]) for n in travels if titles[n] != there[n]),
        tuple(course.activities[id].title for id in written if id in other.activities),
        tuple(course.activities[id].title for id in written if id not in other.activities),
        tuple(named[id] for id, fits in vouched.items() if fits and id in named),
        tuple(named[id] for id, fits in vouched.items() if not fits and id in named),
        _left_open(member, to, held_there, travels, now),
        brought.questions,
        _talks_of(old.id),
    )


def _left_open(
    member: Member, to: Cohort, classes: Mapping[int, Meeting], travels: Collection[int], now: datetime
) -> tuple[int, ...]:
    """The classes that this group held in the time of somebody who comes, and on which they will have no mark."""
    stood = session.scalars(
        select(Enrolment).where(Enrolment.cohort_id == to.id, Enrolment.person_id == member.person_id)
    ).first()
    marked = {*travels, *(attendance.brought_by(stood, now).marks if stood else ())}
    since = min([member.joined_at, *(classes[number].starts_at for number in travels)])
    return tuple(
        number
        for number, meeting in sorted(classes.items())
        if number not in marked
        and since <= meeting.starts_at
        and meeting.starts_at + timedelta(minutes=meeting.minutes) <= now
        and not member.paused_at(meeting.starts_at)
    )


def move(here: Here, member: Member, to: Cohort, *, now: datetime) -> Enrolment:
    """The place in `to`, with all that travels. Raises Refused for a full group, or one that is not on this course."""
    by = here.who.id
    not_oneself(by, member.person_id)
    old = session.get_one(Enrolment, member.enrolment_id)
    course, other = here.course, revision_of(to.revision_digest).course
    played = {n for n, mark in attendance.brought_by(old, now).marks.items() if mark.status not in NOT_HERE}
    both = _numbers_in_both(course, other)
    new = move_place(here, member, to, by=by, now=now)
    outcomes = {outcome.id for outcome in other.outcomes}
    begins = attendance.move_marks(old, new, both, outcomes, by=by, now=now)
    if begins and begins < new.joined_at:
        # The new group was earlier: what was done before somebody joined there counts too.
        new.joined_at = begins
    submissions.move_homework(old.id, new.id, other.activities)
    move_seats(old, new, played, both)
    move_practice(old.id, new.id, [practice.id for practice in other.practices], now=now)
    _move_vouchings(old.id, new.id, other)
    _help_too(old.id, new.id)
    _told_too(old.id, new.id, outcomes)
    session.flush()
    return new


def _numbers_in_both(course: Course, other: Course) -> set[int]:
    return {plan.number for plan in course.classes} & {plan.number for plan in other.classes}


def _vouchings(enrolment_id: int) -> list[Any]:
    standing = (Vouching.enrolment_id == enrolment_id) & Vouching.withdrawn_at.is_(None)
    return list(session.scalars(select(Vouching).where(standing).order_by(Vouching.id)))


def _fits(vouching: Vouching, other: Course) -> bool:
    """True where the other course asks for the same, for the same outcome."""
    for requirement in other.requirements:
        if requirement.id == vouching.requirement_id:
            return vouching.outcome_id is None or vouching.outcome_id in requirement.needed_for
    return False


def _move_vouchings(old: int, new: int, other: Course) -> None:
    there: Collection[Any] = {(row.requirement_id, row.outcome_id) for row in _vouchings(new)}
    for row in _vouchings(old):
        if _fits(row, other) and (row.requirement_id, row.outcome_id) not in there:
            session.execute(update(Vouching).where(Vouching.id == row.id).values(enrolment_id=new))


def _help_too(old: int, new: int) -> None:
    """What was agreed to help somebody holds in the new group, unless something was agreed there."""
    agreed = session.get(Accommodation, old)
    if agreed and session.get(Accommodation, new) is None:
        session.add(
            Accommodation(
                enrolment_id=new,
                extra_time=agreed.extra_time,
                read_aloud=agreed.read_aloud,
                set_by=agreed.set_by,
                set_at=agreed.set_at,
            )
        )


def _told_too(old: int, new: int, outcomes: Collection[str]) -> None:
    """What somebody was told of their way to an outcome is no news in the new group."""
    told = select(ToldStanding.outcome_id).where(
        ToldStanding.enrolment_id == old, ToldStanding.outcome_id.in_(outcomes)
    )
    known = session.scalars(told).all()
    session.execute(delete(ToldStanding).where(ToldStanding.enrolment_id == new, ToldStanding.outcome_id.in_(known)))
    session.execute(
        update(ToldStanding)
        .where(ToldStanding.enrolment_id == old, ToldStanding.outcome_id.in_(known))
        .values(enrolment_id=new)
    )


def _talks_of(enrolment_id: int) -> int:
    """How many talks are taken and not held yet."""
    open_ones = (Talk.taken_by == enrolment_id) & Talk.done_at.is_(None) & Talk.cancelled_at.is_(None)
    return session.scalar(select(func.count(Talk.id)).where(open_ones)) or 0
