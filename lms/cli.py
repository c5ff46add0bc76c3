"""The `lms` command. `python3 -m lms VERB` does the same from a fresh checkout, after setting itself up."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask

from lms.app import ROOT, course_folders, create_app, instance_folder, plugins_folder
from lms.host.config import Config, load_config
from lms.host.db import db, saved
from lms.host.errors import HostError, SetUpError
from lms.host.web import Host
from lms.new_plugin import KINDS, write_plugin

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (only compared with)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A light host for delivering training programmes."""


def plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Faults of the installation as a sentence, not as a traceback."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except HostError as error:
            raise click.ClickException(str(error)) from error

    return guarded


def _config(**given: Any) -> Config:
    return load_config(instance_folder(), given={name: value for name, value in given.items() if value is not None})


def _host(app: Flask) -> Host:
    found: Host = app.extensions["lms"]
    return found


def _migrate(app: Flask) -> None:
    from lms import migrations

    with app.app_context():
        migrations.upgrade(db.engine)


def _ready_app(**given: Any) -> Flask:
    """This installation's app on a database of the newest shape, made where there is none yet."""
    app = create_app(_config(**given))
    _migrate(app)
    return app


# -- serving ------------------------------------------------------------------------------------------------


@main.command()
@click.option("--host", "address", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--reset", is_flag=True, help="Begin the story anew.")
@plain_errors
def demo(address: str, port: int, reset: bool) -> None:
    """The demo: an invented group with a living story, on SQLite."""
    listener = _listener(address, port)
    app = _demo_app(address, port, reset=reset)
    from lms.demo.story import DOORS, PASSWORD

    click.echo(f"\n  The demo is at {_host(app).config.settings.base_url}\n")
    click.echo(f"  A door for each role is on its front page. Signing in works too, password: {PASSWORD}")
    for door in DOORS:
        click.echo(f"    {door.email:<32} {door.who.en}")
    click.echo("\n  Ctrl+C stops it. --reset begins the story anew.\n")
    _serve(app, listener, background=True)


def _demo_app(address: str, port: int, *, reset: bool = False) -> Flask:
    """The demo's app, with its story told up to now."""
    from lms.demo.tell import tell_story

    folder = instance_folder() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    if reset:
        _forget(folder)
    url = f"http://{'127.0.0.1' if address in EVERYWHERE else address}:{port}"
    app = create_app(load_config(folder, given={"demo": True, "base_url": url, "rate_limits": False}))
    _migrate(app)
    with app.app_context():
        tell_story(_host(app))
    _host(app).extras["worker"].run_due()
    return app


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@plain_errors
def dev(port: int) -> None:
    """The demo for authors: it starts anew whenever a file of a plugin, a course or the host is saved."""
    from werkzeug.serving import is_running_from_reloader, run_simple

    address = "127.0.0.1"
    if not is_running_from_reloader():
        _listener(address, port).close()
        click.echo(f"\n  http://{address}:{port} starts anew when you save. Ctrl+C stops it.\n")
        run_simple(address, port, lambda *_: (), use_reloader=True, reloader_type="stat")
        return
    app = _demo_app(address, port)
    guard = _host(app).guard
    for plugin in guard.host.plugins.values():
        if plugin.quarantined:
            click.echo(f"  plugin {plugin.name}: {plugin.quarantined}", err=True)
    for offered in _host(app).catalog.faulty():
        click.echo("\n".join(f"  {fault}" for fault in offered.loaded.faults), err=True)
    _host(app).extras["worker"].start()
    run_simple(address, port, app, use_reloader=True, reloader_type="stat", extra_files=_watched(), threaded=True)


def _watched() -> list[str]:
    """Every file of the plugins and courses that are read from folders."""
    config = _config()
    folders = [*course_folders(config), *filter(None, [plugins_folder(config)])]
    files = (path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return [str(path) for path in files if path.is_file()]


def _forget(folder: Path) -> None:
    for file in folder.glob("lms.sqlite*"):
        file.unlink()


def _listener(address: str, port: int) -> socket.socket:
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


def _serve(app: Flask, listener: socket.socket, *, background: bool) -> None:
    """Serve with waitress until stopped; deliver the outbox in a thread if `background`."""
    import waitress

    worker = _host(app).extras["worker"]
    if background:
        worker.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        trusted = bool(_host(app).config.settings.proxies)
        waitress.serve(app, sockets=[listener], threads=8, ident="lms", clear_untrusted_proxy_headers=not trusted)
    except KeyboardInterrupt:
        pass
    finally:
        worker.stop()


@main.command()
@click.option("--host", "address", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--safe-mode", is_flag=True, default=None, help="Start with the built-in plugins alone.")
@plain_errors
def serve(address: str, port: int, safe_mode: bool | None) -> None:
    """Serve this installation in one process; for several, run a WSGI server on lms.wsgi:app."""
    listener = _listener(address, port)
    app = _ready_app(safe_mode=safe_mode)
    click.echo(f"Serving on {address}, port {port}.")
    _serve(app, listener, background=_host(app).config.settings.worker)


@main.command()
@plain_errors
def worker() -> None:
    """Deliver mails and events until stopped. As many of these as you like may run."""
    app = _ready_app()
    deliver = _host(app).extras["worker"]
    signal.signal(signal.SIGTERM, lambda *_: deliver.stop())
    try:
        deliver.run_forever()
    except KeyboardInterrupt:
        deliver.stop()


# -- looking and checking -----------------------------------------------------------------------------------


@main.command()
@plain_errors
def config() -> None:
    """The settings in force, and where each comes from. Secrets are hidden."""
    for name, value, source, help_text in _config().shown():
        click.echo(f"{name} = {value}    ({source})\n    {help_text}")


@main.command()
@click.option("--safe-mode", is_flag=True, default=None, help="Look at the built-in plugins alone.")
@plain_errors
def plugins(safe_mode: bool | None) -> None:
    """Every plugin: version, hooks, providers, organizations, state, last error."""
    from lms.features.organizations.queries import users_of_plugins
    from lms.host.troubles import troubles_of

    app = create_app(_config(safe_mode=safe_mode))
    with app.app_context():
        ready = _is_migrated()
        users = users_of_plugins() if ready else {}
        for plugin in _host(app).guard.host.plugins.values():
            click.echo(f"{plugin.name} {plugin.version}".rstrip() + f"  ({plugin.source})")
            state = f"quarantined: {plugin.quarantined}" if plugin.quarantined else "working"
            click.echo(f"    state          {state}")
            click.echo(f"    hooks          {', '.join(plugin.hooks) or '-'}")
            click.echo(f"    providers      {', '.join(p.name for p in plugin.providers) or '-'}")
            click.echo(f"    organizations  {', '.join(users.get(plugin.name, ())) or '-'}")
            last = (troubles_of(plugin.name) if ready else [])[:1]
            for trouble in last:
                click.echo(f"    last error     {trouble.last_at:%Y-%m-%d %H:%M}Z {trouble.place}: {trouble.message}")


def _is_migrated() -> bool:
    from sqlalchemy import inspect

    return inspect(db.engine).has_table("plugin_trouble")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path))
@plain_errors
def check(paths: tuple[Path, ...]) -> None:
    """Check every plugin and course, or those in PATHS: plugin folders, course folders, or folders of courses. All faults
    in one go; exits with 1 for any."""
    from lms.host.inspection import look_at

    config = _config()
    found = look_at(paths, plugins_folder(config), course_folders(config), safe_mode=config.settings.safe_mode)
    for fault in found.faults:
        click.echo(fault, err=True)
    count = len(found.faults)
    click.echo(f"{found.plugins} plugins and {found.courses} courses are sound; {count} fault{'s' * (count != 1)}.")
    if found.faults:
        sys.exit(1)


@main.command("new-plugin")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the plugin brings.")
@click.option("--label", default="", help="What people read, in words; both languages start with it.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder to write it into.")
@plain_errors
def new_plugin(name: str, kind: str, label: str, into: Path | None) -> None:
    """Write a working plugin NAME to change: package, words in both languages, an example, tests, README."""
    folder = into or plugins_folder(_config()) or Path.cwd()
    first, *others = write_plugin(name, kind, folder, label)
    click.echo(f"Written in {folder / name}:")
    for path in (first, *others):
        click.echo(f"    {path.relative_to(folder / name)}")
    click.echo(f"Change {first.relative_to(folder)}, then run its tests:")
    click.echo(f"    python -m pytest {folder / name}")


# -- the database -------------------------------------------------------------------------------------------


@main.group("db")
def database() -> None:
    """The shape of the database."""


@database.command()
@plain_errors
def upgrade() -> None:
    """Bring the database to the newest shape. `serve` does it too."""
    _ready_app()
    click.echo("The database is up to date.")


@database.command()
@click.argument("message")
@plain_errors
def migration(message: str) -> None:
    """Write a new migration from what the models say (for developers)."""
    from lms import migrations

    app = create_app(_config())
    with app.app_context():
        migrations.make(db.engine, message)


@main.command("add-organization")
@click.argument("name")
@click.option("--short-name", required=True, help="For addresses, like north-side.")
@click.option("--admin", required=True, help="E-mail of its first admin.")
@click.option("--admin-name", required=True, help="Name of its first admin.")
@click.option("--time-zone", default="America/Toronto", show_default=True)
@plain_errors
def add_organization(name: str, short_name: str, admin: str, admin_name: str, time_zone: str) -> None:
    """Add an organization with its first admin, who also coordinates; prints a link with which they sign in."""
    from datetime import UTC, datetime

    from lms.features.accounts import actions as accounts
    from lms.features.accounts.roles import Role
    from lms.features.organizations import actions as organizations

    app = _ready_app()
    now = datetime.now(UTC)
    with app.app_context():
        with saved():
            organization = organizations.add_organization(name, short_name, now=now, by=None, time_zone=time_zone)
            person = accounts.person_by_email(admin) or accounts.add_person(admin_name, admin, language="en", now=now)
            for role in (Role.ORGANIZATION_ADMIN, Role.COORDINATOR):
                accounts.grant_role(person.id, role, organization=organization.id, by=None, now=now)
            token = accounts.make_link(person, accounts.TO_RESET, now=now)
        base = _host(app).config.settings.base_url.rstrip("/")
        click.echo(
            f"{name} is there. {admin} chooses a password here, within half an hour:\n{base}/reset-password/{token}"
        )


@main.command("make-host-admin")
@click.argument("email")
@plain_errors
def make_host_admin(email: str) -> None:
    """Let somebody who is here already see all plugins of this host."""
    from datetime import UTC, datetime

    from lms.features.accounts import actions as accounts
    from lms.features.accounts.roles import Role

    app = _ready_app()
    with app.app_context(), saved():
        person = accounts.person_by_email(email)
        if person is None:
            raise SetUpError(f"Nobody here has the address {email}. Add them to an organization first.")
        accounts.grant_role(person.id, Role.HOST_ADMIN, organization=None, by=None, now=datetime.now(UTC))
    click.echo(f"{email} is a host admin.")


@main.command("disable-person")
@click.argument("email")
@plain_errors
def disable_person(email: str) -> None:
    """Keep somebody from signing in; every sign-in ends. Their roles and what they did stay."""
    from lms.features.accounts import actions as accounts

    _for_person(email, accounts.disable_person)
    click.echo(f"{email} can no longer sign in.")


@main.command("enable-person")
@click.argument("email")
@plain_errors
def enable_person(email: str) -> None:
    """Let somebody sign in again."""
    from lms.features.accounts import actions as accounts

    _for_person(email, accounts.enable_person)
    click.echo(f"{email} can sign in.")


def _for_person(email: str, act: Callable[..., None]) -> None:
    from datetime import UTC, datetime

    from lms.features.accounts import actions as accounts

    app = _ready_app()
    with app.app_context(), saved():
        person = accounts.person_by_email(email)
        if person is None:
            raise SetUpError(f"Nobody here has the address {email}.")
        act(person, by=None, now=datetime.now(UTC))


# -- tests --------------------------------------------------------------------------------------------------


@main.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.pass_context
def test(context: click.Context) -> None:
    """Run the tests of the host and of every plugin. Further arguments go to pytest."""
    arguments = context.args or ["-n", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment, check=False)  # noqa: S603
    sys.exit(done.returncode)
