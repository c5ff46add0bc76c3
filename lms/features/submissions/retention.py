"""When the course's time is over, words go; that something was written, when, and what was decided stays.

Each word has the whole time that the course gives: what is written after the end of a group counts from its own day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import revision_of
from lms.features.submissions.attachments import forget
from lms.features.submissions.models import Attachment, Draft, DraftVersion, Reply, Review, Submission
from lms.host import audit, outbox
from lms.host.db import session
from lms.host.errors import Refused
from lms.host.i18n import day
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Part, Text

REMOVE_WORDS = "words.remove"
LABEL = Text("Removed", "Retiré")
FEEDBACK = {"came_through": "", "to_try": "", "question": ""}
# Which rows of each table are old enough.
Old = Mapping[Any, ColumnElement[bool]]


def groups_whose_time_is_over(now: datetime) -> Iterator[tuple[int, datetime]]:
    """Each with the moment from before which words go."""
    for cohort_id in session.scalars(select(Cohort.id).where(Cohort.closed_at <= now)).all():
        before = words_go_before(cohort_id, now)
        if before is not None:
            yield cohort_id, before


def words_go_before(cohort_id: int, now: datetime) -> datetime | None:
    """What was written until then goes; None while the time of the group is not over, or for a course that keeps words."""
    cohort = session.get_one(Cohort, cohort_id)
    days = revision_of(cohort.revision_digest).course.review.keep_words_days
    if days is None or cohort.closed_at is None or cohort.closed_at + timedelta(days=days) > now:
        return None
    return now - timedelta(days=days)


def give_to_outbox(cohort_id: int, now: datetime) -> None:
    outbox.put(REMOVE_WORDS, f"words:{cohort_id}:{now.date()}", {"cohort": cohort_id}, at=now)


def has(old: Old) -> bool:
    return any(session.scalar(select(exists().where(which))) for which in old.values())


def said_something(model: Any) -> ColumnElement[bool]:
    """For tables with the three fields of feedback."""
    return or_(*(getattr(model, name) != "" for name in FEEDBACK))


def old_words(cohort_id: int, before: datetime) -> Old:
    """What people of this group wrote, drew or said for their homework, and what was said about it."""
    enrolments = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).scalar_subquery()
    submissions = select(Submission.id).where(Submission.cohort_id == cohort_id)
    reviews = select(Review.id).where(Review.submission_id.in_(submissions.scalar_subquery())).scalar_subquery()
    newer_draft = exists().where(
        Draft.enrolment_id == Attachment.enrolment_id,
        Draft.activity_id == Attachment.activity_id,
        Draft.saved_at > before,
    )
    sent_before = submissions.where(Submission.sent_at <= before).scalar_subquery()
    return {
        Attachment: or_(
            Attachment.submission_id.in_(sent_before),
            and_(
                Attachment.enrolment_id.in_(enrolments),
                Attachment.submission_id.is_(None),
                Attachment.added_at <= before,
                ~newer_draft,
            ),
        ),
        **{
            model: and_(model.enrolment_id.in_(enrolments), model.saved_at <= before) for model in (Draft, DraftVersion)
        },
        Reply: and_(Reply.review_id.in_(reviews), Reply.at <= before, Reply.words != ""),
        Review: and_(
            Review.submission_id.in_(submissions.scalar_subquery()),
            Review.released_at <= before,
            said_something(Review),
        ),
        Submission: and_(
            Submission.cohort_id == cohort_id, Submission.sent_at <= before, Submission.words_removed_at.is_(None)
        ),
    }


def remove_words(cohort_id: int, before: datetime, now: datetime) -> None:
    """Take out what `old_words` finds."""
    cohort = session.get_one(Cohort, cohort_id)
    old = old_words(cohort_id, before)
    forget(session.scalars(select(Attachment).where(old[Attachment])).all(), now=now)
    for model in (Draft, DraftVersion):
        session.execute(delete(model).where(old[model]))
    session.execute(update(Reply).where(old[Reply]).values(words=""))
    session.execute(update(Review).where(old[Review]).values(**FEEDBACK))
    session.execute(
        update(Submission)
        .where(old[Submission])
        .values(fields={}, text="", data={}, waiting=False, words_removed_at=now)
    )
    audit.note("submissions.words_removed", f"cohort:{cohort_id}", at=now, by=None, organization=cohort.organization_id)


def expect_words(submission: Submission) -> None:
    """Raises Refused where they were removed: nothing is added to what is gone."""
    if submission.words_removed_at is not None:
        raise Refused(_l("The words here were removed, as the course says. Nothing more can be added."))


def removed(submission: Submission, zone: str) -> tuple[Part, ...]:
    """In place of what is gone: that it is, and since when."""
    assert submission.words_removed_at is not None
    since = day(submission.words_removed_at, zone)
    words = _("The words were removed on %(day)s, as the course says. What was decided, and when, stays.", day=since)
    return (Part(LABEL, words),)
