"""What the answers of a whole group come to, without names: for kinds that say so before anybody answers."""

from __future__ import annotations

from sqlalchemy import select

from lms.features.submissions.models import Submission
from lms.host.db import session
from lms.host.guard import GuardedActivityType
from lms.plugin_api.content import Activity
from lms.plugin_api.values import Answer, Part

# With fewer people an answer would point at whoever gave it.
ENOUGH = 5


def answers_of_group(cohort_id: int, activity_id: str) -> list[Answer]:
    """The latest standing answer of each person, in no order that tells who gave it."""
    rows = session.execute(
        select(Submission.enrolment_id, Submission.text, Submission.data)
        .where(
            Submission.cohort_id == cohort_id,
            Submission.activity_id == activity_id,
            Submission.taken_back_at.is_(None),
            Submission.audience != "me",
            Submission.words_removed_at.is_(None),
        )
        .order_by(Submission.version)
    )
    latest = {enrolment: Answer(text, data) for enrolment, text, data in rows}
    return sorted(latest.values(), key=lambda answer: answer.text)


def together(cohort_id: int, activity: Activity, kind: GuardedActivityType) -> tuple[Part, ...] | None:
    """What they come to; None while fewer than five people have answered."""
    answers = answers_of_group(cohort_id, activity.id)
    return kind.together(activity, tuple(answers)) if len(answers) >= ENOUGH else None
