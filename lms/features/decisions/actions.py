"""Deciding an outcome and telling the person. Nothing here runs without a named person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.features.accounts.roles import Role, not_oneself
from lms.features.cohorts.models import Enrolment
from lms.features.cohorts.queries import Here, Member
from lms.features.decisions.models import Decision
from lms.features.organizations.events import happened
from lms.features.progress.rules import Standing
from lms.host import audit, outbox
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Outcome

# Read by the certificates, which stand above.
TOLD = "decision_told"
DECIDERS = {"trainer": (Role.TRAINER, Role.COORDINATOR), "coordinator": (Role.COORDINATOR,)}


def may_decide(here: Here, outcome: Outcome) -> bool:
    return here.who.plays(*DECIDERS[outcome.decided_by], organization=here.organization.id, cohort=here.id)


def frozen_verdicts(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """Verdicts as they are kept with a decision, so that it can be explained years later."""
    return [
        {
            "outcome": standing.outcome.id,
            "requirement": requirement.id,
            "title": {"en": requirement.title.en, "fr": requirement.title.fr},
            "status": str(verdict.status),
            "reason": {"en": verdict.reason.en, "fr": verdict.reason.fr},
        }
        for standing in standings
        for requirement, verdict in standing.judged
    ]


def last_decision(enrolment_id: int) -> Decision | None:
    return session.scalar(
        select(Decision).where(Decision.enrolment_id == enrolment_id).order_by(Decision.id.desc()).limit(1)
    )


def decide(
    here: Here, member: Member, outcome_id: str, reasons: str, standings: Sequence[Standing], *, now: datetime
) -> Decision:
    """Give a person an outcome. Raises Incomplete without reasons; the same again gives the same decision."""
    not_oneself(here.who.id, member.person_id)
    outcome = here.course.outcome(outcome_id)
    if outcome is None:
        raise Incomplete({"outcome": _l("Choose an outcome.")})
    if not may_decide(here, outcome):
        raise Refused(_l("This outcome is decided by a coordinator."))
    if not reasons.strip():
        raise Incomplete({"reasons": _l("Write the reasons. The trainee will read them.")})
    locked(Enrolment, member.enrolment_id)
    last = last_decision(member.enrolment_id)
    if last and last.told_at is None and last.outcome_id == outcome_id and last.reasons == reasons.strip():
        return last
    decision = Decision(
        enrolment_id=member.enrolment_id,
        outcome_id=outcome_id,
        reasons=reasons.strip(),
        verdicts=frozen_verdicts(standings),
        decided_by=here.who.id,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    _note(f"decisions.decided.{outcome_id}", decision, here, member, now)
    return decision


def tell(here: Here, member: Member, decision: Decision, *, now: datetime) -> None:
    """The person has been told: they see the decision, and what follows from it begins. Once.

    Whoever may decide this outcome may tell it, and nobody tells themselves.
    """
    not_oneself(here.who.id, member.person_id)
    outcome = here.course.outcome(decision.outcome_id)
    if outcome is None or not may_decide(here, outcome):
        raise Refused(_l("This outcome is told by those who may decide it."))
    locked(Enrolment, member.enrolment_id)
    newest = last_decision(member.enrolment_id)
    if newest is None or newest.id != decision.id:
        raise Refused(_l("There is a newer decision. Tell that one."))
    changed: Any = session.execute(
        update(Decision)
        .where(Decision.id == decision.id, Decision.told_at.is_(None))
        .values(told_at=now, told_by=here.who.id)
    )
    if changed.rowcount != 1:
        return
    session.refresh(decision)
    _note("decisions.told", decision, here, member, now)
    key = f"decision:{decision.id}"
    outbox.put(TOLD, f"{TOLD}:{decision.id}", {"decision": decision.id}, at=now)
    happened(
        "after_decision",
        key,
        at=now,
        organization=here.organization.id,
        cohort=here.id,
        enrolment=member.enrolment_id,
        person=member.person_id,
        facts={"outcome": decision.outcome_id},
    )


def _note(verb: str, decision: Decision, here: Here, member: Member, now: datetime) -> None:
    audit.note(
        verb,
        f"decision:{decision.id}",
        at=now,
        by=here.who.id,
        organization=here.organization.id,
        about=member.person_id,
    )
