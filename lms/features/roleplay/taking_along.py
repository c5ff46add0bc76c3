"""What somebody takes along of their role plays: what they wrote, what was given to them, what trainers saw of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.roleplay.models import Run, Sheet, SupporterNote
from lms.features.roleplay.sheets import QUESTIONS, seat_named
from lms.host.archive import Taken
from lms.host.db import session
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import LookFor
from lms.plugin_api.values import Compared, Part, Text

SAW = Text("I saw", "J'ai vu")
_Writer, _About = aliased(Person), aliased(Person)
_WriterPlace, _AboutPlace = aliased(Enrolment), aliased(Enrolment)
_SHEETS = (
    select(Sheet, Meeting.number, _Writer.name.label("by"), _About.name.label("to"))
    .join(Run, Run.id == Sheet.run_id)
    .join(Meeting, Meeting.id == Run.meeting_id)
    .join(_WriterPlace, _WriterPlace.id == Sheet.enrolment_id)
    .join(_Writer, _Writer.id == _WriterPlace.person_id)
    .join(_AboutPlace, _AboutPlace.id == Sheet.supporter_id)
    .join(_About, _About.id == _AboutPlace.person_id)
    .order_by(Sheet.given_at, Sheet.id)
)
_NOTES = (
    select(SupporterNote, Meeting.number, Person.name.label("by"))
    .join(Meeting, Meeting.id == SupporterNote.meeting_id)
    .join(Person, Person.id == SupporterNote.by_id)
    .order_by(SupporterNote.at, SupporterNote.id)
)


def role_plays_taken(places: Collection[tuple[int, Course]]) -> dict[int, list[Taken]]:
    """Enrolment to its pages; what was let go is gone. Two queries however many places there are."""
    ids = [enrolment for enrolment, _course in places]
    lines = {enrolment: _lines_of(course) for enrolment, course in places}
    found: dict[int, list[tuple[datetime, Text, tuple[Part, ...]]]] = {}
    mine = or_(Sheet.enrolment_id.in_(ids), Sheet.supporter_id.in_(ids))
    for row in session.execute(_SHEETS.where(mine, Sheet.kept.is_not(False))):
        for enrolment in {row.Sheet.enrolment_id, row.Sheet.supporter_id} & set(ids):
            parts = tuple(_sheet_parts(row.Sheet, lines[enrolment]))
            if parts:
                found.setdefault(enrolment, []).append((row.Sheet.given_at, _heading(row), parts))
    for note, number, by in session.execute(_NOTES.where(SupporterNote.enrolment_id.in_(ids))):
        label = Text(f"What {by} saw, class {number}", f"Ce que {by} a vu, séance {number}")
        parts = tuple(_ticked(note.card, note.ticks, lines[note.enrolment_id]))
        parts += (Part(label, note.words),) if note.words else ()
        found.setdefault(note.enrolment_id, []).append((note.at, label, parts))
    title = Text("Role play", "Jeu de rôle")
    return {id: [Taken("role-play", title, tuple(sorted(entries, key=_moment)))] for id, entries in found.items()}


def _moment(entry: tuple[datetime, Text, tuple[Part, ...]]) -> datetime:
    return entry[0]


def _heading(row: Any) -> Text:
    if row.Sheet.seat == "supporter":
        return Text(f"Class {row.number}: own notes", f"Séance {row.number}\u00a0: notes à soi")
    return Text(f"Class {row.number}: {row.by}, for {row.to}", f"Séance {row.number}\u00a0: {row.by}, pour {row.to}")


def _lines_of(course: Course) -> dict[tuple[str, str], LookFor]:
    return {(card.id, line.id): line for card in course.cards for line in card.roles.observer.look_for}


def _sheet_parts(sheet: Sheet, lines: dict[tuple[str, str], LookFor]) -> list[Part]:
    answers = [Part(q.label, sheet.words[q.name]) for q in QUESTIONS[seat_named(sheet.seat)] if sheet.words.get(q.name)]
    return [*_ticked(sheet.card, sheet.ticks, lines), *answers]


def _ticked(card: str, ticks: list[str], lines: dict[tuple[str, str], LookFor]) -> list[Part]:
    seen = [lines[card, tick] for tick in ticks if (card, tick) in lines]
    if not seen:
        return []
    return [Part(SAW, "", choices=tuple(Compared(Text(line.en, line.fr), taken=True) for line in seen))]
