"""YAML with positions: every fault of a file at once, each with line, column and what to do.

YAML's surprises are left out: only true and false are booleans, dates stay text, a key given twice is an error,
anchors and aliases are refused (a small file could expand without end).
"""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

MAX_FILE = 200_000
MAX_DEPTH = 40
MAX_EXCERPT = 160
# The reader in C, twenty times as quick, where PyYAML brings it: everywhere but on PyPy.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: where (line and column count from 1; 0 when the whole file is meant), and a sentence."""

    file: str
    message: str
    line: int = 0
    column: int = 0
    path: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"
        return f"{head}\n{self.line:>5} | {self.excerpt}" if self.excerpt else head


@dataclass
class Manifest:
    """The values of one YAML text, with the place of each, and the faults found so far."""

    file: str
    lines: list[str]
    values: Any = None
    places: dict[Location, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, location: Location, message: str, *, key: bool = False) -> Fault:
        """A fault at `location` in this file; at its nearest known parent when the value itself is missing."""
        place = self.places.get((*location, "\0key")) if key else None
        known = location
        while place is None:
            place = self.places.get(known)
            if place is None and not known:
                place = (1, 1)
            known = known[:-1]
        line, column = place
        return Fault(self.file, message, line, column, dotted(location), self.excerpt(line))

    def excerpt(self, line: int) -> str:
        """The text of `line`, cut where it is too long to read."""
        text = self.lines[line - 1].rstrip() if 0 < line <= len(self.lines) else ""
        return text if len(text) <= MAX_EXCERPT else f"{text[:MAX_EXCERPT]}..."

    def add(self, location: Location, message: str, *, key: bool = False) -> None:
        self.faults.append(self.fault(location, message, key=key))


def dotted(location: Iterable[str | int]) -> str:
    """`("modules", 0, "title")` as `modules[0].title`."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def read_yaml(text: str, file: str, *, first_line: int = 1) -> Manifest:
    """Read one YAML text. `first_line` is where it starts in its file (front matter starts on line 2)."""
    manifest = Manifest(file, [""] * (first_line - 1) + text.splitlines())
    if len(text) > MAX_FILE:
        manifest.faults.append(Fault(file, f"This file is longer than {MAX_FILE:,} characters. Split it."))
        return manifest
    reader = _Reader(manifest, first_line - 1)
    try:
        reader.refuse_surprises(text)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        line, column, problem = _described(error, text)
        line += first_line
        message = f"This is not YAML that can be read: {problem}."
        manifest.faults.append(Fault(file, message, line, column + 1, "", manifest.excerpt(line)))
        return manifest
    manifest.values = reader.value(node, ()) if node is not None else {}
    return manifest


def _described(error: yaml.YAMLError, text: str) -> tuple[int, int, str]:
    """Line and column, counted from 0, and what is wrong there."""
    no_text = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if no_text:
        before = text[: no_text.start()]
        return before.count("\n"), len(before) - before.rfind("\n") - 1, "there is a sign that is no text"
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or "something is missing")
    if isinstance(error, (yaml.scanner.ScannerError, yaml.parser.ParserError)):
        problem += ". Texts with signs such as : ? # , { [ belong in quotes"
    return (mark.line, mark.column, problem) if mark else (0, 0, problem)


class _Reader:
    """Turns YAML nodes into dicts, tuples and scalars, noting the place of each."""

    def __init__(self, manifest: Manifest, offset: int) -> None:
        self.manifest = manifest
        self.offset = offset

    def refuse_surprises(self, text: str) -> None:
        """Raises for what could grow without end: anchors, aliases, tags, and groups in groups in groups."""
        depth = 0
        for event in yaml.parse(text, Loader=LOADER):
            mark: Any = event.start_mark
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise yaml.MarkedYAMLError(problem="this is too deeply nested", problem_mark=mark)
            if getattr(event, "anchor", None) or getattr(event, "tag", None):
                raise yaml.MarkedYAMLError(
                    problem="anchors, aliases and tags are not used in course files",
                    problem_mark=mark,
                )

    def value(self, node: yaml.Node, location: Location) -> Any:
        self._note(location, node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item, (*location, i)) for i, item in enumerate(node.value))
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            where = (*location, key)
            if key in values:
                line, column = self._place(key_node)
                self.manifest.faults.append(
                    Fault(
                        self.manifest.file,
                        f"The key '{key}' is given twice (first on line {first_lines[key]}).",
                        line,
                        column,
                        dotted(location),
                        self.manifest.excerpt(line),
                    )
                )
                continue
            first_lines[key] = self._place(key_node)[0]
            self.manifest.places[(*where, "\0key")] = self._place(key_node)
            values[key] = self.value(value_node, where)
        return values

    def _note(self, location: Location, node: yaml.Node) -> None:
        self.manifest.places[location] = self._place(node)

    def _place(self, node: yaml.Node) -> tuple[int, int]:
        return node.start_mark.line + 1 + self.offset, node.start_mark.column + 1


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None):  # quoted or a block: always text
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "~", "null"):
        return None
    if re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}", text):
        return float(text)
    return text


_WORDS = {
    "missing": "This is missing. Add it.",
    "string_type": "This should be text. Put it in quotes if it looks like a number.",
    "int_type": "This should be a whole number.",
    "float_type": "This should be a number.",
    "bool_type": "This should be true or false.",
    "tuple_type": "This should be a list.",
    "dict_type": "This should be a group of keys and values.",
    "mapping_type": "This should be a group of keys and values.",
    "model_type": "This should be a group of keys and values.",
    "dataclass_type": 'This should be in both languages: {en: "...", fr: "..."}.',
}
_LANGUAGES = {"en": "English", "fr": "French"}


def check_model(manifest: Manifest, model: type[Model]) -> Model | None:
    """The manifest's values as `model`, or None with a fault for each thing that is wrong."""
    if manifest.faults and manifest.values is None:
        return None
    values = manifest.values if manifest.values is not None else {}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        manifest.faults.extend(faults_of(error, manifest, model))
        return None


class _Unread(tuple[Any, ...]):
    """Stands for what could not be read: it is there, nothing is in it, and each part of it is as unknown. So a check that
    looks further finds no second fault where one was told already."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> _Unread:
        return self


UNREAD: Any = _Unread()


def sound_fields(values: Any, model: type[BaseModel]) -> dict[str, Any]:
    """What can be read of the model's fields, and the defaults of those left out."""
    values = values if isinstance(values, dict) else {}
    read: dict[str, Any] = {}
    for name, known in model.model_fields.items():
        key = known.alias or name
        if key in values:
            read[name] = _sound(values[key], known)
        elif not known.is_required():
            read[name] = known.get_default(call_default_factory=True)
    return {name: value for name, value in read.items() if value is not UNREAD}


def sound_part(values: Any, model: type[Model]) -> Model:
    """The model with what can be read of it; the rest is UNREAD."""
    read = sound_fields(values, model)
    return model.model_construct(**{f.alias or name: read.get(name, UNREAD) for name, f in model.model_fields.items()})


def _sound(value: Any, wanted: FieldInfo) -> Any:
    """The value as wanted. Of groups, and of lists of groups, what can be read; of all else, all or UNREAD."""
    annotation: Any = Annotated[(wanted.annotation, *wanted.metadata)] if wanted.metadata else wanted.annotation
    alone = create_model("Alone", __config__=ConfigDict(strict=True), value=(annotation, ...))
    with contextlib.suppress(ValidationError):
        return dict(alone.model_validate({"value": value}))["value"]
    model = _inner_model(wanted.annotation)
    if not hasattr(model, "model_fields"):
        return UNREAD
    if isinstance(value, tuple):
        return tuple(sound_part(item, model) for item in value)
    return sound_part(value, model) if isinstance(value, dict) else UNREAD


def faults_of(error: ValidationError, manifest: Manifest, model: type[BaseModel], under: Location = ()) -> list[Fault]:
    """pydantic's errors as faults with places. `under` is where the checked values stand in the manifest."""
    faults: list[Fault] = []
    for item in error.errors(include_url=False):
        location: Location = (*under, *item["loc"])
        kind, context = item["type"], item.get("ctx", {})
        if kind == "too_short" and len(item["input"]) >= context.get("min_length", 0):
            continue  # long enough as written; its items have their own faults
        if kind in ("extra_forbidden", "unexpected_keyword_argument"):
            known = _known_keys(model, item["loc"][:-1])
            faults.append(manifest.fault(location, _unknown_key(str(item["loc"][-1]), known), key=True))
        elif kind == "literal_error":
            faults.append(manifest.fault(location, _not_one_of(item["input"], str(context.get("expected", "")))))
        elif kind == "missing" and (language := _LANGUAGES.get(str(location[-1]))):
            faults.append(manifest.fault(location, f"This is missing. Write the {language} beside the other language."))
        elif kind in ("too_short", "too_long") and isinstance(item["input"], tuple):
            least, most = context.get("min_length"), context.get("max_length")
            cure = (
                f"at least {least} are needed. Add what is missing" if least else f"{most} is the most. Leave some out"
            )
            faults.append(manifest.fault(location, f"{len(item['input'])} here, {cure}."))
        elif kind == "string_pattern_mismatch":
            faults.append(
                manifest.fault(location, "Use lower-case letters, digits and single hyphens, like first-coffee.")
            )
        else:
            words = _WORDS.get(kind) or f"{item['msg'].removeprefix('Value error, ').rstrip('.')}."
            faults.append(manifest.fault(location, words))
    return faults


def _unknown_key(key: str, known: Iterable[str]) -> str:
    known = sorted(known)
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return f"The key '{key}' is not known here. Did you mean '{close[0]}'?"
    return f"The key '{key}' is not known here." + (f" Known: {', '.join(known)}." if known else "")


def _not_one_of(given: object, expected: str) -> str:
    names = re.findall(r"'([^']+)'", expected)
    close = difflib.get_close_matches(str(given), names, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    return f"'{given}' is not one of {expected}.{hint}"


def _known_keys(model: Any, location: Iterable[str | int]) -> list[str]:
    """The keys that the model knows at `location`, as far as annotations tell."""
    for step in location:
        if isinstance(step, int):
            continue
        fields: Mapping[str, Any] = getattr(model, "model_fields", {})
        match = next((f for name, f in fields.items() if (f.alias or name) == step), None)
        if match is None:
            return []
        model = _inner_model(match.annotation)
        if model is None:
            return []
    if dataclasses.is_dataclass(model):
        return [field.name for field in dataclasses.fields(model)]
    fields = getattr(model, "model_fields", {})
    return [getattr(f, "alias", None) or name for name, f in fields.items()]


def _inner_model(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields") or hasattr(annotation, "__dataclass_fields__"):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _inner_model(inner)
        if found is not None:
            return found
    return None
