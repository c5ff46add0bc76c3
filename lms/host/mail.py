"""Mails: written as outbox rows, sent by the worker. Without a mail server they are printed and can be looked up."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from lms.host import outbox
from lms.host.config import Settings

KIND = "mail"


def write_mail(to: str, subject: str, text: str, *, key: str, at: datetime) -> None:
    """Put a mail into the outbox of the current transaction. `key` makes it one mail however often this is called."""
    subject = " ".join(subject.split())
    outbox.put(KIND, f"mail:{key}", {"to": to, "subject": subject, "text": text, "key": key}, at=at)


def deliver_mail(settings: Settings, payload: Mapping[str, Any], now: datetime) -> outbox.Keep | None:
    """Send one mail, or print it where there is no mail server. What was sent is not kept: it may hold a secret link."""
    if not settings.mail_goes_out:
        print(f"\n--- Mail to {payload['to']}: {payload['subject']}\n{payload['text']}\n---\n", flush=True)
        return None if settings.shows_outbox else _forget_text
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = payload["to"]
    message["Subject"] = payload["subject"]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{payload['key'].replace(':', '.')}@{settings.mail_from.rpartition('@')[2]}>"
    message.set_content(payload["text"])
    with smtplib.SMTP(settings.mail_server, settings.mail_port, timeout=30) as server:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        server.send_message(message)
    return None if settings.shows_outbox else _forget_text


def _forget_text(row: outbox.OutboxRow) -> None:
    row.payload = {name: value for name, value in row.payload.items() if name != "text"}
