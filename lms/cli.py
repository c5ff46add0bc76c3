"""The `lms` command. `python3 -m lms VERB` does the same from a fresh checkout, after setting itself up."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import click
from flask import Flask

from lms import authoring
from lms.app import ROOT, create_app, is_checkout, plugins_folder
from lms.host.db import db, saved
from lms.host.errors import SetUpError
from lms.terminal import config_here, demo_app, host_of, listening, plain_errors, ready_app

THREADS = 8  # that work, beside those in which phones wait
CONNECTIONS = 800  # a phone holds two; a process may commonly have 1024 files open
IDLE = 30  # seconds until a connection without a request is closed


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A light host for delivering training programmes."""


for command in (authoring.plugins, authoring.check, authoring.new_plugin, authoring.dev):
    main.add_command(command)


# -- serving ------------------------------------------------------------------------------------------------


@main.command()
@click.option("--host", "address", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--reset", is_flag=True, help="Begin the story anew.")
@plain_errors
def demo(address: str, port: int, reset: bool) -> None:
    """The demo: an invented group with a living story, on SQLite."""
    listener = listening(address, port)
    app = demo_app(address, port, reset=reset)
    from lms.demo.stories import MAIN_DOORS
    from lms.demo.story import PASSWORD

    click.echo(f"\n  The demo is at {host_of(app).config.settings.base_url}\n")
    click.echo(f"  A door for each role is on its front page. Signing in works too, password: {PASSWORD}")
    for door in MAIN_DOORS:
        click.echo(f"    {door.email:<32} {door.who.en}")
    click.echo("\n  Ctrl+C stops it. --reset begins the story anew.\n")
    _serve(app, listener, background=True)


def _serve(app: Flask, listener: socket.socket, *, background: bool) -> None:
    """Serve with waitress until stopped; deliver the outbox in a thread if `background`. A phone that waits for news is a
    sleeping thread, beside those that work."""
    import waitress

    here = host_of(app)
    worker, settings = here.extras["worker"], here.config.settings
    here.extras["bell"].places = settings.waiting_phones
    if background:
        worker.start()

    def stop(*_: object) -> None:
        here.extras["bell"].close()
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        trusted = bool(settings.proxies)
        waitress.serve(
            app,
            sockets=[listener],
            threads=THREADS + settings.waiting_phones,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE,
            asyncore_use_poll=True,
            ident="lms",
            clear_untrusted_proxy_headers=not trusted,
        )
    finally:
        worker.stop()


@main.command()
@click.option("--host", "address", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--safe-mode", is_flag=True, default=None, help="Start with the built-in plugins alone.")
@plain_errors
def serve(address: str, port: int, safe_mode: bool | None) -> None:
    """Serve this installation in one process; for several, run a WSGI server on lms.wsgi:app."""
    listener = listening(address, port)
    app = ready_app(safe_mode=safe_mode)
    click.echo(f"Serving on {address}, port {port}.")
    _serve(app, listener, background=host_of(app).config.settings.worker)


@main.command()
@plain_errors
def worker() -> None:
    """Deliver mails and events until stopped. As many of these as you like may run."""
    app = ready_app()
    deliver = host_of(app).extras["worker"]
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
    for name, value, source, help_text in config_here().shown():
        click.echo(f"{name} = {value}    ({source})\n    {help_text}")


# -- the database -------------------------------------------------------------------------------------------


@main.group("db")
def database() -> None:
    """The shape of the database."""


@database.command()
@plain_errors
def upgrade() -> None:
    """Bring the database to the newest shape. `serve` does it too."""
    ready_app()
    click.echo("The database is up to date.")


@database.command()
@click.argument("message")
@plain_errors
def migration(message: str) -> None:
    """Write a new migration from what the models say (for developers)."""
    from lms import migrations

    app = create_app(config_here())
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

    app = ready_app()
    now = datetime.now(UTC)
    with app.app_context():
        with saved():
            organization = organizations.add_organization(name, short_name, now=now, by=None, time_zone=time_zone)
            person = accounts.person_by_email(admin) or accounts.add_person(admin_name, admin, language="en", now=now)
            for role in (Role.ORGANIZATION_ADMIN, Role.COORDINATOR):
                accounts.grant_role(person.id, role, organization=organization.id, by=None, now=now)
            token = accounts.make_link(person, accounts.TO_RESET, now=now)
        base = host_of(app).config.settings.base_url.rstrip("/")
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

    app = ready_app()
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

    app = ready_app()
    with app.app_context(), saved():
        person = accounts.person_by_email(email)
        if person is None:
            raise SetUpError(f"Nobody here has the address {email}.")
        act(person, by=None, now=datetime.now(UTC))


# -- tests --------------------------------------------------------------------------------------------------


@main.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.pass_context
@plain_errors
def test(context: click.Context) -> None:
    """Run the tests of the host and of every plugin; where the host is installed, those of the plugins in `plugins/`.
    Further arguments go to pytest."""
    if find_spec("pytest") is None:
        raise SetUpError("The tests need pytest. Install it: python -m pip install pytest")
    if is_checkout():
        arguments, folder, paths = context.args or ["-n", "2"], ROOT, [ROOT]
    else:
        own = plugins_folder(config_here())
        arguments, folder = context.args or [str(own or "plugins")], Path.cwd()
        paths = [manifest.parent for manifest in own.glob("*/pyproject.toml")] if own else []
        arguments = ["--import-mode=importlib", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=folder, env=environment, check=False)  # noqa: S603
    sys.exit(done.returncode)
