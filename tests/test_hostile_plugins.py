"""Plugins that fail in every way there is: every page still opens for everyone, and the admin reads which one it is."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.attendance import actions as attendance
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import queries
from lms.features.cohorts.models import Meeting
from lms.features.organizations import actions as organizations
from lms.features.organizations.models import EnabledPlugin
from lms.host import guard
from lms.host.config import load_config
from lms.host.db import may_write, saved, session
from lms.host.plugins import find_plugins
from lms.plugin_api import (
    About,
    Activity,
    ActivityType,
    Answer,
    AttendancePolicy,
    Award,
    CertificateIssuer,
    Document,
    Field,
    Ledger,
    NoOptions,
    Part,
    Reasons,
    Text,
    Verdict,
    VerdictStatus,
    hookimpl,
)
from lms.plugin_api.values import MeetingState
from tests.house import House
from tests.pages import said
from tests.plugin_api.course_factory import make_course
from tests.world import PASSWORD

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)
CHECKS = "Your trainer will check this one."
ABOUT = About(1, Text("Garden", "Jardin"), Text("Grows.", "Pousse."), Text("nothing", "rien"))
STOP = Text("Stop.", "Halte.")


# -- a plugin that can be made to fail anywhere ---------------------------------------------------------------


@dataclass
class Temper:
    """What the garden does when it is asked at one of `places`; at others it behaves."""

    places: tuple[str, ...] = ()
    act: Callable[[], Any] | None = None

    def at(self, place: str, good: Any) -> Any:
        return self.act() if self.act and place in self.places else good


def garden_with(temper: Temper) -> ModuleType:
    class Walk(ActivityType):
        name = "walk"
        label = Text("Walk", "Promenade")

        def form(self, activity: Activity, options: NoOptions) -> tuple[Field, ...]:
            return temper.at("walk.form", (Field("text", Text("Your walk", "Votre promenade")),))  # type: ignore[no-any-return]

        def read(self, activity: Activity, options: NoOptions, form: Any) -> Answer | Reasons:
            return temper.at("walk.read", Answer(form["text"]))  # type: ignore[no-any-return]

        def show(self, activity: Activity, options: NoOptions, answer: Answer) -> tuple[Part, ...]:
            return temper.at("walk.show", (Part(self.label, answer.text),))  # type: ignore[no-any-return]

    class Weather(AttendancePolicy):
        name = "weather"
        label = Text("Weather", "Météo")

        def rule(self, options: NoOptions, names: Any) -> Text:
            return temper.at("weather.rule", Text("Come when it rains.", "Venez quand il pleut."))  # type: ignore[no-any-return]

        def judge(self, ledger: Ledger, outcome: str, options: NoOptions) -> Verdict:
            good = Verdict(VerdictStatus.MET, Text("It rained.", "Il a plu."))
            return temper.at("weather.judge", good)  # type: ignore[no-any-return]

    class Leaf(CertificateIssuer):
        name = "leaf"
        label = Text("Leaf", "Feuille")

        def issue(self, award: Award, settings: Any) -> tuple[Document, ...]:
            good = (Document("leaf.pdf", "application/pdf", b"%PDF"),)
            return temper.at("leaf.issue", good)  # type: ignore[no-any-return]

    garden = ModuleType("garden")
    garden.about = ABOUT  # type: ignore[attr-defined]
    for hook, providers in (
        ("activity_types", (Walk(),)),
        ("attendance_policies", (Weather(),)),
        ("certificate_issuers", (Leaf(),)),
    ):
        setattr(garden, hook, hook_named(hook, lambda providers=providers: providers))

    def after_submission(event: Any) -> None:
        temper.at("after_submission", None)

    garden.after_submission = hookimpl(after_submission)  # type: ignore[attr-defined]
    return garden


def hook_named(name: str, answer: Callable[[], Any]) -> Any:
    def hook() -> Any:
        return answer()

    hook.__name__ = name
    return hookimpl(hook)


# -- a host with a group that stands on it --------------------------------------------------------------------


@dataclass
class Place:
    app: Flask
    cohort: int
    enrolment: int
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, name: str) -> FlaskClient:
        if name not in self.browsers:
            client = self.browsers[name] = self.app.test_client()
            if name != "nobody":
                answer = client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD})
                assert answer.status_code == 303
        return self.browsers[name]

    @property
    def group(self) -> str:
        return f"/cohorts/{self.cohort}"

    def pages(self) -> dict[str, tuple[str, ...]]:
        """Every main page, by who opens it."""
        group, of = self.group, self.enrolment
        shared = (
            f"{group}/course",
            f"{group}/modules/listening",
            f"{group}/activities/what-i-heard",
            f"{group}/classes/1",
        )
        return {
            "sam": ("/today", "/cohorts", "/account", *shared, f"{group}/classes/1/role-play", f"{group}/left",
                    f"{group}/attendance", f"{group}/outcome", f"{group}/certificate"),
            "amina": ("/today", "/reading", "/cohorts", *shared, group, f"{group}/people", f"{group}/grid",
                      f"{group}/people/{of}", f"{group}/outcomes", f"{group}/outcomes/{of}",
                      f"{group}/people/{of}/certificates", f"{group}/classes/1/roll-call", f"{group}/classes/1/role-play"),
            "olga": ("/organizations/north/plugins", "/organizations/north/plugins/garden", "/organizations/north/people",
                     "/organizations/north/support", "/organizations/north/cohorts/new", "/host/plugins", "/account"),
            "nobody": ("/", "/sign-in", "/verify", "/handbook"),
        }  # fmt: skip


def every_page_opens(place: Place) -> dict[str, str]:
    """What is said on each; all of them answer 200."""
    found = {}
    for name, paths in place.pages().items():
        for path in paths:
            answer = place.browser(name).get(path)
            assert answer.status_code == 200, (name, path, said(answer))
            found[f"{name} {path}"] = said(answer)
    return found


def settle(app: Flask, plugin: str = "garden") -> Place:
    """An organization that uses the plugin, and a group on the course "welcome" with Sam in it and Amina leading it."""
    host = app.extensions["lms"]
    may_write()
    with app.app_context(), saved():
        north = organizations.add_organization("North", "north", now=NOW, by=None)
        session.add(EnabledPlugin(organization_id=north.id, plugin=plugin, settings={}, enabled_at=NOW))
        people = {
            name: accounts.add_person(name, f"{name}@example.org", language="en", now=NOW, password=PASSWORD)
            for name in ("sam", "amina", "olga")
        }
        for role in (Role.ORGANIZATION_ADMIN, Role.COORDINATOR):
            accounts.grant_role(people["olga"].id, role, organization=north.id, by=None, now=NOW)
        accounts.grant_role(people["olga"].id, Role.HOST_ADMIN, organization=None, by=None, now=NOW)
        plan = cohorts.NewCohort("Group", "en", [NOW - timedelta(hours=4)])
        offered = host.catalog.courses["host:welcome"]
        assert offered.course, offered.loaded.faults
        cohort = cohorts.publish_cohort(north, offered, plan, host.guard.host, by=people["olga"].id, now=NOW)
        accounts.grant_role(
            people["amina"].id,
            Role.TRAINER,
            organization=north.id,
            cohort=cohort.id,
            by=None,
            now=NOW - timedelta(days=1),
        )
        enrolment = cohorts.enrol(cohort, people["sam"], by=None, now=NOW - timedelta(days=1))
        meeting = session.query(Meeting).filter_by(cohort_id=cohort.id).one()
        facts = attendance.ClassFacts(meeting.id, north.id, meeting.starts_at, MeetingState.HELD)
        attendance.mark(facts, enrolment.id, "here", by=people["amina"].id, now=NOW)
        return Place(app, cohort.id, enrolment.id)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that names the garden's policy, homework and issuer."""
    folder = tmp_path_factory.mktemp("courses")
    course = make_course(folder)
    course.change("course.yaml", "policy: share-of-classes\n  options: {min_share: 0.5}", "policy: weather")
    course.change("course.yaml", "issuer: plain", "issuer: leaf")
    file = "modules/listening/what-i-heard.md"
    text = (course.path / file).read_text(encoding="utf-8")
    course.write(file, text.replace("kind: reflection", "kind: walk").partition("options:")[0] + "---\nWalk slowly.\n")
    return folder


@dataclass
class Planted(House):
    """A house with the garden in it, and a group that stands on what the garden brings."""

    place: Place
    temper: Temper


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path, courses: Path) -> Iterator[Planted]:
    instance = tmp_path_factory.mktemp("planted")
    shutil.copy(migrated_database, instance / "lms.sqlite")
    temper = Temper()
    garden = garden_with(temper)
    plugins = find_plugins(safe_mode=True)
    plugins.add("garden", lambda: garden, version="1", source="test")
    config = load_config(instance, environ={}, given={"rate_limits": False, "courses_folder": str(courses)})
    app = create_app(config, plugins)
    with time_machine.travel(NOW, tick=False):
        place = settle(app)
        for name in ("sam", "amina", "olga"):
            place.browser(name)
    made = Planted(app, instance / "lms.sqlite", place, temper)
    made.keep()
    yield made
    made.close()


@pytest.fixture
def place(planted: Planted, clock: time_machine.Coordinates) -> Iterator[Place]:
    planted.begin_again()
    queries._revisions.clear()
    yield planted.place
    planted.temper.act = None
    planted.place.browser("sam").delete_cookie("language")


@pytest.fixture
def temper(planted: Planted) -> Temper:
    return planted.temper


def named_to_the_admin(place: Place, *words: str) -> None:
    """The admin's page about the plugin, and the host's page, name the fault."""
    olga = place.browser("olga")
    for path in ("/organizations/north/plugins/garden", "/host/plugins"):
        page = said(olga.get(path))
        for word in words:
            assert word in page, (path, word)


# -- while people wait ----------------------------------------------------------------------------------------


def raises() -> Any:
    raise RuntimeError("the hose burst")


def ends_the_process() -> Any:
    sys.exit(3)


def asks_for_ever() -> Any:
    return asks_for_ever()


class Rude(Exception):
    def __str__(self) -> str:
        raise ValueError("not even this can be printed")


def raises_rudely() -> Any:
    raise Rude


ACTS = {
    "raises": (raises, "RuntimeError"),
    "ends the process": (ends_the_process, "SystemExit"),
    "calls itself for ever": (asks_for_ever, "RecursionError"),
    "cannot even be printed": (raises_rudely, "Rude"),
    "answers nothing": (lambda: None, "It answered with a NoneType that is not what was asked for."),
    "answers a word": (lambda: "tomato", "It answered with a str that is not what was asked for."),
    "answers a type": (lambda: Verdict, "It answered with a type that is not what was asked for."),
}
PLACES = ("walk.form", "walk.show", "weather.rule", "weather.judge")


@pytest.mark.parametrize("act", ACTS)
def test_a_plugin_that_fails_at_every_question_holds_nobody_up(place: Place, temper: Temper, act: str) -> None:
    homework = f"{place.group}/activities/what-i-heard"
    sam = place.browser("sam")
    assert sam.post(f"{homework}/submissions", data={"text": "I walked."}).status_code == 303
    temper.places, (temper.act, words) = PLACES, ACTS[act]
    pages = every_page_opens(place)
    named_to_the_admin(place, words, *PLACES)
    assert CHECKS in pages[f"sam {place.group}/left"]
    assert "It rained." not in pages[f"sam {place.group}/left"]
    assert "Your trainer decides about attendance." in pages[f"sam {place.group}/attendance"]
    assert "I walked." in pages[f"sam {homework}"], "the readable text is always there"


@pytest.mark.parametrize("at", PLACES)
def test_one_question_that_fails_leaves_the_other_answers(place: Place, temper: Temper, at: str) -> None:
    temper.places, temper.act = (at,), raises
    homework = place.browser("sam").get(f"{place.group}/activities/what-i-heard")
    asked = "Your answer" if at == "walk.form" else "Your walk"
    assert asked in said(homework)
    attended = said(place.browser("sam").get(f"{place.group}/attendance"))
    assert ("Come when it rains." in attended) == (at != "weather.rule")
    assert ("It rained." in attended) == (at != "weather.judge")


def test_what_a_plugin_repeats_of_peoples_words_is_not_shown_to_the_admin(place: Place, temper: Temper) -> None:
    """Its errors are read by everyone who uses the plugin: they say where, not what was written."""

    def repeats() -> Any:
        raise ValueError("Sam wrote: kumquat-teapot-93")

    temper.places, temper.act = ("walk.read", "walk.show", "weather.judge", "leaf.issue"), repeats
    sam = place.browser("sam")
    sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "kumquat-teapot-93"})
    sam.get(f"{place.group}/left")
    named_to_the_admin(place, "ValueError", "walk.read", "weather.judge")
    for path in ("/organizations/north/plugins/garden", "/organizations/north/plugins", "/host/plugins"):
        assert "kumquat" not in place.browser("olga").get(path).text


NONSENSE = {
    "a status that there is not": lambda: replace_unchecked(Verdict(VerdictStatus.MET, STOP), status="splendid"),
    "a reason in no language": lambda: Verdict(VerdictStatus.MET, None),  # type: ignore[arg-type]
    "a reason that is no text": lambda: Verdict(VerdictStatus.NOT_MET, "no"),  # type: ignore[arg-type]
    "a next step that is no text": lambda: Verdict(VerdictStatus.MET, STOP, "go on"),  # type: ignore[arg-type]
    "evidence that is a number": lambda: Verdict(VerdictStatus.MET, STOP, evidence=(1, 2)),  # type: ignore[arg-type]
    "several verdicts": lambda: (Verdict(VerdictStatus.MET, STOP),) * 2,
    "yes": lambda: True,
}


def replace_unchecked(verdict: Verdict, **values: Any) -> Verdict:
    return replace(verdict, **values)


@pytest.mark.parametrize("act", ["raises", *NONSENSE])
def test_a_rule_that_cannot_say_is_checked_by_a_trainer_and_is_neither_met_nor_not_met(
    place: Place, temper: Temper, act: str
) -> None:
    assert "It rained." in said(place.browser("sam").get(f"{place.group}/left")), "as long as all is well"
    temper.places, temper.act = ("weather.judge",), raises if act == "raises" else NONSENSE[act]
    for name, path in (
        ("sam", "left"),
        ("sam", "attendance"),
        ("amina", f"people/{place.enrolment}"),
        ("amina", f"outcomes/{place.enrolment}"),
    ):
        answer = place.browser(name).get(f"{place.group}/{path}")
        assert answer.status_code == 200
        assert CHECKS in said(answer)
        for status in ("met", "not_met", "cannot_be_met", "waived"):
            assert f'data-status="{status}"' not in answer.text, (name, path, status)
    board = said(place.browser("amina").get(place.group))
    assert "Attendance rules are not being worked out at the moment" in board
    named_to_the_admin(place, "weather.judge")
    place.browser("sam").set_cookie("language", "fr")
    assert "L'équipe de formation vérifiera ce point." in said(place.browser("sam").get(f"{place.group}/left"))


@pytest.mark.parametrize("act", ACTS)
def test_homework_is_taken_as_plain_text_when_its_kind_fails(place: Place, temper: Temper, act: str) -> None:
    temper.places, (temper.act, words) = ("walk.read",), ACTS[act]
    sam = place.browser("sam")
    assert sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "I walked."}).status_code == 303
    assert "I walked." in said(sam.get(f"{place.group}/activities/what-i-heard"))
    amina = place.browser("amina")
    room = amina.post("/reading/next").location
    assert "I walked." in said(amina.get(room))
    assert amina.post(f"{room}/release", data={"came_through": "Good.", "decision": "accept"}).status_code == 303
    named_to_the_admin(place, words, "walk.read")


def test_a_slow_plugin_is_named_and_its_answer_counts(
    place: Place, temper: Temper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SLOW_SECONDS", 0.01)

    def slow() -> Verdict:
        time.sleep(0.02)
        return Verdict(VerdictStatus.MET, Text("It rained.", "Il a plu."))

    temper.places, temper.act = ("weather.judge",), slow
    assert "It rained." in said(place.browser("sam").get(f"{place.group}/left"))
    named_to_the_admin(place, "It took longer than half a second to answer.", "weather.judge")


def test_a_fault_is_one_line_however_often_it_happens(place: Place, temper: Temper) -> None:
    temper.places, temper.act = ("weather.judge",), raises
    for _ in range(3):
        place.browser("sam").get(f"{place.group}/left")
    page = said(place.browser("olga").get("/organizations/north/plugins/garden"))
    assert "3 times, at weather.judge" in page
    assert page.count("RuntimeError") == 1


def test_a_fault_of_a_plugin_is_text_on_the_admins_page(place: Place, temper: Temper) -> None:
    def marks_up() -> Any:
        raise RuntimeError("<script>alert(1)</script>")

    temper.places, temper.act = ("weather.rule", "weather.judge"), marks_up
    place.browser("sam").get(f"{place.group}/attendance")
    assert "<script>alert" not in place.browser("olga").get("/organizations/north/plugins/garden").text


# -- from the outbox --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["raises", "ends the process", "calls itself for ever"])
def test_a_plugin_that_fails_when_told_is_told_again_and_holds_up_no_mail(
    place: Place, temper: Temper, act: str, clock: time_machine.Coordinates
) -> None:
    worker = place.app.extensions["lms"].extras["worker"]
    temper.places, temper.act = ("after_submission",), ACTS[act][0]
    sam = place.browser("sam")
    sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "I walked."})
    place.app.test_client().post("/sign-in/link", data={"email": "sam@example.org"})
    worker.run_due()
    named_to_the_admin(place, "after_submission")
    temper.act = None
    clock.shift(timedelta(minutes=10))
    assert worker.run_due() == 1, "the one that failed"
    clock.shift(timedelta(days=1))
    assert worker.run_due() == 0


# -- at start-up ------------------------------------------------------------------------------------------------

GOOD = """
from lms.plugin_api import About, Text, hookimpl
about = About(1, Text("Garden", "Jardin"), Text("Grows.", "Pousse."), Text("nothing", "rien"))
"""
STARTS = {
    "does not import": (
        "import a_module_that_is_nowhere",
        "ModuleNotFoundError: No module named 'a_module_that_is_nowhere'",
    ),
    "is no Python": ("def (", "SyntaxError"),
    "exits": ("import sys; sys.exit('the gate is shut')", "SystemExit: the gate is shut"),
    "calls itself": ("def f(): return f()\nf()", "RecursionError"),
    "has no about": ("", "It does not say what it is: the module needs about = About(...)."),
    "speaks another version": (
        GOOD.replace("About(1,", "About(99,"),
        "It was written for plugin API 99; this host speaks 1.",
    ),
    "has one language": (GOOD.replace("Jardin", " "), "about.label needs words in both languages."),
    "misspells a hook": (GOOD + "@hookimpl\ndef curriculla(): return ()", "There is no hook 'curriculla'."),
    "misspells an argument": (
        GOOD + "@hookimpl\ndef after_review(evnt): pass",
        "A hook is not written as the host asks for it",
    ),
    "has a default": (GOOD + "@hookimpl\ndef after_review(event=None): pass", "has an argument with a default value"),
    "raises when asked": (
        GOOD + "@hookimpl\ndef curricula(): raise RuntimeError('the hose burst')",
        "RuntimeError: the hose burst",
    ),
    "exits when asked": (GOOD + "@hookimpl\ndef curricula(): raise SystemExit(3)", "SystemExit: 3"),
    "answers nothing": (GOOD + "@hookimpl\ndef activity_types(): return None", "TypeError"),
    "answers nonsense": (
        GOOD + "@hookimpl\ndef activity_types(): return ['tomato']",
        "it must return instances of ActivityType",
    ),
    "takes a name that is taken": (
        GOOD + "from lms.builtin.homework import Reading\n@hookimpl\ndef activity_types(): return (Reading(),)",
        "reading",
    ),
    "fails while it counts": (
        GOOD + "@hookimpl\ndef activity_types():\n    yield from ()\n    raise RuntimeError('the hose burst')",
        "RuntimeError: the hose burst",
    ),
}


@pytest.mark.parametrize("start", STARTS)
def test_a_plugin_that_cannot_stand_is_left_out_and_the_host_starts(
    make_app: Callable[..., Flask],
    tmp_path: Path,
    clock: time_machine.Coordinates,
    start: str,
    request: pytest.FixtureRequest,
) -> None:
    code, words = STARTS[start]
    module = f"garden_{list(STARTS).index(start)}"
    folder = tmp_path / "plugins/garden"
    folder.mkdir(parents=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "garden"\nversion = "1"\n[project.entry-points."lms.plugins"]\ngarden = "{module}"\n',
        encoding="utf-8",
    )
    request.addfinalizer(lambda: sys.path.remove(str(folder)) if str(folder) in sys.path else None)
    make_course(tmp_path / "courses")
    place = settle(make_app(find_plugins(tmp_path / "plugins"), courses_folder=str(tmp_path / "courses")))
    named_to_the_admin(place, words)
    assert "Needs attention (1)" in said(place.browser("olga").get("/organizations/north/plugins"))
    assert "You were at" in said(place.browser("sam").get(f"{place.group}/left")), "the others go on"
    assert place.browser("amina").get(place.group).status_code == 200
    queries._revisions.clear()
    refused = place.browser("olga").post("/organizations/north/plugins/garden", data={})
    assert refused.status_code == 409
    assert words in said(refused)


def test_a_group_goes_on_when_the_plugin_that_it_stands_on_does_not_start(
    make_app: Callable[..., Flask], tmp_path: Path, planted: Planted, place: Place, courses: Path
) -> None:
    """Its homework is still asked for and read, its rule is left to the trainer, its admin sees that it is gone."""
    sam = place.browser("sam")
    sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "I walked."})
    planted.close()
    shutil.copytree(Path(place.app.extensions["lms"].config.instance), tmp_path / "instance")
    queries._revisions.clear()
    later = Place(make_app(courses_folder=str(courses)), place.cohort, place.enrolment)
    for name, paths in later.pages().items():
        for path in paths:
            if not path.endswith("/plugins/garden"):
                assert later.browser(name).get(path).status_code == 200, (name, path)
    assert "I walked." in said(later.browser("sam").get(f"{place.group}/activities/what-i-heard"))
    assert CHECKS in said(later.browser("sam").get(f"{place.group}/left"))
    gallery = said(later.browser("olga").get("/organizations/north/plugins"))
    assert "You use it, and it is no longer on this host. Its settings are kept." in gallery
