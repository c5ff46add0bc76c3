"""Mails: written as outbox rows, sent by the worker. Without a mail server they are printed and can be looked up."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import insert

from lms.host import outbox
from lms.host.config import Settings
from lms.host.db import session

KIND = "mail"


@dataclass(frozen=True)
class Attached:
    """A small file of text that goes with a mail, such as a date for a calendar. `media_type` like "text/calendar"."""

    name: str
    media_type: str
    text: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mail:
    """A mail to be written. `key` names it, also for the mail programs on the way."""

    to: str
    subject: str
    text: str
    key: str
    attached: Attached | None = None

    def payload(self) -> dict[str, Any]:
        found = {"to": self.to, "subject": " ".join(self.subject.split()), "text": self.text, "key": self.key}
        return {**found, "attached": asdict(self.attached)} if self.attached else found


def write_mail(to: str, subject: str, text: str, *, key: str, at: datetime) -> None:
    """Put a mail into the outbox of the current transaction. `key` makes it one mail however often this is called."""
    outbox.put(KIND, f"mail:{key}", Mail(to, subject, text, key).payload(), at=at)


def write_mails(mails: Iterable[Mail], *, at: datetime) -> None:
    """The same for many at once, with one statement. Their keys must be new."""
    rows = [
        {"kind": KIND, "key": f"mail:{mail.key}", "payload": mail.payload(), "created_at": at, "due_at": at}
        for mail in mails
    ]
    if rows:
        session.execute(insert(outbox.OutboxRow), rows)


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
    if attached := payload.get("attached"):
        kind, _, subtype = attached["media_type"].partition("/")
        content = attached["text"].encode()
        message.add_attachment(
            content, maintype=kind, subtype=subtype, filename=attached["name"], params=attached["parameters"]
        )
    with smtplib.SMTP(settings.mail_server, settings.mail_port, timeout=30) as server:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        server.send_message(message)
    return None if settings.shows_outbox else _forget_text


def _forget_text(row: outbox.OutboxRow) -> None:
    row.payload = {name: value for name, value in row.payload.items() if name not in ("text", "attached")}
