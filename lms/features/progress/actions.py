"""Confirming a requirement by name, setting one aside with a reason; both can be withdrawn, nothing is erased."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lms.features.accounts.roles import not_oneself
from lms.features.cohorts.acting import Acting
from lms.features.cohorts.models import Enrolment
from lms.features.progress.models import Vouching
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Course, Requirement


def confirm(enrolment_id: int, requirement: Requirement, on: date, note: str, acting: Acting) -> Vouching:
    """Say by name that a requirement is met. Raises Refused for one that is computed, Incomplete for a day to come."""
    if requirement.kind != "confirmed":
        raise Refused(_l("This is worked out from what was recorded; it is not confirmed by hand."))
    if on > acting.today:
        raise Incomplete({"on": _l("Choose a day that is not in the future.")})
    _begin(enrolment_id, acting)
    standing = next(iter(_standing(enrolment_id, requirement.id, None)), None)
    return standing or _add(enrolment_id, requirement.id, None, on, note.strip()[:300], acting, "progress.confirmed")


def withdraw_confirmation(enrolment_id: int, requirement_id: str, acting: Acting) -> None:
    """Nobody confirms it any more. Withdrawn already, nothing changes."""
    _withdraw(enrolment_id, requirement_id, None, acting, "progress.confirmation_withdrawn")


def waive(
    enrolment_id: int, course: Course, requirement: Requirement, outcome_id: str, reason: str, acting: Acting
) -> Vouching:
    """Set a requirement aside for one outcome. Raises Incomplete without a reason: the trainee will read it.

    Set aside already for the same reason, nothing changes; another reason takes the place of the first.
    """
    if course.outcome(outcome_id) is None or outcome_id not in requirement.needed_for:
        raise Refused(_l("This outcome does not ask for that."))
    if not reason.strip():
        raise Incomplete({"reason": _l("Write why. The trainee will read it.")})
    words = reason.strip()[:500]
    _begin(enrolment_id, acting)
    standing = _standing(enrolment_id, requirement.id, outcome_id)
    if standing and standing[-1].words == words:
        return standing[-1]
    withdraw_waiver(enrolment_id, requirement.id, outcome_id, acting)
    return _add(enrolment_id, requirement.id, outcome_id, acting.today, words, acting, f"progress.waived.{outcome_id}")


def withdraw_waiver(enrolment_id: int, requirement_id: str, outcome_id: str, acting: Acting) -> None:
    """The requirement counts again for this outcome. Withdrawn already, nothing changes."""
    _withdraw(enrolment_id, requirement_id, outcome_id, acting, f"progress.waiver_withdrawn.{outcome_id}")


def _begin(enrolment_id: int, acting: Acting) -> None:
    """Whoever vouches does so for somebody else, and one after the other."""
    not_oneself(acting.by, acting.about)
    locked(Enrolment, enrolment_id)


def _withdraw(enrolment_id: int, requirement_id: str, outcome_id: str | None, acting: Acting, verb: str) -> None:
    _begin(enrolment_id, acting)
    for standing in _standing(enrolment_id, requirement_id, outcome_id):
        standing.withdrawn_at = acting.now
        _note(verb, requirement_id, enrolment_id, acting)


def _standing(enrolment_id: int, requirement_id: str, outcome_id: str | None) -> list[Vouching]:
    """What is vouched for: the confirmation, or with an outcome the waivers for it, oldest first."""
    return list(
        session.scalars(
            select(Vouching)
            .where(
                Vouching.enrolment_id == enrolment_id,
                Vouching.requirement_id == requirement_id,
                Vouching.outcome_id.is_(None) if outcome_id is None else Vouching.outcome_id == outcome_id,
                Vouching.withdrawn_at.is_(None),
            )
            .order_by(Vouching.id)
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
