"""Keeping somebody from signing in, and letting them in again: by the one who runs the host."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from lms.cli import main
from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.world import PASSWORD, World


def sign_in(app: Flask) -> int:
    return app.test_client().post("/sign-in", data={"email": "sam@example.org", "password": PASSWORD}).status_code


def verbs(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        rows = session.scalars(select(AuditRow).where(AuditRow.verb.in_(["accounts.disabled", "accounts.enabled"])))
        return [(row.verb, row.by_id) for row in rows]


def test_it_is_written_down_under_its_own_name_once(app: Flask, world: World, browser: Browser, evening: str) -> None:
    sam = browser("Sam")
    for _ in range(2):
        with app.app_context(), saved():
            accounts.disable_person(session.get_one(Person, world.people["Sam"]), by=world.people["Noor"], now=NOW)
    assert verbs(app) == [("accounts.disabled", world.people["Noor"])]
    assert sign_in(app) == 422
    assert sam.get(f"{evening}/course").status_code == 303, "signed out at once"
    for _ in range(2):
        with app.app_context(), saved():
            accounts.enable_person(session.get_one(Person, world.people["Sam"]), by=world.people["Noor"], now=NOW)
    assert verbs(app)[1:] == [("accounts.enabled", world.people["Noor"])]
    assert sign_in(app) == 303
    assert sam.get(f"{evening}/course").status_code == 303, "what has ended stays ended"


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> object:
    database = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    monkeypatch.setenv("LMS_INSTANCE", str(Path(database).parent))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run


def test_the_commands_do_it(app: Flask, run) -> None:
    answer = run("disable-person", "Sam@example.org")
    assert (answer.exit_code, answer.output) == (0, "Sam@example.org can no longer sign in.\n")
    assert sign_in(app) == 422
    answer = run("enable-person", "sam@example.org")
    assert (answer.exit_code, answer.output) == (0, "sam@example.org can sign in.\n")
    assert sign_in(app) == 303
    assert verbs(app) == [("accounts.disabled", None), ("accounts.enabled", None)]


@pytest.mark.parametrize("verb", ["disable-person", "enable-person"])
def test_an_address_that_nobody_has_gets_a_sentence(run, verb: str) -> None:
    answer = run(verb, "nobody@example.org")
    assert answer.exit_code == 1
    assert "Nobody here has the address nobody@example.org." in answer.output
    assert "Traceback" not in answer.output
