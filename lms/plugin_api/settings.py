"""The words around a setting: what it is called, what helps to fill it in, and what to say when it cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.plugin_api.values import Text


@dataclass(frozen=True)
class Setting:
    """Stands in the `Annotated` of a settings field. `choices` has words for the values of a `Literal`; a `secret` is never
    shown again."""

    label: Text
    help: Text | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)
    secret: bool = False


class SettingError(ValueError):
    """Raise it in a validator of settings: the sentence stands beside the field, in the language of whoever fills it in."""

    def __init__(self, en: str, fr: str) -> None:
        super().__init__(en)
        self.sentence = Text(en, fr)
