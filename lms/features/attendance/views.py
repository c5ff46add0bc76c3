"""Roll call on a phone."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import LEADERS, Role
from lms.features.attendance import actions
from lms.features.attendance.models import AttendanceMark
from lms.features.attendance.pages import WORDS, class_and_facts, summary
from lms.features.cohorts import queries as cohorts
from lms.host.db import saved
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    now,
    page,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.host.web import number as number_sent
from lms.plugin_api.values import Status

views = Blueprint("attendance", __name__, template_folder="templates")

# What a tap on a tile brings next; the other statuses are set from the tile's own menu.
NEXT = {"": "here", "here": "late", "late": "away", "away": "here"}


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/roll-call")
@signed_in_only
def roll_call(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, _facts = class_and_facts(here, number)
    return page("attendance/roll_call.html", here=here, meeting=meeting, words=WORDS, **_tiles(here, meeting))


def _tiles(here: cohorts.Here, meeting: cohorts.ClassHere) -> dict[str, Any]:
    last = actions.last_marks(meeting.id)
    people = cohorts.members_of(here.id)
    marks = {m.enrolment_id: _tile(last.get(m.enrolment_id)) for m in people}
    notes = {id: tile["note"] for id, tile in marks.items() if tile["note"]} | _told_trainers(here, last)
    counts = {s: sum(tile["status"] == s for tile in marks.values()) for s in ("", *Status)}
    return {"people": people, "marks": marks, "notes": notes, "counts": counts, "next": NEXT}


def _tile(mark: AttendanceMark | None) -> dict[str, Any]:
    """How somebody is marked, as Undo sends it again: without what they told the trainers before."""
    if mark is None:
        return {"status": "", "sequence": 0, "minutes": "", "late_by": "", "note": ""}
    return {
        "status": mark.status or "",
        "sequence": mark.sequence,
        "minutes": "" if mark.minutes is None else mark.minutes,
        "late_by": "" if mark.late_by is None else mark.late_by,
        "note": mark.note if mark.source != actions.NOTICE else "",
    }


def _told_trainers(here: cohorts.Here, marks: dict[int, AttendanceMark]) -> dict[int, str]:
    """What trainees wrote when they told us before. It is for the trainers alone, as the form promises."""
    if not here.who.plays(Role.TRAINER, organization=here.organization.id, cohort=here.id):
        return {}
    return {id: mark.note for id, mark in marks.items() if mark.note and mark.source == actions.NOTICE}


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/marks")
@signed_in_only
def mark(cohort_id: int, number: int) -> ResponseReturnValue:
    """One tap, or the whole form. By script it answers with the tiles; without, with the page."""
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, facts = class_and_facts(here, number)
    person = cohorts.member(here.id, number_sent("enrolment") or 0)
    asked = {"by": visitor().id, "about": person.person_id, "details": _details(), "seen": number_sent("seen")}
    try:
        with saved():
            made = actions.mark(facts, person.enrolment_id, form("status", 20), now=now(), **asked)
            own = {person.enrolment_id: made.sequence} if made and made.by_id == visitor().id else {}
    except actions.NewerMark as newer:
        word = WORDS[newer.mark.status or ""]
        sentence = _(
            "%(name)s has a newer mark: %(word)s. It stays; tap again to change it.", name=person.name, word=word
        )
        return _after_marking(here, meeting, {}, sentence)
    return _after_marking(here, meeting, own)


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
    with saved():
        people = [m.enrolment_id for m in cohorts.members_of(here.id)]
        actions.everyone_is_here(facts, people, by=visitor().id, now=now())
    filled = (mark for mark in actions.last_marks(meeting.id).values() if mark.source == actions.EVERYONE)
    return _after_marking(here, meeting, {mark.enrolment_id: mark.sequence for mark in filled})


def _after_marking(
    here: cohorts.Here, meeting: cohorts.ClassHere, own: dict[int, int], trouble: str = ""
) -> ResponseReturnValue:
    """How all are marked now. `own` are the marks that taps waiting on this device may build on."""
    if wants_json():
        tiles = _tiles(here, meeting)
        told = {"marks": tiles["marks"], "summary": summary(tiles["counts"]), "mine": own}
        return ({**told, "error": trouble}, 409) if trouble else told
    if trouble:
        flash(trouble)
    return go(".roll_call", cohort_id=here.id, number=meeting.number)


views.add_app_template_global(summary, "roll_call_summary")
