"""What the guarded door costs: microseconds over a plain call, and against a bare call through pluggy."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pluggy

from lms.host.guard import Guard
from lms.host.plugins import PluginHost
from lms.plugin_api.hooks import PROJECT

CALLS, ROUNDS = 20_000, 9
spec, impl = pluggy.HookspecMarker(PROJECT), pluggy.HookimplMarker(PROJECT)


class _Spec:
    @spec
    def judge(self, ledger: int, outcome: str, options: None) -> int:  # type: ignore[empty-body]
        """A question with as many arguments as a rule gets."""


class _Plugin:
    @impl
    def judge(self, ledger: int, outcome: str, options: None) -> int:
        return ledger


def guarded_calls() -> list[tuple[str, str, str]]:
    """Rows of the bench: the cheapest round of each, which other work on the machine disturbs least."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(_Spec)
    manager.register(_Plugin())
    hook, judge, guard = manager.hook.judge, _Plugin().judge, Guard(PluginHost())
    ways: dict[str, Callable[[], object]] = {
        "plain": lambda: judge(1, "took-part", None),
        "pluggy": lambda: hook(ledger=1, outcome="took-part", options=None),
        "guarded": lambda: guard.call("garden", "garden.judge", judge, 1, "took-part", None),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, ask in ways.items():
            took[name].append(_microseconds(ask))
    plain, through_pluggy, guarded = (min(took[name]) for name in ways)
    ratio = statistics.median(g / p for g, p in zip(took["guarded"], took["pluggy"], strict=True))
    return [
        ("guarded call: microseconds over a plain one", f"{guarded - plain:.2f}", "3"),
        ("guarded call: against a bare call through pluggy", f"{ratio:.2f} ({through_pluggy:.2f} us)", "-"),
    ]


def _microseconds(ask: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(CALLS):
        ask()
    return (time.process_time() - started) / CALLS * 1e6
