"""Practice alone goes along when somebody moves to another group. A pair that they looked for, or agreed on, is off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update

from lms.features.practice.models import PracticePair, SoloPractice
from lms.host.db import session


def move_practice(old: int, new: int, practices: Collection[str], *, now: datetime) -> None:
    """What was finished alone from the place `old` was finished by `new`, as far as the other course has it (`practices`)."""
    there = select(SoloPractice.practice).where(SoloPractice.enrolment_id == new)
    known = session.scalars(there).all()
    moving = (SoloPractice.enrolment_id == old) & SoloPractice.practice.in_(set(practices) - set(known))
    session.execute(update(SoloPractice).where(moving).values(enrolment_id=new))
    theirs = or_(PracticePair.asked_id == old, PracticePair.partner_id == old)
    undone = PracticePair.done_at.is_(None) & PracticePair.off_at.is_(None)
    session.execute(update(PracticePair).where(theirs, undone).values(off_at=now))
