"""The commands for those who write plugins and courses: what is here, is it sound, a new one, and a host to try it on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from lms.app import course_folders, create_app, is_checkout, plugins_folder
from lms.host.db import db, saved
from lms.host.errors import SetUpError
from lms.host.plugins import Plugin
from lms.new_plugin import KINDS, write_plugin
from lms.terminal import config_here, demo_app, host_of, listening, plain_errors, ready_app


@click.command()
@click.option("--safe-mode", is_flag=True, default=None, help="Look at the built-in plugins alone.")
@click.option(
    "--trace", metavar="PATH", help="Open this page, like /today, and list what each plugin was asked for it."
)
@click.option("--as", "email", default="", help="With --trace: the e-mail of who opens it.")
@click.option("--demo", is_flag=True, help="With --trace: in the story that lms demo and lms dev tell.")
@plain_errors
def plugins(safe_mode: bool | None, trace: str | None, email: str, demo: bool) -> None:
    """Every plugin: version, hooks, providers, organizations, state, last error."""
    if trace is not None:
        _trace(ready_app(safe_mode=safe_mode, demo=demo or None), trace, email)
        return
    from lms.features.organizations.queries import users_of_plugins
    from lms.host.troubles import troubles_of

    app = create_app(config_here(safe_mode=safe_mode))
    with app.app_context():
        ready = _is_migrated()
        users = users_of_plugins() if ready else {}
        for plugin in host_of(app).guard.host.plugins.values():
            click.echo(f"{plugin.name} {plugin.version}".rstrip() + f"  ({plugin.source})")
            click.echo(f"    state          {_state(plugin)}")
            click.echo(f"    hooks          {', '.join(plugin.hooks) or '-'}")
            click.echo(f"    providers      {', '.join(p.name for p in plugin.providers) or '-'}")
            click.echo(f"    organizations  {', '.join(users.get(plugin.name, ())) or '-'}")
            last = (troubles_of(plugin.name) if ready else [])[:1]
            for trouble in last:
                click.echo(f"    last error     {trouble.last_at:%Y-%m-%d %H:%M}Z {trouble.place}: {trouble.message}")


def _state(plugin: Plugin) -> str:
    if not plugin.quarantined:
        return "working"
    place = "".join(f"\n      {line}" for line in plugin.place.splitlines())
    return f"quarantined: {plugin.quarantined}{place}"


def _trace(app: Flask, path: str, email: str) -> None:
    """Open a page as somebody, and say which plugin was asked what for it, in which order, how long it took."""
    from lms.features.accounts import actions as accounts

    calls = host_of(app).guard.trace = []
    client, now = app.test_client(), datetime.now(UTC)
    with app.app_context(), saved():
        person = accounts.person_by_email(email) if email else None
        if email and person is None:
            raise SetUpError(f"Nobody here has the e-mail address {email}. For people of the demo, add --demo.")
        token = accounts.start_sign_in(person, hours=1, now=now) if person else ""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    answer = client.get(path)
    with app.app_context(), saved():
        accounts.end_sign_in(token, now=now)
    for call in calls:
        click.echo(f"{call.milliseconds:8.3f} ms  {call.plugin:<16} {call.place:<32} {call.answered}")
    took = sum(call.milliseconds for call in calls)
    click.echo(f"{path} answered {answer.status_code}; {len(calls)} questions to plugins took {took:.3f} ms.")


def _is_migrated() -> bool:
    from sqlalchemy import inspect

    return inspect(db.engine).has_table("plugin_trouble")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path))
@plain_errors
def check(paths: tuple[Path, ...]) -> None:
    """Check every plugin and course, or those in PATHS: plugin folders, course folders, or folders of courses. All faults
    in one go; exits with 1 for any."""
    from lms.host.inspection import look_at

    config = config_here()
    found = look_at(paths, plugins_folder(config), course_folders(config), safe_mode=config.settings.safe_mode)
    for fault in found.faults:
        click.echo(fault, err=True)
    for note in found.notes:
        click.echo(note)
    count = len(found.faults)
    plugins, courses = _counted(found.plugins, "plugin"), _counted(found.courses, "course")
    click.echo(f"{plugins} and {courses} are sound; {_counted(count, 'fault')}.")
    if found.faults:
        sys.exit(1)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


@click.command("new-plugin")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the plugin brings.")
@click.option("--label", default="", help="What people read, in words.")
@click.option("--label-fr", default="", help="The same in French; without it, French starts with --label.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder to write it into.")
@plain_errors
def new_plugin(name: str, kind: str, label: str, label_fr: str, into: Path | None) -> None:
    """Write a working plugin NAME to change: package, words in both languages, an example, tests, README."""
    folder = into or plugins_folder(config_here()) or Path.cwd() / "plugins"
    first, *others = write_plugin(name, kind, folder, label, label_fr)
    click.echo(f"Written in {folder / name}:")
    for path in (first, *others):
        click.echo(f"    {path.relative_to(folder / name)}")
    lms = "python3 -m lms" if is_checkout() else "lms"
    place = _from_here(folder / name)
    click.echo(f"Change {_from_here(first)}, then:")
    click.echo(f"    {lms} test {place}    its own tests")
    click.echo(f"    {lms} check {place}   what a host would find wrong, with file, line and cure")
    if folder.resolve() == (plugins_folder(config_here()) or Path()).resolve():
        click.echo(f"    {lms} dev    a host with invented people; it finds {name} in {_from_here(folder)}")
    else:
        click.echo(f"    pip install -e {place}    so that a host finds {name}; then lms dev")


def _from_here(path: Path) -> Path:
    """As short as it can be written in the folder where somebody stands."""
    full = path.resolve()
    return full.relative_to(Path.cwd()) if full.is_relative_to(Path.cwd()) else full


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@plain_errors
def dev(port: int) -> None:
    """The demo for authors: it starts anew whenever a file of a plugin, a course or the host is saved."""
    from werkzeug.serving import is_running_from_reloader, run_simple

    address = "127.0.0.1"
    if not is_running_from_reloader():
        listening(address, port).close()
        click.echo(f"\n  http://{address}:{port} starts anew when you save. Ctrl+C stops it.\n")
        run_simple(address, port, lambda *_: (), use_reloader=True, reloader_type="stat")
        return
    app = demo_app(address, port)
    guard = host_of(app).guard
    for plugin in guard.host.plugins.values():
        if plugin.quarantined:
            click.echo(f"\n  plugin {plugin.name}  {_state(plugin)}\n", err=True)
    for offered in host_of(app).catalog.faulty():
        click.echo("\n".join(f"  {fault}" for fault in offered.loaded.faults), err=True)
    host_of(app).extras["worker"].start()
    run_simple(address, port, app, use_reloader=True, reloader_type="stat", extra_files=_watched(), threaded=True)


def _watched() -> list[str]:
    """Every file of the plugins and courses that are read from folders."""
    config = config_here()
    folders = [*course_folders(config), *filter(None, [plugins_folder(config)])]
    files = (path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return [str(path) for path in files if path.is_file()]
