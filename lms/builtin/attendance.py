"""The attendance rules that every host knows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from lms.plugin_api import (
    About,
    AttendanceExample,
    AttendancePolicy,
    Ledger,
    Mark,
    Meeting,
    MeetingState,
    Options,
    Status,
    Text,
    Verdict,
    VerdictStatus,
    hookimpl,
)

about = About(
    api_version=1,
    label=Text("Attendance", "Présences"),
    summary=Text("Simple rules: a share of the classes.", "Des règles simples : une part des séances."),
    sees=Text("who was at which class", "qui était à quelle séance"),
)

PRESENT = frozenset({Status.HERE, Status.LATE, Status.LEFT_EARLY, Status.TECH_TROUBLE})
CLASSES = Text("classes", "séances")


class ShareOptions(Options):
    """`min_share` of the classes that count, from 0 to 1; what it comes to is rounded up to whole classes."""

    min_share: Annotated[float, Field(gt=0, le=1)]


def _was_there(mark: Mark | None) -> bool:
    return mark is not None and (mark.status in PRESENT or mark.made_up)


def _sample(*statuses: Status, of: int) -> Ledger:
    """A ledger of `of` weekly classes of which the first were held with these statuses."""
    start = datetime(2026, 3, 3, 18, tzinfo=UTC)
    held = len(statuses)
    meetings = tuple(
        Meeting(n, start + timedelta(weeks=n), 120, (), MeetingState.HELD if n <= held else MeetingState.PLANNED)
        for n in range(1, of + 1)
    )
    return Ledger(meetings, tuple(Mark(n, status) for n, status in enumerate(statuses, start=1)))


class ShareOfClasses(AttendancePolicy):
    """At least a share of the classes. A class that nobody has marked is neither present nor missed."""

    name = "share-of-classes"
    label = Text("A share of the classes", "Une part des séances")
    options = ShareOptions
    examples = (
        AttendanceExample(
            Text("At all four classes", "Présence aux quatre séances"),
            _sample(Status.HERE, Status.HERE, Status.HERE, Status.HERE, of=4),
            {"min_share": 0.75},
            {"completed": VerdictStatus.MET},
        ),
        AttendanceExample(
            Text("One missed, three to come", "Une manquée, trois à venir"),
            _sample(Status.AWAY, of=4),
            {"min_share": 0.75},
            {"completed": VerdictStatus.AT_RISK},
        ),
        AttendanceExample(
            Text("Two of four missed", "Deux manquées sur quatre"),
            _sample(Status.AWAY, Status.AWAY, of=4),
            {"min_share": 0.75},
            {"completed": VerdictStatus.CANNOT_BE_MET},
        ),
    )

    def rule(self, options: ShareOptions, names: Mapping[str, Text]) -> Text:
        percent = max(1, round(options.min_share * 100))
        if percent == 100:
            return Text("Come to every class.", "Venez à toutes les séances.")
        divisor = math.gcd(percent, 100)
        have, of = _classes(percent // divisor), 100 // divisor
        return Text(f"Come to at least {have.en} out of every {of}.", f"Venez à au moins {have.fr} sur {of}.")

    def judge(self, ledger: Ledger, outcome: str, options: ShareOptions) -> Verdict:
        counting = ledger.counting()
        need = math.ceil(options.min_share * len(counting) - 1e-9)
        marks = [ledger.mark(m.number) for m in counting]
        have = sum(_was_there(mark) for mark in marks)
        ahead = sum(mark is None for mark in marks)
        spare = have + ahead - need
        status, reason, next_step = _share_words(have, need, ahead, spare, len(counting))
        evidence = tuple(f"class:{m.number}" for m, mark in zip(counting, marks, strict=True) if mark)
        return Verdict(status, reason, next_step, have, need, CLASSES, evidence)


def _share_words(
    have: int, need: int, ahead: int, spare: int, counting: int
) -> tuple[VerdictStatus, Text, Text | None]:
    missed = counting - have - ahead
    all_of_them, are = _classes(counting).en, "is" if need == 1 else "are"
    if not counting:
        return VerdictStatus.NOT_STARTED, Text("No class is planned yet.", "Aucune séance n'est encore prévue."), None
    if have >= need:
        reason = Text(f"You were at {have} of {all_of_them}.", f"Vous étiez à {_classes(have).fr} sur {counting}.")
        return VerdictStatus.MET, reason, None
    if spare < 0:
        reason = Text(
            f"You missed {missed} of {all_of_them}. {need} {are} needed.",
            f"Vous avez manqué {_classes(missed).fr} sur {counting}. Il en faut {need}.",
        )
        talk = Text(
            "Talk with your trainer about what is possible.", "Parlez des possibilités avec l'équipe de formation."
        )
        return VerdictStatus.CANNOT_BE_MET, reason, talk
    if not have and not missed:
        start = Text(f"{need} of {all_of_them} {are} needed.", f"Il faut {_classes(need).fr} sur {counting}.")
        return VerdictStatus.NOT_STARTED, start, None
    if spare == 0 and missed:
        reason = Text(
            f"You missed {_classes(missed).en}. Please come to all the rest.",
            f"Vous avez manqué {_classes(missed).fr}. Venez à toutes les autres, s'il vous plaît.",
        )
        return VerdictStatus.AT_RISK, reason, None
    reason = Text(
        f"You were at {have} of {all_of_them} so far. {need} {are} needed.",
        f"Vous étiez à {_classes(have).fr} sur {counting} jusqu'ici. Il en faut {need}.",
    )
    return VerdictStatus.ON_TRACK, reason, None


def _classes(count: int) -> Text:
    return Text(f"{count} {'class' if count == 1 else 'classes'}", f"{count} {'séance' if count < 2 else 'séances'}")


@hookimpl
def attendance_policies() -> Iterable[AttendancePolicy]:
    return (ShareOfClasses(),)
