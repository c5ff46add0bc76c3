"""What trainers do beside the clock: being with a group, and noting what they saw of somebody as supporter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update

from lms.features.accounts.roles import not_oneself
from lms.features.cohorts.models import Enrolment
from lms.features.roleplay.models import RoomEvent, RoomVisit, Run, SupporterNote
from lms.features.roleplay.runs import tell_phones
from lms.host import audit
from lms.host.db import FOR_CHANGE, locked, session
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.scenes import ScenarioCard

# A second visit or note within this time is a double tap or a retry.
SAME_VISIT, SAME_NOTE = timedelta(minutes=1), timedelta(minutes=10)
MOST_SIGNS = 300


def visit(run_id: int, group: int, supporter_id: int | None, *, by: int, now: datetime) -> None:
    """A trainer is with a group, or has been. What the group asked for is seen with that, and its phones hear of it."""
    run = locked(Run, run_id)
    same = select(RoomVisit.id).where(
        RoomVisit.run_id == run_id,
        RoomVisit.group_number == group,
        RoomVisit.by_id == by,
        RoomVisit.at > now - SAME_VISIT,
    )
    if session.scalar(same.limit(1)) is None:
        session.add(RoomVisit(run_id=run_id, group_number=group, supporter_id=supporter_id, by_id=by, at=now))
    asked = (RoomEvent.run_id == run_id) & (RoomEvent.group_number == group) & RoomEvent.seen_at.is_(None)
    session.execute(update(RoomEvent).where(asked, RoomEvent.kind.in_(("help", "moment"))).values(seen_at=now))
    tell_phones(run)


def note(
    meeting_id: int,
    enrolment_id: int,
    card: ScenarioCard | None,
    ticks: Collection[str],
    words: str,
    *,
    by: int,
    about: int,
    organization: int,
    now: datetime,
) -> SupporterNote:
    """Keep what a trainer saw of somebody as supporter: lines of the card, one sentence. The trainee reads it. Raises
    Incomplete where there is nothing to keep, Refused about oneself."""
    not_oneself(by, about)
    lines = [line.id for line in card.roles.observer.look_for if line.id in ticks] if card else []
    words = " ".join(words.split())
    if not lines and not words:
        raise Incomplete({"note": _l("Tick a line, or write one sentence about the skill.")})
    locked(Enrolment, enrolment_id)
    recent = select(SupporterNote).where(
        SupporterNote.meeting_id == meeting_id,
        SupporterNote.enrolment_id == enrolment_id,
        SupporterNote.by_id == by,
        SupporterNote.at > now - SAME_NOTE,
    )
    for standing in session.scalars(recent):
        if (standing.ticks, standing.words) == (lines, words):
            return standing
    made = SupporterNote(
        meeting_id=meeting_id,
        enrolment_id=enrolment_id,
        card=card.id if card else "",
        ticks=lines,
        words=words,
        by_id=by,
        at=now,
    )
    session.add(made)
    session.flush()
    audit.note("roleplay.noted", f"supporter_note:{made.id}", at=now, by=by, organization=organization, about=about)
    return made


def take_back(note_id: int, meeting_id: int, *, by: int, about: int, organization: int, now: datetime) -> None:
    """Whoever wrote a note takes it back: it was about somebody else, or is not so. What is gone already stays gone. Raises
    NotFound for other people's."""
    found = session.get(SupporterNote, note_id, with_for_update=FOR_CHANGE)
    if found is None:
        return
    if (found.by_id, found.meeting_id) != (by, meeting_id):
        raise NotFound
    session.delete(found)
    verb = "roleplay.note_taken_back"
    audit.note(verb, f"supporter_note:{note_id}", at=now, by=by, organization=organization, about=about)
