"""An app with a database that many tests share: each begins with it as it was kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from lms.host.db import db, may_write
from lms.host.web import limiter


@dataclass
class House:
    app: Flask
    database: Path

    @property
    def _kept(self) -> Path:
        return self.database.with_suffix(".kept")

    def keep(self) -> None:
        """As it is now, it is to be found again."""
        self.close()
        _copy(self.database, self._kept)

    def begin_again(self) -> None:
        self.close()
        _copy(self._kept, self.database)
        self.app.extensions["lms"].guard.take_troubles()
        limiter.enabled = False  # one for the process: another app may have switched it on

    def close(self) -> None:
        may_write()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _copy(source: Path, target: Path) -> None:
    """By SQLite's own means, page by page: safe whoever still has one of them open."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        other.execute("PRAGMA synchronous = OFF")
        one.backup(other)
