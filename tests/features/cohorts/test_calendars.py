"""Calendar addresses: secret, revocable, right over the change of clocks, and silent about people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil import tz
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import select

from lms.features.accounts.models import Person, RoleGrant
from lms.features.cohorts import actions
from lms.features.cohorts.models import CalendarFeed, Cohort, Enrolment
from lms.features.cohorts.provinces import ZONES
from lms.host.calendar import CalendarEntry, calendar_text
from lms.host.db import saved, session
from tests.counting import counted
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.planning import group_of, planned
from tests.world import World, sign_in


def address_of(client: FlaskClient, cohort: int | None = None) -> str:
    """A new address, as the page shows it: its path."""
    assert client.post("/calendar/addresses", data={"cohort": cohort} if cohort else {}).status_code == 303
    part = client.get("/calendar").text.partition(f'id="group-{cohort}"' if cohort else 'id="everything"')[2]
    found = re.search(r'value="https?://[^/]+(/calendar/[^"]+\.ics)"', part)
    assert found
    return found[1]


def events(client: FlaskClient, path: str) -> list[Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.data).walk("VEVENT")


def test_an_address_shows_all_ones_classes_without_sign_in(app: Flask, browser: Browser, evening: str) -> None:
    path = address_of(browser("Sam"))
    answer = app.test_client().get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(event["summary"]) for event in found][:2] == [
        "Class 1 - Core peer support training",
        "Class 2 - Core peer support training",
    ]
    assert len(found) == 17
    assert str(found[5]["url"]).endswith(f"{evening}/classes/6")
    assert found[5]["dtstart"].dt == NOW + timedelta(hours=2)
    assert {str(event["status"]) for event in found} == {"CONFIRMED"}
    for word in ("Sam", "Kim", "Amina", "Rosa", "example.org", "peer support worker"):
        assert word not in answer.text


def test_moves_and_cancellations_keep_the_uid_and_count_on(app: Flask, browser: Browser, evening: str) -> None:
    stranger, path = app.test_client(), address_of(browser("Sam"))
    before = events(stranger, path)[5]
    amina = browser("Amina")
    amina.post(f"{evening}/classes/6/move", data={"day": "2026-05-06", "at": "10:00", "place": "Kitchen"})
    moved = events(stranger, path)[5]
    assert (moved["uid"], moved["sequence"], str(moved["location"])) == (before["uid"], 1, "Kitchen")
    assert moved["dtstart"].dt == datetime(2026, 5, 6, 14, tzinfo=UTC)
    amina.post(f"{evening}/classes/6/cancel", data={"why": "Amina is ill."})
    answer = stranger.get(path)
    assert "ill" not in answer.text, "no reasons"
    gone = Calendar.from_ical(answer.data).walk("VEVENT")[5]
    assert (gone["uid"], gone["sequence"], str(gone["status"])) == (before["uid"], 2, "CANCELLED")
    amina.post(f"{evening}/classes/6/on-again")
    again = events(stranger, path)[5]
    assert (again["sequence"], str(again["status"])) == (3, "CONFIRMED")


def test_nothing_is_sent_again_while_nothing_changes(
    app: Flask, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    stranger, path = app.test_client(), address_of(browser("Sam"))
    first = stranger.get(path)
    tag = first.headers["ETag"]
    assert first.headers["Last-Modified"]
    clock.shift(timedelta(hours=5))
    again = stranger.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    browser("Amina").post(f"{evening}/classes/9/cancel")
    assert stranger.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_new_address_makes_the_old_one_useless(app: Flask, browser: Browser) -> None:
    sam, stranger = browser("Sam"), app.test_client()
    old = address_of(sam)
    new = address_of(sam)
    assert stranger.get(new).status_code == 200
    answer = stranger.get(old)
    assert (answer.status_code, answer.text) == (410, "This address no longer works.")
    sam.post("/calendar/addresses", data={"stop": "yes"})
    assert stranger.get(new).status_code == 410
    assert stranger.get("/calendar/1.ics").status_code == 410


@pytest.mark.parametrize("token", ["0", "1-", f"1-{'0' * 40}", "²-x", "x" * 500, f"{10**30}-a"])
def test_a_guessed_address_shows_nothing(app: Flask, browser: Browser, token: str) -> None:
    address_of(browser("Sam"))
    assert app.test_client().get(f"/calendar/{token}.ics").status_code == 410


def test_the_database_alone_does_not_give_the_address_away(app: Flask, browser: Browser) -> None:
    path = address_of(browser("Sam"))
    with app.app_context():
        row = session.scalars(select(CalendarFeed)).one()
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert row.secret not in token
    assert token.partition("-")[2] not in f"{row.secret} {row.id}"


def test_who_has_left_or_lost_the_role_gets_an_empty_calendar(app: Flask, world: World, browser: Browser) -> None:
    sam, amina, stranger = browser("Sam"), browser("Amina"), app.test_client()
    evening = world.cohorts["evening"]
    paths = [address_of(sam), address_of(sam, evening), address_of(amina), address_of(amina, evening)]
    assert [len(events(stranger, path)) for path in paths] == [17] * 4
    with app.app_context(), saved():
        cohort = session.get_one(Cohort, evening)
        actions.leave(cohort, world.enrolments["Sam"], by=world.people["Rosa"], now=NOW)
        grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.people["Amina"])).one()
        grant.ended_at = NOW
    assert [len(events(stranger, path)) for path in paths] == [0] * 4
    for path in paths:
        assert Calendar.from_ical(stranger.get(path).data).subcomponents, "a calendar without any part is none"


def test_somebody_disabled_gets_an_empty_calendar(app: Flask, world: World, browser: Browser) -> None:
    path = address_of(browser("Sam"))
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).disabled_at = NOW
    assert events(app.test_client(), path) == []


def test_classes_in_a_pause_are_left_out(app: Flask, world: World, browser: Browser) -> None:
    path = address_of(browser("Sam"))
    with app.app_context(), saved():
        enrolment = session.get_one(Enrolment, world.enrolments["Sam"])
        enrolment.pauses = [[(NOW + timedelta(days=2)).isoformat(), (NOW + timedelta(days=10)).isoformat()]]
    found = {str(event["summary"]).split(" - ")[0] for event in events(app.test_client(), path)}
    assert found == {f"Class {number}" for number in range(1, 18) if number not in (7, 8, 9)}


def test_in_french_titles_are_french(app: Flask, world: World, browser: Browser) -> None:
    path = address_of(browser("Sam"))
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).language = "fr"
    assert str(events(app.test_client(), path)[0]["summary"]).startswith("Séance 1 - ")


def test_trainers_of_a_whole_organization_see_groups_that_name_nobody(
    app: Flask, world: World, browser: Browser
) -> None:
    with app.app_context(), saved():
        luc, northside = world.people["Luc"], world.organizations["northside"]
        session.add(RoleGrant(person_id=luc, role="trainer", organization_id=northside, granted_at=NOW))
    path = address_of(browser("Luc"))
    assert len(events(app.test_client(), path)) == 17, "his morning group; the evening group names Amina"
    group_of(planned(browser("Rosa")))
    assert len(events(app.test_client(), path)) == 34


def test_entries_of_other_features_come_along(app: Flask, world: World, browser: Browser) -> None:
    entry = CalendarEntry("event-1@here", "Open evening", NOW, 60, "America/Toronto", "http://here/1", NOW)
    host = app.extensions["lms"]
    path = address_of(browser("Sam"))
    host.calendar_parts, before = (
        (lambda person: [entry] if person == world.people["Sam"] else [],),
        host.calendar_parts,
    )
    try:
        assert "Open evening" in app.test_client().get(path).text
        assert "Open evening" not in app.test_client().get(address_of(browser("Sam"), world.cohorts["evening"])).text
        assert "Open evening" not in app.test_client().get(address_of(browser("Kim"))).text
    finally:
        host.calendar_parts = before


def test_one_class_can_be_downloaded_by_those_of_the_group(browser: Browser, evening: str) -> None:
    answer = browser("Sam").get(f"{evening}/classes/6/class.ics")
    assert answer.headers["Content-Disposition"] == "attachment; filename=class.ics"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["dtstart"].dt == NOW + timedelta(hours=2)
    assert browser("Wes").get(f"{evening}/classes/6/class.ics").status_code == 404
    assert browser("Sam").get(f"{evening}/classes/99/class.ics").status_code == 404


def test_the_address_of_another_group_cannot_be_made(world: World, browser: Browser) -> None:
    assert browser("Wes").post("/calendar/addresses", data={"cohort": world.cohorts["evening"]}).status_code == 404


def test_the_page_says_how_in_both_languages_and_has_no_address_before_one_is_made(browser: Browser) -> None:
    sam = browser("Sam")
    page = sam.get("/calendar")
    assert "Have your classes in the calendar that you use already." in said(page)
    assert ".ics" not in page.text
    sam.post("/language", data={"language": "fr"})
    address_of(sam)
    page = sam.get("/calendar")
    assert "Votre adresse secrète" in said(page)
    assert 'href="webcal://' in page.text


def test_a_calendar_asks_as_often_for_three_groups_as_for_one(app: Flask, world: World) -> None:
    with app.app_context(), saved():
        kim = session.get_one(Person, world.people["Kim"])
        for name in ("morning", "rivers"):
            actions.enrol(session.get_one(Cohort, world.cohorts[name]), kim, by=None, now=NOW)
    counts = []
    for name, classes in (("Sam", 17), ("Kim", 51)):
        path = address_of(sign_in(app, name))
        assert len(events(app.test_client(), path)) == classes
        with counted(app) as statements:
            assert app.test_client().get(path).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5


# -- as another program reads it ----------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, database=None)
@given(
    starts=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
    minutes=st.integers(15, 720),
    zone=st.sampled_from(sorted(ZONES)),
)
def test_another_reader_finds_the_same_moment_from_our_rules_of_the_zone(
    starts: datetime, minutes: int, zone: str
) -> None:
    _check_moments(starts.replace(second=0, microsecond=0, tzinfo=UTC), minutes, zone)


@pytest.mark.parametrize("zone", ["America/Toronto", "America/St_Johns", "America/Vancouver", "America/Regina"])
def test_clocks_change_at_the_very_moment_that_the_rules_of_the_zone_say(zone: str) -> None:
    """A rule begins at a time on the clocks as they were until then (RFC 5545, 3.6.5): summer time at two, not at three."""
    starts = datetime(2026, 6, 1, tzinfo=UTC)
    text = calendar_text([CalendarEntry("a@b", "A", starts, 90, zone, "http://b/", starts)], "Mine")
    for rule in Calendar.from_ical(text).walk("VTIMEZONE")[0].subcomponents:
        before, after = rule["TZOFFSETFROM"].td, rule["TZOFFSETTO"].td
        later = [day.dt for day in rule["RDATE"].dts] if "RDATE" in rule else []
        for begins in [rule["DTSTART"].dt, *later] if before != after else []:
            moment = begins.replace(tzinfo=UTC) - before
            there = [
                (moment + away).astimezone(ZoneInfo(zone)).utcoffset() for away in (timedelta(seconds=-1), timedelta())
            ]
            assert there == [before, after], (zone, begins)


def _check_moments(starts: datetime, minutes: int, zone: str) -> None:
    """dateutil knows nothing but the VTIMEZONE in the text."""
    text = calendar_text([CalendarEntry("a@b", "A", starts, minutes, zone, "http://b/", starts)], "Mine").decode()
    rules = re.search(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE", text, re.DOTALL)
    assert rules
    theirs = tz.tzical(StringIO(rules[0])).get(zone)
    for name, moment in (("DTSTART", starts), ("DTEND", starts + timedelta(minutes=minutes))):
        typed = re.search(rf"{name};TZID={zone}:(\w+)", text)
        assert typed
        wall = datetime.strptime(typed[1], "%Y%m%dT%H%M%S")  # noqa: DTZ007
        told = {wall.replace(tzinfo=theirs, fold=fold).astimezone(UTC) for fold in (0, 1)}
        assert moment in told


def test_the_calendar_is_one_tap_from_the_course_and_the_account(browser: Browser, evening: str) -> None:
    sam = browser("Sam")
    for page in (f"{evening}/course", "/account", f"{evening}/classes/6"):
        assert 'href="/calendar' in sam.get(page).text, page
