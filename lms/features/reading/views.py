"""The reading room: the oldest text first, three short fields, the next one at once.

Opening a text is a POST: it is noted for its author, and a GET changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from lms.features.accounts.roles import Role
from lms.features.cohorts.queries import revision_of
from lms.features.reading import actions, queries, rules, second, waiting
from lms.features.reading.pages import (
    activity_of,
    feedback_from,
    go_on,
    groups_of_starters,
    however_long,
    resting,
    room_page,
    terms_of,
)
from lms.features.reading.starting import is_made_of
from lms.features.submissions.models import Review, Submission
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import ngettext, time_of_day
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    now,
    number,
    page,
    request,
    session,
    signed_in_only,
    visitor,
    wants_json,
)

views = Blueprint("reading", __name__, template_folder="templates")


@views.get("/reading")
@signed_in_only
def queue() -> ResponseReturnValue:
    """What waits, oldest first; by prompt or by person if one likes."""
    who = visitor()
    if not who.has(Role.TRAINER):
        raise NotFound
    by = batch()
    lines = waiting.line_up(who, now(), by=by)
    held, left = queries.all_held(who)
    total, seconds = second.counts(who)
    return page(
        "reading/queue.html",
        lines=[(line, _title_in(line.row)) for line in lines],
        aside=[(line, _title_in(line.row)) for line in waiting.aside_of(who, now())],
        total=total,
        late={line.row.enrolment_id for line in lines if line.is_late(now())},
        promised={line.promise_days for line in lines},
        median=waiting.own_median_days(who),
        held=held,
        left=left,
        seconds=seconds,
        by=by,
        undo=undoable(),
    )


def _title_in(row: Any) -> Any:
    return revision_of(row.revision_digest).course.activities.get(row.activity_id)


def batch() -> str:
    """How texts are kept together, from the address."""
    by = request.values.get("by", "")
    return by if by in waiting.BATCHES else ""


def undoable() -> Review | None:
    """The review that was just released, while it can be undone."""
    review_id = session.get("released")
    if not review_id:
        return None
    try:
        review = queries.review_by(visitor(), review_id)
    except NotFound:
        return None
    return review if review.undone_at is None and review.visible_from and now() < review.visible_from else None


# -- opening ------------------------------------------------------------------------------------------------


@views.post("/reading/next")
@signed_in_only
def open_next() -> ResponseReturnValue:
    """Open the text to read now: the oldest, or what follows the one on the desk (`after`)."""
    return open_or_queue(following(_on_desk()))


def _on_desk() -> Submission | None:
    after = number("after")
    try:
        return queries.text_for(visitor(), after).submission if after else None
    except NotFound:
        return None


def following(submission: Submission | None) -> int | None:
    return waiting.next_for(visitor(), now(), by=batch(), after=submission)


def open_or_queue(submission_id: int | None) -> Response:
    return go("reading.queue", **go_on()) if submission_id is None else _open(submission_id)


@views.post("/reading/<int:submission_id>/open")
@signed_in_only
def open_text(submission_id: int) -> ResponseReturnValue:
    return _open(submission_id)


def _open(submission_id: int) -> Response:
    text = queries.text_for(visitor(), submission_id)
    with saved():
        actions.open_text(text.submission, now=now(), **acting_on(text))
    return go("reading.room", submission_id=submission_id, **go_on())


def acting_on(text: queries.Text) -> dict[str, int]:
    """Who does something with a text, and whose it is."""
    return {"by": visitor().id, "organization": text.author.organization_id, "about": text.author.person_id}


@views.get("/reading/<int:submission_id>")
@signed_in_only
def room(submission_id: int) -> ResponseReturnValue:
    """The text and the reply. Not opened yet: a page with the button that opens it."""
    text = queries.text_for(visitor(), submission_id)
    openings = queries.openings_of(visitor(), submission_id, now())
    if not openings.mine:
        return page("reading/open.html", text=text, activity=activity_of(text), openings=openings, by=batch())
    return _room(text, openings=openings)


def _room(
    text: queries.Text, typed: Any = None, errors: Any = None, status: int = 200, **more: Any
) -> ResponseReturnValue:
    return room_page(text, typed, errors, status, by=batch(), undo=undoable(), **more)


# -- answering ----------------------------------------------------------------------------------------------


@views.post("/reading/<int:submission_id>/draft")
@signed_in_only
def save_draft(submission_id: int) -> ResponseReturnValue:
    text = queries.text_for(visitor(), submission_id)
    with saved():
        actions.save_review_draft(text.submission, feedback_from(text), by=visitor().id, now=now())
    if wants_json():
        return {"at": time_of_day(now(), text.zone)}
    flash(_("Your review is kept as a draft. Nobody else sees it."))
    return go(".queue", **go_on())


@views.post("/reading/<int:submission_id>/release")
@signed_in_only
def release(submission_id: int) -> ResponseReturnValue:
    """Send the feedback and open the next text. A script that has the next text already (`preloaded`) gets a yes."""
    text = queries.text_for(visitor(), submission_id)
    following_id = following(text.submission)
    try:
        feedback = feedback_from(text)
        if form("as_it_is") != "yes" and is_made_of(feedback.words, groups_of_starters(text)):
            sentence = _("These are starters alone. Add a sentence of your own, or send again to send it as it is.")
            return _not_yet(text, feedback, {"came_through": sentence}, 422, as_it_is=True)
        colleagues = queries.trainers_beside(text, visitor().id)
        with saved():
            review, second_reader = _release(text, feedback, bool(colleagues))
            held, released = review.visible_from is None, review.id
    except Incomplete as incomplete:
        with saved():
            actions.save_review_draft(text.submission, however_long(text), by=visitor().id, now=now())
        return _not_yet(text, however_long(text), incomplete.by_field, 422)
    except Refused as refused:
        with saved():
            actions.save_review_draft(text.submission, feedback, by=visitor().id, now=now())
        return _not_yet(text, feedback, {"decision": refused.sentence}, 409)
    session["released"] = released
    return _after_release(following_id, _what_becomes_of_it(held, second_reader), resting(now()))


def _what_becomes_of_it(held: bool, second_reader: bool) -> str:
    """What is said of an answer that does not go out yet."""
    if not held:
        return ""
    if second_reader:
        return _(
            "A colleague reads the text too, without seeing your answer. It goes out when you both see it the same way."
        )
    return _("Kept. Nobody else sees it yet.")


def _release(text: queries.Text, feedback: actions.Feedback, has_colleague: bool) -> tuple[Review, bool]:
    """The review, and whether a second reader is asked."""
    course = revision_of(text.cohort.revision_digest).course
    why = rules.why_second(course.review, form("decision"), feedback.second, text.author.cohort_id, text.submission.id)
    review = actions.release(
        text.submission,
        feedback,
        form("decision"),
        now=now(),
        terms=terms_of(text),
        hold=form("hold") == "yes",
        second=why if has_colleague else "",
        **acting_on(text),
    )
    if why and not has_colleague and review.visible_from:
        flash(_("No other trainer can read this one, so it went out without a second reader."))
    return review, bool(why and has_colleague)


def _not_yet(
    text: queries.Text, feedback: actions.Feedback, errors: Any, status: int, as_it_is: bool = False
) -> ResponseReturnValue:
    if wants_json():
        return {"errors": {name: str(sentence) for name, sentence in errors.items()}, "as_it_is": as_it_is}, status
    feedback = replace(feedback, decision=form("decision"))
    return _room(text, feedback, errors, status, as_it_is=as_it_is)


def _after_release(following_id: int | None, held: str, rest: bool) -> ResponseReturnValue:
    if not wants_json():
        if held:
            flash(held)
        if rest:
            flash(_("You've read ten. Stretch?"))
        return open_or_queue(following_id)
    preloaded = number("preloaded")
    ready = preloaded is not None and waiting.is_waiting(visitor(), preloaded)
    if ready or following_id is None:
        location = None if ready else go(".queue", **go_on()).headers["Location"]
    else:
        location = _open(following_id).headers["Location"]
    notice = render_template("reading/_after.html", undo=undoable(), held=held, rest=rest)
    count = waiting.count_waiting(visitor())
    return {"location": location, "notice": notice, "waiting": ngettext("%(num)d waiting", "%(num)d waiting", count)}


@views.post("/reading/reviews/<int:review_id>/undo")
@signed_in_only
def undo(review_id: int) -> ResponseReturnValue:
    """Take back what was sent within the last seconds, or is held; also by somebody who has left."""
    review = queries.review_to_undo(visitor(), review_id)
    own = review.reviewer_id == visitor().id
    text = queries.text_for(visitor(), review.submission_id)
    with saved():
        actions.undo_release(review, now=now(), **acting_on(text))
    session.pop("released", None)
    flash(_("Taken back. It is your draft again.") if own else _("It waits for an answer again."))
    return go(".room", submission_id=text.submission.id, **go_on())
