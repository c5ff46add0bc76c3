"""One's place in a group: a break, coming back, leaving. One calm page each; nobody has to say why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from markupsafe import Markup

from lms.features.accounts.models import Person
from lms.features.accounts.roles import not_oneself
from lms.features.cohorts import actions, breaks, places, queries, way_back
from lms.features.cohorts.queries import Here, Member
from lms.host import mail
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import Incomplete
from lms.host.i18n import LazyText, day, long_day, spoken
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.web import (
    Blueprint,
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

views = Blueprint("places", __name__, template_folder="templates")


def until(pause: Any, zone: str) -> str:
    """The last day of a break in words; empty while it is open."""
    last = breaks.last_day(pause, zone)
    return long_day(last) if last else ""


def _current(here: Here | Member) -> Any:
    return breaks.current(here.pauses, now())


views.record(lambda state: state.app.jinja_env.filters.update(break_until=until, current_break=_current))


def of_today(groups: Sequence[Here]) -> list[Markup]:
    """Each break that lasts, on the page of the day. No query."""
    away = [(here, pause) for here in groups if not here.ended and (pause := _current(here)) and pause.covers(now())]
    return [_drawn("cohorts/_break_today.html", here=here, pause=pause) for here, pause in away]


def _drawn(template: str, **values: object) -> Markup:
    shown = page(template, **values)
    return Markup(shown[0] if isinstance(shown, tuple) else shown)


# -- one's own ----------------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/break")
@signed_in_only
def own_break(cohort_id: int) -> ResponseReturnValue:
    """I need a break: from when, until when. Or the break that lasts, and the way back."""
    return _break_page(queries.attended_by(visitor(), cohort_id))


def _break_page(here: Here, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    return page(
        "cohorts/break.html",
        status,
        here=here,
        came_from=places.came_from(here.me.enrolment_id),
        typed=request.form,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/break")
@signed_in_only
def take_break(cohort_id: int) -> ResponseReturnValue:
    here = queries.attended_by(visitor(), cohort_id)
    try:
        pause = breaks.typed_break(form("begins", 20), form("until", 20), here.zone, now())
        with saved():
            places.take_break(here.cohort, here.me.enrolment_id, pause, by=here.who.id, now=now())
    except Incomplete as incomplete:
        return _break_page(here, incomplete.by_field, 422)
    return go(".own_break", cohort_id=cohort_id)


@views.post("/cohorts/<int:cohort_id>/break/end")
@signed_in_only
def end_break(cohort_id: int) -> ResponseReturnValue:
    here = queries.attended_by(visitor(), cohort_id)
    with saved():
        places.end_break(here.cohort, here.me.enrolment_id, by=here.who.id, now=now())
    flash(_("Good to have you back."))
    return go("progress.today")


@views.get("/cohorts/<int:cohort_id>/leave")
@signed_in_only
def leaving(cohort_id: int) -> ResponseReturnValue:
    """Leaving in three sentences, with what else there is. For whoever left by themselves: the way back."""
    if left := _left(cohort_id):
        return page("cohorts/left.html", left=left)
    return _leave_page(queries.attended_by(visitor(), cohort_id), {})


def _left(cohort_id: int) -> way_back.Left | None:
    return next((left for left in way_back.left_by(visitor().id) if left.cohort.id == cohort_id), None)


def _leave_page(here: Here, errors: Any, status: int = 200) -> ResponseReturnValue:
    return page("cohorts/leave.html", status, here=here, trainers=queries.trainers_of(here), errors=errors)


@views.post("/cohorts/<int:cohort_id>/leave")
@signed_in_only
def leave(cohort_id: int) -> ResponseReturnValue:
    here = queries.attended_by(visitor(), cohort_id)
    if form("leave", 5) != "yes":
        return _leave_page(here, {"leave": _("Tick this first, so that nobody leaves by accident.")}, 422)
    with saved():
        _tell_trainers(here, _l("%(name)s has left %(group)s.", name=here.who.name, group=here.cohort.name))
        actions.leave(here.cohort, here.me.enrolment_id, by=here.who.id, now=now())
        _tell_oneself(here)
    return go(".leaving", cohort_id=cohort_id)


@views.post("/cohorts/<int:cohort_id>/leave/undo")
@signed_in_only
def undo_leaving(cohort_id: int) -> ResponseReturnValue:
    """Not after all: the place again, with everything. Whoever stands in the group already stays so."""
    if left := _left(cohort_id):
        with saved():
            way_back.take_place_again(left, visitor().id, now=now())
            here = queries.once_attended_by(visitor(), cohort_id)
            _tell_trainers(here, _l("%(name)s is in %(group)s again.", name=here.who.name, group=here.cohort.name))
        flash(_("Good to have you back."))
    else:
        queries.attended_by(visitor(), cohort_id)
    return go("cohorts.course", cohort_id=cohort_id)


def _tell_trainers(here: Here, news: LazyText) -> None:
    """Who left or is back, and nothing else: nobody waits for somebody who does not come."""
    with spoken(here.cohort.language):
        text = f"{news}\n\n{address('people.cohort', cohort_id=here.id)}"
        mails = [
            mail.Mail(trainer.email, _("A note about your group"), text, f"place:{uuid4().hex}")
            for trainer in queries.trainers_of(here)
            if trainer.id != here.who.id
        ]
    mail.write_mails(mails, at=now())


def _tell_oneself(here: Here) -> None:
    """The way back, also for whoever left by a slip, or did not do it themselves."""
    left = _left(here.id)
    if left is None:
        return
    with spoken(here.who.language):
        text = _(
            "You have left %(group)s. What you did stays yours.\n\n"
            "Until %(day)s you can take your place again, with everything that you did:\n\n%(url)s",
            group=here.cohort.name,
            day=day(left.until, left.zone),
            url=address("places.leaving", cohort_id=here.id),
        )
        mail.write_mail(here.who.email, _("A note about your group"), text, key=f"left:{uuid4().hex}", at=now())


# -- those who lead -----------------------------------------------------------------------------------------


def _led(cohort_id: int, enrolment_id: int) -> tuple[Here, Member]:
    here = queries.led_by(visitor(), cohort_id)
    member = queries.member(here.id, enrolment_id)
    not_oneself(here.who.id, member.person_id)
    return here, member


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/place")
@signed_in_only
def place(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """The place of one person: a break to be noted or ended, and the way to another group."""
    return _place_page(*_led(cohort_id, enrolment_id))


def _place_page(here: Here, member: Member, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    return page("cohorts/place.html", status, here=here, member=member, typed=request.form, errors=errors or {})


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/break")
@signed_in_only
def note_break(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here, member = _led(cohort_id, enrolment_id)
    try:
        pause = breaks.typed_break(form("begins", 20), form("until", 20), here.zone, now(), breaks.NOTED_LATER)
        with saved():
            if places.take_break(here.cohort, enrolment_id, pause, by=here.who.id, now=now()):
                _tell_person(here, member, _l("A break of yours has been noted in %(group)s.", group=here.cohort.name))
    except Incomplete as incomplete:
        return _place_page(here, member, incomplete.by_field, 422)
    flash(_("Noted. Classes in the break do not count against them."))
    return go("people.cohort", cohort_id=cohort_id)


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/break/end")
@signed_in_only
def end_break_of(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here, member = _led(cohort_id, enrolment_id)
    with saved():
        if places.end_break(here.cohort, enrolment_id, by=here.who.id, now=now()):
            _tell_person(here, member, _l("Your break in %(group)s is noted as over.", group=here.cohort.name))
    flash(_("The break has ended."))
    return go("people.cohort", cohort_id=cohort_id)


def _tell_person(here: Here, member: Member, news: LazyText) -> None:
    """Somebody else noted it: the person hears of it, and can set it right."""
    person = database.get_one(Person, member.person_id)
    with spoken(person.language):
        url = address("places.own_break", cohort_id=here.id)
        text = _("%(news)s You can look at it, and change it, here:\n\n%(url)s", news=news, url=url)
        key = f"break:{member.enrolment_id}:{uuid4().hex}"
        mail.write_mail(person.email, _("A note about your group"), text, key=key, at=now())
