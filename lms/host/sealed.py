"""Secrets in the settings of plugins: kept encrypted under the host's secret key, or by the name of a place outside.

A secret stands in the stored settings as `sealed:1:...` (Fernet), or as `env:PLUGIN_...`, which is read from the
environment when it is used. What was stored in plain before is read as it is, and sealed when it is saved again.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel

from lms.plugin_api.settings import Setting

SEALED = "sealed:1:"
FROM_ENVIRONMENT = "env:"
ENVIRONMENT_NAMES = "PLUGIN_"


class CannotOpen(Exception):
    """A secret that cannot be read: sealed under another key, or not in the environment. Says which setting, not what."""


class Seal:
    """Closes and opens secrets with a key made from `secret_key`; without one, nothing can be closed."""

    def __init__(self, secret_key: str = "") -> None:
        self._fernet = Fernet(_derived(secret_key)) if secret_key else None

    def close(self, text: str) -> str:
        """`text` as it may be stored. References to the environment, and what is sealed already, stay as they are."""
        if not text or text.startswith((SEALED, FROM_ENVIRONMENT)):
            return text
        if self._fernet is None:
            raise LookupError("There is no key to keep a secret with.")
        return SEALED + self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, stored: str) -> str:
        """The secret itself. Raises CannotOpen."""
        if stored.startswith(FROM_ENVIRONMENT):
            name = stored.removeprefix(FROM_ENVIRONMENT)
            found = os.environ.get(name, "") if name.startswith(ENVIRONMENT_NAMES) else ""
            if not found:
                raise CannotOpen("not in the environment of the host")
            return found
        if not stored.startswith(SEALED):
            return stored
        if self._fernet is None:
            raise CannotOpen("sealed under another key")
        try:
            return self._fernet.decrypt(stored.removeprefix(SEALED).encode()).decode()
        except (InvalidToken, UnicodeError):
            raise CannotOpen("sealed under another key") from None

    def close_all(self, model: type[BaseModel], settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as they may be stored."""
        return {**settings, **{name: self.close(text) for name, text in secrets_in(model, settings)}}

    def open_all(self, model: type[BaseModel], settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as the plugin reads them. Raises CannotOpen with the name of the setting."""
        opened = dict(settings)
        for name, text in secrets_in(model, settings):
            try:
                opened[name] = self.open(text)
            except CannotOpen as why:
                raise CannotOpen(f"The secret setting '{name}' cannot be read ({why}). Fill it in again.") from None
        return opened

    def unreadable(self, model: type[BaseModel], settings: Mapping[str, Any]) -> frozenset[str]:
        """Names of the secrets that have to be filled in again."""
        return frozenset(name for name, text in secrets_in(model, settings) if not self._opens(text))

    def _opens(self, text: str) -> bool:
        try:
            self.open(text)
        except CannotOpen:
            return False
        return True


def _derived(secret_key: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lms plugin settings").derive(secret_key.encode())
    return base64.urlsafe_b64encode(key)


def is_secret(model: type[BaseModel], name: str) -> bool:
    said = (part for part in model.model_fields[name].metadata if isinstance(part, Setting))
    return any(setting.secret for setting in said)


def secrets_in(model: type[BaseModel], settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and stored text of each secret that is filled in."""
    return [
        (name, text)
        for name in model.model_fields
        if is_secret(model, name) and isinstance(text := settings.get(name), str) and text
    ]
