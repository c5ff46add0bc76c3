"""After the rounds: out of the role, all together, and one private question. Of its answers only the one that asks for
somebody is sent at all; the other two never leave the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lms.features.care import actions as care
from lms.features.care.queries import coordinators_of
from lms.features.care.telling import tell_coordinators
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.roleplay.pages import class_with_role_play
from lms.host.db import saved
from lms.host.errors import Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.i18n import spoken
from lms.host.web import Blueprint, ResponseReturnValue, address, host, now, page, signed_in_only, visitor
from lms.plugin_api.content import Activity
from lms.plugin_api.values import Field, Text

views = Blueprint("debrief", __name__, template_folder="templates")

TOGETHER = (
    Text("What surprised you?", "Qu'est-ce qui vous a surpris?"),
    Text("Which words helped?", "Quels mots ont aidé?"),
    Text("What was hard about waiting?", "Qu'est-ce qui était difficile dans l'attente?"),
    Text("What will you use this week?", "Qu'allez-vous utiliser cette semaine?"),
    Text("What do we leave here?", "Que laissons-nous ici?"),
)
views.record(lambda state: state.app.jinja_env.globals.update(debrief_questions=TOGETHER))


@dataclass(frozen=True)
class Reflection:
    """The homework of the class into whose draft two lines can go, and its first question."""

    activity: Activity
    field: Field


def closing(here: Here, meeting: ClassHere) -> dict[str, Any]:
    """What `_closing.html` needs for somebody who takes part. One query."""
    return {"carers": coordinators_of(here.cohort, here.who.id), "reflection": _reflection(here, meeting)}


def _reflection(here: Here, meeting: ClassHere) -> Reflection | None:
    """The first homework after this class that is written for a reader and has no time limit."""
    for id in meeting.plan.homework:
        activity = here.course.activities[id]
        kind = host().guard.homework(here.course, activity)
        field = next((field for field in kind.form(activity) if field.kind == "long"), None)
        if kind.reviewed and field and not activity.clock:
            return Reflection(activity, field)
    return None


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/closing")
@signed_in_only
def close(cohort_id: int, number: int) -> ResponseReturnValue:
    """Out of the role, and the private question, also when the role play is over."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    return page("roleplay/closing.html", here=here, meeting=meeting, **closing(here, meeting))


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/check-in")
@signed_in_only
def ask_for_somebody(cohort_id: int, number: int) -> ResponseReturnValue:
    """Somebody would like to be checked in with: told at once to those who look after people of this group."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = class_with_role_play(here, number)
    carers, me = coordinators_of(here.cohort, here.who.id), here.who.id
    if not carers:
        raise Refused(
            _l("Nobody looks after this group by name yet. Please tell your trainer, or use the line on top.")
        )
    with spoken(here.cohort.language):
        words = _("Asks somebody to check in, after the role play of class %(number)s.", number=number)
    with saved():
        concern = care.raise_concern(
            here.me.enrolment_id,
            care.Urgency.TODAY,
            words,
            by=me,
            about=me,
            organization=here.organization.id,
            now=now(),
        )
        url = address("care.concern", concern_id=concern.id)
        tell_coordinators(here.cohort, concern.id, concern.urgency, url, about=me, by=me, at=now())
        concern_id = concern.id
    return page("roleplay/asked.html", here=here, meeting=meeting, carers=carers, concern_id=concern_id)
