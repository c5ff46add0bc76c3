"""Rules that weigh absences: a share of the classes, and points that absences take."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lms.builtin.attendance.examples import AT_ALL, ONE_MISSED, TWO_MISSED, case
from lms.builtin.attendance.options import MakeUpOptions, PointsOptions, ShareOptions
from lms.plugin_api import AttendancePolicy, Ledger, MakeUp, Meeting, Status, Text, Verdict, VerdictStatus
from lms.plugin_api.attendance import Register, lower_open, read, rule_of_presence, ways_to_catch_up, words

MET, WAIVED = VerdictStatus.MET, VerdictStatus.WAIVED
ON_TRACK, AT_RISK = VerdictStatus.ON_TRACK, VerdictStatus.AT_RISK
NOT_STARTED, CLOSED = VerdictStatus.NOT_STARTED, VerdictStatus.CANNOT_BE_MET
POINTS = Text("points", "points")


def allowance(register: Register, share: float) -> int:
    """How many classes may be missed. It is reckoned with the cancelled ones, so that no cancelling takes one away."""
    planned = register.counted + len(register.cancelled)
    return planned - math.ceil(share * planned - 1e-9)


class ShareOfClasses(AttendancePolicy):
    """At least a share of all planned classes. A class that nobody has marked is neither present nor missed."""

    name = "share-of-classes"
    label = Text("A share of the classes", "Une part des séances")
    options = ShareOptions
    examples = (
        case(AT_ALL, {"min_share": 0.75}, MET),
        case(ONE_MISSED, {"min_share": 0.75}, AT_RISK),
        case(TWO_MISSED, {"min_share": 0.75}, CLOSED),
    )

    def rule(self, options: ShareOptions, names: Mapping[str, Text]) -> Text:
        said = (_share_rule(options.min_share), *rule_of_presence(options.presence), *clearing(options))
        return words.together(said)

    def judge(self, ledger: Ledger, outcome: str, options: ShareOptions) -> Verdict:
        register = read(ledger, outcome, options.presence)
        counting = register.counted
        have = len(register.there) + len(register.of("made_up"))
        need = max(0, counting - allowance(register, options.min_share))
        ahead = len(register.of("open"))
        status, reason, next_step = share_words(have, need, ahead, have + ahead - need, counting)
        if status is CLOSED:
            back = way_back(register, options)
            status, next_step = options.closed, what_remains(self, register, outcome, options, back)
        elif status is not MET and options.offered:
            next_step = way_back(register, options)
        told = (reason, *register.notes())
        if not counting and register.lines:  # each one was waived, or told before
            status, told = (WAIVED if register.of("waived") else NOT_STARTED), told[1:]
        return Verdict(status, words.together(told), next_step, have, need, words.CLASSES, register.evidence)

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: ShareOptions) -> tuple[MakeUp, ...]:
        return ways_to_catch_up(read(ledger, "", options.presence), meeting, options.offered)


def _share_rule(share: float) -> Text:
    percent = max(1, round(share * 100))
    if percent == 100:
        return words.cap(0)
    divisor = math.gcd(percent, 100)
    have, of = words.how_many(percent // divisor), 100 // divisor
    return Text(f"Come to at least {have.en} out of every {of}.", f"Venez à au moins {have.fr} sur {of}.")


def share_words(have: int, need: int, ahead: int, spare: int, counting: int) -> tuple[VerdictStatus, Text, Text | None]:
    """Status, reason and next step for `have` of `counting` classes, `ahead` of them not marked yet."""
    missed = counting - have - ahead
    all_of_them, are = words.how_many(counting).en, "is" if need == 1 else "are"
    if not counting:
        return NOT_STARTED, words.NOTHING_PLANNED, None
    if have >= need:
        reason = Text(
            f"You were at {have} of {all_of_them}.", f"Vous étiez à {words.how_many(have).fr} sur {counting}."
        )
        return MET, reason, None
    if spare < 0:
        reason = Text(
            f"You missed {missed} of {all_of_them}. {need} {are} needed.",
            f"Vous avez manqué {words.how_many(missed).fr} sur {counting}. Il en faut {need}.",
        )
        return CLOSED, reason, words.TALK
    if not have and not missed:
        start = Text(f"{need} of {all_of_them} {are} needed.", f"Il faut {words.how_many(need).fr} sur {counting}.")
        return NOT_STARTED, start, None
    if spare == 0 and missed:
        return AT_RISK, words.together((words.missed_classes(missed), words.come_to_all(ahead))), None
    reason = Text(
        f"You were at {have} of {all_of_them} so far. {need} {are} needed.",
        f"Vous étiez à {words.how_many(have).fr} sur {counting} jusqu'ici. Il en faut {need}.",
    )
    return ON_TRACK, words.together((reason, words.can_miss(spare))) if missed and ahead else reason, None


def what_remains(
    policy: AttendancePolicy, register: Register, outcome: str, options: MakeUpOptions, back: Text | None
) -> Text:
    """When an outcome is closed: the nearest lower one that is open and how to come `back`, or whom to talk with."""
    ledger = register.ledger

    def status_of(name: str) -> VerdictStatus:
        # These rules ask the same for every outcome: without a waiver a lower one is closed too.
        same = read(ledger, name, register.presence) is register
        return options.closed if same else policy.judge(ledger, name, options).status

    lower = lower_open(ledger, outcome, status_of)
    open_to_you = (words.still_open(ledger.name(lower)),) if lower else ()
    return words.together((*open_to_you, back)) if back else words.together(open_to_you or (words.TALK,))


def way_back(register: Register, options: MakeUpOptions) -> Text | None:
    """How a make-up undoes an absence, where the course offers some."""
    return register.way_back() if options.offered else None


def clearing(options: MakeUpOptions) -> tuple[Text, ...]:
    """What the rule says of make-ups: nothing where it offers none."""
    return (words.MAKE_UP_CLEARS,) if options.offered else ()


class Points(AttendancePolicy):
    """A hundred points at the start; absences and late classes take some away, and enough must be left at the end."""

    name = "points"
    label = Text("Points that absences take", "Des points retirés par absence")
    options = PointsOptions
    examples = (
        case(AT_ALL, {"per_absence": 20, "min_points": 70}, MET),
        case(ONE_MISSED, {"per_absence": 20, "min_points": 70}, AT_RISK),
        case(TWO_MISSED, {"per_absence": 20, "min_points": 70}, CLOSED),
    )

    def rule(self, options: PointsOptions, names: Mapping[str, Text]) -> Text:
        late_en, late_fr = "", ""
        if options.per_late:
            late_en = f", each late one {options.per_late}"
            late_fr = f", chaque retard {options.per_late}"
        begin = Text(
            f"You begin with 100 points. Each missed class takes {options.per_absence}{late_en}. "
            f"Keep at least {options.min_points}.",
            f"Vous commencez avec 100 points. Chaque séance manquée en retire {options.per_absence}{late_fr}. "
            f"Gardez-en au moins {options.min_points}.",
        )
        return words.together((begin, *clearing(options)))

    def judge(self, ledger: Ledger, outcome: str, options: PointsOptions) -> Verdict:
        register = read(ledger, outcome, options.presence)
        late = sum(line.mark is not None and line.mark.status is Status.LATE for line in register.there)
        left = max(0, 100 - len(register.missed) * options.per_absence - late * options.per_late)
        status, next_step = ON_TRACK, way_back(register, options)
        if left < options.min_points:
            status, next_step = options.closed, what_remains(self, register, outcome, options, next_step)
        elif register.nothing_counts:
            status = NOT_STARTED
        elif not register.of("open"):
            status, next_step = MET, None
        elif left < 100 and left - options.per_absence < options.min_points:
            come = words.come_to_all(len(register.of("open")))
            status, next_step = AT_RISK, words.together((come, next_step)) if next_step else come
        points = Text(
            f"You have {left} of 100 points. {options.min_points} {'is' if options.min_points == 1 else 'are'} needed.",
            f"Vous avez {left} {'point' if left < 2 else 'points'} sur 100. Il en faut {options.min_points}.",
        )
        missed = (words.missed_classes(len(register.missed)),) if register.missed else ()
        reason = words.together((*missed, points, *register.notes()))
        return Verdict(status, reason, next_step, left, options.min_points, POINTS, register.evidence)

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: PointsOptions) -> tuple[MakeUp, ...]:
        return ways_to_catch_up(read(ledger, "", options.presence), meeting, options.offered)
