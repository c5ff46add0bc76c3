"""Who is affected when a group moves to another revision, in words; and where it cannot move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.features.progress.rules import Standing
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language
from lms.plugin_api.content import Course, Outcome, Requirement
from lms.plugin_api.values import Text, Verdict

Standings = Mapping[int, Sequence[Standing]]
# Outcome and requirement, by their ids, to what is judged.
Judged = Mapping[tuple[str, str], tuple[Outcome, Requirement, Verdict]]


@dataclass(frozen=True, slots=True)
class Shift:
    """What the other revision says differently about one requirement of one person, for all outcomes of which it says the
    same; None where a revision does not ask for it."""

    outcomes: tuple[Outcome, ...]
    title: Text
    before: Verdict | None
    after: Verdict | None

    @property
    def moves(self) -> bool:
        """True where the status changes, or something is asked for more, or no longer."""
        return self.before is None or self.after is None or self.before.status is not self.after.status


def shifts(before: Standings, after: Standings) -> dict[int, tuple[Shift, ...]]:
    """Enrolment to what would change there; nobody is in it for whom all stays."""
    found = {id: _shifts_of(_judged(before[id]), _judged(after.get(id, ()))) for id in before}
    return {id: changed for id, changed in found.items() if changed}


def _shifts_of(old: Judged, new: Judged) -> tuple[Shift, ...]:
    made: dict[tuple[object, ...], Shift] = {}
    for key in {**old, **new}:
        outcome, requirement, _verdict = new.get(key) or old[key]
        was, then = (known[key][2] if key in known else None for known in (old, new))
        if _said(was) == _said(then):
            continue
        same = (requirement.id, _said(was), _said(then))
        earlier = made[same].outcomes if same in made else ()
        made[same] = Shift((*earlier, outcome), requirement.title, was, then)
    return tuple(made.values())


def _said(verdict: Verdict | None) -> tuple[object, ...] | None:
    return (verdict.status, verdict.reason) if verdict else None


def _judged(standings: Sequence[Standing]) -> Judged:
    return {
        (standing.outcome.id, requirement.id): (standing.outcome, requirement, verdict)
        for standing in standings
        for requirement, verdict in standing.judged
    }


def refusals(before: Course, after: Course) -> list[str]:
    """Why a group that runs on one course cannot move to the other: its classes have dates and marks by their numbers, and
    decisions stand on its outcomes."""
    found = []
    numbers = [[plan.number for plan in course.classes] for course in (before, after)]
    if numbers[0] != numbers[1]:
        said = _(
            "This version has %(new)s classes, and this group was planned with %(old)s. Dates and marks belong to classes by "
            "their numbers, so the group stays as it is. A new group can take this version.",
            new=len(numbers[1]),
            old=len(numbers[0]),
        )
        found.append(said)
    kept = {outcome.id for outcome in after.outcomes}
    if gone := [in_language(outcome.title) for outcome in before.outcomes if outcome.id not in kept]:
        found.append(
            _(
                "This version no longer has: %(outcomes)s. Decisions may stand on it, so the group stays as it is.",
                outcomes=", ".join(gone),
            )
        )
    return found


def gone_homework(before: Course, after: Course) -> list[Text]:
    """The titles of the pieces that exist no more."""
    return [activity.title for id, activity in before.activities.items() if id not in after.activities]
