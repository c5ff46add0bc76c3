"""Signing in, out and everywhere; links by e-mail; passwords; language and display."""

from __future__ import annotations

from typing import Any

from flask import Flask, make_response
from flask_login import LoginManager, login_user, logout_user
from werkzeug.wrappers import Response

from lms.features.accounts import actions, queries
from lms.features.accounts.models import Person
from lms.host import mail
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import Incomplete
from lms.host.i18n import LANGUAGES, speak, spoken
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    go_back,
    host,
    is_own_path,
    limiter,
    now,
    page,
    page_before,
    request,
    signed_in_only,
    visitor,
    wants_json,
)

views = Blueprint("accounts", __name__, template_folder="templates")

YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")
TEXT_SIZES = ("large", "larger")


def set_up_sign_in(app: Flask) -> None:
    """Flask-Login for this app: the cookie carries a sign-in's token, the database says whether it still counts."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(lambda token: queries.signed_in(token, now=now()))
    manager.unauthorized_handler(_ask_to_sign_in)
    manager.init_app(app)


def _ask_to_sign_in() -> ResponseReturnValue:
    """A page that asks to sign in. What was sent with a POST stays in that page and goes on after signing in."""
    if wants_json():
        return {"error": _("You were signed out. Your words are on this device."), "sign_in": True}, 401
    if request.method == "POST":
        kept = [(name, text) for name, text in request.form.items(multi=True) if "password" not in name]
        target = request.path if kept else page_before()
        return page("accounts/sign_in.html", 401, next=target, kept=kept, signed_out=True, email="", wrong=False)
    return go("accounts.sign_in", next=request.full_path.rstrip("?"))


@views.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    return page("accounts/sign_in.html", next=request.args.get("next", ""), kept=(), email="", wrong=False)


@views.post("/sign-in")
@limiter.limit("10/minute;60/hour")
@limiter.limit(
    "10/hour", key_func=lambda: f"sign-in:{_typed_email()}", deduct_when=lambda answer: answer.status_code == 422
)
def sign_in_with_password() -> ResponseReturnValue:
    target, kept = request.form.get("next", ""), _kept_fields()
    with saved():
        person = actions.person_with_password(form("email"), request.form.get("password", ""))
        token = _start(person) if person else None
    if wants_json():
        return _answer_on_top(person)
    if person is None or token is None:
        email = form("email")
        return page("accounts/sign_in.html", 422, next=target, kept=kept, email=email, wrong=True)
    return _welcome(person, target, kept)


def _answer_on_top(person: Person | None) -> ResponseReturnValue:
    """For a page on which one signs in again without leaving it: who is signed in now."""
    if person is None:
        return {"error": _("This address and password do not go together. Look at both again.")}, 422
    return {"who": person.id}


def _kept_fields() -> list[tuple[str, str]]:
    """Fields of an earlier form that travel through the sign-in page."""
    found = ((n.removeprefix("kept-"), text) for n, text in request.form.items(multi=True) if n.startswith("kept-"))
    return list(found)


def _start(person: Person) -> str:
    token = actions.start_sign_in(person, hours=host().config.settings.sign_in_hours, now=now())
    who = queries.signed_in(token, now=now())
    login_user(who)
    return token


def _welcome(person: Person, target: str, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    if not kept or not is_own_path(target):
        response = make_response(go_back(target, "home"))
        keep_language(response, person.language)
        return response
    # What came along was written on this device, in the language that it shows.
    shown = request.cookies.get("language", "")
    spoken_here = shown if shown in LANGUAGES else person.language
    speak(spoken_here)
    response = make_response(page("accounts/carry_on.html", target=target, kept=kept))
    keep_language(response, spoken_here)
    return response


def keep_language(response: Response, language: str) -> None:
    """Remember on this device which language to show."""
    response.set_cookie("language", language, max_age=YEAR, samesite="Lax", httponly=True)


def _typed_email() -> str:
    return actions.normal_email(request.form.get("email", ""))


@views.post("/sign-in/link")
@limiter.limit("5/minute;20/hour")
@limiter.limit("5/hour", key_func=lambda: f"link:{_typed_email()}")
def send_link() -> ResponseReturnValue:
    """Send a link to sign in. The answer is the same whether or not the address is known."""
    return _send_link(actions.TO_SIGN_IN)


@views.get("/forgot-password")
def forgot_password() -> ResponseReturnValue:
    return page("accounts/forgot_password.html", email="")


@views.post("/forgot-password")
@limiter.limit("5/minute;20/hour")
@limiter.limit("5/hour", key_func=lambda: f"link:{_typed_email()}")
def send_reset() -> ResponseReturnValue:
    return _send_link(actions.TO_RESET)


def _send_link(purpose: str) -> ResponseReturnValue:
    try:
        email = actions.check_email(form("email"))
    except Incomplete as incomplete:
        template = "sign_in" if purpose == actions.TO_SIGN_IN else "forgot_password"
        values: dict[str, Any] = {"next": "", "kept": (), "wrong": False} if template == "sign_in" else {}
        return page(f"accounts/{template}.html", 422, email=form("email"), link_errors=incomplete.by_field, **values)
    with saved():
        person = actions.person_by_email(email)
        if person and not person.disabled_at:
            _write_link_mail(person, purpose)
    return page("accounts/link_sent.html", email=email, shows_outbox=host().config.settings.shows_outbox)


def _write_link_mail(person: Person, purpose: str) -> None:
    token = actions.make_link(person, purpose, now=now())
    endpoint = "accounts.link" if purpose == actions.TO_SIGN_IN else "accounts.reset"
    with spoken(person.language):
        text = _(
            "Hello %(name)s,\n\nopen this link to go on. It works once, for half an hour:\n\n%(url)s\n\n"
            "If you did not ask for it, you need not do anything.",
            name=person.name,
            url=address(endpoint, token=token),
        )
        mail.write_mail(person.email, _("Your link"), text, key=f"link:{actions.digest(token)[:32]}", at=now())


@views.get("/sign-in/link/<token>")
def link(token: str) -> ResponseReturnValue:
    """Opening the link changes nothing: mail programs open links on their own. The button does."""
    person = actions.person_of_link(token, actions.TO_SIGN_IN, now=now())
    return page("accounts/link.html", 200 if person else 410, token=token, person=person)


@views.post("/sign-in/link/<token>")
def use_link(token: str) -> ResponseReturnValue:
    with saved():
        person = actions.use_link(token, actions.TO_SIGN_IN, now=now())
        if person:
            _start(person)
    if person is None:
        return page("accounts/link.html", 410, token=token, person=None)
    return _welcome(person, "", [])


@views.get("/reset-password/<token>")
def reset(token: str) -> ResponseReturnValue:
    person = actions.person_of_link(token, actions.TO_RESET, now=now())
    return page("accounts/reset.html", 200 if person else 410, token=token, person=person, errors={})


@views.post("/reset-password/<token>")
def use_reset(token: str) -> ResponseReturnValue:
    try:
        with saved():
            person = actions.use_link(token, actions.TO_RESET, now=now())
            if person:
                actions.set_password(person, request.form.get("password", ""), now=now())
                _start(person)
    except Incomplete as incomplete:
        person = actions.person_of_link(token, actions.TO_RESET, now=now())
        return page("accounts/reset.html", 422, token=token, person=person, errors=incomplete.by_field)
    if person is None:
        return page("accounts/reset.html", 410, token=token, person=None, errors={})
    flash(_("Your new password is set. Other devices were signed out."))
    return _welcome(person, "", [])


@views.post("/sign-out")
@signed_in_only
def sign_out() -> ResponseReturnValue:
    with saved():
        actions.end_sign_in(visitor().token, now=now())
    logout_user()
    flash(_("You are signed out."))
    return go("home")


@views.get("/account")
@signed_in_only
def account() -> ResponseReturnValue:
    return page("accounts/account.html", errors={})


@views.post("/account/password")
@signed_in_only
@limiter.limit("10/hour")
def change_password() -> ResponseReturnValue:
    who = visitor()
    try:
        with saved():
            person = actions.person_with_password(who.email, request.form.get("current", ""))
            if person is None:
                raise Incomplete({"current": _("This is not your current password.")})
            actions.set_password(person, request.form.get("password", ""), now=now())
            _start(person)
    except Incomplete as incomplete:
        return page("accounts/account.html", 422, errors=incomplete.by_field)
    flash(_("Your new password is set. Other devices were signed out."))
    return go("accounts.account")


@views.post("/account/sign-out-everywhere")
@signed_in_only
def sign_out_everywhere() -> ResponseReturnValue:
    who = visitor()
    with saved():
        actions.end_all_sign_ins(who.id, by=who.id, now=now())
    logout_user()
    flash(_("You are signed out on every device."))
    return go("accounts.sign_in")


@views.post("/language")
def choose_language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    response = make_response(go_back(request.form.get("next"), "home"))
    if chosen in LANGUAGES:
        keep_language(response, chosen)
        who = visitor()
        if who.is_authenticated:
            with saved():
                database.get_one(Person, who.id).language = chosen
    return response


@views.post("/display")
def choose_display() -> ResponseReturnValue:
    """Theme and text size, kept on this device."""
    response = make_response(go_back(request.form.get("next"), "home"))
    for name, allowed in (("theme", THEMES), ("text", TEXT_SIZES)):
        chosen = request.form.get(name, "")
        if chosen in allowed:
            response.set_cookie(name, chosen, max_age=YEAR, samesite="Lax", httponly=True)
        elif name in request.form:
            response.delete_cookie(name)
    return response


def display_of_request() -> dict[str, str]:
    """Theme and text size that this device chose; empty for the system's."""
    theme, text = request.cookies.get("theme", ""), request.cookies.get("text", "")
    return {"theme": theme if theme in THEMES else "", "text": text if text in TEXT_SIZES else ""}
