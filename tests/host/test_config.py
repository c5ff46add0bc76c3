"""Settings: where each comes from, and how mistakes are told."""

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from lms.host.config import load_config
from lms.host.errors import SetUpError


def write(instance: Path, text: str) -> Path:
    file = instance / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults_of(instance: Path, **more: object) -> list[str]:
    with pytest.raises(SetUpError) as caught:
        load_config(instance, **{"environ": {}, **more})
    return str(caught.value).splitlines()


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    settings = load_config(tmp_path, environ={}).settings
    assert (settings.sign_in_hours, settings.default_language, settings.demo) == (12, "en", False)
    assert settings.database_url == f"sqlite:///{tmp_path / 'lms.sqlite'}"


def test_each_source_wins_over_the_one_before(tmp_path: Path) -> None:
    write(tmp_path, "mail_port = 25\nsign_in_hours = 1\nproxies = 1\n")
    environ = {"LMS_SIGN_IN_HOURS": "2", "LMS_PROXIES": "2"}
    settings = load_config(tmp_path, environ=environ, given={"proxies": 3}).settings
    assert (settings.mail_port, settings.sign_in_hours, settings.proxies) == (25, 2, 3)


def test_each_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    file = write(tmp_path, "mail_port = 25\n")
    config = load_config(tmp_path, environ={"LMS_PROXIES": "2"}, given={"demo": True})
    sources = {name: source for name, _, source, _ in config.shown()}
    assert sources["mail_port"] == str(file)
    assert sources["proxies"] == "LMS_PROXIES"
    assert sources["demo"] == "command line"
    assert sources["https"] == "default"


def test_every_setting_has_a_help_text(tmp_path: Path) -> None:
    assert all(text for _, _, _, text in load_config(tmp_path, environ={}).shown())


def test_secrets_are_hidden(tmp_path: Path) -> None:
    write(tmp_path, 'secret_key = "moss-and-tea"\nmail_password = "kettle"\n')
    config = load_config(tmp_path, environ={})
    shown = {name: value for name, value, _, _ in config.shown()}
    assert shown["secret_key"] == shown["mail_password"] == "(set, hidden)"
    assert "kettle" not in str(config.shown())


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        (
            "database_url",
            "postgresql+psycopg://lms:kettle@db.example/lms",
            "postgresql+psycopg://lms:***@db.example/lms",
        ),
        ("database_url", "postgresql+psycopg://lms:ket/@tle:@db/lms", "postgresql+psycopg://lms:***@db/lms"),
        ("database_url", "postgresql+psycopg:///lms?user=lms&password=kettle", None),
        ("database_url", "postgresql+psycopg:///lms?sslpassword=kettle&host=db", None),
        ("rate_limit_storage", "redis://:kettle@counter:6379/1", "redis://:***@counter:6379/1"),
        ("rate_limit_storage", "redis+sentinel://:kettle@one:26379,two:26379/lms", None),
        ("rate_limit_storage", "redis://counter:6379", "redis://counter:6379"),
        ("database_url", "sqlite:////srv/sam@northside/lms.sqlite", "sqlite:////srv/sam@northside/lms.sqlite"),
    ],
)
def test_a_password_in_an_address_is_hidden(tmp_path: Path, name: str, address: str, shown: str | None) -> None:
    config = load_config(tmp_path, environ={f"LMS_{name.upper()}": address})
    assert getattr(config.settings, name) == address
    (value,) = [value for found, value, _, _ in config.shown() if found == name]
    assert "tle" not in value
    if shown:
        assert value == repr(shown)
    else:
        assert "***" in value


def test_a_secret_of_the_wrong_type_stays_out_of_the_message(tmp_path: Path) -> None:
    write(tmp_path, "mail_password = 48151623\n")
    assert "48151623" not in "".join(faults_of(tmp_path))


def test_an_unknown_setting_is_refused_with_a_hint(tmp_path: Path) -> None:
    file = write(tmp_path, "mail_prot = 25\n")
    assert faults_of(tmp_path) == [f"{file}: mail_prot: this setting is not known. Did you mean 'mail_port'?"]


def test_an_unknown_environment_name_is_refused_with_a_hint(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, environ={"LMS_DEMOO": "1", "HOME": "/somewhere", "LMS_INSTANCE": "/x"})
    assert faults == ["LMS_DEMOO: this setting is not known. Did you mean 'demo'?"]


def test_an_unknown_setting_of_the_command_line_does_not_blame_the_file(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, given={"kettle": True})
    assert faults == ["command line: kettle: this setting is not known. 'lms config' lists all."]


def test_a_wrong_type_names_file_and_key(tmp_path: Path) -> None:
    file = write(tmp_path, 'mail_port = "many"\n')
    (fault,) = faults_of(tmp_path)
    assert fault.startswith(f"{file}: mail_port: ")
    assert "integer" in fault


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    file = write(tmp_path, 'mail_prot = 25\nproxies = 9\ndefault_language = "de"\n')
    faults = faults_of(tmp_path, environ={"LMS_DEMO": "perhaps"})
    assert [fault.partition(": ")[0] for fault in sorted(faults)] == sorted([str(file)] * 3 + ["LMS_DEMO"])
    told = "\n".join(faults)
    assert all(name in told for name in ("mail_prot", "proxies", "default_language", "demo"))


def test_a_file_that_is_no_toml_is_named_together_with_the_other_faults(tmp_path: Path) -> None:
    file = write(tmp_path, "demo = \n")
    faults = faults_of(tmp_path, environ={"LMS_PROXIES": "9"})
    assert faults[0].startswith(f"{file}: this is not TOML that can be read")
    assert faults[1].startswith("LMS_PROXIES: proxies: ")


def test_a_secret_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = load_config(tmp_path / "new", environ={}).settings.secret_key
    again = load_config(tmp_path / "new", environ={}).settings.secret_key
    assert first == again
    assert len(first) == 64
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "new/secret_key").stat().st_mode) == 0o600


def test_a_given_secret_key_makes_no_file(tmp_path: Path) -> None:
    assert load_config(tmp_path, environ={"LMS_SECRET_KEY": "moss"}).settings.secret_key == "moss"
    assert not (tmp_path / "secret_key").exists()


def test_many_first_starts_agree_on_one_key(tmp_path: Path) -> None:
    keys: set[str] = set()
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        keys.add(load_config(tmp_path, environ={}).settings.secret_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


def test_a_start_waits_for_another_that_is_just_writing_the_key(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.touch()

    def write_late() -> None:
        time.sleep(0.1)
        file.write_text("moss")

    writer = threading.Thread(target=write_late)
    writer.start()
    assert load_config(tmp_path, environ={}).settings.secret_key == "moss"
    writer.join()


def test_an_empty_key_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    (fault,) = faults_of(tmp_path)
    assert "is empty. Remove it" in fault
