"""How a share of time is said, in both languages: never in percent."""

from __future__ import annotations

import math

from lms.plugin_api.values import Text

PARTS = {
    25: Text("a quarter", "le quart"),
    50: Text("half", "la moitié"),
    75: Text("three quarters", "les trois quarts"),
    80: Text("four fifths", "les quatre cinquièmes"),
    90: Text("nine tenths", "les neuf dixièmes"),
    100: Text("all", "la totalité"),
}


def at_least(percent: int) -> Text:
    """ "at least three quarters", as people say it; where nobody has a word for it "at least 17 of every 20 minutes"."""
    part = PARTS.get(percent) or _minutes_of(percent)
    return part if percent == 100 else Text(f"at least {part.en}", f"au moins {part.fr}")


def _minutes_of(percent: int) -> Text:
    divisor = math.gcd(percent, 100)
    part, of = percent // divisor, 100 // divisor
    return Text(f"{part} of every {of} minutes", f"{part} {'minute' if part == 1 else 'minutes'} sur {of}")
