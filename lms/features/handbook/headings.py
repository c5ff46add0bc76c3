"""The headings of a page of the handbook: each gets an address of its own, and long pages begin with a list of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from markupsafe import Markup

HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
# From so many headings on, a page begins with a list of them.
MANY = 7


@dataclass(frozen=True)
class Heading:
    """What one heading says, in the page's own markup, and where it stands: `#after-review`."""

    words: Markup
    anchor: str
    level: int


def with_anchors(body: Markup) -> tuple[Markup, tuple[Heading, ...]]:
    """The page with an id for each heading, and its headings in order."""
    found: list[Heading] = []

    def mark(match: re.Match[str]) -> str:
        words = Markup(match[2])
        anchor = _anchor(words.striptags(), {heading.anchor for heading in found})
        found.append(Heading(words, anchor, int(match[1])))
        return f'<h{match[1]} id="{anchor}">{match[2]}</h{match[1]}>'

    return Markup(HEADING.sub(mark, body)), tuple(found)


def listed(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """Those that a list at the top names: none on a short page."""
    return headings if len(headings) >= MANY else ()


def _anchor(words: str, taken: set[str]) -> str:
    """`after_review(event)` is found at `after-review`; a second one of the same words at `after-review-2`."""
    plain = unicodedata.normalize("NFKD", words.partition("(")[0]).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "part"
    number = 1
    while (anchor := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return anchor
