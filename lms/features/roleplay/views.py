"""Forming groups for a class, and the card in the hand."""

from __future__ import annotations

from lms.features.attendance.queries import NO_MARKS, NOT_HERE, marks_of_cohort
from lms.features.cohorts import queries as cohorts
from lms.features.roleplay import actions, queries
from lms.features.roleplay.formats import FORMATS
from lms.features.roleplay.pages import class_with_role_play
from lms.features.roleplay.room_queries import mark_of
from lms.features.roleplay.room_views import show_room
from lms.features.roleplay.words import SEATS, TOPICS
from lms.host.db import saved
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    now,
    page,
    signed_in_only,
    visitor,
)
from lms.host.web import number as number_sent

views = Blueprint("roleplay", __name__, template_folder="templates")


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play")
@signed_in_only
def role_play(cohort_id: int, number: int) -> ResponseReturnValue:
    """The groups for those who lead; one's own card for those who take part."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    mark = mark_of(meeting.id)
    if not here.leads and (room := show_room(here, meeting, mark)):
        return room
    formed = queries.formed_in(here.id)
    plan = meeting.plan.role_play
    assert plan is not None
    shared = {
        "here": here,
        "meeting": meeting,
        "formed": formed.get(number),
        "format": FORMATS[plan.format],
        "names": {m.enrolment_id: m.name for m in cohorts.members_of(here.id)},
        "seats": SEATS,
        "topics": TOPICS,
        "cards": actions.cards_of_class(here.course, plan.cards),
        "mark": mark,
    }
    if here.leads:
        present, away = _present(here, meeting)
        return page("roleplay/groups.html", present=present, away=away, **shared)
    mine = formed[number].group_of(here.enrolment_id or 0) if number in formed else None
    card = here.course.card(formed[number].cards.get(mine.number, "")) if mine else None
    return page("roleplay/card.html", mine=mine, card=card, set_aside=queries.topics_of(here.who.id), **shared)


def _present(here: cohorts.Here, meeting: cohorts.ClassHere) -> tuple[list[int], list[int]]:
    """Who can be grouped: everyone but those who are on a break, away, or told us so."""
    marks = marks_of_cohort(here.id)
    present: list[int] = []
    away: list[int] = []
    for member in cohorts.members_of(here.id):
        mark = marks.get(member.enrolment_id, NO_MARKS).by_class.get(meeting.number)
        gone = member.paused_at(meeting.starts_at) or (mark and mark.status in NOT_HERE)
        (away if gone else present).append(member.enrolment_id)
    return present, away


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups")
@signed_in_only
def form_groups(cohort_id: int, number: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    plan = meeting.plan.role_play
    assert plan is not None
    present, _away = _present(here, meeting)
    with saved():
        actions.form_anew(
            meeting.id,
            present,
            queries.history_before(queries.formed_in(here.id), number),
            actions.cards_of_class(here.course, plan.cards),
            queries.topics_of_members(present),
            rounds=FORMATS[plan.format].rounds,
            by=visitor().id,
            organization=here.organization.id,
            now=now(),
            seen=number_sent("version"),
        )
    flash(_("The groups are ready. Everyone sees their own card."))
    return go(".role_play", cohort_id=cohort_id, number=number)


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/topics")
@signed_in_only
def set_topic(cohort_id: int, number: int) -> ResponseReturnValue:
    """Not this topic, for all cards, until changed."""
    here = cohorts.attended_by(visitor(), cohort_id)
    topic = form("topic", 40)
    if topic not in TOPICS:
        raise NotFound
    with saved():
        actions.set_topic_aside(here.who.id, topic, form("aside", 5) == "yes", now=now())
    flash(_("Noted, for you alone. You get another card when it comes up."))
    return go(".role_play", cohort_id=cohort_id, number=number)
