"""Worked cases of the attendance rule, in a run of 17 classes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from lms.plugin_api import AttendanceExample, Ledger, Mark, Meeting, MeetingState, Status, Text, VerdictStatus

START = datetime(2026, 3, 3, 23, tzinfo=UTC)
MODULES = {
    8: "many-ways-of-living",
    10: "listening",
    11: "listening",
    12: "sharing-with-purpose",
    13: "sharing-with-purpose",
}
NAMES = MappingProxyType(
    {
        "level-1": Text("Level 1", "Niveau 1"),
        "level-1r": Text("Level 1R", "Niveau 1R"),
        "many-ways-of-living": Text("Many ways of living", "Bien des façons de vivre"),
        "listening": Text("Listening", "L'écoute"),
        "sharing-with-purpose": Text("Sharing with purpose", "Partager avec une intention"),
    }
)
OPTIONS: dict[str, Any] = {
    "max_missed": 2,
    "never_miss": {"level-1r": ("many-ways-of-living", "listening", "sharing-with-purpose")},
}
MET, ON_TRACK, AT_RISK = VerdictStatus.MET, VerdictStatus.ON_TRACK, VerdictStatus.AT_RISK
NOT_MET, CANNOT_BE_MET = VerdictStatus.NOT_MET, VerdictStatus.CANNOT_BE_MET


def ledger(held: int, *marks: Mark, cancelled: Iterable[int] = (), joined_before: int | None = None) -> Ledger:
    """Classes 1 to `held` of 17 are over: everybody was here but for `marks`."""
    off, first = set(cancelled), joined_before or 1
    other = {mark.meeting: mark for mark in marks}

    def state(number: int) -> MeetingState:
        if number in off:
            return MeetingState.CANCELLED
        return MeetingState.HELD if number <= held else MeetingState.PLANNED

    meetings = tuple(
        Meeting(n, START + timedelta(days=3.5 * n), 120, (MODULES[n],) if n in MODULES else (), state(n))
        for n in range(1, 18)
    )
    marked = (n for n in range(first, held + 1) if n not in off)
    joined = meetings[first - 1].starts - timedelta(hours=1) if joined_before else None
    return Ledger(
        meetings,
        tuple(other.get(n) or Mark(n, Status.HERE) for n in marked),
        joined,
        ("level-1", "level-1r"),
        NAMES,
    )


def _case(
    title: Text, record: Ledger, level_1: VerdictStatus, level_1r: VerdictStatus, reads: Text | None = None, **more: Any
) -> AttendanceExample:
    """`reads` is what level-1r says; where both stand alike, level-1 says the same."""
    told = {} if reads is None else {"level-1r": reads} | ({"level-1": reads} if level_1 == level_1r else {})
    return AttendanceExample(title, record, {**OPTIONS, **more}, {"level-1": level_1, "level-1r": level_1r}, told)


AWAY_3, AWAY_5, AWAY_9 = (Mark(n, Status.AWAY) for n in (3, 5, 9))
MADE_UP_3 = Mark(3, Status.AWAY, made_up=True)

EXAMPLES = (
    _case(
        Text("At all 17 classes", "Présence aux 17 séances"),
        ledger(17),
        MET,
        MET,
        Text("You were at all 17 classes.", "Vous étiez aux 17 séances."),
    ),
    _case(
        Text("Class 3 missed", "Séance 3 manquée"),
        ledger(4, AWAY_3),
        ON_TRACK,
        ON_TRACK,
        Text(
            "You missed 1 class. You can miss 1 more.",
            "Vous avez manqué 1 séance. Vous pouvez encore en manquer 1.",
        ),
    ),
    _case(
        Text("Classes 3 and 5 missed", "Séances 3 et 5 manquées"),
        ledger(6, AWAY_3, AWAY_5),
        AT_RISK,
        AT_RISK,
        Text(
            "You missed 2 classes. Please come to all the rest.",
            "Vous avez manqué 2 séances. Venez à toutes les autres, s'il vous plaît.",
        ),
    ),
    _case(
        Text("Classes 3, 5 and 9 missed", "Séances 3, 5 et 9 manquées"),
        ledger(9, AWAY_3, AWAY_5, AWAY_9),
        NOT_MET,
        CANNOT_BE_MET,
        Text(
            "You missed 3 classes. Talk with your trainer about what is possible.",
            "Vous avez manqué 3 séances. Voyez avec l'équipe de formation ce qui est possible.",
        ),
    ),
    _case(
        Text("A Listening class missed", "Une séance sur l'écoute manquée"),
        ledger(10, Mark(10, Status.AWAY)),
        ON_TRACK,
        CANNOT_BE_MET,
        Text(
            "You missed a Listening class. Level 1 is still open to you. Level 1R needs that class.",
            "Vous avez manqué une séance du module «\u00a0L'écoute\u00a0». Le résultat «\u00a0Niveau 1\u00a0» "
            "vous reste ouvert. Le résultat «\u00a0Niveau 1R\u00a0» exige cette séance.",
        ),
    ),
    _case(
        Text("A Listening class missed, told in advance", "Une séance sur l'écoute manquée, après avoir prévenu"),
        ledger(10, Mark(10, Status.TOLD_US)),
        ON_TRACK,
        CANNOT_BE_MET,
        Text(
            "You missed a Listening class. Level 1 is still open to you. Level 1R needs that class. "
            "You told your trainer ahead of time.",
            "Vous avez manqué une séance du module «\u00a0L'écoute\u00a0». Le résultat «\u00a0Niveau 1\u00a0» "
            "vous reste ouvert. Le résultat «\u00a0Niveau 1R\u00a0» exige cette séance. "
            "Vous aviez prévenu l'équipe de formation.",
        ),
    ),
    _case(
        Text("25 minutes late, 30 allowed", "25 minutes de retard, 30 permises"),
        ledger(8, Mark(8, Status.LATE, late_by=25)),
        ON_TRACK,
        ON_TRACK,
        late_after=30,
    ),
    _case(
        Text("At half of a Listening class", "Présence à la moitié d'une séance sur l'écoute"),
        ledger(10, Mark(10, Status.LEFT_EARLY, minutes=60)),
        ON_TRACK,
        CANNOT_BE_MET,
        Text(
            "You missed a Listening class. Level 1 is still open to you. Level 1R needs that class. "
            "You were there for half of class 10.",
            "Vous avez manqué une séance du module «\u00a0L'écoute\u00a0». Le résultat «\u00a0Niveau 1\u00a0» "
            "vous reste ouvert. Le résultat «\u00a0Niveau 1R\u00a0» exige cette séance. "
            "Vous étiez là pour la moitié de la séance 10.",
        ),
        min_share=0.75,
    ),
    _case(
        Text("Made up, and still counted", "Reprise, et comptée quand même"),
        ledger(4, MADE_UP_3),
        ON_TRACK,
        ON_TRACK,
        Text(
            "You missed 1 class. You can miss 1 more. You made up class 3. "
            "It still counts as one of the two you may miss.",
            "Vous avez manqué 1 séance. Vous pouvez encore en manquer 1. Vous avez repris la séance 3. "
            "Elle compte encore comme une des deux que vous pouvez manquer.",
        ),
    ),
    _case(
        Text("Made up, and cleared", "Reprise, et effacée"),
        ledger(4, MADE_UP_3),
        ON_TRACK,
        ON_TRACK,
        Text(
            "You were at 3 of 4 classes so far. You made up class 3.",
            "Vous étiez à 3 des 4 séances jusqu'ici. Vous avez repris la séance 3.",
        ),
        makeup_clears=True,
    ),
    _case(
        Text("Class 5 cancelled", "Séance 5 annulée"),
        ledger(6, cancelled=[5]),
        ON_TRACK,
        ON_TRACK,
        Text(
            "You were at all 5 classes so far. Class 5 was cancelled. 16 classes count in this run.",
            "Vous étiez aux 5 séances jusqu'ici. La séance 5 est annulée. 16 séances comptent pour ce groupe.",
        ),
    ),
    _case(
        Text("Joined before class 2", "Arrivée avant la séance 2"),
        ledger(4, joined_before=2),
        ON_TRACK,
        ON_TRACK,
        Text(
            "You were at all 3 classes so far. Class 1 was before you joined.",
            "Vous étiez aux 3 séances jusqu'ici. La séance 1 a eu lieu avant votre arrivée.",
        ),
    ),
    _case(
        Text(
            "Half of one Listening class, all of the other", "La moitié d'une séance sur l'écoute, l'autre au complet"
        ),
        ledger(11, Mark(10, Status.LEFT_EARLY, minutes=60)),
        ON_TRACK,
        ON_TRACK,
        Text(
            "You missed 1 class. You can miss 1 more. You were there for half of class 10.",
            "Vous avez manqué 1 séance. Vous pouvez encore en manquer 1. Vous étiez là pour la moitié de la séance 10.",
        ),
        min_share=0.75,
        module_rule="any_class",
    ),
)
