"""Open series: coordinators make them, people of their groups come as they like, the host notes who was there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort
from lms.features.series.models import Series, SeriesEvent, SeriesGuest
from lms.host import mail
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said, submit
from tests.world import World, ended, sign_in

LIST = "/organizations/northside/series"
# The second Tuesday of the months after NOW, six in the evening in Toronto.
FIRST = datetime(2026, 5, 12, 22, tzinfo=UTC)


@pytest.fixture
def circle(app: Flask, world: World, browser: Browser) -> str:
    """The address of a series for the evening group, hosted by Amina, with three monthly events."""
    rosa = browser("Rosa")
    page = rosa.get(LIST)
    typed = {"name": "Circle", "about": "Tea and talk.", "cohort": str(world.cohorts["evening"])}
    answer = submit(rosa, form_to(page, LIST), **typed, host=str(world.people["Amina"]))
    at = str(answer.headers["Location"])
    page = follow(rosa, answer)
    plan = {"first": "2026-05-12", "at": "18:00", "count": "3", "place": "Room 2"}
    assert "3 events are planned." in said(follow(rosa, submit(rosa, form_to(page, f"{at}/events"), **plan)))
    return at


@pytest.fixture
def first(app: Flask, circle: str) -> int:
    """The id of its first event."""
    with app.app_context():
        return session.scalars(select(SeriesEvent.id).order_by(SeriesEvent.starts_at)).first() or 0


def test_events_come_every_month_on_the_same_weekday(app: Flask, circle: str) -> None:
    with app.app_context():
        found = session.scalars(select(SeriesEvent.starts_at).order_by(SeriesEvent.starts_at)).all()
    assert found == [FIRST, datetime(2026, 6, 9, 22, tzinfo=UTC), datetime(2026, 7, 14, 22, tzinfo=UTC)]


def test_pasted_dates_and_the_same_days_again(app: Flask, browser: Browser, circle: str) -> None:
    rosa = browser("Rosa")
    plan = {"at": "18:00", "minutes": "60", "dates": "2026-05-12\n2026-08-11"}
    assert "1 event is planned." in said(follow(rosa, rosa.post(f"{circle}/events", data=plan)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": "2026-05-01", "at": "18:00", "minutes": "60"}, "Choose days that are still to come."),
        ({"first": "", "at": "18:00", "minutes": "60"}, "Enter a date, like 2027-03-27."),
        ({"first": "2026-05-12", "at": "late", "minutes": "60"}, "Enter a time, like 18:00."),
        ({"first": "2026-05-12", "at": "18:00", "minutes": "2"}, "Enter minutes from 10 to 600."),
        ({"first": "2026-05-12", "at": "18:00", "minutes": "60", "count": "900"}, "Enter a number from 1 to 60."),
        ({"first": "2026-05-12", "at": "18:00", "minutes": "60", "link": "here"}, "Enter the whole link"),
    ],
)
def test_a_plan_that_cannot_be_is_said_beside_its_field(
    browser: Browser, circle: str, typed: dict[str, str], sentence: str
) -> None:
    answer = browser("Rosa").post(f"{circle}/events", data={"place": "The old mill", **typed})
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert "The old mill" in answer.text


def test_a_series_without_name_or_group_keeps_what_was_typed(browser: Browser) -> None:
    answer = browser("Rosa").post(LIST, data={"about": "Tea and talk.", "language": "en"})
    assert answer.status_code == 422
    assert "Choose at least one group whose people may come." in said(answer)
    assert "Tea and talk." in answer.text


def test_people_of_the_group_see_it_on_today_and_say_yes_with_one_tap(
    app: Flask, world: World, browser: Browser, first: int
) -> None:
    sam = browser("Sam")
    page = sam.get("/today")
    assert "Open to you" in said(page)
    answer = submit(sam, form_to(page, f"/open-events/{first}/coming"))
    assert "Good. They expect you, and you can change your mind." in said(follow(sam, answer))
    assert "You said you'll come" in said(sam.get("/today"))
    assert "1 said yes" in said(browser("Amina").get(f"/series/events/{first}"))
    again = submit(sam, form_to(sam.get("/open-events"), f"/open-events/{first}/coming"))
    assert "You can come another time." in said(follow(sam, again))
    with app.app_context():
        (guest,) = session.scalars(select(SeriesGuest))
        assert (guest.person_id, guest.coming, guest.was_there) == (world.people["Sam"], False, None)


def test_only_the_next_event_is_on_today_in_one_query(app: Flask, browser: Browser, first: int) -> None:
    sam = browser("Sam")
    sam.get("/today")
    with counted(app) as statements:
        page = said(sam.get("/today"))
    assert page.count("Open to you") == 1
    assert len([s for s in statements if "series_event" in s]) == 1
    assert page.count("Circle") == 1


def test_groups_that_have_ended_may_come_and_those_who_left_may_not(
    app: Flask, world: World, browser: Browser, evening: str, first: int
) -> None:
    ended(app, world.cohorts["evening"], NOW)
    assert "Circle" in said(browser("Sam").get("/open-events"))
    with app.app_context(), saved():
        cohorts.leave(
            session.get_one(Cohort, world.cohorts["evening"]), world.enrolments["Kim"], by=world.people["Rosa"], now=NOW
        )
    assert "Circle" not in said(browser("Kim").get("/open-events"))
    assert browser("Kim").post(f"/open-events/{first}/coming").status_code == 404


def test_there_are_walls_around_it(browser: Browser, world: World, circle: str, first: int) -> None:
    for name in ("Wes", "Maël", "Luc", "Camille"):
        assert "Circle" not in said(browser(name).get("/open-events"))
        assert browser(name).post(f"/open-events/{first}/coming").status_code == 404
        assert browser(name).get(circle).status_code == 404
        assert browser(name).get(f"/series/events/{first}").status_code == 404
        assert browser(name).get(f"/series/events/{first}/guests.csv").status_code == 404
    assert browser("Camille").get(LIST).status_code == 404
    for path in (circle, f"/series/events/{first}"):
        assert browser("Sam").get(path).status_code == 404


def test_a_group_or_host_of_another_organization_is_not_taken(app: Flask, world: World, browser: Browser) -> None:
    typed = {"name": "Circle", "language": "en", "cohort": [world.cohorts["rivers"], world.cohorts["evening"]]}
    browser("Rosa").post(LIST, data={**typed, "host": world.people["Camille"]})
    with app.app_context():
        assert session.scalars(select(Series)).one().host_id is None
    assert "Circle" not in said(browser("Maël").get("/open-events"))
    for cohort in (world.cohorts["rivers"], "9" * 5000):
        assert browser("Rosa").post(LIST, data={**typed, "cohort": [cohort]}).status_code == 422


def test_the_host_notes_who_was_there_also_people_who_did_not_say_so(
    app: Flask, world: World, browser: Browser, first: int, clock: time_machine.Coordinates
) -> None:
    browser("Sam").post(f"/open-events/{first}/coming")
    amina, at = browser("Amina"), f"/series/events/{first}"
    assert amina.post(f"{at}/there", data={"there": world.people["Kim"]}).status_code == 409
    clock.move_to(FIRST + timedelta(minutes=5))
    amina.set_cookie("lms", fresh(app, "Amina"))
    page = amina.get(at)
    assert form_to(page, f"{at}/there").fields == {"there": str(world.people["Sam"])}
    data = {"there": [world.people["Kim"], world.people["Wes"], "x", "9" * 5000]}
    assert "1 person was there. Noted." in said(follow(amina, amina.post(f"{at}/there", data=data)))
    with app.app_context():
        noted = {g.person_id: g.was_there for g in session.scalars(select(SeriesGuest))}
    assert noted == {world.people["Kim"]: True, world.people["Sam"]: False}
    kim = app.test_client()
    kim.set_cookie("lms", fresh(app, "Kim"))
    assert "Where you were" in said(kim.get("/open-events"))


def fresh(app: Flask, name: str) -> str:
    """The cookie of a sign-in of now."""
    cookie = sign_in(app, name).get_cookie("lms")
    assert cookie
    return str(cookie.value)


def test_coming_counts_for_no_verdict(app: Flask, world: World, browser: Browser, evening: str, first: int) -> None:
    sam = browser("Sam")
    before = said(sam.get(f"{evening}/left"))
    with app.app_context(), saved():
        session.add(SeriesGuest(event_id=first, person_id=world.people["Sam"], coming=True, was_there=False, at=NOW))
    assert said(sam.get(f"{evening}/left")) == before


def test_the_list_is_a_file_without_formulas(app: Flask, world: World, browser: Browser, first: int) -> None:
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).name = "=Sam()"
    browser("Sam").post(f"/open-events/{first}/coming")
    answer = browser("Amina").get(f"/series/events/{first}/guests.csv")
    assert answer.text.splitlines() == [
        "\ufeffName,E-mail,Said yes,Was there",
        "'=Sam(),sam@example.org,yes,",
    ]


def test_a_change_is_told_to_those_who_said_yes(app: Flask, browser: Browser, first: int) -> None:
    browser("Sam").post(f"/open-events/{first}/coming")
    browser("Kim").post(f"/open-events/{first}/coming")
    browser("Kim").post(f"/open-events/{first}/coming", data={"no": "yes"})
    amina, at = browser("Amina"), f"/series/events/{first}"
    move = {"day": "2026-05-13", "at": "19:00"}
    assert "Moved. Whoever said yes gets a mail." in said(follow(amina, amina.post(f"{at}/move", data=move)))
    assert "It is at this time already." in said(follow(amina, amina.post(f"{at}/move", data=move)))
    amina.post(f"{at}/cancel", data={"why": "The heating is out."})
    amina.post(f"{at}/cancel")
    assert [mail.to for mail in mails(app)] == ["sam@example.org", "sam@example.org"]
    moved, cancelled = mails(app)
    assert "Circle has a new time: Wed, May 13, 7:00\u202fp.m.\nUntil now: " in moved.text
    assert (
        "Circle does not take place this time: Wed, May 13, 7:00\u202fp.m.\nWhy: The heating is out.\n"
        in cancelled.text
    )
    with app.app_context():
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == mail.KIND).order_by(OutboxRow.id)).all()
        dates = [str(row.payload) for row in rows]
    assert all("event.ics" in payload and f"open-event-{first}@lms" in payload for payload in dates)
    assert "The heating is out." in said(browser("Sam").get("/open-events"))
    with app.app_context():
        event = session.get_one(SeriesEvent, first)
        assert (event.sequence, event.state) == (2, "cancelled")
    assert browser("Sam").post(f"/open-events/{first}/coming").status_code == 409


def test_what_one_said_yes_to_is_in_ones_calendar(app: Flask, world: World, browser: Browser, first: int) -> None:
    (part,) = [part for part in app.extensions["lms"].calendar_parts if "series" in part.__module__]
    with app.test_request_context():
        assert part(world.people["Sam"]) == []
    browser("Sam").post(f"/open-events/{first}/coming")
    browser("Amina").post(f"/series/events/{first}/cancel")
    with app.test_request_context():
        (entry,) = part(world.people["Sam"])
        assert (entry.title, entry.starts, entry.sequence, entry.cancelled) == ("Circle", FIRST, 1, True)
        assert entry.stamp <= NOW
        assert part(world.people["Wes"]) == []


def test_a_series_that_has_ended_is_open_to_nobody(browser: Browser, circle: str, first: int) -> None:
    rosa = browser("Rosa")
    page = rosa.get(circle)
    assert "This series ended on" in said(follow(rosa, submit(rosa, form_to(page, f"{circle}/end"))))
    assert "Circle" not in said(browser("Sam").get("/open-events"))


def test_the_end_of_a_series_is_told_once_to_those_who_said_yes_and_stands_in_their_calendar(
    app: Flask, world: World, browser: Browser, circle: str, first: int
) -> None:
    for event in (first, first + 1):
        browser("Sam").post(f"/open-events/{event}/coming")
    rosa = browser("Rosa")
    rosa.post(f"{circle}/end")
    rosa.post(f"{circle}/end")
    (told,) = mails(app)
    assert told.to == "sam@example.org"
    assert "Circle has ended. The events that you said yes to do not take place:\n- " in told.text
    assert told.text.count("\n- ") == 2
    (part,) = [part for part in app.extensions["lms"].calendar_parts if "series" in part.__module__]
    with app.test_request_context():
        assert [(entry.cancelled, entry.sequence) for entry in part(world.people["Sam"])] == [(True, 1), (True, 1)]


def test_a_series_goes_on_after_all_with_what_its_end_cancelled(
    app: Flask, browser: Browser, circle: str, first: int
) -> None:
    browser("Sam").post(f"/open-events/{first}/coming")
    rosa = browser("Rosa")
    rosa.post(f"/series/events/{first + 1}/cancel", data={"why": "A holiday."})
    ended_page = follow(rosa, rosa.post(f"{circle}/end"))
    page = follow(rosa, submit(rosa, form_to(ended_page, f"{circle}/go-on")))
    assert "The series goes on." in said(page)
    assert "This series ended on" not in said(page)
    rosa.post(f"{circle}/go-on")
    with app.app_context():
        assert session.get_one(SeriesEvent, first).state == "planned"
    _end, again = mails(app, "sam@example.org")
    assert "Circle takes place after all: " in again.text
    assert "Circle" in said(browser("Sam").get("/open-events"))


def test_what_was_before_the_end_of_a_series_is_not_cancelled(
    app: Flask, browser: Browser, circle: str, first: int, clock: time_machine.Coordinates
) -> None:
    clock.move_to(FIRST + timedelta(minutes=5))
    rosa = app.test_client()
    rosa.set_cookie("lms", fresh(app, "Rosa"))
    rosa.post(f"{circle}/end")
    with app.app_context():
        found = session.scalars(select(SeriesEvent.state).order_by(SeriesEvent.starts_at)).all()
    assert found == ["planned", "cancelled", "cancelled"]


def test_coordinators_change_words_host_and_groups(app: Flask, world: World, browser: Browser, circle: str) -> None:
    rosa = browser("Rosa")
    form = form_to(rosa.get(circle), circle)
    assert form.fields["name"] == "Circle"
    form.fields["cohort"] = str(world.cohorts["morning"])
    assert submit(rosa, form, name="Open circle", host="").status_code == 303
    assert "Open circle" in said(browser("Wes").get("/open-events"))
    assert "circle" not in said(browser("Sam").get("/open-events"))
    assert browser("Amina").get(circle).status_code == 404
    assert browser("Amina").post(circle, data={"name": "Mine"}).status_code == 404
