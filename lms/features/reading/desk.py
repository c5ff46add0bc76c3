"""What trainers do with what lies on their desk: set aside, give, release together, note, keep starters."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from lms.features.reading.actions import note, tell
from lms.features.reading.models import SecondReading, SetAside, Starter, TrainerNote
from lms.features.reading.queries import Text
from lms.features.submissions.models import Review, Submission
from lms.features.submissions.retention import expect_words
from lms.features.submissions.rules import UNDO
from lms.host.db import locked, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import FeedbackStarter

MOST_STARTERS = 100
STARTER_LENGTH = 400
FIELDS = ("came_through", "to_try", "question")


def set_aside(text: Text, *, by: int, now: datetime) -> None:
    """Leave a text for later: it comes last on this person's desk, and on nobody else's."""
    submission = locked(Submission, text.submission.id)
    if not submission.waiting:
        raise Refused(_l("This one is answered already."))
    if session.get(SetAside, (by, submission.id)) is None:
        session.add(SetAside(person_id=by, submission_id=submission.id, at=now))
        note("submissions.set_aside", submission, text.author.organization_id, by, text.author.person_id, now)


def take_up(text: Text, *, by: int, now: datetime) -> None:
    """Have a text that was set aside on the desk again."""
    locked(Submission, text.submission.id)
    aside = session.get(SetAside, (by, text.submission.id))
    if aside is not None:
        session.delete(aside)
        note("submissions.taken_up", text.submission, text.author.organization_id, by, text.author.person_id, now)


def give(text: Text, to: int | None, colleagues: Collection[int], *, by: int, now: datetime) -> None:
    """Ask a colleague (one of `colleagues`, or oneself) to read it; None: it is everybody's again."""
    submission = locked(Submission, text.submission.id)
    if not submission.waiting:
        raise Refused(_l("This one is answered already."))
    if to is not None and to != by and to not in colleagues:
        raise Incomplete({"to": _l("Choose a trainer of this group.")})
    if submission.given_to_id != to:
        submission.given_to_id = to
        session.execute(delete(SetAside).where(SetAside.submission_id == submission.id, SetAside.person_id == to))
        verb = "submissions.given" if to is not None else "submissions.given_back"
        note(verb, submission, text.author.organization_id, by, text.author.person_id, now)


def release_held(review: Review, *, by: int, organization: int, about: int, now: datetime) -> None:
    """Send what was held back. Nothing happens for what was sent or undone meanwhile, or waits for a second reader."""
    submission = locked(Submission, review.submission_id)
    review = locked(Review, review.id)
    pending = session.scalar(
        select(SecondReading.submission_id).where(
            SecondReading.submission_id == submission.id, SecondReading.settled_at.is_(None)
        )
    )
    if review.visible_from is None and review.undone_at is None and pending is None:
        review.visible_from = now + UNDO
        note(f"reviews.released.{review.decision}", submission, organization, by, about, now)
        tell(review, submission, organization, now)


def add_note(text: Text, words: str, *, by: int, now: datetime) -> None:
    """A note among the trainers of the cohort. The same words again, one after the other, are one note."""
    words = words.strip()
    if not words:
        raise Incomplete({"note": _l("Write the note first.")})
    expect_words(text.submission)
    last = session.scalar(
        select(TrainerNote)
        .where(TrainerNote.enrolment_id == text.author.enrolment_id, TrainerNote.by_id == by)
        .order_by(TrainerNote.id.desc())
        .limit(1)
    )
    if last is None or last.words != words:
        session.add(TrainerNote(enrolment_id=text.author.enrolment_id, by_id=by, at=now, words=words))
        note("notes.added", text.submission, text.author.organization_id, by, text.author.person_id, now)


# -- starters of one's own ----------------------------------------------------------------------------------


def add_starter(person: int, starter: FeedbackStarter) -> None:
    """Keep the beginning of a sentence for oneself. One language is enough: it stands for the other too."""
    en, fr = starter.en.strip(), starter.fr.strip()
    if not en and not fr:
        raise Incomplete({"en": _l("Write the beginning of a sentence.")})
    if max(len(en), len(fr)) > STARTER_LENGTH:
        raise Incomplete({"en": _l("A starter is short: one or two sentences.")})
    kept = session.scalars(select(Starter).where(Starter.person_id == person)).all()
    if any((one.en, one.fr) == (en or fr, fr or en) for one in kept):
        return
    if len(kept) >= MOST_STARTERS:
        raise Refused(_l("You have a hundred starters. Remove one first."))
    session.add(Starter(person_id=person, field=starter.field or "", en=en or fr, fr=fr or en))


def remove_starter(person: int, starter_id: int) -> None:
    """Raises NotFound for somebody else's."""
    starter = session.get(Starter, starter_id)
    if starter is None or starter.person_id != person:
        raise NotFound
    session.delete(starter)
