"""Frameworks as tables of names: what each list is built from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from lms.plugin_api import Framework, FrameworkItem, Resource, Text

# Module to codes; course name to its modules.
Modules = Mapping[str, tuple[str, ...]]
Maps = Mapping[str, Modules]


def source(en: str, fr: str) -> Text:
    """Where the names come from, with what holds of every list here."""
    return Text(
        f"{en} Names only; the French names are our own plain translations.",
        f"{fr} Les noms seulement; les noms français sont nos propres traductions, en mots simples.",
    )


def read(code: str, en: str, fr: str, group: Text | None = None) -> FrameworkItem:
    """An item whose name was read in public text."""
    return FrameworkItem(code, Text(en, fr), group)


def to_check(code: str, en: str, fr: str, group: Text | None = None) -> FrameworkItem:
    """An item whose name is from general knowledge of the public document, and still to be checked against it."""
    return FrameworkItem(code, Text(en, fr), group, certain=False)


class Names(Framework):
    """A framework that is a list of names."""

    listed: ClassVar[tuple[FrameworkItem, ...]]
    resources: ClassVar[tuple[Resource, ...]] = ()

    def items(self) -> Iterable[FrameworkItem]:
        return self.listed
