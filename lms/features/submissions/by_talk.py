"""What somebody said instead of writing it, or showed: their trainer's note stands where an answer would."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lms.features.cohorts.models import Enrolment
from lms.features.submissions.actions import Author, last_submission, next_version, state_of_submission, tell_of
from lms.features.submissions.models import Submission
from lms.features.submissions.rules import HomeworkState
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Audience
from lms.plugin_api.values import Part, Text

LABEL = Text("In a talk", "En conversation")


def done_by_talk(
    author: Author, activity: str, words: str, *, allowed: Collection[Audience], by: int, now: datetime
) -> Submission:
    """One version of an answer, as noted by a trainer, for the audience of the version before; a first one is for all
    trainers only where the course allows that. What its author has as a draft stays theirs, as it is."""
    if not words.strip():
        raise Incomplete({"note": _l("Write one line about the talk. The person reads it.")})
    locked(Enrolment, author.enrolment_id)
    last = last_submission(author.enrolment_id, activity)
    state = state_of_submission(last, now) if last is not None else HomeworkState.NOT_STARTED
    if state is HomeworkState.SENT:
        raise Refused(_l("A text for this piece waits for an answer. Answer it under Feedback."))
    if state not in (HomeworkState.NOT_STARTED, HomeworkState.RETURNED):
        raise Refused(_l("This piece has its result already."))
    for_team = last.audience == "team" if last is not None else "team" in allowed
    submission = Submission(
        cohort_id=author.cohort_id,
        enrolment_id=author.enrolment_id,
        activity_id=activity,
        version=next_version(author.enrolment_id, activity),
        fields={},
        text=words.strip(),
        data={},
        sent_at=now,
        reviewed=True,
        waiting=True,
        # Words for one trainer alone stay between two: here, with the one who had the talk and notes it.
        audience="team" if for_team else "trainer",
        reader_id=None if for_team else by,
        by_talk=True,
    )
    session.add(submission)
    session.flush()
    audit.note(
        "submissions.by_talk",
        f"submission:{submission.id}",
        at=now,
        by=by,
        organization=author.organization_id,
        about=author.person_id,
    )
    tell_of(submission, author)
    return submission


def noted(submission: Submission) -> tuple[Part, ...]:
    """The note in place of what a kind of homework would show."""
    return (Part(LABEL, submission.text),)
