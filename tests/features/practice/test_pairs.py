"""Practice in twos: somebody looks, a trainer proposes, nobody has to, and it counts once it is done."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.grouping.models import GroupingWish
from lms.features.practice.models import PracticePair
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from tests.features.conftest import Browser
from tests.pages import follow, mails, said, shown
from tests.world import World

DAY, AT = "2026-05-08", "19:30"


@pytest.fixture
def pairs(evening: str) -> str:
    return f"{evening}/classes/4/role-play/pairs"


@pytest.fixture
def sam(browser: Browser) -> FlaskClient:
    return browser("Sam")


@pytest.fixture
def kim(browser: Browser) -> FlaskClient:
    return browser("Kim")


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


def of_class(app: Flask) -> list[PracticePair]:
    with app.app_context():
        return list(session.scalars(select(PracticePair).order_by(PracticePair.id)))


def ask(client: FlaskClient, world: World, pairs: str, name: str, pair: int = 1) -> str:
    return said(follow(client, client.post(f"{pairs}/{pair}/partner", data={"partner": world.enrolments[name]})))


def do(client: FlaskClient, pairs: str, what: str, pair: int = 1, **more: str) -> str:
    return said(follow(client, client.post(f"{pairs}/{pair}", data={"what": what, **more})))


def test_from_looking_to_done(
    app: Flask, world: World, sam: FlaskClient, kim: FlaskClient, amina: FlaskClient, pairs: str
) -> None:
    assert "Looking for a partner" in said(follow(sam, sam.post(pairs)))
    assert "Kim gets a mail" in ask(amina, world, pairs, "Kim")
    assert any("would like to practise the role play of class 4" in mail.text for mail in mails(app, "kim@example.org"))
    assert "Somebody would like to practise with you, class 4" in said(kim.get("/today"))
    page = said(kim.get(pairs))
    assert "Sam would like to practise with you" in page
    assert "Find a time" in do(kim, pairs, "yes")
    assert "Practice in twos, class 4 · find a time" in re.sub(r"\s+", " ", said(sam.get("/today")))
    assert "The time is noted" in do(sam, pairs, "time", day=DAY, at=AT)
    assert "7:30" in said(kim.get(pairs))
    assert "7:30" in said(kim.get("/today"))
    assert "It counts as the role play of this class" in do(kim, pairs, "done")
    [row] = of_class(app)
    assert row.at == datetime(2026, 5, 8, 23, 30, tzinfo=UTC)
    assert row.done_at is not None


def test_no_needs_no_reason_and_the_other_does_not_read_who_said_it(
    app: Flask, world: World, sam: FlaskClient, kim: FlaskClient, amina: FlaskClient, pairs: str
) -> None:
    sam.post(pairs)
    ask(amina, world, pairs, "Kim")
    assert "Kim" not in said(sam.get(pairs)).replace("Skip", "")
    assert "Nobody asks why." in do(kim, pairs, "no")
    page = said(sam.get(pairs))
    assert "Looking for a partner" in page
    assert "Kim" not in page.replace("Skip", "")
    [row] = of_class(app)
    assert (row.partner_id, row.agreed_at) == (None, None)


def test_two_who_look_need_not_be_asked(
    app: Flask, world: World, sam: FlaskClient, kim: FlaskClient, amina: FlaskClient, pairs: str
) -> None:
    sam.post(pairs)
    kim.post(pairs)
    assert "Both looked for somebody" in ask(amina, world, pairs, "Kim")
    first, second = of_class(app)
    assert first.agreed_at is not None
    assert second.off_at is not None
    assert "You and Sam" in said(kim.get(pairs))


def test_those_who_are_kept_apart_are_not_offered_and_not_brought_together(
    app: Flask, world: World, sam: FlaskClient, amina: FlaskClient, pairs: str
) -> None:
    with app.app_context(), saved():
        a, b = sorted((world.enrolments["Sam"], world.enrolments["Kim"]))
        session.add(
            GroupingWish(
                cohort_id=world.cohorts["evening"],
                a_id=a,
                b_id=b,
                apart=True,
                set_by=world.people["Amina"],
                set_at=datetime.now(UTC),
            )
        )
    sam.post(pairs)
    assert f'<option value="{world.enrolments["Kim"]}"' not in amina.get(pairs).text
    answer = amina.post(f"{pairs}/1/partner", data={"partner": world.enrolments["Kim"]})
    assert answer.status_code == 422
    assert "These two are to be kept apart." in said(answer)
    [row] = of_class(app)
    assert row.partner_id is None


def test_where_somebody_does_not_answer_another_is_asked(
    app: Flask, world: World, sam: FlaskClient, kim: FlaskClient, amina: FlaskClient, pairs: str
) -> None:
    sam.post(pairs)
    ask(amina, world, pairs, "Person000")
    assert "No answer? Ask somebody else" in said(amina.get(pairs))
    assert "Kim gets a mail" in ask(amina, world, pairs, "Kim")
    assert "Find a time" in do(kim, pairs, "yes")
    answer = amina.post(f"{pairs}/1/partner", data={"partner": world.enrolments["Person000"]})
    assert "These two have agreed meanwhile." in said(answer)
    [row] = of_class(app)
    assert row.partner_id == world.enrolments["Kim"]


def test_whoever_missed_a_class_finds_the_practice_in_twos_on_its_page(
    world: World, kim: FlaskClient, amina: FlaskClient, evening: str
) -> None:
    sentence = "Practise the role play of this class in twos"
    assert sentence not in said(kim.get(f"{evening}/classes/4"))
    amina.post(f"{evening}/classes/4/marks", data={"enrolment": world.enrolments["Kim"], "status": "away"})
    assert sentence in said(kim.get(f"{evening}/classes/4"))


def test_looking_twice_is_looking(app: Flask, sam: FlaskClient, pairs: str) -> None:
    sam.post(pairs)
    sam.post(pairs)
    assert len(of_class(app)) == 1


def test_called_off_one_can_look_again(app: Flask, sam: FlaskClient, pairs: str) -> None:
    sam.post(pairs)
    assert "Called off." in do(sam, pairs, "off")
    sam.post(pairs)
    assert [row.pair for row in of_class(app)] == [1, 2]


@pytest.mark.parametrize(
    ("day", "at", "sentence"),
    [
        ("", "", "Say when: a day and a time."),
        ("yesterday", AT, "Say when: a day and a time."),
        ("2026-05-01", AT, "Choose a time to come"),
        ("2027-05-01", AT, "Choose a time to come"),
    ],
)
def test_a_time_that_cannot_be_is_told_and_stays_in_the_form(
    world: World, sam: FlaskClient, kim: FlaskClient, amina: FlaskClient, pairs: str, day: str, at: str, sentence: str
) -> None:
    sam.post(pairs)
    ask(amina, world, pairs, "Kim")
    do(kim, pairs, "yes")
    answer = sam.post(f"{pairs}/1", data={"what": "time", "day": day, "at": at})
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert f'value="{day}"' in answer.text


def test_nobody_else_acts_in_a_pair(
    world: World, browser: Browser, sam: FlaskClient, amina: FlaskClient, pairs: str
) -> None:
    sam.post(pairs)
    ask(amina, world, pairs, "Kim")
    third = browser("Person000")
    for what in ("yes", "time", "done", "off"):
        assert third.post(f"{pairs}/1", data={"what": what}).status_code == 404
    assert sam.post(f"{pairs}/1", data={"what": "yes"}).status_code == 404, "nobody agrees for another"
    assert sam.post(f"{pairs}/1", data={"what": "dance"}).status_code == 404
    assert "Your partner has not said yes yet." in do(sam, pairs, "done")


def test_history_says_what_happened_and_not_to_whom(
    app: Flask, world: World, sam: FlaskClient, kim: FlaskClient, amina: FlaskClient, pairs: str
) -> None:
    sam.post(pairs)
    ask(amina, world, pairs, "Kim")
    do(kim, pairs, "no")
    with app.app_context():
        rows = [row for row in session.scalars(select(AuditRow)) if row.verb.startswith("roleplay.pair_")]
    assert [row.verb for row in rows] == [
        "roleplay.pair_looked_for",
        "roleplay.pair_proposed",
        "roleplay.pair_declined",
    ]
    assert not any(name in row.subject + row.why for row in rows for name in ("Kim", "Sam"))


def test_a_class_without_role_play_has_no_pairs(sam: FlaskClient, evening: str) -> None:
    assert sam.get(f"{evening}/classes/1/role-play/pairs").status_code == 404


def test_it_can_be_read_in_french(sam: FlaskClient, pairs: str, clock: time_machine.Coordinates) -> None:
    sam.post("/language", data={"language": "fr"})
    assert "Exercice à deux" in said(sam.get(pairs))


def test_two_who_pause_and_come_back_much_later_go_on_where_they_were(
    world: World, sam: FlaskClient, kim: FlaskClient, amina: FlaskClient, pairs: str, clock: time_machine.Coordinates
) -> None:
    sam.post(pairs)
    ask(amina, world, pairs, "Kim")
    do(kim, pairs, "yes")
    sam.post(f"{pairs}/1/room")
    room, at_the_clock = f"{pairs}/1/room", pairs.replace("pairs", "clock?pair=1")
    assert sam.post(at_the_clock, data={"do": "pause"}).status_code == 303
    clock.shift(timedelta(hours=3))
    assert "The role play is over" not in shown(kim.get(room))
    assert kim.post(at_the_clock, data={"do": "go_on"}).status_code == 303
    assert "Getting ready" in shown(sam.get(room))
    clock.shift(timedelta(hours=3))
    assert "The role play is over" in shown(sam.get(room))
