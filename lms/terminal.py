"""What the commands at a keyboard share: faults as sentences, the installation here, the demo's app, a port to listen on."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask

from lms.app import create_app, instance_folder
from lms.host.config import Config, load_config
from lms.host.db import db
from lms.host.errors import HostError, SetUpError
from lms.host.web import Host

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (only compared with)


def plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Faults of the installation as a sentence, not as a traceback."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except HostError as error:
            raise click.ClickException(str(error)) from error

    return guarded


def config_here(**given: Any) -> Config:
    """The settings of this installation; with `demo`, those of its demo."""
    folder = instance_folder() / "demo" if given.get("demo") else instance_folder()
    return load_config(folder, given={name: value for name, value in given.items() if value is not None})


def host_of(app: Flask) -> Host:
    found: Host = app.extensions["lms"]
    return found


def migrate(app: Flask) -> None:
    from lms import migrations

    with app.app_context():
        migrations.upgrade(db.engine)


def ready_app(**given: Any) -> Flask:
    """This installation's app on a database of the newest shape, made where there is none yet; the demo's with `demo`."""
    app = create_app(config_here(**given))
    migrate(app)
    return app


def demo_app(address: str, port: int, *, reset: bool = False) -> Flask:
    """The demo's app, with its story told up to now."""
    from lms.demo.tell import tell_story

    folder = instance_folder() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    if reset:
        _forget(folder)
    url = f"http://{'127.0.0.1' if address in EVERYWHERE else address}:{port}"
    app = create_app(load_config(folder, given={"demo": True, "base_url": url, "rate_limits": False}))
    migrate(app)
    with app.app_context():
        tell_story(host_of(app))
    host_of(app).extras["worker"].run_due()
    return app


def _forget(folder: Path) -> None:
    for file in folder.glob("lms.sqlite*"):
        file.unlink()


def listening(address: str, port: int) -> socket.socket:
    """A listening socket. Raises SetUpError with a sentence when the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OverflowError as error:
        listener.close()
        raise SetUpError(f"{port} is no port. Choose one from 1 to 65535 with --port.") from error
    except OSError as error:
        listener.close()
        if isinstance(error, PermissionError):
            raise SetUpError(f"Port {port} needs special rights here. Choose one above 1024 with --port.") from error
        if isinstance(error, socket.gaierror) or error.errno == 99:
            raise SetUpError(
                f"{address} is not an address of this machine. Leave --host out, or use 0.0.0.0."
            ) from error
        other = port + 1 if port < 65535 else 8000
        raise SetUpError(f"Something is using port {port} already. Try --port {other}.") from error
    listener.listen(128)
    return listener
