"""Tables as files for a spreadsheet, in the language of now."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from lms.host.i18n import language

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows, the first with the headings. French spreadsheets part with semicolons; the mark in front says UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language() == "fr" else ",", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return ("\ufeff" + text.getvalue()).encode()


def _written(cell: object) -> object:
    """Words without formulas; numbers with the comma of the language."""
    if isinstance(cell, float) and language() == "fr":
        return str(cell).replace(".", ",")
    return defused(cell) if isinstance(cell, str) else cell


def defused(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in FORMULA or text.lstrip().startswith(FORMULA) else text
