"""Rules that count absences: so many may be missed, and of some modules none for some outcomes."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from lms.plugin_api.attendance import words
from lms.plugin_api.attendance.register import CLOSED, Line, Presence, Register, lower_open, read
from lms.plugin_api.values import Ledger, Text, Verdict, VerdictStatus

ModuleRule = Literal["any_class", "every_class"]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a rule allows: `max_missed` classes missed; for each outcome in `never_miss` none of the modules named there.

    `module_rule` says whether such a module needs every class or any one. `make_ups` is true where the programme offers
    some: then too many absences are "not met", which may change, and not "cannot be met". So is a missed module, where
    an accepted make-up clears it.
    """

    max_missed: int = 0
    never_miss: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    module_rule: ModuleRule = "every_class"
    make_ups: bool = False


def judge_absences(
    ledger: Ledger, outcome: str, presence: Presence, allowed: Allowed, also: Iterable[Text] = ()
) -> Verdict:
    """Where `ledger` stands for `outcome`; `also` are sentences to add to the reason."""
    standing = _Standing(read(ledger, outcome, presence), outcome, allowed)
    register, closed = standing.register, standing.status in CLOSED
    notes = register.notes(0 if closed else allowed.max_missed, settled=closed and not standing.can_clear)
    return Verdict(
        standing.status,
        words.together((*_where(standing), *notes, *also, *_last_word(standing))),
        _next_step(standing),
        have=len(register.there) + len(register.of("made_up")),
        need=max(0, register.counted - allowed.max_missed),
        unit=words.CLASSES,
        evidence=register.evidence,
    )


class _Standing:
    """A register held against what is allowed for one outcome."""

    __slots__ = ("allowed", "missed_modules", "needed", "outcome", "over", "register", "status")

    def __init__(self, register: Register, outcome: str, allowed: Allowed) -> None:
        self.register, self.outcome, self.allowed = register, outcome, allowed
        self.needed = allowed.never_miss.get(outcome, ())
        self.over = len(register.missed) > allowed.max_missed
        missed = register.missed
        self.missed_modules = {name: lines for name in self.needed if missed and (lines := self._missed_of(name))}
        self.status = self._status()

    def _missed_of(self, module: str) -> list[Line]:
        """The missed classes of a module, if by the rule the module itself is missed."""
        missed = [line for line in self.register.missed if module in line.meeting.modules]
        if self.allowed.module_rule == "every_class":
            return missed
        # A cancelled class is not held against anybody: it could have been the one that was enough.
        cancelled = any(module in meeting.modules for meeting in self.register.cancelled)
        classes = sum(module in line.meeting.modules for line in self.register.lines)
        return missed if len(missed) == classes and not cancelled else []

    def _status(self) -> VerdictStatus:
        register = self.register
        if self.missed_modules or self.over:
            may_change = self.over and not self.missed_modules and not self.needed and self.allowed.make_ups
            return VerdictStatus.NOT_MET if may_change or self.can_clear else VerdictStatus.CANNOT_BE_MET
        if register.nothing_counts:
            return VerdictStatus.NOT_STARTED
        if not register.of("open"):
            waived_alone = not register.there and not register.missed and not register.of("made_up")
            return VerdictStatus.WAIVED if waived_alone else VerdictStatus.MET
        at_the_cap = register.missed and len(register.missed) == self.allowed.max_missed
        return VerdictStatus.AT_RISK if at_the_cap else VerdictStatus.ON_TRACK

    @property
    def can_clear(self) -> bool:
        """True where an accepted make-up undoes an absence."""
        return self.allowed.make_ups and self.register.presence.makeup_clears

    @property
    def lower(self) -> str | None:
        """The nearest lower outcome that is still open."""
        ledger, presence = self.register.ledger, self.register.presence
        return lower_open(
            ledger, self.outcome, lambda name: _Standing(read(ledger, name, presence), name, self.allowed).status
        )


# -- in words -----------------------------------------------------------------------------------------------


def rule_of_absences(presence: Presence, allowed: Allowed, names: Mapping[str, Text]) -> Text:
    """The rule in a few sentences. `names` has titles of modules and outcomes by id."""
    return words.together(_rule(presence, allowed, names))


def _rule(presence: Presence, allowed: Allowed, names: Mapping[str, Text]) -> Iterator[Text]:
    yield words.cap(allowed.max_missed)
    place = {id: at for at, id in enumerate(names)}  # as the course has them, however the options were kept
    never = sorted(allowed.never_miss.items(), key=lambda kept: place.get(kept[0], len(place)))
    for modules in dict.fromkeys(modules for _outcome, modules in never if modules):
        outcomes = [_title(id, names) for id, needed in never if needed == modules]
        yield words.never_miss(outcomes, [_title(id, names) for id in modules], allowed.module_rule == "any_class")
    yield from rule_of_presence(presence)
    if presence.makeup_clears and allowed.make_ups:
        yield words.MAKE_UP_CLEARS


def rule_of_presence(presence: Presence) -> Iterator[Text]:
    """What counts as being there, as far as it is more than the mark."""
    if presence.late_after is not None:
        yield words.late_counts(presence.late_after)
    if presence.min_share is not None:
        yield words.share_needed(max(1, round(presence.min_share * 100)))
    if presence.excused == "left_out":
        yield words.EXCUSED_LEFT_OUT


def _title(id: str, names: Mapping[str, Text]) -> Text:
    return names.get(id) or Text(id, id)


def _where(standing: _Standing) -> Iterator[Text]:
    """The main sentences: where somebody stands."""
    register, allowed = standing.register, standing.allowed
    missed, there, ahead = len(register.missed), len(register.there), len(register.of("open"))
    total = len(register.lines) - len(register.of("excused"))
    if standing.status in CLOSED:
        yield from _closed(standing)
    elif standing.status is VerdictStatus.NOT_STARTED:
        if not register.of("excused"):
            yield words.NOTHING_MARKED if register.lines else words.NOTHING_PLANNED
    elif missed and not ahead:
        yield words.within_rule(missed, total)
    elif missed:
        yield words.missed_classes(missed)
        spare = allowed.max_missed - missed
        yield words.can_miss(spare) if spare else words.come_to_all(ahead)
    elif there and ahead:
        yield words.so_far(there, total - ahead)
    elif there:
        yield words.at_all(there) if there == total else words.at_some(there, total)


def _closed(standing: _Standing) -> Iterator[Text]:
    ledger, modules = standing.register.ledger, standing.missed_modules
    if standing.over:
        yield words.missed_classes(len(standing.register.missed))
    if modules:
        yield words.missed_modules([(ledger.name(name), len(lines)) for name, lines in modules.items()])
    lower = standing.lower
    if lower:
        yield words.still_open(ledger.name(lower))
    if modules:
        one_is_enough = standing.allowed.module_rule == "any_class"
        outcome = ledger.name(standing.outcome)
        yield words.needs_classes(outcome, _class_count(modules), len(modules), one_is_enough=one_is_enough)


def _last_word(standing: _Standing) -> Iterator[Text]:
    """Whom to talk with, where nothing else is left to do."""
    if standing.status in CLOSED and not standing.lower and not standing.can_clear:
        yield words.TALK


def _class_count(modules: Mapping[str, Sequence[Line]]) -> int:
    return len({line.meeting.number for lines in modules.values() for line in lines})


def _next_step(standing: _Standing) -> Text | None:
    register, name = standing.register, standing.register.ledger.name
    if standing.status in CLOSED and standing.can_clear:
        return register.way_back()
    if standing.missed_modules:
        return words.next_group([name(module) for module in standing.missed_modules])
    if standing.over:
        return words.missed_with_next_group(len(register.missed))
    if not register.missed or not register.of("open"):
        return None
    steps = []
    ahead = [name(module) for module in standing.needed if _is_ahead(module, standing)]
    if ahead and len(register.missed) < standing.allowed.max_missed:  # else all the rest were asked for already
        steps.append(words.be_there_for(ahead, any_class=standing.allowed.module_rule == "any_class"))
    if standing.can_clear and (numbers := register.to_make_up()):
        steps.append(words.can_make_up(numbers))
    return words.together(steps) if steps else None


def _is_ahead(module: str, standing: _Standing) -> bool:
    """True for a module that classes to come are still needed for."""
    register = standing.register
    if standing.allowed.module_rule == "any_class" and any(
        module in line.meeting.modules for line in (*register.there, *register.of("made_up"))
    ):
        return False
    return any(module in line.meeting.modules for line in register.of("open"))


# -- names in options ---------------------------------------------------------------------------------------


def check_names(what: Literal["module", "outcome"], given: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """A sentence for each of `given` that the course does not have, with the name that may have been meant."""
    for name in dict.fromkeys(given):
        if name not in known:
            close = difflib.get_close_matches(name, list(known), n=1)
            hint = f"Did you mean '{close[0]}'?" if close else f"Take one of: {', '.join(sorted(known)) or 'none yet'}."
            yield f"There is no {what} '{name}' in this course. {hint}"


def check_never_miss(
    never_miss: Mapping[str, tuple[str, ...]], modules: Collection[str], outcomes: Collection[str]
) -> Iterator[str]:
    """The same for the outcomes and modules of `never_miss`."""
    yield from check_names("outcome", never_miss, outcomes)
    yield from check_names("module", (name for needed in never_miss.values() for name in needed), modules)
