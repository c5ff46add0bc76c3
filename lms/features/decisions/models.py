"""Outcomes that people decided. A later decision is another row; the last one counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Decision(Base):
    """One decision by a named person, with the verdicts as they stood. The trainee sees it once they were told."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    outcome_id: Mapped[str]
    reasons: Mapped[str] = mapped_column(Text)
    verdicts: Mapped[list[Any]]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    told_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    told_at: Mapped[datetime | None]
