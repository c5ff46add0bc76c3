"""Homework goes along when somebody moves to another group. Its readers stay who they were.

A submission keeps the group in which it was sent (`cohort_id`): its trainers can read it, and answer what waits. It gets
the place of its author (`enrolment_id`), so that what was answered counts where they are now.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, update

from lms.features.submissions.models import Attachment, Draft, DraftVersion, Submission, WorkClock
from lms.host.db import session

KEPT_BY_PLACE: tuple[Any, ...] = (Submission, Draft, DraftVersion, Attachment)


def written_in(enrolment_id: int) -> set[str]:
    """The activities for which somebody wrote, recorded or sent something from this place."""
    return {
        activity
        for model in KEPT_BY_PLACE
        for activity in session.scalars(select(model.activity_id).where(model.enrolment_id == enrolment_id).distinct())
    }


def move_homework(old: int, new: int, activities: Collection[str]) -> None:
    """Everything that was written for these activities from the place `old` belongs to the place `new`."""
    for activity in sorted(written_in(old) & set(activities)):
        _number_after(old, new, activity)
        _keep_the_newer_draft(old, new, activity)
        for model in KEPT_BY_PLACE:
            _move(model, old, new, activity)
        if session.get(WorkClock, (new, activity)) is None:
            _move(WorkClock, old, new, activity)
    session.expire_all()


def _move(model: Any, old: int, new: int, activity: str) -> None:
    session.execute(
        update(model)
        .where(model.enrolment_id == old, model.activity_id == activity)
        .values(enrolment_id=new)
        .execution_options(synchronize_session=False)
    )


def _number_after(old: int, new: int, activity: str) -> None:
    """Versions that come to others count on from those, from the last on, so that no number is there twice."""
    there = session.scalar(
        select(func.max(Submission.version)).where(Submission.enrolment_id == new, Submission.activity_id == activity)
    )
    if there is None:
        return
    moved = session.scalars(
        select(Submission)
        .where(Submission.enrolment_id == old, Submission.activity_id == activity)
        .order_by(Submission.version.desc())
    )
    for submission in moved.all():
        submission.version += there
        session.flush()


def _keep_the_newer_draft(old: int, new: int, activity: str) -> None:
    """Of two drafts the newer one stays a draft; the words of the other are found under the earlier ones."""
    ours, theirs = session.get(Draft, (old, activity)), session.get(Draft, (new, activity))
    if ours is None or theirs is None:
        return
    older = min(ours, theirs, key=lambda draft: draft.saved_at)
    session.add(
        DraftVersion(enrolment_id=new, activity_id=activity, fields=dict(older.fields), saved_at=older.saved_at)
    )
    session.delete(older)
    session.flush()
