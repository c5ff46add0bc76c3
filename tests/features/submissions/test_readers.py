"""Who may read an answer is the writer's choice, as far as the course leaves it open; and nobody writes as another."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts.models import Enrolment
from lms.features.submissions.models import Draft, Submission
from lms.features.submissions.rules import Readers, chosen_readers
from lms.host.db import saved, session
from lms.host.plugins import Plugin
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit
from tests.world import World

ENDING = "The last day at the bakery."


@pytest.fixture
def homework(evening: str) -> str:
    """A piece for which the course leaves it to the writer who reads it."""
    return f"{evening}/activities/an-ending-i-remember"


@pytest.fixture
def only_ours(evening: str) -> str:
    return f"{evening}/activities/how-i-arrive"


def the_submission(app: Flask) -> Submission:
    with app.app_context():
        return session.scalars(select(Submission)).one()


# -- the choice ---------------------------------------------------------------------------------------------


def test_the_page_offers_what_the_course_allows_and_proposes_the_first(sam: FlaskClient, homework: str) -> None:
    page = sam.get(homework)
    assert "Who shall read it?" in said(page)
    assert "My trainers: Amina" in said(page)
    assert "Only Amina" in said(page)
    assert "Only me" in said(page)
    assert form_to(page, f"{homework}/submissions").fields["audience"] == "team"


def test_where_the_course_leaves_nothing_open_there_is_no_question(sam: FlaskClient, only_ours: str) -> None:
    assert "Who shall read it?" not in said(sam.get(only_ours))
    sam.post(f"{only_ours}/submissions", data={"text": ENDING, "audience": "me"})
    assert "Choose who shall read it." in said(
        sam.post(f"{only_ours}/submissions", data={"text": ENDING, "audience": "me"})
    )


def test_what_is_kept_for_oneself_counts_as_done_and_waits_for_nobody(
    app: Flask, sam: FlaskClient, browser: Browser, homework: str
) -> None:
    page = follow(sam, submit(sam, form_to(sam.get(homework), f"{homework}/submissions"), text=ENDING, audience="me"))
    assert "This one is complete." in said(page)
    assert "This stays with you. Nobody else can read it." in said(page)
    sent = the_submission(app)
    assert (sent.audience, sent.reviewed, sent.waiting) == ("me", False, False)
    amina = browser("Amina")
    assert "All read" in said(amina.get("/reading"))
    assert amina.post(f"/reading/{sent.id}/open").status_code == 404
    assert amina.get(f"/reading/{sent.id}").status_code == 404


def test_one_trainer_alone(app: Flask, world: World, sam: FlaskClient, homework: str) -> None:
    amina = world.people["Amina"]
    sam.post(f"{homework}/submissions", data={"text": ENDING, "audience": f"trainer:{amina}"})
    sent = the_submission(app)
    assert (sent.audience, sent.reader_id, sent.waiting) == ("trainer", amina, True)
    assert "Only Amina can read it." in said(sam.get(homework))


def test_a_trainer_of_another_group_cannot_be_chosen(app: Flask, world: World, sam: FlaskClient, homework: str) -> None:
    answer = sam.post(f"{homework}/submissions", data={"text": ENDING, "audience": f"trainer:{world.people['Léa']}"})
    assert answer.status_code == 422
    assert "Choose who shall read it." in said(answer)
    assert ENDING in answer.text, "the words stay"


def test_the_choice_stays_with_the_draft_and_comes_back_with_the_text(
    app: Flask, sam: FlaskClient, homework: str
) -> None:
    sam.post(f"{homework}/draft", data={"text": ENDING, "audience": "me"})
    assert form_to(sam.get(homework), f"{homework}/submissions").fields["audience"] == "me"
    amina = next(v for v in sam.get(homework).text.split('"') if v.startswith("trainer:"))
    sam.post(f"{homework}/submissions", data={"text": ENDING, "audience": amina})
    sam.post(f"{homework.rsplit('/', 2)[0]}/submissions/{the_submission(app).id}/take-back")
    assert form_to(sam.get(homework), f"{homework}/submissions").fields["audience"] == amina


def test_a_new_version_goes_to_the_same_reader_as_the_one_before(
    app: Flask, world: World, sam: FlaskClient, browser: Browser, homework: str, clock: time_machine.Coordinates
) -> None:
    amina = world.people["Amina"]
    sam.post(f"{homework}/submissions", data={"text": ENDING, "audience": f"trainer:{amina}"})
    sent, client = the_submission(app).id, browser("Amina")
    client.post(f"/reading/{sent}/open")
    client.post(f"/reading/{sent}/release", data={"question": "What did it give you?", "decision": "one_more_look"})
    clock.shift(timedelta(seconds=11))
    page = sam.get(homework)
    assert form_to(page, f"{homework}/submissions").fields["audience"] == f"trainer:{amina}"
    sam.post(f"{homework}/submissions", data={"text": f"{ENDING} It gave me bread."})
    with app.app_context():
        second = session.scalars(select(Submission).where(Submission.version == 2)).one()
        assert (second.audience, second.reader_id) == ("trainer", amina)


def test_what_was_for_oneself_may_be_sent_to_trainers_later(app: Flask, sam: FlaskClient, homework: str) -> None:
    for audience in ("me", "team"):
        sam.post(f"{homework}/submissions", data={"text": ENDING, "audience": audience})
    with app.app_context():
        rows = session.scalars(select(Submission).order_by(Submission.version)).all()
        assert [(row.audience, row.waiting) for row in rows] == [("me", False), ("team", True)]


def test_the_one_reader_leaves_after_opening_it(
    app: Flask, world: World, sam: FlaskClient, browser: Browser, homework: str, evening: str
) -> None:
    """Nobody can read it any more: Sam may take it back and send it to others."""
    amina = world.people["Amina"]
    sam.post(f"{homework}/submissions", data={"text": ENDING, "audience": f"trainer:{amina}"})
    sent = the_submission(app).id
    browser("Amina").post(f"/reading/{sent}/open")
    assert sam.post(f"{evening}/submissions/{sent}/take-back").status_code == 409
    with app.app_context(), saved():
        session.execute(
            update(RoleGrant).where(RoleGrant.person_id == amina, RoleGrant.role == Role.TRAINER).values(ended_at=NOW)
        )
    page = sam.get(homework)
    assert "The trainer you chose is not with your group any more, so nobody can read it." in said(page)
    back = follow(sam, submit(sam, form_to(page, f"{evening}/submissions/{sent}/take-back")))
    assert form_to(back, f"{homework}/submissions").fields["text"] == ENDING


KINDS = st.lists(st.sampled_from(["me", "trainer", "team"]), min_size=1, max_size=3, unique=True)


@given(
    KINDS, st.text(max_size=12) | st.sampled_from(["me", "team", "trainer:7", "trainer:8"]), st.sets(st.integers(1, 9))
)
def test_nobody_gets_to_read_whom_the_course_and_the_writer_did_not_name(
    allowed: list[str], chosen: str, trainers: set[int]
) -> None:
    readers = chosen_readers(tuple(allowed), chosen, trainers)  # type: ignore[arg-type]
    if readers is None:
        return
    assert readers.audience in allowed
    assert (readers.reader is None) == (readers.audience != "trainer")
    assert readers.reader is None or readers.reader in trainers
    if chosen in ("me", "team"):
        assert readers == Readers(chosen)  # type: ignore[arg-type]


# -- nobody for another -------------------------------------------------------------------------------------


def test_words_of_one_person_never_become_the_draft_of_another(
    app: Flask, world: World, browser: Browser, only_ours: str
) -> None:
    """Kim signs in on the device on which a page of Sam's is still open."""
    kim = browser("Kim")
    script = {"Accept": "application/json"}
    fields = {"text": ENDING, "who": str(world.people["Sam"])}
    assert kim.post(f"{only_ours}/draft", data=fields, headers=script).status_code == 401
    assert kim.post(f"{only_ours}/submissions", data=fields).status_code == 401
    assert (
        kim.post(f"{only_ours}/draft", data={"text": ENDING}, headers={**script, "X-Writer": "9999"}).status_code == 401
    )
    with app.app_context():
        assert session.scalars(select(Draft)).all() == []
        assert session.scalars(select(Submission)).all() == []


def test_a_trainer_who_takes_part_does_not_answer_their_own_homework(
    app: Flask, world: World, browser: Browser, only_ours: str
) -> None:
    amina, evening = world.people["Amina"], world.cohorts["evening"]
    with app.app_context(), saved():
        session.add(Enrolment(cohort_id=evening, person_id=amina, joined_at=NOW))
        northside = world.organizations["northside"]
        accounts.grant_role(amina, Role.TRAINEE, organization=northside, cohort=evening, by=None, now=NOW)
    client = browser("Amina")
    page = client.get(only_ours)
    assert "No trainer is named for your group yet." in said(page), "she does not read what she writes"
    client.post(f"{only_ours}/submissions", data={"text": ENDING})
    sent = the_submission(app)
    assert "All read" in said(client.get("/reading"))
    assert client.post(f"/reading/{sent.id}/open").status_code == 404
    assert (
        client.post(f"/reading/{sent.id}/release", data={"came_through": "Yes", "decision": "accept"}).status_code
        == 404
    )


# -- a plugin that is away ----------------------------------------------------------------------------------


@pytest.fixture
def away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Plugin:
    """The plugin of all built-in kinds of homework does not answer."""
    guard = app.extensions["lms"].guard
    monkeypatch.setattr(guard.host, "provided", lambda hook, name: None)
    found: Plugin = guard.host.plugins["homework"]
    return found


def test_words_stay_while_the_kind_of_homework_is_away(
    app: Flask, world: World, sam: FlaskClient, evening: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = f"{evening}/activities/beside-someone"
    script = {"Accept": "application/json"}
    sam.post(f"{practice}/draft", data={"answer1": "I waited.", "counter": "0"}, headers=script)
    guard = app.extensions["lms"].guard
    with monkeypatch.context() as patch:
        patch.setattr(guard.host, "provided", lambda hook, name: None)
        typed = {"answer1": "I waited, and listened.", "counter": "1"}
        assert sam.post(f"{practice}/draft", data=typed, headers=script).status_code == 200
        assert sam.post(f"{practice}/draft", data={"text": "More.", "counter": "2"}, headers=script).status_code == 200
    with app.app_context():
        kept = session.scalars(select(Draft)).one().fields
    assert (kept["answer1"], kept["text"]) == ("I waited, and listened.", "More.")
    with monkeypatch.context() as patch:
        patch.setattr(guard.host, "provided", lambda hook, name: None)
        sam.post(f"{practice}/submissions", data={"text": "More.", "counter": "3"})
    assert set(the_submission(app).text.split("\n\n")) == {"I waited, and listened.", "More."}


@pytest.mark.usefixtures("away")
def test_what_was_for_oneself_stays_so_and_nothing_is_met_by_silence(
    app: Flask, sam: FlaskClient, evening: str, clock: time_machine.Coordinates
) -> None:
    """A reading is nobody's to read, and still to do, whatever has become of its kind."""
    left = said(sam.get(f"{evening}/left"))
    assert "0 of" in left
    sam.post(f"{evening}/activities/arriving-as-a-group/submissions", data={"text": "For me."})
    sent = the_submission(app)
    assert (sent.reviewed, sent.waiting) == (False, False)
    clock.shift(timedelta(minutes=1))
