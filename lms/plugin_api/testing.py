"""Checks that a plugin author runs in their own tests: no host, no Flask, no database needed.

from lms.plugin_api.testing import check_plugin
def test_plugin(): check_plugin(lms_mine)

Each check raises AssertionError with a sentence, or whatever the plugin raised.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

import pluggy
from pydantic import ValidationError

from lms.plugin_api import hooks
from lms.plugin_api.content import Activity
from lms.plugin_api.contracts import (
    About,
    ActivityType,
    AttendancePolicy,
    CertificateIssuer,
    Curriculum,
    NoOptions,
    Options,
    Provider,
    Starters,
)
from lms.plugin_api.frameworks import Framework
from lms.plugin_api.hooks import PROJECT, PROVIDER_HOOKS
from lms.plugin_api.odd_values import FILES, ODD_WORDS, odd_awards, odd_ledgers
from lms.plugin_api.reports import Card, GroupFacts, Report, Table, TodayCard
from lms.plugin_api.role_play import GroupingWishes, RolePlayFormat
from lms.plugin_api.store import MemoryStore, Store
from lms.plugin_api.testing_role_play import check_format as check_format
from lms.plugin_api.testing_role_play import check_wishes as check_wishes
from lms.plugin_api.testing_values import PLAIN
from lms.plugin_api.testing_values import check_text as check_text
from lms.plugin_api.testing_values import check_verdict as check_verdict
from lms.plugin_api.values import (
    NAMES_OF_THE_HOST,
    TAKEN_NAMES,
    Answer,
    Document,
    Field,
    Form,
    Ledger,
    Mark,
    Meeting,
    MeetingState,
    Part,
    Reasons,
    SentFile,
    Status,
    Text,
    Verdict,
    VerdictStatus,
    may_name_a_field,
)


def providers_of(plugin: Any) -> list[Provider]:
    """Everything that `plugin` provides. Raises pluggy's errors for a misspelt hook or argument."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(plugin)
    manager.check_pending()
    return [p for hook in PROVIDER_HOOKS for answer in getattr(manager.hook, hook)() for p in answer]


def check_plugin(plugin: ModuleType) -> None:
    """The plugin declares itself, its hooks are known, and each provider keeps its contract."""
    about = getattr(plugin, "about", None)
    assert isinstance(about, About), f"{plugin.__name__} needs a module attribute about = About(...)"
    assert about.api_version == hooks.API_VERSION, f"written for API {about.api_version}, this is {hooks.API_VERSION}"
    for text in (about.label, about.summary, about.sees):
        check_text(text)
    for provider in providers_of(plugin):
        check_provider(provider)
        if isinstance(provider, CertificateIssuer | Report | TodayCard):
            _check_with_defaults(provider, about.settings)


def check_provider(provider: Provider) -> None:
    """Name, label and version are there; courses have no faults; the examples of a policy or a kind hold."""
    assert provider.name, f"{type(provider).__name__} needs a name"
    assert isinstance(provider.version, str), f"{provider.name}: version is text"
    check_text(provider.label)
    if isinstance(provider, Curriculum):
        for loaded in provider.courses():
            assert not loaded.faults, "\n".join(map(str, loaded.faults))
    if isinstance(provider, AttendancePolicy):
        check_attendance_policy(provider)
    if isinstance(provider, Framework):
        check_framework(provider)
    if isinstance(provider, Starters):
        for starter in provider.starters():
            check_text(Text(starter.en, starter.fr))
    if isinstance(provider, RolePlayFormat):
        check_format(provider)
    if isinstance(provider, GroupingWishes):
        check_wishes(provider)
    if isinstance(provider, ActivityType):
        for activity in provider.examples or ((_plain_activity(provider),) if provider.options is NoOptions else ()):
            check_activity_type(provider, activity)


def check_attendance_policy(policy: AttendancePolicy) -> None:
    """Every example gives the expected status, twice the same, with reasons in both languages, changing nothing; a
    presence or a cancelled class makes none of them worse, and the order of marks none different."""
    assert policy.examples, f"{policy.name} needs at least one worked example"
    _check_statuses(policy)
    for example in policy.examples:
        options = policy.read_options(example.options)
        check_text(policy.rule(options, example.ledger.names))
        before = repr(example.ledger)
        for outcome, expected in example.expect.items():
            verdict = policy.judge(example.ledger, outcome, options)
            check_verdict(verdict)
            assert verdict == policy.judge(example.ledger, outcome, options), f"{example.title.en}: not repeatable"
            assert verdict.status == expected, f"{example.title.en}, {outcome}: {verdict.status}, not {expected}"
            if outcome in example.reads:
                assert verdict.reason == example.reads[outcome], f"{example.title.en}: {verdict.reason}"
            check_fairness(policy, example.ledger, outcome, options)
        for meeting in example.ledger.meetings:
            _check_make_ups(policy, example.ledger, meeting, options)
        assert repr(example.ledger) == before, f"{policy.name} changed the ledger of '{example.title.en}'"
        for what, ledger in odd_ledgers(tuple(example.expect)):
            _check_survives(policy, what, ledger, options)


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
    verdict = policy.judge(ledger, outcome, options)
    shuffled = replace(ledger, marks=ledger.marks[::-1], catch_ups=ledger.catch_ups[::-1])
    numbers = [mark.meeting for mark in ledger.marks]
    if len(set(numbers)) == len(numbers):
        again = policy.judge(shuffled, outcome, options)
        assert again == verdict, f"{policy.name}: the order of marks matters"
    for meeting in ledger.meetings:
        others = tuple(mark for mark in ledger.marks if mark.meeting != meeting.number)
        here = replace(ledger, marks=(*others, Mark(meeting.number, Status.HERE)))
        _not_worse(policy.name, f"being at class {meeting.number}", verdict, policy.judge(here, outcome, options))
        if meeting.state is MeetingState.PLANNED and meeting.number not in numbers:
            told = replace(ledger, marks=(*ledger.marks, Mark(meeting.number, Status.TOLD_US, told_before=True)))
            after = policy.judge(told, outcome, options)
            _not_worse(policy.name, f"telling us before class {meeting.number}", verdict, after)
        off = tuple(replace(m, state=MeetingState.CANCELLED) if m is meeting else m for m in ledger.meetings)
        after = policy.judge(replace(ledger, meetings=off), outcome, options)
        # Without any class that counts there is nothing to judge, whatever was before.
        if after.status is not VerdictStatus.NOT_STARTED or RANK.get(verdict.status, 0) < RANK[after.status]:
            _not_worse(policy.name, f"cancelling class {meeting.number}", verdict, after)


def _not_worse(name: str, what: str, before: Verdict, after: Verdict) -> None:
    if before.status in RANK and after.status in RANK:
        assert RANK[after.status] >= RANK[before.status], (
            f"{name}: {what} makes it worse, {before.status} becomes {after.status}"
        )


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


# -- kinds of homework --------------------------------------------------------------------------------------


def check_activity_type(kind: ActivityType, activity: Activity) -> None:
    """The kind takes `activity` as it is written, asks for something a page can draw, reads what comes back empty, filled
    in, with files alone and with nonsense, and shows all of that, also after years."""
    options, before = kind.read_options(activity.options), repr(activity)
    faults = [str(sentence) for sentence in kind.check(activity, options)]
    assert not faults, f"{kind.name}: {' '.join(faults)}"
    for guide in kind.guide(activity, options):
        for text in (guide.label, *guide.lines):
            check_text(text)
    fields = kind.form(activity, options)
    check_fields(kind.name, fields)

    def read(fields: Mapping[str, str], files: tuple[SentFile, ...] = ()) -> Answer | Reasons:
        return kind.read(activity, options, Form(fields, files))

    filled = read({field.name: _sample(field) for field in fields})
    assert isinstance(filled, Answer), f"{kind.name}: a form with every field filled in is no answer: {filled}"
    readings = [filled, read({}), read({"nobody_asked": "for this"})]
    readings += [read({field.name: words for field in fields}) for words in (*ODD_WORDS, "long " * 2_000)]
    assert filled == read({field.name: _sample(field) for field in fields}), f"{kind.name}.read is not repeatable"
    for file in FILES:
        alone = read({}, (file,))
        takes = kind.reviewed and bool(fields) and file.kind in (activity.accepts or kind.accepts)
        assert isinstance(alone, Answer) or not takes, f"{kind.name}: '{file.kind}' without words is an answer too"
        readings.append(alone)
    for reading in readings:
        _check_reading(kind.name, reading, {field.name for field in fields})
        if isinstance(reading, Answer):
            _check_shown(kind.name, reading, lambda answer: kind.show(activity, options, answer))
    if kind.shared:
        _check_parts(kind.together(activity, options, (filled, Answer(filled.text)) * 5))
    assert repr(activity) == before, f"{kind.name} changed the activity '{activity.id}'"


def check_fields(name: str, fields: tuple[Field, ...]) -> None:
    """Fields have names of their own, words in both languages, choices that differ, and follow what stands before."""
    before: set[str] = set()
    for field in fields:
        assert may_name_a_field(field.name), (
            f"{name}: '{field.name}' cannot be the name of a field: take a plain word without {', '.join(sorted(TAKEN_NAMES))}"
            " and 'password'"
        )
        assert field.name not in before, f"{name}: two fields are called '{field.name}'"
        assert field.after in ("", *before), (
            f"{name}: '{field.name}' comes after '{field.after}', which is not before it"
        )
        for text in (field.label, field.help, field.group, *(choice.label for choice in field.choices)):
            if text is not None:
                check_text(text)
        values = [choice.value for choice in field.choices]
        assert len(set(values)) == len(values), f"{name}: '{field.name}' has a choice twice"
        assert bool(values) == (field.kind in ("choice", "choices", "pick")), f"{name}: '{field.name}' and its choices"
        before.add(field.name)


def _check_reading(name: str, reading: Answer | Reasons, fields: set[str]) -> None:
    if isinstance(reading, Reasons):
        assert reading.by_field, f"{name}: Reasons without a reason"
        assert set(reading.by_field) <= fields, f"{name}: reasons for fields that are not asked"
        for sentence in reading.by_field.values():
            check_text(sentence)
    else:
        assert reading.text.strip(), f"{name}: an answer needs a text that is readable by itself"
        json.dumps(dict(reading.data), allow_nan=False)


def _check_shown(name: str, answer: Answer, show: Callable[[Answer], tuple[Part, ...]]) -> None:
    """What was kept comes back as JSON has it; of an answer that is older than the kind, only the text is sure."""
    kept = Answer(answer.text, json.loads(json.dumps(dict(answer.data))))
    for one in (answer, kept, Answer(answer.text)):
        parts = show(one)
        assert parts, f"{name}: show() shows nothing"
        _check_parts(parts)
    assert any(answer.text in part.text for part in show(Answer(answer.text))), f"{name}: the text alone is shown too"


def _check_parts(parts: tuple[Part, ...]) -> None:
    for part in parts:
        for text in (part.label, part.why, *(choice.label for choice in part.choices), *(c.why for c in part.choices)):
            if text is not None:
                check_text(text)


def _sample(field: Field) -> str:
    if field.choices:
        return "\n".join(choice.value for choice in field.choices[: 2 if field.kind == "choices" else 1])
    return "yes" if field.kind == "tick" else "A few words."


def _plain_activity(kind: ActivityType) -> Activity:
    text = Text("An example", "Un exemple")
    return Activity(id="an-example", kind=kind.name, title=text, minutes=5, body=text)


# -- papers -------------------------------------------------------------------------------------------------


def check_certificate_issuer(issuer: CertificateIssuer, settings: Any) -> None:
    """The same award gives the same papers, whatever name is on it; no paper at all is an answer too."""
    for what, award in odd_awards():
        try:
            papers, again = (tuple(issuer.issue(award, settings)) for _ in range(2))
        except Exception as error:
            raise AssertionError(f"{issuer.name} cannot make papers for this: {what}. {error!r}") from error
        assert papers == again, f"{issuer.name} is not repeatable: {what}"
        for paper in papers:
            assert isinstance(paper, Document), f"{issuer.name} gave a {type(paper).__name__}, not a Document"
            assert paper.content, f"{issuer.name}: '{paper.filename}' is empty"


# -- frameworks, reports, cards -----------------------------------------------------------------------------


def check_framework(framework: Framework) -> None:
    """Items have codes of their own and names in both languages; what is mapped is there; links lead to the web."""
    check_text(framework.source)
    items = tuple(framework.items())
    assert items, f"{framework.name} has no items"
    codes = [item.code for item in items]
    for name in (framework.name, *codes):
        assert PLAIN.fullmatch(name), f"{framework.name}: '{name}' is not of lower-case letters, digits and hyphens"
    assert len(set(codes)) == len(codes), f"{framework.name}: two items have the same code"
    for text in (*(item.name for item in items), *(item.group for item in items if item.group)):
        check_text(text)
    for course, modules in framework.maps.items():
        unknown = {code for mapped in modules.values() for code in mapped} - set(codes)
        assert not unknown, (
            f"{framework.name}: the map of '{course}' names {', '.join(sorted(unknown))}, which is no item"
        )
    for resource in framework.resources:
        check_text(resource.title)
        assert not resource.link or resource.link.startswith("https://"), f"{framework.name}: {resource.link}"
        assert resource.reviewed_on < resource.review_by, f"{framework.name}: review '{resource.title.en}' later"


def check_report(report: Report, facts: GroupFacts, settings: Any, store: Store | None = None) -> Table:
    """The table that the report makes of `facts`: twice the same, with as many cells in a row as columns."""
    kept = store or MemoryStore()
    table = report.make(facts, settings, kept)
    assert isinstance(table, Table), f"{report.name}: make() returned {type(table).__name__}, not a Table"
    assert table == report.make(facts, settings, kept), f"{report.name} is not repeatable"
    for text in (*table.columns, *([table.note] if table.note else [])):
        check_text(text)
    for row in table.rows:
        assert len(row) == len(table.columns), f"{report.name}: a row has {len(row)} cells, not {len(table.columns)}"
    return table


def check_card(card: TodayCard, day: date, settings: Any, store: Store | None = None) -> Card | None:
    """The card of a day: twice the same, in both languages; None where there is none."""
    kept = store or MemoryStore()
    found = card.card(day, settings, kept)
    assert found == card.card(day, settings, kept), f"{card.name} is not repeatable"
    if found is not None:
        for text in (found.title, *found.lines, *([found.link_label] if found.link_label else [])):
            check_text(text)
        assert not found.link or found.link.startswith("https://"), f"{card.name}: {found.link}"
    return found


def _check_with_defaults(provider: CertificateIssuer | Report | TodayCard, settings: type[Options]) -> None:
    """Tried on rare awards, a group without people, and a day, where the plugin's settings have defaults for everything."""
    try:
        own = settings()
    except ValidationError:
        return
    if isinstance(provider, CertificateIssuer):
        check_certificate_issuer(provider, own)
    elif isinstance(provider, Report):
        check_text(provider.summary)
        check_report(provider, GroupFacts("Evening group", Text("A course", "Une formation"), A_DAY, "UTC"), own)
    else:
        check_card(provider, A_DAY, own)


A_DAY = date(2027, 3, 2)
