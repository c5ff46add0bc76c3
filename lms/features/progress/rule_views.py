"""The group's attendance rule for coordinators: as it is, what another would change, and applying one."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.attendance import queries as attendance
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.progress import pinned
from lms.host.db import saved
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    host,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("rule", __name__, template_folder="templates")


@views.get("/cohorts/<int:cohort_id>/rule")
@signed_in_only
def rule(cohort_id: int) -> ResponseReturnValue:
    """The rule, and with `?try=` what another one would change."""
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    return _rule_page(here, request.args.get("try", "")[:20])


def _rule_page(here: Here, tried: str, errors: Any = None, changed: Any = "", status: int = 200) -> ResponseReturnValue:
    guard = host().guard
    offered = pinned.candidates(here, guard.host, host().catalog)
    candidate = next((c for c in offered if c.key == tried), None)
    policy = guard.policy(here.rule) if here.rule else None
    names = attendance.names_in(here.course)
    return page(
        "progress/rule.html",
        status,
        here=here,
        words=attendance.rule_of(here, guard),
        policy=policy,
        options=[(name, _plain(value)) for name, value in here.rule.options.items()] if here.rule else [],
        offered=[(c, guard.attendance_rule(c.rule, names)) for c in offered],
        trial=pinned.try_out(here, guard, candidate, now()) if candidate else None,
        history=pinned.history_of(here),
        errors=errors or {},
        changed=changed,
    )


def _plain(value: Any) -> str:
    """An option as it can be read: ids of outcomes and modules stay as they stand in the course file."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return "; ".join(f"{key}: {_plain(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(inner) for inner in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


@views.post("/cohorts/<int:cohort_id>/rule")
@signed_in_only
def apply(cohort_id: int) -> ResponseReturnValue:
    """Put another rule in place, as it was seen in a dry run."""
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    tried = form("try", 20)
    try:
        with saved():
            pinned.apply(
                here,
                host().guard,
                host().catalog,
                tried,
                form("digest", 64),
                form("reason", 500),
                address,
                by=here.who.id,
                now=now(),
            )
    except Incomplete as incomplete:
        return _rule_page(here, tried, incomplete.by_field, status=422)
    except pinned.ChangedMeanwhile as changed:
        return _rule_page(cohorts.cohort_for(visitor(), cohort_id), tried, changed=changed.sentence, status=409)
    flash(_("This rule holds from now on. Those whose standing changed get a mail."))
    return go(".rule", cohort_id=cohort_id)
