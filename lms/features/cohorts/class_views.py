"""Changing one class: moved, cancelled, on again. Everyone hears of it once, with the new date for their calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from lms.features.cohorts import classes, dates, queries
from lms.features.cohorts.calendar import entry_of
from lms.features.cohorts.class_mails import text_of_change
from lms.features.cohorts.plan_words import a_number, odd_sentences
from lms.features.cohorts.planning import typed_number
from lms.features.cohorts.rules import typed_day, typed_time
from lms.features.cohorts.views import class_page
from lms.host import mail
from lms.host.calendar import MEDIA_TYPE, CalendarEntry, calendar_text
from lms.host.db import saved
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.i18n import language, spoken
from lms.host.web import (
    Blueprint,
    Guest,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    host,
    now,
    request,
    signed_in_only,
    visitor,
)
from lms.plugin_api.values import MeetingState

views = Blueprint("classes", __name__, template_folder="templates")


def _class(cohort_id: int, number: int) -> tuple[queries.Here, queries.ClassHere]:
    """A class of a cohort that the visitor leads. Raises NotFound."""
    here = queries.led_by(visitor(), cohort_id)
    return here, queries.class_number(queries.classes_of(here, now()), number)


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/class.ics")
@signed_in_only
def download(cohort_id: int, number: int) -> ResponseReturnValue:
    """One class as a file for a calendar."""
    here = queries.cohort_for(visitor(), cohort_id)
    found = queries.class_number(queries.classes_of(here, now()), number)
    headers = {"Content-Type": f"{MEDIA_TYPE}; charset=utf-8", "Content-Disposition": "attachment; filename=class.ics"}
    return calendar_text([entry_of(here, found, address)], _("My classes")), 200, headers


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/cancel")
@signed_in_only
def cancel(cohort_id: int, number: int) -> ResponseReturnValue:
    here, found = _class(cohort_id, number)
    with saved():
        if classes.cancel_meeting(here.cohort, found.id, form("why", 300), by=visitor().id, now=now()):
            _tell_all(here, found)
    flash(_("The class is cancelled. Everyone gets a mail, and it counts against no one."))
    return go("cohorts.meeting", cohort_id=cohort_id, number=number)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/on-again")
@signed_in_only
def on_again(cohort_id: int, number: int) -> ResponseReturnValue:
    """A class that was cancelled takes place after all."""
    here, found = _class(cohort_id, number)
    with saved():
        if classes.hold_after_all(here.cohort, found.id, by=visitor().id, now=now()):
            _tell_all(here, found)
    flash(_("The class takes place. Everyone gets a mail."))
    return go("cohorts.meeting", cohort_id=cohort_id, number=number)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/move")
@signed_in_only
def move(cohort_id: int, number: int) -> ResponseReturnValue:
    """Another time, length or place."""
    here, found = _class(cohort_id, number)
    try:
        to = _typed_time(found, here.zone)
        with saved():
            moved = classes.move_meeting(here.cohort, found.id, to, by=visitor().id, now=now())
            if moved:
                _tell_all(here, found, _taken_back(here, found, to.starts))
    except Incomplete as incomplete:
        plan = here.revision.page(f"class:{number}", language())
        everything = queries.classes_of(here, now())
        errors = incomplete.by_field
        return class_page(here, everything, number, plan, errors=errors, typed=request.form, status=422)
    flash(_("The class is moved. Everyone gets a mail.") if moved else _("The class is at this time already."))
    for sentence in _remarks(here, number):
        flash(sentence)
    return go("cohorts.meeting", cohort_id=cohort_id, number=number)


def _typed_time(found: queries.ClassHere, zone: str) -> classes.ClassTime:
    """What the form says; fields that were not sent leave things as they are. Raises Incomplete."""
    errors: dict[str, object] = {}
    day, at = typed_day(form("day", 40)), typed_time(form("at", 40))
    if day is None:
        errors["day"] = _("Enter a date, like 2027-03-27.")
    if at is None:
        errors["at"] = _("Enter a time, like 18:00.")
    minutes = typed_number(form("minutes", 20), classes.SHORTEST, classes.MOST_MINUTES)
    if form("minutes", 20) and minutes is None:
        errors["minutes"] = a_number(classes.SHORTEST, classes.MOST_MINUTES)
    if errors or day is None or at is None:
        raise Incomplete(errors)
    wall = dates.Wall.combine(day, at)
    same = dates.on_the_wall(found.starts_at, zone) == wall
    starts = found.starts_at if same else dates.moment(wall, zone)
    place = " ".join(form("place", 200).split()) if "place" in request.form else None
    link = form("link", 500).strip() if "link" in request.form else None
    return classes.ClassTime(starts, minutes, place, link)


def _taken_back(here: queries.Here, found: queries.ClassHere, starts: datetime) -> set[int]:
    """The enrolments of which something was taken back because the class has another day."""
    if dates.on_the_wall(found.starts_at, here.zone).date() == dates.on_the_wall(starts, here.zone).date():
        return set()
    return {id for feature in host().when_moved for id in feature(found.id, by=visitor().id, now=now())}


def _remarks(here: queries.Here, number: int) -> list[str]:
    """Classes of the group that go on at the same time, and what the clocks do."""
    everything = queries.classes_of(here, now())
    found = queries.class_number(everything, number)
    beside = [
        other.number
        for other in everything
        if other.number != number
        and other.state is not MeetingState.CANCELLED
        and dates.meet((found.starts_at, found.minutes), (other.starts_at, other.minutes))
    ]
    wall = dates.on_the_wall(found.starts_at, here.zone)
    odd = dates.oddities(wall, found.minutes, here.zone)
    said = odd_sentences(wall, found.minutes, here.zone, odd)
    return [_("Class %(number)s goes on at the same time.", number=other) for other in beside] + said


# -- telling everyone ---------------------------------------------------------------------------------------


def _tell_all(here: queries.Here, was: queries.ClassHere, taken_back: Collection[int] = ()) -> None:
    """Write to everyone in the group who is not on a break from the class, to those who lead it, and to its guests.

    The key of a mail has the number of the change. `was` is the class before it; `taken_back` are enrolments of which
    something was taken back.
    """
    found = queries.class_number(queries.classes_of(here, now()), was.number)
    expected = [m for m in queries.members_of(here.id) if not _misses(m, found.starts_at, was.starts_at)]
    people = {person.person_id: person.email for person in expected}
    people |= {trainer.id: trainer.email for trainer in queries.trainers_of(here)}
    concerned = {person.person_id for person in expected if person.enrolment_id in taken_back}
    key = f"class:{found.id}:{found.sequence}"
    own_page = address("cohorts.meeting", cohort_id=here.id, number=found.number)
    with spoken(here.cohort.language):
        subject, text = _("A note about your class"), text_of_change(here, was, found, own_page, now())
        more = "\n\n" + _(
            "What was noted for you on the old date no longer stands. "
            "If you cannot come on the new one either, please tell us again."
        )
        attached = _attached(entry_of(here, found, address))
    mails = [
        mail.Mail(email, subject, text + more if id in concerned else text, f"{key}:{id}", attached)
        for id, email in people.items()
    ]
    guests = [guest for feature in host().class_guests for guest in feature(found.id) if guest.person_id not in people]
    mails += [_mail_to_guest(here, was, found, guest, key) for guest in guests]
    mail.write_mails(mails, at=now())


def _misses(person: queries.Member, *moments: datetime) -> bool:
    """True for somebody who is on a break at all of these moments."""
    return all(person.paused_at(moment) for moment in moments)


def _mail_to_guest(
    here: queries.Here, was: queries.ClassHere, found: queries.ClassHere, guest: Guest, key: str
) -> mail.Mail:
    """They cannot open the pages of this group: it leads to what they agreed, where the class stands too."""
    with spoken(guest.language):
        text = text_of_change(here, was, found, guest.url, now())
        return mail.Mail(guest.email, _("A note about your class"), text, f"{key}:guest:{guest.person_id}")


def _attached(entry: CalendarEntry) -> mail.Attached:
    sender = host().config.settings.mail_from
    text = calendar_text([entry], "", organizer=sender).decode()
    return mail.Attached("class.ics", MEDIA_TYPE, text, {"method": "PUBLISH", "charset": "utf-8"})
