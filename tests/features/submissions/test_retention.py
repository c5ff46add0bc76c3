"""When the course's time is over, words go by themselves; results and dates stay, and pages say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.attendance.models import AttendanceMark, MakeUp, MarkQuestion
from lms.features.cohorts.models import Cohort
from lms.features.reading.models import ReviewDraft, SecondReading, TrainerNote
from lms.features.submissions.models import Attachment, Draft, DraftVersion, Reply, Review, Submission
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.outbox import DAILY, OutboxRow
from tests.features.conftest import NOW, Browser
from tests.features.submissions.test_export import taken
from tests.features.submissions.test_files import add, read_and_return, rows, send, stored
from tests.pages import said
from tests.sounds import wav
from tests.world import World, course_where, ended, keeping_words

WORDS = "The moment on the bus."


@pytest.fixture
def half_a_year(app: Flask, world: World) -> Iterator[None]:
    """The course keeps words for 180 days, and the evening group has just ended."""
    evening = world.cohorts["evening"]
    ended(app, evening, NOW + timedelta(days=1))
    with course_where(app, evening, keeping_words(180)):
        yield


@pytest.fixture
def everything(
    app: Flask, sam: FlaskClient, browser: Browser, homework: str, world: World, clock: time_machine.Coordinates
) -> int:
    """Words of every kind in the evening group; the id of what Sam sent."""
    add(sam, homework, "audio", wav(), text=WORDS, counter="0")
    send(sam, homework, WORDS, "1")
    sent = rows(app)[0].submission_id
    assert sent
    read_and_return(app, browser, sent, clock)
    sam.post(f"/cohorts/{world.cohorts['evening']}/submissions/{sent}/replies", data={"words": WORDS})
    for counter, text in (("0", WORDS + " A draft."), ("200", "x")):
        sam.post(f"{homework}/draft", data={"text": text, "counter": counter})
    kim = browser("Kim")
    send(kim, homework, "Kim's words.")
    browser("Amina").post(f"/reading/{sent + 1}/open")
    browser("Amina").post(f"/reading/{sent + 1}/draft", data={"came_through": WORDS})
    with app.app_context(), saved():
        note = TrainerNote(enrolment_id=world.enrolments["Sam"], by_id=world.people["Amina"], at=NOW, words=WORDS)
        session.add(note)
    return sent


def a_day_begins(app: Flask, clock: time_machine.Coordinates, days: int) -> None:
    clock.move_to(NOW + timedelta(days=days))
    worker = app.extensions["lms"].extras["worker"]
    worker.begin_day(NOW + timedelta(days=days))
    worker.run_due()


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return session.scalar(select(func.count()).select_from(model)) or 0


def words_left(app: Flask) -> list[str]:
    with app.app_context():
        found = [*session.scalars(select(Submission.text)), *session.scalars(select(Reply.words))]
        found += [json.dumps(fields) for fields in session.scalars(select(Submission.fields)) if fields]
        found += session.scalars(select(Review.question + Review.came_through + Review.to_try))
        return [words for words in found if words]


PRIVATE = (Draft, DraftVersion, Attachment, ReviewDraft, TrainerNote)


@pytest.mark.usefixtures("half_a_year")
def test_all_words_are_removed_when_their_time_is_over(
    app: Flask, everything: int, clock: time_machine.Coordinates
) -> None:
    before = {model: count(app, model) for model in PRIVATE}
    assert all(before[model] for model in (Draft, Attachment, ReviewDraft, TrainerNote))
    a_day_begins(app, clock, 180)
    assert words_left(app), "a day too early nothing is removed"
    assert {model: count(app, model) for model in PRIVATE} == before
    a_day_begins(app, clock, 181)
    assert words_left(app) == []
    assert {model: count(app, model) for model in PRIVATE} == dict.fromkeys(PRIVATE, 0)
    assert stored(app) == set()


@pytest.mark.usefixtures("half_a_year")
def test_private_words_about_classes_go_too_and_marks_with_their_reasons_stay(
    app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    """Nothing else was written in this group."""
    browser("Sam").post(f"{evening}/classes/6/notice", data={"note": WORDS})
    browser("Sam").post(f"{evening}/classes/2/question", data={"words": WORDS})
    enrolment, meeting = world.enrolments["Sam"], world.meetings["evening"][1]
    with app.app_context(), saved():
        about = {"meeting_id": meeting, "enrolment_id": enrolment}
        says = {"label": {}, "covers": {}, "state": "done", "asked_by": world.people["Sam"], "asked_at": NOW}
        session.add(MakeUp(name="meet", way="one-to-one", done_words=WORDS, done_at=NOW, **about, **says))
        session.add(
            AttendanceMark(sequence=9, status="away", note=WORDS, why=WORDS, source="correction", at=NOW, **about)
        )

    def left() -> list[str]:
        with app.app_context():
            found = [*session.scalars(select(AttendanceMark.note)), *session.scalars(select(MakeUp.done_words))]
            return [words for words in [*found, *session.scalars(select(MarkQuestion.words))] if words]

    a_day_begins(app, clock, 180)
    assert left() == [WORDS] * 4
    a_day_begins(app, clock, 181)
    assert left() == []
    with app.app_context():
        assert [why for why in session.scalars(select(AttendanceMark.why)) if why] == [WORDS]


@pytest.mark.usefixtures("half_a_year")
def test_a_coordinator_says_when_a_group_has_ended(
    app: Flask, world: World, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    rosa = browser("Rosa")
    rosa.post(f"{evening}/finish", data={"undo": "yes"})
    assert "would then be removed from Sunday, November 1, 2026" in said(rosa.get(f"{evening}/people"))
    rosa.post(f"{evening}/finish")
    clock.shift(timedelta(hours=1))
    rosa.post(f"{evening}/finish")
    with app.app_context():
        assert session.get_one(Cohort, world.cohorts["evening"]).closed_at == NOW
    assert "are removed from Sunday, November 1, 2026" in said(rosa.get(f"{evening}/people"))
    assert "The end of the group" not in said(browser("Amina").get(f"{evening}/people"))


@pytest.mark.usefixtures("half_a_year")
def test_results_and_dates_stay(app: Flask, everything: int, clock: time_machine.Coordinates) -> None:
    a_day_begins(app, clock, 181)
    with app.app_context():
        submission = session.get_one(Submission, everything)
        review = session.scalars(select(Review)).one()
        assert (submission.version, submission.sent_at.date()) == (1, NOW.date())
        assert (review.decision, review.submission_id) == ("one_more_look", everything)
        assert submission.words_removed_at == NOW + timedelta(days=181)
        (noted,) = session.scalars(select(AuditRow).where(AuditRow.verb == "submissions.words_removed"))
        assert (noted.by_id, noted.why) == (None, "")


@pytest.mark.usefixtures("half_a_year")
def test_pages_say_that_words_were_removed(
    app: Flask, everything: int, sam: FlaskClient, browser: Browser, homework: str, clock: time_machine.Coordinates
) -> None:
    removed = {"text": "", "fields": {}, "data": {}, "words_removed_at": NOW}
    with app.app_context(), saved():
        for name, value in removed.items():
            setattr(session.get_one(Submission, everything), name, value)
    sentence = "The words were removed on Tuesday, May 5, 2026, as the course says."
    assert sentence in said(sam.get(homework))
    assert sentence in said(browser("Amina").get(f"/reading/{everything}"))
    assert sentence.encode() in b"".join(taken(sam).values())


@pytest.mark.usefixtures("half_a_year")
def test_what_is_written_after_the_end_has_its_own_time(
    app: Flask, world: World, browser: Browser, homework: str, clock: time_machine.Coordinates
) -> None:
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).closed_at = NOW - timedelta(days=300)
    send(browser("Sam"), homework, WORDS)
    add(browser("Kim"), homework, "audio", wav(), text=WORDS, counter="0")
    a_day_begins(app, clock, 179)
    assert WORDS in words_left(app), "a trainer can still read it"
    assert (count(app, Draft), count(app, Attachment)) == (1, 1)
    with app.app_context(), saved():
        session.scalars(select(Draft)).one().saved_at = NOW + timedelta(days=100)
    a_day_begins(app, clock, 180)
    assert words_left(app) == []
    assert (count(app, Draft), count(app, Attachment)) == (1, 1), "a draft and its files stay together"
    a_day_begins(app, clock, 280)
    assert (count(app, Draft), count(app, Attachment)) == (0, 0)


@pytest.mark.usefixtures("half_a_year")
def test_to_what_is_gone_nothing_is_added(
    app: Flask, everything: int, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    held = {"came_through": WORDS, "decision": "accept", "hold": "yes"}
    assert browser("Amina").post(f"/reading/{everything + 1}/release", data=held).status_code == 303
    with app.app_context():
        review = session.scalars(select(Review.id).where(Review.visible_from.is_(None))).one()
    a_day_begins(app, clock, 181)
    assert words_left(app) == []
    clock.move_to(NOW + timedelta(hours=1))
    sam, amina = browser("Sam"), browser("Amina")
    late = {
        f"{evening}/submissions/{everything}/replies": {"words": WORDS},
        f"/reading/{everything}/notes": {"note": WORDS},
        f"/reading/{everything}/draft": {"came_through": WORDS},
        f"/reading/reviews/{review}/undo": {},
    }
    amina.post(f"/reading/{everything}/open")
    for address, typed in late.items():
        answer = (sam if "cohorts" in address else amina).post(address, data=typed)
        assert answer.status_code == 409, address
        assert "Nothing more can be added" in said(answer)
    with app.app_context():
        assert session.scalar(select(func.count()).where(Submission.waiting)) == 0
    assert {model: count(app, model) for model in PRIVATE} == dict.fromkeys(PRIVATE, 0)
    assert "Answer Amina, if you like" not in said(sam.get(f"{evening}/activities/how-i-arrive"))


@pytest.mark.usefixtures("half_a_year")
def test_words_of_trainers_alone_are_found_too(
    app: Flask, everything: int, world: World, clock: time_machine.Coordinates
) -> None:
    a_day_begins(app, clock, 181)
    with app.app_context(), saved():
        (by, enrolment), at = (world.people["Amina"], world.enrolments["Sam"]), NOW + timedelta(days=181)
        session.add(TrainerNote(enrolment_id=enrolment, by_id=by, at=at, words=WORDS))
        second = {"submission_id": everything, "why": "asked", "asked_by": by, "ticks": []}
        session.add(SecondReading(**second, asked_at=at, read_at=at, came_through=WORDS))
    a_day_begins(app, clock, 360)
    assert count(app, TrainerNote) == 1
    a_day_begins(app, clock, 361)
    assert count(app, TrainerNote) == 0
    with app.app_context():
        assert session.scalars(select(SecondReading.came_through)).one() == ""


@pytest.mark.usefixtures("half_a_year")
def test_it_is_done_once_a_day_however_many_ask(app: Flask, everything: int, clock: time_machine.Coordinates) -> None:
    for _ in range(3):
        a_day_begins(app, clock, 200)
    a_day_begins(app, clock, 201)
    with app.app_context():
        begun = session.scalars(select(OutboxRow.key).where(OutboxRow.kind == DAILY)).all()
        assert sum(key.startswith("daily:words:") for key in begun) == 2
        verbs = list(session.scalars(select(AuditRow.verb).where(AuditRow.verb == "submissions.words_removed")))
    assert len(verbs) == 1, "where nothing is left, nothing is done"


def test_without_a_word_of_the_course_words_stay(
    app: Flask, everything: int, world: World, clock: time_machine.Coordinates
) -> None:
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).closed_at = NOW
    a_day_begins(app, clock, 3000)
    assert words_left(app)


@pytest.mark.usefixtures("half_a_year")
def test_other_groups_keep_their_words(
    app: Flask, browser: Browser, everything: int, world: World, clock: time_machine.Coordinates
) -> None:
    send(browser("Wes"), f"/cohorts/{world.cohorts['morning']}/activities/how-i-arrive", "Wes was here.")
    a_day_begins(app, clock, 181)
    assert [words for words in words_left(app) if "{" not in words] == ["Wes was here."]


def test_work_of_a_day_that_raises_is_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = app.extensions["lms"].extras["worker"]
    tries: list[object] = []

    def stumbles(now: object) -> None:
        tries.append(now)
        if len(tries) == 1:
            raise OSError("the disk is full")

    monkeypatch.setattr(worker, "daily", {"sweep": stumbles})
    worker.begin_day(NOW)
    worker.run_due(NOW)
    worker.run_due(NOW + timedelta(hours=1))
    worker.run_due(NOW + timedelta(hours=2))
    assert len(tries) == 2
