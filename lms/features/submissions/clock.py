"""The clock of a piece that has one. It rests whenever its writer rests, cuts nobody off, and goes by the server's time.

A running clock needs a sign of life now and then (the page sends one, saving a draft is one): two minutes without one
and it rests. `WorkClock.running_since` is the last sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.features.cohorts.models import Enrolment
from lms.features.submissions.actions import Author
from lms.features.submissions.models import WorkClock
from lms.host import audit
from lms.host.db import locked, session
from lms.plugin_api.content import Activity

SILENCE = timedelta(minutes=2)
START, GO_ON, REST, SIGN = "start", "on", "rest", "sign"


@dataclass(frozen=True, slots=True)
class Face:
    """What a clock shows now."""

    started: bool
    running: bool
    used_seconds: int
    allowed_seconds: int

    @property
    def left_seconds(self) -> int:
        return max(0, self.allowed_seconds - self.used_seconds)

    @property
    def left_minutes(self) -> int:
        """Whole minutes; one that has begun counts."""
        return -(-self.left_seconds // 60)


# -- rules --------------------------------------------------------------------------------------------------


def used_at(used_seconds: int, running_since: datetime | None, now: datetime) -> int:
    """Seconds used up to now. Silence counts for two minutes, then the clock rested."""
    if running_since is None:
        return used_seconds
    return used_seconds + int(min(max(now - running_since, timedelta(0)), SILENCE).total_seconds())


def runs_at(running_since: datetime | None, now: datetime) -> bool:
    return running_since is not None and now - running_since <= SILENCE


def allowed(minutes: int, extra_percent: int) -> int:
    """Seconds that somebody has, with the extra time that was agreed with them."""
    return minutes * 60 * (100 + extra_percent) // 100


# -- reading it ---------------------------------------------------------------------------------------------


def face_of(enrolment_id: int, activity: Activity, extra_percent: int, now: datetime) -> Face | None:
    """The clock of this person's piece; None for a piece without one."""
    if activity.clock is None:
        return None
    row = session.get(WorkClock, (enrolment_id, activity.id))
    whole = allowed(activity.clock.minutes, extra_percent)
    if row is None:
        return Face(False, False, 0, whole)
    return Face(True, runs_at(row.running_since, now), used_at(row.used_seconds, row.running_since, now), whole)


def minutes_taken(enrolment_id: int, activity: Activity, now: datetime) -> int | None:
    """How long somebody worked on it, for their trainer; None where no clock was used."""
    face = face_of(enrolment_id, activity, 0, now)
    return -(-face.used_seconds // 60) if face is not None and face.started else None


# -- turning it ---------------------------------------------------------------------------------------------


def turn(author: Author, activity: Activity, doing: str, *, now: datetime) -> None:
    """Start, go on, rest, or give a sign of life. Whatever does not fit how it stands changes nothing."""
    if activity.clock is None:
        return
    locked(Enrolment, author.enrolment_id)
    row = session.get(WorkClock, (author.enrolment_id, activity.id), populate_existing=True)
    if row is None:
        if doing == START:
            session.add(
                WorkClock(enrolment_id=author.enrolment_id, activity_id=activity.id, used_seconds=0, running_since=now)
            )
            _note("started", author, activity, now)
        return
    ran = runs_at(row.running_since, now)
    _count(row, now)
    if doing == REST or not ran:
        row.running_since = None
    if doing == REST and ran:
        _note("rested", author, activity, now)
    if doing in (START, GO_ON) and not ran:
        row.running_since = now
        _note("went_on", author, activity, now)


def _count(row: WorkClock, now: datetime) -> None:
    """Add what has passed since the last sign, in whole seconds; what is left over counts the next time."""
    if row.running_since is None:
        return
    passed = used_at(0, row.running_since, now)
    row.used_seconds += passed
    row.running_since += timedelta(seconds=passed)


def _note(what: str, author: Author, activity: Activity, now: datetime) -> None:
    audit.note(
        f"clock.{what}",
        f"activity:{author.cohort_id}:{activity.id}",
        at=now,
        by=author.person_id,
        organization=author.organization_id,
        about=author.person_id,
    )
