"""Verdicts of the host's own requirements, and what they come to for an outcome."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from lms.plugin_api.content import Outcome, Requirement
from lms.plugin_api.values import Ledger, Status, Text, Verdict, VerdictStatus

TASKS = Text("tasks", "tâches")
TIMES = Text("times", "fois")
ROUNDS = Text("rounds", "tours")

# Worst first: what an outcome comes to is the worst of what it needs.
ORDER = (
    VerdictStatus.CANNOT_BE_MET,
    VerdictStatus.NOT_MET,
    VerdictStatus.UNKNOWN,
    VerdictStatus.AT_RISK,
    VerdictStatus.NOT_STARTED,
    VerdictStatus.ON_TRACK,
    VerdictStatus.WAIVED,
    VerdictStatus.MET,
)
SETTLED = frozenset({VerdictStatus.MET, VerdictStatus.WAIVED})


@dataclass(frozen=True, slots=True)
class Vouched:
    """A confirmation or waiver as the rules see it."""

    by: str
    on: date
    words: str = ""


def _said(count: int, one: str, many: str, *, from_two: bool = False) -> str:
    """The word for `count` things. English says "0 times"; French has the singular for 0 too (`from_two`)."""
    return one if count == 1 or (from_two and count == 0) else many


def tasks_done(
    requirement: Requirement, wanted: Sequence[str], done: Collection[str], begun: bool, what: str = "activity"
) -> Verdict:
    """Homework, reading or practice for one: of the `wanted`, `count` (or all) must be done. The evidence names what is open,
    as `what`:id."""
    need = min(requirement.count or len(wanted), len(wanted))
    have = sum(id in done for id in wanted)
    open_tasks = tuple(f"{what}:{id}" for id in wanted if id not in done)
    if have >= need:
        reason = (
            Text(f"All {need} complete.", f"Les {need} sont complètes.") if need > 1 else Text("Complete.", "Complet.")
        )
        return Verdict(VerdictStatus.MET, reason, None, have, need, TASKS)
    status = VerdictStatus.ON_TRACK if have or begun else VerdictStatus.NOT_STARTED
    reason = Text(
        f"{have} of {need} complete.", f"{have} sur {need} {_said(have, 'complète', 'complètes', from_two=True)}."
    )
    return Verdict(status, reason, None, have, need, TASKS, open_tasks)


def times_played(requirement: Requirement, times: int, ahead: int, active: int = 0) -> Verdict:
    """Role play: taken part in `count` classes, observing included, and where the course asks for it `active_rounds` as
    supporter or person, in all. `ahead` classes with role play are still to come."""
    need, rounds = requirement.count or 1, requirement.active_rounds or 0
    reason = _took_part(times, need)
    if rounds:
        played = _played(active, rounds)
        reason = Text(f"{reason.en} {played.en}", f"{reason.fr} {played.fr}")
    counted = (times, need, TIMES) if times < need or not rounds else (active, rounds, ROUNDS)
    if times >= need and active >= rounds:
        return Verdict(VerdictStatus.MET, reason, None, *counted)
    if times + ahead < need or (active < rounds and not ahead):
        talk = Text(
            "Talk with your trainer about another way to practise.",
            "Parlez d'une autre façon de pratiquer avec l'équipe de formation.",
        )
        return Verdict(VerdictStatus.NOT_MET, reason, talk, *counted)
    status = VerdictStatus.ON_TRACK if times else VerdictStatus.NOT_STARTED
    return Verdict(status, reason, None, *counted)


def _took_part(times: int, need: int) -> Text:
    if times < need:
        of = f"{need} {_said(need, 'time', 'times')}"
        return Text(f"You took part {times} of {of}.", f"Vous avez participé {times} fois sur {need}.")
    return Text(
        f"You took part {times} {_said(times, 'time', 'times')}. {need} {_said(need, 'is', 'are')} needed.",
        f"Vous avez participé {times} fois. Il en faut {need}.",
    )


def _played(active: int, rounds: int) -> Text:
    seats = "dans le rôle de la personne qui soutient ou de la personne soutenue"
    said = f"{active} {_said(active, 'tour', 'tours', from_two=True)}"
    if active < rounds:
        return Text(
            f"You played {active} of {rounds} {_said(rounds, 'round', 'rounds')} as supporter or person, in all.",
            f"En tout, vous avez joué {said} sur {rounds} {seats}.",
        )
    return Text(
        f"You played {active} {_said(active, 'round', 'rounds')} as supporter or person, in all. "
        f"{rounds} {_said(rounds, 'is', 'are')} needed.",
        f"En tout, vous avez joué {said} {seats}. Il en faut {rounds}.",
    )


def confirmed(requirement: Requirement, vouched: Vouched | None) -> Verdict:
    """A requirement that a named person confirms."""
    if vouched is None:
        waiting = Text("Nobody has confirmed this yet.", "Personne ne l'a encore confirmé.")
        return Verdict(VerdictStatus.NOT_STARTED, waiting, requirement.next_step)
    reason = Text(
        f"Confirmed by {vouched.by}, {_day(vouched.on, 'en')}.", f"Confirmé par {vouched.by}, {_day(vouched.on, 'fr')}."
    )
    return Verdict(VerdictStatus.MET, reason)


def waived(vouched: Vouched) -> Verdict:
    """A requirement that a named person has set aside for one outcome."""
    reason = Text(
        f"{vouched.by} decided that this does not stand in your way: {vouched.words}",
        f"{vouched.by} a décidé que ceci ne vous bloque pas : {vouched.words}",
    )
    return Verdict(VerdictStatus.WAIVED, reason)


def _day(day: date, language: str) -> str:
    return format_date(day, "long", locale=f"{language}_CA")


Judged = tuple[tuple[Requirement, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands with one outcome: each requirement with its verdict."""

    outcome: Outcome
    judged: Judged

    @property
    def status(self) -> VerdictStatus:
        """The worst of its verdicts; met when nothing is asked."""
        statuses = {verdict.status for _requirement, verdict in self.judged}
        return next((status for status in ORDER if status in statuses), VerdictStatus.MET)

    @property
    def settled(self) -> bool:
        return self.status in SETTLED

    @property
    def left(self) -> Judged:
        """What is still to be done, and can be."""
        open_ones = SETTLED | {VerdictStatus.CANNOT_BE_MET}
        return tuple(pair for pair in self.judged if pair[1].status not in open_ones)

    @property
    def done(self) -> Judged:
        return tuple(pair for pair in self.judged if pair[1].status in SETTLED)

    @property
    def closed(self) -> Judged:
        """What is not possible this time."""
        return tuple(pair for pair in self.judged if pair[1].status is VerdictStatus.CANNOT_BE_MET)


def heading_for(standings: Iterable[Standing]) -> Standing | None:
    """The highest outcome that is still possible and not optional: the one to show first."""
    possible = [
        s for s in standings if s.judged and not s.outcome.optional and s.status is not VerdictStatus.CANNOT_BE_MET
    ]
    return possible[-1] if possible else None


# -- what somebody should hear of ---------------------------------------------------------------------------


def missed_without_a_word(ledger: Ledger) -> tuple[int, ...]:
    """The classes that somebody missed last, one after the other, without a word; the earliest first.

    The run goes back from the newest mark and ends at the first class of which we know more: they were there (late, for a
    part, with tech trouble), told us, caught it up or began to, or a person decided that it shall not count. A word about
    a class to come ends it too. What was never theirs (cancelled, before joining, in a break) and what nobody marked is
    stepped over: it tells nothing.
    """
    caught_up = {found.meeting for found in ledger.catch_ups}
    marks = {mark.meeting: mark for mark in ledger.marks}
    run: list[int] = []
    for meeting in sorted(ledger.counting(), key=lambda m: (m.starts, m.number), reverse=True):
        mark = marks.get(meeting.number)
        if mark is None:
            continue
        explained = mark.told_before or mark.made_up or mark.waived_for or meeting.number in caught_up
        if mark.status is not Status.AWAY or explained:
            break
        run.append(meeting.number)
    return tuple(reversed(run))


@dataclass(frozen=True, slots=True)
class News:
    """What changed since somebody was told last: outcomes that closed, and those that are open again."""

    closed: tuple[Standing, ...] = ()
    open_again: tuple[Standing, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.closed or self.open_again)


def news(told: Mapping[str, str], standings: Iterable[Standing]) -> News:
    """Compares what was told (outcome to status) with what is. A rule that cannot answer just now changes nothing."""
    closed, open_again = [], []
    for standing in standings:
        known = told.get(standing.outcome.id) == VerdictStatus.CANNOT_BE_MET
        if standing.status is VerdictStatus.CANNOT_BE_MET and not known:
            closed.append(standing)
        elif known and standing.status not in (VerdictStatus.CANNOT_BE_MET, VerdictStatus.UNKNOWN):
            open_again.append(standing)
    return News(tuple(closed), tuple(open_again))


def still_possible(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """The outcomes that can still be reached, or are."""
    return tuple(s for s in standings if s.status is not VerdictStatus.CANNOT_BE_MET)
