"""One text on a trainer's desk with all that belongs to it; and who may have it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role, SignedIn
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations.models import Organization
from lms.features.reading.models import ReviewDraft, SecondReading, Starter, TrainerNote
from lms.features.reading.rules import IN_OTHER_HANDS
from lms.features.submissions.actions import Author
from lms.features.submissions.models import Opening, Reply, Review, Submission
from lms.host.db import session
from lms.host.errors import NotFound


def readable_by(who: SignedIn) -> Any:
    """Texts that `who` may read: those of others in cohorts where they are a trainer, as far as the writer wanted.

    "team" is for every trainer of the cohort, "trainer" for the chosen one alone, "me" for nobody. Needs Submission
    joined with Cohort and Enrolment.
    """
    trains = or_(
        Submission.cohort_id.in_(who.cohorts(Role.TRAINER)),
        Cohort.organization_id.in_(who.organizations(Role.TRAINER)),
    )
    wanted = or_(Submission.audience == "team", and_(Submission.audience == "trainer", Submission.reader_id == who.id))
    return and_(trains, wanted, Enrolment.person_id != who.id)


@dataclass(frozen=True)
class Text:
    """A text on a trainer's desk with whose it is, and the time zone of the house where it was written."""

    submission: Submission
    author: Author
    name: str
    cohort: Cohort
    zone: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name


_TEXT = (
    select(Submission, Cohort, Enrolment.person_id, Person.name, Organization.time_zone)
    .join(Cohort, Cohort.id == Submission.cohort_id)
    .join(Organization, Organization.id == Cohort.organization_id)
    .join(Enrolment, Enrolment.id == Submission.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Submission.taken_back_at.is_(None), Submission.reviewed)
)


def text_for(who: SignedIn, submission_id: int) -> Text:
    """A sent text, if `who` may read it. Raises NotFound: also for one that was taken back, and for one's own."""
    row = session.execute(_TEXT.where(Submission.id == submission_id, readable_by(who))).first()
    if row is None:
        raise NotFound
    return _text(row)


def _text(row: Any) -> Text:
    submission, cohort, person_id, name, zone = row
    author = Author(submission.enrolment_id, cohort.id, cohort.organization_id, person_id)
    return Text(submission, author, name, cohort, zone)


# -- who opened it ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Openings:
    """Whether this trainer has opened a text, and which other trainer did so lately."""

    mine: bool
    other: str = ""
    other_at: datetime | None = None


def openings_of(who: SignedIn, submission_id: int, now: datetime) -> Openings:
    rows = session.execute(
        select(Opening.person_id, Person.name, func.max(Opening.at).label("at"))
        .join(Person, Person.id == Opening.person_id)
        .where(Opening.submission_id == submission_id)
        .group_by(Opening.person_id, Person.name)
        .order_by(func.max(Opening.at).desc())
    ).all()
    mine = any(row.person_id == who.id for row in rows)
    lately = [row for row in rows if row.person_id != who.id and row.at > now - IN_OTHER_HANDS]
    return Openings(mine, lately[0].name, lately[0].at) if lately else Openings(mine)


def has_opened(who: SignedIn, submission_id: int) -> bool:
    return (
        session.scalar(select(exists().where(Opening.submission_id == submission_id, Opening.person_id == who.id)))
        or False
    )


# -- what belongs to it -------------------------------------------------------------------------------------


def review_draft(submission_id: int, reviewer: int) -> ReviewDraft | None:
    return session.get(ReviewDraft, (submission_id, reviewer))


def earlier_reviews(who: SignedIn, submission: Submission) -> list[Any]:
    """Earlier versions of the same answer that `who` may read, with what was said about them, oldest first. No query for
    a first version."""
    if submission.version == 1:
        return []
    return list(
        session.execute(
            select(Submission, Review)
            .join(Cohort, Cohort.id == Submission.cohort_id)
            .join(Enrolment, Enrolment.id == Submission.enrolment_id)
            .outerjoin(Review, and_(Review.submission_id == Submission.id, Review.undone_at.is_(None)))
            .where(
                Submission.enrolment_id == submission.enrolment_id,
                Submission.activity_id == submission.activity_id,
                Submission.version < submission.version,
                Submission.taken_back_at.is_(None),
                readable_by(who),
            )
            .order_by(Submission.version)
        )
    )


def earlier_texts(who: SignedIn, submission: Submission) -> list[Any]:
    """What the same person sent before for other activities and `who` may read, latest first: ids and dates, no words."""
    return list(
        session.execute(
            select(Submission.id, Submission.activity_id, Submission.version, Submission.sent_at)
            .join(Cohort, Cohort.id == Submission.cohort_id)
            .join(Enrolment, Enrolment.id == Submission.enrolment_id)
            .where(
                Submission.enrolment_id == submission.enrolment_id,
                Submission.activity_id != submission.activity_id,
                Submission.sent_at <= submission.sent_at,
                Submission.taken_back_at.is_(None),
                Submission.reviewed,
                readable_by(who),
            )
            .order_by(Submission.sent_at.desc(), Submission.id.desc())
            .limit(30)
        )
    )


def replies_to(review: Review | None) -> Sequence[Reply]:
    """What the trainee said back, oldest first."""
    if review is None:
        return ()
    return session.scalars(select(Reply).where(Reply.review_id == review.id).order_by(Reply.id)).all()


def unseen_replies(who: SignedIn) -> list[tuple[int, str, bool]]:
    """Submission, its author's name, and whether there are words: what was said back to `who` and not looked at yet."""
    rows = session.execute(
        select(Submission.id, Person.name, func.max(func.length(Reply.words)))
        .join(Review, Review.id == Reply.review_id)
        .join(Submission, Submission.id == Review.submission_id)
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Review.reviewer_id == who.id, Review.undone_at.is_(None), Reply.seen_at.is_(None), readable_by(who))
        .group_by(Submission.id, Person.name)
        .order_by(func.min(Reply.at))
        .limit(10)
    )
    return [(row[0], row[1], bool(row[2])) for row in rows]


def review_by(who: SignedIn, review_id: int) -> Review:
    """One's own review. Raises NotFound."""
    review = session.get(Review, review_id)
    if review is None or review.reviewer_id != who.id:
        raise NotFound
    return review


def review_to_undo(who: SignedIn, review_id: int) -> Review:
    """One's own review, or one that somebody holds back who has left. Raises NotFound."""
    left = next((row.Review for row in held_by_who_left(who) if row.Review.id == review_id), None)
    return left or review_by(who, review_id)


def held_by(who: SignedIn) -> list[Any]:
    """Reviews that this trainer holds back, of texts that they may still read: review, activity, name, cohort; oldest
    first. Those that wait for a second reader are not among them."""
    return _held(who, Review.reviewer_id == who.id)


def held_by_who_left(who: SignedIn) -> list[Any]:
    """The same of those who train the group no more, or have no account any more: nobody else could send it."""
    return _held(who, _by_who_left(who))


def all_held(who: SignedIn) -> tuple[list[Any], list[Any]]:
    """What one holds back oneself, and what those hold who left, with one query."""
    rows = _held(who, or_(Review.reviewer_id == who.id, _by_who_left(who)))
    return [row for row in rows if row.Review.reviewer_id == who.id], [
        row for row in rows if row.Review.reviewer_id != who.id
    ]


def _by_who_left(who: SignedIn) -> Any:
    reviewer, other = aliased(Person), aliased(Person)
    ended = or_(RoleGrant.ended_at.is_not(None), other.disabled_at.is_not(None))
    some_left = select(RoleGrant.person_id).join(other, other.id == RoleGrant.person_id).where(ended)
    still_here = exists().where(
        reviewer.id == Review.reviewer_id,
        reviewer.disabled_at.is_(None),
        RoleGrant.person_id == reviewer.id,
        RoleGrant.role == Role.TRAINER,
        RoleGrant.ended_at.is_(None),
        RoleGrant.organization_id == Cohort.organization_id,
        or_(RoleGrant.cohort_id == Cohort.id, RoleGrant.cohort_id.is_(None)),
    )
    # Those first of whom something has ended: else each answer ever given would be looked at.
    return and_(Review.reviewer_id.in_(some_left), Review.reviewer_id != who.id, ~still_here)


def _held(who: SignedIn, whose: Any) -> list[Any]:
    pending = select(SecondReading.submission_id).where(SecondReading.settled_at.is_(None))
    return list(
        session.execute(
            select(
                Review,
                Submission.activity_id,
                Submission.cohort_id,
                Submission.enrolment_id,
                Submission.version,
                Person.name,
                Cohort.name.label("cohort"),
                Cohort.organization_id,
                Cohort.revision_digest,
                Enrolment.person_id,
                Organization.time_zone.label("zone"),
            )
            .join(Submission, Submission.id == Review.submission_id)
            .join(Cohort, Cohort.id == Submission.cohort_id)
            .join(Organization, Organization.id == Cohort.organization_id)
            .join(Enrolment, Enrolment.id == Submission.enrolment_id)
            .join(Person, Person.id == Enrolment.person_id)
            .where(
                whose,
                Review.visible_from.is_(None),
                Review.undone_at.is_(None),
                Submission.id.not_in(pending),
                readable_by(who),
            )
            .order_by(Review.released_at)
        )
    )


# -- among trainers -----------------------------------------------------------------------------------------


def trainers_beside(text: Text, *people: int) -> list[Any]:
    """Id and name of each trainer of the text's cohort, without `people` and without its author. Nobody, where the text
    is for one trainer alone."""
    if text.submission.audience != "team":
        return []
    return list(
        session.execute(
            select(Person.id, Person.name)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(
                RoleGrant.organization_id == text.author.organization_id,
                or_(RoleGrant.cohort_id == text.author.cohort_id, RoleGrant.cohort_id.is_(None)),
                RoleGrant.role == Role.TRAINER,
                RoleGrant.ended_at.is_(None),
                Person.disabled_at.is_(None),
                Person.id.not_in((*people, text.author.person_id)),
            )
            .distinct()
            .order_by(Person.name)
        )
    )


def notes_about(text: Text) -> list[Any]:
    """Note and name of its writer, oldest first. For trainers of the cohort: ask with a text that they may read."""
    by = aliased(Person)
    return list(
        session.execute(
            select(TrainerNote, by.name.label("name"))
            .join(by, by.id == TrainerNote.by_id)
            .where(TrainerNote.enrolment_id == text.author.enrolment_id)
            .order_by(TrainerNote.id)
        )
    )


def starters_of(person: int) -> list[Starter]:
    """The beginnings of sentences that somebody keeps for themselves."""
    return list(session.scalars(select(Starter).where(Starter.person_id == person).order_by(Starter.id)))
