"""One absence that does not count for some outcomes: decided by a coordinator, with a reason that the trainee reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lms.features.accounts.roles import not_oneself
from lms.features.attendance.actions import MAX_WHY, NOTICE, WAIVER, ClassFacts, last_marks
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts.models import Meeting
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Status


def waive(
    meeting: ClassFacts, enrolment_id: int, outcomes: Iterable[str], why: str, *, about: int, by: int, now: datetime
) -> AttendanceMark | None:
    """This absence does not count for these outcomes. The mark stays as it is; the same said again adds nothing (None).

    Raises Incomplete without a reason or an outcome, Refused where nobody was away.
    """
    chosen, errors = sorted(set(outcomes)), {}
    if not chosen:
        errors["outcomes"] = _l("Choose for what it shall not count.")
    if not why.strip():
        errors["why"] = _l("Write why. The trainee will read it.")
    if errors:
        raise Incomplete(errors)
    last = _standing(meeting, enrolment_id, about, by)
    if last is None or last.status in (None, Status.HERE):
        raise Refused(_l("There is no absence here that could be set aside."))
    if last.waived_for == chosen and last.why == why.strip()[:MAX_WHY]:
        return None
    return _add(meeting, last, chosen, why, about=about, by=by, now=now)


def take_back(meeting: ClassFacts, enrolment_id: int, *, about: int, by: int, now: datetime) -> bool:
    """The absence counts again. Taken back already, nothing changes (False)."""
    last = _standing(meeting, enrolment_id, about, by)
    if last is None or not last.waived_for:
        return False
    _add(meeting, last, [], "", about=about, by=by, now=now)
    return True


def _standing(meeting: ClassFacts, enrolment_id: int, about: int, by: int) -> AttendanceMark | None:
    """The mark that counts, with the class locked: marks are made one after the other, and about others."""
    not_oneself(by, about)
    locked(Meeting, meeting.meeting_id)
    return last_marks(meeting.meeting_id).get(enrolment_id)


def _add(
    meeting: ClassFacts, last: AttendanceMark, outcomes: list[str], why: str, *, about: int, by: int, now: datetime
) -> AttendanceMark:
    """The same mark once more, with what it does not count for. What a trainee told in advance stays where it is: those
    who coordinate do not read it."""
    added = AttendanceMark(
        meeting_id=last.meeting_id,
        enrolment_id=last.enrolment_id,
        sequence=last.sequence + 1,
        status=last.status,
        named=last.named,
        minutes=last.minutes,
        late_by=last.late_by,
        note="" if last.source == NOTICE else last.note,
        why=why.strip()[:MAX_WHY],
        waived_for=outcomes,
        told_before=last.told_before,
        source=WAIVER,
        by_id=by,
        at=now,
    )
    session.add(added)
    verb = "attendance.waived" if outcomes else "attendance.waiver_withdrawn"
    subject = f"meeting:{meeting.meeting_id}"
    audit.note(verb, subject, at=now, by=by, organization=meeting.organization_id, about=about)
    return added
