"""Homework: reading, writing, sending, taking back."""

from __future__ import annotations

from typing import Any

from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.submissions import actions, attachments, clock, gathering, queries
from lms.features.submissions.incoming import take_files
from lms.features.submissions.pages import (
    OWN_FIELDS,
    activity_of,
    activity_page,
    author_of,
    base,
    chosen_audience,
    draft_of,
    nobody_reads,
    text_besides,
    trainers,
    two_texts,
    typed_fields,
)
from lms.features.submissions.rules import Readers, chosen_readers
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.guard import GuardedActivityType
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, language, time_of_day
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.plugin_api.content import Activity
from lms.plugin_api.values import Reasons

views = Blueprint("submissions", __name__, template_folder="templates")


@views.get("/cohorts/<int:cohort_id>/modules/<module_id>")
@signed_in_only
def module(cohort_id: int, module_id: str) -> ResponseReturnValue:
    """A module with its activities, and for a trainee where each stands."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    found = here.course.module(module_id)
    if found is None:
        raise NotFound
    homework = queries.homework_of(here.id, here.enrolment_id, now()) if here.enrolment_id else {}
    begun, read_aloud = queries.beside_a_module(here.enrolment_id) if here.enrolment_id else (set(), False)
    intro = here.revision.page(f"module:{module_id}", language())
    return page(
        "submissions/module.html",
        here=here,
        module=found,
        intro=intro,
        kinds={a.kind: host().guard.homework(here.course, a) for a in found.activities},
        homework=homework,
        help={"read_aloud": read_aloud},
        drafted=begun,
    )


@views.get("/cohorts/<int:cohort_id>/activities/<activity_id>")
@signed_in_only
def activity(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    here = cohorts.cohort_for(visitor(), cohort_id)
    return activity_page(here, activity_id)


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/draft")
@signed_in_only
def save_draft(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    """Keep the draft: by script every few seconds (answers JSON), or by the button "Keep as draft"."""
    here = cohorts.attended_by(visitor(), cohort_id)
    found, kind = activity_of(here, activity_id)
    fields = typed_fields(kind.form(found), draft_of(here, activity_id))
    try:
        with saved():
            draft = actions.save_draft(
                author_of(here),
                activity_id,
                fields,
                base(),
                now=now(),
                audience=form("audience", 40),
                besides=text_besides(),
            )
            counter = draft.counter if draft else None
            clock.turn(author_of(here), found, form("clock", 10) or clock.SIGN, now=now())
    except actions.WrittenElsewhere as other:
        _take_files(here, found, kind)
        return two_texts(here, activity_id, fields, other)
    if errors := _take_files(here, found, kind):
        return activity_page(here, activity_id, fields, errors, 422)
    if wants_json():
        return {"counter": counter or base(), "at": time_of_day(now(), here.zone)}
    if counter:
        flash(_("Saved. Only you can see it until you send it."))
    return go(".activity", cohort_id=cohort_id, activity_id=activity_id)


def _take_files(here: Here, activity: Activity, kind: GuardedActivityType) -> dict[str, Any]:
    """Add what came along to the draft; a sentence about each that cannot be taken."""
    sentences = take_files(author_of(here), activity.id, kind.accepts(activity), again=kind.again, now=now())
    return {"files": " ".join(map(str, sentences))} if sentences else {}


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/submissions")
@signed_in_only
def submit(cohort_id: int, activity_id: str) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    found, kind = activity_of(here, activity_id)
    try:
        fields = typed_fields(kind.form(found), draft_of(here, activity_id))
    except Incomplete as incomplete:
        typed = {name: request.form.get(name, "") for name in request.form if name not in OWN_FIELDS}
        return activity_page(here, activity_id, typed, incomplete.by_field, 422)
    if errors := _take_files(here, found, kind):
        return activity_page(here, activity_id, fields, errors, 422)
    files = attachments.as_sent(gathering.of_draft(author_of(here).enrolment_id, activity_id, now()))
    answer = kind.read(found, fields, files)
    if isinstance(answer, Reasons):
        errors = {name: in_language(text) for name, text in answer.by_field.items()}
        return activity_page(here, activity_id, fields, errors, 422)
    readers = _readers(here, found, kind)
    if readers is None:
        errors = {"audience": _("Choose who shall read it.")}
        return activity_page(here, activity_id, fields, errors, 422)
    try:
        with saved():
            actions.submit(
                author_of(here),
                activity_id,
                answer,
                fields,
                base(),
                reviewed=kind.reviewed,
                readers=readers,
                again=kind.again,
                besides=text_besides(),
                now=now(),
            )
            clock.turn(author_of(here), found, clock.REST, now=now())
    except actions.WrittenElsewhere as other:
        return two_texts(here, activity_id, fields, other)
    if kind.reviewed and readers.audience != "me":
        flash(_("Sent. You can take it back until someone opens it."))
    if kind.reviewed or fields:
        return go(".activity", cohort_id=cohort_id, activity_id=activity_id)
    return go(".module", cohort_id=cohort_id, module_id=here.course.module_of[activity_id].id)


def _readers(here: Here, activity: Activity, kind: GuardedActivityType) -> Readers | None:
    """Who shall read it, as chosen beside the button; None where a choice is still to be made."""
    if not kind.reviewed:
        return actions.TEAM
    here_now, draft = trainers(here), draft_of(here, activity.id)
    last = actions.last_submission(author_of(here).enrolment_id, activity.id)
    chosen = chosen_audience(activity, here_now, draft, last)
    return chosen_readers(activity.audience, chosen, [trainer.id for trainer in here_now])


@views.post("/cohorts/<int:cohort_id>/activities/<activity_id>/draft/versions/<int:version_id>")
@signed_in_only
def bring_back(cohort_id: int, activity_id: str, version_id: int) -> ResponseReturnValue:
    """Earlier words of the draft become its words again."""
    here = cohorts.attended_by(visitor(), cohort_id)
    activity_of(here, activity_id)
    with saved():
        actions.bring_back(author_of(here), activity_id, version_id, now=now())
    flash(_("These words are your draft again. What stood there is kept in the list."))
    return go(".activity", cohort_id=cohort_id, activity_id=activity_id)


@views.post("/cohorts/<int:cohort_id>/submissions/<int:submission_id>/replies")
@signed_in_only
def reply(cohort_id: int, submission_id: int) -> ResponseReturnValue:
    """Answer what a trainer asked, or say thanks."""
    here = cohorts.attended_by(visitor(), cohort_id)
    submission = queries.own_submission(author_of(here).enrolment_id, submission_id)
    with saved():
        actions.reply(author_of(here), submission, form("words"), now=now())
        activity_id = submission.activity_id
    flash(_("Your trainer can read it now."))
    return go(".activity", cohort_id=cohort_id, activity_id=activity_id)


@views.post("/cohorts/<int:cohort_id>/submissions/<int:submission_id>/take-back")
@signed_in_only
def take_back(cohort_id: int, submission_id: int) -> ResponseReturnValue:
    here = cohorts.attended_by(visitor(), cohort_id)
    submission = queries.own_submission(author_of(here).enrolment_id, submission_id)
    with saved():
        actions.take_back(author_of(here), submission, now=now(), nobody_reads=nobody_reads(submission, trainers(here)))
        activity_id = submission.activity_id
        draft = queries.draft_of(submission.enrolment_id, activity_id)
        both = draft is not None and draft.fields != submission.fields
    if both:
        flash(_("You have it back. You wrote something else too: both are here."))
    else:
        flash(_("You have it back. It is a draft now, and only you can see it."))
    return go(".activity", cohort_id=cohort_id, activity_id=activity_id)
