"""Writing, sending, taking back; opening, answering, undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select

from lms.features.organizations.events import happened, not_happened
from lms.features.submissions.models import Draft, Opening, Review, ReviewDraft, Submission
from lms.features.submissions.rules import UNDO, Decision, HomeworkState, state_of
from lms.host import audit
from lms.host.db import session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Answer

# A second, equal sending within this time is a double click or a retry, not a new version.
SAME_SENDING = timedelta(minutes=10)
SAME_OPENING = timedelta(minutes=30)


@dataclass(frozen=True)
class Author:
    """Whose answer it is: the enrolment, its cohort and organization, the person."""

    enrolment_id: int
    cohort_id: int
    organization_id: int
    person_id: int


class WrittenElsewhere(Refused):
    """The draft was saved from another window or device since this one was opened. `draft` is what stands there."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_l("You wrote this in another window or on another device too."))
        self.fields, self.counter, self.saved_at = dict(draft.fields), draft.counter, draft.saved_at


# -- the trainee's side -------------------------------------------------------------------------------------


def save_draft(author: Author, activity: str, fields: Mapping[str, str], base: int | None, *, now: datetime) -> Draft:
    """Keep what is written. `base` is the counter that the page started from; another one raises WrittenElsewhere."""
    draft = session.get(Draft, (author.enrolment_id, activity), with_for_update=True)
    if draft is None:
        draft = Draft(enrolment_id=author.enrolment_id, activity_id=activity, fields={}, counter=0, saved_at=now)
        sent = last_submission(author.enrolment_id, activity)
        if sent is not None and dict(sent.fields) == dict(fields):
            return draft  # the page saved once more while it sent these words: they are no draft again
        session.add(draft)
    elif base is not None and base != draft.counter and dict(draft.fields) != dict(fields):
        raise WrittenElsewhere(draft)
    if dict(draft.fields) != dict(fields):
        draft.fields = dict(fields)
        draft.counter += 1
    draft.saved_at = now
    session.flush()
    return draft


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


def submit(
    author: Author, activity: str, answer: Answer, fields: Mapping[str, str], *, reviewed: bool, now: datetime
) -> Submission:
    """Send an answer. The same again within minutes gives the same submission; a waiting one must be taken back first."""
    last = last_submission(author.enrolment_id, activity)
    if last is not None:
        review = standing_review(last.id)
        visible = review.visible_from if review else None
        state = state_of(last.reviewed, review.decision if review else None, visible, now)
        same = last.text == answer.text and now - last.sent_at < SAME_SENDING
        if same and state is not HomeworkState.RETURNED:
            return last
        if state is HomeworkState.SENT:
            raise Refused(_l("This is sent already, and nobody has answered yet. Take it back first to change it."))
        if state is HomeworkState.DONE:
            raise Refused(_l("This one is complete. There is nothing more to send."))
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
    session.execute(delete(Draft).where(Draft.enrolment_id == author.enrolment_id, Draft.activity_id == activity))
    session.flush()
    _note("submissions.sent", submission, author.organization_id, author.person_id, author.person_id, now)
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


def _note(verb: str, submission: Submission, organization: int, by: int, about: int, now: datetime) -> None:
    audit.note(verb, f"submission:{submission.id}", at=now, by=by, organization=organization, about=about)


def take_back(author: Author, submission: Submission, *, now: datetime) -> None:
    """Make it a draft again. Raises Refused once somebody has opened it."""
    if submission.taken_back_at is not None:
        return
    opened = session.scalar(select(exists().where(Opening.submission_id == submission.id)))
    if opened or not submission.waiting:
        raise Refused(_l("Your trainer has opened this already, so it cannot be taken back. You can talk about it."))
    submission.taken_back_at = now
    submission.waiting = False
    save_draft(author, submission.activity_id, submission.fields, None, now=now)
    _note("submissions.taken_back", submission, author.organization_id, author.person_id, author.person_id, now)


# -- the trainer's side -------------------------------------------------------------------------------------


def open_text(submission: Submission, *, by: int, organization: int, about: int, now: datetime) -> None:
    """Note that somebody opens a text: its author sees that."""
    recent = session.scalar(
        select(Opening.id).where(
            Opening.submission_id == submission.id, Opening.person_id == by, Opening.at > now - SAME_OPENING
        )
    )
    if recent is None:
        session.add(Opening(submission_id=submission.id, person_id=by, at=now))
        _note("submissions.opened", submission, organization, by, about, now)


@dataclass(frozen=True)
class Feedback:
    """The three short fields and the ticked lines."""

    came_through: str = ""
    to_try: str = ""
    question: str = ""
    ticks: Sequence[str] = ()

    def has_words(self) -> bool:
        return bool(self.came_through.strip() or self.to_try.strip() or self.question.strip())


def save_review_draft(submission: Submission, feedback: Feedback, *, by: int, now: datetime) -> None:
    """Keep the whole review as it is typed."""
    draft = session.get(ReviewDraft, (submission.id, by))
    if draft is None:
        draft = ReviewDraft(submission_id=submission.id, reviewer_id=by, ticks=[], saved_at=now)
        session.add(draft)
    draft.came_through, draft.to_try, draft.question = feedback.came_through, feedback.to_try, feedback.question
    draft.ticks = list(feedback.ticks)
    draft.saved_at = now


def release(
    submission: Submission, feedback: Feedback, decision: str, *, by: int, organization: int, about: int, now: datetime
) -> Review:
    """Send the feedback. The same again changes nothing; a colleague's that was quicker raises Refused."""
    standing = standing_review(submission.id)
    if standing is not None:
        if standing.reviewer_id == by and standing.decision == decision:
            return standing
        raise Refused(_l("A colleague has answered this one already. Your words are kept as a draft."))
    if submission.taken_back_at is not None:
        raise Refused(_l("This was taken back before it was opened. Your words are kept as a draft."))
    _check(feedback, decision)
    review = Review(
        submission_id=submission.id,
        reviewer_id=by,
        decision=decision,
        came_through=feedback.came_through.strip(),
        to_try=feedback.to_try.strip(),
        question=feedback.question.strip(),
        ticks=list(feedback.ticks),
        released_at=now,
        visible_from=now + UNDO,
    )
    session.add(review)
    submission.waiting = False
    session.execute(
        delete(ReviewDraft).where(ReviewDraft.submission_id == submission.id, ReviewDraft.reviewer_id == by)
    )
    session.flush()
    _note(f"reviews.released.{decision}", submission, organization, by, about, now)
    happened(
        "after_review",
        f"review:{review.id}",
        at=now,
        organization=organization,
        cohort=submission.cohort_id,
        enrolment=submission.enrolment_id,
        facts={"activity": submission.activity_id, "version": str(submission.version), "decision": decision},
        due=review.visible_from,
    )
    return review


def _check(feedback: Feedback, decision: str) -> None:
    if decision not in (Decision.ACCEPT, Decision.ONE_MORE_LOOK):
        raise Incomplete({"decision": _l("Choose: accept, or one more look.")})
    if decision == Decision.ONE_MORE_LOOK and not feedback.question.strip():
        raise Incomplete({"question": _l("One more look needs one concrete question.")})
    if not feedback.has_words():
        raise Incomplete({"came_through": _l("Write at least one line back. It shows that somebody read it.")})


def undo_release(review: Review, *, by: int, organization: int, about: int, now: datetime) -> Submission:
    """Take feedback back before the trainee sees it: it is a draft again. Raises Refused when it is too late."""
    submission = session.get_one(Submission, review.submission_id)
    if review.undone_at is not None:
        return submission
    if now >= review.visible_from:
        raise Refused(_l("It has reached the trainee already."))
    review.undone_at = now
    submission.waiting = True
    not_happened("after_review", f"review:{review.id}")
    feedback = Feedback(review.came_through, review.to_try, review.question, review.ticks)
    save_review_draft(submission, feedback, by=by, now=now)
    _note("reviews.undone", submission, organization, by, about, now)
    return submission


def answer_of(submission: Submission) -> Answer:
    data: Mapping[str, Any] = submission.data
    return Answer(submission.text, data)
