"""Catching up a class: the trainee's page, what a trainer offers, and the make-ups of a group."""

from __future__ import annotations

from datetime import date
from typing import Any

from lms.features.accounts.roles import Role
from lms.features.attendance import catching_up, makeups, queries, story
from lms.features.attendance.pages import words_of
from lms.features.attendance.telling import tell
from lms.features.cohorts import queries as cohorts
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


def _line(here: Here, person: Member, number: int) -> tuple[story.Story, story.Line]:
    """One class as it stands with somebody. Raises NotFound."""
    found = story.story_of(here, person, host().guard, now())
    line = found.line(number)
    if line is None:
        raise NotFound
    return found, line


def _ways(here: Here, found: story.Story, line: story.Line) -> catching_up.Ways:
    """What can be chosen: nothing where nothing was missed, or something is on its way."""
    if not line.missed or line.make_up:
        return catching_up.Ways(())
    return catching_up.ways_for(here, line, found.ledger, host().guard, now())


def _chosen(ways: catching_up.Ways) -> makeups.Chosen:
    """What was chosen on the page. Raises Incomplete."""
    option = ways.named(form("way", 80))
    if option is None:
        raise Incomplete({"way": _("Choose one of the ways.")})
    other = number("other")
    return makeups.Chosen(option, other if other in {one.id for one in ways.others} else None, _day())


def _day() -> date | None:
    """The day that was typed; None for an empty field. Raises Incomplete."""
    typed = form("due_on", 20).strip()
    day = typed_day(typed)
    if typed and day is None:
        raise Incomplete({"due_on": _("Enter a date, like 2027-03-27.")})
    return day


def _acting(here: Here, person_id: int) -> makeups.Acting:
    return makeups.Acting(visitor().id, here.organization.id, person_id, now(), here.zone)


def _tell_trainers(here: Here, number: int) -> None:
    news = _l("%(name)s wrote to you about class %(number)s.", name=here.who.name, number=number)
    trainers = (trainer.id for trainer in cohorts.trainers_of(here))
    tell(trainers, news, address("makeups.list", cohort_id=here.id), at=now())


def _tell_trainee(cohort_id: int, number: int, person_id: int) -> None:
    news = _l("There is news about how to catch up class %(number)s.", number=number)
    tell([person_id], news, address("makeups.mine", cohort_id=cohort_id, number=number), at=now())


# -- the trainee --------------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/make-up")
@signed_in_only
def mine(cohort_id: int, number: int) -> ResponseReturnValue:
    """A missed class, or one that they cannot come to: what it means, ways to catch up, and the one chosen."""
    here = cohorts.attended_by(visitor(), cohort_id)
    return _own_page(here, *_line(here, here.me, number))


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
        ways=_ways(here, found, line),
        meaning=story.said_once(queries.verdicts(here.rule, host().guard, ahead)) if ahead else [],
        lapsed=makeups.lapsed,
        typed=request.form,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/make-up")
@signed_in_only
def ask(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    found, line = _line(here, here.me, number)
    if line.make_up:
        raise Refused(_("There is a make-up for this class already. Take it back first to choose another way."))
    try:
        with saved():
            chosen = _chosen(_ways(here, found, line))
            makeups.ask(line.meeting.id, here.me.enrolment_id, chosen, _acting(here, here.who.id))
            _tell_trainers(here, number)
    except Incomplete as incomplete:
        return _own_page(here, found, line, incomplete.by_field, 422)
    flash(_("Your trainers know. You will read here what they say."))
    return go(".mine", cohort_id=cohort_id, number=number)


def _own_make_up(here: Here, number: int) -> int:
    _found, line = _line(here, here.me, number)
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
            makeups.say_done(_own_make_up(here, number), words, _acting(here, here.who.id))
            _tell_trainers(here, number)
    except Incomplete as incomplete:
        return _own_page(here, *_line(here, here.me, number), incomplete.by_field, 422)
    flash(_("Good. Your trainers will look at it."))
    return go(".mine", cohort_id=cohort_id, number=number)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/make-up/take-back")
@signed_in_only
def take_back(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    with saved():
        makeups.take_back(_own_make_up(here, number), _acting(here, here.who.id))
        _tell_trainers(here, number)
    flash(_("Taken back. You can choose another way."))
    return go(".mine", cohort_id=cohort_id, number=number)


# -- those who lead -----------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/people/<int:enrolment_id>/make-up")
@signed_in_only
def offer(cohort_id: int, number: int, enrolment_id: int) -> ResponseReturnValue:
    """Somebody missed a class: the ways that can be offered to them."""
    here = cohorts.led_by(visitor(), cohort_id)
    return _offer_page(here, cohorts.member(here.id, enrolment_id), number)


def _offer_page(here: Here, person: Member, number: int, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    found, line = _line(here, person, number)
    return page(
        "attendance/offer_make_up.html",
        status,
        here=here,
        person=person,
        line=line,
        ways=_ways(here, found, line),
        typed=request.form,
        errors=errors or {},
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/people/<int:enrolment_id>/make-up")
@signed_in_only
def send_offer(cohort_id: int, number: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    person = cohorts.member(here.id, enrolment_id)
    found, line = _line(here, person, number)
    if line.make_up:
        raise Refused(_("There is a make-up for this class already. Look at the make-ups of the group."))
    try:
        with saved():
            words = form("words", makeups.MOST_REASON)
            chosen = _chosen(_ways(here, found, line))
            makeups.offer(line.meeting.id, enrolment_id, chosen, words, _acting(here, person.person_id))
            _tell_trainee(here.id, number, person.person_id)
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
        today=_acting(here, here.who.id).today,
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
            makeups.agree(make_up_id, _day(), words, _acting(here, row.person_id))
            _tell_trainee(here.id, row.number, row.person_id)
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
    acting, decision = _acting(here, row.person_id), form("decision", 10)
    try:
        with saved():
            words = form("words", makeups.MOST_REASON)
            if decision == "accept":
                makeups.accept(make_up_id, acting)
            elif decision == "again":
                makeups.offer_again(make_up_id, _day(), words, acting)
            else:
                makeups.close(make_up_id, words, acting)
            _tell_trainee(here.id, row.number, row.person_id)
    except Incomplete as incomplete:
        return _list_page(here, incomplete.by_field, 422)
    flash(_("Noted, with your name. %(name)s gets a mail.", name=row.name))
    return go(".list", cohort_id=cohort_id)


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
    with saved():
        makeups.accept(make_up_id, _acting(here, row.person_id))
        _tell_trainee(row.cohort_id, row.number, row.person_id)
    flash(_("Noted, with your name. %(name)s gets a mail.", name=row.name))
    return go(".list", cohort_id=cohort_id)
