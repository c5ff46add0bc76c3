"""Sheets after a round: writing and giving one, keeping what was given or letting it go, and one's own notes."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from lms.features.accounts.roles import Role
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.grouping.words import SEATS
from lms.features.roleplay import board_queries, seen, sheet_actions, sheet_queries
from lms.features.roleplay.pages import class_with_role_play, in_address, planned
from lms.features.roleplay.plays import play_of
from lms.features.roleplay.rooms import Room
from lms.features.roleplay.sheet_pages import SheetPage, sheets_of
from lms.features.roleplay.sheets import MOST_SIGNS, QUESTIONS, content_of
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.i18n import time_of_day
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    chosen,
    flash,
    form,
    go_back,
    now,
    page,
    page_before,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.host.web import number as typed_number

views = Blueprint("sheets", __name__, template_folder="templates")
views.record(lambda state: state.app.jinja_env.globals.update(sheet_questions=QUESTIONS))

MOST_PAIRS = 1_000


def own_sheets(here: Here, meeting: ClassHere, found: Room) -> dict[int, tuple[SheetPage, ...]]:
    """Round to one's own sheets in it, for the page of the room."""
    return sheets_of(found, here, planned(meeting), here.me.enrolment_id)


def who_reads(here: Here, found: Room) -> dict[str, Any]:
    """What `_sheet.html` needs besides the sheet: names of the group's members, and those of the trainers for a sheet that
    they read."""
    names = {member.enrolment_id: member.name for member in cohorts.members_of(here.id)}

    @cache
    def trainers() -> list[str]:
        return [one.name for one in cohorts.trainers_of(here)]

    return {"names": names, "trainers": trainers, "seats": SEATS}


def _room_of(meeting: ClassHere) -> Room:
    """The run of the class, or of the pair, that the form or the address names; without a name the last."""
    play = play_of(meeting.id, typed_number("pair", MOST_PAIRS) or in_address("pair"))
    run = typed_number("run") or in_address("run", 10)
    found = next((one for one in play.rooms if one.run.id == run), None) if run else play.room
    if found is None:
        raise Refused(_l("This role play has not begun yet."))
    return found


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/sheet")
@signed_in_only
def sheets(cohort_id: int, number: int) -> ResponseReturnValue:
    """All of one's own sheets of a class, round by round: a sheet can be given after its round has moved on."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    return _sheets_page(here, meeting, in_address("pair"))


def _sheets_page(
    here: Here, meeting: ClassHere, pair: int, sent: SheetPage | None = None, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    """What is not from the last run stands below it: a role play that was started once more takes no words away."""
    rooms = play_of(meeting.id, pair).rooms
    shown = [(found.run, _shown(here, meeting, found, sent)) for found in reversed(rooms)]
    return page(
        "roleplay/sheets.html",
        status,
        here=here,
        meeting=meeting,
        pair=pair,
        runs=[(run, sheets) for run, sheets in shown if sheets],
        errors=errors or {},
        sent=sent,
        **(who_reads(here, rooms[-1]) if rooms else {}),
    )


def _shown(here: Here, meeting: ClassHere, found: Room, sent: SheetPage | None) -> list[SheetPage]:
    """One's own sheets of a run, the latest round first: of rounds that have begun, and where somebody wrote already."""
    begun = _begun(found, here.me.enrolment_id)
    mine = [
        one
        for number, sheets in sorted(own_sheets(here, meeting, found).items(), reverse=True)
        for one in sheets
        if number in begun or one.given or one.received
    ]
    return [sent if sent and one.key == sent.key else one for one in mine]


def _begun(found: Room, enrolment_id: int) -> Collection[int]:
    """The rounds of somebody's group: while it goes on up to the one that they are in, and once it is over those that were
    played."""
    group = found.formed.group_of(enrolment_id)
    if group is None:
        return ()
    if found.run.ended_at is not None:
        return found.rounds_begun(group.number, now())
    line = found.timeline_of(group.number)
    return {span.phase.round for span in line.spans[: line.at(now()).index + 1]}


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/sheet")
@signed_in_only
def give_sheet(cohort_id: int, number: int) -> ResponseReturnValue:
    """Give what was written about a round to its supporter; as supporter, keep it for oneself."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    found = _room_of(meeting)
    sheet = _sheet_sent(here, meeting, found)
    ticks = tuple(chosen("tick").splitlines())
    words = {question.name: request.form.get(question.name, "") for question in QUESTIONS[sheet.seat]}
    try:
        typed = {name: form(name, MOST_SIGNS) for name in words}
        content = content_of(sheet.seat, sheet.card, ticks, typed)
        with saved():
            place = sheet.addressed(typed_number("for"))
            given = sheet_actions.give(
                place, content, form("seen", 40), read_by_trainers=_read_by_trainers(sheet), now=now()
            )
            token, at = sheet_actions.token_of(given), time_of_day(now(), here.zone)
    except Incomplete as incomplete:
        if wants_json():
            return {"error": " ".join(map(str, incomplete.by_field.values()))}, 422
        sent = sheet.typed(ticks, words, form("seen", 40))
        return _sheets_page(here, meeting, found.run.pair, sent, incomplete.by_field, 422)
    if wants_json():
        return {"given": token, "at": at}
    flash(_("Kept for you.") if sheet.seat == "supporter" else _("Given."))
    return go_back(page_before(), ".sheets", cohort_id=cohort_id, number=meeting.number, pair=found.run.pair or None)


def _read_by_trainers(sheet: SheetPage) -> bool:
    """True where trainers read this sheet, and the page on which it was written said so."""
    return sheet.audience == "trainers" and form("readers", 10) == "trainers"


def _sheet_sent(here: Here, meeting: ClassHere, found: Room) -> SheetPage:
    """The sheet of the round and seat that the form names. Raises Refused for whoever has no seat in it."""
    mine = own_sheets(here, meeting, found).get(typed_number("round", 20) or 0)
    if not mine:
        raise Refused(_l("You have no seat in this round now, so there is nobody to give the sheet to."))
    return next((sheet for sheet in mine if sheet.seat == form("seat", 20)), mine[0])


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/sheet/received")
@signed_in_only
def received_sheets(cohort_id: int, number: int) -> ResponseReturnValue:
    """What others gave to the supporter of a round: a piece of the page, for a phone that looks again."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    found = _room_of(meeting)
    mine = own_sheets(here, meeting, found).get(in_address("round"))
    if not mine:
        raise NotFound
    return page("roleplay/_received.html", here=here, meeting=meeting, sheet=mine[0], **who_reads(here, found))


@views.get("/cohorts/<int:cohort_id>/role-play/mine")
@signed_in_only
def notes(cohort_id: int) -> ResponseReturnValue:
    """One's own role plays: what trainers saw, what observers ticked, and the notes about rounds in which one was supporter."""
    here = cohorts.attended_by(visitor(), cohort_id)
    mine = sheet_queries.notes_of(here.me.enrolment_id)
    return page(
        "roleplay/notes.html",
        here=here,
        notes=mine,
        seats=SEATS,
        **_seen_of(here, here.me.enrolment_id, kept_alone=False),
    )


def _seen_of(here: Here, enrolment_id: int, *, kept_alone: bool) -> dict[str, Any]:
    """What `_seen.html` shows of somebody as supporter. Two queries."""
    noted = board_queries.notes_about(enrolment_id)
    by_trainers = [(one.note.card, one.note.ticks) for one in noted]
    by_observers = sheet_queries.ticked_about(enrolment_id, kept_alone=kept_alone)
    return {
        "noted": noted,
        "lines": seen.lines_seen(here.course, by_trainers, by_observers),
        "competencies": seen.by_competency(here.course, by_trainers, by_observers),
        "cards": {card.id: card for card in here.course.cards},
    }


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/role-play")
@signed_in_only
def of_person(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """The same of one person for those who lead: what was seen of them, and for trainers what others wrote where the sheet
    said that they read it."""
    here = cohorts.led_by(visitor(), cohort_id)
    member = cohorts.member_seen_from(here, enrolment_id)
    trains = here.who.plays(Role.TRAINER, organization=here.organization.id, cohort=here.id)
    given = [row for row in sheet_queries.given_in(here.id, reads=trains) if row.supporter_id == enrolment_id]
    names = {one.enrolment_id: one.name for one in cohorts.members_of(here.id)}
    return page(
        "roleplay/of_person.html",
        here=here,
        member=member,
        given=given,
        names=names,
        seats=SEATS,
        **_seen_of(here, enrolment_id, kept_alone=True),
    )


@views.post("/cohorts/<int:cohort_id>/role-play/mine")
@signed_in_only
def choose(cohort_id: int) -> ResponseReturnValue:
    """Keep what there is about a round in which one was supporter, or let it go."""
    here = cohorts.attended_by(visitor(), cohort_id)
    run, round_number, choice = typed_number("run") or 0, typed_number("round", 20) or 0, form("choice", 10)
    if choice not in ("keep", "let-go"):
        raise Refused(_l("Choose whether you keep the notes or let them go."))
    with saved():
        act = sheet_actions.keep if choice == "keep" else sheet_actions.let_go
        act(run, round_number, here.me.enrolment_id, now=now())
    flash(_("Kept with your own notes.") if choice == "keep" else _("Let go. The words are erased."))
    return go_back(page_before(), ".notes", cohort_id=cohort_id)
