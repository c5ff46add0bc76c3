"""Who of a group is meant by whom on a list, and how rows of a list travel in a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.features.attendance.participants import (
    MAX_PEOPLE,
    MAX_SPANS,
    Guest,
    Span,
    folded,
    presence,
    tidy,
    together,
    union,
)
from lms.features.attendance.rules import Told, by_presence
from lms.features.cohorts.queries import Member


@dataclass(frozen=True)
class Line:
    """One of a list beside whom it means (None: nobody knows yet), with what would be marked."""

    guest: Guest
    member: Member | None
    told: Told | None


def matched(guests: Iterable[Guest], people: Iterable[Member], length: int) -> list[Line]:
    """Each of the list beside a person of the group: by address, else by a name that one person alone has."""
    members = list(people)
    by_email = {member.email.casefold(): member for member in members}
    by_name: dict[str, list[Member]] = {}
    for member in members:
        by_name.setdefault(_in_any_order(member.name), []).append(member)

    def meant(guest: Guest) -> Member | None:
        if guest.email and guest.email.casefold() in by_email:
            return by_email[guest.email.casefold()]
        found = [by_name[name] for name in _names(guest.name) if name in by_name]
        same = {member.enrolment_id: member for members in found for member in members}
        return next(iter(same.values())) if len(same) == 1 else None

    lines = [(guest, meant(guest)) for guest in guests]
    return [Line(guest, member, told(_all_of(guest, member, lines), length)) for guest, member in lines]


def _all_of(guest: Guest, member: Member | None, lines: Iterable[tuple[Guest, Member | None]]) -> Guest:
    return together(other for other, theirs in lines if theirs is member) if member else guest


def told(guest: Guest, length: int) -> Told | None:
    """What the list says of somebody; None for who was not there during the class."""
    return by_presence(*presence(guest, length), length)


def _names(shown: str) -> tuple[str, ...]:
    """The names that a tool may show for one person: `Bo (Bo Tran)`, `Bo Tran (they/them)`, `Tran, Bo`."""
    inside = re.findall(r"\(([^()]*)\)", shown)
    outside = re.sub(r"\([^()]*\)", " ", shown)
    return tuple(dict.fromkeys(name for text in (shown, outside, *inside) if (name := _in_any_order(text))))


def _in_any_order(name: str) -> str:
    return " ".join(sorted(re.findall(r"[^\W_]+", folded(name))))


# -- on the way through a form ------------------------------------------------------------------------------


def sent(guest: Guest) -> str:
    """The times of somebody as a form carries them: `0-3600 3700-7200 +60`."""
    return " ".join([*(f"{begins}-{stops}" for begins, stops in guest.spans), f"+{guest.loose}"])


def read_sent(fields: Mapping[str, str], length: int) -> dict[int, tuple[Guest, bool]]:
    """Enrolment to all that a form says of them, and whether to write over a mark of a trainer.

    Whoever sends a form may have changed it: times are read again and kept within the class, all the rest is left out.
    """
    found: dict[int, list[tuple[Guest, bool]]] = {}
    for at in range(MAX_PEOPLE):
        if f"times-{at}" not in fields:
            break
        who = fields.get(f"who-{at}", "")
        if re.fullmatch(r"[0-9]{1,9}", who):
            line = (read_guest(fields, at, length), fields.get(f"over-{at}") == "yes")
            found.setdefault(int(who), []).append(line)
    return {
        id: (together(guest for guest, _over in lines), any(over for _g, over in lines)) for id, lines in found.items()
    }


def read_guest(fields: Mapping[str, str], at: int, length: int) -> Guest:
    """Somebody on line `at` of a form."""
    return Guest(tidy(fields.get(f"name-{at}", "")), "", *_times_read(fields.get(f"times-{at}", ""), length))


def _times_read(text: str, length: int) -> tuple[tuple[Span, ...], int]:
    pairs = re.findall(r"(?<![0-9])([0-9]{1,6})-([0-9]{1,6})(?![0-9])", text[: MAX_SPANS * 20])
    spans = [(min(int(begins), length), min(int(stops), length)) for begins, stops in pairs]
    loose = re.search(r"\+([0-9]{1,6})(?![0-9])", text[: MAX_SPANS * 20])
    return union(span for span in spans if span[0] < span[1]), min(int(loose[1]) if loose else 0, length)
