"""Checks that a plugin author runs in their own tests: no host, no Flask, no database needed.

from lms.plugin_api.testing import check_plugin
def test_plugin(): check_plugin(lms_mine)

Each check raises AssertionError with a sentence, or whatever the plugin raised.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from types import FunctionType, ModuleType
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
from lms.plugin_api.decks import CardDeck
from lms.plugin_api.frameworks import Framework
from lms.plugin_api.hooks import EVENT_HOOKS, PROJECT, PROVIDER_HOOKS
from lms.plugin_api.odd_values import FILES, ODD_WORDS, odd_awards
from lms.plugin_api.places import place_named, place_of_class, place_quoted, place_raised
from lms.plugin_api.reports import Card, GroupFacts, Report, Table, TodayCard
from lms.plugin_api.role_play import GroupingWishes, RolePlayFormat
from lms.plugin_api.role_play_checks import check_deck, check_format, check_wishes
from lms.plugin_api.rule_checks import (
    check_attendance_policy,
    check_fairness,
    check_options,
    read_options,
)
from lms.plugin_api.store import MemoryStore, Store
from lms.plugin_api.value_checks import PLAIN, check_text, check_verdict
from lms.plugin_api.values import (
    TAKEN_NAMES,
    Answer,
    Document,
    Field,
    Form,
    Part,
    Reasons,
    SentFile,
    Text,
    may_name_a_field,
)

__all__ = [
    "MemoryStore",
    "check_about",
    "check_activity_type",
    "check_attendance_policy",
    "check_card",
    "check_certificate_issuer",
    "check_deck",
    "check_fairness",
    "check_fields",
    "check_format",
    "check_framework",
    "check_options",
    "check_plugin",
    "check_provider",
    "check_report",
    "check_text",
    "check_verdict",
    "check_wishes",
    "checks_of",
    "providers_of",
]


def providers_of(plugin: Any) -> list[Provider]:
    """Everything that `plugin` provides. Raises pluggy's errors for a misspelt hook or argument."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(plugin)
    manager.check_pending()
    return [p for hook in PROVIDER_HOOKS for answer in getattr(manager.hook, hook)() for p in answer]


def check_plugin(plugin: ModuleType) -> None:
    """The plugin declares itself, its hooks are known, and each provider keeps its contract. The error has the file and
    the line in a note."""
    for check in checks_of(plugin):
        check()


def checks_of(plugin: ModuleType) -> Iterator[Callable[[], None]]:
    """What `check_plugin` asks, one by one: for a list of all faults."""
    yield partial(_placed, plugin, partial(check_about, plugin), partial(place_named, plugin, "about"))
    for name in (*PROVIDER_HOOKS, *EVENT_HOOKS):
        yield partial(_placed, plugin, partial(_check_marked, plugin, name), partial(place_named, plugin, name))
    yield partial(_placed, plugin, partial(providers_of, plugin), str)
    with suppress(Exception):
        for provider in providers_of(plugin):
            kind, asked = type(provider), ("judge",) if isinstance(provider, AttendancePolicy) else ()
            check = partial(_check_with_settings, provider, plugin.about.settings)
            yield partial(_placed, sys.modules.get(kind.__module__), check, partial(place_of_class, kind, *asked))


def _placed(module: object, check: Callable[[], object], otherwise: Callable[[], str]) -> None:
    """The check; what goes wrong in it gets its place as a note, so that an author need not look for it."""
    try:
        check()
    except BaseException as error:
        quoted = place_quoted(module, str(error)) if isinstance(error, AssertionError) else ""
        if place := place_raised(error) or quoted or otherwise():
            error.add_note(place)
        raise


def check_about(plugin: ModuleType) -> None:
    """`about` is there, in both languages, and its settings can be asked for."""
    about = getattr(plugin, "about", None)
    assert isinstance(about, About), f"{plugin.__name__} needs a module attribute about = About(...)"
    assert about.api_version == hooks.API_VERSION, f"written for API {about.api_version}, this is {hooks.API_VERSION}"
    for text in (about.label, about.summary, about.sees):
        check_text(text)
    check_options("The settings", about.settings)


def _check_marked(plugin: ModuleType, name: str) -> None:
    function = vars(plugin).get(name)
    assert not isinstance(function, FunctionType) or hasattr(function, f"{PROJECT}_impl"), (
        f"{name} stands there without @hookimpl, so no host asks it. Write @hookimpl above it."
    )


def _check_with_settings(provider: Provider, settings: type[Options]) -> None:
    check_provider(provider)
    if isinstance(provider, CertificateIssuer | Report | TodayCard):
        _check_with_defaults(provider, settings)


def check_provider(provider: Provider) -> None:
    """Name, label and version are there; courses have no faults; the examples of a policy or a kind hold."""
    assert provider.name, f"{type(provider).__name__} needs a name"
    assert isinstance(provider.version, str), f"{provider.name}: version is text"
    check_text(provider.label)
    check_options(f"The options of {provider.name}", provider.options)
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
    if isinstance(provider, CardDeck):
        check_deck(provider)
    if isinstance(provider, GroupingWishes):
        check_wishes(provider)
    if isinstance(provider, ActivityType):
        for activity in provider.examples or ((_plain_activity(provider),) if provider.options is NoOptions else ()):
            check_activity_type(provider, activity)


# -- kinds of homework --------------------------------------------------------------------------------------


def check_activity_type(kind: ActivityType, activity: Activity) -> None:
    """The kind takes `activity` as it is written, asks for something a page can draw, reads what comes back empty, filled
    in, with files alone and with nonsense, and shows all of that, also after years."""
    options, before = read_options(kind, activity.options, activity.title.en), repr(activity)
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
