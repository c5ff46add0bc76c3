"""Words of role plays go when the time of a group is over: what people wrote for each other, what trainers wrote of a
supporter, and what they said to the groups; and with them who was to be apart, or together. That sheets were given, which
lines were seen, and who sat where stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, select, update

from lms.features.cohorts.models import Meeting
from lms.features.grouping.models import GroupingWish
from lms.features.roleplay.models import Message, Run, Sheet, SupporterNote
from lms.host.db import session

GONE: dict[Any, dict[str, Any]] = {Sheet: {"words": {}}, SupporterNote: {"words": ""}}


def old_words(cohort_id: int, before: datetime) -> dict[Any, ColumnElement[bool]]:
    """Which rows of each table have words or wishes of this group that were written until `before`."""
    meetings = select(Meeting.id).where(Meeting.cohort_id == cohort_id).scalar_subquery()
    runs = select(Run.id).where(Run.meeting_id.in_(meetings)).scalar_subquery()
    return {
        Sheet: Sheet.run_id.in_(runs) & (Sheet.given_at <= before) & (cast(Sheet.words, String) != "{}"),
        SupporterNote: SupporterNote.meeting_id.in_(meetings)
        & (SupporterNote.at <= before)
        & (SupporterNote.words != ""),
        Message: Message.run_id.in_(runs) & (Message.at <= before) & (Message.words != ""),
        GroupingWish: (GroupingWish.cohort_id == cohort_id) & (GroupingWish.set_at <= before),
    }


def remove_words(cohort_id: int, before: datetime) -> None:
    """Take out what `old_words` finds."""
    for model, which in old_words(cohort_id, before).items():
        statement = update(model).where(which).values(**GONE[model]) if model in GONE else delete(model).where(which)
        session.execute(statement)
