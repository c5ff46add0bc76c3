"""The word of a class: two syllables and two digits, shown on the trainer's screen, another one every minute.

It is made from the host's secret, the class and the minute, so that nothing is kept that could be taken, and so that the
word of one class never opens another.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

WINDOW = 60  # seconds for which a word is shown; it is taken for one more
EARLIER = 30  # words back that are known as words of this class which are over

# Two syllables that sound the same in English and French, with letters that nobody takes for another. What they make
# together was read through: no word of these has a meaning that hurts, in either language.
_FIRST = (
    "BA", "DA", "KA", "LA", "MA", "NA", "PA", "RA", "TA", "VA", "BE", "DE", "LE", "ME", "NE", "RE", "VE", "DU", "LU", "MU",
    "RU", "TU",
)  # fmt: skip
_LAST = ("BA", "DA", "LA", "MA", "NA", "RA", "TA", "VA")
_LEFT_OUT = {"DEBA", "MUTA", "NEBA", "PABA", "RETA", "TUMA", "TUTA"}
WORDS = tuple(word for first in _FIRST for last in _LAST if (word := first + last) not in _LEFT_OUT)
DIGITS = "23456789"  # 0 and 1 look like letters


def word_at(secret: str, meeting_id: int, moment: datetime) -> str:
    """The word on the screen of a class at this moment, like `LUNA 47`."""
    word = _word(secret, meeting_id, int(moment.timestamp()) // WINDOW)
    return f"{word[:-2]} {word[-2:]}"


def _word(secret: str, meeting_id: int, window: int) -> str:
    """As it is compared, like `LUNA47`: one of some ten thousand, so that nobody finds it from home in a few tries."""
    made = hmac.digest(secret.encode(), f"check-in:{meeting_id}:{window}".encode(), "sha256")
    return WORDS[int.from_bytes(made[:8]) % len(WORDS)] + DIGITS[made[8] % 8] + DIGITS[made[9] % 8]


def seconds_left(moment: datetime) -> int:
    """How long the word of this moment will still be shown: 1 to WINDOW."""
    return WINDOW - int(moment.timestamp()) % WINDOW


def folded(typed: str) -> str:
    """A word as it is compared: capital letters without accents and digits, whatever stands between them."""
    plain = unicodedata.normalize("NFKD", typed[:100]).upper()
    return re.sub(r"[^A-Z0-9]", "", plain)


class Heard(Enum):
    """What a typed word turned out to be."""

    RIGHT = auto()
    OVER = auto()  # it was on this screen some minutes ago
    OTHER_CLASS = auto()
    WRONG = auto()


def heard(typed: str, secret: str, meeting_id: int, moment: datetime, others: tuple[int, ...] = ()) -> Heard:
    """What `typed` is at this class. The word that has just gone is still right: people type, and clocks differ.

    `others` are classes that go on elsewhere at the same time.
    """
    said, window = folded(typed), int(moment.timestamp()) // WINDOW
    if not said:
        return Heard.WRONG
    if said in (_word(secret, meeting_id, window), _word(secret, meeting_id, window - 1)):
        return Heard.RIGHT
    if any(said in (_word(secret, id, window), _word(secret, id, window - 1)) for id in others):
        return Heard.OTHER_CLASS
    if any(said == _word(secret, meeting_id, window - back) for back in range(2, EARLIER)):
        return Heard.OVER
    return Heard.WRONG


@dataclass(frozen=True)
class Door:
    """From when to when people can check in to a class."""

    opens: datetime
    closes: datetime

    def early(self, now: datetime) -> bool:
        return now < self.opens

    def late(self, now: datetime) -> bool:
        return now >= self.closes


def door(minutes_before: int | None, starts: datetime, ends: datetime) -> Door | None:
    """The door of a class; None where the group does not check in."""
    return None if minutes_before is None else Door(starts - timedelta(minutes=minutes_before), ends)
