"""Trainees check themselves in to a class, by the word on the trainer's screen."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lms.features.accounts.roles import LEADERS
from lms.features.attendance import actions, check_in, rules
from lms.features.attendance.check_in import Heard
from lms.features.attendance.pages import class_and_facts, words_of
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.models import Cohort, Meeting
from lms.host import db
from lms.host.db import saved
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext, ngettext, time_of_day
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    host,
    limiter,
    make_response,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)
from lms.plugin_api.documents import make_qr
from lms.plugin_api.values import MeetingState, Status

views = Blueprint("check_in", __name__, template_folder="templates")

NOT_RIGHT = {
    Heard.WRONG: lazy_gettext("This is not the word on the screen. Look again, and type the one that is there now."),
    Heard.OVER: lazy_gettext("The word has changed meanwhile. Type the one that is on the screen now."),
    Heard.OTHER_CLASS: lazy_gettext("This is the word of another class. Type the one on the screen of this class."),
}


# -- the trainer's screen -----------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/check-in/screen")
@signed_in_only
def screen(cohort_id: int, number: int) -> ResponseReturnValue:
    """The word, large, with a code for phones. It renews itself."""
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, _facts = class_and_facts(here, number)
    shut = _shut(here, meeting)
    word = check_in.word_at(_secret(), meeting.id, now())
    code = make_qr(address("check_in.mine", cohort_id=here.id, number=number, word=word))
    return page(
        "attendance/check_in_screen.html",
        here=here,
        meeting=meeting,
        shut=shut,
        word=word,
        code=base64.b64encode(code).decode(),
        where=address("check_in.mine", cohort_id=here.id, number=number),
        seconds=check_in.seconds_left(now()),
    )


def _secret() -> str:
    return host().config.settings.secret_key


def _shut(here: cohorts.Here, meeting: cohorts.ClassHere) -> str:
    """Why nobody can check in now, in a sentence; empty while people can."""
    door = check_in.door(here.cohort.check_in_opens, meeting.starts_at, meeting.ends_at)
    if door is None:
        return _("People do not check themselves in to the classes of this group.")
    if meeting.state is MeetingState.CANCELLED:
        return _("This class was cancelled. It counts against no one.")
    if door.early(now()):
        opens = time_of_day(door.opens, here.zone)
        return _("Check-in opens at %(time)s, on the day of the class.", time=opens)
    if door.late(now()):
        return _("This class is over, and so is its check-in. A trainer can still mark you.")
    return ""


# -- the trainee's page -------------------------------------------------------------------------------------


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/check-in")
@signed_in_only
def mine(cohort_id: int, number: int) -> ResponseReturnValue:
    """One field for the word. The code of the screen fills it in; looking marks nobody."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting, _facts = class_and_facts(here, number)
    return _own_page(here, meeting, check_in.folded(request.args.get("word", "")))


def _own_page(
    here: cohorts.Here, meeting: cohorts.ClassHere, typed: str, error: Any = "", status: int = 200
) -> ResponseReturnValue:
    standing = actions.said_last(meeting.id, here.me.enrolment_id)
    words = words_of(here)
    return page(
        "attendance/check_in.html",
        status,
        here=here,
        meeting=meeting,
        shut=_shut_for_me(here, meeting),
        typed=typed,
        error=error,
        marked=words.get(standing.status) if standing and standing.status and _stays(standing.source) else None,
    )


def _shut_for_me(here: cohorts.Here, meeting: cohorts.ClassHere) -> str:
    """The same for whoever asks. Those who lead have the word in their hands, so that it says nothing of them."""
    return _("Somebody else marks you.") if here.leads else _shut(here, meeting)


def _stays(source: str) -> bool:
    """True for a mark that checking in does not change."""
    return source != actions.NOTICE


def _who_asks() -> str:
    """A whole group may share one address of the network: each person has tries of their own, for each class."""
    return f"check-in:{visitor().id}:{request.path}"


def _tried_enough(_limit: Any) -> Any:
    """After some wrong words a person marks, also where the next one would be right: the word is not to be guessed."""
    seen: dict[str, int] = request.view_args or {}
    here = cohorts.attended_by(visitor(), seen["cohort_id"])
    meeting, _facts = class_and_facts(here, seen["number"])
    sentence = _("You have tried many words for this class. Ask your trainer, who can mark you.")
    return make_response(_own_page(here, meeting, form("word", 100), sentence, 429))


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/check-in")
@signed_in_only
@limiter.limit(
    "10/day", key_func=_who_asks, deduct_when=lambda answer: answer.status_code == 422, on_breach=_tried_enough
)
def arrive(cohort_id: int, number: int) -> ResponseReturnValue:
    """I am here."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting, facts = class_and_facts(here, number)
    typed = form("word", 100)
    if _shut_for_me(here, meeting):
        return _own_page(here, meeting, typed, status=409)
    if not rules.expected_at([here.me], meeting.starts_at, meeting.ends_at):
        sentence = _("You are on a break at this time. Tell your trainers that you are here.")
        return _own_page(here, meeting, typed, sentence, 409)
    heard = check_in.heard(typed, _secret(), meeting.id, now(), _others(here, meeting))
    if heard is not Heard.RIGHT:
        return _own_page(here, meeting, typed, NOT_RIGHT[heard], 422)
    told = rules.at_arrival(meeting.starts_at, now())
    with saved():
        stands = actions.check_in(facts, here.me.enrolment_id, told, by=visitor().id, now=now())
        sentence = _done(here, stands)
    flash(sentence)
    return go("cohorts.meeting", cohort_id=cohort_id, number=number)


def _done(here: cohorts.Here, stands: Any) -> str:
    if stands.source != actions.CHECK_IN:
        return _("You are marked already: %(word)s.", word=words_of(here)[stands.status])
    if stands.status == Status.LATE:
        late = ngettext("%(num)d minute late.", "%(num)d minutes late.", stands.late_by or 0)
        return f"{_('Good that you are here.')} {late}"
    return _("Good that you are here.")


def _others(here: cohorts.Here, meeting: cohorts.ClassHere) -> tuple[int, ...]:
    """Classes of the same organization around this time whose screens show words, too."""
    near = timedelta(hours=12)
    return tuple(
        db.session.scalars(
            select(Meeting.id)
            .join(Cohort, Cohort.id == Meeting.cohort_id)
            .where(
                Cohort.organization_id == here.organization.id,
                Cohort.check_in_opens.is_not(None),
                Meeting.id != meeting.id,
                Meeting.starts_at.between(now() - near, now() + near),
            )
            .limit(20)
        )
    )
