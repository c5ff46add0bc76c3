"""Pages as people meet them: the words on them, the forms with what stands in their fields, and the mails."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.host import mail
from lms.host.db import session
from lms.host.outbox import OutboxRow

WITHOUT_A_VALUE = ("radio", "checkbox", "file")


def said(answer: TestResponse | str) -> str:
    """What one reads on a page: no tags, each run of blanks as one."""
    page = answer if isinstance(answer, str) else answer.text
    return " ".join(re.split(r"[ \t\r\n]+", html.unescape(re.sub(r"<[^>]*>", " ", page))))


class _Shown(HTMLParser):
    """The text outside of what is hidden."""

    EMPTY = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            self._hidden.append("hidden" in dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY and self._hidden:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._hidden):
            self.words.append(data)


def shown(answer: TestResponse | str) -> str:
    """What one reads on a page without opening anything: `said` without what is hidden."""
    reader = _Shown()
    reader.feed(re.sub(r"<(\w+)([^<>]*)/>", r"<\1\2></\1>", answer if isinstance(answer, str) else answer.text))
    return " ".join(re.split(r"[ \t\r\n]+", " ".join(reader.words)))


@dataclass
class Form:
    """A form with the names and values that a browser would send."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._area: str | None = None
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", "")))
            self._inside = True
        if not self._inside:
            return
        fields = self.found[-1].fields
        if tag == "textarea":
            self._area = given.get("name", "")
            fields[self._area] = ""
        elif tag == "button":
            self.found[-1].buttons.append(given.get("formaction") or self.found[-1].action)
        elif tag == "input" and given.get("name") and ("checked" in given or given.get("type") not in WITHOUT_A_VALUE):
            fields[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.found[-1].fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            fields = self.found[-1].fields
            fields[self._area] = fields[self._area].removeprefix("\n")
            self._area = None
        elif tag == "form":
            self._inside = False


def forms(answer: TestResponse) -> list[Form]:
    parser = _Forms()
    parser.feed(answer.text)
    return parser.found


def form_to(answer: TestResponse, action: str) -> Form:
    """The first form on the page that goes to `action`."""
    found = [form for form in forms(answer) if form.action == action]
    assert found, (action, [form.action for form in forms(answer)])
    return found[0]


def submit(client: FlaskClient, form: Form, **typed: str) -> TestResponse:
    """Press the form's first button, as a browser does on this host's own page."""
    data = {**form.fields, **typed}
    return client.post(form.action, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def follow(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """The page to which an answer leads."""
    assert answer.status_code == 303, (answer.status_code, said(answer))
    return client.get(answer.headers["Location"])


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        """Full addresses in the mail."""
        return re.findall(r"https?://\S+", self.text)

    @property
    def path(self) -> str:
        """The path of its one link."""
        (link,) = self.links
        return re.sub(r"https?://[^/]+", "", link)


def mails(app: Flask, to: str = "") -> list[Mail]:
    """What was written to this address (to anybody, without one), oldest first."""
    with app.app_context():
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == mail.KIND).order_by(OutboxRow.id)).all()
        found = [Mail(row.payload["to"], row.payload["subject"], row.payload.get("text", "")) for row in rows]
    return [mail for mail in found if to in ("", mail.to)]
