"""Whether a plugin answered with what was asked for. Dataclasses check nothing by themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import get_args, get_type_hints

from lms.plugin_api.content import FeedbackStarter
from lms.plugin_api.frameworks import Framework, FrameworkItem, Resource
from lms.plugin_api.reports import Card, Table
from lms.plugin_api.values import (
    Answer,
    AttendanceStatus,
    Choice,
    Compared,
    Document,
    Field,
    Guide,
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
MAX_NAME = 40
MAX_ITEMS = 500
MAX_COLUMNS, MAX_ROWS = 40, 5_000
MAX_LINES = 6
# A name that stands in addresses and course files.
PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FIELD_KINDS = get_args(get_type_hints(Field)["kind"])
WAYS = get_args(get_type_hints(MakeUp)["way"])


def is_text(value: object) -> bool:
    """Words in both languages."""
    return (
        isinstance(value, Text) and isinstance(value.en, str) and isinstance(value.fr, str) and bool(value.complete())
    )


def _is_text_or_none(value: object) -> bool:
    return value is None or is_text(value)


def is_verdict(value: object) -> bool:
    return (
        isinstance(value, Verdict)
        and isinstance(value.status, VerdictStatus)
        and is_text(value.reason)
        and _is_text_or_none(value.next_step)
        and _is_text_or_none(value.unit)
        and all(number is None or type(number) is int for number in (value.have, value.need))
        and isinstance(value.evidence, tuple)
        and all(isinstance(code, str) for code in value.evidence)
    )


def are_make_ups(value: object) -> bool:
    """A few ways to catch up, each with a name of its own."""
    return (
        isinstance(value, tuple)
        and len(value) <= MAX_MAKE_UPS
        and all(
            isinstance(m, MakeUp)
            and isinstance(m.name, str)
            and m.name.strip() != ""
            and m.way in WAYS
            and is_text(m.label)
            and is_text(m.covers)
            for m in value
        )
        and len({m.name for m in value}) == len(value)
    )


def fault_of_statuses(value: object) -> str:
    """What is wrong with the statuses that a policy adds, in words; "" when nothing is."""
    if not isinstance(value, tuple) or not all(isinstance(status, AttendanceStatus) for status in value):
        return "its statuses must be a tuple of AttendanceStatus"
    taken = {str(status) for status in Status}
    for status in value:
        if not isinstance(status.name, str) or not status.name.isidentifier() or len(status.name) > MAX_NAME:
            return f"the status {status.name!r} needs a plain word of letters, digits and underscores as its name"
        if status.name in taken:
            return f"the status '{status.name}' has the name of another one"
        if not is_text(status.label):
            return f"the status '{status.name}' needs a label in both languages"
        if not isinstance(status.like, Status):
            return f"the status '{status.name}' must be like one of the host's own"
        taken.add(status.name)
    return ""


def is_form(value: object) -> bool:
    """Fields with names of their own; what comes after another names one that stands before it."""
    if not isinstance(value, tuple) or not all(map(_is_field, value)):
        return False
    names = [field.name for field in value]
    return len(set(names)) == len(names) and all(f.after in ("", *names[:i]) for i, f in enumerate(value))


def _is_field(value: object) -> bool:
    return (
        isinstance(value, Field)
        and isinstance(value.name, str)
        and may_name_a_field(value.name)
        and is_text(value.label)
        and value.kind in FIELD_KINDS
        and _is_text_or_none(value.help)
        and isinstance(value.choices, tuple)
        and all(isinstance(c, Choice) and isinstance(c.value, str) and is_text(c.label) for c in value.choices)
        and isinstance(value.after, str)
        and _is_text_or_none(value.group)
    )


def is_reading(value: object) -> bool:
    """An answer that can be kept, or reasons why not yet."""
    if isinstance(value, Reasons):
        named = value.by_field
        return (
            isinstance(named, Mapping)
            and bool(named)
            and all(isinstance(n, str) and is_text(t) for n, t in named.items())
        )
    return (
        isinstance(value, Answer)
        and isinstance(value.text, str)
        and isinstance(value.data, Mapping)
        and _can_be_kept(dict(value.data))
    )


def _can_be_kept(data: object) -> bool:
    try:
        json.dumps(data, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def are_parts(value: object) -> bool:
    return isinstance(value, tuple) and all(map(_is_part, value))


def _is_part(value: object) -> bool:
    return (
        isinstance(value, Part)
        and is_text(value.label)
        and isinstance(value.text, str)
        and _is_text_or_none(value.why)
        and isinstance(value.choices, tuple)
        and all(isinstance(c, Compared) and is_text(c.label) and _is_text_or_none(c.why) for c in value.choices)
    )


def are_guides(value: object) -> bool:
    """Guides whose links lead to a page of the web, nowhere else."""
    return isinstance(value, tuple) and all(
        isinstance(g, Guide)
        and is_text(g.label)
        and isinstance(g.lines, tuple)
        and all(map(is_text, g.lines))
        and _is_link(g.link)
        and _is_text_or_none(g.link_label)
        for g in value
    )


def are_documents(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(d, Document)
        and isinstance(d.filename, str)
        and isinstance(d.media_type, str)
        and isinstance(d.content, bytes)
        for d in value
    )


def are_starters(value: object) -> bool:
    """A few beginnings of sentences, in both languages."""
    return (
        isinstance(value, tuple)
        and len(value) <= MAX_STARTERS
        and all(isinstance(s, FeedbackStarter) and s.en.strip() and s.fr.strip() for s in value)
    )


# -- frameworks, reports, cards -----------------------------------------------------------------------------


def is_plain_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 60 and bool(PLAIN_NAME.fullmatch(value))


def fault_of_framework(framework: Framework) -> str:
    """What is wrong with the words, maps and resources around a framework's items; "" when nothing is."""
    if not is_text(getattr(framework, "source", None)):
        return "it needs a source in both languages: where its names come from"
    if not _are_maps(framework.maps):
        return "its maps must name a tuple of codes for each module of each course"
    if not isinstance(framework.resources, tuple) or not all(map(_is_resource, framework.resources)):
        return "its resources must be a tuple of Resource, with dates, and links that begin with https://"
    return ""


def _are_maps(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(course, str)
        and isinstance(modules, Mapping)
        and all(
            isinstance(module, str) and isinstance(codes, tuple) and all(isinstance(code, str) for code in codes)
            for module, codes in modules.items()
        )
        for course, modules in value.items()
    )


def _is_link(value: object) -> bool:
    """Nothing, or the address of a page of the web."""
    return isinstance(value, str) and (not value or value.startswith("https://"))


def _is_resource(value: object) -> bool:
    return (
        isinstance(value, Resource)
        and is_text(value.title)
        and _is_link(value.link)
        and isinstance(value.reviewed_on, date)
        and isinstance(value.review_by, date)
        and _is_text_or_none(value.about)
    )


def are_items(value: object) -> bool:
    """Items with codes of their own."""
    return (
        isinstance(value, tuple)
        and 0 < len(value) <= MAX_ITEMS
        and all(
            isinstance(item, FrameworkItem)
            and is_plain_name(item.code)
            and is_text(item.name)
            and _is_text_or_none(item.group)
            and isinstance(item.certain, bool)
            for item in value
        )
        and len({item.code for item in value}) == len(value)
    )


def is_table(value: object) -> bool:
    """As many cells in each row as there are columns, each something that can be written down."""
    return (
        isinstance(value, Table)
        and isinstance(value.columns, tuple)
        and 0 < len(value.columns) <= MAX_COLUMNS
        and all(map(is_text, value.columns))
        and isinstance(value.rows, tuple)
        and len(value.rows) <= MAX_ROWS
        and all(isinstance(row, tuple) and len(row) == len(value.columns) for row in value.rows)
        and all(_is_cell(cell) for row in value.rows for cell in row)
        and _is_text_or_none(value.note)
    )


def _is_cell(value: object) -> bool:
    return value is None or type(value) in (str, int, float, date) or is_text(value)


def is_card_or_none(value: object) -> bool:
    return value is None or (
        isinstance(value, Card)
        and is_text(value.title)
        and isinstance(value.lines, tuple)
        and len(value.lines) <= MAX_LINES
        and all(map(is_text, value.lines))
        and _is_link(value.link)
        and _is_text_or_none(value.link_label)
    )
