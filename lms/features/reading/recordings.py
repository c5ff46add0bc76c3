"""Recordings, photos and files of a text on somebody's desk."""

from __future__ import annotations

from lms.features.reading import queries
from lms.features.submissions.files import file_answer
from lms.features.submissions.models import Attachment, Submission
from lms.host.db import session
from lms.host.errors import NotFound
from lms.host.web import Blueprint, ResponseReturnValue, now, signed_in_only, visitor

views = Blueprint("recordings", __name__)


@views.get("/reading/<int:submission_id>/files/<int:file_id>")
@signed_in_only
def file(submission_id: int, file_id: int) -> ResponseReturnValue:
    """For those who may read the text and have opened it, which its author was told."""
    text = queries.text_for(visitor(), submission_id)
    if not queries.openings_of(visitor(), submission_id, now()).mine:
        raise NotFound
    found = session.get(Attachment, file_id)
    if found is None or found.submission_id not in _versions(text.submission):
        raise NotFound
    return file_answer(found)


def _versions(submission: Submission) -> set[int]:
    """This version, and the earlier ones that stand beside it."""
    return {submission.id, *(earlier.id for earlier, _review in queries.earlier_reviews(visitor(), submission))}
