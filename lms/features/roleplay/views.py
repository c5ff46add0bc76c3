"""The role play of a class: for those who lead, the groups; for those who take part, their own card and choices."""

from __future__ import annotations

from lms.features.cohorts import queries as cohorts
from lms.features.grouping import cards, wishes
from lms.features.grouping.words import TOPICS
from lms.features.roleplay import runs
from lms.features.roleplay.group_pages import Table
from lms.features.roleplay.group_views import ROLE_PLAY
from lms.features.roleplay.keeping import Dealt, set_aside
from lms.features.roleplay.pages import class_with_role_play
from lms.features.roleplay.plays import play_of
from lms.features.roleplay.room_views import show_room, waiting
from lms.host.db import saved
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    go_back,
    now,
    page,
    page_before,
    signed_in_only,
    visitor,
)
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import RolePlay, ScenarioCard

views = Blueprint("roleplay", __name__, template_folder="templates")
views.record(lambda state: state.app.jinja_env.globals.update(topics_of_role_play=topics_of_role_play))


def topics_of_role_play(course: Course, plan: RolePlay) -> list[str]:
    """What the cards planned for a class mention, in words, for the page of that class."""
    planned = [card for id in plan.cards if (card := course.card(id))]
    mentioned = {note for card in planned for note in card.content_notes}
    return [str(words) for topic, words in TOPICS.items() if topic in mentioned]


@views.get(ROLE_PLAY)
@signed_in_only
def role_play(cohort_id: int, number: int) -> ResponseReturnValue:
    """The groups for those who lead; one's own card for those who take part."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    if here.leads:
        return Table(here, meeting).shown()
    play = play_of(meeting.id)
    if going_on := show_room(here, meeting, play):
        return going_on
    return page("roleplay/card.html", **waiting(here, meeting, play, play.mark_for(here.enrolment_id)))


@views.post(f"{ROLE_PLAY}/not-the-person")
@signed_in_only
def not_the_person(cohort_id: int, number: int) -> ResponseReturnValue:
    """Rather not the person's role in this class."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    asked = form("today", 5) == "yes"
    with saved():
        wishes.ask_not_to_play_the_person(meeting.id, here.me.enrolment_id, asked, now=now())
        observes = asked and runs.observe_where_the_person(meeting.id, here.me.enrolment_id, now=now())
    if observes:
        flash(_("Noted. Where you would be the person, you observe instead."))
    elif asked:
        flash(_("Noted. When groups are formed, somebody else plays the person."))
    else:
        flash(_("Noted. It is fine again."))
    return go(".role_play", cohort_id=cohort_id, number=number)


@views.post(f"{ROLE_PLAY}/topics")
@signed_in_only
def set_topic(cohort_id: int, number: int) -> ResponseReturnValue:
    """Not this topic, for all cards, until changed."""
    here = cohorts.attended_by(visitor(), cohort_id)
    topic = form("topic", 40)
    if topic not in TOPICS:
        raise NotFound
    aside = form("aside", 5) == "yes"
    mine, playable, over = _where_i_play()
    with saved():
        dealt = set_aside(here.who.id, topic, aside, mine, playable, over=over, now=now())
    if not aside:
        flash(_("Noted. It is fine again."))
    elif Dealt.NO_OTHER in dealt:
        flash(_("There is no other card for your group here. You can observe or step out, or ask your trainer."))
    elif Dealt.ANOTHER in dealt:
        flash(_("Noted, for you alone. Your group has another card."))
    else:
        flash(_("Noted, for you alone. You get another card when it comes up."))
    return go_back(page_before(), ".role_play", cohort_id=cohort_id, number=number)


def _where_i_play() -> tuple[list[int], dict[int, list[ScenarioCard]], set[int]]:
    """The visitor's places wherever they take part, the cards of each class there with a role play, and which classes are
    over."""
    heres = cohorts.all_attended_by(visitor())
    courses = {here.id: here.course for here in heres}
    playable, over = {}, set()
    for cohort, found in cohorts.classes_of_all(heres, now()).items():
        for meeting in found:
            if meeting.plan.role_play is not None:
                playable[meeting.id] = cards.cards_of_class(courses[cohort], meeting.plan.role_play.cards)
                over |= {meeting.id} if meeting.ends_at <= now() else set()
    return [here.enrolment_id for here in heres if here.enrolment_id], playable, over
