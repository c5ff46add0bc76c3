"""Marking who was there, and telling in advance that one cannot come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import insert, select

from lms.features.accounts.roles import not_oneself
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts.models import Enrolment, Meeting
from lms.host import audit
from lms.host.db import locked, session
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


@dataclass(frozen=True)
class Details:
    """What a mark says besides the status."""

    minutes: int | None = None
    late_by: int | None = None
    note: str = ""


class NewerMark(Refused):
    """Somebody was marked after the tap's maker looked. `mark` stands."""

    def __init__(self, mark: AttendanceMark) -> None:
        super().__init__(_l("Somebody did this at the same moment. Look at the page again."))
        self.mark = mark


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
    details: Details | None = None,
    seen: int | None = None,
) -> AttendanceMark | None:
    """Add a mark; the empty status takes the mark away. The same as it stands adds nothing. The mark that stands then.

    A tap has no `details`: with the same status it changes none. `seen` is the sequence of the mark that somebody had
    before them; over a newer one nothing is written (NewerMark), but whoever filled what was empty said less than a tap.
    Nobody marks themselves; telling in advance (`NOTICE`) is for oneself alone. The note is never copied to the audit.
    """
    if status and status not in set(Status):
        raise Incomplete({"status": _l("Choose how this person was at the class.")})
    about = about or _people([enrolment_id]).get(enrolment_id)
    if source != NOTICE and about is not None:
        not_oneself(by, about)
    _lock(meeting)
    last = session.scalar(
        select(AttendanceMark)
        .where(AttendanceMark.meeting_id == meeting.meeting_id, AttendanceMark.enrolment_id == enrolment_id)
        .order_by(AttendanceMark.sequence.desc())
        .limit(1)
    )
    said = replace(details, note=details.note.strip()[:300]) if details else Details()
    stands = Details(last.minutes, last.late_by, _note_to(source, last)) if last else Details()
    if (last.status if last else None) == (status or None) and (details is None or said == stands):
        return last
    if last and seen is not None and last.sequence > seen and last.source != EVERYONE:
        raise NewerMark(last)
    added = AttendanceMark(
        meeting_id=meeting.meeting_id,
        enrolment_id=enrolment_id,
        sequence=last.sequence + 1 if last else 1,
        status=status or None,
        minutes=said.minutes,
        late_by=said.late_by,
        note=said.note,
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
    )
    return added


def _note_to(source: str, mark: AttendanceMark) -> str:
    """The note as whoever marks this way knows it: what trainees told before is not taken away by a roll call."""
    return "" if mark.source == NOTICE and source != NOTICE else mark.note


def _lock(meeting: ClassFacts) -> None:
    """Marks at one class are made one after the other. Raises Refused where it was cancelled."""
    state = locked(Meeting, meeting.meeting_id).state
    if MeetingState.CANCELLED in (state, meeting.state):
        raise Refused(_l("This class was cancelled. It counts against no one."))


def _people(enrolment_ids: Iterable[int]) -> dict[int, int]:
    """Enrolment to the person."""
    rows = session.execute(select(Enrolment.id, Enrolment.person_id).where(Enrolment.id.in_(list(enrolment_ids))))
    return {row.id: row.person_id for row in rows}


def everyone_is_here(meeting: ClassFacts, enrolment_ids: Iterable[int], *, by: int, now: datetime) -> int:
    """Mark as here whoever has no mark yet. Those who told us before stay as they are. The number marked.

    As many queries for thirty people as for one. Whoever leads and takes part too is marked by somebody else.
    """
    _lock(meeting)
    marked = last_marks(meeting.meeting_id)
    people = _people(enrolment_ids)
    empty = [id for id, person in people.items() if person != by and (id not in marked or marked[id].status is None)]
    if not empty:
        return 0
    shared = {"meeting_id": meeting.meeting_id, "status": Status.HERE, "source": EVERYONE, "by_id": by, "at": now}
    sequences = {id: marked[id].sequence + 1 if id in marked else 1 for id in empty}
    session.execute(insert(AttendanceMark), [{**shared, "enrolment_id": id, "sequence": sequences[id]} for id in empty])
    audit.note_each(
        f"attendance.{Status.HERE}",
        f"meeting:{meeting.meeting_id}",
        [people[id] for id in empty],
        at=now,
        by=by,
        organization=meeting.organization_id,
    )
    return len(empty)


def tell_before(meeting: ClassFacts, enrolment_id: int, note: str, *, by: int, now: datetime) -> None:
    """ "I can't come": a notice by the trainee, before the class begins. The note is for the trainers alone."""
    if now >= meeting.starts_at:
        raise Refused(_l("This class has begun. Please tell your trainer directly."))
    mark(meeting, enrolment_id, Status.TOLD_US, by=by, now=now, about=by, source=NOTICE, details=Details(note=note))


def can_come_after_all(meeting: ClassFacts, enrolment_id: int, *, by: int, now: datetime) -> None:
    """Take one's own notice away again, before the class begins."""
    if now >= meeting.starts_at:
        raise Refused(_l("This class has begun. Please tell your trainer directly."))
    _lock(meeting)
    standing = last_marks(meeting.meeting_id).get(enrolment_id)
    if standing and standing.source == NOTICE and standing.status:
        mark(meeting, enrolment_id, "", by=by, now=now, about=by, source=NOTICE)
