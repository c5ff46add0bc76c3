"""The stories are true to themselves at any moment, and what is told in bulk is what the actions would have left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.app import ROOT
from lms.demo.days import on_days, tonight
from lms.demo.past import READING_TAKES, Done, Read, done_long_ago
from lms.demo.stories import STORIES
from lms.demo.story import Played, Story
from lms.demo.teller import first_name
from lms.demo.writing import AFTER_A_ROUND
from lms.features.reading import actions as reading
from lms.features.roleplay.sheets import QUESTIONS
from lms.features.submissions import actions as submissions
from lms.features.submissions.models import Opening, Review, Submission
from lms.features.submissions.rules import Decision, Readers
from lms.host.audit import AuditRow
from lms.host.db import may_write, saved, session
from lms.host.plugins import find_plugins
from lms.plugin_api.values import Answer
from tests.world import World, build_world

AT = datetime(2026, 3, 1, 15, tzinfo=UTC)
LONGEST_CLASS = timedelta(hours=7)


@settings(max_examples=60, deadline=None, database=None)
@given(minutes=st.integers(0, 10 * 365 * 24 * 60))
def test_whatever_is_told_as_over_is_over_at_any_moment(minutes: int) -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for story in STORIES:
        for group in story.groups:
            starts = on_days(group.days, group.at, story.time_zone, tonight(now))
            assert starts == sorted(starts)
            for day, start in zip(group.days, starts, strict=True):
                assert (start + LONGEST_CLASS < now) if day < 0 else (start + timedelta(hours=1, minutes=1) > now)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_people_of_an_organization_are_told_apart_by_their_first_names(story: Story) -> None:
    names = [one.name for one in story.staff] + [name for group in story.groups for name in group.people]
    assert len({first_name(name) for name in names}) == len(names)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_everybody_of_whom_something_is_told_is_in_the_group(story: Story) -> None:
    staff = {first_name(one.name) for one in story.staff}
    for group in story.groups:
        people = {first_name(name) for name in group.people}
        told: list[Any] = [*group.sent, *group.caught_up, *group.confirmed, *group.decided]
        away = {name for names in group.away.values() for name in names}
        played = {name for number in group.played for name in of_role_play(group.played[number])}
        assert {one.who for one in told} | away | played | {*group.homework, *group.joined} <= people
        assert {one.by for one in (*group.confirmed, *group.decided)} | {*group.leads} <= staff


def of_role_play(played: Played) -> set[str]:
    """Everybody who is named; those who did something sat at a table."""
    seated = {name for table in played.tables for name in table}
    named = {one.who for one in (*played.happened, *played.gave) if one.who} | played.let_go | played.undecided
    assert named <= seated
    return seated


def test_what_people_write_after_a_round_answers_what_the_sheets_ask() -> None:
    assert set(AFTER_A_ROUND) == {"en", "fr"}
    for seats in AFTER_A_ROUND.values():
        assert set(seats) == set(QUESTIONS)
        for seat, questions in QUESTIONS.items():
            assert all({*words} <= {question.name for question in questions} for words in seats[seat])


@pytest.fixture
def world(make_app: Callable[..., Flask]) -> tuple[Flask, World]:
    app = make_app(find_plugins(ROOT / "plugins"))
    may_write()
    return app, build_world(app)


def rows_about(world: World, name: str) -> list[dict[str, Any]]:
    """What is kept of the homework of somebody, without what must differ between two people."""
    sent = session.scalars(select(Submission).where(Submission.enrolment_id == world.enrolments[name])).one()
    opened = session.scalars(select(Opening).where(Opening.submission_id == sent.id)).one()
    review = session.scalars(select(Review).where(Review.submission_id == sent.id)).one()
    noted = session.scalars(
        select(AuditRow).where(AuditRow.subject == f"submission:{sent.id}").order_by(AuditRow.at)
    ).all()
    theirs = {"id", "enrolment_id", "submission_id", "subject", "about_id"}
    found = [{c.key: getattr(row, c.key) for c in row.__table__.columns} for row in (sent, opened, review, *noted)]
    assert {row.about_id for row in noted} == {world.people[name]}
    for row in found[3:]:
        row["by_id"] = "writer" if row["by_id"] == world.people[name] else row["by_id"]
    return [{key: value for key, value in row.items() if key not in theirs} for row in found]


def test_homework_of_long_ago_is_what_the_actions_would_have_left(world: tuple[Flask, World]) -> None:
    app, people = world
    answer, fields = Answer("A chair.", {"kept": True}), {"text": "A chair."}
    amina, opened = people.people["Amina"], AT + timedelta(days=1)
    on: dict[str, Any] = {"by": amina, "organization": people.organizations["northside"]}

    def author(name: str) -> submissions.Author:
        northside = people.organizations["northside"]
        return submissions.Author(people.enrolments[name], people.cohorts["evening"], northside, people.people[name])

    with app.app_context(), saved():
        sent = submissions.submit(author("Sam"), "how-i-arrive", answer, fields, reviewed=True, now=AT)
        on["about"] = people.people["Sam"]
        reading.open_text(sent, now=opened, **on)
        words = reading.Feedback("The chair.", "Another one.", "", ("moment",))
        reading.release(sent, words, Decision.ACCEPT, now=opened + READING_TAKES, **on)
        read = Read(amina, opened, "The chair.", "Another one.", ("moment",))
        done_long_ago([Done(author("Kim"), "how-i-arrive", answer, fields, Readers("team"), AT, read)])
    with app.app_context():
        assert rows_about(people, "Kim") == rows_about(people, "Sam")
