"""What an organization fills in: where to, signed with what, and what about."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal, get_args
from urllib.parse import SplitResult, urlsplit

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from lms.plugin_api import Options, Setting, SettingError, Text
from lms_webhooks.message import key_of

Happening = Literal["submission", "review", "decision", "certificate"]


HAPPENINGS = {
    "submission": Text("Somebody sent homework", "Quelqu'un a envoyé un travail"),
    "review": Text("Somebody got feedback", "Quelqu'un a reçu une rétroaction"),
    "decision": Text("Somebody was told an outcome", "Un résultat a été annoncé à quelqu'un"),
    "certificate": Text(
        "A certificate was issued, replaced or withdrawn", "Un certificat a été délivré, remplacé ou retiré"
    ),
}


class WebhookSettings(Options):
    """`allow_local` is for trying it out: private addresses, and plain http to this computer itself."""

    model_config = ConfigDict(hide_input_in_errors=True)

    url: Annotated[
        str,
        Field(max_length=2000),
        Setting(
            Text("Address", "Adresse"),
            help=Text(
                "Where messages go, like https://example.org/hooks",
                "Là où vont les messages, par exemple https://example.org/hooks",
            ),
        ),
    ]
    secret: Annotated[
        str,
        Field(repr=False),
        Setting(
            Text("Secret", "Secret"),
            help=Text(
                "Signs the messages: whsec_ followed by 24 to 64 random bytes in base64.",
                "Signe les messages\u00a0: whsec_ suivi de 24 à 64 octets au hasard, en base64.",
            ),
            secret=True,
        ),
    ]
    events: Annotated[
        tuple[Happening, ...],
        Field(min_length=1),
        Setting(Text("What to tell", "Ce qu'il faut annoncer"), choices=HAPPENINGS),
    ] = get_args(Happening)
    allow_local: Annotated[
        bool,
        Field(validate_default=True),
        Setting(
            Text("Allow local addresses", "Permettre les adresses locales"),
            help=Text(
                "For trying it out. Leave this off for a real address.",
                "Pour faire des essais. Ne cochez pas cette case pour une vraie adresse.",
            ),
        ),
    ] = False

    @field_validator("url")
    @classmethod
    def _url_can_be_used(cls, url: str) -> str:
        if not url.isascii() or not url.isprintable() or " " in url:
            raise SettingError(
                "Write the address with plain letters and without spaces, as the other system shows it",
                "Écrivez l'adresse avec des lettres sans accent et sans espaces, comme l'autre système la montre",
            )
        address = urlsplit(url)
        if address.username is not None or address.password is not None:
            raise SettingError(
                "Leave name and password out of the address: the messages are signed instead",
                "N'écrivez ni nom ni mot de passe dans l'adresse\u00a0: les messages sont signés",
            )
        if not address.hostname or not _has_good_port(address):
            raise SettingError(
                "This is not a whole address. It looks like https://example.org/hooks",
                "L'adresse n'est pas entière. Elle ressemble à https://example.org/hooks",
            )
        if address.scheme != "https" and not (address.scheme == "http" and is_this_computer(address)):
            raise SettingError(
                "The address must start with https://, so that nobody can read along",
                "L'adresse doit commencer par https://, pour que personne ne lise les messages en chemin",
            )
        return url

    @field_validator("secret")
    @classmethod
    def _secret_is_a_key(cls, secret: str) -> str:
        try:
            key_of(secret)
        except ValueError as error:
            raise SettingError(
                "A secret is whsec_ followed by 24 to 64 random bytes in base64",
                "Un secret est whsec_ suivi de 24 à 64 octets au hasard, en base64",
            ) from error
        return secret

    @field_validator("allow_local")
    @classmethod
    def _plain_http_is_for_trying_out(cls, allowed: bool, others: ValidationInfo) -> bool:
        if not allowed and str(others.data.get("url", "")).lower().startswith("http:"):
            raise SettingError(
                "An address with http:// works only when local addresses are allowed. Else use https://",
                "Une adresse en http:// sert seulement quand les adresses locales sont permises. Sinon, écrivez https://",
            )
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
