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


@dataclass(frozen=True, slots=True)
class Shift:
    """One verdict of one person that the other revision says differently; None where a revision does not ask for it."""

    outcome: Outcome
    title: Text
    before: Verdict | None
    after: Verdict | None

    @property
    def moves(self) -> bool:
        """True where the status changes, or something is asked for more, or no longer."""
        return self.before is None or self.after is None or self.before.status is not self.after.status


def shifts(before: Standings, after: Standings) -> dict[int, tuple[Shift, ...]]:
    """Enrolment to what would change there; nobody is in it for whom all stays."""
    found = {}
    for enrolment in before:
        old, new = _judged(before[enrolment]), _judged(after.get(enrolment, ()))
        changed = []
        for key in {**old, **new}:
            outcome, requirement, _verdict = new.get(key) or old[key]
            was, is_ = (pair[key][2] if key in pair else None for pair in (old, new))
            if was is None or is_ is None or (was.status, was.reason) != (is_.status, is_.reason):
                changed.append(Shift(outcome, requirement.title, was, is_))
        if changed:
            found[enrolment] = tuple(changed)
    return found


def _judged(standings: Sequence[Standing]) -> dict[tuple[str, str], tuple[Outcome, Requirement, Verdict]]:
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
