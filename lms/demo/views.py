"""Doors that sign in as somebody of the story, and the mails that would have gone out."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_login import login_user
from sqlalchemy import select

from lms.demo.stories import DOORS, MAIN_DOORS, OTHERS
from lms.demo.story import PASSWORD
from lms.features.accounts import actions as accounts
from lms.features.accounts import queries
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role
from lms.features.accounts.views import keep_language
from lms.host import mail
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import NotFound
from lms.host.i18n import LANGUAGES
from lms.host.outbox import OutboxRow
from lms.host.web import Blueprint, ResponseReturnValue, go_back, host, now, page, request, visitor

views = Blueprint("demo", __name__, template_folder="templates")
outbox_views = Blueprint("developer", __name__, template_folder="templates")


def set_up_demo(app: Flask) -> None:
    """The developer outbox; and in the demo the doors, on the front page."""
    app.register_blueprint(outbox_views)
    if app.extensions["lms"].config.settings.demo:
        app.register_blueprint(views)


@views.get("/demo")
def doors() -> ResponseReturnValue:
    there = set(database.scalars(select(Person.email).where(Person.email.in_([door.email for door in DOORS]))))
    return page(
        "demo/doors.html",
        doors=[door for door in MAIN_DOORS if door.email in there],
        others=[story for story in OTHERS if any(door.email in there for door in story.doors)],
        password=PASSWORD,
        serial=_certificate_of_dana(),
    )


def _certificate_of_dana() -> str | None:
    """Its number, once it has been made."""
    from lms.features.certificates.models import Certificate

    return database.scalar(
        select(Certificate.serial)
        .join(Person, Person.id == Certificate.person_id)
        .where(Person.email == "dana@northside.example", Certificate.replaced_by.is_(None))
    )


@views.post("/demo/doors/<name>")
def open_door(name: str) -> ResponseReturnValue:
    """Sign in as this person of the story, in the language chosen."""
    door = next((d for d in DOORS if d.name == name), None)
    person = accounts.person_by_email(door.email) if door else None
    if not host().config.settings.demo or person is None or door is None:
        raise NotFound
    with saved():
        token = accounts.start_sign_in(person, hours=12, now=now())
        login_user(queries.signed_in(token, now=now()))
    response = go_back(request.form.get("next"), "home")
    language = request.form.get("language", "")
    if language in LANGUAGES:
        keep_language(response, language)
    return response


@outbox_views.get("/developer/outbox")
def outbox() -> ResponseReturnValue:
    """Mails as they were written, newest first: for a host without a mail server."""
    settings, who = host().config.settings, visitor()
    if not settings.demo and not (who.is_authenticated and who.has(Role.HOST_ADMIN)):
        raise NotFound  # the mails hold links with which one signs in
    rows: list[Any] = list(
        database.scalars(select(OutboxRow).where(OutboxRow.kind == mail.KIND).order_by(OutboxRow.id.desc()).limit(50))
    )
    return page("demo/outbox.html", mails=rows)
