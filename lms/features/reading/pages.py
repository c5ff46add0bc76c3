"""What the pages of the reading room share: the text with its reply, and how a reply is read from a form."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

from lms.features.cohorts.queries import revision_of
from lms.features.organizations.queries import enabled_plugins
from lms.features.reading import queries, rules, second, waiting
from lms.features.reading.actions import Feedback, Terms
from lms.features.reading.starting import Group, starters_for
from lms.features.submissions.actions import answer_of, standing_review
from lms.features.submissions.attachments import of_answer
from lms.features.submissions.by_talk import noted
from lms.features.submissions.clock import minutes_taken
from lms.features.submissions.models import Attachment
from lms.features.submissions.retention import removed
from lms.host.web import MAX_TEXT, ResponseReturnValue, form, host, now, page, request, session, visitor
from lms.plugin_api.content import Activity, Course, Criterion
from lms.plugin_api.values import Text


def course_of(text: queries.Text) -> Course:
    return revision_of(text.cohort.revision_digest).course


def activity_of(text: queries.Text) -> Activity:
    """The activity; one without a kind where the course has lost it."""
    found = course_of(text).activities.get(text.submission.activity_id)
    name = Text(text.submission.activity_id, text.submission.activity_id)
    return found or Activity(id=text.submission.activity_id, kind="", title=name, minutes=0, body=name)


def criteria_of(text: queries.Text) -> tuple[Criterion, ...]:
    own = activity_of(text).criteria
    return course_of(text).review.criteria if own is None else own


def terms_of(text: queries.Text) -> Terms:
    return Terms(criteria_of(text), course_of(text).review.words.not_accepted is not None)


def feedback_from(text: queries.Text, limit: int = MAX_TEXT) -> Feedback:
    """What was typed and ticked. Too long: Incomplete."""
    criteria = criteria_of(text)
    levels = {line.id: request.form.get(f"level-{line.id}", "") for line in criteria}
    return Feedback(
        form("came_through", limit),
        form("to_try", limit),
        form("question", limit),
        rules.read_ticks(criteria, request.form.getlist("tick"), levels),
        form("decision", limit) or form("chosen", limit),
        form("second", limit) == "yes",
    )


def however_long(text: queries.Text) -> Feedback:
    """What was typed and ticked, to be kept and shown again."""
    return feedback_from(text, sys.maxsize)


def groups_of_starters(text: queries.Text) -> list[Group]:
    own = queries.starters_of(visitor().id)
    return starters_for(own, course_of(text), host().guard, enabled_plugins(text.author.organization_id))


def shown(text: queries.Text, submission: Any = None) -> Any:
    """The answer in pieces, as its kind of homework shows it."""
    activity, found = activity_of(text), submission or text.submission
    if found.words_removed_at is not None:
        return removed(found, text.zone)
    if found.by_talk:
        return noted(found)
    return host().guard.homework(course_of(text), activity).show(activity, answer_of(found))


def go_on() -> dict[str, str]:
    """What stays in the address from text to text: how they are kept together, and whether answers are held, which a
    reply says by its own box."""
    hold = request.form.get("hold") if "chosen" in request.form else request.values.get("hold")
    by = request.values.get("by", "")
    kept = {"by": by if by in waiting.BATCHES else "", "hold": "yes" if hold == "yes" else ""}
    return {name: value for name, value in kept.items() if value}


def room_page(
    text: queries.Text, typed: Any = None, errors: Any = None, status: int = 200, **more: Any
) -> ResponseReturnValue:
    """A text with its reply, or with what was answered. Of an answer that is held or waits for a second reader, nothing
    is shown to anybody but who wrote it."""
    who = visitor()
    standing = standing_review(text.submission.id)
    awaited = second.reading_of(text.submission.id) if standing and standing.visible_from is None else None
    blind = standing is not None and standing.visible_from is None and standing.reviewer_id != who.id
    left = standing is not None and blind and any(r.Review.id == standing.id for r in queries.held_by_who_left(who))
    to_answer = standing is None or bool(errors)
    return page(
        "reading/room.html",
        status,
        **common(text, typed),
        standing=None if blind else standing,
        awaited=awaited,
        blind=blind,
        left=standing if left else None,
        to_answer=to_answer and not blind,
        replies=queries.replies_to(standing) if not blind else (),
        earlier=[(s, r, shown(text, s)) for s, r in queries.earlier_reviews(who, text.submission)],
        others=queries.earlier_texts(who, text.submission),
        titles=course_of(text).activities,
        notes=queries.notes_about(text),
        colleagues=queries.trainers_beside(text, who.id),
        waiting=waiting.count_waiting(who),
        errors=errors or {},
        **{"openings": queries.Openings(True), "as_it_is": False, **more},
    )


def common(text: queries.Text, typed: Any = None) -> dict[str, Any]:
    """What every page with a text and a form needs."""
    return {
        "text": text,
        "activity": activity_of(text),
        "parts": shown(text),
        "files": _files_of(text),
        "took": minutes_taken(text.submission.enrolment_id, activity_of(text), now()),
        "criteria": criteria_of(text),
        "words": course_of(text).review.words,
        "typed": typed or queries.review_draft(text.submission.id, visitor().id) or Feedback(),
        "starters": groups_of_starters(text),
        "is_met": rules.is_met,
        "level_of": rules.level_of,
        "kept": go_on(),
    }


def _files_of(text: queries.Text) -> dict[int | None, list[Attachment]]:
    """The files of each version that was sent."""
    files = of_answer(text.submission.enrolment_id, text.submission.activity_id)
    return {version: rows for version, rows in files.items() if version is not None}


def resting(moment: datetime) -> bool:
    """Count what is read in a row on this device; True once, at the tenth, unless that was turned off."""
    last, count = session.get("in_a_row", (0.0, 0))
    count = count + 1 if moment.timestamp() - last < rules.REST.total_seconds() else 1
    session["in_a_row"] = (moment.timestamp(), count)
    return bool(count == rules.IN_A_ROW and not session.get("no_resting"))
