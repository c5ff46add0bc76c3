"""Moving a group to another version of its programme, for coordinators."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.attendance import queries as attendance
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.programmes import moving
from lms.features.programmes.affected import gone_homework
from lms.features.programmes.choices import issuer_called, rule_in_words
from lms.features.programmes.differences import differences
from lms.features.progress.pinned import ChangedMeanwhile
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
from lms.plugin_api.content import Course
from lms.plugin_api.values import Text

views = Blueprint("moving", __name__, template_folder="templates")


@views.get("/cohorts/<int:cohort_id>/version")
@signed_in_only
def version(cohort_id: int) -> ResponseReturnValue:
    """The versions to which the group could move, and with `?try=` what moving would change."""
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    return _version_page(here, request.args.get("try", "")[:20])


def _version_page(
    here: Here, tried: str, errors: Any = None, changed: Any = "", status: int = 200
) -> ResponseReturnValue:
    guard = host().guard
    offered = moving.targets(here, guard.host)
    target = next((t for t in offered if t.key == tried), None)

    def said(course: Course) -> Text | None:
        """The rule that holds here, on the course as it is; a version's own on that version."""
        if course is here.course:
            return attendance.rule_of(here, guard)
        return rule_in_words(course, guard)

    def called(issuer: str) -> Text:
        return issuer_called(issuer, guard)

    return page(
        "programmes/move.html",
        status,
        here=here,
        offered=offered,
        trial=moving.try_out(here, guard, target, now()) if target else None,
        sections=differences(here.course, target.course, said, called) if target else [],
        gone=gone_homework(here.course, target.course) if target else [],
        history=moving.history_of(here),
        errors=errors or {},
        changed=changed,
    )


@views.post("/cohorts/<int:cohort_id>/version")
@signed_in_only
def move(cohort_id: int) -> ResponseReturnValue:
    """Move the group, as it was seen."""
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    tried = form("try", 20)
    try:
        with saved():
            moving.move(
                here,
                host().guard,
                tried,
                form("digest", 64),
                form("reason", 500),
                address,
                by=here.who.id,
                now=now(),
            )
    except Incomplete as incomplete:
        return _version_page(here, tried, incomplete.by_field, status=422)
    except ChangedMeanwhile as changed:
        return _version_page(cohorts.cohort_for(visitor(), cohort_id), tried, changed=changed.sentence, status=409)
    flash(_("The group stands on this version now. Those whose standing changed get a mail."))
    return go(".version", cohort_id=cohort_id)
