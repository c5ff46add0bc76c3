"""Make-ups: a missed class is caught up by agreement. asked -> agreed -> done -> accepted, or closed with words.

Whoever acts locks the enrolment first, then the make-up, so that of two people at the same moment one comes second and
reads that something has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.features.accounts.roles import not_oneself
from lms.features.attendance.models import MakeUp
from lms.features.cohorts.acting import Acting
from lms.features.cohorts.models import Enrolment
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api import values

ASKED, AGREED, DONE, ACCEPTED = "asked", "agreed", "done", "accepted"
IN_A_CLASS = "class"
MOST_WORDS = 1000
MOST_REASON = 500


@dataclass(frozen=True)
class Chosen:
    """One of the policy's ways, with the class of another group where that is the way, and the day it is due."""

    option: values.MakeUp
    other_meeting_id: int | None = None
    due_on: date | None = None


def ask(meeting_id: int, enrolment_id: int, chosen: Chosen, acting: Acting) -> MakeUp:
    """The trainee would like to catch up a class this way. Raises Refused where a make-up is on its way already."""
    if acting.by != acting.about:
        raise NotFound
    _check_day(chosen, acting, needed=False)
    return _begin(meeting_id, enrolment_id, chosen, ASKED, "", acting)


def offer(meeting_id: int, enrolment_id: int, chosen: Chosen, words: str, acting: Acting) -> MakeUp:
    """A trainer offers a way first: it is agreed, and the trainee can say no thanks. Raises like `ask`."""
    not_oneself(acting.by, acting.about)
    _check_day(chosen, acting, needed=True)
    made = _begin(meeting_id, enrolment_id, chosen, AGREED, words, acting)
    made.agreed_by, made.agreed_at = acting.by, acting.now
    return made


def _check_day(chosen: Chosen, acting: Acting, *, needed: bool) -> None:
    if chosen.option.way == IN_A_CLASS:
        if chosen.other_meeting_id is None:
            raise Incomplete({"other": _l("Choose one of these classes.")})
        return
    _check_due(chosen.due_on, acting, needed=needed)


def _check_due(due_on: date | None, acting: Acting, *, needed: bool) -> None:
    if due_on is None and needed:
        raise Incomplete({"due_on": _l("Say until when, like 2027-03-27.")})
    if due_on is not None and due_on < acting.today:
        raise Incomplete({"due_on": _l("Choose today or a later day.")})


def _begin(meeting_id: int, enrolment_id: int, chosen: Chosen, state: str, words: str, acting: Acting) -> MakeUp:
    locked(Enrolment, enrolment_id)
    if live(meeting_id, enrolment_id):
        raise Refused(_l("There is a make-up for this class already. Take it back first to choose another way."))
    option = chosen.option
    made = MakeUp(
        meeting_id=meeting_id,
        enrolment_id=enrolment_id,
        name=option.name,
        way=option.way,
        label={"en": option.label.en, "fr": option.label.fr},
        covers={"en": option.covers.en, "fr": option.covers.fr},
        state=state,
        other_meeting_id=chosen.other_meeting_id if option.way == IN_A_CLASS else None,
        due_on=None if option.way == IN_A_CLASS else chosen.due_on,
        asked_by=acting.by,
        asked_at=acting.now,
        words=words.strip()[:MOST_REASON],
    )
    session.add(made)
    session.flush()
    _note("asked" if state == ASKED else "offered", made, acting)
    return made


def live(meeting_id: int, enrolment_id: int) -> MakeUp | None:
    """The make-up of this person for this class that is on its way or accepted."""
    return session.scalar(
        select(MakeUp).where(
            MakeUp.meeting_id == meeting_id, MakeUp.enrolment_id == enrolment_id, MakeUp.closed_at.is_(None)
        )
    )


def agree(make_up_id: int, due_on: date | None, words: str, acting: Acting) -> MakeUp:
    """A trainer agrees to what was asked, with the day it is due and words such as where and when."""
    made = _held(make_up_id, acting, ASKED)
    if made.way != IN_A_CLASS:
        _check_due(due_on, acting, needed=True)
        made.due_on = due_on
    made.state, made.words = AGREED, words.strip()[:MOST_REASON]
    made.agreed_by, made.agreed_at = acting.by, acting.now
    _note("agreed", made, acting)
    return made


def say_done(make_up_id: int, words: str, acting: Acting) -> MakeUp:
    """The trainee has done it. The words are for the trainers of the group alone. Late is done all the same."""
    made = _own(make_up_id, acting, AGREED)
    made.state, made.done_words, made.done_at = DONE, words.strip()[:MOST_WORDS], acting.now
    _note("done", made, acting)
    return made


def take_back(make_up_id: int, acting: Acting) -> MakeUp:
    """The trainee would rather not, or chooses another way. What is accepted stays."""
    made = _own(make_up_id, acting, ASKED, AGREED, DONE)
    made.closed_at = acting.now
    _note("taken_back", made, acting)
    return made


def accept(make_up_id: int, acting: Acting) -> MakeUp:
    """A trainer says that the class is made up. It counts from now on as the rule says."""
    made = _held(make_up_id, acting, AGREED, DONE)
    made.state = ACCEPTED
    made.words = ""
    made.decided_by, made.decided_at = acting.by, acting.now
    _note("accepted", made, acting)
    return made


def offer_again(make_up_id: int, due_on: date | None, words: str, acting: Acting) -> MakeUp:
    """Not yet: the trainee reads why, and can do it again until a later day."""
    _check_reason(words)
    made = _held(make_up_id, acting, DONE)
    if made.way != IN_A_CLASS:
        _check_due(due_on, acting, needed=True)
        made.due_on = due_on
    made.state, made.words = AGREED, words.strip()[:MOST_REASON]
    made.decided_by, made.decided_at = acting.by, acting.now
    _note("offered_again", made, acting)
    return made


def close(make_up_id: int, words: str, acting: Acting) -> MakeUp:
    """A trainer ends it without accepting; the trainee reads why, and can ask for another way."""
    _check_reason(words)
    made = _held(make_up_id, acting, ASKED, AGREED, DONE)
    made.words, made.closed_at = words.strip()[:MOST_REASON], acting.now
    made.decided_by, made.decided_at = acting.by, acting.now
    _note("closed", made, acting)
    return made


def _check_reason(words: str) -> None:
    if not words.strip():
        raise Incomplete({"words": _l("Write why. The trainee will read it.")})


def lapsed(state: str, due_on: date | None, today: date) -> bool:
    """True where the day has passed on which an agreed make-up was due. It is said, and nothing follows from it."""
    return state == AGREED and due_on is not None and due_on < today


def _own(make_up_id: int, acting: Acting, *states: str) -> MakeUp:
    if acting.by != acting.about:
        raise NotFound
    return _in_state(make_up_id, *states)


def _held(make_up_id: int, acting: Acting, *states: str) -> MakeUp:
    """The make-up of somebody else, to be decided on."""
    not_oneself(acting.by, acting.about)
    return _in_state(make_up_id, *states)


def _in_state(make_up_id: int, *states: str) -> MakeUp:
    found = locked(MakeUp, make_up_id)
    if found.closed_at is not None or found.state not in states:
        raise Refused(_l("This make-up has changed meanwhile. Look at the page again."))
    return found


def _note(what: str, made: MakeUp, acting: Acting) -> None:
    audit.note(
        f"make_up.{what}",
        f"make_up:{made.id}",
        at=acting.now,
        by=acting.by,
        organization=acting.organization,
        about=acting.about,
    )
