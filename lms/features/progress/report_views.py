"""Reports of plugins about a group, for those who coordinate it: on a page, and as a file for a spreadsheet."""

from __future__ import annotations

from datetime import date

from lms.features.accounts.roles import Role
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.progress import reports
from lms.host.guard import PluginFault
from lms.host.i18n import in_language, language, long_day
from lms.host.plugins import Provided
from lms.host.sheets import sheet
from lms.host.transfer import pieces_answer
from lms.host.web import Blueprint, ResponseReturnValue, go, host, now, page, signed_in_only, visitor
from lms.plugin_api.reports import Cell, Table
from lms.plugin_api.values import Text

views = Blueprint("reports", __name__, template_folder="templates")


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if isinstance(cell, Text):
        return in_language(cell)
    if isinstance(cell, date):
        return long_day(cell)
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".").replace(".", "," if language() == "fr" else ".")
    return "" if cell is None else str(cell)


views.record(lambda state: state.app.jinja_env.filters.update(cell=shown))


def _found(cohort_id: int, name: str) -> tuple[Here, Provided, Table | None]:
    """The group, the report, and its table; None where the plugin cannot make it, which is noted."""
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    provided, enabled = reports.one_of(here, host().guard, name)
    try:
        return here, provided, reports.made(here, host().guard, provided, enabled, now())
    except PluginFault:
        return here, provided, None


@views.get("/cohorts/<int:cohort_id>/reports/<report_name>")
@signed_in_only
def one(cohort_id: int, report_name: str) -> ResponseReturnValue:
    """The report as a table."""
    here, provided, table = _found(cohort_id, report_name)
    return page("progress/report.html", here=here, report=provided.provider, plugin=provided.plugin, table=table)


@views.get("/cohorts/<int:cohort_id>/reports/<report_name>/report.csv")
@signed_in_only
def file(cohort_id: int, report_name: str) -> ResponseReturnValue:
    """The same as a file; back to the page, which says so, where the plugin cannot make it."""
    here, _provided, table = _found(cohort_id, report_name)
    if table is None:
        return go(".one", cohort_id=cohort_id, report_name=report_name)
    head = [in_language(column) for column in table.columns]
    rows = [[in_language(cell) if isinstance(cell, Text) else cell for cell in row] for row in table.rows]
    return pieces_answer(iter([sheet([head, *rows])]), "text/csv", f"{report_name}-{here.id}.csv")
