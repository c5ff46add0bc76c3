"""Confirming a requirement by name, setting one aside with a reason; both can be withdrawn, nothing is erased."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from lms.features.progress.models import Confirmation, Waiver
from lms.host import audit
from lms.host.db import session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Course, Requirement


def confirm(
    enrolment_id: int,
    requirement: Requirement,
    on: date,
    note: str,
    *,
    by: int,
    organization: int,
    about: int,
    now: datetime,
) -> Confirmation:
    """Say by name that a requirement is met. Raises Refused for one that is computed, Incomplete for a day to come."""
    if requirement.kind != "confirmed":
        raise Refused(_l("This is worked out from what was recorded; it is not confirmed by hand."))
    if on > now.date():
        raise Incomplete({"on": _l("Choose a day that is not in the future.")})
    standing = session.scalar(
        select(Confirmation).where(
            Confirmation.enrolment_id == enrolment_id,
            Confirmation.requirement_id == requirement.id,
            Confirmation.withdrawn_at.is_(None),
        )
    )
    if standing:
        return standing
    added = Confirmation(
        enrolment_id=enrolment_id, requirement_id=requirement.id, on=on, note=note.strip()[:300], by_id=by, at=now
    )
    session.add(added)
    _note("progress.confirmed", requirement.id, enrolment_id, by, organization, about, now)
    return added


def withdraw_confirmation(
    enrolment_id: int, requirement_id: str, *, by: int, organization: int, about: int, now: datetime
) -> None:
    for standing in session.scalars(
        select(Confirmation).where(
            Confirmation.enrolment_id == enrolment_id,
            Confirmation.requirement_id == requirement_id,
            Confirmation.withdrawn_at.is_(None),
        )
    ):
        standing.withdrawn_at = now
        _note("progress.confirmation_withdrawn", requirement_id, enrolment_id, by, organization, about, now)


def waive(
    enrolment_id: int,
    course: Course,
    requirement: Requirement,
    outcome_id: str,
    reason: str,
    *,
    by: int,
    organization: int,
    about: int,
    now: datetime,
) -> Waiver:
    """Set a requirement aside for one outcome. Raises Incomplete without a reason: the trainee will read it."""
    if course.outcome(outcome_id) is None or outcome_id not in requirement.needed_for:
        raise Refused(_l("This outcome does not ask for that."))
    if not reason.strip():
        raise Incomplete({"reason": _l("Write why. The trainee will read it.")})
    added = Waiver(
        enrolment_id=enrolment_id,
        requirement_id=requirement.id,
        outcome_id=outcome_id,
        reason=reason.strip()[:500],
        by_id=by,
        at=now,
    )
    session.add(added)
    _note(f"progress.waived.{outcome_id}", requirement.id, enrolment_id, by, organization, about, now)
    return added


def _note(
    verb: str, requirement: str, enrolment_id: int, by: int, organization: int, about: int, now: datetime
) -> None:
    subject = f"enrolment:{enrolment_id}:{requirement}"
    audit.note(verb, subject, at=now, by=by, organization=organization, about=about)
