"""Private words about classes go when the time of a group is over: why somebody could not come, what they did to catch
up, what was not right, and what trainers noted. Marks stay, with the reasons that were written for their person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from lms.features.attendance.models import AttendanceMark, MakeUp, MarkQuestion
from lms.features.cohorts.models import Enrolment
from lms.host.db import session

WORDS: Mapping[Any, str] = {AttendanceMark: "note", MakeUp: "done_words", MarkQuestion: "words"}


def old_words(cohort_id: int, before: datetime) -> dict[Any, ColumnElement[bool]]:
    """Which rows of each table have words of this group that were written until `before`."""
    enrolments = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).scalar_subquery()
    written: dict[Any, Any] = {
        AttendanceMark: AttendanceMark.at,
        MakeUp: MakeUp.done_at,
        MarkQuestion: MarkQuestion.asked_at,
    }
    return {
        model: model.enrolment_id.in_(enrolments) & (at <= before) & (getattr(model, WORDS[model]) != "")
        for model, at in written.items()
    }


def remove_words(cohort_id: int, before: datetime) -> None:
    """Take out what `old_words` finds."""
    for model, which in old_words(cohort_id, before).items():
        session.execute(update(model).where(which).values({WORDS[model]: ""}))
