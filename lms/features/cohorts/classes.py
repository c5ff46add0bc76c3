"""One class of a cohort: another time or place, cancelled, on again after all. Calendars count each change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.features.cohorts.models import Cohort, Meeting
from lms.features.cohorts.rules import is_link
from lms.host import audit
from lms.host.db import locked
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import MeetingState

WHOLE_LINK = _l("Enter the whole link, like https://meet.example.org/class.")
SHORTEST, MOST_MINUTES = 15, 720


@dataclass(frozen=True)
class ClassTime:
    """When and where a class takes place; None: as it is."""

    starts: datetime
    minutes: int | None = None
    place: str | None = None
    link: str | None = None


def move_meeting(cohort: Cohort, meeting_id: int, to: ClassTime, *, by: int, now: datetime) -> int:
    """Another time, length or place for one class. The number of the change; 0 where it is so already."""
    meeting = locked(Meeting, meeting_id)
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_l("This class was cancelled."))
    if to.link and not is_link(to.link):
        raise Incomplete({"link": WHOLE_LINK})
    if to.minutes is not None and not SHORTEST <= to.minutes <= MOST_MINUTES:
        raise Incomplete({"minutes": _l("A class lasts from 15 minutes to 12 hours.")})
    before = (meeting.starts_at, meeting.minutes, meeting.place, meeting.link)
    after = (
        to.starts,
        meeting.minutes if to.minutes is None else to.minutes,
        meeting.place if to.place is None else to.place[:200],
        meeting.link if to.link is None else to.link[:500],
    )
    if before == after:
        return 0
    meeting.starts_at, meeting.minutes, meeting.place, meeting.link = after
    return _changed(meeting, cohort, "cohorts.class_moved", by, now)


def cancel_meeting(cohort: Cohort, meeting_id: int, why: str, *, by: int, now: datetime) -> int:
    """The class does not take place. It never counts against anyone. The number of the change; 0 if it was cancelled."""
    meeting = locked(Meeting, meeting_id)
    if meeting.state == MeetingState.CANCELLED:
        return 0
    meeting.state = MeetingState.CANCELLED
    meeting.cancelled_why = why.strip()[:300]
    return _changed(meeting, cohort, "cohorts.class_cancelled", by, now, meeting.cancelled_why)


def hold_after_all(cohort: Cohort, meeting_id: int, *, by: int, now: datetime) -> int:
    """A cancelled class takes place, at the time it had. The number of the change; 0 if it was not cancelled."""
    meeting = locked(Meeting, meeting_id)
    if meeting.state != MeetingState.CANCELLED:
        return 0
    meeting.state = MeetingState.PLANNED
    meeting.cancelled_why = ""
    return _changed(meeting, cohort, "cohorts.class_on_again", by, now)


def _changed(meeting: Meeting, cohort: Cohort, verb: str, by: int, now: datetime, why: str = "") -> int:
    meeting.sequence += 1
    meeting.changed_at = now
    audit.note(verb, f"meeting:{meeting.id}", at=now, by=by, organization=cohort.organization_id, why=why)
    return meeting.sequence
