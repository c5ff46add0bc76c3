"""Roll call on a phone."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import LEADERS, Role
from lms.features.attendance import actions, catching_up, moving, queries, rules, undo
from lms.features.attendance.models import AttendanceMark
from lms.features.attendance.pages import class_and_facts, own_statuses, summary, words_of
from lms.features.cohorts import queries as cohorts
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import day_and_time
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    request,
    signed_in_only,
    url_for,
    visitor,
    wants_json,
)
from lms.host.web import number as number_sent

views = Blueprint("attendance", __name__, template_folder="templates")

# What a tap on a tile brings next; the other statuses are set from the tile's own menu.
NEXT = {"": "here", "here": "late", "late": "away", "away": "here"}


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/roll-call")
@signed_in_only
def roll_call(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, facts = class_and_facts(here, number)
    return _roll_call_page(here, meeting, facts, {})


def _roll_call_page(
    here: cohorts.Here, meeting: cohorts.ClassHere, facts: actions.ClassFacts, errors: dict[str, Any]
) -> ResponseReturnValue:
    return page(
        "attendance/roll_call.html",
        422 if errors else 200,
        here=here,
        meeting=meeting,
        back=url_for(".roll_call", cohort_id=here.id, number=meeting.number),
        closed_on=facts.locks_at if facts.locked_at(now()) else None,
        opens=rules.opens_at(meeting.starts_at),
        can_be_made_up=catching_up.can_be_made_up(here, meeting, host().guard),
        errors=errors,
        typed=request.form,
        newest=actions.newest_mark(meeting.id),
        like={name: own.like for name, own in own_statuses(here).items()},
        not_here=queries.NOT_HERE,
        **_tiles(here, meeting),
    )


def _tiles(here: cohorts.Here, meeting: cohorts.ClassHere) -> dict[str, Any]:
    last, words = actions.last_marks(meeting.id), words_of(here)
    members = cohorts.members_of(here.id)
    expected = rules.expected_at(members, meeting.starts_at, meeting.ends_at)
    taken = {id for id, mark in last.items() if moving.took_before(mark, meeting.starts_at)}
    people = [person for person in expected if person.enrolment_id not in taken]
    marks = {m.enrolment_id: _tile(last.get(m.enrolment_id), words) for m in people}
    notes = {id: tile["note"] for id, tile in marks.items() if tile["note"]} | _told_trainers(here, last)
    counts = {s: sum(tile["status"] == s for tile in marks.values()) for s in words}
    breaks = rules.on_a_break(members, meeting.starts_at)
    names = [person.name for person in expected if person.enrolment_id in taken]
    shown = {"people": people, "taken": names, "breaks": breaks, "notes": notes, "words": words, "next": NEXT}
    return {**shown, "marks": marks, "counts": counts}


def _tile(mark: AttendanceMark | None, words: dict[str, Any]) -> dict[str, Any]:
    """How somebody is marked, as Undo sends it again: without what they told the trainers before."""
    if mark is None:
        return {"status": "", "sequence": 0, "minutes": "", "late_by": "", "note": ""}
    return {
        "status": _shown_as(mark, words),
        "sequence": mark.sequence,
        "minutes": "" if mark.minutes is None else mark.minutes,
        "late_by": "" if mark.late_by is None else mark.late_by,
        "note": mark.note if mark.source != actions.NOTICE else "",
    }


def _shown_as(mark: AttendanceMark, words: dict[str, Any]) -> str:
    """The rule's own status, as long as the rule has it; else the host's."""
    return mark.named if mark.named and mark.named in words else mark.status or ""


def _told_trainers(here: cohorts.Here, marks: dict[int, AttendanceMark]) -> dict[int, str]:
    """What trainees wrote when they told us before. It is for the trainers alone, as the form promises."""
    if not here.who.plays(Role.TRAINER, organization=here.organization.id, cohort=here.id):
        return {}
    return {id: mark.note for id, mark in marks.items() if mark.note and mark.source == actions.NOTICE}


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/marks")
@signed_in_only
def marks(cohort_id: int, number: int) -> ResponseReturnValue:
    """How all are marked, for a page that shows it already: nothing (204) while that is the newest (`since`)."""
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, _facts = class_and_facts(here, number)
    newest = actions.newest_mark(meeting.id)
    if request.args.get("since") == str(newest):
        return "", 204
    return _told(_tiles(here, meeting), newest)


def _told(tiles: dict[str, Any], newest: int) -> dict[str, Any]:
    """The tiles as the script reads them."""
    return {"marks": tiles["marks"], "summary": summary(tiles["counts"], tiles["words"]), "newest": newest}


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/marks")
@signed_in_only
def mark(cohort_id: int, number: int) -> ResponseReturnValue:
    """One tap, or the whole form. By script it answers with the tiles; without, with the page."""
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, facts = class_and_facts(here, number)
    person = cohorts.member(here.id, number_sent("enrolment") or 0)
    _check_open(here, meeting)
    if not rules.expected_at([person], meeting.starts_at, meeting.ends_at):
        raise Refused(
            _("%(name)s is not expected at this class: on a break, or not yet in the group.", name=person.name)
        )
    try:
        with saved():
            made = _undone(facts, person) if number_sent("restore") else _marked(here, facts, person)
            mine = {person.enrolment_id: made.sequence} if made and made.by_id == visitor().id else {}
    except actions.NewerMark as newer:
        words = words_of(here)
        word = words[_shown_as(newer.mark, words)]
        sentence = _(
            "%(name)s has a newer mark: %(word)s. It stays; tap again to change it.", name=person.name, word=word
        )
        return _after_marking(here, meeting, {}, sentence)
    except Incomplete as incomplete:
        if wants_json():
            raise
        return _roll_call_page(here, meeting, facts, incomplete.by_field)
    return _after_marking(here, meeting, mine)


def _check_open(here: cohorts.Here, meeting: cohorts.ClassHere) -> None:
    """Nobody is marked long before a class. Raises Refused with when it opens."""
    opens = rules.opens_at(meeting.starts_at)
    if now() < opens:
        raise Refused(_("The roll call of this class opens on %(when)s.", when=day_and_time(opens, here.zone)))


def _marked(here: cohorts.Here, facts: actions.ClassFacts, person: cohorts.Member) -> AttendanceMark | None:
    """What the form says of somebody."""
    own = own_statuses(here).get(form("status", 60))
    return actions.mark(
        facts,
        person.enrolment_id,
        own.like if own else form("status", 60),
        named=own.name if own else "",
        why=form("why", 300),
        by=visitor().id,
        now=now(),
        about=person.person_id,
        details=_details(),
        seen=number_sent("seen"),
    )


def _undone(facts: actions.ClassFacts, person: cohorts.Member) -> AttendanceMark | None:
    """Undo: the mark with the sequence `restore` stands again."""
    earlier = undo.earlier_mark(facts.meeting_id, person.enrolment_id, number_sent("restore") or 0)
    if earlier is None:
        raise NotFound
    return undo.put_back(facts, earlier, by=visitor().id, now=now(), about=person.person_id, seen=number_sent("seen"))


def _details() -> actions.Details | None:
    """Minutes and note where the form has them. A tap has none."""
    if not {"minutes", "late_by", "note"} & set(request.form):
        return None
    return actions.Details(number_sent("minutes", 999), number_sent("late_by", 999), form("note", 300))


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/marks/everyone")
@signed_in_only
def everyone(cohort_id: int, number: int) -> ResponseReturnValue:
    """Everyone's here: fills only the empty."""
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, facts = class_and_facts(here, number)
    _check_open(here, meeting)
    with saved():
        expected = rules.expected_at(cohorts.members_of(here.id), meeting.starts_at, meeting.ends_at)
        people = [m.enrolment_id for m in expected]
        actions.everyone_is_here(facts, people, by=visitor().id, now=now(), why=form("why", 300))
    filled = (mark for mark in actions.last_marks(meeting.id).values() if mark.source == actions.EVERYONE)
    return _after_marking(here, meeting, {mark.enrolment_id: mark.sequence for mark in filled})


def _after_marking(
    here: cohorts.Here, meeting: cohorts.ClassHere, own: dict[int, int], trouble: str = ""
) -> ResponseReturnValue:
    """How all are marked now. `own` are the marks that taps waiting on this device may build on."""
    if wants_json():
        newest = actions.newest_mark(meeting.id)  # asked first: what comes in between is told with the next look
        told = {**_told(_tiles(here, meeting), newest), "mine": own}
        return ({**told, "error": trouble}, 409) if trouble else told
    if trouble:
        flash(trouble)
    return go(".roll_call", cohort_id=here.id, number=meeting.number)


views.add_app_template_global(summary, "roll_call_summary")
