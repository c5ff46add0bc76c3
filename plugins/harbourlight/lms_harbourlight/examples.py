"""Worked cases of the attendance rule: ten classes of 180 minutes, all but the first with role play."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lms.plugin_api import AttendanceExample, Ledger, Mark, Meeting, MeetingState, Status, Text, VerdictStatus

START = datetime(2026, 9, 9, 22, tzinfo=UTC)
OPTIONS: dict[str, Any] = {"need_minutes": 1620}
NAMES = {"certificate": Text("Peer support certificate", "Certificat en soutien par les pairs")}


def ledger(held: int, *marks: Mark, cancelled: int = 0, minutes: int = 180, of: int = 10) -> Ledger:
    """Classes 1 to `held` are over: this person was at all of them but for `marks`; class `cancelled` did not take place."""
    other = {mark.meeting: mark for mark in marks}

    def state(number: int) -> MeetingState:
        if number == cancelled:
            return MeetingState.CANCELLED
        return MeetingState.HELD if number <= held else MeetingState.PLANNED

    meetings = tuple(
        Meeting(
            n,
            START + timedelta(weeks=n),
            minutes,
            (),
            state(n),
            "fully" if n == 1 and minutes == 180 else "partly",
        )
        for n in range(1, of + 1)
    )
    marked = (n for n in range(1, held + 1) if n != cancelled)
    every = tuple(other.get(n) or Mark(n, Status.HERE) for n in marked)
    return Ledger(meetings, every, outcomes=("certificate",), names=NAMES)


def example(english: str, french: str, case: Ledger, expected: VerdictStatus) -> AttendanceExample:
    return AttendanceExample(Text(english, french), case, OPTIONS, {"certificate": expected})


EXAMPLES = (
    example("Nothing has begun", "Rien n'a commencé", ledger(0), VerdictStatus.NOT_STARTED),
    example("At all ten classes", "Aux dix séances", ledger(10), VerdictStatus.MET),
    example("Four classes in, all there", "Quatre séances, toujours là", ledger(4), VerdictStatus.ON_TRACK),
    example(
        "Twenty minutes late once",
        "Vingt minutes de retard une fois",
        ledger(4, Mark(3, Status.LATE, late_by=20)),
        VerdictStatus.AT_RISK,
    ),
    example(
        "One role-play class missed, six to come",
        "Une séance avec jeu de rôle manquée, six à venir",
        ledger(4, Mark(3, Status.AWAY)),
        VerdictStatus.AT_RISK,
    ),
    example(
        "One class missed, at the end",
        "Une séance manquée, à la fin",
        ledger(10, Mark(3, Status.TOLD_US)),
        VerdictStatus.MET,
    ),
    example(
        "Two role-play classes missed",
        "Deux séances avec jeu de rôle manquées",
        ledger(10, Mark(3, Status.AWAY), Mark(7, Status.AWAY)),
        VerdictStatus.NOT_MET,
    ),
    example(
        "Two missed, one of them made up",
        "Deux manquées, dont une reprise",
        ledger(10, Mark(3, Status.AWAY), Mark(7, Status.AWAY, made_up=True)),
        VerdictStatus.MET,
    ),
    example(
        "Half an hour less, seven times",
        "Une demi-heure de moins, sept fois",
        ledger(10, *(Mark(n, Status.LEFT_EARLY, minutes=150) for n in range(1, 8))),
        VerdictStatus.NOT_MET,
    ),
    example(
        "The group lost a class, one missed",
        "Une séance annulée, une manquée",
        ledger(10, Mark(3, Status.AWAY), cancelled=5),
        VerdictStatus.MET,
    ),
    example(
        "Five days of six hours, one missed",
        "Cinq jours de six heures, un manqué",
        ledger(5, Mark(2, Status.AWAY), minutes=360, of=5),
        VerdictStatus.NOT_MET,
    ),
)
