"""Today: what a group has for one of its trainees, and the next classes of those who lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lms.features.accounts.roles import SignedIn
from lms.features.attendance.catching_up import can_be_made_up
from lms.features.attendance.makeups import AGREED
from lms.features.attendance.moving import TRANSFER
from lms.features.attendance.own_class import OwnClass, own_class
from lms.features.attendance.queries import NOT_HERE
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import ClassHere, Here, classes_of_all, next_class
from lms.features.progress import facts
from lms.features.submissions import queries as submissions
from lms.features.submissions.rules import HomeworkState
from lms.host.db import session
from lms.host.guard import Guard
from lms.host.statements import rows_of
from lms.plugin_api.values import MeetingState

# So long a missed class is on Today; after that it is on the page of attendance alone.
LATELY = timedelta(days=14)


@dataclass(frozen=True)
class Day:
    """What a group has for one of its trainees now: the next class and how it stands with them, one that they missed
    lately and can catch up, for each class with an agreed make-up the day by which it is due (None where it has none, or has
    passed: it is no reproach), what came back, drafts, what can be begun, talks."""

    here: Here
    coming: ClassHere | None
    own: OwnClass | None
    missed: ClassHere | None
    make_ups: dict[int, date | None]
    returned: list[str]
    drafts: list[Any]
    to_begin: list[str]
    talks: list[Any]
    in_twos: list[Any]


def days_of(groups: Sequence[Here], guard: Guard, now: datetime) -> list[Day]:
    """The day of whoever takes part in these groups, in two queries however many groups there are."""
    own = [here.me.enrolment_id for here in groups]
    classes = classes_of_all(groups, now)
    rows = rows_of(facts.OF_TODAY, {"enrolments": own})
    homework = submissions.homework_by_enrolment(rows.get("homework", ()), now)
    drafts = [row for row in rows.get("drafts", ()) if submissions.has_something(row)]
    marks = {row.meeting_id: row for row in rows.get("marks", ())}
    # What somebody took with an earlier group is not ahead of them.
    taken = {id for id, row in marks.items() if row.source == TRANSFER and row.status not in NOT_HERE}
    make_ups = {row.meeting_id: row for row in rows.get("make_ups", ())}
    agreed = {id: row.due_on for id, row in make_ups.items() if row.make_up_state == AGREED}
    away = {id for id, row in marks.items() if row.status in NOT_HERE} - set(make_ups)
    coming = {id: next_class(c for c in found if c.id not in taken) for id, found in classes.items()}
    talks = [row for row in rows.get("talks", ()) if row.starts_at + timedelta(minutes=row.minutes) > now]
    return [
        _day(
            here,
            coming[here.id],
            _own(here, coming[here.id], marks, now),
            _to_catch_up(here, [c for c in classes[here.id] if c.id in away and now - c.starts_at < LATELY], guard),
            {c.number: _ahead(agreed[c.id], here, now) for c in classes[here.id] if c.id in agreed},
            [id for c in classes[here.id] if c.state is MeetingState.HELD for id in c.plan.homework],
            homework.get(me, {}),
            [draft for draft in drafts if draft.enrolment_id == me],
            sorted((row for row in talks if row.enrolment_id == me), key=lambda row: row.starts_at),
            [row for row in rows.get("in_twos", ()) if row.enrolment_id == me],
        )
        for here, me in zip(groups, own, strict=True)
    ]


def _own(here: Here, coming: ClassHere | None, marks: Mapping[int, Any], now: datetime) -> OwnClass | None:
    return own_class(here, coming, marks.get(coming.id), now) if coming else None


def _ahead(due_on: date | None, here: Here, now: datetime) -> date | None:
    return due_on if due_on and due_on >= now.astimezone(ZoneInfo(here.zone)).date() else None


def _to_catch_up(here: Here, missed: list[ClassHere], guard: Guard) -> ClassHere | None:
    """The last of these that is over and counts for them, where the rule has a way to catch it up."""
    counting = [c for c in missed if here.me.joined_at <= c.starts_at and not here.me.paused_at(c.starts_at)]
    over = [c for c in counting if c.state is MeetingState.HELD]
    return over[-1] if over and can_be_made_up(here, over[-1], guard) else None


def _day(
    here: Here,
    coming: ClassHere | None,
    own: OwnClass | None,
    missed: ClassHere | None,
    make_ups: dict[int, date | None],
    due: list[str],
    homework: submissions.HomeworkByActivity,
    drafts: list[Any],
    taken: list[Any],
    in_twos: list[Any],
) -> Day:
    known = here.course.activities
    returned = [id for id, found in homework.items() if found.state is HomeworkState.RETURNED and id in known]
    begun = {draft.activity_id for draft in drafts} | set(homework)
    return Day(
        here,
        coming,
        own,
        missed,
        make_ups,
        returned,
        [draft for draft in drafts if draft.activity_id in known and draft.activity_id not in returned],
        [id for id in due if id in known and id not in begun],
        [row for row in taken if row.activity_id in known],
        in_twos,
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


def coming_of(groups: Sequence[Here], now: datetime) -> list[tuple[Here, ClassHere]]:
    """The next class of each group that has one, the soonest first. One query."""
    classes = classes_of_all(groups, now)
    found = [(here, meeting) for here in groups if (meeting := next_class(classes[here.id]))]
    return sorted(found, key=lambda pair: pair[1].starts_at)


def counted(*numbers: Any) -> tuple[int, ...]:
    """Several counts (scalar subqueries or plain numbers) in one query."""
    return tuple(session.execute(select(*numbers)).one())
