"""Who is here: people of a cohort, people who run an organization's programmes, and invitations to both.

A view module of its own beside the course as it is delivered.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role, not_oneself
from lms.features.cohorts import actions, invitations, queries
from lms.features.cohorts.models import Invitation
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import organization_for, people_with_roles
from lms.host import mail
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import language, spoken
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    limiter,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("people", __name__, template_folder="templates")


# -- a cohort -----------------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/people")
@signed_in_only
def cohort(cohort_id: int) -> ResponseReturnValue:
    here = queries.led_by(visitor(), cohort_id)
    return _people_page(here, {}, "")


def _people_page(here: queries.Here, errors: object, typed: str, status: int = 200) -> ResponseReturnValue:
    return page(
        "cohorts/people.html",
        status,
        here=here,
        members=queries.members_of(here.id),
        past=queries.past_members_of(here.id) if here.coordinates else (),
        trainers=queries.trainers_of(here),
        invitations=invitations.invitations_to(here, now()),
        words_go=_words_go(here),
        errors=errors,
        typed=typed,
    )


def _words_go(here: queries.Here) -> datetime | None:
    """When the words of what people sent are removed, if the course says so: counted from the end, or from now."""
    days = here.course.review.keep_words_days
    return (here.cohort.closed_at or now()) + timedelta(days=days) if days else None


@views.post("/cohorts/<int:cohort_id>/finish")
@signed_in_only
def finish(cohort_id: int) -> ResponseReturnValue:
    """Coordinators: the group has ended, or, with `undo`, it has not."""
    here = queries.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    with saved():
        act = actions.go_on if form("undo", 10) else actions.finish
        act(here.cohort, by=visitor().id, now=now())
    return go(".cohort", cohort_id=cohort_id, _anchor="end")


@views.post("/cohorts/<int:cohort_id>/invitations")
@signed_in_only
@limiter.limit("60/hour")
def invite(cohort_id: int) -> ResponseReturnValue:
    """Invite people by e-mail: leaders invite trainees, coordinators trainers too."""
    here = queries.led_by(visitor(), cohort_id)
    role = form("role", 40) or Role.TRAINEE
    if role not in invitations.roles_given_by(here):
        raise Refused(_("This role cannot be given here."))
    try:
        emails = invitations.read_addresses(form("emails"))
        with saved():
            made = invitations.invite(here.organization, here.cohort, emails, Role(role), by=visitor().id, now=now())
            _write_invitations(here.organization, here.cohort.name, here.cohort.language, made)
    except Incomplete as incomplete:
        return _people_page(here, incomplete.by_field, form("emails"), 422)
    flash(_("The invitations are on their way."))
    return go(".cohort", cohort_id=cohort_id)


def _write_invitations(
    organization: Organization, to: str, language_of_mail: str, made: list[tuple[Invitation, str]]
) -> None:
    mails = []
    with spoken(language_of_mail):
        for invitation, token in made:
            text = _(
                "Hello,\n\n%(who)s invites you to %(cohort)s at %(organization)s.\n\n"
                "Open this link to say yes. It works for two weeks:\n\n%(url)s",
                who=visitor().name,
                cohort=to,
                organization=organization.name,
                url=address("people.invitation", token=token),
            )
            mails.append(mail.Mail(invitation.email, _("An invitation"), text, f"invitation:{invitation.id}"))
    mail.write_mails(mails, at=now())


@views.post("/cohorts/<int:cohort_id>/invitations/<int:invitation_id>/withdraw")
@signed_in_only
def withdraw(cohort_id: int, invitation_id: int) -> ResponseReturnValue:
    """Take back an invitation that one could have sent."""
    here = queries.led_by(visitor(), cohort_id)
    with saved():
        found = invitations.invitation_to(here, invitation_id)
        invitations.withdraw_invitation(found, by=visitor().id, now=now())
    flash(_("The invitation is withdrawn. Its link no longer works."))
    return go(".cohort", cohort_id=cohort_id)


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/leave")
@signed_in_only
def leave(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Somebody leaves the group; what they did stays."""
    here = queries.led_by(visitor(), cohort_id)
    member = queries.member_seen_from(here, enrolment_id)
    not_oneself(visitor().id, member.person_id)
    with saved():
        actions.leave(here.cohort, enrolment_id, form("why", 300), by=visitor().id, now=now())
    flash(_("%(name)s has left the group. What was done stays.", name=member.name))
    return go(".cohort", cohort_id=cohort_id)


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/return")
@signed_in_only
def come_back(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Somebody who left takes part again, with everything that they did."""
    here = queries.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    member = queries.member_seen_from(here, enrolment_id)
    not_oneself(visitor().id, member.person_id)
    with saved():
        actions.enrol(here.cohort, database.get_one(Person, member.person_id), by=visitor().id, now=now())
    flash(_("%(name)s is in the group again.", name=member.name))
    return go(".cohort", cohort_id=cohort_id)


@views.get("/invitations/<token>")
def invitation(token: str) -> ResponseReturnValue:
    return _invitation_page(token, {}, {})


def _invitation_page(token: str, errors: object, typed: object, status: int = 200) -> ResponseReturnValue:
    found = invitations.invitation_of(token, now=now())
    if found is None:
        return page("cohorts/invitation.html", 410, invitation=None)
    organization = database.get_one(Organization, found.organization_id)
    known = accounts.person_by_email(found.email)
    return page(
        "cohorts/invitation.html",
        status,
        invitation=found,
        organization=organization,
        known=known,
        token=token,
        errors=errors,
        typed=typed,
    )


@views.post("/invitations/<token>")
@limiter.limit("20/hour")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Say yes. Somebody new gives a name and a password; the address is proved by the link itself."""
    found = invitations.invitation_of(token, now=now())
    if found is None:
        return page("cohorts/invitation.html", 410, invitation=None)
    try:
        with saved():
            invitations.take_invitation(found, now=now())
            person = accounts.person_by_email(found.email) or accounts.add_person(
                form("name"),
                found.email,
                language=language(),
                now=now(),
                password=request.form.get("password", ""),
            )
            actions.accept_invitation(found, person, now=now())
    except actions.Full as full:
        return _invitation_page(token, {"full": full.sentence}, request.form, 409)
    except Incomplete as incomplete:
        return _invitation_page(token, incomplete.by_field, request.form, 422)
    if visitor().is_authenticated and visitor().id == person.id:
        flash(_("You are in."))
        return go("home")
    flash(_("You are in. Sign in to begin."))
    return go("accounts.sign_in")


# -- an organization ----------------------------------------------------------------------------------------


@views.get("/organizations/<slug>/people")
@signed_in_only
def organization(slug: str) -> ResponseReturnValue:
    """Who runs the programmes: admins, coordinators, trainers, with the way to add and to end."""
    found = organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    return _organization_page(found, {})


def _organization_page(found: Organization, errors: object, status: int = 200) -> ResponseReturnValue:
    staff = [row for row in people_with_roles(found.id) if row.role != Role.TRAINEE]
    return page(
        "cohorts/staff.html",
        status,
        organization=found,
        staff=staff,
        roles=invitations.ORGANIZATION_ROLES,
        invitations=invitations.invitations_of_staff(found.id, now()),
        errors=errors,
    )


@views.post("/organizations/<slug>/invitations")
@signed_in_only
@limiter.limit("60/hour")
def invite_staff(slug: str) -> ResponseReturnValue:
    found = organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    try:
        emails = invitations.read_addresses(form("emails"))
        if form("role", 40) not in set(invitations.ORGANIZATION_ROLES):
            raise Incomplete({"role": _("Choose what they will do.")})
        with saved():
            made = invitations.invite(found, None, emails, Role(form("role", 40)), by=visitor().id, now=now())
            _write_invitations(found, found.name, found.language, made)
    except Incomplete as incomplete:
        return _organization_page(found, incomplete.by_field, 422)
    flash(_("The invitations are on their way."))
    return go(".organization", slug=slug)


@views.post("/organizations/<slug>/invitations/<int:invitation_id>/withdraw")
@signed_in_only
def withdraw_staff(slug: str, invitation_id: int) -> ResponseReturnValue:
    found = organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    with saved():
        invitation = invitations.invitation_of_staff(found, invitation_id)
        invitations.withdraw_invitation(invitation, by=visitor().id, now=now())
    flash(_("The invitation is withdrawn. Its link no longer works."))
    return go(".organization", slug=slug)


@views.post("/organizations/<slug>/roles/<int:grant_id>/end")
@signed_in_only
def end_role(slug: str, grant_id: int) -> ResponseReturnValue:
    """End a role. One's own as admin stays: somebody must be able to open the door again."""
    found = organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN)
    grant = database.get(RoleGrant, grant_id)
    if grant is None or grant.organization_id != found.id or grant.role == Role.TRAINEE:
        raise NotFound
    if grant.person_id == visitor().id and grant.role == Role.ORGANIZATION_ADMIN:
        raise Refused(_("You cannot end your own role as admin. Ask another admin to do it."))
    with saved():
        actions.end_role(grant, by=visitor().id, now=now())
    flash(_("The role has ended."))
    return go(".organization", slug=slug)
