"""After a talk or a presentation: its trainer writes down what came of it, and the trainee reads it."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from lms.features.accounts.roles import Role, SignedIn, not_oneself
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.models import Enrolment
from lms.features.cohorts.queries import Here
from lms.features.reading import actions, queries, rules
from lms.features.submissions.actions import Author, last_submission
from lms.features.submissions.by_talk import done_by_talk
from lms.features.submissions.models import Review, Submission
from lms.features.talks import actions as talks
from lms.features.talks import queries as offered
from lms.features.talks.models import Talk
from lms.host.db import locked, saved, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.web import (
    MAX_TEXT,
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)
from lms.plugin_api.content import Activity, Audience, Criterion

views = Blueprint("talked", __name__, template_folder="templates")


def record(
    talk: Talk,
    author: Author,
    note: str,
    feedback: actions.Feedback,
    decision: str,
    terms: actions.Terms,
    *,
    allowed: Collection[Audience],
    by: int,
    now: datetime,
    waiting: Submission | None = None,
) -> Review | None:
    """Keep a talk as a version of the answer, with what its trainer says about it. None if just that is done already;
    Refused where other words are there.

    Where something was sent before, as for a presentation (`waiting`), that is what gets the answer.
    """
    locked(Enrolment, author.enrolment_id)
    who = {"by": by, "organization": author.organization_id, "about": author.person_id}
    activity = talk.activity_id
    if not talks.done(talk.id, author.enrolment_id, now=now, **who):
        if not _is_noted(author, activity, note, feedback, decision):
            raise Refused(_("This is written down already, in other words. Yours stand here, and are not kept."))
        return None
    if waiting is not None and note.strip():
        raise Refused(_("Something was sent in writing meanwhile, and gets this answer. There is no place for a note."))
    submission = waiting or done_by_talk(author, activity, note, allowed=allowed, by=by, now=now)
    return actions.release(
        submission,
        feedback,
        decision,
        by=by,
        organization=author.organization_id,
        about=author.person_id,
        now=now,
        terms=terms,
    )


def _is_noted(author: Author, activity: str, note: str, feedback: actions.Feedback, decision: str) -> bool:
    """Whether the same words stand already: the same form again loses nothing."""
    rows = session.execute(
        select(Submission, Review)
        .join(Review, and_(Review.submission_id == Submission.id, Review.undone_at.is_(None)))
        .where(Submission.enrolment_id == author.enrolment_id, Submission.activity_id == activity)
    )
    return any(
        note.strip() == (submission.text if submission.by_talk else "")
        and decision == review.decision
        and feedback.says_the_same(review)
        for submission, review in rows
    )


@dataclass(frozen=True)
class Taken:
    """A talk that somebody took, with whose it is and the piece that it is for."""

    here: Here
    talk: Talk
    author: Author
    name: str
    activity: Activity
    criteria: tuple[Criterion, ...]
    in_person: bool
    # What was sent in writing before a presentation, and waits for this trainer.
    waiting: Submission | None


def _taken(cohort_id: int, talk_id: int) -> Taken:
    """For trainers of the cohort. Raises NotFound where nobody of the group has taken this time."""
    here = cohorts.cohort_for(visitor(), cohort_id, Role.TRAINER)
    row = offered.talk_of(here, talk_id)
    activity = here.course.activities.get(row.Talk.activity_id)
    if row.Talk.taken_by is None or row.Talk.cancelled_at is not None or row.left_at is not None or activity is None:
        raise NotFound
    not_oneself(here.who.id, row.person_id)
    if row.Talk.starts_at > now():
        raise Refused(_("This talk has not begun yet. Come back afterwards."))
    author = Author(row.Talk.taken_by, here.id, here.organization.id, row.person_id)
    criteria = activity.criteria if activity.criteria is not None else here.course.review.criteria
    in_person = host().guard.homework(here.course, activity).in_person
    waiting = _waiting_for(here.who, author.enrolment_id, activity.id) if in_person else None
    return Taken(here, row.Talk, author, row.taker, activity, tuple(criteria), in_person, waiting)


def _waiting_for(who: SignedIn, enrolment_id: int, activity_id: str) -> Submission | None:
    last = last_submission(enrolment_id, activity_id)
    if last is None or not last.waiting:
        return None
    try:
        return queries.text_for(who, last.id).submission
    except NotFound:
        return None  # it was written for somebody else


@views.get("/cohorts/<int:cohort_id>/talks/<int:talk_id>/result")
@signed_in_only
def talked(cohort_id: int, talk_id: int) -> ResponseReturnValue:
    """A short note, the criteria, and how it goes on."""
    return _talked_page(_taken(cohort_id, talk_id))


def _talked_page(
    taken: Taken, feedback: actions.Feedback | None = None, errors: Any = None, status: int = 200, refused: Any = ""
) -> ResponseReturnValue:
    return page(
        "reading/talked.html",
        status,
        here=taken.here,
        talk=taken.talk,
        name=taken.name,
        activity=taken.activity,
        criteria=taken.criteria,
        level_of=rules.level_of,
        in_person=taken.in_person,
        waiting=taken.waiting,
        note=request.form.get("note") if feedback else None,
        typed=feedback or actions.Feedback(),
        errors=errors or {},
        refused=refused,
    )


def _feedback_from(taken: Taken, limit: int = MAX_TEXT) -> actions.Feedback:
    levels = {line.id: request.form.get(f"level-{line.id}", "") for line in taken.criteria}
    ticks = rules.read_ticks(taken.criteria, request.form.getlist("tick"), levels)
    return actions.Feedback(form("came_through", limit), form("to_try", limit), form("question", limit), ticks)


@views.post("/cohorts/<int:cohort_id>/talks/<int:talk_id>/result")
@signed_in_only
def write_down(cohort_id: int, talk_id: int) -> ResponseReturnValue:
    """Whatever keeps it from being written down: the words stay on the page."""
    taken = _taken(cohort_id, talk_id)
    try:
        with saved():
            record(
                taken.talk,
                taken.author,
                form("note"),
                _feedback_from(taken),
                form("decision", 20),
                actions.Terms(taken.criteria),
                allowed=taken.activity.audience,
                by=visitor().id,
                now=now(),
                waiting=taken.waiting,
            )
    except Incomplete as incomplete:
        return _talked_page(taken, _feedback_from(taken, sys.maxsize), incomplete.by_field, 422)
    except Refused as refused:
        taken = _taken(cohort_id, talk_id)
        return _talked_page(taken, _feedback_from(taken, sys.maxsize), None, 409, refused.sentence)
    flash(_("Written down. %(name)s can read it.", name=taken.name.split()[0]))
    return go("talks.talks", cohort_id=cohort_id)
