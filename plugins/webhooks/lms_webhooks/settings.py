"""What an organization fills in: where to, signed with what, and what about."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal, get_args
from urllib.parse import SplitResult, urlsplit

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from lms.plugin_api import Options
from lms_webhooks.message import key_of

Happening = Literal["submission", "review", "decision", "certificate"]


class WebhookSettings(Options):
    """`allow_local` is for trying it out: private addresses, and plain http to this computer itself."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: Annotated[
        str,
        Field(max_length=2000, title="Address", description="Where messages go, like https://example.org/hooks"),
    ]
    secret: Annotated[
        str,
        Field(
            repr=False,
            title="Secret",
            description="Signs the messages: whsec_ followed by 24 to 64 random bytes in base64.",
            json_schema_extra={"secret": True},
        ),
    ]
    events: Annotated[tuple[Happening, ...], Field(min_length=1, title="What to tell")] = get_args(Happening)
    allow_local: Annotated[
        bool,
        Field(
            validate_default=True,
            title="Allow local addresses",
            description="For trying it out. Leave this off for a real address.",
        ),
    ] = False

    @field_validator("url")
    @classmethod
    def _url_can_be_used(cls, url: str) -> str:
        if not url.isascii() or not url.isprintable() or " " in url:
            raise ValueError("Write the address with plain letters and without spaces, as the other system shows it")
        address = urlsplit(url)
        if address.username is not None or address.password is not None:
            raise ValueError("Leave user name and password out of the address: the messages are signed instead")
        if not address.hostname or not _has_good_port(address):
            raise ValueError("This is not a whole address. It looks like https://example.org/hooks")
        if address.scheme != "https" and not (address.scheme == "http" and is_this_computer(address)):
            raise ValueError("The address must start with https://, so that nobody can read along")
        return url

    @field_validator("secret")
    @classmethod
    def _secret_is_a_key(cls, secret: str) -> str:
        key_of(secret)
        return secret

    @field_validator("allow_local")
    @classmethod
    def _plain_http_is_for_trying_out(cls, allowed: bool, others: ValidationInfo) -> bool:
        if not allowed and str(others.data.get("url", "")).lower().startswith("http:"):
            raise ValueError("An address with http:// works only when local addresses are allowed. Else use https://")
        return allowed


def _has_good_port(address: SplitResult) -> bool:
    try:
        return address.port != 0
    except ValueError:
        return False


def is_this_computer(address: SplitResult) -> bool:
    """Whether the address names this computer itself."""
    host = address.hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
