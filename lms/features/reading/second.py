"""A second pair of eyes: somebody reads the text without knowing what the first reader said. Agreement sends the first
answer; where the two differ, they talk, and one of them settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person
from lms.features.accounts.roles import SignedIn
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations.models import Organization
from lms.features.reading.actions import Feedback, Terms, add_review, forget_review_draft, note, tell
from lms.features.reading.models import SecondReading
from lms.features.reading.queries import Text, readable_by
from lms.features.reading.waiting import number_waiting
from lms.features.submissions.actions import standing_review
from lms.features.submissions.models import Review, Submission
from lms.features.submissions.rules import UNDO
from lms.host.db import locked, session
from lms.host.errors import NotFound, Refused
from lms.host.i18n import lazy_gettext as _l

_GONE = _l("This one is settled already. Your words are kept as a draft.")


# -- what is asked ------------------------------------------------------------------------------------------


def _open_to(who: SignedIn) -> Any:
    """Second readings that `who` may do: of texts they may read and somebody else has answered; and those of their own
    that differ."""
    unread = SecondReading.read_at.is_(None) & (Review.reviewer_id != who.id)
    differs = SecondReading.read_at.is_not(None) & or_(Review.reviewer_id == who.id, SecondReading.reader_id == who.id)
    return (
        select(SecondReading.submission_id)
        .join(Submission, Submission.id == SecondReading.submission_id)
        .join(Review, (Review.submission_id == Submission.id) & Review.undone_at.is_(None))
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .where(SecondReading.settled_at.is_(None), unread | differs, readable_by(who))
    )


def _number_open(who: SignedIn) -> Any:
    return select(func.count()).select_from(_open_to(who).subquery()).scalar_subquery()


def counts(who: SignedIn) -> tuple[int, int]:
    """How many texts wait for an answer and how many for a second reader, with one query."""
    waits, second = session.execute(select(number_waiting(who), _number_open(who))).one()
    return waits, second


def readings_for(who: SignedIn) -> list[Any]:
    """What a second reader is to look at and what is to settle, oldest first. Of the first answer nothing."""
    return list(
        session.execute(
            _open_to(who)
            .join(Person, Person.id == Enrolment.person_id)
            .join(Organization, Organization.id == Cohort.organization_id)
            .with_only_columns(
                Submission.id,
                Submission.activity_id,
                Submission.version,
                Submission.sent_at,
                SecondReading.read_at,
                Person.name,
                Cohort.name.label("cohort"),
                Cohort.revision_digest,
                Organization.time_zone.label("zone"),
            )
            .order_by(SecondReading.asked_at, Submission.id)
            .limit(50)
        )
    )


def reading_of(submission_id: int) -> SecondReading | None:
    """The second reading of this text that is not settled yet, if one was asked for."""
    found = session.get(SecondReading, submission_id)
    return found if found is not None and found.settled_at is None else None


@dataclass(frozen=True)
class Both:
    """Two answers that differ, for the two who gave them."""

    first: Review
    first_name: str
    second: SecondReading
    second_name: str


def both_for(who: SignedIn, text: Text) -> Both:
    """Raises NotFound for everybody but the two readers, and before the second has read."""
    one, other = aliased(Person), aliased(Person)
    row = session.execute(
        select(Review, one.name, SecondReading, other.name)
        .join(SecondReading, SecondReading.submission_id == Review.submission_id)
        .join(one, one.id == Review.reviewer_id)
        .join(other, other.id == SecondReading.reader_id)
        .where(
            Review.submission_id == text.submission.id,
            Review.undone_at.is_(None),
            SecondReading.read_at.is_not(None),
            SecondReading.settled_at.is_(None),
        )
    ).first()
    if row is None or who.id not in (row[0].reviewer_id, row[2].reader_id):
        raise NotFound
    return Both(*row)


# -- reading and settling -----------------------------------------------------------------------------------


def read_second(text: Text, feedback: Feedback, decision: str, terms: Terms, *, by: int, now: datetime) -> bool:
    """Say what one decides oneself. True when both agree: the first answer is then sent, after the usual
    seconds, if it is not held back besides. Refused where it was taken back or settled meanwhile."""
    submission = locked(Submission, text.submission.id)
    asked = session.get(SecondReading, submission.id, populate_existing=True)
    first = standing_review(submission.id)
    if first is not None and first.reviewer_id == by:
        raise NotFound
    if asked is None or first is None:
        raise Refused(_l("No second reader is needed any more. Your words are kept as a draft."))
    if asked.read_at is None and asked.settled_at is not None:
        raise Refused(_GONE)
    if asked.read_at is not None:
        if asked.reader_id == by and asked.decision == decision:
            return asked.settled_at is not None
        raise Refused(_l("A colleague has read this one as second reader already. Your words are kept as a draft."))
    terms.check(feedback, decision)
    asked.reader_id, asked.read_at, asked.decision = by, now, decision
    asked.came_through, asked.to_try, asked.question = feedback.words
    asked.ticks = list(feedback.ticks)
    forget_review_draft(submission.id, by)
    note("reviews.second", submission, text.author.organization_id, by, text.author.person_id, now)
    if decision == first.decision:
        asked.settled_at = now
        if not asked.hold:
            first.visible_from = now + UNDO
            tell(first, submission, text.author.organization_id, now)
        return True
    return False


def settle(text: Text, feedback: Feedback, decision: str, terms: Terms, *, by: int, now: datetime) -> Review:
    """After the two have talked, one of them says what holds: a new answer takes the place of the first."""
    submission = locked(Submission, text.submission.id)
    asked = session.get(SecondReading, submission.id, populate_existing=True)
    first = standing_review(submission.id)
    if asked is None or asked.read_at is None or first is None or by not in (first.reviewer_id, asked.reader_id):
        raise NotFound
    if asked.settled_at is not None:
        if first.reviewer_id == by and first.decision == decision and feedback.says_the_same(first):
            return first
        raise Refused(_GONE)
    terms.check(feedback, decision)
    first.undone_at = now
    session.flush()
    review = add_review(submission, feedback, decision, by=by, now=now, hold=False)
    asked.settled_at = now
    forget_review_draft(submission.id, by)
    note(f"reviews.settled.{decision}", submission, text.author.organization_id, by, text.author.person_id, now)
    tell(review, submission, text.author.organization_id, now)
    return review


def go_without(text: Text, has_colleague: bool, *, by: int, now: datetime) -> None:
    """Send one's own answer without a second reader. Refused where somebody could still be one."""
    submission = locked(Submission, text.submission.id)
    asked = session.get(SecondReading, submission.id, populate_existing=True)
    first = standing_review(submission.id)
    if asked is None or first is None or first.reviewer_id != by:
        raise NotFound
    if asked.settled_at is not None:
        return
    if has_colleague or asked.read_at is not None:
        raise Refused(_l("A colleague can read it as second reader."))
    asked.settled_at = now
    first.visible_from = now + UNDO
    note(
        f"reviews.released.{first.decision}",
        submission,
        text.author.organization_id,
        by,
        text.author.person_id,
        now,
    )
    tell(first, submission, text.author.organization_id, now)
