"""A form made from a plugin's declared settings, and what was typed turned back into checked values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from lms.host.errors import Incomplete
from lms.host.i18n import in_language
from lms.host.i18n import lazy_gettext as _l
from lms.host.sealed import FROM_ENVIRONMENT
from lms.plugin_api.settings import Setting, SettingError
from lms.plugin_api.values import Text


@dataclass(frozen=True)
class SettingField:
    """One setting on the page. A secret is never shown again: leaving it empty keeps what is stored."""

    name: str
    label: str
    kind: Literal["line", "number", "tick", "choice", "choices"]
    help: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()  # value and word
    secret: bool = False
    required: bool = False
    default: str = ""
    reference: str = ""  # where a secret is read from, if that is a place outside
    again: bool = False  # a secret that cannot be read any more


def fields_of(model: type[BaseModel], values: Mapping[str, Any], again: Collection[str] = ()) -> list[SettingField]:
    """The fields of `model` with the values in force; the secrets named in `again` cannot be read any more."""
    fields = [_field(name, info, values) for name, info in model.model_fields.items()]
    return [replace(field, again=field.name in again) for field in fields]


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
    words = _words(name, info)
    secret = words.secret
    stored = str(values.get(name) or "") if secret else ""
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    return SettingField(
        name=name,
        label=in_language(words.label),
        kind=kind,
        help=in_language(words.help),
        value="" if secret else values.get(name, default),
        choices=tuple((value, in_language(words.choices.get(value)) or _from_name(value)) for value in choices),
        secret=secret,
        required=info.is_required() and not stored,
        default=str(default) if kind in ("line", "number") and not secret and default not in (None, "") else "",
        reference=stored.removeprefix(FROM_ENVIRONMENT) if stored.startswith(FROM_ENVIRONMENT) else "",
    )


def _words(name: str, info: FieldInfo) -> Setting:
    """What the plugin says about the field; without a `Setting`, the field's name is all there is to show."""
    said = next((said for said in info.metadata if isinstance(said, Setting)), None)
    return said or Setting(Text(_from_name(name), _from_name(name)))


def _from_name(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


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


def read_settings(
    model: type[BaseModel],
    typed: Mapping[str, list[str]],
    stored: Mapping[str, Any],
    *,
    rest: Mapping[str, Any] | None = None,
    only: Collection[str] | None = None,
) -> dict[str, Any]:
    """Checked settings as JSON values. Raises Incomplete with a sentence for each field that is not right.

    Where a form has `only` some of the fields, the `rest` has the values of others.
    """
    given: dict[str, Any] = dict(rest or {})
    for field in fields_of(model, stored):
        if only is not None and field.name not in only:
            continue
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
        raise Incomplete(sentences_of(error, labels)) from error
    except Exception as error:  # the plugin's own checks stopped, instead of saying what is wrong
        raise Incomplete({"settings": _l("The plugin could not check these settings. Nothing was changed.")}) from error
    values: dict[str, Any] = checked.model_dump(mode="json")
    return values


def sentences_of(error: ValidationError, labels: Mapping[str, str]) -> dict[str, Any]:
    """A sentence for each field that is not right; `labels` are what the fields are called."""
    faults = {str(e["loc"][0]) if e["loc"] else "settings": e for e in error.errors(include_url=False)}
    return {name: _sentence(e, labels.get(name, name)) for name, e in faults.items()}


# What pydantic finds, in the host's own words: those of pydantic are English, and for programmers.
SENTENCES = {
    "int_parsing": _l("Enter a whole number"),
    "int_from_float": _l("Enter a whole number"),
    "float_parsing": _l("Enter a number"),
    "literal_error": _l("Choose one of those offered"),
    "string_too_long": _l("Use at most %(max_length)s characters"),
    "string_too_short": _l("Use at least %(min_length)s characters"),
    "too_short": _l("Choose at least %(min_length)s"),
    "too_long": _l("Choose at most %(max_length)s"),
    "greater_than": _l("Enter more than %(gt)s"),
    "greater_than_equal": _l("Enter %(ge)s or more"),
    "less_than": _l("Enter less than %(lt)s"),
    "less_than_equal": _l("Enter %(le)s or less"),
}


def _sentence(error: Any, label: str) -> Any:
    if error["type"] == "missing":
        return _l("%(setting)s is needed.", setting=label)
    return _l("%(setting)s: %(what)s.", setting=label, what=_what(error).rstrip("."))


def _what(error: Any) -> str:
    """What is wrong: as the plugin says it, else as the host does, else as pydantic does."""
    context: dict[str, Any] = error.get("ctx", {})
    raised = context.get("error")
    if isinstance(raised, SettingError):
        return in_language(raised.sentence)
    if error["type"] in SENTENCES:
        return str(SENTENCES[error["type"]]) % context
    return str(error["msg"]).removeprefix("Value error, ")
