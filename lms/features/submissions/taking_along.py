"""All that somebody wrote here, with what was said about it, to take along: read from the tables, shaped for pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import revision_of
from lms.features.organizations.models import Organization
from lms.features.submissions.actions import answer_of
from lms.features.submissions.by_talk import noted
from lms.features.submissions.models import Attachment, Draft, DraftVersion, Reply, Review, Submission
from lms.features.submissions.retention import removed
from lms.host.archive import Taken, TakenAlong, safe_name
from lms.host.db import session
from lms.host.guard import Guard
from lms.plugin_api.content import Activity, Course, Criterion
from lms.plugin_api.values import Compared, Field, Part, Text


@dataclass(frozen=True)
class Said:
    """A trainer's answer that its author can see, and what was replied."""

    review: Review
    by: str
    ticked: tuple[Text, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True)
class Written:
    """One version, or a draft (`sent_at` is empty): its words, its files by their names in the archive. What another feature
    adds has a `heading` of its own."""

    number: int
    sent_at: datetime | None
    saved_at: datetime
    taken_back: bool
    parts: tuple[Part, ...]
    files: tuple[tuple[str, Attachment], ...]
    said: Said | None = None
    earlier: bool = False
    heading: Text | None = None


@dataclass
class Piece:
    """All versions of one answer. `name` is that of its pages in the archive."""

    name: str
    title: Text
    zone: str
    written: list[Written] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """One cohort of the person, with what they wrote there, in the order of the course."""

    name: str
    organization: str
    course: Text
    pieces: tuple[Piece, ...]


def writing_of(person_id: int, guard: Guard, now: datetime, besides: Iterable[TakenAlong] = ()) -> list[Group]:
    """Every group that the person is or was in, and all of their own words in it, with what other features add (`besides`);
    nobody else's notes."""
    rows = session.execute(
        select(Enrolment.id, Cohort, Organization.name, Organization.time_zone)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Organization, Organization.id == Cohort.organization_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Cohort.published_at, Cohort.id)
    ).all()
    groups = []
    courses = {row[0]: revision_of(row[1].revision_digest).course for row in rows}
    added = [one(list(courses.items())) for one in besides]
    for number, (enrolment_id, cohort, organization, zone) in enumerate(rows, start=1):
        course = courses[enrolment_id]
        folder = f"{number:02}-{safe_name(cohort.name, 'group')}"
        pieces = _Pieces(enrolment_id, course, guard, folder, zone, now).all()
        pieces += [_piece(taken, folder, zone) for found in added for taken in found.get(enrolment_id, ())]
        groups.append(Group(cohort.name, organization, course.title, tuple(pieces)))
    return groups


def _piece(taken: Taken, folder: str, zone: str) -> Piece:
    written = [Written(0, at, at, False, parts, (), heading=heading) for at, heading, parts in taken.entries]
    return Piece(f"{folder}/{safe_name(taken.name)}", taken.title, zone, written)


@dataclass
class _Pieces:
    """The pieces of one enrolment."""

    enrolment_id: int
    course: Course
    guard: Guard
    folder: str
    zone: str
    now: datetime

    def all(self) -> list[Piece]:
        self.files = self._files()
        found: dict[str, Piece] = {}
        said = self._said()
        for submission in self._rows(Submission, Submission.version):
            piece = self._piece(found, submission.activity_id)
            piece.written.append(self._version(piece, submission, said.get(submission.id)))
        for earlier, model in ((True, DraftVersion), (False, Draft)):
            for draft in self._rows(model, model.saved_at):
                piece = self._piece(found, draft.activity_id)
                piece.written.append(self._drafted(piece, draft, earlier))
        return sorted(found.values(), key=lambda piece: piece.name)

    def _rows(self, model: Any, by: Any) -> list[Any]:
        return list(session.scalars(select(model).where(model.enrolment_id == self.enrolment_id).order_by(by)))

    def _files(self) -> dict[tuple[str, int | None], list[Attachment]]:
        files: dict[tuple[str, int | None], list[Attachment]] = {}
        for row in self._rows(Attachment, Attachment.position):
            files.setdefault((row.activity_id, row.submission_id), []).append(row)
        return files

    def _said(self) -> dict[int, Said]:
        rows = session.execute(
            select(Review, Person.name)
            .join(Submission, Submission.id == Review.submission_id)
            .join(Person, Person.id == Review.reviewer_id)
            .where(
                Submission.enrolment_id == self.enrolment_id,
                Review.undone_at.is_(None),
                Review.visible_from <= self.now,
            )
        ).all()
        replies: dict[int, list[Reply]] = {}
        ids = [review.id for review, _name in rows]
        for reply in session.scalars(select(Reply).where(Reply.review_id.in_(ids)).order_by(Reply.at)):
            replies.setdefault(reply.review_id, []).append(reply)
        lines = {line.id: line for line in self.course.review.criteria}
        for activity in self.course.activities.values():
            lines.update({line.id: line for line in activity.criteria or ()})
        return {
            review.submission_id: Said(
                review,
                name,
                tuple(_ticked(review.ticks, lines)),
                tuple(replies.get(review.id, ())),
            )
            for review, name in rows
        }

    def _piece(self, found: dict[str, Piece], activity_id: str) -> Piece:
        if activity_id not in found:
            order = [*self.course.activities, activity_id].index(activity_id) + 1
            name = f"{self.folder}/{order:03}-{safe_name(activity_id)}"
            found[activity_id] = Piece(name, self._activity(activity_id).title, self.zone)
        return found[activity_id]

    def _activity(self, activity_id: str) -> Activity:
        name = Text(activity_id, activity_id)
        lost = Activity(id=activity_id, kind="", title=name, minutes=0, body=name)
        return self.course.activities.get(activity_id) or lost

    def _version(self, piece: Piece, submission: Submission, said: Said | None) -> Written:
        activity = self._activity(submission.activity_id)
        if submission.words_removed_at is not None:
            parts = removed(submission, self.zone)
        elif submission.by_talk:
            parts = noted(submission)
        else:
            parts = self.guard.homework(self.course, activity).show(activity, answer_of(submission))
        return Written(
            submission.version,
            submission.sent_at,
            submission.sent_at,
            submission.taken_back_at is not None,
            parts,
            self._named(piece, submission.activity_id, submission.id, f"version-{submission.version}"),
            said,
        )

    def _drafted(self, piece: Piece, draft: Any, earlier: bool) -> Written:
        activity = self._activity(draft.activity_id)
        asked = {field.name: field for field in self.guard.homework(self.course, activity).form(activity)}
        texts = {name: str(text).strip() for name, text in draft.fields.items()}
        parts = tuple(_typed(asked.get(name), text, piece.title) for name, text in texts.items() if text)
        files = () if earlier else self._named(piece, draft.activity_id, None, "draft")
        return Written(0, None, draft.saved_at, False, parts, files, earlier=earlier)

    def _named(self, piece: Piece, activity: str, version: int | None, mark: str) -> tuple[tuple[str, Attachment], ...]:
        rows = self.files.get((activity, version), [])
        names = (row.name.rpartition(".") for row in rows)
        return tuple(
            (f"{piece.name}-{mark}-{number}-{safe_name(stem, row.kind)}.{safe_name(ending, 'bin')}", row)
            for number, (row, (stem, _dot, ending)) in enumerate(zip(rows, names, strict=True), start=1)
        )


def _typed(asked: Field | None, text: str, otherwise: Text) -> Part:
    """What stands in a field of a draft; of choices the words that stood beside them."""
    if asked is None:
        return Part(otherwise, text)
    labels = {choice.value: choice.label for choice in asked.choices}
    values = text.splitlines()
    if not labels or not set(values) <= labels.keys():
        return Part(asked.label, text)
    return Part(asked.label, "", choices=tuple(Compared(labels[value], taken=True) for value in values))


def _ticked(ticks: list[Any], lines: Mapping[str, Criterion]) -> Iterator[Text]:
    """The lines that were ticked ("id"), or given a level ("id:2")."""
    for tick in ticks:
        id, _, level = str(tick).partition(":")
        line = lines.get(id)
        if line is None:
            continue
        at = int(level) - 1 if level.isdecimal() else -1
        if 0 <= at < len(line.levels):
            chosen = line.levels[at]
            yield Text(f"{line.en}: {chosen.en}", f"{line.fr}\u00a0: {chosen.fr}")
        else:
            yield Text(line.en, line.fr)


def in_markdown(words: str) -> str:
    """What somebody typed, as a quotation: nothing in it is read as markup of the page around it."""
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())
