"""Sheets for those who may read them: their writer, the supporter they are for, and trainers as far as the sheet said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Select, bindparam, case, null, select

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.roleplay.models import Run, Sheet
from lms.host.db import session

_BY_SPEAKING = case({"supporter": 0, "person": 1}, value=Sheet.seat, else_=2)


@dataclass(frozen=True)
class Received:
    """A sheet about somebody as supporter, with the name of its writer."""

    sheet: Sheet
    by: str


def sheets_around(run_id: int, enrolment_id: int) -> tuple[dict[int, list[Sheet]], dict[int, list[Received]]]:
    """The sheets of one run that somebody gave, by round, one for each seat they had; and round to what was given to them as
    its supporter, their own notes first, in the order of speaking. One query."""
    given: dict[int, list[Sheet]] = {}
    received: dict[int, list[Received]] = {}
    for sheet, name in session.execute(
        _with_writer()
        .where(Sheet.run_id == run_id, (Sheet.enrolment_id == enrolment_id) | (Sheet.supporter_id == enrolment_id))
        .order_by(Sheet.round_number, _BY_SPEAKING, Sheet.id)
    ):
        if sheet.enrolment_id == enrolment_id:
            given.setdefault(sheet.round_number, []).append(sheet)
        if sheet.supporter_id == enrolment_id:
            received.setdefault(sheet.round_number, []).append(Received(sheet, name))
    return given, received


def _with_writer() -> Select[Sheet, str]:
    return (
        select(Sheet, Person.name)
        .join(Enrolment, Enrolment.id == Sheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
    )


@dataclass(frozen=True)
class Notes:
    """What somebody has about one round in which they were supporter: of which class, and the sheets that were not let go."""

    run_id: int
    class_number: int
    pair: int
    round: int
    sheets: tuple[Received, ...]

    @property
    def kept(self) -> bool:
        return all(one.sheet.kept for one in self.sheets)


def notes_of(supporter_id: int) -> list[Notes]:
    """Everything that was written about somebody as supporter and not let go, the newest round first. One query."""
    rows: dict[tuple[int, int], list[Any]] = {}
    statement = (
        _with_writer()
        .add_columns(Meeting.number, Run.pair)
        .join(Run, Run.id == Sheet.run_id)
        .join(Meeting, Meeting.id == Run.meeting_id)
        .where(Sheet.supporter_id == supporter_id, Sheet.kept.is_not(False))
        .order_by(Run.id.desc(), Sheet.round_number.desc(), _BY_SPEAKING, Sheet.id)
    )
    for row in session.execute(statement):
        rows.setdefault((row.Sheet.run_id, row.Sheet.round_number), []).append(row)
    return [
        Notes(run, found[0].number, found[0].pair, round, tuple(Received(row.Sheet, row.name) for row in found))
        for (run, round), found in rows.items()
    ]


# What the statement of those who lead has in place of the words: empty, unless a trainer `reads`, the sheet said that
# trainers read it, and whoever it is for has not let it go.
_FOR_TRAINERS = bindparam("reads", type_=Boolean) & Sheet.read_by_trainers.is_(True) & Sheet.kept.is_not(False)
WORDS_FOR_TRAINERS = case((_FOR_TRAINERS, Sheet.words), else_=null())
GIVEN = (
    select(
        Sheet.id,
        Meeting.number,
        Sheet.round_number,
        Sheet.group_number,
        Sheet.enrolment_id,
        Sheet.supporter_id,
        Sheet.seat,
        Sheet.card,
        WORDS_FOR_TRAINERS.label("words"),
    )
    .join(Run, Run.id == Sheet.run_id)
    .join(Meeting, Meeting.id == Run.meeting_id)
    .where(Meeting.cohort_id == bindparam("cohort"))
    .order_by(Meeting.number, Sheet.round_number, Sheet.group_number, _BY_SPEAKING, Sheet.id)
)


def given_in(cohort_id: int, *, reads: bool) -> list[Any]:
    """Every sheet of a cohort, for those who lead; with its words for trainers (`reads`) alone, and only where it said that
    they read it. One query."""
    return list(session.execute(GIVEN, {"cohort": cohort_id, "reads": reads}))


def ticked_about(supporter_id: int, *, kept_alone: bool) -> list[tuple[str, list[str]]]:
    """What observers ticked of somebody as supporter, a card and its lines each, without who. With `kept_alone` (for all
    but the supporter) only of rounds whose notes the supporter keeps. One query."""
    ticked = select(Sheet.card, Sheet.ticks).where(Sheet.supporter_id == supporter_id, Sheet.seat == "observer")
    left = Sheet.kept.is_(True) if kept_alone else Sheet.kept.is_not(False)
    return [(card, lines) for card, lines in session.execute(ticked.where(left).order_by(Sheet.id))]
