"""What a trainer says to all groups, or to one, while they play. Who reads it need not answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from lms.features.roleplay.models import Message
from lms.features.roleplay.plays import room
from lms.features.roleplay.room_words import READY
from lms.features.roleplay.runs import locked_run, tell_phones
from lms.host.db import session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l

MOST_SIGNS = 140
SAME_MESSAGE = timedelta(seconds=30)  # the same words again within this time are a double tap or a retry


def send(meeting_id: int, ready: str, words: str, *, group: int | None, by: int, now: datetime) -> Message:
    """Say one of the ready sentences, or one line of own words, to a group or (None) to all. Raises Incomplete where nothing
    is said, Refused where nobody would read it."""
    words = "" if ready else " ".join(words.split())
    if not ready and not words:
        raise Incomplete({"message": _l("Choose a sentence, or write one line.")})
    if ready and ready not in READY:
        raise NotFound
    run = locked_run(meeting_id)
    here = room(meeting_id)
    if here is None or not here.goes_on(now):
        raise Refused(_l("This role play is over. Your message was not sent."))
    if group is not None and here.group(group) is None:
        raise Refused(_l("This group is not there any more. Look at the board again."))
    own = select(Message).where(Message.run_id == run.id, Message.by_id == by).order_by(Message.id.desc()).limit(1)
    last = session.scalar(own)
    sent = (ready, words, group)
    if last and (last.ready, last.words, last.group_number) == sent and last.at > now - SAME_MESSAGE:
        return last
    made = Message(run_id=run.id, group_number=group, ready=ready, words=words, by_id=by, at=now)
    session.add(made)
    session.flush()
    tell_phones(run)
    return made
