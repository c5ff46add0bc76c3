"""What was sent to the pages of a plan, as its fields keep it."""

from __future__ import annotations

from typing import Any

from lms.features.cohorts import dates
from lms.features.cohorts.planning import Planning, wall_of
from lms.host.i18n import ngettext
from lms.host.web import flash, request

MOST_LINE, MOST_PASTED = 2_000, 20_000
# The fields of each page: those with one value, and those that may be ticked several times.
FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "course": (("course", "name", "language"), ()),
    "when": (("way", "first", "at", "zone", "province", "pasted", *(f"at{day}" for day in range(7))), ("weekday",)),
    "dates": ((), ()),
    "where": (("each", "place", "link"), ()),
    "trainers": ((), ("trainer",)),
    "places": (("places", "check_in", "opens", "recorded", "lock_days", "tell_after"), ()),
}


def typed_line(name: str, limit: int = MOST_LINE) -> str:
    """A field as it was typed, cut where it is far beyond what any field takes."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")[:limit]


def sent(step: str) -> dict[str, Any]:
    """The fields of this page as they were sent."""
    single, several = FIELDS[step]
    found: dict[str, Any] = {name: typed_line(name, MOST_PASTED if name == "pasted" else MOST_LINE) for name in single}
    return found | {
        name: [each[:MOST_LINE].replace("\x00", "") for each in request.form.getlist(name)[:500]] for name in several
    }


def rows_of(found: dates.Planned) -> list[list[str]]:
    return [[wall.date().isoformat(), wall.strftime("%H:%M")] for wall in found.starts]


def sent_to(step: str, planned: Planning) -> tuple[dict[str, Any], bool]:
    """What was sent to a page, and whether that page is to be looked at again."""
    if step == "dates":
        return _sent_dates(planned)
    if step == "when":
        return _sent_when(planned), False
    return _sent_where(planned) if step == "where" else sent(step), False


def _sent_when(planned: Planning) -> dict[str, Any]:
    """The page "when": the dates follow from it, unless nothing of it changed since they were looked at."""
    fields = sent("when")
    before = {name: planned.fields.get(name, [] if name == "weekday" else "") for name in fields}
    if fields != before or not planned.rows:
        after = Planning({**planned.fields, **fields}, planned.organization, planned.offered)
        fields["rows"] = [] if after.faults("when") else rows_of(after.found())
    return fields


def _sent_dates(planned: Planning) -> tuple[dict[str, Any], bool]:
    """The dates as sent, in order: changed, left out, one more. True where the page is to be looked at again."""
    count, pattern = len(planned.plans), [wall for wall in planned.walls if wall]
    sent = [[typed_line(f"day{n}", 40), typed_line(f"at{n}", 40)] for n in range(1, len(planned.rows) + 1)]
    rows = [row for n, row in enumerate(sent, 1) if request.form.get(f"out{n}") != "yes"]
    left_out = len(sent) - len(rows)
    usual = pattern[0].strftime("%H:%M") if pattern else ""
    new = [typed_line("new-day", 40).strip(), typed_line("new-at", 40).strip() or usual]
    added = [new] if new[0] else []
    if any(wall_of(*row) is None for row in rows + added):
        # What is wrong is said beside its class, so nothing changes places before it is right.
        return {"rows": rows, "new_day": new[0], "new_at": new[1]}, False
    rows = sorted(rows + added)
    for _each in range(left_out if len(rows) < count else 0):
        years = sorted({wall.year + more for wall in pattern for more in (0, 1)})
        away = [*planned.holidays(years), *(wall.date() for wall in pattern)]
        following = dates.next_of([*pattern], away)
        if following and len(rows) < count:
            rows.append([following.date().isoformat(), following.strftime("%H:%M")])
            pattern.append(following)
    if (extra := len(rows) - count) > 0:
        _say_unused(extra)
    stay = rows != planned.rows and bool(left_out or added or rows != sent)
    return {"rows": rows[:count], "new_day": "", "new_at": ""}, stay


def _say_unused(extra: int) -> None:
    flash(
        ngettext(
            "The last date is no longer used: each class has one.",
            "The last %(num)d dates are no longer used: each class has one.",
            extra,
        )
    )


def _sent_where(planned: Planning) -> dict[str, Any]:
    """The page "where": one place and link, or one for each class. What was typed the other way stays."""
    numbers = range(1, len(planned.plans) + 1)
    fields = sent("where")
    places = [typed_line(f"place{number}").strip() for number in numbers]
    links = [typed_line(f"link{number}").strip() for number in numbers]
    shared = {"", planned.typed("place"), planned.typed("link")}
    if fields["each"] == "yes" or {*places, *links} - shared:
        fields |= {"place_of": places, "link_of": links}
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in fields.items()}
