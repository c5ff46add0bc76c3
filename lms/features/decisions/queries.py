"""Decisions of a cohort and of one person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Enrolment
from lms.features.decisions.models import Decision
from lms.host.db import session
from lms.host.errors import NotFound

_Decider, _Teller = aliased(Person), aliased(Person)
_DECISIONS = (
    select(Decision, _Decider.name.label("decider"), _Teller.name.label("teller"))
    .join(_Decider, _Decider.id == Decision.decided_by)
    .outerjoin(_Teller, _Teller.id == Decision.told_by)
    .order_by(Decision.id)
)
_OF_COHORT = _DECISIONS.join(Enrolment, Enrolment.id == Decision.enrolment_id).where(
    Enrolment.cohort_id == bindparam("cohort")
)
_OF_ONE = _DECISIONS.where(Decision.enrolment_id == bindparam("enrolment"))


def decisions_of_cohort(cohort_id: int) -> dict[int, Any]:
    """Enrolment to the decision that counts, with the names of who decided and told."""
    return {row.Decision.enrolment_id: row for row in session.execute(_OF_COHORT, {"cohort": cohort_id})}


def told_their_outcome(cohort_id: int) -> set[int]:
    """The enrolments of a cohort whose last decision was told."""
    found = session.execute(
        select(Decision.enrolment_id, Decision.told_at)
        .join(Enrolment, Enrolment.id == Decision.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Decision.id)
    )
    last = {row.enrolment_id: row.told_at for row in found}
    return {enrolment for enrolment, told_at in last.items() if told_at}


def decisions_of(enrolment_id: int) -> list[Any]:
    """Every decision about one person, latest first."""
    return list(reversed(session.execute(_OF_ONE, {"enrolment": enrolment_id}).all()))


def decision_about(enrolment_id: int, decision_id: int) -> Decision:
    """One decision about this enrolment. Raises NotFound."""
    decision = session.get(Decision, decision_id)
    if decision is None or decision.enrolment_id != enrolment_id:
        raise NotFound
    return decision
