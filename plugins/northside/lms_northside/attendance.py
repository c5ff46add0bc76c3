"""The attendance rule of 2026: a cap on missed classes, and modules that some outcomes cannot do without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lms.plugin_api import AttendancePolicy, Ledger, MakeUp, Meeting, Status, Text, Verdict, VerdictStatus
from lms_northside import words
from lms_northside.examples import EXAMPLES
from lms_northside.standing import CLOSED, Line, NorthsideOptions, Standing

# Make-ups are about a class, not about an outcome: no waiver applies.
NO_OUTCOME = ""


class NorthsideAttendance(AttendancePolicy):
    """At most so many missed, and never certain modules for certain outcomes. Not marked is neither here nor missed."""

    name = "northside-2026"
    label = Text("At most two missed", "Deux absences au plus")
    options = NorthsideOptions
    examples = EXAMPLES

    def rule(self, options: NorthsideOptions, names: Mapping[str, Text]) -> Text:
        return words.together(_rule(options, names))

    def judge(self, ledger: Ledger, outcome: str, options: NorthsideOptions) -> Verdict:
        standing = Standing(ledger, outcome, options)
        return Verdict(
            standing.status,
            words.together((*_where(standing), *_notes(standing))),
            _next_step(standing),
            have=len(standing.of("there", "made_up")),
            need=max(0, len(standing.lines) - len(standing.of("waived")) - options.max_missed),
            unit=words.CLASSES,
            evidence=tuple(f"class:{line.meeting.number}" for line in standing.lines if line.how != "open"),
        )

    def make_ups(self, ledger: Ledger, meeting: Meeting, options: NorthsideOptions) -> tuple[MakeUp, ...]:
        """Two ways for a class that counts as missed, none for any other."""
        missed = Standing(ledger, NO_OUTCOME, options).missed
        line = next((line for line in missed if line.meeting.number == meeting.number), None)
        if line is None or (line.mark and line.mark.made_up):
            return ()
        counted = words.MADE_UP_CLEARS if options.makeup_clears else words.MADE_UP_COUNTS
        return (
            MakeUp("one-to-one", words.ONE_TO_ONE, words.together((words.ONE_TO_ONE_COVERS, counted))),
            MakeUp("read-watch-write", words.ON_YOUR_OWN, words.together((words.ON_YOUR_OWN_COVERS, counted))),
        )


def _rule(options: NorthsideOptions, names: Mapping[str, Text]) -> Iterator[Text]:
    yield words.cap(options.max_missed)
    for modules in dict.fromkeys(modules for modules in options.never_miss.values() if modules):
        outcomes = [_title(id, names) for id, needed in options.never_miss.items() if needed == modules]
        titles = [_title(id, names) for id in modules]
        yield words.never_miss(outcomes, titles, options.module_rule == "any_class")
    if options.late_after is not None:
        yield words.late_counts(options.late_after)
    if options.min_share is not None:
        yield words.share_needed(round(options.min_share * 100))
    if options.makeup_clears:
        yield words.MAKE_UP_CLEARS


def _title(id: str, names: Mapping[str, Text]) -> Text:
    return names.get(id) or Text(id, id)


def _where(standing: Standing) -> Iterator[Text]:
    """The main sentences: where somebody stands."""
    status, missed, options = standing.status, len(standing.missed), standing.options
    there, ahead, total = len(standing.of("there")), len(standing.of("open")), len(standing.lines)
    if status in CLOSED:
        yield from _closed(standing)
    elif status is VerdictStatus.NOT_STARTED:
        yield words.NOTHING_MARKED if standing.lines else words.NOTHING_PLANNED
    elif missed and not ahead:
        yield words.within_rule(missed, total)
    elif missed:
        yield words.missed_classes(missed)
        spare = options.max_missed - missed
        yield words.can_miss(spare) if spare else words.come_to_all(ahead)
    elif there and ahead:
        yield words.so_far(there, total - ahead)
    elif there:
        yield words.at_all(there) if there == total else words.at_some(there, total)


def _closed(standing: Standing) -> Iterator[Text]:
    ledger, outcome = standing.ledger, standing.ledger.name(standing.outcome)
    modules = standing.missed_modules
    if standing.over:
        yield words.missed_classes(len(standing.missed))
    if modules:
        yield words.missed_modules([(ledger.name(name), len(lines)) for name, lines in modules.items()])
    lower = standing.lower
    if lower:
        yield words.still_open(ledger.name(lower))
    if modules:
        one_is_enough = standing.options.module_rule == "any_class"
        yield words.needs_classes(outcome, _class_count(modules), len(modules), one_is_enough=one_is_enough)
    if not lower:
        yield words.TALK


def _class_count(modules: Mapping[str, Sequence[Line]]) -> int:
    return len({line.meeting.number for lines in modules.values() for line in lines})


def _notes(standing: Standing) -> Iterator[Text]:
    """What else to know: parts of classes, make-ups, waivers, classes that do not count."""
    options, missed = standing.options, standing.missed
    yield from (line.note for line in missed if line.note)
    told = [line.meeting.number for line in missed if line.mark and line.mark.status is Status.TOLD_US]
    if told:
        yield words.told_us(told, all_missed=len(told) == len(missed))
    in_vain = [line.meeting.number for line in missed if line.mark and line.mark.made_up]
    if in_vain:
        yield words.made_up(in_vain)
        yield words.still_counts(len(in_vain), 0 if standing.status in CLOSED else options.max_missed)
    if cleared := standing.numbers("made_up"):
        yield words.made_up(cleared)
    if waived := standing.numbers("waived"):
        yield words.waived(waived)
    if standing.before:
        yield words.before_you_joined(standing.before, counts=options.before_joining == "counts")
    if len(standing.run) < len(standing.ledger.meetings) and standing.run:
        yield words.count_in_this_run(len(standing.run))


def _next_step(standing: Standing) -> Text | None:
    ledger = standing.ledger
    if standing.status in CLOSED and standing.options.makeup_clears:
        return words.MAKE_UP_CLEARS
    if standing.missed_modules:
        return words.next_group(_class_count(standing.missed_modules))
    if standing.over:
        return words.NEXT_GROUP
    ahead = [n for n in standing.needed if any(n in line.meeting.modules for line in standing.of("open"))]
    if standing.missed and ahead:
        return words.be_there_for(ledger.name(standing.outcome), [ledger.name(name) for name in ahead])
    return None
