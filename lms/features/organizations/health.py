"""How a plugin fares: in a word, with what stands in meanwhile; looking again at what had stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from babel.numbers import format_decimal
from sqlalchemy import func, select

from lms.host import audit, outbox, troubles
from lms.host.audit import AuditRow
from lms.host.db import session
from lms.host.guard import LEFT_OUT, SLOW, Guard, Pace, PluginFault
from lms.host.i18n import gettext as _
from lms.host.i18n import language, ngettext
from lms.host.i18n import lazy_gettext as _l
from lms.host.inspection import broken_promises
from lms.host.plugins import Plugin
from lms.host.troubles import CHECKS, START, PluginTrouble

LOOK_AGAIN = "plugin-look-again"
CHECKED = "plugins.checked"
NEWS = timedelta(days=7)
BLINK = 0.01  # seconds; less than that is not worth a figure


class State(StrEnum):
    WORKING = "working"
    SLOW = "slow"
    FAULTY = "faulty"
    STOPPED = "stopped"
    OFF = "off"


@dataclass(frozen=True)
class Health:
    """`since` is when it stopped, `last_at` when it last went wrong, `again` since when it works again."""

    state: State
    open: Sequence[PluginTrouble] = ()
    since: datetime | None = None
    last_at: datetime | None = None
    again: datetime | None = None


def health_of(
    plugin: Plugin, in_use: bool, rows: Sequence[PluginTrouble], now: datetime, silent: bool = False
) -> Health:
    """From its troubles, latest first. It has stopped where the host started without it, its own checks do not hold, or it
    is `silent`: it gave no answer when it was asked last. Other faults and slowness are told until it has been well for a
    day."""
    recorded = [row for row in rows if row.cleared_at is None]
    began = next((row.first_at for row in recorded if row.place == START), None)
    if plugin.quarantined:
        return Health(State.STOPPED, recorded, began)
    found = [row for row in recorded if row.place != START]
    if not in_use:
        return Health(State.OFF)
    if not found:
        cleared = [row.cleared_at for row in rows if row.cleared_at and row.cleared_at > now - NEWS]
        return Health(State.WORKING, again=max(cleared, default=None))
    broken = next((row for row in found if row.place == CHECKS), None)
    if broken:
        return Health(State.STOPPED, found, broken.first_at)
    if silent:
        return Health(State.STOPPED, found, min(row.first_at for row in found))
    slow = all(row.message in (SLOW, LEFT_OUT) for row in found)
    return Health(State.SLOW if slow else State.FAULTY, found, last_at=found[0].last_at)


# What stands in while a plugin does not answer, by what it brings.
STANDS_IN = {
    "curricula": _l(
        "Groups that are running keep their course as it was. New groups cannot choose it until it is back."
    ),
    "attendance_policies": _l("Where its rule gives no answer, the training team decides. Nobody is held up."),
    "activity_types": _l("Its homework is asked for as plain text, and a trainer reads it."),
    "certificate_issuers": _l(
        "Certificates count and can be checked by anyone; their papers are made when it answers."
    ),
    "feedback_starters": _l("Its beginnings of sentences are left out."),
    "competency_frameworks": _l("What it names is left out of the course pages."),
    "role_play_formats": _l(
        "Classes keep the format that their course was published with. Elsewhere, threes stand in for it."
    ),
    "grouping_wishes": _l("Groups for role play are formed without its wishes, and trainers read so."),
    "scenario_cards": _l("Groups that are running keep its cards. New groups cannot choose a course that names them."),
    "reports": _l("Its reports say that they cannot be made at the moment."),
    "today_cards": _l("Its card on Today is left out."),
    "after_": _l("What it should be told waits, and is told again and again for some days."),
}
NOTHING_KNOWN = _l("Groups go on: where it decided, the training team decides.")


def stands_in(plugin: Plugin) -> list[Any]:
    """Sentences about what happens where the plugin does not answer."""
    brings = [hook for hook in STANDS_IN if any(own.startswith(hook) for own in plugin.hooks)]
    return [STANDS_IN[hook] for hook in brings] or [NOTHING_KNOWN]


def pace_in_words(pace: Pace | None) -> str:
    """How long it takes to answer while people wait, as this process of the host has seen it."""
    if pace is None:
        return _("Nobody has waited for an answer of it since the host started.")
    if pace.slowest < BLINK:
        return ngettext(
            "It has given one answer since the host started, in less than a hundredth of a second.",
            "Each of its last %(num)d answers since the host started came in less than a hundredth of a second.",
            pace.answers,
        )
    if pace.answers == 1:
        return _("It has given one answer since the host started, in %(slowest)s.", slowest=_seconds(pace.slowest))
    return _(
        "Half of its last %(number)s answers since the host started came within %(median)s; the slowest took %(slowest)s.",
        number=pace.answers,
        median=_seconds(pace.median),
        slowest=_seconds(pace.slowest),
    )


def _seconds(took: float) -> str:
    if took < BLINK:
        return _("a hundredth of a second")
    return _("%(number)s seconds", number=format_decimal(round(took, 2), locale=language()))


def check(guard: Guard, plugin: Plugin) -> str:
    """What the contract checks find wrong, in a sentence; "" where all holds. It takes a while, and is interrupted after
    a minute."""
    try:
        return Guard(guard.host).call(plugin.name, CHECKS, broken_promises, plugin, waited_for=False)
    except PluginFault as fault:
        return str(fault)


def remember_check(guard: Guard, plugin: Plugin, found: str, now: datetime) -> None:
    """A finding of `check` is a trouble until a check finds nothing. Faults in real use stay until the plugin has been
    well for a day, for the checks run on its own examples."""
    if found:
        guard.fault(plugin.name, CHECKS, found)
    else:
        troubles.clear(plugin.name, now, CHECKS)


def note_check(organization: int, plugin: str, found: str, *, by: int, now: datetime) -> None:
    """Who had the checks run for an organization, and when."""
    why = "found something" if found else ""
    audit.note(CHECKED, f"plugin:{plugin}", at=now, by=by, organization=organization, why=why)


def last_check(organization: int, plugin: str) -> datetime | None:
    """When somebody of the organization had the checks run last."""
    row = AuditRow.verb == CHECKED, AuditRow.subject == f"plugin:{plugin}", AuditRow.organization_id == organization
    return session.scalar(select(func.max(AuditRow.at)).where(*row))


def begin_looking_again(now: datetime) -> None:
    """The daily pass: every plugin that had troubles and was quiet for a day is looked at again."""
    for name in troubles.quiet_for_a_day(now):
        outbox.put(LOOK_AGAIN, f"{LOOK_AGAIN}:{name}:{now.date()}", {"plugin": name}, at=now)


def look_again(guard: Guard, payload: Mapping[str, Any], now: datetime) -> outbox.Keep | None:
    """One that keeps its contract is working again; another one stays as it is."""
    plugin = guard.host.plugins.get(payload["plugin"])
    if plugin is None or plugin.quarantined:
        return None
    if found := check(guard, plugin):
        guard.fault(plugin.name, CHECKS, found)
        return None
    return lambda row: troubles.clear(plugin.name, now)
