"""The outcome pages: evidence side by side, the decision and its reasons, and telling the person."""

from __future__ import annotations

from typing import Any

from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.decisions import actions, queries
from lms.features.progress import queries as progress
from lms.host.db import saved
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    signed_in_only,
    visitor,
)

views = Blueprint("decisions", __name__, template_folder="templates")


@views.get("/cohorts/<int:cohort_id>/outcomes")
@signed_in_only
def outcomes(cohort_id: int) -> ResponseReturnValue:
    """Everyone with where they stand and what was decided."""
    here = cohorts.led_by(visitor(), cohort_id)
    members = cohorts.members_of(here.id)
    return page(
        "decisions/outcomes.html",
        here=here,
        members=members,
        standings=_standings(here, members, progress.evidence_of_cohort(here, now())),
        decided=queries.decisions_of_cohort(here.id),
    )


def _standings(here: Here, members: list[cohorts.Member], evidence: progress.CohortEvidence) -> Any:
    return progress.standings(here, host().guard, members, cohorts.classes_of(here, now()), evidence)


def _standings_of_one(here: Here, member: cohorts.Member) -> Any:
    evidence = progress.evidence_of_one(here, member.enrolment_id, now())
    return _standings(here, [member], evidence)[member.enrolment_id]


@views.get("/cohorts/<int:cohort_id>/outcomes/<int:enrolment_id>")
@signed_in_only
def outcome(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    return _outcome_page(here, cohorts.member_seen_from(here, enrolment_id))


def _outcome_page(
    here: Here, member: cohorts.Member, typed: Any = None, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    about_oneself = member.person_id == here.who.id
    return page(
        "decisions/outcome.html",
        status,
        here=here,
        member=member,
        standings=_standings_of_one(here, member),
        decisions=queries.decisions_of(member.enrolment_id),
        may_decide={o.id for o in here.course.outcomes if actions.may_decide(here, o) and not about_oneself},
        typed=typed or {},
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/outcomes/<int:enrolment_id>/decisions")
@signed_in_only
def decide(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    member = cohorts.member_seen_from(here, enrolment_id)
    chosen, reasons = form("outcome", 80), form("reasons", 4000)
    try:
        with saved():
            standings = _standings_of_one(here, member)
            actions.decide(here, member, chosen, reasons, standings, now=now())
    except Incomplete as incomplete:
        return _outcome_page(here, member, {"outcome": chosen, "reasons": reasons}, incomplete.by_field, 422)
    flash(_("Decided, in your name. %(name)s does not see it yet.", name=member.name))
    return go(".outcome", cohort_id=cohort_id, enrolment_id=enrolment_id)


@views.post("/cohorts/<int:cohort_id>/outcomes/<int:enrolment_id>/decisions/<int:decision_id>/tell")
@signed_in_only
def tell(cohort_id: int, enrolment_id: int, decision_id: int) -> ResponseReturnValue:
    """ "I have spoken with them": from now on they see it."""
    here = cohorts.led_by(visitor(), cohort_id)
    member = cohorts.member_seen_from(here, enrolment_id)
    decision = queries.decision_about(enrolment_id, decision_id)
    with saved():
        actions.tell(here, member, decision, now=now())
    flash(_("%(name)s sees the outcome now. A certificate follows where there is one.", name=member.name))
    return go(".outcome", cohort_id=cohort_id, enrolment_id=enrolment_id)


@views.get("/cohorts/<int:cohort_id>/outcome")
@signed_in_only
def mine(cohort_id: int) -> ResponseReturnValue:
    """My outcome, once I was told."""
    here = cohorts.attended_by(visitor(), cohort_id)
    told = [row for row in queries.decisions_of(here.enrolment_id or 0) if row.Decision.told_at]
    return page("decisions/mine.html", here=here, told=told)
