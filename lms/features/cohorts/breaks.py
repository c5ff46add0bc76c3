"""Times away by agreement, as days that people type and as moments that an enrolment keeps. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.features.cohorts.rules import typed_day
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.values import Pause

LONGEST = timedelta(days=365)
AHEAD = timedelta(days=180)
# Those who lead also note a break that somebody told them of some time ago.
NOTED_LATER = timedelta(days=60)


def joined(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same times away, earliest first; breaks that overlap or touch are one."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: p.starts):
        last = found[-1] if found else None
        if last is None or (last.ends is not None and last.ends < pause.starts):
            found.append(pause)
        elif last.ends is not None:
            found[-1] = Pause(last.starts, max(last.ends, pause.ends) if pause.ends else None)
    return tuple(found)


def ended(pauses: Iterable[Pause], now: datetime) -> tuple[Pause, ...]:
    """The break of now ends now, and one that lies ahead is called off. What is over stays."""
    begun = (pause for pause in pauses if pause.starts < now)
    return tuple(Pause(p.starts, min(p.ends, now) if p.ends else now) for p in begun)


def current(pauses: Iterable[Pause], now: datetime) -> Pause | None:
    """The break of now, or else the next one to come."""
    return next((p for p in joined(pauses) if p.ends is None or p.ends > now), None)


def last_day(pause: Pause, zone: str) -> date | None:
    """The last day of a break; None while it is open."""
    return (pause.ends - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() if pause.ends else None


def kept(pauses: Iterable[Pause]) -> list[list[str | None]]:
    """As an enrolment keeps them: pairs of moments in ISO 8601, the second None while it lasts."""
    return [
        [p.starts.astimezone(UTC).isoformat(), p.ends.astimezone(UTC).isoformat() if p.ends else None] for p in pauses
    ]


def typed_break(begins: str, until: str, zone: str, now: datetime, earliest: timedelta = timedelta()) -> Pause:
    """A break from one day on (empty: from now) until the end of another (empty: open).

    `earliest` is how far back it may begin; it may then be over too. Raises Incomplete with a sentence for each field.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    errors: dict[str, object] = {}
    first = typed_day(begins) if begins else today
    last = typed_day(until) if until else None
    if first is None:
        errors["begins"] = _l("Enter a date, like 2027-03-27.")
    elif first < today - earliest:
        errors["begins"] = _l("Choose today or a later day.") if not earliest else _l("This is too long ago.")
    elif first > today + AHEAD:
        errors["begins"] = _l("Choose a day in the next six months.")
    if until and last is None:
        errors["until"] = _l("Enter a date, like 2027-03-27.")
    elif last and first and last < (first if earliest else max(first, today)):
        errors["until"] = _l("Choose a last day that is not before the first.")
    elif last and first and last - first > LONGEST:
        errors["until"] = _l("Choose a last day within a year. You can leave it open too.")
    if errors or first is None:
        raise Incomplete(errors)
    starts = now if first == today else _midnight(first, zone)
    return Pause(starts, _midnight(last + timedelta(days=1), zone) if last else None)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
