"""The evening group with two trainers, and a course whose review is as a test wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.models import Cohort
from lms.features.submissions.models import Review, Submission
from lms.host.db import saved, session
from lms.host.i18n import spoken
from tests.features.conftest import NOW, Browser
from tests.world import World, sent_homework

Reviewed = Callable[..., None]
Send = Callable[..., int]


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


@pytest.fixture
def luc(app: Flask, world: World, browser: Browser) -> FlaskClient:
    """Luc, who leads the evening group with Amina from today on."""
    with app.app_context(), saved():
        accounts.grant_role(
            world.people["Luc"], Role.TRAINER, organization=world.organizations["northside"],
            cohort=world.cohorts["evening"], by=world.people["Rosa"], now=NOW,
        )  # fmt: skip
    return browser("Luc")


@pytest.fixture
def reviewed_as(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Reviewed:
    """`reviewed_as(criteria=...)`: the course of the evening group says this about reviews."""

    def say(**review: Any) -> None:
        with app.test_request_context(), spoken("en"):
            digest = session.get_one(Cohort, world.cohorts["evening"]).revision_digest
            revision = cohorts.revision_of(digest)
        changed = revision.course.review.model_copy(update=review)
        course = revision.course.model_copy(update={"review": changed})
        monkeypatch.setitem(cohorts._revisions, digest, replace(revision, course=course))

    return say


@pytest.fixture
def send(app: Flask, world: World) -> Send:
    """`send("Sam", "Words.", audience="trainer", reader="Luc")`: something that somebody sent; its id."""

    def one(name: str, text: str = "A small moment.", activity: str = "how-i-arrive", **row: Any) -> int:
        made = sent_homework(app, world, name, text, activity)
        if "reader" in row:
            row["reader_id"] = world.people[row.pop("reader")]
        if row:
            with app.app_context(), saved():
                session.execute(update(Submission).where(Submission.id == made).values(**row))
        return made

    return one


def open_and_release(client: FlaskClient, submission: int, **fields: str) -> Any:
    client.post(f"/reading/{submission}/open")
    return client.post(f"/reading/{submission}/release", data=fields)


def standing(app: Flask, submission: int) -> Review:
    with app.app_context():
        return session.query(Review).filter_by(submission_id=submission, undone_at=None).one()
