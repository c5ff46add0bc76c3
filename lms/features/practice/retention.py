"""Ways through a practice that were shared go when the time of a group is over. That somebody finished it stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, null, select, update

from lms.features.cohorts.models import Enrolment
from lms.features.practice.models import SoloPractice
from lms.host.db import session


def old_words(cohort_id: int, before: datetime) -> dict[Any, ColumnElement[bool]]:
    """The rows with a way that somebody of this group shared until `before`."""
    enrolments = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).scalar_subquery()
    return {SoloPractice: SoloPractice.enrolment_id.in_(enrolments) & (SoloPractice.shared_at <= before)}


def remove_words(cohort_id: int, before: datetime) -> None:
    """Take out what `old_words` finds."""
    for which in old_words(cohort_id, before).values():
        session.execute(update(SoloPractice).where(which).values(shared=null(), shared_at=None))
