"""The trainee's side: writing, sending, taking back.

Each of these locks the enrolment first, so that two windows or devices of one person come one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select

from lms.features.cohorts.models import Enrolment
from lms.features.organizations.events import happened
from lms.features.submissions import attachments, queries
from lms.features.submissions.models import Draft, DraftVersion, Opening, Reply, Review, Submission
from lms.features.submissions.retention import expect_words
from lms.features.submissions.rules import (
    KEPT_VERSIONS,
    HomeworkState,
    Readers,
    choice_of,
    state_of,
    worth_keeping,
)
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import NotFound, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Answer

# A second, equal sending within this time is a double click or a retry, not a new version.
SAME_SENDING = timedelta(minutes=10)
# Each version's draft counts on from a number of its own: a window that was left open over a sending never meets the
# number it knows again, above other words.
COUNTERS_PER_VERSION = 100_000
TEAM = Readers("team")


@dataclass(frozen=True)
class Author:
    """Whose answer it is: the enrolment, its cohort and organization, the person."""

    enrolment_id: int
    cohort_id: int
    organization_id: int
    person_id: int


class WrittenElsewhere(Refused):
    """The draft was saved from another window or device since this one was opened. `fields` is what stands there."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_l("You wrote this in another window or on another device too."))
        self.fields, self.counter, self.saved_at = dict(draft.fields), draft.counter, draft.saved_at


# -- what is written ----------------------------------------------------------------------------------------


def save_draft(
    author: Author,
    activity: str,
    fields: Mapping[str, str],
    base: int,
    *,
    now: datetime,
    audience: str = "",
    besides: Mapping[str, str] | None = None,
) -> Draft | None:
    """Keep what is written, and who shall read it as far as chosen. `base` is the counter of the draft that the page
    started from, 0 if there was none.

    `besides` is another text that was not chosen, and stays under the earlier ones. A draft is replaced only by a page
    that has seen it: else, and if it differs, WrittenElsewhere. Words that were sent just so are no draft again: then
    None.
    """
    locked(Enrolment, author.enrolment_id)
    draft = _draft(author, activity)
    if draft is None:
        last = last_submission(author.enrolment_id, activity)
        if last is not None and last.fields == dict(fields):
            return None
        _begin_with_earlier_files(author, activity, now)
        draft = _begin_draft(author, activity, fields, now)
    elif draft.fields != dict(fields):
        if draft.counter != base:
            raise WrittenElsewhere(draft)
        _replace(draft, fields, now)
    draft.saved_at = now
    draft.audience = audience or draft.audience
    if besides and _has_words(besides):
        _keep_version(draft, besides, now)
    session.flush()
    return draft


def _replace(draft: Draft, fields: Mapping[str, str], now: datetime) -> None:
    """Other words in the draft; what stood there can be found again."""
    kept = queries.draft_versions(draft.enrolment_id, draft.activity_id)
    if worth_keeping(draft.fields, fields, kept[0].saved_at if kept else None, now):
        _keep_version(draft, draft.fields, draft.saved_at)
    draft.fields = dict(fields)
    draft.counter = max(draft.counter + 1, _first_counter(draft.enrolment_id, draft.activity_id))


def _keep_version(draft: Draft, fields: Mapping[str, str], saved_at: datetime) -> None:
    """Keep a text under the earlier ones of this draft, once; the last few of them stay."""
    kept = queries.draft_versions(draft.enrolment_id, draft.activity_id)
    if any(version.fields == dict(fields) for version in kept):
        return
    session.add(
        DraftVersion(
            enrolment_id=draft.enrolment_id, activity_id=draft.activity_id, fields=dict(fields), saved_at=saved_at
        )
    )
    for old in kept[KEPT_VERSIONS - 1 :]:
        session.delete(old)
    session.flush()


def _has_words(fields: Mapping[str, str]) -> bool:
    return any(str(text).strip() for text in fields.values())


def bring_back(author: Author, activity: str, version_id: int, *, now: datetime) -> Draft:
    """Make earlier words of a draft its words again; what stands there now is kept too. Raises NotFound."""
    locked(Enrolment, author.enrolment_id)
    version = session.get(DraftVersion, version_id)
    if version is None or (version.enrolment_id, version.activity_id) != (author.enrolment_id, activity):
        raise NotFound
    fields = dict(version.fields)
    draft = _draft(author, activity)
    if draft is None:
        _begin_with_earlier_files(author, activity, now)
        return _begin_draft(author, activity, fields, now)
    session.delete(version)
    session.flush()
    _replace(draft, fields, now)
    draft.saved_at = now
    return draft


def _draft(author: Author, activity: str) -> Draft | None:
    return session.get(Draft, (author.enrolment_id, activity), populate_existing=True)


def _begin_draft(author: Author, activity: str, fields: Mapping[str, str], now: datetime) -> Draft:
    counter = _first_counter(author.enrolment_id, activity)
    draft = Draft(
        enrolment_id=author.enrolment_id, activity_id=activity, fields=dict(fields), counter=counter, saved_at=now
    )
    session.add(draft)
    session.flush()
    return draft


def _first_counter(enrolment_id: int, activity: str) -> int:
    return (next_version(enrolment_id, activity) - 1) * COUNTERS_PER_VERSION + 1


def begin_without_words(author: Author, activity: str, *, now: datetime) -> None:
    """A draft for a recording or a file that comes before any words. Its counter is that of a page without a draft, so
    that a page which was opened before knows it."""
    if _draft(author, activity) is not None:
        return
    _begin_with_earlier_files(author, activity, now)
    last = last_submission(author.enrolment_id, activity)
    fields = dict(last.fields) if last is not None and last.reviewed else {}
    session.add(Draft(enrolment_id=author.enrolment_id, activity_id=activity, fields=fields, counter=0, saved_at=now))
    session.flush()


def _begin_with_earlier_files(author: Author, activity: str, now: datetime) -> None:
    last = last_submission(author.enrolment_id, activity)
    if last is not None and state_of_submission(last, now) is HomeworkState.RETURNED:
        attachments.begin_with(last)


# -- what is sent -------------------------------------------------------------------------------------------


def last_submission(enrolment_id: int, activity: str) -> Submission | None:
    """The latest version that stands."""
    return session.scalar(
        select(Submission)
        .where(
            Submission.enrolment_id == enrolment_id,
            Submission.activity_id == activity,
            Submission.taken_back_at.is_(None),
        )
        .order_by(Submission.version.desc())
        .limit(1)
    )


def standing_review(submission_id: int) -> Review | None:
    return session.scalar(select(Review).where(Review.submission_id == submission_id, Review.undone_at.is_(None)))


def state_of_submission(submission: Submission, now: datetime) -> HomeworkState:
    """Where this version stands for its author."""
    review = standing_review(submission.id)
    decision, visible_from = (review.decision, review.visible_from) if review else (None, None)
    return state_of(submission.reviewed, decision, visible_from, now)


def submit(
    author: Author,
    activity: str,
    answer: Answer,
    fields: Mapping[str, str],
    base: int = 0,
    *,
    reviewed: bool,
    now: datetime,
    readers: Readers = TEAM,
    again: bool = False,
    besides: Mapping[str, str] | None = None,
) -> Submission:
    """Send an answer to `readers`; the draft it came from (`base`, as for `save_draft`) is then gone.

    The same again within minutes gives the same submission; a waiting one must be taken back first; one that is complete
    stays so, but for a kind that may be done `again`; a draft that this page has not seen raises WrittenElsewhere.
    """
    locked(Enrolment, author.enrolment_id)
    last = last_submission(author.enrolment_id, activity)
    if last is not None:
        state = state_of_submission(last, now)
        same = last.text == answer.text and now - last.sent_at < SAME_SENDING
        for_oneself = last.audience == "me" and readers.audience != "me"
        if same and state is not HomeworkState.RETURNED and not for_oneself:
            return last
        if state is HomeworkState.SENT:
            raise Refused(_l("This is sent already, and nobody has answered yet. Take it back first to change it."))
        if state is HomeworkState.NOT_ACCEPTED:
            raise Refused(_l("Your trainers have decided about this one. Speak with them about what comes next."))
        if state is HomeworkState.DONE and not again and not for_oneself:
            raise Refused(_l("This one is complete. There is nothing more to send."))
    draft = _draft(author, activity)
    if draft is not None:
        if draft.counter != base and draft.fields != dict(fields):
            raise WrittenElsewhere(draft)
        session.delete(draft)
    else:
        _begin_with_earlier_files(author, activity, now)
    session.execute(
        delete(DraftVersion).where(
            DraftVersion.enrolment_id == author.enrolment_id, DraftVersion.activity_id == activity
        )
    )
    reviewed = reviewed and readers.audience != "me"
    submission = Submission(
        cohort_id=author.cohort_id,
        enrolment_id=author.enrolment_id,
        activity_id=activity,
        version=next_version(author.enrolment_id, activity),
        fields=dict(fields),
        text=answer.text,
        data=dict(answer.data),
        sent_at=now,
        reviewed=reviewed,
        waiting=reviewed,
        audience=readers.audience,
        reader_id=readers.reader,
    )
    session.add(submission)
    session.flush()
    attachments.send_along(submission)
    if besides and _has_words(besides) and dict(besides) != dict(fields):
        _begin_draft(author, activity, besides, now)  # the other one of two texts stays a draft
    _note("submissions.sent", submission, author, now)
    tell_of(submission, author)
    return submission


def tell_of(submission: Submission, author: Author) -> None:
    """Plugins hear of a version that was sent or noted; never of its words."""
    happened(
        "after_submission",
        f"submission:{submission.id}",
        at=submission.sent_at,
        organization=author.organization_id,
        cohort=author.cohort_id,
        enrolment=author.enrolment_id,
        person=author.person_id,
        facts={"activity": submission.activity_id, "version": str(submission.version)},
    )


def next_version(enrolment_id: int, activity: str) -> int:
    last = session.scalar(
        select(func.max(Submission.version)).where(
            Submission.enrolment_id == enrolment_id, Submission.activity_id == activity
        )
    )
    return (last or 0) + 1


def _note(verb: str, submission: Submission, author: Author, now: datetime) -> None:
    audit.note(
        verb,
        f"submission:{submission.id}",
        at=now,
        by=author.person_id,
        organization=author.organization_id,
        about=author.person_id,
    )


def take_back(author: Author, submission: Submission, *, now: datetime, nobody_reads: bool = False) -> None:
    """Make it a draft again; another draft that was written since stays as it is. Refused once somebody has opened it,
    unless `nobody_reads` it any more: the one reader who was chosen has left."""
    locked(Enrolment, author.enrolment_id)
    submission = locked(Submission, submission.id)
    if submission.taken_back_at is not None:
        return
    opened = session.scalar(select(exists().where(Opening.submission_id == submission.id)))
    if (opened and not nobody_reads) or not submission.waiting:
        raise Refused(_l("Your trainer has opened this already, so it cannot be taken back. You can talk about it."))
    submission.taken_back_at = now
    submission.waiting = False
    attachments.bring_back(submission)
    draft = _draft(author, submission.activity_id)
    if draft is None:
        draft = _begin_draft(author, submission.activity_id, submission.fields, now)
        draft.audience = choice_of(submission.audience, submission.reader_id)
    elif not _has_words(draft.fields):
        draft.fields, draft.saved_at = dict(submission.fields), now
        draft.audience = choice_of(submission.audience, submission.reader_id)
        draft.counter += 1
    _note("submissions.taken_back", submission, author, now)


def reply(author: Author, submission: Submission, words: str, *, now: datetime) -> None:
    """Answer the feedback, or without words say "thanks, read". The same again within minutes adds nothing."""
    submission = locked(Submission, submission.id)
    review = standing_review(submission.id)
    if review is None or review.visible_from is None or review.visible_from > now:
        raise NotFound
    expect_words(submission)
    words = words.strip()
    last = session.scalar(select(Reply).where(Reply.review_id == review.id).order_by(Reply.id.desc()).limit(1))
    if last is not None and last.words == words and now - last.at < SAME_SENDING:
        return
    session.add(Reply(review_id=review.id, words=words, at=now))
    _note("reviews.answered" if words else "reviews.thanked", submission, author, now)


def answer_of(submission: Submission) -> Answer:
    data: Mapping[str, Any] = submission.data
    return Answer(submission.text, data)
