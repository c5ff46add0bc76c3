"""Catching up a class: what a trainer offers, and the make-ups of a group."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.attendance import catching_up, makeups
from lms.features.attendance.makeup_views import (
    day_sent,
    line_of,
    tell_trainee,
    views,
    way_chosen,
    ways_open,
)
from lms.features.attendance.telling import tell
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.acting import acting_about
from lms.features.cohorts.queries import Here, Member
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.web import (
    Guest,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)
from lms.plugin_api.values import MeetingState

__all__ = ["guests_of_class", "views"]


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/people/<int:enrolment_id>/make-up")
@signed_in_only
def offer(cohort_id: int, number: int, enrolment_id: int) -> ResponseReturnValue:
    """Somebody missed a class: the ways that can be offered to them."""
    here = cohorts.led_by(visitor(), cohort_id)
    return _offer_page(here, cohorts.member(here.id, enrolment_id), number)


def _offer_page(here: Here, person: Member, number: int, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    found, line = line_of(here, person, number)
    return page(
        "attendance/offer_make_up.html",
        status,
        here=here,
        person=person,
        line=line,
        ways=ways_open(here, found, line),
        typed=request.form,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/people/<int:enrolment_id>/make-up")
@signed_in_only
def send_offer(cohort_id: int, number: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    person = cohorts.member(here.id, enrolment_id)
    found, line = line_of(here, person, number)
    if line.make_up:
        raise Refused(_("There is a make-up for this class already. Look at the make-ups of the group."))
    try:
        with saved():
            words = form("words", makeups.MOST_REASON)
            chosen = way_chosen(ways_open(here, found, line))
            made = makeups.offer(
                line.meeting.id, enrolment_id, chosen, words, acting_about(here, person.person_id, now())
            )
            _tell_hosts(here, catching_up.make_up_of_group(here, made.id))
            tell_trainee(here.id, number, person.person_id)
    except Incomplete as incomplete:
        return _offer_page(here, person, number, incomplete.by_field, 422)
    flash(_("Offered. %(name)s gets a mail.", name=person.name))
    return go(".list", cohort_id=cohort_id)


@views.get("/cohorts/<int:cohort_id>/make-ups", endpoint="list")
@signed_in_only
def of_group(cohort_id: int) -> ResponseReturnValue:
    """The make-ups of a group, those first that wait for a word of its trainers; and guests from other groups."""
    return _list_page(cohorts.led_by(visitor(), cohort_id))


def _list_page(here: Here, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    rows = catching_up.make_ups_of_group(here)
    own = [row for row in rows if row.cohort_id == here.id]
    going = [row for row in own if row.MakeUp.closed_at is None]
    return page(
        "attendance/make_ups.html",
        status,
        here=here,
        waiting=[row for row in going if row.MakeUp.state in (makeups.ASKED, makeups.DONE)],
        agreed=[row for row in going if row.MakeUp.state == makeups.AGREED],
        over=[row for row in reversed(own) if row.MakeUp.closed_at or row.MakeUp.state == makeups.ACCEPTED],
        guests=[row for row in rows if row.other_cohort_id == here.id and _comes(row.MakeUp)],
        reads_words=here.who.plays(Role.TRAINER, organization=here.organization.id, cohort=here.id),
        today=acting_about(here, here.who.id, now()).today,
        lapsed=makeups.lapsed,
        typed=request.form,
        tried=(request.view_args or {}).get("make_up_id"),
        errors=errors or {},
    )


def _comes(made: Any) -> bool:
    """True for a guest whose own trainers have agreed."""
    return made.closed_at is None and made.state in (makeups.AGREED, makeups.ACCEPTED)


@views.post("/cohorts/<int:cohort_id>/make-ups/<int:make_up_id>/agree")
@signed_in_only
def agree(cohort_id: int, make_up_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    row = _own_row(here, make_up_id)
    try:
        with saved():
            words = form("words", makeups.MOST_REASON)
            makeups.agree(make_up_id, day_sent(), words, acting_about(here, row.person_id, now()))
            tell_trainee(here.id, row.number, row.person_id)
            _tell_hosts(here, row)
    except Incomplete as incomplete:
        return _list_page(here, incomplete.by_field, 422)
    flash(_("Agreed. %(name)s gets a mail.", name=row.name))
    return go(".list", cohort_id=cohort_id)


def _own_row(here: Here, make_up_id: int) -> Any:
    """A make-up of this group. Raises NotFound, also for a guest's."""
    row = catching_up.make_up_of_group(here, make_up_id)
    if row.cohort_id != here.id:
        raise NotFound
    return row


def _tell_hosts(here: Here, row: Any) -> None:
    """The trainers of the other group hear that a guest comes."""
    if row.other_cohort_id is None:
        return
    there = catching_up.trainers_elsewhere(here.organization.id, row.other_cohort_id)
    news = _l("A guest comes to class %(number)s of %(group)s.", number=row.other_number, group=row.other_group)
    tell(there, news, address("makeups.list", cohort_id=row.other_cohort_id), at=now())


@views.post("/cohorts/<int:cohort_id>/make-ups/<int:make_up_id>/decide")
@signed_in_only
def decide(cohort_id: int, make_up_id: int) -> ResponseReturnValue:
    """Accept what was done, ask for it once more, or end it; the last two with a reason."""
    here = cohorts.led_by(visitor(), cohort_id)
    row = _own_row(here, make_up_id)
    acting, decision = acting_about(here, row.person_id, now()), form("decision", 10)
    try:
        with saved():
            words = form("words", makeups.MOST_REASON)
            if decision == "accept":
                makeups.accept(make_up_id, acting)
            elif decision == "again":
                makeups.offer_again(make_up_id, day_sent(), words, acting)
            else:
                makeups.close(make_up_id, words, acting)
            tell_trainee(here.id, row.number, row.person_id)
    except Incomplete as incomplete:
        return _list_page(here, incomplete.by_field, 422)
    flash(_("Noted, with your name. %(name)s gets a mail.", name=row.name))
    return go(".list", cohort_id=cohort_id)


def guests_of_class(meeting_id: int) -> list[Guest]:
    """Those whose trainers agreed that they come to this class of another group. One query."""
    return [
        Guest(id, email, language, address("makeups.mine", cohort_id=cohort_id, number=number))
        for id, email, language, cohort_id, number in catching_up.guests_at(meeting_id)
    ]


@views.post("/cohorts/<int:cohort_id>/make-ups/<int:make_up_id>/guest")
@signed_in_only
def guest_was_there(cohort_id: int, make_up_id: int) -> ResponseReturnValue:
    """A trainer of the other group confirms that the guest was there: with that the class is made up."""
    here = cohorts.led_by(visitor(), cohort_id)
    row = catching_up.make_up_of_group(here, make_up_id)
    if row.other_cohort_id != here.id:
        raise NotFound
    if row.other_starts_at > now():
        raise Refused(_("This class has not begun yet."))
    if row.other_state == MeetingState.CANCELLED:
        raise Refused(_("This class was cancelled. It counts against no one."))
    with saved():
        makeups.accept(make_up_id, acting_about(here, row.person_id, now()))
        tell_trainee(row.cohort_id, row.number, row.person_id)
    flash(_("Noted, with your name. %(name)s gets a mail.", name=row.name))
    return go(".list", cohort_id=cohort_id)
