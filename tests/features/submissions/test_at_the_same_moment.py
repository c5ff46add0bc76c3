"""Two people, or two windows, at the same moment: on SQLite, and on PostgreSQL, which lets both begin."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms import migrations
from lms.app import ROOT
from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.reading import actions as answering
from lms.features.reading.models import ReviewDraft
from lms.features.submissions import actions
from lms.features.submissions.models import Draft, Opening, Review, Submission
from lms.host.db import db, may_write, saved, session
from lms.host.plugins import find_plugins
from lms.plugin_api.values import Answer
from tests.pages import said
from tests.world import World, build_world, sent_homework, sign_in

HOMEWORK = "how-i-arrive"
BUS, TABLE = "On the bus.", "At the kitchen table."
KIND = {"came_through": "The chair by the door.", "decision": "accept"}


@dataclass
class School:
    app: Flask
    world: World

    @property
    def homework(self) -> str:
        return f"/cohorts/{self.world.cohorts['evening']}/activities/{HOMEWORK}"

    @property
    def sam(self) -> actions.Author:
        world = self.world
        return actions.Author(
            world.enrolments["Sam"], world.cohorts["evening"], world.organizations["northside"], world.people["Sam"]
        )

    def browser(self, name: str) -> FlaskClient:
        return sign_in(self.app, name)

    def who(self, name: str) -> dict[str, int]:
        """Whoever reads Sam's text."""
        return {
            "by": self.world.people[name],
            "organization": self.world.organizations["northside"],
            "about": self.world.people["Sam"],
        }

    def second(self, first: Callable[[], object], request: Callable[[], TestResponse]) -> TestResponse:
        """What the second gets, who comes while the first has begun and not finished."""
        answers: list[TestResponse] = []
        thread = threading.Thread(target=lambda: answers.append(request()))
        may_write()
        with self.app.app_context(), saved():
            first()
            session.flush()
            thread.start()
            thread.join(0.4)
        thread.join(20)
        return answers[0]

    def count(self, model: type[object]) -> int:
        with self.app.app_context():
            return len(session.scalars(select(model)).all())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def school(request: pytest.FixtureRequest, make_app: Callable[..., Flask], tmp_path: Path) -> School:
    plugins = find_plugins(ROOT / "plugins")
    if request.param == "sqlite":
        app = make_app(plugins)
    else:
        app = make_app(plugins, database_url=request.getfixturevalue("postgres_url"))
        with app.app_context():
            migrations.upgrade(db.engine)
    world = build_world(app)
    with app.app_context(), saved():
        northside, evening = world.organizations["northside"], world.cohorts["evening"]
        moment = datetime.now(UTC)
        accounts.grant_role(
            world.people["Luc"], Role.TRAINER, organization=northside, cohort=evening, by=None, now=moment
        )
    return School(app, world)


def now() -> datetime:
    return datetime.now(UTC)


# -- writing and sending ------------------------------------------------------------------------------------


def test_two_first_drafts(school: School) -> None:
    sam = school.browser("Sam")
    headers = {"Accept": "application/json"}

    def keep(text: str) -> TestResponse:
        return sam.post(f"{school.homework}/draft", data={"text": text, "counter": "0"}, headers=headers)

    late = school.second(
        lambda: actions.save_draft(school.sam, HOMEWORK, {"text": BUS}, 0, now=now()), lambda: keep(TABLE)
    )
    assert late.status_code == 409
    assert late.json is not None
    assert late.json["elsewhere"] == {"text": BUS}, "told as two windows, and not as some accident"
    assert keep(BUS).status_code == 200


def test_eight_windows_keep_the_same_first_words(school: School) -> None:
    sam = school.browser("Sam")
    sam.get(school.homework)
    cookie = sam.get_cookie("lms")
    assert cookie
    gate, answers = threading.Barrier(8), []

    def work() -> None:
        client = school.app.test_client()
        client.set_cookie("lms", cookie.value)
        gate.wait()
        answers.append(client.post(f"{school.homework}/draft", data={"text": BUS, "counter": "0"}).status_code)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 8
    assert school.count(Draft) == 1


def test_a_double_click_sends_one_version(school: School) -> None:
    sam = school.browser("Sam")
    answer = school.second(
        lambda: actions.submit(school.sam, HOMEWORK, Answer(BUS), {"text": BUS}, reviewed=True, now=now()),
        lambda: sam.post(f"{school.homework}/submissions", data={"text": BUS, "counter": "0"}),
    )
    assert answer.status_code == 303
    assert school.count(Submission) == 1


def test_an_autosave_that_overlaps_the_sending_makes_no_draft(school: School) -> None:
    sam = school.browser("Sam")
    answer = school.second(
        lambda: actions.submit(school.sam, HOMEWORK, Answer(BUS), {"text": BUS}, reviewed=True, now=now()),
        lambda: sam.post(f"{school.homework}/draft", data={"text": BUS, "counter": "0"}),
    )
    assert answer.status_code == 303
    assert school.count(Draft) == 0


# -- taking back and opening --------------------------------------------------------------------------------


def test_what_is_being_opened_cannot_be_taken_back(school: School) -> None:
    sent, sam = sent_homework(school.app, school.world, "Sam", BUS), school.browser("Sam")
    answer = school.second(
        lambda: answering.open_text(session.get_one(Submission, sent), now=now(), **school.who("Amina")),
        lambda: sam.post(f"/cohorts/{school.world.cohorts['evening']}/submissions/{sent}/take-back"),
    )
    assert answer.status_code == 409
    assert "Your trainer has opened this already" in said(answer)
    assert school.count(Draft) == 0


def test_what_is_being_taken_back_cannot_be_opened_or_answered(school: School) -> None:
    sent, amina = sent_homework(school.app, school.world, "Sam", BUS), school.browser("Amina")
    answer = school.second(
        lambda: actions.take_back(school.sam, session.get_one(Submission, sent), now=now()),
        lambda: amina.post(f"/reading/{sent}/open"),
    )
    assert answer.status_code == 404
    assert school.count(Opening) == 0

    sent, draft = sent_homework(school.app, school.world, "Kim", TABLE), {"came_through": "A table."}
    kim = actions.Author(school.world.enrolments["Kim"], *_place(school), school.world.people["Kim"])
    answer = school.second(
        lambda: actions.take_back(kim, session.get_one(Submission, sent), now=now()),
        lambda: amina.post(f"/reading/{sent}/release", data={**draft, "decision": "accept"}),
    )
    assert answer.status_code in (404, 409), "before it was looked for, or after"
    assert answer.status_code == 404 or "This was taken back before it was opened." in said(answer)
    assert school.count(Review) == 0


def _place(school: School) -> tuple[int, int]:
    return school.world.cohorts["evening"], school.world.organizations["northside"]


def test_a_double_click_opens_once(school: School) -> None:
    sent, amina = sent_homework(school.app, school.world, "Sam", BUS), school.browser("Amina")
    answer = school.second(
        lambda: answering.open_text(session.get_one(Submission, sent), now=now(), **school.who("Amina")),
        lambda: amina.post(f"/reading/{sent}/open"),
    )
    assert answer.status_code == 303
    assert school.count(Opening) == 1


# -- answering ----------------------------------------------------------------------------------------------


def answered_by_amina(school: School, sent: int) -> Review:
    feedback = answering.Feedback(KIND["came_through"])
    return answering.release(
        session.get_one(Submission, sent), feedback, KIND["decision"], now=now(), **school.who("Amina")
    )


def test_a_colleague_was_quicker(school: School) -> None:
    sent, luc = sent_homework(school.app, school.world, "Sam", BUS), school.browser("Luc")
    answer = school.second(
        lambda: answered_by_amina(school, sent),
        lambda: luc.post(f"/reading/{sent}/release", data={"came_through": "The bus.", "decision": "accept"}),
    )
    assert answer.status_code == 409
    assert "A colleague has answered this one already. Your words are kept as a draft." in said(answer)
    assert school.count(Review) == 1
    assert school.count(ReviewDraft) == 1


def test_a_double_click_answers_once(school: School) -> None:
    sent, amina = sent_homework(school.app, school.world, "Sam", BUS), school.browser("Amina")
    answer = school.second(
        lambda: answered_by_amina(school, sent), lambda: amina.post(f"/reading/{sent}/release", data=KIND)
    )
    assert answer.status_code == 303
    assert school.count(Review) == 1


def test_a_double_click_undoes_once(school: School) -> None:
    sent, amina = sent_homework(school.app, school.world, "Sam", BUS), school.browser("Amina")
    with school.app.app_context(), saved():
        review = answered_by_amina(school, sent).id
    answer = school.second(
        lambda: answering.undo_release(session.get_one(Review, review), now=now(), **school.who("Amina")),
        lambda: amina.post(f"/reading/reviews/{review}/undo"),
    )
    assert answer.status_code == 303
    assert school.count(ReviewDraft) == 1


def test_two_windows_keep_the_first_review_draft(school: School) -> None:
    sent, amina = sent_homework(school.app, school.world, "Sam", BUS), school.browser("Amina")

    def keep() -> None:
        feedback = answering.Feedback("The bus.")
        answering.save_review_draft(
            session.get_one(Submission, sent), feedback, by=school.world.people["Amina"], now=now()
        )

    answer = school.second(keep, lambda: amina.post(f"/reading/{sent}/draft", data={"came_through": "The rain."}))
    assert answer.status_code == 303
    with school.app.app_context():
        assert session.scalars(select(ReviewDraft.came_through)).all() == ["The rain."]
