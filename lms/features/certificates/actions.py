"""Issuing from a decision, making the papers, replacing, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import not_oneself
from lms.features.certificates.models import Certificate, CertificateEvent, Paper
from lms.features.certificates.rules import as_award, as_facts, new_serial
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import revision_of
from lms.features.decisions.models import Decision
from lms.features.organizations.events import happened
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import plugin_settings
from lms.host import audit, outbox, storage
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.guard import Guard
from lms.host.i18n import gettext, spoken
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Award, Document, Text

MAKE_PAPERS = "make_papers"
NOTHING_SAID = Text("", "")

Address = Callable[[str], str]


def issue_from_decision(decision_id: int, guard: Guard, address: Address, *, now: datetime) -> Certificate | None:
    """The certificate of a told decision, once. None where the outcome has none. `address` gives a serial's page."""
    decision = session.get_one(Decision, decision_id)
    if decision.told_at is None:
        return None
    enrolment = locked(Enrolment, decision.enrolment_id)
    standing = session.scalar(select(Certificate).where(Certificate.standing_for == decision_id))
    if standing:
        return standing
    if _told_after(decision):  # delivered late: the newer decision has a certificate, or none on purpose
        return None
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    course = revision_of(cohort.revision_digest).course
    outcome = course.outcome(decision.outcome_id)
    if outcome is None or not outcome.certificate or course.certificate is None:
        _end_all_of(enrolment.id, cohort.language, now)
        return None
    person = session.get_one(Person, enrolment.person_id)
    organization = session.get_one(Organization, cohort.organization_id)
    decider = session.get_one(Person, decision.decided_by)
    zone = ZoneInfo(organization.time_zone)
    serial = new_serial()
    award = Award(
        serial=serial,
        name=person.name,
        organization=organization.name,
        course=course.title,
        outcome=outcome.title,
        says=outcome.says or outcome.meaning,
        does_not_say=outcome.does_not_say or NOTHING_SAID,
        decided_on=decision.decided_at.astimezone(zone).date(),
        issued_on=decision.told_at.astimezone(zone).date(),
        decided_by=(decider.name,),
        language=person.language,
        verify_url=address(serial),
    )
    certificate = _add(award, course.certificate.issuer, guard, decision, person.id, organization.id, now)
    for earlier in _earlier(enrolment.id, certificate.id):
        _replace(earlier, certificate, None, now)
    return certificate


def _told_after(decision: Decision) -> bool:
    newer = (Decision.enrolment_id == decision.enrolment_id, Decision.id > decision.id, Decision.told_at.isnot(None))
    return bool(session.scalar(select(exists().where(*newer))))


def _add(
    award: Award,
    issuer: str,
    guard: Guard,
    decision: Decision,
    person_id: int,
    organization_id: int,
    now: datetime,
) -> Certificate:
    provided = guard.host.provided("certificate_issuers", issuer)
    certificate = Certificate(
        serial=award.serial,
        decision_id=decision.id,
        standing_for=decision.id,
        enrolment_id=decision.enrolment_id,
        person_id=person_id,
        organization_id=organization_id,
        facts=as_facts(award),
        issuer=issuer,
        issuer_version=provided.provider.version if provided else "",
        issued_at=now,
    )
    session.add(certificate)
    session.flush()
    _event(certificate, "issued", None, now)
    outbox.put(MAKE_PAPERS, f"{MAKE_PAPERS}:{certificate.id}", {"certificate": certificate.id}, at=now)
    return certificate


def _earlier(enrolment_id: int, besides: int) -> list[Certificate]:
    return list(
        session.scalars(
            select(Certificate).where(
                Certificate.enrolment_id == enrolment_id,
                Certificate.id != besides,
                Certificate.replaced_by.is_(None),
                Certificate.revoked_at.is_(None),
            )
        )
    )


def _end_all_of(enrolment_id: int, language: str, now: datetime) -> None:
    """The newest told decision carries no certificate: what was issued before says something that holds no longer."""
    with spoken(language):
        why = gettext("A newer decision carries no certificate.")
    for earlier in _earlier(enrolment_id, besides=0):
        _revoke(earlier, why, None, now)


def _replace(earlier: Certificate, newer: Certificate, by: int | None, now: datetime, why: str = "") -> None:
    earlier.replaced_by = newer.serial
    if earlier.standing_for == newer.decision_id:
        earlier.standing_for = None
    _event(earlier, "replaced", by, now, why)


def _event(certificate: Certificate, event: str, by: int | None, now: datetime, why: str = "") -> None:
    session.add(CertificateEvent(certificate_id=certificate.id, event=event, at=now, by_id=by, why=why))
    audit.note(
        f"certificates.{event}",
        f"certificate:{certificate.serial}",
        at=now,
        by=by,
        organization=certificate.organization_id,
        about=certificate.person_id,
        why=why,
    )
    enrolment = session.get_one(Enrolment, certificate.enrolment_id)
    happened(
        "after_certificate",
        f"certificate:{certificate.serial}:{event}",
        at=now,
        organization=certificate.organization_id,
        cohort=enrolment.cohort_id,
        enrolment=enrolment.id,
        person=enrolment.person_id,
        facts={"serial": certificate.serial, "state": event},
    )


def make_papers(certificate_id: int, guard: Guard) -> outbox.Keep:
    """Ask the issuer for the documents; what comes back keeps them. Repeatable. Raises PluginFault: tried again later."""
    certificate = session.get_one(Certificate, certificate_id)
    provided = guard.host.provided("certificate_issuers", certificate.issuer)
    settings: Mapping[str, Any] = plugin_settings(certificate.organization_id, provided.plugin.name) if provided else {}
    issuer, award = certificate.issuer, as_award(certificate.facts)
    session.rollback()  # drawing takes its time: nothing waits for it
    documents = guard.issue(issuer, award, settings)
    return lambda row: _keep_papers(certificate_id, documents)


def _keep_papers(certificate_id: int, documents: Iterable[Document]) -> None:
    for document in documents:
        digest = storage.keep_file(document.content, document.media_type)
        paper = session.get(Paper, (certificate_id, document.filename))
        if paper is None:
            session.add(Paper(certificate_id=certificate_id, filename=document.filename, digest=digest))
        else:
            paper.digest = digest


def _locked(certificate: Certificate) -> Certificate:
    """As it stands now. The enrolment first, as issuing does: so two who change it never hold each other up."""
    locked(Enrolment, certificate.enrolment_id)
    return locked(Certificate, certificate.id)


def reissue(
    certificate: Certificate, name: str, why: str, guard: Guard, address: Address, *, by: int, now: datetime
) -> Certificate:
    """The same award under another name; the old number points to the new."""
    not_oneself(by, certificate.person_id)
    name = accounts.check_name(name, _l("Enter the name as it should stand on the certificate."))
    certificate = _locked(certificate)
    if certificate.replaced_by or certificate.revoked_at:
        raise Refused(_l("This certificate does not stand any more."))
    if name == as_award(certificate.facts).name:
        raise Incomplete({"name": _l("This name stands on it already. Nothing was replaced.")})
    serial = new_serial()
    decision = session.get_one(Decision, certificate.decision_id)
    zone = ZoneInfo(session.get_one(Organization, certificate.organization_id).time_zone)
    today = now.astimezone(zone).date()
    award = replace(as_award(certificate.facts), serial=serial, name=name, issued_on=today, verify_url=address(serial))
    certificate.standing_for = None
    session.flush()
    newer = _add(award, certificate.issuer, guard, decision, certificate.person_id, certificate.organization_id, now)
    _replace(certificate, newer, by, now, why.strip()[:300])
    return newer


def revoke(certificate: Certificate, why: str, *, by: int, now: datetime) -> None:
    """No longer valid. The public page says so and gives no reason; the history keeps it."""
    not_oneself(by, certificate.person_id)
    if not why.strip():
        raise Incomplete({"why": _l("Write why. It stays in the history and is not shown in public.")})
    certificate = _locked(certificate)
    if certificate.revoked_at is None:
        _revoke(certificate, why.strip()[:300], by, now)


def _revoke(certificate: Certificate, why: str, by: int | None, now: datetime) -> None:
    certificate.revoked_at = now
    _event(certificate, "revoked", by, now, why)
