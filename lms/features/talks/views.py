"""Times for a talk: trainers offer and call off, trainees take and give back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.cohorts import dates
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.models import Enrolment
from lms.features.cohorts.queries import Here
from lms.features.cohorts.rules import typed_day, typed_time
from lms.features.talks import actions, queries
from lms.features.talks.models import Talk
from lms.features.talks.rules import may_be_a_talk
from lms.host import mail
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import day_and_time, spoken
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    host,
    now,
    number,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("talks", __name__, template_folder="templates")

WEEKS = 6
PLACE = 300


def _trained(cohort_id: int) -> Here:
    """The cohort, for its trainers: they offer the times and hold the talks."""
    return cohorts.cohort_for(visitor(), cohort_id, Role.TRAINER)


# -- trainers -----------------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/talks")
@signed_in_only
def talks(cohort_id: int) -> ResponseReturnValue:
    """What is to come, what is to be written down, and the form to offer more."""
    return _talks_page(_trained(cohort_id))


def _talks_page(here: Here, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    rows = queries.talks_of(here, now())
    return page(
        "talks/talks.html",
        status,
        here=here,
        to_come=[row for row in rows if row.Talk.starts_at > now()],
        to_write=[row for row in rows if row.Talk.starts_at <= now()],
        done=queries.done_talks_of(here),
        typed=request.form,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/talks")
@signed_in_only
def offer(cohort_id: int) -> ResponseReturnValue:
    here = _trained(cohort_id)
    try:
        times = _typed_times(here)
        with saved():
            count = len(actions.offer(times, by=here.who.id, organization=here.organization.id, now=now()))
    except Incomplete as incomplete:
        return _talks_page(here, incomplete.by_field, 422)
    flash(_("Offered. People of your group can take it now.") if count else _("You offered this already."))
    return go(".talks", cohort_id=cohort_id)


def _typed_times(here: Here) -> actions.Offer:
    errors: dict[str, object] = {}
    day, at = typed_day(form("day", 20)), typed_time(form("at", 20))
    if day is None:
        errors["day"] = _("Enter a date, like 2027-03-27.")
    if at is None:
        errors["at"] = _("Enter a time, like 18:00.")
    minutes = number("minutes")
    if minutes not in actions.MINUTES:
        errors["minutes"] = _("Enter minutes from 5 to 240.")
    place = form("place", PLACE).strip()
    if not place:
        errors["place"] = _("Say where: a room, a telephone number, or a link.")
    if errors or day is None or at is None or minutes is None:
        raise Incomplete(errors)
    weeks = WEEKS if form("weekly", 5) else 1
    starts = [dates.moment(wall, here.zone) for wall in dates.weekly(day, {day.weekday(): at}, weeks).starts]
    return actions.Offer(here.id, starts, minutes, place)


@views.post("/cohorts/<int:cohort_id>/talks/<int:talk_id>/cancel")
@signed_in_only
def cancel(cohort_id: int, talk_id: int) -> ResponseReturnValue:
    here = _trained(cohort_id)
    talk: Talk = queries.talk_of(here, talk_id).Talk
    with saved():
        taken_by = actions.cancel(talk.id, by=here.who.id, organization=here.organization.id, now=now())
        if taken_by is not None and talk.starts_at > now():
            _tell_taker(here, talk, taken_by)
    flash(_("Called off. Whoever had taken it gets a mail.") if taken_by else _("Called off."))
    return go(".talks", cohort_id=cohort_id)


def _tell_taker(here: Here, talk: Talk, enrolment_id: int) -> None:
    person = database.get_one(Person, database.get_one(Enrolment, enrolment_id).person_id)
    with spoken(person.language):
        text = _(
            "The talk on %(when)s does not take place. You can choose another time here:\n\n%(url)s",
            when=day_and_time(talk.starts_at, here.zone),
            url=address("submissions.activity", cohort_id=here.id, activity_id=talk.activity_id),
        )
        mail.write_mail(person.email, _("A note about your talk"), text, key=f"talk:{talk.id}:cancelled", at=now())


# -- trainees -----------------------------------------------------------------------------------------------


def _taker(cohort_id: int, activity_id: str) -> tuple[Here, actions.Taker]:
    """Whoever takes part here, where this piece can be a talk."""
    here = cohorts.attended_by(visitor(), cohort_id)
    activity = here.course.activities.get(activity_id)
    if activity is None:
        raise NotFound
    kind = host().guard.homework(here.course, activity)
    if not may_be_a_talk(kind.in_person, kind.reviewed, kind.accepts(activity)):
        raise NotFound
    me = here.me
    return here, actions.Taker(me.enrolment_id, here.id, here.organization.id, me.person_id)


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/talks/<int:talk_id>/take")
@signed_in_only
def take(cohort_id: int, activity_id: str, talk_id: int) -> ResponseReturnValue:
    here, taker = _taker(cohort_id, activity_id)
    talk: Talk = queries.talk_of(here, talk_id).Talk
    try:
        with saved():
            for changed in actions.take(taker, talk_id, activity_id, now=now()):
                _tell_trainer(here, changed, taken=changed.id == talk_id)
        flash(_("It is yours: %(when)s", when=day_and_time(talk.starts_at, here.zone)))
    except Refused as refused:
        flash(str(refused.sentence))
    return go("submissions.activity", cohort_id=cohort_id, activity_id=activity_id)


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/talks/<int:talk_id>/give-back")
@signed_in_only
def give_back(cohort_id: int, activity_id: str, talk_id: int) -> ResponseReturnValue:
    here, taker = _taker(cohort_id, activity_id)
    talk: Talk = queries.talk_of(here, talk_id).Talk
    try:
        with saved():
            if actions.give_back(taker, talk_id, now=now()):
                _tell_trainer(here, talk, taken=False)
        flash(_("Given back. You can take another time, or write."))
    except Refused as refused:
        flash(str(refused.sentence))
    return go("submissions.activity", cohort_id=cohort_id, activity_id=activity_id)


def _tell_trainer(here: Here, talk: Talk, *, taken: bool) -> None:
    """Whoever offered the time hears of it, by name and hour alone."""
    trainer = database.get_one(Person, talk.offered_by)
    when: datetime = talk.starts_at
    with spoken(trainer.language):
        values = {
            "name": here.who.name,
            "when": day_and_time(when, here.zone),
            "url": address("talks.talks", cohort_id=here.id),
        }
        text = (
            _("%(name)s has taken your time on %(when)s.\n\n%(url)s", **values)
            if taken
            else _("%(name)s has given back your time on %(when)s. It is free again.\n\n%(url)s", **values)
        )
        mail.write_mail(trainer.email, _("A note about your talk"), text, key=f"talk:{talk.id}:{uuid4().hex}", at=now())
