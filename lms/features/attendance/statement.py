"""The honorarium statement: who was at which classes of a period, and what that comes to. Made when asked for, nothing is
stored."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lms.features.attendance.queries import Marks
from lms.features.cohorts.queries import ClassHere, Member
from lms.host.i18n import gettext as _
from lms.host.i18n import language
from lms.plugin_api.values import MeetingState, Status

# Who came late, left early or could not get a connection was there.
THERE = frozenset({Status.HERE, Status.LATE, Status.LEFT_EARLY, Status.TECH_TROUBLE})
_AMOUNT = re.compile(r"\d{1,6}([.,]\d{1,2})?")


@dataclass(frozen=True)
class Row:
    """One person: the days of the classes at which they were, the minutes of all of them, and the sum."""

    name: str
    days: tuple[date, ...]
    minutes: int
    amount: Decimal

    @property
    def total(self) -> Decimal:
        return self.amount * len(self.days)


def typed_amount(text: str) -> Decimal | None:
    """An amount for one class as it was typed, such as 25, 25.50 or 25,50; None for everything else."""
    text = text.replace("$", "").strip()
    return Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text) and text.isascii() else None


def statement(
    people: Iterable[Member],
    classes: Iterable[tuple[date, ClassHere]],
    marks: Mapping[int, Marks],
    amount: Decimal,
    brought: Container[tuple[int, int]] = (),
) -> list[Row]:
    """A row for everyone who was at a class of these days, in the order of `people`. Minutes are those that were noted,
    else those that were planned. A cancelled class counts for nobody, and a make-up is no class. `brought` are enrolment
    and class number of marks that came along from another group: they stand in that group's statement."""
    held = [(day, c) for day, c in classes if c.state is not MeetingState.CANCELLED]
    rows = []
    for person in people:
        known = marks.get(person.enrolment_id)
        there = [
            (day, c, mark)
            for day, c in held
            if known and (mark := known.by_class.get(c.number)) and mark.status in THERE
            if (person.enrolment_id, c.number) not in brought
        ]
        if there:
            minutes = sum(c.minutes if mark.minutes is None else mark.minutes for _day, c, mark in there)
            rows.append(Row(person.name, tuple(day for day, _c, _mark in there), minutes, amount))
    return rows


def money(amount: Decimal) -> str:
    """`$2,542.50` / `2 542,50 $`."""
    said = f"{amount:,.2f}"
    return said.replace(",", "\u00a0").replace(".", ",") + "\u00a0$" if language() == "fr" else f"${said}"


def table(rows: Sequence[Row]) -> list[Sequence[object]]:
    """The statement as rows of a file for a spreadsheet, the last with the sums, in the language of now: French ones
    write a comma in numbers."""
    found: list[Sequence[object]] = [
        [_("Name"), _("Classes"), _("Days"), _("Minutes"), _("For one class"), _("Together")]
    ]
    for row in rows:
        days = " ".join(day.isoformat() for day in row.days)
        found.append([row.name, len(row.days), days, row.minutes, _number(row.amount), _number(row.total)])
    if rows:
        classes, minutes = sum(len(row.days) for row in rows), sum(row.minutes for row in rows)
        found.append([_("All of it"), classes, "", minutes, "", _number(sum((row.total for row in rows), Decimal(0)))])
    return found


def _number(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", "," if language() == "fr" else ".")
