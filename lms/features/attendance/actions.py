"""Marking who was there, and telling in advance that one cannot come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.features.attendance.models import AttendanceMark
from lms.host import audit
from lms.host.db import session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import MeetingState, Status

ROLL_CALL, EVERYONE, NOTICE = "roll_call", "everyone", "notice"


@dataclass(frozen=True)
class ClassFacts:
    """What marking needs to know of a class."""

    meeting_id: int
    organization_id: int
    starts_at: datetime
    state: MeetingState


def last_marks(meeting_id: int) -> dict[int, AttendanceMark]:
    """The mark that counts of each enrolment at one class."""
    rows = session.scalars(
        select(AttendanceMark).where(AttendanceMark.meeting_id == meeting_id).order_by(AttendanceMark.sequence)
    )
    return {mark.enrolment_id: mark for mark in rows}


def mark(
    meeting: ClassFacts,
    enrolment_id: int,
    status: str,
    *,
    by: int,
    now: datetime,
    about: int | None = None,
    source: str = ROLL_CALL,
    minutes: int | None = None,
    late_by: int | None = None,
    note: str = "",
) -> AttendanceMark | None:
    """Add a mark; the empty status takes the mark away. The same as it stands adds nothing."""
    if meeting.state is MeetingState.CANCELLED:
        raise Refused(_l("This class was cancelled. It counts against no one."))
    if status and status not in set(Status):
        raise Incomplete({"status": _l("Choose how this person was at the class.")})
    last = session.scalar(
        select(AttendanceMark)
        .where(AttendanceMark.meeting_id == meeting.meeting_id, AttendanceMark.enrolment_id == enrolment_id)
        .order_by(AttendanceMark.sequence.desc())
        .limit(1)
    )
    if (last.status if last else None) == (status or None) and not (minutes or late_by or note):
        return last
    added = AttendanceMark(
        meeting_id=meeting.meeting_id,
        enrolment_id=enrolment_id,
        sequence=last.sequence + 1 if last else 1,
        status=status or None,
        minutes=minutes,
        late_by=late_by,
        note=note.strip()[:300],
        source=source,
        by_id=by,
        at=now,
    )
    session.add(added)
    audit.note(
        f"attendance.{status or 'cleared'}",
        f"meeting:{meeting.meeting_id}",
        at=now,
        by=by,
        organization=meeting.organization_id,
        about=about,
        why="" if source == NOTICE else added.note,
    )
    return added


def everyone_is_here(meeting: ClassFacts, enrolment_ids: Iterable[int], *, by: int, now: datetime) -> int:
    """Mark as here whoever has no mark yet. Those who told us before stay as they are. The number marked."""
    marked = last_marks(meeting.meeting_id)
    empty = [id for id in enrolment_ids if id not in marked or marked[id].status is None]
    for enrolment_id in empty:
        mark(meeting, enrolment_id, Status.HERE, by=by, now=now, source=EVERYONE)
    return len(empty)


def tell_before(meeting: ClassFacts, enrolment_id: int, note: str, *, by: int, now: datetime) -> None:
    """ "I can't come": a notice by the trainee, before the class begins. The note is for the trainers alone."""
    if now >= meeting.starts_at:
        raise Refused(_l("This class has begun. Please tell your trainer directly."))
    mark(meeting, enrolment_id, Status.TOLD_US, by=by, now=now, about=by, source=NOTICE, note=note)


def can_come_after_all(meeting: ClassFacts, enrolment_id: int, *, by: int, now: datetime) -> None:
    """Take one's own notice away again, before the class begins."""
    if now >= meeting.starts_at:
        raise Refused(_l("This class has begun. Please tell your trainer directly."))
    marks = last_marks(meeting.meeting_id)
    standing = marks.get(enrolment_id)
    if standing and standing.source == NOTICE and standing.status:
        mark(meeting, enrolment_id, "", by=by, now=now, about=by, source=NOTICE)
