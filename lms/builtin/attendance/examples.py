"""Worked cases of the host's rules: four weekly classes of two modules, and a run of 17 classes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from lms.plugin_api import AttendanceExample, Ledger, Mark, Meeting, MeetingState, Status, Text, VerdictStatus

START = datetime(2026, 3, 3, 23, tzinfo=UTC)
NAMES = MappingProxyType(
    {
        "completed": Text("Completed", "Complété"),
        "listening": Text("Listening", "L'écoute"),
        "limits": Text("Kind limits", "Des limites chaleureuses"),
    }
)
HERE, AWAY = Status.HERE, Status.AWAY

Sample = tuple[Text, Ledger]


def sample(*marks: Status | Mark, of: int = 4) -> Ledger:
    """A ledger of `of` weekly classes of two hours; the first were held with these marks."""
    held = len(marks)
    meetings = tuple(
        Meeting(
            n,
            START + timedelta(weeks=n),
            120,
            ("listening" if n <= of / 2 else "limits",),
            MeetingState.HELD if n <= held else MeetingState.PLANNED,
        )
        for n in range(1, of + 1)
    )
    noted = tuple(m if isinstance(m, Mark) else Mark(n, m) for n, m in enumerate(marks, start=1))
    return Ledger(meetings, noted, outcomes=("completed",), names=NAMES)


AT_ALL: Sample = (
    Text("At all four classes", "Présence aux quatre séances"),
    sample(HERE, HERE, HERE, HERE),
)
ONE_MISSED: Sample = (Text("One missed, three to come", "Une manquée, trois à venir"), sample(AWAY))
TWO_MISSED: Sample = (Text("Two of four missed", "Deux manquées sur quatre"), sample(AWAY, AWAY))
TOLD_US: Sample = (
    Text("Told before the first class, there at the second", "Absence annoncée à la première, présence à la deuxième"),
    sample(Status.TOLD_US, HERE),
)
HALF_OF_ONE: Sample = (
    Text("There for half of the first class", "Présence à la moitié de la première séance"),
    sample(Mark(1, Status.LEFT_EARLY, minutes=60)),
)
LATE: Sample = (
    Text("20 minutes late to the first class", "20 minutes de retard à la première séance"),
    sample(Mark(1, Status.LATE, late_by=20)),
)
MADE_UP: Sample = (
    Text("The first class made up", "Première séance reprise"),
    sample(Mark(1, AWAY, made_up=True), HERE),
)


def case(given: Sample, options: Mapping[str, Any], status: VerdictStatus) -> AttendanceExample:
    """What the rule with these options says of the sample."""
    title, ledger = given
    return AttendanceExample(title, ledger, options, {"completed": status})
