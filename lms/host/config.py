"""Settings: each declared once, here. Defaults < `instance/config.toml` < environment `LMS_*`."""

from __future__ import annotations

import difflib
import os
import re
import secrets
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from lms.host.errors import SetUpError

PREFIX = "LMS_"
# Environment names that are not settings: where the instance folder is.
NOT_SETTINGS = {"LMS_INSTANCE"}
SECRET: dict[str, JsonValue] = {"secret": True}


class Settings(BaseModel):
    """Every setting of a host."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: str = Field(
        "", description="Where the data is. Empty: SQLite in the instance folder. PostgreSQL: postgresql+psycopg://..."
    )
    secret_key: str = Field(
        "",
        description="Signs cookies. Empty: made on first start and kept in instance/secret_key.",
        json_schema_extra=SECRET,
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The address that people open; certificates and mails carry it."
    )
    demo: bool = Field(False, description="The demo: a door for each role on the front page. Never for real people.")
    safe_mode: bool = Field(False, description="Start with the built-in plugins alone.")
    courses_folder: str = Field("", description="A folder with more courses of this host. Empty: none.")
    plugins_folder: str = Field(
        "",
        description="A folder with plugins that are not installed. Empty: plugins/ beside instance/, where there is one.",
    )
    uploads: str = Field(
        "",
        description="Where recordings, photos and files are. Empty: a folder in the instance folder. s3://bucket/prefix.",
    )
    uploads_endpoint: str = Field("", description="Address of the S3-compatible service. Empty: Amazon's own.")
    uploads_region: str = Field("", description="Region of the bucket, where the service wants one.")
    uploads_key: str = Field("", description="Name of the access key for the bucket.", json_schema_extra=SECRET)
    uploads_secret: str = Field("", description="The secret that belongs to it.", json_schema_extra=SECRET)
    default_language: str = Field("en", pattern="^(en|fr)$", description="Language where nobody has chosen: en or fr.")
    sign_in_hours: int = Field(12, ge=1, le=24 * 90, description="Hours after which one signs in again.")
    https: bool = Field(False, description="True where people reach the host by https: cookies are then marked secure.")
    mail_server: str = Field("", description="Mail server. Empty: mails are printed and kept in the developer outbox.")
    mail_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    mail_user: str = Field("", description="User name at the mail server.")
    mail_password: str = Field("", description="Password at the mail server.", json_schema_extra=SECRET)
    mail_tls: bool = Field(True, description="Ask the mail server for an encrypted connection (STARTTLS).")
    mail_from: str = Field("learning@localhost", description="Sender of mails.")
    developer_outbox: bool = Field(False, description="Show sent mails at /developer/outbox. Always on in the demo.")
    rate_limit_storage: str = Field(
        "memory://", description="Where tries are counted: memory:// for one process, redis://host:port for several."
    )
    rate_limits: bool = Field(True, description="Slow down guessing at sign-in and verification.")
    worker: bool = Field(True, description="Deliver mails and events inside this process; else run 'lms worker'.")
    waiting_phones: int = Field(
        64,
        ge=0,
        le=1000,
        description="Phones of a role play that may wait for news at once, each in a thread of this process. With another "
        "server than 'lms serve' none, unless set here: they ask every 2 seconds.",
    )
    proxies: int = Field(0, ge=0, le=5, description="Trusted proxies in front of the host that set X-Forwarded-*.")

    @property
    def mail_goes_out(self) -> bool:
        return bool(self.mail_server)

    @property
    def shows_outbox(self) -> bool:
        return self.demo or self.developer_outbox


@dataclass(frozen=True)
class Config:
    """Settings in force, each with where it came from, and the folder of this installation."""

    settings: Settings
    sources: Mapping[str, str]
    instance: Path

    def shown(self) -> list[tuple[str, str, str, str]]:
        """Name, value (secrets and passwords in addresses hidden), source and help of each setting."""
        rows = []
        for name, field in Settings.model_fields.items():
            value = getattr(self.settings, name)
            shown = "(set, hidden)" if value and is_secret(name) else repr(_without_password(value))
            rows.append((name, shown, self.sources.get(name, "default"), field.description or ""))
        return rows


def _without_password(value: object) -> object:
    """An address as it can be shown: without the password in it, wherever one writes it there."""
    if not isinstance(value, str):
        return value
    value = re.sub(r"(://[^:/?@]*):.*@", r"\1:***@", value)
    return re.sub(r"([?&][^=&]*pass[^=&]*=)[^&]*", r"\1***", value, flags=re.IGNORECASE)


def is_secret(name: str) -> bool:
    extra = Settings.model_fields[name].json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("secret"))


def load_config(
    instance: Path, environ: Mapping[str, str] | None = None, given: Mapping[str, Any] | None = None
) -> Config:
    """Read the settings. `given` (from the command line) wins over everything. Raises SetUpError with all faults."""
    environ = os.environ if environ is None else environ
    file = instance / "config.toml"
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    faults: list[str] = []
    for source, found in (
        (str(file), _from_file(file, faults)),
        ("environment", _from_environment(environ)),
        ("command line", dict(given or {})),
    ):
        for name, value in found.items():
            place = f"{PREFIX}{name.upper()}" if source == "environment" else source
            if name not in Settings.model_fields:
                shown = place if source == "environment" else f"{place}: {name}"
                faults.append(f"{shown}: this setting is not known.{_hint(name)}")
                continue
            values[name] = value
            sources[name] = place
    settings = _checked(values, sources, faults)
    if faults or settings is None:
        raise SetUpError("\n".join(faults))
    if not settings.secret_key:
        settings = settings.model_copy(update={"secret_key": kept_secret_key(instance)})
        sources["secret_key"] = str(instance / "secret_key")
    if not settings.database_url:
        settings = settings.model_copy(update={"database_url": f"sqlite:///{(instance / 'lms.sqlite').resolve()}"})
    return Config(settings, sources, instance)


def _checked(values: dict[str, Any], sources: Mapping[str, str], faults: list[str]) -> Settings | None:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            name = str(item["loc"][0])
            faults.append(f"{sources.get(name, 'default')}: {name}: {item['msg']}.")
        return None


def _from_file(file: Path, faults: list[str]) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{file}: this is not TOML that can be read: {error}.")
        return {}


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    names = (name for name in environ if name.startswith(PREFIX) and name not in NOT_SETTINGS)
    return {name.removeprefix(PREFIX).lower(): environ[name] for name in names}


def _hint(name: str) -> str:
    close = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f" Did you mean '{close[0]}'?" if close else " 'lms config' lists all."


def kept_secret_key(instance: Path) -> str:
    """The key in `instance/secret_key`; made, with mode 600, if there is none. Safe with several first starts at once."""
    instance.mkdir(parents=True, exist_ok=True)
    file = instance / "secret_key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _key_of_another(file)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        key = secrets.token_hex(32)
        out.write(key)
    return key


def _key_of_another(file: Path) -> str:
    """The key that another start has made, or is just writing."""
    for _ in range(20):
        key = file.read_text(encoding="ascii").strip()
        if key:
            return key
        time.sleep(0.05)
    raise SetUpError(f"{file} is empty. Remove it: a new key is made at the next start.")
