"""Homework as people see it: one's own, a cohort's, and what waits for a trainer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role, SignedIn
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations.models import Organization
from lms.features.submissions.actions import Author
from lms.features.submissions.models import Draft, Opening, Review, ReviewDraft, Submission
from lms.features.submissions.rules import Homework, state_of
from lms.host.db import session
from lms.host.errors import NotFound

# -- where homework stands ----------------------------------------------------------------------------------

_STANDING = (
    select(
        Submission.enrolment_id,
        Submission.activity_id,
        Submission.id,
        Submission.version,
        Submission.sent_at,
        Submission.reviewed,
        Review.decision,
        Review.visible_from,
    )
    .outerjoin(Review, and_(Review.submission_id == Submission.id, Review.undone_at.is_(None)))
    .where(Submission.cohort_id == bindparam("cohort"), Submission.taken_back_at.is_(None))
    .order_by(Submission.version)
)
_STANDING_OF_ONE = _STANDING.where(Submission.enrolment_id == bindparam("enrolment"))

HomeworkByActivity = dict[str, Homework]


def homework_of_cohort(cohort_id: int, now: datetime) -> dict[int, HomeworkByActivity]:
    """Enrolment to activity to where it stands; what was never sent is not in it. One query."""
    found: dict[int, HomeworkByActivity] = {}
    for row in session.execute(_STANDING, {"cohort": cohort_id}):
        found.setdefault(row.enrolment_id, {})[row.activity_id] = _homework(row, now)
    return found


def homework_of(cohort_id: int, enrolment_id: int, now: datetime) -> HomeworkByActivity:
    """The same for one person."""
    rows = session.execute(_STANDING_OF_ONE, {"cohort": cohort_id, "enrolment": enrolment_id})
    return {row.activity_id: _homework(row, now) for row in rows}


def _homework(row: Any, now: datetime) -> Homework:
    state = state_of(row.reviewed, row.decision, row.visible_from, now)
    return Homework(state, row.id, row.version, row.sent_at)


def drafts_of(enrolment_id: int) -> list[Any]:
    """Activity and time of each draft with words in it."""
    return [
        row
        for row in session.execute(
            select(Draft.activity_id, Draft.saved_at, Draft.fields).where(Draft.enrolment_id == enrolment_id)
        )
        if any(str(text).strip() for text in row.fields.values())
    ]


# -- one's own answer ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """One version with the feedback that its author can see, and who opened it."""

    submission: Submission
    review: Review | None
    reviewer: str
    openings: tuple[Any, ...]


def versions(enrolment_id: int, activity: str, now: datetime) -> list[Version]:
    """Standing versions of an answer, newest first."""
    rows = session.execute(
        select(Submission, Review, Person.name)
        .outerjoin(
            Review,
            and_(Review.submission_id == Submission.id, Review.undone_at.is_(None), Review.visible_from <= now),
        )
        .outerjoin(Person, Person.id == Review.reviewer_id)
        .where(
            Submission.enrolment_id == enrolment_id,
            Submission.activity_id == activity,
            Submission.taken_back_at.is_(None),
        )
        .order_by(Submission.version.desc())
    ).all()
    openings: dict[int, list[Any]] = {}
    if rows:
        for opening in session.execute(
            select(Opening.submission_id, Person.name, func.min(Opening.at).label("at"))
            .join(Person, Person.id == Opening.person_id)
            .where(Opening.submission_id.in_([submission.id for submission, _r, _n in rows]))
            .group_by(Opening.submission_id, Person.id, Person.name)
        ):
            openings.setdefault(opening.submission_id, []).append(opening)
    return [Version(s, review, name or "", tuple(openings.get(s.id, ()))) for s, review, name in rows]


def draft_of(enrolment_id: int, activity: str) -> Draft | None:
    return session.get(Draft, (enrolment_id, activity))


def taken_back(enrolment_id: int, activity: str) -> Submission | None:
    """What was sent last, if it was taken back."""
    last = session.scalar(
        select(Submission)
        .where(Submission.enrolment_id == enrolment_id, Submission.activity_id == activity)
        .order_by(Submission.version.desc())
        .limit(1)
    )
    return last if last is not None and last.taken_back_at is not None else None


def own_submission(enrolment_id: int, submission_id: int) -> Submission:
    """A submission of this enrolment. Raises NotFound."""
    submission = session.get(Submission, submission_id)
    if submission is None or submission.enrolment_id != enrolment_id:
        raise NotFound
    return submission


# -- the reading room ---------------------------------------------------------------------------------------


def _readable_by(who: SignedIn) -> Any:
    """Cohorts whose texts `who` may read: trainers of the cohort, nobody else."""
    return or_(
        Submission.cohort_id.in_(who.cohorts(Role.TRAINER)),
        Cohort.organization_id.in_(who.organizations(Role.TRAINER)),
    )


def waiting_for(who: SignedIn, cohort_id: int | None = None, limit: int = 50) -> list[Any]:
    """What waits to be read, oldest first: ids, names, activity, cohort and its zone; no texts."""
    query = (
        select(
            Submission.id,
            Submission.activity_id,
            Submission.version,
            Submission.sent_at,
            Person.name,
            Cohort.id.label("cohort_id"),
            Cohort.name.label("cohort"),
            Cohort.revision_digest,
            Organization.time_zone.label("zone"),
        )
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Organization, Organization.id == Cohort.organization_id)
        .where(Submission.waiting, _readable_by(who))
        .order_by(Submission.sent_at, Submission.id)
        .limit(limit)
    )
    if cohort_id is not None:
        query = query.where(Submission.cohort_id == cohort_id)
    return list(session.execute(query))


def count_waiting(who: SignedIn, cohort_id: int | None = None) -> int:
    query = (
        select(func.count(Submission.id))
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .where(Submission.waiting, _readable_by(who))
    )
    if cohort_id is not None:
        query = query.where(Submission.cohort_id == cohort_id)
    return session.scalar(query) or 0


def oldest_waiting(who: SignedIn, besides: int | None = None) -> int | None:
    """The submission that has waited longest."""
    return next((row.id for row in waiting_for(who, limit=2) if row.id != besides), None)


@dataclass(frozen=True)
class Text:
    """A text on a trainer's desk with whose it is, and the time zone of the house where it was written."""

    submission: Submission
    author: Author
    name: str
    cohort: Cohort
    zone: str


def text_for(who: SignedIn, submission_id: int) -> Text:
    """A sent text, if `who` may read it. Raises NotFound: also for one that was taken back."""
    row = session.execute(
        select(Submission, Cohort, Enrolment.person_id, Person.name, Organization.time_zone)
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Organization, Organization.id == Cohort.organization_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Submission.id == submission_id, Submission.taken_back_at.is_(None), Submission.reviewed, _readable_by(who)
        )
    ).first()
    if row is None:
        raise NotFound
    submission, cohort, person_id, name, zone = row
    author = Author(submission.enrolment_id, cohort.id, cohort.organization_id, person_id)
    return Text(submission, author, name, cohort, zone)


def has_opened(who: SignedIn, submission_id: int) -> bool:
    return bool(
        session.scalar(
            select(func.count(Opening.id)).where(Opening.submission_id == submission_id, Opening.person_id == who.id)
        )
    )


def review_draft(submission_id: int, reviewer: int) -> ReviewDraft | None:
    return session.get(ReviewDraft, (submission_id, reviewer))


def earlier_reviews(submission: Submission) -> list[Any]:
    """Earlier versions of the same answer with what was said about them, oldest first."""
    return list(
        session.execute(
            select(Submission, Review)
            .outerjoin(Review, and_(Review.submission_id == Submission.id, Review.undone_at.is_(None)))
            .where(
                Submission.enrolment_id == submission.enrolment_id,
                Submission.activity_id == submission.activity_id,
                Submission.version < submission.version,
                Submission.taken_back_at.is_(None),
            )
            .order_by(Submission.version)
        )
    )


def review_by(who: SignedIn, review_id: int) -> Review:
    """One's own released review. Raises NotFound."""
    review = session.get(Review, review_id)
    if review is None or review.reviewer_id != who.id:
        raise NotFound
    return review
