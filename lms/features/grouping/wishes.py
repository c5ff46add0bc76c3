"""Who is to be apart, who together, and who would rather not play the person today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from lms.features.grouping.models import GroupingWish, NotThePersonToday
from lms.features.grouping.rules import Pair
from lms.host import audit
from lms.host.db import session
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Wishes:
    """Pairs of enrolments of one cohort, as trainers set them."""

    apart: frozenset[Pair] = frozenset()
    together: frozenset[Pair] = frozenset()


def wishes_of(cohort_id: int) -> Wishes:
    rows = session.execute(
        select(GroupingWish.a_id, GroupingWish.b_id, GroupingWish.apart).where(GroupingWish.cohort_id == cohort_id)
    ).all()
    pairs = {apart: frozenset((a, b) for a, b, set_apart in rows if set_apart is apart) for apart in (True, False)}
    return Wishes(pairs[True], pairs[False])


def not_the_person(meeting_id: int) -> frozenset[int]:
    """The enrolments that asked not to play the person in this class."""
    asked = select(NotThePersonToday.enrolment_id).where(NotThePersonToday.meeting_id == meeting_id)
    return frozenset(session.scalars(asked))


def set_wish(
    cohort_id: int,
    pair: Iterable[int],
    apart: bool,
    members: Iterable[int],
    *,
    by: int,
    organization: int,
    now: datetime,
) -> None:
    """Keep two people of a cohort apart, or together; a wish that they had before is replaced. History has no names."""
    a, b = sorted(pair)
    if a == b or not {a, b} <= set(members):
        raise Incomplete({"b": _l("Choose two people of this group.")})
    _forget(cohort_id, (a, b))
    session.add(GroupingWish(cohort_id=cohort_id, a_id=a, b_id=b, apart=apart, set_by=by, set_at=now))
    audit.note("roleplay.wish_set", f"cohort:{cohort_id}", at=now, by=by, organization=organization)


def drop_wish(cohort_id: int, pair: Iterable[int], *, by: int, organization: int, now: datetime) -> None:
    a, b = sorted(pair)
    if _forget(cohort_id, (a, b)):
        audit.note("roleplay.wish_dropped", f"cohort:{cohort_id}", at=now, by=by, organization=organization)


def _forget(cohort_id: int, pair: Pair) -> bool:
    gone = delete(GroupingWish).where(
        GroupingWish.cohort_id == cohort_id, GroupingWish.a_id == pair[0], GroupingWish.b_id == pair[1]
    )
    return bool(session.execute(gone.returning(GroupingWish.id)).first())


def ask_not_to_play_the_person(meeting_id: int, enrolment_id: int, asked: bool, *, now: datetime) -> None:
    """For this class alone, until taken back. Kept without a word in any history."""
    row = session.get(NotThePersonToday, (meeting_id, enrolment_id))
    if asked and row is None:
        session.add(NotThePersonToday(meeting_id=meeting_id, enrolment_id=enrolment_id, set_at=now))
    elif not asked and row is not None:
        session.delete(row)
