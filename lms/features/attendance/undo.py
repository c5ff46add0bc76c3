"""Undo on the roll call: the mark that was there before a tap stands again, as it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.features.accounts.roles import not_oneself
from lms.features.attendance import actions
from lms.features.attendance.models import AttendanceMark
from lms.host.db import session


def earlier_mark(meeting_id: int, enrolment_id: int, sequence: int) -> AttendanceMark | None:
    """One link of the chain of somebody at a class."""
    return session.scalar(
        select(AttendanceMark).where(
            AttendanceMark.meeting_id == meeting_id,
            AttendanceMark.enrolment_id == enrolment_id,
            AttendanceMark.sequence == sequence,
        )
    )


def put_back(
    meeting: actions.ClassFacts, earlier: AttendanceMark, *, by: int, now: datetime, about: int, seen: int | None
) -> AttendanceMark | None:
    """Add a link that says what `earlier` said, and how that came: a notice stays the trainee's own, with its words,
    and they can still say that they come after all. `by` is whoever undid; the chain tells both. Raises as `mark`.
    """
    not_oneself(by, about)
    source = actions.ROLL_CALL if earlier.source == "waiver" else earlier.source
    made = actions.mark(
        meeting,
        earlier.enrolment_id,
        earlier.status or "",
        named=earlier.named,
        by=by,
        now=now,
        about=about,
        source=source,
        details=actions.Details(earlier.minutes, earlier.late_by, earlier.note),
        seen=seen,
        why=earlier.why,
    )
    if made is not None and made.at == now:
        made.waived_for = earlier.waived_for
    return made
