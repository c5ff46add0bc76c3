"""A certificate by its number, and the certificates of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from lms.features.accounts.roles import Role, SignedIn
from lms.features.certificates.models import Certificate, Paper
from lms.features.certificates.rules import CertificateState, as_award, is_serial
from lms.host.db import session
from lms.host.errors import NotFound
from lms.plugin_api.values import Award


@dataclass(frozen=True)
class Verified:
    """What the public page says."""

    award: Award
    state: CertificateState
    replaced_by: str | None


_BY_SERIAL = select(Certificate.facts, Certificate.replaced_by, Certificate.revoked_at).where(
    Certificate.serial == bindparam("serial")
)


def verified(serial: str) -> Verified | None:
    """The certificate with this number, from stored facts alone."""
    row = session.execute(_BY_SERIAL, {"serial": serial}).first() if is_serial(serial) else None
    if row is None:
        return None
    state = CertificateState.VALID
    if row.revoked_at is not None:
        state = CertificateState.REVOKED
    elif row.replaced_by:
        state = CertificateState.REPLACED
    return Verified(as_award(row.facts), state, row.replaced_by)


def certificate_for(who: SignedIn, serial: str) -> Certificate:
    """The certificate for its holder, or for the organization's coordinators. Raises NotFound."""
    certificate = session.scalar(select(Certificate).where(Certificate.serial == serial))
    if certificate is None:
        raise NotFound
    if certificate.person_id != who.id and certificate.organization_id not in who.organizations(Role.COORDINATOR):
        raise NotFound
    return certificate


def papers_of(certificate_id: int) -> list[Paper]:
    return list(session.scalars(select(Paper).where(Paper.certificate_id == certificate_id)))


def certificates_of(enrolment_id: int) -> list[Any]:
    """Certificates of one enrolment with their papers' names, newest first."""
    return list(
        session.execute(
            select(Certificate, Paper.filename)
            .outerjoin(Paper, Paper.certificate_id == Certificate.id)
            .where(Certificate.enrolment_id == enrolment_id)
            .order_by(Certificate.id.desc())
        )
    )


def standing_certificates(enrolments: Sequence[int]) -> dict[int, tuple[Certificate, str | None]]:
    """Enrolment to its newest certificate that stands, with the name of its first paper. One query."""
    rows = session.execute(
        select(Certificate, Paper.filename)
        .outerjoin(Paper, Paper.certificate_id == Certificate.id)
        .where(
            Certificate.enrolment_id.in_(enrolments),
            Certificate.replaced_by.is_(None),
            Certificate.revoked_at.is_(None),
        )
        .order_by(Certificate.id.desc(), Paper.filename)
    )
    found: dict[int, tuple[Certificate, str | None]] = {}
    for certificate, filename in rows:
        found.setdefault(certificate.enrolment_id, (certificate, filename))
    return found


def paper(certificate_id: int, filename: str) -> Paper:
    found = session.get(Paper, (certificate_id, filename))
    if found is None:
        raise NotFound
    return found
