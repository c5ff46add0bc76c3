"""Telephone numbers as people write them."""

from __future__ import annotations

import re

EXTENSION = re.compile(r"[ ,]*(?:ext\.?|extension|poste|x|#) ?(\d{1,8})$", re.IGNORECASE)
NUMBER = re.compile(r"\+?[\d ().\u00a0\u2011-]+")


def is_phone_number(typed: str) -> bool:
    """Digits with what is written between them, and perhaps an extension: +1 (416) 555-0142 ext. 12."""
    number = EXTENSION.sub("", typed)
    return bool(NUMBER.fullmatch(number)) and 3 <= sum(c.isdigit() for c in number) <= 15


def dialled(typed: str) -> str:
    """The number as a telephone takes it in a `tel:` address."""
    extension = EXTENSION.search(typed)
    number = re.sub(r"[^\d+]", "", EXTENSION.sub("", typed))
    return f"{number};ext={extension[1]}" if extension else number
