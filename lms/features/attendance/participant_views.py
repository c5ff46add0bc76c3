"""Marks from the list of a meeting tool: choose the file, look at who is who, confirm. The list itself is not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lms.features.accounts.roles import LEADERS
from lms.features.attendance import actions, matching, participants, rules
from lms.features.attendance.matching import Line
from lms.features.attendance.pages import class_and_facts, words_of
from lms.features.cohorts import queries as cohorts
from lms.host.db import saved
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.i18n import ngettext
from lms.host.transfer import sent_files
from lms.host.web import Blueprint, ResponseReturnValue, flash, form, go, now, page, request, signed_in_only, visitor

views = Blueprint("participants", __name__, template_folder="templates")


def _length(meeting: cohorts.ClassHere) -> int:
    return meeting.minutes * 60


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/participants")
@signed_in_only
def choose(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, facts = class_and_facts(here, number)
    return _choose_page(here, meeting, facts, {})


def _choose_page(
    here: cohorts.Here, meeting: cohorts.ClassHere, facts: actions.ClassFacts, errors: Any
) -> ResponseReturnValue:
    return page(
        "attendance/participants.html", 422 if errors else 200, here=here, meeting=meeting, errors=errors, facts=facts
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/participants")
@signed_in_only
def match(cohort_id: int, number: int) -> ResponseReturnValue:
    """Who on the list is who in the group, and what would be marked. Nothing is written."""
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, facts = class_and_facts(here, number)
    try:
        rows = participants.read_list(_sent_list())
        listed = participants.guests(rows, meeting.starts_at, meeting.ends_at, here.zone)
    except Incomplete as incomplete:
        return _choose_page(here, meeting, facts, incomplete.by_field)
    people = rules.expected_at(cohorts.members_of(here.id), meeting.starts_at, meeting.ends_at)
    lines = matching.matched(listed, people, _length(meeting))
    leading = _leading(here, meeting, lines)
    drawn = [_drawn(line) for line in lines if line.guest.name not in leading]
    return _match_page(here, meeting, facts, people, drawn, {}, leading)


def _leading(here: cohorts.Here, meeting: cohorts.ClassHere, lines: list[Line]) -> list[str]:
    """The names on the list that mean trainers of the group, who take no part in it."""
    trainers = [
        cohorts.Member(one.id, one.id, one.name, one.email, meeting.starts_at) for one in cohorts.trainers_of(here)
    ]
    others = [line.guest for line in lines if line.member is None]
    return [line.guest.name for line in matching.matched(others, trainers, _length(meeting)) if line.member]


def _sent_list() -> bytes:
    """What was chosen. Raises Unreadable where nothing was."""
    for _name, stream, size in sent_files("list"):
        if size > participants.MAX_BYTES:
            raise participants.Unreadable(_("This file is too large for a list of participants."))
        return stream.read(participants.MAX_BYTES + 1)
    raise participants.Unreadable(_("Choose the file with the list first."))


def _drawn(line: Line) -> dict[str, Any]:
    """A line of the list as the form draws it and sends it on."""
    return {
        "name": line.guest.name,
        "email": line.guest.email,
        "times": matching.sent(line.guest),
        "who": str(line.member.enrolment_id) if line.member else "",
        "known": line.member is not None,
        "told": line.told,
        "over": False,
    }


def _match_page(
    here: cohorts.Here,
    meeting: cohorts.ClassHere,
    facts: actions.ClassFacts,
    people: list[cohorts.Member],
    lines: list[dict[str, Any]],
    errors: Any,
    leading: Sequence[str] = (),
) -> ResponseReturnValue:
    last, on_list = actions.last_marks(meeting.id), {line["who"] for line in lines}
    stands = {id: mark for id, mark in last.items() if mark.status}
    return page(
        "attendance/participants_match.html",
        422 if errors else 200,
        here=here,
        meeting=meeting,
        closed=facts.locked_at(now()),
        people=people,
        lines=lines,
        leading=leading,
        several={who for who, count in Counter(line["who"] for line in lines).items() if who and count > 1},
        stands={str(id): mark for id, mark in stands.items()},
        lightly=actions.SAID_LIGHTLY,
        missing=[person for person in people if str(person.enrolment_id) not in on_list],
        words=words_of(here),
        errors=errors,
        typed=request.form,
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/participants/confirm")
@signed_in_only
def confirm(cohort_id: int, number: int) -> ResponseReturnValue:
    """Write the marks that the page showed, for the people who were chosen."""
    here = cohorts.cohort_for(visitor(), cohort_id, *LEADERS)
    meeting, facts = class_and_facts(here, number)
    people = rules.expected_at(cohorts.members_of(here.id), meeting.starts_at, meeting.ends_at)
    read = matching.read_sent(request.form, _length(meeting))
    own = {id: read[id] for id in (person.enrolment_id for person in people) if id in read}
    told = {id: said for id, (guest, _over) in own.items() if (said := matching.told(guest, _length(meeting)))}
    over = {id for id, (_guest, ticked) in own.items() if ticked}
    try:
        with saved():
            marked, kept = actions.take_list(facts, told, over, by=visitor().id, now=now(), why=form("why", 300))
    except Incomplete as incomplete:
        return _match_page(here, meeting, facts, people, _sent_again(_length(meeting)), incomplete.by_field)
    flash(_said(marked, kept))
    return go("attendance.roll_call", cohort_id=here.id, number=number)


def _said(marked: int, kept: int) -> str:
    done = ngettext("%(num)d person was marked from the list.", "%(num)d people were marked from the list.", marked)
    if not kept:
        return done
    left = ngettext("%(num)d person kept the mark they had.", "%(num)d people kept the mark they had.", kept)
    return f"{done} {left}"


def _sent_again(length: int) -> list[dict[str, Any]]:
    """The lines of the form as they were sent, to be drawn once more."""
    found = []
    for at in range(participants.MAX_PEOPLE):
        if f"times-{at}" not in request.form:
            break
        guest = matching.read_guest(request.form, at, length)
        line = {"name": guest.name, "email": "", "times": matching.sent(guest), "told": matching.told(guest, length)}
        who = request.form.get(f"who-{at}", "")
        found.append({**line, "who": who, "known": bool(who), "over": request.form.get(f"over-{at}") == "yes"})
    return found
