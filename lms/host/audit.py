"""Who did what, about whom, when and why. Appended only; never what people wrote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base, session


class AuditRow(Base):
    """`verb` names the act ("attendance.marked"), `subject` the thing ("meeting:7"). Ids only: it outlives rows."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int | None] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(index=True)
    verb: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    about_id: Mapped[int | None] = mapped_column(index=True)
    why: Mapped[str] = mapped_column(default="")


def note(
    verb: str,
    subject: str,
    *,
    at: datetime,
    by: int | None,
    organization: int | None = None,
    about: int | None = None,
    why: str = "",
) -> None:
    """Add an audit row to the current transaction."""
    session.add(
        AuditRow(at=at, by_id=by, organization_id=organization, verb=verb, subject=subject, about_id=about, why=why)
    )


def note_each(
    verb: str, subject: str, abouts: Iterable[int], *, at: datetime, by: int | None, organization: int | None = None
) -> None:
    """One row for each person that the same act is about, with one statement."""
    shared = {"at": at, "by_id": by, "organization_id": organization, "verb": verb, "subject": subject}
    rows = [{**shared, "about_id": about} for about in abouts]
    if rows:
        session.execute(insert(AuditRow), rows)
