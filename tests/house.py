"""An app with a database that many tests share: each begins with it as it was kept."""

from __future__ import annotations

import shutil
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
        shutil.copy(self.database, self._kept)

    def begin_again(self) -> None:
        self.close()
        for ending in ("-wal", "-shm"):
            self.database.with_name(self.database.name + ending).unlink(missing_ok=True)
        shutil.copy(self._kept, self.database)
        self.app.extensions["lms"].guard.take_troubles()
        limiter.enabled = False  # one for the process: another app may have switched it on

    def close(self) -> None:
        may_write()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
