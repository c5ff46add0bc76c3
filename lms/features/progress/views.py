"""Today, what is left, the cohort's page and grid: the pages that read verdicts."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from lms.features.accounts.roles import LEADERS, Role
from lms.features.attendance.queries import Waiting, waiting_on_trainers
from lms.features.care import queries as care
from lms.features.cohorts import lists, way_back
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.acting import Acting, acting_about
from lms.features.cohorts.queries import Here
from lms.features.cohorts.rules import typed_day
from lms.features.progress import actions, days, queries, watch
from lms.features.progress.board import WORTH_A_LOOK
from lms.features.progress.board_views import stopped
from lms.features.progress.reports import offered_in
from lms.features.progress.rules import Standing, heading_for
from lms.features.reading import queries as reading
from lms.features.reading import waiting
from lms.features.roleplay import seen
from lms.features.submissions.rules import HomeworkState
from lms.features.talks import queries as talks
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    signed_in_only,
    visitor,
)
from lms.plugin_api.content import Requirement
from lms.plugin_api.values import MeetingState, VerdictStatus

views = Blueprint("progress", __name__, template_folder="templates")

WORDS = {
    VerdictStatus.NOT_STARTED: lazy_gettext("not started"),
    VerdictStatus.ON_TRACK: lazy_gettext("on track"),
    VerdictStatus.AT_RISK: lazy_gettext("look at this"),
    VerdictStatus.MET: lazy_gettext("done"),
    VerdictStatus.WAIVED: lazy_gettext("set aside for you"),
    VerdictStatus.NOT_MET: lazy_gettext("not met"),
    VerdictStatus.CANNOT_BE_MET: lazy_gettext("not possible this time"),
    VerdictStatus.UNKNOWN: lazy_gettext("your trainer will check"),
}
views.record(lambda state: state.app.jinja_env.globals.update(verdict_words=WORDS, lines_of_role_play=seen.read_codes))


# -- the trainee --------------------------------------------------------------------------------------------


@views.get("/today")
@signed_in_only
def today() -> ResponseReturnValue:
    """What is next, for a trainee or for somebody who leads groups."""
    who = visitor()
    if groups := cohorts.all_attended_by(who):
        return _trainee_today(groups)
    if who.has(*LEADERS):
        return _leader_today()
    back = [left for left in way_back.left_by(who.id) if left.open_at(now())]
    return page("progress/no_place.html", earlier=days.left_by(who), way_back=back)


def _trainee_today(groups: list[Here]) -> ResponseReturnValue:
    running = [here for here in groups if not here.ended]
    return page(
        "progress/today.html",
        hour=_hour(groups[0].zone),
        days=days.days_of(running, host().guard, now()) if running else [],
        ended=[here for here in groups if here.ended],
        cards=[drawn for card in host().today_cards for drawn in card(groups)],
        open_cards=[drawn for card in host().open_cards for drawn in card(groups)],
    )


def _hour(zone: str) -> int:
    """The hour of the day, for a greeting."""
    return now().astimezone(ZoneInfo(zone)).hour


@views.get("/cohorts/<int:cohort_id>/left")
@signed_in_only
def left(cohort_id: int) -> ResponseReturnValue:
    """Where I stand: for each outcome what is done, left, and not possible this time."""
    here = cohorts.attended_by(visitor(), cohort_id)
    me = here.me
    classes, evidence = cohorts.classes_of(here, now()), queries.evidence_of_one(here, me.enrolment_id, now())
    mine = queries.standings(here, host().guard, [me], classes, evidence)[me.enrolment_id]
    sent = [id for id, h in evidence.of(me.enrolment_id).homework.items() if h.state is HomeworkState.SENT]
    return page(
        "progress/left.html",
        here=here,
        standings=mine,
        first=heading_for(mine),
        sent=sent,
        coming=cohorts.next_class(classes),
        help=care.accommodation_of(me.enrolment_id),
    )


def _standings_of_one(here: Here, person: cohorts.Member, evidence: queries.CohortEvidence) -> tuple[Standing, ...]:
    classes = cohorts.classes_of(here, now())
    return queries.standings(here, host().guard, [person], classes, evidence)[person.enrolment_id]


# -- those who lead -----------------------------------------------------------------------------------------


def _leader_today() -> ResponseReturnValue:
    who = visitor()
    led = lists.cohorts_seen_by(who, *LEADERS)
    running = [line.here for line in led if not line.closed][:5]
    coming = days.coming_of(running, now())
    trains = who.has(Role.TRAINER)
    asked = waiting_on_trainers([here.id for here in running]) if trains else {}
    texts, worries = days.counted(waiting.number_waiting(who) if trains else 0, care.number_open(who))
    return page(
        "progress/leader_today.html",
        hour=_hour(coming[0][0].zone if coming else "UTC"),
        cohorts=led,
        coming=coming,
        waiting=waiting.waiting_for(who, now(), limit=1) if texts else [],
        count=texts,
        replies=reading.unseen_replies(who) if trains else [],
        worries=worries,
        talks=talks.taken_from(who, now()) if trains else [],
        attendance=[(here, found) for here in running if (found := asked.get(here.id)) and found.waits],
        told={id: found.told for id, found in asked.items()},
    )


@views.get("/cohorts/<int:cohort_id>")
@signed_in_only
def cohort(cohort_id: int) -> ResponseReturnValue:
    """The cohort's page: what is now, what waits, the people and what they need."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    if not here.leads:
        return go(".left", cohort_id=cohort_id)
    classes, members = cohorts.classes_of(here, now()), cohorts.members_of(here.id)
    evidence = queries.evidence_of_cohort(here, now())
    found = queries.standings(here, host().guard, members, classes, evidence)
    talk = _worth_a_talk(here, members)
    return page(
        "progress/cohort.html",
        here=here,
        classes=classes,
        coming=cohorts.next_class(classes),
        members=members,
        unmarked=_unmarked(classes, members, evidence),
        look=_worth_a_look(talk, found),
        runs=watch.runs_of(here, talk, classes, evidence),
        stopped=stopped(here, found),
        waiting=evidence.waiting_of(members) if here.who.has(Role.TRAINER) else 0,
        attendance=waiting_on_trainers([here.id]).get(here.id, Waiting()),
        grouped=evidence.grouped,
        reports=offered_in(here, host().guard),
    )


def _worth_a_talk(here: Here, members: list[cohorts.Member]) -> list[cohorts.Member]:
    """Everybody; once the group has ended only those who have not been told their outcome."""
    if not here.ended:
        return members
    concluded = {enrolment for feature in host().concluded for enrolment in feature(here.id)}
    return [member for member in members if member.enrolment_id not in concluded]


def _unmarked(
    classes: list[cohorts.ClassHere], members: list[cohorts.Member], evidence: queries.CohortEvidence
) -> list[cohorts.ClassHere]:
    """Classes that are over and in which nobody is marked."""
    marked = {number for facts in evidence.by_enrolment.values() for number in facts.marks}
    return [c for c in classes if c.state is MeetingState.HELD and c.number not in marked and members]


def _worth_a_look(members: list[cohorts.Member], found: dict[int, Any]) -> list[tuple[cohorts.Member, Any]]:
    """People with a verdict that somebody should talk about: at risk, not met, or closed."""
    lines = []
    for member in members:
        seen: dict[str, Any] = {}
        for standing in found[member.enrolment_id]:
            for requirement, verdict in standing.judged:
                worth = verdict.status in WORTH_A_LOOK and verdict.status is not VerdictStatus.UNKNOWN
                if worth and not standing.outcome.optional:
                    seen.setdefault(requirement.id, (standing, requirement, verdict))
        lines += [(member, worst) for worst in seen.values()]
    return lines


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>")
@signed_in_only
def person(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """One person: verdicts for each outcome, and what a person of the programme may confirm or set aside."""
    here = cohorts.led_by(visitor(), cohort_id)
    return _person_page(here, enrolment_id)


def _person_page(here: Here, enrolment_id: int, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    member = cohorts.member_seen_from(here, enrolment_id)
    evidence = queries.evidence_of_one(here, enrolment_id, now())
    about_oneself = member.person_id == here.who.id
    return page(
        "progress/person.html",
        status,
        here=here,
        member=member,
        standings=_standings_of_one(here, member, evidence),
        confirmations=evidence.of(enrolment_id).confirmations,
        about_oneself=about_oneself,
        help=care.accommodation_of(enrolment_id),
        may_confirm={r.id for r in here.course.requirements if _may_confirm(here, r) and not about_oneself},
        today=now().astimezone(ZoneInfo(here.zone)).date(),
        errors=errors or {},
    )


def _may_confirm(here: Here, requirement: Requirement) -> bool:
    wanted = {"trainer": Role.TRAINER, "coordinator": Role.COORDINATOR}[requirement.confirmed_by]
    plays = here.who.plays(wanted, Role.COORDINATOR, organization=here.organization.id, cohort=here.id)
    return requirement.kind == "confirmed" and plays


def _requirement(here: Here, id: str) -> Requirement:
    found = next((r for r in here.course.requirements if r.id == id), None)
    if found is None:
        raise NotFound
    return found


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/confirmations")
@signed_in_only
def confirm(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    acting = _acting(here, enrolment_id)
    requirement = _requirement(here, form("requirement", 80))
    if requirement.kind == "confirmed" and not _may_confirm(here, requirement):
        raise NotFound
    try:
        with saved():
            if form("withdraw", 5):
                actions.withdraw_confirmation(enrolment_id, requirement.id, acting)
            else:
                actions.confirm(enrolment_id, requirement, _day(), form("note", 300), acting)
    except Incomplete as incomplete:
        return _person_page(here, enrolment_id, incomplete.by_field, 422)
    flash(_("Noted, with your name."))
    return go(".person", cohort_id=cohort_id, enrolment_id=enrolment_id)


def _acting(here: Here, enrolment_id: int) -> Acting:
    return acting_about(here, cohorts.member_seen_from(here, enrolment_id).person_id, now())


def _day() -> date:
    if day := typed_day(form("on")):
        return day
    raise Incomplete({"on": _("Enter a date, like 2027-03-27.")})


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/waivers")
@signed_in_only
def waive(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    acting = _acting(here, enrolment_id)
    requirement = _requirement(here, form("requirement", 80))
    try:
        with saved():
            actions.waive(enrolment_id, here.course, requirement, form("outcome", 80), form("reason", 500), acting)
    except Incomplete as incomplete:
        return _person_page(here, enrolment_id, incomplete.by_field, 422)
    flash(_("Noted, with your name and reason. The trainee can read it."))
    return go(".person", cohort_id=cohort_id, enrolment_id=enrolment_id)


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/waivers/withdraw")
@signed_in_only
def withdraw_waiver(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    acting = _acting(here, enrolment_id)
    requirement = _requirement(here, form("requirement", 80))
    with saved():
        actions.withdraw_waiver(enrolment_id, requirement.id, form("outcome", 80), acting)
    flash(_("It counts again."))
    return go(".person", cohort_id=cohort_id, enrolment_id=enrolment_id)
