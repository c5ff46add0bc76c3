"""Giving a sheet after a round, and what its supporter does with it: keep, or let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from lms.features.cohorts.models import Enrolment
from lms.features.roleplay.models import Sheet
from lms.features.roleplay.sheets import Content, SeatName, both
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.i18n import lazy_gettext as _l

GONE: dict[str, Any] = {"words": {}, "ticks": []}


@dataclass(frozen=True)
class Place:
    """Where somebody sits in one round of a run, and whom they give their sheet to: the last supporter, or whom they choose
    of several `supporters`."""

    run_id: int
    group: int
    round: int
    enrolment_id: int
    seat: SeatName
    supporter_id: int
    card: str
    supporters: tuple[int, ...] = ()


def token_of(sheet: Sheet | None) -> str:
    """Names the writing that a page shows; empty for a sheet that is not given yet."""
    return sheet.given_at.isoformat() if sheet else ""


def give(place: Place, content: Content, seen: str, *, read_by_trainers: bool, now: datetime) -> Sheet:
    """Keep what somebody wrote about a round. `seen` is the writing that the page showed (`token_of`); `read_by_trainers`
    is who it said would read. What was once written for the supporter alone is read by no trainer.

    The same a second time changes nothing. What another window or device gave meanwhile stays, above the new words. Raises
    Incomplete for an empty sheet, Refused once its supporter has kept the notes or let them go.
    """
    if content.empty:
        raise Incomplete({"sheet": _l("Tick a line or write a few words first. You can also leave the sheet empty.")})
    locked(Enrolment, place.enrolment_id)
    sheet = session.scalar(
        select(Sheet)
        .where(
            Sheet.run_id == place.run_id,
            Sheet.round_number == place.round,
            Sheet.enrolment_id == place.enrolment_id,
            Sheet.seat == place.seat,
        )
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    if sheet is None:
        return _begin(place, content, read_by_trainers, now)
    standing = Content(tuple(sheet.ticks), dict(sheet.words))
    if standing == content or (token_of(sheet) != seen and both(standing, content) == standing):
        return sheet
    if sheet.kept is not None and sheet.seat != "supporter":
        raise Refused(
            _l("These notes were kept or let go already, so nothing can be added. You can tell them in person.")
        )
    content = content if token_of(sheet) == seen else both(standing, content)
    sheet.ticks, sheet.words, sheet.given_at = list(content.ticks), dict(content.words or {}), now
    sheet.kept = sheet.kept or None
    sheet.read_by_trainers = sheet.read_by_trainers and read_by_trainers
    return sheet


def _begin(place: Place, content: Content, read_by_trainers: bool, now: datetime) -> Sheet:
    sheet = Sheet(
        run_id=place.run_id,
        group_number=place.group,
        round_number=place.round,
        enrolment_id=place.enrolment_id,
        supporter_id=place.supporter_id,
        seat=place.seat,
        card=place.card,
        ticks=list(content.ticks),
        words=dict(content.words or {}),
        read_by_trainers=read_by_trainers and place.seat != "supporter",
        given_at=now,
    )
    session.add(sheet)
    session.flush()
    return sheet


def keep(run_id: int, round_number: int, supporter_id: int, *, now: datetime) -> None:
    """The supporter keeps what there is about one of their rounds. What was let go stays gone."""
    session.execute(
        update(Sheet)
        .where(_of_round(run_id, round_number, supporter_id), Sheet.kept.is_(None))
        .values(kept=True, kept_at=now)
    )


def let_go(run_id: int, round_number: int, supporter_id: int, *, now: datetime) -> None:
    """The supporter lets go of all that there is about one of their rounds: ticks and words are erased, for everybody. That
    sheets were given stays."""
    session.execute(
        update(Sheet)
        .where(_of_round(run_id, round_number, supporter_id), Sheet.kept.is_not(False))
        .values(kept=False, kept_at=now, **GONE)
    )


def _of_round(run_id: int, round_number: int, supporter_id: int) -> ColumnElement[bool]:
    return (Sheet.run_id == run_id) & (Sheet.round_number == round_number) & (Sheet.supporter_id == supporter_id)
