"""Files of a draft: added, put in order, taken out. Each of these locks the enrolment first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.features.cohorts.models import Enrolment
from lms.features.submissions.actions import Author, begin_without_words, last_submission, state_of_submission
from lms.features.submissions.attachments import after, forget, of_answer, rows_of
from lms.features.submissions.models import Attachment, Draft
from lms.features.submissions.rules import HomeworkState
from lms.host.db import locked, session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.host.media import MOST_PAGES, Kind, NotTaken

MOST_FILES: dict[Kind, int] = {"audio": 10, "photo": MOST_PAGES, "file": 10}
ENOUGH = {
    "audio": _l("There are ten recordings already. Take one out first."),
    "photo": _l("There are ten pages already. Take one out first."),
    "file": _l("There are ten files already. Take one out first."),
}


@dataclass(frozen=True)
class NewFile:
    """What was stored under `stored`, and is to belong to an answer. `digest` is of the bytes that were sent."""

    kind: Kind
    media_type: str
    name: str
    size: int
    seconds: int | None
    stored: str
    digest: str


def of_draft(enrolment_id: int, activity: str, now: datetime) -> list[Attachment]:
    """What would be sent now, in order. A new version that nobody has begun yet has what the earlier one has."""
    files = of_answer(enrolment_id, activity)
    if None in files or not files or session.get(Draft, (enrolment_id, activity)) is not None:
        return files.get(None, [])
    last = last_submission(enrolment_id, activity)
    if last is None or state_of_submission(last, now) is not HomeworkState.RETURNED:
        return []
    return files.get(last.id, [])


def add(author: Author, activity: str, file: NewFile, *, again: bool = False, now: datetime) -> Attachment:
    """Put it after the others; `again` where a complete piece may be done once more.

    The same bytes a second time give the row that is there. Raises Refused, NotTaken.
    """
    rows = _open_rows(author, activity, again, now)
    same = next((row for row in rows if row.digest == file.digest and row.kind == file.kind), None)
    if same is not None:
        return same
    if sum(row.kind == file.kind for row in rows) >= MOST_FILES[file.kind]:
        raise NotTaken(ENOUGH[file.kind])
    added = Attachment(
        enrolment_id=author.enrolment_id,
        activity_id=activity,
        kind=file.kind,
        media_type=file.media_type,
        name=file.name,
        size=file.size,
        seconds=file.seconds,
        position=after(rows),
        stored=file.stored,
        digest=file.digest,
        added_at=now,
    )
    session.add(added)
    session.flush()
    return added


def remove(author: Author, activity: str, file_id: int, *, again: bool = False, now: datetime) -> None:
    """Take it out. What is out already stays out."""
    file = _chosen(_open_rows(author, activity, again, now), file_id)
    if file is not None:
        forget([file], now=now)


def move(author: Author, activity: str, file_id: int, *, later: bool, again: bool = False, now: datetime) -> None:
    """Change places with the neighbour of the same kind; the first and the last stay where they are."""
    rows = _open_rows(author, activity, again, now)
    file = _chosen(rows, file_id)
    if file is None:
        return
    kin = [row for row in rows if row.kind == file.kind]
    at = kin.index(file) + (1 if later else -1)
    if 0 <= at < len(kin):
        file.position, kin[at].position = kin[at].position, file.position


def _open_rows(author: Author, activity: str, again: bool, now: datetime) -> list[Attachment]:
    """The files of the draft, for changing: begun, and refused while a version waits or is complete."""
    locked(Enrolment, author.enrolment_id)
    last = last_submission(author.enrolment_id, activity)
    if last is not None and last.reviewed:
        state = state_of_submission(last, now)
        if state is HomeworkState.SENT:
            raise Refused(_l("This is sent already, and nobody has answered yet. Take it back first to change it."))
        if state is HomeworkState.DONE and not again:
            raise Refused(_l("This one is complete. There is nothing more to send."))
    begin_without_words(author, activity, now=now)
    return rows_of(author.enrolment_id, activity, None)


def _chosen(rows: list[Attachment], file_id: int) -> Attachment | None:
    """The file of the draft; on a page from before the draft had files of its own, the copy of the one shown there."""
    found = next((row for row in rows if row.id == file_id), None)
    if found is None:
        shown = session.get(Attachment, file_id)
        found = next((row for row in rows if shown is not None and row.stored == shown.stored), None)
    return found
