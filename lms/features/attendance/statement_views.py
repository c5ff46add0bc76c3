"""The honorarium statement of a group over a period: on a page, and as a file for a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lms.features.attendance import moving, queries, statement
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.cohorts.rules import typed_day
from lms.host import sheets
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.transfer import pieces_answer
from lms.host.web import Blueprint, ResponseReturnValue, now, page, request, signed_in_only, visitor

views = Blueprint("statement", __name__, template_folder="templates")


@dataclass(frozen=True)
class Asked:
    """The period and the amount that somebody chose."""

    first: date
    last: date
    amount: Decimal


@views.get("/cohorts/<int:cohort_id>/honorarium")
@signed_in_only
def choose(cohort_id: int) -> ResponseReturnValue:
    """The form, and below it the statement once a period and an amount are there."""
    here = cohorts.led_by(visitor(), cohort_id)
    if "amount" not in request.args:
        return _page(here, [])
    try:
        return _page(here, _rows(here, _asked()), chosen=True)
    except Incomplete as incomplete:
        return _page(here, [], errors=incomplete.by_field, status=422)


def _page(
    here: Here, rows: list[statement.Row], errors: Any = None, status: int = 200, *, chosen: bool = False
) -> ResponseReturnValue:
    today = now().astimezone(ZoneInfo(here.zone)).date()
    typed = {"first": today.replace(day=1).isoformat(), "last": today.isoformat(), "amount": ""}
    typed |= {name: request.args[name] for name in typed if name in request.args}
    values = {"here": here, "rows": rows, "chosen": chosen, "typed": typed, "errors": errors or {}}
    values["money"] = statement.money
    return page("attendance/statement.html", status, **values)


def _asked() -> Asked:
    """What was chosen. Raises Incomplete with a sentence for each field."""
    first, last = (typed_day(request.args.get(name, "")) for name in ("first", "last"))
    amount = statement.typed_amount(request.args.get("amount", ""))
    errors: dict[str, object] = {}
    if first is None:
        errors["first"] = _("Enter a date, like 2027-03-27.")
    if last is None:
        errors["last"] = _("Enter a date, like 2027-03-27.")
    elif first is not None and last < first:
        errors["last"] = _("This day is before the first one.")
    if amount is None:
        errors["amount"] = _("Enter an amount, like 25 or 25.50.")
    if errors or first is None or last is None or amount is None:
        raise Incomplete(errors)
    return Asked(first, last, amount)


def _rows(here: Here, asked: Asked) -> list[statement.Row]:
    people = [*cohorts.members_of(here.id), *cohorts.past_members_of(here.id)]
    marks = queries.marks_of_cohort(here.id)
    brought = moving.brought_along(here.id)
    return statement.statement(people, _classes_between(here, asked), marks, asked.amount, brought)


def _classes_between(here: Here, asked: Asked) -> list[tuple[date, ClassHere]]:
    """The classes of these days, with the day where the group is."""
    zone = ZoneInfo(here.zone)
    on = ((c.starts_at.astimezone(zone).date(), c) for c in cohorts.classes_of(here, now()))
    return [(day, c) for day, c in on if asked.first <= day <= asked.last]


@views.get("/cohorts/<int:cohort_id>/honorarium.csv")
@signed_in_only
def sheet(cohort_id: int) -> ResponseReturnValue:
    """The same as a file."""
    here = cohorts.led_by(visitor(), cohort_id)
    try:
        asked = _asked()
    except Incomplete as incomplete:
        return _page(here, [], errors=incomplete.by_field, status=422)
    content = sheets.sheet(statement.table(_rows(here, asked)))
    name = f"honorarium-{asked.first.isoformat()}-{asked.last.isoformat()}.csv"
    return pieces_answer(iter([content]), "text/csv", name)
