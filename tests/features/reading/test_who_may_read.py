"""Who may read a text follows what its writer chose: in every list, on every page, for every button, and for its files."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import RoleGrant
from lms.features.accounts.roles import Role
from lms.features.submissions.models import Attachment, Opening
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.features.reading.conftest import Send, open_and_release
from tests.pages import said
from tests.world import World

SECRET = "kumquat-teapot-93"
GETS = ("/reading/{id}", "/reading/second/{id}", "/reading/{id}/files/{file}")
POSTS = (
    "open", "draft", "release", "aside", "take-up", "give", "notes", "without-second",
)  # fmt: skip
LISTS = ("/reading", "/reading?by=prompt", "/reading?by=person", "/reading/held", "/reading/second", "/today")


def attached(app: Flask, world: World, submission: int) -> int:
    with app.app_context(), saved():
        row = Attachment(
            enrolment_id=world.enrolments["Sam"], activity_id="how-i-arrive", submission_id=submission, kind="audio",
            media_type="audio/ogg", name="x.ogg", size=3, position=1, stored="0" * 32, digest="0" * 64, added_at=NOW,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def shut_out(client: FlaskClient, submission: int, file: int) -> None:
    """Nothing of this text is anywhere for this person."""
    for path in GETS:
        assert client.get(path.format(id=submission, file=file)).status_code == 404, path
    for verb in POSTS:
        words = {"came_through": "x", "decision": "accept", "note": "x"}
        assert client.post(f"/reading/{submission}/{verb}", data=words).status_code == 404, verb
    for path in (
        f"/reading/second/{submission}/open",
        f"/reading/second/{submission}",
        f"/reading/second/{submission}/settle",
    ):
        assert client.post(path, data={"came_through": "x", "decision": "accept"}).status_code == 404, path
    for path in LISTS:
        page = client.get(path)
        assert f"/reading/{submission}" not in page.text, path
        assert SECRET not in page.text, path
    assert client.post("/reading/next").location == "/reading"
    assert client.post("/reading/next", data={"after": submission}).location == "/reading"


def nobody_opened(app: Flask) -> bool:
    with app.app_context():
        return session.query(Opening).count() == 0


def test_what_is_for_nobody_else_is_read_by_nobody(app: Flask, world: World, amina: FlaskClient, luc: FlaskClient,
                                                   browser: Browser, send: Send) -> None:  # fmt: skip
    """Even one that would wait, by whatever mistake."""
    text = send("Sam", SECRET, audience="me")
    file = attached(app, world, text)
    for client in (amina, luc):
        shut_out(client, text, file)
    for name in ("Rosa", "Olga", "Noor", "Kim"):
        assert browser(name).get(f"/reading/{text}").status_code == 404
    assert nobody_opened(app)


def test_what_is_for_one_trainer_is_read_by_that_trainer_alone(app: Flask, world: World, amina: FlaskClient,
                                                               luc: FlaskClient, send: Send) -> None:  # fmt: skip
    text = send("Sam", SECRET, audience="trainer", reader="Luc")
    file = attached(app, world, text)
    shut_out(amina, text, file)
    assert nobody_opened(app)
    assert luc.post("/reading/next").location == f"/reading/{text}"
    assert SECRET in luc.get(f"/reading/{text}").text
    assert luc.get(f"/reading/{text}/files/{file}").status_code != 403
    assert "A second reader too" not in said(luc.get(f"/reading/{text}")), "nobody else could be one"
    assert "Give it to" not in said(luc.get(f"/reading/{text}"))
    assert open_and_release(luc, text, came_through="I was there.", decision="accept").status_code == 303
    shut_out(amina, text, file)


def test_the_chosen_trainer_reads_only_while_they_train_this_group(
    app: Flask, world: World, luc: FlaskClient, send: Send
) -> None:
    text = send("Sam", SECRET, audience="trainer", reader="Luc")
    file = attached(app, world, text)
    assert luc.get(f"/reading/{text}").status_code == 200
    with app.app_context(), saved():
        grant = (
            session.query(RoleGrant).filter_by(person_id=world.people["Luc"], cohort_id=world.cohorts["evening"]).one()
        )
        accounts.end_role(grant, by=world.people["Olga"], now=NOW)
    shut_out(luc, text, file)


def test_somebody_who_never_trained_here_reads_nothing_although_they_are_named(
    browser: Browser, send: Send, app: Flask, world: World
) -> None:
    text = send("Sam", SECRET, audience="trainer", reader="Luc")
    shut_out(browser("Luc"), text, attached(app, world, text))


def test_an_unknown_audience_is_for_nobody(amina: FlaskClient, send: Send, app: Flask, world: World) -> None:
    text = send("Sam", SECRET, audience="everybody")
    shut_out(amina, text, attached(app, world, text))


def test_what_was_for_one_trainer_stays_with_them_among_earlier_versions_and_texts(
    amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    send("Sam", SECRET, activity="how-i-arrive", audience="trainer", reader="Luc")
    other = send("Sam", "For both.", activity="whose-hands")
    for client, sees in ((amina, False), (luc, True)):
        client.post(f"/reading/{other}/open")
        page = client.get(f"/reading/{other}")
        assert SECRET not in page.text
        assert ("1 earlier text" in said(page)) == sees


def test_nobody_reads_ones_own_text_as_trainer(app: Flask, world: World, browser: Browser, send: Send) -> None:
    """Somebody who takes part in a group and trains it too."""
    text = send("Sam", SECRET)
    with app.app_context(), saved():
        accounts.grant_role(
            world.people["Sam"], Role.TRAINER, organization=world.organizations["northside"],
            cohort=world.cohorts["evening"], by=None, now=NOW,
        )  # fmt: skip
    sam = browser("Sam")
    assert sam.get(f"/reading/{text}").status_code == 404
    assert sam.post("/reading/next").location == "/reading"


@pytest.mark.parametrize("name", ["Rosa", "Olga", "Noor", "Kim"])
def test_those_who_do_not_train_find_no_reading_room(browser: Browser, name: str, send: Send) -> None:
    send("Sam", SECRET)
    client = browser(name)
    for path in ("/reading", "/reading/held", "/reading/second", "/reading/starters"):
        assert client.get(path).status_code == 404
    assert client.post("/reading/starters", data={"en": "x"}).status_code == 404
