"""Signing in with a password or a link, and out again; nothing here tells a stranger who has an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.features.accounts import actions as accounts
from lms.features.accounts import passwords
from lms.features.accounts.models import Person
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said, submit
from tests.world import PASSWORD, World, email_of

WRONG = "This address and password do not go together. Look at both again, or have a link sent to you."
OLD_LINK = "This link no longer works"


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def disable(app: Flask, world: World, name: str) -> None:
    with app.app_context(), saved():
        person = session.get_one(Person, world.people[name])
        accounts.disable_person(person, by=world.people["Noor"], now=NOW)


def link_for(app: Flask, client: FlaskClient, name: str) -> str:
    """The path in the newest mail, after asking for a link."""
    answer = client.post("/sign-in/link", data={"email": email_of(name)})
    assert answer.status_code == 200
    return mails(app, email_of(name))[-1].path


# -- with a password ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["sam@example.org", "  SAM@Example.ORG "])
def test_sam_signs_in_and_stands_on_today(stranger: FlaskClient, email: str) -> None:
    page = follow(stranger, sign_in(stranger, email))
    assert page.location == "/today"
    assert is_in(stranger)
    assert "Good afternoon, Sam" in said(stranger.get("/today"))


def test_a_wrong_password_keeps_the_address_and_never_the_password(stranger: FlaskClient) -> None:
    answer = sign_in(stranger, "sam@example.org", "kettle-window-pond")
    assert answer.status_code == 422
    assert WRONG in said(answer)
    assert form_to(answer, "/sign-in").fields["email"] == "sam@example.org"
    assert "kettle-window-pond" not in answer.text
    assert not is_in(stranger)


def test_a_wrong_password_an_unknown_address_and_a_disabled_person_get_the_same_bytes(app: Flask, world: World) -> None:
    disable(app, world, "Kim")
    tries = {
        "sam@example.org": "kettle-window-pond",
        "pat@example.org": "kettle-window-pond",
        "kim@example.org": PASSWORD,
    }
    answers = [sign_in(app.test_client(), email, password) for email, password in tries.items()]
    pages = {answer.data.replace(email.encode(), b"") for email, answer in zip(tries, answers, strict=True)}
    assert len(pages) == 1
    assert WRONG in said(answers[0])
    assert len({answer.status_code for answer in answers}) == 1
    assert len({tuple(answer.headers) for answer in answers}) == 1


@pytest.mark.parametrize("email", ["sam@example.org", "nobody@example.org", "", "not an address"])
def test_one_password_is_hashed_whoever_asks(
    stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    tried: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            tried.append(str(hash).split("$")[3])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=2, memory_cost=19 * 1024, parallelism=1))
    sign_in(stranger, email, "kettle-window-pond")
    assert tried == ["m=19456,t=2,p=1"]


def test_a_password_of_a_megabyte_is_wrong_and_nothing_more(stranger: FlaskClient) -> None:
    assert sign_in(stranger, "sam@example.org", "x" * 1_000_000).status_code == 422


def test_each_sign_in_gets_a_cookie_of_its_own_that_scripts_cannot_read(app: Flask) -> None:
    cookies = []
    for _ in range(2):
        client = app.test_client()
        answer = sign_in(client, "sam@example.org")
        cookies += [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("lms=")]
    assert len(set(cookies)) == 2
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_after_twelve_hours_one_signs_in_again(browser: Browser, clock: time_machine.Coordinates) -> None:
    sam = browser("Sam")
    clock.move_to(NOW + timedelta(hours=11, minutes=59))
    assert is_in(sam)
    clock.move_to(NOW + timedelta(hours=12))
    assert not is_in(sam)


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/cohorts", "/cohorts"),
        ("/cohorts?of=sam#now", "/cohorts?of=sam#now"),
        ("", "/"),
        ("cohorts", "/"),
        ("//example.org", "/"),
        ("///example.org", "/"),
        ("/\\example.org", "/"),
        ("\\\\example.org", "/"),
        ("/\t/example.org", "/"),
        ("\t//example.org", "/"),
        ("https://example.org", "/"),
        ("https:example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("/cohorts\r\nSet-Cookie: a=b", "/"),
    ],
)
def test_where_one_goes_after_signing_in(stranger: FlaskClient, target: str, leads_to: str) -> None:
    assert sign_in(stranger, "sam@example.org", next=target).location == leads_to


def test_a_page_that_asks_to_sign_in_is_opened_afterwards(stranger: FlaskClient, evening: str) -> None:
    asked = stranger.get(f"{evening}/left?of=sam")
    page = stranger.get(asked.location)
    answer = submit(stranger, form_to(page, "/sign-in"), email="sam@example.org", password=PASSWORD)
    assert answer.location == f"{evening}/left?of=sam"


# -- with a link --------------------------------------------------------------------------------------------


def test_a_link_signs_in_with_one_step_and_works_once(app: Flask, stranger: FlaskClient) -> None:
    path = link_for(app, stranger, "Sam")
    page = stranger.get(path)
    assert "Welcome back, Sam" in said(page)
    assert submit(stranger, form_to(page, path)).location == "/"
    assert is_in(stranger)
    another = app.test_client()
    for answer in (another.get(path), another.post(path)):
        assert answer.status_code == 410
        assert OLD_LINK in said(answer)
    assert not is_in(another)


def test_looking_at_a_link_does_not_use_it_up(app: Flask, stranger: FlaskClient) -> None:
    """Mail scanners open every link before its reader does."""
    path = link_for(app, stranger, "Sam")
    for _ in range(3):
        assert stranger.get(path).status_code == 200
        assert stranger.head(path).status_code == 200
    assert not is_in(stranger)
    assert stranger.post(path).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(29, 303), (30, 410), (31, 410)])
def test_a_link_works_for_half_an_hour(
    app: Flask, stranger: FlaskClient, clock: time_machine.Coordinates, minutes: int, status: int
) -> None:
    path = link_for(app, stranger, "Sam")
    clock.move_to(NOW + timedelta(minutes=minutes))
    assert stranger.post(path).status_code == status


def test_a_newer_link_ends_the_older_one(app: Flask, stranger: FlaskClient) -> None:
    older, newer = link_for(app, stranger, "Sam"), link_for(app, stranger, "Sam")
    assert stranger.get(older).status_code == 410
    assert stranger.post(older).status_code == 410
    assert stranger.post(newer).status_code == 303


def test_another_persons_link_goes_on_working(app: Flask, stranger: FlaskClient) -> None:
    sams = link_for(app, stranger, "Sam")
    link_for(app, stranger, "Kim")
    assert stranger.post(sams).status_code == 303


def test_a_link_to_sign_in_sets_no_password(app: Flask, stranger: FlaskClient) -> None:
    token = link_for(app, stranger, "Sam").rpartition("/")[2]
    assert stranger.post(f"/reset-password/{token}", data={"password": "a whole new one"}).status_code == 410


def test_a_link_of_somebody_disabled_is_dead(app: Flask, world: World, stranger: FlaskClient) -> None:
    path = link_for(app, stranger, "Sam")
    disable(app, world, "Sam")
    assert stranger.post(path).status_code == 410


@pytest.mark.parametrize("path", ["/sign-in/link", "/forgot-password"])
def test_asking_for_a_link_tells_nobody_who_has_an_account(app: Flask, world: World, path: str) -> None:
    disable(app, world, "Kim")
    before = len(mails(app))
    emails = ("sam@example.org", "pat@example.org", "kim@example.org")
    answers = [app.test_client().post(path, data={"email": email}) for email in emails]
    pages = {answer.data.replace(email.encode(), b"") for email, answer in zip(emails, answers, strict=True)}
    assert len(pages) == 1
    assert "If sam@example.org is known here, a link is on its way." in said(answers[0])
    assert [mail.to for mail in mails(app)[before:]] == ["sam@example.org"]


@pytest.mark.parametrize("path", ["/sign-in/link", "/forgot-password"])
@pytest.mark.parametrize(
    "email", ["", "sam", "sam@", "@example.org", "sam @example.org", "sam@example.org,kim@example.org"]
)
def test_what_is_no_address_gets_a_sentence_and_stays_typed(stranger: FlaskClient, path: str, email: str) -> None:
    answer = stranger.post(path, data={"email": email})
    assert answer.status_code == 422
    assert "Enter an e-mail address, like sam@example.org." in said(answer)
    form = "/sign-in" if path == "/sign-in/link" else path
    assert form_to(answer, form).fields["email"] == email


def test_the_mail_speaks_the_language_of_whoever_gets_it(app: Flask, world: World, stranger: FlaskClient) -> None:
    with app.app_context(), saved():
        session.get_one(Person, world.people["Kim"]).language = "fr"
    link_for(app, stranger, "Kim")
    assert mails(app, "kim@example.org")[-1].text.startswith("Bonjour Kim")


@pytest.mark.parametrize("path", ["/sign-in/link", "/forgot-password"])
def test_the_address_in_a_mail_never_comes_from_the_request(app: Flask, path: str) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = app.test_client().post(path, data={"email": "sam@example.org"}, headers=headers)
    assert answer.status_code == 200
    (link,) = mails(app, "sam@example.org")[-1].links
    assert link.startswith("http://127.0.0.1:8000/")


# -- a new password -----------------------------------------------------------------------------------------


def reset_path(app: Flask, client: FlaskClient, name: str) -> str:
    client.post("/forgot-password", data={"email": email_of(name)})
    return mails(app, email_of(name))[-1].path


def test_a_reset_signs_in_here_and_ends_every_other_sign_in(
    app: Flask, browser: Browser, stranger: FlaskClient
) -> None:
    elsewhere = browser("Sam")
    path = reset_path(app, stranger, "Sam")
    page = stranger.get(path)
    assert "For sam@example.org. Other devices are signed out when you set it." in said(page)
    answer = submit(stranger, form_to(page, path), password="a lamp in the hall")
    assert answer.location == "/"
    assert "Your new password is set. Other devices were signed out." in said(stranger.get("/today"))
    assert is_in(stranger)
    assert not is_in(elsewhere)
    assert sign_in(app.test_client(), "sam@example.org").status_code == 422
    assert sign_in(app.test_client(), "sam@example.org", "a lamp in the hall").status_code == 303
    assert app.test_client().post(path, data={"password": "another one again"}).status_code == 410


def test_a_short_password_gets_a_sentence_and_the_link_goes_on_working(
    app: Flask, browser: Browser, stranger: FlaskClient
) -> None:
    path = reset_path(app, stranger, "Sam")
    answer = stranger.post(path, data={"password": "short"})
    assert answer.status_code == 422
    assert "Choose at least 10 characters. Three or four words are easy to remember." in said(answer)
    assert is_in(browser("Sam")), "nothing has changed yet"
    assert stranger.post(path, data={"password": "a lamp in the hall"}).status_code == 303


def test_a_new_password_needs_the_one_of_now(browser: Browser) -> None:
    sam = browser("Sam")
    answer = sam.post("/account/password", data={"current": "kettle-window-pond", "password": "a lamp in the hall"})
    assert answer.status_code == 422
    assert "This is not your current password." in said(answer)
    assert "a lamp in the hall" not in answer.text


def test_a_changed_password_signs_out_the_other_devices_and_not_this_one(browser: Browser) -> None:
    here, there, kim = browser("Sam"), browser("Sam"), browser("Kim")
    here.post("/account/password", data={"current": PASSWORD, "password": "a lamp in the hall"})
    assert [is_in(client) for client in (here, there, kim)] == [True, False, True]


# -- out again ----------------------------------------------------------------------------------------------


def copied(app: Flask, client: FlaskClient) -> FlaskClient:
    """Somebody else's browser with the cookie of this one."""
    cookie = client.get_cookie("lms")
    assert cookie
    other = app.test_client()
    other.set_cookie("lms", cookie.value)
    return other


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, browser: Browser) -> None:
    sam = browser("Sam")
    thief, phone = copied(app, sam), app.test_client()
    sign_in(phone, "sam@example.org")
    assert is_in(thief)
    page = follow(sam, sam.post("/sign-out"))
    assert "You are signed out." in said(page)
    assert [is_in(client) for client in (sam, thief, phone)] == [False, False, True]


def test_signing_out_everywhere_ends_every_device_of_one_person(app: Flask, browser: Browser) -> None:
    sam, phone, kim = browser("Sam"), app.test_client(), browser("Kim")
    sign_in(phone, "sam@example.org")
    page = follow(sam, sam.post("/account/sign-out-everywhere"))
    assert "You are signed out on every device." in said(page)
    assert [is_in(client) for client in (sam, phone, kim)] == [False, False, True]


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/account/sign-out-everywhere", {}),
        ("/account/password", {"current": PASSWORD, "password": "a lamp in the hall"}),
    ],
)
def test_links_that_were_mailed_before_work_no_longer(
    app: Flask, browser: Browser, stranger: FlaskClient, path: str, typed: dict[str, str]
) -> None:
    """Whoever reads Sam's mail does not come in by a link that lies there; Kim's goes on working."""
    kims = link_for(app, stranger, "Kim")
    links = [link_for(app, stranger, "Sam"), reset_path(app, stranger, "Sam")]
    assert browser("Sam").post(path, data=typed).status_code == 303
    for link in links:
        thief = app.test_client()
        assert thief.get(link).status_code == 410
        assert thief.post(link, data={"password": "a lamp of mine now"}).status_code == 410
        assert not is_in(thief)
    assert stranger.get(kims).status_code == 200


def test_a_reset_ends_the_links_that_were_mailed_before(app: Flask, stranger: FlaskClient) -> None:
    link = link_for(app, stranger, "Sam")
    stranger.post(reset_path(app, stranger, "Sam"), data={"password": "a lamp in the hall"})
    assert app.test_client().post(link).status_code == 410


def test_a_disabled_person_is_out_at_once(app: Flask, world: World, browser: Browser) -> None:
    sam = browser("Sam")
    disable(app, world, "Sam")
    assert not is_in(sam)


@pytest.mark.parametrize("value", ["", "x", "a.b.c", "%00", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb"])
def test_a_made_up_cookie_is_nobody(stranger: FlaskClient, value: str) -> None:
    stranger.set_cookie("lms", value)
    assert not is_in(stranger)


# -- guessing -----------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(make_app: Callable[..., Flask], clock: time_machine.Coordinates) -> Flask:
    """An app that slows guessing down, with Sam in it."""
    app = make_app(rate_limits=True)
    with app.app_context(), saved():
        accounts.add_person("Sam", "sam@example.org", language="en", now=NOW, password=PASSWORD)
    return app


def test_guessing_a_password_soon_gets_a_sentence(guarded: Flask) -> None:
    client = guarded.test_client()
    answers = [sign_in(client, f"person{n}@example.org", "kettle-window-pond") for n in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "Please wait a minute and try again." in said(answers[-1])


def test_after_a_minute_one_can_try_again(guarded: Flask, clock: time_machine.Coordinates) -> None:
    client = guarded.test_client()
    for n in range(11):
        sign_in(client, f"person{n}@example.org", "kettle-window-pond")
    clock.shift(timedelta(seconds=61))
    assert sign_in(client, "sam@example.org").status_code == 303


def test_one_address_is_guarded_from_many_places(guarded: Flask) -> None:
    statuses = []
    for n in range(11):
        client = guarded.test_client()
        place = {"REMOTE_ADDR": f"192.0.2.{n}"}
        data = {"email": " Sam@example.org", "password": "kettle-window-pond"}
        statuses.append(client.post("/sign-in", data=data, environ_overrides=place).status_code)
    assert statuses == [422] * 10 + [429]


@pytest.mark.parametrize("path", ["/sign-in/link", "/forgot-password"])
def test_nobodys_mailbox_is_flooded(guarded: Flask, path: str) -> None:
    client = guarded.test_client()
    answers = [client.post(path, data={"email": "sam@example.org"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Please wait a minute and try again." in said(answers[-1])
    assert len(mails(guarded, "sam@example.org")) == 5


def test_numbers_of_certificates_cannot_be_tried_out_quickly(guarded: Flask) -> None:
    client = guarded.test_client()
    statuses = [client.get("/certificates/7KQ4-M9XW-2T").status_code for _ in range(61)]
    assert statuses == [404] * 60 + [429]


def test_the_sentence_is_in_french_for_those_who_read_french(guarded: Flask) -> None:
    client = guarded.test_client()
    for _ in range(6):
        answer = client.post("/sign-in/link", data={"email": "x"}, headers={"Accept-Language": "fr-CA"})
    assert "Attendez une minute et essayez de nouveau, s'il vous plaît." in said(answer)
