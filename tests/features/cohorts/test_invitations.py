"""Invitations: pasted lists, new and known people, one use, and no role that the inviter may not give."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts.models import RoleGrant
from lms.features.cohorts.models import Enrolment, Invitation
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said, submit
from tests.world import PASSWORD, World, email_of

OVER = "This invitation no longer works"


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


def invite(client: FlaskClient, cohort: str, emails: str, **more: str) -> None:
    answer = client.post(f"{cohort}/invitations", data={"emails": emails, **more})
    assert answer.status_code == 303, said(answer)


def invitations(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.email, row.role) for row in session.scalars(select(Invitation).order_by(Invitation.id))]


# -- inviting -----------------------------------------------------------------------------------------------


def test_a_pasted_list_is_read_whatever_stands_between(app: Flask, amina: FlaskClient, evening: str) -> None:
    pasted = "noah@example.org, Mia@Example.org;\r\n  zoe@example.org\tnoah@example.org"
    answer = amina.post(f"{evening}/invitations", data={"emails": pasted})
    assert "The invitations are on their way." in said(follow(amina, answer))
    people = ["noah@example.org", "mia@example.org", "zoe@example.org"]
    assert invitations(app) == [(email, "trainee") for email in people]
    written = mails(app)
    assert [mail.to for mail in written] == people
    assert len({mail.path for mail in written}) == 3, "each has a link of their own"
    assert "Amina invites you to Evening group at Northside Peer Training." in written[0].text


def test_one_bad_address_in_a_list_is_named_and_nobody_is_invited(app: Flask, amina: FlaskClient, evening: str) -> None:
    pasted = "noah@example.org\nmia-at-example.org\nzoe@example.org"
    answer = amina.post(f"{evening}/invitations", data={"emails": pasted})
    assert answer.status_code == 422
    assert "Please look at these addresses again: mia-at-example.org" in said(answer)
    assert form_to(answer, f"{evening}/invitations").fields["emails"] == pasted
    assert invitations(app) == []
    assert mails(app) == []


@pytest.mark.parametrize("typed", ["", "  ,; \n"])
def test_no_address_at_all_gets_a_sentence(amina: FlaskClient, evening: str, typed: str) -> None:
    answer = amina.post(f"{evening}/invitations", data={"emails": typed})
    assert answer.status_code == 422
    assert "Enter at least one e-mail address." in said(answer)


def test_what_was_pasted_is_text_and_nothing_else(amina: FlaskClient, evening: str) -> None:
    answer = amina.post(f"{evening}/invitations", data={"emails": "</textarea><script>alert(1)</script>"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_a_name_with_line_breaks_makes_no_headers_of_a_mail(app: Flask, amina: FlaskClient, evening: str) -> None:
    answer = amina.post(f"{evening}/invitations", data={"emails": "noah@example.org\nBcc: all@example.org"})
    assert answer.status_code == 422


# -- roles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["trainer", "coordinator", "organization_admin", "host_admin", "nonsense"])
def test_a_trainer_cannot_make_more_of_somebody_than_a_trainee(
    app: Flask, amina: FlaskClient, evening: str, role: str
) -> None:
    """The form offers no choice to her; one that sends it anyway is refused, not quietly changed."""
    assert "As what?" not in said(amina.get(f"{evening}/people"))
    answer = amina.post(f"{evening}/invitations", data={"emails": "noah@example.org", "role": role})
    assert answer.status_code == 409
    assert "This role cannot be given here." in said(answer)
    assert invitations(app) == []
    assert mails(app) == []


@pytest.mark.parametrize("role", ["coordinator", "organization_admin", "host_admin"])
def test_a_coordinator_gives_roles_of_the_group_alone(app: Flask, browser: Browser, evening: str, role: str) -> None:
    answer = browser("Rosa").post(f"{evening}/invitations", data={"emails": "noah@example.org", "role": role})
    assert answer.status_code == 409
    assert invitations(app) == []


def test_a_trainer_whom_rosa_invites_leads_that_group_alone(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    invite(browser("Rosa"), evening, "noah@example.org", role="trainer")
    (mail,) = mails(app, "noah@example.org")
    noah = app.test_client()
    assert "Northside Peer Training invites you as a trainer." in said(noah.get(mail.path))
    submit(noah, form_to(noah.get(mail.path), mail.path), name="Noah", password=PASSWORD)
    noah.post("/sign-in", data={"email": "noah@example.org", "password": PASSWORD})
    assert noah.get(f"{evening}/people").status_code == 200
    assert noah.get(f"/cohorts/{world.cohorts['morning']}/people").status_code == 404
    assert noah.get("/reading").status_code == 200


# -- saying yes ---------------------------------------------------------------------------------------------


def test_somebody_new_says_yes_with_a_name_and_a_password(app: Flask, amina: FlaskClient, evening: str) -> None:
    invite(amina, evening, "noah@example.org")
    (mail,) = mails(app, "noah@example.org")
    noah = app.test_client()
    page = noah.get(mail.path)
    assert "Your address here is noah@example.org." in said(page)
    answer = submit(noah, form_to(page, mail.path), name="  Noah   Fry ", password=PASSWORD)
    assert "You are in. Sign in to begin." in said(follow(noah, answer))
    noah.post("/sign-in", data={"email": "noah@example.org", "password": PASSWORD})
    assert "Noah" in said(noah.get("/today"))
    assert "Noah Fry" in said(amina.get(f"{evening}/people"))


def test_whoever_is_signed_in_says_yes_and_is_not_asked_to_sign_in(
    app: Flask, browser: Browser, world: World, amina: FlaskClient, evening: str
) -> None:
    wes = browser("Wes")
    invite(amina, evening, email_of("Wes"))
    (mail,) = mails(app, email_of("Wes"))
    answer = submit(wes, form_to(wes.get(mail.path), mail.path))
    assert answer.location == "/"
    assert "You are in." in said(wes.get(wes.get("/").location))
    assert wes.get(f"{evening}/course").status_code == 200


def test_at_somebody_elses_device_an_invitation_asks_to_sign_in(
    app: Flask, browser: Browser, amina: FlaskClient, evening: str
) -> None:
    invite(amina, evening, email_of("Wes"))
    (mail,) = mails(app, email_of("Wes"))
    kim = browser("Kim")
    answer = submit(kim, form_to(kim.get(mail.path), mail.path))
    assert "You are in. Sign in to begin." in said(follow(kim, answer))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "password": PASSWORD}, "Enter a name, as you would like to be called."),
        ({"name": "N" * 81, "password": PASSWORD}, "Shorten the name to 80 characters."),
        ({"name": "N" * 300, "password": PASSWORD}, "Shorten the name to 80 characters."),
        ({"name": "Noah", "password": "short"}, "Choose at least 10 characters."),
        ({"name": "Noah", "password": "x" * 501}, "Choose at most 500 characters."),
    ],
)
def test_what_is_missing_is_said_and_the_invitation_goes_on_working(
    app: Flask, amina: FlaskClient, evening: str, typed: dict[str, str], sentence: str
) -> None:
    invite(amina, evening, "noah@example.org")
    (mail,) = mails(app, "noah@example.org")
    noah = app.test_client()
    answer = noah.post(mail.path, data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)
    fields = form_to(answer, mail.path).fields
    assert (fields["name"], fields["password"]) == (typed["name"], "")
    assert noah.post(mail.path, data={"name": "Noah", "password": PASSWORD}).status_code == 303


def test_somebody_known_says_yes_with_one_click_and_keeps_the_password(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, evening: str
) -> None:
    invite(amina, evening, "WES@example.org")
    (mail,) = mails(app, "wes@example.org")
    wes = app.test_client()
    page = wes.get(mail.path)
    assert "You have an account here already, as Wes. Nothing more is needed." in said(page)
    assert submit(wes, form_to(page, mail.path), password="somebody-else-wrote-this").status_code == 303
    assert wes.get("/today").status_code == 303, "an invitation is no way to sign in"
    assert wes.post("/sign-in", data={"email": "wes@example.org", "password": PASSWORD}).status_code == 303
    assert wes.get(f"{evening}/course").status_code == 200
    assert wes.get(f"/cohorts/{world.cohorts['morning']}/course").status_code == 200


def test_an_invitation_works_once(app: Flask, amina: FlaskClient, evening: str) -> None:
    invite(amina, evening, "noah@example.org")
    (mail,) = mails(app, "noah@example.org")
    client = app.test_client()
    assert client.post(mail.path, data={"name": "Noah", "password": PASSWORD}).status_code == 303
    for answer in (client.get(mail.path), client.post(mail.path, data={"name": "Eve", "password": "another-one-here"})):
        assert answer.status_code == 410
        assert OVER in said(answer)
    assert (
        client.post("/sign-in", data={"email": "noah@example.org", "password": "another-one-here"}).status_code == 422
    )


@pytest.mark.parametrize(("days", "status"), [(13.9, 303), (14, 410)])
def test_an_invitation_works_for_two_weeks(
    app: Flask, amina: FlaskClient, evening: str, clock: time_machine.Coordinates, days: float, status: int
) -> None:
    invite(amina, evening, "noah@example.org")
    (mail,) = mails(app, "noah@example.org")
    clock.move_to(NOW + timedelta(days=days))
    assert app.test_client().post(mail.path, data={"name": "Noah", "password": PASSWORD}).status_code == status


def test_opening_an_invitation_uses_nothing_up(app: Flask, amina: FlaskClient, evening: str) -> None:
    invite(amina, evening, "noah@example.org")
    (mail,) = mails(app, "noah@example.org")
    for _ in range(3):
        assert app.test_client().get(mail.path).status_code == 200


def test_being_invited_twice_makes_one_place(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    for _ in range(2):
        invite(amina, evening, "kim@example.org")
    for mail in mails(app, "kim@example.org"):
        assert app.test_client().post(mail.path).status_code == 303
    with app.app_context():
        cohort, kim = world.cohorts["evening"], world.people["Kim"]
        places = session.scalars(
            select(Enrolment).where(Enrolment.cohort_id == cohort, Enrolment.person_id == kim)
        ).all()
        assert [place.id for place in places] == [world.enrolments["Kim"]]
        grants = session.scalars(select(RoleGrant).where(RoleGrant.person_id == kim)).all()
        assert [(grant.role, grant.cohort_id) for grant in grants] == [("trainee", cohort)]
        enrolled = select(AuditRow).where(AuditRow.verb == "cohorts.enrolled", AuditRow.about_id == kim)
        assert len(session.scalars(enrolled).all()) == 1, "Kim is taken in once"


def test_links_in_invitations_never_come_from_the_request(app: Flask, amina: FlaskClient, evening: str) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    amina.set_cookie("lms", amina.get_cookie("lms").value, domain="evil.example")
    answer = amina.post(
        f"{evening}/invitations", data={"emails": "noah@example.org"}, headers=headers, base_url="http://evil.example"
    )
    assert answer.status_code == 303
    (mail,) = mails(app, "noah@example.org")
    assert mail.links[0].startswith("http://127.0.0.1:8000/invitations/")


# -- whoever reads is named by somebody else ----------------------------------------------------------------

BY_A_COLLEAGUE = "Ask a colleague to invite you: whoever reads texts is named by somebody else."


@pytest.mark.parametrize(
    ("who", "place", "emails"),
    [
        ("Rosa", "", "Rosa@Example.org"),
        ("Rosa", "", "noah@example.org, rosa@example.org"),
        ("Olga", "/organizations/northside", "olga@example.org"),
    ],
)
def test_nobody_makes_themselves_a_trainer(
    app: Flask, world: World, browser: Browser, evening: str, who: str, place: str, emails: str
) -> None:
    """A coordinator reads no text; becoming somebody who does takes a second person."""
    answer = browser(who).post(f"{place or evening}/invitations", data={"emails": emails, "role": "trainer"})
    assert answer.status_code == 422
    assert BY_A_COLLEAGUE in said(answer)
    assert invitations(app) == []
    assert mails(app) == []


def test_one_may_invite_oneself_to_what_reads_nothing(app: Flask, browser: Browser) -> None:
    data = {"emails": "olga@example.org", "role": "coordinator"}
    assert browser("Olga").post("/organizations/northside/invitations", data=data).status_code == 303
    assert len(mails(app, "olga@example.org")) == 1


def test_an_invitation_of_ones_own_from_earlier_makes_nobody_a_trainer(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    rosa = browser("Rosa")
    invite(rosa, evening, "noah@example.org", role="trainer")
    (mail,) = mails(app, "noah@example.org")
    with app.app_context(), saved():
        session.scalars(select(Invitation)).one().email = "rosa@example.org"
    answer = rosa.post(mail.path)
    assert answer.status_code == 409
    assert BY_A_COLLEAGUE in said(answer)
    assert rosa.get("/reading").status_code == 404


def test_a_colleague_may_name_a_coordinator_as_trainer(app: Flask, browser: Browser, evening: str) -> None:
    invite(browser("Olga"), "/organizations/northside", "rosa@example.org", role="trainer")
    (mail,) = mails(app, "rosa@example.org")
    rosa = browser("Rosa")
    assert rosa.post(mail.path).status_code == 303
    assert rosa.get("/reading").status_code == 200
