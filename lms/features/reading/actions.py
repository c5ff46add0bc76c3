"""The trainer's side: opening, answering, undoing.

Each of these locks the text first: what is opened is not taken back meanwhile, and it is answered once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from lms.features.cohorts.models import Enrolment
from lms.features.organizations.events import happened, not_happened
from lms.features.reading.models import ReviewDraft, SecondReading, SetAside
from lms.features.reading.rules import missing
from lms.features.submissions.actions import standing_review
from lms.features.submissions.models import Opening, Reply, Review, Submission
from lms.features.submissions.retention import expect_words
from lms.features.submissions.rules import UNDO, Decision
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Criterion

SAME_OPENING = timedelta(minutes=30)


def note(verb: str, submission: Submission, organization: int, by: int, about: int, now: datetime) -> None:
    audit.note(verb, f"submission:{submission.id}", at=now, by=by, organization=organization, about=about)


def open_text(submission: Submission, *, by: int, organization: int, about: int, now: datetime) -> None:
    """Note that somebody opens a text: its author sees that. What the author said back to them is then seen.

    Raises NotFound for one that was taken back.
    """
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
        note("submissions.opened", submission, organization, by, about, now)
    own = select(Review.id).where(Review.submission_id == submission.id, Review.reviewer_id == by)
    session.execute(update(Reply).where(Reply.review_id.in_(own), Reply.seen_at.is_(None)).values(seen_at=now))


@dataclass(frozen=True)
class Feedback:
    """The three short fields, the ticked lines, and as far as chosen the decision and whether a second reader is asked."""

    came_through: str = ""
    to_try: str = ""
    question: str = ""
    ticks: Sequence[str] = ()
    decision: str = ""
    second: bool = False

    @property
    def words(self) -> tuple[str, str, str]:
        return self.came_through.strip(), self.to_try.strip(), self.question.strip()

    def has_words(self) -> bool:
        return any(self.words)

    def says_the_same(self, review: Review) -> bool:
        mine = (*self.words, sorted(self.ticks))
        return mine == (review.came_through, review.to_try, review.question, sorted(review.ticks))


@dataclass(frozen=True)
class Terms:
    """What a course asks of an answer: its criteria, and whether a text can be turned down for good."""

    criteria: Sequence[Criterion] = ()
    turns_down: bool = False

    def check(self, feedback: Feedback, decision: str) -> None:
        """Raises Incomplete with a sentence beside each thing that is still needed."""
        if decision not in tuple(Decision) or (decision == Decision.NOT_ACCEPTED and not self.turns_down):
            raise Incomplete({"decision": _l("Choose: accept, or one more look.")})
        if decision == Decision.ONE_MORE_LOOK and not feedback.question.strip():
            raise Incomplete({"question": _l("One more look needs one concrete question.")})
        if not feedback.has_words():
            raise Incomplete({"came_through": _l("Write at least one line back. It shows that somebody read it.")})
        lines = missing(self.criteria, feedback.ticks) if decision == Decision.ACCEPT else ()
        if lines:
            sentence = _l("This one has to be there before it can be accepted.")
            raise Incomplete({f"criterion-{line.id}": sentence for line in lines})


NO_TERMS = Terms()


# -- a draft of a review ------------------------------------------------------------------------------------


def save_review_draft(submission: Submission, feedback: Feedback, *, by: int, now: datetime) -> None:
    """Keep the whole review as it is typed; of two windows the later one. What this person has sent is no draft again."""
    expect_words(locked(Submission, submission.id))
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
    draft.decision = feedback.decision if feedback.decision in tuple(Decision) else ""
    draft.second = feedback.second
    draft.saved_at = now


def forget_review_draft(submission_id: int, by: int) -> None:
    session.execute(
        delete(ReviewDraft).where(ReviewDraft.submission_id == submission_id, ReviewDraft.reviewer_id == by)
    )


# -- sending it ---------------------------------------------------------------------------------------------


def release(
    submission: Submission,
    feedback: Feedback,
    decision: str,
    *,
    by: int,
    organization: int,
    about: int,
    now: datetime,
    terms: Terms = NO_TERMS,
    hold: bool = False,
    second: str = "",
) -> Review:
    """Send the feedback. The same again changes nothing; where another answer stands, Refused.

    `hold`: it is kept, and nobody sees it yet. `second`: neither, until a second reader has read the text; why.
    """
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
    expect_words(submission)
    terms.check(feedback, decision)
    waits = bool(second) and _ask_second_reader(submission.id, second, decision, hold, by, now)
    review = add_review(submission, feedback, decision, by=by, now=now, hold=hold or waits)
    submission.waiting = False
    submission.given_to_id = None
    forget_review_draft(submission.id, by)
    session.execute(delete(SetAside).where(SetAside.submission_id == submission.id))
    session.flush()
    # What a second reader is not to know stands in no record that others read.
    verb = f"reviews.released.{decision}" if review.visible_from else "reviews.held"
    note(verb, submission, organization, by, about, now)
    if review.visible_from:
        tell(review, submission, organization, now)
    return review


def add_review(
    submission: Submission, feedback: Feedback, decision: str, *, by: int, now: datetime, hold: bool
) -> Review:
    came_through, to_try, question = feedback.words
    review = Review(
        submission_id=submission.id,
        reviewer_id=by,
        decision=decision,
        came_through=came_through,
        to_try=to_try,
        question=question,
        ticks=list(feedback.ticks),
        released_at=now,
        visible_from=None if hold else now + UNDO,
    )
    session.add(review)
    session.flush()
    return review


def _ask_second_reader(submission_id: int, why: str, decision: str, hold: bool, by: int, now: datetime) -> bool:
    """Ask for a second reader. False where two have decided just this before it was taken back."""
    asked = session.get(SecondReading, submission_id, populate_existing=True)
    if asked is not None:
        if asked.read_at and asked.settled_at and decision == _taken_back(submission_id):
            return False
        session.delete(asked)
        session.flush()
    session.add(SecondReading(submission_id=submission_id, why=why, hold=hold, asked_by=by, asked_at=now, ticks=[]))
    return True


def _taken_back(submission_id: int) -> str | None:
    """The decision that stood before."""
    undone = select(Review.decision).where(Review.submission_id == submission_id, Review.undone_at.is_not(None))
    return session.scalar(undone.order_by(Review.id.desc()).limit(1))


def tell(review: Review, submission: Submission, organization: int, now: datetime) -> None:
    """Plugins hear of it as soon as the trainee can see it."""
    happened(
        "after_review",
        f"review:{review.id}",
        at=now,
        organization=organization,
        cohort=submission.cohort_id,
        enrolment=submission.enrolment_id,
        person=session.get_one(Enrolment, submission.enrolment_id).person_id,
        facts={
            "activity": submission.activity_id,
            "version": str(submission.version),
            "decision": review.decision,
        },
        due=review.visible_from,
    )


def undo_release(review: Review, *, by: int, organization: int, about: int, now: datetime) -> Submission:
    """Take feedback back before the trainee sees it: it is a draft again of who wrote it. Raises Refused when it is too
    late."""
    submission = locked(Submission, review.submission_id)
    review = locked(Review, review.id)
    if review.undone_at is not None:
        return submission
    if review.visible_from and now >= review.visible_from:
        raise Refused(_l("It has reached the trainee already."))
    expect_words(submission)
    asked = session.get(SecondReading, submission.id, populate_existing=True)
    if asked is not None and asked.settled_at is None:
        if asked.read_at is not None:
            raise Refused(_l("A second reader has read it meanwhile. Talk with them, then one of you settles it."))
        session.delete(asked)
    review.undone_at = now
    submission.waiting = True
    not_happened("after_review", f"review:{review.id}")
    since = session.get(ReviewDraft, (submission.id, review.reviewer_id), populate_existing=True)
    feedback = replace(_both(review, since), second=asked is not None and asked.why == "asked")
    _keep_review_draft(submission.id, feedback, review.reviewer_id, now)
    note("reviews.undone", submission, organization, by, about, now)
    return submission


def _both(review: Review, since: ReviewDraft | None) -> Feedback:
    """What was sent and, below it, what was written since in another window."""
    if since is None:
        return Feedback(review.came_through, review.to_try, review.question, review.ticks, review.decision)

    def joined(sent: str, written: str) -> str:
        return "\n\n".join(filter(None, dict.fromkeys((sent.strip(), written.strip()))))

    return Feedback(
        joined(review.came_through, since.came_through),
        joined(review.to_try, since.to_try),
        joined(review.question, since.question),
        list(dict.fromkeys([*review.ticks, *since.ticks])),
        review.decision,
    )
