"""The trainer's side: opening, answering, undoing.

Each of these locks the text first: what is opened is not taken back meanwhile, and it is answered once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from lms.features.organizations.events import happened, not_happened
from lms.features.submissions.actions import standing_review
from lms.features.submissions.models import Opening, Review, ReviewDraft, Submission
from lms.features.submissions.rules import UNDO, Decision
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l

SAME_OPENING = timedelta(minutes=30)


def _note(verb: str, submission: Submission, organization: int, by: int, about: int, now: datetime) -> None:
    audit.note(verb, f"submission:{submission.id}", at=now, by=by, organization=organization, about=about)


def open_text(submission: Submission, *, by: int, organization: int, about: int, now: datetime) -> None:
    """Note that somebody opens a text: its author sees that. Raises NotFound for one that was taken back."""
    submission = locked(Submission, submission.id)
    if submission.taken_back_at is not None:
        raise NotFound
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

    def says_the_same(self, review: Review) -> bool:
        mine = (self.came_through.strip(), self.to_try.strip(), self.question.strip(), sorted(self.ticks))
        return mine == (review.came_through, review.to_try, review.question, sorted(review.ticks))


# -- a draft of a review ------------------------------------------------------------------------------------


def save_review_draft(submission: Submission, feedback: Feedback, *, by: int, now: datetime) -> None:
    """Keep the whole review as it is typed; of two windows the later one. What this person has sent is no draft again."""
    locked(Submission, submission.id)
    standing = standing_review(submission.id)
    if standing is None or standing.reviewer_id != by or not feedback.says_the_same(standing):
        _keep_review_draft(submission.id, feedback, by, now)


def _keep_review_draft(submission_id: int, feedback: Feedback, by: int, now: datetime) -> None:
    draft = session.get(ReviewDraft, (submission_id, by), populate_existing=True)
    if draft is None:
        draft = ReviewDraft(submission_id=submission_id, reviewer_id=by)
        session.add(draft)
    draft.came_through, draft.to_try, draft.question = feedback.came_through, feedback.to_try, feedback.question
    draft.ticks = list(feedback.ticks)
    draft.saved_at = now


# -- sending it ---------------------------------------------------------------------------------------------


def release(
    submission: Submission, feedback: Feedback, decision: str, *, by: int, organization: int, about: int, now: datetime
) -> Review:
    """Send the feedback. The same again changes nothing; where another answer stands, Refused."""
    submission = locked(Submission, submission.id)
    standing = standing_review(submission.id)
    if standing is not None:
        if standing.reviewer_id != by:
            raise Refused(_l("A colleague has answered this one already. Your words are kept as a draft."))
        if standing.decision != decision or not feedback.says_the_same(standing):
            raise Refused(_l("You have answered this one already. These words are kept as your draft."))
        return standing
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
    submission = locked(Submission, review.submission_id)
    review = locked(Review, review.id)
    if review.undone_at is not None:
        return submission
    if now >= review.visible_from:
        raise Refused(_l("It has reached the trainee already."))
    review.undone_at = now
    submission.waiting = True
    not_happened("after_review", f"review:{review.id}")
    since = session.get(ReviewDraft, (submission.id, by), populate_existing=True)
    _keep_review_draft(submission.id, _both(review, since), by, now)
    _note("reviews.undone", submission, organization, by, about, now)
    return submission


def _both(review: Review, since: ReviewDraft | None) -> Feedback:
    """What was sent and, below it, what was written since in another window."""
    if since is None:
        return Feedback(review.came_through, review.to_try, review.question, review.ticks)

    def joined(sent: str, written: str) -> str:
        return "\n\n".join(filter(None, dict.fromkeys((sent.strip(), written.strip()))))

    return Feedback(
        joined(review.came_through, since.came_through),
        joined(review.to_try, since.to_try),
        joined(review.question, since.question),
        list(dict.fromkeys([*review.ticks, *since.ticks])),
    )
