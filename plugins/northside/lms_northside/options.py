"""What a course may choose of Northside's rule, and where Northside counts in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from lms.plugin_api import Ledger, MakeUp, Mark, Meeting, MeetingState, Options, Status, Text
from lms.plugin_api.attendance import Allowed, Presence, covered, settings, words

ON_YOUR_OWN = Text("Read, watch and write a reflection", "Lire, regarder et écrire une réflexion")
COUNTS_AS_MISSED = Text("It counts as missed.", "Elle compte comme manquée.")
COUNT_AS_MISSED = Text("They count as missed.", "Elles comptent comme manquées.")


class NorthsideOptions(Options):
    """`max_missed` classes may be missed. An outcome in `never_miss` needs the modules named there.

    `makeup_clears`: a made-up class no longer counts as missed. `late_after`: minutes late from which a class counts
    as missed. `min_share`: share of a class's minutes that one must be present. `module_rule`: whether one class of
    such a module is enough. `before_joining`: whether classes before somebody joined count as missed.
    """

    max_missed: Annotated[int, Field(ge=0), settings.MAX_MISSED] = 2
    never_miss: Annotated[Mapping[str, tuple[str, ...]], settings.NEVER_MISS] = {}
    makeup_clears: Annotated[bool, settings.MAKEUP_CLEARS] = False
    late_after: Annotated[Annotated[int, Field(ge=1)] | None, settings.LATE_AFTER] = None
    min_share: Annotated[Annotated[float, Field(gt=0, le=1)] | None, settings.MIN_SHARE_OF_CLASS] = None
    module_rule: Annotated[Literal["any_class", "every_class"], settings.MODULE_RULE] = "every_class"
    before_joining: Annotated[Literal["does_not_count", "counts"], settings.BEFORE_JOINING] = "does_not_count"

    @cached_property
    def presence(self) -> Presence:
        return Presence(self.late_after, self.min_share, makeup_clears=self.makeup_clears)

    @cached_property
    def allowed(self) -> Allowed:
        return Allowed(self.max_missed, self.never_miss, self.module_rule, make_ups=True)


def as_counted(ledger: Ledger, options: NorthsideOptions) -> Ledger:
    """Noted minutes decide even with technical trouble; and classes before joining are missed if the rule says so."""
    trouble = options.min_share is not None and any(_timed_trouble(mark) for mark in ledger.marks)
    from_the_start = options.before_joining == "counts" and ledger.joined is not None
    if not trouble and not from_the_start:
        return ledger
    marks = [replace(m, status=Status.LEFT_EARLY, late_by=None) if _timed_trouble(m) else m for m in ledger.marks]
    if from_the_start:
        marks += [Mark(number, Status.AWAY) for number in _before_joining(ledger)]
    return replace(ledger, marks=tuple(marks), joined=None if from_the_start else ledger.joined)


def _timed_trouble(mark: Mark) -> bool:
    return mark.status is Status.TECH_TROUBLE and mark.minutes is not None


def _before_joining(ledger: Ledger) -> list[int]:
    """The classes before somebody joined, as far as they were not marked anyway."""
    marked = {mark.meeting for mark in ledger.marks}
    before = [m for m in ledger.meetings if ledger.joined is not None and m.starts < ledger.joined]
    return [m.number for m in before if m.state is not MeetingState.CANCELLED and m.number not in marked]


def counted_before_joining(ledger: Ledger, options: NorthsideOptions) -> tuple[Text, ...]:
    numbers = _before_joining(ledger) if options.before_joining == "counts" else []
    if not numbers:
        return ()
    return words.before_you_joined(numbers), COUNTS_AS_MISSED if len(numbers) == 1 else COUNT_AS_MISSED


def two_ways(meeting: Meeting, options: NorthsideOptions) -> tuple[MakeUp, ...]:
    """One-to-one, or on one's own."""
    ways = (
        ("one-to-one", words.ONE_TO_ONE, words.ONE_TO_ONE_COVERS, "one-to-one"),
        ("read-watch-write", ON_YOUR_OWN, words.RECORDING_COVERS, "recording"),
    )
    return tuple(
        MakeUp(name, label, covered(says, meeting.recoverable, options.makeup_clears), way)
        for name, label, says, way in ways
    )
