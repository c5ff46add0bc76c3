"""What waits for a trainer, in the order in which they meet it: what a colleague gave them, then new versions that answer
their own questions, then the oldest. However much waits, only the front of the queue is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role, SignedIn
from lms.features.care.queries import under_care
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import revision_of
from lms.features.organizations.models import Organization
from lms.features.reading.models import SetAside
from lms.features.reading.queries import readable_by
from lms.features.reading.rules import IN_OTHER_HANDS, first_day_in_time
from lms.features.submissions.models import Opening, Review, Submission
from lms.features.submissions.rules import Decision
from lms.host.db import session

# Ways to keep things together; "" is by age alone.
BATCHES = ("", "prompt", "person")
SHOWN = 50
# One trainer with waiting texts in more cohorts than this meets the oldest of these cohorts first.
MOST_COHORTS = 60
LATELY_READ = 50

_GIVEN_TO = aliased(Person)


@dataclass(frozen=True)
class Line:
    """One waiting text, without its words. `rank` 0: given to this trainer; 1: answers their question; 2: all others."""

    row: Any
    rank: int

    @property
    def id(self) -> int:
        found: int = self.row.id
        return found

    @property
    def promise_days(self) -> int:
        return revision_of(self.row.revision_digest).course.review.promise_days

    def is_late(self, now: datetime) -> bool:
        zone = ZoneInfo(self.row.zone)
        day: datetime = self.row.sent_at
        return day.astimezone(zone).date() < first_day_in_time(now.astimezone(zone).date(), self.promise_days)


def _trained_by(who: SignedIn) -> Any:
    return or_(Cohort.id.in_(who.cohorts(Role.TRAINER)), Cohort.organization_id.in_(who.organizations(Role.TRAINER)))


def _cohorts_with_texts(who: SignedIn) -> list[int]:
    """Cohorts of this trainer in which something waits, the one with the oldest text first."""
    oldest = (
        select(Submission.sent_at)
        .where(Submission.waiting, Submission.cohort_id == Cohort.id)
        .order_by(Submission.sent_at)
        .limit(1)
        .scalar_subquery()
    )
    return list(
        session.scalars(
            select(Cohort.id).where(_trained_by(who), oldest.is_not(None)).order_by(oldest).limit(MOST_COHORTS)
        )
    )


def _waiting(who: SignedIn) -> Any:
    """Ids of texts that wait for `who`. What somebody sent who has left the group since waits for nobody.

    A text that a worry was raised from comes back once somebody has looked after its author.
    """
    return (
        select(Submission.id)
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .where(
            Submission.waiting,
            Enrolment.left_at.is_(None),
            readable_by(who),
            ~under_care(Submission.id, Submission.enrolment_id),
        )
    )


def _set_aside(who: SignedIn) -> Any:
    return exists().where(SetAside.person_id == who.id, SetAside.submission_id == Submission.id)


def _is_free(who: SignedIn, now: datetime) -> Any:
    """In nobody else's hands: not given to a colleague who still trains here, not opened by one just now."""
    colleague = aliased(Person)
    still_here = exists().where(
        colleague.id == RoleGrant.person_id,
        colleague.disabled_at.is_(None),
        RoleGrant.person_id == Submission.given_to_id,
        RoleGrant.role == Role.TRAINER,
        RoleGrant.ended_at.is_(None),
        RoleGrant.organization_id == Cohort.organization_id,
        or_(RoleGrant.cohort_id == Cohort.id, RoleGrant.cohort_id.is_(None)),
    )
    in_hands = exists().where(
        Opening.submission_id == Submission.id, Opening.person_id != who.id, Opening.at > now - IN_OTHER_HANDS
    )
    mine = Submission.given_to_id == who.id
    return or_(mine, and_(or_(Submission.given_to_id.is_(None), ~still_here), ~in_hands))


def _answers_a_question_of(who: SignedIn) -> Any:
    before = aliased(Submission)
    return and_(
        Submission.version > 1,
        exists(
            select(Review.id)
            .join(before, before.id == Review.submission_id)
            .where(
                before.enrolment_id == Submission.enrolment_id,
                before.activity_id == Submission.activity_id,
                before.version < Submission.version,
                Review.reviewer_id == who.id,
                Review.decision == Decision.ONE_MORE_LOOK,
                Review.undone_at.is_(None),
            )
        ),
    )


def _fronts(who: SignedIn, cohorts: Sequence[int], conditions: Sequence[Any], limit: int) -> Any:
    """Id and rank of the front of each queue, so that no query sorts all that waits."""
    base = _waiting(who).where(*conditions).order_by(Submission.sent_at, Submission.id).limit(limit)
    parts = [base.where(Submission.given_to_id == who.id).add_columns(literal(0).label("rank"))]
    for cohort in cohorts:
        here = base.where(Submission.cohort_id == cohort)
        parts.append(here.where(_answers_a_question_of(who)).add_columns(literal(1).label("rank")))
        parts.append(here.add_columns(literal(2).label("rank")))
    fronts = [part.subquery() for part in parts]
    return union_all(*(select(front.c.id, front.c.rank) for front in fronts)).subquery()


def line_up(
    who: SignedIn,
    now: datetime,
    *,
    by: str = "",
    free: bool = False,
    like: Submission | None = None,
    besides: int | None = None,
    limit: int = SHOWN,
) -> list[Line]:
    """What waits for `who` in order, the first `limit`. `free`: without what is in a colleague's hands. `like`: only what
    belongs to the same batch."""
    cohorts = _cohorts_with_texts(who)
    if not cohorts:
        return []
    conditions = [~_set_aside(who)]
    if free:
        conditions.append(_is_free(who, now))
    if besides is not None:
        conditions.append(Submission.id != besides)
    if like is not None and by:
        same = Submission.activity_id == like.activity_id
        conditions.append(same if by == "prompt" else Submission.enrolment_id == like.enrolment_id)
    fronts = _fronts(who, cohorts, conditions, limit)
    rows = session.execute(
        _lines(who, now)
        .join(fronts, fronts.c.id == Submission.id)
        .add_columns(fronts.c.rank)
        .order_by(fronts.c.rank, Submission.sent_at, Submission.id)
    )
    found: dict[int, Line] = {}
    for row in rows:
        found.setdefault(row.id, Line(row, row.rank))
    return together(list(found.values())[:limit], by)


def _lines(who: SignedIn, now: datetime) -> Any:
    lately = (
        select(Person.name)
        .join(Opening, Opening.person_id == Person.id)
        .where(Opening.submission_id == Submission.id, Opening.person_id != who.id, Opening.at > now - IN_OTHER_HANDS)
        .order_by(Opening.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Submission.id,
            Submission.activity_id,
            Submission.enrolment_id,
            Submission.version,
            Submission.sent_at,
            Submission.given_to_id,
            Person.name,
            Cohort.id.label("cohort_id"),
            Cohort.name.label("cohort"),
            Cohort.revision_digest,
            Organization.time_zone.label("zone"),
            _GIVEN_TO.name.label("given_to"),
            lately.label("opened_by"),
        )
        .join(Enrolment, Enrolment.id == Submission.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Organization, Organization.id == Cohort.organization_id)
        .outerjoin(_GIVEN_TO, _GIVEN_TO.id == Submission.given_to_id)
    )


def together(lines: Iterable[Line], by: str) -> list[Line]:
    """The same lines, those of one prompt or one person together, in the order of the first of each."""
    if not by:
        return list(lines)
    batches: dict[Any, list[Line]] = {}
    for line in lines:
        batches.setdefault(line.row.activity_id if by == "prompt" else line.row.enrolment_id, []).append(line)
    return [line for batch in batches.values() for line in batch]


def aside_of(who: SignedIn, now: datetime) -> list[Line]:
    """What this trainer has set aside and still waits, oldest first."""
    ids = _waiting(who).join(SetAside, SetAside.submission_id == Submission.id).where(SetAside.person_id == who.id)
    rows = session.execute(_lines(who, now).where(Submission.id.in_(ids)).order_by(Submission.sent_at).limit(SHOWN))
    return [Line(row, 2) for row in rows]


# -- one after the other ------------------------------------------------------------------------------------


def next_for(who: SignedIn, now: datetime, *, by: str = "", after: Submission | None = None) -> int | None:
    """The text to read now: what follows `after`, the one on the desk, in this trainer's order; at its end the first.

    A batch comes to its end before another begins, also where its texts are spread over a long queue.
    """
    lines = line_up(who, now, by=by, free=True)
    if after is None:
        return lines[0].id if lines else None
    at = next((number for number, line in enumerate(lines) if line.id == after.id), len(lines))
    following = [*lines[at + 1 :], *lines[:at]]
    if by and not (following and _alike(following[0].row, after, by)):
        for line in line_up(who, now, by=by, free=True, like=after, besides=after.id, limit=1):
            return line.id
    return following[0].id if following else None


def _alike(row: Any, other: Submission, by: str) -> bool:
    return bool(row.activity_id == other.activity_id if by == "prompt" else row.enrolment_id == other.enrolment_id)


# -- counts -------------------------------------------------------------------------------------------------


def waiting_for(who: SignedIn, now: datetime, limit: int = SHOWN) -> list[Any]:
    """Rows of what waits, as `line_up` orders it."""
    return [line.row for line in line_up(who, now, limit=limit)]


def count_waiting(who: SignedIn) -> int:
    return session.scalar(select(number_waiting(who))) or 0


def number_waiting(who: SignedIn) -> Any:
    """How much waits, for a query."""
    return select(func.count()).select_from(_waiting(who).subquery()).scalar_subquery()


def is_waiting(who: SignedIn, submission_id: int) -> bool:
    return session.scalar(_waiting(who).where(Submission.id == submission_id)) is not None


def own_median_days(who: SignedIn) -> float | None:
    """How long one's own answers took lately, in days; for oneself alone. None before there are any."""
    rows = session.execute(
        select(Submission.sent_at, Review.released_at)
        .join(Review, Review.submission_id == Submission.id)
        .where(Review.reviewer_id == who.id, Review.undone_at.is_(None))
        .order_by(Review.released_at.desc())
        .limit(LATELY_READ)
    ).all()
    return median((row.released_at - row.sent_at).total_seconds() / 86400 for row in rows) if rows else None
