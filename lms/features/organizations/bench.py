"""The bench on which a plugin is tried: its own worked examples, and attendance that somebody makes up. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from lms.features.organizations.settings_form import SettingField, fields_of, read_settings
from lms.host.guard import Guard, GuardedActivityType, Rule
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import Plugin, Provided
from lms.plugin_api.content import Activity
from lms.plugin_api.contracts import (
    ActivityType,
    AttendanceExample,
    AttendancePolicy,
    CertificateIssuer,
    Options,
)
from lms.plugin_api.values import (
    Award,
    Field,
    Guide,
    Ledger,
    Mark,
    Meeting,
    MeetingState,
    Status,
    Text,
    Verdict,
    VerdictStatus,
)

MOST_CLASSES = 30
MOST_EXAMPLES = 40
PLAIN_ACTIVITY = "an-example"  # stands for the examples of a kind that brings none
TRIED = (AttendancePolicy, ActivityType, CertificateIssuer)


def has_a_bench(plugin: Plugin) -> bool:
    """True where the plugin brings something that can be tried."""
    return not plugin.quarantined and any(isinstance(provider, TRIED) for provider in plugin.providers)


def policies_of(plugin: Plugin) -> list[AttendancePolicy]:
    return [p for p in plugin.providers if isinstance(p, AttendancePolicy)]


def issuers_of(plugin: Plugin) -> list[CertificateIssuer]:
    return [p for p in plugin.providers if isinstance(p, CertificateIssuer)]


# -- worked examples ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What a worked example should say of outcomes, and what the policy says of all of them now."""

    outcomes: tuple[Text, ...]
    expected: Any
    reads: Text | None
    verdict: Verdict

    @property
    def holds(self) -> bool:
        return self.verdict.status == self.expected and self.reads in (None, self.verdict.reason)


@dataclass(frozen=True)
class Worked:
    """A worked example; `broken` says what happened where the policy gave no answer, for the people who look after it."""

    title: Text
    rule: Text
    said: Sequence[Said]
    broken: str

    @property
    def holds(self) -> bool:
        return not self.broken and all(said.holds for said in self.said)


def worked_examples(guard: Guard, policy: AttendancePolicy) -> list[Worked]:
    """Each example of the policy beside what the policy says now."""
    return [_worked(guard, policy, example) for example in policy.examples[:MOST_EXAMPLES]]


def _worked(guard: Guard, policy: AttendancePolicy, example: AttendanceExample) -> Worked:
    rule = Rule(policy.name, example.options, policy.version)
    verdicts = guard.judge_attendance(rule, example.ledger, example.expect)
    said: dict[tuple[object, ...], Said] = {}
    for outcome, expected in example.expect.items():
        now, reads = verdicts[outcome], example.reads.get(outcome)
        same = (expected, reads, now.status, now.reason, now.next_step)
        others = said[same].outcomes if same in said else ()
        said[same] = Said((*others, title_of(example.ledger, outcome)), expected, reads, now)
    words = guard.attendance_rule(rule, example.ledger.names)
    return Worked(example.title, words, list(said.values()), what_broke(guard))


def title_of(ledger: Ledger, outcome: str) -> Text:
    """The title of an outcome in an example; where it has none, its id in words."""
    words = outcome.replace("-", " ").replace("_", " ").capitalize()
    return ledger.names.get(outcome) or Text(words, words)


def what_broke(guard: Guard) -> str:
    """What the guard of the bench has recorded since it was asked last."""
    return "; ".join(trouble.message for trouble in guard.take_troubles())


# -- made up ------------------------------------------------------------------------------------------------

TO_COME, MADE_UP, CANCELLED = "to_come", "made_up", "cancelled"
STATUSES = {
    TO_COME: _l("to come"),
    Status.HERE: _l("here"),
    Status.LATE: _l("late"),
    Status.LEFT_EARLY: _l("left early"),
    Status.AWAY: _l("away"),
    Status.TOLD_US: _l("told us before"),
    Status.TECH_TROUBLE: _l("tech trouble"),
    MADE_UP: _l("away, and made up"),
    CANCELLED: _l("cancelled"),
}


def _plain_classes() -> AttendanceExample:
    """Eight evenings in spring, five of them over, with somebody who was there each time."""
    first = datetime(2026, 3, 3, 23, tzinfo=UTC)
    states = [MeetingState.HELD] * 5 + [MeetingState.PLANNED] * 3
    meetings = tuple(
        Meeting(n, first + timedelta(weeks=n - 1), 120, ("a-module",), state) for n, state in enumerate(states, 1)
    )
    marks = tuple(Mark(n, Status.HERE) for n in range(1, 6))
    names = {"a-module": Text("A module", "Un module"), "completed": Text("Completed", "Terminé")}
    return AttendanceExample(
        Text("Five of eight classes are over", "Cinq séances sur huit sont passées"),
        Ledger(meetings, marks, outcomes=("completed",), names=names),
        {},
        {"completed": VerdictStatus.ON_TRACK},
    )


PLAIN_CLASSES = _plain_classes()


def cases_of(policy: AttendancePolicy) -> Sequence[AttendanceExample]:
    """What made-up attendance may begin with: the policy's examples, or plain classes where it has none."""
    return policy.examples or (PLAIN_CLASSES,)


@dataclass(frozen=True)
class ClassLine:
    """One made-up class as it stands in the form: how it was, and minutes late as typed."""

    number: int
    how: str
    late: str = ""


@dataclass(frozen=True)
class MadeUp:
    """The form of made-up attendance, filled in from an example or as typed."""

    policy: AttendancePolicy
    example: AttendanceExample
    lines: Sequence[ClassLine]
    outcome: str
    options: Sequence[SettingField]

    @property
    def statuses(self) -> list[tuple[str, Any]]:
        return [*STATUSES.items(), *((own.name, own.label) for own in self.policy.statuses)]

    @property
    def outcomes(self) -> list[tuple[str, Text]]:
        return [(outcome, title_of(self.example.ledger, outcome)) for outcome in self.example.expect]


def from_example(policy: AttendancePolicy, example: AttendanceExample) -> MadeUp:
    """The form as the example has it."""
    lines = [_line(meeting, example.ledger.mark(meeting.number)) for meeting in example.ledger.meetings]
    outcome = next(iter(example.expect), "")
    return MadeUp(policy, example, lines, outcome, fields_of(drawn(policy.options), example.options))


def _line(meeting: Meeting, mark: Mark | None) -> ClassLine:
    if meeting.state is MeetingState.CANCELLED:
        return ClassLine(meeting.number, CANCELLED)
    if mark is None:
        return ClassLine(meeting.number, TO_COME)
    how = MADE_UP if mark.made_up else mark.named or str(mark.status)
    return ClassLine(meeting.number, how, str(mark.late_by or ""))


def as_typed(start: MadeUp, typed: Mapping[str, list[str]], fields: Sequence[SettingField]) -> MadeUp:
    """The form with what was typed. As many classes as were asked for: from one to thirty."""

    def one(name: str, otherwise: str = "") -> str:
        return typed.get(name, [otherwise])[0][:40]

    wanted = one("classes", str(len(start.lines)))
    number = max(1, min(int(wanted), MOST_CLASSES)) if wanted.isdecimal() and wanted.isascii() else len(start.lines)
    known = {name for name, _words in start.statuses}
    lines = [
        ClassLine(n, how if (how := one(f"class_{n}")) in known else TO_COME, one(f"late_{n}"))
        for n in range(1, number + 1)
    ]
    outcome = one("outcome", start.outcome)
    possible = [id for id, _title in start.outcomes]
    return MadeUp(start.policy, start.example, lines, outcome if outcome in possible else start.outcome, fields)


def options_typed(
    policy: AttendancePolicy, example: AttendanceExample, typed: Mapping[str, list[str]]
) -> dict[str, Any]:
    """The example's options with what was typed in their place. Raises Incomplete."""
    fields = drawn(policy.options).model_fields
    rest = {name: value for name, value in example.options.items() if name not in fields}
    return read_settings(policy.options, typed, {}, rest=rest, only=fields)


def ledger_of(made_up: MadeUp) -> Ledger:
    """The made-up classes as a policy sees them: those that the example has not are like its last one, a week apart."""
    ledger, own = made_up.example.ledger, {status.name: status for status in made_up.policy.statuses}
    last = ledger.meetings[-1]
    known = {meeting.number: meeting for meeting in ledger.meetings}
    meetings, marks = [], []
    for line in made_up.lines:
        meeting = known.get(line.number) or _after(last, line.number)
        state = {TO_COME: MeetingState.PLANNED, CANCELLED: MeetingState.CANCELLED}.get(line.how, MeetingState.HELD)
        meetings.append(
            Meeting(meeting.number, meeting.starts, meeting.minutes, meeting.modules, state, meeting.recoverable)
        )
        if line.how not in (TO_COME, CANCELLED):
            late = min(int(line.late), 600) if line.late.isdecimal() and line.late.isascii() else None
            named = line.how if line.how in own else ""
            status = own[named].like if named else Status.AWAY if line.how == MADE_UP else Status(line.how)
            marks.append(Mark(line.number, status, late_by=late, made_up=line.how == MADE_UP, named=named))
    return Ledger(tuple(meetings), tuple(marks), ledger.joined, ledger.outcomes, ledger.names)


def _after(last: Meeting, number: int) -> Meeting:
    starts = last.starts + timedelta(weeks=number - last.number)
    return Meeting(number, starts, last.minutes, last.modules, recoverable=last.recoverable)


def judged(guard: Guard, made_up: MadeUp, options: Mapping[str, Any]) -> tuple[Text, Verdict, str]:
    """The rule in words, the verdict, and what broke ("" where nothing did)."""
    rule = Rule(made_up.policy.name, options, made_up.policy.version)
    verdict = guard.judge_attendance(rule, ledger_of(made_up), [made_up.outcome])[made_up.outcome]
    return guard.attendance_rule(rule, made_up.example.ledger.names), verdict, what_broke(guard)


class _Drawn:
    """Stands for an options model of which only some fields are drawn."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.model_fields = fields


def drawn(model: type[Options]) -> Any:
    """The fields of options that a form can ask for; what is nested stays as it is in the example."""
    return _Drawn({name: info for name, info in model.model_fields.items() if _is_plain(info.annotation)})


def _is_plain(annotation: Any) -> bool:
    if annotation in (str, int, float, bool) or get_origin(annotation) is Literal:
        return True
    inner = [part for part in get_args(annotation) if part not in (Ellipsis, NoneType)]
    if get_origin(annotation) in (tuple, list, set, frozenset):
        return bool(inner) and all(get_origin(part) is Literal for part in inner)
    return get_origin(annotation) in (Union, UnionType) and len(inner) == 1 and inner[0] in (str, int, float)


# -- homework and certificates ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """An example of homework as trainees would see it."""

    kind: Text
    activity: Activity
    guides: Sequence[Guide]
    fields: Sequence[Field]
    broken: str


def homework_of(guard: Guard, plugin: Plugin) -> list[Asked]:
    """Each kind's examples with what they ask."""
    kinds = [provider for provider in plugin.providers if isinstance(provider, ActivityType)]
    found = []
    for kind in kinds:
        asked = GuardedActivityType(guard, kind.name, Provided(kind, plugin))
        for activity in _examples(kind):
            guides, fields = asked.guide(activity), asked.form(activity)
            found.append(Asked(kind.label, activity, guides, fields, what_broke(guard)))
    return found


def _examples(kind: ActivityType) -> Iterable[Activity]:
    text = Text("An example", "Un exemple")
    plain = Activity(id=PLAIN_ACTIVITY, kind=kind.name, title=text, minutes=5, body=text)
    return kind.examples[:MOST_EXAMPLES] or (plain,)


def invented_award(organization: str, language: str, today: date) -> Award:
    """An award that nobody was given, to see the papers of an issuer."""
    return Award(
        serial="0000-0000-0000",
        name="Alex Example",
        organization=organization,
        course=Text("An example course", "Un cours d'exemple"),
        outcome=Text("Completed", "Complété"),
        says=Text("This is an example. It certifies nothing.", "Ceci est un exemple. Il n'atteste rien."),
        does_not_say=Text("Nobody was given this.", "Personne n'a reçu ce document."),
        decided_on=today,
        issued_on=today,
        decided_by=("Rosa Example",),
        language=language,
        verify_url="https://example.org/verify/0000-0000-0000",
    )
