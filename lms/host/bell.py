"""A bell that wakes waiting requests once something has been saved, in every process of the host.

Within a process a waiting request is a sleeping thread. Between processes PostgreSQL carries the sound: it is sent within
the transaction, so it arrives with the commit and never without it. SQLite carries none, so who waits there looks again
every LOOK_AGAIN seconds, as one does where the listening line to PostgreSQL is broken.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, make_url, select
from sqlalchemy.orm import Session

from lms.host.db import session
from lms.host.web import host

log = logging.getLogger("lms.bell")

CHANNEL = "lms_bell"
LOOK_AGAIN = 1.5  # seconds
STAYS = 30.0  # seconds that the listening line stays open after the last who waited
_RUNG = "rung"


def ring(topic: str) -> None:
    """Wake whoever waits for `topic` once this transaction is saved; one that is not saved makes no sound."""
    session.info.setdefault(_RUNG, set()).add(topic)
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, topic)))


@event.listens_for(Session, "after_commit")
def _saved(done: Session) -> None:
    for topic in done.info.pop(_RUNG, ()):
        bell().sound(topic)


@event.listens_for(Session, "after_rollback")
def _not_saved(done: Session) -> None:
    done.info.pop(_RUNG, None)


class _Place(threading.Event):
    """Where somebody waits. Whoever rang off is `left`, though their thread may not have noticed."""

    def __init__(self, who: int | None) -> None:
        super().__init__()
        self.who, self.left = who, False


class Bell:
    """Who waits in this process. `places` is how many may wait at once: each takes a thread."""

    def __init__(self, database_url: str, places: int) -> None:
        self.places = places
        self._url = make_url(database_url)
        self._waiting: dict[str, list[_Place]] = {}
        self._lock = threading.Lock()
        self._line: threading.Thread | None = None
        self._hears = threading.Event()  # while PostgreSQL is listened to

    def sound(self, topic: str | None = None) -> None:
        """Wake those who wait for the topic in this process, or all."""
        with self._lock:
            topics = list(self._waiting) if topic is None else [topic]
            for waiting in [one for name in topics for one in self._waiting.get(name, ())]:
                waiting.set()

    def wait(self, topic: str, seconds: float, news: Callable[[], bool], who: int | None = None) -> bool:
        """Sleep until `news` is true, at most `seconds`; what it says at last. Without a free place it is asked once, and
        once more where somebody else takes the place (`ring_off`).

        `news` looks at the database and must leave no connection open.
        """
        with self._place(topic, who) as rung:
            until = time.monotonic() + seconds
            while not (found := news()) and rung is not None and self.places and not rung.left:
                if (left := until - time.monotonic()) <= 0:
                    break
                rung.wait(left if self._hears.is_set() else min(left, LOOK_AGAIN))
                rung.clear()
            return found

    def ring_off(self, topic: str, who: int) -> None:
        """The oldest place in which `who` waits for the topic is free: they do not listen there any more, which the line
        itself would only tell with its next word."""
        with self._lock:
            mine = next((place for place in self._waiting.get(topic, ()) if place.who == who), None)
            if mine is not None:
                mine.left = True
                self._waiting[topic].remove(mine)
                mine.set()

    def close(self) -> None:
        """Nobody waits any more: the process stops."""
        self.places = 0
        self.sound()

    def hears(self, seconds: float) -> bool:
        """True once this process hears PostgreSQL; False where it still does not after so many seconds."""
        return self._hears.wait(seconds)

    @property
    def is_full(self) -> bool:
        return sum(map(len, self._waiting.values())) >= self.places

    @contextmanager
    def _place(self, topic: str, who: int | None) -> Iterator[_Place | None]:
        with self._lock:
            rung = None if self.is_full else _Place(who)
            if rung is not None:
                self._waiting.setdefault(topic, []).append(rung)
                self._listen()
        try:
            yield rung
        finally:
            with self._lock:
                waiting = self._waiting.get(topic, [])
                if rung in waiting:
                    waiting.remove(rung)
                if not waiting:
                    self._waiting.pop(topic, None)

    # -- PostgreSQL ------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """One line to PostgreSQL for the whole process, open while people wait. The lock is held."""
        if self._url.get_backend_name() == "postgresql" and self._line is None:
            self._line = threading.Thread(target=self._keep_listening, name="bell", daemon=True)
            self._line.start()

    def _keep_listening(self) -> None:
        driver: Any = self._url.get_dialect().import_dbapi()
        where, how = self._url.get_dialect()().create_connect_args(self._url)
        while self._wanted():
            try:
                with driver.connect(*where, **how, autocommit=True) as connection:
                    self._hear(connection)
            except driver.Error as error:
                log.warning("the bell does not hear PostgreSQL: %s", " ".join(str(error).split()))
                time.sleep(LOOK_AGAIN)
            finally:
                self._hears.clear()
                self.sound()  # those who slept for long look again by themselves from now on

    def _wanted(self) -> bool:
        with self._lock:
            if not self._waiting:
                self._line = None
            return self._line is not None

    def _hear(self, connection: Any) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self.sound()  # what was rung before this line stood
        self._hears.set()
        while self._waiting:
            for heard in connection.notifies(timeout=STAYS):
                self.sound(heard.payload)


def bell() -> Bell:
    """The bell of this app, in this process."""
    found: Bell = host().extras["bell"]
    return found
