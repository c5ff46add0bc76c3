"""Certificates: the earned facts, frozen, under a serial number; their papers; what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base


class Certificate(Base):
    """One award as issued. `facts` is all that the public page needs: it outlives plugins and courses."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(unique=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    # One certificate stands for a decision; a replacement takes its place.
    standing_for: Mapped[int | None] = mapped_column(unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    facts: Mapped[dict[str, Any]]
    issuer: Mapped[str]
    issuer_version: Mapped[str]
    issued_at: Mapped[datetime]
    replaced_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]


class CertificateEvent(Base):
    """Issued, replaced, revoked: when, by whom, why."""

    __tablename__ = "certificate_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    event: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(default="")


class Paper(Base):
    """A document of a certificate, kept under the digest of its content."""

    __tablename__ = "paper"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    filename: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
