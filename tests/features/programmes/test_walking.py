"""Walking through a programme as a trainee: three invented people, the real pages, and nothing that stays."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.organizations.models import Organization
from lms.features.programmes.invented import NAMES, WHO, Stage, three_people
from lms.host.catalog import Revision
from lms.host.db import session
from lms.plugin_api.content import AttendanceChoice, Course
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.features.programmes.test_programmes import PAGE, chooses
from tests.pages import follow, said
from tests.world import NORTHSIDE_COURSE, World

WALK = f"{PAGE}/walk"


def people_under(app: Flask, rule: dict[str, Any] | None, count: int | None = None) -> Any:
    """The three on the Northside course, with this rule and its first `count` classes."""
    host = app.extensions["lms"]
    course: Course = host.catalog.courses[NORTHSIDE_COURSE].course
    attendance = AttendanceChoice(**rule) if rule else None
    classes = course.classes[:count]
    asked = tuple(r for r in course.requirements if rule or r.kind != "attendance")
    course = course.model_copy(update={"attendance": attendance, "classes": classes, "requirements": asked})
    organization = Organization(id=1, slug="x", name="X", time_zone="America/Toronto")
    return three_people(Stage(organization, Revision("", course, {}), host.guard, NOW, "en"))


def left(client: FlaskClient, who: str) -> str:
    return said(client.get(f"{WALK}/people/{who}/left"))


def attendance(client: FlaskClient, who: str) -> str:
    return said(client.get(f"{WALK}/people/{who}/attendance"))


# -- who they are -------------------------------------------------------------------------------------------


def test_one_is_well_one_missed_a_class_one_cannot_reach_the_higher_level(browser: Browser) -> None:
    page = said(browser("Rosa").get(WALK))
    assert "Alma was at every class and did the homework of each." in page
    assert "Bo missed one class, and did all the rest. Missed: class 1." in page
    assert "Cleo cannot reach the highest outcome any more. Missed: class 5." in page
    assert page.count("Heading for: Level 1R") == 2
    assert "Heading for: Level 1 " in page


def test_by_a_rule_that_counts_alone_the_third_missed_as_many_as_it_takes(app: Flask) -> None:
    three = people_under(app, {"policy": "at-most-missed", "options": {"max_missed": 2}})
    assert three["missed"].missed == (1,)
    assert three["closed"].missed == (1, 2, 3)


def test_where_missing_one_closes_everything_the_second_reads_that(app: Flask) -> None:
    three = people_under(app, {"policy": "every-class", "options": {}})
    assert three["missed"].missed == three["closed"].missed == (1,)


@pytest.mark.parametrize(
    "rule",
    [None, {"policy": "at-most-missed", "options": {"max_missed": 100}}],
    ids=["no rule", "a rule that closes nothing"],
)
def test_where_no_missed_class_closes_anything_there_is_no_third(app: Flask, rule: Any) -> None:
    three = people_under(app, rule)
    assert three["well"] is not None
    assert three["closed"] is None
    assert (three["missed"] is None) == (rule is None)


@pytest.mark.parametrize("count", [0, 1, 2, 17])
def test_courses_of_any_length_can_be_walked(app: Flask, count: int) -> None:
    three = people_under(app, {"policy": "every-class", "options": {}}, count)
    assert three["well"].standings
    assert len(three["well"].story.lines) == count


def test_a_policy_that_cannot_answer_leaves_the_first_alone(app: Flask) -> None:
    three = people_under(app, {"policy": "gone", "options": {}})
    assert three["closed"] is None
    assert "Your trainer" in three["well"].story.rule.en


def test_the_page_says_who_is_missing(browser: Browser) -> None:
    rosa = browser("Rosa")
    chooses(rosa, max_missed="100")
    page = said(rosa.get(WALK))
    assert "A person who cannot reach the highest outcome: by this rule, missed classes close none." in page
    assert rosa.get(f"{WALK}/people/closed/left").status_code == 404


# -- what they read -----------------------------------------------------------------------------------------


def test_each_reads_what_is_left_as_real_people_do(browser: Browser) -> None:
    rosa = browser("Rosa")
    assert "You're on track for Level 1R." in left(rosa, "well")
    assert "You missed 1 class." in left(rosa, "missed")
    closed = left(rosa, "closed")
    assert "Not possible this time" in closed
    assert "You're on track for Level 1." in closed


def test_each_reads_their_attendance_as_real_people_do(browser: Browser) -> None:
    rosa = browser("Rosa")
    page = attendance(rosa, "missed")
    assert "You can miss 2 classes at most." in page
    assert "Marked by Robin" in page
    assert "away" in page
    assert "Class by class" in page


def test_the_rule_that_was_chosen_counts_before_it_is_published(browser: Browser) -> None:
    rosa = browser("Rosa")
    chooses(rosa, max_missed="1")
    assert "You can miss 1 class at most." in attendance(rosa, "missed")
    assert "Missed: classes 1, 2." in said(rosa.get(WALK))


def test_in_french(browser: Browser) -> None:
    rosa = browser("Rosa")
    rosa.set_cookie("language", "fr")
    assert "était à chaque séance et a fait les travaux de chacune." in said(rosa.get(WALK))
    assert "Un aperçu" in left(rosa, "well")
    assert "La règle de cette formation" in attendance(rosa, "well")


PAGES = ["modules/listening", "activities/how-i-arrive", "classes/3", "people/well/left", "people/closed/attendance"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_it_is_a_preview_and_runs_no_script_that_keeps(browser: Browser, page: str) -> None:
    answer = browser("Rosa").get(f"{WALK}/{page}")
    assert "A preview: this is what trainees read. Nothing is kept, and nothing is sent." in said(answer)
    assert "editor.js" not in answer.text
    assert "/cohorts/0" not in answer.text, "no address leads into a group that is none"


def test_pages_of_the_course_are_those_of_trainees(browser: Browser) -> None:
    rosa = browser("Rosa")
    assert "What it is for" in said(rosa.get(f"{WALK}/modules/listening"))
    activity = rosa.get(f"{WALK}/activities/how-i-arrive")
    assert "Robin" in said(activity)
    assert "<textarea" in activity.text
    meeting = said(rosa.get(f"{WALK}/classes/3"))
    assert "Class 3 of 17" in meeting
    assert "Take attendance" not in meeting


def test_every_piece_and_class_can_be_opened(app: Flask, browser: Browser) -> None:
    rosa = browser("Rosa")
    course = app.extensions["lms"].catalog.courses[NORTHSIDE_COURSE].course
    pages = [f"activities/{id}" for id in course.activities] + [f"modules/{m.id}" for m in course.modules]
    pages += [f"classes/{plan.number}" for plan in course.classes]
    for page in pages:
        answer = rosa.get(f"{WALK}/{page}")
        assert answer.status_code == 200, page
        assert "/cohorts/0" not in answer.text


def test_what_is_not_there_is_not_found(browser: Browser) -> None:
    for page in ("modules/none", "activities/none", "classes/99", "people/else/left"):
        assert browser("Rosa").get(f"{WALK}/{page}").status_code == 404


def test_sending_keeps_nothing_and_says_so(app: Flask, browser: Browser) -> None:
    rosa = browser("Rosa")
    answer = rosa.post(f"{WALK}/end", data={"text": "I tried it."})
    assert "Nothing was kept, and nothing was sent." in said(follow(rosa, answer))


def test_walking_writes_nothing(app: Flask, world: World, browser: Browser) -> None:
    def rows() -> list[int | None]:
        with app.app_context():
            return [session.scalar(select(func.count()).select_from(t)) for t in (Cohort, Enrolment, AttendanceMark)]

    rosa, before = browser("Rosa"), rows()
    with counted(app) as statements:
        for page in ("", *(f"/{page}" for page in PAGES)):
            assert rosa.get(f"{WALK}{page}").status_code == 200
    assert [s for s in statements if not s.lstrip().upper().startswith("SELECT")] == []
    assert rows() == before
    assert set(NAMES) == set(WHO)
