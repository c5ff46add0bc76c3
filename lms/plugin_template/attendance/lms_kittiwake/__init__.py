"""KITTIWAKE: an attendance rule about classes missed one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
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
    Setting,
    Status,
    Text,
    Verdict,
    VerdictStatus,
    hookimpl,
)

about = About(
    api_version=1,
    label=Text("KITTIWAKE", "KITTIWAKE_FR"),
    summary=Text(
        "An attendance rule: not too many missed classes in a row.",
        "Une règle de présence : pas trop de séances manquées de suite.",
    ),
    sees=Text("who was at which class", "qui était à quelle séance"),
)


class KittiwakeOptions(Options):
    """At most `in_a_row` classes may be missed one after the other."""

    in_a_row: Annotated[
        int, Field(ge=1, le=50), Setting(Text("Missed in a row, at most", "Manquées de suite, au plus"))
    ] = 1


def was_missed(mark: Mark | None, outcome: str) -> bool:
    """Not marked is neither here nor missed. A class that was made up, or set aside for this outcome, is not missed."""
    if mark is None or mark.made_up or outcome in mark.waived_for:
        return False
    return mark.status in (Status.AWAY, Status.TOLD_US)


class KittiwakeRule(AttendancePolicy):
    name = "kittiwake"
    label = Text("KITTIWAKE", "KITTIWAKE_FR")
    version = "1"
    options = KittiwakeOptions

    def rule(self, options: KittiwakeOptions, names: Mapping[str, Text]) -> Text:
        if options.in_a_row == 1:
            return Text("Never miss two classes in a row.", "Ne manquez jamais deux séances de suite.")
        return Text(
            f"At most {options.in_a_row} classes may be missed in a row.",
            f"On peut manquer au plus {options.in_a_row} séances de suite.",
        )

    def judge(self, ledger: Ledger, outcome: str, options: KittiwakeOptions) -> Verdict:
        counting = ledger.counting()  # without cancelled ones, those before joining, and those in a break
        if not counting:
            return Verdict(
                VerdictStatus.NOT_STARTED, Text("No class is planned yet.", "Aucune séance n'est encore prévue.")
            )
        over = tuple(meeting for meeting in counting if meeting.state is MeetingState.HELD)
        missed = [meeting.number for meeting in over if was_missed(ledger.mark(meeting.number), outcome)]
        # In a row by the plan: a class that is cancelled does not bring two missed ones together.
        by_plan = groupby(meeting.number in missed for meeting in ledger.meetings)
        longest = max((len(list(run)) for was, run in by_plan if was), default=0)
        all_marked = over == counting and all(ledger.mark(meeting.number) for meeting in counting)
        evidence = tuple(f"class:{number}" for number in missed)
        if longest > options.in_a_row:
            return Verdict(
                VerdictStatus.CANNOT_BE_MET,
                Text(f"You missed {longest} classes in a row.", f"Vous avez manqué {longest} séances de suite."),
                next_step=Text(
                    "Talk with your trainer about what is possible.",
                    "Voyez avec l'équipe de formation ce qui est possible.",
                ),
                evidence=evidence,
            )
        if longest:
            words = Text("You did not miss too many in a row.", "Vous n'en avez pas trop manqué de suite.")
        else:
            words = Text("You missed no class so far.", "Vous n'avez manqué aucune séance jusqu'ici.")
        return Verdict(VerdictStatus.MET if all_marked else VerdictStatus.ON_TRACK, words, evidence=evidence)


def sample(*statuses: Status, of: int) -> Ledger:
    """A ledger of `of` weekly classes of two hours, of which the first are over and marked with these statuses."""
    first, over = datetime(2027, 3, 2, 23, tzinfo=UTC), len(statuses)
    meetings = tuple(
        Meeting(n, first + timedelta(weeks=n), 120, (), MeetingState.HELD if n <= over else MeetingState.PLANNED)
        for n in range(1, of + 1)
    )
    marks = tuple(Mark(n, status) for n, status in enumerate(statuses, start=1))
    return Ledger(meetings, marks, names={"completed": Text("Completed", "Complété")})


# Worked cases: tests of the rule, and what an organization reads before it chooses it.
KittiwakeRule.examples = (
    AttendanceExample(
        Text("One missed, then back", "Une manquée, puis de retour"),
        sample(Status.HERE, Status.AWAY, Status.HERE, of=4),
        {"in_a_row": 1},
        {"completed": VerdictStatus.ON_TRACK},
    ),
    AttendanceExample(
        Text("Two missed in a row", "Deux manquées de suite"),
        sample(Status.HERE, Status.AWAY, Status.TOLD_US, of=4),
        {"in_a_row": 1},
        {"completed": VerdictStatus.CANNOT_BE_MET},
    ),
)


@hookimpl
def attendance_policies() -> Iterable[AttendancePolicy]:
    return (KittiwakeRule(),)
