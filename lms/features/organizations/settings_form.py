"""A form made from a plugin's declared settings, and what was typed turned back into checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class SettingField:
    """One setting on the page. A secret is never shown again: leaving it empty keeps what is stored."""

    name: str
    label: str
    kind: Literal["line", "number", "tick", "choice", "choices"]
    help: str
    value: Any
    choices: tuple[str, ...] = ()
    secret: bool = False
    required: bool = False


def fields_of(model: type[BaseModel], values: Mapping[str, Any]) -> list[SettingField]:
    """The fields of `model` with the values in force."""
    return [_field(name, info, values) for name, info in model.model_fields.items()]


def fields_as_typed(
    model: type[BaseModel], typed: Mapping[str, list[str]], stored: Mapping[str, Any]
) -> list[SettingField]:
    """The fields with what was typed, to be looked at again. A secret is typed anew."""
    return [replace(field, value=_as_typed(field, typed.get(field.name, []))) for field in fields_of(model, stored)]


def _as_typed(field: SettingField, texts: list[str]) -> Any:
    if field.kind == "choices":
        return texts
    if field.kind == "tick":
        return bool(texts)
    return texts[0] if texts and not field.secret else ""


def _field(name: str, info: FieldInfo, values: Mapping[str, Any]) -> SettingField:
    kind, choices = _kind(info.annotation)
    secret = is_secret(info)
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return SettingField(
        name=name,
        label=info.title or name.replace("_", " ").capitalize(),
        kind=kind,
        help=info.description or "",
        value="" if secret else values.get(name, default),
        choices=choices,
        secret=secret,
        required=info.is_required() and not (secret and values.get(name)),
    )


def is_secret(info: FieldInfo) -> bool:
    extra = info.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("secret"))


def _kind(annotation: Any) -> tuple[Literal["line", "number", "tick", "choice", "choices"], tuple[str, ...]]:
    if annotation is bool:
        return "tick", ()
    if annotation in (int, float):
        return "number", ()
    if get_origin(annotation) is Literal:
        return "choice", tuple(map(str, get_args(annotation)))
    for inner in get_args(annotation):
        if get_origin(inner) is Literal:
            return "choices", tuple(map(str, get_args(inner)))
    return "line", ()


def read_settings(model: type[BaseModel], typed: Mapping[str, list[str]], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Checked settings as JSON values. Raises Incomplete with a sentence for each field that is not right."""
    given: dict[str, Any] = {}
    for field in fields_of(model, stored):
        texts = [text.strip() for text in typed.get(field.name, [])]
        text = texts[0] if texts else ""
        if field.kind == "tick":
            given[field.name] = bool(text)
        elif field.kind == "choices":
            given[field.name] = texts
        elif field.secret and not text and field.name in stored:
            given[field.name] = stored[field.name]
        elif text:
            given[field.name] = text
    try:
        # Typed text becomes numbers here; the model is strict only about what course files say.
        checked = model.model_validate(given, strict=False)
    except ValidationError as error:
        labels = {field.name: field.label for field in fields_of(model, stored)}
        faults = {str(e["loc"][0]) if e["loc"] else "settings": e for e in error.errors(include_url=False)}
        raise Incomplete({name: _sentence(e, labels.get(name, name)) for name, e in faults.items()}) from error
    values: dict[str, Any] = checked.model_dump(mode="json")
    return values


def _sentence(error: Any, label: str) -> Any:
    if error["type"] == "missing":
        return _l("%(setting)s is needed.", setting=label)
    return _l("%(setting)s: %(what)s.", setting=label, what=error["msg"].removeprefix("Value error, ").rstrip("."))
