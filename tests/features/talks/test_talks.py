"""Times for a talk: offered, taken, given back, called off; behind the walls of the cohort."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort
from lms.features.talks import actions
from lms.features.talks.models import Talk
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.errors import Refused
from lms.host.outbox import OutboxRow
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World

TOMORROW = {"day": "2026-05-06", "at": "17:00", "minutes": "20", "place": "Room 2"}
PIECE = "how-i-arrive"


def offered(browser: Browser, world: World, **data: object) -> None:
    answer = browser("Amina").post(f"/cohorts/{world.cohorts['evening']}/talks", data={**TOMORROW, **data})
    assert answer.status_code == 303, answer.text


def ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(session.scalars(select(Talk.id).order_by(Talk.starts_at)))


def taken_by(app: Flask, talk: int) -> int | None:
    with app.app_context():
        return session.get_one(Talk, talk).taken_by


def piece(world: World, cohort: str = "evening", activity: str = PIECE) -> str:
    return f"/cohorts/{world.cohorts[cohort]}/activities/{activity}"


def take(client: FlaskClient, world: World, talk: int, **where: str) -> str:
    answer = client.post(f"{piece(world, **where)}/talks/{talk}/take", follow_redirects=True)
    return shown(answer.text)


def shown(page: str) -> str:
    """The words of a page; spaces are all of one kind."""
    return re.sub(r"\s", " ", said(page))


def mails(app: Flask) -> list[dict[str, str]]:
    with app.app_context():
        rows = session.scalars(select(OutboxRow).where(OutboxRow.key.like("mail:talk:%")).order_by(OutboxRow.id))
        return [dict(row.payload) for row in rows]


# -- offering -----------------------------------------------------------------------------------------------


def test_a_time_that_is_offered_can_be_taken(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    assert "Wed, May 6, 5:00 p.m." in shown(browser("Sam").get(piece(world)).text)
    page = take(browser("Sam"), world, ids(app)[0])
    assert "You talk with Amina: Wed, May 6, 5:00 p.m." in page
    assert "Room 2" in page
    assert "Talk with Amina" in said(browser("Sam").get("/today").text)
    assert "Talk with Sam" in said(browser("Amina").get("/today").text)
    assert "Sam" in browser("Amina").get(f"/cohorts/{world.cohorts['evening']}/talks").text
    assert [mail["to"] for mail in mails(app)] == ["amina@example.org"]


def test_six_weeks_keep_their_time_on_the_wall_over_the_change_of_clocks(
    app: Flask, browser: Browser, world: World, clock: time_machine.Coordinates
) -> None:
    clock.move_to(datetime(2026, 5, 6, 3, tzinfo=UTC))
    offered(browser, world, day="2026-10-14", at="17:00", weekly="yes")
    with app.app_context():
        starts = list(session.scalars(select(Talk.starts_at).order_by(Talk.starts_at)))
    assert [start.hour for start in starts] == [21, 21, 21, 22, 22, 22]
    assert {b - a for a, b in pairwise(starts)} == {timedelta(days=7), timedelta(days=7, hours=1)}
    page = shown(browser("Amina").get(f"/cohorts/{world.cohorts['evening']}/talks").text)
    assert page.count("5:00 p.m.") >= 6


def test_the_same_offer_twice_is_one(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    offered(browser, world)
    offered(browser, world, weekly="yes")
    assert len(ids(app)) == 6


def test_an_offer_that_overlaps_is_said_so_and_none_of_it_is_kept(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world, day="2026-05-13")
    path = f"/cohorts/{world.cohorts['evening']}/talks"
    answer = browser("Amina").post(path, data={**TOMORROW, "at": "17:10", "weekly": "yes"})
    assert answer.status_code == 422
    assert "overlaps" in answer.text
    assert len(ids(app)) == 1
    offered(browser, world, day="2026-05-13", at="17:20")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"day": "2026-05-04"}, "at"),
        ({"day": "yesterday"}, "day"),
        ({"day": "99999-01-01"}, "day"),
        ({"at": "25:00"}, "at"),
        ({"at": ""}, "at"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "9999"}, "minutes"),
        ({"minutes": "-5"}, "minutes"),
        ({"place": " "}, "place"),
        ({"place": "x" * 301}, "place"),
    ],
)
def test_what_is_not_right_is_asked_again(
    data: dict[str, str], name: str, app: Flask, browser: Browser, world: World
) -> None:
    answer = browser("Amina").post(f"/cohorts/{world.cohorts['evening']}/talks", data={**TOMORROW, **data})
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert ids(app) == []


def test_a_link_can_be_opened_and_no_other_address(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world, place="https://meet.example.org/amina")
    offered(browser, world, at="18:00", place="javascript:alert(1)")
    page = browser("Sam").get(piece(world)).text
    assert 'href="https://meet.example.org/amina"' in page
    assert 'href="javascript' not in page


# -- taking -------------------------------------------------------------------------------------------------


def test_taking_another_time_gives_the_first_one_back(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    offered(browser, world, at="18:00")
    first, second = ids(app)
    take(browser("Sam"), world, first)
    take(browser("Sam"), world, second)
    assert taken_by(app, first) is None
    assert taken_by(app, second) == world.enrolments["Sam"]
    page = take(browser("Kim"), world, first)
    assert "You talk with Amina" in page


def test_nobody_has_two_talks_at_the_same_hour(app: Flask, world: World) -> None:
    cohort, at = world.cohorts["evening"], NOW + timedelta(days=2)
    starts = {"Amina": [at, at + timedelta(minutes=60)], "Luc": [at + timedelta(minutes=20)]}
    taker = actions.Taker(world.enrolments["Sam"], cohort, 1, world.people["Sam"])
    with app.app_context(), saved():
        talks = {
            name: actions.offer(
                actions.Offer(cohort, times, 30, "Room 2"), by=world.people[name], organization=1, now=NOW
            )
            for name, times in starts.items()
        }
        early, late, between = (talk.id for talk in (*talks["Amina"], *talks["Luc"]))
        assert actions.take(taker, early, "one", now=NOW)
        with pytest.raises(Refused, match="You have another talk at this time"):
            actions.take(taker, between, "two", now=NOW)
        assert actions.take(taker, late, "two", now=NOW)
        assert actions.take(taker, between, "one", now=NOW), "what it takes the place of is given back"


def test_giving_back_makes_it_free(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    take(browser("Sam"), world, talk)
    assert browser("Kim").post(f"{piece(world)}/talks/{talk}/give-back").status_code == 303
    assert taken_by(app, talk) == world.enrolments["Sam"], "Kim gives back nothing of Sam's"
    browser("Sam").post(f"{piece(world)}/talks/{talk}/give-back")
    assert taken_by(app, talk) is None
    assert "It is free again." in mails(app)[-1]["text"]


def test_of_two_people_at_the_same_moment_one_gets_it(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    pages: dict[str, str] = {}
    clients = {name: browser(name) for name in ("Sam", "Kim", "Person000", "Person001")}

    def one(name: str) -> None:
        pages[name] = take(clients[name], world, talk)

    threads = [threading.Thread(target=one, args=(name,)) for name in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got = [name for name, page in pages.items() if "You talk with Amina" in page]
    assert len(got) == 1
    assert taken_by(app, talk) == world.enrolments[got[0]]
    for name in set(pages) - set(got):
        assert "Somebody else has taken this time." in pages[name]
    assert len(mails(app)) == 1


def test_what_has_begun_is_neither_taken_nor_given_back(
    app: Flask, browser: Browser, world: World, clock: time_machine.Coordinates
) -> None:
    offered(browser, world, day="2026-05-05", at="16:30")
    offered(browser, world, day="2026-05-05", at="17:00")
    first, second = ids(app)
    take(browser("Sam"), world, first)
    clock.shift(timedelta(hours=2))
    page = said(browser("Sam").post(f"{piece(world)}/talks/{first}/give-back", follow_redirects=True).text)
    assert "begun already" in page
    assert "begun already" in take(browser("Kim"), world, second)
    assert taken_by(app, second) is None


def test_one_time_is_for_one_piece(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    take(browser("Sam"), world, talk)
    assert "You have taken this time for another piece." in take(browser("Sam"), world, talk, activity="whose-hands")
    with app.app_context():
        assert session.get_one(Talk, talk).activity_id == PIECE


def test_a_reading_is_no_talk(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    course = app.extensions["lms"].catalog.courses["northside:core-peer-support"].course
    reading = next(a.id for a in course.activities.values() if a.kind == "reading")
    assert browser("Sam").post(f"{piece(world, activity=reading)}/talks/{talk}/take").status_code == 404
    assert 'id="talk"' not in browser("Sam").get(piece(world, activity=reading)).text
    assert browser("Sam").post(f"{piece(world, activity='no-such')}/talks/{talk}/take").status_code == 404


# -- calling off --------------------------------------------------------------------------------------------


def test_calling_off_tells_whoever_took_it(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    take(browser("Sam"), world, talk)
    path = f"/cohorts/{world.cohorts['evening']}/talks/{talk}/cancel"
    assert browser("Amina").post(path).status_code == 303
    assert browser("Amina").post(path).status_code == 303, "twice is once"
    to_sam = [mail for mail in mails(app) if mail["to"] == "sam@example.org"]
    assert len(to_sam) == 1
    assert to_sam[0]["subject"] == "A note about your talk"
    page = said(browser("Sam").get(piece(world)).text)
    assert "You talk with Amina" not in page
    assert "This time has been called off." in take(browser("Kim"), world, talk)


def test_calling_off_a_free_time_writes_no_mail(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    browser("Amina").post(f"/cohorts/{world.cohorts['evening']}/talks/{ids(app)[0]}/cancel")
    assert mails(app) == []


# -- walls --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Sam", "Kim", "Rosa", "Luc", "Olga", "Camille", "Léa", "Noor"])
def test_only_trainers_of_the_cohort_offer_and_call_off(name: str, app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    path = f"/cohorts/{world.cohorts['evening']}/talks"
    client = browser(name)
    assert client.get(path).status_code == 404
    assert client.post(path, data=TOMORROW).status_code == 404
    assert client.post(f"{path}/{talk}/cancel").status_code == 404
    assert client.get(f"{path}/{talk}/result").status_code == 404
    assert len(ids(app)) == 1
    with app.app_context():
        assert session.get_one(Talk, talk).cancelled_at is None


def test_times_of_another_group_cannot_be_taken_or_called_off(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    wes = browser("Wes")
    assert wes.post(f"{piece(world)}/talks/{talk}/take").status_code == 404
    assert wes.post(f"{piece(world, 'morning')}/talks/{talk}/take").status_code == 404
    assert browser("Maël").post(f"{piece(world, 'rivers')}/talks/{talk}/take").status_code == 404
    assert browser("Luc").post(f"/cohorts/{world.cohorts['morning']}/talks/{talk}/cancel").status_code == 404
    assert browser("Luc").get(f"/cohorts/{world.cohorts['morning']}/talks/{talk}/result").status_code == 404
    assert "Wed, May 6" not in said(wes.get(piece(world, "morning")).text)
    assert taken_by(app, talk) is None


def test_times_of_somebody_who_trains_no_more_are_not_shown(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    with app.app_context(), saved():
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.people["Amina"])):
            grant.ended_at = NOW
    assert "Wed, May 6" not in said(browser("Sam").get(piece(world)).text)


def test_a_trainer_who_takes_part_does_not_take_an_own_time(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        own = cohorts.enrol(evening, session.get_one(Person, world.people["Amina"]), by=None, now=NOW).id
    assert "This is about you." in take(browser("Amina"), world, talk)
    assert taken_by(app, talk) is None
    taker = actions.Taker(own, world.cohorts["evening"], world.organizations["northside"], world.people["Amina"])
    with app.app_context(), pytest.raises(Refused):
        actions.take(taker, talk, PIECE, now=NOW)


def test_a_second_trainer_of_the_group_can_call_off_for_a_colleague(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    with app.app_context(), saved():
        accounts.grant_role(
            world.people["Luc"],
            Role.TRAINER,
            organization=world.organizations["northside"],
            cohort=world.cohorts["evening"],
            by=None,
            now=NOW,
        )
    path = f"/cohorts/{world.cohorts['evening']}/talks/{ids(app)[0]}/cancel"
    assert browser("Luc").post(path).status_code == 303


def test_the_history_names_acts_and_no_words(app: Flask, browser: Browser, world: World) -> None:
    offered(browser, world)
    (talk,) = ids(app)
    take(browser("Sam"), world, talk)
    browser("Sam").post(f"{piece(world)}/talks/{talk}/give-back")
    with app.app_context():
        rows = list(session.scalars(select(AuditRow).where(AuditRow.verb.like("talks.%")).order_by(AuditRow.id)))
        assert [row.verb for row in rows] == ["talks.offered", "talks.taken", "talks.given_back"]
        assert {row.why for row in rows} == {""}
        assert session.scalar(select(func.count(OutboxRow.id)).where(OutboxRow.kind != "mail")) == 0
