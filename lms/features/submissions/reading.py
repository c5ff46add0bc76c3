"""The reading room: the oldest text first, three short fields, the next one at once.

A view module of its own, because trainers and trainees share nothing but the text. Opening a text is a POST: it is
noted for its author, and a GET changes nothing.
"""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.cohorts.queries import revision_of
from lms.features.submissions import actions, answering, queries
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import time_of_day
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    request,
    session,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.plugin_api.content import Activity
from lms.plugin_api.values import Text

views = Blueprint("reading", __name__, template_folder="templates")


@views.get("/reading")
@signed_in_only
def queue() -> ResponseReturnValue:
    """What waits, oldest first."""
    who = visitor()
    if not who.has(Role.TRAINER):
        raise NotFound
    waiting = queries.waiting_for(who)
    lines = [(row, revision_of(row.revision_digest).course.activities.get(row.activity_id)) for row in waiting]
    return page("submissions/queue.html", lines=lines, total=queries.count_waiting(who), undo=_undoable())


def _undoable() -> Any:
    """The review that was just released, while it can be undone."""
    review_id = session.get("released")
    if not review_id:
        return None
    try:
        review = queries.review_by(visitor(), review_id)
    except NotFound:
        return None
    return review if review.undone_at is None and now() < review.visible_from else None


@views.post("/reading/next")
@signed_in_only
def open_next() -> ResponseReturnValue:
    """Open the text that has waited longest."""
    who = visitor()
    oldest = queries.oldest_waiting(who)
    if oldest is None:
        return go(".queue")
    return _open(oldest)


@views.post("/reading/<int:submission_id>/open")
@signed_in_only
def open_text(submission_id: int) -> ResponseReturnValue:
    return _open(submission_id)


def _open(submission_id: int) -> ResponseReturnValue:
    text = queries.text_for(visitor(), submission_id)
    with saved():
        answering.open_text(
            text.submission,
            by=visitor().id,
            organization=text.author.organization_id,
            about=text.author.person_id,
            now=now(),
        )
    return go(".room", submission_id=submission_id)


@views.get("/reading/<int:submission_id>")
@signed_in_only
def room(submission_id: int) -> ResponseReturnValue:
    """The text and the reply. Not opened yet: a page with the button that opens it."""
    text = queries.text_for(visitor(), submission_id)
    if not queries.has_opened(visitor(), submission_id):
        return page("submissions/open.html", text=text, activity=_activity_of(text))
    return _room_page(text)


def _activity_of(text: queries.Text) -> Activity:
    course = revision_of(text.cohort.revision_digest).course
    found = course.activities.get(text.submission.activity_id)
    name = Text(text.submission.activity_id, text.submission.activity_id)
    return found or Activity(id=text.submission.activity_id, kind="", title=name, minutes=0, body=name)


def _room_page(text: queries.Text, typed: Any = None, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    activity = _activity_of(text)
    kind = host().guard.activity_type(activity.kind)
    who = visitor()
    course = revision_of(text.cohort.revision_digest).course
    earlier = queries.earlier_reviews(text.submission)
    return page(
        "submissions/room.html",
        status,
        text=text,
        activity=activity,
        parts=kind.show(activity, actions.answer_of(text.submission)),
        earlier=[(s, r, kind.show(activity, actions.answer_of(s))) for s, r in earlier],
        typed=typed or queries.review_draft(text.submission.id, who.id) or answering.Feedback(),
        standing=actions.standing_review(text.submission.id),
        criteria=course.review.criteria,
        waiting=queries.count_waiting(who),
        errors=errors or {},
        undo=_undoable(),
    )


def _feedback() -> answering.Feedback:
    return answering.Feedback(
        form("came_through"), form("to_try"), form("question"), tuple(request.form.getlist("tick"))[:10]
    )


@views.post("/reading/<int:submission_id>/draft")
@signed_in_only
def save_draft(submission_id: int) -> ResponseReturnValue:
    text = queries.text_for(visitor(), submission_id)
    with saved():
        answering.save_review_draft(text.submission, _feedback(), by=visitor().id, now=now())
    if wants_json():
        return {"at": time_of_day(now(), text.zone)}
    flash(_("Your review is kept as a draft. Nobody else sees it."))
    return go(".queue")


@views.post("/reading/<int:submission_id>/release")
@signed_in_only
def release(submission_id: int) -> ResponseReturnValue:
    """Send the feedback and open the next text."""
    who = visitor()
    text = queries.text_for(who, submission_id)
    feedback = _feedback()
    try:
        with saved():
            review = answering.release(
                text.submission,
                feedback,
                form("decision"),
                by=who.id,
                organization=text.author.organization_id,
                about=text.author.person_id,
                now=now(),
            )
            released = review.id
    except Incomplete as incomplete:
        return _room_page(text, feedback, incomplete.by_field, 422)
    except Refused as refused:
        with saved():
            answering.save_review_draft(text.submission, feedback, by=who.id, now=now())
        return _room_page(text, feedback, {"decision": refused.sentence}, 409)
    session["released"] = released
    following = queries.oldest_waiting(who, besides=submission_id)
    return _open(following) if following is not None else go(".queue")


@views.post("/reading/reviews/<int:review_id>/undo")
@signed_in_only
def undo(review_id: int) -> ResponseReturnValue:
    who = visitor()
    review = queries.review_by(who, review_id)
    text = queries.text_for(who, review.submission_id)
    with saved():
        answering.undo_release(
            review,
            by=who.id,
            organization=text.author.organization_id,
            about=text.author.person_id,
            now=now(),
        )
    session.pop("released", None)
    flash(_("Taken back. It is your draft again."))
    return go(".room", submission_id=text.submission.id)
