"""A plugin that does not come back is interrupted, and nothing of the host ever is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import pytest

from lms.host import guard as guards
from lms.host.budget import TookTooLong, Watcher
from lms.host.guard import Guard, PluginFault
from lms.host.plugins import PluginHost


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Guard:
    monkeypatch.setattr(guards, "PATIENCE", 0.2)
    return Guard(PluginHost())


def for_ever() -> NoReturn:
    while True:
        pass


def deaf() -> str:
    """Catches whatever comes, once."""
    with suppress(BaseException):
        for_ever()
    return for_ever()


@pytest.mark.parametrize("ask", [for_ever, deaf])
def test_what_never_ends_becomes_a_fault(guard: Guard, ask: Callable[[], object]) -> None:
    with pytest.raises(PluginFault, match="took too long"):
        guard.call("garden", "garden.judge", ask)
    assert [trouble.plugin for trouble in guard.take_troubles()] == ["garden"]


def test_the_host_answers_the_next_question_as_always(guard: Guard) -> None:
    with pytest.raises(PluginFault):
        guard.call("garden", "garden.judge", for_ever)
    assert guard.call("garden", "garden.judge", lambda: 7) == 7


def test_in_many_threads_each_is_interrupted_alone(guard: Guard) -> None:
    answers: list[object] = []

    def ask(long: bool) -> None:
        try:
            answers.append(guard.call("garden", "garden.judge", for_ever if long else lambda: 7))
        except PluginFault:
            answers.append("interrupted")

    threads = [threading.Thread(target=ask, args=(n % 2 == 0,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["7"] * 4 + ["interrupted"] * 4


def test_an_interruption_that_comes_at_the_last_moment_is_called_off() -> None:
    """Runs that end about when they are interrupted: what follows them is never hit."""
    watcher = Watcher()
    caught = 0
    for lasts in (0.0, 0.03, 0.06, 0.09, 0.1, 0.11, 0.12, 0.15):
        run = watcher.begin(0.0)
        until = time.monotonic() + lasts
        try:
            try:
                while time.monotonic() < until:
                    pass
            finally:
                watcher.end(run)
        except TookTooLong:
            watcher.end(run)
            caught += 1
        for _ in range(20_000):  # the host's own work
            pass
    assert caught >= 1


def test_a_run_within_a_run_has_its_own_time(guard: Guard) -> None:
    def outer() -> str:
        with suppress(PluginFault):
            guard.call("stone", "stone.rule", for_ever)
        return "the outer one goes on"

    with pytest.raises(PluginFault):
        guard.call("garden", "garden.judge", lambda: (outer(), for_ever()))
    places = [trouble.place for trouble in guard.take_troubles()]
    assert places == ["stone.rule", "garden.judge"]
