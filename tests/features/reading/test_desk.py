"""Criteria with levels, answers held back, notes among trainers, starters, and what a script is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.reading.models import Starter, TrainerNote
from lms.features.submissions.models import Opening, Review
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from lms.plugin_api.content import Criterion, FeedbackStarter, ReviewWords
from lms.plugin_api.values import Text
from tests.features.conftest import NOW, Browser
from tests.features.reading.conftest import Reviewed, Send, open_and_release, standing
from tests.pages import follow, form_to, said
from tests.world import World

KIND = {"came_through": "The chair by the door.", "decision": "accept"}
JSON = {"Accept": "application/json"}
LEVELS = tuple(Text(en, fr) for en, fr in (("named", "nommé"), ("described", "décrit"), ("felt", "ressenti")))
DEEP = Criterion(id="deep", en="Depth", fr="Profondeur", must=True, levels=LEVELS, enough=2)
SAFE = Criterion(id="safe", en="No names of others", fr="Aucun nom", must=True)
MOMENT = Criterion(id="moment", en="A moment", fr="Un moment")


# -- criteria -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, {"deep", "safe"}),
        ({"tick": "safe"}, {"deep"}),
        ({"tick": "safe", "level-deep": "1"}, {"deep"}),
        ({"level-deep": "3"}, {"safe"}),
        ({"tick": "moment", "level-deep": "7"}, {"deep", "safe"}),
        ({"tick": "safe", "level-deep": "2"}, set()),
        ({"tick": "safe", "level-deep": "3"}, set()),
    ],
)
def test_what_must_be_there_is_never_made_up_for(
    amina: FlaskClient, send: Send, reviewed_as: Reviewed, fields: dict[str, str], missing: set[str]
) -> None:
    reviewed_as(criteria=(MOMENT, DEEP, SAFE))
    text = send("Sam")
    answer = open_and_release(amina, text, **KIND, **fields)
    assert (answer.status_code == 422) == bool(missing)
    if missing:
        page = answer.text
        assert said(answer).count("This one has to be there before it can be accepted.") == 2 * len(missing)
        assert all(f'href="#criterion-{id}"' in page for id in missing)
        assert form_to(answer, f"/reading/{text}/release").fields["came_through"] == "The chair by the door."
        asks = {"question": "How did it feel?", "decision": "one_more_look"}
        assert amina.post(f"/reading/{text}/release", data={**asks, **fields}).status_code == 303


def test_levels_are_kept_shown_and_read_by_the_trainee(
    app: Flask, amina: FlaskClient, browser: Browser, send: Send, reviewed_as: Reviewed, evening: str,
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    reviewed_as(criteria=(DEEP, SAFE))
    text = send("Sam")
    amina.post(f"/reading/{text}/open")
    typed = {"came_through": "x", "level-deep": "2", "tick": "safe", "chosen": "one_more_look", "second": "yes"}
    assert amina.post(f"/reading/{text}/draft", data=typed, headers=JSON).status_code == 200
    page = amina.get(f"/reading/{text}")
    fields = form_to(page, f"/reading/{text}/release").fields
    assert (fields["level-deep"], fields["tick"], fields["chosen"]) == ("2", "safe", "one_more_look")
    amina.post(f"/reading/{text}/release", data={**KIND, "level-deep": "2", "tick": "safe"})
    assert standing(app, text).ticks == ["deep:2", "safe"]
    clock.shift(timedelta(seconds=11))
    assert "described" in said(browser("Sam").get(f"{evening}/activities/how-i-arrive"))
    assert "Depth: described" in said(amina.get(f"/reading/{text}"))


def test_the_words_of_the_course_stand_on_the_buttons(amina: FlaskClient, send: Send, reviewed_as: Reviewed) -> None:
    reviewed_as(words=ReviewWords(accept=Text("Ready", "Prêt"), one_more_look=Text("Not yet", "Pas encore")))
    text = send("Sam")
    amina.post(f"/reading/{text}/open")
    page = said(amina.get(f"/reading/{text}"))
    assert "Send: Ready" in page
    assert "Not yet" in page


# -- held back ----------------------------------------------------------------------------------------------


def test_what_is_held_reaches_nobody_until_all_is_released(
    app: Flask, amina: FlaskClient, browser: Browser, send: Send, evening: str, clock: time_machine.Coordinates
) -> None:
    texts = [send("Sam"), send("Kim")]
    page = open_and_release(amina, texts[0], **KIND, hold="yes", chosen="accept")
    assert page.location == f"/reading/{texts[1]}?hold=yes", "the box stays ticked"
    assert "Kept. Nobody else sees it yet." in said(follow(amina, page))
    open_and_release(amina, texts[1], **KIND, hold="yes")
    clock.shift(timedelta(hours=1))
    assert "The chair by the door." not in said(browser("Sam").get(f"{evening}/activities/how-i-arrive"))
    queue = said(amina.get("/reading"))
    assert "2 held" in queue
    assert "All read." in queue
    assert "Held back" in said(amina.get("/reading/held"))
    with app.app_context():
        assert not session.scalars(select(OutboxRow).where(OutboxRow.key.like("happened:after_review:%"))).all()
    undone = amina.post(f"/reading/reviews/{standing(app, texts[1]).id}/undo")
    assert "Taken back. It is your draft again." in said(follow(amina, undone))
    open_and_release(amina, texts[1], came_through="Better words.", decision="accept", hold="yes")
    page = follow(amina, amina.post("/reading/held/release"))
    assert "2 answers are on their way." in said(page)
    amina.post("/reading/held/release")
    clock.shift(timedelta(seconds=11))
    assert "The chair by the door." in said(browser("Sam").get(f"{evening}/activities/how-i-arrive"))
    assert "Better words." in said(browser("Kim").get(f"{evening}/activities/how-i-arrive"))
    with app.app_context():
        assert len(session.scalars(select(OutboxRow).where(OutboxRow.key.like("happened:after_review:%"))).all()) == 2


def test_each_releases_their_own(app: Flask, amina: FlaskClient, luc: FlaskClient, send: Send) -> None:
    text = send("Sam")
    open_and_release(amina, text, **KIND, hold="yes")
    luc.post("/reading/held/release")
    assert "held" not in said(luc.get("/reading"))
    assert standing(app, text).visible_from is None


# -- among trainers -----------------------------------------------------------------------------------------


def test_a_note_is_for_trainers_of_the_group_alone(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, browser: Browser, send: Send, evening: str
) -> None:
    text = send("Sam")
    amina.post(f"/reading/{text}/open")
    words = "Sam asked for larger print."
    for _ in range(2):
        page = follow(amina, amina.post(f"/reading/{text}/notes", data={"note": words}))
    assert said(page).count(words) == 1
    assert "Sam may ask to see this." in said(page)
    luc.post(f"/reading/{text}/open")
    assert words in said(luc.get(f"/reading/{text}"))
    assert amina.post(f"/reading/{text}/notes", data={"note": "  "}).status_code == 422
    for name in ("Rosa", "Olga", "Noor", "Sam", "Kim"):
        client = browser(name)
        for path in (f"/reading/{text}", evening, f"{evening}/activities/how-i-arrive", "/today",
                     f"{evening}/people/{world.enrolments['Sam']}"):  # fmt: skip
            assert words not in client.get(path).text, (name, path)
    with app.app_context():
        assert len(session.scalars(select(TrainerNote)).all()) == 1
        assert not any(words in f"{row.verb}{row.subject}{row.why}" for row in session.scalars(select(AuditRow)))


def test_earlier_texts_are_opened_one_by_one(app: Flask, amina: FlaskClient, send: Send) -> None:
    first = send("Sam", "kumquat-teapot-93", sent_at=NOW - timedelta(days=9))
    text = send("Sam", activity="whose-hands")
    amina.post(f"/reading/{text}/open")
    page = amina.get(f"/reading/{text}")
    assert "1 earlier text" in said(page)
    assert "kumquat" not in page.text
    assert "Open and read" in said(amina.get(f"/reading/{first}"))
    with app.app_context():
        assert session.query(Opening).filter_by(submission_id=first).count() == 0


# -- starters -----------------------------------------------------------------------------------------------


def test_starters_of_ones_own_of_the_course_and_of_the_host(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, send: Send, reviewed_as: Reviewed
) -> None:
    reviewed_as(starters=(FeedbackStarter(en="In this course ...", fr="Dans cette formation ..."),))
    typed = {"en": "I smiled at ...", "fr": "", "field": "came_through"}
    for _ in range(2):
        page = follow(amina, amina.post("/reading/starters", data=typed))
    assert said(page).count("I smiled at ...") >= 2, "one language stands for the other"
    text = send("Sam")
    for client, sees in ((amina, True), (luc, False)):
        client.post(f"/reading/{text}/open")
        page = said(client.get(f"/reading/{text}"))
        assert "In this course ..." in page
        assert "What stayed with me is ..." in page
        assert ("I smiled at ..." in page) == sees
    with app.app_context():
        (starter,) = session.scalars(select(Starter.id))
    assert luc.post(f"/reading/starters/{starter}/remove").status_code == 404
    assert amina.post(f"/reading/starters/{starter}/remove").status_code == 303
    assert "I smiled at ..." not in said(amina.get("/reading/starters"))


@pytest.mark.parametrize(("typed", "sentence"), [
    ({"en": " "}, "Write the beginning of a sentence."), ({"en": "x" * 401}, "A starter is short: one or two sentences."),
])  # fmt: skip
def test_a_starter_needs_a_few_words(amina: FlaskClient, typed: dict[str, str], sentence: str) -> None:
    answer = amina.post("/reading/starters", data=typed)
    assert answer.status_code == 422
    assert sentence in said(answer)


def test_a_reply_of_starters_alone_is_asked_about_once(app: Flask, amina: FlaskClient, send: Send) -> None:
    text = send("Sam")
    only = {"came_through": "What stayed with me is ...", "decision": "accept"}
    answer = open_and_release(amina, text, **only)
    assert answer.status_code == 422
    assert "These are starters alone." in said(answer)
    form = form_to(answer, f"/reading/{text}/release")
    assert amina.post(form.action, data={**form.fields, "decision": "accept"}).status_code == 303
    other = send("Kim")
    own = {"came_through": "What stayed with me is your chair.", "decision": "accept"}
    assert open_and_release(amina, other, **own).status_code == 303


# -- what a script is told ----------------------------------------------------------------------------------


def test_a_script_that_has_the_next_text_gets_a_yes(amina: FlaskClient, send: Send, app: Flask) -> None:
    first, second = send("Sam"), send("Kim")
    amina.post(f"/reading/{first}/open")
    assert amina.post("/reading/next", data={"after": first}).location == f"/reading/{second}"
    answer = amina.post(f"/reading/{first}/release", data={**KIND, "preloaded": second}, headers=JSON)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["location"] is None
    assert answer.json["waiting"] == "1 waiting"
    assert "Undo" in answer.json["notice"]


def test_a_next_text_that_a_colleague_has_answered_meanwhile_is_not_shown(
    amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    first, second, _lucs, third = send("Sam"), send("Kim"), send("Person000"), send("Person001")
    amina.post(f"/reading/{first}/open")
    open_and_release(luc, second, **KIND)
    answer = amina.post(f"/reading/{first}/release", data={**KIND, "preloaded": second}, headers=JSON)
    assert answer.json is not None
    assert answer.json["location"] == f"/reading/{third}"


def test_a_script_hears_why_something_is_not_sent(amina: FlaskClient, luc: FlaskClient, send: Send, app: Flask) -> None:
    text = send("Sam")
    amina.post(f"/reading/{text}/open")
    answer = amina.post(f"/reading/{text}/release", data={"decision": "one_more_look"}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json == {"errors": {"question": "One more look needs one concrete question."}, "as_it_is": False}
    open_and_release(luc, text, **KIND)
    answer = amina.post(f"/reading/{text}/release", data=KIND, headers=JSON)
    assert answer.status_code == 409
    with app.app_context():
        assert session.query(Review).count() == 1


def test_who_is_trainer_of_the_whole_organization_reads_in_all_groups(
    app: Flask, world: World, browser: Browser, send: Send
) -> None:
    text = send("Sam")
    with app.app_context(), saved():
        accounts.grant_role(world.people["Rosa"], Role.TRAINER, organization=world.organizations["northside"],
                            by=None, now=NOW)  # fmt: skip
    assert browser("Rosa").post("/reading/next").location == f"/reading/{text}"
