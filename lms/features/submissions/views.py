"""The activity page with its editor: reading, writing, sending, taking back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.submissions import actions, queries
from lms.features.submissions.rules import HomeworkState, promised_day
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.guard import GuardedActivityType
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, language, short_day, time_of_day
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    number,
    page,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.plugin_api.content import Activity
from lms.plugin_api.values import Field, Reasons

views = Blueprint("submissions", __name__, template_folder="templates")


def _activity(here: Here, activity_id: str) -> tuple[Activity, GuardedActivityType]:
    activity = here.course.activities.get(activity_id)
    if activity is None:
        raise NotFound
    return activity, host().guard.activity_type(activity.kind)


def _author(here: Here) -> actions.Author:
    if here.enrolment_id is None:
        raise NotFound
    return actions.Author(here.enrolment_id, here.id, here.organization.id, here.who.id)


def _base() -> int:
    """The counter of the draft that the page started from; a page that names none started without a draft."""
    return number("counter") or 0


def _typed(fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.name: form(field.name) for field in fields}


@views.get("/cohorts/<int:cohort_id>/modules/<module_id>")
@signed_in_only
def module(cohort_id: int, module_id: str) -> ResponseReturnValue:
    """A module with its activities, and for a trainee where each stands."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    found = here.course.module(module_id)
    if found is None:
        raise NotFound
    homework = queries.homework_of(here.id, here.enrolment_id, now()) if here.enrolment_id else {}
    intro = here.revision.page(f"module:{module_id}", language())
    return page(
        "submissions/module.html",
        here=here,
        module=found,
        intro=intro,
        kinds={a.kind: host().guard.activity_type(a.kind) for a in found.activities},
        homework=homework,
        drafted={draft.activity_id for draft in queries.drafts_of(here.enrolment_id)} if here.enrolment_id else set(),
    )


@views.get("/cohorts/<int:cohort_id>/activities/<activity_id>")
@signed_in_only
def activity(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id)
    return _activity_page(here, activity_id)


def _activity_page(
    here: Here, activity_id: str, typed: dict[str, str] | None = None, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    found, kind = _activity(here, activity_id)
    versions = queries.versions(here.enrolment_id, activity_id, now()) if here.enrolment_id else []
    draft = queries.draft_of(here.enrolment_id, activity_id) if here.enrolment_id else None
    last = versions[0] if versions else None
    # A form that comes back with what was typed still builds on what it started from.
    counter = _base() if typed is not None else draft.counter if draft else 0
    unsaved = typed is not None and (draft is None or draft.fields != typed)
    if typed is None:
        typed = dict(draft.fields) if draft else dict(last.submission.fields) if last and last.review else {}
    taken_back = queries.taken_back(draft.enrolment_id, activity_id) if draft else None
    module_of = here.course.module_of[activity_id]
    siblings = [a.id for a in module_of.activities]
    at = siblings.index(activity_id)
    sent = last.submission.sent_at if last and not last.review else now()
    promised = promised_day(_date_of(sent, here), here.course.review.promise_days)
    return page(
        "submissions/activity.html",
        status,
        here=here,
        activity=found,
        kind=kind,
        module=module_of,
        body=here.revision.page(f"activity:{activity_id}", language()),
        fields=kind.form(found),
        typed=typed,
        draft=draft,
        counter=counter,
        unsaved=unsaved,
        taken_back=taken_back if draft and taken_back and taken_back.fields != draft.fields else None,
        versions=[(v, kind.show(found, actions.answer_of(v.submission))) for v in versions],
        readers=cohorts.trainers_of(here) if kind.reviewed else [],
        errors=errors or {},
        before=siblings[at - 1] if at else None,
        after=siblings[at + 1] if at + 1 < len(siblings) else None,
        promised=promised,
        late=promised < _date_of(now(), here),
        criteria=here.course.review.criteria,
    )


def _date_of(moment: datetime, here: Here) -> date:
    return moment.astimezone(ZoneInfo(here.zone)).date()


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/draft")
@signed_in_only
def save_draft(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    """Keep the draft: by script every few seconds (answers JSON), or by the button "Keep as draft"."""
    here = cohorts.attended_by(visitor(), cohort_id)
    found, kind = _activity(here, activity_id)
    fields = _typed(kind.form(found))
    try:
        with saved():
            draft = actions.save_draft(_author(here), activity_id, fields, _base(), now=now())
            counter = draft.counter if draft else None
    except actions.WrittenElsewhere as other:
        return _written_elsewhere(here, activity_id, fields, other)
    if wants_json():
        return {"counter": counter or _base(), "at": time_of_day(now(), here.zone)}
    if counter:
        flash(_("Saved. Only you can see it until you send it."))
    return go(".activity", cohort_id=cohort_id, activity_id=activity_id)


def _written_elsewhere(
    here: Here, activity_id: str, fields: dict[str, str], other: actions.WrittenElsewhere
) -> ResponseReturnValue:
    """Two windows or devices: both texts are shown, nothing is merged or dropped."""
    when = f"{short_day(other.saved_at, here.zone)}, {time_of_day(other.saved_at, here.zone)}"
    if wants_json():
        return {"elsewhere": other.fields, "counter": other.counter, "at": when, "sentence": str(other.sentence)}, 409
    found, kind = _activity(here, activity_id)
    last = actions.last_submission(_author(here).enrolment_id, activity_id)
    return page(
        "submissions/two_texts.html",
        409,
        here=here,
        activity=found,
        kind=kind,
        fields=kind.form(found),
        can_send=last is None or actions.state_of_submission(last, now()) is HomeworkState.RETURNED,
        mine=fields,
        other=other,
        when=when,
    )


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/submissions")
@signed_in_only
def submit(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    found, kind = _activity(here, activity_id)
    try:
        fields = _typed(kind.form(found))
    except Incomplete as incomplete:
        typed = {f.name: request.form.get(f.name, "") for f in kind.form(found)}
        return _activity_page(here, activity_id, typed, incomplete.by_field, 422)
    answer = kind.read(found, fields)
    if isinstance(answer, Reasons):
        errors = {name: in_language(text) for name, text in answer.by_field.items()}
        return _activity_page(here, activity_id, fields, errors, 422)
    try:
        with saved():
            actions.submit(_author(here), activity_id, answer, fields, _base(), reviewed=kind.reviewed, now=now())
    except actions.WrittenElsewhere as other:
        return _written_elsewhere(here, activity_id, fields, other)
    if kind.reviewed:
        flash(_("Sent. You can take it back until someone opens it."))
        return go(".activity", cohort_id=cohort_id, activity_id=activity_id)
    return go(".module", cohort_id=cohort_id, module_id=here.course.module_of[activity_id].id)


@views.post("/cohorts/<int:cohort_id>/submissions/<int:submission_id>/take-back")
@signed_in_only
def take_back(cohort_id: int, submission_id: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    submission = queries.own_submission(_author(here).enrolment_id, submission_id)
    with saved():
        actions.take_back(_author(here), submission, now=now())
        activity_id = submission.activity_id
        draft = queries.draft_of(submission.enrolment_id, activity_id)
        both = draft is not None and draft.fields != submission.fields
    if both:
        flash(_("You have it back. You wrote something else too: both are here."))
    else:
        flash(_("You have it back. It is a draft now, and only you can see it."))
    return go(".activity", cohort_id=cohort_id, activity_id=activity_id)
