"""Competency frameworks: lists of names that a course can be held against, with where they come from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from lms.plugin_api.contracts import Provider
from lms.plugin_api.values import Text


@dataclass(frozen=True, slots=True)
class FrameworkItem:
    """One value, principle or competency. `certain` is False where the name is still to be checked against its source."""

    code: str
    name: Text
    group: Text | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to read elsewhere; without a `link` it is found by its title. After `review_by` the host says that nobody
    has looked at it lately."""

    title: Text
    reviewed_on: date
    review_by: date
    link: str = ""
    about: Text | None = None


class Framework(Provider):
    """Items under codes of their own. `source` says in words where the names come from, and what is not claimed.

    Name and codes are of lower-case letters, digits and hyphens: a module of a course says what it teaches as
    `teaches: [name:code]`. `maps` adds that for courses whose files do not say it: course id to module to codes.
    """

    source: ClassVar[Text]
    maps: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType({})
    resources: ClassVar[tuple[Resource, ...]] = ()

    @abstractmethod
    def items(self) -> Iterable[FrameworkItem]:
        """Every item, in the order in which it is read. Asked at start-up."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One item with the modules that teach it: pairs of course and module, as they were given."""

    item: FrameworkItem
    taught_in: tuple[tuple[str, str], ...] = ()


def coverage(
    framework: str, items: Iterable[FrameworkItem], taught: Mapping[tuple[str, str], Iterable[str]]
) -> tuple[Coverage, ...]:
    """For each item the modules that teach it. `taught` has (course, module) to `framework:code` names; others are left."""
    by_code: dict[str, list[tuple[str, str]]] = {}
    for place, names in taught.items():
        for name in names:
            owner, _, code = name.partition(":")
            if owner == framework:
                by_code.setdefault(code, []).append(place)
    return tuple(Coverage(item, tuple(by_code.get(item.code, ()))) for item in items)
