"""Words of people of a group whose time is over, and what trainers wrote about them: found once a day, then removed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, func, select, update

from lms.features.attendance import retention as attendance
from lms.features.cohorts.models import Enrolment
from lms.features.practice import retention as practice
from lms.features.reading.models import ReviewDraft, SecondReading, TrainerNote
from lms.features.roleplay import retention as roleplay
from lms.features.submissions import retention
from lms.features.submissions.models import Submission
from lms.features.submissions.retention import FEEDBACK, Old
from lms.host.db import session


def begin_removing(now: datetime) -> None:
    """The daily pass: give each group with words that are to go to the outbox, one by one."""
    for cohort_id, before in retention.groups_whose_time_is_over(now):
        rooms = (retention.old_words, _old_words, attendance.old_words, roleplay.old_words, practice.old_words)
        if any(retention.has(room(cohort_id, before)) for room in rooms):
            retention.give_to_outbox(cohort_id, now)


def _old_words(cohort_id: int, before: datetime) -> Old:
    """Of those who read answers: drafts, second readings, notes among trainers."""
    submissions = select(Submission.id).where(Submission.cohort_id == cohort_id).scalar_subquery()
    enrolments = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).scalar_subquery()
    return {
        ReviewDraft: and_(ReviewDraft.submission_id.in_(submissions), ReviewDraft.saved_at <= before),
        SecondReading: and_(
            SecondReading.submission_id.in_(submissions),
            func.coalesce(SecondReading.read_at, SecondReading.asked_at) <= before,
            retention.said_something(SecondReading),
        ),
        TrainerNote: and_(TrainerNote.enrolment_id.in_(enrolments), TrainerNote.at <= before),
    }


def remove_words(cohort_id: int, now: datetime) -> None:
    """The words of answers, of those who read them, and about classes, as far as their time is over."""
    before = retention.words_go_before(cohort_id, now)
    if before is None:
        return
    old = _old_words(cohort_id, before)
    for model in (ReviewDraft, TrainerNote):
        session.execute(delete(model).where(old[model]))
    session.execute(update(SecondReading).where(old[SecondReading]).values(**FEEDBACK))
    for room in (attendance, roleplay, practice):
        room.remove_words(cohort_id, before)
    retention.remove_words(cohort_id, before, now)
