"""Raising a worry, saying what was done about it, closing it; agreeing on what helps somebody."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from lms.features.accounts.roles import not_oneself
from lms.features.care.models import Accommodation, Concern, ConcernStep
from lms.features.cohorts.models import Enrolment
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l

# A second, equal note within this time is a double click or a retry.
SAME_NOTE = timedelta(minutes=10)
EXTRA_TIME = (0, 25, 50, 100)


class Urgency(StrEnum):
    """`NOW` is for danger: whoever chooses it has seen the emergency numbers first."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"
    TALK = "talk"


# -- worries ------------------------------------------------------------------------------------------------


def raise_concern(
    enrolment_id: int,
    urgency: str,
    words: str,
    *,
    by: int,
    about: int,
    organization: int,
    now: datetime,
    submission: int | None = None,
) -> Concern:
    """Tell those who coordinate that somebody worries about this person. The same again within minutes is one."""
    if urgency not in set(Urgency):
        raise Incomplete({"urgency": _l("Choose what should happen.")})
    if not words.strip():
        raise Incomplete({"words": _l("Write what worries you. One sentence is enough.")})
    locked(Enrolment, enrolment_id)
    same = session.scalar(
        select(Concern).where(
            Concern.enrolment_id == enrolment_id,
            Concern.raised_by == by,
            Concern.words == words.strip(),
            Concern.raised_at > now - SAME_NOTE,
            Concern.closed_at.is_(None),
        )
    )
    if same is not None:
        return same
    concern = Concern(
        organization_id=organization,
        enrolment_id=enrolment_id,
        raised_by=by,
        raised_at=now,
        urgency=urgency,
        words=words.strip(),
        submission_id=submission,
    )
    session.add(concern)
    session.flush()
    _note("raised", concern, by, about, now)
    return concern


def add_step(concern_id: int, words: str, *, by: int, about: int, now: datetime) -> ConcernStep:
    """Say what was done. Raises Refused once it is closed."""
    concern = _open(concern_id)
    return _add_step(concern, _said(words, _l("Write what was done. One sentence is enough.")), by, about, now)


def close(concern_id: int, words: str, *, by: int, about: int, now: datetime) -> None:
    """Close it with a sentence. It stays to be read; a new worry is a new note."""
    concern = locked(Concern, concern_id)
    if concern.closed_at is not None:
        return
    _add_step(concern, _said(words, _l("Write how it stands now. One sentence is enough.")), by, about, now)
    concern.closed_by, concern.closed_at = by, now
    _note("closed", concern, by, about, now)


def _open(concern_id: int) -> Concern:
    concern = locked(Concern, concern_id)
    if concern.closed_at is not None:
        raise Refused(_l("This was closed meanwhile. If something worries you now, write a new note."))
    return concern


def _said(words: str, otherwise: object) -> str:
    if not words.strip():
        raise Incomplete({"words": otherwise})
    return words.strip()


def _add_step(concern: Concern, words: str, by: int, about: int, now: datetime) -> ConcernStep:
    same = session.scalar(
        select(ConcernStep).where(
            ConcernStep.concern_id == concern.id,
            ConcernStep.by_id == by,
            ConcernStep.words == words,
            ConcernStep.at > now - SAME_NOTE,
        )
    )
    if same is not None:
        return same
    step = ConcernStep(concern_id=concern.id, by_id=by, at=now, words=words)
    session.add(step)
    _note("step", concern, by, about, now)
    return step


def _note(what: str, concern: Concern, by: int, about: int, now: datetime) -> None:
    organization = concern.organization_id
    audit.note(f"concerns.{what}", f"concern:{concern.id}", at=now, by=by, organization=organization, about=about)


# -- what helps ---------------------------------------------------------------------------------------------


def agree_on_help(
    enrolment_id: int,
    extra_time: int | None,
    read_aloud: bool,
    *,
    by: int,
    about: int,
    organization: int,
    now: datetime,
) -> Accommodation | None:
    """Set what was agreed, without a reason. No extra time and nothing read aloud: nothing is agreed (None)."""
    not_oneself(by, about)
    if extra_time not in EXTRA_TIME:
        raise Incomplete({"extra_time": _l("Choose how much more time.")})
    locked(Enrolment, enrolment_id)
    standing = session.get(Accommodation, enrolment_id, populate_existing=True)
    if standing is not None and (standing.extra_time, standing.read_aloud) == (extra_time, read_aloud):
        return standing
    agreed = bool(extra_time or read_aloud)
    if standing is None and not agreed:
        return None
    audit.note(
        "accommodation.agreed" if agreed else "accommodation.ended",
        f"enrolment:{enrolment_id}",
        at=now,
        by=by,
        organization=organization,
        about=about,
    )
    if not agreed:
        session.delete(standing)
        return None
    if standing is None:
        standing = Accommodation(enrolment_id=enrolment_id)
        session.add(standing)
    standing.extra_time, standing.read_aloud = extra_time, read_aloud
    standing.set_by, standing.set_at = by, now
    return standing
