"""Worries: raising one, the list, what was done. And the page on what helps somebody."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import LEADERS, Role, not_oneself
from lms.features.care import actions, queries
from lms.features.care.actions import EXTRA_TIME, Urgency
from lms.features.care.telling import tell_coordinators
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here, Member
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    now,
    number,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("care", __name__, template_folder="templates")

MAX_WORDS = 5000
WORDS = {
    Urgency.NOW: lazy_gettext("danger now"),
    Urgency.TODAY: lazy_gettext("today"),
    Urgency.SOON: lazy_gettext("check in soon"),
    Urgency.TALK: lazy_gettext("wants to talk it over"),
}
views.record(lambda state: state.app.jinja_env.globals.update(urgency_words=WORDS))


# -- raising one --------------------------------------------------------------------------------------------


def _about(cohort_id: int, enrolment_id: int) -> tuple[Here, Member]:
    """The group and the person, for those who lead it. One's own good is for somebody else to look after."""
    here = cohorts.led_by(visitor(), cohort_id)
    person = cohorts.member_seen_from(here, enrolment_id)
    not_oneself(here.who.id, person.person_id)
    return here, person


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/concern")
@signed_in_only
def new_concern(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """First one question: is someone in danger right now? Then the steps, then the words."""
    here, person = _about(cohort_id, enrolment_id)
    return _concern_form(here, person, request.args.get("danger", ""), request.args.get("submission", ""))


def _concern_form(
    here: Here, person: Member, danger: str, submission: str, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    return page(
        "care/new_concern.html",
        status,
        here=here,
        person=person,
        danger=danger if danger in ("yes", "no") else "",
        submission=submission if submission.isascii() and submission.isdigit() else "",
        readers=queries.coordinators_of(here.cohort, person.person_id),
        typed=request.form,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/concern")
@signed_in_only
def raise_concern(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here, person = _about(cohort_id, enrolment_id)
    danger = request.form.get("danger", "")[:5]
    try:
        with saved():
            concern = actions.raise_concern(
                enrolment_id,
                Urgency.NOW if danger == "yes" else form("urgency", 20),
                form("words", MAX_WORDS),
                by=here.who.id,
                about=person.person_id,
                organization=here.organization.id,
                now=now(),
                submission=number("submission"),
            )
            concern_id = concern.id
            url = address("care.concern", concern_id=concern_id)
            who, about = here.who.id, person.person_id
            tell_coordinators(here.cohort, concern_id, concern.urgency, url, about=about, by=who, at=now())
    except Incomplete as incomplete:
        submission = request.form.get("submission", "")
        return _concern_form(here, person, danger, submission, incomplete.by_field, 422)
    flash(_("Thank you. It is with those who look after the group."))
    return go(".concern", concern_id=concern_id)


# -- looking after it ---------------------------------------------------------------------------------------


@views.get("/concerns")
@signed_in_only
def concerns() -> ResponseReturnValue:
    """Open ones first, the oldest on top. For those who lead: coordinators see all of theirs, trainers what they wrote."""
    who = visitor()
    if not who.has(*LEADERS):
        raise NotFound
    return page(
        "care/concerns.html",
        open=queries.worries_for(who, closed=False),
        closed=queries.worries_for(who, closed=True),
        coordinates=who.has(Role.COORDINATOR),
    )


@views.get("/concerns/<int:concern_id>")
@signed_in_only
def concern(concern_id: int) -> ResponseReturnValue:
    return _concern_page(queries.worry_for(visitor(), concern_id))


def _concern_page(worry: queries.Worry, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    return page(
        "care/concern.html",
        status,
        worry=worry,
        steps=queries.steps_of(worry.concern.id),
        readers=queries.coordinators_of(worry.cohort, worry.about_id),
        may_close=_may_close(worry),
        leads=visitor().plays(*LEADERS, organization=worry.cohort.organization_id, cohort=worry.cohort.id),
        typed=request.form,
        errors=errors or {},
    )


def _may_close(worry: queries.Worry) -> bool:
    """Those who coordinate; where nobody does, whoever raised it."""
    coordinators = {reader.id for reader in queries.coordinators_of(worry.cohort, worry.about_id)}
    return not coordinators or visitor().id in coordinators


@views.post("/concerns/<int:concern_id>/steps")
@signed_in_only
def add_step(concern_id: int) -> ResponseReturnValue:
    worry = queries.worry_for(visitor(), concern_id)
    closes = bool(form("close", 5))
    if closes and not _may_close(worry):
        raise NotFound
    act = actions.close if closes else actions.add_step
    try:
        with saved():
            act(concern_id, form("words", MAX_WORDS), by=visitor().id, about=worry.about_id, now=now())
    except Incomplete as incomplete:
        return _concern_page(worry, incomplete.by_field, 422)
    flash(_("Closed. It stays here to be read.") if closes else _("Noted, with your name."))
    return go(".concern", concern_id=concern_id)


# -- what helps ---------------------------------------------------------------------------------------------


def _helped(cohort_id: int, enrolment_id: int) -> tuple[Here, Member]:
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    return here, cohorts.member(here.id, enrolment_id)


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/help")
@signed_in_only
def help_for(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """What was agreed with one person, without a reason. For those who coordinate."""
    here, person = _helped(cohort_id, enrolment_id)
    return _help_page(here, person)


def _help_page(here: Here, person: Member, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    return page(
        "care/help.html",
        status,
        here=here,
        person=person,
        agreed=queries.agreed_by(person.enrolment_id),
        choices=EXTRA_TIME,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/help")
@signed_in_only
def agree_on_help(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here, person = _helped(cohort_id, enrolment_id)
    try:
        with saved():
            actions.agree_on_help(
                enrolment_id,
                number("extra_time"),
                bool(form("read_aloud", 5)),
                by=here.who.id,
                about=person.person_id,
                organization=here.organization.id,
                now=now(),
            )
    except Incomplete as incomplete:
        return _help_page(here, person, incomplete.by_field, 422)
    flash(_("Noted. It applies from now on, by itself."))
    return go("progress.person", cohort_id=cohort_id, enrolment_id=enrolment_id)
