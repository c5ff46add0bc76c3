"""PDF pages for certificate issuers, by typst: tagged, with language and title, the same bytes each time.

Needs the extra `certificates` (typst and segno); without it `can_make_pdf()` is False and an issuer may return no
document: the host then offers its printable page.
"""

from __future__ import annotations

import importlib.util
import io
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from babel.dates import format_date


class CannotDraw(Exception):
    """Some of the signs on the page are in no font of this host."""


def can_make_pdf() -> bool:
    """True when the PDF libraries are installed."""
    return all(importlib.util.find_spec(name) for name in ("typst", "segno"))


def make_pdf(template: str, values: Mapping[str, object], files: Mapping[str, bytes] | None = None) -> bytes:
    """A PDF/UA-1 document from a typst template.

    The template reads `values` with `json(bytes(sys.inputs.values))`, never by pasting, so that no name can become
    code. `files` are pictures that it may name. Raises CannotDraw for signs that no
    font here has, and typst's own error for a template that does not compile.
    """
    import typst

    folder = Path(tempfile.mkdtemp(prefix="paper-"))
    try:
        for name, content in (files or {}).items():
            (folder / Path(name).name).write_bytes(content)
        source = folder / "main.typ"
        source.write_text(template, encoding="utf-8")
        made = typst.compile(
            str(source),
            root=str(folder),
            sys_inputs={"values": json.dumps(dict(values), sort_keys=True)},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        if "could not be displayed" in str(error):
            raise CannotDraw(str(error)) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not isinstance(made, bytes):
        raise TypeError("The template has more than one output.")
    return made


def in_words(day: date, language: str) -> str:
    """`March 27, 2026`, or `27 mars 2026` where `language` begins with "fr"; the first of a month is `1er mai 2026`."""
    if not language.startswith("fr"):
        return format_date(day, "long", locale="en_CA")
    said = format_date(day, "long", locale="fr_CA")
    return re.sub(r"^1\b(?!er)", "1er", said)


def make_qr(address: str) -> bytes:
    """An SVG picture of `address` as a QR code."""
    import segno

    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=0, xmldecl=False)
    return picture.getvalue()
