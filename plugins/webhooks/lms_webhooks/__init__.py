"""Signed messages to another system when something has happened. Thin: names and numbers, never what people wrote."""

from __future__ import annotations

from lms.plugin_api import About, Event, Text, hookimpl
from lms_webhooks.message import message_of
from lms_webhooks.sending import send
from lms_webhooks.settings import Happening, WebhookSettings

about = About(
    api_version=1,
    label=Text("Webhooks", "Webhooks"),
    summary=Text(
        "Tells another system what has happened, by signed messages.",
        "Avise un autre système de ce qui s'est passé, par messages signés.",
    ),
    sees=Text(
        "that somebody sent, got feedback, reached an outcome or got a certificate; never what people wrote",
        "que quelqu'un a envoyé un travail, reçu une rétroaction, un résultat ou un certificat; "
        "jamais ce que les gens ont écrit",
    ),
    settings=WebhookSettings,
)


def _tell(happening: Happening, event: Event, settings: WebhookSettings) -> None:
    if happening in settings.events:
        send(message_of(happening, event), settings)


@hookimpl
def after_submission(event: Event, settings: WebhookSettings) -> None:
    _tell("submission", event, settings)


@hookimpl
def after_review(event: Event, settings: WebhookSettings) -> None:
    _tell("review", event, settings)


@hookimpl
def after_decision(event: Event, settings: WebhookSettings) -> None:
    _tell("decision", event, settings)


@hookimpl
def after_certificate(event: Event, settings: WebhookSettings) -> None:
    _tell("certificate", event, settings)
