"""Marking who was there: by roll call, by a list, by oneself; and telling in advance that one cannot come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import func, insert, select

from lms.features.accounts.roles import not_oneself
from lms.features.attendance.models import AttendanceMark
from lms.features.attendance.rules import Told
from lms.features.cohorts.models import Enrolment, Meeting
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import MeetingState, Status

ROLL_CALL, EVERYONE, NOTICE, CHECK_IN, IMPORT = "roll_call", "everyone", "notice", "check_in", "import"
CORRECTION, WAIVER = "correction", "waiver"

MAX_WHY = 300

# What people say about themselves.
BY_ONESELF = (NOTICE, CHECK_IN)
# Said of many at once, or by a machine: a trainer's own look at one person says more.
SAID_LIGHTLY = (EVERYONE, CHECK_IN, IMPORT)


@dataclass(frozen=True)
class ClassFacts:
    """What marking needs to know of a class. From `locks_at` on its register is closed; None: never."""

    meeting_id: int
    organization_id: int
    starts_at: datetime
    state: MeetingState
    locks_at: datetime | None = None

    def locked_at(self, now: datetime) -> bool:
        return self.locks_at is not None and now >= self.locks_at


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


def said_last(meeting_id: int, enrolment_id: int) -> AttendanceMark | None:
    """The link that says how somebody was at a class; a waiver says only what follows from it."""
    return session.scalar(
        select(AttendanceMark)
        .where(
            AttendanceMark.meeting_id == meeting_id,
            AttendanceMark.enrolment_id == enrolment_id,
            AttendanceMark.source != WAIVER,
        )
        .order_by(AttendanceMark.sequence.desc())
        .limit(1)
    )


def newest_mark(meeting_id: int) -> int:
    """A number that rises with every mark at a class; 0 before the first. One look at an index."""
    return session.scalar(select(func.max(AttendanceMark.id)).where(AttendanceMark.meeting_id == meeting_id)) or 0


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
    named: str = "",
    why: str = "",
) -> AttendanceMark | None:
    """Add a mark; the empty status takes the mark away. The same as it stands adds nothing. The mark that stands then.

    A tap has no `details`: with the same status it changes none. `named` is the policy's own status that was chosen;
    `status` is then what it is like. `seen` is the sequence of the mark that somebody had before them; over a newer one
    nothing is written (NewerMark), but whoever filled what was empty said less than a tap. In a closed register a mark is
    a correction and needs a reason (`why`, which its person reads): Incomplete without. Nobody marks themselves; telling
    in advance and checking in are for oneself alone. Neither note nor reason is copied to the audit.
    """
    if status and status not in set(Status):
        raise Incomplete({"status": _l("Choose how this person was at the class.")})
    about = about or _people([enrolment_id]).get(enrolment_id)
    if source not in BY_ONESELF and about is not None:
        not_oneself(by, about)
    _lock(meeting)
    last = _last_link(meeting.meeting_id, enrolment_id)
    said = replace(details, note=details.note.strip()[:300]) if details else None
    if _stands_already(last, status, named, said, source):
        return last
    if last and seen is not None and last.sequence > seen and last.source != EVERYONE:
        raise NewerMark(last)
    added = AttendanceMark(
        meeting_id=meeting.meeting_id,
        enrolment_id=enrolment_id,
        sequence=last.sequence + 1 if last else 1,
        status=status or None,
        named=named,
        **asdict(said or Details()),
        why=why.strip()[:MAX_WHY],
        waived_for=last.waived_for if last and last.status == status else [],
        told_before=(status == Status.TOLD_US if source == NOTICE else bool(last and last.told_before)),
        source=_source(meeting, source, why, now),
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


def _last_link(meeting_id: int, enrolment_id: int) -> AttendanceMark | None:
    """The newest link of somebody's chain at a class, waivers too."""
    chain = (AttendanceMark.meeting_id == meeting_id) & (AttendanceMark.enrolment_id == enrolment_id)
    return session.scalar(select(AttendanceMark).where(chain).order_by(AttendanceMark.sequence.desc()).limit(1))


def _stands_already(last: AttendanceMark | None, status: str, named: str, said: Details | None, source: str) -> bool:
    """True where a mark would say what stands: the same status, and no other details. A tap says no details (None)."""
    if last is None:
        return not status and said in (None, Details())
    stands = Details(last.minutes, last.late_by, _note_to(source, last))
    return (last.status, last.named) == (status or None, named) and said in (None, stands)


def _source(meeting: ClassFacts, source: str, why: str, now: datetime) -> str:
    """How a mark comes: into a closed register as a correction, with a reason. Raises Incomplete without one."""
    if not meeting.locked_at(now):
        return source
    if not why.strip():
        raise Incomplete(
            {"why": _l("This register is closed. Write why you correct it; the person reads your reason.")}
        )
    return CORRECTION


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


def everyone_is_here(
    meeting: ClassFacts, enrolment_ids: Iterable[int], *, by: int, now: datetime, why: str = ""
) -> int:
    """Mark as here whoever has no mark yet. Those who told us before stay as they are. The number marked.

    As many queries for thirty people as for one. Whoever leads and takes part too is marked by somebody else. In a closed
    register it needs a reason, as `mark`.
    """
    source = _source(meeting, EVERYONE, why, now)
    _lock(meeting)
    marked = last_marks(meeting.meeting_id)
    people = _people(enrolment_ids)
    empty = [id for id, person in people.items() if person != by and (id not in marked or marked[id].status is None)]
    if not empty:
        return 0
    shared = {"meeting_id": meeting.meeting_id, "status": Status.HERE, "source": source, "by_id": by, "at": now}
    shared |= {"named": "", "note": "", "why": why.strip()[:MAX_WHY], "waived_for": []}
    before = {id: (marked[id].sequence, marked[id].told_before) if id in marked else (0, False) for id in empty}
    rows = [{"enrolment_id": id, "sequence": n + 1, "told_before": told} for id, (n, told) in before.items()]
    session.execute(insert(AttendanceMark), [shared | row for row in rows])
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
    standing = said_last(meeting.meeting_id, enrolment_id)
    if standing and standing.source == NOTICE and standing.status:
        mark(meeting, enrolment_id, "", by=by, now=now, about=by, source=NOTICE)


def check_in(meeting: ClassFacts, enrolment_id: int, told: Told, *, by: int, now: datetime) -> AttendanceMark | None:
    """ "I am here", by the trainee; the word of the class was right. What a trainer has marked stays, and so does an
    earlier check-in; who had told us that they cannot come is here now. The mark that stands then."""
    _lock(meeting)
    standing = said_last(meeting.meeting_id, enrolment_id)
    if standing and standing.status and standing.source != NOTICE:
        return standing
    details = Details(late_by=told.late_by)
    return mark(meeting, enrolment_id, told.status, by=by, now=now, about=by, source=CHECK_IN, details=details)


def take_list(
    meeting: ClassFacts, told: Mapping[int, Told], over: Collection[int], *, by: int, now: datetime, why: str = ""
) -> tuple[int, int]:
    """Mark people as the list of a meeting tool says it: how many were marked, how many kept the mark they had.

    A trainer's own mark and a notice stay, but for the people in `over`. Whoever takes the list is marked by others.
    """
    _lock(meeting)
    standing, people = last_marks(meeting.meeting_id), _people(told)
    marked = kept = 0
    for enrolment_id, said in told.items():
        last = standing.get(enrolment_id)
        if people.get(enrolment_id) in (None, by):
            continue
        if last and last.status and last.source not in SAID_LIGHTLY and enrolment_id not in over:
            kept += 1
            continue
        details = Details(said.minutes, said.late_by, last.note if last and last.source != NOTICE else "")
        made = mark(
            meeting,
            enrolment_id,
            said.status,
            by=by,
            now=now,
            about=people[enrolment_id],
            source=IMPORT,
            details=details,
            why=why,
        )
        marked += made is not last
    return marked, kept
