"""Notes of worry go once they are long closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from lms.features.care.models import Concern, ConcernStep
from lms.host.db import session

CLOSED_STAY = timedelta(days=90)


def remove_closed(now: datetime) -> None:
    """The daily pass: what was closed 90 days ago or longer goes, with what was done about it."""
    old = select(Concern.id).where(Concern.closed_at <= now - CLOSED_STAY).scalar_subquery()
    session.execute(delete(ConcernStep).where(ConcernStep.concern_id.in_(old)))
    session.execute(delete(Concern).where(Concern.closed_at <= now - CLOSED_STAY))
