"""The second reader's pages: the text without the first answer, and both answers side by side where they differ."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.cohorts.queries import revision_of
from lms.features.reading import actions, queries, second
from lms.features.reading.pages import common, feedback_from, however_long, terms_of
from lms.features.reading.views import acting_on
from lms.features.submissions.actions import standing_review
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.web import Blueprint, ResponseReturnValue, flash, form, go, now, page, signed_in_only, visitor

views = Blueprint("second", __name__, template_folder="templates")


@views.get("/reading/second")
@signed_in_only
def queue() -> ResponseReturnValue:
    """What waits for a second reader, and what two readers are to settle."""
    if not visitor().has(Role.TRAINER):
        raise NotFound
    rows = second.readings_for(visitor())
    lines = [(row, revision_of(row.revision_digest).course.activities.get(row.activity_id)) for row in rows]
    return page("reading/second_queue.html", lines=lines)


def _asked(submission_id: int) -> queries.Text:
    """A text that this trainer may read as second reader, and has to settle if both have read. Raises NotFound."""
    text = queries.text_for(visitor(), submission_id)
    if second.reading_of(submission_id) is None:
        raise NotFound
    return text


@views.get("/reading/second/<int:submission_id>")
@signed_in_only
def read(submission_id: int) -> ResponseReturnValue:
    text = _asked(submission_id)
    reading = second.reading_of(submission_id)
    if reading is not None and reading.read_at is not None:
        return _both_page(text)
    _not_the_first(submission_id)
    if not queries.openings_of(visitor(), submission_id, now()).mine:
        return page("reading/second_open.html", text=text, activity=common(text)["activity"])
    return _reading_page(text)


def _not_the_first(submission_id: int) -> None:
    standing = standing_review(submission_id)
    if standing is None or standing.reviewer_id == visitor().id:
        raise NotFound


@views.post("/reading/second/<int:submission_id>/open")
@signed_in_only
def open_text(submission_id: int) -> ResponseReturnValue:
    text = _asked(submission_id)
    with saved():
        actions.open_text(text.submission, now=now(), **acting_on(text))
    return go(".read", submission_id=submission_id)


def _reading_page(text: queries.Text, typed: Any = None, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    return page("reading/second.html", status, **common(text, typed), errors=errors or {}, both=None)


def _both_page(text: queries.Text, typed: Any = None, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    both = second.both_for(visitor(), text)
    mine = both.first if both.first.reviewer_id == visitor().id else both.second
    values = common(text, typed or queries.review_draft(text.submission.id, visitor().id) or mine)
    return page("reading/second.html", status, **values, errors=errors or {}, both=both)


@views.post("/reading/second/<int:submission_id>")
@signed_in_only
def say(submission_id: int) -> ResponseReturnValue:
    """The second reader's own decision; the first one's answer goes out if they agree."""
    text = queries.text_for(visitor(), submission_id)
    try:
        feedback = feedback_from(text)
        with saved():
            agreed = second.read_second(text, feedback, form("decision"), terms_of(text), by=visitor().id, now=now())
    except Incomplete as incomplete:
        return _reading_page(text, _keep(text), incomplete.by_field, 422)
    except Refused as refused:
        return _kept(text, refused)
    if not agreed:
        return go(".read", submission_id=submission_id)
    first = standing_review(submission_id)
    if first is not None and first.visible_from:
        flash(_("You both see it the same way. The first answer is on its way."))
    else:
        flash(_("You both see it the same way. The first reader sends it later."))
    return go(".queue")


def _keep(text: queries.Text) -> actions.Feedback:
    """What was typed, kept as a draft."""
    typed = however_long(text)
    with saved():
        actions.save_review_draft(text.submission, typed, by=visitor().id, now=now())
    return typed


def _kept(text: queries.Text, refused: Refused) -> ResponseReturnValue:
    """The text as it stands now, with these words as a draft beside it."""
    _keep(text)
    flash(str(refused.sentence))
    return go("reading.room", submission_id=text.submission.id)


@views.post("/reading/second/<int:submission_id>/settle")
@signed_in_only
def settle(submission_id: int) -> ResponseReturnValue:
    """What holds, after the two readers have talked."""
    text = queries.text_for(visitor(), submission_id)
    try:
        feedback = feedback_from(text)
        with saved():
            second.settle(text, feedback, form("decision"), terms_of(text), by=visitor().id, now=now())
    except Incomplete as incomplete:
        return _both_page(text, _keep(text), incomplete.by_field, 422)
    except Refused as refused:
        return _kept(text, refused)
    flash(_("Settled. The answer is on its way."))
    return go(".queue")
