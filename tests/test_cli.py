"""The `lms` command as somebody at a keyboard meets it: sentences, exit codes, no tracebacks."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli import main
from lms.host import markup
from lms.host.outbox import Worker
from lms.new_plugin import write_plugin
from tests.world import build_world, northside_app


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """`run("check")` in an installation of its own."""
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("verb", ["demo", "serve"])
def test_a_busy_port_gets_a_sentence(run, verb: str, busy_port: int) -> None:
    answer = run(verb, "--port", str(busy_port))
    assert answer.exit_code == 1
    assert f"Something is using port {busy_port} already. Try --port {busy_port + 1}." in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--port", "70000"), "70000 is no port."),
        (("--host", "203.0.113.9"), "203.0.113.9 is not an address of this machine."),
    ],
)
def test_a_wrong_address_gets_a_sentence(run, given: tuple[str, ...], sentence: str) -> None:
    answer = run("serve", *given)
    assert answer.exit_code == 1
    assert sentence in answer.output


def test_config_shows_where_each_setting_comes_from_and_hides_secrets(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "instance").mkdir()
    file = tmp_path / "instance" / "config.toml"
    file.write_text('mail_password = "plum-jam"\nbase_url = "https://learn.example.org"\n')
    monkeypatch.setenv("LMS_SIGN_IN_HOURS", "3")
    output = run("config").output
    assert f"base_url = 'https://learn.example.org'    ({file})" in output
    assert "sign_in_hours = 3    (LMS_SIGN_IN_HOURS)" in output
    assert "mail_password = (set, hidden)" in output
    assert "plum-jam" not in output
    assert (tmp_path / "instance" / "secret_key").read_text() not in output


def test_a_wrong_setting_is_named_with_its_file(run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.toml").write_text('databse_url = "x"\n')
    answer = run("config")
    assert answer.exit_code == 1
    assert "config.toml: databse_url: this setting is not known. Did you mean 'database_url'?" in answer.output


def test_check_is_content_with_everything_in_this_repository(run) -> None:
    answer = run("check")
    assert answer.exit_code == 0, answer.output
    assert "0 faults" in answer.output


def test_check_names_every_fault_of_a_broken_course_in_one_go(run, tmp_path: Path) -> None:
    broken = tmp_path / "courses" / "broken"
    broken.mkdir(parents=True)
    (broken / "course.yaml").write_text(
        "id: broken\ntitle: {en: Broken}\nmodules: [one]\noutcomes: []\nattendence: {}\n"
    )
    answer = run("check", str(tmp_path / "courses"))
    assert answer.exit_code == 1
    for words in (
        "broken/course.yaml:2:",
        "Did you mean 'attendance'?",
        "summary: This is missing. Add it.",
        "outcomes",
    ):
        assert words in answer.output


def a_broken_course(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text("id: broken\ntitle: {en: Broken}\n")
    return folder


def test_check_takes_the_folder_of_one_course(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = a_broken_course(tmp_path / "broken")
    monkeypatch.chdir(course)
    for path in (str(course), "."):
        answer = run("check", path)
        assert answer.exit_code == 1
        assert "broken/course.yaml:2:" in answer.output


def test_check_says_where_no_course_is(run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    answer = run("check", str(empty))
    assert answer.exit_code == 1
    assert f"{empty}\n  There is no course here." in answer.output
    assert "; 1 fault." in answer.output


def test_check_takes_the_folder_of_a_plugin(run, tmp_path: Path) -> None:
    write_plugin("brook", "attendance", tmp_path)
    answer = run("check", str(tmp_path / "brook"))
    assert answer.exit_code == 0, answer.output
    assert "1 plugin and 0 courses are sound; 0 faults." in answer.output


def test_check_tells_which_promise_a_plugin_breaks(run, tmp_path: Path) -> None:
    module, *_ = write_plugin("forgetful", "attendance", tmp_path)
    module.write_text(module.read_text().replace("VerdictStatus.CANNOT_BE_MET},", "VerdictStatus.MET},"))
    answer = run("check", str(tmp_path / "forgetful"))
    assert answer.exit_code == 1
    assert "plugin forgetful: Two missed in a row, completed: cannot_be_met, not met" in answer.output


def test_check_says_where_a_project_is_no_plugin(run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    answer = run("check", str(tmp_path))
    assert answer.exit_code == 1
    assert "names no plugin" in answer.output


def test_check_finds_a_plugin_that_changes_the_host(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "render", markup.render)  # put back after the test
    module, *_ = write_plugin("meddler", "curriculum", tmp_path)
    meddling = "\n\nimport lms.host.markup\n\nlms.host.markup.render = lambda *_: 'Mine'\n"
    module.write_text(module.read_text() + meddling)
    answer = run("check", str(tmp_path / "meddler"))
    assert answer.exit_code == 1
    assert "The host was changed: lms.host.markup.render (now from lms_meddler)." in answer.output


def test_plugins_lists_state_hooks_and_providers(run) -> None:
    output = run("plugins").output
    for words in ("northside", "attendance_policies", "northside-2026", "working", "reading, ", "reflection"):
        assert words in output


def test_safe_mode_leaves_only_what_ships_with_the_host(run) -> None:
    output = run("plugins", "--safe-mode").output
    assert "northside" not in output
    assert "share-of-classes" in output


def test_a_first_organization_gets_an_admin_with_a_link(run) -> None:
    made = run(
        "add-organization",
        "Harbour House",
        "--short-name",
        "harbour",
        "--admin",
        "ida@example.org",
        "--admin-name",
        "Ida",
    )
    assert made.exit_code == 0, made.output
    assert "/reset-password/" in made.output
    again = run(
        "add-organization",
        "Harbour House",
        "--short-name",
        "harbour",
        "--admin",
        "ida@example.org",
        "--admin-name",
        "Ida",
    )
    assert again.exit_code == 1
    assert "Another organization has this short name." in again.output
    assert run("make-host-admin", "ida@example.org").exit_code == 0
    assert "Nobody here has the address" in run("make-host-admin", "nobody@example.org").output


@pytest.mark.parametrize("verb", ["make-host-admin", "disable-person", "enable-person"])
def test_a_new_installation_makes_its_database_whatever_is_asked_first(run, verb: str) -> None:
    answer = run(verb, "nobody@example.org")
    assert answer.exit_code == 1
    assert "Nobody here has the address nobody@example.org." in answer.output


def test_a_worker_may_be_the_first_to_start(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "run_forever", lambda worker: worker.run_due())
    answer = run("worker")
    assert answer.exit_code == 0, answer.output


def test_an_organization_has_a_time_zone_of_this_earth(run) -> None:
    given = ("--short-name", "harbour", "--admin", "ida@example.org", "--admin-name", "Ida", "--time-zone")
    answer = run("add-organization", "Harbour House", *given, "Mars/Phobos")
    assert answer.exit_code == 1
    assert "This is no time zone. Enter a name like America/Toronto." in answer.output
    assert run("add-organization", "Harbour House", *given, "Europe/Paris").exit_code == 0


def test_a_trace_lists_what_each_plugin_was_asked_for_a_page(run, tmp_path: Path, migrated_database: Path) -> None:
    world = build_world(northside_app(tmp_path / "instance", migrated_database), datetime.now(UTC))
    page = f"/cohorts/{world.cohorts['evening']}/left"
    answer = run("plugins", "--trace", page, "--as", "sam@example.org")
    assert answer.exit_code == 0, answer.output
    assert "northside-2026.judge" in answer.output
    assert "Verdict(status=" in answer.output
    assert f"{page} answered 200" in answer.output
    nobody = run("plugins", "--trace", page, "--as", "nobody@example.org")
    assert nobody.exit_code == 1
    assert "Nobody here has the e-mail address nobody@example.org. For people of the demo, add --demo." in nobody.output


def test_a_trace_finds_the_people_of_the_demo(run, tmp_path: Path, migrated_database: Path) -> None:
    (tmp_path / "instance").mkdir()
    build_world(northside_app(tmp_path / "instance" / "demo", migrated_database), datetime.now(UTC))
    answer = run("plugins", "--trace", "/today", "--as", "sam@example.org", "--demo")
    assert "/today answered 200" in answer.output


# -- for authors, where the host is installed as a package --------------------------------------------------


@pytest.fixture
def author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`author("new-plugin", ...)` in an empty folder, with the host from a wheel."""
    for module in ("app", "authoring", "cli"):
        monkeypatch.setattr(f"lms.{module}.is_checkout", lambda: False)
    monkeypatch.delenv("LMS_INSTANCE", raising=False)
    monkeypatch.setattr("sys.path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, arguments)


def test_a_new_plugin_stands_where_the_host_finds_it(author: Callable[..., Result]) -> None:
    written = author("new-plugin", "heron", "--kind", "attendance").output
    assert "lms test plugins/heron" in written
    assert "a host with invented people; it finds heron in plugins" in written
    listed = author("plugins").output
    assert "heron 0.1.0  (heron)\n    state          working" in listed
    assert "0 faults." in author("check", "plugins").output


def test_elsewhere_it_is_to_be_installed(author: Callable[..., Result], tmp_path: Path) -> None:
    written = author("new-plugin", "heron", "--kind", "attendance", "--into", "mine").output
    assert "pip install -e mine/heron" in written
    assert (tmp_path / "mine/heron/pyproject.toml").is_file()


def test_the_tests_of_ones_own_plugins_run(author: Callable[..., Result], capfd: pytest.CaptureFixture[str]) -> None:
    for name, kind in (("heron", "attendance"), ("plover", "activity")):
        author("new-plugin", name, "--kind", kind)
    assert author("test", "plugins/heron", "-q", "-p", "no:cacheprovider").exit_code == 0
    assert "6 passed" in capfd.readouterr().out
    assert author("test").exit_code == 0
    assert "10 passed" in capfd.readouterr().out


def test_without_pytest_a_sentence_says_how_to_get_it(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.cli.find_spec", lambda name: None)
    answer = run("test")
    assert answer.exit_code == 1
    assert "The tests need pytest. Install it: python -m pip install pytest" in answer.output
