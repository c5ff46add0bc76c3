"""When a group was moved to another revision of its course, and what it stood on before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class CohortMove(Base):
    """One move of a group. `stood_on` has the stamps of its rule as they were, so that moving back restores them."""

    __tablename__ = "cohort_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    from_digest: Mapped[str] = mapped_column(ForeignKey("course_revision.digest"))
    to_digest: Mapped[str] = mapped_column(ForeignKey("course_revision.digest"))
    stood_on: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
