"""Confirming a requirement by name, setting one aside with a reason; both can be withdrawn, nothing is erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.features.progress.models import Vouching
from lms.host import audit
from lms.host.db import session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Course, Requirement


@dataclass(frozen=True)
class Acting:
    """Who vouches, in which organization, about whom, when."""

    by: int
    organization: int
    about: int
    now: datetime


def confirm(enrolment_id: int, requirement: Requirement, on: date, note: str, acting: Acting) -> Vouching:
    """Say by name that a requirement is met. Raises Refused for one that is computed, Incomplete for a day to come."""
    if requirement.kind != "confirmed":
        raise Refused(_l("This is worked out from what was recorded; it is not confirmed by hand."))
    if on > acting.now.date():
        raise Incomplete({"on": _l("Choose a day that is not in the future.")})
    standing = next(iter(_confirmations(enrolment_id, requirement.id)), None)
    return standing or _add(enrolment_id, requirement.id, None, on, note.strip()[:300], acting, "progress.confirmed")


def withdraw_confirmation(enrolment_id: int, requirement_id: str, acting: Acting) -> None:
    for standing in _confirmations(enrolment_id, requirement_id):
        standing.withdrawn_at = acting.now
        _note("progress.confirmation_withdrawn", requirement_id, enrolment_id, acting)


def waive(
    enrolment_id: int, course: Course, requirement: Requirement, outcome_id: str, reason: str, acting: Acting
) -> Vouching:
    """Set a requirement aside for one outcome. Raises Incomplete without a reason: the trainee will read it."""
    if course.outcome(outcome_id) is None or outcome_id not in requirement.needed_for:
        raise Refused(_l("This outcome does not ask for that."))
    if not reason.strip():
        raise Incomplete({"reason": _l("Write why. The trainee will read it.")})
    words, today = reason.strip()[:500], acting.now.date()
    return _add(enrolment_id, requirement.id, outcome_id, today, words, acting, f"progress.waived.{outcome_id}")


def _confirmations(enrolment_id: int, requirement_id: str) -> list[Vouching]:
    return list(
        session.scalars(
            select(Vouching).where(
                Vouching.enrolment_id == enrolment_id,
                Vouching.requirement_id == requirement_id,
                Vouching.outcome_id.is_(None),
                Vouching.withdrawn_at.is_(None),
            )
        )
    )


def _add(
    enrolment_id: int, requirement_id: str, outcome_id: str | None, on: date, words: str, acting: Acting, verb: str
) -> Vouching:
    added = Vouching(
        enrolment_id=enrolment_id,
        requirement_id=requirement_id,
        outcome_id=outcome_id,
        on=on,
        words=words,
        by_id=acting.by,
        at=acting.now,
    )
    session.add(added)
    _note(verb, requirement_id, enrolment_id, acting)
    return added


def _note(verb: str, requirement: str, enrolment_id: int, acting: Acting) -> None:
    subject = f"enrolment:{enrolment_id}:{requirement}"
    audit.note(verb, subject, at=acting.now, by=acting.by, organization=acting.organization, about=acting.about)
