"""Whether a plugin answered with what was asked for. Dataclasses check nothing by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import get_args, get_type_hints

from lms.plugin_api.content import FeedbackStarter
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
        and isinstance(g.link, str)
        and (not g.link or g.link.startswith("https://"))
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
