"""Crowds, written in one go: an evening group of two hundred with waiting texts, marks for everyone, many groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, insert, select

from lms.features.accounts.models import Person
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.features.submissions.models import Submission
from lms.host.db import saved, session
from tests.world import World, build_world

PIECES = ("how-i-arrive", "whose-hands", *(f"piece-{number}" for number in range(40)))


def crowd(app: Flask, waiting: int, now: datetime | None = None) -> World:
    """The world with 200 people in the evening group, and so many texts that wait there, a second apart."""
    now = now or datetime.now(UTC)
    world = build_world(app, now, extra_people=198)
    people = [id for name, id in world.enrolments.items() if name in ("Sam", "Kim") or name.startswith("Person")]
    begun = now - timedelta(hours=5)
    rows = [
        {
            "cohort_id": world.cohorts["evening"],
            "enrolment_id": people[number % len(people)],
            "activity_id": PIECES[number // len(people)],
            "version": 1,
            "fields": {"text": "A small moment."},
            "text": "A small moment.",
            "data": {},
            "sent_at": begun + timedelta(seconds=number),
            "reviewed": True,
            "waiting": True,
        }
        for number in range(waiting)
    ]
    with app.app_context(), saved():
        session.execute(insert(Submission), rows)
    return world


def everyone_marked(app: Flask, world: World, cohorts: Sequence[int], now: datetime) -> None:
    """The classes of these groups that are over, marked for everyone: each person was away at another one."""
    with app.app_context(), saved():
        classes = session.execute(
            select(Meeting.id, Meeting.number, Meeting.cohort_id).where(
                Meeting.cohort_id.in_(cohorts), Meeting.starts_at < now
            )
        ).all()
        people: dict[int, list[int]] = {}
        for enrolment, cohort in session.execute(
            select(Enrolment.id, Enrolment.cohort_id).where(Enrolment.cohort_id.in_(cohorts))
        ):
            people.setdefault(cohort, []).append(enrolment)
        rows = [
            {
                "meeting_id": meeting.id,
                "enrolment_id": enrolment,
                "sequence": 1,
                "status": "away" if enrolment % 11 == meeting.number else "here",
                "source": "roll_call",
                "by_id": world.people["Amina"],
                "at": now,
            }
            for meeting in classes
            for enrolment in people.get(meeting.cohort_id, ())
        ]
        session.execute(insert(AttendanceMark), rows)


def more_groups(app: Flask, world: World, groups: int, people: int, now: datetime) -> list[int]:
    """So many groups of Northside with so many people each, like the evening group; their ids."""
    made = []
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        classes = session.scalars(select(Meeting).where(Meeting.cohort_id == evening.id)).all()
        last = session.scalar(select(func.max(Person.id))) or 0
        newcomers = [
            {"id": last + n, "name": f"Somebody{n:05}", "email": f"n{n}@example.org", "created_at": now}
            for n in range(1, groups * people + 1)
        ]
        session.execute(insert(Person), newcomers)
        for number in range(groups):
            cohort = Cohort(
                organization_id=evening.organization_id,
                revision_digest=evening.revision_digest,
                name=f"Group {number}",
                language="en",
                policy_version=evening.policy_version,
                plugin_version=evening.plugin_version,
                rule_json=evening.rule_json,
                rule_since=now,
                published_at=now,
            )
            session.add(cohort)
            session.flush()
            made.append(cohort.id)
            session.execute(
                insert(Meeting),
                [
                    {"cohort_id": cohort.id, "number": c.number, "starts_at": c.starts_at, "minutes": c.minutes}
                    for c in classes
                ],
            )
            joined = min(c.starts_at for c in classes) - timedelta(days=2)
            session.execute(
                insert(Enrolment),
                [
                    {"cohort_id": cohort.id, "person_id": person["id"], "joined_at": joined}
                    for person in newcomers[number * people : (number + 1) * people]
                ],
            )
    return made
