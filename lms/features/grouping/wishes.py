"""Who is to be apart, who together, and who would rather not play the person today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from lms.features.cohorts.models import Cohort, Meeting
from lms.features.grouping.models import GroupingWish, NotThePersonToday
from lms.features.grouping.rules import Pair
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l
from lms.host.statements import rows_of, together


@dataclass(frozen=True)
class Wishes:
    """Pairs of enrolments of one cohort, as trainers set them."""

    apart: frozenset[Pair] = frozenset()
    together: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class Asked:
    """What groups of one class have to keep: what trainers set, and who asked not to play the person in it."""

    wishes: Wishes
    not_the_person: frozenset[int]


_PAIRS = select(GroupingWish.id, GroupingWish.a_id, GroupingWish.b_id, GroupingWish.apart).where(
    GroupingWish.cohort_id == bindparam("cohort")
)
_ASKED = together(
    pairs=_PAIRS,
    not_the_person=select(NotThePersonToday.enrolment_id.label("id")).where(
        NotThePersonToday.meeting_id == bindparam("meeting")
    ),
)


def wishes_of(cohort_id: int) -> Wishes:
    return _wishes(session.execute(_PAIRS, {"cohort": cohort_id}))


def _wishes(rows: Iterable[Any]) -> Wishes:
    pairs: dict[bool, set[Pair]] = {True: set(), False: set()}
    for row in rows:
        pairs[row.apart].add((row.a_id, row.b_id))
    return Wishes(frozenset(pairs[True]), frozenset(pairs[False]))


def asked_in(cohort_id: int, meeting_id: int) -> Asked:
    """All that was asked for a class of a cohort. One query."""
    rows = rows_of(_ASKED, {"cohort": cohort_id, "meeting": meeting_id})
    return Asked(_wishes(rows.get("pairs", ())), frozenset(row.id for row in rows.get("not_the_person", ())))


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
    locked(Cohort, cohort_id)
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
    locked(Meeting, meeting_id)
    row = session.get(NotThePersonToday, (meeting_id, enrolment_id))
    if asked and row is None:
        session.add(NotThePersonToday(meeting_id=meeting_id, enrolment_id=enrolment_id, set_at=now))
    elif not asked and row is not None:
        session.delete(row)
