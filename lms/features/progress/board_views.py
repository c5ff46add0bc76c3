"""Everyone at a glance: two tables, narrowed by the address, also as files for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from lms.features.attendance.pages import words_of
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.progress import board, queries
from lms.features.progress.board import Cell, Filters, Line
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, lazy_gettext
from lms.host.sheets import sheet
from lms.host.transfer import pieces_answer
from lms.host.web import Blueprint, ResponseReturnValue, host, now, page, request, signed_in_only, visitor
from lms.plugin_api.content import Requirement
from lms.plugin_api.values import VerdictStatus

views = Blueprint("board", __name__, template_folder="templates")

# How else somebody can stand to a class, beside the marks themselves.
BESIDES = {
    "made_up": lazy_gettext("made up"),
    "empty": lazy_gettext("not marked"),
    "before": lazy_gettext("before joining"),
    "paused": lazy_gettext("on a break"),
    "cancelled": lazy_gettext("cancelled"),
}
# To those who lead: what a trainee reads as "set aside for you" or "your trainer will check".
VERDICTS = {
    VerdictStatus.NOT_STARTED: lazy_gettext("not started"),
    VerdictStatus.ON_TRACK: lazy_gettext("on track"),
    VerdictStatus.AT_RISK: lazy_gettext("look at this"),
    VerdictStatus.MET: lazy_gettext("done"),
    VerdictStatus.WAIVED: lazy_gettext("set aside"),
    VerdictStatus.NOT_MET: lazy_gettext("not met"),
    VerdictStatus.CANNOT_BE_MET: lazy_gettext("not possible this time"),
    VerdictStatus.UNKNOWN: lazy_gettext("please check"),
}


@dataclass(frozen=True)
class Board:
    """What both tables show."""

    here: Here
    filters: Filters
    classes: list[ClassHere]
    people: int
    lines: list[Line]
    columns: list[Requirement]
    cells: dict[int, list[Cell | None]]
    words: dict[str, str]
    stopped: str

    def word(self, cell: Cell | None) -> str:
        """How somebody was at a class, in words; empty for a class to come."""
        return self.words.get(cell.named) or self.words[cell.shape] if cell else ""


def board_of(here: Here) -> Board:
    """In as many questions for two hundred people as for two."""
    classes, members = cohorts.classes_of(here, now()), cohorts.members_of(here.id)
    evidence = queries.evidence_of_cohort(here, now())
    standings = queries.standings(here, host().guard, members, classes, evidence)
    course = here.course
    filters = board.filters_read(request.args, (r.id for r in course.requirements), (o.id for o in course.outcomes))
    lines = board.lines(members, standings, filters)
    cells = {}
    for line in lines:
        marks = evidence.of(line.member.enrolment_id).marks
        cells[line.member.enrolment_id] = [board.cell(c, line.member, marks.get(c.number)) for c in classes]
    return Board(
        here,
        filters,
        classes,
        len(members),
        lines,
        board.columns(course.requirements, filters),
        cells,
        {name: str(word) for name, word in (words_of(here) | BESIDES).items() if name},
        stopped(here, standings),
    )


def stopped(here: Here, standings: dict[int, tuple[Any, ...]]) -> str:
    """The name of the plugin whose rule gives no answers just now (its policy's, where no plugin brings it); else empty."""
    silent = any(
        verdict.status is VerdictStatus.UNKNOWN
        for found in standings.values()
        for standing in found
        for requirement, verdict in standing.judged
        if requirement.kind == "attendance"
    )
    if not silent or here.rule is None:
        return ""
    policy = host().guard.policy(here.rule)
    return in_language(policy.plugin.about.label) if policy and policy.plugin.about else here.rule.policy


@views.get("/cohorts/<int:cohort_id>/grid")
@signed_in_only
def grid(cohort_id: int) -> ResponseReturnValue:
    """People by classes, and people by requirements."""
    here = cohorts.led_by(visitor(), cohort_id)
    return page("progress/grid.html", here=here, board=board_of(here), verdicts=VERDICTS, shapes=board.SHAPES)


@views.get("/cohorts/<int:cohort_id>/grid/classes.csv")
@signed_in_only
def classes_file(cohort_id: int) -> ResponseReturnValue:
    """People by classes, as the address narrows it."""
    found = board_of(cohorts.led_by(visitor(), cohort_id))
    zone = ZoneInfo(found.here.zone)
    head = [_("Person"), *(f"{c.number} · {c.starts_at.astimezone(zone).date()}" for c in found.classes)]
    rows = [
        [line.member.name, *(found.word(cell) for cell in found.cells[line.member.enrolment_id])]
        for line in found.lines
    ]
    return _file("classes", found.here, [head, *rows])


@views.get("/cohorts/<int:cohort_id>/grid/requirements.csv")
@signed_in_only
def requirements_file(cohort_id: int) -> ResponseReturnValue:
    """People by what they need, as the address narrows it; each status with its reason beside it."""
    found = board_of(cohorts.led_by(visitor(), cohort_id))
    head = [_("Person"), _("On the way to")]
    for requirement in found.columns:
        head += [in_language(requirement.title), _("Why")]
    rows = []
    for line in found.lines:
        row = [line.member.name, in_language(line.standing.outcome.title) if line.standing else ""]
        for requirement in found.columns:
            verdict = line.verdicts.get(requirement.id)
            row += [str(VERDICTS[verdict.status]), in_language(verdict.reason)] if verdict else ["", ""]
        rows.append(row)
    return _file("requirements", found.here, [head, *rows])


def _file(name: str, here: Here, rows: Iterable[Sequence[str]]) -> ResponseReturnValue:
    return pieces_answer(iter([sheet(rows)]), "text/csv", f"{name}-{here.id}.csv")
