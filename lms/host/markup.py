"""Words as safe HTML: Markdown of course files, and what people type, which is plain text.

Bounded in time: Python-Markdown needs minutes for brackets that are never closed, so texts that could do that are
refused and shown as plain text. Then nh3 keeps a list of elements and drops the rest.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import nh3
from markupsafe import Markup, escape

MAX_LENGTH = 60_000
# What makes the parser slow: openings of links, images, tags and emphasis that are never closed, lists inside lists in
# one line, the same footnote again and again, and blocks (lines without an empty one between) of a thousand lines.
MAX_RUN = 20
MAX_OPENINGS = 2_000
MAX_UNCLOSED = 60
MAX_FOOTNOTES = 200
MAX_BLOCK_LINES = 400

_SAME_SIGN = re.compile(rf"([\[\](){{}}<>*_`!~^])\1{{{MAX_RUN},}}")
_NEVER_CLOSED = re.compile(rf"(?:(?:!?\[|<|\]\()[^\n\]>]{{0,3}}){{{MAX_RUN},}}")
_LIST_IN_LIST = re.compile(rf"^[ \t]*(?:(?:[-*+>:]|\d+\.)[ \t]+){{{MAX_RUN},}}", re.MULTILINE)
_FOOTNOTE_ID = re.compile(r"fn(ref\d*)?:\S+")

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
        return _plain(text)
    addresses = dict(pictures)

    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src":
            return addresses.get(value)
        if attribute == "id" and not _FOOTNOTE_ID.fullmatch(value):
            return None  # an id of the page's own would lead its labels and links astray
        return value

    try:
        made = _parser_output(text)
    except RecursionError:
        return _plain(text)
    clean = nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        attribute_filter=allowed,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
        url_schemes={"http", "https", "mailto", "tel", "sms"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    clean = _TABLE.sub(lambda table: _named_cells(table[0]), clean)
    # A wide table scrolls in a box of its own; the focus can go there, so that the arrow keys scroll it too.
    clean = clean.replace("<table>", '<div class="scrolls" tabindex="0"><table>').replace("</table>", "</table></div>")
    return whole_numbers(clean)


_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
NARROW = 2  # so many columns stand beside each other on a phone


def _named_cells(table: str) -> str:
    """The table with what heads a column at each of its cells: a phone shows a wide one cell by cell."""
    heads = [re.sub(r"<[^>]*>", "", head).strip().replace('"', "&quot;") for head in _HEAD.findall(table)]
    if len(heads) <= NARROW:
        return table

    def named(row: re.Match[str]) -> str:
        names = iter(heads)
        return re.sub(r"<td\b", lambda _cell: f'<td data-of="{next(names, "")}"', row[0])

    return _ROW.sub(named, table)


def _plain(text: str) -> str:
    return f"<p>{html.escape(text[:MAX_LENGTH])}</p>"


def is_hostile(text: str) -> bool:
    """True for a text that could take the parser more than a moment."""
    if len(text) > MAX_LENGTH or _SAME_SIGN.search(text) or _LIST_IN_LIST.search(text):
        return True
    openings = sum(text.count(sign) for sign in "[<*_`")
    if openings > MAX_OPENINGS or text.count("[^") > MAX_FOOTNOTES or _NEVER_CLOSED.search(text):
        return True
    blocks = re.split(r"\n[ \t]*\n", text)
    if any(block.count("\n") > MAX_BLOCK_LINES for block in blocks):
        return True
    return sum(map(_unclosed_brackets, blocks)) + text.count("``") > MAX_UNCLOSED


def _unclosed_brackets(block: str) -> int:
    """How many `[` of `block` find no `]`; what is code or escaped does not count."""
    opened = 0
    for sign in re.findall(r"[\[\]]", re.sub(r"\\.|`[^`\n]*`", "", block)):
        opened = opened + 1 if sign == "[" else max(opened - 1, 0)
    return opened


# Superfences makes code between fences. Python-Markdown's own fenced_code takes half a minute for a page of fences
# that are never closed.
EXTENSIONS = (
    "tables",
    "footnotes",
    "admonition",
    "def_list",
    "pymdownx.tasklist",
    "pymdownx.highlight",
    "pymdownx.superfences",
)


_of_this_thread = threading.local()


def _parser_output(text: str) -> str:
    """One parser serves many texts of a thread: to make it takes as long as a page does. One that stopped in the middle
    serves no other."""
    parser = _of_this_thread.__dict__.pop("parser", None) or _new_parser()
    made: str = parser.reset().convert(text)
    _of_this_thread.parser = parser
    # Headings of a course file start below the page's own h1.
    return made.replace("<h1", "<h2").replace("</h1>", "</h2>")


def _new_parser() -> Any:
    import markdown

    return markdown.Markdown(
        extensions=EXTENSIONS,
        extension_configs={
            "tables": {"use_align_attribute": True},
            "pymdownx.highlight": {"use_pygments": False},
        },
        output_format="html",
    )


_TAG = re.compile(r"(<[^>]*>)")
_HELP_LINE = re.compile(r"(?<![\w-])9-(?:8-8|1-1)(?![\w-])")


def whole_numbers(made: str) -> Markup:
    """HTML in which the numbers of the help lines are never broken at the end of a line."""
    parts = _TAG.split(made)
    parts[::2] = [_HELP_LINE.sub(r'<span class="whole">\g<0></span>', words) for words in parts[::2]]
    return Markup("".join(parts))


# -- what people typed --------------------------------------------------------------------------------------

_LINK = re.compile(r"\bhttps?://[^\s<>\"']{3,500}")


def plain_text(text: str) -> Markup:
    """Text as typed: paragraphs and line breaks by style, addresses as links, everything else inert."""
    made: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        url = match.group().rstrip(".,;:!?)")
        made.append(escape(text[end : match.start()]))
        made.append(Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>').format(url))
        end = match.start() + len(url)
    return Markup("".join([*made, escape(text[end:])]))
