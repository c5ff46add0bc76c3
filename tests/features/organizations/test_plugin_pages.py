"""The gallery and the pages of a plugin: who uses it, trying it, turning it off, the data that it keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pydantic import Field as Field_
from sqlalchemy import func, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.cohorts.models import Cohort
from lms.features.organizations import actions as organizations
from lms.features.organizations.bench import title_of
from lms.features.organizations.gallery import QUESTIONS, answers
from lms.features.organizations.health import STANDS_IN
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.documents import Documents, PluginDocument
from lms.host.plugins import Plugin
from lms.plugin_api import (
    Activity,
    ActivityType,
    Answer,
    AttendanceExample,
    AttendancePolicy,
    AttendanceStatus,
    CertificateIssuer,
    Document,
    Field,
    Ledger,
    Mark,
    Meeting,
    MeetingState,
    Options,
    Status,
    Text,
    Verdict,
    VerdictStatus,
)
from lms.plugin_api.hooks import EVENT_HOOKS, PROVIDER_HOOKS
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.host.small_plugins import a_plugin
from tests.pages import follow, form_to, said, submit
from tests.world import PASSWORD, World

GALLERY = "/organizations/northside/plugins"
NORTHSIDE = f"{GALLERY}/northside"
GARDEN = f"{GALLERY}/garden"


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


# -- the gallery ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", [*PROVIDER_HOOKS, *EVENT_HOOKS])
def test_every_hook_answers_a_question_and_has_a_stand_in(hook: str) -> None:
    plugin = Plugin("garden", "1", "test", hooks=(hook,))
    assert [key for key, _words, _hooks in QUESTIONS if answers(plugin, key)]
    assert any(hook.startswith(own) for own in STANDS_IN)


def test_a_card_says_what_it_sees_and_which_groups_use_it(olga: FlaskClient) -> None:
    page = said(olga.get(GALLERY))
    assert "Evening group: its course" in page
    assert "Morning group: its course" in page
    assert "Rivers group" not in page, "another organization's"
    assert "Can see:" in page
    assert "No running group stands on it." not in page


def test_a_question_leaves_what_has_to_do_with_it(olga: FlaskClient) -> None:
    page = olga.get(GALLERY)
    assert f'href="{GALLERY}?question=elsewhere"' in page.text
    assert "Webhooks" in said(olga.get(f"{GALLERY}?question=elsewhere"))
    taught = said(olga.get(f"{GALLERY}?question=taught"))
    assert "Webhooks" not in taught
    assert "Evening group" in taught
    assert said(olga.get(f"{GALLERY}?question=nonsense")).count("Webhooks") == said(page).count("Webhooks")


def test_the_questions_speak_french(olga: FlaskClient) -> None:
    olga.set_cookie("language", "fr")
    page = said(olga.get(GALLERY))
    for words in ("Qu'est-ce qui est enseigné?", "Comment obtient-on son certificat?", "Utilisé par\u00a0: "):
        assert words in page


def test_without_plugins_the_page_says_that_none_is_needed(
    make_app: Callable[..., Flask], plugin_host: Callable[..., Any], clock: time_machine.Coordinates
) -> None:
    page = said(at_a_host(make_app(plugin_host())).get(GALLERY))
    assert "No plugins yet. The host works without any" in page


def test_as_many_queries_for_many_groups_as_for_few(app: Flask, world: World, olga: FlaskClient) -> None:
    def asked(path: str) -> int:
        olga.get(path)
        with counted(app) as statements:
            assert olga.get(path).status_code == 200
        return len(statements)

    pages = (GALLERY, NORTHSIDE, f"{NORTHSIDE}/turn-off", f"{NORTHSIDE}/history", f"{NORTHSIDE}/health")
    few = {path: asked(path) for path in pages}
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        columns = {c.name: getattr(evening, c.name) for c in Cohort.__table__.columns if c.name != "id"}
        session.add_all(Cohort(**columns) for _ in range(12))
    assert {path: asked(path) for path in pages} == few
    assert max(few.values()) <= 9


# -- turning off ----------------------------------------------------------------------------------------------


def test_before_turning_off_one_reads_what_stands_on_it(olga: FlaskClient, browser: Browser, evening: str) -> None:
    page = olga.get(f"{NORTHSIDE}/turn-off")
    assert "Evening group: its course" in said(page)
    assert "It goes on as it is." in said(page)
    assert "New groups cannot choose it then." in said(page)
    after = follow(olga, submit(olga, form_to(page, f"{NORTHSIDE}/turn-off")))
    assert "Not in use" in said(after)
    assert browser("Sam").get(f"{evening}/course").status_code == 200


def test_what_nobody_uses_stands_alone(olga: FlaskClient) -> None:
    assert "Nothing: no running group and no certificate." in said(olga.get(f"{GALLERY}/webhooks/turn-off"))


# -- the data that it keeps -----------------------------------------------------------------------------------


@pytest.fixture
def with_documents(app: Flask, world: World) -> None:
    with app.app_context(), saved():
        for slug, times in (("northside", 2), ("deux-rives", 1)):
            store = Documents("webhooks", world.organizations[slug])
            for number in range(times):
                store.put(f"count-{number}", {"of": slug})
            store.put("own", "tea", person=world.people["Sam"])
            store.keep(NOW)


@pytest.mark.usefixtures("with_documents")
def test_what_it_keeps_is_counted_and_taken_along(world: World, olga: FlaskClient) -> None:
    page = said(olga.get(f"{GALLERY}/webhooks"))
    assert "3 documents of its own about this organization or its people." in page
    answer = olga.get(f"{GALLERY}/webhooks/data.json")
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    kept = json.loads(answer.text)["documents"]
    assert [(one["person"], one["key"]) for one in kept] == [
        (None, "count-0"),
        (None, "count-1"),
        (world.people["Sam"], "own"),
    ]
    assert "deux-rives" not in answer.text


@pytest.mark.usefixtures("with_documents")
def test_it_is_removed_after_its_name_was_typed(app: Flask, olga: FlaskClient) -> None:
    form = form_to(olga.get(f"{GALLERY}/webhooks"), f"{GALLERY}/webhooks/remove-data")
    wrong = submit(olga, form, name="webhook")
    assert wrong.status_code == 422
    assert "Type webhooks to remove what it keeps." in said(wrong)
    assert 'value="webhook"' in wrong.text, "nothing typed is lost"
    assert "3 documents are removed." in said(follow(olga, submit(olga, form, name="webhooks")))
    with app.app_context():
        assert session.scalar(select(func.count(PluginDocument.id))) == 2, "those of the other organization"
        assert session.scalars(select(AuditRow).where(AuditRow.verb == "plugins.data_removed")).one()


# -- the bench ------------------------------------------------------------------------------------------------


class Weather(Options):
    most: int = 1
    sunny: bool = False
    winds: dict[str, int] = Field_(default_factory=dict)


START = datetime(2026, 3, 3, 23, tzinfo=UTC)
CLASSES = tuple(Meeting(n, START + timedelta(weeks=n), 120, ("spring",), MeetingState.HELD) for n in (1, 2))
RAINED = Ledger(
    CLASSES, (Mark(1, Status.AWAY), Mark(2, Status.HERE)), outcomes=("done",), names={"done": Text("Done", "Fait")}
)


class Seasons(AttendancePolicy):
    name, label, options = "seasons", Text("By the weather", "Selon la météo"), Weather
    statuses = (AttendanceStatus("in_the_rain", Text("in the rain", "sous la pluie"), Status.HERE),)
    examples = (
        AttendanceExample(
            Text("It rained once", "Il a plu une fois"), RAINED, {"winds": {"north": 2}}, {"done": VerdictStatus.MET}
        ),
        AttendanceExample(Text("It should rain", "Il devrait pleuvoir"), RAINED, {}, {"done": VerdictStatus.NOT_MET}),
    )

    def rule(self, options: Weather, names: Any) -> Text:
        return Text(f"Miss {options.most} at most.", f"Manquez-en {options.most} au plus.")

    def judge(self, ledger: Ledger, outcome: str, options: Weather) -> Verdict:
        if options.most == 13:
            raise ValueError("thirteen")
        away = sum(mark.status is Status.AWAY and not mark.made_up for mark in ledger.marks)
        late = sum(mark.late_by or 0 for mark in ledger.marks)
        rain = sum(mark.named == "in_the_rain" for mark in ledger.marks)
        words = f"{away} away, {late} minutes late, {rain} in the rain of {len(ledger.meetings)}."
        status = VerdictStatus.MET if away <= options.most else VerdictStatus.NOT_MET
        return Verdict(status, Text(words, f"FR {words}"))


class Leaf(ActivityType):
    name, label = "leaf", Text("A leaf", "Une feuille")

    def form(self, activity: Activity, options: Any) -> tuple[Field, ...]:
        return (Field("colour", Text("Which colour?", "Quelle couleur?")),)

    def read(self, activity: Activity, options: Any, form: Any) -> Answer:
        return Answer(form["colour"])


class Seeds(CertificateIssuer):
    name, label = "seeds", Text("A bag of seeds", "Un sac de graines")

    def issue(self, award: Any, settings: Any) -> tuple[Document, ...]:
        return (Document("seeds.txt", "text/plain", f"{award.name} of {award.organization}".encode()),)


class Storm(CertificateIssuer):
    name, label = "storm", Text("A storm", "Une tempête")

    def issue(self, award: Any, settings: Any) -> tuple[Document, ...]:
        raise ValueError("thunder")


def garden() -> Any:
    def attendance_policies() -> Any:
        return [Seasons()]

    def activity_types() -> Any:
        return [Leaf()]

    def certificate_issuers() -> Any:
        return [Seeds(), Storm()]

    return a_plugin("garden", attendance_policies, activity_types, certificate_issuers)


def at_a_host(app: Flask) -> FlaskClient:
    """Olga, signed in where nothing else is."""
    with app.app_context(), saved():
        north = organizations.add_organization("Northside", "northside", now=NOW, by=None)
        olga = accounts.add_person("Olga", "olga@example.org", language="en", now=NOW, password=PASSWORD)
        accounts.grant_role(olga.id, Role.ORGANIZATION_ADMIN, organization=north.id, by=None, now=NOW)
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "olga@example.org", "password": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def garden_app(
    make_app: Callable[..., Flask], plugin_host: Callable[..., Any], clock: time_machine.Coordinates
) -> Flask:
    return make_app(plugin_host(garden()))


@pytest.fixture
def gardener(garden_app: Flask) -> FlaskClient:
    return at_a_host(garden_app)


def test_worked_examples_say_whether_they_hold(gardener: FlaskClient) -> None:
    page = said(gardener.get(f"{GARDEN}/try"))
    assert "It rained once" in page
    assert page.count("One example does not say what it should.") == 1
    assert page.count("Not as it should be") == 1
    assert "It should say: not met" in page
    assert "It says: done · 1 away, 0 minutes late, 0 in the rain of 2." in page


def test_an_outcome_without_a_title_is_said_in_words() -> None:
    assert title_of(RAINED, "done") == Text("Done", "Fait")
    assert title_of(RAINED, "level-1_with_role-play") == Text("Level 1 with role play", "Level 1 with role play")


def test_the_bench_speaks_french(gardener: FlaskClient) -> None:
    gardener.set_cookie("language", "fr")
    page = said(gardener.get(f"{GARDEN}/try"))
    for words in ("Il a plu une fois", "FR 1 away", "Manquez-en 1 au plus.", "Quelle couleur?", "sous la pluie"):
        assert words in page


def test_made_up_attendance_shows_what_somebody_would_read(garden_app: Flask, gardener: FlaskClient) -> None:
    page = gardener.get(f"{GARDEN}/try")
    form = form_to(page, f"{GARDEN}/try#reads")
    assert page.text.count('<option value="away" selected>') == 1, "as in the example"
    assert "winds" not in form.fields, "what is nested stays as it is in the example"
    typed = {
        **form.fields,
        "class_1": "away",
        "classes": "4",
        "class_2": "in_the_rain",
        "class_3": "late",
        "late_3": "15",
        "most": "0",
    }
    told = said(gardener.get(f"{GARDEN}/try", query_string=typed))
    assert "What they would read Miss 0 at most. not met · 1 away, 15 minutes late, 1 in the rain of 4." in told
    better = said(gardener.get(f"{GARDEN}/try", query_string={**typed, "class_1": "made_up"}))
    assert "done · 0 away, 15 minutes late" in better


@pytest.mark.parametrize(
    "odd",
    [
        {"classes": "900"},
        {"classes": "-1"},
        {"classes": "²"},
        {"class_1": "<b>"},
        {"late_1": "²"},
        {"case": "7"},
        {"policy": "²"},
        {"outcome": "no"},
        {"late_1": "9" * 30},
    ],
)
def test_odd_values_are_taken_as_the_example_has_them(gardener: FlaskClient, odd: dict[str, str]) -> None:
    typed = {"show": "yes", "classes": "2", "class_1": "here", "most": "1", **odd}
    answer = gardener.get(f"{GARDEN}/try", query_string=typed)
    assert answer.status_code == 200
    assert "What they would read" in said(answer)


def test_an_option_that_cannot_be_used_gets_a_sentence(gardener: FlaskClient) -> None:
    page = said(gardener.get(f"{GARDEN}/try", query_string={"show": "yes", "classes": "2", "most": "many"}))
    assert "Most: Enter a whole number." in page


def test_a_rule_that_breaks_on_the_bench_is_nobodys_trouble(garden_app: Flask, gardener: FlaskClient) -> None:
    page = said(gardener.get(f"{GARDEN}/try", query_string={"show": "yes", "classes": "2", "most": "13"}))
    assert "It gave no answer. In a group, the training team would decide." in page
    assert "Your trainer will check this one." in page
    assert not garden_app.extensions["lms"].guard.troubles


def test_papers_of_an_award_that_nobody_was_given(gardener: FlaskClient) -> None:
    answer = gardener.get(f"{GARDEN}/try/papers/seeds")
    assert answer.text == "Alex Example of Northside"
    assert "seeds.txt" in answer.headers["Content-Disposition"]
    broken = gardener.get(f"{GARDEN}/try/papers/storm")
    assert broken.status_code == 422
    assert "It could not make the papers." in said(broken)
    assert gardener.get(f"{GARDEN}/try/papers/plain-certificate").status_code == 404, "of this plugin alone"


def test_nothing_of_the_bench_is_kept(garden_app: Flask, gardener: FlaskClient) -> None:
    with counted(garden_app) as statements:
        gardener.get(f"{GARDEN}/try", query_string={"show": "yes", "classes": "2", "most": "13"})
        gardener.get(f"{GARDEN}/try/papers/seeds").close()
    assert [one for one in statements if not one.lstrip().upper().startswith("SELECT")] == []


def test_a_plugin_that_only_listens_has_no_bench(olga: FlaskClient) -> None:
    assert olga.get(f"{GALLERY}/webhooks/try").status_code == 404
    assert "Try it" not in said(olga.get(f"{GALLERY}/webhooks"))
