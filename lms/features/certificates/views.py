"""The public page of a certificate, its papers for the holder, and what coordinators do with it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, make_response, render_template
from markupsafe import Markup

from lms.features.accounts.roles import Role
from lms.features.certificates import actions, queries
from lms.features.certificates.models import Certificate
from lms.features.certificates.rules import as_award, shown_serial
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.models import Enrolment
from lms.host import storage
from lms.host.db import saved, session
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    host,
    limiter,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("certificates", __name__, template_folder="templates")
views.add_app_template_filter(as_award)


def certificate_address(serial: str) -> str:
    """The public page of a number, as printed on papers."""
    return address("certificates.verify", serial=serial)


@views.get("/verify")
def find() -> ResponseReturnValue:
    """Type a number."""
    serial = shown_serial(request.args.get("serial", ""))
    return go(".verify", serial=serial) if serial else page("certificates/find.html", serial="")


@views.get("/certificates/<serial>")
@limiter.limit("60/minute;600/hour")
def verify(serial: str) -> ResponseReturnValue:
    """What a stranger sees: signed out, without script, years later."""
    shown = shown_serial(serial)
    found = queries.verified(shown)
    response = make_response(page("certificates/verify.html", 200 if found else 404, found=found, serial=shown))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@views.get("/certificates/<serial>/print")
@signed_in_only
def printable(serial: str) -> ResponseReturnValue:
    """A page to print, made from the stored facts."""
    certificate = queries.certificate_for(visitor(), serial)
    if certificate.replaced_by or certificate.revoked_at:
        return go(".verify", serial=serial)
    return page("certificates/print.html", award=as_award(certificate.facts))


@views.get("/certificates/<serial>/papers/<filename>")
@signed_in_only
def paper(serial: str, filename: str) -> ResponseReturnValue:
    certificate = queries.certificate_for(visitor(), serial)
    found = queries.paper(certificate.id, filename)
    file = storage.stored_file(found.digest)
    if file is None:
        raise NotFound
    response = Response(file.content, mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def of_today(groups: Sequence[cohorts.Here]) -> list[Markup]:
    """The newest certificate of each group that stands, for the page of the day."""
    found = queries.standing_certificates([here.enrolment_id or 0 for here in groups])
    cards = []
    for here in groups:
        if here.enrolment_id in found:
            certificate, filename = found[here.enrolment_id]
            award = as_award(certificate.facts)
            cards.append(Markup(render_template("certificates/_today.html", here=here, award=award, filename=filename)))
    return cards


@views.get("/cohorts/<int:cohort_id>/certificate")
@signed_in_only
def mine(cohort_id: int) -> ResponseReturnValue:
    """My certificates of this course, also after I left the group."""
    here = cohorts.once_attended_by(visitor(), cohort_id)
    return page("certificates/mine.html", here=here, rows=queries.certificates_of(here.enrolment_id or 0))


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/certificates")
@signed_in_only
def of_person(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    return _person_page(here, enrolment_id, {})


def _person_page(here: cohorts.Here, enrolment_id: int, errors: object, status: int = 200) -> ResponseReturnValue:
    member = cohorts.member_seen_from(here, enrolment_id)
    rows = queries.certificates_of(enrolment_id)
    return page("certificates/of_person.html", status, here=here, member=member, rows=rows, errors=errors)


@views.post("/certificates/<serial>/replacements")
@signed_in_only
def reissue(serial: str) -> ResponseReturnValue:
    """Coordinators: the same award under a corrected name."""
    certificate = _as_coordinator(serial)
    here = _cohort_of(certificate)
    try:
        with saved():
            actions.reissue(
                certificate,
                form("name"),
                form("why", 300),
                host().guard,
                certificate_address,
                by=visitor().id,
                now=now(),
            )
    except Incomplete as incomplete:
        return _person_page(here, certificate.enrolment_id, incomplete.by_field, 422)
    flash(_("A new certificate is issued. The old number points to it."))
    return go(".of_person", cohort_id=here.id, enrolment_id=certificate.enrolment_id)


@views.post("/certificates/<serial>/revocation")
@signed_in_only
def revoke(serial: str) -> ResponseReturnValue:
    certificate = _as_coordinator(serial)
    here = _cohort_of(certificate)
    try:
        with saved():
            actions.revoke(certificate, form("why", 300), by=visitor().id, now=now())
    except Incomplete as incomplete:
        return _person_page(here, certificate.enrolment_id, incomplete.by_field, 422)
    flash(_("The public page now says that this certificate is no longer valid."))
    return go(".of_person", cohort_id=here.id, enrolment_id=certificate.enrolment_id)


def _as_coordinator(serial: str) -> Certificate:
    """The certificate, for a coordinator of its organization; its holder alone may not change it."""
    certificate = queries.certificate_for(visitor(), serial)
    if certificate.organization_id not in visitor().organizations(Role.COORDINATOR):
        raise NotFound
    return certificate


def _cohort_of(certificate: Certificate) -> cohorts.Here:
    enrolment = session.get_one(Enrolment, certificate.enrolment_id)
    return cohorts.led_by(visitor(), enrolment.cohort_id)
