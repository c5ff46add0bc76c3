"""Names of months as meeting tools write them, in English and French, whole and shortened."""

from __future__ import annotations

_WHOLE = (
    ("january", "janvier"),
    ("february", "février"),
    ("march", "mars"),
    ("april", "avril"),
    ("may", "mai"),
    ("june", "juin"),
    ("july", "juillet"),
    ("august", "août"),
    ("september", "septembre"),
    ("october", "octobre"),
    ("november", "novembre"),
    ("december", "décembre"),
)
_SHORT = {
    "juil": 7,
    "janv": 1,
    "févr": 2,
    "fevr": 2,
    "fevrier": 2,
    "avr": 4,
    "aout": 8,
    "sept": 9,
    "decembre": 12,
    "dec": 12,
}

MONTHS = _SHORT | {
    said: number
    for number, names in enumerate(_WHOLE, start=1)
    for name in names
    for said in (name, name[:3])
    if said != "jui"
}
