"""How long a plugin may think. Past that it is interrupted, wherever it is in Python code, and the host goes on.

A thread that waits inside C code (a long sleep, a huge regular expression) cannot be interrupted before it comes back.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from threading import get_ident
from time import monotonic, sleep

LOOK_EVERY = 0.1  # seconds between two looks of the watcher, while anything runs


class TookTooLong(BaseException):
    """Raised inside a plugin that has used up its time. Not an Exception, so that its own `except` does not keep it."""

    def __str__(self) -> str:
        return "It took too long and was interrupted."


class Run:
    """Something of a plugin that is running: in which thread, until when, and what ran there before it."""

    __slots__ = ("interrupted", "outer", "seconds", "thread", "until")

    def __init__(self, thread: int, seconds: float, outer: Run | None) -> None:
        self.thread, self.seconds, self.outer = thread, seconds, outer
        self.until = monotonic() + seconds
        self.interrupted = False


class Watcher:
    """Looks after everything that plugins run in this process. Its thread starts with the first run, and rests between."""

    def __init__(self) -> None:
        self._runs: dict[int, Run] = {}
        self._lock = threading.Lock()
        self._begun = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, seconds: float) -> Run:
        """A plugin begins, and has so many seconds."""
        thread = get_ident()
        run = self._runs[thread] = Run(thread, seconds, self._runs.get(thread))
        if not self._begun.is_set():
            self._wake()
        return run

    def end(self, run: Run) -> None:
        """It has answered or raised; said twice, it is as said once. An interruption that comes at this moment is called
        off."""
        try:
            with self._lock:
                self._leave(run)
        except TookTooLong:
            self._leave(run)
        if run.interrupted:
            with contextlib.suppress(TookTooLong):
                _raise_in(run.thread, None)

    def _leave(self, run: Run) -> None:
        if self._runs.get(run.thread) is run:
            if run.outer:
                self._runs[run.thread] = run.outer
            else:
                del self._runs[run.thread]

    def _wake(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="plugin-watcher", daemon=True)
                self._thread.start()
        self._begun.set()

    def _watch(self) -> None:
        while True:
            self._begun.wait()
            sleep(LOOK_EVERY)
            with self._lock:
                now = monotonic()
                for run in list(self._runs.values()):
                    if now > run.until:  # again after the same time, for a plugin that catches everything
                        run.interrupted, run.until = True, now + run.seconds
                        _raise_in(run.thread, TookTooLong)
                # First clear, then look: a run that begins in between sees that it has to wake the watcher.
                self._begun.clear()
                if self._runs:
                    self._begun.set()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise `error` in a thread at its next step of Python; None calls off what was not raised yet."""
    thrown = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), thrown)


watcher = Watcher()
