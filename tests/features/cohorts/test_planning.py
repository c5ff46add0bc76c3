"""Planning a group: one question a page, nothing typed is lost, what cannot be gets a sentence."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts.models import Cohort, CohortPlan, Meeting
from lms.host.db import saved, session
from lms.host.i18n import day_and_time
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, forms, mails, said, submit
from tests.planning import PAGES, PLAN, begin, begun, group_of, planned, publish, send
from tests.world import World

NEW = "/organizations/northside/cohorts/new"


@pytest.fixture
def rosa(browser: Browser) -> FlaskClient:
    return browser("Rosa")


def cohorts_here(app: Flask) -> int:
    with app.app_context():
        return session.scalar(select(func.count(Cohort.id))) or 0


def classes_of(app: Flask, group: str) -> list[Meeting]:
    with app.app_context():
        number = int(group.rpartition("/")[2])
        return list(session.scalars(select(Meeting).where(Meeting.cohort_id == number).order_by(Meeting.number)))


def on_the_wall(meetings: list[Meeting], zone: str = "America/Toronto") -> list[str]:
    return [meeting.starts_at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M") for meeting in meetings]


def cohort_of(app: Flask, group: str) -> Cohort:
    with app.app_context():
        return session.get_one(Cohort, int(group.rpartition("/")[2]))


# -- the whole way ------------------------------------------------------------------------------------------


def test_a_published_group_has_all_its_classes(app: Flask, rosa: FlaskClient) -> None:
    answer = planned(rosa, name="Autumn <b>group</b>", weekday=["1", "3"], place="Library, second floor")
    page = said(follow(rosa, answer))
    for words in ("The group is published.", "Invite the people.", "17 classes, from Tuesday, September 8, 2026"):
        assert words in page
    group = group_of(answer)
    meetings = classes_of(app, group)
    assert len(meetings) == 17
    assert {wall[-5:] for wall in on_the_wall(meetings)} == {"18:30"}, "over the change of clocks on 1 November too"
    assert on_the_wall(meetings)[:3] == ["Tue 08 Sep 18:30", "Thu 10 Sep 18:30", "Tue 15 Sep 18:30"]
    assert {meeting.place for meeting in meetings} == {"Library, second floor"}
    assert "6:30\u202fp.m." in said(rosa.get(f"{group}/classes/17"))
    assert "Autumn <b>group</b>" in said(rosa.get(group))


def test_what_was_decided_is_stamped_on_the_group(app: Flask, world: World, rosa: FlaskClient) -> None:
    answer = planned(
        rosa, trainer=[str(world.people["Amina"])], places="12", check_in="yes", opens="20", recorded="yes",
        lock_days="3", tell_after="", province="QC", zone="America/Vancouver",
    )  # fmt: skip
    cohort = cohort_of(app, group_of(answer))
    assert (cohort.time_zone, cohort.province, cohort.places) == ("America/Vancouver", "QC", 12)
    assert (cohort.check_in_opens, cohort.recorded, cohort.lock_days, cohort.tell_after) == (20, True, 3, None)
    course = app.extensions["lms"].catalog.courses[PLAN["course"]].course
    rule = {"policy": course.attendance.policy, "options": json.loads(json.dumps(course.attendance.options))}
    assert json.loads(cohort.rule_json) == rule
    assert cohort.policy_version
    assert cohort.rule_since == cohort.published_at
    with app.app_context():
        grants = session.scalars(select(RoleGrant.person_id).where(RoleGrant.cohort_id == cohort.id)).all()
        assert list(grants) == [world.people["Amina"]]
        assert session.scalars(select(CohortPlan)).all() == [], "the plan goes"


def test_publishing_twice_makes_one_group(app: Flask, rosa: FlaskClient) -> None:
    plan, before = begun(rosa), cohorts_here(app)
    for page in PAGES:
        assert send(rosa, plan, page, **{k: v for k, v in PLAN.items() if page == "when"}).status_code == 303
    shown = form_to(rosa.get(f"{plan}/check"), f"{plan}/publish").fields
    group = group_of(rosa.post(f"{plan}/publish", data=shown))
    for answer in (rosa.post(f"{plan}/publish", data=shown), rosa.get(f"{plan}/check"), rosa.get(f"{plan}/when")):
        assert answer.status_code == 404
        assert "“Autumn group” is published already." in said(answer)
        assert f'href="{group}">Open the group</a>' in answer.text
    assert cohorts_here(app) == before + 1


def test_a_plan_that_was_changed_since_one_looked_is_looked_at_again(
    app: Flask, browser: Browser, rosa: FlaskClient, dated: str
) -> None:
    before = cohorts_here(app)
    shown = form_to(rosa.get(f"{dated}/check"), f"{dated}/publish").fields
    send(browser("Rosa"), dated, "places", places="7")
    answer = rosa.post(f"{dated}/publish", data=shown)
    assert answer.status_code == 422
    assert "Something has changed since you looked. Please look at it again." in said(answer)
    assert "7 people can take part." in said(answer)
    assert cohorts_here(app) == before
    assert submit(rosa, form_to(answer, f"{dated}/publish")).status_code == 303


def test_a_number_of_a_plan_is_never_given_again(rosa: FlaskClient) -> None:
    """An old tab would publish a plan that nobody looked at in it."""
    plan = begun(rosa)
    assert rosa.post(f"{plan}/put-away").status_code == 303
    assert begun(rosa, name="Another group") != plan


def test_nothing_is_published_while_a_page_needs_another_look(app: Flask, rosa: FlaskClient) -> None:
    plan, before = begun(rosa), cohorts_here(app)
    answer = publish(rosa, plan)
    assert answer.status_code == 422
    page = said(answer)
    assert "pages need another look." in page
    assert "Enter a date, like 2027-03-27." in page
    assert "17 more dates are needed." in page
    assert cohorts_here(app) == before


# -- page by page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"course": ""}, "Choose a course."),
        ({"course": "northside:nowhere"}, "Choose a course."),
        ({"name": ""}, "Give the group a name, like Spring evening group."),
        ({"name": " \n "}, "Give the group a name, like Spring evening group."),
        ({"name": "x" * 121}, "This is longer than we can take (120 characters)."),
        ({"language": "de"}, "Choose a language."),
        ({"first": ""}, "Enter a date, like 2027-03-27."),
        ({"first": "soon"}, "Enter a date, like 2027-03-27."),
        ({"first": "2027-02-30"}, "Enter a date, like 2027-03-27."),
        ({"first": "9999-12-31"}, "Enter a date, like 2027-03-27."),
        ({"at": ""}, "Enter a time, like 18:00."),
        ({"at": "25:00"}, "Enter a time, like 18:00."),
        ({"weekday": ["1"], "at1": "6 pm"}, "Enter a time, like 18:00."),
        ({"way": "pasted", "pasted": ""}, "Paste one date a line, like 2027-03-02 18:00."),
        ({"way": "pasted", "pasted": "2027-03-02 18:00\nsoon"}, "Line 2, “soon”: no date that we can read."),
        ({"way": "pasted", "at": "", "pasted": "2027-03-02"}, "Line 1, “2027-03-02”: no time of day."),
        ({"way": "pasted", "pasted": "02/03/2027 18 h"}, "Line 1, “02/03/2027 18 h”: the day and the month"),
        ({"way": "pasted", "pasted": "2027-01-02\n2030-01-02"}, "There are more than 104 weeks"),
        ({"way": "pasted", "pasted": "\n".join(f"2027-03-{d:02}" for d in range(1, 19))}, "18 lines for 17 classes."),
        ({"link": "meet.example.org"}, "Enter the whole link, like https://meet.example.org/class."),
        ({"link": "javascript:alert(1)"}, "Enter the whole link, like https://meet.example.org/class."),
        ({"place": "x" * 201}, "This is longer than we can take (200 characters)."),
        ({"places": "0"}, "Enter a number from 1 to 1000."),
        ({"places": "many"}, "Enter a number from 1 to 1000."),
        ({"lock_days": "-1"}, "Enter a number from 0 to 365."),
        ({"check_in": "yes", "opens": "999"}, "Enter a number from 0 to 240."),
        ({"tell_after": "²"}, "Enter a number from 1 to 20."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_the_rest_stays_typed(
    app: Flask, rosa: FlaskClient, change: dict[str, Any], sentence: str
) -> None:
    before = cohorts_here(app)
    answer = planned(rosa, **change)
    assert answer.status_code == 422
    assert sentence in said(answer)
    for name, value in change.items():
        if isinstance(value, str) and name not in ("course", "language", "way", "check_in"):
            assert value.strip() in [form.fields.get(name, "").strip() for form in forms(answer)]
    assert cohorts_here(app) == before


def test_everything_that_is_wrong_on_a_page_is_said_at_once(rosa: FlaskClient) -> None:
    page = said(begin(rosa, course="", name="", language=""))
    for sentence in ("3 answers need another look", "Choose a course.", "Choose a language.", "Give the group a name"):
        assert sentence in page


def test_signing_out_and_going_back_lose_nothing_not_even_what_cannot_be(browser: Browser, rosa: FlaskClient) -> None:
    plan = begun(rosa, name="Slow plan")
    assert (
        send(rosa, plan, "when", **{**PLAN, "first": "2027-02-30", "weekday": ["2"], "at2": "09:15"}).status_code == 422
    )
    answer = send(rosa, plan, "when", to="back", at="17:45")
    assert answer.location == f"{plan}/course"
    again = browser("Rosa")
    assert "Go on with “Slow plan”" in said(again.get(NEW))
    fields = form_to(again.get(f"{plan}/when"), f"{plan}/when").fields
    assert (fields["first"], fields["at"], fields["weekday"], fields["at2"]) == ("2027-02-30", "17:45", "2", "09:15")


@pytest.mark.parametrize(
    ("number", "sentences"),
    [
        ("0", ("from the beginning of the class on", "Once a class is over, a mark is changed only with a reason.")),
        ("1", ("from one minute before", "After one day a mark is changed only with a reason.")),
        ("3", ("from 3 minutes before", "After 3 days a mark is changed only with a reason.")),
    ],
)
def test_none_and_one_are_said_in_words(rosa: FlaskClient, number: str, sentences: tuple[str, str]) -> None:
    plan = begun(rosa)
    send(rosa, plan, "places", check_in="yes", opens=number, lock_days=number)
    page = said(rosa.get(f"{plan}/check"))
    assert all(sentence in page for sentence in sentences)


def test_a_plan_can_be_put_away(rosa: FlaskClient) -> None:
    plan = begun(rosa, name="Never mind")
    page = rosa.get(NEW)
    assert "The plan is put away." in said(follow(rosa, submit(rosa, form_to(page, f"{plan}/put-away"))))
    assert "Never mind" not in said(rosa.get(NEW))
    assert rosa.get(f"{plan}/when").status_code == 404


def test_statutory_holidays_are_left_out_and_named(app: Flask, rosa: FlaskClient) -> None:
    plan = begun(rosa)
    send(rosa, plan, "when", **{**PLAN, "first": "2026-09-07", "weekday": ["0"]})
    page = said(rosa.get(f"{plan}/dates"))
    assert "3 days are left out: Monday, September 7, 2026: Labour Day Monday, October 12, 2026: Thanksgiving" in page
    send(rosa, plan, "when", province="")
    page = said(rosa.get(f"{plan}/dates"))
    assert "We know no holidays for this place, so none is left out." in page
    assert "Mon, Sep 7" in page
    rosa.post("/language", data={"language": "fr"})
    send(rosa, plan, "when", province="QC")
    assert "lundi 7 septembre 2026\u00a0: Fête du Travail" in said(rosa.get(f"{plan}/dates"))


def test_a_weekday_can_have_a_time_of_its_own(app: Flask, rosa: FlaskClient) -> None:
    answer = planned(rosa, weekday=["1", "5"], at5="09:30")
    assert on_the_wall(classes_of(app, group_of(answer)))[:3] == [
        "Tue 08 Sep 18:30",
        "Sat 12 Sep 09:30",
        "Tue 15 Sep 18:30",
    ]


def test_dates_pasted_from_a_spreadsheet(app: Flask, rosa: FlaskClient) -> None:
    first = datetime(2027, 3, 2, 18, tzinfo=UTC)
    lines = ["Date\tHeure", "9 mars 2027\t18 h 30", "mardi 2 mars 2027, 18 h"]
    lines += [(first + timedelta(weeks=n)).strftime("%Y-%m-%d\t6:00 p.m.") for n in range(2, 17)]
    answer = planned(rosa, way="pasted", pasted="\r\n".join(lines))
    walls = on_the_wall(classes_of(app, group_of(answer)))
    assert walls[:3] == ["Tue 02 Mar 18:00", "Tue 09 Mar 18:30", "Tue 16 Mar 18:00"]
    assert len(walls) == 17


# -- the dates ----------------------------------------------------------------------------------------------


@pytest.fixture
def dated(rosa: FlaskClient) -> str:
    """A plan with 17 Tuesdays from September 8 on."""
    plan = begun(rosa)
    assert send(rosa, plan, "when", **PLAN).status_code == 303
    return plan


def days_in(rosa: FlaskClient, plan: str) -> list[str]:
    return re.findall(r'name="day\d+" value="([^"]*)"', rosa.get(f"{plan}/dates").text)


def test_a_date_left_out_is_followed_by_one_more_at_the_end(rosa: FlaskClient, dated: str) -> None:
    before = days_in(rosa, dated)
    assert send(rosa, dated, "dates", out3="yes").location == f"{dated}/dates", "it is shown again"
    assert days_in(rosa, dated) == [*before[:2], *before[3:], "2027-01-05"]
    assert send(rosa, dated, "dates").location == f"{dated}/where"


def test_a_date_put_in_moves_the_classes_after_it(rosa: FlaskClient, dated: str) -> None:
    before = days_in(rosa, dated)
    answer = send(rosa, dated, "dates", **{"new-day": "2026-09-10"})
    assert "The last date is no longer used: each class has one." in said(follow(rosa, answer))
    assert days_in(rosa, dated) == [before[0], "2026-09-10", *before[1:-1]]
    assert "at2" in form_to(rosa.get(f"{dated}/dates"), f"{dated}/dates").fields


def test_a_changed_date_takes_its_place_in_the_order(rosa: FlaskClient, dated: str) -> None:
    before = days_in(rosa, dated)
    send(rosa, dated, "dates", day1="2026-09-19", at1="10:00")
    assert days_in(rosa, dated) == [before[1], "2026-09-19", *before[2:]]
    answer = send(rosa, dated, "dates", day17="2027-02-30")
    assert answer.status_code == 422
    assert "Class 17: enter a date and a time." in said(answer)
    assert "2027-02-30" in days_in(rosa, dated)
    send(rosa, dated, "when", to="back")
    assert "2026-09-19" in days_in(rosa, dated), "nothing of the page before changed, so the dates stay"


def test_while_a_date_is_wrong_every_class_keeps_its_place(rosa: FlaskClient, dated: str) -> None:
    before = days_in(rosa, dated)
    answer = send(rosa, dated, "dates", day1="", day2="2026-12-24", **{"new-day": "2026-02-30"})
    assert answer.status_code == 422
    assert "Class 1: enter a date and a time." in said(answer)
    assert days_in(rosa, dated) == ["", "2026-12-24", *before[2:]]
    assert form_to(answer, f"{dated}/dates").fields["new-day"] == "2026-02-30"
    send(rosa, dated, "dates", day1=before[0], **{"new-day": ""})
    assert days_in(rosa, dated) == sorted([before[0], "2026-12-24", *before[2:]])


def test_a_first_day_that_is_not_ticked_and_a_time_beside_none_are_said(rosa: FlaskClient, dated: str) -> None:
    send(rosa, dated, "when", weekday=["3"], at0="09:00")
    page = said(rosa.get(f"{dated}/dates"))
    assert "Tuesday, September 8, 2026 is not one of the days that you chose" in page
    assert "so the first class is on Thursday, September 10, 2026." in page
    assert "A time stands beside a day that is not ticked (Monday), so it is not used." in page
    send(rosa, dated, "when", weekday=["1"], at0="")
    assert "that you chose" not in said(rosa.get(f"{dated}/dates"))


def test_classes_at_the_same_time_are_said_and_not_blocked(rosa: FlaskClient, dated: str) -> None:
    send(rosa, dated, "dates", day2="2026-09-08", at2="19:00")
    assert "Classes 1 and 2 go on at the same time." in said(rosa.get(f"{dated}/dates"))
    assert "Classes 1 and 2 go on at the same time." in said(rosa.get(f"{dated}/check"))
    assert publish(rosa, dated).status_code == 303


@pytest.mark.parametrize(
    ("day", "at", "sentence"),
    [
        ("2026-11-01", "00:30", "it goes from 12:30\u202fa.m. (EDT) to 1:30\u202fa.m. (EST)"),
        (
            "2026-11-01",
            "01:30",
            "show 1:30\u202fa.m. twice, and the class begins the first time, at 1:30\u202fa.m. (EDT)",
        ),
        ("2027-03-14", "02:30", "jump over 2:30\u202fa.m., so the class begins at 3:30\u202fa.m. (EDT)"),
        ("2026-09-12", "23:00", "It ends on the next day (1:00\u202fa.m.)."),
    ],
)
def test_unusual_times_are_said_with_both_clocks(
    rosa: FlaskClient, dated: str, day: str, at: str, sentence: str
) -> None:
    send(rosa, dated, "dates", day1=day, at1=at)
    assert sentence in said(rosa.get(f"{dated}/dates"))
    assert sentence in said(rosa.get(f"{dated}/check"))


# -- where and who ------------------------------------------------------------------------------------------


def test_each_class_can_have_its_own_place(app: Flask, rosa: FlaskClient, dated: str) -> None:
    assert send(rosa, dated, "where", place="Library").status_code == 303
    assert form_to(rosa.get(f"{dated}/where"), f"{dated}/where").fields["place9"] == "Library", "a beginning for each"
    answer = send(rosa, dated, "where", each="yes", place3="Kitchen", link3="nowhere")
    assert answer.status_code == 422
    assert form_to(answer, f"{dated}/where").fields["place3"] == "Kitchen"
    assert send(rosa, dated, "where", each="yes", link3="https://meet.example.org/3").status_code == 303
    meetings = classes_of(app, group_of(publish(rosa, dated)))
    assert (meetings[2].place, meetings[2].link) == ("Kitchen", "https://meet.example.org/3")


def test_a_trainer_who_teaches_elsewhere_then_is_shown_and_not_blocked(
    app: Flask, world: World, rosa: FlaskClient
) -> None:
    with app.app_context():
        sixth = session.get_one(Meeting, world.meetings["evening"][5]).starts_at.astimezone(ZoneInfo("America/Toronto"))
    plan = begun(rosa)
    send(rosa, plan, "when", **{**PLAN, "first": f"{sixth:%Y-%m-%d}", "at": f"{sixth:%H:%M}"})
    page = said(rosa.get(f"{plan}/trainers"))
    assert "Amina teaches elsewhere at the same time: Tue, May 5, 6:00\u202fp.m.: class 6 of Evening group" in page
    assert "Luc teaches elsewhere" in page
    assert send(rosa, plan, "trainers", trainer=[str(world.people["Amina"])]).status_code == 303
    assert "Amina teaches elsewhere at the time of" in said(rosa.get(f"{plan}/check"))
    assert publish(rosa, plan).status_code == 303


def test_a_group_of_another_organization_is_not_named_among_the_clashes(
    app: Flask, world: World, rosa: FlaskClient
) -> None:
    with app.app_context(), saved():
        rivers, there = world.cohorts["rivers"], world.organizations["deux-rives"]
        group = session.get_one(Cohort, rivers).name
        accounts.grant_role(
            world.people["Amina"], Role.TRAINER, organization=there, cohort=rivers, by=world.people["Camille"], now=NOW
        )
        starts = session.get_one(Meeting, world.meetings["rivers"][6]).starts_at.astimezone(ZoneInfo("America/Toronto"))
    plan = begun(rosa)
    send(rosa, plan, "when", **{**PLAN, "first": f"{starts:%Y-%m-%d}", "at": f"{starts:%H:%M}"})
    page = said(rosa.get(f"{plan}/trainers"))
    assert f"{day_and_time(starts, 'America/Toronto')}: elsewhere" in page
    assert group not in page


def test_nobody_names_themselves_or_a_stranger_as_trainer(
    app: Flask, world: World, rosa: FlaskClient, dated: str
) -> None:
    with app.app_context(), saved():
        morning, northside = world.cohorts["morning"], world.organizations["northside"]
        who, now = world.people["Rosa"], datetime(2026, 5, 1, tzinfo=UTC)
        grant = RoleGrant(
            person_id=who, role=Role.TRAINER, organization_id=northside, cohort_id=morning, granted_at=now
        )
        session.add(grant)
    assert "Rosa" not in said(rosa.get(f"{dated}/trainers")).partition("Who teaches this group?")[2]
    send(rosa, dated, "trainers", trainer=[str(world.people["Rosa"])])
    answer = publish(rosa, dated)
    assert answer.status_code == 422
    assert "Ask a colleague to invite you" in said(answer)
    send(rosa, dated, "trainers", trainer=[str(world.people["Léa"]), "x", str(10**30)])
    group = cohort_of(app, group_of(publish(rosa, dated)))
    with app.app_context():
        assert session.scalars(select(RoleGrant).where(RoleGrant.cohort_id == group.id)).all() == []


# -- copies -------------------------------------------------------------------------------------------------


def test_a_copy_moves_all_dates_and_keeps_the_rest(app: Flask, world: World, rosa: FlaskClient) -> None:
    source = group_of(
        planned(
            rosa, weekday=["1", "3"], at3="19:15", place="Library", trainer=[str(world.people["Amina"])], places="9"
        )
    )
    number = source.rpartition("/")[2]
    answer = rosa.post(NEW.replace("cohorts/new", "plans/copy"), data={"from": number, "copy_first": "2027-05-18"})
    plan = str(answer.location).rpartition("/")[0]
    send(rosa, plan, "course", name="Second round")
    assert "One day is left out: Thursday, July 1, 2027: Canada Day" in said(rosa.get(f"{plan}/dates"))
    meetings = classes_of(app, group_of(publish(rosa, plan)))
    assert on_the_wall(meetings)[:3] == ["Tue 18 May 18:30", "Thu 20 May 19:15", "Tue 25 May 18:30"]
    assert "Thu 01 Jul 19:15" not in on_the_wall(meetings), "Canada Day"
    assert {meeting.place for meeting in meetings} == {"Library"}
    with app.app_context():
        grant = session.scalars(select(RoleGrant).where(RoleGrant.cohort_id == meetings[0].cohort_id)).one()
        assert grant.person_id == world.people["Amina"]
        assert session.get_one(Cohort, meetings[0].cohort_id).places == 9


@pytest.mark.parametrize("data", [{}, {"from": "x", "copy_first": "2027-05-18"}, {"from": "1", "copy_first": "soon"}])
def test_a_copy_of_nothing_gets_a_sentence(rosa: FlaskClient, data: dict[str, str]) -> None:
    assert rosa.post("/organizations/northside/plans/copy", data=data).status_code == 422


def test_another_organizations_group_or_plan_is_not_found(world: World, browser: Browser, dated: str) -> None:
    camille = browser("Camille")
    foreign = {"from": str(world.cohorts["evening"]), "copy_first": "2027-05-18"}
    assert camille.post("/organizations/deux-rives/plans/copy", data=foreign).status_code == 404
    for path in ("when", "check"):
        assert camille.get(dated.replace("northside", "deux-rives") + f"/{path}").status_code == 404


# -- places -------------------------------------------------------------------------------------------------


def test_a_full_group_says_so_and_the_invitation_stays(app: Flask, rosa: FlaskClient) -> None:
    group = group_of(planned(rosa, places="1"))
    rosa.post(f"{group}/invitations", data={"emails": "noah@example.org zoe@example.org"})
    assert "Places left: 1. People invited: 2. Whoever says yes first takes part." in said(rosa.get(f"{group}/people"))
    paths = {name: mails(app, f"{name}@example.org")[0].path for name in ("noah", "zoe")}
    typed = {"name": "Zoé", "password": "kettle-window-path"}
    assert app.test_client().post(paths["noah"], data={**typed, "name": "Noah"}).status_code == 303
    answer = app.test_client().post(paths["zoe"], data=typed)
    assert answer.status_code == 409
    assert "This group is full at the moment." in said(answer)
    assert form_to(answer, paths["zoe"]).fields["name"] == "Zoé"
    with app.app_context():
        assert session.scalar(select(Person).where(Person.email == "zoe@example.org")) is None
    low = rosa.post(f"{group}/places", data={"places": "0"})
    assert low.status_code == 422
    assert rosa.post(f"{group}/places", data={"places": "2"}).status_code == 303
    assert app.test_client().post(paths["zoe"], data=typed).status_code == 303
    assert "2 people take part already." in said(rosa.post(f"{group}/places", data={"places": "1"}))
    assert "2 people take part." in said(rosa.get(f"{group}/begun"))


@pytest.mark.parametrize("name", ["Amina", "Olga", "Sam", "Camille", "Noor"])
def test_nobody_but_a_coordinator_plans_groups(app: Flask, browser: Browser, name: str) -> None:
    assert begin(browser(name)).status_code == 404


@pytest.mark.parametrize("number", [10**6, 2**31, 2**63, 10**30])
def test_a_group_that_never_was_is_not_found_however_large_its_number(rosa: FlaskClient, number: int) -> None:
    assert rosa.get(f"/cohorts/{number}").status_code == 404
    assert rosa.get(f"/cohorts/1/classes/{number}").status_code == 404
    assert rosa.get(f"/organizations/northside/plans/{number}/when").status_code == 404


def test_the_whole_way_in_french(app: Flask, rosa: FlaskClient, dated: str) -> None:
    rosa.post("/language", data={"language": "fr"})
    words = {
        "course": "Quelle formation?",
        "when": "Comment avez-vous les dates?",
        "dates": "1. Arriver dans un groupe",
        "where": "Le même lieu ou le même lien pour chaque séance",
        "trainers": "Qui donne la formation à ce groupe?",
        "places": "Combien de personnes peuvent participer?",
        "check": "17 séances, du mardi 8 septembre 2026 au mardi 29 décembre 2026.",
    }
    for page, sentence in words.items():
        shown = said(rosa.get(f"{dated}/{page}"))
        assert sentence in shown
        assert "Go on" not in shown
    answer = send(rosa, dated, "places", places="many")
    assert "Entrez un nombre de 1 à 1000." in said(answer)
    send(rosa, dated, "places", places="8")
    assert "Le groupe est publié." in said(follow(rosa, publish(rosa, dated)))
