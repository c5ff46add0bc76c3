"""What the pages of attendance share: the words for marks, and a class with what marking needs to know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from lms.features.attendance import actions
from lms.features.cohorts import queries as cohorts
from lms.host.i18n import in_language, lazy_gettext, ngettext
from lms.host.web import host, now
from lms.plugin_api.values import AttendanceStatus, Status

WORDS = {
    "": lazy_gettext("not marked"),
    Status.HERE: lazy_gettext("here"),
    Status.LATE: lazy_gettext("late"),
    Status.LEFT_EARLY: lazy_gettext("left early"),
    Status.AWAY: lazy_gettext("away"),
    Status.TOLD_US: lazy_gettext("told us before"),
    Status.TECH_TROUBLE: lazy_gettext("tech trouble"),
}

# Counted, because languages differ in what goes with a number.
COUNTED: dict[str, Callable[[int], str]] = {
    "": lambda n: ngettext("%(num)d not marked", "%(num)d not marked", n),
    Status.HERE: lambda n: ngettext("%(num)d here", "%(num)d here", n),
    Status.LATE: lambda n: ngettext("%(num)d late", "%(num)d late", n),
    Status.LEFT_EARLY: lambda n: ngettext("%(num)d left early", "%(num)d left early", n),
    Status.AWAY: lambda n: ngettext("%(num)d away", "%(num)d away", n),
    Status.TOLD_US: lambda n: ngettext("%(num)d told us before", "%(num)d told us before", n),
    Status.TECH_TROUBLE: lambda n: ngettext("%(num)d with tech trouble", "%(num)d with tech trouble", n),
}


def class_and_facts(here: cohorts.Here, number: int) -> tuple[cohorts.ClassHere, actions.ClassFacts]:
    found = cohorts.class_number(cohorts.classes_of(here, now()), number)
    locks_at = found.ends_at + timedelta(days=here.cohort.lock_days)
    return found, actions.ClassFacts(found.id, here.organization.id, found.starts_at, found.state, locks_at)


def own_statuses(here: cohorts.Here) -> dict[str, AttendanceStatus]:
    """The statuses that the rule of a cohort adds to those of the host, by name."""
    found = host().guard.statuses(here.rule) if here.rule else ()
    return {own.name: own for own in found if own.name not in set(Status)}


def words_of(here: cohorts.Here) -> dict[str, Any]:
    """The word for each way to be marked here, by what a form sends for it."""
    return WORDS | {name: in_language(own.label) for name, own in own_statuses(here).items()}


def summary(counts: Mapping[str, int], words: Mapping[str, Any] = WORDS) -> str:
    """`17 here, 1 late, 1 away, 1 told us before.` A status that a rule adds is said by its own words."""
    in_order = sorted(words, key=lambda status: not status)  # who is not marked comes last
    named = [_counted(status, counts[status], words) for status in in_order if counts.get(status)]
    return f"{', '.join(named)}." if named else ""


def _counted(status: str, count: int, words: Mapping[str, Any]) -> str:
    said = COUNTED.get(status)
    return said(count) if said else f"{count} {words[status]}"
