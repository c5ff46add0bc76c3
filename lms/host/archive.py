"""A zip that is made while it is sent, so that nothing of it has to be in memory or on a disk whole."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lms.plugin_api.content import Course
from lms.plugin_api.values import Part, Text

Content = str | Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Taken:
    """A page among what somebody takes along: `entries` are a moment, a heading, and what was written then, in order."""

    name: str
    title: Text
    entries: tuple[tuple[datetime, Text, tuple[Part, ...]], ...]


class TakenAlong(Protocol):
    """What a feature adds to the writing that somebody takes along. Features beside it or above; `app.py` names them."""

    def __call__(self, places: Collection[tuple[int, Course]], /) -> Mapping[int, list[Taken]]:
        """Enrolment to its pages, for one person's `places` with their courses, in a constant number of queries."""


class _Sink(io.RawIOBase):
    """What the zip writes, until it is fetched."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.waiting += piece
        return len(piece)

    def fetch(self) -> bytes:
        found = bytes(self.waiting)
        self.waiting.clear()
        return found


def zipped(files: Iterable[tuple[str, Content]], at: datetime) -> Iterator[bytes]:
    """The zip in pieces. Content is text, or a function that gives the bytes in pieces when their turn has come; one
    whose bytes are gone is left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            if isinstance(content, str):
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
            else:
                try:
                    pieces = content()
                except FileNotFoundError:
                    continue
                with archive.open(entry, "w") as out:
                    for piece in pieces:
                        out.write(piece)
                        yield sink.fetch()
            yield sink.fetch()
    yield sink.fetch()


def safe_name(words: str, otherwise: str = "x") -> str:
    """A name that every system can keep: letters without accents, digits and dashes, not too long."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or otherwise
