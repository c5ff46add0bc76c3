"""Homework of long ago, sent, read and accepted: the rows that the actions would have left, many with one statement.

Nobody waits for it any more, and no plugin was there to be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert

from lms.features.submissions.actions import Author
from lms.features.submissions.models import Opening, Review, Submission
from lms.features.submissions.rules import UNDO, Decision, Readers
from lms.host import audit
from lms.host.db import session
from lms.plugin_api.values import Answer

READING_TAKES = timedelta(minutes=4)


@dataclass(frozen=True)
class Read:
    """Who read a text, when they opened it, and what they wrote back."""

    by: int
    at: datetime
    came_through: str
    to_try: str
    ticks: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """A piece of homework that is complete; without `read`, it was one that nobody reads."""

    author: Author
    activity: str
    answer: Answer
    fields: dict[str, str]
    readers: Readers
    at: datetime
    read: Read | None


def done_long_ago(pieces: Sequence[Done]) -> None:
    """Add all of it to the current transaction."""
    if not pieces:
        return
    sent = session.scalars(
        insert(Submission).returning(Submission.id, sort_by_parameter_order=True),
        [
            {
                "cohort_id": piece.author.cohort_id,
                "enrolment_id": piece.author.enrolment_id,
                "activity_id": piece.activity,
                "version": 1,
                "fields": piece.fields,
                "text": piece.answer.text,
                "data": dict(piece.answer.data),
                "sent_at": piece.at,
                "reviewed": piece.read is not None,
                "waiting": False,
                "audience": piece.readers.audience,
                "reader_id": piece.readers.reader,
            }
            for piece in pieces
        ],
    ).all()
    read = [(id, piece.read) for id, piece in zip(sent, pieces, strict=True) if piece.read]
    if read:
        session.execute(insert(Opening), [{"submission_id": id, "person_id": one.by, "at": one.at} for id, one in read])
        session.execute(insert(Review), [_review(id, one) for id, one in read])
    noted = [row for id, piece in zip(sent, pieces, strict=True) for row in _noted(id, piece)]
    session.execute(insert(audit.AuditRow), noted)


def _review(submission: int, read: Read) -> dict[str, object]:
    released = read.at + READING_TAKES
    return {
        "submission_id": submission,
        "reviewer_id": read.by,
        "decision": Decision.ACCEPT,
        "came_through": read.came_through,
        "to_try": read.to_try,
        "question": "",
        "ticks": list(read.ticks),
        "released_at": released,
        "visible_from": released + UNDO,
    }


def _noted(submission: int, piece: Done) -> list[dict[str, object]]:
    writer = piece.author.person_id
    steps = [("submissions.sent", writer, piece.at)]
    if read := piece.read:
        steps.append(("submissions.opened", read.by, read.at))
        steps.append((f"reviews.released.{Decision.ACCEPT}", read.by, read.at + READING_TAKES))
    shared = {
        "subject": f"submission:{submission}",
        "about_id": writer,
        "organization_id": piece.author.organization_id,
    }
    return [{**shared, "verb": verb, "by_id": by, "at": at} for verb, by, at in steps]
