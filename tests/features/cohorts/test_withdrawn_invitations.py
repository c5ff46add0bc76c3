"""An invitation that was kept brings nothing back: it is withdrawn with the role, by hand, and used once."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts.models import Person, RoleGrant
from lms.features.cohorts import actions, invitations
from lms.features.cohorts.models import Invitation
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.errors import Refused
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import follow, forms, mails, said
from tests.world import PASSWORD, World

STAFF = "/organizations/northside"


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


def invite(client: FlaskClient, place: str, email: str, role: str) -> None:
    answer = client.post(f"{place}/invitations", data={"emails": email, "role": role})
    assert answer.status_code == 303, said(answer)


def end_roles(app: Flask, olga: FlaskClient, person: int) -> None:
    with app.app_context():
        grants = session.scalars(
            select(RoleGrant.id).where(RoleGrant.person_id == person, RoleGrant.ended_at.is_(None))
        ).all()
    for grant in grants:
        assert olga.post(f"{STAFF}/roles/{grant}/end").status_code == 303


def roles(app: Flask, person: int) -> list[str]:
    with app.app_context():
        standing = select(RoleGrant.role).where(RoleGrant.person_id == person, RoleGrant.ended_at.is_(None))
        return list(session.scalars(standing))


def verbs(app: Flask, verb: str) -> int:
    with app.app_context():
        return len(session.scalars(select(AuditRow).where(AuditRow.verb == verb)).all())


def test_an_ended_role_does_not_come_back_through_an_invitation_that_was_kept(
    app: Flask, world: World, olga: FlaskClient, browser: Browser, evening: str
) -> None:
    invite(olga, STAFF, "amina@example.org", "coordinator")
    invite(browser("Rosa"), evening, "amina@example.org", "trainer")
    kept = [mail.path for mail in mails(app, "amina@example.org")]
    assert len(kept) == 2
    end_roles(app, olga, world.people["Amina"])
    for path in kept:
        assert app.test_client().get(path).status_code == 410
        assert app.test_client().post(path).status_code == 410
    assert roles(app, world.people["Amina"]) == []
    assert verbs(app, "invitations.withdrawn") == 2


def test_invitations_of_others_and_of_other_organizations_go_on_working(
    app: Flask, world: World, olga: FlaskClient, browser: Browser
) -> None:
    invite(browser("Camille"), "/organizations/deux-rives", "amina@example.org", "trainer")
    invite(olga, STAFF, "noah@example.org", "trainer")
    end_roles(app, olga, world.people["Amina"])
    for to in ("amina@example.org", "noah@example.org"):
        (mail,) = mails(app, to)
        assert app.test_client().get(mail.path).status_code == 200


def test_ending_a_role_that_has_ended_changes_nothing(app: Flask, world: World, olga: FlaskClient) -> None:
    with app.app_context():
        grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.people["Amina"])).one().id
    for _ in range(2):
        assert olga.post(f"{STAFF}/roles/{grant}/end").status_code == 303
    assert verbs(app, "roles.ended.trainer") == 1


# -- withdrawing by hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "place", "role"),
    [("Olga", STAFF, "coordinator"), ("Amina", "evening", "trainee"), ("Rosa", "evening", "trainer")],
)
def test_whoever_could_send_it_can_take_it_back(
    app: Flask, browser: Browser, evening: str, who: str, place: str, role: str
) -> None:
    place = evening if place == "evening" else place
    client = browser(who)
    invite(client, place, "noah@example.org", role)
    page = client.get(f"{place}/people")
    assert "Invited, and not here yet" in said(page)
    assert "noah@example.org" in said(page)
    (button,) = [form.action for form in forms(page) if form.action.endswith("/withdraw")]
    for _ in range(2):
        answer = client.post(button)
        assert "The invitation is withdrawn. Its link no longer works." in said(follow(client, answer))
    assert verbs(app, "invitations.withdrawn") == 1
    assert "Invited, and not here yet" not in said(client.get(f"{place}/people"))
    (mail,) = mails(app, "noah@example.org")
    answer = app.test_client().post(mail.path, data={"name": "Noah", "password": PASSWORD})
    assert answer.status_code == 410


def test_one_that_was_accepted_is_not_listed_and_cannot_be_withdrawn(app: Flask, olga: FlaskClient) -> None:
    invite(olga, STAFF, "noah@example.org", "trainer")
    button = next(form.action for form in forms(olga.get(f"{STAFF}/people")) if form.action.endswith("/withdraw"))
    (mail,) = mails(app, "noah@example.org")
    assert app.test_client().post(mail.path, data={"name": "Noah", "password": PASSWORD}).status_code == 303
    assert "Invited, and not here yet" not in said(olga.get(f"{STAFF}/people"))
    answer = olga.post(button)
    assert answer.status_code == 409
    assert "Somebody has said yes to this invitation already." in said(answer)


def test_a_trainer_does_not_see_or_withdraw_invitations_of_trainers(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    invite(browser("Rosa"), evening, "noah@example.org", "trainer")
    assert "noah@example.org" not in said(browser("Amina").get(f"{evening}/people"))
    with app.app_context():
        id = session.scalars(select(Invitation.id)).one()
    assert browser("Amina").post(f"{evening}/invitations/{id}/withdraw").status_code == 404
    other = f"/cohorts/{world.cohorts['morning']}/invitations/{id}/withdraw"
    assert browser("Rosa").post(other).status_code == 404
    assert browser("Camille").post(f"/organizations/deux-rives/invitations/{id}/withdraw").status_code == 404


def test_the_second_of_two_at_the_same_moment_reads_a_sentence(app: Flask, world: World, olga: FlaskClient) -> None:
    """Both have found the invitation open; one uses it up first."""
    invite(olga, STAFF, "kim@example.org", "trainer")
    with app.app_context(), saved():
        found = session.scalars(select(Invitation)).one()
        kim = session.get_one(Person, world.people["Kim"])
        invitations.take_invitation(found, now=NOW)
        actions.accept_invitation(found, kim, now=NOW)
        with pytest.raises(Refused, match="This invitation no longer works"):
            invitations.take_invitation(found, now=NOW)


# -- many at once -------------------------------------------------------------------------------------------


def pasted(count: int) -> str:
    return " ".join(f"person{number}@example.org" for number in range(count))


def test_more_than_200_addresses_at_once_get_a_sentence(app: Flask, browser: Browser, evening: str) -> None:
    rosa = browser("Rosa")
    answer = rosa.post(f"{evening}/invitations", data={"emails": pasted(201)})
    assert answer.status_code == 422
    assert "These are more than 200 addresses. Please send them in several goes." in said(answer)
    assert mails(app) == []
    assert rosa.post(f"{evening}/invitations", data={"emails": pasted(200) + " person7@example.org"}).status_code == 303
    assert len(mails(app)) == 200


def test_many_mails_are_written_with_one_statement(app: Flask, browser: Browser, evening: str) -> None:
    with counted(app) as statements:
        assert browser("Rosa").post(f"{evening}/invitations", data={"emails": pasted(60)}).status_code == 303
    assert len([one for one in statements if "INTO outbox" in one]) == 1
    assert len(mails(app)) == 60
