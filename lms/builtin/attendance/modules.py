"""A rule that counts modules: each of them once, in a class or by a make-up."""

from __future__ import annotations

from collections.abc import Mapping

from lms.builtin.attendance.examples import AT_ALL, ONE_MISSED, TWO_MISSED, case
from lms.builtin.attendance.options import ClassOptions
from lms.builtin.attendance.shares import what_remains
from lms.builtin.attendance.words import (
    MAKE_UP_COUNTS,
    can_make_up_one,
    come_for,
    each_once,
    modules_not_taken,
    modules_so_far,
)
from lms.plugin_api import AttendancePolicy, Ledger, MakeUp, Meeting, Text, Verdict, VerdictStatus
from lms.plugin_api.attendance import AWAY, CLOSED, Line, Register, read, ways_to_catch_up, words

MET, AT_RISK, NOT_MET = VerdictStatus.MET, VerdictStatus.AT_RISK, VerdictStatus.NOT_MET
MODULES = Text("modules", "modules")
NO_MODULE_YET = Text("No module counts yet.", "Aucun module ne compte encore.")


class EachModuleOnce(AttendancePolicy):
    """Each module once. Where a module has several classes, any of them is enough."""

    name = "each-module-once"
    label = Text("Each module once", "Chaque module une fois")
    options = ClassOptions
    examples = (
        case(AT_ALL, {}, MET),
        case(ONE_MISSED, {}, AT_RISK),
        case(TWO_MISSED, {}, VerdictStatus.CANNOT_BE_MET),
        case(TWO_MISSED, {"make_ups": "listed", "ways": ["one-to-one"]}, NOT_MET),
    )

    def rule(self, options: ClassOptions, names: Mapping[str, Text]) -> Text:
        return each_once(bool(options.offered))

    def judge(self, ledger: Ledger, outcome: str, options: ClassOptions) -> Verdict:
        register = read(ledger, outcome, options.presence)
        modules = _Modules(register, options)
        if modules.status in CLOSED:
            told = [modules_not_taken([ledger.name(name) for name in modules.missed])]
            back = modules.way_back() if options.offered else None
            next_step: Text | None = what_remains(self, register, outcome, options, back)
        elif modules.need:
            ended = modules.have == modules.need
            told = [modules_so_far(modules.have, modules.need, ended=ended)]
            next_step = come_for([ledger.name(n) for n in modules.at_risk]) if modules.at_risk else None
        else:
            none_yet = NO_MODULE_YET if register.lines else words.NOTHING_PLANNED
            told, next_step = [] if modules.status is VerdictStatus.WAIVED else [none_yet], None
        reason = words.together((*told, *register.notes()))
        return Verdict(modules.status, reason, next_step, modules.have, modules.need, MODULES, register.evidence)

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: ClassOptions) -> tuple[MakeUp, ...]:
        return ways_to_catch_up(read(ledger, "", options.presence), meeting, options.offered)


class _Modules:
    """How each module of a register stands. One that lost a class to a cancellation is not held against anybody."""

    def __init__(self, register: Register, options: ClassOptions) -> None:
        self.register = register
        by_module: dict[str, list[Line]] = {}
        for line in register.lines:
            for module in dict.fromkeys(line.meeting.modules):
                if line.how not in ("waived", "excused"):
                    by_module.setdefault(module, []).append(line)
        lost = {module for meeting in register.cancelled for module in meeting.modules}
        covered = _seen_before_cancelling(register)
        self.have = self.need = open = 0
        self.missed: dict[str, list[Line]] = {}
        self.at_risk: list[str] = []
        for module, lines in by_module.items():
            ahead, there = sum(line.how == "open" for line in lines), module in covered
            if there or any(line.how in ("there", "made_up") for line in lines):
                self.have += 1
            elif ahead:
                open += 1
                if ahead == 1 and len(lines) > 1 and module not in lost:
                    self.at_risk.append(module)
            elif module not in lost:
                self.missed[module] = lines
        self.need = self.have + open + len(self.missed)
        self.status = self._status(register, options, open)

    def _status(self, register: Register, options: ClassOptions, open: int) -> VerdictStatus:
        if self.missed:
            return options.closed
        if not self.need:
            waived = any(line.meeting.modules for line in register.of("waived"))
            return VerdictStatus.WAIVED if waived else VerdictStatus.NOT_STARTED
        if not open:
            return MET
        if self.at_risk:
            return AT_RISK
        return VerdictStatus.ON_TRACK if self.have or register.missed else VerdictStatus.NOT_STARTED

    def way_back(self) -> Text:
        """The classes to make up for each missed module, of which one is enough; or that a make-up is on its way."""
        free = set(self.register.to_make_up())
        steps = [
            can_make_up_one(self.register.ledger.name(name), numbers)
            for name, lines in self.missed.items()
            if free.issuperset(numbers := [line.meeting.number for line in lines])
        ]
        return words.together((*steps, MAKE_UP_COUNTS)) if steps else words.ON_ITS_WAY_CLEARS


def _seen_before_cancelling(register: Register) -> set[str]:
    """The modules of classes that were called off although somebody was marked there, or had made them up."""
    marks = {mark.meeting for mark in register.ledger.marks if mark.status not in AWAY or mark.made_up}
    return {module for meeting in register.cancelled if meeting.number in marks for module in meeting.modules}
