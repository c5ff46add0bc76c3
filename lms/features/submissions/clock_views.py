"""Starting the clock of a piece, resting, going on, and the sign of life that an open page gives."""

from __future__ import annotations

from lms.features.care import queries as care
from lms.features.cohorts import queries as cohorts
from lms.features.submissions import clock
from lms.features.submissions.actions import Author
from lms.host.db import saved
from lms.host.errors import NotFound
from lms.host.web import Blueprint, ResponseReturnValue, form, go, now, signed_in_only, visitor, wants_json

views = Blueprint("clock", __name__)


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/clock")
@signed_in_only
def turn(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    """`do` is start, on, rest or sign. What is written goes with the draft, not here."""
    here = cohorts.attended_by(visitor(), cohort_id)
    activity = here.course.activities.get(activity_id)
    if activity is None or activity.clock is None:
        raise NotFound
    me = here.me
    with saved():
        author = Author(me.enrolment_id, here.id, here.organization.id, me.person_id)
        clock.turn(author, activity, form("do", 10), now=now())
    if wants_json():
        face = clock.face_of(me.enrolment_id, activity, care.extra_time_of(me.enrolment_id), now())
        return {"left": face.left_seconds, "running": face.running} if face else {}
    return go("submissions.activity", cohort_id=cohort_id, activity_id=activity_id)
