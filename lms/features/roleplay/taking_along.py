"""What somebody takes along of their role plays: what they wrote, what was given to them, what trainers saw of them, and
what they asked for themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.grouping.models import NotThePersonToday, NotThisTopic
from lms.features.grouping.words import TOPICS
from lms.features.roleplay.models import Run, Sheet, SupporterNote
from lms.features.roleplay.sheets import QUESTIONS, seat_named
from lms.host.archive import Taken
from lms.host.db import session
from lms.host.i18n import spoken
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import LookFor
from lms.plugin_api.values import Compared, Part, Text

SAW = Text("I saw", "J'ai vu")
ASKED = Text("I asked", "J'ai demandé")
NOT_THE_PERSON = Text("not to play the person", "à ne pas jouer la personne")
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
_NOT_THE_PERSON = select(NotThePersonToday.enrolment_id, NotThePersonToday.set_at, Meeting.number).join(
    Meeting, Meeting.id == NotThePersonToday.meeting_id
)
_TOPICS = (
    select(NotThisTopic.topic, NotThisTopic.set_at)
    .join(Enrolment, Enrolment.person_id == NotThisTopic.person_id)
    .order_by(NotThisTopic.set_at, NotThisTopic.topic)
)


def role_plays_taken(places: Collection[tuple[int, Course]]) -> dict[int, list[Taken]]:
    """Enrolment to its pages; what was let go is gone. Topics that were set aside stand in the latest place, once. Four queries
    however many places there are."""
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
    for enrolment, at, number in session.execute(_NOT_THE_PERSON.where(NotThePersonToday.enrolment_id.in_(ids))):
        heading = Text(f"Class {number}: my choice", f"Séance {number}\u00a0: mon choix")
        found.setdefault(enrolment, []).append((at, heading, (_asked(NOT_THE_PERSON),)))
    for topic, at in session.execute(_TOPICS.where(Enrolment.id == max(ids, default=0))):
        heading = Text("For all role plays: my choice", "Pour tous les jeux de rôle\u00a0: mon choix")
        found.setdefault(max(ids), []).append((at, heading, (_asked(_not_this(topic)),)))
    title = Text("Role play", "Jeu de rôle")
    return {id: [Taken("role-play", title, tuple(sorted(entries, key=_moment)))] for id, entries in found.items()}


def _asked(what: Text) -> Part:
    return Part(ASKED, "", choices=(Compared(what, taken=True),))


def _not_this(topic: str) -> Text:
    word = TOPICS.get(topic, topic)
    with spoken("fr"):
        french = str(word)
    with spoken("en"):
        return Text(f"not to meet this topic: {word}", f"à ne pas rencontrer ce sujet\u00a0: {french}")


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
