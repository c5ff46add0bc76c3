"""What the pages of attendance share: the words for marks, and a class with what marking needs to know of it."""

from __future__ import annotations

from collections.abc import Callable

from lms.features.attendance import actions
from lms.features.cohorts import queries as cohorts
from lms.host.i18n import lazy_gettext, ngettext
from lms.host.web import now
from lms.plugin_api.values import Status

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
    return found, actions.ClassFacts(found.id, here.organization.id, found.starts_at, found.state)


def summary(counts: dict[str, int]) -> str:
    """`17 here, 1 late, 1 away, 1 told us before.`"""
    named = [COUNTED[s](counts[s]) for s in (*Status, "") if counts.get(s)]
    return f"{', '.join(named)}." if named else ""
