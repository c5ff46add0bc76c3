"""How a plugin fares: the word for it, one mail for each trouble, and coming back by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.organizations import actions as organizations
from lms.features.organizations.health import State, health_of
from lms.features.organizations.models import Organization
from lms.host.db import saved, session
from lms.host.guard import LEFT_OUT, SLOW, Guard, Trouble
from lms.host.outbox import OutboxRow
from lms.host.plugins import Plugin
from lms.host.troubles import CHECKS, START, PluginTrouble, keep_troubles_of
from lms.plugin_api import AttendanceExample, AttendancePolicy, Ledger, Text, Verdict, VerdictStatus
from tests.features.conftest import NOW, Browser
from tests.host.small_plugins import a_plugin, providing
from tests.pages import follow, form_to, said, submit
from tests.world import PASSWORD

HEALTH = "/organizations/northside/plugins/northside/health"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


def goes_wrong(app: Flask, place: str = "letter.issue", message: str = "ValueError in letter.py, line 3") -> None:
    guard: Guard = app.extensions["lms"].guard
    guard.troubles.append(Trouble("northside", place, message))
    with app.app_context():
        keep_troubles_of(guard)


def mails(app: Flask) -> list[dict[str, Any]]:
    """What is written about plugins, after the outbox was worked through; nothing is sent."""
    worker = app.extensions["lms"].extras["worker"]
    worker.handlers.pop("mail", None)
    worker.run_due()
    with app.app_context():
        rows = session.scalars(select(OutboxRow).where(OutboxRow.key.like("mail:plugin:%")).order_by(OutboxRow.id))
        return [row.payload for row in rows]


# -- the word -------------------------------------------------------------------------------------------------


def row(place: str = "rule.judge", message: str = "It stopped.", at: datetime = NOW, **more: Any) -> PluginTrouble:
    return PluginTrouble(plugin="garden", place=place, message=message, times=1, first_at=at, last_at=at, **more)


@pytest.mark.parametrize(
    ("quarantined", "in_use", "rows", "state"),
    [
        ("", True, [], State.WORKING),
        ("", False, [row()], State.OFF),
        ("", True, [row(message=SLOW)], State.SLOW),
        ("", True, [row(message=SLOW), row("rule.rule", LEFT_OUT)], State.SLOW),
        ("", True, [row(message=SLOW), row("rule.rule")], State.FAULTY),
        ("", True, [row(CHECKS)], State.STOPPED),
        ("", True, [row(START)], State.WORKING),
        ("", True, [row(cleared_at=NOW)], State.WORKING),
        ("It does not import.", True, [row(START)], State.STOPPED),
        ("It does not import.", False, [], State.STOPPED),
    ],
)
def test_a_word_for_how_it_fares(quarantined: str, in_use: bool, rows: list[PluginTrouble], state: State) -> None:
    plugin = Plugin("garden", "1", "test", quarantined=quarantined)
    assert health_of(plugin, in_use, rows, NOW).state is state


def test_one_that_gave_no_answer_when_it_was_asked_last_has_stopped() -> None:
    plugin, rows = Plugin("garden", "1", "test"), [row("rule.judge"), row("rule.rule", at=NOW - HOUR)]
    stopped = health_of(plugin, True, rows, NOW, silent=True)
    assert (stopped.state, stopped.since) == (State.STOPPED, NOW - HOUR)
    assert health_of(plugin, True, rows, NOW, silent=False).state is State.FAULTY, "it has answered since"
    assert health_of(plugin, False, rows, NOW, silent=True).state is State.OFF


def test_it_works_again_since_the_last_trouble_was_over() -> None:
    plugin, rows = Plugin("garden", "1", "test"), [row(cleared_at=NOW - DAY), row("rule.rule", cleared_at=NOW - HOUR)]
    assert health_of(plugin, True, rows, NOW).again == NOW - HOUR
    assert health_of(plugin, True, rows, NOW + 30 * DAY).again is None, "it is no news any more"


# -- the page -------------------------------------------------------------------------------------------------


def test_the_page_says_what_went_wrong_and_what_stands_in(app: Flask, olga: FlaskClient) -> None:
    assert "Nothing has gone wrong." in said(olga.get(HEALTH))
    goes_wrong(app)
    page = said(olga.get(HEALTH))
    assert "Working, with a fault on" in page
    assert "letter.issue" in page
    assert "ValueError in letter.py, line 3" in page
    assert "Certificates count and can be checked by anyone; their papers are made when it answers." in page


def test_slow_is_said_as_such(app: Flask, olga: FlaskClient) -> None:
    goes_wrong(app, message=SLOW)
    assert "Slow, last on" in said(olga.get(HEALTH))
    assert "Slow, last on" in said(olga.get("/organizations/northside/plugins"))


@pytest.mark.parametrize(
    ("took", "words"),
    [
        ([], "Nobody has waited for an answer of it since the host started."),
        ([0.001], "It has given one answer since the host started, in less than a hundredth of a second."),
        ([0.2], "It has given one answer since the host started, in 0.2 seconds."),
        ([0.001, 0.002, 0.003], "Each of its last 3 answers since the host started came in less than a hundredth"),
        ([0.001, 0.03, 0.756], "came within 0.03 seconds; the slowest took 0.76 seconds."),
        ([0.001, 0.002, 0.5], "came within a hundredth of a second; the slowest took 0.5 seconds."),
    ],
)
def test_the_page_says_how_long_it_takes(app: Flask, olga: FlaskClient, took: list[float], words: str) -> None:
    guard: Guard = app.extensions["lms"].guard
    guard.took["northside"].clear()
    guard.took["northside"].extend(took)
    assert words in said(olga.get(HEALTH))


def test_the_page_says_when_the_checks_were_run(
    app: Flask, olga: FlaskClient, browser: Browser, clock: time_machine.Coordinates
) -> None:
    page = olga.get(HEALTH)
    assert "Nobody has run them here yet." in said(page)
    submit(olga, form_to(page, "/organizations/northside/plugins/northside/check"))
    assert "Run here last on" in said(olga.get(HEALTH))


def test_the_page_speaks_french(app: Flask, olga: FlaskClient) -> None:
    goes_wrong(app)
    olga.set_cookie("language", "fr")
    page = said(olga.get(HEALTH))
    for words in ("Santé", "Ce qui le remplace entre-temps", "Lancer les vérifications maintenant"):
        assert words in page


def test_checks_that_hold_say_so(app: Flask, olga: FlaskClient) -> None:
    goes_wrong(app)
    form = form_to(olga.get(HEALTH), "/organizations/northside/plugins/northside/check")
    assert "All is well." in said(follow(olga, submit(olga, form)))
    assert "letter.issue" in said(olga.get(HEALTH)), "a fault in real use stays until it was well for a day"


class Breaks(AttendancePolicy):
    name, label = "breaks", Text("Breaks", "Se brise")
    examples = (AttendanceExample(Text("Nobody", "Personne"), Ledger(()), {}, {"completed": VerdictStatus.MET}),)

    def rule(self, options: Any, names: Any) -> Text:
        return Text("Be there.", "Soyez là.")

    def judge(self, ledger: Ledger, outcome: str, options: Any) -> Verdict:
        raise ValueError("a shelf")


def test_checks_that_find_something_stop_it_until_they_hold(
    make_app: Callable[..., Flask],
    plugin_host: Callable[..., Any],
    clock: time_machine.Coordinates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = make_app(plugin_host(providing("garden", "attendance_policies", Breaks())))
    olga, page = _olga_of(app), "/organizations/northside/plugins/garden"
    olga.post(page)
    found = said(follow(olga, olga.post(f"{page}/check")))
    assert "Les vérifications ont trouvé quelque chose\u00a0: ValueError: a shelf" in found
    assert "Arrêté depuis le" in found
    monkeypatch.setattr(Breaks, "judge", lambda *_: Verdict(VerdictStatus.MET, Text("Well.", "Bien.")))
    well = said(follow(olga, olga.post(f"{page}/check")))
    assert "Tout va bien." in well
    assert "Fonctionne de nouveau depuis le" in well


def _olga_of(app: Flask) -> FlaskClient:
    with app.app_context(), saved():
        north = organizations.add_organization("Northside", "northside", now=NOW, by=None)
        olga = accounts.add_person("Olga", "olga@example.org", language="fr", now=NOW, password=PASSWORD)
        accounts.grant_role(olga.id, Role.ORGANIZATION_ADMIN, organization=north.id, by=None, now=NOW)
    return _signed_in(app)


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "olga@example.org", "password": PASSWORD}).status_code == 303
    return client


# -- one mail for each trouble --------------------------------------------------------------------------------


def test_those_concerned_get_one_mail_with_all_of_it(app: Flask, clock: time_machine.Coordinates) -> None:
    goes_wrong(app)
    goes_wrong(app, "letter.other")
    for _ in range(3):
        goes_wrong(app)
    assert mails(app) == [], "what belongs together is gathered first"
    clock.shift(HOUR)
    written = mails(app)
    assert sorted(mail["to"] for mail in written) == ["noor@example.org", "olga@example.org"]
    by = {mail["to"]: mail["text"] for mail in written}
    assert "http://127.0.0.1:8000/organizations/northside/plugins/northside/health" in by["olga@example.org"]
    assert "http://127.0.0.1:8000/host/plugins" in by["noor@example.org"]
    goes_wrong(app)
    clock.shift(HOUR)
    assert len(mails(app)) == 2, "once for each trouble, not for each time"


def test_the_mail_is_neutral_and_says_what_stands_in(app: Flask, clock: time_machine.Coordinates) -> None:
    goes_wrong(app, message="KeyError in letter.py, line 3")
    clock.shift(HOUR)
    for mail in mails(app):
        assert "the plugin Northside" in mail["text"]
        assert "did not answer as it should." in mail["text"]
        assert "their papers are made when it answers" in mail["text"]
        assert "KeyError" not in mail["text"]


def test_it_is_told_again_only_after_a_day_of_being_well(app: Flask, clock: time_machine.Coordinates) -> None:
    goes_wrong(app)
    for _ in range(3):
        clock.shift(20 * HOUR)
        a_day_begins(app)
        goes_wrong(app)
    clock.shift(HOUR)
    assert len(mails(app)) == 2, "it was not well for a day in between"
    clock.shift(2 * DAY)
    a_day_begins(app)
    goes_wrong(app)
    clock.shift(HOUR)
    assert len(mails(app)) == 4


def test_a_plugin_that_nobody_uses_is_nobodys_mail(app: Flask, clock: time_machine.Coordinates) -> None:
    guard: Guard = app.extensions["lms"].guard
    guard.troubles.append(Trouble("webhooks", "after_review", "It stopped."))
    with app.app_context():
        keep_troubles_of(guard)
    clock.shift(HOUR)
    assert mails(app) == []


def test_after_a_day_without_trouble_it_works_again(
    app: Flask, olga: FlaskClient, clock: time_machine.Coordinates
) -> None:
    goes_wrong(app)
    for hours in (12, 23):
        clock.move_to(NOW + hours * HOUR)
        a_day_begins(app)
        assert open_troubles(app) == ["letter.issue"], "not yet a day"
    clock.move_to(NOW + 2 * DAY)
    a_day_begins(app)
    assert open_troubles(app) == []


def test_one_whose_checks_do_not_hold_has_not_come_back(
    app: Flask, clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_wrong(app)
    monkeypatch.setattr("lms.features.organizations.health.broken_promises", lambda plugin: "It promised more.")
    clock.shift(2 * DAY)
    a_day_begins(app)
    assert set(open_troubles(app)) == {"letter.issue", CHECKS}


def a_day_begins(app: Flask) -> None:
    worker = app.extensions["lms"].extras["worker"]
    worker.begin_day(datetime.now(UTC))
    worker.run_due()


def open_troubles(app: Flask) -> list[str]:
    with app.app_context():
        return [row.place for row in session.scalars(select(PluginTrouble)) if row.cleared_at is None]


# -- what the host starts without -----------------------------------------------------------------------------


def test_a_quarantined_plugin_is_told_once_however_often_the_host_starts(
    make_app: Callable[..., Flask],
    plugin_host: Callable[..., Any],
    clock: time_machine.Coordinates,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sound = make_app(plugin_host(a_plugin("pond")))
    _olga_of(sound)
    with sound.app_context(), saved():
        plugin = sound.extensions["lms"].guard.host.plugins["pond"]
        organizations.enable_plugin(session.scalars(select(Organization)).one(), plugin, {}, by=None, now=NOW)
    for _ in range(3):
        app = make_app(plugin_host(a_plugin("pond", about=None)))
        app.test_client().get("/sign-in")
        clock.shift(HOUR)
        app.extensions["lms"].extras["worker"].run_due()
    (mail,) = mails(app)
    assert "La plateforme réessaie chaque fois qu'elle démarre." in capsys.readouterr().out
    page = said(_signed_in(app).get("/organizations/northside/plugins/pond/health"))
    assert "chaque fois que la plateforme démarre" in page
    assert "Combien de temps il prend" not in page
    assert mail["to"] == "olga@example.org"
    assert mail["subject"] == "Un module d'extension demande votre attention : pond"
