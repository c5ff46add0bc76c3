"""Practice for one: that somebody came to an end is noted for them; the way there only once they share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.features.accounts.models import Person
from lms.features.cohorts.models import Enrolment
from lms.features.practice.models import SoloPractice as Finished
from lms.host.db import session
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.solo import SoloPractice

LINE = 500  # signs of an own line


@dataclass(frozen=True, slots=True)
class Shared:
    """A way through a practice as somebody shared it: what was said, their own line (may be empty), what they chose, and
    how it ended. In the language in which they practised."""

    who: str
    steps: tuple[Mapping[str, str], ...]
    ending: str
    at: datetime


def finish(practice: SoloPractice, enrolment_id: int, *, now: datetime) -> None:
    """They came to an end. Coming to one again, in the same second or later, changes nothing."""
    values = {"enrolment_id": enrolment_id, "practice": practice.id, "finished_at": now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Finished).values(values)
    session.execute(statement.on_conflict_do_nothing(index_elements=["enrolment_id", "practice"]))


def share(
    practice: SoloPractice,
    enrolment_id: int,
    path: Sequence[int],
    lines: Sequence[str],
    language: str,
    *,
    now: datetime,
) -> None:
    """Trainers may read this way, until it is taken back. Another way, shared later, takes its place."""
    walked = practice.follows(path)
    if walked is None:
        raise Refused(_l("This way does not lead to an end of the practice. Go to an end of it, then share it."))
    finish(practice, enrolment_id, now=now)
    ending = practice.ending(walked[-1][1].to)
    assert ending is not None
    own = [*lines, *[""] * len(walked)]
    kept = {
        "steps": [
            {
                "says": getattr(node.says, language),
                "own": own[index][:LINE],
                "chose": getattr(choice.text, language),
                "fit": choice.fit,
            }
            for index, (node, choice) in enumerate(walked)
        ],
        "ending": getattr(ending.summary, language),
    }
    session.execute(
        update(Finished)
        .where(Finished.enrolment_id == enrolment_id, Finished.practice == practice.id)
        .values(shared=kept, shared_at=now)
    )


def take_back(practice_id: str, enrolment_id: int) -> None:
    """Nobody else reads it any more, and the words are gone. That they finished stays."""
    session.execute(
        update(Finished)
        .where(Finished.enrolment_id == enrolment_id, Finished.practice == practice_id)
        .values(shared=null(), shared_at=None)
    )


_MINE = select(Finished).where(Finished.enrolment_id == bindparam("enrolment"))
_SHARED = (
    select(Finished.practice, Finished.shared, Finished.shared_at, Finished.enrolment_id, Person.name)
    .join(Enrolment, Enrolment.id == Finished.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Enrolment.cohort_id == bindparam("cohort"), Finished.shared_at.is_not(None))
    .order_by(Finished.shared_at, Finished.id)
)


# Who finished which practice, in a `cohort`.
FINISHED = (
    select(Finished.id, Finished.enrolment_id, Finished.practice)
    .join(Enrolment, Enrolment.id == Finished.enrolment_id)
    .where(Enrolment.cohort_id == bindparam("cohort"))
)


def finished_by(enrolment_id: int) -> dict[str, Finished]:
    """What somebody finished, by the practice's name. One query."""
    return {row.practice: row for row in session.scalars(_MINE, {"enrolment": enrolment_id})}


def shared_in(cohort_id: int) -> dict[str, list[Shared]]:
    """What people of a cohort shared, by the practice's name, first shared first. For those who lead it. One query."""
    found: dict[str, list[Shared]] = {}
    for row in session.execute(_SHARED, {"cohort": cohort_id}):
        found.setdefault(row.practice, []).append(_shared(row.name, row.shared, row.shared_at))
    return found


def shared(row: Finished, who: str) -> Shared | None:
    return _shared(who, row.shared, row.shared_at) if row.shared and row.shared_at else None


def _shared(who: str, kept: Mapping[str, Any], at: datetime) -> Shared:
    return Shared(who, tuple(kept["steps"]), str(kept["ending"]), at)
