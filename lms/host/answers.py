"""Whether a plugin answered with what was asked for, and no more than a page can bear.

Dataclasses check nothing by themselves. Types are compared exactly: what is derived from them may carry code of the
plugin (`__html__`, `__eq__`, a property), which would then run while the host draws the page.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import get_args, get_type_hints

from lms.plugin_api.content import Activity, FeedbackStarter
from lms.plugin_api.contracts import ActivityType, AttendanceExample
from lms.plugin_api.frameworks import Framework, FrameworkItem, Resource
from lms.plugin_api.reports import Card, Table
from lms.plugin_api.values import (
    NAMES_OF_THE_HOST,
    Answer,
    AnswerForm,
    AttendanceStatus,
    Choice,
    Compared,
    Document,
    Field,
    Guide,
    Ledger,
    MakeUp,
    Part,
    Reasons,
    Status,
    Text,
    Verdict,
    VerdictStatus,
    may_name_a_field,
)

MAX_STARTERS = 200
MAX_MAKE_UPS = 20
MAX_MAKE_UP = 80  # letters of a name, as forms send it back
MAX_NAME = 40
MAX_ITEMS = 500
MAX_COLUMNS, MAX_ROWS = 40, 5_000
MAX_LINES, MAX_LINK = 6, 2_000
# Signs in a text of a plugin, in an answer to homework, in the name of a file, in a code.
MAX_TEXT, MAX_ANSWER, MAX_FILENAME, MAX_CODE = 10_000, 300_000, 120, 200
MAX_FIELDS, MAX_CHOICES, MAX_PARTS, MAX_GUIDES = 200, 500, 1_000, 100
MAX_EVIDENCE, MAX_COUNT = 2_000, 1_000_000_000
MAX_PAPERS, MAX_BYTES = 10, 20_000_000
# A name that stands in addresses and course files.
PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FILENAME = re.compile(r"\w[\w .()-]*")
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
FIELD_KINDS = get_args(get_type_hints(Field)["kind"])
WAYS = get_args(get_type_hints(MakeUp)["way"])


def is_words(value: object, most: int = MAX_TEXT) -> bool:
    """Plain words, not too many, that a page and a database can hold."""
    if type(value) is not str or len(value) > most or "\0" in value:
        return False
    return value.isascii() or _can_be_written(value)


def _can_be_written(text: str) -> bool:
    """False for half of a pair of surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_text(value: object) -> bool:
    """Words in both languages."""
    return type(value) is Text and is_words(value.en) and is_words(value.fr) and value.complete()


def _is_text_or_none(value: object) -> bool:
    return value is None or is_text(value)


def is_verdict(value: object) -> bool:
    return (
        type(value) is Verdict
        and type(value.status) is VerdictStatus
        and is_text(value.reason)
        and _is_text_or_none(value.next_step)
        and _is_text_or_none(value.unit)
        and all(number is None or _is_count(number) for number in (value.have, value.need))
        and type(value.evidence) is tuple
        and len(value.evidence) <= MAX_EVIDENCE
        and all(is_words(code, MAX_CODE) for code in value.evidence)
    )


def _is_count(value: object) -> bool:
    return type(value) is int and abs(value) <= MAX_COUNT


def are_make_ups(value: object) -> bool:
    """A few ways to catch up, each with a name of its own."""
    return (
        type(value) is tuple
        and len(value) <= MAX_MAKE_UPS
        and all(
            type(m) is MakeUp
            and is_words(m.name, MAX_MAKE_UP)
            and m.name.strip() != ""
            and m.name.isprintable()
            and type(m.way) is str
            and m.way in WAYS
            and is_text(m.label)
            and is_text(m.covers)
            for m in value
        )
        and len({m.name for m in value}) == len(value)
    )


def fault_of_statuses(value: object) -> str:
    """What is wrong with the statuses that a policy adds, in words; "" when nothing is."""
    if type(value) is not tuple or not all(type(status) is AttendanceStatus for status in value):
        return "its statuses must be a tuple of AttendanceStatus"
    taken = {*map(str, Status), *NAMES_OF_THE_HOST}
    for status in value:
        if type(status.name) is not str or not status.name.isidentifier() or len(status.name) > MAX_NAME:
            return f"the status {status.name!r} needs a plain word of letters, digits and underscores as its name"
        if status.name in taken:
            return f"the status '{status.name}' has the name of another one"
        if not is_text(status.label):
            return f"the status '{status.name}' needs a label in both languages"
        if type(status.like) is not Status:
            return f"the status '{status.name}' must be like one of the host's own"
        taken.add(status.name)
    return ""


def fault_of_examples(value: object) -> str:
    """What is wrong with the worked cases of a policy; "" when nothing is."""
    fits = type(value) is tuple and all(
        type(case) is AttendanceExample
        and is_text(case.title)
        and type(case.ledger) is Ledger
        and isinstance(case.options, Mapping)
        and isinstance(case.expect, Mapping)
        and isinstance(case.reads, Mapping)
        for case in value
    )
    return "" if fits else "its examples must be a tuple of AttendanceExample, each with a title, a ledger and options"


def fault_of_kind(kind: ActivityType) -> str:
    """What is wrong with what a kind of homework says about itself; "" when nothing is."""
    if type(kind.accepts) is not tuple or not all(form in get_args(AnswerForm) for form in kind.accepts):
        return f"accepts must be a tuple of some of {', '.join(get_args(AnswerForm))}"
    if type(kind.examples) is not tuple or not all(type(case) is Activity for case in kind.examples):
        return "its examples must be a tuple of Activity"
    return ""


def is_form(value: object) -> bool:
    """Fields with names of their own; what comes after another names one that stands before it."""
    if type(value) is not tuple or len(value) > MAX_FIELDS or not all(map(_is_field, value)):
        return False
    names = [field.name for field in value]
    return len(set(names)) == len(names) and all(f.after in ("", *names[:i]) for i, f in enumerate(value))


def _is_field(value: object) -> bool:
    return (
        type(value) is Field
        and is_words(value.name, MAX_CODE)
        and may_name_a_field(value.name)
        and is_text(value.label)
        and type(value.kind) is str
        and value.kind in FIELD_KINDS
        and _is_text_or_none(value.help)
        and type(value.choices) is tuple
        and len(value.choices) <= MAX_CHOICES
        and all(type(c) is Choice and is_words(c.value) and is_text(c.label) for c in value.choices)
        and type(value.after) is str
        and _is_text_or_none(value.group)
    )


def settled(value: object) -> object:
    """A reading of homework with mappings of its own: an answer's data as JSON has it. What cannot be is left as it is."""
    try:
        if type(value) is Answer:
            return Answer(value.text, json.loads(json.dumps(dict(value.data), allow_nan=False)))
        if type(value) is Reasons:
            return Reasons(dict(value.by_field))
    except (TypeError, ValueError, RecursionError):
        pass
    return value


def is_reading(value: object) -> bool:
    """An answer that can be kept, or reasons why not yet."""
    if type(value) is Reasons:
        named = value.by_field
        return type(named) is dict and bool(named) and all(is_words(n) and is_text(t) for n, t in named.items())
    return (
        type(value) is Answer
        and is_words(value.text, MAX_ANSWER)
        and type(value.data) is dict
        and _can_be_kept(value.data)
    )


def _can_be_kept(data: object) -> bool:
    try:
        return len(json.dumps(data, allow_nan=False)) <= MAX_ANSWER
    except (TypeError, ValueError, RecursionError):
        return False


def are_parts(value: object) -> bool:
    return type(value) is tuple and len(value) <= MAX_PARTS and all(map(_is_part, value))


def _is_part(value: object) -> bool:
    return (
        type(value) is Part
        and is_text(value.label)
        and is_words(value.text, MAX_ANSWER)
        and _is_text_or_none(value.why)
        and type(value.choices) is tuple
        and len(value.choices) <= MAX_CHOICES
        and all(map(_is_compared, value.choices))
    )


def _is_compared(value: object) -> bool:
    return (
        type(value) is Compared
        and is_text(value.label)
        and type(value.taken) is bool
        and (value.fits is None or type(value.fits) is bool)
        and _is_text_or_none(value.why)
    )


def are_guides(value: object) -> bool:
    """Guides whose links lead to a page of the web, nowhere else."""
    return (
        type(value) is tuple
        and len(value) <= MAX_GUIDES
        and all(
            type(g) is Guide
            and is_text(g.label)
            and type(g.lines) is tuple
            and len(g.lines) <= MAX_GUIDES
            and all(map(is_text, g.lines))
            and _is_link(g.link)
            and _is_text_or_none(g.link_label)
            for g in value
        )
    )


def are_documents(value: object) -> bool:
    """A few files under plain names of their own, none too big to keep."""
    return (
        type(value) is tuple
        and len(value) <= MAX_PAPERS
        and all(
            type(d) is Document
            and is_words(d.filename, MAX_FILENAME)
            and FILENAME.fullmatch(d.filename) is not None
            and is_words(d.media_type, MAX_CODE)
            and MEDIA_TYPE.fullmatch(d.media_type) is not None
            and type(d.content) is bytes
            and len(d.content) <= MAX_BYTES
            for d in value
        )
        and len({d.filename for d in value}) == len(value)
    )


def are_starters(value: object) -> bool:
    """A few beginnings of sentences, in both languages."""
    return (
        type(value) is tuple
        and len(value) <= MAX_STARTERS
        and all(type(s) is FeedbackStarter and is_text(Text(s.en, s.fr)) for s in value)
    )


# -- frameworks, reports, cards -----------------------------------------------------------------------------


def is_plain_name(value: object) -> bool:
    return type(value) is str and len(value) <= 60 and bool(PLAIN_NAME.fullmatch(value))


def fault_of_framework(framework: Framework) -> str:
    """What is wrong with the words, maps and resources around a framework's items; "" when nothing is."""
    if not is_text(getattr(framework, "source", None)):
        return "it needs a source in both languages: where its names come from"
    if not _are_maps(framework.maps):
        return "its maps must name a tuple of codes for each module of each course"
    if type(framework.resources) is not tuple or not all(map(_is_resource, framework.resources)):
        return "its resources must be a tuple of Resource, with dates, and links that begin with https://"
    return ""


def _are_maps(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        type(course) is str
        and isinstance(modules, Mapping)
        and all(
            type(module) is str and type(codes) is tuple and all(type(code) is str for code in codes)
            for module, codes in modules.items()
        )
        for course, modules in value.items()
    )


def _is_link(value: object) -> bool:
    """Nothing, or the address of a page of the web."""
    return is_words(value, MAX_LINK) and (value == "" or str(value).startswith("https://"))


def _is_resource(value: object) -> bool:
    return (
        type(value) is Resource
        and is_text(value.title)
        and _is_link(value.link)
        and type(value.reviewed_on) is date
        and type(value.review_by) is date
        and _is_text_or_none(value.about)
    )


def are_items(value: object) -> bool:
    """Items with codes of their own."""
    return (
        type(value) is tuple
        and 0 < len(value) <= MAX_ITEMS
        and all(
            type(item) is FrameworkItem
            and is_plain_name(item.code)
            and is_text(item.name)
            and _is_text_or_none(item.group)
            and type(item.certain) is bool
            for item in value
        )
        and len({item.code for item in value}) == len(value)
    )


def is_table(value: object) -> bool:
    """As many cells in each row as there are columns, each something that can be written down."""
    return (
        type(value) is Table
        and type(value.columns) is tuple
        and 0 < len(value.columns) <= MAX_COLUMNS
        and all(map(is_text, value.columns))
        and type(value.rows) is tuple
        and len(value.rows) <= MAX_ROWS
        and all(type(row) is tuple and len(row) == len(value.columns) for row in value.rows)
        and all(_is_cell(cell) for row in value.rows for cell in row)
        and _is_text_or_none(value.note)
    )


def _is_cell(value: object) -> bool:
    if type(value) is float:
        return math.isfinite(value)
    return value is None or type(value) is date or is_words(value) or _is_count(value) or is_text(value)


def is_card_or_none(value: object) -> bool:
    return value is None or (
        type(value) is Card
        and is_text(value.title)
        and type(value.lines) is tuple
        and len(value.lines) <= MAX_LINES
        and all(map(is_text, value.lines))
        and _is_link(value.link)
        and _is_text_or_none(value.link_label)
    )
