"""Markdown of course files to safe HTML. What people type never comes here: that is plain text.

Bounded in time: Python-Markdown needs minutes for brackets that are never closed, so texts that could do that are
refused and shown as plain text. Then nh3 keeps a list of elements and drops the rest.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache

import nh3
from markupsafe import Markup

VERSION = "1"
MAX_LENGTH = 60_000
# Openings of links, images, tags and emphasis that are never closed are what makes the parser slow.
MAX_RUN = 20
MAX_OPENINGS = 2_000

_SAME_SIGN = re.compile(rf"([\[\](){{}}<>*_`!~^])\1{{{MAX_RUN},}}")
_NEVER_CLOSED = re.compile(rf"(?:(?:!?\[|<|\]\()[^\n\]>]{{0,3}}){{{MAX_RUN},}}")

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt",
    "dd", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "div", "sup", "section", "details", "summary", "input",
    "abbr", "kbd", "label", "span", "del", "mark", "s",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "width", "height"},
    "th": {"align", "scope"},
    "td": {"align"},
    "abbr": {"title"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
    "input": {"type", "checked", "disabled"},
}
CLASSES = {
    "div": {"admonition", "note", "tip", "example", "warning", "footnote"},
    "p": {"admonition-title"},
    "li": {"task-list-item"},
    "ul": {"task-list"},
    "a": {"footnote-ref", "footnote-backref"},
}


def render(text: str, pictures: Mapping[str, str] | None = None) -> Markup:
    """Safe HTML of a Markdown `text`. `pictures` maps a name in the course folder to the address that serves it."""
    return Markup(_render(text, tuple(sorted((pictures or {}).items()))))


@lru_cache(maxsize=512)
def _render(text: str, pictures: tuple[tuple[str, str], ...]) -> str:
    if is_hostile(text):
        return f"<p>{html.escape(text[:MAX_LENGTH])}</p>"
    addresses = dict(pictures)

    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src":
            return addresses.get(value)
        if tag == "input" and attribute == "type" and value != "checkbox":
            return None
        return value

    return nh3.clean(
        _parser_output(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        attribute_filter=allowed,
        url_schemes={"http", "https", "mailto", "tel", "sms"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def is_hostile(text: str) -> bool:
    """True for a text that could take the parser more than a moment."""
    if len(text) > MAX_LENGTH or _SAME_SIGN.search(text):
        return True
    openings = sum(text.count(sign) for sign in "[<*_`")
    return openings > MAX_OPENINGS or bool(_NEVER_CLOSED.search(text))


def _parser_output(text: str) -> str:
    import markdown

    parser = markdown.Markdown(
        extensions=["tables", "footnotes", "admonition", "def_list", "pymdownx.tasklist"],
        extension_configs={"footnotes": {"UNIQUE_IDS": True}},
        output_format="html",
    )
    # Headings of a course file start below the page's own h1.
    return parser.convert(text).replace("<h1", "<h2").replace("</h1>", "</h2>")
