"""What the host's rules about presence let a course choose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lms.plugin_api import Options, VerdictStatus
from lms.plugin_api.attendance import Allowed, Presence, Way, settings

Share = Annotated[float, Field(gt=0, le=1)]
Count = Annotated[int, Field(ge=0, le=200)]
LateMinutes = Annotated[int, Field(ge=1, le=720)]
WAYS: tuple[Way, ...] = ("class", "one-to-one", "recording", "practice")


class MakeUpOptions(Options):
    """`make_ups`: "none", or "listed": the `ways` to catch up a missed class are offered. `excused`: whether an absence
    that was told before the class "counts" as any other, or is "left_out" of both sides."""

    make_ups: Annotated[Literal["none", "listed"], settings.MAKE_UPS] = "none"
    ways: Annotated[tuple[Way, ...], Field(min_length=1), settings.WAYS_OFFERED] = WAYS
    excused: Annotated[Literal["counts", "left_out"], settings.EXCUSED] = "counts"

    @property
    def offered(self) -> tuple[Way, ...]:
        return self.ways if self.make_ups == "listed" else ()

    @property
    def closed(self) -> VerdictStatus:
        """Too much was missed: what a make-up may still change is "not met"."""
        return VerdictStatus.NOT_MET if self.offered else VerdictStatus.CANNOT_BE_MET

    @cached_property
    def presence(self) -> Presence:
        return Presence(excused=self.excused)


class ClassOptions(MakeUpOptions):
    """Beside these: `late_after`, minutes late from which a class counts as missed; `min_share`, the share of a class's
    minutes that one must be there, where minutes were noted."""

    late_after: Annotated[LateMinutes | None, settings.LATE_AFTER] = None
    min_share: Annotated[Share | None, settings.MIN_SHARE_OF_CLASS] = None

    @cached_property
    def presence(self) -> Presence:
        return Presence(self.late_after, self.min_share, self.excused)


class MissedOptions(ClassOptions):
    """`max_missed` classes may be missed: the worst so many drop out. An outcome in `never_miss` needs the modules named
    there: `every_class` of them or `any_class`, by `module_rule`. `makeup_clears`: an accepted make-up no longer counts
    as missed."""

    max_missed: Annotated[Count, settings.MAX_MISSED]
    never_miss: Annotated[Mapping[str, tuple[str, ...]], settings.NEVER_MISS] = {}
    module_rule: Annotated[Literal["any_class", "every_class"], settings.MODULE_RULE] = "every_class"
    makeup_clears: Annotated[bool, settings.MAKEUP_CLEARS] = False

    @cached_property
    def presence(self) -> Presence:
        return Presence(self.late_after, self.min_share, self.excused, self.makeup_clears)

    @cached_property
    def allowed(self) -> Allowed:
        return Allowed(self.max_missed, self.never_miss, self.module_rule, self.make_ups == "listed")


class ShareOptions(MakeUpOptions):
    """`min_share` of the classes that count, from 0 to 1; what it comes to is rounded up to whole classes. `late_after`
    and `min_share_of_class` say what counts as being there."""

    min_share: Annotated[Share, settings.MIN_SHARE]
    late_after: Annotated[LateMinutes | None, settings.LATE_AFTER] = None
    min_share_of_class: Annotated[Share | None, settings.MIN_SHARE_OF_CLASS] = None

    @cached_property
    def presence(self) -> Presence:
        return Presence(self.late_after, self.min_share_of_class, self.excused)


class PointsOptions(MakeUpOptions):
    """Of 100 points, each missed class takes `per_absence` and each late one `per_late`; `min_points` must be left."""

    per_absence: Annotated[int, Field(ge=1, le=100), settings.PER_ABSENCE]
    per_late: Annotated[int, Field(ge=0, le=100), settings.PER_LATE] = 0
    min_points: Annotated[int, Field(ge=1, le=100), settings.MIN_POINTS]


class TimeOptions(MakeUpOptions):
    """Either `min_minutes` of the planned minutes, or `min_share` of them, from 0 to 1. Of a module in `max_missed_of`,
    at most that many classes may be missed, whatever the time comes to."""

    min_minutes: Annotated[Annotated[int, Field(ge=1, le=100_000)] | None, settings.MIN_MINUTES] = None
    min_share: Annotated[Share | None, settings.MIN_SHARE_OF_TIME] = None
    max_missed_of: Annotated[Mapping[str, Count], settings.MAX_MISSED_OF] = {}

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.min_minutes is None) == (self.min_share is None):
            raise ValueError("Choose one of min_minutes and min_share")
        return self
