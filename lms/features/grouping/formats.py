"""The format of a role play: as the course froze it, as a plugin provides it now, or threes where it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from lms.features.grouping.formed import Formed
from lms.host.guard import Guard
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import FormatShape, Step, StepKind
from lms.plugin_api.values import Text

USUAL = "triad"
PARTS = ("before", "each_round", "after")


class Phase(NamedTuple):
    """A stretch of time with one thing to do. `round` is 0 outside the rounds. A format may have words of its own for it."""

    kind: StepKind
    round: int
    seconds: int
    en: str = ""
    fr: str = ""


@dataclass(frozen=True)
class Format:
    """A format by the name that was asked for. `missing`: nobody provides that one any more, and threes stand in."""

    name: str
    shape: FormatShape
    missing: bool = False

    @property
    def label(self) -> Text:
        return self.shape.label

    @property
    def minutes(self) -> int:
        return self.shape.minutes

    @property
    def steps(self) -> Iterator[tuple[str, Step, bool]]:
        """Every step by the name under which its minutes are kept ("before-0", "each_round-1", "after-0"), and whether it comes
        in each round."""
        for part in PARTS:
            for at, step in enumerate(getattr(self.shape, part)):
                yield f"{part}-{at}", step, part == "each_round"

    def with_minutes(self, minutes: Mapping[str, int]) -> Format:
        """The same with other times; steps that are not named keep theirs."""
        if not minutes:
            return self
        changed = {
            part: tuple(
                step.model_copy(update={"minutes": minutes.get(f"{part}-{at}", step.minutes)})
                for at, step in enumerate(getattr(self.shape, part))
            )
            for part in PARTS
        }
        return replace(self, shape=self.shape.model_copy(update=changed))

    def minutes_of(self, kind: StepKind) -> int:
        """The minutes of a kind of step in each round."""
        return sum(step.minutes for step in self.shape.each_round if step.kind == kind)

    def lens_of(self, observers: Sequence[int], who: int) -> Text | None:
        """The one thing that this observer looks for; they are dealt out in turn."""
        lenses = self.shape.lenses
        return lenses[observers.index(who) % len(lenses)] if lenses and who in observers else None

    @property
    def phases(self) -> tuple[Phase, ...]:
        """What a run keeps: every phase in order, with its round (0 outside the rounds)."""
        rounds = range(1, self.shape.rounds + 1)
        return (
            *(_phase(step, 0) for step in self.shape.before),
            *(_phase(step, number) for number in rounds for step in self.shape.each_round),
            *(_phase(step, 0) for step in self.shape.after),
        )


def _phase(step: Step, number: int) -> Phase:
    said = step.label
    return Phase(step.kind, number, step.minutes * 60, *((said.en, said.fr) if said else ()))


def format_named(name: str, course: Course, guard: Guard) -> Format:
    """The format `name`. What the course was published with counts first, then what plugins provide today."""
    if name in course.formats:
        return Format(name, course.formats[name])
    provided = guard.host.provided("role_play_formats", name)
    if provided:
        return Format(name, provided.provider.shape)
    usual = guard.host.providers["role_play_formats"][USUAL]
    return Format(name, usual.provider.shape, missing=True)


def format_of(formed: Formed | None, planned: str, course: Course, guard: Guard) -> Format:
    """The format of groups with the times that a trainer chose for them; without groups that which is planned."""
    if formed is None:
        return format_named(planned, course, guard)
    return format_named(formed.format or planned, course, guard).with_minutes(formed.minutes)
