"""Statements that bring what several rooms keep at once, so that a page asks few questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, cast, literal, null, select, union_all

from lms.features.accounts.models import Person
from lms.features.attendance import queries as attendance
from lms.features.cohorts.models import Enrolment
from lms.features.grouping import queries as roleplay
from lms.features.practice import pairs, solo
from lms.features.progress.models import Vouching
from lms.features.roleplay.board_queries import NOTED
from lms.features.roleplay.models import SupporterNote
from lms.features.submissions import queries as submissions
from lms.features.submissions.models import Submission
from lms.features.talks import queries as talks
from lms.host.db import session


def together(**parts: Any) -> Any:
    """One statement for several, oldest first: each row says in `part` whose it is, and is empty where that part has no
    such column."""
    sources = {name: part.subquery(name) for name, part in parts.items()}
    types = {column.name: column.type for source in sources.values() for column in source.c}
    return union_all(
        *(
            select(
                literal(name).label("part"),
                *(
                    source.c[column] if column in source.c else cast(null(), kind).label(column)
                    for column, kind in types.items()
                ),
            )
            for name, source in sources.items()
        )
    ).order_by("id")


def rows_of(statement: Any, given: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Part to its rows, in order."""
    found: dict[str, list[Any]] = {}
    for row in session.execute(statement, given):
        found.setdefault(row.part, []).append(row)
    return found


_VOUCHINGS = (
    select(
        Vouching.id,
        Vouching.enrolment_id,
        Vouching.requirement_id,
        Vouching.outcome_id,
        Vouching.on,
        Vouching.words,
        Person.name,
    )
    .join(Enrolment, Enrolment.id == Vouching.enrolment_id)
    .join(Person, Person.id == Vouching.by_id)
    .where(Enrolment.cohort_id == bindparam("cohort"), Vouching.withdrawn_at.is_(None))
)

# What everyone of a `cohort` has handed in, what was vouched for them, where they played before they moved here, what
# they practised in twos and alone, and what trainers saw of them as supporters.
OF_COHORT = together(
    homework=submissions.STANDING,
    vouchings=_VOUCHINGS,
    played=roleplay.BROUGHT,
    in_twos=pairs.DONE,
    alone=solo.FINISHED,
    noted=NOTED,
)
# The same of one `enrolment` of it.
OF_ONE = together(
    homework=submissions.STANDING.where(Submission.enrolment_id == bindparam("enrolment")),
    vouchings=_VOUCHINGS.where(Vouching.enrolment_id == bindparam("enrolment")),
    in_twos=pairs.DONE.where(Enrolment.id == bindparam("enrolment")),
    alone=solo.FINISHED.where(Enrolment.id == bindparam("enrolment")),
    noted=NOTED.where(SupporterNote.enrolment_id == bindparam("enrolment")),
)
# What somebody has in their groups (`enrolments`): homework, drafts, talks that they took, how they are marked, make-ups.
OF_TODAY = together(
    homework=submissions.STANDING_OF_SOME,
    drafts=submissions.DRAFTS_OF_SOME,
    talks=talks.TAKEN_BY_SOME,
    marks=attendance.STANDING_OF_SOME,
    in_twos=pairs.AHEAD_OF_SOME,
    make_ups=attendance.LIVE_MAKE_UPS_OF_SOME,
)
