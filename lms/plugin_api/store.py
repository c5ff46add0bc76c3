"""A small place for a plugin's own notes: documents under keys, apart for each organization and each person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

MAX_KEY = 100
MAX_DOCUMENT = 20_000


class Store(Protocol):
    """Documents (JSON values) of one plugin in one organization. Another plugin or organization sees none of them.

    What is put while an event is told is kept together with the fact that it was told, or not at all. `person` keeps a
    document with somebody: it is taken along with what they wrote, and removed with them.
    """

    def get(self, key: str, *, person: int | None = None) -> Any:
        """The document, or None."""

    def put(self, key: str, value: Any, *, person: int | None = None) -> None:
        """Keep a document. Raises ValueError for one that is no JSON, longer than 20,000 characters, or a key over 100."""

    def delete(self, key: str, *, person: int | None = None) -> None:
        """Forget a document; nothing happens where there is none."""

    def items(self, *, person: int | None = None) -> Iterator[tuple[str, Any]]:
        """Every key with its document, by key."""


def as_document(key: str, value: Any) -> Any:
    """The value as JSON has it. Raises ValueError where it cannot be kept."""
    if not key or len(key) > MAX_KEY:
        raise ValueError(f"A key has 1 to {MAX_KEY} characters.")
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"This is no JSON: {error}") from error
    if len(text) > MAX_DOCUMENT:
        raise ValueError(f"This document has {len(text):,} characters; {MAX_DOCUMENT:,} are the most.")
    return json.loads(text)


class MemoryStore:
    """A `Store` for tests of a plugin."""

    def __init__(self, documents: Mapping[tuple[int | None, str], Any] | None = None) -> None:
        self.documents = dict(documents or {})

    def get(self, key: str, *, person: int | None = None) -> Any:
        return self.documents.get((person, key))

    def put(self, key: str, value: Any, *, person: int | None = None) -> None:
        self.documents[person, key] = as_document(key, value)

    def delete(self, key: str, *, person: int | None = None) -> None:
        self.documents.pop((person, key), None)

    def items(self, *, person: int | None = None) -> Iterator[tuple[str, Any]]:
        yield from sorted((key, value) for (owner, key), value in self.documents.items() if owner == person)
