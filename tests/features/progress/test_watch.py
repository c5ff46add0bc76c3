"""The pass of each morning: who hears that an outcome closed, once, and what the trainers hear of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import func, select

from lms.features.accounts.models import Person
from lms.features.attendance import actions as attendance
from lms.features.cohorts.models import Cohort, Enrolment, Meeting
from lms.features.progress import watch
from lms.features.progress.models import ToldStanding
from lms.host.db import may_write, saved, session
from lms.host.outbox import OutboxRow
from lms.plugin_api.values import MeetingState, Status
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World

TOMORROW = NOW + timedelta(days=1)


def marked(app: Flask, world: World, name: str, number: int, status: Status | None, at: datetime = NOW) -> None:
    """Amina marks one class of the evening group, which is then over."""
    may_write()
    with app.app_context(), saved():
        meeting = session.get_one(Meeting, world.meetings["evening"][number - 1])
        meeting.starts_at = min(meeting.starts_at, at - timedelta(hours=3))
        facts = attendance.ClassFacts(
            meeting.id, world.organizations["northside"], meeting.starts_at, MeetingState.HELD
        )
        attendance.mark(facts, world.enrolments[name], status, by=world.people["Amina"], now=at)


def misses_too_many(app: Flask, world: World, name: str) -> None:
    """`name` was away at three classes of the evening group, which is more than any outcome allows."""
    for number in (3, 4, 5):
        marked(app, world, name, number, Status.AWAY)


def cancelled(app: Flask, world: World, *numbers: int) -> None:
    may_write()
    with app.app_context(), saved():
        for number in numbers:
            session.get_one(Meeting, world.meetings["evening"][number - 1]).state = MeetingState.CANCELLED


def two_in_a_row(app: Flask, world: World, second: Status = Status.AWAY) -> None:
    """Sam misses classes 2 and 3, which no outcome names; the two after them do not take place."""
    marked(app, world, "Sam", 2, Status.AWAY)
    marked(app, world, "Sam", 3, second)
    cancelled(app, world, 4, 5)


def passed(app: Flask, cohort: int, at: datetime = TOMORROW) -> int:
    """The pass over one group, as the worker does it; how many mails wait afterwards."""
    may_write()
    with app.app_context():
        worker = app.extensions["lms"].extras["worker"]
        before = session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.kind == "mail"))
        session.rollback()
        keep = worker.handlers[watch.WATCH]({"cohort": cohort}, at)
        session.rollback()
        with saved():
            if keep:
                keep(None)
        after = session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.kind == "mail"))
        session.rollback()
    return (after or 0) - (before or 0)


def mails(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return list(session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "mail").order_by(OutboxRow.id)))


def test_one_is_warned_when_passing_became_impossible_and_told_what_still_is_mod_attendance_718(
    app: Flask, world: World
) -> None:
    """Sam misses more classes than Level 1R allows, and reads why, what is open, how to catch up."""
    misses_too_many(app, world, "Sam")
    assert passed(app, world.cohorts["evening"]) == 2
    to_sam, to_amina = mails(app)
    assert to_sam["to"] == "sam@example.org"
    assert to_sam["subject"] == "A note about your classes"
    assert "is not possible this time." in to_sam["text"]
    assert "You missed 3 classes." in to_sam["text"]
    assert f"/cohorts/{world.cohorts['evening']}/attendance" in to_sam["text"]
    assert to_amina["to"] == "amina@example.org"
    assert "Sam" not in to_amina["subject"] + to_amina["text"]
    assert f"/cohorts/{world.cohorts['evening']}" in to_amina["text"]


def test_what_is_still_open_is_not_said_twice(app: Flask, world: World) -> None:
    """Level 1R needs the module of class 5; the verdict says itself that Level 1 is open."""
    marked(app, world, "Sam", 5, Status.AWAY, NOW)
    passed(app, world.cohorts["evening"])
    text = mails(app)[0]["text"]
    assert "Level 1 is still open to you." in text
    assert "You can take “Many ways of living” with the next group." in text
    assert "Still open to you" not in text


def test_each_news_is_told_once(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    passed(app, world.cohorts["evening"])
    assert passed(app, world.cohorts["evening"], TOMORROW + timedelta(days=1)) == 0


def test_what_is_open_again_is_told_too(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    passed(app, world.cohorts["evening"])
    for number in (3, 4, 5):
        marked(app, world, "Sam", number, Status.HERE, NOW + timedelta(hours=1))
    assert passed(app, world.cohorts["evening"], TOMORROW + timedelta(days=1)) == 2
    assert "is open to you again." in mails(app)[-2]["text"]


def test_a_french_trainee_reads_french(app: Flask, world: World) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).language = "fr"
    misses_too_many(app, world, "Sam")
    passed(app, world.cohorts["evening"])
    assert mails(app)[0]["subject"] == "Un mot au sujet de vos séances"
    assert "Vous avez manqué 3" in mails(app)[0]["text"]


def test_old_records_are_noted_and_not_told(app: Flask, world: World) -> None:
    """The host looks for the first time at a group in which something closed weeks ago."""
    misses_too_many(app, world, "Sam")
    assert passed(app, world.cohorts["evening"], NOW + timedelta(days=20)) == 0
    with app.app_context():
        assert session.scalars(select(ToldStanding)).all()


def test_whoever_is_on_a_break_is_left_in_peace(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    may_write()
    with app.app_context(), saved():
        session.get_one(Enrolment, world.enrolments["Sam"]).pauses = [[(NOW - timedelta(hours=1)).isoformat(), None]]
    assert passed(app, world.cohorts["evening"]) == 0


def test_after_a_long_break_it_is_told_what_closed_before(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    may_write()
    begins, ends = NOW + timedelta(hours=1), NOW + timedelta(days=30)
    with app.app_context(), saved():
        session.get_one(Enrolment, world.enrolments["Sam"]).pauses = [[begins.isoformat(), ends.isoformat()]]
    assert passed(app, world.cohorts["evening"], ends - timedelta(hours=1)) == 0
    assert passed(app, world.cohorts["evening"], ends + timedelta(hours=1)) == 2
    assert mails(app)[0]["to"] == "sam@example.org"


def test_a_group_that_has_ended_is_left_in_peace(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    may_write()
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).closed_at = NOW
    assert passed(app, world.cohorts["evening"]) == 0


def test_trainers_hear_of_two_classes_missed_in_a_row_without_a_word_mod_attendance_300(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    """The trainers hear of it, Sam does not; a third class in the same run is no news."""
    two_in_a_row(app, world)
    assert "Sam was not here 2 times in a row, without a word." in said(browser("Amina").get(evening))
    assert passed(app, world.cohorts["evening"]) == 1
    assert mails(app)[-1]["to"] == "amina@example.org"
    assert passed(app, world.cohorts["evening"], TOMORROW + timedelta(days=1)) == 0


def test_whoever_told_us_is_no_news(app: Flask, world: World, browser: Browser, evening: str) -> None:
    two_in_a_row(app, world, second=Status.TOLD_US)
    assert "without a word" not in said(browser("Amina").get(evening))
    assert passed(app, world.cohorts["evening"]) == 0


def test_a_group_may_ask_for_more_classes_or_for_no_word_at_all(app: Flask, world: World) -> None:
    two_in_a_row(app, world)
    for after in (3, None):
        may_write()
        with app.app_context(), saved():
            session.get_one(Cohort, world.cohorts["evening"]).tell_after = after
        assert passed(app, world.cohorts["evening"]) == 0


def test_trainers_get_one_mail_a_day(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    passed(app, world.cohorts["evening"])
    misses_too_many(app, world, "Kim")
    passed(app, world.cohorts["evening"])
    assert [mail["to"] for mail in mails(app)].count("amina@example.org") == 1


def test_looking_asks_as_often_for_one_as_for_everyone(app: Flask, world: World) -> None:
    counts = []
    for names in (["Sam"], ["Kim", "Person000", "Person001", "Person002"]):
        for name in names:
            misses_too_many(app, world, name)
        with app.app_context(), counted(app) as statements:
            _here, heard = watch.look(app.extensions["lms"].guard, world.cohorts["evening"], TOMORROW)
            session.rollback()
        counts.append((len(heard), len(statements)))
    assert [found for found, _asked in counts] == [1, 5]
    assert counts[0][1] == counts[1][1] <= 8


def test_every_running_group_is_looked_at_on_its_own_morning(
    app: Flask, world: World, clock: time_machine.Coordinates
) -> None:
    may_write()
    with app.app_context(), saved():
        watch.begin_watching(NOW)
        watch.begin_watching(NOW + timedelta(hours=1))
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == watch.WATCH)).all()
        assert len(rows) == len(world.cohorts)
        assert {row.due_at for row in rows} == {datetime(2026, 5, 6, 13, tzinfo=UTC)}


def test_morning_is_nine_on_the_wall_also_when_clocks_change() -> None:
    night = datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert watch.next_morning(night, "America/Toronto") == datetime(2026, 3, 8, 13, tzinfo=UTC)
    assert watch.next_morning(datetime(2026, 3, 8, 13, tzinfo=UTC), "America/Toronto") == datetime(
        2026, 3, 8, 13, tzinfo=UTC
    )


def test_the_worker_looks_in_the_morning_and_not_before(app: Flask, world: World) -> None:
    misses_too_many(app, world, "Sam")
    worker = app.extensions["lms"].extras["worker"]
    worker.begin_day(NOW)
    worker.run_due(NOW + timedelta(hours=10))
    assert mails(app) == []
    worker.run_due(datetime(2026, 5, 6, 13, tzinfo=UTC))
    assert [mail["to"] for mail in mails(app)] == ["sam@example.org", "amina@example.org"]
