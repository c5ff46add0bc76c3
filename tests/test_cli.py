"""The `lms` command as somebody at a terminal meets it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.cli import _listener, main
from lms.host.errors import SetUpError
from tests.plugin_api.course_factory import make_course


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, without plugins from a folder."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("LMS_INSTANCE", str(folder))
    monkeypatch.setenv("LMS_SAFE_MODE", "true")
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_it_shows_every_setting_and_hides_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_MAIL_PASSWORD", "kettle")
    shown = run("config").output
    assert "mail_password = (set, hidden)    (LMS_MAIL_PASSWORD)" in shown
    assert "mail_port = 587    (default)" in shown
    assert "kettle" not in shown


def test_a_fault_of_the_installation_is_a_sentence_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_MAIL_PROT", "25")
    done = run("config")
    assert done.exit_code == 1
    assert done.output == "Error: LMS_MAIL_PROT: this setting is not known. Did you mean 'mail_port'?\n"


def test_it_lists_plugins_before_there_is_a_database() -> None:
    done = run("plugins")
    assert done.exit_code == 0, done.output
    assert "homework  (built-in)" in done.output
    assert "providers      reading, reflection, practice" in done.output


def test_checking_a_sound_course_is_fine(tmp_path: Path) -> None:
    make_course(tmp_path / "courses")
    done = run("check", str(tmp_path / "courses"))
    assert (done.exit_code, done.output) == (0, "3 plugins and 1 courses are sound; 0 faults.\n")


def test_checking_tells_every_fault_and_exits_with_one(tmp_path: Path) -> None:
    course = make_course(tmp_path / "courses")
    course.change("course.yaml", "issuer: plain", "issuer: fancy")
    course.change("course.yaml", "min_share: 0.5", "min_share: 5")
    done = run("check", str(tmp_path / "courses"))
    assert done.exit_code == 1
    assert "host:welcome\n  welcome/course.yaml:18:24: attendance.options.min_share: " in done.output
    assert "No plugin provides 'fancy'" in done.output
    assert "3 plugins and 0 courses are sound; 2 faults." in done.output


def test_checking_tells_plugins_that_cannot_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plugins" / "thorns").mkdir(parents=True)
    (tmp_path / "plugins" / "thorns" / "pyproject.toml").write_text("no toml [")
    monkeypatch.setenv("LMS_SAFE_MODE", "false")
    monkeypatch.setenv("LMS_PLUGINS_FOLDER", str(tmp_path / "plugins"))
    make_course(tmp_path / "courses")
    done = run("check", str(tmp_path / "courses"))
    assert done.exit_code == 1
    assert "plugin thorns: Its pyproject.toml cannot be read: " in done.output


def test_the_first_organization_gets_an_admin_who_can_sign_in(instance: Path) -> None:
    arguments = ("add-organization", "North Side", "--short-name", "north-side", "--admin-name", "Olga")
    done = run(*arguments, "--admin", "olga@example.org")
    assert done.exit_code == 0, done.output
    assert "/reset-password/" in done.output
    assert (instance / "lms.sqlite").is_file()
    again = run(*arguments, "--admin", "olga@example.org")
    assert again.exit_code == 1
    assert again.output.startswith("Error: ")


def test_a_port_in_use_is_told_with_another_to_try() -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    with taken, pytest.raises(SetUpError, match=rf"Something is using port {port} already. Try --port \d+\."):
        _listener("127.0.0.1", port)


@pytest.mark.parametrize(
    ("address", "port", "sentence"),
    [
        ("127.0.0.1", 70_000, "70000 is no port."),
        ("192.0.2.7", 0, "192.0.2.7 is not an address of this machine."),
        ("no-such-name.invalid", 0, "no-such-name.invalid is not an address of this machine."),
    ],
)
def test_an_address_that_cannot_be_is_told(address: str, port: int, sentence: str) -> None:
    with pytest.raises(SetUpError, match=sentence):
        _listener(address, port)
