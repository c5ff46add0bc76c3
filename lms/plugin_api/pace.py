"""How long a plugin thinks over its own examples. It depends on the machine: for `lms check`, never for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import process_time
from types import ModuleType

from lms.plugin_api.contracts import ActivityType, AttendancePolicy, Provider
from lms.plugin_api.testing import providers_of

# Seconds of computing that a question which is asked for every page may take.
QUICK = 0.05


def slow_questions(plugin: ModuleType) -> list[str]:
    """A sentence for each question that takes longer."""
    found = []
    for provider in providers_of(plugin):
        for place, ask in _questions(provider):
            began = process_time()
            ask()
            if (took := process_time() - began) > QUICK:
                found.append(f"{place} computes for {took * 1000:.0f} ms; people wait for it on every page.")
    return found


def _questions(provider: Provider) -> Iterator[tuple[str, Callable[[], object]]]:
    if isinstance(provider, AttendancePolicy):
        for case in provider.examples:
            options = provider.read_options(case.options)
            for outcome in case.expect:
                yield f"{provider.name}.judge", partial(provider.judge, case.ledger, outcome, options)
    if isinstance(provider, ActivityType):
        for activity in provider.examples:
            yield f"{provider.name}.form", partial(provider.form, activity, provider.read_options(activity.options))
