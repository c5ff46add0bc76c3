"""Statements that bring what several rooms keep at once, so that a page asks few questions."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from lms.features.accounts.models import Person
from lms.features.attendance import queries as attendance
from lms.features.cohorts.models import Enrolment
from lms.features.practice import pairs, solo
from lms.features.progress.models import Vouching
from lms.features.roleplay import played
from lms.features.roleplay.board_queries import NOTED
from lms.features.roleplay.models import SupporterNote
from lms.features.submissions import queries as submissions
from lms.features.submissions.models import Submission
from lms.features.talks import queries as talks
from lms.host.statements import together

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
    took_part=played.TOOK_PART,
    brought=played.BROUGHT,
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
    took_part=played.TOOK_PART.where(Enrolment.id == bindparam("enrolment")),
    brought=played.BROUGHT.where(Enrolment.id == bindparam("enrolment")),
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
