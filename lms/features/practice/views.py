"""Pages of practice for one. A practice is one page with all its moments, so it goes on without a network."""

from __future__ import annotations

from lms.features.cohorts import queries as cohorts
from lms.features.grouping.words import FITS, SKILLS, TOPICS
from lms.features.practice import solo
from lms.host.db import saved
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import language
from lms.host.web import Blueprint, ResponseReturnValue, flash, form, go, now, page, request, signed_in_only, visitor
from lms.plugin_api.solo import LONGEST, SoloPractice

views = Blueprint("practice", __name__, template_folder="templates")


def _practice(here: cohorts.Here, practice_id: str) -> SoloPractice:
    practice = here.course.practice(practice_id)
    if practice is None:
        raise NotFound
    return practice


def _done(here: cohorts.Here) -> SoloPractice | None:
    """The practice whose end has just been sent: its page after says so, and the device forgets what it kept."""
    return here.course.practice(request.args.get("done", ""))


@views.get("/cohorts/<int:cohort_id>/practice")
@signed_in_only
def practices(cohort_id: int) -> ResponseReturnValue:
    """What there is to practise alone; for those who lead, also what was shared with them."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    finished = solo.finished_by(here.enrolment_id) if here.enrolment_id else {}
    shared = solo.shared_in(here.id) if here.leads else {}
    return page(
        "practice/practices.html",
        here=here,
        done=_done(here),
        finished=finished,
        shared=shared,
        topics=TOPICS,
        skills=SKILLS,
        fits=FITS,
    )


@views.get("/cohorts/<int:cohort_id>/practice/<practice_id>")
@signed_in_only
def practice(cohort_id: int, practice_id: str) -> ResponseReturnValue:
    """One practice."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    found = _practice(here, practice_id)
    row = solo.finished_by(here.enrolment_id).get(found.id) if here.enrolment_id else None
    mine = solo.shared(row, here.who.name) if row else None
    return page(
        "practice/practice.html",
        here=here,
        practice=found,
        row=row,
        mine=mine,
        done=_done(here),
        topics=TOPICS,
        fits=FITS,
    )


@views.post("/cohorts/<int:cohort_id>/practice/<practice_id>")
@signed_in_only
def finish(cohort_id: int, practice_id: str) -> ResponseReturnValue:
    """They came to an end: noted, shared with the way there, or taken back, as the button says."""
    here = cohorts.attended_by(visitor(), cohort_id)
    assert here.enrolment_id is not None
    found, what = _practice(here, practice_id), form("what", 10)
    with saved():
        if what == "take-back":
            solo.take_back(found.id, here.enrolment_id)
        elif what == "share":
            path = [int(step) if step.isdecimal() else -1 for step in form("path")[:60].split("-")]
            lines = [form(f"own-{step}", solo.LINE) for step in range(LONGEST)]
            solo.share(found, here.enrolment_id, path, lines, language(), now=now())
        else:
            solo.finish(found, here.enrolment_id, now=now())
    flash(
        {
            "take-back": _("Taken back. Nobody else can read it now."),
            "share": _("Shared. Those who lead your group can read this way through the practice."),
        }.get(what, _("Noted for you. What you chose is kept nowhere."))
    )
    if what == "share":
        return go(".practice", cohort_id=cohort_id, practice_id=found.id, done=found.id)
    return go(".practices", cohort_id=cohort_id, done=None if what == "take-back" else found.id)
