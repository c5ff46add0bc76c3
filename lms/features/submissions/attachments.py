"""Recordings, photos and files: which answer they belong to, and when their bytes are forgotten.

Bytes are stored before their row is written, and forgotten after the last row that names them is gone; a check that
the outbox does later finds bytes that no row ever came to name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from lms.features.submissions.models import Attachment, Submission
from lms.host import outbox
from lms.host.db import saved, session
from lms.host.errors import NotFound
from lms.host.media import KINDS
from lms.host.uploads import Uploads
from lms.plugin_api.values import SentFile

FORGET = "uploads.forget"
# A row follows its bytes within one request; so much later they are nobody's.
NOBODYS_AFTER = timedelta(hours=1)
COPIED = (
    "enrolment_id",
    "activity_id",
    "kind",
    "media_type",
    "name",
    "size",
    "seconds",
    "position",
    "stored",
    "digest",
)

# -- what there is ------------------------------------------------------------------------------------------


def of_answer(enrolment_id: int, activity: str) -> dict[int | None, list[Attachment]]:
    """The files of each version of an answer, in order; of its draft under None. One query."""
    found: dict[int | None, list[Attachment]] = {}
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.enrolment_id == enrolment_id, Attachment.activity_id == activity)
        .order_by(Attachment.position, Attachment.id)
    )
    for row in rows:
        found.setdefault(row.submission_id, []).append(row)
    return found


def rows_of(enrolment_id: int, activity: str, submission_id: int | None) -> list[Attachment]:
    """The files of one version, or of the draft, in order."""
    return list(
        session.scalars(
            select(Attachment)
            .where(
                Attachment.enrolment_id == enrolment_id,
                Attachment.activity_id == activity,
                Attachment.submission_id == submission_id,
            )
            .order_by(Attachment.position, Attachment.id)
        )
    )


def as_sent(rows: Iterable[Attachment]) -> tuple[SentFile, ...]:
    """As the kind of homework gets to know them."""
    kinds = {str(kind): kind for kind in KINDS}
    return tuple(SentFile(kinds[row.kind], row.name, row.media_type, row.size) for row in rows)


def own_file(enrolment_id: int, file_id: int) -> Attachment:
    """A file of this enrolment, of its draft or of what it sent. Raises NotFound."""
    found = session.get(Attachment, file_id)
    if found is None or found.enrolment_id != enrolment_id:
        raise NotFound
    return found


# -- from version to version --------------------------------------------------------------------------------


def begin_with(earlier: Submission) -> None:
    """The draft of a new version starts with the files of the one that came back; one that has files keeps them."""
    if rows_of(earlier.enrolment_id, earlier.activity_id, None):
        return
    for row in rows_of(earlier.enrolment_id, earlier.activity_id, earlier.id):
        session.add(Attachment(**{name: getattr(row, name) for name in COPIED}, added_at=row.added_at))
    session.flush()


def send_along(submission: Submission) -> None:
    """What belongs to the draft belongs to what was sent from it."""
    for row in rows_of(submission.enrolment_id, submission.activity_id, None):
        row.submission_id = submission.id
    session.flush()


def bring_back(submission: Submission) -> None:
    """What was taken back is in the draft again, after what is there."""
    position = after(rows_of(submission.enrolment_id, submission.activity_id, None))
    for row in rows_of(submission.enrolment_id, submission.activity_id, submission.id):
        row.submission_id, row.position = None, position
        position += 1
    session.flush()


def after(rows: list[Attachment]) -> int:
    """The place after all of these."""
    return max((row.position for row in rows), default=0) + 1


# -- bytes --------------------------------------------------------------------------------------------------


def expect(stored: str, *, now: datetime) -> None:
    """Bytes are about to be stored under this name: look later whether a row names them."""
    outbox.put(FORGET, f"upload:{stored}", {"stored": stored}, at=now, due=now + NOBODYS_AFTER)


def forget(rows: Iterable[Attachment], *, now: datetime) -> None:
    """Rows go now, their bytes afterwards."""
    for row in rows:
        outbox.put(FORGET, f"upload:{row.stored}:{row.id}", {"stored": row.stored}, at=now)
        session.delete(row)
    session.flush()


def forget_bytes(uploads: Uploads, payload: Mapping[str, Any]) -> None:
    """From the outbox: bytes that no row names. Rows are copied from rows, so what nobody names stays nobody's."""
    stored = str(payload["stored"])
    with saved():  # no transaction stays open while a bucket far away answers
        named = session.scalar(select(exists().where(Attachment.stored == stored)))
    if not named:
        uploads.delete(stored)
