"""What another attendance rule would change, person by person, before anybody applies it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lms.features.progress.rules import Standing
from lms.host.guard import Rule
from lms.plugin_api.content import Outcome
from lms.plugin_api.values import Verdict, VerdictStatus

Standings = Mapping[int, Sequence[Standing]]


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict about attendance of one person that another rule says differently, for all outcomes of which both say the
    same."""

    enrolment: int
    outcomes: tuple[Outcome, ...]
    before: Verdict
    after: Verdict

    @property
    def moves(self) -> bool:
        """True where the status changes; else the same is said in other words, such as how many classes one may miss."""
        return self.before.status is not self.after.status


class Moving(Protocol):
    """Anything that says whether a status changes."""

    @property
    def moves(self) -> bool: ...


def changes(before: Standings, after: Standings) -> dict[int, tuple[Change, ...]]:
    """Enrolment to what would change there; nobody is in it for whom all stays."""
    found = {}
    for enrolment in before:
        told = _about_attendance(before[enrolment])
        later = _about_attendance(after[enrolment])
        made: dict[tuple[object, ...], Change] = {}
        for id, (outcome, verdict) in told.items():
            then = later[id][1]
            same = (verdict.status, verdict.reason, then.status, then.reason)
            if same[:2] != same[2:]:
                earlier = made[same].outcomes if same in made else ()
                made[same] = Change(enrolment, (*earlier, outcome), verdict, then)
        if made:
            found[enrolment] = tuple(made.values())
    return found


def whose_standing_moves(changed: Mapping[int, Iterable[Moving]]) -> frozenset[int]:
    """The enrolments with a status that would change."""
    return frozenset(id for id, found in changed.items() if any(change.moves for change in found))


def works(after: Standings) -> bool:
    """False where the rule gives nobody an answer."""
    verdicts = [verdict for found in after.values() for _outcome, verdict in _about_attendance(found).values()]
    return not verdicts or any(verdict.status is not VerdictStatus.UNKNOWN for verdict in verdicts)


def digest(now: Rule | None, candidate: Rule, before: Standings, after: Standings) -> str:
    """Names what somebody saw: both rules and every verdict by either. Another mark, person or version makes another."""
    said = [[rule.policy, rule.version, rule.options] if rule else None for rule in (now, candidate)] + [
        [id, outcome, verdict.status, verdict.reason.en]
        for standings in (before, after)
        for id in sorted(standings)
        for outcome, (_outcome, verdict) in _about_attendance(standings[id]).items()
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=dict).encode()).hexdigest()[:32]


def _about_attendance(standings: Sequence[Standing]) -> dict[str, tuple[Outcome, Verdict]]:
    return {
        standing.outcome.id: (standing.outcome, verdict)
        for standing in standings
        for requirement, verdict in standing.judged
        if requirement.kind == "attendance"
    }
