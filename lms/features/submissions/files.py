"""Recordings, photos and files of one's own answer: add, order, take out, see again; and all of one's writing to take along."""

from __future__ import annotations

from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.submissions import actions, attachments, gathering, queries
from lms.features.submissions.incoming import take_files
from lms.features.submissions.models import Attachment
from lms.features.submissions.pages import activity_of, author_of, base, two_texts, typed_fields
from lms.host.db import saved
from lms.host.guard import GuardedActivityType
from lms.host.transfer import stored_answer
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    now,
    page,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.plugin_api.content import Activity

views = Blueprint("files", __name__)

# Shown in the page by the browser; everything else is offered for download.
SHOWN = ("audio/", "image/")


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/files")
@signed_in_only
def add(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    """Add what was chosen or recorded, and keep what is typed in the same form."""
    here = cohorts.attended_by(visitor(), cohort_id)
    found, kind = activity_of(here, activity_id)
    if wants_json():
        sentences = take_files(author_of(here), activity_id, kind.accepts(found), again=kind.again, now=now())
        return _list(here, found, kind, [str(sentence) for sentence in sentences])
    return _kept_all(here, found, kind)


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/files/<int:file_id>/delete")
@signed_in_only
def remove(cohort_id: int, activity_id: str, file_id: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    found, kind = activity_of(here, activity_id)
    file = attachments.own_file(author_of(here).enrolment_id, file_id)
    with saved():
        gathering.remove(author_of(here), activity_id, file.id, again=kind.again, now=now())
    return _list(here, found, kind) if wants_json() else _kept_all(here, found, kind)


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/files/<int:file_id>/move")
@signed_in_only
def move(cohort_id: int, activity_id: str, file_id: int) -> ResponseReturnValue:
    """One place earlier, or later."""
    here = cohorts.attended_by(visitor(), cohort_id)
    found, kind = activity_of(here, activity_id)
    file = attachments.own_file(author_of(here).enrolment_id, file_id)
    later = request.args.get("to") == "later"
    with saved():
        gathering.move(author_of(here), activity_id, file.id, later=later, again=kind.again, now=now())
    return _list(here, found, kind) if wants_json() else _kept_all(here, found, kind)


def _list(
    here: Here, activity: Activity, kind: GuardedActivityType, sentences: list[str] | None = None
) -> ResponseReturnValue:
    """For the script: the list as the page shows it, and what could not be taken."""
    drafted = gathering.of_draft(author_of(here).enrolment_id, activity.id, now())
    shown = page("submissions/_file_list.html", here=here, activity=activity, drafted=drafted)
    html = shown[0] if isinstance(shown, tuple) else shown
    return {"html": html, "problem": " ".join(sentences or ())}


def _kept_all(here: Here, activity: Activity, kind: GuardedActivityType) -> ResponseReturnValue:
    """Without script: what is typed is kept as the draft, what was chosen is added, and the page comes back."""
    author = author_of(here)
    fields = typed_fields(kind.form(activity), queries.draft_of(author.enrolment_id, activity.id))
    try:
        if any(field.name in request.form for field in kind.form(activity)):
            with saved():
                audience = form("audience", 40)
                actions.save_draft(author, activity.id, fields, base(), now=now(), audience=audience)
    except actions.WrittenElsewhere as other:
        take_files(author, activity.id, kind.accepts(activity), again=kind.again, now=now())
        return two_texts(here, activity.id, fields, other)
    for sentence in take_files(author, activity.id, kind.accepts(activity), again=kind.again, now=now()):
        flash(str(sentence))
    return go("submissions.activity", cohort_id=here.id, activity_id=activity.id, _anchor="files")


@views.get("/cohorts/<int:cohort_id>/files/<int:file_id>")
@signed_in_only
def own(cohort_id: int, file_id: int) -> ResponseReturnValue:
    """One's own recording, photo or file, also after leaving the group."""
    here = cohorts.once_attended_by(visitor(), cohort_id)
    return file_answer(attachments.own_file(author_of(here).enrolment_id, file_id))


def file_answer(file: Attachment) -> ResponseReturnValue:
    """The bytes of a file that whoever asks may see."""
    shown = file.media_type.startswith(SHOWN) and "download" not in request.args
    return stored_answer(file.stored, file.size, file.media_type, file.name, shown=shown)
