"""The trainee's side: writing, sending, taking back.

Each of these locks the enrolment first, so that two windows or devices of one person come one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select

from lms.features.cohorts.models import Enrolment
from lms.features.organizations.events import happened
from lms.features.submissions.models import Draft, Opening, Review, Submission
from lms.features.submissions.rules import HomeworkState, state_of
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Answer

# A second, equal sending within this time is a double click or a retry, not a new version.
SAME_SENDING = timedelta(minutes=10)
# Each version's draft counts on from a number of its own: a window that was left open over a sending never meets the
# number it knows again, above other words.
COUNTERS_PER_VERSION = 100_000


@dataclass(frozen=True)
class Author:
    """Whose answer it is: the enrolment, its cohort and organization, the person."""

    enrolment_id: int
    cohort_id: int
    organization_id: int
    person_id: int


class WrittenElsewhere(Refused):
    """The draft was saved from another window or device since this one was opened. `fields` is what stands there."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_l("You wrote this in another window or on another device too."))
        self.fields, self.counter, self.saved_at = dict(draft.fields), draft.counter, draft.saved_at


# -- what is written ----------------------------------------------------------------------------------------


def save_draft(author: Author, activity: str, fields: Mapping[str, str], base: int, *, now: datetime) -> Draft | None:
    """Keep what is written. `base` is the counter of the draft that the page started from, 0 if there was none.

    A draft is replaced only by a page that has seen it: else, and if it differs, WrittenElsewhere. Words that were sent
    just so are no draft again: then None.
    """
    locked(Enrolment, author.enrolment_id)
    draft = _draft(author, activity)
    if draft is None:
        last = last_submission(author.enrolment_id, activity)
        return None if last is not None and last.fields == dict(fields) else _begin_draft(author, activity, fields, now)
    if draft.fields != dict(fields):
        if draft.counter != base:
            raise WrittenElsewhere(draft)
        draft.fields = dict(fields)
        draft.counter += 1
    draft.saved_at = now
    session.flush()
    return draft


def _draft(author: Author, activity: str) -> Draft | None:
    return session.get(Draft, (author.enrolment_id, activity), populate_existing=True)


def _begin_draft(author: Author, activity: str, fields: Mapping[str, str], now: datetime) -> Draft:
    counter = (_next_version(author.enrolment_id, activity) - 1) * COUNTERS_PER_VERSION + 1
    draft = Draft(
        enrolment_id=author.enrolment_id, activity_id=activity, fields=dict(fields), counter=counter, saved_at=now
    )
    session.add(draft)
    session.flush()
    return draft


# -- what is sent -------------------------------------------------------------------------------------------


def last_submission(enrolment_id: int, activity: str) -> Submission | None:
    """The latest version that stands."""
    return session.scalar(
        select(Submission)
        .where(
            Submission.enrolment_id == enrolment_id,
            Submission.activity_id == activity,
            Submission.taken_back_at.is_(None),
        )
        .order_by(Submission.version.desc())
        .limit(1)
    )


def standing_review(submission_id: int) -> Review | None:
    return session.scalar(select(Review).where(Review.submission_id == submission_id, Review.undone_at.is_(None)))


def state_of_submission(submission: Submission, now: datetime) -> HomeworkState:
    """Where this version stands for its author."""
    review = standing_review(submission.id)
    decision, visible_from = (review.decision, review.visible_from) if review else (None, None)
    return state_of(submission.reviewed, decision, visible_from, now)


def submit(
    author: Author,
    activity: str,
    answer: Answer,
    fields: Mapping[str, str],
    base: int = 0,
    *,
    reviewed: bool,
    now: datetime,
) -> Submission:
    """Send an answer; the draft it came from (`base`, as for `save_draft`) is then gone.

    The same again within minutes gives the same submission; a waiting one must be taken back first; a draft that this
    page has not seen raises WrittenElsewhere.
    """
    locked(Enrolment, author.enrolment_id)
    last = last_submission(author.enrolment_id, activity)
    if last is not None:
        state = state_of_submission(last, now)
        same = last.text == answer.text and now - last.sent_at < SAME_SENDING
        if same and state is not HomeworkState.RETURNED:
            return last
        if state is HomeworkState.SENT:
            raise Refused(_l("This is sent already, and nobody has answered yet. Take it back first to change it."))
        if state is HomeworkState.DONE:
            raise Refused(_l("This one is complete. There is nothing more to send."))
    draft = _draft(author, activity)
    if draft is not None:
        if draft.counter != base and draft.fields != dict(fields):
            raise WrittenElsewhere(draft)
        session.delete(draft)
    submission = Submission(
        cohort_id=author.cohort_id,
        enrolment_id=author.enrolment_id,
        activity_id=activity,
        version=_next_version(author.enrolment_id, activity),
        fields=dict(fields),
        text=answer.text,
        data=dict(answer.data),
        sent_at=now,
        reviewed=reviewed,
        waiting=reviewed,
    )
    session.add(submission)
    session.flush()
    _note("submissions.sent", submission, author, now)
    happened(
        "after_submission",
        f"submission:{submission.id}",
        at=now,
        organization=author.organization_id,
        cohort=author.cohort_id,
        enrolment=author.enrolment_id,
        facts={"activity": activity, "version": str(submission.version)},
    )
    return submission


def _next_version(enrolment_id: int, activity: str) -> int:
    last = session.scalar(
        select(func.max(Submission.version)).where(
            Submission.enrolment_id == enrolment_id, Submission.activity_id == activity
        )
    )
    return (last or 0) + 1


def _note(verb: str, submission: Submission, author: Author, now: datetime) -> None:
    audit.note(
        verb,
        f"submission:{submission.id}",
        at=now,
        by=author.person_id,
        organization=author.organization_id,
        about=author.person_id,
    )


def take_back(author: Author, submission: Submission, *, now: datetime) -> None:
    """Make it a draft again; another draft that was written since stays as it is. Refused once somebody has opened it."""
    locked(Enrolment, author.enrolment_id)
    submission = locked(Submission, submission.id)
    if submission.taken_back_at is not None:
        return
    opened = session.scalar(select(exists().where(Opening.submission_id == submission.id)))
    if opened or not submission.waiting:
        raise Refused(_l("Your trainer has opened this already, so it cannot be taken back. You can talk about it."))
    submission.taken_back_at = now
    submission.waiting = False
    draft = _draft(author, submission.activity_id)
    if draft is None:
        _begin_draft(author, submission.activity_id, submission.fields, now)
    elif not any(str(text).strip() for text in draft.fields.values()):
        draft.fields, draft.saved_at = dict(submission.fields), now
        draft.counter += 1
    _note("submissions.taken_back", submission, author, now)


def answer_of(submission: Submission) -> Answer:
    data: Mapping[str, Any] = submission.data
    return Answer(submission.text, data)
