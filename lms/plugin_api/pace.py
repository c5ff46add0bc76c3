"""How long a plugin thinks over its own examples. It depends on the machine: for `lms check`, never for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from types import ModuleType

from lms.plugin_api.contracts import ActivityType, AttendancePolicy, Provider
from lms.plugin_api.testing import providers_of

# Seconds that a question which is asked for every page may take.
QUICK = 0.05
TRIES = 3


def slow_questions(plugin: ModuleType) -> list[str]:
    """A sentence for each question that takes longer."""
    found = []
    for provider in providers_of(plugin):
        for place, ask in _questions(provider):
            if (took := _at_best(ask)) > QUICK:
                found.append(f"{place} computes for {took * 1000:.0f} ms; people wait for it on every page.")
    return found


def _at_best(ask: Callable[[], object]) -> float:
    """Seconds by the clock, of the first quick try or the quickest. So waiting counts, and a busy machine is forgiven."""
    best = float("inf")
    for _try in range(TRIES):
        began = perf_counter()
        ask()
        best = min(best, perf_counter() - began)
        if best <= QUICK:
            break
    return best


def _questions(provider: Provider) -> Iterator[tuple[str, Callable[[], object]]]:
    if isinstance(provider, AttendancePolicy):
        for case in provider.examples:
            options = provider.read_options(case.options)
            for outcome in case.expect:
                yield f"{provider.name}.judge", partial(provider.judge, case.ledger, outcome, options)
    if isinstance(provider, ActivityType):
        for activity in provider.examples:
            yield f"{provider.name}.form", partial(provider.form, activity, provider.read_options(activity.options))
