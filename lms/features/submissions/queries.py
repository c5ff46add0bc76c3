"""Homework as people see it: one's own, and where a whole cohort stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select

from lms.features.accounts.models import Person
from lms.features.care.models import Accommodation
from lms.features.cohorts.models import Enrolment
from lms.features.submissions.models import Attachment, Draft, DraftVersion, Opening, Reply, Review, Submission
from lms.features.submissions.rules import Homework, state_of
from lms.host.db import session
from lms.host.errors import NotFound

# -- where homework stands ----------------------------------------------------------------------------------
# The statements are public: pages of the rooms above put several into one (progress.facts).

_STANDING_COLUMNS = (
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
    .where(Submission.taken_back_at.is_(None))
)
# By the place that somebody has now: what they sent in another group before they moved came along.
STANDING = _STANDING_COLUMNS.join(Enrolment, Enrolment.id == Submission.enrolment_id).where(
    Enrolment.cohort_id == bindparam("cohort")
)
STANDING_OF_SOME = _STANDING_COLUMNS.where(Submission.enrolment_id.in_(bindparam("enrolments", expanding=True)))
_STANDING_OF_ONE = STANDING.where(Submission.enrolment_id == bindparam("enrolment")).order_by(Submission.version)

HomeworkByActivity = dict[str, Homework]


def homework_by_enrolment(rows: Iterable[Any], now: datetime) -> dict[int, HomeworkByActivity]:
    """Enrolment to activity to where it stands, from rows of `STANDING` by version; what was never sent is not in it."""
    found: dict[int, HomeworkByActivity] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, {})[row.activity_id] = _homework(row, now)
    return found


def homework_of(cohort_id: int, enrolment_id: int, now: datetime) -> HomeworkByActivity:
    """The same for one person."""
    rows = session.execute(_STANDING_OF_ONE, {"cohort": cohort_id, "enrolment": enrolment_id})
    return {row.activity_id: _homework(row, now) for row in rows}


def _homework(row: Any, now: datetime) -> Homework:
    state = state_of(row.reviewed, row.decision, row.visible_from, now)
    return Homework(state, row.id, row.version, row.sent_at)


_WITH_FILES = exists().where(
    Attachment.enrolment_id == Draft.enrolment_id,
    Attachment.activity_id == Draft.activity_id,
    Attachment.submission_id.is_(None),
)
DRAFTS_OF_SOME = select(
    Draft.enrolment_id, Draft.activity_id, Draft.saved_at, Draft.fields, _WITH_FILES.label("with_files")
).where(Draft.enrolment_id.in_(bindparam("enrolments", expanding=True)))


_BESIDE_A_MODULE = (
    select(
        Accommodation.read_aloud,
        Draft.activity_id,
        Draft.fields,
        _WITH_FILES.label("with_files"),
    )
    .select_from(Enrolment)
    .outerjoin(Accommodation, Accommodation.enrolment_id == Enrolment.id)
    .outerjoin(Draft, Draft.enrolment_id == Enrolment.id)
    .where(Enrolment.id == bindparam("enrolment"))
)


def beside_a_module(enrolment_id: int) -> tuple[set[str], bool]:
    """The activities that somebody has begun to write, and whether pages are read aloud to them. One query."""
    rows = session.execute(_BESIDE_A_MODULE, {"enrolment": enrolment_id}).all()
    begun = {row.activity_id for row in rows if row.activity_id and has_something(row)}
    return begun, any(row.read_aloud for row in rows)


def has_something(row: Any) -> bool:
    """True for a draft with words in it, or with a recording, a photo or a file."""
    return bool(row.with_files) or any(str(text).strip() for text in row.fields.values())


# -- one's own answer ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """One version with the feedback that its author can see, and who opened it."""

    submission: Submission
    review: Review | None
    reviewer: str
    openings: tuple[Any, ...]
    replies: tuple[Reply, ...] = ()


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
    replies = replies_to([review.id for _s, review, _n in rows if review])
    return [
        Version(
            s, review, name or "", tuple(openings.get(s.id, ())), tuple(replies.get(review.id, ()) if review else ())
        )
        for s, review, name in rows
    ]


def replies_to(reviews: Sequence[int]) -> dict[int, list[Reply]]:
    """Review to what its trainee said back, oldest first."""
    found: dict[int, list[Reply]] = {}
    if reviews:
        for reply in session.scalars(select(Reply).where(Reply.review_id.in_(reviews)).order_by(Reply.id)):
            found.setdefault(reply.review_id, []).append(reply)
    return found


def draft_versions(enrolment_id: int | None, activity: str) -> list[DraftVersion]:
    """Earlier words of the draft, latest first."""
    return list(
        session.scalars(
            select(DraftVersion)
            .where(DraftVersion.enrolment_id == enrolment_id, DraftVersion.activity_id == activity)
            .order_by(DraftVersion.saved_at.desc(), DraftVersion.id.desc())
        )
    )


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
