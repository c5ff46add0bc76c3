"""An evening group of two hundred with as many waiting texts as one likes, written in one go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import insert

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
