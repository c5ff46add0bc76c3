"""Catching up a class, on the trainee's page; what a group does about it stands in `group_makeup_views`."""

from __future__ import annotations

from datetime import date
from typing import Any

from lms.features.attendance import catching_up, makeups, queries, story
from lms.features.attendance.pages import words_of
from lms.features.attendance.telling import tell
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.acting import acting_about
from lms.features.cohorts.queries import Here, Member
from lms.features.cohorts.rules import typed_day
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
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

views = Blueprint("makeups", __name__, template_folder="templates")


def line_of(here: Here, person: Member, number: int) -> tuple[story.Story, story.Line]:
    """One class as it stands with somebody. Raises NotFound."""
    found = story.story_of(here, person, host().guard, now())
    line = found.line(number)
    if line is None:
        raise NotFound
    return found, line


def ways_open(here: Here, found: story.Story, line: story.Line) -> catching_up.Ways:
    """What can be chosen: nothing where nothing was missed, or something is on its way."""
    if not line.missed or line.make_up:
        return catching_up.Ways(())
    return catching_up.ways_for(here, line, found.ledger, host().guard, now())


def way_chosen(ways: catching_up.Ways) -> makeups.Chosen:
    """What was chosen on the page. Raises Incomplete."""
    option = ways.named(form("way", 80))
    if option is None:
        raise Incomplete({"way": _("Choose one of the ways.")})
    other = number("other")
    return makeups.Chosen(option, other if other in {one.id for one in ways.others} else None, day_sent())


def day_sent() -> date | None:
    """The day that was typed; None for an empty field. Raises Incomplete."""
    typed = form("due_on", 20).strip()
    day = typed_day(typed)
    if typed and day is None:
        raise Incomplete({"due_on": _("Enter a date, like 2027-03-27.")})
    return day


def _tell_trainers(here: Here, number: int) -> None:
    news = _l("There is news from %(name)s about catching up class %(number)s.", name=here.who.name, number=number)
    trainers = (trainer.id for trainer in cohorts.trainers_of(here))
    tell(trainers, news, address("makeups.list", cohort_id=here.id), at=now())


def tell_trainee(cohort_id: int, number: int, person_id: int) -> None:
    news = _l("There is news about how to catch up class %(number)s.", number=number)
    tell([person_id], news, address("makeups.mine", cohort_id=cohort_id, number=number), at=now())


# -- the trainee --------------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/make-up")
@signed_in_only
def mine(cohort_id: int, number: int) -> ResponseReturnValue:
    """A missed class, or one that they cannot come to: what it means, ways to catch up, and the one chosen."""
    here = cohorts.attended_by(visitor(), cohort_id)
    return _own_page(here, *line_of(here, here.me, number))


def _own_page(
    here: Here, found: story.Story, line: story.Line, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    ahead = story.as_if_missed(found.ledger, line.meeting.number) if line.told_ahead else None
    return page(
        "attendance/make_up.html",
        status,
        here=here,
        story=found,
        line=line,
        words=words_of(here),
        ways=ways_open(here, found, line),
        meaning=story.said_once(queries.verdicts(here.rule, host().guard, ahead)) if ahead else [],
        lapsed=makeups.lapsed,
        typed=request.form,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/make-up")
@signed_in_only
def ask(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    found, line = line_of(here, here.me, number)
    if line.make_up:
        raise Refused(_("There is a make-up for this class already. Take it back first to choose another way."))
    try:
        with saved():
            chosen = way_chosen(ways_open(here, found, line))
            makeups.ask(line.meeting.id, here.me.enrolment_id, chosen, acting_about(here, here.who.id, now()))
            _tell_trainers(here, number)
    except Incomplete as incomplete:
        return _own_page(here, found, line, incomplete.by_field, 422)
    flash(_("Your trainers know. You will read here what they say."))
    return go(".mine", cohort_id=cohort_id, number=number)


def _own_make_up(here: Here, number: int) -> int:
    _found, line = line_of(here, here.me, number)
    if line.make_up is None:
        raise Refused(_("This make-up has changed meanwhile. Look at the page again."))
    made: int = line.make_up.MakeUp.id
    return made


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/make-up/done")
@signed_in_only
def done(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    try:
        with saved():
            words = form("done_words", makeups.MOST_WORDS)
            makeups.say_done(_own_make_up(here, number), words, acting_about(here, here.who.id, now()))
            _tell_trainers(here, number)
    except Incomplete as incomplete:
        return _own_page(here, *line_of(here, here.me, number), incomplete.by_field, 422)
    flash(_("Good. Your trainers will look at it."))
    return go(".mine", cohort_id=cohort_id, number=number)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/make-up/take-back")
@signed_in_only
def take_back(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    with saved():
        makeups.take_back(_own_make_up(here, number), acting_about(here, here.who.id, now()))
        _tell_trainers(here, number)
    flash(_("Taken back. You can choose another way."))
    return go(".mine", cohort_id=cohort_id, number=number)
