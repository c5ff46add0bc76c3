"""Two people practise a class's role play by themselves: for a missed class, or because they live far apart.

Somebody looks for a partner; a trainer proposes one, so that nobody learns who is kept apart from whom; the partner says
yes or no, without a reason; the two find a time. Their room is that of the class, in twos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from lms.features.cohorts.acting import Acting
from lms.features.cohorts.models import Enrolment, Meeting
from lms.features.grouping.formats import Format
from lms.features.grouping.forming import Facts
from lms.features.grouping.models import GroupingWish
from lms.features.grouping.rules import History, form_groups
from lms.features.practice.models import PracticePair
from lms.features.roleplay import runs
from lms.features.roleplay.keeping import keep_groups
from lms.features.roleplay.plays import play_of
from lms.host import audit
from lms.host.db import locked, session
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.scenes import ScenarioCard

AHEAD = timedelta(days=60)  # a time further away is a slip


@dataclass(frozen=True)
class Practised:
    """What two practise: in which format, and with which cards."""

    format: Format
    cards: Sequence[ScenarioCard]


def look(meeting_id: int, enrolment_id: int, card: str, acting: Acting) -> PracticePair:
    """Somebody looks for a partner for this class's role play. Looking twice is looking."""
    locked(Meeting, meeting_id)
    if mine := live_of(meeting_id, enrolment_id):
        return mine
    last = session.scalar(select(func.max(PracticePair.pair)).where(PracticePair.meeting_id == meeting_id)) or 0
    made = PracticePair(
        meeting_id=meeting_id, pair=last + 1, asked_id=enrolment_id, partner_id=None, card=card, asked_at=acting.now
    )
    session.add(made)
    session.flush()
    _note("looked_for", made, acting)
    return made


def propose(pair_id: int, partner_id: int, cohort_id: int, acting: Acting) -> PracticePair:
    """A trainer proposes a partner; whoever looks for one too, for the same class, need not be asked. Refused where the two
    are to be kept apart in their cohort, or have agreed. Where somebody does not answer, another is asked."""
    pair = session.get(PracticePair, pair_id)
    if pair is None:
        raise NotFound
    locked(Meeting, pair.meeting_id)  # somebody else may propose the same person for another pair of this class
    pair = _open(pair_id)
    if pair.agreed_at is not None:
        raise Refused(_l("These two have agreed meanwhile. Look at the page again."))
    if partner_id == pair.asked_id:
        raise Incomplete({"partner": _l("Choose somebody else.")})
    if partner_id in kept_apart(cohort_id).get(pair.asked_id, ()):
        raise Refused(_l("These two are to be kept apart. Choose somebody else."))
    theirs = live_of(pair.meeting_id, partner_id)
    if theirs is not None and theirs.partner_id is not None:
        raise Refused(_l("This person has a partner for this class already. Choose somebody else."))
    pair.partner_id, pair.proposed_by = partner_id, acting.by
    pair.agreed_at = None
    if theirs is not None:
        theirs.off_at = pair.agreed_at = acting.now
    _note("proposed", pair, acting)
    return pair


def answer(pair_id: int, enrolment_id: int, yes: bool, acting: Acting) -> PracticePair:
    """The one who was proposed says yes, or no without a reason: then the other looks on."""
    pair = _open(pair_id)
    if pair.partner_id != enrolment_id or pair.agreed_at is not None:
        raise NotFound
    if yes:
        pair.agreed_at = acting.now
    else:
        pair.partner_id = pair.proposed_by = None
    _note("agreed" if yes else "declined", pair, acting)
    return pair


def find_time(pair_id: int, enrolment_id: int, at: datetime | None, acting: Acting) -> PracticePair:
    """One of the two writes down the time that they agreed on."""
    pair = _of_two(pair_id, enrolment_id)
    if at is None:
        raise Incomplete({"at": _l("Say when: a day and a time.")})
    if not acting.now < at < acting.now + AHEAD:
        raise Incomplete({"at": _l("Choose a time to come, in the next two months.")})
    pair.at = at
    _note("time_found", pair, acting)
    return pair


def begin(pair_id: int, enrolment_id: int, practised: Practised, acting: Acting) -> PracticePair:
    """One of the two opens their room: they are seated, and the clock begins. Where the other has begun already, that one
    goes on."""
    asked = session.get(PracticePair, pair_id)
    if asked is None:
        raise NotFound
    locked(Meeting, asked.meeting_id)  # before the pair, as whoever proposes somebody does
    pair = _of_two(pair_id, enrolment_id)
    assert pair.partner_id is not None
    facts = Facts(pair.meeting_id, practised.format, History(), practised.cards, pair=pair.pair)
    who: dict[str, Any] = {"by": acting.by, "organization": acting.organization, "now": acting.now}
    if play_of(pair.meeting_id, pair.pair).formed is None:
        seats = form_groups([pair.asked_id, pair.partner_id], History(), seed=facts.seed(1), rounds=2)
        keep_groups(facts, seats, None, cards={1: pair.card}, **who)
    runs.start(pair.meeting_id, practised.format.phases, pair=pair.pair, **who)
    return pair


def call_off(pair_id: int, enrolment_id: int, acting: Acting) -> PracticePair:
    """One of the two, or who looks alone, does not want to any more. Without a reason; the other may look again."""
    pair = _open(pair_id)
    if enrolment_id not in (pair.asked_id, pair.partner_id):
        raise NotFound
    pair.off_at = acting.now
    _note("called_off", pair, acting)
    return pair


def done(pair_id: int, enrolment_id: int, acting: Acting) -> PracticePair:
    """They have practised: it counts for both as this class's role play. The other's tap in the same moment says no more."""
    pair = locked(PracticePair, pair_id)
    if pair.done_at is not None and enrolment_id in (pair.asked_id, pair.partner_id):
        return pair
    pair = _of_two(pair_id, enrolment_id)
    pair.done_at = acting.now
    _note("done", pair, acting)
    return pair


def _open(pair_id: int) -> PracticePair:
    pair = locked(PracticePair, pair_id)
    if pair.off_at is not None or pair.done_at is not None:
        raise Refused(_l("This has been called off or done meanwhile. Look at the page again."))
    return pair


def _of_two(pair_id: int, enrolment_id: int) -> PracticePair:
    pair = _open(pair_id)
    if enrolment_id not in (pair.asked_id, pair.partner_id):
        raise NotFound
    if pair.agreed_at is None:
        raise Refused(_l("Your partner has not said yes yet."))
    return pair


def live_of(meeting_id: int, enrolment_id: int) -> PracticePair | None:
    """The pair in which somebody is for this class, looking included."""
    return session.scalar(
        select(PracticePair).where(
            PracticePair.meeting_id == meeting_id,
            (PracticePair.asked_id == enrolment_id) | (PracticePair.partner_id == enrolment_id),
            PracticePair.off_at.is_(None),
        )
    )


def pairs_of(meeting_id: int) -> list[PracticePair]:
    """The pairs of a class that are not called off, those who look first."""
    return list(
        session.scalars(
            select(PracticePair)
            .where(PracticePair.meeting_id == meeting_id, PracticePair.off_at.is_(None))
            .order_by(PracticePair.partner_id.is_not(None), PracticePair.pair)
        )
    )


# Who practised in twos, and the number of the class: for each of the two, in a `cohort`.
DONE = (
    select(PracticePair.id, Enrolment.id.label("enrolment_id"), Meeting.number)
    .join(Meeting, Meeting.id == PracticePair.meeting_id)
    .join(Enrolment, (Enrolment.id == PracticePair.asked_id) | (Enrolment.id == PracticePair.partner_id))
    .where(PracticePair.done_at.is_not(None), Enrolment.cohort_id == bindparam("cohort"))
)


# What is asked of somebody, or agreed with them, in any of these groups. Today puts it into one statement with what else
# stands there (progress.facts).
AHEAD_OF_SOME = (
    select(
        PracticePair.id,
        Enrolment.id.label("enrolment_id"),
        Meeting.number,
        PracticePair.at.label("starts_at"),
        PracticePair.agreed_at,
    )
    .join(Meeting, Meeting.id == PracticePair.meeting_id)
    .join(Enrolment, (Enrolment.id == PracticePair.asked_id) | (Enrolment.id == PracticePair.partner_id))
    .where(
        Enrolment.id.in_(bindparam("enrolments", expanding=True)),
        PracticePair.off_at.is_(None),
        PracticePair.done_at.is_(None),
        PracticePair.agreed_at.is_not(None) | (PracticePair.partner_id == Enrolment.id),
    )
)


def kept_apart(cohort_id: int) -> dict[int, set[int]]:
    """Each enrolment to those who are to be kept apart from it. For those who lead, and never shown to others."""
    found: dict[int, set[int]] = {}
    rows = select(GroupingWish.a_id, GroupingWish.b_id).where(GroupingWish.cohort_id == cohort_id, GroupingWish.apart)
    for a, b in session.execute(rows):
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def _note(what: str, pair: PracticePair, acting: Acting) -> None:
    about = f"meeting:{pair.meeting_id}"
    audit.note(f"roleplay.pair_{what}", about, at=acting.now, by=acting.by, organization=acting.organization)
