"""Buttons beside a text: set aside, give to a colleague, hold and release together, note among trainers, rest."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.cohorts.queries import revision_of
from lms.features.reading import desk, queries, second
from lms.features.reading.pages import go_on, room_page
from lms.features.reading.views import batch, following, open_or_queue
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import ngettext
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    now,
    number,
    page,
    session,
    signed_in_only,
    visitor,
)

views = Blueprint("desk", __name__, template_folder="templates")


@views.post("/reading/<int:submission_id>/aside")
@signed_in_only
def set_aside(submission_id: int) -> ResponseReturnValue:
    """Leave it for later, and open what follows."""
    text = queries.text_for(visitor(), submission_id)
    after = following(text.submission)
    with saved():
        desk.set_aside(text, by=visitor().id, now=now())
    flash(_("Set aside. It waits for you at the end of your list."))
    return open_or_queue(after)


@views.post("/reading/<int:submission_id>/take-up")
@signed_in_only
def take_up(submission_id: int) -> ResponseReturnValue:
    text = queries.text_for(visitor(), submission_id)
    with saved():
        desk.take_up(text, by=visitor().id, now=now())
    return go("reading.room", submission_id=submission_id, **go_on())


@views.post("/reading/<int:submission_id>/give")
@signed_in_only
def give(submission_id: int) -> ResponseReturnValue:
    """Ask a colleague to read it, and open what follows."""
    text = queries.text_for(visitor(), submission_id)
    colleagues = {row.id: row.name for row in queries.trainers_beside(text, visitor().id)}
    to = number("to")
    after = following(text.submission)
    try:
        with saved():
            desk.give(text, to, colleagues, by=visitor().id, now=now())
    except Incomplete as incomplete:
        return room_page(text, None, incomplete.by_field, 422, by=batch(), undo=None)
    if to in colleagues:
        flash(_("%(name)s finds it on top of their list.", name=colleagues[to]))
        return open_or_queue(after)
    return go("reading.room", submission_id=submission_id, **go_on())


@views.post("/reading/<int:submission_id>/notes")
@signed_in_only
def add_note(submission_id: int) -> ResponseReturnValue:
    text = queries.text_for(visitor(), submission_id)
    try:
        with saved():
            desk.add_note(text, form("note", 4000), by=visitor().id, now=now())
    except Incomplete as incomplete:
        return room_page(text, None, incomplete.by_field, 422, by=batch(), undo=None)
    flash(_("Noted among trainers."))
    return go("reading.room", submission_id=submission_id, **go_on())


# -- held back ----------------------------------------------------------------------------------------------


@views.get("/reading/held")
@signed_in_only
def held() -> ResponseReturnValue:
    """What one holds back, to be sent together."""
    if not visitor().has(Role.TRAINER):
        raise NotFound
    mine, left = queries.all_held(visitor())
    return page("reading/held.html", lines=_with_titles(mine), left=_with_titles(left))


def _with_titles(rows: list[Any]) -> list[tuple[Any, Any]]:
    return [(row, revision_of(row.revision_digest).course.activities.get(row.activity_id)) for row in rows]


@views.post("/reading/held/release")
@signed_in_only
def release_held() -> ResponseReturnValue:
    """Send all that one holds back."""
    rows = queries.held_by(visitor())
    with saved():
        for row in rows:
            desk.release_held(
                row.Review, by=visitor().id, organization=row.organization_id, about=row.person_id, now=now()
            )
    if rows:
        flash(ngettext("%(num)d answer is on its way.", "%(num)d answers are on their way.", len(rows)))
    return go("reading.queue")


@views.post("/reading/<int:submission_id>/without-second")
@signed_in_only
def without_second(submission_id: int) -> ResponseReturnValue:
    """Send an answer that waits for a second reader, where nobody is left who could be one."""
    text = queries.text_for(visitor(), submission_id)
    colleagues = queries.trainers_beside(text, visitor().id)
    with saved():
        second.go_without(text, bool(colleagues), by=visitor().id, now=now())
    return go("reading.queue", **go_on())


@views.post("/reading/resting")
@signed_in_only
def no_resting() -> ResponseReturnValue:
    """No more words about resting on this device."""
    session["no_resting"] = True
    session.permanent = True
    return go("reading.queue", **go_on())
