"""What the pages of homework share: the piece and its kind, what was typed, the page itself, two texts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lms.features.accounts.roles import Role
from lms.features.care import queries as care
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.submissions import actions, attachments, clock, queries
from lms.features.submissions.by_talk import noted
from lms.features.submissions.models import Draft, Submission
from lms.features.submissions.retention import removed
from lms.features.submissions.rules import HomeworkState, choice_of, chosen_readers, promised_day
from lms.features.submissions.together import together
from lms.features.talks import queries as talks
from lms.features.talks.rules import may_be_a_talk
from lms.host.errors import NotFound
from lms.host.guard import GuardedActivityType
from lms.host.i18n import language, short_day, time_of_day
from lms.host.web import ResponseReturnValue, chosen, form, host, now, number, page, request, wants_json
from lms.plugin_api.content import Activity
from lms.plugin_api.values import Field, Part

# What the form carries besides the fields that a kind asks for.
OWN_FIELDS = {"counter", "who", "audience", "clock", "sent-audio", "sent-photo", "sent-file"}

BESIDES = "besides-"


def activity_of(here: Here, activity_id: str) -> tuple[Activity, GuardedActivityType]:
    activity = here.course.activities.get(activity_id)
    if activity is None:
        raise NotFound
    return activity, host().guard.homework(here.course, activity)


def author_of(here: Here) -> actions.Author:
    if here.enrolment_id is None:
        raise NotFound
    return actions.Author(here.enrolment_id, here.id, here.organization.id, here.who.id)


def base() -> int:
    """The counter of the draft that the page started from; a page that names none started without a draft."""
    return number("counter") or 0


def typed_fields(fields: tuple[Field, ...], draft: Draft | None = None) -> dict[str, str]:
    """What was typed, by field.

    Also what stands under names that the kind does not ask for just now, in the form or in `draft`: a plugin that is
    away for a moment, or was changed, takes no words with it.
    """
    asked = [field.name for field in fields]
    several = {field.name for field in fields if field.kind == "choices"}
    sent = (name for name in (*asked, *request.form) if name not in OWN_FIELDS and not name.startswith(BESIDES))
    typed = {name: chosen(name) if name in several else form(name) for name in sent}
    before = draft.fields if draft else {}
    return {**{name: text for name, text in before.items() if name not in typed}, **typed}


def text_besides() -> dict[str, str]:
    """The other one of two texts, which was not chosen: it stays under the earlier drafts."""
    names = (name for name in request.form if name.startswith(BESIDES))
    return {name.removeprefix(BESIDES): form(name) for name in names}


def draft_of(here: Here, activity_id: str) -> Draft | None:
    return queries.draft_of(here.enrolment_id, activity_id) if here.enrolment_id else None


def activity_page(
    here: Here, activity_id: str, typed: dict[str, str] | None = None, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    found, kind = activity_of(here, activity_id)
    versions = queries.versions(here.enrolment_id, activity_id, now()) if here.enrolment_id else []
    draft = queries.draft_of(here.enrolment_id, activity_id) if here.enrolment_id else None
    files = attachments.of_answer(here.enrolment_id, activity_id) if here.enrolment_id else {}
    last = versions[0] if versions else None
    # A form that comes back with what was typed still builds on what it started from.
    counter = base() if typed is not None else draft.counter if draft else 0
    unsaved = typed is not None and (draft is None or draft.fields != typed)
    once_more = kind.again and bool(last) and (typed is not None or draft is not None or "again" in request.args)
    if typed is None:
        typed = dict(draft.fields) if draft else dict(last.submission.fields) if last and last.review else {}
    readers = trainers(here) if kind.reviewed else []
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
        guides=kind.guide(found),
        together=_together(here, found, kind),
        once_more=once_more,
        typed=typed,
        draft=draft,
        counter=counter,
        unsaved=unsaved,
        taken_back=taken_back if draft and taken_back and taken_back.fields != draft.fields else None,
        versions=[(v, _shown(kind, found, v.submission, here.zone)) for v in versions],
        readers=readers,
        audience=chosen_audience(found, readers, draft, last.submission if last else None),
        nobody_reads=last is not None and nobody_reads(last.submission, readers),
        earlier_drafts=queries.draft_versions(here.enrolment_id, activity_id) if draft or versions else [],
        errors=errors or {},
        before=siblings[at - 1] if at else None,
        after=siblings[at + 1] if at + 1 < len(siblings) else None,
        promised=promised,
        late=promised < _date_of(now(), here),
        criteria=found.criteria or here.course.review.criteria,
        accepts=kind.accepts(found),
        drafted=files.get(None) or (files.get(last.submission.id, []) if last and last.review and not draft else []),
        attached_files=files,
        help=care.accommodation_of(here.enrolment_id) if here.enrolment_id else None,
        in_person=_answered_in_person(last),
        clock=_clock(here, found) if not versions else None,
        talks=_talks(here, found, kind),
    )


def _clock(here: Here, activity: Activity) -> clock.Face | None:
    """How the clock of a first version stands; none for later versions."""
    if here.enrolment_id is None:
        return None
    return clock.face_of(here.enrolment_id, activity, care.extra_time_of(here.enrolment_id), now())


def _shown(kind: GuardedActivityType, activity: Activity, submission: Submission, zone: str) -> Sequence[Part]:
    if submission.words_removed_at is not None:
        return removed(submission, zone)
    return noted(submission) if submission.by_talk else kind.show(activity, actions.answer_of(submission))


def _answered_in_person(last: queries.Version | None) -> bool:
    """True while somebody looks after the person behind the text: the answer then comes from a human, not in the room."""
    waits = last is not None and last.review is None
    return bool(waits and last and care.open_concern_about_submission(last.submission.id, last.submission.enrolment_id))


def _talks(here: Here, activity: Activity, kind: GuardedActivityType) -> list[Any] | None:
    """Times with a trainer that can be taken for this piece, or were. None where it cannot be a talk."""
    if here.enrolment_id is None or not may_be_a_talk(kind.in_person, kind.reviewed, kind.accepts(activity)):
        return None
    return talks.talks_for(here.id, here.enrolment_id, activity.id, now())


def _together(here: Here, activity: Activity, kind: GuardedActivityType) -> tuple[Part, ...] | None:
    """What the group's answers come to, for those who train it."""
    trains = here.who.plays(Role.TRAINER, organization=here.organization.id, cohort=here.id)
    return together(here.id, activity, kind) if kind.shared and trains and here.enrolment_id is None else None


def _date_of(moment: datetime, here: Here) -> date:
    return moment.astimezone(ZoneInfo(here.zone)).date()


def _open_states(kind: GuardedActivityType) -> tuple[HomeworkState, ...]:
    """Where something that was sent before may be sent again."""
    return (HomeworkState.RETURNED, HomeworkState.DONE) if kind.again else (HomeworkState.RETURNED,)


def two_texts(
    here: Here, activity_id: str, fields: dict[str, str], other: actions.WrittenElsewhere
) -> ResponseReturnValue:
    """Two windows or devices: both texts are shown, nothing is merged or dropped."""
    when = f"{short_day(other.saved_at, here.zone)}, {time_of_day(other.saved_at, here.zone)}"
    if wants_json():
        return {"elsewhere": other.fields, "counter": other.counter, "at": when, "sentence": str(other.sentence)}, 409
    found, kind = activity_of(here, activity_id)
    last = actions.last_submission(author_of(here).enrolment_id, activity_id)
    return page(
        "submissions/two_texts.html",
        409,
        here=here,
        activity=found,
        kind=kind,
        fields=kind.form(found),
        can_send=last is None or actions.state_of_submission(last, now()) in _open_states(kind),
        mine=fields,
        other=other,
        when=when,
    )


def chosen_audience(activity: Activity, readers: Sequence[Any], draft: Draft | None, last: Submission | None) -> str:
    """Who shall read it: as chosen in the form, in the draft, or for the version before, while that is still possible."""
    before = draft.audience if draft and draft.audience else choice_of(last.audience, last.reader_id) if last else ""
    chosen = form("audience", 40) or before
    possible = chosen_readers(activity.audience, chosen, [trainer.id for trainer in readers])
    return chosen if possible or "audience" in request.form else ""


def nobody_reads(submission: Submission, readers: Sequence[Any]) -> bool:
    """True where the one trainer who was to read it is not with the group any more."""
    return submission.reader_id is not None and submission.reader_id not in {one.id for one in readers}


def trainers(here: Here) -> list[Any]:
    """Who may read what is sent here; a trainer who takes part does not read their own."""
    return [trainer for trainer in cohorts.trainers_of(here) if trainer.id != here.who.id]
