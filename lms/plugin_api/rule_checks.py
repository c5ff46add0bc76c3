"""What a rule of attendance promises, tried on its own examples, on rare ledgers, and on what people do in small groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from pydantic import ValidationError

from lms.plugin_api.contracts import AttendancePolicy, Options, Provider
from lms.plugin_api.odd_values import odd_ledgers
from lms.plugin_api.value_checks import check_text, check_verdict
from lms.plugin_api.values import (
    NAMES_OF_THE_HOST,
    Ledger,
    Mark,
    Meeting,
    MeetingState,
    Status,
    Verdict,
    VerdictStatus,
)

# So many classes of an example are tried with every way to be here or away.
A_FEW = 4


def check_attendance_policy(policy: AttendancePolicy) -> None:
    """Every example gives the expected status, twice the same, with reasons in both languages, changing nothing; a
    presence or a cancelled class makes none of them worse, and the order of marks none different."""
    assert policy.examples, f"{policy.name} needs at least one worked example"
    _check_statuses(policy)
    for example in policy.examples:
        options = read_options(policy, example.options, example.title.en)
        check_text(policy.rule(options, example.ledger.names))
        before = repr(example.ledger)
        for outcome, expected in example.expect.items():
            verdict = policy.judge(example.ledger, outcome, options)
            check_verdict(verdict)
            assert verdict == policy.judge(example.ledger, outcome, options), f"{example.title.en}: not repeatable"
            assert verdict.status == expected, f"{example.title.en}, {outcome}: {verdict.status}, not {expected}"
            if outcome in example.reads:
                assert verdict.reason == example.reads[outcome], f"{example.title.en}: {verdict.reason}"
            _check_fair(example.title.en, policy, example.ledger, outcome, options)
        for meeting in example.ledger.meetings:
            _check_make_ups(policy, example.ledger, meeting, options)
        assert repr(example.ledger) == before, f"{policy.name} changed the ledger of '{example.title.en}'"
        for what, ledger in odd_ledgers(tuple(example.expect)):
            _check_survives(policy, what, ledger, options)
        for what, ledger in _here_or_away(example.ledger):
            for outcome in example.expect:
                _check_fair(f"{policy.name}, {what}", policy, ledger, outcome, options)


def _check_survives(policy: AttendancePolicy, what: str, ledger: Ledger, options: Any) -> None:
    """A ledger as there is seldom one gets a verdict like any other, also for an outcome that nobody knows."""
    before = repr(ledger)
    for outcome in (*ledger.outcomes, "no-such-outcome"):
        try:
            check_verdict(policy.judge(ledger, outcome, options))
        except Exception as error:
            raise AssertionError(f"{policy.name} cannot judge this: {what}, {outcome}. {error!r}") from error
    for meeting in ledger.meetings[:1]:
        _check_make_ups(policy, ledger, meeting, options)
    assert repr(ledger) == before, f"{policy.name} changed a ledger: {what}"


# How good each status is for a person; what a policy cannot tell is compared with nothing.
RANK = {
    VerdictStatus.CANNOT_BE_MET: 0,
    VerdictStatus.NOT_MET: 0,
    VerdictStatus.AT_RISK: 1,
    VerdictStatus.NOT_STARTED: 2,
    VerdictStatus.ON_TRACK: 2,
    VerdictStatus.WAIVED: 3,
    VerdictStatus.MET: 3,
}


def check_fairness(policy: AttendancePolicy, ledger: Ledger, outcome: str, options: Any) -> None:
    """Being there, a class that is cancelled, or telling us before one never makes a verdict worse; marks have no order."""
    _check_fair(policy.name, policy, ledger, outcome, options)


def _here_or_away(ledger: Ledger) -> Iterator[tuple[str, Ledger]]:
    """The first classes of a ledger, the last of them held or still planned, with every way to be there; said in words."""
    alone = replace(ledger, catch_ups=(), pauses=(), joined=None)
    held = tuple(replace(meeting, state=MeetingState.HELD) for meeting in ledger.meetings[:A_FEW])
    for few in (held, (*held[:-1], *(replace(meeting, state=MeetingState.PLANNED) for meeting in held[-1:]))):
        over = [meeting.number for meeting in few if meeting.state is MeetingState.HELD]
        for statuses in product((Status.HERE, Status.AWAY), repeat=len(over)):
            marks = tuple(Mark(number, status) for number, status in zip(over, statuses, strict=True))
            yield ", ".join(statuses), replace(alone, meetings=few, marks=marks)


def _check_fair(what: str, policy: AttendancePolicy, ledger: Ledger, outcome: str, options: Any) -> None:
    verdict = policy.judge(ledger, outcome, options)
    assert verdict == policy.judge(ledger, outcome, options), f"{what}: not repeatable"
    shuffled = replace(ledger, marks=ledger.marks[::-1], catch_ups=ledger.catch_ups[::-1])
    numbers = [mark.meeting for mark in ledger.marks]
    if len(set(numbers)) == len(numbers):
        again = policy.judge(shuffled, outcome, options)
        assert again == verdict, f"{what}: the order of marks matters"
    for meeting in ledger.meetings:
        others = tuple(mark for mark in ledger.marks if mark.meeting != meeting.number)
        here = replace(ledger, marks=(*others, Mark(meeting.number, Status.HERE)))
        after = policy.judge(here, outcome, options)
        _not_worse(f"{what}: being at class {meeting.number} makes it worse", verdict, after)
        if meeting.state is MeetingState.PLANNED and meeting.number not in numbers:
            told = replace(ledger, marks=(*ledger.marks, Mark(meeting.number, Status.TOLD_US, told_before=True)))
            after = policy.judge(told, outcome, options)
            words = f"{what}: telling us before class {meeting.number} makes it worse"
            _not_worse(words, verdict, after, "Nobody has missed a class that is still planned.")
        off = tuple(replace(m, state=MeetingState.CANCELLED) if m is meeting else m for m in ledger.meetings)
        after = policy.judge(replace(ledger, meetings=off), outcome, options)
        # Without any class that counts there is nothing to judge, whatever was before.
        if after.status is not VerdictStatus.NOT_STARTED or RANK.get(verdict.status, 0) < RANK[after.status]:
            cancelled = f"{what}: cancelling class {meeting.number} makes it worse"
            _not_worse(cancelled, verdict, after, "Look at every class of the plan, also at those that are cancelled.")


def _not_worse(what: str, before: Verdict, after: Verdict, cure: str = "") -> None:
    if before.status in RANK and after.status in RANK:
        change = f"{what}, {before.status} becomes {after.status}. {cure}"
        assert RANK[after.status] >= RANK[before.status], change.rstrip()


def _check_make_ups(policy: AttendancePolicy, ledger: Ledger, meeting: Meeting, options: Any) -> None:
    ways = policy.make_ups(ledger, meeting, options)
    assert ways == policy.make_ups(ledger, meeting, options), f"{policy.name}.make_ups is not repeatable"
    assert len({way.name for way in ways}) == len(ways), f"{policy.name}: two make-ups have the same name"
    for way in ways:
        check_text(way.label)
        check_text(way.covers)


def _check_statuses(policy: AttendancePolicy) -> None:
    taken = {*map(str, Status), *NAMES_OF_THE_HOST}
    for status in policy.statuses:
        assert status.name.isidentifier(), f"{policy.name}: '{status.name}' cannot be the name of a status"
        assert status.name not in taken, f"{policy.name}: a status is called '{status.name}' already"
        assert isinstance(status.like, Status), f"{policy.name}: '{status.name}' must be like one of the host's own"
        check_text(status.label)
        taken.add(status.name)


# -- small checks -------------------------------------------------------------------------------------------


def read_options(provider: Provider, given: Mapping[str, Any], where: str) -> Options:
    """The options that an example chooses, as the provider's model."""
    try:
        return provider.read_options(given)
    except ValidationError as error:
        raise AssertionError(f"{where}: its options cannot be used. {_said(error)}") from None


def check_options(what: str, model: type[Options]) -> None:
    """Whatever is given, the model takes it, or refuses it as pydantic does: nothing else is raised."""
    fields = model.model_fields
    begin = {n: f.get_default() for n, f in fields.items() if not f.is_required() and f.default_factory is None}
    odd: tuple[object, ...] = (None, "words", -1, [], {})
    for given in ({}, begin, *({name: value} for name in fields for value in odd)):
        try:
            model.model_validate(given)
        except ValidationError:
            continue
        except Exception as error:
            raise AssertionError(
                f"{what} stopped with {type(error).__name__}, given {given!r}. Let a validator raise SettingError alone."
            ) from error


def _said(error: ValidationError) -> str:
    told = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in told)
