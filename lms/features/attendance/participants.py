"""The list of participants that a meeting tool gives: who was there, and when. Pure reading; nothing here is kept.

Known are Zoom's report (with or without the lines about the meeting above) and Teams' (three parts, tabs, UTF-16), in
English and French, and any table with a column of names and one of minutes or times. Every cell is text, whatever
a spreadsheet would make of it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from lms.features.attendance.list_times import Moment, read_moment, read_seconds
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l
from lms.host.i18n import long_day

MAX_BYTES = 1_000_000
MAX_ROWS = 3_000
MAX_PEOPLE = 300
MAX_SPANS = 100  # of one person: each is somebody coming back

Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """One line of a list: somebody came and left. What it does not say is None."""

    name: str
    email: str = ""
    came: Moment | None = None
    left: Moment | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Guest:
    """Somebody on the list: times within the class in seconds from its start, and seconds that have no times."""

    name: str
    email: str
    spans: tuple[Span, ...] = ()
    loose: int = 0


class Unreadable(Incomplete):
    """The list cannot be taken; the sentence says why."""

    def __init__(self, sentence: object) -> None:
        super().__init__({"list": sentence})


# -- the file -----------------------------------------------------------------------------------------------

_COLUMNS = {
    "name": (
        "name (original name)", "name", "full name", "display name", "user name", "participant", "participant name",
        "attendee", "nom (nom d'origine)", "nom (nom original)", "nom", "nom complet", "nom d'utilisateur",
        "nom du participant", "nom d'affichage",
    ),
    "first": ("first name", "prenom"),
    "last": ("last name", "surname", "family name", "nom de famille"),
    "email": (
        "user email", "email", "e-mail", "email address", "e-mail address", "adresse e-mail", "adresse email", "courriel",
        "adresse courriel", "adresse de courriel", "adresse e-mail de l'utilisateur", "participant id (upn)",
        "id du participant (upn)", "id de participant (upn)",
    ),
    "came": (
        "join time", "first join", "first join time", "heure d'arrivee", "heure de connexion", "heure d'entree",
        "heure de participation", "heure de debut de participation", "premiere participation", "premiere connexion",
        "rejoint a", "arrivee",
    ),
    "left": (
        "leave time", "last leave", "last leave time", "heure de depart", "heure de sortie", "heure de deconnexion",
        "dernier depart", "derniere sortie", "quitte a", "depart",
    ),
    "seconds": (
        "duration (minutes)", "total duration (minutes)", "in-meeting duration", "duration", "minutes", "time in meeting",
        "time in meeting (minutes)", "attendance duration", "duree (minutes)", "duree totale (minutes)", "duree",
        "duree de la reunion", "duree en reunion", "duree de participation", "temps en reunion",
    ),
    "waiting": ("in waiting room", "en salle d'attente", "dans la salle d'attente"),
}  # fmt: skip
_BY_HEADING = {heading: column for column, headings in _COLUMNS.items() for heading in headings}
_YES = ("yes", "oui", "true", "vrai")


def read_list(data: bytes) -> list[Row]:
    """Every line of the list about somebody in the meeting. Raises Unreadable, and nothing else."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_l("This file is too large for a list of participants."))
    text = decoded(data)
    tables = [rows for rows in (_rows(text, separator) for separator in "\t,;") if rows is not None]
    if not tables:
        raise Unreadable(
            _l("We cannot read this list. It needs a column with names, and one with minutes or with times.")
        )
    found = max(tables, key=len)
    if not found:
        raise Unreadable(_l("Nobody is on this list."))
    return found


def decoded(data: bytes) -> str:
    """The text of a file: UTF-16 or UTF-8 with or without a mark at its beginning, else Windows-1252. Never raises."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\0" or data[:1] == b"\0":
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _rows(text: str, separator: str) -> list[Row] | None:
    """The lines of a list whose cells are parted by `separator`; None where nothing looks like one."""
    try:
        lines = list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator))
    except csv.Error:
        return None
    parts = [
        (_is_sum(line), _part(lines[at + 1 :], columns))
        for at, line in enumerate(lines)
        if (columns := _headings(line))
    ]
    # Where several tables stand below each other, the one with every coming and going says most.
    parts.sort(key=lambda part: (not part[1], part[0]))
    return parts[0][1] if parts else None


def _part(lines: Iterable[Sequence[str]], columns: Mapping[str, int]) -> list[Row]:
    """What stands below a heading, up to the next one."""
    rows: list[Row] = []
    for cells in lines:
        if any(cells) and (_headings(cells) or _is_part_title(cells)):
            break
        row = _row(cells, columns)
        if row:
            rows.append(row)
        if len(rows) > MAX_ROWS:
            raise Unreadable(_l("This list is too long for one class."))
    return rows


def _headings(cells: Sequence[str]) -> dict[str, int]:
    """Column to its place, if these cells are the heading of a list of people; else nothing."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells[:50]):
        column = _BY_HEADING.get(folded(cell))
        if column:
            found.setdefault(column, at)
    named = "name" in found or "first" in found
    return found if named and ("seconds" in found or "came" in found) else {}


def _is_sum(cells: Sequence[str]) -> bool:
    """True for a heading of first joins and last leaves: times between are not all of them."""
    return any(folded(cell).startswith(("first join", "premiere")) for cell in cells)


def _is_part_title(cells: Sequence[str]) -> bool:
    """`3. In-Meeting Activities`"""
    return bool(re.match(r"\d\. ", cells[0])) and not any(cells[1:])


def _row(cells: Sequence[str], columns: Mapping[str, int]) -> Row | None:
    def cell(column: str) -> str:
        at = columns.get(column, len(cells))  # no such column: nothing stands there
        return tidy(cells[at]) if at < len(cells) else ""

    if folded(cell("waiting")) in _YES:
        return None
    name = cell("name")
    if "first" in columns:
        name = f"{cell('first')} {cell('last') or name}".strip()
    if not name:
        return None
    came, left = read_moment(cell("came")), read_moment(cell("left"))
    seconds = read_seconds(cell("seconds"))
    if came is None and seconds is None:
        return None
    email = cell("email")
    return Row(name, email if "@" in email else "", came, left, seconds)


def tidy(cell: str) -> str:
    """The text of a cell on one line, of a length that a name can have."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", cell).strip()[:200]


def folded(text: str) -> str:
    """As names and headings are compared: small letters without accents, spaces once."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[:400]) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").replace("\ufeff", "").casefold().split())


# -- who was there how long ---------------------------------------------------------------------------------


def guests(rows: Iterable[Row], starts: datetime, ends: datetime, zone: str) -> list[Guest]:
    """Everybody on the list, by name, with what of their time was within the class. `zone` is where the list was made.

    Times in the list may be read as month first or day first: the reading nearest to the class holds. Raises Unreadable
    for the list of another day, or of too many people.
    """
    local, length = ZoneInfo(zone), int((ends - starts).total_seconds())
    found: dict[str, list[tuple[Row, Span | None, int]]] = {}
    days: list[datetime] = []
    for row in rows:
        span, loose, came = _time_of(row, starts, length, local)
        found.setdefault(_key(row), []).append((row, span, loose))
        days += [came] if came else []
    nearest = min(days, key=lambda came: (abs(came - starts), came), default=starts)
    if not starts - timedelta(hours=12) < nearest < ends + timedelta(hours=12):
        day = long_day(nearest, zone)
        raise Unreadable(_l("This is the list of another day: %(day)s. Nothing was taken from it.", day=day))
    if len(found) > MAX_PEOPLE:
        raise Unreadable(_l("This list is too long for one class."))
    made = [_guest(lines, length) for lines in found.values()]
    return sorted(made, key=lambda guest: (folded(guest.name), guest.name, guest.email))


def _guest(lines: Sequence[tuple[Row, Span | None, int]], length: int) -> Guest:
    """All lines of one person."""
    return Guest(
        min(row.name for row, _span, _loose in lines),
        min((row.email.casefold() for row, _span, _loose in lines if row.email), default=""),
        union(span for _row, span, _loose in lines if span)[:MAX_SPANS],
        min(sum(loose for _row, _span, loose in lines), length),
    )


def _key(row: Row) -> str:
    return row.email.casefold() or f" {folded(row.name)}"


def _time_of(row: Row, starts: datetime, length: int, local: ZoneInfo) -> tuple[Span | None, int, datetime | None]:
    """The time of one line within the class, or its seconds without times; and when it began."""
    if row.came is None:
        return None, min(row.seconds or 0, length), None
    came = row.came.nearest(starts, local)
    left = row.left.nearest(came, local, end=True) if row.left else None
    if left is None:
        left = came + timedelta(seconds=row.seconds or 0)
    begins = max(0, int((came - starts).total_seconds()))
    stops = min(length, ceil((left - starts).total_seconds()))
    if stops <= begins:
        return None, 0, came
    if row.seconds is not None and row.left and row.seconds < (left - came).total_seconds() - 60:
        # First join and last leave with less time between: gone meanwhile, nobody knows when.
        return None, min(row.seconds, stops - begins), came
    return (begins, stops), 0, came


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time without overlaps: two devices at once are one person."""
    found: list[Span] = []
    for begins, stops in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stops))
        else:
            found.append((begins, stops))
    return tuple(found)


def together(guests: Iterable[Guest]) -> Guest:
    """Several lines that are one person, such as a phone and a laptop under two names."""
    every = list(guests)
    spans = union(span for guest in every for span in guest.spans)
    return Guest(every[0].name, every[0].email, spans, sum(guest.loose for guest in every))


def presence(guest: Guest, length: int) -> tuple[int, int | None, int | None]:
    """Seconds there, first arrival and last leaving; None where the list has no times that say so."""
    seconds = min(sum(stops - begins for begins, stops in guest.spans) + guest.loose, length)
    if guest.loose or not guest.spans:
        return seconds, None, None
    return seconds, guest.spans[0][0], guest.spans[-1][1]
