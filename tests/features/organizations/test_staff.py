"""Who runs an organization's programmes: inviting them, and ending a role."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts.models import RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts.models import Invitation
from lms.host.db import session
from tests.features.conftest import Browser
from tests.pages import follow, form_to, forms, mails, said, submit
from tests.world import PASSWORD, World

PEOPLE = "/organizations/northside/people"
INVITE = "/organizations/northside/invitations"


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


def grants(app: Flask, person: int) -> list[tuple[str, int | None]]:
    with app.app_context():
        rows = session.scalars(select(RoleGrant).where(RoleGrant.person_id == person, RoleGrant.ended_at.is_(None)))
        return [(row.role, row.organization_id) for row in rows]


def end_form(page_of: FlaskClient, name: str) -> str:
    """Where the button goes that ends this person's role."""
    page = page_of.get(PEOPLE).text
    found = re.search(rf'action="([^"]+)">\s*<button[^>]*aria-label="End the role of {name}:', page)
    assert found, name
    return found[1]


def test_the_page_names_those_who_run_the_programmes_and_no_trainee(olga: FlaskClient) -> None:
    page = said(olga.get(PEOPLE))
    for name in ("Rosa", "Olga", "Amina", "Luc"):
        assert name in page
    for name in ("Sam", "Kim", "Camille", "Léa"):
        assert name not in page


@pytest.mark.parametrize("role", ["trainer", "coordinator", "organization_admin"])
def test_somebody_new_is_invited_and_takes_the_role(app: Flask, world: World, olga: FlaskClient, role: str) -> None:
    answer = submit(olga, form_to(olga.get(PEOPLE), INVITE), emails="noah@example.org", role=role)
    assert "The invitations are on their way." in said(follow(olga, answer))
    newcomer = app.test_client()
    (mail,) = mails(app, "noah@example.org")
    newcomer.post(mail.path, data={"name": "Noah", "password": PASSWORD})
    with app.app_context():
        (grant,) = session.scalars(select(RoleGrant).where(RoleGrant.granted_by == world.people["Olga"]))
        assert (grant.role, grant.organization_id, grant.cohort_id) == (role, world.organizations["northside"], None)


@pytest.mark.parametrize("role", ["host_admin", "trainee", "", "coordinator; drop", "ORGANIZATION_ADMIN"])
def test_no_other_role_can_be_given_here(app: Flask, olga: FlaskClient, role: str) -> None:
    answer = olga.post(INVITE, data={"emails": "noah@example.org", "role": role})
    assert answer.status_code == 422
    assert "Choose what they will do." in said(answer)
    assert form_to(answer, INVITE).fields["emails"] == "noah@example.org"
    assert mails(app, "noah@example.org") == []
    with app.app_context():
        assert session.scalars(select(Invitation)).all() == []


def test_ending_a_role_ends_that_role_and_no_other(
    app: Flask, world: World, olga: FlaskClient, browser: Browser, evening: str
) -> None:
    amina = browser("Amina")
    assert amina.get(evening).status_code == 200
    before = {name: grants(app, id) for name, id in world.people.items() if name != "Amina"}
    answer = olga.post(end_form(olga, "Amina"))
    assert "The role has ended." in said(follow(olga, answer))
    assert grants(app, world.people["Amina"]) == []
    assert {name: grants(app, id) for name, id in world.people.items() if name != "Amina"} == before
    assert amina.get(evening).status_code == 404, "from the next click on"


def test_one_cannot_lock_the_door_behind_oneself(app: Flask, world: World, olga: FlaskClient) -> None:
    answer = olga.post(end_form(olga, "Olga"))
    assert answer.status_code == 409
    assert "You cannot end your own role as admin. Ask another admin to do it." in said(answer)
    assert grants(app, world.people["Olga"]) == [(Role.ORGANIZATION_ADMIN, world.organizations["northside"])]


def test_roles_of_trainees_and_of_other_organizations_are_out_of_reach(
    app: Flask, world: World, olga: FlaskClient
) -> None:
    with app.app_context():
        rows = session.scalars(select(RoleGrant)).all()
        northside = world.organizations["northside"]
        beyond = [row.id for row in rows if row.organization_id != northside or row.role == Role.TRAINEE]
    assert len(beyond) > 5
    for id in [*beyond, 10**6]:
        assert olga.post(f"/organizations/northside/roles/{id}/end").status_code == 404


def test_every_button_of_the_page_ends_a_role_that_stands_there(app: Flask, world: World, olga: FlaskClient) -> None:
    found = {int(f.action.split("/")[-2]) for f in forms(olga.get(PEOPLE)) if f.action.endswith("/end")}
    with app.app_context():
        staff = session.scalars(
            select(RoleGrant.id).where(
                RoleGrant.organization_id == world.organizations["northside"], RoleGrant.role != Role.TRAINEE
            )
        )
        assert found == set(staff)
