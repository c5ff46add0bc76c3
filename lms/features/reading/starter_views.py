"""One's own beginnings of sentences."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.reading import desk, queries
from lms.features.reading.starting import as_starter
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.web import Blueprint, ResponseReturnValue, flash, form, go, page, signed_in_only, visitor
from lms.plugin_api.content import FeedbackStarter

views = Blueprint("starters", __name__, template_folder="templates")


@views.get("/reading/starters")
@signed_in_only
def mine() -> ResponseReturnValue:
    return _page()


def _page(typed: Any = None, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    if not visitor().has(Role.TRAINER):
        raise NotFound
    starters = [(row.id, as_starter(row)) for row in queries.starters_of(visitor().id)]
    return page("reading/starters.html", status, starters=starters, typed=typed or {}, errors=errors or {})


@views.post("/reading/starters")
@signed_in_only
def add() -> ResponseReturnValue:
    if not visitor().has(Role.TRAINER):
        raise NotFound
    field = form("field") if form("field") in desk.FIELDS else None
    typed = {"en": form("en"), "fr": form("fr"), "field": field}
    try:
        with saved():
            desk.add_starter(visitor().id, FeedbackStarter.model_validate(typed))
    except Incomplete as incomplete:
        return _page(typed, incomplete.by_field, 422)
    flash(_("Kept. You find it beside every text."))
    return go(".mine")


@views.post("/reading/starters/<int:starter_id>/remove")
@signed_in_only
def remove(starter_id: int) -> ResponseReturnValue:
    with saved():
        desk.remove_starter(visitor().id, starter_id)
    return go(".mine")
